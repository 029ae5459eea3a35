/*
 * signal_info.c - what siginfo says, for every cause; and the flags of SIGCHLD's action.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static siginfo_t last;
static volatile int count;

static void note(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    last = *info;
    count++;
}

/* A fault's handler: as above, and goes on behind the instruction. */
static void note_and_skip(int signal, siginfo_t *info, void *context)
{
    note(signal, info, context);
    ((ucontext_t *)context)->uc_mcontext.arm_pc += 4;
}

static void set_handler(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};

    memset(&last, 0, sizeof last);
    count = 0;
    sigaction(signal, &action, NULL);
}

static void test_sent(void)
{
    struct itimerval soon = {.it_value.tv_usec = 1000};

    set_handler(SIGUSR1, note, 0);
    kill(getpid(), SIGUSR1);
    tap_ok(last.si_code == SI_USER && last.si_pid == getpid() && last.si_uid == getuid(), "SI_USER: pid and user");
    raise(SIGUSR1);
    tap_ok(last.si_code == SI_TKILL && last.si_pid == getpid(), "SI_TKILL");
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_ptr = &last});
    tap_ok(last.si_code == SI_QUEUE && last.si_pid == getpid() && last.si_value.sival_ptr == &last,
           "SI_QUEUE: pid and value");
    tap_is(last.si_signo, SIGUSR1, "si_signo");
    set_handler(SIGALRM, note, 0);
    setitimer(ITIMER_REAL, &soon, NULL);
    while (count == 0)
        continue;
    tap_is(last.si_code, SI_KERNEL, "SI_KERNEL: an alarm");
}

static int exits(void *status)
{
    exit(*(int *)status);
}

static int stays(void *unused)
{
    (void)unused;
    while (pause() == -1)
        continue;
    return 0;
}

static bool told(void *unused)
{
    (void)unused;
    return count > 0;
}

static bool child_is(pid_t pid, int code, int status)
{
    bool right = tap_until(told, NULL) && last.si_signo == SIGCHLD && last.si_code == code && last.si_pid == pid &&
                 last.si_uid == getuid() && last.si_status == status;

    if (!right)
        tap_note("code %d, pid %d, status %d", last.si_code, (int)last.si_pid, last.si_status);
    count = 0;
    return right;
}

static void test_children(void)
{
    int status = 33;
    pid_t pid;

    set_handler(SIGCHLD, note, SA_RESTART);
    pid = tap_start(exits, &status);
    tap_ok(child_is(pid, CLD_EXITED, 33), "CLD_EXITED: pid, user and exit status");
    tap_wait(pid);
    pid = tap_start(stays, NULL);
    kill(pid, SIGSTOP);
    tap_ok(child_is(pid, CLD_STOPPED, SIGSTOP), "CLD_STOPPED: and the signal");
    kill(pid, SIGCONT);
    tap_ok(child_is(pid, CLD_CONTINUED, SIGCONT), "CLD_CONTINUED");
    kill(pid, SIGTERM);
    tap_ok(child_is(pid, CLD_KILLED, SIGTERM), "CLD_KILLED: and the signal");
    tap_wait(pid);
}

static void test_child_flags(void)
{
    int status = 0;
    pid_t pid;

    set_handler(SIGCHLD, note, SA_RESTART | SA_NOCLDSTOP);
    pid = tap_start(stays, NULL);
    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    kill(pid, SIGCONT);
    waitpid(pid, &status, WCONTINUED);
    tap_is(count, 0, "POSIX sigaction: SA_NOCLDSTOP");
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    tap_ok(child_is(pid, CLD_KILLED, SIGKILL), "the end is told nevertheless");
    set_handler(SIGCHLD, note, SA_RESTART | SA_NOCLDWAIT);
    status = 0;
    pid = tap_start(exits, &status);
    tap_fails(waitpid(pid, &status, 0), ECHILD, "POSIX sigaction: SA_NOCLDWAIT, no zombie is left");
    tap_ok(child_is(pid, CLD_EXITED, 0), "SIGCHLD comes nevertheless");
    signal(SIGCHLD, SIG_IGN);
    pid = tap_start(exits, &status);
    tap_fails(waitpid(pid, &status, 0), ECHILD, "POSIX waitpid: ECHILD, with SIGCHLD ignored");
    signal(SIGCHLD, SIG_DFL);
}

static void test_memory(void)
{
    uint8_t *page = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *mapped;
    int fd = open("/tmp/short", O_RDWR | O_CREAT | O_TRUNC, 0600);
    volatile uint8_t *at = (uint8_t *)0x40001234;
    register uint32_t value __asm__("r2") = 0;

    set_handler(SIGSEGV, note_and_skip, 0);
    __asm__ volatile("ldrb %0, [%1]" : "+r"(value) : "r"(at));
    tap_ok(count == 1 && last.si_code == SEGV_MAPERR && last.si_addr == at, "SEGV_MAPERR: the address");
    __asm__ volatile("strb %0, [%1]" : : "r"(value), "r"(page + 5));
    tap_ok(count == 2 && last.si_code == SEGV_ACCERR && last.si_addr == page + 5, "SEGV_ACCERR: the address");
    write(fd, "x", 1);
    mapped = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
    set_handler(SIGBUS, note_and_skip, 0);
    __asm__ volatile("ldrb %0, [%1]" : "+r"(value) : "r"(mapped + 5000));
    tap_ok(count == 1 && last.si_code == BUS_ADRERR && last.si_addr == mapped + 5000,
           "BUS_ADRERR: beyond the end of a file that is mapped");
    __asm__ volatile("ldrexd r2, r3, [%0]" ::"r"(page + 4) : "r2", "r3");
    tap_ok(count == 2 && last.si_code == BUS_ADRALN && last.si_addr == page + 4, "BUS_ADRALN: the address");
    munmap(mapped, 8192);
    munmap(page, 8192);
    close(fd);
    unlink("/tmp/short");
    signal(SIGBUS, SIG_DFL);
    signal(SIGSEGV, SIG_DFL);
}

static void test_instructions(void)
{
    set_handler(SIGILL, note_and_skip, 0);
    __asm__ volatile(".inst 0xe7f000f0");
    tap_ok(count == 1 && last.si_code == ILL_ILLOPC && *(uint32_t *)last.si_addr == 0xe7f000f0,
           "ILL_ILLOPC: the instruction's address");
    set_handler(SIGTRAP, note_and_skip, 0);
    __asm__ volatile("bkpt #0");
    tap_ok(count == 1 && last.si_code == TRAP_BRKPT, "TRAP_BRKPT");
    signal(SIGILL, SIG_DFL);
    signal(SIGTRAP, SIG_DFL);
}

/* SIGFPE has no instruction here that raises it (ARM divides by 0 and answers 0): somebody sends it. */
static void test_arithmetic(void)
{
    set_handler(SIGFPE, note, 0);
    raise(SIGFPE);
    tap_ok(count == 1 && last.si_code == SI_TKILL, "SIGFPE as it is sent");
    signal(SIGFPE, SIG_DFL);
}

/* To stopped, ended and vanished processes. */

static void test_stopped(void)
{
    pid_t pid = tap_start(stays, NULL);
    int status;

    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    kill(pid, SIGTERM);
    tap_is(waitpid(pid, &status, WNOHANG | WUNTRACED), 0, "a signal to a stopped process waits");
    kill(pid, SIGCONT);
    tap_ok(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM, "until it goes on");
    pid = tap_start(stays, NULL);
    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    kill(pid, SIGKILL);
    tap_ok(waitpid(pid, &status, 0) == pid && WTERMSIG(status) == SIGKILL, "SIGKILL ends a stopped process");
}

static void test_ended(void)
{
    int status = 0;
    siginfo_t info;
    pid_t pid = tap_start(exits, &status);

    waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
    tap_works(kill(pid, SIGTERM), "POSIX kill: a zombie is there still");
    tap_works(sigqueue(pid, SIGRTMIN, (union sigval){0}), "POSIX sigqueue: for it too");
    tap_wait(pid);
    tap_fails(kill(pid, SIGTERM), ESRCH, "POSIX kill: ESRCH, once it is waited for");
}

/* A group that is orphaned while one of its members is stopped gets SIGHUP and SIGCONT (POSIX _exit). */
static int hung_up;

static void on_hangup(int signal)
{
    (void)signal;
    hung_up = 1;
}

static int orphan_with(int fd)
{
    char answer;

    signal(SIGHUP, on_hangup);
    raise(SIGSTOP); /* goes on only by SIGCONT */
    answer = hung_up && getppid() == 1 ? 'y' : 'n';
    raise(SIGTSTP); /* POSIX 2.4.3: does not stop an orphaned group's member */
    write(fd, &answer, 1);
    return 0;
}

static int leaves_orphan(void *context)
{
    int *ends = context, status;
    pid_t pid;

    setsid();
    pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        _exit(orphan_with(ends[1]));
    }
    setpgid(pid, pid);
    waitpid(pid, &status, WUNTRACED);
    return WIFSTOPPED(status) ? 0 : 1;
}

static void test_orphan(void)
{
    char answer = '-';
    int ends[2];

    pipe(ends);
    tap_is(tap_child_result(leaves_orphan, ends), 0, "a parent leaves a stopped child behind");
    close(ends[1]);
    read(ends[0], &answer, 1);
    tap_is(answer, 'y', "POSIX _exit: it gets SIGHUP and SIGCONT; and SIGTSTP does not stop it any more");
    close(ends[0]);
}

int main(void)
{
    tap_begin();
    test_sent();
    test_children();
    test_child_flags();
    test_memory();
    test_instructions();
    test_arithmetic();
    test_stopped();
    test_ended();
    test_orphan();
    return tap_end();
}

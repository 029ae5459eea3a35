/*
 * trace_records.c - what the records of /proc/PID/trace say of calls, of what their arguments point at, of results,
 * signals, threads, programs and ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "tap.h"
#include "tracer.h"

extern char **environ;

static const struct abi_trace_record *call, *result;
static int fd;

/* The next call of that number, and its result. */
static void find_call(int number)
{
    static _Alignas(8) char copy[TRACE_RECORD_MAX];

    call = tracer_find(fd, TRACE_CALL, number);
    if (!call)
        tap_give_up("no record of call %d", number);
    memcpy(copy, call, call->length);
    call = (const void *)copy;
    result = tracer_find(fd, TRACE_RESULT, number);
    if (!result)
        tap_give_up("no record of the result of call %d", number);
}

static int makes_file(void *unused)
{
    char text[8];
    int file = open("/tmp/trace-file", O_CREAT | O_RDWR | O_TRUNC, 0600);

    (void)unused;
    if (write(file, "twelve bytes", 12) != 12 || pread(file, text, sizeof text, 7) != 5)
        return 1;
    close(file);
    unlink("/tmp/trace-file");
    return open("/tmp/trace-file", O_RDONLY) < 0 && errno == ENOENT ? 7 : 2;
}

static void test_file(void)
{
    pid_t pid = tracer_start(makes_file, NULL, TRACE_BYTES, &fd);
    uint64_t before;
    int file;

    find_call(SYS_openat);
    file = result->result;
    tap_is_text(tracer_text(call, 1), "/tmp/trace-file", "a call's path");
    tap_is((int)call->arguments[2], O_CREAT | O_RDWR | O_TRUNC, "its arguments");
    tap_ok(file > 2 && result->arguments[1] == call->arguments[1], "its result, with the same arguments");
    tap_is(tracer_part(result, result->arguments[1], &(size_t){0}) == NULL, true, "and what was shown is not repeated");
    tap_ok(call->pid == pid && call->tid == pid && result->tid == pid, "whose it is");
    tap_ok(call->time > 0 && result->time >= call->time, "when it was");
    before = result->time;
    find_call(SYS_write);
    tap_is_text(tracer_text(call, 1), "twelve bytes", "write: what is written");
    tap_ok(result->result == 12 && call->time >= before, "and its result");
    find_call(SYS_pread);
    tap_is_text(tracer_text(call, 1), NULL, "pread: nothing before it is read,");
    tap_is_text(tracer_text(result, 1), "bytes", "and then as much as was");
    find_call(SYS_openat);
    tap_is(result->result, -ENOENT, "an error is a result");
    result = tracer_find(fd, TRACE_EXIT, -1);
    tap_ok(result && result->tid == pid && WIFEXITED(result->result) && WEXITSTATUS(result->result) == 7,
           "the end has its status");
    tap_is(tracer_next(fd) == NULL, true, "and is the end of the file");
    tap_is(WEXITSTATUS(tap_wait(pid)), 7, "the process did as it would without");
    close(fd);
}

static char long_text[300];

static int writes_much(void *unused)
{
    (void)unused;
    return write(open("/dev/null", O_WRONLY), long_text, sizeof long_text) != sizeof long_text;
}

static void test_length(void)
{
    static const unsigned lengths[] = {TRACE_BYTES, 0, 1, 299, 300, TRACE_BYTES_MAX};

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        pid_t pid = tracer_start(writes_much, NULL, lengths[i], &fd);
        size_t length = 0;

        find_call(SYS_write);
        tracer_part(call, call->arguments[1], &length);
        tap_is((int)length, lengths[i] < 300 ? (int)lengths[i] : 300, "%u bytes of a buffer are shown", lengths[i]);
        tap_wait(pid);
        close(fd);
    }
}

static int scatters(void *unused)
{
    char one[4], two[16];
    struct iovec out[] = {{"abc", 3}, {"", 0}, {"defgh", 5}}, in[] = {{one, sizeof one}, {two, sizeof two}};
    int ends[2];

    (void)unused;
    return pipe(ends) != 0 || writev(ends[1], out, 3) != 8 || readv(ends[0], in, 2) != 8;
}

/* What the buffer number `i` of a call's vector holds. */
static const char *vector_text(const struct abi_trace_record *record, unsigned i)
{
    static char text[64];
    size_t length;
    const struct abi_iovec *vector = tracer_part(record, record->arguments[1], &length);
    const void *bytes = vector && i < length / sizeof *vector ? tracer_part(record, vector[i].iov_base, &length) : NULL;

    if (!bytes)
        return NULL;
    memcpy(text, bytes, length);
    text[length] = '\0';
    return text;
}

static void test_vectors(void)
{
    pid_t pid = tracer_start(scatters, NULL, TRACE_BYTES, &fd);
    const int *ends;
    size_t length;

    find_call(SYS_pipe2);
    ends = tracer_part(result, result->arguments[0], &length);
    tap_ok(ends && length == 8 && ends[0] > 2 && ends[1] > ends[0], "pipe: its two descriptors");
    find_call(SYS_writev);
    tap_is_text(vector_text(call, 0), "abc", "writev: the first buffer");
    tap_is_text(vector_text(call, 2), "defgh", "and the last");
    find_call(SYS_readv);
    tap_is_text(vector_text(result, 0), "abcd", "readv: the first is full,");
    tap_is_text(vector_text(result, 1), "efgh", "the second has the rest");
    tap_wait(pid);
    close(fd);
}

/* A message with a descriptor, through a pair of sockets. */
static int sends(void *unused)
{
    char text[16];
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec vector = {"a message", 9};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    int pair[2];

    (void)unused;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        return 1;
    control.header =
        (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), &pair[0], sizeof(int));
    if (sendmsg(pair[0], &message, 0) != 9)
        return 2;
    vector = (struct iovec){text, sizeof text};
    return recvmsg(pair[1], &message, 0) != 9;
}

/* Points about a message: its first buffer, and its ancillary data. */
static void is_message(const struct abi_trace_record *record, const char *what)
{
    size_t length;
    const struct msghdr *message = tracer_part(record, record->arguments[1], &length);
    const struct abi_iovec *vector = message ? tracer_part(record, (unsigned)message->msg_iov, &length) : NULL;
    const char *bytes = vector ? tracer_part(record, vector->iov_base, &length) : NULL;
    const struct cmsghdr *control = message ? tracer_part(record, (unsigned)message->msg_control, &(size_t){0}) : NULL;

    tap_ok(bytes && length == 9 && memcmp(bytes, "a message", 9) == 0, "%s: the bytes", what);
    tap_ok(control && control->cmsg_type == SCM_RIGHTS, "%s: the ancillary data", what);
}

static void test_messages(void)
{
    pid_t pid = tracer_start(sends, NULL, TRACE_BYTES, &fd);

    find_call(SYS_sendmsg);
    is_message(call, "sendmsg");
    find_call(SYS_recvmsg);
    is_message(result, "recvmsg");
    tap_is(tap_wait(pid), 0, "they arrive as they would");
    close(fd);
}

static char *arguments[] = {"true", "one", "two words", NULL};

static int executes(void *unused)
{
    (void)unused;
    execv("/no/such/program", arguments);
    execv("/bin/true", arguments);
    return 1;
}

static void test_exec(void)
{
    pid_t pid = tracer_start(executes, NULL, TRACE_BYTES, &fd);
    const unsigned *pointers;
    size_t length;

    find_call(SYS_execve);
    tap_is(result->result, -ENOENT, "a failed execve");
    call = tracer_find(fd, TRACE_CALL, SYS_execve);
    tap_is_text(tracer_text(call, 0), "/bin/true", "execve: the path");
    pointers = tracer_part(call, call->arguments[1], &length);
    tap_ok(pointers && length == 4 * sizeof *pointers && pointers[3] == 0, "its arguments' array");
    if (pointers && length == 4 * sizeof *pointers)
        for (int i = 0; i < 3; i++)
            tap_is_text(tracer_part(call, pointers[i], &length), arguments[i], "argument %d", i);
    call = tracer_find(fd, TRACE_EXEC, -1);
    tap_is_text(call ? tracer_part(call, 0, &length) : NULL, "/bin/true", "a record of the program's beginning");
    call = tracer_find(fd, TRACE_RESULT, SYS_execve);
    tap_ok(call && call->result == 0 && call->arguments[0] != 0, "execve's result");
    tap_ok(tracer_find(fd, TRACE_CALL, SYS_exit_group), "the new program is traced");
    tap_wait(pid);
    close(fd);
}

static int spawns(void *unused)
{
    pid_t pid;

    (void)unused;
    return posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, environ) != 0 || tap_wait(pid) != 0;
}

static void test_spawn(void)
{
    pid_t pid = tracer_start(spawns, NULL, TRACE_BYTES | TRACE_FOLLOW, &fd);
    const struct abi_trace_record *record;
    pid_t child;
    size_t length;

    record = tracer_find(fd, TRACE_CALL, SYS_spawn);
    tap_is_text(tracer_text(record, 0), "/bin/true", "posix_spawn: the path");
    record = tracer_find(fd, TRACE_FORK, -1);
    child = record ? record->pid : 0;
    tap_ok(child != pid && record->tid == child && record->result == pid, "its child begins");
    record = tracer_find(fd, TRACE_EXEC, -1);
    tap_ok(record && record->pid == child, "and executes");
    tap_is_text(record ? tracer_part(record, 0, &length) : NULL, "/bin/true", "the program");
    tap_is(tap_wait(pid), 0, "as it would without");
    close(fd);
}

static void handles(int signal)
{
    (void)signal;
}

static int *volatile nowhere = (int *)16;

static int is_signalled(void *unused)
{
    struct sigaction action = {.sa_handler = handles};
    union sigval value = {.sival_int = 4711};
    sigset_t set;

    (void)unused;
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGRTMIN, &action, NULL);
    kill(getpid(), SIGUSR1);
    sigqueue(getpid(), SIGRTMIN, value);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return *nowhere;
}

static void test_signals(void)
{
    pid_t pid = tracer_start(is_signalled, NULL, TRACE_BYTES, &fd);
    const struct abi_trace_record *record;
    const struct abi_sigaction *action;
    const uint64_t *set;
    size_t length;

    find_call(SYS_sigaction);
    action = tracer_part(call, call->arguments[1], &length);
    tap_ok(action && length == sizeof *action && action->sa_handler == (uint32_t)handles, "sigaction's action");
    record = tracer_find(fd, TRACE_SIGNAL, -1);
    tap_ok(record && record->number == SIGUSR1 && (int)record->arguments[0] == SI_USER &&
               record->arguments[1] == (unsigned)pid,
           "a signal from kill, with its sender");
    record = tracer_find(fd, TRACE_SIGNAL, -1);
    tap_ok(record && record->number == SIGRTMIN && (int)record->arguments[0] == SI_QUEUE &&
               record->arguments[3] == 4711,
           "a signal from sigqueue, with its value");
    tap_ok(tracer_find(fd, TRACE_CALL, SYS_sigreturn), "the handler's return is a call");
    find_call(SYS_sigprocmask);
    set = tracer_part(call, call->arguments[1], &length);
    tap_ok(set && length == sizeof *set && *set == 1ull << (SIGUSR2 - 1), "a mask");
    record = tracer_find(fd, TRACE_SIGNAL, -1);
    tap_ok(record && record->number == SIGSEGV && record->arguments[0] == SEGV_MAPERR && record->arguments[1] == 16,
           "a fault, with its address");
    record = tracer_find(fd, TRACE_EXIT, -1);
    tap_ok(record && WIFSIGNALED(record->result) && WTERMSIG(record->result) == SIGSEGV, "and the end by it");
    tap_is(WTERMSIG(tap_wait(pid)), SIGSEGV, "as it would without");
    close(fd);
}

static int sleeps(void *unused)
{
    (void)unused;
    pause();
    return 1;
}

/* A call that a signal interrupts answers -ERESTART, and stands there again when it is begun again. */
static void test_interrupted(void)
{
    pid_t pid = tracer_start(sleeps, NULL, TRACE_BYTES, &fd);
    const struct abi_trace_record *record;

    tracer_find(fd, TRACE_CALL, SYS_sigsuspend);
    tap_until(tap_is_asleep, &pid);
    kill(pid, SIGSTOP);
    record = tracer_find(fd, TRACE_RESULT, SYS_sigsuspend);
    tap_is(record ? record->result : 0, -512, "a call that a stop interrupts");
    record = tracer_find(fd, TRACE_SIGNAL, -1);
    tap_ok(record && record->number == SIGSTOP, "the signal that stops");
    kill(pid, SIGCONT);
    tap_ok(tracer_find(fd, TRACE_CALL, SYS_sigsuspend), "the call is begun again");
    kill(pid, SIGKILL);
    record = tracer_find(fd, TRACE_EXIT, -1);
    tap_ok(record && WTERMSIG(record->result) == SIGKILL, "killed: the end says so");
    tap_wait(pid);
    close(fd);
}

static void *is_thread(void *unused)
{
    (void)unused;
    getppid();
    return NULL;
}

static int has_threads(void *unused)
{
    pthread_t threads[2];

    (void)unused;
    for (int i = 0; i < 2; i++)
        if (pthread_create(&threads[i], NULL, is_thread, NULL) != 0)
            return 1;
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    return 0;
}

static void test_threads(void)
{
    pid_t pid = tracer_start(has_threads, NULL, TRACE_BYTES, &fd);
    const struct abi_trace_record *record;
    int calls = 0, ends = 0, others = 0;

    while ((record = tracer_next(fd))) {
        calls += record->kind == TRACE_CALL && record->number == SYS_getppid && record->tid != pid;
        ends += record->kind == TRACE_EXIT;
        others += record->pid != pid;
    }
    tap_is(calls, 2, "new threads are traced with their process");
    tap_is(ends, 3, "each thread has an end");
    tap_is(others, 0, "all have the process's number");
    tap_is(tap_wait(pid), 0, "it did as it would without");
    close(fd);
}

static char *page;

/* Calls whose arguments point nowhere, or where the memory ends. */
static int points_wrongly(void *unused)
{
    long size = sysconf(_SC_PAGESIZE);

    (void)unused;
    page = mmap(NULL, 2 * (size_t)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(page, 'x', (size_t)size);
    munmap(page + size, (size_t)size);
    plain_call(SYS_openat, AT_FDCWD, (long)(page + size - 4), O_RDONLY, 0);
    plain_call(SYS_openat, AT_FDCWD, (long)0xfffffff0, O_RDONLY, 0);
    plain_call(SYS_openat, AT_FDCWD, 1, O_RDONLY, 0);
    plain_call(SYS_write, 1, (long)0x80000000, 64, 0);
    plain_call(SYS_write, 1, -64, 128, 0);
    plain_call(SYS_writev, 1, (long)(page + 1), 0x7fffffff, 0);
    plain_call(SYS_writev, 1, 3, -1, 0);
    plain_call(SYS_execve, (long)(page + size - 4), (long)(page + 2), 0, 0);
    plain_call(SYS_execve, (long)"/bin/true", (long)(page + size - 8), 0, 0);
    plain_call(SYS_poll, (long)page, -1, 0, 0);
    plain_call(SYS_semtimedop, 0, -1, -1, -1);
    plain_call(SYS_futex, 0, 0, 0, 1);
    plain_call(SYS_msgsnd, 0, -2, -1, 0);
    return 3;
}

static void test_hostile(void)
{
    pid_t pid = tracer_start(points_wrongly, NULL, TRACE_BYTES_MAX | TRACE_FOLLOW, &fd);
    const struct abi_trace_record *record;
    size_t length;

    for (int i = 0; i < 3; i++) {
        find_call(SYS_openat);
        tap_is(result->result, -EFAULT, "a path %s", i == 0 ? "that leads out of a mapping" : "that is nowhere");
        tap_is(tracer_part(call, call->arguments[1], &length) == NULL, true, "is not shown");
    }
    for (int i = 0; i < 2; i++) {
        find_call(SYS_write);
        tap_is(tracer_part(call, call->arguments[1], &length) == NULL, true, "nor is a buffer outside");
    }
    find_call(SYS_writev);
    tap_ok(result->result < 0 && call->length <= TRACE_RECORD_MAX, "a vector of very many");
    tap_ok(tracer_find(fd, TRACE_CALL, SYS_msgsnd), "all the others do no harm");
    record = tracer_find(fd, TRACE_EXIT, -1);
    tap_ok(record && WEXITSTATUS(record->result) == 3, "the process ends as it would");
    tap_wait(pid);
    close(fd);
}

int main(void)
{
    tap_begin();
    test_file();
    test_length();
    test_vectors();
    test_messages();
    test_exec();
    test_spawn();
    test_signals();
    test_interrupted();
    test_threads();
    test_hostile();
    return tap_end();
}

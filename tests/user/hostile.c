/*
 * hostile.c - culprits: how they start, how they are watched, and how one cleans up after them (see hostile.h).
 *
 * A culprit tells which step it is at in a page that it shares with its watcher. It may well destroy that page: the
 * watcher believes it only where it goes forward.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bystander.h"
#include "hostile.h"
#include "sweep.h"
#include "tap.h"

enum { page = 4096, look_milliseconds = 2, patience = 100, inherited_max = 32 };

void hostile_become(uid_t user)
{
    if (setgroups(0, NULL) != 0 || setresgid(user, user, user) != 0 || setresuid(user, user, user) != 0)
        _exit(99);
}

static int kill_all(void *unused)
{
    (void)unused;
    hostile_become(hostile_user);
    kill(-1, SIGKILL);
    return 0;
}

void hostile_sweep(void)
{
    tap_child(kill_all, NULL);
    sweep_folder(HOSTILE_FOLDER);
    sweep_objects();
}

static void become_culprit(void)
{
    int null = open("/dev/null", O_RDWR);

    setsid();
    for (int fd = 0; fd < 3; fd++)
        dup2(null, fd);
    for (int fd = 3; fd < inherited_max; fd++)
        close(fd);
    if (chdir(HOSTILE_FOLDER) != 0)
        _exit(98);
    hostile_become(hostile_user);
}

static pid_t start_culprit(int (*body)(void *context), void *context)
{
    pid_t pid = tap_fork();

    if (pid == 0) {
        become_culprit();
        _exit(body(context));
    }
    return pid;
}

int hostile_run(int (*body)(void *context), void *context)
{
    int status = tap_wait(start_culprit(body, context));

    hostile_sweep();
    return status;
}

int hostile_result(int (*body)(void *context), void *context)
{
    int status = hostile_run(body, context);

    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* What a culprit tells of its steps. */
struct progress {
    volatile unsigned next, wrong;
};

struct steps {
    struct progress *progress;
    unsigned first, end;
    bool (*step)(unsigned number);
};

static int make_steps(void *context)
{
    const struct steps *steps = context;
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (unsigned number = steps->first; number < steps->end; number++) {
        steps->progress->next = number + 1;
        if (!steps->step(number)) {
            steps->progress->wrong = true;
            break;
        }
    }
    return 0;
}

/* Is that process neither running nor about to? */
static bool stands_still(pid_t pid)
{
    char path[32], line[256] = "";
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    int fd = open(path, O_RDONLY);
    if (fd >= 0 && read(fd, line, sizeof line - 1) < 0)
        line[0] = '\0';
    close(fd);
    const char *behind_name = strrchr(line, ')');
    return behind_name && behind_name[2] != 'R';
}

/* Waits for the end of a culprit; kills it when it gets no further.  Answers whether it had to be. */
static bool watch(pid_t pid, const struct progress *progress)
{
    const struct timespec look = {.tv_nsec = look_milliseconds * 1000000};
    unsigned seen = 0, still = 0, looks = 0;
    bool killed = false;
    sigset_t child;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    while (waitpid(pid, NULL, WNOHANG) == 0) {
        sigtimedwait(&child, NULL, &look);
        bool moved = progress->next != seen;
        seen = progress->next;
        looks = moved ? 0 : looks + 1;
        still = !moved && stands_still(pid) ? still + 1 : 0;
        if (!killed && (still == 2 || looks == patience))
            killed = kill(pid, SIGKILL) == 0;
    }
    return killed;
}

struct hostile_tally hostile_steps(unsigned count, unsigned life, bool (*step)(unsigned number))
{
    struct progress *progress = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct hostile_tally tally = {.wrong = -1};
    sigset_t child, old;

    if (progress == MAP_FAILED)
        tap_give_up("mmap: %s", strerror(errno));
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &old);
    for (unsigned first = 0; first < count;) {
        unsigned end = first + life < count ? first + life : count;
        struct steps steps = {progress, first, end, step};
        *progress = (struct progress){first, false};
        bool killed = watch(start_culprit(make_steps, &steps), progress);
        unsigned next = progress->next > first && progress->next <= end ? progress->next : first + 1;
        tally.asleep += killed;
        tally.ended += !killed && next < end;
        tally.steps += next - first;
        if (progress->wrong == true) {
            tally.wrong = next - 1;
            break;
        }
        first = next;
    }
    sigprocmask(SIG_SETMASK, &old, NULL);
    munmap(progress, page);
    hostile_sweep();
    return tally;
}

long hostile_call(long number, const long words[6])
{
    register long r7 __asm__("r7") = number;
    register long r0 __asm__("r0") = words[0];
    register long r1 __asm__("r1") = words[1];
    register long r2 __asm__("r2") = words[2];
    register long r3 __asm__("r3") = words[3];
    register long r4 __asm__("r4") = words[4];
    register long r5 __asm__("r5") = words[5];

    __asm__ volatile("svc #0" : "+r"(r0) : "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5), "r"(r7) : "memory");
    return r0;
}

bool hostile_memory(struct hostile_memory *memory)
{
    char *place = mmap(NULL, 8 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (place == MAP_FAILED)
        return false;
    *memory = (struct hostile_memory){
        .forbidden = place,
        .writable = place + page,
        .end = place + 5 * page,
        .readable = place + 5 * page,
        .read_end = place + 6 * page,
        .unmapped = place + 6 * page,
    };
    return mprotect(memory->writable, 5 * page, PROT_READ | PROT_WRITE) == 0 && memset(memory->readable, 'r', page) &&
           mprotect(memory->readable, page, PROT_READ) == 0 && munmap(memory->unmapped, 2 * page) == 0;
}

void hostile_begin(void)
{
    tap_begin();
    sweep_folder(HOSTILE_FOLDER);
    if ((mkdir(HOSTILE_FOLDER, 0700) != 0 && errno != EEXIST) || chown(HOSTILE_FOLDER, hostile_user, hostile_user) != 0)
        tap_give_up("%s: %s", HOSTILE_FOLDER, strerror(errno));
    bystander_start();
}

int hostile_end(void)
{
    bystander_end();
    hostile_sweep();
    rmdir(HOSTILE_FOLDER);
    return tap_end();
}

const char *hostile_next_parameter(const char *parameter)
{
    const char *comma = strchr(parameter, ',');

    return comma ? comma + 2 : NULL;
}

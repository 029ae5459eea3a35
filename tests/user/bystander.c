/*
 * bystander.c - a process that has done nothing, and looks all the while whether anything is done to it.
 *
 * Each round looks at its memory, at a pipe, a file, its ids, its signals, the clock, and whether it can still have a
 * page and a child. It is the superuser's: what the kernel keeps back for that one must do, whatever other users take.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bystander.h"
#include "tap.h"

enum { page = 4096, pages = 8, pause_nanoseconds = 500000 };

struct shared {
    volatile bool stop;
    volatile unsigned rounds;
};

static struct shared *shared;
static pid_t bystander;
static unsigned char memory[pages * page];
static int ends[2], file;
static struct timespec last;

static unsigned char pattern(unsigned i)
{
    return (unsigned char)(i * 7 + i / page);
}

static const char *look_at_memory(void)
{
    for (unsigned i = 0; i < sizeof memory; i += 61) {
        if (memory[i] != pattern(i))
            return "its memory has changed";
    }
    unsigned char *more = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (more == MAP_FAILED)
        return "it can have no memory";
    bool zero = more[page - 1] == 0;
    more[0] = 1;
    munmap(more, page);
    return zero ? NULL : "its new memory holds what was there before";
}

static const char *look_at_files(void)
{
    char text[16] = "";

    if (write(ends[1], "through", 7) != 7 || read(ends[0], text, sizeof text) != 7 || memcmp(text, "through", 7) != 0)
        return "its pipe has changed";
    if (pread(file, text, sizeof text, 0) != 8 || memcmp(text, "contents", 8) != 0)
        return "its file has changed";
    return NULL;
}

static const char *look_at_itself(pid_t pid)
{
    sigset_t pending;
    struct timespec now;

    if (getpid() != pid || getuid() != 0 || geteuid() != 0)
        return "it is somebody else";
    if (sigpending(&pending) != 0 || sigismember(&pending, SIGTERM) || sigismember(&pending, SIGSEGV))
        return "it has a signal that nobody sent";
    clock_gettime(CLOCK_MONOTONIC, &now);
    bool forward = now.tv_sec > last.tv_sec || (now.tv_sec == last.tv_sec && now.tv_nsec >= last.tv_nsec);
    last = now;
    return forward ? NULL : "its clock goes backwards";
}

static const char *look_at_children(void)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0)
        _exit(7);
    if (child < 0 || waitpid(child, &status, 0) != child)
        return "it can have no child";
    return WIFEXITED(status) && WEXITSTATUS(status) == 7 ? NULL : "its child did not end well";
}

/* The first complaint is the end; its text is told by a pipe to whoever asks in the end. */
static void watch(int teller)
{
    pid_t pid = getpid();
    const char *complaint = NULL;
    const struct timespec pause = {.tv_nsec = pause_nanoseconds};

    for (bool last_round = false; !complaint && !last_round;) {
        last_round = shared->stop;
        complaint = look_at_memory();
        complaint = complaint ? complaint : look_at_files();
        complaint = complaint ? complaint : look_at_itself(pid);
        if (!complaint && shared->rounds % 16 == 0)
            complaint = look_at_children();
        shared->rounds++;
        nanosleep(&pause, NULL);
    }
    if (complaint && write(teller, complaint, strlen(complaint)) < 0)
        _exit(2);
    _exit(complaint != NULL);
}

static int told;

void bystander_start(void)
{
    int tell[2];
    sigset_t all;

    shared = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    file = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    if (shared == MAP_FAILED || pipe(tell) != 0 || pipe(ends) != 0 || file < 0 || write(file, "contents", 8) != 8)
        tap_give_up("the bystander has not all it needs");
    for (unsigned i = 0; i < sizeof memory; i++)
        memory[i] = pattern(i);
    bystander = fork();
    if (bystander == 0) {
        sigfillset(&all);
        sigprocmask(SIG_SETMASK, &all, NULL);
        setsid();
        watch(tell[1]);
    }
    close(tell[1]);
    told = tell[0];
    memset(memory, 0, sizeof memory);
}

static bool has_looked(void *context)
{
    return shared->rounds >= *(unsigned *)context;
}

bool bystander_looks(unsigned times)
{
    unsigned rounds = shared->rounds + times;

    return tap_until(has_looked, &rounds);
}

void bystander_end(void)
{
    char complaint[80] = "";

    bystander_looks(1);
    shared->stop = true;
    int status = tap_wait(bystander);
    if (read(told, complaint, sizeof complaint - 1) < 0)
        complaint[0] = '\0';
    tap_ok(status == 0 && shared->rounds > 0, "a bystander notices nothing%s%s", *complaint ? ": " : "", complaint);
    if (status != 0)
        tap_note("its wait status is %#x, after %u rounds", status, shared->rounds);
    close(told);
    close(ends[0]);
    close(ends[1]);
    close(file);
    munmap(shared, page);
}

/*
 * hostile_greed.c - programs that take all there is: of each thing a process can have, as many as it gets; and then
 * the same in many processes at a time, until nobody of that user gets any more.
 *
 * The greedy get an errno, or are killed where a page that they had been promised is not there. The bystander, which
 * is the superuser's, looks at its things several times while all is taken, and must still get memory and children. And
 * where a limit is a user's own, a neighbour, another ordinary user, takes one of the thing meanwhile.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "bystander.h"
#include "hostile.h"
#include "tap.h"
#include "unix_socket.h"

enum { page = 4096, megabyte = 1 << 20, greedy_processes = 24, units_max = 20000, looks = 3, bomb_processes = 20 };

static int number; /* of what was taken before; a name, where one is wanted */
static char name[40];

static const char *new_name(const char *head)
{
    snprintf(name, sizeof name, "%s%d-%d", head, (int)getpid(), number);
    return name;
}

/* How to take one more of each thing: 0, or -1 with errno. */

static int take_process(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        pause();
        _exit(0);
    }
    return pid < 0 ? -1 : 0;
}

static void rest(void)
{
    for (;;)
        hostile_call(SYS_sigsuspend, (long[6]){(long)name});
}

static int take_thread(void)
{
    char *stack = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return stack == MAP_FAILED || syscall(SYS_thread_create, rest, 0, stack + page, 0) < 0 ? -1 : 0;
}

static int take_descriptor(void)
{
    return open("/dev/null", O_RDONLY) < 0 ? -1 : 0;
}

static int take_pipe(void)
{
    static char bytes[megabyte];
    int ends[2];

    if (pipe2(ends, O_NONBLOCK) != 0)
        return -1;
    return write(ends[1], bytes, sizeof bytes) < 0 ? -1 : 0;
}

static int take_memory(void)
{
    char *memory = mmap(NULL, megabyte, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        return -1;
    memset(memory, 1, megabyte);
    return 0;
}

/* Neighbours that differ cannot become one area. */
static int take_area(void)
{
    int prot = number % 2 ? PROT_READ : PROT_READ | PROT_WRITE;

    return mmap(NULL, page, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}

static int take_large_file(void)
{
    static char bytes[megabyte];
    int fd = open(new_name("f"), O_CREAT | O_WRONLY, 0600);
    ssize_t n = fd < 0 ? -1 : write(fd, bytes, sizeof bytes);
    int error = errno;

    close(fd);
    errno = error;
    return n < 0 ? -1 : 0;
}

/* Small things are too many to fill the memory with: large ones fill it up to the last megabyte or two. */
static void leave_little(void)
{
    while (take_large_file() == 0)
        number++;
    unlink(name);
    number = 0;
}

static int take_file(void)
{
    if (number == 0)
        leave_little();
    int fd = open(new_name("f"), O_CREAT | O_WRONLY, 0600);

    if (fd < 0)
        return -1;
    ssize_t n = write(fd, name, strlen(name));
    int error = errno;
    close(fd);
    errno = error;
    return n < 0 ? -1 : 0;
}

static int take_folder(void)
{
    if (number == 0)
        leave_little();
    return mkdir(new_name("d"), 0700) == 0 && chdir(name) == 0 ? 0 : -1;
}

static int take_timer(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    struct itimerspec value = {.it_value.tv_sec = 1000};
    timer_t timer;

    return timer_create(CLOCK_MONOTONIC, &event, &timer) == 0 ? timer_settime(timer, 0, &value, NULL) : -1;
}

static int take_queue(void)
{
    struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 1024};
    mqd_t queue = mq_open(new_name("/q"), O_CREAT | O_RDWR | O_NONBLOCK, 0600, &attributes);

    if (queue == (mqd_t)-1)
        return -1;
    for (int i = 0; i < 4; i++)
        if (mq_send(queue, name, sizeof name, 0) != 0)
            return -1;
    return 0;
}

static int take_sysv_queue(void)
{
    int id = msgget(IPC_PRIVATE, 0600);

    if (id < 0)
        return -1;
    for (long message[256] = {1}; msgsnd(id, message, sizeof message - sizeof *message, IPC_NOWAIT) == 0;)
        continue;
    return errno == EAGAIN ? 0 : -1;
}

static int take_semaphores(void)
{
    return semget(IPC_PRIVATE, 50, 0600) < 0 ? -1 : 0;
}

static int take_segment(void)
{
    int id = shmget(IPC_PRIVATE, megabyte, 0600);
    char *memory = id < 0 ? (void *)-1 : shmat(id, NULL, 0);

    if (memory == (void *)-1)
        return -1;
    memset(memory, 1, megabyte);
    return 0;
}

static int take_signal(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return sigqueue(getpid(), SIGRTMIN, (union sigval){0});
}

/* One byte in two of a file. */
static int take_lock(void)
{
    static int fd = -1;
    struct flock lock = {.l_type = F_WRLCK, .l_start = 2 * number, .l_len = 1};

    if (fd < 0)
        fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    return fcntl(fd, F_SETLK, &lock);
}

static int take_shared_memory(void)
{
    static char bytes[megabyte];
    int fd = shm_open(new_name("/s"), O_CREAT | O_RDWR, 0600);

    if (fd < 0)
        return -1;
    ssize_t n = write(fd, bytes, sizeof bytes);
    int error = errno;
    close(fd);
    errno = error;
    return n < 0 ? -1 : 0;
}

static int take_locked_memory(void)
{
    char *memory = mmap(NULL, 16 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? -1 : mlock(memory, 16 * page);
}

static int take_fifo(void)
{
    static char bytes[megabyte];
    int fd = mkfifo(new_name("p"), 0600) == 0 ? open(name, O_RDWR | O_NONBLOCK) : -1;

    return fd < 0 || write(fd, bytes, sizeof bytes) < 0 ? -1 : 0;
}

/* A second name for the file that the first time makes. */
static int take_link(void)
{
    static char file[40];

    if (number == 0) {
        leave_little();
        strcpy(file, new_name("l"));
        return close(open(file, O_CREAT | O_WRONLY, 0600));
    }
    return link(file, new_name("l"));
}

/* Of a set of its own each time. */
static int take_undo(void)
{
    struct sembuf operation = {0, 1, SEM_UNDO};
    int id = semget(IPC_PRIVATE, 1, 0600);

    return id < 0 ? -1 : semop(id, &operation, 1);
}

/* Two, and in each all that it can hold. */
static int take_sockets(void)
{
    static char bytes[megabyte];
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) != 0)
        return -1;
    return write(pair[0], bytes, sizeof bytes) < 0 || write(pair[1], bytes, sizeof bytes) < 0 ? -1 : 0;
}

/* Descriptors that only the queue of a socket has, which is in its own queue, too. */
static int take_in_flight(void)
{
    int pair[2], result = -1;

    if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, pair) == 0) {
        result = unix_send_fds(pair[0], "x", 1, (int[]){pair[1], 0}, 2) == 1 ? 0 : -1;
        int error = errno;
        close(pair[0]);
        errno = error;
    }
    return result;
}

struct thing {
    const char *name;
    int (*take)(void);
    int errors[4];  /* with which that ends */
    bool users_own; /* what one user takes is not taken from others */
};

static const struct thing things[] = {
    {"processes", take_process, {EAGAIN, ENOMEM}, true},
    {"threads", take_thread, {EAGAIN, ENOMEM}, true},
    {"descriptors", take_descriptor, {EMFILE, ENFILE, ENOMEM}, true},
    {"locks on files", take_lock, {ENOLCK}, true},
    {"pipes", take_pipe, {EMFILE, ENFILE, ENOMEM}, true},
    {"sockets", take_sockets, {EMFILE, ENOBUFS, ENOMEM}, true},
    {"descriptors in queues", take_in_flight, {ETOOMANYREFS, EMFILE, ENOBUFS, ENOMEM}, true},
    {"memory", take_memory, {ENOMEM}, false},
    {"areas of memory", take_area, {ENOMEM}, false},
    {"small files", take_file, {ENOSPC}, false},
    {"large files", take_large_file, {ENOSPC}, false},
    {"folders, one in the other", take_folder, {ENOSPC, ENOMEM}, false},
    {"timers", take_timer, {EAGAIN}, true},
    {"message queues", take_queue, {EMFILE, ENFILE, ENOSPC, ENOMEM}, true},
    {"System V queues", take_sysv_queue, {ENOSPC, ENOMEM}, true},
    {"System V semaphores", take_semaphores, {ENOSPC, ENOMEM}, true},
    {"undoing of semaphores", take_undo, {ENOSPC, ENOMEM}, false},
    {"System V segments", take_segment, {ENOSPC, ENOMEM, EMFILE}, false},
    {"shared memory with names", take_shared_memory, {ENOSPC, ENOMEM}, false},
    {"locked memory", take_locked_memory, {ENOMEM, EAGAIN}, false},
    {"FIFOs", take_fifo, {EMFILE, ENFILE, ENOSPC, ENOMEM}, false},
    {"names of one file", take_link, {EMLINK, ENOSPC, ENOMEM}, false},
    {"queued signals", take_signal, {EAGAIN}, true},
};

/* Takes one thing until there is no more of it.  0, or the errno that is none of its own. */
static int take_all(void *context)
{
    const struct thing *thing = context;

    for (number = 0; number < units_max; number++)
        if (thing->take() != 0)
            break;
    if (number == units_max)
        return 0;
    for (int i = 0; i < 4; i++)
        if (thing->errors[i] == errno)
            return 0;
    return errno;
}

static int take_alone(void *context)
{
    int error = take_all(context);

    return error != 0 ? error : bystander_looks(looks) ? 0 : 255;
}

static volatile struct table {
    bool sated;    /* the greedy one has taken all it can */
    bool all_gone; /* so have all of them */
    bool answered; /* the neighbour has tried, with this error: */
    int error;
} * table; /* shared by all */

static bool is_sated_or_dead(void *pid)
{
    return table->sated || waitpid(*(pid_t *)pid, NULL, WNOHANG) != 0;
}

static bool is_all_gone(void *unused)
{
    (void)unused;
    return table->all_gone;
}

static bool is_answered(void *unused)
{
    (void)unused;
    return table->answered;
}

/* Ends by a signal, and so do the processes that it has taken. */
static int neighbour(void *thing)
{
    setpgid(0, 0);
    hostile_become(hostile_neighbour);
    tap_until(is_all_gone, NULL);
    number = 0;
    table->error = ((const struct thing *)thing)->take() == 0 ? 0 : errno;
    table->answered = true;
    kill(0, SIGKILL);
    return 0;
}

static bool start_greedy(const struct thing *thing)
{
    table->sated = false;
    pid_t pid = fork();
    if (pid < 0)
        return false;
    if (pid == 0) {
        take_all((void *)thing);
        table->sated = true;
        rest();
    }
    return tap_until(is_sated_or_dead, &pid);
}

static int take_together(void *context)
{
    for (int i = 0; i < greedy_processes; i++)
        if (!start_greedy(context))
            break;
    table->all_gone = true;
    if (((const struct thing *)context)->users_own)
        tap_until(is_answered, NULL);
    return bystander_looks(looks) ? 0 : 255;
}

/* It ends well, or is killed for a page that is not there any more. */
static bool is_fair(int result)
{
    return result == 0 || result == -SIGKILL;
}

static void test_greed(void)
{
    for (const struct thing *thing = things; thing < things + sizeof things / sizeof things[0]; thing++) {
        int alone = hostile_result(take_alone, (void *)thing);
        table->all_gone = table->answered = false;
        table->error = -1;
        pid_t pid = thing->users_own ? tap_start(neighbour, (void *)thing) : 0;
        int together = hostile_result(take_together, (void *)thing);
        if (pid > 0) {
            table->all_gone = true;
            tap_wait(pid);
            tap_is(table->error, 0, "%s: another user gets one meanwhile", thing->name);
            hostile_sweep();
        }
        if (!tap_ok(is_fair(alone), "%s: until there are no more", thing->name))
            tap_note("%d (%s)", alone, alone > 0 ? strerror(alone) : "");
        if (!tap_ok(is_fair(together), "%s: many take all", thing->name))
            tap_note("%d", together);
    }
}

/* Every child does the same, without an end. */
static int bomb(void *unused)
{
    (void)unused;
    setrlimit(RLIMIT_NPROC, &(struct rlimit){bomb_processes, bomb_processes});
    pid_t first = fork();
    while (first == 0)
        fork();
    return bystander_looks(4 * looks) ? 0 : 255;
}

/* As many as the machine lets them be.  They rest then: so many that run would share what time there is. */
static int large_bomb(void *unused)
{
    (void)unused;
    pid_t first = fork();
    while (first == 0 && fork() >= 0)
        continue;
    if (first == 0)
        rest();
    return bystander_looks(4 * looks) ? 0 : 255;
}

int main(void)
{
    hostile_begin();
    table = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (table == MAP_FAILED)
        tap_give_up("no memory");
    /* Each lock is compared with all that its file has: with thousands of them that is the test's longest part. */
    long locks = limit_change("/proc/sys/fs/locks-max", 500);
    test_greed();
    limit_change("/proc/sys/fs/locks-max", locks);
    tap_is(hostile_result(bomb, NULL), 0, "a fork bomb under RLIMIT_NPROC");
    tap_is(hostile_result(large_bomb, NULL), 0, "a fork bomb with no limit but the machine's");
    return hostile_end();
}

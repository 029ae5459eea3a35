/*
 * ipcs_who.c - who has what processes share, and who waits: what ipcs -p says of it, however many they are.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static int queue, set, segment, ends[2];
static mqd_t posix_queue;
static sem_t *semaphore;

static int receives(void *unused)
{
    struct {
        long type;
        char text[8];
    } message;

    (void)unused;
    return (int)msgrcv(queue, &message, sizeof message.text, 1, 0);
}

static int takes(void *unused)
{
    (void)unused;
    return semop(set, &(struct sembuf){1, -1, 0}, 1);
}

static int receives_posix(void *unused)
{
    char text[64];

    (void)unused;
    return (int)mq_receive(posix_queue, text, sizeof text, NULL);
}

static int waits(void *unused)
{
    (void)unused;
    return sem_wait(semaphore);
}

static int reads(void *unused)
{
    char c;

    (void)unused;
    close(ends[1]);
    return (int)read(ends[0], &c, 1);
}

static int stays(void *unused)
{
    (void)unused;
    semop(set, &(struct sembuf){0, 1, SEM_UNDO}, 1);
    return pause();
}

/* The line of a command's output that begins with `start`, without the blanks at its end, "" if there is none. */
static const char *line_of(const char *command, const char *start)
{
    static char line[2048];
    FILE *output = popen(command, "r");
    bool found = false;

    while (!found && fgets(line, sizeof line, output))
        found = strncmp(line, start, strlen(start)) == 0 && line[strlen(start)] == ' ';
    while (fgetc(output) != EOF)
        continue;
    pclose(output);
    for (size_t n = strlen(line); n > 0 && (line[n - 1] == '\n' || line[n - 1] == ' '); n--)
        line[n - 1] = '\0';
    return found ? line : "";
}

static const char *last_word_of(const char *line)
{
    const char *space = strrchr(line, ' ');

    return space ? space + 1 : line;
}

/* The last word of the line that `command` prints about an identifier. */
static const char *last_word(const char *command, int id)
{
    char start[16];

    snprintf(start, sizeof start, "%d", id);
    return last_word_of(line_of(command, start));
}

static const char *pids(pid_t first, pid_t second)
{
    static char text[32];

    snprintf(text, sizeof text, second != 0 ? "%ld,%ld" : "%ld", (long)first, (long)second);
    return text;
}

static pid_t asleep(int (*body)(void *))
{
    return tap_start_asleep(body, NULL);
}

static void test_system_v(void)
{
    char *memory;
    pid_t receiver, taker, stayer;
    char waits[16];

    queue = msgget(IPC_PRIVATE, 0600);
    set = semget(IPC_PRIVATE, 2, 0600);
    segment = shmget(IPC_PRIVATE, 4096, 0600);
    tap_is_text(last_word("ipcs -m -p", segment), "-", "nobody has a new segment");
    tap_is_text(last_word("ipcs -q -p", queue), "-", "nobody waits at a new queue");
    receiver = asleep(receives);
    memory = shmat(segment, NULL, 0);
    stayer = asleep(stays);
    tap_is_text(last_word("ipcs -m -p", segment), pids(getpid(), stayer), "who has a segment attached");
    shmdt(memory);
    tap_is_text(last_word("ipcs -m -p", segment), pids(stayer, 0), "and detached again");
    tap_is_text(last_word("ipcs -q -p", queue), pids(receiver, 0), "who waits for a message");
    tap_is_text(last_word("ipcs -s -p", set), pids(stayer, 0), "whose end will change a semaphore");
    taker = asleep(takes);
    snprintf(waits, sizeof waits, " %ld ", (long)taker);
    tap_ok(strstr(line_of("ipcs -s -p | cut -c1-60", pids(set, 0)), waits) != NULL, "who waits for one");
    tap_kill(taker);
    tap_kill(stayer);
    tap_kill(receiver);
    msgctl(queue, IPC_RMID, NULL);
    semctl(set, 0, IPC_RMID);
    shmctl(segment, IPC_RMID, NULL);
}

static int holds_queue(void *name)
{
    return mq_open(name, O_RDONLY) == -1 ? 1 : pause();
}

static void test_posix(void)
{
    mqd_t q = mq_open("/who", O_RDWR | O_CREAT, 0600, NULL);
    pid_t holder = tap_start(holds_queue, "/who");
    char expected[80];

    tap_until(tap_is_asleep, &holder);
    mq_close(q);
    tap_is_text(last_word_of(line_of("ipcs -P -p | grep ' who '", "root")), pids(holder, 0),
                "who has a POSIX queue open");
    snprintf(expected, sizeof expected, "/who 0 0 10 8192 600 0 0 0 %ld - -", (long)holder);
    tap_is_text(line_of("cat /proc/mqueues", "/who"), expected, "/proc/mqueues says it, too");
    tap_kill(holder);
    mq_unlink("/who");
}

static void test_semaphore(void)
{
    pid_t first, second;

    semaphore = sem_open("/who", O_CREAT, 0600, 0);
    first = asleep(waits);
    second = asleep(waits);
    tap_is_text(last_word_of(line_of("ipcs -P | grep ' sem.who '", "root")), pids(first, second),
                "who waits for a named semaphore");
    tap_kill(first);
    tap_kill(second);
    sem_close(semaphore);
    sem_unlink("/who");
}

static void test_pipe(void)
{
    char name[32], line[160];
    struct stat status;
    pid_t reader;

    pipe(ends);
    fstat(ends[0], &status);
    snprintf(name, sizeof name, "pipe:[%llu]", (unsigned long long)status.st_ino);
    reader = asleep(reads);
    snprintf(line, sizeof line, "%s %s %ld %ld - -", name, pids(getpid(), reader), (long)getpid(), (long)reader);
    /* The command has the ends, too. */
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    tap_is_text(line_of("ipcs -F -p | tr -s ' '", name), line, "who has a pipe's ends, and who waits");
    tap_kill(reader);
    close(ends[0]);
    close(ends[1]);
}

enum { many = 70 };

static pid_t crowd[many];
static char crowd_pids[many * 8];

/* Processes that wait, one after the other. */
static void gather(int (*body)(void *))
{
    size_t length = 0;

    for (int i = 0; i < many; i++) {
        crowd[i] = asleep(body);
        length += (size_t)snprintf(crowd_pids + length, sizeof crowd_pids - length, "%s%ld", i > 0 ? "," : "",
                                   (long)crowd[i]);
    }
}

static void dismiss(void)
{
    for (int i = 0; i < many; i++)
        tap_kill(crowd[i]);
}

static int gives_and_takes(void *unused)
{
    semop(set, &(struct sembuf){0, 1, SEM_UNDO}, 1);
    return takes(unused);
}

static void test_many_system_v(void)
{
    char twice[2 * sizeof crowd_pids];

    queue = msgget(IPC_PRIVATE, 0600);
    gather(receives);
    tap_is_text(last_word("ipcs -q -p", queue), crowd_pids, "all of %d who wait for a message", many);
    dismiss();
    msgctl(queue, IPC_RMID, NULL);
    set = semget(IPC_PRIVATE, 2, 0600);
    gather(gives_and_takes);
    snprintf(twice, sizeof twice, "%s %s", crowd_pids, crowd_pids);
    tap_is_text(strchr(line_of("ipcs -s -p | tr -s ' ' | cut -d ' ' -f 1,3-", pids(set, 0)), ' ') + 1, twice,
                "all who wait for a semaphore, and all whose end will change it");
    semctl(set, 0, IPC_RMID);
    dismiss();
}

static void test_many_posix(void)
{
    struct mq_attr shape = {.mq_maxmsg = 1, .mq_msgsize = 64};

    posix_queue = mq_open("/who", O_RDWR | O_CREAT, 0600, &shape);
    gather(receives_posix);
    tap_is_text(last_word_of(line_of("cat /proc/mqueues", "/who")), crowd_pids, "all who wait at a POSIX queue");
    dismiss();
    mq_close(posix_queue);
    mq_unlink("/who");
}

int main(void)
{
    tap_begin();
    test_system_v();
    test_posix();
    test_semaphore();
    test_pipe();
    test_many_system_v();
    test_many_posix();
    return tap_end();
}

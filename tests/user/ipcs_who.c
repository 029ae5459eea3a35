/*
 * ipcs_who.c - who has what processes share, and who waits: what ipcs -p says of it.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

#include "tap.h"

static int queue, set, segment;

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

static int stays(void *unused)
{
    (void)unused;
    semop(set, &(struct sembuf){0, 1, SEM_UNDO}, 1);
    return pause();
}

/* The line of a command's output that begins with `start`, without the blanks at its end, "" if there is none. */
static const char *line_of(const char *command, const char *start)
{
    static char line[256];
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

/* The last word of the line that `command` prints about an identifier. */
static const char *last_word(const char *command, int id)
{
    char start[16];
    const char *line, *space;

    snprintf(start, sizeof start, "%d", id);
    line = line_of(command, start);
    space = strrchr(line, ' ');
    return space ? space + 1 : line;
}

static const char *pids(pid_t first, pid_t second)
{
    static char text[32];

    snprintf(text, sizeof text, second != 0 ? "%ld,%ld" : "%ld", (long)first, (long)second);
    return text;
}

static pid_t asleep(int (*body)(void *))
{
    pid_t pid = tap_start(body, NULL);

    tap_until(tap_is_asleep, &pid);
    return pid;
}

static void end(pid_t pid)
{
    kill(pid, SIGKILL);
    tap_wait(pid);
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
    end(taker);
    end(stayer);
    end(receiver);
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
    const char *line;

    tap_until(tap_is_asleep, &holder);
    mq_close(q);
    line = line_of("ipcs -P -p | grep ' who '", "root");
    tap_is_text(strrchr(line, ' ') ? strrchr(line, ' ') + 1 : "", pids(holder, 0), "who has a POSIX queue open");
    end(holder);
    mq_unlink("/who");
}

int main(void)
{
    tap_begin();
    test_system_v();
    test_posix();
    return tap_end();
}

/*
 * sysv_msg.c - System V message queues: keys, every way to choose a message, every error, waiting, removal, who may.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#define KEY 0x4d534731

static struct {
    long type;
    char text[64];
} message;

static int id;

static int put(long type, const char *text)
{
    message.type = type;
    strcpy(message.text, text);
    return msgsnd(id, &message, strlen(text), IPC_NOWAIT);
}

/* The text received, or the error's number. */
static const char *get(long type, int flags)
{
    static char failure[16];
    ssize_t n = msgrcv(id, &message, sizeof message.text - 1, type, flags | IPC_NOWAIT);

    if (n < 0) {
        snprintf(failure, sizeof failure, "error %d", errno);
        return failure;
    }
    message.text[n] = '\0';
    return message.text;
}

static struct msqid_ds status(void)
{
    struct msqid_ds now = {0};

    msgctl(id, IPC_STAT, &now);
    return now;
}

static void test_keys(void)
{
    int other, third = -1;

    tap_fails(msgget(KEY, 0600), ENOENT, "POSIX msgget: ENOENT");
    tap_works(id = msgget(KEY, IPC_CREAT | IPC_EXCL | 0640), "msgget makes a queue");
    tap_fails(msgget(KEY, IPC_CREAT | IPC_EXCL | 0600), EEXIST, "POSIX msgget: EEXIST");
    tap_is(msgget(KEY, 0600), id, "the key finds it");
    tap_is(msgget(KEY, IPC_CREAT), id, "with IPC_CREAT, too");
    tap_works(other = msgget(IPC_PRIVATE, 0600), "IPC_PRIVATE");
    tap_ok(other != id && (third = msgget(IPC_PRIVATE, 0600)) != other, "is always a new one");
    msgctl(third, IPC_RMID, NULL);
    tap_works(msgctl(other, IPC_RMID, NULL), "IPC_RMID");
    tap_fails(msgctl(other, IPC_RMID, NULL), EINVAL, "POSIX msgctl: EINVAL, an identifier that is gone");
    tap_ok(ftok("/bin/sh", 1) == ftok("/bin/../bin/sh", 1) && ftok("/bin/sh", 1) != ftok("/bin/sh", 2), "ftok");
    tap_fails(ftok("/nowhere", 1), ENOENT, "POSIX ftok: ENOENT");
}

static void test_choice(void)
{
    put(3, "first");
    put(1, "low");
    put(7, "high");
    put(3, "second");
    put(5, "five");
    tap_is_text(get(3, 0), "first", "type 3: the oldest of that type");
    tap_is(message.type, 3, "which says so");
    tap_is_text(get(-4, 0), "low", "type -4: of the lowest type up to 4");
    tap_is_text(get(-4, 0), "second", "and again");
    tap_is_text(get(-4, 0), "error 35", "POSIX msgrcv: ENOMSG");
    tap_is_text(get(7, MSG_EXCEPT), "five", "MSG_EXCEPT: the oldest of another type");
    tap_is_text(get(7, MSG_EXCEPT), "error 35", "when there is one");
    put(9, "later");
    tap_is_text(get(0, 0), "high", "type 0: the oldest of all");
    tap_is_text(get(LONG_MIN, 0), "later", "the lowest of all negative types takes any");
    tap_is_text(get(0, 0), "error 35", "the queue is empty");
    put(LONG_MAX, "max");
    tap_is_text(get(LONG_MAX, 0), "max", "the highest type");
    tap_is(message.type, LONG_MAX, "is kept");
}

static void test_errors(void)
{
    char *hole = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    tap_fails(put(0, "x"), EINVAL, "POSIX msgsnd: EINVAL, type 0");
    tap_fails(put(-1, "x"), EINVAL, "POSIX msgsnd: EINVAL, a negative type");
    message.type = 1;
    tap_fails(msgsnd(id, &message, 8193, 0), EINVAL, "POSIX msgsnd: EINVAL, longer than msgmax");
    tap_fails(msgsnd(id, &message, (size_t)-1, 0), EINVAL, "POSIX msgsnd: EINVAL, a negative length");
    tap_fails(msgsnd(id + 1, &message, 1, 0), EINVAL, "POSIX msgsnd: EINVAL, no such queue");
    tap_fails(msgsnd(-1, &message, 1, 0), EINVAL, "POSIX msgsnd: EINVAL, a negative identifier");
    tap_fails(msgsnd(id, hole, 1, 0), EFAULT, "a message that cannot be read");
    tap_fails(msgrcv(id, &message, (size_t)-1, 0, 0), EINVAL, "POSIX msgrcv: EINVAL");
    tap_fails(msgrcv(id + 1, &message, 1, 0, IPC_NOWAIT), EINVAL, "POSIX msgrcv: EINVAL, no such queue");
    tap_fails(msgctl(id, 77, NULL), EINVAL, "POSIX msgctl: EINVAL");
    tap_fails(msgctl(id, IPC_STAT, (void *)hole), EFAULT, "a status that cannot be written");
    put(2, "twelve bytes");
    tap_fails(msgrcv(id, &message, 6, 2, 0), E2BIG, "POSIX msgrcv: E2BIG");
    tap_fails(msgrcv(id, hole, 64, 2, 0), EFAULT, "a buffer that cannot be written");
    tap_is(status().msg_qnum, 1, "the message stays");
    tap_is(msgrcv(id, &message, 6, 2, MSG_NOERROR), 6, "MSG_NOERROR cuts it");
    tap_ok(memcmp(message.text, "twelve", 6) == 0, "behind its first bytes");
    tap_is(status().msg_qnum, 0, "and it is gone");
    message.type = 1;
    tap_works(msgsnd(id, &message, 0, 0), "a message of a type alone");
    tap_is(msgrcv(id, &message, 0, 1, 0), 0, "is received");
    munmap(hole, 4096);
}

static void test_status(void)
{
    time_t now = time(NULL);
    struct msqid_ds s;

    put(1, "12345");
    s = status();
    tap_ok(s.msg_qnum == 1 && s.__msg_cbytes == 5 && s.msg_qbytes == 16384, "IPC_STAT counts");
    tap_ok(s.msg_lspid == getpid() && s.msg_stime >= now && s.msg_stime <= now + 60, "who has sent, and when");
    tap_ok(s.msg_perm.mode == 0640 && s.msg_perm.cuid == 0 && s.msg_perm.__key == KEY, "whose it is");
    get(0, 0);
    s = status();
    tap_ok(s.msg_lrpid == getpid() && s.msg_rtime >= now && s.msg_qnum == 0, "who has received");
    s.msg_qbytes = 10;
    s.msg_perm.mode = 0600;
    tap_works(msgctl(id, IPC_SET, &s), "IPC_SET");
    tap_ok(status().msg_qbytes == 10 && status().msg_perm.mode == 0600, "sets size and mode");
    tap_works(put(1, "12345"), "five bytes");
    tap_works(put(1, "12345"), "and five more");
    tap_fails(put(1, "1"), EAGAIN, "POSIX msgsnd: EAGAIN");
    get(0, 0);
    get(0, 0);
}

static int sends_six(void *unused)
{
    (void)unused;
    message.type = 4;
    strcpy(message.text, "sixsix");
    return msgsnd(id, &message, 6, 0) == 0 ? 0 : errno;
}

static int receives_four(void *unused)
{
    (void)unused;
    if (msgrcv(id, &message, sizeof message.text, 4, 0) != 6)
        return errno;
    return memcmp(message.text, "sixsix", 6) == 0 ? 0 : 100;
}

/* With a real-time priority, so that it is the first who is served. */
static int receives_two_bytes(void *unused)
{
    struct sched_param parameters = {.sched_priority = 1};

    (void)unused;
    sched_setscheduler(0, SCHED_FIFO, &parameters);
    return msgrcv(id, &message, 2, 0, 0) == -1 ? errno : 0;
}

static void test_waiting(void)
{
    pid_t child, second;

    child = tap_start_asleep(receives_four, NULL);
    put(3, "thr");
    tap_is(status().msg_qnum, 1, "a receiver of type 4 lets type 3 be");
    put(4, "sixsix");
    tap_is(status().msg_qnum, 1, "and is handed type 4");
    tap_is(tap_wait(child), 0, "whole");
    get(0, 0);
    put(3, "12345");
    child = tap_start_asleep(sends_six, NULL);
    tap_fails(put(3, "1"), EAGAIN, "IPC_NOWAIT does not pass a sender that waits");
    get(0, 0);
    tap_is(tap_wait(child), 0, "a sender waits for room");
    tap_is_text(get(0, 0), "sixsix", "and has sent");
    child = tap_start_asleep(receives_two_bytes, NULL);
    second = tap_start_asleep(receives_four, NULL);
    put(4, "sixsix");
    tap_is(WEXITSTATUS(tap_wait(child)), E2BIG, "a waiting receiver with a small buffer gets E2BIG");
    tap_is(tap_wait(second), 0, "and the next one the message");
}

static void on_signal(int number)
{
    (void)number;
}

static int signals_parent(void *context)
{
    pid_t parent = *(pid_t *)context;

    if (!tap_until(tap_is_asleep, &parent))
        return 1;
    return kill(parent, SIGUSR1);
}

static void test_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    pid_t self = getpid(), child;

    sigaction(SIGUSR1, &action, NULL);
    child = tap_start(signals_parent, &self);
    tap_fails(msgrcv(id, &message, 8, 0, 0), EINTR, "POSIX msgrcv: EINTR, with SA_RESTART, too");
    tap_wait(child);
    put(1, "12345");
    put(1, "1234");
    child = tap_start(signals_parent, &self);
    message.type = 1;
    tap_fails(msgsnd(id, &message, 2, 0), EINTR, "POSIX msgsnd: EINTR");
    tap_wait(child);
    tap_is(status().msg_qnum, 2, "nothing was sent");
    get(0, 0);
    get(0, 0);
    signal(SIGUSR1, SIG_DFL);
}

static int is_stranger(void *unused)
{
    struct msqid_ds now;

    (void)unused;
    if (setgid(1000) != 0 || setuid(1000) != 0)
        return 100;
    if (msgget(KEY, 0400) != -1 || errno != EACCES)
        return 1;
    if (msgget(KEY, 0200) != id)
        return 2;
    if (put(1, "x") != 0)
        return 3;
    if (msgrcv(id, &message, 8, 0, IPC_NOWAIT) != -1 || errno != EACCES)
        return 4;
    if (msgctl(id, IPC_STAT, &now) != -1 || errno != EACCES)
        return 5;
    if (msgctl(id, IPC_SET, &now) != -1 || errno != EPERM)
        return 6;
    return msgctl(id, IPC_RMID, NULL) == -1 && errno == EPERM ? 0 : 7;
}

static int is_owner(void *unused)
{
    struct msqid_ds now;

    (void)unused;
    if (setgid(1000) != 0 || setuid(1000) != 0)
        return 100;
    if (msgctl(id, IPC_STAT, &now) != 0)
        return 1;
    now.msg_qbytes = 16385;
    if (msgctl(id, IPC_SET, &now) != -1 || errno != EPERM)
        return 2;
    now.msg_qbytes = 16384;
    return msgctl(id, IPC_SET, &now) == 0 ? 0 : 3;
}

static void test_who_may(void)
{
    struct msqid_ds s = status();

    s.msg_perm.mode = 0602;
    msgctl(id, IPC_SET, &s);
    tap_is(tap_child_result(is_stranger, NULL), 0, "POSIX msgget, msgrcv, msgctl: EACCES and EPERM for a stranger");
    s.msg_perm.uid = 1000;
    msgctl(id, IPC_SET, &s);
    tap_is(tap_child_result(is_owner, NULL), 0, "POSIX msgctl: EPERM, an owner who wants too many bytes");
    s.msg_perm.uid = 0;
    msgctl(id, IPC_SET, &s);
    get(0, 0);
}

static bool set_limit(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_TRUNC);
    bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    close(fd);
    return written;
}

static void test_limits(void)
{
    struct msqid_ds s = status();
    static struct {
        long type;
        char text[8192];
    } large = {1, ""};
    int sent = 0;

    tap_ok(set_limit("/proc/sys/kernel/msgmax", "4\n"), "msgmax can be set");
    tap_fails(put(1, "12345"), EINVAL, "POSIX msgsnd: EINVAL, longer than it");
    set_limit("/proc/sys/kernel/msgmax", "8192\n");
    tap_ok(set_limit("/proc/sys/kernel/msgmni", "1\n"), "msgmni can be set");
    tap_fails(msgget(IPC_PRIVATE, 0600), ENOSPC, "POSIX msgget: ENOSPC");
    set_limit("/proc/sys/kernel/msgmni", "4096\n");
    s.msg_qbytes = INT_MAX;
    tap_works(msgctl(id, IPC_SET, &s), "the superuser may have a queue of any size");
    while (msgsnd(id, &large, 8192, IPC_NOWAIT) == 0)
        sent++;
    tap_ok(errno == ENOMEM && sent > 10, "Linux msgsnd: ENOMEM before messages fill the memory (%d sent)", sent);
    while (sent > 0 && msgrcv(id, &large, 8192, 0, IPC_NOWAIT) == 8192)
        sent--;
    tap_is(sent, 0, "all are received");
    s.msg_qbytes = 10;
    msgctl(id, IPC_SET, &s);
}

static void test_table(void)
{
    char text[1024] = "", *at;
    int key, seen, fd = open("/proc/sysvipc/msg", O_RDONLY);

    put(1, "123");
    read(fd, text, sizeof text - 1);
    close(fd);
    at = strchr(text, '\n');
    tap_is(at != NULL && sscanf(at, "%d %d", &key, &seen) == 2 && key == KEY ? seen : -1, id, "/proc/sysvipc/msg");
    get(0, 0);
}

static void test_removal(void)
{
    pid_t sender, receiver, killed;
    struct msqid_ds s = status();

    s.msg_qbytes = 5;
    msgctl(id, IPC_SET, &s);
    put(3, "12345");
    sender = tap_start(sends_six, NULL);
    receiver = tap_start(receives_four, NULL);
    tap_until(tap_is_asleep, &sender);
    tap_until(tap_is_asleep, &receiver);
    killed = tap_start_asleep(receives_four, NULL);
    kill(killed, SIGKILL);
    tap_is(WTERMSIG(tap_wait(killed)), SIGKILL, "another receiver is killed");
    tap_works(msgctl(id, IPC_RMID, NULL), "a queue is removed with messages in it");
    tap_is(WEXITSTATUS(tap_wait(sender)), EIDRM, "POSIX msgsnd: EIDRM");
    tap_is(WEXITSTATUS(tap_wait(receiver)), EIDRM, "POSIX msgrcv: EIDRM");
    tap_fails(msgrcv(id, &message, 8, 0, IPC_NOWAIT), EINVAL, "the identifier names nothing any more");
    tap_fails(msgget(KEY, 0600), ENOENT, "nor does the key");
    tap_ok(msgget(KEY, IPC_CREAT | 0600) != id, "a new queue of that key has another identifier");
    msgctl(msgget(KEY, 0600), IPC_RMID, NULL);
}

int main(void)
{
    tap_begin();
    test_keys();
    test_choice();
    test_errors();
    test_status();
    test_waiting();
    test_signals();
    test_who_may();
    test_limits();
    test_table();
    test_removal();
    return tap_end();
}

/*
 * timeout.c - runs a command and ends it after a while: timeout [-s SIGNAL] [-k DURATION] DURATION COMMAND...
 *
 * Status 124 when the time was up, 137 when it took SIGKILL, else the command's.  The command gets a process group, so
 * that all it has started is ended too; -f leaves it in the foreground, and then only the command itself is.
 */
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "lib/signals.h"
#include "lib/util.h"

enum { timed_out = 124, no_start = 125 };

static volatile sig_atomic_t last_signal;
static int end_signal = SIGTERM;
static double kill_after; /* 0: never */
static bool has_group = true;

static void on_signal(int number)
{
    if (number != SIGCHLD)
        last_signal = number;
}

static int find_signal(const char *text)
{
    int number;
    if (!signals_find(text, &number))
        util_errx("'%s': invalid signal", text);
    return number;
}

static double parse_duration(const char *text)
{
    double seconds;
    if (!util_duration(text, &seconds))
        util_errx("invalid time interval '%s'", text);
    return seconds;
}

/* SIGALRM after so many seconds; 0: never. */
static void set_timer(double seconds)
{
    struct itimerval timer = {.it_value.tv_sec = seconds < 1e8 ? (long)seconds : 100000000};
    timer.it_value.tv_usec = (seconds - timer.it_value.tv_sec) * 1e6;
    if (seconds > 0 && timer.it_value.tv_sec == 0 && timer.it_value.tv_usec == 0)
        timer.it_value.tv_usec = 1;
    setitimer(ITIMER_REAL, &timer, NULL);
}

/* Blocks the signals that matter, so that they come in sigsuspend alone; answers the mask from before. */
static sigset_t catch_signals(void)
{
    static const int caught[] = {SIGCHLD, SIGALRM, SIGTERM, SIGINT, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t blocked, before;
    sigemptyset(&blocked);
    for (size_t i = 0; i < UTIL_COUNT(caught); i++) {
        sigaddset(&blocked, caught[i]);
        sigaction(caught[i], &action, NULL);
    }
    signal(SIGTTIN, SIG_IGN);
    signal(SIGTTOU, SIG_IGN);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    return before;
}

static pid_t start(char **command, const sigset_t *mask)
{
    pid_t child = fork();
    if (child < 0)
        util_err("fork system call failed");
    if (child > 0)
        return child;
    signal(SIGTTIN, SIG_DFL);
    signal(SIGTTOU, SIG_DFL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    util_exec(command);
}

/* To the command, and to all of its group when it has one. */
static void send(pid_t child, int number)
{
    kill(child, number);
    if (has_group) {
        signal(number, SIG_IGN); /* it comes here too */
        kill(0, number);
    }
    if (number != SIGCONT)
        kill(child, SIGCONT);
}

/* The time is up, for the first time or once more; answers the exit status that comes of it. */
static int end(pid_t child, bool again)
{
    if (again || end_signal == SIGKILL) {
        kill(child, SIGKILL);
        return 128 + SIGKILL;
    }
    send(child, end_signal);
    set_timer(kill_after);
    return timed_out;
}

/* Waits for the command, and passes on what signals come; answers the exit status. */
static int supervise(pid_t child, const sigset_t *awake)
{
    int status, result = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        sigsuspend(awake);
        int caught = last_signal;
        last_signal = 0;
        if (caught == SIGALRM)
            result = end(child, result != 0);
        else if (caught)
            send(child, caught);
    }
    if (result)
        return result;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    util_start("timeout", "[-f] [-s SIGNAL] [-k DURATION] DURATION COMMAND [ARGUMENT]...", no_start);
    for (int option; (option = getopt(argc, argv, "+fs:k:")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'f')
            has_group = false;
        else if (option == 's')
            end_signal = find_signal(optarg);
        else
            kill_after = parse_duration(optarg);
    }
    if (argc - optind < 2)
        util_usage();
    double limit = parse_duration(argv[optind]);
    if (has_group)
        setpgid(0, 0);
    sigset_t mask = catch_signals();
    pid_t child = start(argv + optind + 1, &mask);
    set_timer(limit);
    return supervise(child, &mask);
}

/*
 * signal-interrupt.c - ^C caught, ignored, and left alone.
 *
 *      /demos/signal-interrupt             three children each get the SIGINT that ^C would send
 *      /demos/signal-interrupt by-hand     you type the ^C, three times
 *
 * What a signal does is the receiver's choice: its action.  A handler interrupts what the program does, here
 * sigsuspend().  SIGINT is blocked but for that call, so that one which comes early waits and is not lost.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *text)
{
    write(STDOUT_FILENO, text, strlen(text)); /* a handler may call this, but not printf() */
}

static void on_interrupt(int number)
{
    (void)number;
    say("  the handler runs: I was interrupted, and I go on\n");
}

static const struct {
    const char *name;
    void (*action)(int);
} ways[] = {{"caught", on_interrupt}, {"ignored", SIG_IGN}, {"left alone", SIG_DFL}};

/* The child.  An ignored signal ends no wait: there Enter does, or an alarm. */
static int receive(void (*action)(int), int by_hand, const char *ask)
{
    sigset_t none;
    char line[80];

    signal(SIGINT, action);
    say(by_hand ? ask : ""); /* not before there is a child for ^C to reach */
    say("\n");
    sigemptyset(&none);
    if (action != SIG_IGN || !by_hand) {
        alarm(by_hand ? 0 : 1);
        sigsuspend(&none);
        return 0;
    }
    sigprocmask(SIG_SETMASK, &none, NULL);
    read(STDIN_FILENO, line, sizeof(line));
    return 0;
}

static void report(int status)
{
    if (WIFEXITED(status))
        printf("  it went on and ended by itself\n");
    else if (WTERMSIG(status) == SIGALRM)
        printf("  nothing happened until its time was over\n");
    else
        printf("  it was ended by signal %d (%s)\n", WTERMSIG(status), strsignal(WTERMSIG(status)));
}

static void try_way(int i, int by_hand)
{
    static const char *const asks[] = {": type ^C", ": type ^C, and Enter", ": type ^C"};
    pid_t pid;
    int status;

    printf("SIGINT %s", ways[i].name);
    fflush(stdout);
    pid = fork();
    if (pid == 0)
        _exit(receive(ways[i].action, by_hand, asks[i]));
    if (!by_hand)
        kill(pid, SIGINT);
    waitpid(pid, &status, 0);
    report(status);
}

int main(int argc, char **argv)
{
    int by_hand = argc > 1 && strcmp(argv[1], "by-hand") == 0;
    sigset_t interrupt;

    sigemptyset(&interrupt);
    sigaddset(&interrupt, SIGINT);
    sigprocmask(SIG_BLOCK, &interrupt, NULL); /* ^C goes to all in the foreground; this one only watches */
    for (int i = 0; i < 3; i++)
        try_way(i, by_hand);
    return 0;
}

/*
 * signal-interrupt.c - ^C caught, ignored, and left alone.
 *
 *      /demos/signal-interrupt             three children each get the SIGINT that ^C would send
 *      /demos/signal-interrupt by-hand     three times five seconds in which to type ^C yourself
 *
 * What a signal does is the receiver's choice: its action.  A handler interrupts what the program does, here pause().
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

/* The child: waits for a signal; an ignored one does not wake it, so an alarm ends it. */
static int receive(void (*action)(int), unsigned seconds)
{
    signal(SIGINT, action);
    alarm(seconds);
    pause();
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

int main(int argc, char **argv)
{
    int by_hand = argc > 1 && strcmp(argv[1], "by-hand") == 0, status;

    signal(SIGINT, SIG_IGN); /* ^C goes to all in the foreground; this one only watches */
    for (int i = 0; i < 3; i++) {
        pid_t pid;

        printf("SIGINT %s%s\n", ways[i].name, by_hand ? ": type ^C" : "");
        fflush(stdout);
        pid = fork();
        if (pid == 0)
            return receive(ways[i].action, by_hand ? 5 : 1);
        if (!by_hand) {
            usleep(100000);
            kill(pid, SIGINT);
        }
        waitpid(pid, &status, 0);
        report(status);
    }
    return 0;
}

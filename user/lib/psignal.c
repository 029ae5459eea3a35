/*
 * psignal.c - says on stderr which signal it is.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

void psignal(int signal, const char *text)
{
    if (text != NULL && *text != '\0')
        fprintf(stderr, "%s: %s\n", text, strsignal(signal));
    else
        fprintf(stderr, "%s\n", strsignal(signal));
}

void psiginfo(const siginfo_t *info, const char *text)
{
    psignal(info->si_signo, text);
}

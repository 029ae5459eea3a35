/*
 * fmtmsg.c - messages in one form:
 *
 *      label: severity: text
 *      TO FIX: action tag
 *
 * Components that are null are left out with what joins them.  MSGVERB may name those that standard error shall see,
 * with colons between them; the console sees all.
 */
#include "libc.h"
#include <fcntl.h>
#include <fmtmsg.h>
#include <paths.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LABEL = 1, SEVERITY = 2, TEXT = 4, ACTION = 8, TAG = 16, ALL = 31 };

static const char *const severities[] = {NULL, "HALT", "ERROR", "WARNING", "INFO"};

/* What MSGVERB chooses: all where it is not set, or has a word that is none of these. */
static int verbosity(void)
{
    static const char *const words[] = {"label", "severity", "text", "action", "tag"};
    const char *at = getenv("MSGVERB");
    int chosen = 0;

    while (at != NULL && *at != '\0') {
        size_t length = strcspn(at, ":"), i = 0;

        while (i < 5 && (strlen(words[i]) != length || memcmp(words[i], at, length) != 0))
            i++;
        if (i == 5)
            return ALL;
        chosen |= 1 << i;
        at += length + (at[length] == ':');
    }
    return chosen != 0 ? chosen : ALL;
}

/* A label is two parts, of 10 and 14 characters at most, with a colon between them. */
static int is_label(const char *label)
{
    const char *colon = label == NULL ? NULL : strchr(label, ':');

    return label == NULL || (colon != NULL && colon - label <= 10 && strlen(colon + 1) <= 14);
}

/* 0, or -1 where it cannot be written. */
static int print(int fd, int shown, const char *label, const char *severity, const char *text, const char *action,
                 const char *tag)
{
    int first, second;

    label = shown & LABEL ? label : NULL;
    severity = shown & SEVERITY ? severity : NULL;
    text = shown & TEXT ? text : NULL;
    action = shown & ACTION ? action : NULL;
    tag = shown & TAG ? tag : NULL;
    first = label != NULL || severity != NULL || text != NULL;
    second = action != NULL || tag != NULL;
#define PART(part) part != NULL ? part : ""
    return dprintf(fd, "%s%s%s%s%s%s%s%s%s%s%s", PART(label), label != NULL && (severity || text) ? ": " : "",
                   PART(severity), severity != NULL && text != NULL ? ": " : "", PART(text),
                   first && second ? "\n" : "", action != NULL ? "TO FIX: " : "", PART(action),
                   action != NULL && tag != NULL ? " " : "", PART(tag), first || second ? "\n" : "") < 0
               ? -1
               : 0;
#undef PART
}

/* POSIX fmtmsg: MM_NOTOK where nothing could be told, MM_NOMSG and MM_NOCON where one of two could not. */
int fmtmsg(long class, const char *label, int severity, const char *text, const char *action, const char *tag)
{
    int result = MM_OK, console = -1;

    if (severity < MM_NOSEV || severity > MM_INFO || !is_label(label))
        return MM_NOTOK;
    if (class & MM_PRINT && print(STDERR_FILENO, verbosity(), label, severities[severity], text, action, tag) == -1)
        result |= MM_NOMSG;
    if (class & MM_CONSOLE) {
        console = open(_PATH_CONSOLE, O_WRONLY | O_NOCTTY | O_CLOEXEC);
        if (console == -1 || print(console, ALL, label, severities[severity], text, action, tag) == -1)
            result |= MM_NOCON;
        if (console != -1)
            close(console);
    }
    return result == (MM_NOMSG | MM_NOCON) ? MM_NOTOK : result;
}

/*
 * filter.c - -e: which calls and signals are shown.
 *
 *      -e trace=openat,close   these calls; ! in front: all but these
 *      -e trace=%file          those of a class; % may be left out
 *      -e signal=INT,CHLD      these signals; none, all
 */
#include <abi/syscall.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/signals.h"
#include "../lib/util.h"
#include "strace.h"

static bool call_hidden[SYSCALL_MAX + 1];
static uint64_t signals_hidden;

static const struct {
    const char *name;
    unsigned classes;
} classes[] = {
    {"file", CLASS_FILE},       {"process", CLASS_PROCESS}, {"signal", CLASS_SIGNAL},   {"ipc", CLASS_IPC},
    {"network", CLASS_NETWORK}, {"net", CLASS_NETWORK},     {"desc", CLASS_DESCRIPTOR}, {"memory", CLASS_MEMORY},
};

/* The calls of one word of a list. */
static void hide_calls(const char *word, bool hidden)
{
    const char *class = word + (*word == '%');
    int number = format_find(word);

    for (size_t i = 0; i < UTIL_COUNT(classes); i++)
        for (unsigned k = 0; strcmp(class, classes[i].name) == 0 && k <= SYSCALL_MAX; k++)
            if (format_of(k)->classes & classes[i].classes) {
                call_hidden[k] = hidden;
                number = 0;
            }
    if (strcmp(word, "all") == 0)
        memset(call_hidden, hidden, sizeof(call_hidden));
    else if (number > 0)
        call_hidden[number] = hidden;
    else if (number < 0 && strcmp(word, "none") != 0)
        util_errx("invalid system call '%s'", word);
}

static void hide_signals(const char *word, bool hidden)
{
    uint64_t bits = 0;
    int signal;

    if (strcmp(word, "all") == 0)
        bits = ~0ull;
    else if (signals_find(word, &signal) && signal > 0)
        bits = 1ull << (signal - 1);
    else if (strcmp(word, "none") != 0)
        util_errx("invalid signal '%s'", word);
    signals_hidden = hidden ? signals_hidden | bits : signals_hidden & ~bits;
}

/* Is `text` NAME= or its short form?  Answers what follows, or NULL. */
static const char *value_of(const char *text, const char *name)
{
    size_t n = strlen(name);

    return strncmp(text, name, n) == 0 && text[n] == '=' ? text + n + 1 : NULL;
}

void filter_option(const char *text)
{
    const char *list = value_of(text, "signal") ? value_of(text, "signal") : value_of(text, "signals");
    void (*hide)(const char *word, bool hidden) = list ? hide_signals : hide_calls;
    char *words, *word, *rest;
    bool negated;

    if (!list)
        list = value_of(text, "trace") ? value_of(text, "trace") : text;
    negated = *list == '!';
    words = rest = util_strdup(list + negated);
    hide("all", !negated);
    while ((word = strsep(&rest, ",")))
        hide(word, negated);
    free(words);
}

bool filter_shows_call(unsigned number)
{
    return number > SYSCALL_MAX || !call_hidden[number];
}

bool filter_shows_signal(int signal)
{
    return !(signals_hidden >> (signal - 1) & 1);
}

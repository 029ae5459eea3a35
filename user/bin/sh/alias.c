/*
 * alias.c - aliases, and the built-ins that make and forget them.  The parser asks for them (alias_substitute).
 */
#include <stdlib.h>
#include <string.h>

#include "sh.h"

struct alias {
    struct alias *next;
    char *text;
    char name[];
};

static struct alias *aliases; /* in the order of their names */

static struct alias **alias_place(const char *name, size_t length)
{
    struct alias **link = &aliases;
    for (; *link; link = &(*link)->next) {
        if (strncmp((*link)->name, name, length) >= 0)
            break;
    }
    return link;
}

static bool alias_is(const struct alias *a, const char *name, size_t length)
{
    return a && strncmp(a->name, name, length) == 0 && !a->name[length];
}

/* What the alias stands for; NULL when there is none. */
const char *alias_get(const char *name)
{
    struct alias *a = *alias_place(name, strlen(name));
    return alias_is(a, name, strlen(name)) ? a->text : NULL;
}

static void alias_set(const char *name, size_t length, const char *text)
{
    struct alias **link = alias_place(name, length), *a = *link;
    if (alias_is(a, name, length)) {
        free(a->text);
    } else {
        a = memory_get(sizeof *a + length + 1);
        memcpy(a->name, name, length);
        a->name[length] = '\0';
        a->next = *link;
        *link = a;
    }
    a->text = memory_copy(text);
}

static void alias_remove(struct alias **link)
{
    struct alias *a = *link;
    *link = a->next;
    free(a->text);
    free(a);
}

static void alias_print(const struct alias *a)
{
    out_format("%s=", a->name);
    out_quoted(a->text);
    out_char('\n');
}

static int alias_one(const char *argument)
{
    const char *equal = strchr(argument, '=');
    size_t length = equal ? (size_t)(equal - argument) : strlen(argument);
    if (equal && length > 0) {
        alias_set(argument, length, equal + 1);
        return 0;
    }
    struct alias *a = *alias_place(argument, length);
    if (!alias_is(a, argument, length)) {
        error_say("alias: %s: not found", argument);
        return 1;
    }
    alias_print(a);
    return 0;
}

int builtin_alias(int argc, char **argv)
{
    int status = 0;
    for (struct alias *a = argc == 1 ? aliases : NULL; a; a = a->next)
        alias_print(a);
    for (int i = 1; i < argc; i++)
        status |= alias_one(argv[i]);
    return status;
}

int builtin_unalias(int argc, char **argv)
{
    int status = 0;
    if (argc > 1 && strcmp(argv[1], "-a") == 0) {
        while (aliases)
            alias_remove(&aliases);
        return 0;
    }
    for (int i = 1; i < argc; i++) {
        struct alias **link = alias_place(argv[i], strlen(argv[i]));
        if (alias_is(*link, argv[i], strlen(argv[i]))) {
            alias_remove(link);
        } else {
            error_say("unalias: %s: not found", argv[i]);
            status = 1;
        }
    }
    return status;
}

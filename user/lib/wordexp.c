/*
 * wordexp.c - words expanded as the shell does it: by the shell.
 *
 * What the words may not have - operators, and commands where the caller wants none - is found first, by one look
 * through the quotes.  Then /bin/sh expands them and prints each with a 0 byte behind it; a first word "x" tells that
 * it came so far.
 */
#include "libc.h"
#include <fcntl.h>
#include <paths.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

/* Where a look through the words stands. */
struct look {
    const char *at;
    char quote;   /* ' or ", or 0 */
    int brackets; /* open "$(" and "${" */
    int has_command;
};

/* A character that is not quoted by ' or \.  0 or an error. */
static int look_at(struct look *look)
{
    char c = *look->at;

    if (c == '`') {
        look->has_command = 1;
    } else if (c == '$' && (look->at[1] == '(' || look->at[1] == '{')) {
        if (look->at[1] == '(' && look->at[2] != '(')
            look->has_command = 1;
        look->at++;
        look->brackets++;
    } else if (look->brackets > 0) {
        look->brackets += (c == '(' || c == '{') - (c == ')' || c == '}');
    } else if (look->quote == 0 && strchr("|&;<>(){}\n", c) != NULL) {
        return WRDE_BADCHAR; /* POSIX wordexp: WRDE_BADCHAR */
    }
    return 0;
}

static int check(const char *words, int flags)
{
    struct look look = {.at = words};
    int error = 0;

    for (; *look.at != '\0' && error == 0; look.at++) {
        if (look.quote == '\'') {
            look.quote = *look.at == '\'' ? 0 : '\'';
        } else if (*look.at == '\\') {
            if (*++look.at == '\0')
                return WRDE_SYNTAX;
        } else if (*look.at == '"') {
            look.quote = look.quote == '"' ? 0 : '"';
        } else if (*look.at == '\'' && look.quote == 0) {
            look.quote = '\'';
        } else {
            error = look_at(&look);
        }
    }
    if (error != 0)
        return error;
    if (look.has_command && flags & WRDE_NOCMD)
        return WRDE_CMDSUB; /* POSIX wordexp: WRDE_CMDSUB */
    return look.quote != 0 || look.brackets != 0 ? WRDE_SYNTAX : 0;
}

/* Start the shell with `output` as its standard output.  0 or an error. */
static int start(pid_t *pid, const char *words, int flags, int output)
{
    char *argv[] = {"sh", flags & WRDE_UNDEF ? "-uc" : "-c", "eval \"printf '%s\\0' x $1\"", "sh", (char *)words, NULL};
    posix_spawn_file_actions_t actions;
    int error;

    posix_spawn_file_actions_init(&actions);
    error = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (error == 0 && !(flags & WRDE_SHOWERR))
        error = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (error == 0)
        error = posix_spawn(pid, _PATH_BSHELL, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* All that comes from `fd`; NULL: no memory. */
static char *read_all(int fd, size_t *size)
{
    size_t room = 512;
    char *text = malloc(room), *larger;
    ssize_t n = 0;

    for (*size = 0; text != NULL; *size += n) {
        if (*size == room) {
            larger = realloc(text, room *= 2);
            if (larger == NULL)
                free(text);
            text = larger;
            n = 0;
            continue;
        }
        n = read(fd, text + *size, room - *size);
        if (n == -1 && errno == EINTR)
            n = 0;
        else if (n <= 0)
            break;
    }
    return text;
}

/* What the shell prints for the words, in *text.  0 or an error. */
static int expand(const char *words, int flags, char **text, size_t *size)
{
    int ends[2], error, status = -1;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) == -1)
        return WRDE_NOSPACE;
    error = start(&pid, words, flags, ends[1]);
    close(ends[1]);
    *text = error == 0 ? read_all(ends[0], size) : NULL;
    close(ends[0]);
    while (error == 0 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
        continue;
    if (*text == NULL)
        return WRDE_NOSPACE;
    if (status == 0 && *size >= 2)
        return 0;
    free(*text);
    return flags & WRDE_UNDEF ? WRDE_BADVAL : WRDE_SYNTAX;
}

/* Put the words of text[0, size) behind those that the result has.  0 or WRDE_NOSPACE. */
static int add_words(wordexp_t *result, const char *text, size_t size)
{
    const char *end = text + size;
    size_t count = result->we_offs + result->we_wordc;
    char **larger;

    for (const char *word = text; word < end; word += strlen(word) + 1) {
        larger = realloc(result->we_wordv, (count + 2) * sizeof *larger);
        if (larger == NULL)
            return WRDE_NOSPACE;
        result->we_wordv = larger;
        larger[count + 1] = NULL;
        larger[count] = strdup(word);
        if (larger[count++] == NULL)
            return WRDE_NOSPACE;
        result->we_wordc++;
    }
    return 0;
}

/* An empty result: we_offs NULLs and one behind.  0 or WRDE_NOSPACE. */
static int begin(wordexp_t *result, int flags)
{
    result->we_wordc = 0;
    if (!(flags & WRDE_DOOFFS))
        result->we_offs = 0;
    result->we_wordv = calloc(result->we_offs + 1, sizeof *result->we_wordv);
    return result->we_wordv != NULL ? 0 : WRDE_NOSPACE;
}

int wordexp(const char *restrict words, wordexp_t *restrict result, int flags)
{
    int error = check(words, flags);
    size_t size;
    char *text;

    if (error == 0)
        error = expand(words, flags, &text, &size);
    if (error != 0)
        return error;
    if (flags & WRDE_REUSE)
        wordfree(result);
    if (!(flags & WRDE_APPEND))
        error = begin(result, flags);
    if (error == 0)
        error = add_words(result, text + 2, size - 2); /* behind the first word, "x" */
    free(text);
    return error;
}

void wordfree(wordexp_t *result)
{
    for (size_t i = 0; i < result->we_wordc; i++)
        free(result->we_wordv[result->we_offs + i]);
    free(result->we_wordv);
    result->we_wordv = NULL;
    result->we_wordc = 0;
}

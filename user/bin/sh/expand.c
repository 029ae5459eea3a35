/*
 * expand.c - words to strings: tilde, parameters (param.c), commands, arithmetic (arith.c).
 *
 * An expansion is a text with a mask beside it that tells for each character where it came from.  Only unquoted
 * results of an expansion are split into fields (field.c), and only unquoted characters are special in patterns.
 * Two kinds of mask stand for no character: MASK_NULL marks that something quoted was here, although it was empty,
 * and MASK_BREAK ends a field inside "$@".
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

/* Appends text, all with one mask. */
void expansion_add(struct expansion *x, const char *text, int mask)
{
    if (!*text && mask == MASK_QUOTED) {
        text = " ";
        mask = MASK_NULL;
    }
    for (; *text; text++) {
        buffer_add(&x->text, *text);
        buffer_add(&x->mask, mask);
    }
}

void expansion_free(struct expansion *x)
{
    buffer_free(&x->text);
    buffer_free(&x->mask);
}

static void read_all(int fd, struct buffer *b)
{
    char data[1024];
    ssize_t n;
    while ((n = read(fd, data, sizeof data)) > 0 || (n < 0 && errno == EINTR)) {
        if (n > 0)
            buffer_append(b, data, (size_t)n);
    }
}

/* The sixth field of the user's line in /etc/passwd, in scratch memory; NULL when there is none. */
static const char *home_of_user(const char *name, size_t length)
{
    struct buffer b = {0};
    const char *home = NULL;
    int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    buffer_string(&b, "\n");
    if (fd >= 0) {
        read_all(fd, &b);
        close(fd);
    }
    for (char *line = b.data; line && !home; line = strchr(line, '\n')) {
        line++;
        if (strncmp(line, name, length) != 0 || line[length] != ':')
            continue;
        for (int field = 1; line && field < 6; field++)
            line = memchr(line, ':', strcspn(line, "\n")) ? strchr(line, ':') + 1 : NULL;
        home = line ? scratch_copy(line, strcspn(line, ":\n")) : "";
        break;
    }
    buffer_free(&b);
    return home && *home ? home : NULL;
}

/* A tilde begins here.  Answers how many characters its prefix has, 0 when it is just a character. */
static size_t expand_tilde(struct expansion *x, const char *text, bool is_last)
{
    size_t length = strcspn(text, x->assignment ? "/:" : "/");
    if (!text[length] && !is_last)
        return 0;
    const char *home = length > 1 ? home_of_user(text + 1, length - 1) : var_get("HOME");
    if (!home)
        return 0;
    expansion_add(x, home, MASK_QUOTED);
    return length;
}

static void expand_text(struct expansion *x, struct part *part, bool is_first, int mask)
{
    const char *text = part->text;
    if (is_first && *text == '~')
        text += expand_tilde(x, text, !part->next);
    while (*text) {
        char one[2] = {*text++, '\0'};
        expansion_add(x, one, mask);
        if (x->assignment && one[0] == ':' && *text == '~')
            text += expand_tilde(x, text, !part->next);
    }
}

static void command_output(struct node *command, struct buffer *output)
{
    int fds[2];
    pid_t pid = -1;
    if (pipe(fds) < 0) {
        error_set(2, "cannot make a pipe: %s", strerror(errno));
        return;
    }
    pid = job_fork(NULL, FORK_PLAIN);
    if (pid == 0) {
        close(fds[0]);
        fd_become(fds[1], 1);
        run_child(command);
    }
    close(fds[1]);
    if (pid > 0) {
        read_all(fds[0], output);
        sh.last_subst = job_wait_pid(pid);
    }
    close(fds[0]);
}

static void expand_command(struct expansion *x, struct part *part)
{
    struct buffer output = {0};
    buffer_string(&output, "");
    sh.last_subst = 0;
    if (part->command)
        command_output(part->command, &output);
    while (output.length > 0 && output.data[output.length - 1] == '\n')
        output.data[--output.length] = '\0';
    size_t kept = 0;
    for (size_t i = 0; i < output.length; i++) {
        if (output.data[i])
            output.data[kept++] = output.data[i];
    }
    output.data[kept] = '\0';
    expansion_add(x, output.data, part->quoted ? MASK_QUOTED : MASK_EXPANDED);
    buffer_free(&output);
}

static void expand_arith(struct expansion *x, struct part *part)
{
    intmax_t number = 0;
    char *text = expand_string(part->word);
    if (!sh.skip && arith_eval(text, &number))
        expansion_add(x, number_text(number), part->quoted ? MASK_QUOTED : MASK_EXPANDED);
}

/* Appends what a word stands for.  inside: it is the word of ${name:-word}, so that its plain text is split too. */
void expand_word(struct expansion *x, struct word *word, bool inside)
{
    for (struct part *part = word->parts; part && !sh.skip; part = part->next) {
        if (part->kind == PART_PARAM)
            expand_param(x, part);
        else if (part->kind == PART_COMMAND)
            expand_command(x, part);
        else if (part->kind == PART_ARITH)
            expand_arith(x, part);
        else if (part->quoted)
            expansion_add(x, part->text, MASK_QUOTED);
        else
            expand_text(x, part, part == word->parts, inside ? MASK_EXPANDED : MASK_LITERAL);
    }
}

static char *expand_unsplit(struct word *word, bool assignment)
{
    if (word->plain && !strchr(word->plain, '~'))
        return scratch_copy(word->plain, strlen(word->plain));
    struct expansion x = {.assignment = assignment};
    expand_word(&x, word, false);
    char *text = scratch_get(x.text.length + 1);
    size_t length = 0;
    for (size_t i = 0; i < x.text.length; i++) {
        if (x.mask.data[i] != MASK_NULL)
            text[length++] = x.text.data[i];
    }
    expansion_free(&x);
    return text;
}

/* The word as one string without quotes, in scratch memory; neither split nor matched with file names. */
char *expand_string(struct word *word)
{
    return expand_unsplit(word, false);
}

/* The same for the value of an assignment, where ~ also follows a colon. */
char *expand_assignment(struct word *word)
{
    return expand_unsplit(word, true);
}

/* The word as a pattern, in scratch memory: a backslash stands before what was quoted. */
char *expand_pattern(struct word *word)
{
    struct expansion x = {0};
    expand_word(&x, word, false);
    char *pattern = mask_to_pattern(x.text.data, x.mask.data, x.text.length);
    expansion_free(&x);
    return pattern;
}

/* An argument name=value of export and its kin is expanded as the assignment that it is.  NULL: it is none. */
static char *expand_declaration(struct word *word)
{
    struct part *part = word->parts;
    size_t length = part && part->kind == PART_TEXT && !part->quoted ? var_name_length(part->text) : 0;
    if (length == 0 || part->text[length] != '=')
        return NULL;
    struct part value = *part;
    value.text += ++length;
    char *text = expand_assignment(&(struct word){.parts = &value});
    char *whole = scratch_get(length + strlen(text) + 1);
    memcpy(whole, part->text, length);
    strcpy(whole + length, text);
    return whole;
}

static bool is_declaration(const char *command)
{
    return command &&
           (strcmp(command, "export") == 0 || strcmp(command, "readonly") == 0 || strcmp(command, "local") == 0);
}

/* A word that stands for itself, as most do. */
static bool is_literal(struct word *word)
{
    return word->plain && !strpbrk(word->plain, "~*?\\") && !strchr(word->plain, ']');
}

/* Appends the fields that the words expand to, in scratch memory. */
void expand_fields(struct word *words, struct fields *fields)
{
    bool declares = words && is_declaration(words->plain);
    for (struct word *word = words; word && !sh.skip; word = word->next) {
        char *text = declares ? expand_declaration(word) : NULL;
        if (text) {
            fields_add(fields, text);
        } else if (is_literal(word)) {
            fields_add(fields, (char *)word->plain);
        } else {
            struct expansion x = {.split = true};
            expand_word(&x, word, false);
            if (!sh.skip)
                fields_split(&x, fields);
            expansion_free(&x);
        }
    }
    fields_add(fields, NULL);
    fields->count--;
}

/* What PS1, PS2 or PS4 says, with its parameters expanded; in scratch memory. */
char *expand_prompt(const char *variable, const char *otherwise)
{
    const char *value = var_get(variable);
    if (!value)
        value = otherwise;
    if (!strpbrk(value, "$`\\"))
        return scratch_copy(value, strlen(value));
    int status = sh.status;
    struct arena *arena = arena_new();
    char *text = expand_string(lex_text(arena, value, sh.line));
    arena_drop(arena);
    sh.status = status;
    return text;
}

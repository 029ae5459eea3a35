/*
 * diff.c - what to change in one file to get the other: 0 no difference, 1 some, 2 trouble.
 *
 * The normal form (POSIX diff), or -u, -U N with N lines around; -q only whether, -s says so when they are the same,
 * -i regardless of case, -b of how many blanks, -w of any.
 *
 * Equal lines get equal numbers, so that comparing is cheap.  The shortest way from one file to the other is found as
 * Myers does: after d steps the furthest place on every diagonal is kept, for each d, and the way is read back from
 * the end.  That takes memory for the square of the number of differences, and no more where the files are the same.
 * Left out on purpose: directories (-r) and scripts for ed.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/lines.h"
#include "lib/util.h"

struct text {
    const char *path;
    struct line *lines;
    int *numbers;  /* equal lines have equal numbers */
    bool *changed; /* not in the other file */
    int count;
    size_t room;
};

static int context = -1; /* lines around in the unified form; -1: the normal form */
static bool brief, report_same, fold_case, fold_blanks, no_blanks;

/* Reading */

static bool text_read(struct text *text, const char *path)
{
    struct line line = {0};
    FILE *file = util_open(path);
    if (!file)
        return false;
    text->path = path;
    for (; line_read(file, &line); line = (struct line){0}) {
        text->lines = util_grow(text->lines, text->count, &text->room, sizeof(*text->lines));
        text->lines[text->count++] = line;
    }
    free(line.text);
    text->changed = util_alloc(text->count + 1);
    text->numbers = util_alloc((text->count + 1) * sizeof(*text->numbers));
    return util_close(file, path);
}

static void text_free(struct text *text)
{
    for (int i = 0; i < text->count; i++)
        free(text->lines[i].text);
    free(text->lines);
    free(text->numbers);
    free(text->changed);
}

/* The character at the cursor as it is compared: 0 at the end. */
static int next_character(const char **cursor)
{
    const char *c = *cursor;
    bool blank = isspace((unsigned char)*c) && (fold_blanks || no_blanks);
    while (isspace((unsigned char)*c) && (fold_blanks || no_blanks))
        c++;
    if (blank && *c && !no_blanks) {
        *cursor = c;
        return ' ';
    }
    int value = fold_case ? tolower((unsigned char)*c) : (unsigned char)*c;
    *cursor = c + (*c != '\0');
    return value;
}

static int compare_lines(const struct line *left, const struct line *right)
{
    const char *a = left->text, *b = right->text;
    int x, y;
    do {
        x = next_character(&a);
        y = next_character(&b);
    } while (x == y && x);
    if (x != y)
        return x - y;
    bool exact = !fold_blanks && !no_blanks;
    return exact ? (int)left->newline - (int)right->newline : 0;
}

struct reference {
    const struct line *line;
    int *number;
};

static int compare_references(const void *left, const void *right)
{
    return compare_lines(((const struct reference *)left)->line, ((const struct reference *)right)->line);
}

/* Gives all lines of both their numbers, by sorting them. */
static void number_lines(struct text *a, struct text *b)
{
    int total = a->count + b->count, number = 0;
    struct reference *all = util_alloc((total + 1) * sizeof(*all));
    for (int i = 0; i < a->count; i++)
        all[i] = (struct reference){&a->lines[i], &a->numbers[i]};
    for (int i = 0; i < b->count; i++)
        all[a->count + i] = (struct reference){&b->lines[i], &b->numbers[i]};
    qsort(all, total, sizeof(*all), compare_references);
    for (int i = 0; i < total; i++) {
        number += i > 0 && compare_references(&all[i - 1], &all[i]) != 0;
        *all[i].number = number;
    }
    free(all);
}

/* Myers' search */

/* The furthest x on diagonal k after one step more than `last` knows. */
static int step(const int *last, int k, int d)
{
    return k == -d || (k != d && last[k - 1] < last[k + 1]) ? last[k + 1] : last[k - 1] + 1;
}

/* Follows equal lines as far as they go. */
static int slide(const struct text *a, const struct text *b, int start, int x, int k)
{
    while (start + x < a->count && start + x - k < b->count && a->numbers[start + x] == b->numbers[start + x - k])
        x++;
    return x;
}

/* Marks the lines that changed, going back from the end over what each step knew. */
static void mark_back(struct text *a, struct text *b, int start, int **rows, int d, int x, int k)
{
    for (; d > 0; d--) {
        const int *last = rows[d - 1] + d;
        bool down = k == -d || (k != d && last[k - 1] < last[k + 1]);
        k += down ? 1 : -1;
        x = last[k];
        if (down)
            b->changed[start + x - k] = true;
        else
            a->changed[start + x] = true;
    }
}

static void find_changes(struct text *a, struct text *b, int start)
{
    int n = a->count - start, m = b->count - start, end = -1, d = 0;
    int **rows = util_alloc((n + m + 2) * sizeof(*rows));
    for (; end < 0; d++) {
        int *row = util_alloc((2 * d + 3) * sizeof(*row)), *here = row + d + 1;
        rows[d] = row;
        for (int k = -d; k <= d; k += 2) {
            int x = d == 0 ? 0 : step(rows[d - 1] + d, k, d);
            here[k] = x > n ? x : slide(a, b, start, x, k);
            if (here[k] >= n && here[k] - k >= m) {
                end = here[k];
                mark_back(a, b, start, rows, d, end, k);
                break;
            }
        }
    }
    while (d-- > 0)
        free(rows[d]);
    free(rows);
}

/* Moves each run of changes as far down as it can go, as people expect it (and GNU's diff does). */
static void move_down(struct text *text)
{
    for (int first = 0; first < text->count; first++) {
        int last = first;
        while (last < text->count && text->changed[last])
            last++;
        int end = last;
        while (first < last && end < text->count && text->numbers[first] == text->numbers[end]) {
            text->changed[first++] = false;
            text->changed[end++] = true;
            while (end < text->count && text->changed[end])
                end++;
        }
        first = end;
    }
}

static void compare_texts(struct text *a, struct text *b)
{
    int start = 0;
    number_lines(a, b);
    while (start < a->count && start < b->count && a->numbers[start] == b->numbers[start])
        start++;
    find_changes(a, b, start);
}

/* Printing */

/* A run of changes: lines [a, a_end) became [b, b_end). */
struct hunk {
    int a, a_end, b, b_end;
};

/* Finds the next run, from `hunk`'s ends on; false when there is none. */
static bool next_hunk(const struct text *a, const struct text *b, struct hunk *hunk)
{
    int x = hunk->a_end, y = hunk->b_end;
    while (x < a->count && y < b->count && !a->changed[x] && !b->changed[y])
        x++, y++;
    hunk->a = x;
    hunk->b = y;
    while (x < a->count && a->changed[x])
        x++;
    while (y < b->count && b->changed[y])
        y++;
    hunk->a_end = x;
    hunk->b_end = y;
    return x > hunk->a || y > hunk->b;
}

static void print_lines(const struct text *text, int first, int end, const char *mark)
{
    for (int i = first; i < end; i++) {
        fputs(mark, stdout);
        line_write(stdout, &text->lines[i]);
        if (!text->lines[i].newline)
            puts("\\ No newline at end of file");
    }
}

/* "3" or "3,5", or for no lines the one before. */
static void print_range(int first, int end)
{
    if (end - first <= 1)
        printf("%d", end);
    else
        printf("%d,%d", first + 1, end);
}

static void print_normal(const struct text *a, const struct text *b)
{
    for (struct hunk hunk = {0}; next_hunk(a, b, &hunk);) {
        bool deletes = hunk.a_end > hunk.a, adds = hunk.b_end > hunk.b;
        print_range(hunk.a, hunk.a_end);
        putchar(deletes && adds ? 'c' : deletes ? 'd' : 'a');
        print_range(hunk.b, hunk.b_end);
        putchar('\n');
        print_lines(a, hunk.a, hunk.a_end, "< ");
        if (deletes && adds)
            puts("---");
        print_lines(b, hunk.b, hunk.b_end, "> ");
    }
}

static void print_heading(const char *mark, const char *path)
{
    struct stat file = {0};
    char date[32], zone[8];
    if ((strcmp(path, "-") == 0 ? fstat(0, &file) : stat(path, &file)) < 0)
        file.st_mtim.tv_sec = 0;
    time_t seconds = file.st_mtim.tv_sec;
    struct tm *parts = localtime(&seconds);
    strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", parts);
    strftime(zone, sizeof(zone), "%z", parts);
    printf("%s %s\t%s.%09ld %s\n", mark, path, date, (long)file.st_mtim.tv_nsec, zone);
}

static void print_unified_range(int first, int end)
{
    if (end - first == 1)
        printf("%d", end);
    else
        printf("%d,%d", end > first ? first + 1 : first, end - first);
}

/* Prints the hunks [first, end) with what is around them, as one. */
static void print_group(const struct text *a, const struct text *b, const struct hunk *first, const struct hunk *last)
{
    int before = first->a < context ? first->a : context;
    int after = a->count - last->a_end < context ? a->count - last->a_end : context;
    printf("@@ -");
    print_unified_range(first->a - before, last->a_end + after);
    printf(" +");
    print_unified_range(first->b - before, last->b_end + after);
    printf(" @@\n");
    int place = first->a - before;
    for (const struct hunk *hunk = first; hunk <= last; hunk++) {
        print_lines(a, place, hunk->a, " ");
        print_lines(a, hunk->a, hunk->a_end, "-");
        print_lines(b, hunk->b, hunk->b_end, "+");
        place = hunk->a_end;
    }
    print_lines(a, place, last->a_end + after, " ");
}

static void print_unified(const struct text *a, const struct text *b)
{
    struct hunk *hunks = NULL, hunk = {0};
    size_t count = 0, room = 0;
    while (next_hunk(a, b, &hunk)) {
        hunks = util_grow(hunks, count, &room, sizeof(*hunks));
        hunks[count++] = hunk;
    }
    print_heading("---", a->path);
    print_heading("+++", b->path);
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && hunks[end].a - hunks[end - 1].a_end <= 2 * context; end++)
            continue;
        print_group(a, b, &hunks[first], &hunks[end - 1]);
    }
    free(hunks);
}

static bool any_change(const struct text *a, const struct text *b)
{
    return memchr(a->changed, true, a->count) || memchr(b->changed, true, b->count);
}

static int diff_files(const char *old, const char *new)
{
    struct text a = {0}, b = {0};
    int status = 2;
    bool both = text_read(&a, old);
    if (text_read(&b, new) && both) {
        compare_texts(&a, &b);
        status = any_change(&a, &b);
        move_down(&a);
        move_down(&b);
        if (status && brief)
            printf("Files %s and %s differ\n", old, new);
        else if (status && context >= 0)
            print_unified(&a, &b);
        else if (status)
            print_normal(&a, &b);
        else if (report_same)
            printf("Files %s and %s are identical\n", old, new);
    }
    text_free(&a);
    text_free(&b);
    return status;
}

/* Of a directory and a file: the file of that name in it (POSIX diff). */
static char *operand(const char *path, const char *other)
{
    if (!util_is_directory(path))
        return util_strdup(path);
    if (util_is_directory(other))
        util_errx("%s: Is a directory", path);
    return util_join(path, util_basename(other));
}

static void set_option(int option)
{
    brief |= option == 'q';
    report_same |= option == 's';
    fold_case |= option == 'i';
    fold_blanks |= option == 'b';
    no_blanks |= option == 'w';
    if (option == 'u' && context < 0)
        context = 3;
    if (option == 'U')
        context = util_number(optarg, 0, 65535, "context length");
    if (option == '?')
        util_usage();
}

int main(int argc, char **argv)
{
    util_start("diff", "[-biqsuw] [-U LINES] OLD NEW", 2);
    for (int option; (option = getopt(argc, argv, "biqsuwU:")) != -1;)
        set_option(option);
    if (argc - optind != 2)
        util_usage();
    char *old = operand(argv[optind], argv[optind + 1]), *new = operand(argv[optind + 1], argv[optind]);
    int status = diff_files(old, new);
    free(old);
    free(new);
    return util_finish(status);
}

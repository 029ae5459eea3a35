/*
 * sort.c - sorts lines: by all of them, or by keys.
 *
 * -k POS1[,POS2] a key (F[.C][bdfinr]), -t CHAR what parts fields; -n by number, -r reversed, -f regardless of case,
 * -b without leading blanks, -d only blanks and alphanumerics count, -u one of equal lines, -s equal ones as they came,
 * -c only checks, -o FILE output, which may be one of the inputs.  All lines are held in memory.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/util.h"

struct order {
    bool numeric, reverse, fold, blanks, dictionary;
};

/* From character `start_char` of field `start_field` to ... (0: the end of the field, or of the line). */
struct key {
    int start_field, start_char, end_field, end_char;
    struct order order;
};

struct item {
    struct line line;
    size_t number; /* to keep equal ones as they came */
};

static struct order global;
static struct key keys[32];
static int key_count;
static int separator = -1; /* none: fields begin with the blanks before them */
static bool unique, stable, checking;

static bool order_is_default(const struct order *order)
{
    return !order->numeric && !order->reverse && !order->fold && !order->blanks && !order->dictionary;
}

/* Reading the keys */

static bool set_order(struct order *order, char letter)
{
    switch (letter) {
    case 'n':
        order->numeric = true;
        return true;
    case 'r':
        order->reverse = true;
        return true;
    case 'f':
        order->fold = true;
        return true;
    case 'b':
        order->blanks = true;
        return true;
    case 'd':
        order->dictionary = true;
        return true;
    default:
        return false;
    }
}

/* "F[.C][letters]" */
static const char *parse_position(const char *text, int *field, int *character, struct order *order)
{
    char *end;
    *field = strtol(text, &end, 10);
    if (end == text || *field < 1)
        util_errx("invalid number at field start: invalid count at start of '%s'", text);
    if (*end == '.')
        *character = strtol(end + 1, &end, 10);
    while (set_order(order, *end))
        end++;
    return end;
}

static void add_key(const char *text)
{
    struct key key = {.start_char = 1};
    if (key_count == UTIL_COUNT(keys))
        util_errx("too many keys");
    const char *end = parse_position(text, &key.start_field, &key.start_char, &key.order);
    if (*end == ',')
        end = parse_position(end + 1, &key.end_field, &key.end_char, &key.order);
    if (*end || key.start_char < 1)
        util_errx("invalid field specification '%s'", text);
    keys[key_count++] = key;
}

/* Comparing */

/* Where field `number` begins, or the end of the line. */
static const char *find_field(const struct line *line, int number)
{
    const char *c = line->text, *end = line->text + line->length;
    for (; number > 1 && c < end; number--) {
        if (separator >= 0) {
            const char *next = memchr(c, separator, end - c);
            c = next ? next + 1 : end;
            continue;
        }
        while (c < end && isblank((unsigned char)*c))
            c++;
        while (c < end && !isblank((unsigned char)*c))
            c++;
    }
    return c;
}

static const char *skip_blanks(const char *c, const char *end)
{
    while (c < end && isblank((unsigned char)*c))
        c++;
    return c;
}

static const char *key_start(const struct key *key, const struct line *line)
{
    const char *end = line->text + line->length, *c = find_field(line, key->start_field);
    if (key->order.blanks)
        c = skip_blanks(c, end);
    return end - c < key->start_char - 1 ? end : c + key->start_char - 1;
}

static const char *key_end(const struct key *key, const struct line *line)
{
    const char *end = line->text + line->length;
    if (key->end_field == 0)
        return end;
    if (key->end_char == 0) { /* to the field's last character */
        const char *next = find_field(line, key->end_field + 1);
        return separator >= 0 && next > line->text && next[-1] == separator && next <= end &&
                       find_field(line, key->end_field) < next
                   ? next - 1
                   : next;
    }
    const char *c = find_field(line, key->end_field);
    if (key->order.blanks)
        c = skip_blanks(c, end);
    return end - c < key->end_char ? end : c + key->end_char;
}

/* Compares two numbers digit by digit, so that their size does not matter: [-]digits[.digits]. */
static int compare_magnitudes(const char *a, const char *a_end, const char *b, const char *b_end)
{
    while (a < a_end && *a == '0')
        a++;
    while (b < b_end && *b == '0')
        b++;
    const char *x = a, *y = b;
    while (x < a_end && isdigit((unsigned char)*x))
        x++;
    while (y < b_end && isdigit((unsigned char)*y))
        y++;
    if (x - a != y - b)
        return x - a < y - b ? -1 : 1;
    int order = memcmp(a, b, x - a);
    if (order)
        return order;
    x += x < a_end && *x == '.';
    y += y < b_end && *y == '.';
    for (;; x++, y++) {
        int p = x < a_end && isdigit((unsigned char)*x) ? *x : 0, q = y < b_end && isdigit((unsigned char)*y) ? *y : 0;
        if (!p && !q)
            return 0;
        if ((p ? p : '0') != (q ? q : '0'))
            return (p ? p : '0') - (q ? q : '0');
        x -= !p; /* the shorter one stays where it ended */
        y -= !q;
    }
}

static bool is_zero(const char *c, const char *end)
{
    for (; c < end && (isdigit((unsigned char)*c) || *c == '.'); c++) {
        if (*c != '0' && *c != '.')
            return false;
    }
    return true;
}

static int compare_numbers(const char *a, const char *a_end, const char *b, const char *b_end)
{
    a = skip_blanks(a, a_end);
    b = skip_blanks(b, b_end);
    bool a_minus = a < a_end && *a == '-', b_minus = b < b_end && *b == '-';
    a += a_minus;
    b += b_minus;
    a_minus &= !is_zero(a, a_end);
    b_minus &= !is_zero(b, b_end);
    if (a_minus != b_minus)
        return a_minus ? -1 : 1;
    int order = compare_magnitudes(a, a_end, b, b_end);
    return a_minus ? -order : order;
}

static const char *next_relevant(const char *c, const char *end, const struct order *order)
{
    while (order->dictionary && c < end && !isalnum((unsigned char)*c) && !isblank((unsigned char)*c))
        c++;
    return c;
}

static int compare_texts(const char *a, const char *a_end, const char *b, const char *b_end, const struct order *order)
{
    for (;; a++, b++) {
        a = next_relevant(a, a_end, order);
        b = next_relevant(b, b_end, order);
        if (a == a_end || b == b_end)
            return (a < a_end) - (b < b_end);
        int x = (unsigned char)*a, y = (unsigned char)*b;
        if (order->fold) {
            x = toupper(x);
            y = toupper(y);
        }
        if (x != y)
            return x - y;
    }
}

static int compare_parts(const char *a, const char *a_end, const char *b, const char *b_end, const struct order *order)
{
    int result;
    a_end = a_end < a ? a : a_end;
    b_end = b_end < b ? b : b_end;
    if (order->numeric)
        result = compare_numbers(a, a_end, b, b_end);
    else
        result = compare_texts(a, a_end, b, b_end, order);
    return order->reverse ? -result : result;
}

/* By the keys, or by the whole lines when there are none. */
static int compare_keys(const struct line *a, const struct line *b)
{
    static const struct key whole = {.start_field = 1, .start_char = 1};
    struct key line_key = whole;
    line_key.order = global;
    const struct key *first = key_count ? keys : &line_key;
    int result = 0;
    for (int i = 0; i < (key_count ? key_count : 1) && result == 0; i++)
        result = compare_parts(key_start(&first[i], a), key_end(&first[i], a), key_start(&first[i], b),
                               key_end(&first[i], b), &first[i].order);
    return result;
}

static int compare_items(const void *left, const void *right)
{
    static const struct order plain;
    const struct item *a = left, *b = right;
    const char *x = a->line.text, *y = b->line.text;
    int result = compare_keys(&a->line, &b->line);
    if (result == 0 && !stable && !unique) { /* POSIX sort: then by all bytes */
        result = compare_texts(x, x + a->line.length, y, y + b->line.length, &plain);
        result = global.reverse ? -result : result;
    }
    if (result == 0)
        result = (a->number > b->number) - (a->number < b->number);
    return result;
}

/* Input and output */

static struct item *items;
static size_t item_count, item_room;

static int read_all(FILE *file, const char *path)
{
    struct line line = {0};
    (void)path;
    for (; line_read(file, &line); line = (struct line){0}) {
        items = util_grow(items, item_count, &item_room, sizeof(*items));
        items[item_count] = (struct item){line, item_count};
        item_count++;
    }
    free(line.text);
    return 0;
}

static void write_all(void)
{
    for (size_t i = 0; i < item_count; i++) {
        if (!unique || i == 0 || compare_keys(&items[i - 1].line, &items[i].line) != 0)
            line_write(stdout, &items[i].line);
    }
}

/* -c: 0 when the lines are in order, else 1 and the first that is not. */
static int check(const char *path)
{
    for (size_t i = 1; i < item_count; i++) {
        int order = unique ? compare_keys(&items[i - 1].line, &items[i].line) : compare_items(&items[i - 1], &items[i]);
        if (order > 0 || (unique && order == 0)) {
            fprintf(stderr, "sort: %s:%zu: disorder: %s\n", path, i + 1, items[i].line.text);
            return 1;
        }
    }
    return 0;
}

static void set_separator(const char *text)
{
    if (!*text)
        util_errx("empty tab");
    if (text[1] && strcmp(text, "\\0") != 0)
        util_errx("multi-character tab '%s'", text);
    separator = text[1] ? 0 : (unsigned char)text[0];
}

int main(int argc, char **argv)
{
    const char *output = NULL;
    util_start("sort", "[-bcdfnrsu] [-k KEY]... [-t CHAR] [-o FILE] [FILE]...", 2);
    for (int option; (option = getopt(argc, argv, "bdfnrsuck:t:o:")) != -1;) {
        if (set_order(&global, option))
            continue;
        if (option == 'k')
            add_key(optarg);
        else if (option == 't')
            set_separator(optarg);
        else if (option == 'o')
            output = optarg;
        else if (option == '?')
            util_usage();
        unique |= option == 'u';
        stable |= option == 's';
        checking |= option == 'c';
    }
    for (int i = 0; i < key_count; i++) {
        if (order_is_default(&keys[i].order))
            keys[i].order = global; /* POSIX sort: options of its own replace the global ones */
    }
    if (util_each_file(argc - optind, argv + optind, read_all))
        return 2;
    if (checking)
        return check(optind < argc ? argv[optind] : "-");
    if (item_count > 1)
        qsort(items, item_count, sizeof(*items), compare_items);
    if (output && !freopen(output, "w", stdout))
        util_err("open failed: %s", output);
    write_all();
    return util_finish(0);
}

/*
 * find - walks trees and tries an expression on each file.
 *
 * Tests: -name -iname -path PATTERN, -type bcdfpls, -size [+-]N[ckMG], -perm [-]MODE, -user, -group, -newer FILE,
 * -mtime [+-]DAYS, -links N, -empty, -true, -false; actions: -print, -print0, -exec COMMAND ; or +, -delete, -prune,
 * -quit; ways: -maxdepth, -mindepth, -depth, -L; joined by !, -a (or nothing), -o and parentheses.
 * The expression becomes a tree of nodes, each with a function that evaluates it.
 */
#include <stdlib.h>
#include <string.h>

#include "../lib/mode.h"
#include "../lib/names.h"
#include "../lib/util.h"
#include "../lib/walk.h"
#include "find.h"

static char **words; /* of the expression, from where it is read */
static struct node *batches;
static bool contents_first, has_action;
static int depth_min, depth_max = 1 << 30;

static struct node *or_expression(void);

static struct node *node_make(bool (*evaluate)(struct node *, const struct file *), struct node *left,
                              struct node *right)
{
    struct node *node = util_alloc(sizeof(*node));
    node->evaluate = evaluate;
    node->left = left;
    node->right = right;
    return node;
}

static const char *argument(void)
{
    const char *name = words[-1];
    if (!*words)
        util_errx("missing argument to '%s'", name);
    return *words++;
}

static void parse_signed(struct node *node, const char *what)
{
    char *end;
    const char *text = node->text;
    node->sign = *text == '+' || *text == '-' ? *text++ : '\0';
    node->number = strtoll(text, &end, 10);
    node->unit = strcmp(what, "-size") == 0 ? 512 : 1;
    static const char letters[] = "ckMG";
    const char *letter = *end ? strchr(letters, *end) : NULL;
    if (node->unit == 512 && letter) {
        node->unit = 1ll << (10 * (letter - letters));
        end++;
    }
    if (end == text || *end)
        util_errx("invalid argument '%s' to '%s'", node->text, what);
}

static void parse_perm(struct node *node)
{
    mode_t mode;
    node->sign = *node->text == '-' ? '-' : '\0';
    if (!mode_parse(node->text + (node->sign != '\0'), 0, 0, &mode))
        util_errx("invalid mode '%s'", node->text);
    node->number = mode;
}

static void parse_user(struct node *node)
{
    uid_t uid;
    if (!names_find_user(node->text, &uid))
        util_errx("'%s' is not the name of a known user", node->text);
    node->number = uid;
}

static void parse_group(struct node *node)
{
    gid_t gid;
    if (!names_find_group(node->text, &gid))
        util_errx("'%s' is not the name of an existing group", node->text);
    node->number = gid;
}

static void parse_newer(struct node *node)
{
    struct stat file;
    if (stat(node->text, &file) < 0)
        util_err("'%s'", node->text);
    node->time = file.st_mtim;
}

/* The words up to ";", or up to "{} +". */
static void parse_exec(struct node *node)
{
    node->command = words;
    while (*words && strcmp(*words, ";") != 0 && !(strcmp(*words, "+") == 0 && strcmp(words[-1], "{}") == 0))
        words++;
    if (!*words || words == node->command)
        util_errx("missing argument to '-exec'");
    node->command_count = words - node->command;
    if (**words++ == '+') {
        node->evaluate = act_batch;
        node->next_batch = batches;
        batches = node;
    }
}

enum operand { none, text, number, permission, user, group, newer, command };

static const struct primary {
    const char *name;
    bool (*evaluate)(struct node *node, const struct file *file);
    enum operand operand;
    bool is_action;
} primaries[] = {
    {"-name", test_name, text, false},     {"-iname", test_iname, text, false},
    {"-path", test_path, text, false},     {"-type", test_type, text, false},
    {"-size", test_size, number, false},   {"-links", test_links, number, false},
    {"-mtime", test_mtime, number, false}, {"-perm", test_perm, permission, false},
    {"-user", test_user, user, false},     {"-group", test_group, group, false},
    {"-newer", test_newer, newer, false},  {"-empty", test_empty, none, false},
    {"-true", test_true, none, false},     {"-false", test_false, none, false},
    {"-print", act_print, none, true},     {"-print0", act_print, none, true},
    {"-exec", act_exec, command, true},    {"-delete", act_delete, none, true},
    {"-prune", act_prune, none, false},    {"-quit", act_quit, none, true},
};

static void parse_operand(struct node *node, const struct primary *primary)
{
    if (primary->operand == command) {
        parse_exec(node);
        return;
    }
    if (primary->operand != none)
        node->text = argument();
    if (primary->operand == number)
        parse_signed(node, primary->name);
    else if (primary->operand == permission)
        parse_perm(node);
    else if (primary->operand == user)
        parse_user(node);
    else if (primary->operand == group)
        parse_group(node);
    else if (primary->operand == newer)
        parse_newer(node);
}

/* -maxdepth and the like say how to walk, and hold for every file. */
static bool parse_way(const char *word)
{
    if (strcmp(word, "-depth") == 0)
        contents_first = true;
    else if (strcmp(word, "-maxdepth") == 0)
        depth_max = util_number(argument(), 0, 1 << 30, "depth");
    else if (strcmp(word, "-mindepth") == 0)
        depth_min = util_number(argument(), 0, 1 << 30, "depth");
    else
        return false;
    return true;
}

static struct node *primary_expression(void)
{
    const char *word = *words++;
    if (strcmp(word, "(") == 0) {
        struct node *inside = or_expression();
        if (!*words || strcmp(*words++, ")") != 0)
            util_errx("missing ')'");
        return inside;
    }
    if (parse_way(word))
        return node_make(test_true, NULL, NULL);
    for (size_t i = 0; i < UTIL_COUNT(primaries); i++) {
        if (strcmp(primaries[i].name, word) != 0)
            continue;
        struct node *node = node_make(primaries[i].evaluate, NULL, NULL);
        node->number = strcmp(word, "-print") == 0 ? '\n' : '\0';
        parse_operand(node, &primaries[i]);
        has_action |= primaries[i].is_action;
        contents_first |= primaries[i].evaluate == act_delete;
        return node;
    }
    util_errx("unknown predicate '%s'", word);
}

static bool at(const char *word)
{
    return *words && strcmp(*words, word) == 0;
}

static struct node *not_expression(void)
{
    if (!*words)
        util_errx("expected an expression");
    if (!at("!"))
        return primary_expression();
    words++;
    return node_make(join_not, not_expression(), NULL);
}

static struct node *and_expression(void)
{
    struct node *left = not_expression();
    while (*words && !at("-o") && !at(")")) {
        if (at("-a"))
            words++;
        left = node_make(join_and, left, not_expression());
    }
    return left;
}

static struct node *or_expression(void)
{
    struct node *left = and_expression();
    while (at("-o")) {
        words++;
        left = node_make(join_or, left, and_expression());
    }
    return left;
}

/* Without an action in it the expression decides what is printed (POSIX find). */
static struct node *parse(void)
{
    struct node *expression = *words ? or_expression() : node_make(test_true, NULL, NULL);
    if (*words)
        util_errx("unexpected '%s'", *words);
    if (has_action)
        return expression;
    struct node *print = node_make(act_print, NULL, NULL);
    print->number = '\n';
    return node_make(join_and, expression, print);
}

/* Walking */

static struct node *expression;

static bool visit(struct walk *walk, enum walk_when when, const char *path, const struct stat *file)
{
    if (when == walk_error) {
        util_warn("'%s'", path);
        find_status = 1;
        return false;
    }
    const struct file found = {path, walk->directory, walk->name, file};
    bool later = contents_first && S_ISDIR(file->st_mode);
    bool in_reach = walk->depth >= depth_min && walk->depth <= depth_max;
    find_pruned = false;
    if (in_reach && later == (when == walk_leave))
        expression->evaluate(expression, &found);
    bool inside = walk->depth < depth_max && (!find_pruned || contents_first);
    if (later && when == walk_enter && !inside && in_reach)
        expression->evaluate(expression, &found); /* it will not be left */
    return inside;
}

static bool is_expression(const char *word)
{
    return word[0] == '-' || strcmp(word, "!") == 0 || strcmp(word, "(") == 0;
}

int main(int argc, char **argv)
{
    static char *here[] = {".", NULL};
    struct walk walk = {.visit = visit};
    char **paths = argv + 1;
    util_start("find", "[-L] [PATH]... [EXPRESSION]", 1);
    if (argc > 1 && (strcmp(*paths, "-L") == 0 || strcmp(*paths, "-P") == 0))
        walk.follow = (*paths++)[1] == 'L';
    find_now = time(NULL);
    for (words = paths; *words && !is_expression(*words);)
        words++;
    char **paths_end = words;
    expression = parse();
    if (paths == paths_end) {
        paths = here;
        paths_end = here + 1;
    }
    for (; paths < paths_end; paths++)
        walk_tree(&walk, *paths);
    for (struct node *node = batches; node; node = node->next_batch)
        run_batch(node);
    return util_finish(find_status);
}

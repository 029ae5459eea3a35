/*
 * coroutine-walk.c - two trees of different shape: do they hold the same words in the same order?
 *
 * A walk through a tree is two lines of recursion.  To compare two trees one needs two walks at once, each of which
 * stops in the midst of its recursion until its next word is wanted.  A coroutine does that: its stack remembers where
 * it was.  Nothing else of the walk changes but that it yields a word where it would have printed it.
 *
 * Each tree is walked only as far as the first difference.
 */
#include <coroutine.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
    const char *word;
    struct node *left, *right;
};

static struct node *node(struct node *left, const char *word, struct node *right)
{
    struct node *made = malloc(sizeof *made);

    if (made == NULL)
        exit(1);
    *made = (struct node){word, left, right};
    return made;
}

static struct node *leaf(const char *word)
{
    return node(NULL, word, NULL);
}

static void walk(const struct node *tree)
{
    if (tree == NULL)
        return;
    walk(tree->left);
    coroutine_yield((void *)tree->word, NULL);
    walk(tree->right);
}

/* What a coroutine runs: it is called with what the first resume passes, and returns when there are no more words. */
static void *walk_all(void *tree)
{
    walk(tree);
    return NULL;
}

/* The next word of a walk; NULL: there is none. */
static const char *next(struct coroutine *walker, struct node *tree)
{
    void *word = NULL;

    coroutine_resume(walker, tree, &word); /* all but the first time nobody asks for the tree */
    return word;
}

static bool are_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void compare(const char *names, struct node *first, struct node *second)
{
    struct coroutine *walkers[2];
    const char *a, *b;

    for (int i = 0; i < 2; i++) {
        if (coroutine_create(&walkers[i], walk_all, 0) != 0) {
            puts("no memory");
            exit(1);
        }
    }
    printf("%s:", names);
    do {
        a = next(walkers[0], first);
        b = next(walkers[1], second);
        if (a != NULL)
            printf(" %s", a);
    } while (a != NULL && are_same(a, b));
    puts(are_same(a, b) ? " - the same" : " - here they differ");
    coroutine_destroy(walkers[0]); /* a walk that was not finished just ends */
    coroutine_destroy(walkers[1]);
}

int main(void)
{
    struct node *flat = node(leaf("all"), "rivers", node(leaf("run"), "to", node(leaf("the"), "sea", NULL)));
    struct node *deep = node(node(node(leaf("all"), "rivers", leaf("run")), "to", leaf("the")), "sea", NULL);
    struct node *other = node(node(leaf("all"), "rivers", leaf("lead")), "to", leaf("Rome"));

    compare("flat and deep", flat, deep);
    compare("deep and other", deep, other);
    return 0;
}

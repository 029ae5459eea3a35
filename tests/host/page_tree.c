/*
 * page_tree.c - the radix tree of an object's pages (mm/page_tree.c) against a plain array, through random additions,
 * cuts from an index on and in the middle, and searches; the allocator counts what is left.
 *
 * Usage: page_tree [seed]
 */
#pragma GCC diagnostic ignored "-Wpointer-to-int-cast" /* the headers' inline functions are for 32 bits; none is used */
#pragma GCC diagnostic ignored "-Wint-to-pointer-cast"
#include <stdlib.h>

#include "../../mm/page_tree.c"
#include "tap.h"

#define INDICES 5000
#define STEPS 30000

static struct page pages[INDICES];
static bool there[INDICES];
static int nodes, wrong_puts;

void *cache_alloc(struct object_cache *cache)
{
    nodes++;
    return calloc(1, cache->size);
}

void cache_free(struct object_cache *cache, void *object)
{
    (void)cache;
    nodes -= object != NULL;
    free(object);
}

void page_put(struct page *page)
{
    long i = page - pages;

    if (i < 0 || i >= INDICES || !there[i])
        wrong_puts++;
    else
        there[i] = false;
}

/* Spread the model's indices, so that all heights of the tree are met. */
static uint32_t index_of(unsigned i)
{
    return i < INDICES / 2 ? i : i < INDICES - 10 ? i * 1000 : PAGE_TREE_MAX - (INDICES - i);
}

static void add(struct page_tree *tree, unsigned i)
{
    *page_tree_make(tree, index_of(i)) = &pages[i];
    there[i] = true;
}

static int count_there(unsigned first, unsigned end)
{
    int count = 0;

    for (unsigned i = first; i < end; i++)
        count += there[i];
    return count;
}

static bool all_right(struct page_tree *tree)
{
    for (unsigned i = 0; i < INDICES; i++) {
        void **slot = page_tree_find(tree, index_of(i));

        if ((slot != NULL ? *slot : NULL) != (there[i] ? &pages[i] : NULL))
            return false;
    }
    return true;
}

static void test_heights(void)
{
    struct page_tree tree = {0};

    add(&tree, 0);
    tap_is(nodes, 0, "a file of one page has no node");
    add(&tree, 63);
    tap_is(nodes, 1, "one of 64 has one");
    add(&tree, INDICES - 1);
    tap_ok(all_right(&tree), "the last index of all is found, and so are the first");
    tap_ok(page_tree_find(&tree, 500000) == NULL || *page_tree_find(&tree, 500000) == NULL, "a hole is one");
    tap_is(page_tree_cut(&tree, 0, PAGE_TREE_MAX), 3, "a cut at 0 takes all");
    tap_is(nodes, 0, "the nodes too");
}

/* The lowest of the model's indices from `i` on that is there, and what the tree says of it. */
static bool search_is_right(struct page_tree *tree, unsigned i)
{
    unsigned next = i;

    while (next < INDICES && !there[next])
        next++;
    return page_tree_next(tree, index_of(i), true) == (next < INDICES ? index_of(next) : PAGE_TREE_MAX) &&
           (page_tree_next(tree, index_of(i), false) == index_of(i)) == !there[i];
}

static void test_random(void)
{
    struct page_tree tree = {0};
    int wrong = 0;

    for (int step = 0; step < STEPS; step++) {
        unsigned i = (unsigned)random() % INDICES, end = i + (unsigned)random() % (INDICES - i);
        bool tail = random() % 2 != 0;

        wrong += !search_is_right(&tree, i);
        if (random() % 200 != 0) {
            if (!there[i])
                add(&tree, i);
        } else {
            int expected = count_there(i, tail ? INDICES : end);

            wrong += (int)page_tree_cut(&tree, index_of(i), tail ? PAGE_TREE_MAX : index_of(end)) != expected;
            wrong += count_there(i, tail ? INDICES : end) != 0 || !all_right(&tree);
        }
    }
    tap_is(wrong, 0, "%d random steps", STEPS);
    page_tree_cut(&tree, 0, PAGE_TREE_MAX);
    tap_is(count_there(0, INDICES), 0, "all pages are given back");
    tap_is(wrong_puts, 0, "none twice");
    tap_is(nodes, 0, "and all nodes");
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 1;

    printf("# seed %u\n", seed);
    srandom(seed);
    test_heights();
    test_random();
    return tap_end();
}

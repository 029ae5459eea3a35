/*
 * area.c - the tree of areas (mm/area.c) against a plain map of pages, through random inserts, removals and resizes.
 *
 * Usage: area [seed]
 */
#pragma GCC diagnostic ignored "-Wpointer-to-int-cast" /* the headers' inline functions are for 32 bits; none is used */
#pragma GCC diagnostic ignored "-Wint-to-pointer-cast"
#include <stdlib.h>

#include "../../mm/area.c"
#include "tap.h"

#define PAGES 400 /* of the address space that the test plays with, from page 1 on */
#define STEPS 40000
#define ADDRESS(page) ((uaddr_t)(page) << PAGE_SHIFT)

static struct area *root;
static struct area *owner[PAGES + 1]; /* the model: which area each page belongs to */
static unsigned area_total;

static unsigned below(unsigned n)
{
    return (unsigned)random() % n;
}

/* Free pages from `page` on, at most `most`. */
static unsigned room_at(unsigned page, unsigned most)
{
    unsigned n = 0;

    while (n < most && page + n <= PAGES && owner[page + n] == NULL)
        n++;
    return n;
}

static void model_set(const struct area *area, struct area *value)
{
    for (uaddr_t at = area->start; at < area->end; at += PAGE_SIZE)
        owner[at >> PAGE_SHIFT] = value;
}

static void step_insert(unsigned page)
{
    unsigned n = room_at(page, 1 + below(8));
    struct area *area;

    if (n == 0)
        return;
    area = calloc(1, sizeof(*area));
    area->start = ADDRESS(page);
    area->end = ADDRESS(page + n);
    area_insert(&root, area);
    model_set(area, area);
    area_total++;
}

static void step_remove(unsigned page)
{
    struct area *area = owner[page];

    if (area == NULL)
        return;
    area_remove(&root, area);
    model_set(area, NULL);
    free(area);
    area_total--;
}

/* Move one end of an area by a page, where there is room. */
static void step_resize(unsigned page)
{
    struct area *area = owner[page];
    uaddr_t start, end;

    if (area == NULL)
        return;
    start = area->start;
    end = area->end;
    switch (below(4)) {
    case 0:
        start += end - start > PAGE_SIZE ? PAGE_SIZE : 0;
        break;
    case 1:
        start -= start > PAGE_SIZE && owner[(start >> PAGE_SHIFT) - 1] == NULL ? PAGE_SIZE : 0;
        break;
    case 2:
        end -= end - start > PAGE_SIZE ? PAGE_SIZE : 0;
        break;
    case 3:
        end += room_at(end >> PAGE_SHIFT, 1) << PAGE_SHIFT;
        break;
    }
    model_set(area, NULL);
    area_resize(root, area, start, end);
    model_set(area, area);
}

/* The whole tree is balanced, in order and summed up right.  Answers how many areas it has. */
static unsigned tree_check(struct area *node, bool *right)
{
    struct area seen;
    unsigned n;

    if (node == NULL)
        return 0;
    n = 1 + tree_check(node->left, right) + tree_check(node->right, right);
    seen = *node;
    area_sum(node);
    *right &= memcmp(&seen, node, sizeof(seen)) == 0;
    *right &= abs((int)height_of(node->left) - (int)height_of(node->right)) <= 1;
    *right &= node->left == NULL || node->left->highest <= node->start;
    *right &= node->right == NULL || node->right->lowest >= node->end;
    return n;
}

static bool lookups_agree(unsigned page)
{
    struct area *next = NULL;

    for (unsigned at = page; at <= PAGES && next == NULL; at++)
        next = owner[at];
    return area_find(root, ADDRESS(page) + below(PAGE_SIZE)) == owner[page] &&
           area_at_or_above(root, ADDRESS(page)) == next;
}

/* The highest hole of n pages in [low, high), the slow way. */
static unsigned gap_by_model(unsigned low, unsigned high, unsigned n)
{
    for (unsigned at = high; at >= low + n; at--)
        if (room_at(at - n, n) == n)
            return at - n;
    return 0;
}

static bool gaps_agree(void)
{
    unsigned low = 1 + below(PAGES), high = 1 + below(PAGES), n = 1 + below(20);

    return area_find_gap(root, ADDRESS(low), ADDRESS(high), ADDRESS(n)) == ADDRESS(gap_by_model(low, high, n));
}

static void test_random(void)
{
    bool sound = true, lookups = true, gaps = true, counts = true;

    for (unsigned i = 0; i < STEPS; i++) {
        unsigned page = 1 + below(PAGES);

        switch (below(5)) {
        case 0:
        case 1:
            step_insert(page);
            break;
        case 2:
            step_remove(page);
            break;
        default:
            step_resize(page);
        }
        counts &= tree_check(root, &sound) == area_total;
        lookups &= lookups_agree(1 + below(PAGES));
        gaps &= gaps_agree();
    }
    tap_ok(sound, "the tree stays balanced, in order and summed up");
    tap_ok(counts, "no area is lost or doubled");
    tap_ok(lookups, "an address finds its area, or the next above");
    tap_ok(gaps, "the highest hole is found");
    for (unsigned page = 1; page <= PAGES; page++)
        step_remove(page);
    tap_ok(root == NULL, "nothing is left when all areas are removed");
}

static void test_height(void)
{
    enum { count = 4096 };
    static struct area areas[count];

    for (unsigned i = 0; i < count; i++) {
        areas[i].start = ADDRESS(2 * i + 1);
        areas[i].end = ADDRESS(2 * i + 2);
        area_insert(&root, &areas[i]);
    }
    tap_ok(root->height <= 17, "4096 areas in rising order: height %u", root->height);
    for (unsigned i = 0; i < count; i++)
        area_remove(&root, &areas[i]);
}

static void test_joins(void)
{
    static const struct backing_ops ops;
    struct area left = {.start = ADDRESS(1), .end = ADDRESS(3), .prot = PROT_READ, .flags = MAP_PRIVATE}, right = left;

    right.start = ADDRESS(3);
    right.end = ADDRESS(4);
    tap_ok(area_joins(&left, &right), "anonymous neighbours join");
    left.backing.ops = right.backing.ops = &ops;
    tap_ok(!area_joins(&left, &right), "neighbours of an object do not join where its pages do not follow");
    right.offset = 2;
    tap_ok(area_joins(&left, &right), "neighbours of an object join where its pages follow");
    right.prot = PROT_NONE;
    tap_ok(!area_joins(&left, &right), "neighbours of different protection do not join");
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 1;

    printf("# seed %u\n", seed);
    srandom(seed);
    test_random();
    test_height();
    test_joins();
    return tap_end();
}

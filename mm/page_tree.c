/*
 * page_tree.c - the radix tree of an object's pages.
 *
 * A node has 64 slots; the tree is as high as the largest index needs, so a file of one page has no node at all, and
 * one of up to 256 KiB has one.  A hole costs nothing.
 */
#include <mm/kmalloc.h>
#include <mm/page.h>
#include <mm/page_tree.h>

#define NODE_BITS 6u
#define NODE_SLOTS (1u << NODE_BITS)

struct page_node {
    void *slots[NODE_SLOTS]; /* nodes; pages at the lowest level */
};

OBJECT_CACHE(node_cache, "page_node", sizeof(struct page_node));

/* The slot in a node of level `level` (1: its slots hold pages) on the way to `index`. */
static void **node_slot(struct page_node *node, unsigned level, uint32_t index)
{
    return &node->slots[index >> NODE_BITS * (level - 1) & (NODE_SLOTS - 1)];
}

/* Where the way to `index` ends: *level is that of the missing node, or 0. */
static void **tree_descend(struct page_tree *tree, uint32_t index, unsigned *level)
{
    void **slot = &tree->root;

    for (*level = tree->height; *level > 0 && *slot != NULL; --*level)
        slot = node_slot(*slot, *level, index);
    return slot;
}

void **page_tree_find(struct page_tree *tree, uint32_t index)
{
    unsigned level;
    void **slot;

    if (index >> NODE_BITS * tree->height != 0)
        return NULL;
    slot = tree_descend(tree, index, &level);
    return level == 0 ? slot : NULL;
}

void **page_tree_make(struct page_tree *tree, uint32_t index)
{
    void **slot = &tree->root;

    while (index >> NODE_BITS * tree->height != 0) {
        struct page_node *root = tree->root != NULL ? cache_alloc(&node_cache) : NULL;

        if (root != NULL)
            root->slots[0] = tree->root;
        else if (tree->root != NULL)
            return NULL;
        tree->root = root;
        tree->height++;
    }
    for (unsigned level = tree->height; level > 0; level--) {
        if (*slot == NULL && (*slot = cache_alloc(&node_cache)) == NULL)
            return NULL;
        slot = node_slot(*slot, level, index);
    }
    return slot;
}

uint32_t page_tree_next(struct page_tree *tree, uint32_t index, bool there)
{
    unsigned level;

    while (index >> NODE_BITS * tree->height == 0) {
        void **slot = tree_descend(tree, index, &level);

        if ((level == 0 && *slot != NULL) == there)
            return index;
        index = (index | ((1u << NODE_BITS * level) - 1)) + 1;
    }
    return there ? PAGE_TREE_MAX : index;
}

/* What the subtree at *slot, of `height` levels, has in [first, end) of its own indices. */
static uint32_t subtree_cut(void **slot, unsigned height, uint32_t first, uint32_t end)
{
    struct page_node *node = *slot;
    uint32_t span, cut = 0;

    if (node == NULL)
        return 0;
    if (height == 0) {
        page_put(*slot);
        *slot = NULL;
        return 1;
    }
    span = 1u << NODE_BITS * (height - 1);
    for (unsigned i = first / span; i < NODE_SLOTS && i * span < end; i++) {
        uint32_t start = i * span;

        cut += subtree_cut(&node->slots[i], height - 1, first > start ? first - start : 0,
                           end - start < span ? end - start : span);
    }
    if (first == 0 && end == NODE_SLOTS * span) {
        *slot = NULL;
        cache_free(&node_cache, node);
    }
    return cut;
}

uint32_t page_tree_cut(struct page_tree *tree, uint32_t first, uint32_t end)
{
    uint32_t reach = 1u << NODE_BITS * tree->height, cut;

    if (end > reach)
        end = reach;
    cut = first < end ? subtree_cut(&tree->root, tree->height, first, end) : 0;
    if (tree->root == NULL)
        tree->height = 0;
    return cut;
}

/*
 * page_tree.c - the radix tree of a file's pages.
 *
 * A node has 64 slots; the tree is as high as the largest index needs, so a file of one page has no node at all, and
 * one of up to 256 KiB has one.  A hole costs nothing.  Nothing is allocated under the caller's lock: nodes are
 * handed in.
 */
#include <fs/page_tree.h>
#include <mm/kmalloc.h>
#include <mm/page.h>

#define NODE_BITS 6u
#define NODE_SLOTS (1u << NODE_BITS)

struct page_node {
    void *slots[NODE_SLOTS]; /* nodes; pages at the lowest level */
};

OBJECT_CACHE(node_cache, "page_node", sizeof(struct page_node));

struct page_node *page_node_alloc(void)
{
    return cache_alloc(&node_cache);
}

void page_node_free(struct page_node *node)
{
    cache_free(&node_cache, node);
}

/* The slot in a node of level `level` (1: its slots hold pages) on the way to `index`. */
static void **node_slot(struct page_node *node, unsigned level, uint32_t index)
{
    return &node->slots[index >> NODE_BITS * (level - 1) & (NODE_SLOTS - 1)];
}

void **page_tree_find(struct page_tree *tree, uint32_t index)
{
    void **slot = &tree->root;

    if (index >> NODE_BITS * tree->height != 0)
        return NULL;
    for (unsigned level = tree->height; level > 0; level--) {
        if (*slot == NULL)
            return NULL;
        slot = node_slot(*slot, level, index);
    }
    return slot;
}

/* Put the spare node at *slot.  False: there is none. */
static bool use_spare(void **slot, struct page_node **spare)
{
    if (*spare == NULL)
        return false;
    *slot = *spare;
    *spare = NULL;
    return true;
}

void **page_tree_make(struct page_tree *tree, uint32_t index, struct page_node **spare)
{
    void **slot = &tree->root;

    while (index >> NODE_BITS * tree->height != 0) {
        void *old = tree->root;

        if (old != NULL) {
            if (!use_spare(&tree->root, spare))
                return NULL;
            ((struct page_node *)tree->root)->slots[0] = old;
        }
        tree->height++;
    }
    for (unsigned level = tree->height; level > 0; level--) {
        if (*slot == NULL && !use_spare(slot, spare))
            return NULL;
        slot = node_slot(*slot, level, index);
    }
    return slot;
}

/* What the subtree at *slot, of `height` levels, holds from its own index `first` on. */
static uint32_t subtree_cut(void **slot, unsigned height, uint32_t first)
{
    struct page_node *node = *slot;
    unsigned shift;
    uint32_t cut;

    if (node == NULL)
        return 0;
    if (height == 0) {
        page_put(*slot);
        *slot = NULL;
        return 1;
    }
    shift = NODE_BITS * (height - 1);
    cut = subtree_cut(&node->slots[first >> shift], height - 1, first & ((1u << shift) - 1));
    for (unsigned i = (first >> shift) + 1; i < NODE_SLOTS; i++)
        cut += subtree_cut(&node->slots[i], height - 1, 0);
    if (first == 0) {
        *slot = NULL;
        page_node_free(node);
    }
    return cut;
}

uint32_t page_tree_cut(struct page_tree *tree, uint32_t first)
{
    if (first >> NODE_BITS * tree->height != 0)
        return 0;
    return subtree_cut(&tree->root, tree->height, first);
}

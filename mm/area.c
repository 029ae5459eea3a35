/*
 * area.c - the tree of a space's areas.
 *
 * An AVL tree by address: the heights of a node's two subtrees differ by one at most, so that a tree of n areas is no
 * higher than 1.44 log2 n and recursion in it needs no care.  Each node also knows the range that its subtree spans and
 * the largest hole in it.  These sums depend on the node's children alone; whoever changes a subtree sums up again
 * on the way back to the root.  With them a hole for a new mapping is found without looking at every area.
 *
 * No locks: the space's lock guards its tree.
 */
#include <mm/area.h>

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static uint32_t height_of(const struct area *root)
{
    return root == NULL ? 0 : root->height;
}

/* Bring the node's sums up to date from its children's.  Answers the node. */
static struct area *area_sum(struct area *node)
{
    const struct area *left = node->left, *right = node->right;

    node->lowest = node->start;
    node->highest = node->end;
    node->gap = 0;
    if (left != NULL) {
        node->lowest = left->lowest;
        node->gap = larger(left->gap, node->start - left->highest);
    }
    if (right != NULL) {
        node->highest = right->highest;
        node->gap = larger(node->gap, larger(right->gap, right->lowest - node->end));
    }
    node->height = 1 + larger(height_of(left), height_of(right));
    return node;
}

static struct area *rotate_right(struct area *node)
{
    struct area *top = node->left;

    node->left = top->right;
    top->right = area_sum(node);
    return area_sum(top);
}

static struct area *rotate_left(struct area *node)
{
    struct area *top = node->right;

    node->right = top->left;
    top->left = area_sum(node);
    return area_sum(top);
}

/* The node's subtrees are balanced, and differ in height by two at most.  Answers the balanced tree's root. */
static struct area *area_balance(struct area *node)
{
    uint32_t left = height_of(node->left), right = height_of(node->right);

    if (left > right + 1) {
        if (height_of(node->left->left) < height_of(node->left->right))
            node->left = rotate_left(node->left);
        return rotate_right(node);
    }
    if (right > left + 1) {
        if (height_of(node->right->right) < height_of(node->right->left))
            node->right = rotate_right(node->right);
        return rotate_left(node);
    }
    return area_sum(node);
}

static struct area *tree_insert(struct area *root, struct area *area)
{
    if (root == NULL)
        return area_sum(area);
    if (area->start < root->start)
        root->left = tree_insert(root->left, area);
    else
        root->right = tree_insert(root->right, area);
    return area_balance(root);
}

/* Take the lowest node out of the tree: *lowest.  Answers the rest. */
static struct area *tree_take_lowest(struct area *root, struct area **lowest)
{
    if (root->left == NULL) {
        *lowest = root;
        return root->right;
    }
    root->left = tree_take_lowest(root->left, lowest);
    return area_balance(root);
}

static struct area *tree_remove(struct area *root, struct area *area)
{
    struct area *heir, *rest;

    if (area->start < root->start) {
        root->left = tree_remove(root->left, area);
        return area_balance(root);
    }
    if (area->start > root->start) {
        root->right = tree_remove(root->right, area);
        return area_balance(root);
    }
    if (root->right == NULL)
        return root->left;
    rest = tree_take_lowest(root->right, &heir);
    heir->right = rest;
    heir->left = root->left;
    return area_balance(heir);
}

void area_insert(struct area **root, struct area *area)
{
    area->left = area->right = NULL;
    *root = tree_insert(*root, area);
}

void area_remove(struct area **root, struct area *area)
{
    *root = tree_remove(*root, area);
}

static void tree_resize(struct area *root, struct area *area, uaddr_t start, uaddr_t end)
{
    if (area->start < root->start) {
        tree_resize(root->left, area, start, end);
    } else if (area->start > root->start) {
        tree_resize(root->right, area, start, end);
    } else {
        area->start = start;
        area->end = end;
    }
    area_sum(root);
}

void area_resize(struct area *root, struct area *area, uaddr_t start, uaddr_t end)
{
    if (area->backing.ops != NULL)
        area->offset += (uint32_t)((int32_t)(start - area->start) >> PAGE_SHIFT);
    tree_resize(root, area, start, end);
}

struct area *area_find(struct area *root, uaddr_t address)
{
    while (root != NULL && (address < root->start || address >= root->end))
        root = address < root->start ? root->left : root->right;
    return root;
}

struct area *area_at_or_above(struct area *root, uaddr_t address)
{
    struct area *found = NULL;

    while (root != NULL) {
        if (root->end > address) {
            found = root;
            root = root->left;
        } else {
            root = root->right;
        }
    }
    return found;
}

uaddr_t area_find_gap(const struct area *root, uaddr_t low, uaddr_t high, uint32_t size)
{
    uaddr_t found;

    if (high < low || high - low < size)
        return 0;
    if (root == NULL || root->lowest >= high || root->highest <= low)
        return high - size;
    if (root->gap < size && (root->highest >= high || high - root->highest < size) &&
        (root->lowest <= low || root->lowest - low < size))
        return 0;
    found = area_find_gap(root->right, root->end > low ? root->end : low, high, size);
    if (found != 0)
        return found;
    return area_find_gap(root->left, low, root->start < high ? root->start : high, size);
}

bool area_joins(const struct area *left, const struct area *right)
{
    return left->end == right->start && left->prot == right->prot && left->flags == right->flags &&
           left->backing.ops == right->backing.ops && left->backing.object == right->backing.object &&
           (left->backing.ops == NULL || left->offset + area_pages(left) == right->offset);
}

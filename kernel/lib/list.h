/*
 * list.h - circular doubly linked lists, the nodes inside the structures that they link.
 *
 * A list is a node of its own, its head.  A node that stands on no list points nowhere (next == NULL), so that
 * list_linked() can be asked of it at any time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *next, *prev;
};

#define LIST_INIT(name)  \
    {                    \
        &(name), &(name) \
    }

/* The structure of type `type` whose member `member` is *node. */
#define container_of(node, type, member) ((type *)((char *)(node)-offsetof(type, member)))

/* The node of *entry.  Where a list ends, its head is taken for the node of an entry that there is none of. */
#define list_node(entry, member) ((struct list *)((char *)(entry) + offsetof(__typeof__(*(entry)), member)))

#define list_for_each_entry(entry, head, member)                                                             \
    for (entry = container_of((head)->next, __typeof__(*entry), member); list_node(entry, member) != (head); \
         entry = container_of(entry->member.next, __typeof__(*entry), member))

/* As above; the loop's body may take `entry` off the list. */
#define list_for_each_entry_safe(entry, after, head, member)                              \
    for (entry = container_of((head)->next, __typeof__(*entry), member),                  \
        after = container_of(list_node(entry, member)->next, __typeof__(*entry), member); \
         list_node(entry, member) != (head);                                              \
         entry = after, after = container_of(list_node(entry, member)->next, __typeof__(*entry), member))

static inline void list_init(struct list *head)
{
    head->next = head->prev = head;
}

static inline bool list_empty(const struct list *head)
{
    return head->next == head;
}

static inline bool list_linked(const struct list *node)
{
    return node->next != NULL;
}

static inline void list_insert_after(struct list *node, struct list *before)
{
    node->next = before->next;
    node->prev = before;
    before->next->prev = node;
    before->next = node;
}

static inline void list_add_tail(struct list *head, struct list *node)
{
    list_insert_after(node, head->prev);
}

static inline void list_add_head(struct list *head, struct list *node)
{
    list_insert_after(node, head);
}

/* Take `node` off its list, to stand on another one at once: it never looks as if it stood on none. */
static inline void list_unlink(struct list *node)
{
    node->next->prev = node->prev;
    node->prev->next = node->next;
}

/* Take `node` off its list.  The store to node->next comes last: see wait_remove() for the reader that relies on it. */
static inline void list_remove(struct list *node)
{
    list_unlink(node);
    __atomic_store_n(&node->next, NULL, __ATOMIC_RELEASE);
}

/* The first node, or NULL. */
static inline struct list *list_first(const struct list *head)
{
    return head->next == head ? NULL : head->next;
}

/* Take the first node off and answer it, or NULL. */
static inline struct list *list_pop(struct list *head)
{
    struct list *node = list_first(head);

    if (node != NULL)
        list_remove(node);
    return node;
}

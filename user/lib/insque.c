/*
 * insque.c - lists whose elements begin with two pointers, to the next and to the one before.
 */
#include "libc.h"
#include <search.h>

struct element {
    struct element *next, *previous;
};

void insque(void *new, void *behind)
{
    struct element *element = new, *previous = behind;

    *element = (struct element){.next = previous != NULL ? previous->next : NULL, .previous = previous};
    if (previous != NULL)
        previous->next = element;
    if (element->next != NULL)
        element->next->previous = element;
}

void remque(void *old)
{
    struct element *element = old;

    if (element->previous != NULL)
        element->previous->next = element->next;
    if (element->next != NULL)
        element->next->previous = element->previous;
}

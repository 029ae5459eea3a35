/*
 * field.c - an expansion to fields: splitting at IFS, file names for patterns, quotes gone.
 *
 * POSIX 2.6.5: white space in IFS separates fields in any number and does not make empty ones; any other character
 * of IFS ends a field, with the white space around it.
 */
#include <stdlib.h>
#include <string.h>

#include "sh.h"

/* Appends one field (or the NULL behind the last). */
void fields_add(struct fields *fields, char *value)
{
    if (fields->count == fields->size) {
        int size = fields->size ? fields->size * 2 : 8;
        char **values = scratch_get((size_t)size * sizeof *values);
        if (fields->count > 0)
            memcpy(values, fields->values, (size_t)fields->count * sizeof *values);
        fields->values = values;
        fields->size = size;
    }
    fields->values[fields->count++] = value;
}

static int field_compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts all from the first on. */
void fields_sort(struct fields *fields, int first)
{
    if (fields->count - first > 1)
        qsort(fields->values + first, (size_t)(fields->count - first), sizeof *fields->values, field_compare);
}

static bool is_separator(char c, char mask, const char *ifs)
{
    return mask == MASK_EXPANDED && strchr(ifs, c);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static const char *ifs_get(void)
{
    const char *ifs = var_get("IFS");
    return ifs ? ifs : " \t\n";
}

/* Moves *at behind white space that separates fields. */
void ifs_skip(const char *text, const char *mask, size_t length, size_t *at)
{
    const char *ifs = ifs_get();
    while (*at < length && is_blank(text[*at]) && is_separator(text[*at], mask[*at], ifs))
        ++*at;
}

/* Finds the field that begins at *at and moves *at behind its separator; false when the text is used up. */
bool ifs_next(const char *text, const char *mask, size_t length, size_t *at, size_t *start, size_t *end)
{
    const char *ifs = ifs_get();
    if (*at >= length)
        return false;
    *start = *at;
    while (*at < length && !is_separator(text[*at], mask[*at], ifs))
        ++*at;
    *end = *at;
    ifs_skip(text, mask, length, at);
    if (*at < length && is_separator(text[*at], mask[*at], ifs)) {
        ++*at;
        ifs_skip(text, mask, length, at);
    }
    return true;
}

/* A pattern for pattern_match, in scratch memory. */
char *mask_to_pattern(const char *text, const char *mask, size_t length)
{
    char *pattern = scratch_get(length * 2 + 1), *end = pattern;
    for (size_t i = 0; i < length; i++) {
        if (mask[i] == MASK_NULL)
            continue;
        if (mask[i] == MASK_QUOTED)
            *end++ = '\\';
        *end++ = text[i];
    }
    return pattern;
}

/* A bracket alone, as in `[ a = b ]`, is no pattern. */
static bool has_pattern(const char *text, const char *mask, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (mask[i] == MASK_QUOTED || mask[i] == MASK_NULL)
            continue;
        if (text[i] == '*' || text[i] == '?' || (text[i] == '[' && memchr(text + i, ']', length - i)))
            return true;
    }
    return false;
}

/* One field; a pattern becomes the names of the files that match, or stays as it is when there are none. */
static void field_emit(const char *text, const char *mask, size_t length, struct fields *fields)
{
    if (!sh.option['f'] && has_pattern(text, mask, length) &&
        glob_expand(mask_to_pattern(text, mask, length), fields) > 0)
        return;
    char *value = scratch_get(length + 1), *end = value;
    for (size_t i = 0; i < length; i++) {
        if (mask[i] != MASK_NULL)
            *end++ = text[i];
    }
    fields_add(fields, value);
}

static void split_piece(const char *text, const char *mask, size_t length, struct fields *fields)
{
    size_t at = 0, start, end;
    ifs_skip(text, mask, length, &at);
    while (ifs_next(text, mask, length, &at, &start, &end))
        field_emit(text + start, mask + start, end - start, fields);
}

/* Appends the fields that an expansion falls into. */
void fields_split(struct expansion *x, struct fields *fields)
{
    const char *text = x->text.data, *mask = x->mask.data;
    size_t rest = x->text.length;
    while (rest > 0) {
        const char *end = memchr(mask, MASK_BREAK, rest);
        size_t length = end ? (size_t)(end - mask) : rest;
        split_piece(text, mask, length, fields);
        length += end != NULL;
        text += length;
        mask += length;
        rest -= length;
    }
}

/*
 * cpio.c - the "newc" format: for each file a header of a magic number and 13 fields of 8 hexadecimal digits, its
 * name, and its data, the latter two padded to 4 bytes.  An entry named TRAILER!!! ends an archive; another may
 * follow, behind any number of zeros, as boot loaders put several initrds together.
 */
#include <fs/cpio.h>
#include <lib/string.h>

#define MAGIC "070701"
#define MAGIC_CRC "070702" /* the same with a sum, which we do not check */
#define MAGIC_LENGTH 6u
#define FIELD_LENGTH 8u
#define TRAILER "TRAILER!!!"

#define FIELD_COUNT (sizeof(struct cpio_fields) / sizeof(uint32_t))
#define HEADER_LENGTH (MAGIC_LENGTH + FIELD_COUNT * FIELD_LENGTH)

static bool parse_digit(uint8_t c, uint32_t *value)
{
    if (c >= '0' && c <= '9')
        *value = *value << 4 | (uint32_t)(c - '0');
    else if (c >= 'a' && c <= 'f')
        *value = *value << 4 | (uint32_t)(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F')
        *value = *value << 4 | (uint32_t)(c - 'A' + 10);
    else
        return false;
    return true;
}

static bool parse_fields(const uint8_t *s, struct cpio_fields *fields)
{
    uint32_t values[FIELD_COUNT] = {0};

    for (unsigned i = 0; i < FIELD_COUNT; i++)
        for (unsigned digit = 0; digit < FIELD_LENGTH; digit++)
            if (!parse_digit(*s++, &values[i]))
                return false;
    memcpy(fields, values, sizeof(values));
    return true;
}

/* Take `size` bytes and what pads them to 4; NULL: the archive ends before.  The padding behind the very last may
 * lack. */
static const uint8_t *take(struct cpio *cpio, size_t size)
{
    const uint8_t *bytes = cpio->start + cpio->at;
    size_t left = cpio->size - cpio->at;

    if (size > left)
        return NULL;
    cpio->at += size;
    while (cpio->at % 4 != 0 && cpio->at < cpio->size)
        cpio->at++;
    return bytes;
}

static int bad(const char **problem, const char *text)
{
    *problem = text;
    return -1;
}

static int read_entry(struct cpio *cpio, struct cpio_entry *entry, const char **problem)
{
    const uint8_t *header = cpio->start + cpio->at;
    struct cpio_fields *fields = &entry->fields;

    if (cpio->size - cpio->at < HEADER_LENGTH)
        return bad(problem, "it ends inside a header");
    if (memcmp(header, MAGIC, MAGIC_LENGTH) != 0 && memcmp(header, MAGIC_CRC, MAGIC_LENGTH) != 0)
        return bad(problem, "no magic number 070701 where a header should be");
    if (!parse_fields(header + MAGIC_LENGTH, fields))
        return bad(problem, "a field of a header is not hexadecimal");
    /* The header and the name are padded together. */
    if (fields->name_size == 0 || fields->name_size > cpio->size)
        return bad(problem, "the length of a name is out of range");
    header = take(cpio, HEADER_LENGTH + fields->name_size);
    if (header == NULL)
        return bad(problem, "it ends inside a name");
    entry->name = (const char *)header + HEADER_LENGTH;
    if (strnlen(entry->name, fields->name_size) != fields->name_size - 1)
        return bad(problem, "the length of a name does not fit the name");
    entry->data = take(cpio, fields->size);
    return entry->data != NULL ? 1 : bad(problem, "it ends inside a file");
}

int cpio_next(struct cpio *cpio, struct cpio_entry *entry, const char **problem)
{
    for (;;) {
        int result;

        while (cpio->at < cpio->size && cpio->start[cpio->at] == 0)
            cpio->at++;
        entry->offset = cpio->at;
        if (cpio->at == cpio->size)
            return cpio->ended ? 0 : bad(problem, "it has no end mark (TRAILER!!!)");
        result = read_entry(cpio, entry, problem);
        if (result < 0)
            return result;
        cpio->ended = strcmp(entry->name, TRAILER) == 0;
        if (!cpio->ended)
            return 1;
    }
}

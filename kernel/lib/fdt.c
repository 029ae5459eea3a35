/*
 * fdt.c - the reader of flattened device trees.
 *
 * The structure block is a sequence of 32-bit big-endian tokens: a node's begin (with its name), its properties (with
 * length, offset of the name in the strings block, and value), its children, its end.  token_read() is the only place
 * that looks at raw bytes, and checks every length against the block; all else walks from token to token.  A broken
 * blob reads as one that ends early.
 *
 * Addresses are not translated through `ranges`: the buses that we look at are mapped one to one.
 */
#include <lib/fdt.h>
#include <lib/string.h>

#define FDT_MAGIC 0xd00dfeedu
#define FDT_VERSION 17u
#define FDT_HEADER_SIZE 40
#define FDT_BEGIN_NODE 1u
#define FDT_END_NODE 2u
#define FDT_PROPERTY 3u
#define FDT_NOP 4u

#define DEPTH_MAX 16

struct token {
    uint32_t kind;
    const char *name;     /* of a node or a property */
    const uint8_t *value; /* of a property */
    uint32_t length;
};

static uint32_t read_word(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

/* The string at `offset` of a block, or NULL where it does not end inside. */
static const char *block_string(const uint8_t *block, uint32_t size, uint32_t offset)
{
    if (offset >= size)
        return NULL;
    const char *s = (const char *)block + offset;

    return strnlen(s, size - offset) < size - offset ? s : NULL;
}

/* The token at `offset`; answers the offset behind it, or FDT_NONE where there is no whole one. */
static uint32_t token_read(const struct fdt *fdt, uint32_t offset, struct token *token)
{
    uint32_t size = fdt->structure_size;
    const uint8_t *p;

    if (offset >= size || size - offset < 4)
        return FDT_NONE;
    p = fdt->structure + offset;
    token->kind = read_word(p);
    offset += 4;
    switch (token->kind) {
    case FDT_BEGIN_NODE:
        token->name = block_string(fdt->structure, size, offset);
        return token->name == NULL ? FDT_NONE : (uint32_t)(offset + strlen(token->name) + 1 + 3) & ~3u;
    case FDT_PROPERTY:
        if (size - offset < 8)
            return FDT_NONE;
        token->length = read_word(p + 4);
        token->name = block_string(fdt->strings, fdt->strings_size, read_word(p + 8));
        token->value = p + 12;
        offset += 8;
        return token->name == NULL || token->length > size - offset ? FDT_NONE : (offset + token->length + 3) & ~3u;
    case FDT_END_NODE:
    case FDT_NOP:
        return offset;
    default: /* FDT_END, or nothing that we know */
        return FDT_NONE;
    }
}

/* A block of the blob: `at` is where the header has its offset, `size_at` its size. */
static const uint8_t *header_block(const uint8_t *blob, uint32_t total, unsigned at, unsigned size_at, uint32_t *size)
{
    uint32_t offset = read_word(blob + at);

    *size = read_word(blob + size_at);
    return offset <= total && *size <= total - offset ? blob + offset : NULL;
}

bool fdt_open(struct fdt *fdt, const void *blob, size_t limit)
{
    const uint8_t *p = blob;

    if (limit < FDT_HEADER_SIZE || read_word(p) != FDT_MAGIC)
        return false;
    fdt->total_size = read_word(p + 4);
    if (fdt->total_size < FDT_HEADER_SIZE || fdt->total_size > limit)
        return false;
    if (read_word(p + 20) < FDT_VERSION || read_word(p + 24) > FDT_VERSION)
        return false;
    fdt->structure = header_block(p, fdt->total_size, 8, 36, &fdt->structure_size);
    fdt->strings = header_block(p, fdt->total_size, 12, 32, &fdt->strings_size);
    return fdt->structure != NULL && fdt->strings != NULL && fdt->structure_size <= INT32_MAX &&
           fdt_root(fdt) != FDT_NONE;
}

/* The first node that begins at `offset` or behind. */
static uint32_t node_from(const struct fdt *fdt, uint32_t offset)
{
    struct token token;

    while (offset != FDT_NONE) {
        uint32_t next = token_read(fdt, offset, &token);

        if (next != FDT_NONE && token.kind == FDT_BEGIN_NODE)
            return offset;
        offset = next;
    }
    return FDT_NONE;
}

uint32_t fdt_root(const struct fdt *fdt)
{
    return node_from(fdt, 0);
}

/* The next node in document order. */
static uint32_t node_after(const struct fdt *fdt, uint32_t node)
{
    struct token token;

    return node == FDT_NONE ? fdt_root(fdt) : node_from(fdt, token_read(fdt, node, &token));
}

const void *fdt_property(const struct fdt *fdt, uint32_t node, const char *name, uint32_t *length)
{
    struct token token;

    if (node == FDT_NONE)
        return NULL;
    for (uint32_t at = token_read(fdt, node, &token); at != FDT_NONE;) {
        at = token_read(fdt, at, &token);
        if (at == FDT_NONE || token.kind == FDT_BEGIN_NODE || token.kind == FDT_END_NODE)
            return NULL;
        if (token.kind == FDT_PROPERTY && strcmp(token.name, name) == 0) {
            *length = token.length;
            return token.value;
        }
    }
    return NULL;
}

uint32_t fdt_cell(const struct fdt *fdt, uint32_t node, const char *name, unsigned index, uint32_t otherwise)
{
    uint32_t length;
    const uint8_t *value = fdt_property(fdt, node, name, &length);

    return value != NULL && index < length / 4 ? read_word(value + 4 * index) : otherwise;
}

const char *fdt_string(const struct fdt *fdt, uint32_t node, const char *name)
{
    uint32_t length;
    const char *value = fdt_property(fdt, node, name, &length);

    return value != NULL && strnlen(value, length) < length ? value : NULL;
}

/* Does the property, a list of strings, hold `wanted`? */
static bool strings_hold(const char *list, uint32_t length, const char *wanted)
{
    while (length != 0) {
        size_t n = strnlen(list, length);

        if (n == length)
            return false;
        if (strcmp(list, wanted) == 0)
            return true;
        list += n + 1;
        length -= n + 1;
    }
    return false;
}

static uint32_t next_holding(const struct fdt *fdt, uint32_t node, const char *property, const char *wanted)
{
    while ((node = node_after(fdt, node)) != FDT_NONE) {
        uint32_t length;
        const char *list = fdt_property(fdt, node, property, &length);

        if (list != NULL && strings_hold(list, length, wanted))
            break;
    }
    return node;
}

uint32_t fdt_next_compatible(const struct fdt *fdt, uint32_t after, const char *name)
{
    return next_holding(fdt, after, "compatible", name);
}

uint32_t fdt_next_type(const struct fdt *fdt, uint32_t after, const char *type)
{
    return next_holding(fdt, after, "device_type", type);
}

uint32_t fdt_named(const struct fdt *fdt, const char *name)
{
    size_t length = strlen(name);
    uint32_t node = FDT_NONE;

    while ((node = node_after(fdt, node)) != FDT_NONE) {
        struct token token;

        token_read(fdt, node, &token);
        if (strncmp(token.name, name, length) == 0 && (token.name[length] == '\0' || token.name[length] == '@'))
            break;
    }
    return node;
}

static uint32_t node_parent(const struct fdt *fdt, uint32_t node)
{
    uint32_t above[DEPTH_MAX];
    unsigned depth = 0;
    struct token token;

    for (uint32_t at = 0; at < node;) {
        uint32_t here = at;

        at = token_read(fdt, here, &token);
        if (at == FDT_NONE || (token.kind == FDT_BEGIN_NODE && depth == DEPTH_MAX) ||
            (token.kind == FDT_END_NODE && depth == 0))
            return FDT_NONE;
        if (token.kind == FDT_BEGIN_NODE)
            above[depth++] = here;
        if (token.kind == FDT_END_NODE)
            depth--;
    }
    return depth == 0 ? FDT_NONE : above[depth - 1];
}

static uint64_t read_cells(const uint8_t *p, unsigned cells)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < cells; i++)
        value = value << 32 | read_word(p + 4 * i);
    return value;
}

bool fdt_reg(const struct fdt *fdt, uint32_t node, unsigned index, uint64_t *address, uint64_t *size)
{
    uint32_t parent = node_parent(fdt, node);
    uint32_t address_cells = fdt_cell(fdt, parent, "#address-cells", 0, 2);
    uint32_t size_cells = fdt_cell(fdt, parent, "#size-cells", 0, 1);
    uint32_t length;
    const uint8_t *reg = fdt_property(fdt, node, "reg", &length);

    if (reg == NULL || address_cells - 1 > 1 || size_cells > 2)
        return false;
    unsigned entry = 4 * (address_cells + size_cells);

    if (index >= length / entry)
        return false;
    *address = read_cells(reg + entry * index, address_cells);
    *size = read_cells(reg + entry * index + 4 * address_cells, size_cells);
    return true;
}

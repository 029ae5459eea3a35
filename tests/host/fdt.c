/*
 * fdt.c - the reader of device trees (kernel/lib/fdt.c): a small tree made here, QEMU's own for the board, and both cut
 * short and with bytes changed, where the reader may find nothing but must not read past the blob (the sanitizer sees).
 *
 * Usage: fdt [seed]
 */
#include <stdlib.h>
#include <unistd.h>

#include "../../kernel/lib/fdt.c"
#include "tap.h"

#define MUTATIONS 3000
#define HEADER 40

/* A blob under construction. */
static struct {
    uint8_t structure[1024], strings[256];
    uint32_t structure_size, strings_size;
} made;

static void put_word(uint8_t *to, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        to[i] = value >> (24 - 8 * i);
}

static void add_word(uint32_t value)
{
    put_word(made.structure + made.structure_size, value);
    made.structure_size += 4;
}

static void add_bytes(const void *bytes, uint32_t n)
{
    memcpy(made.structure + made.structure_size, bytes, n);
    made.structure_size += (n + 3) & ~3u;
}

static void begin(const char *name)
{
    add_word(FDT_BEGIN_NODE);
    add_bytes(name, strlen(name) + 1);
}

static void end(void)
{
    add_word(FDT_END_NODE);
}

static void property(const char *name, const void *value, uint32_t n)
{
    add_word(FDT_PROPERTY);
    add_word(n);
    add_word(made.strings_size);
    strcpy((char *)made.strings + made.strings_size, name);
    made.strings_size += strlen(name) + 1;
    add_bytes(value, n);
}

#define property_text(name, text) property(name, text, sizeof(text))

static void property_cells(const char *name, unsigned n, const uint32_t *cells)
{
    uint8_t bytes[64];

    for (unsigned i = 0; i < n; i++)
        put_word(bytes + 4 * i, cells[i]);
    property(name, bytes, 4 * n);
}

#define CELLS(...)                                        \
    (sizeof((uint32_t[]){__VA_ARGS__}) / 4), (uint32_t[]) \
    {                                                     \
        __VA_ARGS__                                       \
    }

/* The blob, in memory of just its size. */
static uint8_t *finish(size_t *size)
{
    uint32_t at = HEADER + 16; /* an empty list of reservations */
    uint8_t *blob;

    add_word(9); /* FDT_END */
    *size = at + made.structure_size + made.strings_size;
    blob = calloc(1, *size);
    uint32_t header[] = {FDT_MAGIC, *size, at, at + made.structure_size, HEADER,
                         17,        16,    0,  made.strings_size,        made.structure_size};
    for (unsigned i = 0; i < 10; i++)
        put_word(blob + 4 * i, header[i]);
    memcpy(blob + at, made.structure, made.structure_size);
    memcpy(blob + at + made.structure_size, made.strings, made.strings_size);
    return blob;
}

static uint8_t *make_tree(size_t *size)
{
    begin("");
    property_cells("#address-cells", CELLS(2));
    property_cells("#size-cells", CELLS(2));
    begin("memory@40000000");
    property_text("device_type", "memory");
    property_cells("reg", CELLS(0, 0x40000000, 0, 0x08000000, 1, 0, 0, 0x1000));
    end();
    add_word(FDT_NOP);
    begin("bus");
    property_cells("#address-cells", CELLS(1));
    property_cells("#size-cells", CELLS(1));
    begin("uart@9000000");
    property_text("compatible", "arm,pl011\0arm,primecell");
    property_cells("reg", CELLS(0x09000000, 0x1000));
    end();
    begin("uart@9040000");
    property_text("compatible", "arm,pl011\0arm,primecell");
    property("name", "unended", 7);
    end();
    end();
    begin("chosen");
    property_text("bootargs", "quiet init=/bin/sh");
    end();
    end();
    return finish(size);
}

static void test_made(const uint8_t *blob, size_t size)
{
    struct fdt fdt;
    uint64_t address, length;
    uint32_t n, node, first;

    tap_ok(fdt_open(&fdt, blob, size), "the tree opens");
    node = fdt_named(&fdt, "chosen");
    tap_is_text(fdt_string(&fdt, node, "bootargs"), "quiet init=/bin/sh", "a string");
    tap_ok(fdt_string(&fdt, node, "nothing") == NULL, "no such property");
    tap_ok(fdt_property(&fdt, fdt_root(&fdt), "bootargs", &n) == NULL, "a child's property is not the node's");
    tap_is(fdt_named(&fdt, "uart@9040000") != FDT_NONE, true, "a name with a unit address");
    tap_is(fdt_named(&fdt, "uart") == fdt_next_compatible(&fdt, FDT_NONE, "arm,pl011"), true, "a name without one");
    tap_is(fdt_named(&fdt, "uar"), FDT_NONE, "a part of a name is none");
    tap_is(fdt_named(&fdt, "none"), FDT_NONE, "no such name");
    tap_is(fdt_named(&fdt, ""), fdt_root(&fdt), "the root's name");
    node = fdt_next_type(&fdt, FDT_NONE, "memory");
    tap_ok(fdt_reg(&fdt, node, 0, &address, &length) && address == 0x40000000 && length == 0x08000000, "reg, 64 bits");
    tap_ok(fdt_reg(&fdt, node, 1, &address, &length) && address == 1ull << 32 && length == 0x1000, "its second entry");
    tap_ok(!fdt_reg(&fdt, node, 2, &address, &length), "no third one");
    tap_is(fdt_next_type(&fdt, node, "memory"), FDT_NONE, "no second memory");
    first = fdt_next_compatible(&fdt, FDT_NONE, "arm,primecell");
    tap_ok(fdt_reg(&fdt, first, 0, &address, &length) && address == 0x09000000 && length == 0x1000, "reg, 32 bits");
    node = fdt_next_compatible(&fdt, first, "arm,primecell");
    tap_ok(node != FDT_NONE && node != first, "the second of two");
    tap_is(fdt_next_compatible(&fdt, node, "arm,primecell"), FDT_NONE, "and no third");
    tap_ok(fdt_string(&fdt, node, "name") == NULL, "a string without an end is none");
    tap_is(fdt_cell(&fdt, first, "reg", 1, 7), 0x1000, "a cell");
    tap_is(fdt_cell(&fdt, first, "reg", 2, 7), 7, "a cell that is not there");
    tap_is(fdt_cell(&fdt, FDT_NONE, "reg", 0, 7), 7, "of no node");
    tap_ok(!fdt_reg(&fdt, FDT_NONE, 0, &address, &length), "the registers of no node");
}

static void test_header(uint8_t *blob, size_t size)
{
    struct fdt fdt;

    tap_ok(!fdt_open(&fdt, blob, size - 1), "larger than its memory");
    tap_ok(!fdt_open(&fdt, blob, HEADER - 1), "not even a header");
    put_word(blob, 0xd00dfeee);
    tap_ok(!fdt_open(&fdt, blob, size), "no magic number");
    put_word(blob, FDT_MAGIC);
    put_word(blob + 24, 18);
    tap_ok(!fdt_open(&fdt, blob, size), "too new");
    put_word(blob + 24, 16);
}

/* Ask everything of every node. */
static void read_all(const struct fdt *fdt)
{
    uint64_t address, size;
    uint32_t node = FDT_NONE, n;

    while ((node = node_after(fdt, node)) != FDT_NONE) {
        const uint8_t *value = fdt_property(fdt, node, "reg", &n);
        volatile uint8_t last = value != NULL && n != 0 ? value[n - 1] : 0;

        (void)last;
        for (unsigned i = 0; fdt_reg(fdt, node, i, &address, &size); i++)
            continue;
        fdt_string(fdt, node, "compatible");
    }
    fdt_next_compatible(fdt, FDT_NONE, "nothing");
    fdt_named(fdt, "chosen");
    fdt_named(fdt, "cpu@3");
}

static void test_broken(const uint8_t *blob, size_t size, const char *name)
{
    unsigned opened = 0;

    for (unsigned i = 0; i < MUTATIONS; i++) {
        size_t n = i % 2 ? size : 1 + random() % size;
        uint8_t *copy = malloc(n);
        struct fdt fdt;

        memcpy(copy, blob, n);
        for (unsigned changes = random() % 8; changes != 0; changes--)
            copy[random() % n] = random() % 3 ? random() : 0xff;
        if (n < size && n >= HEADER)
            put_word(copy + 4, n);
        if (fdt_open(&fdt, copy, n)) {
            opened++;
            read_all(&fdt);
        }
        free(copy);
    }
    tap_ok(opened > 0, "%s, cut or changed %d times: read %u times without harm", name, MUTATIONS, opened);
}

/* The tree that QEMU makes for the board, without the room that it leaves behind; NULL: no QEMU here. */
static uint8_t *qemu_tree(size_t *size)
{
    char path[] = "/tmp/fdt-XXXXXX", command[200];
    int fd = mkstemp(path);
    FILE *file;
    uint8_t *blob = malloc(2 << 20);
    size_t n;

    snprintf(
        command, sizeof(command),
        "qemu-system-arm -M virt,dumpdtb=%s -cpu cortex-a15 -smp 4 -m 128M -nic none -display none >/dev/null 2>&1",
        path);
    if (system(command) != 0)
        printf("# QEMU did not give its tree\n");
    close(fd);
    file = fopen(path, "r"); /* perhaps another one by now */
    n = fread(blob, 1, 2 << 20, file);
    fclose(file);
    unlink(path);
    if (n == 0) {
        free(blob);
        return NULL;
    }
    *size = n;
    return blob;
}

static void test_qemu(const uint8_t *blob, size_t size)
{
    struct fdt fdt;
    uint64_t address, length;
    unsigned cpus = 0;

    tap_ok(fdt_open(&fdt, blob, size), "QEMU's tree opens");
    tap_ok(fdt_reg(&fdt, fdt_next_type(&fdt, FDT_NONE, "memory"), 0, &address, &length) && length == 128 << 20,
           "128 MiB of memory");
    for (uint32_t node = FDT_NONE; (node = fdt_next_type(&fdt, node, "cpu")) != FDT_NONE;)
        cpus += fdt_reg(&fdt, node, 0, &address, &length) && address < 4;
    tap_is(cpus, 4, "four CPUs");
    tap_is_text(fdt_string(&fdt, fdt_named(&fdt, "psci"), "method"), "hvc", "the method of PSCI");
    tap_ok(fdt_reg(&fdt, fdt_next_compatible(&fdt, FDT_NONE, "arm,cortex-a15-gic"), 1, &address, &length),
           "the interrupt controller's second registers");
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? atoi(argv[1]) : 1;
    size_t size;
    uint8_t *blob = make_tree(&size);

    srandom(seed);
    printf("# seed %u\n", seed);
    test_made(blob, size);
    test_header(blob, size);
    test_broken(blob, size, "the tree made here");
    free(blob);
    blob = qemu_tree(&size);
    if (blob != NULL) {
        test_qemu(blob, size);
        test_broken(blob, 16384, "QEMU's tree");
        free(blob);
    }
    return tap_end();
}

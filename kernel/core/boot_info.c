/*
 * boot_info.c - reads the device tree once, at boot, into boot_info.
 */
#include <arch/pgtable.h>
#include <core/boot_info.h>
#include <core/log.h>
#include <core/sanitize.h>
#include <lib/string.h>

#define RAM_MAX (sizeof(boot_info.ram) / sizeof(boot_info.ram[0]))

extern char kernel_start[], kernel_end[];

struct boot_info boot_info = {.arguments = ""};

/* Keep boot_info.ram in address order. */
static void ram_insert(uint64_t start, uint64_t size)
{
    unsigned i = boot_info.ram_count;

    if (size == 0 || i == RAM_MAX)
        return;
    for (; i > 0 && boot_info.ram[i - 1].start > start; i--)
        boot_info.ram[i] = boot_info.ram[i - 1];
    boot_info.ram[i] = (struct memory_range){start, start + size};
    boot_info.ram_count++;
}

static void read_ram(const struct fdt *fdt)
{
    uint32_t node = FDT_NONE;
    uint64_t start, size;

    while ((node = fdt_next_type(fdt, node, "memory")) != FDT_NONE)
        for (unsigned i = 0; fdt_reg(fdt, node, i, &start, &size); i++)
            ram_insert(start, size);
}

/* Leave out what the linear map does not reach: RAM below the kernel's own, and beyond the map's end; and at a range's
 * ends what does not fill a block of the map. */
static void cut_ram(void)
{
    uint64_t low = virt_to_phys((void *)LINEAR_BASE), high = low + LINEAR_SIZE - SANITIZE_ROOM, cut = 0;
    unsigned kept = 0;

    for (unsigned i = 0; i < boot_info.ram_count; i++) {
        struct memory_range r = boot_info.ram[i];
        uint64_t size = r.end - r.start;

        r.start = r.start < low ? low : (r.start + LINEAR_BLOCK - 1) & ~(uint64_t)(LINEAR_BLOCK - 1);
        r.end = (r.end > high ? high : r.end) & ~(uint64_t)(LINEAR_BLOCK - 1);
        cut += r.start < r.end ? size - (r.end - r.start) : size;
        if (r.start < r.end)
            boot_info.ram[kept++] = r;
    }
    boot_info.ram_count = kept;
    if (cut != 0)
        log_line("memory: %u KiB are out of reach and left out", (unsigned)(cut >> 10));
}

/* An address in /chosen: one cell or two. */
static uint64_t chosen_address(const struct fdt *fdt, uint32_t chosen, const char *name)
{
    uint32_t length, first = fdt_cell(fdt, chosen, name, 0, 0);

    if (fdt_property(fdt, chosen, name, &length) == NULL || length < 8)
        return first;
    return (uint64_t)first << 32 | fdt_cell(fdt, chosen, name, 1, 0);
}

bool boot_info_read(const void *tree, uint32_t limit)
{
    struct fdt *fdt = &boot_info.fdt;
    uint32_t chosen;

    if (!fdt_open(fdt, tree, limit))
        return false;
    read_ram(fdt);
    cut_ram();
    chosen = fdt_named(fdt, "chosen");
    boot_info.initrd.start = chosen_address(fdt, chosen, "linux,initrd-start");
    boot_info.initrd.end = chosen_address(fdt, chosen, "linux,initrd-end");
    boot_info.tree = (struct memory_range){virt_to_phys(tree), virt_to_phys(tree) + fdt->total_size};
    boot_info.kernel = (struct memory_range){virt_to_phys(kernel_start), virt_to_phys(kernel_end)};
    if (fdt_string(fdt, chosen, "bootargs") != NULL)
        boot_info.arguments = fdt_string(fdt, chosen, "bootargs");
    return boot_info.ram_count != 0;
}

bool boot_argument(const char *name, char *value, unsigned size)
{
    size_t length = strlen(name);

    for (const char *word = boot_info.arguments; *word != '\0';) {
        const char *end = word;

        while (*end != '\0' && *end != ' ')
            end++;
        if (strncmp(word, name, length) == 0 && (word + length == end || word[length] == '=')) {
            const char *text = word + length + (word + length != end);

            snprintf(value, size, "%.*s", (int)(end - text), text);
            return true;
        }
        word = *end == ' ' ? end + 1 : end;
    }
    return false;
}

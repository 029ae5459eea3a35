/*
 * symbols.c - names of the kernel's functions, for backtraces.
 *
 * The table is made from the kernel's own symbols after a first link (tools/ksyms) and linked in by a second one.
 */
#include <core/log.h>

extern const uint32_t ksym_count;
extern const uint32_t ksym_address[]; /* ascending */
extern const uint32_t ksym_name_offset[];
extern const char ksym_names[];
extern const char kernel_start[], text_end[];

const char *symbol_name(uint32_t address, uint32_t *offset)
{
    uint32_t low = 0, high = ksym_count; /* the function sought begins in [low, high) */

    *offset = 0;
    if (address < (uint32_t)kernel_start || address >= (uint32_t)text_end || high == 0 || address < ksym_address[0])
        return "?";
    while (high - low > 1) {
        uint32_t middle = (low + high) / 2;

        if (ksym_address[middle] <= address)
            low = middle;
        else
            high = middle;
    }
    *offset = address - ksym_address[low];
    return ksym_names + ksym_name_offset[low];
}

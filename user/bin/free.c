/*
 * free.c - how much memory there is, in KiB; -b bytes, -m MiB, -h for people.
 */
#include "lib/proc.h"
#include "lib/util.h"

static unsigned long long unit = 1024;
static bool human;

static void print_amount(unsigned long long kib)
{
    char text[32];
    if (human)
        util_human(kib * 1024, text, sizeof(text));
    else
        snprintf(text, sizeof(text), "%llu", kib * 1024 / unit);
    printf("%12s", text);
}

static void print_row(const char *name, const unsigned long long *amounts, size_t count)
{
    printf("%-8s", name);
    for (size_t i = 0; i < count; i++)
        print_amount(amounts[i]);
    putchar('\n');
}

int main(int argc, char **argv)
{
    util_start("free", "[-bkmh]", 1);
    for (int option; (option = getopt(argc, argv, "bkmh")) != -1;) {
        if (option == '?')
            util_usage();
        human |= option == 'h';
        unit = option == 'b' ? 1 : option == 'm' ? 1 << 20 : 1024;
    }
    unsigned long long total = proc_memory("MemTotal"), unused = proc_memory("MemFree");
    unsigned long long cache = proc_memory("Buffers") + proc_memory("Cached") + proc_memory("SReclaimable");
    unsigned long long available = proc_memory("MemAvailable"), swap = proc_memory("SwapTotal");
    unsigned long long swap_unused = proc_memory("SwapFree");
    if (available == 0)
        available = unused + cache;
    const unsigned long long memory[] = {total, total - available, unused, proc_memory("Shmem"), cache, available};
    printf("%8s%12s%12s%12s%12s%12s%12s\n", "", "total", "used", "free", "shared", "buff/cache", "available");
    print_row("Mem:", memory, UTIL_COUNT(memory));
    print_row("Swap:", (const unsigned long long[]){swap, swap - swap_unused, swap_unused}, 3);
    return util_finish(0);
}

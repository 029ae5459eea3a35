/*
 * uptime.c - the time, how long the machine has been up, and its load where the kernel tells it.
 */
#include <time.h>

#include "lib/proc.h"
#include "lib/util.h"

static void print_load(void)
{
    char load[3][16];
    FILE *file = fopen("/proc/loadavg", "r");
    if (!file)
        return;
    if (fscanf(file, "%15s %15s %15s", load[0], load[1], load[2]) == 3)
        printf(",  load average: %s, %s, %s", load[0], load[1], load[2]);
    fclose(file);
}

int main(int argc, char **argv)
{
    char clock[16];
    time_t now = time(NULL);
    util_start("uptime", "", 1);
    util_no_options(argc, argv);
    unsigned minutes = proc_uptime() / proc_hertz / 60, days = minutes / (24 * 60);
    strftime(clock, sizeof(clock), "%H:%M:%S", localtime(&now));
    printf(" %s up ", clock);
    if (days)
        printf("%u day%s, ", days, days == 1 ? "" : "s");
    if (minutes / 60 % 24)
        printf("%2u:%02u", minutes / 60 % 24, minutes % 60);
    else
        printf("%u min", minutes % 60);
    print_load();
    putchar('\n');
    return util_finish(0);
}

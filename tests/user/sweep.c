/*
 * sweep.c - removing what has a name (see sweep.h).  Folders are walked by chdir, so that no depth is too deep.
 */
#include "sweep.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sysv_objects.h"
#include "tap.h"

void sweep_folder(const char *top)
{
    int depth = 0;

    if (chdir(top) != 0)
        return;
    while (depth >= 0) {
        DIR *folder = opendir(".");
        struct dirent *entry = NULL;
        while (folder && (entry = readdir(folder)) && (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")))
            continue;
        char name[NAME_MAX + 1] = "..";
        if (entry)
            strlcpy(name, entry->d_name, sizeof name);
        if (folder)
            closedir(folder);
        if (entry && (unlink(name) == 0 || rmdir(name) == 0))
            continue;
        if (entry)
            chmod(name, 0700);
        if (!entry && depth-- == 0)
            break;
        if (chdir(name) != 0)
            break;
        depth += entry != NULL;
    }
    if (chdir("/") != 0)
        tap_give_up("chdir: %s", strerror(errno));
}

/* A list of System V objects has a line of titles, then key and id at the head of each. */
static void remove_listed(const char *list, int (*remove_one)(int id))
{
    char line[256];
    FILE *file = fopen(list, "r");
    int id;

    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "%*s %d", &id) == 1)
            remove_one(id);
    }
    if (file)
        fclose(file);
}

void sweep_objects(void)
{
    sweep_folder("/dev/shm");
    sweep_folder("/dev/mqueue");
    remove_listed("/proc/sysvipc/msg", sysv_remove_queue);
    remove_listed("/proc/sysvipc/sem", sysv_remove_set);
    remove_listed("/proc/sysvipc/shm", sysv_remove_segment);
}

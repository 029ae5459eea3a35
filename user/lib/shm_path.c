/*
 * shm_path.c - the names of shared memory objects and semaphores as paths below /dev/shm.
 */
#include "sem.h"
#include <string.h>

/* POSIX leaves open what a name without a leading slash means; here it is the same as with one. */
int __shm_path(char *path, const char *prefix, const char *name)
{
    static const char directory[] = "/dev/shm/";

    while (*name == '/')
        name++;
    errno = EINVAL; /* POSIX shm_open, sem_open: EINVAL */
    if (*name == '\0' || strchr(name, '/') != NULL || (*prefix == '\0' && (!strcmp(name, ".") || !strcmp(name, ".."))))
        return -1;
    errno = ENAMETOOLONG; /* POSIX shm_open, sem_open: ENAMETOOLONG */
    if (strlen(prefix) + strlen(name) > NAME_MAX)
        return -1;
    stpcpy(stpcpy(stpcpy(path, directory), prefix), name);
    return 0;
}

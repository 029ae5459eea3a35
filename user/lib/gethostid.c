/*
 * gethostid.c - a number for this machine, made of its name: it has no other that lasts (FNV-1a, 32 bits).
 */
#include "libc.h"
#include <sys/utsname.h>
#include <unistd.h>

long gethostid(void)
{
    struct utsname names;
    uint32_t hash = 2166136261u;

    uname(&names);
    for (const char *s = names.nodename; *s != '\0'; s++)
        hash = (hash ^ (unsigned char)*s) * 16777619u;
    return (int32_t)hash;
}

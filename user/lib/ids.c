/*
 * ids.c - who the process is: the real, effective and saved ids of user and group, one by one.
 */
#include <unistd.h>

uid_t getuid(void)
{
    uid_t real, effective, saved;

    getresuid(&real, &effective, &saved);
    return real;
}

uid_t geteuid(void)
{
    uid_t real, effective, saved;

    getresuid(&real, &effective, &saved);
    return effective;
}

gid_t getgid(void)
{
    gid_t real, effective, saved;

    getresgid(&real, &effective, &saved);
    return real;
}

gid_t getegid(void)
{
    gid_t real, effective, saved;

    getresgid(&real, &effective, &saved);
    return effective;
}

int issetugid(void)
{
    return getuid() != geteuid() || getgid() != getegid();
}

/*
 * set_ids.c - changing the ids of user and group; -1 leaves one as it is.
 */
#include <unistd.h>

#define SAME ((uid_t)-1)

/* POSIX setuid: all three for who may (root), else the effective one only. */
int setuid(uid_t uid)
{
    return geteuid() == 0 ? setresuid(uid, uid, uid) : setresuid(SAME, uid, SAME);
}

int setgid(gid_t gid)
{
    return geteuid() == 0 ? setresgid(gid, gid, gid) : setresgid(SAME, gid, SAME);
}

int seteuid(uid_t uid)
{
    return setresuid(SAME, uid, SAME);
}

int setegid(gid_t gid)
{
    return setresgid(SAME, gid, SAME);
}

/* POSIX setreuid: the saved id follows when the real one is set, or the effective one to another than the real. */
int setreuid(uid_t real, uid_t effective)
{
    int follows = real != SAME || (effective != SAME && effective != getuid());

    return setresuid(real, effective, !follows ? SAME : effective != SAME ? effective : geteuid());
}

int setregid(gid_t real, gid_t effective)
{
    int follows = real != SAME || (effective != SAME && effective != getgid());

    return setresgid(real, effective, !follows ? SAME : effective != SAME ? effective : getegid());
}

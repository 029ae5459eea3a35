/*
 * set_ids.c - changing the ids of user and group; -1 leaves one as it is, where there are several.
 */
#include <errno.h>
#include <stdbool.h>
#include <unistd.h>

#define SAME ((uid_t)-1)

/* Where there is one alone, -1 is no id: a program that gives up its rights with a wrong number must learn it. */
static bool is_no_id(uid_t id)
{
    if (id == SAME)
        errno = EINVAL; /* POSIX setuid, setgid, seteuid, setegid: EINVAL */
    return id == SAME;
}

/* POSIX setuid: all three for who may (root), else the effective one only. */
int setuid(uid_t uid)
{
    if (is_no_id(uid))
        return -1;
    return geteuid() == 0 ? setresuid(uid, uid, uid) : setresuid(SAME, uid, SAME);
}

int setgid(gid_t gid)
{
    if (is_no_id(gid))
        return -1;
    return geteuid() == 0 ? setresgid(gid, gid, gid) : setresgid(SAME, gid, SAME);
}

int seteuid(uid_t uid)
{
    return is_no_id(uid) ? -1 : setresuid(SAME, uid, SAME);
}

int setegid(gid_t gid)
{
    return is_no_id(gid) ? -1 : setresgid(SAME, gid, SAME);
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

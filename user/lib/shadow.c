/*
 * shadow.c - the users' passwords, in /etc/shadow: name:password:last change:min:max:warn:inactive:expires:flag.
 */
#include "database.h"
#include <shadow.h>

static enum database_fill fill(void *entry, char **f, char *room, char *end)
{
    (void)room;
    (void)end;
    *(struct spwd *)entry = (struct spwd){.sp_namp = f[0],
                                          .sp_pwdp = f[1],
                                          .sp_lstchg = __database_number(f[2]),
                                          .sp_min = __database_number(f[3]),
                                          .sp_max = __database_number(f[4]),
                                          .sp_warn = __database_number(f[5]),
                                          .sp_inact = __database_number(f[6]),
                                          .sp_expire = __database_number(f[7]),
                                          .sp_flag = __database_number(f[8])};
    return DATABASE_FILLED;
}

static struct spwd entry;
static struct database passwords = {.path = "/etc/shadow", .fields = 9, .fill = fill, .entry = &entry};

struct spwd *getspnam(const char *name)
{
    return __database_find_static(&passwords, name, 0);
}

struct spwd *getspent(void)
{
    return __database_next(&passwords);
}

void endspent(void)
{
    __database_end(&passwords);
}

void setspent(void)
{
    __database_end(&passwords);
}

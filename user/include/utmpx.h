/*
 * utmpx.h - who is logged in: records that init and login keep in /run/utmp.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/time.h>
#include <sys/types.h>

#define EMPTY 0
#define BOOT_TIME 1
#define OLD_TIME 2
#define NEW_TIME 3
#define USER_PROCESS 4
#define INIT_PROCESS 5
#define LOGIN_PROCESS 6
#define DEAD_PROCESS 7

/* Texts are filled up with 0; one as long as its field has none. */
struct utmpx {
    char ut_user[32] __attribute__((__nonstring__));
    char ut_id[4] __attribute__((__nonstring__));
    char ut_line[32] __attribute__((__nonstring__));
    pid_t ut_pid;
    short ut_type;
    struct timeval ut_tv;
};

__BEGIN_DECLS
void endutxent(void);
struct utmpx *getutxent(void);
struct utmpx *getutxid(const struct utmpx *__wanted);
struct utmpx *getutxline(const struct utmpx *__wanted);
struct utmpx *pututxline(const struct utmpx *__record);
void setutxent(void);
__END_DECLS

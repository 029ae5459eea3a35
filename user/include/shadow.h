/*
 * shadow.h - users' passwords, in a file that only the superuser reads.
 */
#pragma once

#include <sys/cdefs.h>

struct spwd {
    char *sp_namp;
    char *sp_pwdp;       /* as crypt() answers it; empty: none is asked for */
    long sp_lstchg;      /* the last change, in days since 1970; -1: not said, as for all below */
    long sp_min, sp_max; /* days */
    long sp_warn, sp_inact, sp_expire;
    unsigned long sp_flag;
};

__BEGIN_DECLS
struct spwd *getspnam(const char *__name);
struct spwd *getspent(void);
void setspent(void);
void endspent(void);
__END_DECLS

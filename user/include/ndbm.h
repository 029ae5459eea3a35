/*
 * ndbm.h - a table of keys and values in a file, name.db.  Newlib has the functions; its sources read its own header.
 */
#ifdef _COMPILING_NEWLIB
#include_next <ndbm.h>
#else
#pragma once

#include <stddef.h>
#include <sys/cdefs.h>
#include <sys/types.h>

#define DBM_INSERT 0
#define DBM_REPLACE 1

typedef struct {
    void *dptr;
    size_t dsize;
} datum;

typedef struct __db DBM;

__BEGIN_DECLS
int dbm_clearerr(DBM *__db);
void dbm_close(DBM *__db);
int dbm_delete(DBM *__db, datum __key);
int dbm_error(DBM *__db);
datum dbm_fetch(DBM *__db, datum __key);
datum dbm_firstkey(DBM *__db);
datum dbm_nextkey(DBM *__db);
DBM *dbm_open(const char *__file, int __flags, mode_t __mode);
int dbm_store(DBM *__db, datum __key, datum __value, int __mode);
__END_DECLS
#endif

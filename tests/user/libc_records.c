/*
 * libc_records.c - who is logged in, the groups of a user, and tables of keys and values in a file.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <ndbm.h>
#include <paths.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utmpx.h>

#include "tap.h"

#define TABLE "/tmp/libc_records"

static bool put(short type, const char *id, const char *line, const char *user)
{
    struct utmpx record = {.ut_type = type, .ut_pid = 42};

    strncpy(record.ut_id, id, sizeof record.ut_id);
    strncpy(record.ut_line, line, sizeof record.ut_line);
    strncpy(record.ut_user, user, sizeof record.ut_user);
    setutxent();
    return pututxline(&record) != NULL;
}

static int put_as_user(void *context)
{
    (void)context;
    return setuid(1000) == 0 && !put(USER_PROCESS, "t9", "t9", "user") && errno == EPERM ? 0 : 1;
}

static void test_logins(void)
{
    struct utmpx wanted = {.ut_type = USER_PROCESS}, *found;
    int count = 0;

    tap_ok(put(BOOT_TIME, "~", "~", "reboot") && put(LOGIN_PROCESS, "t1", "tty1", "LOGIN") &&
               put(USER_PROCESS, "t2", "tty2", "guest"),
           "pututxline");
    tap_ok(put(USER_PROCESS, "t1", "tty1", "user"), "over the record of the same id");
    setutxent();
    while ((found = getutxent()) != NULL)
        count++;
    tap_is(count, 3, "getutxent meets each");
    setutxent();
    strcpy(wanted.ut_line, "tty1");
    found = getutxline(&wanted);
    tap_ok(found != NULL && strcmp(found->ut_user, "user") == 0 && found->ut_pid == 42, "getutxline");
    setutxent();
    memcpy(wanted.ut_id, "t2\0", 4);
    found = getutxid(&wanted);
    tap_ok(found != NULL && strcmp(found->ut_user, "guest") == 0, "getutxid, of a process");
    tap_ok(getutxid(&wanted) == found, "finds the same again");
    wanted.ut_type = BOOT_TIME;
    tap_ok(getutxid(&wanted) == NULL, "and no more behind it");
    setutxent();
    found = getutxid(&wanted);
    tap_ok(found != NULL && strcmp(found->ut_user, "reboot") == 0, "getutxid, of a type");
    put(DEAD_PROCESS, "t1", "tty1", "");
    setutxent();
    tap_ok(getutxline(&wanted) == NULL, "who has gone is on no line");
    endutxent();
    tap_is(tap_child_result(put_as_user, NULL), 0, "POSIX pututxline: EPERM");
}

static void test_groups(void)
{
    gid_t list[8] = {0};
    int count = 8;

    tap_is(getgrouplist("guest", 1001, list, &count), count, "getgrouplist");
    tap_ok(count == 2 && list[0] == 1001 && list[1] == 100, "its own group, and those that list him");
    count = 1;
    list[1] = 7;
    tap_ok(getgrouplist("guest", 1001, list, &count) == -1 && count == 2 && list[1] == 7, "says how many there are");
    count = 8;
    tap_ok(getgrouplist("nobody", 5, list, &count) == 1 && list[0] == 5, "who is in none has his own");
}

static datum text_of(const char *text)
{
    return (datum){(void *)text, strlen(text) + 1};
}

static void test_table(void)
{
    DBM *table = dbm_open(TABLE, O_RDWR | O_CREAT | O_TRUNC, 0600);
    char key[16], value[16];
    int count = 0, right = 1;

    if (table == NULL)
        tap_give_up("dbm_open: %s", strerror(errno));
    for (int i = 0; i < 500; i++) {
        sprintf(key, "key %d", i);
        sprintf(value, "%d", i * i);
        right = right && dbm_store(table, text_of(key), text_of(value), DBM_INSERT) == 0;
    }
    tap_ok(right, "dbm_store");
    tap_is(dbm_store(table, text_of("key 7"), text_of("x"), DBM_INSERT), 1, "DBM_INSERT keeps what is there");
    tap_is(dbm_store(table, text_of("key 7"), text_of("seven"), DBM_REPLACE), 0, "DBM_REPLACE does not");
    tap_is(dbm_delete(table, text_of("key 8")), 0, "dbm_delete");
    dbm_close(table);
    table = dbm_open(TABLE, O_RDONLY, 0);
    tap_ok(table != NULL, "opened again");
    tap_is_text(dbm_fetch(table, text_of("key 499")).dptr, "249001", "dbm_fetch");
    tap_is_text(dbm_fetch(table, text_of("key 7")).dptr, "seven", "what replaced another");
    tap_ok(dbm_fetch(table, text_of("key 8")).dptr == NULL, "what was deleted");
    for (datum k = dbm_firstkey(table); k.dptr != NULL; k = dbm_nextkey(table))
        count++;
    tap_is(count, 499, "dbm_firstkey and dbm_nextkey meet each");
    tap_is(dbm_error(table), 0, "dbm_error");
    dbm_close(table);
    tap_works(unlink(TABLE ".db"), "the file's name");
    tap_ok(dbm_open("/nowhere/x", O_RDONLY, 0) == NULL && errno == ENOENT, "POSIX dbm_open: ENOENT");
}

int main(void)
{
    tap_begin();
    unlink(_PATH_UTMPX);
    test_logins();
    unlink(_PATH_UTMPX);
    test_groups();
    test_table();
    return tap_end();
}

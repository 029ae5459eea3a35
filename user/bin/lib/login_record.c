/*
 * login_record.c - the record of who is logged in on the terminal that is standard input, for init and login.
 */
#include "login_record.h"

#include <string.h>
#include <sys/time.h>
#include <unistd.h>
#include <utmpx.h>

#include "util.h"

/* Writes a record of that type (BOOT_TIME: of the machine).  Where that fails nobody is kept from his shell. */
void login_record_write(short type, const char *user, pid_t pid)
{
    struct utmpx record = {.ut_type = type, .ut_pid = pid};
    struct timeval now;
    const char *terminal = type == BOOT_TIME ? NULL : ttyname(0), *line = terminal ? util_basename(terminal) : "~";
    size_t length = strlen(line);
    strncpy(record.ut_user, user, sizeof(record.ut_user));
    strncpy(record.ut_line, line, sizeof(record.ut_line));
    strncpy(record.ut_id, length > sizeof(record.ut_id) ? line + length - sizeof(record.ut_id) : line,
            sizeof(record.ut_id));
    gettimeofday(&now, NULL);
    record.ut_tv.tv_sec = now.tv_sec;
    record.ut_tv.tv_usec = now.tv_usec;
    setutxent();
    if (!pututxline(&record))
        util_warn("the record of who is logged in");
    endutxent();
}

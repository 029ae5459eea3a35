/*
 * utmpx.c - who is logged in: a file of records of one size, /run/utmp.
 *
 * Who writes locks the file.  The functions share one position in it and one record, as POSIX lets them.
 */
#include "libc.h"
#include <fcntl.h>
#include <paths.h>
#include <string.h>
#include <unistd.h>
#include <utmpx.h>

static int fd = -1;
static struct utmpx entry;

/* Opens the file where it is not.  Answers -1 where there is none: nobody has been written down yet. */
static int open_file(int flags)
{
    if (fd == -1)
        fd = open(_PATH_UTMPX, flags | O_CLOEXEC, 0644);
    return fd;
}

void endutxent(void)
{
    if (fd != -1)
        close(fd);
    fd = -1;
    entry.ut_type = EMPTY;
}

void setutxent(void)
{
    if (fd != -1)
        lseek(fd, 0, SEEK_SET);
    entry.ut_type = EMPTY;
}

struct utmpx *getutxent(void)
{
    return open_file(O_RDONLY) != -1 && read(fd, &entry, sizeof entry) == sizeof entry ? &entry : NULL;
}

static int is_process(int type)
{
    return type == INIT_PROCESS || type == LOGIN_PROCESS || type == USER_PROCESS || type == DEAD_PROCESS;
}

/* POSIX getutxid: the same type, or, of the records that stand for processes, the same ut_id. */
static int has_id(const struct utmpx *record, const struct utmpx *wanted)
{
    if (!is_process(wanted->ut_type))
        return record->ut_type == wanted->ut_type;
    return is_process(record->ut_type) && memcmp(record->ut_id, wanted->ut_id, sizeof record->ut_id) == 0;
}

/* From where the last search ended on: that record itself may be the answer again. */
struct utmpx *getutxid(const struct utmpx *wanted)
{
    struct utmpx *record = entry.ut_type != EMPTY && has_id(&entry, wanted) ? &entry : getutxent();

    while (record != NULL && !has_id(record, wanted))
        record = getutxent();
    return record;
}

struct utmpx *getutxline(const struct utmpx *wanted)
{
    struct utmpx *record;

    while ((record = getutxent()) != NULL) {
        if ((record->ut_type == LOGIN_PROCESS || record->ut_type == USER_PROCESS) &&
            strncmp(record->ut_line, wanted->ut_line, sizeof record->ut_line) == 0)
            break;
    }
    return record;
}

/* With the file locked: over the record with that id, or behind the last. */
static int write_record(const struct utmpx *record)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int result = -1;
    off_t at = 0;

    while (fcntl(fd, F_SETLKW, &lock) == -1) {
        if (errno != EINTR)
            return -1;
    }
    setutxent();
    while (getutxent() != NULL && !has_id(&entry, record))
        at += sizeof entry;
    if (pwrite(fd, record, sizeof *record, at) == sizeof *record)
        result = 0;
    lock.l_type = F_UNLCK;
    fcntl(fd, F_SETLK, &lock);
    lseek(fd, at + sizeof entry, SEEK_SET);
    return result;
}

/* POSIX pututxline: EPERM, the caller may not write there */
struct utmpx *pututxline(const struct utmpx *record)
{
    struct utmpx copy = *record; /* it may be `entry` itself */

    endutxent();
    if (open_file(O_RDWR | O_CREAT) == -1) {
        errno = errno == EACCES ? EPERM : errno;
        return NULL;
    }
    if (write_record(&copy) == -1)
        return NULL;
    entry = copy;
    return &entry;
}

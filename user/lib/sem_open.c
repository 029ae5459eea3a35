/*
 * sem_open.c - named semaphores: a sem_t alone in a file of /dev/shm, mapped shared.
 *
 * A new one is made without a name, filled, and then given its name: so nobody finds it before it is whole, and if its
 * maker is killed in here nothing is left.
 *
 * A process that opens one name again gets the same address (POSIX sem_open): a list of what is open knows each file by
 * its number, and how often it was opened.  Its lock is held across all of sem_open and sem_close, so nothing that they
 * call is a cancellation point.
 */
#include "sem.h"
#include "lock.h"
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct open_semaphore {
    struct open_semaphore *next;
    dev_t device;
    ino_t number;
    unsigned opens;
    sem_t *sem;
};

static struct open_semaphore *all_open;
volatile int __sem_open_lock;

/* The semaphore in the open file `fd`, mapped here before or now. */
static sem_t *map_file(int fd)
{
    struct open_semaphore *known;
    struct stat status;

    if (fstat(fd, &status) == -1)
        return SEM_FAILED;
    for (known = all_open; known != NULL; known = known->next) {
        if (known->number == status.st_ino && known->device == status.st_dev) {
            known->opens++;
            return known->sem;
        }
    }
    if (!S_ISREG(status.st_mode) || status.st_size != sizeof(sem_t)) {
        errno = EINVAL; /* POSIX sem_open: EINVAL, not a semaphore's name */
        return SEM_FAILED;
    }
    known = malloc(sizeof *known);
    if (known == NULL)
        return SEM_FAILED;
    *known = (struct open_semaphore){all_open, status.st_dev, status.st_ino, 1, NULL};
    known->sem = mmap(NULL, sizeof(sem_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (known->sem == MAP_FAILED) {
        free(known);
        return SEM_FAILED;
    }
    all_open = known;
    return known->sem;
}

/* Make the file and open it.  -1 with EEXIST: it is there. */
static int make_file(const char *path, mode_t mode, unsigned value)
{
    sem_t sem;
    int fd, saved;

    sem_init(&sem, 1, value);
    fd = __open("/dev/shm", O_RDWR | O_TMPFILE | O_CLOEXEC, mode);
    if (fd == -1)
        return -1;
    if (__write(fd, &sem, sizeof sem) == sizeof sem && linkat(fd, "", AT_FDCWD, path, AT_EMPTY_PATH) == 0)
        return fd;
    saved = errno;
    __close(fd);
    errno = saved;
    return -1;
}

static int open_file(const char *path, int flags, mode_t mode, unsigned value)
{
    int fd = -1;

    if (!(flags & O_CREAT))
        return __open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (value > SEM_VALUE_MAX) {
        errno = EINVAL; /* POSIX sem_open: EINVAL */
        return -1;
    }
    for (;;) {
        errno = ENOENT;
        if (!(flags & O_EXCL))
            fd = __open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (fd != -1 || errno != ENOENT)
            return fd;
        fd = make_file(path, mode, value);
        if (fd != -1 || errno != EEXIST || (flags & O_EXCL)) /* POSIX sem_open: EEXIST */
            return fd;
    }
}

sem_t *sem_open(const char *name, int flags, ...)
{
    char path[SHM_PATH_MAX];
    unsigned value = 0;
    mode_t mode = 0;
    sem_t *sem;
    int fd;

    if (flags & O_CREAT) {
        va_list arguments;

        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        value = va_arg(arguments, unsigned);
        va_end(arguments);
    }
    if (__shm_path(path, "sem.", name) == -1)
        return SEM_FAILED;
    lock_acquire(&__sem_open_lock);
    fd = open_file(path, flags, mode, value);
    sem = fd != -1 ? map_file(fd) : SEM_FAILED;
    if (fd != -1)
        __close(fd);
    lock_release(&__sem_open_lock);
    return sem;
}

/* Take `sem` off the list when nobody has it open any more.  -1: it is not there. */
static int forget(sem_t *sem)
{
    struct open_semaphore **place = &all_open, *known;

    while (*place != NULL && (*place)->sem != sem)
        place = &(*place)->next;
    known = *place;
    if (known == NULL) {
        errno = EINVAL; /* POSIX sem_close: EINVAL */
        return -1;
    }
    if (--known->opens > 0)
        return 0;
    *place = known->next;
    munmap(sem, sizeof *sem);
    free(known);
    return 0;
}

int sem_close(sem_t *sem)
{
    int result;

    lock_acquire(&__sem_open_lock);
    result = forget(sem);
    lock_release(&__sem_open_lock);
    return result;
}

int sem_unlink(const char *name)
{
    char path[SHM_PATH_MAX];

    if (__shm_path(path, "sem.", name) == -1) {
        if (errno == EINVAL)
            errno = ENOENT; /* POSIX sem_unlink: ENOENT */
        return -1;
    }
    if (unlink(path) == 0)
        return 0;
    if (errno == EPERM)
        errno = EACCES; /* POSIX sem_unlink: EACCES; the directory is sticky */
    return -1;
}

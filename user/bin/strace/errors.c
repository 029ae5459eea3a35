/*
 * errors.c - the names of the errors, all that the kernel has.
 */
#include <abi/errno.h>

#include "strace.h"

#define E(error)           \
    {                      \
        error, ~0u, #error \
    }
const struct name errors[] = {
    E(EPERM),           E(ENOENT),          E(ESRCH),         E(EINTR),           E(EIO),
    E(ENXIO),           E(E2BIG),           E(ENOEXEC),       E(EBADF),           E(ECHILD),
    E(EAGAIN),          E(ENOMEM),          E(EACCES),        E(EFAULT),          E(ENOTBLK),
    E(EBUSY),           E(EEXIST),          E(EXDEV),         E(ENODEV),          E(ENOTDIR),
    E(EISDIR),          E(EINVAL),          E(ENFILE),        E(EMFILE),          E(ENOTTY),
    E(ETXTBSY),         E(EFBIG),           E(ENOSPC),        E(ESPIPE),          E(EROFS),
    E(EMLINK),          E(EPIPE),           E(EDOM),          E(ERANGE),          E(ENOMSG),
    E(EIDRM),           E(EDEADLK),         E(ENOLCK),        E(EPROTO),          E(EBADMSG),
    E(ENOSYS),          E(ENOTEMPTY),       E(ENAMETOOLONG),  E(ELOOP),           E(EOPNOTSUPP),
    E(ECONNRESET),      E(ENOBUFS),         E(EAFNOSUPPORT),  E(EPROTOTYPE),      E(ENOTSOCK),
    E(ENOPROTOOPT),     E(ESHUTDOWN),       E(ECONNREFUSED),  E(EADDRINUSE),      E(ECONNABORTED),
    E(ETIMEDOUT),       E(EINPROGRESS),     E(EALREADY),      E(EDESTADDRREQ),    E(EMSGSIZE),
    E(EPROTONOSUPPORT), E(ESOCKTNOSUPPORT), E(EADDRNOTAVAIL), E(EISCONN),         E(ENOTCONN),
    E(ENOTSUP),         E(EOVERFLOW),       E(ECANCELED),     E(ENOTRECOVERABLE), E(EOWNERDEAD),
    NAME_END,
};

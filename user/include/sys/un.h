/*
 * sys/un.h - the names of sockets.
 */
#pragma once

#include <sys/socket.h>

struct sockaddr_un {
    sa_family_t sun_family;
    char sun_path[108]; /* a path; or, behind a 0 byte, a name that stands nowhere */
};

#if __MISC_VISIBLE
#define SUN_LEN(__address) (__builtin_offsetof(struct sockaddr_un, sun_path) + __builtin_strlen((__address)->sun_path))
#endif

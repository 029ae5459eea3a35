/*
 * sys/socket.h - sockets; there is one family, AF_UNIX.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/fcntl.h>
#include <sys/types.h>
#include <sys/uio.h>

typedef __uint32_t socklen_t;
typedef unsigned short sa_family_t;

struct sockaddr {
    sa_family_t sa_family;
    char sa_data[14];
};

struct sockaddr_storage {
    sa_family_t ss_family;
    char __ss_data[122];
    unsigned long __ss_align;
};

struct msghdr {
    void *msg_name;
    socklen_t msg_namelen;
    struct iovec *msg_iov;
    int msg_iovlen;
    void *msg_control;
    socklen_t msg_controllen;
    int msg_flags;
};

struct cmsghdr {
    socklen_t cmsg_len;
    int cmsg_level;
    int cmsg_type;
};

struct linger {
    int l_onoff;
    int l_linger;
};

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_LOCAL AF_UNIX
#define AF_INET 2
#define AF_INET6 10
#define PF_UNSPEC AF_UNSPEC
#define PF_UNIX AF_UNIX
#define PF_LOCAL AF_LOCAL

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_SEQPACKET 5
#define SOCK_NONBLOCK O_NONBLOCK
#define SOCK_CLOEXEC O_CLOEXEC

#define SOMAXCONN 4096

#define SHUT_RD 0
#define SHUT_WR 1
#define SHUT_RDWR 2

#define MSG_OOB 0x1
#define MSG_PEEK 0x2
#define MSG_DONTROUTE 0x4
#define MSG_CTRUNC 0x8
#define MSG_TRUNC 0x20
#define MSG_DONTWAIT 0x40
#define MSG_EOR 0x80
#define MSG_WAITALL 0x100
#define MSG_NOSIGNAL 0x4000
#define MSG_CMSG_CLOEXEC 0x40000000

#define SOL_SOCKET 1
#define SO_DEBUG 1
#define SO_REUSEADDR 2
#define SO_TYPE 3
#define SO_ERROR 4
#define SO_DONTROUTE 5
#define SO_BROADCAST 6
#define SO_SNDBUF 7
#define SO_RCVBUF 8
#define SO_KEEPALIVE 9
#define SO_OOBINLINE 10
#define SO_LINGER 13
#define SO_PASSCRED 16
#define SO_PEERCRED 17
#define SO_RCVLOWAT 18
#define SO_SNDLOWAT 19
#define SO_RCVTIMEO 20
#define SO_SNDTIMEO 21
#define SO_ACCEPTCONN 30
#define SO_PROTOCOL 38
#define SO_DOMAIN 39

#define SCM_RIGHTS 1

#define __CMSG_ALIGN(__length) (((__length) + sizeof(int) - 1) & ~(sizeof(int) - 1))
#define CMSG_DATA(__cmsg) ((unsigned char *)((struct cmsghdr *)(__cmsg) + 1))
#define CMSG_LEN(__length) (sizeof(struct cmsghdr) + (__length))
#define CMSG_SPACE(__length) (sizeof(struct cmsghdr) + __CMSG_ALIGN(__length))
#define CMSG_FIRSTHDR(__message)                                                                        \
    ((__message)->msg_controllen >= sizeof(struct cmsghdr) ? (struct cmsghdr *)(__message)->msg_control \
                                                           : (struct cmsghdr *)0)
#define CMSG_NXTHDR(__message, __cmsg) __cmsg_next(__message, __cmsg)

static __inline struct cmsghdr *__cmsg_next(const struct msghdr *__message, const struct cmsghdr *__cmsg)
{
    char *__end = (char *)__message->msg_control + __message->msg_controllen;
    char *__next = (char *)__cmsg + __CMSG_ALIGN(__cmsg->cmsg_len);

    if (__cmsg->cmsg_len < sizeof(struct cmsghdr) ||
        (size_t)(__end - (char *)__cmsg) < __CMSG_ALIGN(__cmsg->cmsg_len) ||
        (size_t)(__end - __next) < sizeof(struct cmsghdr))
        return (struct cmsghdr *)0;
    return (struct cmsghdr *)__next;
}

__BEGIN_DECLS
int accept(int __fd, struct sockaddr *__restrict __address, socklen_t *__restrict __length);
int bind(int __fd, const struct sockaddr *__address, socklen_t __length);
int connect(int __fd, const struct sockaddr *__address, socklen_t __length);
int getpeername(int __fd, struct sockaddr *__restrict __address, socklen_t *__restrict __length);
int getsockname(int __fd, struct sockaddr *__restrict __address, socklen_t *__restrict __length);
int getsockopt(int __fd, int __level, int __option, void *__restrict __value, socklen_t *__restrict __length);
int listen(int __fd, int __backlog);
ssize_t recv(int __fd, void *__buffer, size_t __n, int __flags);
ssize_t recvfrom(int __fd, void *__restrict __buffer, size_t __n, int __flags, struct sockaddr *__restrict __address,
                 socklen_t *__restrict __length);
ssize_t recvmsg(int __fd, struct msghdr *__message, int __flags);
ssize_t send(int __fd, const void *__buffer, size_t __n, int __flags);
ssize_t sendmsg(int __fd, const struct msghdr *__message, int __flags);
ssize_t sendto(int __fd, const void *__buffer, size_t __n, int __flags, const struct sockaddr *__address,
               socklen_t __length);
int setsockopt(int __fd, int __level, int __option, const void *__value, socklen_t __length);
int shutdown(int __fd, int __how);
int sockatmark(int __fd);
int socket(int __domain, int __type, int __protocol);
int socketpair(int __domain, int __type, int __protocol, int __pair[2]);
#if __MISC_VISIBLE
#define SCM_CREDENTIALS 2
struct ucred {
    pid_t pid;
    uid_t uid;
    gid_t gid;
};
#endif
#if __GNU_VISIBLE
int accept4(int __fd, struct sockaddr *__restrict __address, socklen_t *__restrict __length, int __flags);
#endif
__END_DECLS

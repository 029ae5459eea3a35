/*
 * unix_socket.h - what the tests of sockets share.
 */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>

/* A path as an address; "@name" stands for the abstract name, "" for none. */
struct sockaddr_un unix_address(const char *path, socklen_t *length);
int unix_bind(int fd, const char *path);
int unix_connect(int fd, const char *path);
/* A socket of that type that listens there; gives up if it cannot. */
int unix_listener(int type, const char *path, int backlog);
/* Two connected ones; gives up if there are none. */
void unix_pair(int type, int pair[2]);
void unix_close(const int pair[2]);

/* An option that is a number, or -errno. */
int unix_option(int fd, int option);
/* SO_RCVTIMEO and SO_SNDTIMEO. */
void unix_set_time(int fd, int option, long microseconds);
/* What poll says at once. */
int unix_ready(int fd, int events);

/* Send n bytes with descriptors (count of them; 0: none): what sendmsg() answers. */
ssize_t unix_send_fds(int fd, const void *bytes, size_t n, const int *fds, unsigned count);
/* Receive so many bytes at most and so many descriptors at most: what recvmsg() answers; *count: how many have come,
 * *flags (not NULL; in: of the call): msg_flags. */
ssize_t unix_receive_fds(int fd, void *bytes, size_t n, int *fds, unsigned *count, int *flags);

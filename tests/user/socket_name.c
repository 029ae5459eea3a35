/*
 * socket_name.c - sockets with names: bind, listen, connect, accept, their errors, backlogs, permissions, ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define PATH "/tmp/socket_name"

static void *volatile nowhere = (void *)16;
static char back[100];

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    return address;
}

static int bind_to(int fd, const char *path)
{
    struct sockaddr_un address = address_of(path);

    return bind(fd, (struct sockaddr *)&address, sizeof address);
}

static int connect_to(int fd, const char *path)
{
    struct sockaddr_un address = address_of(path);

    return connect(fd, (struct sockaddr *)&address, sizeof address);
}

static int stream(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int listener(const char *path, int backlog)
{
    int fd = stream();

    if (bind_to(fd, path) != 0 || listen(fd, backlog) != 0)
        tap_give_up("cannot listen at %s: errno %d", path, errno);
    return fd;
}

static void test_bind(void)
{
    struct sockaddr_un address = address_of(PATH);
    struct stat status;
    int one = stream(), other = stream();
    mode_t umask_before = umask(022);

    tap_fails(bind(one, (struct sockaddr *)&address, 1), EINVAL, "POSIX bind: EINVAL, too short");
    tap_fails(bind(one, (struct sockaddr *)&address, sizeof address + 1), EINVAL, "POSIX bind: EINVAL, too long");
    tap_fails(bind(one, nowhere, sizeof address), EFAULT, "an address nowhere: EFAULT");
    address.sun_family = AF_INET;
    tap_fails(bind(one, (struct sockaddr *)&address, sizeof address), EAFNOSUPPORT, "POSIX bind: EAFNOSUPPORT");
    tap_fails(bind_to(one, "/none/there"), ENOENT, "POSIX bind: ENOENT");
    tap_fails(bind_to(one, "/etc/passwd/x"), ENOTDIR, "POSIX bind: ENOTDIR");
    tap_fails(bind_to(one, "/etc"), EADDRINUSE, "POSIX bind: EADDRINUSE, anything at that path");
    tap_fails(bind_to(0, PATH), ENOTSOCK, "POSIX bind: ENOTSOCK");
    tap_fails(bind_to(99, PATH), EBADF, "POSIX bind: EBADF");
    tap_works(bind_to(one, PATH), "bind");
    tap_works(stat(PATH, &status), "makes a file");
    tap_is(status.st_mode, S_IFSOCK | 0755, "of type socket, its mode by the umask");
    tap_fails(bind_to(one, PATH "2"), EINVAL, "POSIX bind: EINVAL, it has a name");
    tap_fails(bind_to(other, PATH), EADDRINUSE, "POSIX bind: EADDRINUSE");
    tap_fails(open(PATH, O_RDWR), ENXIO, "POSIX open: ENXIO");
    close(one);
    tap_fails(bind_to(other, PATH), EADDRINUSE, "the file stays when the socket is closed");
    tap_works(unlink(PATH), "until it is unlinked");
    tap_works(bind_to(other, PATH), "then the path can be used again");
    unlink(PATH);
    close(other);
    umask(umask_before);
}

static void test_names(void)
{
    struct sockaddr_un told;
    socklen_t length = sizeof told;
    int one = stream();

    tap_works(getsockname(one, (struct sockaddr *)&told, &length), "getsockname of one without a name");
    tap_is(length, sizeof told.sun_family, "says the family alone");
    tap_fails(getpeername(one, (struct sockaddr *)&told, &length), ENOTCONN, "POSIX getpeername: ENOTCONN");
    bind_to(one, PATH);
    length = sizeof told;
    getsockname(one, (struct sockaddr *)&told, &length);
    tap_is_text(told.sun_path, PATH, "the name is told");
    length = offsetof(struct sockaddr_un, sun_path) + 4;
    memset(&told, 'x', sizeof told);
    getsockname(one, (struct sockaddr *)&told, &length);
    tap_ok(length > 6 && memcmp(told.sun_path, "/tmpx", 5) == 0, "cut where there is no room, with its whole length");
    tap_fails(getsockname(one, nowhere, &length), EFAULT, "to nowhere: EFAULT");
    unlink(PATH);
    close(one);
}

static void test_abstract(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0abstract"};
    socklen_t length = offsetof(struct sockaddr_un, sun_path) + 9, told_length = sizeof address;
    int one = stream(), other = stream(), client = stream();

    tap_works(bind(one, (struct sockaddr *)&address, length), "a name that stands nowhere");
    tap_fails(bind(other, (struct sockaddr *)&address, length), EADDRINUSE, "is one's own: EADDRINUSE");
    tap_works(bind(other, (struct sockaddr *)&address, length - 1), "a shorter one is another");
    listen(one, 1);
    tap_works(connect(client, (struct sockaddr *)&address, length), "it is found");
    close(one);
    close(client);
    client = stream();
    tap_fails(connect(client, (struct sockaddr *)&address, length), ECONNREFUSED, "and gone with its socket");
    tap_works(bind(client, (struct sockaddr *)&address, sizeof(sa_family_t)), "a name by number");
    getsockname(client, (struct sockaddr *)&address, &told_length);
    tap_is(told_length, offsetof(struct sockaddr_un, sun_path) + 6, "of five digits");
    close(other);
    close(client);
}

static void test_connect_errors(void)
{
    int server, client = stream(), datagram = socket(AF_UNIX, SOCK_DGRAM, 0);

    tap_fails(listen(client, 1), EINVAL, "listen without a name: EINVAL");
    tap_fails(listen(datagram, 1), EOPNOTSUPP, "POSIX listen: EOPNOTSUPP");
    tap_fails(accept(datagram, NULL, NULL), EOPNOTSUPP, "POSIX accept: EOPNOTSUPP");
    tap_fails(accept(client, NULL, NULL), EINVAL, "POSIX accept: EINVAL, it does not listen");
    tap_fails(accept4(client, NULL, NULL, 1), EINVAL, "Linux accept4: EINVAL");
    tap_fails(accept(0, NULL, NULL), ENOTSOCK, "POSIX accept: ENOTSOCK");
    tap_fails(connect_to(client, PATH), ENOENT, "POSIX connect: ENOENT");
    tap_fails(connect_to(client, "/etc/passwd"), ECONNREFUSED, "POSIX connect: ECONNREFUSED, no socket");
    server = stream();
    bind_to(server, PATH);
    tap_fails(connect_to(client, PATH), ECONNREFUSED, "POSIX connect: ECONNREFUSED, nobody listens");
    listen(server, 1);
    tap_fails(connect_to(datagram, PATH), EPROTOTYPE, "POSIX connect: EPROTOTYPE");
    tap_fails(connect_to(server, PATH), EINVAL, "a listening socket cannot connect: EINVAL");
    tap_works(connect_to(client, PATH), "connect");
    tap_fails(connect_to(client, PATH), EISCONN, "POSIX connect: EISCONN");
    tap_fails(read(server, back, 1), EINVAL, "a listening socket has no data: EINVAL");
    tap_fails(accept(server, nowhere, nowhere), EFAULT, "an address to nowhere: EFAULT");
    fcntl(server, F_SETFL, O_NONBLOCK);
    tap_works(close(accept(server, NULL, NULL)), "and the connection waits still");
    tap_fails(accept(server, NULL, NULL), EAGAIN, "POSIX accept: EAGAIN");
    unlink(PATH);
    close(server);
    close(client);
    close(datagram);
}

static void test_connection(void)
{
    struct sockaddr_un told;
    socklen_t length = sizeof told;
    struct pollfd set = {.events = POLLIN};
    int server = listener(PATH, 5), client = stream(), one;

    set.fd = server;
    tap_is(poll(&set, 1, 0), 0, "nobody to accept");
    tap_works(connect_to(client, PATH), "connect does not wait for accept");
    tap_is(write(client, "early", 5), 5, "nor does the client's first write");
    tap_is(poll(&set, 1, 0), 1, "POLLIN: somebody can be accepted");
    one = accept4(server, (struct sockaddr *)&told, &length, SOCK_CLOEXEC);
    tap_works(one, "accept");
    tap_is(length, sizeof told.sun_family, "the client has no name");
    tap_is(fcntl(one, F_GETFD), FD_CLOEXEC, "SOCK_CLOEXEC");
    tap_is(read(one, back, 100), 5, "what was written is there");
    length = sizeof told;
    getpeername(client, (struct sockaddr *)&told, &length);
    tap_is_text(told.sun_path, PATH, "the client's peer has the server's name");
    length = sizeof told;
    getsockname(one, (struct sockaddr *)&told, &length);
    tap_is_text(told.sun_path, PATH, "and so has the accepted socket");
    close(server);
    tap_is(write(one, "x", 1), 1, "the connection outlives the listening socket");
    tap_is(read(client, back, 1), 1, "on both sides");
    unlink(PATH);
    close(one);
    close(client);
}

static int connect_and_read(void *server)
{
    int client = stream();

    close(*(int *)server);
    if (connect_to(client, PATH) != 0)
        return errno;
    return read(client, back, 1) == 1 ? 0 : 200;
}

static void test_backlog(void)
{
    int server = listener(PATH, 0), first = stream(), second = stream(), one;
    pid_t waiting;

    tap_works(connect_to(first, PATH), "a backlog of 0 has room for one");
    fcntl(second, F_SETFL, O_NONBLOCK);
    tap_fails(connect_to(second, PATH), EAGAIN, "a full backlog: EAGAIN with O_NONBLOCK");
    waiting = tap_start_asleep(connect_and_read, &server);
    close(accept(server, NULL, NULL));
    one = accept(server, NULL, NULL);
    tap_works(one, "who waits in connect() comes in when another is accepted");
    write(one, "x", 1);
    tap_is(tap_wait(waiting), 0, "and is connected");
    close(one);
    close(second);
    second = stream();
    connect_to(second, PATH);
    waiting = tap_start_asleep(connect_and_read, &server);
    close(server);
    tap_is(WEXITSTATUS(tap_wait(waiting)), ECONNREFUSED, "the server's end ends the wait: ECONNREFUSED");
    tap_fails(read(second, back, 1), ECONNRESET, "who was never accepted: ECONNRESET");
    unlink(PATH);
    close(first);
    close(second);
}

static int connect_as_user(void *unused)
{
    (void)unused;
    if (setuid(1000) != 0)
        return 200;
    return connect_to(stream(), PATH) == 0 ? 0 : errno;
}

struct binding {
    int socket, start[2];
    const char *path;
};

static int bind_at_the_start(void *context)
{
    const struct binding *binding = context;

    close(binding->start[1]);
    read(binding->start[0], back, 1);
    return bind_to(binding->socket, binding->path) == 0 ? 0 : errno;
}

/* Two that bind one socket at the same time: one of them does, and of the other nothing is left. */
static void test_bind_twice_at_once(void)
{
    static const char *const paths[2] = {PATH "1", PATH "2"};
    int wrong = 0;

    for (int i = 0; i < 100; i++) {
        struct binding binding = {.socket = stream()};
        pid_t children[2];
        int bound = 0;

        pipe(binding.start);
        for (int k = 0; k < 2; k++) {
            binding.path = paths[k];
            children[k] = tap_start(bind_at_the_start, &binding);
        }
        close(binding.start[0]);
        close(binding.start[1]);
        for (int k = 0; k < 2; k++)
            bound += tap_wait(children[k]) == 0;
        wrong += bound != 1 || (unlink(paths[0]) == 0) + (unlink(paths[1]) == 0) != 1;
        close(binding.socket);
    }
    tap_is(wrong, 0, "of two that bind a socket at once one does, and one path is made");
}

static void test_who_may(void)
{
    struct ucred who;
    socklen_t length = sizeof who;
    int server = listener(PATH, 5), one;

    chmod(PATH, 0700);
    tap_is(tap_child_result(connect_as_user, NULL), EACCES, "POSIX connect: EACCES, no permission to write");
    chmod(PATH, 0722);
    tap_is(tap_child_result(connect_as_user, NULL), 0, "with it another user may");
    one = accept(server, NULL, NULL);
    tap_works(getsockopt(one, SOL_SOCKET, SO_PEERCRED, &who, &length), "SO_PEERCRED");
    tap_is(who.uid, 1000, "says who has connected");
    unlink(PATH);
    close(one);
    close(server);
}

int main(void)
{
    tap_begin();
    test_bind();
    test_names();
    test_abstract();
    test_connect_errors();
    test_connection();
    test_backlog();
    test_bind_twice_at_once();
    test_who_may();
    return tap_end();
}

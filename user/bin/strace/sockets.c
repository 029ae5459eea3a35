/*
 * sockets.c - what the arguments of sockets' calls are called, and their structures.
 */
#include <abi/socket.h>
#include <string.h>

#include "strace.h"

const struct name domains[] = {NAME_VALUE(AF_UNSPEC), NAME_VALUE(AF_UNIX), NAME_END};
#define TYPE 0xf
const struct name socket_types[] = {
    NAME_FIELD(SOCK_STREAM, TYPE), NAME_FIELD(SOCK_DGRAM, TYPE), NAME_FIELD(SOCK_SEQPACKET, TYPE),
    NAME_BIT(SOCK_NONBLOCK),       NAME_BIT(SOCK_CLOEXEC),       NAME_END,
};
const struct name accept_flags[] = {NAME_BIT(SOCK_CLOEXEC), NAME_BIT(SOCK_NONBLOCK), NAME_END};
const struct name shutdown_ways[] = {NAME_VALUE(SHUT_RD), NAME_VALUE(SHUT_WR), NAME_VALUE(SHUT_RDWR), NAME_END};
const struct name send_flags[] = {
    NAME_BIT(MSG_OOB),          NAME_BIT(MSG_PEEK), NAME_BIT(MSG_CTRUNC),  NAME_BIT(MSG_TRUNC),
    NAME_BIT(MSG_DONTWAIT),     NAME_BIT(MSG_EOR),  NAME_BIT(MSG_WAITALL), NAME_BIT(MSG_NOSIGNAL),
    NAME_BIT(MSG_CMSG_CLOEXEC), NAME_END,
};
const struct name option_levels[] = {NAME_VALUE(SOL_SOCKET), NAME_END};
static const struct name control_types[] = {NAME_VALUE(SCM_RIGHTS), NAME_VALUE(SCM_CREDENTIALS), NAME_END};
const struct name socket_options[] = {
    NAME_VALUE(SO_TYPE),      NAME_VALUE(SO_ERROR),     NAME_VALUE(SO_SNDBUF),
    NAME_VALUE(SO_RCVBUF),    NAME_VALUE(SO_LINGER),    NAME_VALUE(SO_PASSCRED),
    NAME_VALUE(SO_PEERCRED),  NAME_VALUE(SO_RCVLOWAT),  NAME_VALUE(SO_SNDLOWAT),
    NAME_VALUE(SO_RCVTIMEO),  NAME_VALUE(SO_SNDTIMEO),  NAME_VALUE(SO_ACCEPTCONN),
    NAME_VALUE(SO_PROTOCOL),  NAME_VALUE(SO_DOMAIN),    NAME_VALUE(SO_REUSEADDR),
    NAME_VALUE(SO_DEBUG),     NAME_VALUE(SO_DONTROUTE), NAME_VALUE(SO_BROADCAST),
    NAME_VALUE(SO_KEEPALIVE), NAME_VALUE(SO_OOBINLINE), NAME_END,
};

/* A socket's name of so many bytes. */
static void say_name(const struct call *call, uint32_t value, size_t length)
{
    size_t known;
    const struct abi_sockaddr_un *name = call_memory(call, value, sizeof(name->sun_family), &known);
    size_t before = offsetof(struct abi_sockaddr_un, sun_path);

    if (!name || length < before) {
        say_address(value);
        return;
    }
    say("{sa_family=");
    say_names(domains, name->sun_family);
    length = (length < known ? length : known) - before;
    if (length > 0 && name->sun_path[0] == '\0') {
        say(", sun_path=@");
        say_quoted(name->sun_path + 1, length - 1, false);
    } else if (length > 0) {
        say(", sun_path=");
        say_quoted(name->sun_path, strnlen(name->sun_path, length), false);
    }
    say("}");
}

void socket_address(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say_name(call, argument(call, i), argument(call, i + 1));
}

/* A length that stands where argument i points; 0: that is not known. */
static size_t length_at(const struct call *call, unsigned i)
{
    size_t known;
    const uint32_t *length = call_memory(call, argument(call, i), sizeof(*length), &known);

    return length ? *length : 0;
}

void socket_address_out(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say_name(call, argument(call, i), length_at(call, i + 1));
}

/* One object of ancillary data, of which `room` bytes are known; its length is any number that the process has put
 * there.  How far off the next one is. */
static size_t say_object(const struct abi_cmsghdr *header, size_t room)
{
    const int32_t *numbers = (const void *)(header + 1);
    size_t known = header->cmsg_len < room ? header->cmsg_len : room, count;

    say("{cmsg_level=");
    say_names(option_levels, (uint32_t)header->cmsg_level);
    say(", cmsg_type=");
    if (header->cmsg_level == SOL_SOCKET)
        say_names(control_types, (uint32_t)header->cmsg_type);
    else
        say("%ld", (long)header->cmsg_type);
    if (known < sizeof(*header)) {
        say(", cmsg_len=%lu}", (unsigned long)header->cmsg_len);
        return room;
    }
    say(", cmsg_data=[");
    count = (known - sizeof(*header)) / sizeof(*numbers);
    for (size_t k = 0; k < count; k++)
        say("%s%ld", k > 0 ? ", " : "", (long)numbers[k]);
    if (known < header->cmsg_len)
        say("%s...", count > 0 ? ", " : "");
    say("]}");
    return CMSG_STEP(known);
}

static void say_control(const struct call *call, const struct abi_msghdr *message)
{
    size_t length;
    const char *objects = call_memory(call, message->msg_control, sizeof(struct abi_cmsghdr), &length);

    say(", msg_control=[");
    length = length < message->msg_controllen ? length : message->msg_controllen;
    for (size_t at = 0; at + sizeof(struct abi_cmsghdr) <= length;) {
        say(at > 0 ? ", " : "");
        at += say_object((const void *)(objects + at), length - at);
    }
    say("]");
}

/* With a result: what of the buffers it has moved. */
void message(const struct call *call, unsigned i, const struct name *names)
{
    const struct abi_msghdr *message = AT(call, i, struct abi_msghdr);
    size_t total = call->result && call->result->result >= 0 ? (size_t)call->result->result : SIZE_MAX, length;

    (void)names;
    if (!message)
        return;
    say("{");
    if (message->msg_name != 0) {
        say("msg_name=");
        say_name(call, message->msg_name, message->msg_namelen);
        say(", ");
    }
    say("msg_iov=");
    say_vector(call, message->msg_iov, (size_t)message->msg_iovlen, total);
    if (message->msg_control != 0 && call_memory(call, message->msg_control, sizeof(struct abi_cmsghdr), &length))
        say_control(call, message);
    say(", msg_flags=");
    say_names(send_flags, (uint32_t)message->msg_flags);
    say("}");
}

/* An option's value: a number, or three of credentials. */
static void say_option(const struct call *call, uint32_t value, size_t size)
{
    size_t length;
    const int32_t *numbers = call_memory(call, value, sizeof(*numbers), &length);

    if (!numbers) {
        say_address(value);
        return;
    }
    say("[");
    for (size_t k = 0; 4 * k + 4 <= size && 4 * k + 4 <= length; k++)
        say("%s%ld", k > 0 ? ", " : "", (long)numbers[k]);
    say("]");
}

void option_value(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say_option(call, argument(call, i), argument(call, i + 1));
}

void option_out(const struct call *call, unsigned i, const struct name *names)
{
    (void)names;
    say_option(call, argument(call, i), length_at(call, i + 1));
}

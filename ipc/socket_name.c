/*
 * socket_name.c - names of sockets: bind(), finding who has a name, and telling it.
 *
 * A name is a path, at which an inode of type socket stands and points to the name; or it is abstract (its first byte
 * is 0), and stands in a table only.  bind() makes it, the end of its socket frees it: from then on nobody is found
 * there, but a path stays until it is unlinked.  The structure itself lives on as long as a connection or a packet
 * tells it.
 */
#include <core/syscalls.h>
#include <fs/path.h>
#include <ipc/socket.h>
#include <mm/kmalloc.h>

#define FAMILY_SIZE offsetof(struct abi_sockaddr_un, sun_path)
#define AUTOBIND_DIGITS 5
#define BUCKETS 256u

static struct list abstract_names[BUCKETS]; /* sockets_lock; all zero: nobody was there so far */

struct socket_name *socket_name_get(struct socket_name *name)
{
    if (name != NULL)
        __atomic_fetch_add(&name->references, 1, __ATOMIC_RELAXED);
    return name;
}

void socket_name_put(struct socket_name *name)
{
    if (name == NULL || __atomic_sub_fetch(&name->references, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    inode_put(name->inode);
    kfree(name);
}

void socket_name_release(struct socket *socket)
{
    struct socket_name *name = socket->name;

    if (name == NULL || name->owner != socket)
        return;
    if (name->inode != NULL) {
        mutex_lock(&name->inode->lock);
        name->inode->object = NULL;
        mutex_unlock(&name->inode->lock);
    }
    spin_lock(&sockets_lock);
    name->owner = NULL;
    if (list_linked(&name->all_link))
        list_remove(&name->all_link);
    spin_unlock(&sockets_lock);
}

/* An address of the user's, its path (if it is one) with a 0 byte behind.  0 or -errno. */
static int address_read(struct abi_sockaddr_un *to, char path[UNIX_PATH_MAX + 1], uaddr_t address, uint32_t length)
{
    if (length < FAMILY_SIZE || length > sizeof(*to))
        return -EINVAL; /* POSIX bind, connect: EINVAL */
    memset(to, 0, sizeof(*to));
    if (copy_from_user(to, address, length) != 0)
        return -EFAULT;
    if (to->sun_family != AF_UNIX)
        return -EAFNOSUPPORT; /* POSIX bind, connect: EAFNOSUPPORT */
    memcpy(path, to->sun_path, UNIX_PATH_MAX);
    path[length - FAMILY_SIZE] = '\0';
    return 0;
}

static struct socket_name *name_create(const struct abi_sockaddr_un *address, uint32_t length)
{
    struct socket_name *name = kmalloc(sizeof(*name));

    if (name == NULL)
        return NULL;
    name->references = 1;
    name->length = length;
    name->address = *address;
    return name;
}

/* Where an abstract name stands, or would stand. */
static struct list *abstract_bucket(const struct abi_sockaddr_un *address, uint32_t length)
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    struct list *bucket;

    debug_lock_held(&sockets_lock);
    for (uint32_t i = 0; i < length - FAMILY_SIZE; i++)
        hash = (hash ^ (uint8_t)address->sun_path[i]) * 16777619u;
    bucket = &abstract_names[hash % BUCKETS];
    if (!list_linked(bucket))
        list_init(bucket);
    return bucket;
}

static struct socket_name *find_abstract(const struct abi_sockaddr_un *address, uint32_t length)
{
    struct socket_name *name;

    list_for_each_entry (name, abstract_bucket(address, length), all_link) {
        if (name->length == length && memcmp(&name->address, address, length) == 0)
            return name;
    }
    return NULL;
}

/* Find a free name of five digits.  sockets_lock held. */
static int name_by_number(struct socket_name *name)
{
    static uint32_t next;

    name->length = FAMILY_SIZE + 1 + AUTOBIND_DIGITS;
    for (uint32_t tries = 0; tries < 1u << 4 * AUTOBIND_DIGITS; tries++, next++) {
        for (unsigned i = 0; i < AUTOBIND_DIGITS; i++)
            name->address.sun_path[1 + i] = "0123456789abcdef"[next >> 4 * (AUTOBIND_DIGITS - 1 - i) & 15];
        if (find_abstract(&name->address, name->length) == NULL)
            return 0;
    }
    return -ENOSPC; /* Linux bind: ENOSPC */
}

/* Give it to the socket.  sockets_lock held. */
static void name_give(struct socket *socket, struct socket_name *name)
{
    name->owner = socket;
    __atomic_store_n(&socket->name, name, __ATOMIC_RELEASE);
}

static int bind_abstract(struct socket *socket, struct socket_name *name)
{
    int error = 0;

    spin_lock(&sockets_lock);
    if (name->length == FAMILY_SIZE)
        error = name_by_number(name);
    else if (find_abstract(&name->address, name->length) != NULL)
        error = -EADDRINUSE; /* POSIX bind: EADDRINUSE */
    if (error == 0) {
        name_give(socket, name);
        list_add_tail(abstract_bucket(&name->address, name->length), &name->all_link);
    }
    spin_unlock(&sockets_lock);
    return error;
}

/* The name is in its place when the inode can be found. */
static int bind_path(struct socket *socket, struct socket_name *name, const char *path)
{
    struct inode *inode;
    int error = path_make_socket(path, 0777, &inode);

    if (error != 0)
        return error == -EEXIST ? -EADDRINUSE : error; /* POSIX bind: EADDRINUSE, and those of a path */
    name->inode = inode;
    mutex_lock(&inode->lock);
    spin_lock(&sockets_lock);
    name_give(socket, name);
    spin_unlock(&sockets_lock);
    inode->object = name;
    mutex_unlock(&inode->lock);
    return 0;
}

/* Its inode's lock, held, lets nobody else bind it meanwhile. */
static int bind_unnamed(struct socket *socket, const struct abi_sockaddr_un *address, uint32_t length, const char *path)
{
    struct socket_name *name;
    int error;

    if (socket->name != NULL)
        return -EINVAL; /* POSIX bind: EINVAL */
    name = name_create(address, length);
    if (name == NULL)
        return -ENOMEM;
    error = path[0] != '\0' ? bind_path(socket, name, path) : bind_abstract(socket, name);
    if (error != 0)
        socket_name_put(name);
    return error;
}

long sys_bind(int fd, uaddr_t user, uint32_t length)
{
    struct abi_sockaddr_un address;
    char path[UNIX_PATH_MAX + 1];
    struct file *file;
    int error;
    struct socket *socket = socket_at(fd, &file, &error);

    if (socket == NULL)
        return error;
    error = address_read(&address, path, user, length);
    if (error == 0) {
        mutex_lock(&socket->inode.lock);
        error = bind_unnamed(socket, &address, length, path);
        mutex_unlock(&socket->inode.lock);
    }
    fd_put(file);
    return error;
}

/* Who has the name now, referenced; NULL: nobody. */
static struct socket *name_owner(struct socket_name *name)
{
    struct socket *owner;

    debug_lock_held(&sockets_lock);
    owner = name != NULL ? name->owner : NULL;
    if (owner != NULL)
        socket_get(owner);
    return owner;
}

static struct socket *find_path(const char *path, int *error)
{
    struct inode *inode = path_walk(AT_FDCWD, path, WALK_FOLLOW, error);
    struct socket *owner = NULL;

    if (inode == NULL)
        return NULL;
    *error = inode_access(inode, W_OK, false); /* POSIX connect: EACCES */
    if (*error == 0 && inode_type(inode) == ABI_S_IFSOCK) {
        mutex_lock(&inode->lock);
        spin_lock(&sockets_lock);
        owner = name_owner(inode->object);
        spin_unlock(&sockets_lock);
        mutex_unlock(&inode->lock);
    }
    inode_put(inode);
    if (*error == 0 && owner == NULL)
        *error = -ECONNREFUSED; /* POSIX connect: ECONNREFUSED */
    return owner;
}

struct socket *socket_find(uaddr_t user, uint32_t length, int *error)
{
    struct abi_sockaddr_un address;
    char path[UNIX_PATH_MAX + 1];
    struct socket *owner;

    *error = address_read(&address, path, user, length);
    if (*error != 0)
        return NULL;
    if (path[0] != '\0')
        return find_path(path, error);
    spin_lock(&sockets_lock);
    owner = name_owner(find_abstract(&address, length));
    spin_unlock(&sockets_lock);
    if (owner == NULL)
        *error = -ECONNREFUSED; /* POSIX connect: ECONNREFUSED */
    return owner;
}

/* A path is told with a 0 byte behind it, where it leaves room for one. */
static uint32_t told_length(const struct socket_name *name)
{
    if (name == NULL)
        return FAMILY_SIZE;
    return name->inode != NULL && name->length < sizeof(name->address) &&
                   name->address.sun_path[name->length - FAMILY_SIZE - 1] != '\0'
               ? name->length + 1
               : name->length;
}

long socket_name_store(const struct socket_name *name, uaddr_t user, uaddr_t user_length)
{
    static const struct abi_sockaddr_un none = {.sun_family = AF_UNIX};
    uint32_t length = told_length(name);
    int32_t room;

    if (copy_from_user(&room, user_length, sizeof(room)) != 0)
        return -EFAULT;
    if (room < 0)
        return -EINVAL; /* POSIX getsockname: EINVAL */
    if (copy_to_user(user, name != NULL ? &name->address : &none, (uint32_t)room < length ? (uint32_t)room : length) !=
        0)
        return -EFAULT;
    return copy_to_user(user_length, &length, sizeof(length));
}

static long tell_name(int fd, uaddr_t address, uaddr_t length, bool of_peer)
{
    struct file *file;
    int error;
    struct socket *socket = socket_at(fd, &file, &error), *peer;
    long result = -ENOTCONN; /* POSIX getpeername: ENOTCONN */

    if (socket == NULL)
        return error;
    peer = of_peer ? socket_peer(socket) : NULL;
    if (!of_peer || peer != NULL)
        result = socket_name_store((of_peer ? peer : socket)->name, address, length);
    socket_put(peer);
    fd_put(file);
    return result;
}

long sys_getsockname(int fd, uaddr_t address, uaddr_t length)
{
    return tell_name(fd, address, length, false);
}

long sys_getpeername(int fd, uaddr_t address, uaddr_t length)
{
    return tell_name(fd, address, length, true);
}

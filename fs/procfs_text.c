/*
 * procfs_text.c - the files of /proc: text that is made when it is read.
 *
 * The text is made by the first read of an open file, and anew by each that starts at position 0, so what one program
 * reads in pieces is of one moment.  It belongs to the open file (file->object); the inode's lock guards it.
 *
 * What a spinlock guards is printed with it held, when no memory can be had: what does not fit is left out, and all of
 * that piece printed again in a larger text.
 *
 * Some files are a number that can be written, too.
 *
 * The first block is a page whatever the text's length: the leak checks, which read /proc, find the same memory in use
 * each time they look.
 */
#include <fs/procfs.h>
#include <mm/kmalloc.h>

#define FIRST_SIZE 4096u

static bool text_grow(struct proc_text *text)
{
    size_t size = text->size == 0 ? FIRST_SIZE : 2 * text->size;
    char *bytes = kmalloc(size);

    if (bytes == NULL) {
        text->failed = true;
        return false;
    }
    if (text->length != 0)
        memcpy(bytes, text->bytes, text->length);
    kfree(text->bytes);
    text->bytes = bytes;
    text->size = size;
    return true;
}

void proc_print(struct proc_text *text, const char *format, ...)
{
    for (;;) {
        size_t room = text->size - text->length;
        va_list args;
        int length;

        va_start(args, format);
        length = vsnprintf(text->bytes + text->length, room, format, args);
        va_end(args);
        if ((size_t)length < room) {
            text->length += (size_t)length;
            return;
        }
        text->cut = true;
        if (text->locked || text->failed || !text_grow(text))
            return;
    }
}

void proc_print_locked(struct proc_text *text, struct spinlock *lock, proc_printer *print, const void *context)
{
    size_t start = text->length;

    do {
        text->length = start;
        text->cut = false;
        text->locked = true;
        spin_lock(lock);
        print(text, context);
        spin_unlock(lock);
        text->locked = false;
    } while (text->cut && !text->failed && text_grow(text));
}

static void print_waiters(struct proc_text *text, const void *queue)
{
    const struct wait_queue *waiters = queue;
    const struct wait_entry *entry;
    const char *separator = " ";

    list_for_each_entry (entry, &waiters->entries, link) {
        proc_print(text, "%s%d", separator, entry->thread->process->pid);
        separator = ",";
    }
    if (*separator == ' ')
        proc_print(text, " -");
}

void proc_print_waiters(struct proc_text *text, const struct wait_queue *queue, struct spinlock *lock)
{
    proc_print_locked(text, lock, print_waiters, queue);
}

void proc_write(struct proc_text *text, const char *bytes, size_t n)
{
    while (text->size - text->length < n)
        if (text->failed || !text_grow(text))
            return;
    memcpy(text->bytes + text->length, bytes, n);
    text->length += n;
}

/* Make the text anew.  The inode's lock is held. */
static int text_make(struct file *file)
{
    const struct proc_inode *node = proc_inode(file->inode);
    struct proc_text *text = file->object;
    int error = 0;

    if (text == NULL) {
        file->object = text = kmalloc(sizeof(*text));
        if (text == NULL)
            return -ENOMEM;
    }
    text->length = 0;
    text->failed = text->size == 0 && !text_grow(text);
    if (text->failed)
        return -ENOMEM;
    if (node->row->limit.value != NULL)
        proc_print(text, "%u\n", (unsigned)*node->row->limit.value);
    else if (node->pid == 0)
        node->row->show(text);
    else
        error = proc_show(text, node->row->show, node->pid, node->number);
    return text->failed ? -ENOMEM : error;
}

static long text_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    struct inode *inode = file->inode;
    const struct proc_text *text;
    long result = 0;

    mutex_lock(&inode->lock);
    if (*position == 0 || file->object == NULL)
        result = text_make(file);
    text = file->object;
    if (result == 0)
        result = file_read_text(text->bytes, text->length, uio, position);
    mutex_unlock(&inode->lock);
    return result;
}

/* A number, and a newline or not, in one write. */
static long text_write(struct file *file, struct uio *uio, abi_off_t *position)
{
    const struct proc_limit *limit = &proc_inode(file->inode)->row->limit;
    size_t n = uio->left;
    char digits[16];
    uint64_t value;

    if (n >= sizeof(digits))
        return -EINVAL;
    if (uio_copy_in(uio, digits, n) != 0)
        return -EFAULT;
    digits[n] = '\0';
    if (n != 0 && digits[n - 1] == '\n')
        digits[n - 1] = '\0';
    if (!parse_number(digits, &value) || value < limit->lowest || value > limit->highest)
        return -EINVAL;
    *limit->value = (uint32_t)value;
    if (limit->changed != NULL)
        limit->changed();
    return (long)n;
}

static void text_release(struct file *file)
{
    struct proc_text *text = file->object;

    if (text != NULL)
        kfree(text->bytes);
    kfree(text);
}

const struct file_ops proc_text_ops = {
    .read = text_read,
    .write = text_write,
    .seek = inode_seek,
    .release = text_release,
};

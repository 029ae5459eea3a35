/*
 * terminal.c - the console's terminal: reading, writing and waiting for it.
 *
 * All bytes pass through the line discipline; here are the locks, the sleeping, and user memory.  User memory is never
 * touched with the lock held: bytes go through a buffer.
 *
 * A write has the terminal for itself until it ends, so that its lines stay whole.  Output that the line has no room
 * for waits, cooked, in the discipline; the line calls terminal_output_ready() when it can take more.
 *
 * /dev/tty opens the controlling terminal.  No open makes a terminal the controlling one: TIOCSCTTY does.
 */
#include <drivers/drivers.h>
#include <drivers/terminal_state.h>
#include <fs/fs.h>
#include <mm/kmalloc.h>

#define CHUNK 256
#define MINOR_CONSOLE 1
#define TENTH_OF_SECOND 100000000ull /* ns; VTIME counts in them */
#define DRAIN_LOOK 1000000ull        /* ns between two looks whether the last bytes have left the device */

static struct terminal console = {.lock = SPINLOCK_INIT("terminal", RANK_TTY), .size = {.ws_row = 24, .ws_col = 80}};

void terminal_push(struct terminal *t)
{
    struct line_discipline *line = &t->line;
    unsigned n;

    debug_lock_held(&t->lock);
    if (line->stopped || line->cooked_start == line->cooked_end)
        return;
    n = pl011_write(line->cooked + line->cooked_start, line->cooked_end - line->cooked_start);
    line->cooked_start += n;
    if (line->cooked_start == line->cooked_end)
        discipline_flush_output(line);
    if (n != 0) {
        wake_all(&t->room, 0);
        wake_all(&t->watchers, 0);
    }
}

void terminal_wake_all(struct terminal *t)
{
    wake_all(&t->readers, 0);
    wake_all(&t->room, 0);
    wake_all(&t->turn, 0);
    wake_all(&t->watchers, 0);
}

void terminal_input(uint8_t byte)
{
    struct terminal *t = &console;
    uint32_t before;
    int signal;

    spin_lock(&t->lock);
    before = t->line.line_at;
    signal = discipline_input(&t->line, byte);
    terminal_push(t);
    if (t->line.line_at != before) {
        wake_all(&t->readers, 0);
        wake_all(&t->watchers, 0);
    }
    if (signal != 0) {
        jobs_signal(t, signal);
        terminal_wake_all(t);
    }
    spin_unlock(&t->lock);
}

void terminal_output_ready(void)
{
    spin_lock(&console.lock);
    terminal_push(&console);
    wake_all(&console.room, 0);
    spin_unlock(&console.lock);
}

long terminal_drain(struct terminal *t)
{
    while (t->line.cooked_start != t->line.cooked_end || !pl011_drained()) {
        uint64_t soon = counter_read() + ticks_from_ns(DRAIN_LOOK);

        if (wait_sleep(&t->room, &t->lock, "tty drain", soon, WAIT_INTERRUPTIBLE) == -ERESTART)
            return -ERESTART;
    }
    return 0;
}

/* In raw mode: how many bytes a read of `left` bytes waits for. */
static unsigned raw_wanted(const struct terminal *t, size_t left)
{
    unsigned min = t->line.settings.c_cc[VMIN];

    return left < min ? left : min;
}

static unsigned raw_available(const struct terminal *t)
{
    return t->line.line_at - t->line.read_at;
}

/* POSIX 11.1.7: is there what a read waits for? */
static bool read_satisfied(const struct terminal *t, size_t left)
{
    if (discipline_canonical(&t->line))
        return t->line.lines != 0;
    if (t->line.settings.c_cc[VMIN] != 0)
        return raw_available(t) >= raw_wanted(t, left);
    return raw_available(t) != 0 || t->line.settings.c_cc[VTIME] == 0;
}

/* When a read that began at `begun`, and saw the last byte come at `arrived`, ends unsatisfied. */
static uint64_t read_deadline(const struct terminal *t, uint64_t begun, uint64_t arrived)
{
    uint64_t time = ticks_from_ns(t->line.settings.c_cc[VTIME] * TENTH_OF_SECOND);

    if (discipline_canonical(&t->line) || time == 0)
        return DEADLINE_NEVER;
    if (t->line.settings.c_cc[VMIN] == 0)
        return begun + time;
    return raw_available(t) != 0 ? arrived + time : DEADLINE_NEVER;
}

/* Wait for what a read wants: 1: take what is there; 0: end of file; or an error.  Lock held. */
static long await_input(struct terminal *t, const struct file *file, size_t left)
{
    uint64_t begun = counter_read(), arrived = begun;
    uint32_t seen = t->line.write_at;

    for (;;) {
        long answer = jobs_check(t, SIGTTIN);

        if (answer != JOBS_GO_ON)
            return answer == JOBS_HUNG_UP ? 0 : answer;
        if (read_satisfied(t, left))
            return 1;
        if (file->flags & O_NONBLOCK)
            return raw_available(t) != 0 && !discipline_canonical(&t->line) ? 1 : -EAGAIN; /* POSIX read: EAGAIN */
        if (t->line.write_at != seen) {
            seen = t->line.write_at;
            arrived = counter_read();
        }
        answer = wait_sleep(&t->readers, &t->lock, "tty read", read_deadline(t, begun, arrived), WAIT_INTERRUPTIBLE);
        if (answer == -ETIMEDOUT)
            return 1;
        if (answer < 0)
            return answer;
    }
}

/* The bytes, in canonical mode of one line at most, are taken as one, so that two readers never share a line. */
static long terminal_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    size_t size = uio->left < INPUT_SIZE ? uio->left : INPUT_SIZE;
    struct terminal *t = file->object;
    uint8_t *bytes;
    long answer;

    if (size == 0)
        return 0;
    bytes = kmalloc(size);
    if (bytes == NULL)
        return -ENOMEM;
    spin_lock(&t->lock);
    answer = await_input(t, file, size);
    if (answer > 0) {
        answer = (long)discipline_read(&t->line, bytes, size);
        terminal_push(t);
    }
    spin_unlock(&t->lock);
    if (answer > 0 && uio_copy_out(uio, bytes, (size_t)answer) != 0)
        answer = -EFAULT;
    kfree(bytes);
    return answer;
}

/* May the running process write?  Only TOSTOP keeps a background group from it. */
static long check_write(struct terminal *t)
{
    long answer = jobs_check(t, t->line.settings.c_lflag & TOSTOP ? SIGTTOU : 0);

    return answer == JOBS_HUNG_UP ? -EIO : answer; /* POSIX write: EIO */
}

/* Get the terminal for one write.  Lock held. */
static long begin_write(struct terminal *t, const struct file *file)
{
    for (;;) {
        long answer = check_write(t);

        if (answer < 0)
            return answer;
        if (!t->writing)
            break;
        if (file->flags & O_NONBLOCK)
            return -EAGAIN; /* POSIX write: EAGAIN */
        answer = wait_sleep(&t->turn, &t->lock, "tty turn", DEADLINE_NEVER, WAIT_INTERRUPTIBLE);
        if (answer < 0)
            return answer;
    }
    t->writing = true;
    return 0;
}

/* Write n bytes from the kernel; *done counts those accepted.  Lock held. */
static long put_output(struct terminal *t, const struct file *file, const uint8_t *bytes, unsigned n, long *done)
{
    long answer;

    for (;;) {
        unsigned taken = discipline_write(&t->line, bytes, n);

        terminal_push(t);
        *done += taken;
        bytes += taken;
        n -= taken;
        if (n == 0)
            return 0;
        if (taken != 0)
            continue;
        if (file->flags & O_NONBLOCK)
            return -EAGAIN; /* POSIX write: EAGAIN */
        answer = wait_sleep(&t->room, &t->lock, "tty write", DEADLINE_NEVER, WAIT_INTERRUPTIBLE);
        if (answer >= 0)
            answer = check_write(t);
        if (answer < 0)
            return answer;
    }
}

static long terminal_write(struct file *file, struct uio *uio, abi_off_t *position)
{
    struct terminal *t = file->object;
    uint8_t buffer[CHUNK];
    long done = 0, answer;

    spin_lock(&t->lock);
    answer = begin_write(t, file);
    if (answer < 0) {
        spin_unlock(&t->lock);
        return answer;
    }
    while (uio->left != 0 && answer >= 0) {
        unsigned n = uio->left < CHUNK ? uio->left : CHUNK;

        spin_unlock(&t->lock);
        answer = uio_copy_in(uio, buffer, n);
        spin_lock(&t->lock);
        if (answer == 0)
            answer = put_output(t, file, buffer, n, &done);
    }
    t->writing = false;
    wake_one(&t->turn, 0);
    spin_unlock(&t->lock);
    return done != 0 ? done : answer;
}

static unsigned terminal_poll(struct file *file, struct poll_watch *watch)
{
    struct terminal *t = file->object;
    const struct line_discipline *line = &t->line;
    unsigned ready = 0;

    spin_lock(&t->lock);
    if (watch != NULL)
        wait_enqueue(&t->watchers, &watch->entry, &t->lock);
    if (discipline_canonical(line) ? line->lines != 0 : raw_available(t) != 0)
        ready |= POLLIN | POLLRDNORM;
    if (line->cooked_end - line->cooked_start < COOKED_SIZE / 2)
        ready |= POLLOUT | POLLWRNORM;
    if (jobs_check(t, 0) == JOBS_HUNG_UP)
        ready = POLLIN | POLLRDNORM | POLLHUP; /* POSIX poll: POLLHUP */
    spin_unlock(&t->lock);
    return ready;
}

static const struct file_ops terminal_file_ops = {
    .read = terminal_read,
    .write = terminal_write,
    .ioctl = terminal_ioctl,
    .poll = terminal_poll,
};

/* /dev/console, or /dev/tty. */
int terminal_open(struct inode *inode, struct file *file)
{
    struct terminal *t = RDEV_MINOR(inode->rdev) == MINOR_CONSOLE ? &console : jobs_terminal();

    if (RDEV_MINOR(inode->rdev) > MINOR_CONSOLE || t == NULL)
        return -ENXIO; /* POSIX open: ENXIO */
    file->ops = &terminal_file_ops;
    file->object = t;
    return 0;
}

void terminal_describe(const struct terminal *terminal, uint32_t *rdev, int *foreground)
{
    *rdev = MAJOR_TTY << 8 | 1; /* /dev/console */
    *foreground = terminal->foreground;
}

void terminal_start(void)
{
    discipline_init(&console.line);
    wait_queue_init(&console.readers);
    wait_queue_init(&console.room);
    wait_queue_init(&console.turn);
    wait_queue_init(&console.watchers);
}

/*
 * terminal_ioctl.c - the requests of <termios.h> and their kin, as Linux numbers them.
 *
 * Requests that change something are as output is: a background group gets SIGTTOU for them.  The line's speed and
 * format are kept and given back, but are the hardware's own.
 */
#include <abi/errno.h>
#include <abi/signal.h>
#include <drivers/terminal_state.h>
#include <mm/user.h>

/* For a request that changes the terminal: 0, or why the running process may not. */
static long check_change(struct terminal *t)
{
    long answer = jobs_check(t, SIGTTOU);

    if (answer == JOBS_GO_ON)
        return 0;
    return answer == JOBS_HUNG_UP ? -EIO : answer; /* POSIX tcsetattr: EIO */
}

static long get_settings(struct terminal *t, uaddr_t to)
{
    struct abi_termios settings;

    spin_lock(&t->lock);
    settings = t->line.settings;
    spin_unlock(&t->lock);
    return copy_to_user(to, &settings, sizeof(settings));
}

/* TCSETS at once; TCSETSW when all output has left; TCSETSF then too, dropping the input. */
static long set_settings(struct terminal *t, unsigned request, uaddr_t from)
{
    struct abi_termios settings;
    long answer = check_change(t);

    if (answer == 0)
        answer = copy_from_user(&settings, from, sizeof(settings));
    if (answer < 0)
        return answer;
    spin_lock(&t->lock);
    if (request != TCSETS)
        answer = terminal_drain(t);
    if (answer == 0) {
        if (request == TCSETSF)
            discipline_flush_input(&t->line);
        discipline_set(&t->line, &settings);
        terminal_push(t);
        terminal_wake_all(t); /* other settings may let other reads end */
    }
    spin_unlock(&t->lock);
    return answer;
}

static long flush(struct terminal *t, uint32_t which)
{
    long answer = check_change(t);

    if (answer < 0)
        return answer;
    if (which > TCIOFLUSH)
        return -EINVAL; /* POSIX tcflush: EINVAL */
    spin_lock(&t->lock);
    if (which != TCOFLUSH)
        discipline_flush_input(&t->line);
    if (which != TCIFLUSH)
        discipline_flush_output(&t->line);
    terminal_push(t);
    terminal_wake_all(t);
    spin_unlock(&t->lock);
    return 0;
}

static long flow(struct terminal *t, uint32_t action)
{
    long answer = check_change(t);

    if (answer < 0)
        return answer;
    if (action > TCION)
        return -EINVAL; /* POSIX tcflow: EINVAL */
    spin_lock(&t->lock);
    if (action == TCOOFF || action == TCOON)
        t->line.stopped = action == TCOOFF;
    else
        discipline_send_flow(&t->line, action == TCIOFF);
    terminal_push(t);
    spin_unlock(&t->lock);
    return 0;
}

/* tcdrain, and tcsendbreak, which waits for the output too but sends nothing: POSIX leaves that to the device. */
static long drain(struct terminal *t)
{
    long answer = check_change(t);

    if (answer < 0)
        return answer;
    spin_lock(&t->lock);
    answer = terminal_drain(t);
    spin_unlock(&t->lock);
    return answer;
}

static long get_size(struct terminal *t, uaddr_t to)
{
    struct abi_winsize size;

    spin_lock(&t->lock);
    size = t->size;
    spin_unlock(&t->lock);
    return copy_to_user(to, &size, sizeof(size));
}

static long set_size(struct terminal *t, uaddr_t from)
{
    struct abi_winsize size;
    bool changed;

    if (copy_from_user(&size, from, sizeof(size)) < 0)
        return -EFAULT;
    spin_lock(&t->lock);
    changed = size.ws_row != t->size.ws_row || size.ws_col != t->size.ws_col || size.ws_xpixel != t->size.ws_xpixel ||
              size.ws_ypixel != t->size.ws_ypixel;
    t->size = size;
    if (changed)
        jobs_signal(t, SIGWINCH);
    spin_unlock(&t->lock);
    return 0;
}

static long get_readable(struct terminal *t, uaddr_t to)
{
    uint32_t n;

    spin_lock(&t->lock);
    n = discipline_readable(&t->line);
    spin_unlock(&t->lock);
    return copy_to_user(to, &n, sizeof(n));
}

/* Store a group or session id; `id` may be an error. */
static long give_id(long id, uaddr_t to)
{
    int32_t value = id;

    return id < 0 ? id : copy_to_user(to, &value, sizeof(value));
}

static long set_foreground(struct terminal *t, uaddr_t from)
{
    int32_t id;
    long answer = check_change(t);

    if (answer == 0)
        answer = copy_from_user(&id, from, sizeof(id));
    return answer < 0 ? answer : jobs_set_foreground(t, id);
}

long terminal_ioctl(struct file *file, unsigned request, uint32_t argument)
{
    struct terminal *t = file->object;

    switch (request) {
    case TCGETS:
        return get_settings(t, argument);
    case TCSETS:
    case TCSETSW:
    case TCSETSF:
        return set_settings(t, request, argument);
    case TCSBRK:
        return drain(t);
    case TCXONC:
        return flow(t, argument);
    case TCFLSH:
        return flush(t, argument);
    case TIOCSCTTY:
        return jobs_set_controlling(t, argument == 1);
    case TIOCNOTTY:
        return jobs_give_up(t);
    case TIOCGPGRP:
        return give_id(jobs_get_foreground(t), argument);
    case TIOCSPGRP:
        return set_foreground(t, argument);
    case TIOCGSID:
        return give_id(jobs_get_session(t), argument);
    case TIOCGWINSZ:
        return get_size(t, argument);
    case TIOCSWINSZ:
        return set_size(t, argument);
    case FIONREAD:
        return get_readable(t, argument);
    default:
        return -ENOTTY;
    }
}

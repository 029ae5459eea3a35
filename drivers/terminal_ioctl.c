/*
 * terminal_ioctl.c - the requests of <termios.h> and their kin, as Linux numbers them.
 *
 * A request is a row: its number, whether it changes the terminal (a background group gets SIGTTOU for that, as it does
 * for output), what is copied from user memory before it and to user memory after it, and a function.  The line's speed
 * and format are kept and given back, but are the hardware's own.
 */
#include <drivers/terminal_state.h>

/* The user's: what its third word is, or what it points to. */
union argument {
    uint32_t word;
    int id;
    struct abi_termios settings;
    struct abi_winsize size;
};

/* terminal->lock is held.  Answers 0 or -errno. */
struct request {
    unsigned number;
    bool changes;
    uint8_t size_in, size_out; /* size_in 0: the argument is the word itself */
    long (*act)(struct terminal *t, union argument *argument);
};

static long get_settings(struct terminal *t, union argument *argument)
{
    argument->settings = t->line.settings;
    return 0;
}

static long set_settings(struct terminal *t, union argument *argument)
{
    discipline_set(&t->line, &argument->settings);
    terminal_push(t);
    terminal_wake_all(t); /* other settings may let other reads end */
    return 0;
}

static long set_when_drained(struct terminal *t, union argument *argument)
{
    long answer = terminal_drain(t);

    return answer != 0 ? answer : set_settings(t, argument);
}

static long set_and_drop_input(struct terminal *t, union argument *argument)
{
    long answer = terminal_drain(t);

    if (answer != 0)
        return answer;
    discipline_flush_input(&t->line);
    return set_settings(t, argument);
}

static long flush(struct terminal *t, union argument *argument)
{
    if (argument->word > TCIOFLUSH)
        return -EINVAL; /* POSIX tcflush: EINVAL */
    if (argument->word != TCOFLUSH)
        discipline_flush_input(&t->line);
    if (argument->word != TCIFLUSH)
        discipline_flush_output(&t->line);
    terminal_push(t);
    terminal_wake_all(t);
    return 0;
}

static long flow(struct terminal *t, union argument *argument)
{
    uint32_t action = argument->word;

    if (action > TCION)
        return -EINVAL; /* POSIX tcflow: EINVAL */
    if (action == TCOOFF || action == TCOON)
        t->line.stopped = action == TCOOFF;
    else
        discipline_send_flow(&t->line, action == TCIOFF);
    terminal_push(t);
    return 0;
}

/* tcdrain, and tcsendbreak, which waits for the output too but sends nothing: POSIX leaves that to the device. */
static long drain(struct terminal *t, union argument *argument)
{
    return terminal_drain(t);
}

static long get_size(struct terminal *t, union argument *argument)
{
    argument->size = t->size;
    return 0;
}

static long set_size(struct terminal *t, union argument *argument)
{
    const struct abi_winsize *new = &argument->size, old = t->size;

    t->size = *new;
    if (new->ws_row != old.ws_row || new->ws_col != old.ws_col || new->ws_xpixel != old.ws_xpixel ||
        new->ws_ypixel != old.ws_ypixel)
        jobs_signal(t, SIGWINCH);
    return 0;
}

static long get_readable(struct terminal *t, union argument *argument)
{
    argument->word = discipline_readable(&t->line);
    return 0;
}

static long set_controlling(struct terminal *t, union argument *argument)
{
    return jobs_set_controlling(t, argument->word == 1);
}

static long give_up(struct terminal *t, union argument *argument)
{
    return jobs_give_up(t);
}

static long get_foreground(struct terminal *t, union argument *argument)
{
    int session;

    return jobs_get(t, &session, &argument->id);
}

static long set_foreground(struct terminal *t, union argument *argument)
{
    return jobs_set_foreground(t, argument->id);
}

static long get_session(struct terminal *t, union argument *argument)
{
    int foreground;

    return jobs_get(t, &argument->id, &foreground);
}

#define SETTINGS sizeof(struct abi_termios)
#define SIZE sizeof(struct abi_winsize)

static const struct request requests[] = {
    {TCGETS, false, 0, SETTINGS, get_settings},
    {TCSETS, true, SETTINGS, 0, set_settings},
    {TCSETSW, true, SETTINGS, 0, set_when_drained},
    {TCSETSF, true, SETTINGS, 0, set_and_drop_input},
    {TCSBRK, true, 0, 0, drain},
    {TCXONC, true, 0, 0, flow},
    {TCFLSH, true, 0, 0, flush},
    {TIOCSCTTY, false, 0, 0, set_controlling},
    {TIOCNOTTY, false, 0, 0, give_up},
    {TIOCGPGRP, false, 0, sizeof(int32_t), get_foreground},
    {TIOCSPGRP, true, sizeof(int32_t), 0, set_foreground},
    {TIOCGSID, false, 0, sizeof(int32_t), get_session},
    {TIOCGWINSZ, false, 0, SIZE, get_size},
    {TIOCSWINSZ, false, SIZE, 0, set_size},
    {FIONREAD, false, 0, sizeof(uint32_t), get_readable},
};

static const struct request *request_find(unsigned number)
{
    for (unsigned i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
        if (requests[i].number == number)
            return &requests[i];
    return NULL;
}

long terminal_ioctl(struct file *file, unsigned number, uint32_t word)
{
    const struct request *request = request_find(number);
    union argument argument = {.word = word};
    struct terminal *t = file->object;
    long answer;

    if (request == NULL)
        return -ENOTTY; /* POSIX ioctl: ENOTTY */
    answer = request->changes ? jobs_check(t, SIGTTOU) : JOBS_GO_ON;
    if (answer != JOBS_GO_ON)
        return answer == JOBS_HUNG_UP ? -EIO : answer; /* POSIX tcsetattr: EIO */
    if (request->size_in != 0 && copy_from_user(&argument, word, request->size_in) != 0)
        return -EFAULT;
    spin_lock(&t->lock);
    answer = request->act(t, &argument);
    spin_unlock(&t->lock);
    if (answer == 0 && request->size_out != 0)
        return copy_to_user(word, &argument, request->size_out);
    return answer;
}

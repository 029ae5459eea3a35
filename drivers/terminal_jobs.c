/*
 * terminal_jobs.c - whose terminal it is: the session that it controls and the foreground group (POSIX 11.1.2 to
 * 11.1.4).
 *
 * The terminal keeps the foreground group's id, not a pointer: the group may end while it has the foreground.  All of
 * it is guarded by processes_lock.
 */
#include <drivers/terminal_state.h>
#include <ipc/signal.h>

static struct group *foreground_group(const struct terminal *terminal)
{
    struct group *group = id_find(terminal->foreground)->group;

    debug_lock_held(&processes_lock);
    return group != NULL && group->session == terminal->session ? group : NULL;
}

/* Would the running thread take no notice of `signal`? */
static bool signal_unheeded(int signal)
{
    struct process *process = current->process;
    bool unheeded;

    spin_lock(&process->signal_lock);
    unheeded = (process->ignored | current->blocked) & signal_bit(signal);
    spin_unlock(&process->signal_lock);
    return unheeded;
}

/* A background group at its own terminal. */
static long check_background(struct group *group, int signal)
{
    if (signal_unheeded(signal))
        return signal == SIGTTIN ? -EIO : JOBS_GO_ON; /* POSIX read: EIO */
    if (group_is_orphaned(group, NULL))
        return -EIO; /* POSIX read, write, tcsetattr: EIO */
    signal_send_group(group, signal);
    return -ERESTART;
}

long jobs_check(struct terminal *terminal, int signal)
{
    long answer = JOBS_GO_ON;

    spin_lock(&processes_lock);
    struct group *group = current->process->group;

    if (group->session->hung_up == terminal)
        answer = JOBS_HUNG_UP;
    else if (signal != 0 && group->session->terminal == terminal && terminal->foreground != group->id)
        answer = check_background(group, signal);
    spin_unlock(&processes_lock);
    return answer;
}

void jobs_signal(struct terminal *terminal, int signal)
{
    spin_lock(&processes_lock);
    struct group *group = foreground_group(terminal);

    if (group != NULL)
        signal_send_group(group, signal);
    spin_unlock(&processes_lock);
}

struct terminal *jobs_terminal(void)
{
    spin_lock(&processes_lock);
    struct terminal *terminal = current->process->group->session->terminal;

    spin_unlock(&processes_lock);
    return terminal;
}

/* TIOCSCTTY; processes_lock held. */
static long take_terminal(struct terminal *terminal, struct process *process, bool steal)
{
    struct session *session = process->group->session;

    if (process->pid != session->id)
        return -EPERM;
    if (session->terminal == terminal)
        return 0;
    if (session->terminal != NULL)
        return -EPERM;
    if (terminal->session != NULL) {
        if (!steal || process->credentials.euid != 0)
            return -EPERM;
        terminal->session->terminal = NULL;
    }
    session->terminal = terminal;
    session->hung_up = NULL;
    terminal->session = session;
    terminal->foreground = process->group->id;
    return 0;
}

long jobs_set_controlling(struct terminal *terminal, bool steal)
{
    spin_lock(&processes_lock);
    long answer = take_terminal(terminal, current->process, steal);

    spin_unlock(&processes_lock);
    return answer;
}

/* Part the session from its terminal, telling the foreground group; processes_lock held. */
static void part(struct session *session)
{
    struct terminal *terminal = session->terminal;
    struct group *group = foreground_group(terminal);

    if (group != NULL) {
        signal_send_group(group, SIGHUP);
        signal_send_group(group, SIGCONT);
    }
    session->terminal = NULL;
    terminal->session = NULL;
    terminal->foreground = 0;
}

void terminal_disassociate(struct session *session)
{
    spin_lock(&processes_lock);
    struct terminal *terminal = session->terminal;

    if (terminal != NULL) {
        part(session);
        session->hung_up = terminal;
    }
    spin_unlock(&processes_lock);
    if (terminal == NULL)
        return;
    spin_lock(&terminal->lock);
    terminal_wake_all(terminal);
    spin_unlock(&terminal->lock);
}

/* TIOCNOTTY.  The terminal is the session's: only its leader can give it up. */
long jobs_give_up(struct terminal *terminal)
{
    const struct process *process = current->process;
    long answer = 0;

    spin_lock(&processes_lock);
    if (process->group->session->terminal != terminal)
        answer = -ENOTTY;
    else if (process->pid != process->group->session->id)
        answer = -EPERM;
    else
        part(process->group->session);
    spin_unlock(&processes_lock);
    return answer;
}

long jobs_set_foreground(struct terminal *terminal, int number)
{
    long answer = 0;

    spin_lock(&processes_lock);
    const struct session *session = current->process->group->session;
    const struct group *group = id_find(number)->group;

    if (session->terminal != terminal)
        answer = -ENOTTY; /* POSIX tcsetpgrp: ENOTTY */
    else if (number <= 0)
        answer = -EINVAL; /* POSIX tcsetpgrp: EINVAL */
    else if (group == NULL || group->session != session)
        answer = -EPERM; /* POSIX tcsetpgrp: EPERM */
    else
        terminal->foreground = number;
    spin_unlock(&processes_lock);
    return answer;
}

long jobs_get(struct terminal *terminal, int *session_id, int *foreground)
{
    const struct session *session;
    long answer = -ENOTTY; /* POSIX tcgetpgrp, tcgetsid: ENOTTY */

    spin_lock(&processes_lock);
    session = current->process->group->session;
    if (session->terminal == terminal) {
        *session_id = session->id;
        *foreground = foreground_group(terminal) != NULL ? terminal->foreground : PID_MAX + 1;
        answer = 0;
    }
    spin_unlock(&processes_lock);
    return answer;
}

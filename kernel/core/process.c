/*
 * process.c - the list of processes and the table of ids.
 *
 * pids, tids, group ids and session ids are one space of numbers.  Slot n of `id_table` says what the number n stands
 * for now: a thread, a process, a group, a session, or several of them (a shell's pid is all four).  The bitmap says
 * which numbers are taken: a number is taken when it is reserved and free when the last use has ended, so a group id
 * outlives the process that gave it its name.  Numbers are handed out in a circle, so that one just freed is not soon
 * met again.
 *
 * processes_lock guards all of it.  Nothing is allocated here: proc/ does.
 */
#include <core/process.h>
#include <core/thread.h>

struct spinlock processes_lock = SPINLOCK_INIT("processes", RANK_PROCESSES);
struct list process_list = LIST_INIT(process_list);
struct process *init_process;
unsigned process_count;

struct id id_table[PID_MAX];
static uint32_t ids_taken[PID_MAX / 32] = {3}; /* 0 is nobody's number, 1 is init's */
static unsigned last_id = 1;

/* The first free number in word `w` at or above bit `bit`, taken; 0: none. */
static int take_in_word(unsigned w, unsigned bit)
{
    uint32_t free = ~ids_taken[w] & (~0u << bit);

    if (free == 0)
        return 0;
    bit = __builtin_ctz(free);
    ids_taken[w] |= 1u << bit;
    last_id = w * 32 + bit;
    return last_id;
}

int id_reserve(void)
{
    unsigned start = (last_id + 1) % PID_MAX, w = start / 32;
    int number = take_in_word(w, start % 32);

    debug_lock_held(&processes_lock);
    for (unsigned i = 1; number == 0 && i <= PID_MAX / 32; i++)
        number = take_in_word((w + i) % (PID_MAX / 32), 0);
    return number;
}

void id_release(int number)
{
    const struct id *id = &id_table[number];

    debug_lock_held(&processes_lock);
    if (id->thread == NULL && id->process == NULL && id->group == NULL && id->session == NULL)
        ids_taken[number / 32] &= ~(1u << number % 32);
}

bool group_is_orphaned(const struct group *group, const struct process *without)
{
    const struct process *p;

    debug_lock_held(&processes_lock);
    list_for_each_entry (p, &group->members, group_link) {
        if (p == without || p->state == PROCESS_ZOMBIE || p->parent == NULL || p->parent == init_process)
            continue;
        if (p->parent->group != group && p->parent->group->session == group->session)
            return false;
    }
    return true;
}

/*
 * init.c - the first process.
 *
 * Its one thread begins in the kernel, like a kernel thread, executes the program that boot chose, and goes on in user
 * mode.  All other processes come from it by fork.
 */
#include <core/log.h>
#include <fs/path.h>
#include <mm/account.h>
#include <mm/space.h>
#include <proc/life.h>

/* As elsewhere, the first program finds the console as its three streams: any program can be the first. */
static void open_console(void)
{
    int error = 0;
    struct file *console = path_open(AT_FDCWD, "/dev/console", O_RDWR | O_NOCTTY, 0, &error);

    if (console == NULL) {
        log_line("init: /dev/console cannot be opened: error %d", -error);
        return;
    }
    for (unsigned i = 0; i < 3; i++) {
        file_get(console);
        if (fd_add(console, 0) < 0)
            file_put(console);
    }
    file_put(console);
}

static void execute_init(void *path)
{
    int error;

    open_console();
    error = process_exec(path);

    if (error < 0)
        panic("init %s cannot be executed: error %d", (const char *)path, -error);
    trap_frame_return(thread_trap_frame(current));
}

/* One user's processes shall not take all memory that is free at the start: a small one has some 16 pages, so this is
 * about two thirds. */
static uint64_t most_processes(void)
{
    uint64_t most = page_free_count() / (16 + 4 * KERNEL_STACK_PAGES);

    return most < PID_MAX / 2 ? most : PID_MAX / 2;
}

static void set_limits(struct process *process)
{
    static const struct {
        int resource;
        uint64_t soft, hard;
    } limits[] = {
        {RLIMIT_STACK, 8 << 20, RLIM_INFINITY},
        {RLIMIT_CORE, 0, RLIM_INFINITY},
        {RLIMIT_NOFILE, 1024, 4096},
        {RLIMIT_MEMLOCK, 8 << 20, 8 << 20},
        {RLIMIT_SIGPENDING, 1024, 1024},
        {RLIMIT_MSGQUEUE, 819200, 819200},
        {RLIMIT_NICE, 0, 0},
        {RLIMIT_RTPRIO, 0, 0},
    };

    for (unsigned i = 0; i < RLIMIT_COUNT; i++)
        process->limits[i] = (struct abi_rlimit){RLIM_INFINITY, RLIM_INFINITY};
    for (unsigned i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
        process->limits[limits[i].resource] = (struct abi_rlimit){limits[i].soft, limits[i].hard};
    process->limits[RLIMIT_NPROC] = (struct abi_rlimit){most_processes(), most_processes()};
}

/* Take number 1, which must be given to nobody before.  processes_lock held. */
static void enter_init(struct process *process, struct thread *thread, struct group *group)
{
    init_process = process;
    group_enter(group);
    process_enter(process, NULL, group, thread, 1);
}

void process_start_init(const char *path)
{
    static char init_path[ABI_PATH_MAX]; /* the caller's may be gone when the thread runs */
    struct process *process = process_alloc();
    struct thread *thread = thread_alloc(true);
    struct group *group = session_create(1);

    if (process == NULL || thread == NULL || group == NULL)
        panic("no memory for init");
    strlcpy(init_path, path, sizeof(init_path));
    strlcpy(process->name, "init", sizeof(process->name));
    set_limits(process);
    process->files = file_table_create();
    path_begin(process);
    process->account = account_enter(0);
    if (process->files == NULL || process->account == NULL)
        panic("no memory for init");
    thread_init(thread, thread->stack, execute_init, init_path);
    spin_lock(&processes_lock);
    enter_init(process, thread, group);
    spin_unlock(&processes_lock);
    sched_add(thread);
}

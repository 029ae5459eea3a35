/*
 * exec.c - execve: a new program in an old process.
 *
 * The whole new space is built beside the old one: program, strings, stack.  Until then any error leaves the process
 * as it was.  Then the other threads end and, in commit(), the new space takes the old one's place; from there on
 * nothing fails.
 *
 * The new stack, from its top down, as Linux lays it out:
 *
 *      USER_STACK_TOP      16 random bytes (AT_RANDOM)
 *                          the strings: argv's, envp's, the path (AT_EXECFN)
 *                          auxiliary vector, pairs of words to AT_NULL
 *                          envp's pointers, NULL
 *                          argv's pointers, NULL
 *      sp ->               argc
 *
 * A file that begins with "#!" names an interpreter, which is executed in its place, with one optional argument, the
 * file's path and the rest of argv; the interpreter may be such a file itself, up to SCRIPT_DEPTH times.
 */
#include <abi/utsname.h>
#include <core/syscalls.h>
#include <fs/path.h>
#include <fs/trace.h>
#include <ipc/futex.h>
#include <ipc/process_timer.h>
#include <ipc/signal.h>
#include <mm/kmalloc.h>
#include <proc/exec.h>
#include <proc/life.h>

#define SCRIPT_DEPTH 4
#define SCRIPT_LINE 256
#define STACK_START_SIZE 0x20000u /* mapped from the start; the rest grows */
#define RANDOM_BYTES 16

/* The first line of a "#!" file, cut into words. */
struct script {
    char line[SCRIPT_LINE];
    const char *interpreter, *argument; /* in line[]; argument NULL: none */
};

struct exec {
    const char *path;
    char *path_memory;   /* where it was copied to, or NULL */
    struct inode *inode; /* of the ELF file */
    bool runs;           /* it is used as INODE_RUN */
    struct script *scripts[SCRIPT_DEPTH];
    unsigned script_count;
    struct exec_strings strings;
    struct program program;
    struct space *space;
    uaddr_t sp, path_at, auxiliary_at; /* on the new stack */
};

/* The file at `path` if it may be executed. */
static struct inode *open_program(const char *path, int *error)
{
    struct inode *inode = path_walk(AT_FDCWD, path, WALK_FOLLOW, error);

    if (inode == NULL)
        return NULL;
    *error = inode_access(inode, X_OK, false);
    if (*error == 0 && inode_type(inode) != ABI_S_IFREG)
        *error = -EACCES; /* POSIX exec: EACCES */
    if (*error == 0)
        return inode;
    inode_put(inode);
    return NULL;
}

static char *skip_blanks(char *s)
{
    while (*s == ' ' || *s == '\t')
        s++;
    return s;
}

static char *skip_word(char *s)
{
    while (*s != '\0' && *s != ' ' && *s != '\t')
        s++;
    return s;
}

/* Cut the line behind "#!" into interpreter and argument (all of the rest, without blanks at its ends). */
static int parse_script(struct script *script)
{
    char *s = script->line + 2, *end = strchr(script->line, '\n');

    if (end == NULL && strlen(script->line) == SCRIPT_LINE - 1)
        return -ENOEXEC; /* the line is too long to be known whole */
    if (end == NULL)
        end = s + strlen(s);
    while (end > s && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *end = '\0';
    script->interpreter = s = skip_blanks(s);
    if (*s == '\0')
        return -ENOEXEC;
    s = skip_word(s);
    if (*s == '\0')
        return 0;
    *s++ = '\0';
    script->argument = skip_blanks(s);
    return 0;
}

/* If exec->inode is a "#!" file, go on to its interpreter.  1: it was; 0: it was not; or an errno. */
static int follow_script(struct exec *exec)
{
    struct script *script;
    char start[2];
    long n = inode_read(exec->inode, 0, start, sizeof(start));
    int error;

    if (n < 2 || start[0] != '#' || start[1] != '!')
        return n < 0 ? (int)n : 0;
    if (exec->script_count == SCRIPT_DEPTH)
        return -ELOOP;
    script = kmalloc(sizeof(*script));
    if (script == NULL)
        return -ENOMEM;
    exec->scripts[exec->script_count++] = script;
    n = inode_read(exec->inode, 0, script->line, SCRIPT_LINE - 1);
    if (n < 0)
        return (int)n;
    error = parse_script(script);
    if (error < 0)
        return error;
    inode_put(exec->inode);
    exec->inode = open_program(script->interpreter, &error);
    return exec->inode != NULL ? 1 : error;
}

static int find_program(struct exec *exec)
{
    int result;

    exec->inode = open_program(exec->path, &result);
    if (exec->inode == NULL)
        return result;
    do
        result = follow_script(exec);
    while (result > 0);
    if (result == 0)
        result = inode_use(exec->inode, INODE_RUN); /* POSIX exec: ETXTBSY */
    exec->runs = result == 0;
    return result;
}

/* argv's beginning that scripts give: interpreter, its argument, and the path in place of argv[0]. */
static int add_script_arguments(struct exec *exec)
{
    int error = 0;

    for (unsigned i = exec->script_count; i-- > 0 && error == 0;) {
        error = strings_add(&exec->strings, exec->scripts[i]->interpreter);
        if (error == 0 && exec->scripts[i]->argument != NULL)
            error = strings_add(&exec->strings, exec->scripts[i]->argument);
    }
    return error < 0 ? error : strings_add(&exec->strings, exec->path);
}

static int gather_strings(struct exec *exec, uaddr_t argv, uaddr_t envp)
{
    struct exec_strings *strings = &exec->strings;
    int error = strings_init(strings);

    if (error == 0 && exec->script_count > 0)
        error = add_script_arguments(exec);
    if (error == 0)
        error = strings_add_vector(strings, argv, exec->script_count > 0 ? 1 : 0);
    if (error == 0 && strings->count == 0)
        error = strings_add(strings, exec->path); /* a program may rely on argv[0] */
    strings->argument_count = strings->count;
    if (error == 0)
        error = strings_add_vector(strings, envp, 0);
    return error < 0 ? error : strings_add(strings, exec->path);
}

#define AUXILIARY_COUNT 13
#define AUXILIARY_SIZE (AUXILIARY_COUNT * 2 * sizeof(uint32_t))

/* The auxiliary vector, with the process's credentials as they are now. */
static int write_auxiliary(struct exec *exec)
{
    const struct credentials *c = &current->process->credentials;
    uint32_t pairs[][2] = {
        {AT_PHDR, exec->program.headers},
        {AT_PHENT, 32},
        {AT_PHNUM, exec->program.header_count},
        {AT_PAGESZ, PAGE_SIZE},
        {AT_ENTRY, exec->program.entry},
        {AT_UID, c->uid},
        {AT_EUID, c->euid},
        {AT_GID, c->gid},
        {AT_EGID, c->egid},
        {AT_SECURE, c->uid != c->euid || c->gid != c->egid},
        {AT_RANDOM, USER_STACK_TOP - RANDOM_BYTES},
        {AT_EXECFN, exec->path_at},
        {AT_NULL, 0},
    };

    _Static_assert(sizeof(pairs) == AUXILIARY_SIZE, "as many as are counted");
    return space_access(exec->space, exec->auxiliary_at, pairs, sizeof(pairs), true);
}

/* argc and the pointers: words[], for strings that will stand at `strings_at`. */
static void fill_vectors(uint32_t *words, const struct exec *exec, uaddr_t strings_at)
{
    const struct exec_strings *strings = &exec->strings;
    unsigned path = strings->count - 1, i;

    *words++ = strings->argument_count;
    for (i = 0; i < strings->argument_count; i++)
        *words++ = strings_at + strings_offset(strings, i);
    *words++ = 0;
    for (; i < path; i++)
        *words++ = strings_at + strings_offset(strings, i);
    *words = 0;
}

/* Sixteen bytes that differ from program to program, from the counter; not for secrets. */
static void fill_random(uint32_t random[RANDOM_BYTES / 4])
{
    uint64_t x = counter_read();

    for (unsigned i = 0; i < RANDOM_BYTES / 4; i++) {
        x = (x ^ (uint32_t)current->tid) * 6364136223846793005ull + 1442695040888963407ull;
        random[i] = (uint32_t)(x >> 32);
    }
}

/* `size`: of words[], the auxiliary vector left out. */
static int write_stack(struct exec *exec, uint32_t *words, size_t size)
{
    uint32_t random[RANDOM_BYTES / 4];
    uaddr_t random_at = USER_STACK_TOP - RANDOM_BYTES;
    uaddr_t strings_at = (random_at - exec->strings.used) & ~3u;
    int error;

    exec->space->arguments_start = strings_at;
    exec->space->arguments_end = strings_at + strings_offset(&exec->strings, exec->strings.argument_count);
    exec->path_at = strings_at + strings_offset(&exec->strings, exec->strings.count - 1);
    exec->sp = (strings_at - AUXILIARY_SIZE - size) & ~7u; /* the procedure call standard wants 8 */
    exec->auxiliary_at = exec->sp + size;
    fill_random(random);
    fill_vectors(words, exec, strings_at);
    error = space_access(exec->space, random_at, random, sizeof(random), true);
    if (error == 0)
        error = space_access(exec->space, strings_at, exec->strings.bytes, exec->strings.used, true);
    if (error == 0)
        error = space_access(exec->space, exec->sp, words, size, true);
    return error < 0 ? error : write_auxiliary(exec);
}

static int build_stack(struct exec *exec)
{
    static const struct backing anonymous;
    size_t size = (exec->strings.count + 2) * sizeof(uint32_t); /* argc, the pointers, two NULLs, less the path */
    size_t area = STACK_START_SIZE + ((exec->strings.used + size) & PAGE_MASK);
    uint32_t *words;
    long result = space_map(exec->space, USER_STACK_TOP - area, area, PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, anonymous, 0);

    if (result < 0)
        return (int)result;
    words = kmalloc(size);
    if (words == NULL)
        return -ENOMEM;
    result = write_stack(exec, words, size);
    kfree(words);
    return (int)result;
}

static int build_space(struct exec *exec)
{
    int error;

    exec->space = space_create();
    if (exec->space == NULL)
        return -ENOMEM;
    error = elf_load(exec->inode, exec->space, &exec->program);
    if (error < 0)
        return error;
    exec->space->break_start = exec->space->break_end = exec->program.end;
    return build_stack(exec);
}

/* POSIX exec: a file with S_ISUID or S_ISGID gives its owner's or group's rights.  Until the other threads have ended,
 * they may change what the process has. */
static void take_credentials(struct exec *exec)
{
    struct credentials *c = &current->process->credentials;
    struct inode *inode = exec->inode;

    mutex_lock(&inode->lock);
    spin_lock(&processes_lock);
    if (inode->mode & ABI_S_ISUID)
        c->euid = inode->uid;
    if ((inode->mode & (ABI_S_ISGID | 010)) == (ABI_S_ISGID | 010))
        c->egid = inode->gid;
    c->suid = c->euid;
    c->sgid = c->egid;
    c->secret = c->euid != c->uid || c->egid != c->gid;
    spin_unlock(&processes_lock);
    mutex_unlock(&inode->lock);
    write_auxiliary(exec); /* anew, where its pages are already: this does not fail */
}

/* The last thread takes the process's number, if the first one has ended. */
static void become_leader(struct process *process)
{
    struct thread *self = current;
    int old = self->tid;

    if (old == process->pid)
        return;
    id_find(old)->thread = NULL;
    id_release(old);
    self->tid = process->pid;
    id_find(process->pid)->thread = self;
    process->leader = self;
}

static void take_name(struct process *process, const char *path)
{
    const char *slash = strrchr(path, '/');

    strlcpy(process->name, slash != NULL ? slash + 1 : path, sizeof(process->name));
    memcpy(current->name, process->name, sizeof(process->name));
}

static void swap_space(struct process *process, struct space *space)
{
    struct space *old = process->space;

    futex_leave_user(false);
    spin_lock(&process->signal_lock);
    usage_note_peak(process);
    process->space = space;
    spin_unlock(&process->signal_lock);
    space_use(space);
    if (old != NULL)
        space_put(old);
}

/* Nothing fails from here on.  The running thread is the process's only one. */
static void commit(struct exec *exec)
{
    struct process *process = current->process;

    take_credentials(exec);
    swap_space(process, exec->space);
    exec->space = NULL;
    path_set_program(current->process, exec->inode);
    exec->inode = NULL;
    file_table_close(process->files, true);
    process_timers_delete(process, false);
    signal_exec(process);
    vfp_reset();
    thread_set_tls(0);
    spin_lock(&processes_lock);
    become_leader(process);
    process->has_execed = true;
    take_name(process, exec->path);
    if (process->birth != BIRTH_DONE)
        wake_all(&process->parent->child_queue, 0);
    process->birth = BIRTH_DONE;
    spin_unlock(&processes_lock);
    trace_exec(exec->path);
    thread_start_at(current, exec->program.entry, 0, exec->sp);
}

static void exec_free(struct exec *exec)
{
    if (exec->space != NULL)
        space_put(exec->space);
    strings_free(&exec->strings);
    while (exec->script_count > 0)
        kfree(exec->scripts[--exec->script_count]);
    if (exec->inode != NULL && exec->runs)
        inode_unuse(exec->inode, INODE_RUN);
    inode_put(exec->inode);
    kfree(exec->path_memory);
}

static int execute(struct exec *exec, uaddr_t argv, uaddr_t envp)
{
    bool first = true;
    int error = find_program(exec);

    if (error == 0)
        error = gather_strings(exec, argv, envp);
    if (error == 0)
        error = build_space(exec);
    if (error == 0) {
        first = process_end_other_threads(current->process);
        if (first)
            commit(exec);
    }
    exec_free(exec);
    if (!first)
        thread_exit(); /* another thread of the process was first to exit or exec */
    return error;
}

int process_exec(const char *path)
{
    struct exec exec = {.path = path};

    return execute(&exec, 0, 0);
}

/* 0: the thread's trap frame is that of the new program's start.  On an error nothing has changed. */
long sys_execve(uaddr_t path, uaddr_t argv, uaddr_t envp)
{
    struct exec exec = {.path_memory = kmalloc(ABI_PATH_MAX)};
    long length;

    if (exec.path_memory == NULL)
        return -ENOMEM;
    exec.path = exec.path_memory;
    length = copy_string_from_user(exec.path_memory, path, ABI_PATH_MAX);
    if (length >= 0)
        return execute(&exec, argv, envp);
    kfree(exec.path_memory);
    return length;
}

/*
 * proc_exec.c - execve: what the new program finds, what it keeps, and every way to fail that loses nothing.
 *
 * The program executes itself; argv[1] then says what to look at.
 */
#include <abi/elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "hand_thread.h"
#include "tap.h"

#define SELF "/tests/proc_exec"
#define FILE_NAME "/tmp/proc_exec"

extern char **environ;

/* What a child executes. */
struct command {
    const char *path;
    char **arguments, **environment;
};

/* Answers the errno of a failed exec. */
static int executes(void *context)
{
    struct command *command = context;

    execve(command->path, command->arguments, command->environment);
    return errno;
}

/* With the arguments as a list, and the environment behind it. */
static int executes_list(void *context)
{
    struct command *command = context;

    execle(command->path, "x", command->arguments[1], (char *)NULL, command->environment);
    return errno;
}

static int run(const char *path, char **arguments)
{
    struct command command = {path, arguments, environ};

    return tap_child_result(executes, &command);
}

#define ARGUMENTS(...)            \
    (char *[])                    \
    {                             \
        __VA_ARGS__, (char *)NULL \
    }

/* What the new program looks at; answers 100 when all is right, so that no errno looks like it. */
static int look(int argc, char **argv)
{
    const char *what = argv[1];
    struct sigaction action;
    sigset_t set;

    if (strcmp(what, "arguments") == 0)
        return argc == 4 && strcmp(argv[2], "two words") == 0 && argv[3][0] == '\0' && argv[4] == NULL ? 100 : 101;
    if (strcmp(what, "identity-kept") == 0 && (getuid() != getauxval(AT_UID) || geteuid() != getauxval(AT_EUID)))
        return 101;
    if (strcmp(what, "identity-kept") == 0)
        return getuid() == 700 ? 100 : 103;
    if (strcmp(what, "environment") == 0)
        return environ[0] && strcmp(environ[0], "A=1") == 0 && strcmp(environ[1], "B=") == 0 && !environ[2] ? 100 : 101;
    if (strcmp(what, "stack") == 0)
        return ((uintptr_t)__builtin_frame_address(0) & 3) == 0 && (uintptr_t)argv > 0x7e000000 ? 100 : 101;
    if (strcmp(what, "auxiliary") == 0)
        return getauxval(AT_PAGESZ) == 4096 && getauxval(AT_ENTRY) != 0 && getauxval(AT_UID) == getuid() &&
                       strcmp((char *)getauxval(AT_EXECFN), SELF) == 0 && getauxval(AT_PHNUM) > 0
                   ? 100
                   : 101;
    if (strcmp(what, "pid") == 0)
        return getpid() == atoi(argv[2]) && getppid() == atoi(argv[3]) && syscall(SYS_gettid) == getpid() ? 100 : 101;
    if (strcmp(what, "descriptors") == 0)
        return fcntl(atoi(argv[2]), F_GETFD) == 0 && fcntl(atoi(argv[3]), F_GETFD) == -1 && errno == EBADF ? 100 : 101;
    if (strcmp(what, "signals") == 0) {
        sigaction(SIGUSR1, NULL, &action);
        if (action.sa_handler != SIG_DFL)
            return 101; /* POSIX exec: caught signals get their default action */
        sigaction(SIGUSR2, NULL, &action);
        if (action.sa_handler != SIG_IGN)
            return 102; /* POSIX exec: ignored ones stay ignored */
        sigprocmask(SIG_BLOCK, NULL, &set);
        if (!sigismember(&set, SIGHUP))
            return 103;
        sigpending(&set);
        return sigismember(&set, SIGHUP) ? 100 : 104;
    }
    if (strcmp(what, "bss") == 0) {
        static char zeros[20000];

        for (size_t i = 0; i < sizeof zeros; i++)
            if (zeros[i] != 0)
                return 101;
        return 100;
    }
    if (strcmp(what, "identity") == 0)
        return (int)geteuid() == atoi(argv[2]) && (int)getegid() == atoi(argv[3]) ? 100 : 101;
    return 199;
}

static void test_start(void)
{
    struct command command = {SELF, ARGUMENTS("x", "environment"), ARGUMENTS("A=1", "B=")};

    tap_is(run(SELF, ARGUMENTS("x", "arguments", "two words", "")), 100, "argv");
    tap_is(tap_child_result(executes, &command), 100, "envp");
    tap_is(tap_child_result(executes_list, &command), 100, "POSIX execle: the environment stands behind the arguments");
    tap_is(run(SELF, ARGUMENTS("x", "stack")), 100, "the stack's place");
    tap_is(run(SELF, ARGUMENTS("x", "auxiliary")), 100, "the auxiliary vector");
    tap_is(run(SELF, ARGUMENTS("x", "bss")), 100, "bss is zero");
}

static int keeps_pid(void *unused)
{
    char pid[12], parent[12];

    (void)unused;
    sprintf(pid, "%d", getpid());
    sprintf(parent, "%d", getppid());
    execve(SELF, ARGUMENTS("x", "pid", pid, parent), environ);
    return errno;
}

static int keeps_descriptors(void *unused)
{
    int kept = open("/dev/null", O_RDONLY), closed = open("/dev/null", O_RDONLY | O_CLOEXEC);
    char a[12], b[12];

    (void)unused;
    sprintf(a, "%d", kept);
    sprintf(b, "%d", closed);
    execve(SELF, ARGUMENTS("x", "descriptors", a, b), environ);
    return errno;
}

static void ignore(int signal)
{
    (void)signal;
}

static int keeps_signals(void *unused)
{
    sigset_t set;

    (void)unused;
    signal(SIGUSR1, ignore);
    signal(SIGUSR2, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    kill(getpid(), SIGHUP);
    execve(SELF, ARGUMENTS("x", "signals"), environ);
    return errno;
}

static void test_kept(void)
{
    tap_is(tap_child_result(keeps_pid, NULL), 100, "pid, parent and tid");
    tap_is(tap_child_result(keeps_descriptors, NULL), 100, "descriptors, but for those marked FD_CLOEXEC");
    tap_is(tap_child_result(keeps_signals, NULL), 100, "mask, pending and ignored signals; caught ones are reset");
}

static char self_pid[12], parent_pid[12];

static void execs_in_thread(int unused)
{
    (void)unused;
    syscall(SYS_execve, SELF, ARGUMENTS("x", "pid", self_pid, parent_pid), environ);
    syscall(SYS_exit_group, 99);
}

static void spins_in_thread(int unused)
{
    (void)unused;
    for (volatile int n = 0;; n++)
        continue;
}

static int execs_from_thread(void *unused)
{
    (void)unused;
    sprintf(self_pid, "%d", getpid());
    sprintf(parent_pid, "%d", getppid());
    hand_start(0, spins_in_thread, 0);
    hand_start(1, execs_in_thread, 0);
    while (pause() == -1)
        continue;
    return 98;
}

/* A file of these bytes and mode. */
static void make_file(const void *bytes, size_t size, mode_t mode)
{
    int fd;

    unlink(FILE_NAME);
    fd = open(FILE_NAME, O_WRONLY | O_CREAT | O_EXCL, 0700);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
        tap_give_up("%s: %s", FILE_NAME, strerror(errno));
    close(fd);
    chmod(FILE_NAME, mode);
}

static int run_text(const char *text)
{
    make_file(text, strlen(text), 0755);
    return run(FILE_NAME, ARGUMENTS("zero", "one", "two"));
}

static void test_errors(void)
{
    static char long_path[2000];

    memset(long_path, 'a', sizeof long_path - 1);
    tap_is(run("/no/such/file", ARGUMENTS("x")), ENOENT, "POSIX exec: ENOENT");
    tap_is(run("", ARGUMENTS("x")), ENOENT, "POSIX exec: ENOENT, an empty path");
    tap_is(run("/bin", ARGUMENTS("x")), EACCES, "POSIX exec: EACCES, a directory");
    tap_is(run("/dev/null", ARGUMENTS("x")), EACCES, "POSIX exec: EACCES, not a regular file");
    tap_is(run(SELF "/x", ARGUMENTS("x")), ENOTDIR, "POSIX exec: ENOTDIR");
    tap_is(run(long_path, ARGUMENTS("x")), ENAMETOOLONG, "POSIX exec: ENAMETOOLONG");
    make_file("x", 1, 0644);
    tap_is(run(FILE_NAME, ARGUMENTS("x")), EACCES, "POSIX exec: EACCES, not executable, even for the superuser");
    tap_is(run((char *)0x80000000, ARGUMENTS("x")), EFAULT, "a path in the kernel");
    tap_is(run(SELF, (char **)0x80000000), EFAULT, "argv in the kernel");
    tap_is(run(SELF, (char **)4), EFAULT, "argv nowhere");
    tap_is(run(SELF, ARGUMENTS("x", (char *)4)), EFAULT, "a string nowhere");
}

static void test_too_big(void)
{
    static char big[140000], *many[40000];
    char **arguments = ARGUMENTS("x", "arguments", "two words", "", big);

    memset(big, 'a', sizeof big - 1);
    tap_is(run(SELF, arguments), E2BIG, "POSIX exec: E2BIG, one string");
    for (int i = 0; i < 39999; i++)
        many[i] = "abc";
    tap_is(run(SELF, many), E2BIG, "POSIX exec: E2BIG, many strings");
    big[100000] = '\0';
    tap_is(run(SELF, arguments), 101, "100,000 bytes arrive");
}

/* A small ELF file that could be executed, and then is not quite right. */
struct image {
    struct elf_header header;
    struct elf_segment segment[2];
    uint32_t code[4];
};

static struct image good(void)
{
    struct image image = {
        .header = {.ident = {0x7f, 'E', 'L', 'F', 1, 1, 1},
                   .type = ET_EXEC,
                   .machine = EM_ARM,
                   .version = 1,
                   .entry = 0x10000 + offsetof(struct image, code),
                   .segments_offset = offsetof(struct image, segment),
                   .flags = 0x05000000,
                   .header_size = 52,
                   .segment_size = 32,
                   .segment_count = 2},
        .segment = {{PT_LOAD, 0, 0x10000, 0x10000, sizeof(struct image), sizeof(struct image), PF_R | PF_X, 4096},
                    {PT_LOAD, 0, 0x20000, 0x20000, 0, 8192, PF_R | PF_W, 4096}},
        .code = {0xe3a00064, 0xe3a07001, 0xef000000}, /* exit_group(100) */
    };

    return image;
}

static int run_image(const struct image *image)
{
    make_file(image, sizeof *image, 0755);
    return run(FILE_NAME, ARGUMENTS("x"));
}

#define BAD(change, what)                                                 \
    do {                                                                  \
        image = good();                                                   \
        change;                                                           \
        tap_is(run_image(&image), ENOEXEC, "POSIX exec: ENOEXEC, " what); \
    } while (0)

static void test_bad_images(void)
{
    struct image image = good();

    tap_is(run_image(&image), 100, "a program of three instructions");
    BAD(image.header.ident[0] = 0, "no magic number");
    BAD(image.header.ident[4] = 2, "64 bits");
    BAD(image.header.ident[5] = 2, "big-endian");
    BAD(image.header.type = 3, "position-independent");
    BAD(image.header.machine = 62, "for another machine");
    BAD(image.header.segment_size = 16, "program headers of a wrong size");
    BAD(image.header.segment_count = 0, "no program headers");
    BAD(image.header.segment_count = 60000, "too many program headers");
    BAD(image.header.segments_offset = 100000, "program headers behind the file's end");
    BAD(image.segment[0].type = PT_INTERP, "an interpreter");
    BAD(image.segment[0].memory_size = 1, "a segment larger in the file than in memory");
    BAD(image.segment[0].offset = 4, "offset and address that do not fit each other");
    BAD(image.segment[0].address = 0, "page 0");
    BAD(image.segment[1].address = 0x80000000, "a segment in the kernel");
    BAD(image.segment[1].memory_size = 0xffff0000, "a segment that wraps around");
    BAD(image.segment[1].address = 0x10000, "segments that overlap");
    BAD(image.segment[1].flags = 7, "a segment both writable and executable");
    BAD(image.header.entry = 0x30000000, "an entry outside");
    image = good();
    make_file(&image, 40, 0755);
    tap_is(run(FILE_NAME, ARGUMENTS("x")), ENOEXEC, "POSIX exec: ENOEXEC, half a header");
    make_file(&image, 0, 0755);
    tap_is(run(FILE_NAME, ARGUMENTS("x")), ENOEXEC, "POSIX exec: ENOEXEC, an empty file");
    tap_is(run_text("echo hello\n"), ENOEXEC, "POSIX exec: ENOEXEC, text without #!");
}

static void test_scripts(void)
{
    tap_is(run_text("#!" SELF "\n"), 199, "a script: argv[1] is its path");
    make_file("#!" SELF " arguments\n", strlen("#!" SELF " arguments\n"), 0755);
    tap_is(run(FILE_NAME, ARGUMENTS("x", "")), 101,
           "a script with an argument: argv is (interpreter, argument, path ...)");
    tap_is(run_text("#! /bin/sh\nexit 7\n"), 7, "blanks before the interpreter");
    tap_is(run_text("#!/bin/sh"), 0, "no end of line");
    tap_is(run_text("#!/no/such/interpreter\n"), ENOENT, "POSIX exec: ENOENT, the interpreter");
    tap_is(run_text("#!\n"), ENOEXEC, "POSIX exec: ENOEXEC, no interpreter");
    tap_is(run_text("#!" FILE_NAME "\n"), ELOOP, "POSIX exec: ELOOP, a script that interprets itself");
    tap_is(run_text("#!/bin/sh\n[ $# = 2 ] && [ $1 = one ] && [ $2 = two ] && exit 100\n"), 100,
           "a script's arguments");
}

/* Executes the copy of this program as another user. */
static int as_user(void *context)
{
    char **ids = context;

    if (setgid(700) != 0 || setuid(700) != 0)
        return 90;
    execve(FILE_NAME, ARGUMENTS("x", "identity", ids[0], ids[1]), environ);
    return errno;
}

static void copy_self(void)
{
    static char buffer[65536];
    int from = open(SELF, O_RDONLY), to;
    ssize_t n;

    unlink(FILE_NAME);
    to = open(FILE_NAME, O_WRONLY | O_CREAT | O_EXCL, 0755);
    while ((n = read(from, buffer, sizeof buffer)) > 0)
        if (write(to, buffer, (size_t)n) != n)
            tap_give_up("copy: %s", strerror(errno));
    close(from);
    close(to);
}

/* Another thread becomes user 700 while this one executes a program; the word tells the program's parent. */
static volatile int *became_user;

static void becomes_user(int turns)
{
    for (volatile int i = 0; i < turns; i++)
        continue;
    if (plain_call(SYS_setresuid, 700, 700, 700, 0) == 0)
        *became_user = 1;
}

static int execs_while_changing(void *turns)
{
    static char pad[65536];

    memset(pad, 'x', sizeof pad - 1);
    *became_user = 0;
    hand_start(0, becomes_user, *(int *)turns);
    execve(SELF, ARGUMENTS("x", "identity-kept", pad), environ);
    return errno;
}

static void test_identity_kept(void)
{
    int wrong = 0, changed = 0, turns = 0;

    became_user = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 100; i++) {
        pid_t pid = tap_start(execs_while_changing, &turns);
        int status = tap_wait(pid);

        turns += 500;
        changed += *became_user;
        /* The call may be over when its thread ends, before it can say so. */
        wrong += WEXITSTATUS(status) != 100 && (*became_user || WEXITSTATUS(status) != 103);
    }
    tap_is(wrong, 0, "exec: another thread's setuid before it is kept, %d of 100 times", changed);
    munmap((void *)became_user, 4096);
}

static void test_identity(void)
{
    copy_self();
    tap_is(tap_child_result(as_user, ARGUMENTS("700", "700")), 100, "a program has its user's rights");
    chown(FILE_NAME, 800, 900);
    chmod(FILE_NAME, 04755);
    tap_is(tap_child_result(as_user, ARGUMENTS("800", "700")), 100, "POSIX exec: with S_ISUID its owner's");
    chmod(FILE_NAME, 02755);
    tap_is(tap_child_result(as_user, ARGUMENTS("700", "900")), 100, "POSIX exec: with S_ISGID its group's");
    chmod(FILE_NAME, 0750);
    tap_is(tap_child_result(as_user, ARGUMENTS("0", "0")), EACCES, "POSIX exec: EACCES, no right to execute it");
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return look(argc, argv);
    tap_begin();
    test_start();
    test_kept();
    tap_is(tap_child_result(execs_from_thread, NULL), 100, "exec from a thread ends the others and keeps the pid");
    test_errors();
    test_too_big();
    test_bad_images();
    test_scripts();
    test_identity();
    test_identity_kept();
    unlink(FILE_NAME);
    return tap_end();
}

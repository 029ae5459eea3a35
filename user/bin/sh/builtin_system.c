/*
 * builtin_system.c - built-ins about what the kernel keeps for the shell's process: cd pwd umask ulimit times.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "sh.h"

static char *cd_current; /* as the user came here, with the names of symbolic links */

static void cd_remember(const char *path)
{
    char *copy = memory_copy(path);
    free(cd_current);
    cd_current = copy;
}

static bool is_same_place(const char *path)
{
    struct stat a, b;
    return path && path[0] == '/' && stat(path, &a) == 0 && stat(".", &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static char *directory_get(void)
{
    char *path = getcwd(NULL, 0), *copy = path ? scratch_copy(path, strlen(path)) : NULL;
    free(path);
    return copy;
}

/* Learns where the shell was started: PWD is believed when it is true. */
void cd_init(void)
{
    const char *path = var_get("PWD");
    if (!is_same_place(path))
        path = directory_get();
    if (path) {
        cd_remember(path);
        var_set("PWD", cd_current);
    }
}

/* path below base, without "." and ".." and double slashes; in scratch memory. */
static char *path_join(const char *base, const char *path)
{
    char *whole = scratch_get(strlen(base) + strlen(path) + 3), *end = whole;
    const char *parts[2] = {path[0] == '/' ? "" : base, path};
    for (int i = 0; i < 2; i++) {
        for (const char *at = parts[i]; *at;) {
            at += strspn(at, "/");
            size_t length = strcspn(at, "/");
            if (length == 2 && memcmp(at, "..", 2) == 0) {
                while (end > whole && *--end != '/')
                    ;
            } else if (length > 0 && !(length == 1 && *at == '.')) {
                *end++ = '/';
                memcpy(end, at, length);
                end += length;
            }
            at += length;
        }
    }
    if (end == whole)
        *end++ = '/';
    *end = '\0';
    return whole;
}

static bool cd_to(const char *path, bool physical)
{
    char *logical = path_join(cd_current ? cd_current : "/", path);
    physical |= !cd_current;
    if (!physical && chdir(logical) < 0) {
        if (errno != ENAMETOOLONG)
            return false;
        physical = true; /* POSIX cd: what is too deep is reached from where one is */
    }
    if (physical && chdir(path) < 0)
        return false;
    char *now = physical ? directory_get() : NULL;
    if (cd_current)
        var_set("OLDPWD", cd_current);
    cd_remember(now ? now : logical);
    var_set("PWD", cd_current);
    return true;
}

/* Tries the directories of CDPATH; -1 when none has it, else whether the new place must be told. */
static int cd_search(const char *path, bool physical)
{
    const char *search = var_get("CDPATH");
    if (!search || path[0] == '/' || strcmp(path, ".") == 0 || strcmp(path, "..") == 0 || strncmp(path, "./", 2) == 0 ||
        strncmp(path, "../", 3) == 0)
        return -1;
    char *place;
    while ((place = path_next(&search, path))) {
        if (cd_to(place, physical))
            return strcmp(place, path) != 0;
    }
    return -1;
}

int builtin_cd(int argc, char **argv)
{
    bool physical = false;
    int first = 1;
    for (; first < argc && (strcmp(argv[first], "-P") == 0 || strcmp(argv[first], "-L") == 0); first++)
        physical = argv[first][1] == 'P';
    if (first < argc && strcmp(argv[first], "--") == 0)
        first++;
    const char *path = first < argc ? argv[first] : var_get("HOME");
    bool back = path && strcmp(path, "-") == 0;
    if (back)
        path = var_get("OLDPWD");
    if (path && !*path)
        path = ".";
    if (!path) {
        error_say("cd: %s is not set", back ? "OLDPWD" : "HOME");
        return 2;
    }
    path = scratch_copy(path, strlen(path));
    int told = cd_search(path, physical);
    if (told < 0 && !cd_to(path, physical)) {
        error_say("cd: %s: %s", path, strerror(errno));
        return 2;
    }
    if (back || told > 0)
        out_format("%s\n", cd_current);
    return 0;
}

int builtin_pwd(int argc, char **argv)
{
    bool physical = argc > 1 && strcmp(argv[1], "-P") == 0;
    char *now = physical || !is_same_place(cd_current) ? directory_get() : cd_current;
    if (!now) {
        error_say("pwd: %s", strerror(errno));
        return 1;
    }
    out_format("%s\n", now);
    return 0;
}

static void umask_print(mode_t mask, bool symbolic)
{
    if (!symbolic) {
        for (int shift = 9; shift >= 0; shift -= 3)
            out_char('0' + (int)(mask >> shift & 7));
    } else {
        for (int i = 0; i < 3; i++) {
            mode_t bits = ~mask >> (6 - 3 * i) & 7;
            out_format("%s%c=%s%s%s", i ? "," : "", "ugo"[i], bits & 4 ? "r" : "", bits & 2 ? "w" : "",
                       bits & 1 ? "x" : "");
        }
    }
    out_char('\n');
}

/* One clause of a symbolic mode, as in u+rw; NULL when it is none, else what is behind it. */
static const char *umask_clause(const char *text, mode_t *allowed)
{
    mode_t who = 0, bits = 0;
    for (; *text && strchr("ugoa", *text); text++)
        who |= *text == 'u' ? 0700 : *text == 'g' ? 070 : *text == 'o' ? 07 : 0777;
    char action = *text;
    if (!action || !strchr("+-=", action))
        return NULL;
    for (text++; *text && strchr("rwx", *text); text++)
        bits |= *text == 'r' ? 0444 : *text == 'w' ? 0222 : 0111;
    who = who ? who : 0777;
    if (action == '-')
        *allowed &= ~(who & bits);
    else
        *allowed = (action == '=' ? *allowed & ~who : *allowed) | (who & bits);
    return text;
}

int builtin_umask(int argc, char **argv)
{
    bool symbolic = argc > 1 && strcmp(argv[1], "-S") == 0;
    mode_t mask = umask(0);
    umask(mask);
    if (argc == 1 + symbolic) {
        umask_print(mask, symbolic);
        return 0;
    }
    const char *text = argv[1 + symbolic];
    if (strlen(text) - 1 < 4 && text[strspn(text, "01234567")] == '\0') {
        for (mask = 0; *text; text++)
            mask = mask << 3 | (mode_t)(*text - '0');
        umask(mask);
        return 0;
    }
    mode_t allowed = ~mask & 0777;
    while ((text = umask_clause(text, &allowed)) && *text == ',')
        text++;
    if (!text || *text) {
        error_say("umask: %s: bad mode", argv[1 + symbolic]);
        return 1;
    }
    umask(~allowed & 0777);
    return 0;
}

static const struct limit {
    char letter;
    int resource, unit;
    const char *name;
} limits[] = {
    {'t', RLIMIT_CPU, 1, "time(seconds)       "},        {'f', RLIMIT_FSIZE, 512, "file(blocks)        "},
    {'d', RLIMIT_DATA, 1024, "data(kbytes)        "},    {'s', RLIMIT_STACK, 1024, "stack(kbytes)       "},
    {'c', RLIMIT_CORE, 512, "coredump(blocks)    "},     {'v', RLIMIT_AS, 1024, "vmemory(kbytes)     "},
    {'l', RLIMIT_MEMLOCK, 1024, "locked(kbytes)      "}, {'n', RLIMIT_NOFILE, 1, "nofiles             "},
    {'u', RLIMIT_NPROC, 1, "process             "},
};

static void ulimit_print(const struct limit *limit, bool hard, bool with_name)
{
    struct rlimit value;
    getrlimit(limit->resource, &value);
    rlim_t n = hard ? value.rlim_max : value.rlim_cur;
    if (with_name)
        out_string(limit->name);
    out_format("%s\n", n == RLIM_INFINITY ? "unlimited" : number_text((intmax_t)(n / (rlim_t)limit->unit)));
}

static int ulimit_set(const struct limit *limit, const char *text, bool hard, bool soft)
{
    struct rlimit value;
    intmax_t number;
    rlim_t wanted = RLIM_INFINITY;
    if (strcmp(text, "unlimited") != 0) {
        if (!number_parse(text, &number) || number < 0) {
            error_say("ulimit: %s: bad number", text);
            return 2;
        }
        wanted = (rlim_t)number * (rlim_t)limit->unit;
    }
    getrlimit(limit->resource, &value);
    value.rlim_max = hard ? wanted : value.rlim_max;
    value.rlim_cur = soft ? wanted : value.rlim_cur;
    if (setrlimit(limit->resource, &value) < 0) {
        error_say("ulimit: %s", strerror(errno));
        return 2;
    }
    return 0;
}

static const struct limit *limit_find(char letter)
{
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        if (limits[i].letter == letter)
            return &limits[i];
    }
    return NULL;
}

int builtin_ulimit(int argc, char **argv)
{
    const struct limit *limit = limit_find('f');
    bool hard = false, soft = false, all = false;
    int first = 1;
    for (; first < argc && argv[first][0] == '-'; first++) {
        for (const char *letter = argv[first] + 1; *letter; letter++) {
            hard |= *letter == 'H';
            soft |= *letter == 'S';
            all |= *letter == 'a';
            if (!strchr("HSa", *letter) && !(limit = limit_find(*letter))) {
                error_say("ulimit: -%c: bad option", *letter);
                return 2;
            }
        }
    }
    for (size_t i = 0; all && i < sizeof limits / sizeof *limits; i++)
        ulimit_print(&limits[i], hard, true);
    if (!all && first == argc)
        ulimit_print(limit, hard, false);
    if (all || first == argc)
        return 0;
    return ulimit_set(limit, argv[first], hard || !soft, soft || !hard);
}

static void times_print(struct timeval time, char end)
{
    int seconds = (int)time.tv_sec, hundredths = (int)(time.tv_usec / 10000);
    out_format("%dm%d.%d%ds%c", seconds / 60, seconds % 60, hundredths / 10, hundredths % 10, end);
}

int builtin_times(int argc, char **argv)
{
    static const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
    (void)argc, (void)argv;
    for (int i = 0; i < 2; i++) {
        struct rusage usage;
        getrusage(whose[i], &usage);
        times_print(usage.ru_utime, ' ');
        times_print(usage.ru_stime, '\n');
    }
    return 0;
}

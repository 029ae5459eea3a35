/*
 * ls.c - lists files and what is in directories.
 *
 * One array of entries is filled, sorted and printed: first with the files named, then once for each directory.  Names
 * are looked up in the folder that they are in, so -R goes as deep as a tree may be.  Three ways to print: one to a
 * line, in columns (on a terminal), and long with a column for each property.  Options:
 * -a -A hidden ones, -d directories themselves, -R all below, -l long, -n with numbers for owners, -i inode numbers,
 * -h sizes for people, -F marks for kinds, -p for directories, -t by time, -S by size, -r reversed, -U unsorted,
 * -u -c by and with access or change time, -L what links point at, -1 one to a line, -C columns, -q a ? for what
 * cannot be printed.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "lib/folder.h"
#include "lib/mode.h"
#include "lib/names.h"
#include "lib/util.h"

struct entry {
    char *name;
    char *link_target; /* or NULL */
    struct stat status;
};

struct listing {
    struct entry *entries;
    size_t count, room;
};

static struct {
    bool all, almost_all, directories, recursive, numeric, inodes, human, marks, slashes, reverse, follow, safe;
    char form;  /* 'l' long, 'C' columns, '1' */
    char order; /* 't', 'S', 'U', or 0: by name */
    char time;  /* 'u', 'c', or 0: of the last change to the contents */
} options;

static int status;

static void trouble(const char *what, const char *path, int severity)
{
    util_warn("%s '%s'", what, path);
    if (severity > status)
        status = severity;
}

/* Reading */

static char *read_link(const struct folder *folder, const char *name, size_t size)
{
    char *target = util_alloc(size + 256);
    ssize_t length = readlinkat(folder_fd(folder), name, target, size + 255);
    target[length < 0 ? 0 : length] = '\0';
    return target;
}

static void cannot_access(const char *path, const char *name)
{
    int error = errno;
    char *whole = path ? util_join(path, name) : util_strdup(name);
    errno = error;
    trouble("cannot access", whole, path ? 1 : 2);
    free(whole);
}

/* Adds a file of the folder `path`; NULL: from the command line, where a link to a directory is followed, unless in
 * long form. */
static void listing_add(struct listing *list, const char *name, const struct folder *folder, const char *path)
{
    struct entry entry = {.name = NULL};
    bool follow = options.follow || (!path && options.form != 'l' && !options.directories && !options.marks);
    int result = fstatat(folder_fd(folder), name, &entry.status, follow ? 0 : AT_SYMLINK_NOFOLLOW);
    if (result < 0 && follow)
        result = fstatat(folder_fd(folder), name, &entry.status, AT_SYMLINK_NOFOLLOW);
    if (result < 0) {
        cannot_access(path, name);
        return;
    }
    entry.name = util_strdup(name);
    if (S_ISLNK(entry.status.st_mode) && options.form == 'l')
        entry.link_target = read_link(folder, name, entry.status.st_size);
    list->entries = util_grow(list->entries, list->count, &list->room, sizeof(*list->entries));
    list->entries[list->count++] = entry;
}

static bool is_hidden(const char *name)
{
    if (name[0] != '.' || options.all)
        return false;
    return !options.almost_all || strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static bool listing_read(struct listing *list, const struct folder *folder, const char *path)
{
    DIR *directory = folder_read(folder);
    if (!directory) {
        trouble("cannot open directory", path, 2);
        return false;
    }
    for (struct dirent *next; (next = readdir(directory));) {
        if (!is_hidden(next->d_name))
            listing_add(list, next->d_name, folder, path);
    }
    closedir(directory);
    return true;
}

static void listing_free(struct listing *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->entries[i].name);
        free(list->entries[i].link_target);
    }
    free(list->entries);
}

/* Sorting */

static const struct timespec *entry_time(const struct entry *entry)
{
    if (options.time == 'u')
        return &entry->status.st_atim;
    return options.time == 'c' ? &entry->status.st_ctim : &entry->status.st_mtim;
}

static int compare(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    const struct timespec *x = entry_time(a), *y = entry_time(b);
    int order = 0;
    if (options.order == 'S')
        order = (b->status.st_size > a->status.st_size) - (b->status.st_size < a->status.st_size);
    else if (options.order == 't' && x->tv_sec != y->tv_sec)
        order = y->tv_sec > x->tv_sec ? 1 : -1;
    else if (options.order == 't')
        order = (y->tv_nsec > x->tv_nsec) - (y->tv_nsec < x->tv_nsec);
    if (order == 0)
        order = strcmp(a->name, b->name);
    return options.reverse ? -order : order;
}

static void listing_sort(struct listing *list)
{
    if (options.order != 'U' && list->count > 1)
        qsort(list->entries, list->count, sizeof(*list->entries), compare);
}

/* Printing */

static void print_name(const char *name)
{
    for (; *name; name++)
        putchar(options.safe && !isprint((unsigned char)*name) ? '?' : *name);
}

static char entry_mark(const struct entry *entry)
{
    if (options.marks)
        return mode_type_mark(entry->status.st_mode);
    return options.slashes && S_ISDIR(entry->status.st_mode) ? '/' : '\0';
}

/* What stands before the name in the short forms. */
static void print_inode(const struct entry *entry, int width)
{
    if (options.inodes)
        printf("%*llu ", width, (unsigned long long)entry->status.st_ino);
}

static void print_short(const struct entry *entry, int inode_width)
{
    char mark = entry_mark(entry);
    print_inode(entry, inode_width);
    print_name(entry->name);
    if (mark)
        putchar(mark);
}

static const char *entry_user(const struct entry *entry)
{
    static char number[12];
    snprintf(number, sizeof(number), "%u", (unsigned)entry->status.st_uid);
    return options.numeric ? number : names_user(entry->status.st_uid);
}

static const char *entry_group(const struct entry *entry)
{
    static char number[12];
    snprintf(number, sizeof(number), "%u", (unsigned)entry->status.st_gid);
    return options.numeric ? number : names_group(entry->status.st_gid);
}

/* The size, or a device's numbers. */
static void entry_size(const struct entry *entry, char *text, size_t size)
{
    const struct stat *file = &entry->status;
    if (S_ISCHR(file->st_mode) || S_ISBLK(file->st_mode))
        snprintf(text, size, "%u, %3u", (unsigned)major(file->st_rdev), (unsigned)minor(file->st_rdev));
    else if (options.human)
        util_human(file->st_size, text, size);
    else
        snprintf(text, size, "%lld", (long long)file->st_size);
}

static void widen(int *width, int length)
{
    if (length > *width)
        *width = length;
}

static int inode_width(const struct listing *list)
{
    int width = 0;
    for (size_t i = 0; i < list->count; i++)
        widen(&width, snprintf(NULL, 0, "%llu", (unsigned long long)list->entries[i].status.st_ino));
    return width;
}

/* POSIX ls: with the hour when it is in the last six months, else with the year. */
static void print_time(const struct entry *entry)
{
    time_t now = time(NULL), then = entry_time(entry)->tv_sec;
    const time_t half_year = 31556952 / 2;
    char text[32];
    bool recent = then <= now && now - then < half_year;
    strftime(text, sizeof(text), recent ? "%b %e %H:%M" : "%b %e  %Y", localtime(&then));
    printf(" %s ", text);
}

static void print_long(const struct listing *list)
{
    int links = 0, users = 0, groups = 0, sizes = 0, inodes = inode_width(list);
    char text[32];
    for (size_t i = 0; i < list->count; i++) {
        const struct entry *entry = &list->entries[i];
        entry_size(entry, text, sizeof(text));
        widen(&sizes, strlen(text));
        widen(&links, snprintf(NULL, 0, "%lu", (unsigned long)entry->status.st_nlink));
        widen(&users, strlen(entry_user(entry)));
        widen(&groups, strlen(entry_group(entry)));
    }
    for (size_t i = 0; i < list->count; i++) {
        const struct entry *entry = &list->entries[i];
        print_inode(entry, inodes);
        mode_string(entry->status.st_mode, text);
        printf("%s %*lu ", text, links, (unsigned long)entry->status.st_nlink);
        printf("%-*s %-*s ", users, entry_user(entry), groups, entry_group(entry));
        entry_size(entry, text, sizeof(text));
        printf("%*s", sizes, text);
        print_time(entry);
        print_name(entry->name);
        if (entry->link_target)
            printf(" -> %s", entry->link_target);
        else if (entry_mark(entry))
            putchar(entry_mark(entry));
        putchar('\n');
    }
}

static int terminal_width(void)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    long long width;
    if (columns && util_parse(columns, 10, &width) && width > 0)
        return width;
    return ioctl(1, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

static int short_width(const struct entry *entry, int inodes)
{
    return strlen(entry->name) + (options.inodes ? inodes + 1 : 0) + (entry_mark(entry) != '\0');
}

/* Finds the widths of the columns when there are `rows` rows; false when the line gets too long. */
static bool fit_columns(const struct listing *list, size_t rows, int inodes, int *widths)
{
    int total = 0, limit = terminal_width();
    for (size_t column = 0; column * rows < list->count; column++) {
        widths[column] = 0;
        for (size_t i = column * rows; i < list->count && i < (column + 1) * rows; i++)
            widen(&widths[column], short_width(&list->entries[i], inodes));
        total += widths[column] + (column ? 2 : 0);
    }
    return total < limit;
}

static void print_columns(const struct listing *list)
{
    int inodes = inode_width(list), *widths = util_alloc((list->count + 1) * sizeof(*widths));
    size_t rows = 1;
    while (rows < list->count && !fit_columns(list, rows, inodes, widths))
        rows++;
    fit_columns(list, rows, inodes, widths);
    for (size_t row = 0; row < rows && row < list->count; row++) {
        for (size_t i = row; i < list->count; i += rows) {
            const struct entry *entry = &list->entries[i];
            print_short(entry, inodes);
            if (i + rows < list->count)
                printf("%*s", widths[i / rows] + 2 - short_width(entry, inodes), "");
        }
        putchar('\n');
    }
    free(widths);
}

static void listing_print(const struct listing *list)
{
    int inodes = options.form == '1' ? inode_width(list) : 0;
    if (options.form == 'l')
        print_long(list);
    else if (options.form == 'C')
        print_columns(list);
    for (size_t i = 0; i < list->count && options.form == '1'; i++) {
        print_short(&list->entries[i], inodes);
        putchar('\n');
    }
}

static void print_total(const struct listing *list)
{
    unsigned long long blocks = 0;
    char text[32];
    for (size_t i = 0; i < list->count; i++)
        blocks += list->entries[i].status.st_blocks;
    if (options.human)
        util_human(blocks * 512, text, sizeof(text));
    else
        snprintf(text, sizeof(text), "%llu", (blocks + 1) / 2);
    printf("total %s\n", text);
}

static void list_directory(struct folder *up, const char *name, const char *path, bool heading);

static void already_listed(const char *path)
{
    util_warnx("%s: not listing already-listed directory", path);
    status = 2;
}

/* -R: the directories in the list, which is of the folder `path`. */
static void list_below(const struct listing *list, struct folder *folder, const char *path)
{
    for (size_t i = 0; i < list->count; i++) {
        const char *name = list->entries[i].name;
        if (!S_ISDIR(list->entries[i].status.st_mode) || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        char *inside = util_join(path, name);
        if (folder_is_above(folder, &list->entries[i].status))
            already_listed(inside);
        else
            list_directory(folder, name, inside, true);
        free(inside);
    }
}

/* Lists the directory `name` of the folder `up` and, with -R, those in it; `heading` says whether its path comes
 * first. */
static void list_directory(struct folder *up, const char *name, const char *path, bool heading)
{
    static bool later;
    struct listing list = {0};
    struct folder folder;
    if (heading)
        printf("%s%s:\n", later ? "\n" : "", path);
    later = true;
    if (!folder_enter(&folder, up, name, true)) {
        trouble("cannot open directory", path, 2);
        return;
    }
    if (listing_read(&list, &folder, path)) {
        listing_sort(&list);
        if (options.form == 'l')
            print_total(&list);
        listing_print(&list);
    }
    if (options.recursive)
        list_below(&list, &folder, path);
    listing_free(&list);
    if (!folder_leave(&folder))
        util_err("cannot go back from '%s'", path);
}

/* Moves the directories among the files named to the second list. */
static void split_directories(struct listing *files, struct listing *directories)
{
    size_t kept = 0;
    for (size_t i = 0; i < files->count; i++) {
        if (!S_ISDIR(files->entries[i].status.st_mode)) {
            files->entries[kept++] = files->entries[i];
            continue;
        }
        directories->entries =
            util_grow(directories->entries, directories->count, &directories->room, sizeof(*directories->entries));
        directories->entries[directories->count++] = files->entries[i];
    }
    files->count = kept;
}

static void list_named(int count, char **paths)
{
    struct listing files = {0}, directories = {0};
    for (int i = 0; i < count; i++)
        listing_add(&files, paths[i], NULL, NULL);
    listing_sort(&files);
    if (!options.directories)
        split_directories(&files, &directories);
    listing_print(&files);
    if (files.count && directories.count)
        putchar('\n');
    for (size_t i = 0; i < directories.count; i++) {
        const char *path = directories.entries[i].name;
        list_directory(NULL, path, path, count > 1 || options.recursive);
    }
    listing_free(&files);
    listing_free(&directories);
}

/* The letters that switch something on. */
static void set_flag(int letter)
{
    static const struct {
        char letter;
        bool *flag;
    } flags[] = {
        {'a', &options.all},     {'A', &options.almost_all}, {'d', &options.directories}, {'R', &options.recursive},
        {'i', &options.inodes},  {'h', &options.human},      {'F', &options.marks},       {'p', &options.slashes},
        {'r', &options.reverse}, {'L', &options.follow},     {'q', &options.safe},        {'n', &options.numeric},
    };
    for (size_t i = 0; i < UTIL_COUNT(flags); i++) {
        if (flags[i].letter == letter)
            *flags[i].flag = true;
    }
}

static void set_option(int letter)
{
    if (letter == '?')
        util_usage();
    if (strchr("ln", letter))
        options.form = 'l';
    else if (letter == 'C' || (letter == '1' && options.form != 'l'))
        options.form = letter;
    else if (strchr("tSU", letter))
        options.order = letter;
    else if (strchr("uc", letter))
        options.time = letter;
    set_flag(letter);
}

int main(int argc, char **argv)
{
    static char *here[] = {"."};
    util_start("ls", "[-1AaCcdFhiLlnpqRrStUu] [FILE]...", 2);
    options.form = isatty(1) ? 'C' : '1';
    options.safe = isatty(1);
    for (int option; (option = getopt(argc, argv, "aAdRihFprLqnl1CtSUuc")) != -1;)
        set_option(option);
    if (options.time && !options.order && options.form != 'l')
        options.order = 't'; /* POSIX ls: -u and -c sort, unless -l prints that time */
    if (optind < argc)
        list_named(argc - optind, argv + optind);
    else
        list_named(1, here);
    return util_finish(status);
}

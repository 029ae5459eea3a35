/*
 * stat.c - all that stat() tells of a file; -L of what a link points at; -c FORMAT only what is asked for:
 *
 * %n name, %N with link target, %s size, %a octal mode, %A mode, %f raw mode in hex, %F type, %u %U user, %g %G group,
 * %i inode, %h links, %d device, %t %T device numbers in hex, %b blocks, %B their size, %o best size for I/O,
 * %x %X access, %y %Y modification, %z %Z change: for people and in seconds.
 * %0Na and the like: at least N digits.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "lib/mode.h"
#include "lib/names.h"
#include "lib/util.h"

static const char full_format[] = "  File: %N\n"
                                  "  Size: %s\tBlocks: %b\tIO Block: %o\t%F\n"
                                  "Device: %d\tInode: %i\tLinks: %h\n"
                                  "Access: (%04a/%A)  Uid: (%u/%U)   Gid: (%g/%G)\n"
                                  "Access: %x\nModify: %y\nChange: %z";

static void print_time(const struct timespec *time)
{
    char text[32], zone[8];
    time_t seconds = time->tv_sec;
    struct tm *parts = localtime(&seconds);
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", parts);
    strftime(zone, sizeof(zone), "%z", parts);
    printf("%s.%09ld %s", text, (long)time->tv_nsec, zone);
}

static void print_quoted(const char *path, const struct stat *status)
{
    char target[1024];
    if (!S_ISLNK(status->st_mode)) {
        printf("%s", path);
        return;
    }
    ssize_t length = readlink(path, target, sizeof(target) - 1);
    target[length < 0 ? 0 : length] = '\0';
    printf("%s -> %s", path, target);
}

static const char *type_name(const struct stat *status)
{
    return S_ISREG(status->st_mode) && status->st_size == 0 ? "regular empty file" : mode_type_name(status->st_mode);
}

static void print_text(char directive, const char *path, const struct stat *status)
{
    char mode[11];
    mode_string(status->st_mode, mode);
    switch (directive) {
    case 'n':
        fputs(path, stdout);
        break;
    case 'N':
        print_quoted(path, status);
        break;
    case 'A':
        fputs(mode, stdout);
        break;
    case 'F':
        fputs(type_name(status), stdout);
        break;
    case 'U':
        fputs(names_user(status->st_uid), stdout);
        break;
    case 'G':
        fputs(names_group(status->st_gid), stdout);
        break;
    case 'x':
        print_time(&status->st_atim);
        break;
    case 'y':
        print_time(&status->st_mtim);
        break;
    case 'z':
        print_time(&status->st_ctim);
        break;
    case '%':
        putchar('%');
        break;
    default:
        printf("?");
    }
}

/* One directive: a number, printed in the base that is usual with that many digits at least, or a text. */
static void print_directive(char directive, int digits, const char *path, const struct stat *status)
{
    const struct {
        char letter, base;
        long long value;
    } numbers[] = {
        {'s', 'd', status->st_size},        {'a', 'o', status->st_mode & 07777}, {'f', 'x', status->st_mode},
        {'u', 'd', status->st_uid},         {'g', 'd', status->st_gid},          {'i', 'd', status->st_ino},
        {'h', 'd', status->st_nlink},       {'d', 'd', status->st_dev},          {'t', 'x', major(status->st_rdev)},
        {'T', 'x', minor(status->st_rdev)}, {'b', 'd', status->st_blocks},       {'B', 'd', 512},
        {'o', 'd', status->st_blksize},     {'X', 'd', status->st_atim.tv_sec},  {'Y', 'd', status->st_mtim.tv_sec},
        {'Z', 'd', status->st_ctim.tv_sec},
    };
    for (size_t i = 0; i < UTIL_COUNT(numbers); i++) {
        if (numbers[i].letter != directive)
            continue;
        printf(numbers[i].base == 'd'   ? "%0*lld"
               : numbers[i].base == 'o' ? "%0*llo"
                                        : "%0*llx",
               digits, numbers[i].value);
        return;
    }
    print_text(directive, path, status);
}

static void print_format(const char *format, const char *path, const struct stat *status)
{
    for (; *format; format++) {
        int digits = 1;
        if (*format != '%' || !format[1]) {
            putchar(*format);
            continue;
        }
        if (*++format == '0')
            digits = strtol(format, (char **)&format, 10);
        if (!*format)
            break;
        print_directive(*format, digits, path, status);
    }
    putchar('\n');
}

int main(int argc, char **argv)
{
    const char *format = full_format;
    bool follow = false;
    int result = 0;
    util_start("stat", "[-L] [-c FORMAT] FILE...", 1);
    for (int option; (option = getopt(argc, argv, "Lc:")) != -1;) {
        if (option == '?')
            util_usage();
        follow |= option == 'L';
        if (option == 'c')
            format = optarg;
    }
    if (optind == argc)
        util_errx("missing operand");
    for (int i = optind; i < argc; i++) {
        struct stat status;
        if ((follow ? stat : lstat)(argv[i], &status) == 0) {
            print_format(format, argv[i], &status);
            continue;
        }
        util_warn("cannot stat '%s'", argv[i]);
        result = 1;
    }
    return util_finish(result);
}

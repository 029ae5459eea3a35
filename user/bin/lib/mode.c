/*
 * mode.c - file modes: "drwxr-xr-t", 1755 and "u+rwx,go=rx" (POSIX chmod).
 */
#include "mode.h"

#include <string.h>
#include <sys/stat.h>

static const struct {
    mode_t type;
    char letter, mark;
    const char *name;
} types[] = {
    {S_IFREG, '-', '\0', "regular file"},
    {S_IFDIR, 'd', '/', "directory"},
    {S_IFLNK, 'l', '@', "symbolic link"},
    {S_IFIFO, 'p', '|', "fifo"},
    {S_IFSOCK, 's', '=', "socket"},
    {S_IFCHR, 'c', '\0', "character special file"},
    {S_IFBLK, 'b', '\0', "block special file"},
};

static unsigned type_index(mode_t mode)
{
    for (unsigned i = 0; i < sizeof(types) / sizeof(*types); i++) {
        if ((mode & S_IFMT) == types[i].type)
            return i;
    }
    return 0;
}

/* The letter that ls -l begins a line with. */
char mode_type_letter(mode_t mode)
{
    return types[type_index(mode)].letter;
}

/* What ls -F puts behind the name; 0 for nothing. */
char mode_type_mark(mode_t mode)
{
    bool runs = S_ISREG(mode) && (mode & 0111);
    return runs ? '*' : types[type_index(mode)].mark;
}

/* The type in words, as stat prints it. */
const char *mode_type_name(mode_t mode)
{
    return types[type_index(mode)].name;
}

static char execute_letter(mode_t mode, mode_t execute, mode_t special, char letter)
{
    if (!(mode & special))
        return mode & execute ? 'x' : '-';
    return mode & execute ? letter : letter - 'a' + 'A';
}

/* Writes the ten letters of ls -l, and a 0. */
void mode_string(mode_t mode, char text[11])
{
    text[0] = mode_type_letter(mode);
    for (int i = 0; i < 9; i++)
        text[1 + i] = mode & (0400 >> i) ? "rwxrwxrwx"[i] : '-';
    text[3] = execute_letter(mode, S_IXUSR, S_ISUID, 's');
    text[6] = execute_letter(mode, S_IXGRP, S_ISGID, 's');
    text[9] = execute_letter(mode, S_IXOTH, S_ISVTX, 't');
    text[10] = '\0';
}

static bool parse_octal(const char *text, mode_t *mode)
{
    unsigned value = 0;
    for (; *text >= '0' && *text <= '7' && value <= 07777; text++)
        value = value * 8 + (*text - '0');
    *mode = value;
    return *text == '\0' && value <= 07777;
}

/* "ugoa": the bits that the clause may change; 0 when none is named. */
static mode_t parse_who(const char **text)
{
    mode_t who = 0;
    for (;; ++*text) {
        switch (**text) {
        case 'u':
            who |= S_IRWXU | S_ISUID;
            continue;
        case 'g':
            who |= S_IRWXG | S_ISGID;
            continue;
        case 'o':
            who |= S_IRWXO | S_ISVTX;
            continue;
        case 'a':
            who |= 07777;
            continue;
        default:
            return who;
        }
    }
}

/* Copies one class's permissions (its three bits, moved to the lowest place) to all three classes. */
static mode_t spread(mode_t bits)
{
    return (bits & 7) * 0111;
}

/* "rwxXst" or one of "ugo": the bits named, for all classes. */
static mode_t parse_permissions(const char **text, mode_t old)
{
    mode_t bits = 0;
    for (;; ++*text) {
        switch (**text) {
        case 'r':
            bits |= 0444;
            continue;
        case 'w':
            bits |= 0222;
            continue;
        case 'x':
            bits |= 0111;
            continue;
        case 'X':
            bits |= S_ISDIR(old) || (old & 0111) ? 0111 : 0;
            continue;
        case 's':
            bits |= S_ISUID | S_ISGID;
            continue;
        case 't':
            bits |= S_ISVTX;
            continue;
        case 'u':
            bits |= spread(old >> 6);
            continue;
        case 'g':
            bits |= spread(old >> 3);
            continue;
        case 'o':
            bits |= spread(old);
            continue;
        default:
            return bits;
        }
    }
}

/* One clause: who, then one or more of an operator with permissions. */
static bool parse_clause(const char **text, mode_t mask, mode_t *mode)
{
    mode_t who = parse_who(text);
    mode_t reach = who ? who : 07777 & ~mask; /* POSIX chmod: without who, the umask's bits stay as they are */
    if (!**text || !strchr("+-=", **text))
        return false;
    while (**text && strchr("+-=", **text)) {
        char sign = *(*text)++;
        mode_t bits = parse_permissions(text, *mode) & reach;
        if (sign == '-')
            *mode &= ~bits;
        else if (sign == '+')
            *mode |= bits;
        else
            *mode = (*mode & ~((who ? who : 07777) & (S_ISDIR(*mode) ? 01777 : 07777))) | bits;
    }
    return true;
}

/* The mode (permission bits alone) that `text`, octal or symbolic, makes of `old`; false when it is no mode. */
bool mode_parse(const char *text, mode_t old, mode_t mask, mode_t *mode)
{
    if (*text >= '0' && *text <= '7')
        return parse_octal(text, mode);
    *mode = old;
    do {
        if (!parse_clause(&text, mask, mode))
            return false;
    } while (*text == ',' && *++text);
    *mode &= 07777;
    return *text == '\0';
}

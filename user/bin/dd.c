/*
 * dd.c - copies block by block: if=FILE of=FILE ibs=N obs=N bs=N count=N skip=N seek=N conv=LIST status=none.
 *
 * Blocks of input are collected into blocks of output; with bs= each is written as it was read, short ones too.  In
 * conv may be lcase, ucase, swab, noerror, notrunc and sync.  At the end, and after SIGINT, it tells how many blocks it
 * has copied.  EBCDIC and the conversions between lines and records are left out.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/util.h"

enum { conv_lcase = 1, conv_ucase = 2, conv_swab = 4, conv_noerror = 8, conv_notrunc = 16, conv_sync = 32 };

/* Blocks read or written: whole ones and parts. */
struct tally {
    unsigned long long whole, part;
};

static const char *input_path, *output_path;
static long long input_size = 512, output_size = 512, block_size, count = -1, skip, seek;
static int conversions;
static bool silent;
static struct tally blocks_in, blocks_out;
static unsigned long long bytes_out;
static char *input, *output;
static size_t collected; /* bytes in output */
static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

static void set_conversions(char *list)
{
    static const char *const names[] = {"lcase", "ucase", "swab", "noerror", "notrunc", "sync"};
    for (char *word = strtok(list, ","); word; word = strtok(NULL, ",")) {
        size_t i = 0;
        while (i < UTIL_COUNT(names) && strcmp(word, names[i]) != 0)
            i++;
        if (i == UTIL_COUNT(names))
            util_errx("invalid conversion: '%s'", word);
        conversions |= 1 << i;
    }
}

/* POSIX dd: factors with x between them. */
static long long read_size(char *text, long long least)
{
    long long product = 1;
    const char *whole = text;
    for (char *factor = strtok(text, "x"); factor; factor = strtok(NULL, "x"))
        product *= util_size(factor, "number");
    if (!*whole || product < least || product > 1LL << 40)
        util_errx("invalid number: '%s'", whole);
    return product;
}

static void set_operand(char *operand)
{
    const struct {
        const char *name;
        long long *number, least;
    } numbers[] = {{"ibs", &input_size, 1}, {"obs", &output_size, 1}, {"bs", &block_size, 1},
                   {"count", &count, 0},    {"skip", &skip, 0},       {"seek", &seek, 0}};
    char *value = strchr(operand, '=');
    if (!value)
        util_errx("unrecognized operand '%s'", operand);
    *value++ = '\0';
    for (size_t i = 0; i < UTIL_COUNT(numbers); i++) {
        if (strcmp(operand, numbers[i].name) == 0) {
            *numbers[i].number = read_size(value, numbers[i].least);
            return;
        }
    }
    if (strcmp(operand, "if") == 0)
        input_path = value;
    else if (strcmp(operand, "of") == 0)
        output_path = value;
    else if (strcmp(operand, "conv") == 0)
        set_conversions(value);
    else if (strcmp(operand, "status") == 0)
        silent = strcmp(value, "none") == 0;
    else
        util_errx("unrecognized operand '%s=%s'", operand, value);
}

static void open_as(const char *path, int flags, int fd)
{
    int file = path ? open(path, flags, 0666) : fd;
    if (file < 0)
        util_err("failed to open '%s'", path);
    if (file != fd && dup2(file, fd) < 0)
        util_err("'%s'", path);
}

static void tell(void)
{
    if (silent)
        return;
    fprintf(stderr, "%llu+%llu records in\n%llu+%llu records out\n", blocks_in.whole, blocks_in.part, blocks_out.whole,
            blocks_out.part);
    fprintf(stderr, "%llu bytes copied\n", bytes_out);
}

static void write_block(const char *data, size_t size)
{
    if (size == 0)
        return;
    if (!util_write_all(1, data, size)) {
        util_warn("writing '%s'", output_path ? output_path : "standard output");
        tell();
        exit(1);
    }
    *((long long)size == output_size ? &blocks_out.whole : &blocks_out.part) += 1;
    bytes_out += size;
}

/* POSIX dd: skip reads what cannot be sought in. */
static void skip_input(void)
{
    if (skip == 0 || lseek(0, skip * input_size, SEEK_CUR) >= 0)
        return;
    while (skip-- > 0 && read(0, input, input_size) > 0)
        continue;
}

static void seek_output(void)
{
    struct stat status;
    off_t start = seek * output_size;
    if (start > 0 && lseek(1, start, SEEK_CUR) < 0)
        util_err("cannot seek in '%s'", output_path ? output_path : "standard output");
    /* POSIX dd: without notrunc what is behind the seek is cut off. */
    if (output_path && !(conversions & conv_notrunc) && fstat(1, &status) == 0 && S_ISREG(status.st_mode) &&
        ftruncate(1, start) < 0)
        util_err("truncating '%s'", output_path);
}

static void convert(size_t size)
{
    for (size_t i = 0; i + 1 < size && conversions & conv_swab; i += 2) {
        char first = input[i];
        input[i] = input[i + 1];
        input[i + 1] = first;
    }
    for (size_t i = 0; i < size && conversions & (conv_lcase | conv_ucase); i++)
        input[i] = conversions & conv_lcase ? tolower((unsigned char)input[i]) : toupper((unsigned char)input[i]);
}

/* Collects bytes into blocks of output. */
static void collect(const char *data, size_t size)
{
    while (size > 0) {
        size_t room = output_size - collected, part = size < room ? size : room;
        memcpy(output + collected, data, part);
        collected += part;
        data += part;
        size -= part;
        if (collected == (size_t)output_size) {
            write_block(output, collected);
            collected = 0;
        }
    }
}

/* One block from the input; false at its end. */
static bool copy_block(int *status)
{
    ssize_t got = read(0, input, input_size);
    if (got == 0 || (got < 0 && errno == EINTR))
        return got < 0;
    if (got < 0) {
        util_warn("error reading '%s'", input_path ? input_path : "standard input");
        *status = 1;
        if (!(conversions & conv_noerror) || lseek(0, input_size, SEEK_CUR) < 0)
            return false;
        got = 0;
    } else {
        *(got == input_size ? &blocks_in.whole : &blocks_in.part) += 1;
    }
    if (conversions & conv_sync) {
        memset(input + got, 0, input_size - got);
        got = input_size;
    }
    convert(got);
    if (block_size)
        write_block(input, got);
    else
        collect(input, got);
    return true;
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = on_interrupt};
    int status = 0;
    util_start("dd", "[OPERAND=VALUE]...", 1);
    util_no_options(argc, argv);
    for (int i = optind; i < argc; i++)
        set_operand(argv[i]);
    if (block_size)
        input_size = output_size = block_size;
    input = util_alloc(input_size);
    output = util_alloc(output_size);
    open_as(input_path, O_RDONLY, 0);
    open_as(output_path, O_WRONLY | O_CREAT, 1);
    skip_input();
    seek_output();
    sigaction(SIGINT, &action, NULL);
    while (!interrupted && (count < 0 || blocks_in.whole + blocks_in.part < (unsigned long long)count) &&
           copy_block(&status))
        continue;
    write_block(output, collected);
    tell();
    if (interrupted) { /* POSIX dd: the statistics, and then what SIGINT does */
        signal(SIGINT, SIG_DFL);
        raise(SIGINT);
    }
    return status;
}

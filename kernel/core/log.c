/*
 * log.c - the kernel's log.
 *
 * A ring of bytes keeps the last lines; a position counts all bytes ever logged, so that readers find out what they
 * have missed.  Each line goes to the sink too, while the log's lock is held: so lines stand there in the same order,
 * and whole.  A panic writes past the lock, since its holder may be the one that panicked.
 */
#include <core/lock.h>
#include <core/log.h>
#include <lib/string.h>

#define RING_SIZE (64u << 10)
#define LINE_SIZE 256

static struct spinlock log_lock = SPINLOCK_INIT("log", RANK_LOG);
static char ring[RING_SIZE];
static uint64_t ring_end; /* bytes ever logged; like all below guarded by log_lock */
static const struct log_sink *log_sink;
static bool log_quiet;

static void ring_append(const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ring[ring_end++ % RING_SIZE] = bytes[i];
}

/* The first position that the ring still holds. */
static uint64_t ring_start(void)
{
    return ring_end > RING_SIZE ? ring_end - RING_SIZE : 0;
}

/* "[    0.123456] "; from the counter itself, which runs before the clock does. */
static size_t format_time(char *to, size_t size)
{
    uint64_t ticks = counter_read();
    uint32_t frequency = counter_frequency();
    uint32_t microseconds = ticks % frequency * 1000000 / frequency;

    return snprintf(to, size, "[%5lu.%06lu] ", (uint32_t)(ticks / frequency), microseconds);
}

/* Format a line behind the `used` bytes that `line` holds; a line too long is cut.  Answers its length with '\n'. */
static size_t format_line(char *line, size_t used, const char *format, va_list args)
{
    size_t n = used + vsnprintf(line + used, LINE_SIZE - used - 1, format, args);

    if (n > LINE_SIZE - 2)
        n = LINE_SIZE - 2;
    line[n] = '\n';
    return n + 1;
}

static void log_write(bool alert, const char *format, va_list args)
{
    char line[LINE_SIZE];
    size_t n = format_line(line, format_time(line, sizeof(line)), format, args);

    spin_lock(&log_lock);
    ring_append(line, n);
    if (log_sink != NULL && (alert || !log_quiet))
        log_sink->write(line, n);
    spin_unlock(&log_lock);
}

void log_line(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_write(false, format, args);
    va_end(args);
}

void log_alert(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_write(true, format, args);
    va_end(args);
}

void log_emergency(const char *format, ...)
{
    char line[LINE_SIZE];
    va_list args;

    va_start(args, format);
    size_t n = format_line(line, 0, format, args);
    va_end(args);
    ring_append(line, n);
    if (log_sink != NULL)
        log_sink->emergency(line, n);
}

void log_set_sink(const struct log_sink *sink, bool quiet)
{
    spin_lock(&log_lock);
    log_sink = sink;
    log_quiet = quiet;
    if (sink != NULL && !quiet)
        for (uint64_t at = ring_start(); at < ring_end;) {
            size_t n = 1;

            while (at + n < ring_end && (at + n) % RING_SIZE != 0 && ring[(at + n - 1) % RING_SIZE] != '\n')
                n++;
            sink->write(&ring[at % RING_SIZE], n);
            at += n;
        }
    spin_unlock(&log_lock);
}

size_t log_read(uint64_t *pos, char *to, size_t n)
{
    size_t moved = 0;

    spin_lock(&log_lock);
    if (*pos < ring_start()) {
        *pos = ring_start();
        /* What is left of the line in which the ring begins tells nothing. */
        while (*pos < ring_end && ring[(*pos)++ % RING_SIZE] != '\n')
            continue;
    }
    while (moved < n && *pos < ring_end)
        to[moved++] = ring[(*pos)++ % RING_SIZE];
    spin_unlock(&log_lock);
    return moved;
}

void log_break_lock(void)
{
    log_lock.word = 0;
}

/*
 * lines.c - records as lines.
 *
 * A call's line begins when the call does, and ends with its result.  What comes in between from others ends it for
 * now, with "<unfinished ...>"; the result's line then says which call is resumed.
 */
#include <abi/syscall.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "../lib/util.h"
#include "strace.h"

#define RESTARTED (-512)
#define ERROR_MAX 4095

/* A thread that was seen. */
struct task {
    struct task *next;
    int tid;
    bool busy;  /* in the call of `entry` */
    bool shown; /* whose line was begun */
    _Alignas(8) char entry[TRACE_RECORD_MAX];
};

static struct task *tasks;
static struct task *open_line; /* whose line has no end yet */
static unsigned task_count;

static struct task *task_find(int tid)
{
    struct task *task;

    for (task = tasks; task; task = task->next)
        if (task->tid == tid)
            return task;
    task = util_alloc(sizeof(*task));
    *task = (struct task){.next = tasks, .tid = tid};
    tasks = task;
    task_count++;
    return task;
}

static void task_forget(struct task *task)
{
    struct task **at = &tasks;

    while (*at != task)
        at = &(*at)->next;
    *at = task->next;
    task_count--;
    free(task);
}

static const struct abi_trace_record *entry_of(const struct task *task)
{
    return (const void *)task->entry;
}

/* The time of a record, as -t and -r want it. */
static void say_stamp(uint64_t now)
{
    static int64_t since_boot;
    static uint64_t before;
    struct timespec time;
    char text[16];

    if (options.stamps == STAMP_NONE)
        return;
    if (options.stamps == STAMP_RELATIVE) {
        uint64_t passed = before != 0 ? now - before : 0;

        say("%6llu.%06llu ", (unsigned long long)(passed / 1000000000), (unsigned long long)(passed / 1000 % 1000000));
        before = now;
        return;
    }
    if (since_boot == 0) {
        clock_gettime(CLOCK_REALTIME, &time);
        since_boot = time.tv_sec * 1000000000ll + time.tv_nsec;
        clock_gettime(CLOCK_MONOTONIC, &time);
        since_boot -= time.tv_sec * 1000000000ll + time.tv_nsec;
    }
    time.tv_sec = (time_t)((since_boot + (int64_t)now) / 1000000000);
    time.tv_nsec = (long)((since_boot + (int64_t)now) % 1000000000);
    strftime(text, sizeof(text), "%H:%M:%S", localtime(&time.tv_sec));
    if (options.stamps == STAMP_EPOCH)
        say("%lld", (long long)time.tv_sec);
    else
        say("%s", text);
    if (options.stamps != STAMP_SECONDS)
        say(".%06ld", time.tv_nsec / 1000);
    say(" ");
}

/* End the line that stands open, if one does. */
static void interrupt_line(void)
{
    if (!open_line)
        return;
    say(" <unfinished ...>");
    say_end(options.output);
    open_line = NULL;
}

static void begin_line(const struct abi_trace_record *record)
{
    interrupt_line();
    if (options.follow && options.output != stderr)
        say("%-5d ", (int)record->tid);
    else if (task_count > 1)
        say("[pid %5d] ", (int)record->tid);
    say_stamp(record->time);
}

/* Arguments from one to before another; true: there are more. */
static bool say_arguments(const struct call *call, const struct format *format, unsigned from, unsigned to)
{
    unsigned i;

    for (i = from; i < to && format->printers[i].print; i++) {
        size_t before = said(), after;

        if (i > from)
            say(", ");
        after = said();
        format->printers[i].print(call, i, format->printers[i].names);
        if (said() == after)
            unsay(before);
    }
    return format->printers[i].print != NULL;
}

/* A call that does not come back to where it was made. */
static bool goes_elsewhere(unsigned number)
{
    return number == SYS_sigreturn || number == SYS_setcontext;
}

static void end_without_result(void)
{
    say_column(40);
    say("= ?");
    say_end(options.output);
    open_line = NULL;
}

static void call_begins(const struct abi_trace_record *record)
{
    struct task *task = task_find(record->tid);
    const struct format *format = format_of(record->number);
    struct call call = {(const void *)task->entry, NULL};

    if (open_line == task)
        interrupt_line();
    memcpy(task->entry, record, record->length);
    task->busy = true;
    task->shown = !options.count && filter_shows_call(record->number);
    if (!task->shown)
        return;
    begin_line(record);
    say("%s(", call_name(record->number));
    if (say_arguments(&call, format, 0, format->at_once))
        say(format->at_once > 0 ? ", " : "");
    else
        say(")");
    open_line = task;
    if (!goes_elsewhere(record->number)) {
        say_out(options.output);
        return;
    }
    end_without_result();
    task->busy = false;
}

static void say_error(int error)
{
    const struct name *name = errors;

    while (name->name && name->value != (uint32_t)error)
        name++;
    if (name->name)
        say("-1 %s (%s)", name->name, strerror(error));
    else
        say("-1 (error %d)", error);
}

/* What belongs to a result besides its number. */
static void say_meaning(const struct call *call)
{
    const struct abi_trace_record *record = call->result;
    bool polls = record->number == SYS_poll || record->number == SYS_ppoll;

    if (record->number == SYS_fcntl && record->arguments[1] == F_GETFL && record->result >= 0) {
        say(" (flags ");
        say_names(open_flags, (uint32_t)record->result);
        say(")");
    } else if (polls && record->result > 0) {
        say_ready(call);
    } else if (polls && record->result == 0) {
        say(" (Timeout)");
    }
}

static void say_result(const struct call *call, enum answer answer)
{
    const struct abi_trace_record *record = call->result;

    say_column(40);
    say("= ");
    if (record->result == RESTARTED)
        say("? ERESTARTSYS (To be restarted if SA_RESTART is set)");
    else if (record->result < 0 && record->result >= -ERROR_MAX)
        say_error(-record->result);
    else if (answer == ANSWER_ADDRESS)
        say("%#lx", (unsigned long)record->result);
    else if (answer == ANSWER_OCTAL)
        say("%#lo", (unsigned long)record->result);
    else
        say("%ld", (long)record->result);
    say_meaning(call);
}

static void resume_line(const struct task *task, const struct abi_trace_record *record)
{
    if (open_line == task)
        return;
    begin_line(record);
    say("<... %s resumed>", call_name(record->number));
}

/* The time between two records, as -T shows it. */
static void say_duration(uint64_t passed)
{
    if (options.durations)
        say(" <%llu.%06llu>", (unsigned long long)(passed / 1000000000), (unsigned long long)(passed / 1000 % 1000000));
}

static void call_ends(const struct abi_trace_record *record)
{
    struct task *task = task_find(record->tid);
    const struct format *format = format_of(record->number);
    bool known = task->busy && entry_of(task)->number == record->number;
    struct call call = {known ? entry_of(task) : record, record};
    uint64_t passed = record->time - call.entry->time;

    task->busy = false;
    if (options.count && filter_shows_call(record->number))
        count_call(record->number, passed, record->result < 0 && record->result >= -ERROR_MAX);
    if (known ? !task->shown : options.count || !filter_shows_call(record->number))
        return;
    resume_line(task, record);
    if (format->printers[0].print && format->printers[format->at_once < 7 ? format->at_once : 6].print) {
        say_arguments(&call, format, format->at_once, 6);
        say(")");
    } else if (open_line != task) {
        say(")");
    }
    say_result(&call, format->answer);
    if (known)
        say_duration(passed);
    say_end(options.output);
    open_line = NULL;
}

static void signal_taken(const struct abi_trace_record *record)
{
    if (options.count || !filter_shows_signal(record->number) || record->number == SIGKILL)
        return; /* the end tells of SIGKILL */
    begin_line(record);
    say("--- ");
    say_signal(record->number);
    say(" ");
    say_information(record->number, (int)record->arguments[0], &record->arguments[1]);
    say(" ---");
    say_end(options.output);
}

static void process_begins(const struct abi_trace_record *record)
{
    task_find(record->tid);
    if (options.quiet || options.count)
        return;
    interrupt_line();
    fprintf(stderr, "strace: Process %d attached\n", (int)record->pid);
}

/* One that a call has not asked for: spawn's child. */
static void program_begins(const struct abi_trace_record *record)
{
    const struct task *task = task_find(record->tid);
    struct call call = {record, NULL};

    if (task->busy || options.count || options.quiet > 1)
        return;
    begin_line(record);
    say("+++ runs ");
    say_path(&call, 0);
    say(" +++");
    say_end(options.output);
}

static void thread_ends(const struct abi_trace_record *record)
{
    struct task *task = task_find(record->tid);
    int status = (int)record->result;

    if (task->busy && task->shown) {
        const struct format *format = format_of(entry_of(task)->number);

        resume_line(task, record);
        if (open_line != task || format->printers[format->at_once < 7 ? format->at_once : 6].print)
            say(" <unfinished ...>)");
        end_without_result();
    }
    if (options.quiet < 2 && !options.count) {
        begin_line(record);
        if (WIFSIGNALED(status)) {
            say("+++ killed by ");
            say_signal(WTERMSIG(status));
            say(" +++");
        } else {
            say("+++ exited with %d +++", WEXITSTATUS(status));
        }
        say_end(options.output);
    }
    task_forget(task);
}

void lines_record(const struct abi_trace_record *record)
{
    if (record->lost != 0 && !options.count) {
        begin_line(record);
        say("... %lu records lost ...", (unsigned long)record->lost);
        say_end(options.output);
    }
    switch (record->kind) {
    case TRACE_CALL:
        call_begins(record);
        break;
    case TRACE_RESULT:
        call_ends(record);
        break;
    case TRACE_SIGNAL:
        signal_taken(record);
        break;
    case TRACE_FORK:
        process_begins(record);
        break;
    case TRACE_EXEC:
        program_begins(record);
        break;
    case TRACE_EXIT:
        thread_ends(record);
        break;
    }
}

void lines_end(void)
{
    if (!open_line)
        return;
    say(" <detached ...>");
    say_end(options.output);
    open_line = NULL;
}

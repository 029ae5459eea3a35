/*
 * builtin_job.c - built-ins about jobs: jobs fg bg wait kill.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

static struct job *job_operand(const char *command, const char *name)
{
    struct job *job = job_by_name(name ? name : "");
    if (!job)
        error_say("%s: %s: no such job", command, name ? name : "current");
    return job;
}

static void jobs_print_one(struct job *job, char format)
{
    if (format == 'p')
        out_format("%d\n", (int)job->processes[0].pid);
    else
        job_print(job, format == 'l');
    job->changed = false;
}

/* In the order of their numbers; those that ended are told for the last time. */
static void jobs_print_all(char format)
{
    int last = 0;
    for (struct job *job = job_list_shown(); job; job = job->next)
        last = job->number > last ? job->number : last;
    for (int number = 1; number <= last; number++) {
        for (struct job *job = job_list_shown(); job; job = job->next) {
            if (job->number == number && job->count > 0)
                jobs_print_one(job, format);
        }
    }
    struct job *next;
    for (struct job *job = job_list(); job; job = next) {
        next = job->next;
        if (job->count > 0 && job_state(job) == PROCESS_DONE && format != 'p')
            job_free(job);
    }
}

int builtin_jobs(int argc, char **argv)
{
    int first = 1, status = 0;
    char format = 0;
    for (; first < argc && argv[first][0] == '-'; first++)
        format = argv[first][1];
    job_collect();
    if (first == argc)
        jobs_print_all(format);
    for (; first < argc; first++) {
        struct job *job = job_operand("jobs", argv[first]);
        if (job)
            jobs_print_one(job, format);
        else
            status = 2;
    }
    return status;
}

static bool job_control_needed(const char *command)
{
    if (!sh.option['m'])
        error_say("%s: there is no job control", command);
    return sh.option['m'];
}

int builtin_fg(int argc, char **argv)
{
    struct job *job = job_control_needed("fg") ? job_operand("fg", argc > 1 ? argv[1] : NULL) : NULL;
    if (!job)
        return 2;
    out_format("%s\n", job->text);
    out_flush();
    return job_foreground(job);
}

int builtin_bg(int argc, char **argv)
{
    int status = 0;
    if (!job_control_needed("bg"))
        return 2;
    for (int i = 1; i < argc || i == 1; i++) {
        struct job *job = job_operand("bg", i < argc ? argv[i] : NULL);
        if (!job) {
            status = 2;
            continue;
        }
        out_format("[%d] %s &\n", job->number, job->text);
        job_background(job);
    }
    return status;
}

/* The status of the process of an operand, which may be any in a pipeline. */
static int wait_status(struct job *job, pid_t pid)
{
    for (int i = 0; i < job->count; i++) {
        if (job->processes[i].pid == pid)
            return status_of_wait(job->processes[i].status);
    }
    return job_status(job);
}

/*
 * Waits for one job; 128 + n when a signal came first, which *interrupted tells.  At a prompt the notice of the end is
 * still to come.
 */
static int wait_job(struct job *job, pid_t pid, bool *interrupted)
{
    int signal = trap_wait(job);
    *interrupted = signal != 0;
    if (signal)
        return 128 + signal;
    int status = wait_status(job, pid);
    if (job_state(job) == PROCESS_DONE && !sh.interactive)
        job_free(job);
    return status;
}

/* A stopped job is not waited for: it may never end. */
static struct job *job_not_waited_for(void)
{
    int wanted = sh.interactive ? PROCESS_RUNS : PROCESS_DONE;
    for (struct job *job = job_list(); job; job = job->next) {
        if (job_state(job) == PROCESS_RUNS || (job_state(job) == wanted && job->count > 0))
            return job;
    }
    return NULL;
}

static int wait_all(void)
{
    bool interrupted = false;
    struct job *job;
    while ((job = job_not_waited_for())) {
        int status = wait_job(job, 0, &interrupted);
        if (interrupted)
            return status;
    }
    return 0;
}

int builtin_wait(int argc, char **argv)
{
    int status = 0;
    bool interrupted = false;
    if (argc > 1 && strcmp(argv[1], "--") == 0)
        argc--, argv++;
    if (argc == 1)
        return wait_all();
    for (int i = 1; i < argc && !interrupted; i++) {
        intmax_t pid = 0;
        if (argv[i][0] != '%' && (!number_parse(argv[i], &pid) || pid <= 0)) {
            error_say("wait: %s: bad number", argv[i]);
            return 2;
        }
        struct job *job = pid > 0 ? job_by_pid((pid_t)pid) : job_by_name(argv[i]);
        /* POSIX wait: a process that is not known counts as one that ended with 127. */
        status = job ? wait_job(job, (pid_t)pid, &interrupted) : 127;
    }
    return status;
}

static int kill_list(int argc, char **argv)
{
    for (int i = 1; argc == 0 && i < SIGNAL_COUNT; i++) {
        if (signal_name(i))
            out_format("%s\n", signal_name(i));
    }
    for (int i = 0; i < argc; i++) {
        intmax_t number;
        bool numeric = number_parse(argv[i], &number);
        int signal = numeric ? (int)(number & 127) : signal_number(argv[i]);
        if (signal < 0 || !signal_name(signal)) {
            error_say("kill: %s: no such signal", argv[i]);
            return 1;
        }
        if (numeric)
            out_format("%s\n", signal_name(signal));
        else
            out_format("%d\n", signal);
    }
    return 0;
}

static int kill_one(const char *operand, int signal)
{
    intmax_t pid;
    int result;
    if (operand[0] == '%') {
        struct job *job = job_operand("kill", operand);
        if (!job)
            return 1;
        result = job_signal(job, signal);
        if (job_state(job) == PROCESS_STOPPED && (signal == SIGTERM || signal == SIGHUP))
            job_signal(job, SIGCONT);
    } else if (!number_parse(operand, &pid)) {
        error_say("kill: %s: bad process number", operand);
        return 2;
    } else {
        result = kill((pid_t)pid, signal);
    }
    if (result < 0)
        error_say("kill: %s: %s", operand, strerror(errno));
    return result < 0;
}

int builtin_kill(int argc, char **argv)
{
    int signal = SIGTERM, first = 1, status = 0;
    if (argc > 1 && strcmp(argv[1], "-l") == 0)
        return kill_list(argc - 2, argv + 2);
    if (argc > 2 && strcmp(argv[1], "-s") == 0) {
        signal = signal_number(argv[2]);
        first = 3;
    } else if (argc > 1 && argv[1][0] == '-' && argv[1][1] && strcmp(argv[1], "--") != 0) {
        signal = signal_number(argv[1] + 1);
        first = 2;
    }
    if (signal < 0) {
        error_say("kill: %s: no such signal", argv[first - 1]);
        return 2;
    }
    if (first < argc && strcmp(argv[first], "--") == 0)
        first++;
    if (first >= argc) {
        error_say("usage: kill [-s signal] process... or kill -l [status]");
        return 2;
    }
    for (; first < argc; first++)
        status |= kill_one(argv[first], signal);
    return status;
}

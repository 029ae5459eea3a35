/*
 * job_text.c - jobs as people see them: notices, `jobs`, and names like %1.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "sh.h"

static void job_state_text(struct job *job, struct buffer *text)
{
    int state = job_state(job), status = job->count > 0 ? job->processes[job->count - 1].status : 0;
    if (state == PROCESS_RUNS) {
        buffer_string(text, "Running");
    } else if (state == PROCESS_STOPPED) {
        int signal = job_status(job) - 128;
        buffer_string(text, signal == SIGTSTP ? "Stopped" : signal_text(signal));
    } else if (WIFSIGNALED(status)) {
        buffer_string(text, signal_text(WTERMSIG(status)));
    } else if (WEXITSTATUS(status) > 0) {
        buffer_string(text, "Done(");
        buffer_string(text, number_text(WEXITSTATUS(status)));
        buffer_string(text, ")");
    } else {
        buffer_string(text, "Done");
    }
}

/* Prints a job's line as `jobs` does: "[1]+  Stopped   sleep 9". */
void job_print(struct job *job, bool with_pids)
{
    static const char pad[] = "          ";
    struct buffer text = {0};
    struct job *current = job_list_shown();
    job_state_text(job, &text);
    out_format("[%d]%c  ", job->number, job == current ? '+' : job == current->next ? '-' : ' ');
    if (with_pids)
        out_format("%d ", (int)job->processes[0].pid);
    out_format("%s%s%s", text.data, text.length < sizeof pad - 1 ? pad + text.length : " ", job->text);
    out_string(job->background && job_state(job) == PROCESS_RUNS ? " &\n" : "\n");
    buffer_free(&text);
}

/* Before a prompt: tells which jobs in the background ended or stopped, and forgets those that ended. */
void job_notify(void)
{
    struct job *next;
    if (!job_list() || !sh.interactive)
        return;
    job_collect();
    for (struct job *job = job_list(); job; job = job->next) {
        if (job->changed)
            job_print(job, false);
        job->changed = false;
    }
    out_flush_to(2);
    for (struct job *job = job_list(); job; job = next) {
        next = job->next;
        if (job_state(job) == PROCESS_DONE)
            job_free(job);
    }
}

static struct job *job_by_number(intmax_t number)
{
    struct job *job = job_list();
    while (job && job->number != number)
        job = job->next;
    return job;
}

static struct job *job_by_text(const char *text, bool anywhere)
{
    struct job *found = NULL;
    for (struct job *job = job_list(); job; job = job->next) {
        const char *match = strstr(job->text, text);
        if (!match || (!anywhere && match != job->text))
            continue;
        /* One that ended counts only when no other has the name. */
        if (found && job_state(job) == PROCESS_DONE)
            continue;
        if (found && job_state(found) != PROCESS_DONE)
            return NULL; /* ambiguous */
        found = job;
    }
    return found;
}

/* The job that %%, %+, %-, %number, %text or %?text names; NULL when none, or more than one. */
struct job *job_by_name(const char *name)
{
    intmax_t number;
    struct job *current = job_list_shown();
    name += *name == '%';
    if (!*name || strcmp(name, "%") == 0 || strcmp(name, "+") == 0)
        return current;
    if (strcmp(name, "-") == 0)
        return current && current->next ? current->next : current;
    if (number_parse(name, &number))
        return job_by_number(number);
    return job_by_text(name + (*name == '?'), *name == '?');
}

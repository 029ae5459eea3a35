/*
 * hostile.h - programs that mean harm, and those that live beside them.
 *
 *      hostile_begin();
 *      status = hostile_run(does_harm, context);
 *      tap_is(status, ...);                         what the culprit gets
 *      return hostile_end();                        what the others get: nothing
 *
 * A culprit is an ordinary user's process, in a session of its own, in a folder of its own, with nothing to print to.
 * All the while a bystander, the superuser's, looks at everything it has; and when a culprit has ended, all that its
 * user has left (processes, files, queues) is removed, so that what is still missing then is the kernel's fault.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#define HOSTILE_FOLDER "/tmp/hostile"

enum { hostile_user = 1000, hostile_neighbour = 1001 };

/* Become that user for good, with its group alone. */
void hostile_become(uid_t user);

/* As tap_begin() and tap_end(), and the bystander's life. */
void hostile_begin(void);
int hostile_end(void);

/* Runs a body as a culprit, waits for its end, and sweeps up.  Answers its wait status. */
int hostile_run(int (*body)(void *context), void *context);
/* The same as one number: the exit status, or -signal. */
int hostile_result(int (*body)(void *context), void *context);
/* Ends every process of the culprit's user and removes what it has made. */
void hostile_sweep(void);

/* How steps ended that did not just answer. */
struct hostile_tally {
    unsigned steps;  /* that were begun */
    unsigned ended;  /* with the end of the culprit */
    unsigned asleep; /* and would have slept on */
    long wrong;      /* the first step that answered false, or -1 */
};

/*
 * Runs step(0) to step(count - 1) in a culprit.  A step may end its process, stop it, have it sleep for ever: then
 * another one goes on with the next step, as it does after `life` steps in any case.  A step that answers false is
 * wrong; it ends the run.
 */
struct hostile_tally hostile_steps(unsigned count, unsigned life, bool (*step)(unsigned number));

/* A system call with six words as they are.  Answers what the kernel answers: -errno, or not. */
long hostile_call(long number, const long words[6]);

/* The parameter behind this one in a call's parameters, as the list of calls has them: "(int fd, uaddr_t path)"; NULL:
 * it is the last. */
const char *hostile_next_parameter(const char *parameter);

/* Memory with every kind of neighbour. */
struct hostile_memory {
    char *writable;  /* 4 pages; between one without access and one that cannot be written */
    char *end;       /* behind the last byte that may be written */
    char *readable;  /* a page; behind it nothing is mapped */
    char *read_end;  /* behind its last byte */
    char *forbidden; /* the page without access */
    char *unmapped;
};

bool hostile_memory(struct hostile_memory *memory);

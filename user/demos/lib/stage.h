/*
 * stage.h - what the classic problems have in common: a play of several threads, the actors, that goes well or badly
 * depending on who takes which step when.
 *
 * A play has variants, broken and mended ones, which differ in a few lines.  Each step of an actor is a line in a
 * column of the picture.
 *
 *      /demos/NAME                  says what it is about, and plays all variants in turn
 *      /demos/NAME VARIANT          that one; exit status 1 when it went wrong
 *      /demos/NAME -q VARIANT       quietly, without a pause: for `explore`, which looks for a schedule that breaks it.
 *                                   Only what went wrong is printed, with the last steps before
 *      /demos/NAME -l               lists the variants
 *
 * Further: -r ROUNDS, how often each actor does its part; -w, where all wait for each other, to let them wait, so that
 * `why` or gdb can be asked for whom.
 *
 * In the picture each actor pauses after a step, so that the others come in between: this is the worst that can happen,
 * and with broken variants it does.  With -q only the scheduler decides.
 */
#pragma once

#include <stdbool.h>

enum { STAGE_ACTORS = 6 };

struct variant {
    const char *name; /* NULL ends the table */
    enum { broken, mended } kind;
    const char *about;
    void (*part)(int self); /* what each actor does; self: which of them, from 0 on */
};

struct play {
    const char *about;
    const char *actors[STAGE_ACTORS + 1]; /* the heads of the columns, then NULL */
    int rounds, quiet_rounds;             /* if -r does not say another number */
    bool no_pauses;                       /* also not in the picture */
    const struct variant *variants;
    void (*judge)(void); /* when all have ended: calls stage_wrong() for what is wrong; or NULL */
};

/* How often an actor does its part. */
extern int stage_rounds;

/* A step of the calling actor: a line in the picture, of about 20 letters, and a pause. */
void stage_step(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Something is wrong, and that is what.  The first counts. */
void stage_wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A pause of a random length, at most a millisecond, with each try in vain twice as long, but not more than 32. */
void stage_back_off(int tries);

/* Something to tell below the picture, in judge(). */
void stage_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* All that a play's main() does. */
int stage_main(int argc, char **argv, const struct play *play);

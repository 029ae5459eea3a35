/*
 * stage.c - the picture, the actors' threads, and the verdict.
 *
 * The steps are kept in a ring, and printed at once if there is a picture.  Whoever may take a step takes it without a
 * lock of the stage's: a lock would put the actors in an order, and hide what the play is to show.
 */
#define _GNU_SOURCE /* for pthread_clockjoin_np() */
#include "stage.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SCREEN = 100, COLUMN_MOST = 28, RING = 64, PAUSE_US = 10000 };

/* So long nobody takes a step, then all are said to be stuck: quietly, a run has a CPU of its own, and a clock that
 * stands still with the machine. */
#define PATIENCE_NS 1000000000
#define QUIET_PATIENCE_NS 50000000

struct step {
    int actor;
    char text[COLUMN_MOST];
};

int stage_rounds;
static const struct play *play;
static int actors, width;
static bool quiet, for_ever;
static __thread int self = -1; /* which actor; -1: nobody */
static sem_t curtain;          /* opens when all actors are there */
static struct step ring[RING];
static unsigned steps;
static char damage[80];
static bool is_wrong;

static void print_step(const struct step *step)
{
    char line[SCREEN + COLUMN_MOST + 2];
    int length = snprintf(line, sizeof(line), "  %*s%s\n", step->actor * width, "", step->text);

    write(STDOUT_FILENO, line, (size_t)length); /* in one piece, whoever else prints */
}

void stage_step(const char *format, ...)
{
    unsigned n = __atomic_fetch_add(&steps, 1, __ATOMIC_RELAXED);
    struct step *step = &ring[n % RING];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(step->text, sizeof(step->text), format, arguments);
    va_end(arguments);
    step->actor = self;
    if (!quiet)
        print_step(step);
    if (!quiet && !play->no_pauses)
        usleep((useconds_t)(PAUSE_US * (2 + self))); /* each at a pace of its own */
}

void stage_wrong(const char *format, ...)
{
    va_list arguments;

    if (__atomic_exchange_n(&is_wrong, true, __ATOMIC_RELAXED))
        return;
    va_start(arguments, format);
    vsnprintf(damage, sizeof(damage), format, arguments);
    va_end(arguments);
    if (self >= 0)
        stage_step("<-- wrong");
}

void stage_note(const char *format, ...)
{
    va_list arguments;

    if (quiet)
        return;
    va_start(arguments, format);
    printf("  -- ");
    vprintf(format, arguments);
    printf("\n");
    va_end(arguments);
}

void stage_back_off(int tries)
{
    static __thread unsigned seed;

    if (seed == 0)
        seed = (unsigned)self + 1;
    usleep((useconds_t)rand_r(&seed) % (1000u << (tries < 5 ? tries : 5)));
}

static void print_heads(void)
{
    for (int i = 0; i < actors; i++)
        printf("%s%-*s", i == 0 ? "  " : "", i == actors - 1 ? 0 : width, play->actors[i]);
    printf("\n");
    fflush(stdout);
}

/* The last steps, for who has not seen them. */
static void print_ring(void)
{
    unsigned first = steps > RING ? steps - RING : 0;

    print_heads();
    for (unsigned n = first; n < steps; n++)
        print_step(&ring[n % RING]);
}

/* Says how it ended; the exit status. */
static int verdict(void)
{
    if (is_wrong && quiet)
        print_ring();
    if (is_wrong)
        printf("  => wrong: %s\n\n", damage);
    else if (!quiet)
        printf("  => right\n\n");
    fflush(stdout);
    return is_wrong;
}

struct cast {
    const struct variant *variant;
    int self;
    pthread_t thread;
};

static void *act(void *argument)
{
    const struct cast *cast = argument;

    self = cast->self;
    sem_wait(&curtain);
    cast->variant->part(self);
    return NULL;
}

/* They wait for each other, and nobody will end it.  Comes back, if at all, to join those who wait. */
static void stuck(void)
{
    stage_wrong("stuck; nobody takes another step");
    int status = verdict();
    if (!for_ever)
        _exit(status);
}

static struct timespec patience_end(void)
{
    struct timespec end;

    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_nsec += quiet ? QUIET_PATIENCE_NS : PATIENCE_NS;
    if (end.tv_nsec >= 1000000000)
        end = (struct timespec){end.tv_sec + 1, end.tv_nsec - 1000000000};
    return end;
}

/* Waits for the actor's end, as long as somebody still takes steps. */
static void join(pthread_t thread)
{
    unsigned seen;

    do {
        seen = __atomic_load_n(&steps, __ATOMIC_RELAXED);
        struct timespec deadline = patience_end();
        if (pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &deadline) == 0)
            return;
    } while (__atomic_load_n(&steps, __ATOMIC_RELAXED) != seen);
    stuck();
    pthread_join(thread, NULL);
}

/* One variant, from the actors' entry to the verdict. */
static int perform(const struct variant *variant)
{
    struct cast cast[STAGE_ACTORS];

    if (!quiet) {
        printf("%s (%s): %s\n", variant->name, variant->kind == broken ? "broken" : "mended", variant->about);
        print_heads();
    }
    sem_init(&curtain, 0, 0);
    for (int i = 0; i < actors; i++) {
        cast[i] = (struct cast){variant, i, 0};
        errno = pthread_create(&cast[i].thread, NULL, act, &cast[i]);
        if (errno != 0) {
            perror("pthread_create");
            exit(2);
        }
    }
    for (int i = 0; i < actors; i++)
        sem_post(&curtain);
    for (int i = 0; i < actors; i++)
        join(cast[i].thread);
    if (play->judge)
        play->judge();
    return verdict();
}

/* Each variant in a process of its own, so that none finds what another has left.  1: a mended one went wrong. */
static int perform_all(void)
{
    int status, result = 0;

    printf("%s\n\n", play->about);
    fflush(stdout);
    for (const struct variant *variant = play->variants; variant->name; variant++) {
        pid_t child = fork();
        if (child == 0)
            exit(perform(variant));
        if (child == -1 || waitpid(child, &status, 0) == -1 || (variant->kind == mended && status != 0))
            result = 1;
    }
    return result;
}

static void list(void)
{
    for (const struct variant *variant = play->variants; variant->name; variant++)
        printf("%-14s %s  %s\n", variant->name, variant->kind == broken ? "broken" : "mended", variant->about);
}

static const struct variant *find(const char *name)
{
    for (const struct variant *variant = play->variants; variant->name; variant++)
        if (strcmp(variant->name, name) == 0)
            return variant;
    fprintf(stderr, "there is no variant %s, but:\n", name);
    fflush(stderr);
    list();
    exit(2);
}

int stage_main(int argc, char **argv, const struct play *the_play)
{
    play = the_play;
    while (play->actors[actors])
        actors++;
    width = SCREEN / actors < COLUMN_MOST ? SCREEN / actors : COLUMN_MOST;
    for (int option; (option = getopt(argc, argv, "lqr:w")) != -1;) {
        if (option == 'l')
            return list(), 0;
        else if (option == 'q')
            quiet = true;
        else if (option == 'r')
            stage_rounds = atoi(optarg);
        else if (option == 'w')
            for_ever = true;
        else
            return 2;
    }
    if (stage_rounds == 0)
        stage_rounds = quiet ? play->quiet_rounds : play->rounds;
    return optind < argc ? perform(find(argv[optind])) : perform_all();
}

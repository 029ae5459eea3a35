/*
 * weight.c - what a nice value weighs: each step is a quarter more or less of the CPU time.
 */
#include <core/run_queue.h>

/* 1024 * 1.25^-nice, rounded. */
static const uint32_t nice_weight[NICE_MAX - NICE_MIN + 1] = {
    88818, 71054, 56843, 45475, 36380, 29104, 23283, 18626, 14901, 11921, 9537, 7629, 6104, 4883,
    3906,  3125,  2500,  2000,  1600,  1280,  1024,  819,   655,   524,   419,  336,  268,  215,
    172,   137,   110,   88,    70,    56,    45,    36,    29,    23,    18,   15,
};

void weight_set_nice(struct thread *t, int nice)
{
    t->nice = nice;
    t->weight = nice_weight[nice - NICE_MIN];
    t->inverse_weight = (1u << 20) / t->weight;
}

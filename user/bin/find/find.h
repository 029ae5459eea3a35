/*
 * find.h - an expression of find, as a tree of nodes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <time.h>

struct file {
    const char *path; /* for people and for commands */
    int directory;    /* where it is, */
    const char *name; /* and its name there */
    const struct stat *status;
};

struct node {
    bool (*evaluate)(struct node *node, const struct file *file);
    struct node *left, *right;
    const char *text;
    char sign; /* '+' more than, '-' less than (or: all these bits), 0 exactly */
    long long number, unit;
    struct timespec time;
    char **command; /* -exec */
    size_t command_count;
    struct node *next_batch; /* -exec ... +: all of them */
    char **batch;
    size_t batch_count, batch_room;
};

extern bool find_pruned; /* -prune was reached: not to go into this directory */
extern int find_status;  /* the exit status so far */
extern time_t find_now;  /* when it all began */

bool test_true(struct node *node, const struct file *file);
bool test_false(struct node *node, const struct file *file);
bool test_name(struct node *node, const struct file *file);
bool test_iname(struct node *node, const struct file *file);
bool test_path(struct node *node, const struct file *file);
bool test_type(struct node *node, const struct file *file);
bool test_size(struct node *node, const struct file *file);
bool test_links(struct node *node, const struct file *file);
bool test_mtime(struct node *node, const struct file *file);
bool test_perm(struct node *node, const struct file *file);
bool test_user(struct node *node, const struct file *file);
bool test_group(struct node *node, const struct file *file);
bool test_newer(struct node *node, const struct file *file);
bool test_empty(struct node *node, const struct file *file);
bool act_print(struct node *node, const struct file *file);
bool act_prune(struct node *node, const struct file *file);
bool act_quit(struct node *node, const struct file *file);
bool act_delete(struct node *node, const struct file *file);
bool act_exec(struct node *node, const struct file *file);
bool act_batch(struct node *node, const struct file *file);
bool join_and(struct node *node, const struct file *file);
bool join_or(struct node *node, const struct file *file);
bool join_not(struct node *node, const struct file *file);
void run_batch(struct node *node);

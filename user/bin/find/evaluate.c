/*
 * evaluate.c - find's tests, actions and what joins them: each is given a node of the expression and a file.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "../lib/mode.h"
#include "../lib/util.h"
#include "find.h"

bool find_pruned;
int find_status;
time_t find_now;

static bool compare_number(const struct node *node, long long value)
{
    if (node->sign == '+')
        return value > node->number;
    return node->sign == '-' ? value < node->number : value == node->number;
}

bool test_true(struct node *node, const struct file *file)
{
    return (void)node, (void)file, true;
}
bool test_false(struct node *node, const struct file *file)
{
    return (void)node, (void)file, false;
}

bool test_name(struct node *node, const struct file *file)
{
    char *name = util_strdup(util_basename(file->path));
    size_t length = strlen(name);
    while (length > 1 && name[length - 1] == '/')
        name[--length] = '\0';
    bool matches = fnmatch(node->text, name, 0) == 0;
    free(name);
    return matches;
}

static char *lower(const char *text)
{
    char *copy = util_strdup(text);
    for (char *c = copy; *c; c++)
        *c += *c >= 'A' && *c <= 'Z' ? 'a' - 'A' : 0;
    return copy;
}

bool test_iname(struct node *node, const struct file *file)
{
    char *pattern = lower(node->text), *name = lower(util_basename(file->path));
    bool matches = fnmatch(pattern, name, 0) == 0;
    free(pattern);
    free(name);
    return matches;
}

bool test_path(struct node *node, const struct file *file)
{
    return fnmatch(node->text, file->path, 0) == 0;
}

bool test_type(struct node *node, const struct file *file)
{
    char letter = mode_type_letter(file->status->st_mode);
    return strchr(node->text, letter == '-' ? 'f' : letter) != NULL;
}

bool test_size(struct node *node, const struct file *file)
{
    return compare_number(node, (file->status->st_size + node->unit - 1) / node->unit);
}

bool test_links(struct node *node, const struct file *file)
{
    return compare_number(node, file->status->st_nlink);
}

bool test_mtime(struct node *node, const struct file *file)
{
    return compare_number(node, (find_now - file->status->st_mtim.tv_sec) / 86400);
}

bool test_perm(struct node *node, const struct file *file)
{
    mode_t mode = file->status->st_mode & 07777;
    return node->sign == '-' ? (mode & node->number) == node->number : mode == node->number;
}

bool test_user(struct node *node, const struct file *file)
{
    return file->status->st_uid == node->number;
}
bool test_group(struct node *node, const struct file *file)
{
    return file->status->st_gid == node->number;
}

bool test_newer(struct node *node, const struct file *file)
{
    const struct timespec *time = &file->status->st_mtim;
    if (time->tv_sec != node->time.tv_sec)
        return time->tv_sec > node->time.tv_sec;
    return time->tv_nsec > node->time.tv_nsec;
}

/* A directory that cannot be read is not empty. */
static bool directory_is_empty(const struct file *file)
{
    int fd = openat(file->directory, file->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC), count = 0;
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory)
        return false;
    while (count <= 2 && readdir(directory))
        count++;
    closedir(directory);
    return count <= 2; /* "." and ".." */
}

bool test_empty(struct node *node, const struct file *file)
{
    (void)node;
    if (S_ISREG(file->status->st_mode))
        return file->status->st_size == 0;
    return S_ISDIR(file->status->st_mode) && directory_is_empty(file);
}

bool act_print(struct node *node, const struct file *file)
{
    printf("%s%c", file->path, (int)node->number);
    return true;
}

bool act_prune(struct node *node, const struct file *file)
{
    (void)node, (void)file;
    find_pruned = true;
    return true;
}

bool act_quit(struct node *node, const struct file *file)
{
    (void)node, (void)file;
    exit(util_finish(find_status));
}

bool act_delete(struct node *node, const struct file *file)
{
    (void)node;
    if (strcmp(file->path, ".") == 0)
        return true;
    if (unlinkat(file->directory, file->name, S_ISDIR(file->status->st_mode) ? AT_REMOVEDIR : 0) == 0)
        return true;
    util_warn("cannot delete '%s'", file->path);
    find_status = 1;
    return false;
}

static bool run(char **command)
{
    int result;
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        util_err("fork");
    if (child == 0)
        util_exec(command);
    while (waitpid(child, &result, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(result) && WEXITSTATUS(result) == 0;
}

/* A word of -exec with each {} in it replaced; the caller's to free. */
static char *fill_in(const char *word, const char *path)
{
    size_t size = strlen(word) + 1;
    for (const char *c = word; (c = strstr(c, "{}")); c += 2)
        size += strlen(path);
    char *out = util_alloc(size), *end = out;
    while (*word) {
        if (strncmp(word, "{}", 2) == 0) {
            end = stpcpy(end, path);
            word += 2;
        } else {
            *end++ = *word++;
        }
    }
    return out;
}

bool act_exec(struct node *node, const struct file *file)
{
    char **command = util_alloc((node->command_count + 1) * sizeof(*command));
    for (size_t i = 0; i < node->command_count; i++)
        command[i] = fill_in(node->command[i], file->path);
    bool good = run(command);
    for (size_t i = 0; i < node->command_count; i++)
        free(command[i]);
    free(command);
    return good;
}

/* Runs the command of -exec ... + on what has been gathered. */
void run_batch(struct node *node)
{
    size_t fixed = node->command_count - 1; /* all but the {} */
    char **command = util_alloc((fixed + node->batch_count + 1) * sizeof(*command));
    memcpy(command, node->command, fixed * sizeof(*command));
    for (size_t i = 0; i < node->batch_count; i++)
        command[fixed + i] = node->batch[i];
    if (node->batch_count && !run(command))
        find_status = 1;
    for (size_t i = 0; i < node->batch_count; i++)
        free(node->batch[i]);
    node->batch_count = 0;
    free(command);
}

bool act_batch(struct node *node, const struct file *file)
{
    enum { batch_max = 256 };
    node->batch = util_grow(node->batch, node->batch_count, &node->batch_room, sizeof(*node->batch));
    node->batch[node->batch_count++] = util_strdup(file->path);
    if (node->batch_count == batch_max)
        run_batch(node);
    return true;
}

bool join_and(struct node *node, const struct file *file)
{
    return node->left->evaluate(node->left, file) && node->right->evaluate(node->right, file);
}

bool join_or(struct node *node, const struct file *file)
{
    return node->left->evaluate(node->left, file) || node->right->evaluate(node->right, file);
}

bool join_not(struct node *node, const struct file *file)
{
    return !node->left->evaluate(node->left, file);
}

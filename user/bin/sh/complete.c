/*
 * complete.c - what the word before the cursor could become: names of files, or of commands where one begins.
 */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "sh.h"

/* Where the last word of the line begins. */
static size_t word_begin(const char *line, size_t length)
{
    size_t start = length;
    while (start > 0 && (!strchr(" \t;&|<>()'\"`=", line[start - 1]) || (start > 1 && line[start - 2] == '\\')))
        start--;
    return start;
}

/* A command is expected at start. */
static bool is_command_place(const char *line, size_t start)
{
    while (start > 0 && strchr(" \t", line[start - 1]))
        start--;
    return start == 0 || strchr(";&|(`", line[start - 1]);
}

static char *name_with(const char *directory, size_t length, const char *name, const char *end)
{
    char *whole = scratch_get(length + strlen(name) + strlen(end) + 1);
    memcpy(whole, directory, length);
    strcpy(whole + length, name);
    strcat(whole, end);
    return whole;
}

/* Adds the files of a directory that begin with prefix, as typed behind shown (of that length). */
static void complete_directory(const char *path, const char *prefix, const char *shown, size_t length, bool executable,
                               struct fields *names)
{
    DIR *directory = opendir(path);
    struct dirent *entry;
    struct stat status;
    while (directory && (entry = readdir(directory))) {
        const char *name = entry->d_name;
        if (strncmp(name, prefix, strlen(prefix)) != 0 || (name[0] == '.' && prefix[0] != '.'))
            continue;
        bool known = stat(name_with(path, strlen(path), "/", name), &status) == 0;
        bool is_directory = known && S_ISDIR(status.st_mode);
        if (executable && (!known || is_directory || !(status.st_mode & 0111)))
            continue;
        fields_add(names, name_with(shown, length, name, is_directory ? "/" : ""));
    }
    if (directory)
        closedir(directory);
}

static void complete_commands(const char *prefix, struct fields *names)
{
    const char *path = var_get("PATH");
    char *directory;
    while ((directory = path_next(&path, "")))
        complete_directory(directory, prefix, "", 0, true, names);
}

/* In order, and each once: a command may lie in several directories. */
static void names_sort(struct fields *names)
{
    int kept = 0;
    fields_sort(names, 0);
    for (int i = 0; i < names->count; i++) {
        if (kept == 0 || strcmp(names->values[i], names->values[kept - 1]) != 0)
            names->values[kept++] = names->values[i];
    }
    names->count = kept;
}

/* Collects in scratch memory what the line's last word could be; answers how many there are. */
int complete_names(const char *line, size_t length, size_t *word_start, struct fields *names)
{
    char *text = scratch_copy(line, length);
    *word_start = word_begin(text, length);
    char *word = text + *word_start, *slash = strrchr(word, '/');
    if (!slash && is_command_place(text, *word_start)) {
        complete_commands(word, names);
    } else if (slash) {
        size_t shown = (size_t)(slash + 1 - word);
        char *path = scratch_copy(word, shown);
        const char *home = word[0] == '~' && word[1] == '/' ? var_get("HOME") : NULL;
        if (home)
            path = name_with(home, strlen(home), path + 1, "");
        complete_directory(path, slash + 1, word, shown, false, names);
    } else {
        complete_directory(".", word, "", 0, false, names);
    }
    names_sort(names);
    return names->count;
}

/*
 * procfs_added.c - the rows of /proc that upper folders add at boot: text, numbers that can be set, and the directories
 * where these stand.
 *
 * A row has its own name alone; its directory is another row.  Rows are never removed, and boot adds them on one CPU
 * before /proc can be looked at, so there is no lock.
 */
#include <fs/procfs.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

#define ADDED_MAX 64

static struct proc_row added_rows[ADDED_MAX];
static unsigned added_count;

const struct proc_row *proc_added_row(unsigned i)
{
    return i < added_count ? &added_rows[i] : NULL;
}

static struct proc_row *row_add(const struct proc_row *directory, const char *name, size_t length, uint32_t mode)
{
    struct proc_row *row = &added_rows[added_count];
    char *text = kmalloc(length + 1);

    kassert(text != NULL && added_count < ADDED_MAX);
    memcpy(text, name, length);
    *row = (struct proc_row){.name = text, .mode = mode, .directory = directory};
    added_count++;
    return row;
}

/* The directory of that name in `directory`, made if need be. */
static const struct proc_row *row_directory(const struct proc_row *directory, const char *name, size_t length)
{
    struct proc_row *row;

    for (row = added_rows; row < added_rows + added_count; row++)
        if (row->directory == directory && strlen(row->name) == length && memcmp(row->name, name, length) == 0)
            return row;
    row = row_add(directory, name, length, ABI_S_IFDIR | 0555);
    row->ops = &proc_directory_ops;
    return row;
}

/* The row at the end of `path`. */
static struct proc_row *row_at(const char *path, uint32_t mode)
{
    const struct proc_row *directory = NULL;
    const char *slash;

    while ((slash = strchr(path, '/')) != NULL) {
        directory = row_directory(directory, path, (size_t)(slash - path));
        path = slash + 1;
    }
    return row_add(directory, path, strlen(path), mode);
}

void procfs_add(const char *path, void (*show)(struct proc_text *text))
{
    row_at(path, ABI_S_IFREG | 0444)->show = show;
}

void procfs_add_limit(const char *path, uint32_t *value, uint32_t lowest, uint32_t highest)
{
    row_at(path, ABI_S_IFREG | 0644)->limit = (struct proc_limit){value, lowest, highest};
}

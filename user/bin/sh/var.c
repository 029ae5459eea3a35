/*
 * var.c - variables and positional parameters.
 *
 * Variables lie in a small hash table.  One without a value is unset, but may be marked for export or read-only.
 * Changes that end with a command or a function are written down in a list of saved variables.
 */
#include <stdlib.h>
#include <string.h>

#include "sh.h"

enum { BUCKETS = 64 };

static struct variable *table[BUCKETS];

static struct variable **var_bucket(const char *name)
{
    unsigned hash = 0;
    while (*name)
        hash = hash * 31 + (unsigned char)*name++;
    return &table[hash % BUCKETS];
}

/* How many characters at the start of text make a name; 0 when it does not begin with one. */
size_t var_name_length(const char *text)
{
    size_t length = 0;
    for (; text[length]; length++) {
        char c = text[length];
        bool letter = c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (length == 0 || c < '0' || c > '9'))
            break;
    }
    return length;
}

/* These characters are a name. */
bool var_is_name(const char *text, size_t length)
{
    return length > 0 && var_name_length(text) == length;
}

/* The variable, or NULL; when create, a new one without value. */
struct variable *var_find(const char *name, bool create)
{
    struct variable **bucket = var_bucket(name), *v = *bucket;
    while (v && strcmp(v->name, name) != 0)
        v = v->next;
    if (!v && create) {
        v = memory_get(sizeof *v + strlen(name) + 1);
        *v = (struct variable){.next = *bucket};
        strcpy(v->name, name);
        *bucket = v;
    }
    return v;
}

/* The value, NULL when unset.  It is valid until the variable changes. */
const char *var_get(const char *name)
{
    if (strcmp(name, "LINENO") == 0) {
        char *text = number_text(sh.line);
        return scratch_copy(text, strlen(text));
    }
    struct variable *v = var_find(name, false);
    return v ? v->value : NULL;
}

/* Sets a variable; false, after an error that ends the command, when it is read-only. */
bool var_set(const char *name, const char *value)
{
    struct variable *v = var_find(name, true);
    if (v->readonly) {
        error_set(2, "%s: is read only", name);
        return false;
    }
    char *copy = memory_copy(value);
    free(v->value);
    v->value = copy;
    v->exported |= sh.option['a'];
    if (strcmp(name, "OPTIND") == 0)
        getopts_reset();
    return true;
}

/* Removes a variable with its marks; false when it is read-only. */
bool var_unset(const char *name)
{
    struct variable **link = var_bucket(name), *v;
    while ((v = *link) && strcmp(v->name, name) != 0)
        link = &v->next;
    if (!v)
        return true;
    if (v->readonly)
        return false;
    *link = v->next;
    free(v->value);
    free(v);
    return true;
}

/* Takes over the environment that the shell was started with. */
void var_init(char **environment)
{
    for (; *environment; environment++) {
        size_t length = var_name_length(*environment);
        if (length == 0 || (*environment)[length] != '=')
            continue;
        char *name = memory_copy(*environment);
        name[length] = '\0';
        if (var_set(name, name + length + 1))
            var_find(name, false)->exported = true;
        free(name);
    }
    var_set("IFS", " \t\n");
    var_find("IFS", true)->exported = false;
    var_set("OPTIND", "1");
    var_set("PS4", "+ ");
    if (!var_get("PATH"))
        var_set("PATH", "/bin:/sbin:/usr/bin");
}

static char *environment_string(struct variable *v)
{
    size_t name = strlen(v->name), value = strlen(v->value);
    char *text = scratch_get(name + value + 2);
    memcpy(text, v->name, name);
    text[name] = '=';
    memcpy(text + name + 1, v->value, value);
    return text;
}

/* The exported variables for execve, in scratch memory. */
char **var_environment(void)
{
    struct fields fields = {0};
    for (int i = 0; i < BUCKETS; i++) {
        for (struct variable *v = table[i]; v; v = v->next) {
            if (v->exported && v->value)
                fields_add(&fields, environment_string(v));
        }
    }
    fields_add(&fields, NULL);
    return fields.values;
}

static int var_compare(const void *a, const void *b)
{
    return strcmp((*(struct variable *const *)a)->name, (*(struct variable *const *)b)->name);
}

/* All variables in the order of their names, NULL behind them; in scratch memory. */
struct variable **var_sorted(void)
{
    size_t count = 0;
    for (int i = 0; i < BUCKETS; i++) {
        for (struct variable *v = table[i]; v; v = v->next)
            count++;
    }
    struct variable **list = scratch_get((count + 1) * sizeof *list);
    count = 0;
    for (int i = 0; i < BUCKETS; i++) {
        for (struct variable *v = table[i]; v; v = v->next)
            list[count++] = v;
    }
    qsort(list, count, sizeof *list, var_compare);
    return list;
}

/* Writes down how a variable is now, so that var_restore brings it back. */
void var_save(struct saved_variable **list, const char *name)
{
    struct variable *v = var_find(name, false);
    struct saved_variable *saved = memory_get(sizeof *saved + strlen(name) + 1);
    *saved = (struct saved_variable){.next = *list};
    strcpy(saved->name, name);
    if (v) {
        saved->was_set = true;
        saved->exported = v->exported;
        saved->readonly = v->readonly;
        saved->value = v->value ? memory_copy(v->value) : NULL;
    }
    *list = saved;
}

/* Brings all variables of the list back, the last saved first. */
void var_restore(struct saved_variable **list)
{
    struct saved_variable *saved;
    while ((saved = *list)) {
        struct variable *v = var_find(saved->name, true);
        *list = saved->next;
        free(v->value);
        v->value = saved->value;
        v->exported = saved->exported;
        v->readonly = saved->readonly;
        if (strcmp(saved->name, "OPTIND") == 0)
            getopts_reset();
        if (!saved->was_set)
            var_unset(saved->name);
        free(saved);
    }
}

/* Sets positional parameters to copies of values, which must not be their own. */
void params_set(struct params *params, int count, char **values)
{
    params->values = memory_get((size_t)(count + 1) * sizeof *values);
    params->count = count;
    for (int i = 0; i < count; i++)
        params->values[i] = memory_copy(values[i]);
}

void params_free(struct params *params)
{
    for (int i = 0; i < params->count; i++)
        free(params->values[i]);
    free(params->values);
    *params = (struct params){0};
}

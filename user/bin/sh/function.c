/*
 * function.c - shell functions, their calls, and `local`.
 *
 * A function's body is a part of the tree it was parsed in, and holds that tree's arena.  A function that redefines
 * or unsets itself is freed only when its last call ends.
 */
#include <stdlib.h>
#include <string.h>

#include "sh.h"

enum { CALL_LIMIT = 1000 };

static struct function *functions;
static struct saved_variable **locals; /* of the running call; NULL outside of functions */

/* The function of that name, or NULL. */
struct function *function_find(const char *name)
{
    struct function *f = functions;
    while (f && strcmp(f->name, name) != 0)
        f = f->next;
    return f;
}

static void function_release(struct function *f)
{
    if (--f->holders > 0)
        return;
    arena_drop(f->arena);
    free(f);
}

/* Forgets a function, if there is one of that name. */
void function_unset(const char *name)
{
    struct function **link = &functions, *f;
    while ((f = *link) && strcmp(f->name, name) != 0)
        link = &f->next;
    if (!f)
        return;
    *link = f->next;
    function_release(f);
}

/* Gives the name to a body, which lies in arena. */
void function_define(const char *name, struct node *body, struct arena *arena)
{
    function_unset(name);
    struct function *f = memory_get(sizeof *f + strlen(name) + 1);
    *f = (struct function){.next = functions, .body = body, .arena = arena, .holders = 1};
    strcpy(f->name, name);
    arena_hold(arena);
    functions = f;
}

static void function_enter(struct function *f, char **argv, int flags)
{
    struct params outer = sh.params;
    int count = 0, loops = sh.loops;
    while (argv[count + 1])
        count++;
    params_set(&sh.params, count, argv + 1);
    sh.loops = 0;
    run_node(f->body, flags);
    sh.loops = loops;
    params_free(&sh.params);
    sh.params = outer;
}

/* Calls a function; argv[0] is its name. */
int function_call(struct function *f, char **argv, int flags)
{
    struct saved_variable *own_locals = NULL, **outer = locals;
    if (sh.callers >= CALL_LIMIT)
        return error_set(2, "%s: calls are nested too deeply", f->name);
    edit_release(); /* it may call itself for ever */
    f->holders++;
    sh.callers++;
    locals = &own_locals;
    function_enter(f, argv, flags);
    if (sh.skip == SKIP_RETURN)
        sh.skip = SKIP_NONE;
    locals = outer;
    var_restore(&own_locals);
    sh.callers--;
    function_release(f);
    return sh.status;
}

/* The variable is put back when the running function ends.  False outside of functions. */
bool function_save_local(const char *name)
{
    if (!locals)
        return false;
    var_save(locals, name);
    return true;
}

/*
 * scene.c - situations that programs get stuck in (see scene.h).
 */
#include "scene.h"
#include <mqueue.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command.h"
#include "tap.h"

volatile bool scene_taken;

pthread_t scene_begin(void *(*first)(void *))
{
    pthread_t thread;

    pthread_create(&thread, NULL, first, NULL);
    while (!scene_taken)
        sched_yield();
    return thread;
}

struct asked {
    const struct scene *scene;
    pid_t pid;
};

static bool is_told(void *context)
{
    const struct asked *asked = context;

    output_of("why %d; echo status $?", (int)asked->pid);
    for (int i = 0; i < scene_texts && asked->scene->texts[i] != NULL; i++)
        if (strstr(output, asked->scene->texts[i]) == NULL)
            return false;
    return strstr(output, asked->scene->deadlock ? "status 2" : "status 0") != NULL;
}

/* In a group of its own, so that what it forks ends with it. */
static int plays(void *scene)
{
    setpgid(0, 0);
    return ((const struct scene *)scene)->body(NULL);
}

void scene_test(const struct scene *scene)
{
    struct asked asked = {scene, tap_start(plays, (void *)scene)};

    if (!tap_ok(tap_until(is_told, &asked), "%s: %s", scene->name, scene->texts[0]))
        tap_note("%s", output);
    kill(-asked.pid, SIGKILL);
    tap_wait(asked.pid);
    unlink(SCENE_FILE);
    mq_unlink(SCENE_QUEUE);
}

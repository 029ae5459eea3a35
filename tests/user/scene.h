/*
 * scene.h - situations that programs get stuck in, each in a process of its own, of one thread or several, and what the
 * utility why is to say of it.
 *
 * Whether it is stuck yet nobody need know: why is asked until it says so.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>

#define SCENE_FILE "/tmp/why-scene" /* both are gone when the scene ends */
#define SCENE_QUEUE "/why-scene"

enum { scene_texts = 4 };

struct scene {
    const char *name;
    int (*body)(void *unused); /* what its process does */
    bool deadlock;             /* is that to be said? */
    const char *texts[scene_texts];
};

/* A point: why says all of the scene's texts. */
void scene_test(const struct scene *scene);

/* Inside of a scene: let another thread go first, until it says by scene_taken that it has taken what there is.
 * Answers who it is. */
extern volatile bool scene_taken;
pthread_t scene_begin(void *(*first)(void *));

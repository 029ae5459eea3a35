/*
 * spawn.h - posix_spawn: another program in a new process, by one call.
 *
 * The attributes and each file action are laid out as the kernel reads them (abi/spawn.h).
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/_sigset.h>
#include <sched.h>
#include <abi/spawn.h>

#ifndef _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#define _SIGSET_T_DECLARED
#endif

typedef struct abi_spawn_attributes posix_spawnattr_t;

typedef struct {
    struct abi_spawn_action *__actions;
    size_t __count, __room;
} posix_spawn_file_actions_t;

__BEGIN_DECLS
int posix_spawn(pid_t *__restrict __pid, const char *__restrict __path, const posix_spawn_file_actions_t *__actions,
                const posix_spawnattr_t *__restrict __attributes, char *const __argv[__restrict],
                char *const __envp[__restrict]);
int posix_spawnp(pid_t *__restrict __pid, const char *__restrict __file, const posix_spawn_file_actions_t *__actions,
                 const posix_spawnattr_t *__restrict __attributes, char *const __argv[__restrict],
                 char *const __envp[__restrict]);

int posix_spawn_file_actions_init(posix_spawn_file_actions_t *__actions);
int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *__actions);
int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *__actions, int __fd);
int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *__actions, int __fd, int __new);
int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *__restrict __actions, int __fd,
                                     const char *__restrict __path, int __flags, mode_t __mode);
#if __MISC_VISIBLE
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *__restrict __actions,
                                         const char *__restrict __path);
int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *__actions, int __fd);
int posix_spawn_file_actions_addtcsetpgrp_np(posix_spawn_file_actions_t *__actions, int __fd);
#endif

int posix_spawnattr_init(posix_spawnattr_t *__attributes);
int posix_spawnattr_destroy(posix_spawnattr_t *__attributes);
int posix_spawnattr_getflags(const posix_spawnattr_t *__restrict __attributes, short *__restrict __flags);
int posix_spawnattr_setflags(posix_spawnattr_t *__attributes, short __flags);
int posix_spawnattr_getpgroup(const posix_spawnattr_t *__restrict __attributes, pid_t *__restrict __group);
int posix_spawnattr_setpgroup(posix_spawnattr_t *__attributes, pid_t __group);
int posix_spawnattr_getschedparam(const posix_spawnattr_t *__restrict __attributes,
                                  struct sched_param *__restrict __param);
int posix_spawnattr_setschedparam(posix_spawnattr_t *__restrict __attributes,
                                  const struct sched_param *__restrict __param);
int posix_spawnattr_getschedpolicy(const posix_spawnattr_t *__restrict __attributes, int *__restrict __policy);
int posix_spawnattr_setschedpolicy(posix_spawnattr_t *__attributes, int __policy);
int posix_spawnattr_getsigdefault(const posix_spawnattr_t *__restrict __attributes, sigset_t *__restrict __set);
int posix_spawnattr_setsigdefault(posix_spawnattr_t *__restrict __attributes, const sigset_t *__restrict __set);
int posix_spawnattr_getsigmask(const posix_spawnattr_t *__restrict __attributes, sigset_t *__restrict __set);
int posix_spawnattr_setsigmask(posix_spawnattr_t *__restrict __attributes, const sigset_t *__restrict __set);
__END_DECLS

/*
 * spawn.h - posix_spawn(): what the new process does before it executes its program.
 *
 * posix_spawnattr_t is a struct abi_spawn_attributes, and a posix_spawn_file_actions_t leads to an array of struct
 * abi_spawn_action.  The values are Linux's.
 */
#pragma once

#include <abi/types.h>

#define POSIX_SPAWN_RESETIDS 0x01
#define POSIX_SPAWN_SETPGROUP 0x02
#define POSIX_SPAWN_SETSIGDEF 0x04
#define POSIX_SPAWN_SETSIGMASK 0x08
#define POSIX_SPAWN_SETSCHEDPARAM 0x10
#define POSIX_SPAWN_SETSCHEDULER 0x20
#define POSIX_SPAWN_SETSID 0x80

struct abi_spawn_attributes {
    int32_t flags; /* POSIX_SPAWN_... */
    int32_t group;
    abi_sigset_t defaults, mask;
    int32_t policy, priority;
};

enum abi_spawn_kind { SPAWN_OPEN, SPAWN_CLOSE, SPAWN_DUP2, SPAWN_CHDIR, SPAWN_FCHDIR, SPAWN_TCSETPGRP };

struct abi_spawn_action {
    int32_t kind;
    int32_t fd;
    int32_t argument; /* open's flags; dup2's other descriptor; tcsetpgrp: where the kernel puts the group's number */
    uint32_t mode;
    uint32_t path; /* a user address */
};

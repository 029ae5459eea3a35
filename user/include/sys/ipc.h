/*
 * sys/ipc.h - what the three kinds of System V objects share.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>
#include <abi/ipc.h>

struct ipc_perm {
    key_t __key;
    uid_t uid;
    gid_t gid;
    uid_t cuid;
    gid_t cgid;
    mode_t mode;
    unsigned __seq;
    unsigned __pad;
};

__BEGIN_DECLS
key_t ftok(const char *__path, int __id);
__END_DECLS

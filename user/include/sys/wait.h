/*
 * sys/wait.h - waiting for children, and what their status says.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>
#include <signal.h>
#include <sys/_waitstatus.h>

typedef enum { P_ALL, P_PID, P_PGID } idtype_t;

struct rusage;

__BEGIN_DECLS
pid_t wait(int *__status);
pid_t waitpid(pid_t __pid, int *__status, int __options);
#if __POSIX_VISIBLE
int waitid(idtype_t __type, id_t __id, siginfo_t *__info, int __options);
#endif
#if __MISC_VISIBLE
pid_t wait3(int *__status, int __options, struct rusage *__usage);
pid_t wait4(pid_t __pid, int *__status, int __options, struct rusage *__usage);
#endif
__END_DECLS

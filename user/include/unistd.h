/*
 * unistd.h - the calls of POSIX.  The option macros (_POSIX_...) stand in sys/features.h.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/features.h>
#include <sys/types.h>
#include <sys/_confname.h>
#define __need_size_t
#define __need_NULL
#define __need_ptrdiff_t
#include <stddef.h>

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2

#define F_OK 0
#define X_OK 1
#define W_OK 2
#define R_OK 4

#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#if __GNU_VISIBLE
#define SEEK_DATA 3
#define SEEK_HOLE 4
#endif

#define F_ULOCK 0
#define F_LOCK 1
#define F_TLOCK 2
#define F_TEST 3

#ifndef _INTPTR_T_DECLARED
typedef __intptr_t intptr_t;
#define _INTPTR_T_DECLARED
#endif

__BEGIN_DECLS
extern char **environ;
extern char *optarg;
extern int optind, opterr, optopt;

/* Processes */
void _exit(int __status) __dead2;
unsigned alarm(unsigned __seconds);
int execl(const char *__path, const char *__arg, ...);
int execle(const char *__path, const char *__arg, ...);
int execlp(const char *__file, const char *__arg, ...);
int execv(const char *__path, char *const __argv[]);
int execve(const char *__path, char *const __argv[], char *const __envp[]);
int execvp(const char *__file, char *const __argv[]);
int fexecve(int __fd, char *const __argv[], char *const __envp[]);
pid_t fork(void);
gid_t getegid(void);
uid_t geteuid(void);
gid_t getgid(void);
int getgroups(int __size, gid_t __list[]);
pid_t getpgid(pid_t __pid);
pid_t getpgrp(void);
pid_t getpid(void);
pid_t getppid(void);
pid_t getsid(pid_t __pid);
uid_t getuid(void);
int nice(int __increment);
int pause(void);
int setegid(gid_t __gid);
int seteuid(uid_t __uid);
int setgid(gid_t __gid);
int setpgid(pid_t __pid, pid_t __group);
int setregid(gid_t __rgid, gid_t __egid);
int setreuid(uid_t __ruid, uid_t __euid);
pid_t setsid(void);
int setuid(uid_t __uid);
unsigned sleep(unsigned __seconds);

/* Descriptors */
int close(int __fd);
int dup(int __fd);
int dup2(int __fd, int __new);
int fchdir(int __fd);
int fchown(int __fd, uid_t __owner, gid_t __group);
int fdatasync(int __fd);
int fsync(int __fd);
int ftruncate(int __fd, off_t __length);
int isatty(int __fd);
int lockf(int __fd, int __command, off_t __length);
off_t lseek(int __fd, off_t __offset, int __whence);
int pipe(int __fds[2]);
ssize_t pread(int __fd, void *__buffer, size_t __size, off_t __offset);
ssize_t pwrite(int __fd, const void *__buffer, size_t __size, off_t __offset);
ssize_t read(int __fd, void *__buffer, size_t __size);
pid_t tcgetpgrp(int __fd);
int tcsetpgrp(int __fd, pid_t __group);
char *ttyname(int __fd);
int ttyname_r(int __fd, char *__name, size_t __size);
ssize_t write(int __fd, const void *__buffer, size_t __size);

/* Names */
int access(const char *__path, int __mode);
int chdir(const char *__path);
int chown(const char *__path, uid_t __owner, gid_t __group);
int faccessat(int __dir, const char *__path, int __mode, int __flags);
int fchownat(int __dir, const char *__path, uid_t __owner, gid_t __group, int __flags);
char *getcwd(char *__buffer, size_t __size);
int lchown(const char *__path, uid_t __owner, gid_t __group);
int link(const char *__path, const char *__new);
int linkat(int __dir, const char *__path, int __newdir, const char *__new, int __flags);
ssize_t readlink(const char *__restrict __path, char *__restrict __buffer, size_t __size);
ssize_t readlinkat(int __dir, const char *__restrict __path, char *__restrict __buffer, size_t __size);
int rmdir(const char *__path);
int symlink(const char *__target, const char *__path);
int symlinkat(const char *__target, int __dir, const char *__path);
void sync(void);
int truncate(const char *__path, off_t __length);
int unlink(const char *__path);
int unlinkat(int __dir, const char *__path, int __flags);

/* The system */
size_t confstr(int __name, char *__buffer, size_t __size);
char *ctermid(char *__name);
long fpathconf(int __fd, int __name);
int gethostname(char *__name, size_t __size);
char *getlogin(void);
int getlogin_r(char *__name, size_t __size);
int getopt(int __argc, char *const __argv[], const char *__options);
long pathconf(const char *__path, int __name);
void swab(const void *__restrict __from, void *__restrict __to, ssize_t __size);
long sysconf(int __name);

#if __XSI_VISIBLE || __MISC_VISIBLE
char *crypt(const char *__key, const char *__salt);
void encrypt(char __block[64], int __decrypt);
long gethostid(void);
pid_t setpgrp(void);
#endif

#if __MISC_VISIBLE || (__XSI_VISIBLE && __POSIX_VISIBLE < 200809)
pid_t vfork(void);
int usleep(useconds_t __microseconds);
useconds_t ualarm(useconds_t __microseconds, useconds_t __interval);
#endif

#if __MISC_VISIBLE
int brk(void *__end);
void *sbrk(ptrdiff_t __increment);
int daemon(int __nochdir, int __noclose);
int execvpe(const char *__file, char *const __argv[], char *const __envp[]);
int dup3(int __fd, int __new, int __flags);
int eaccess(const char *__path, int __mode);
int getdtablesize(void);
int getentropy(void *__buffer, size_t __size);
char *getpass(const char *__prompt);
int getpagesize(void);
int getresgid(gid_t *__rgid, gid_t *__egid, gid_t *__sgid);
int getresuid(uid_t *__ruid, uid_t *__euid, uid_t *__suid);
pid_t gettid(void);
int issetugid(void);
int pipe2(int __fds[2], int __flags);
int setgroups(int __size, const gid_t *__list);
int setresgid(gid_t __rgid, gid_t __egid, gid_t __sgid);
int setresuid(uid_t __ruid, uid_t __euid, uid_t __suid);
long syscall(long __number, ...);
char *get_current_dir_name(void);
#endif
__END_DECLS

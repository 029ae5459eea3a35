/*
 * utsname.h - what uname() answers, and the auxiliary vector that exec gives a program.
 */
#pragma once

#define ABI_UTSNAME_LENGTH 65
#define ABI_HOST_NAME_MAX 255

struct abi_utsname {
    char sysname[ABI_UTSNAME_LENGTH], nodename[ABI_HOST_NAME_MAX + 1], release[ABI_UTSNAME_LENGTH];
    char version[ABI_UTSNAME_LENGTH], machine[ABI_UTSNAME_LENGTH];
};

/* The auxiliary vector, behind envp's NULL: pairs of words. */
#define AT_NULL 0
#define AT_PHDR 3
#define AT_PHENT 4
#define AT_PHNUM 5
#define AT_PAGESZ 6
#define AT_ENTRY 9
#define AT_UID 11
#define AT_EUID 12
#define AT_GID 13
#define AT_EGID 14
#define AT_SECURE 23
#define AT_RANDOM 25
#define AT_EXECFN 31

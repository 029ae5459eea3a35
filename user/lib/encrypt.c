/*
 * encrypt.c - DES, which is not there: it guards nothing today (and see crypt.c).
 */
#include "libc.h"
#include <unistd.h>

/* POSIX encrypt: ENOSYS */
void encrypt(char block[64], int decrypt)
{
    (void)block;
    (void)decrypt;
    errno = ENOSYS;
}

/* POSIX setkey: ENOSYS */
void setkey(const char *key)
{
    (void)key;
    errno = ENOSYS;
}

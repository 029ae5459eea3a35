/*
 * crypt.h - sums of passwords.
 */
#pragma once

#include <sys/cdefs.h>

__BEGIN_DECLS
char *crypt(const char *__key, const char *__salt);
__END_DECLS

/*
 * nl_types.h - catalogues of messages.  There are none on this system: every message is the program's own.
 */
#pragma once

#include <sys/cdefs.h>

typedef void *nl_catd;
typedef int nl_item;

#define NL_SETD 1
#define NL_CAT_LOCALE 1

__BEGIN_DECLS
nl_catd catopen(const char *__name, int __flag);
char *catgets(nl_catd __catalogue, int __set, int __message, const char *__text);
int catclose(nl_catd __catalogue);
__END_DECLS

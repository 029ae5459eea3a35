/*
 * fmtmsg.h - messages in one form, on standard error and on the console.
 */
#pragma once

#include <sys/cdefs.h>

/* The classification: where it goes, what it is about. */
#define MM_HARD 0x001L
#define MM_SOFT 0x002L
#define MM_FIRM 0x004L
#define MM_APPL 0x008L
#define MM_UTIL 0x010L
#define MM_OPSYS 0x020L
#define MM_RECOVER 0x040L
#define MM_NRECOV 0x080L
#define MM_PRINT 0x100L
#define MM_CONSOLE 0x200L

#define MM_NOSEV 0
#define MM_HALT 1
#define MM_ERROR 2
#define MM_WARNING 3
#define MM_INFO 4

#define MM_NULLMC 0L
#define MM_NULLLBL ((char *)0)
#define MM_NULLSEV 0
#define MM_NULLTXT ((char *)0)
#define MM_NULLACT ((char *)0)
#define MM_NULLTAG ((char *)0)

/* What is answered. */
#define MM_OK 0
#define MM_NOTOK (-1)
#define MM_NOMSG 1
#define MM_NOCON 4

__BEGIN_DECLS
int fmtmsg(long __class, const char *__label, int __severity, const char *__text, const char *__action,
           const char *__tag);
__END_DECLS

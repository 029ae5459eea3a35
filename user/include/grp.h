/*
 * grp.h - newlib's, and how to learn all groups of a user.
 */
#pragma once

#include_next <grp.h>

#if __BSD_VISIBLE
__BEGIN_DECLS
int getgrouplist(const char *__user, gid_t __group, gid_t *__list, int *__count);
__END_DECLS
#endif

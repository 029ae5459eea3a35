/*
 * deadline.h - a call's timeout, decoded once when it comes in.
 */
#pragma once

#include <abi/types.h>
#include <arch/pgtable.h>

enum deadline_kind { DEADLINE_RELATIVE, DEADLINE_MONOTONIC, DEADLINE_OF_DAY };

/* The struct timespec at `time` as a deadline (core/wait.h), past already where it is a relative 0; `time` 0: never.
 * 0, -EFAULT or -EINVAL. */
long deadline_read(uaddr_t time, enum deadline_kind kind, uint64_t *deadline);

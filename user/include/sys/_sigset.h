/*
 * sys/_sigset.h - a set of signals: 64 bits, bit n-1 for signal n.
 */
#pragma once

typedef unsigned long long __sigset_t;

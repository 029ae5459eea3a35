/*
 * regex.h - newlib's regular expressions; its header leaves out those that it needs itself.
 */
#pragma once

#include <sys/types.h>

#include_next <regex.h>

/*
 * undefined.c - what gcc calls where the language leaves the behaviour undefined (-fsanitize=undefined): a panic that
 * says what, and the place in the source.
 */
#include <stdint.h>

#include <core/debug.h>

/* What gcc hands over begins with the place. */
struct place {
    const char *file;
    uint32_t line, column;
};

#define UNDEFINED(what)                                                                         \
    void __ubsan_handle_##what(const struct place *place);                                      \
    void __ubsan_handle_##what(const struct place *place)                                       \
    {                                                                                           \
        panic("undefined behaviour: %s at %s:%u:%u", #what, place->file, (unsigned)place->line, \
              (unsigned)place->column);                                                         \
    }

UNDEFINED(add_overflow)
UNDEFINED(sub_overflow)
UNDEFINED(mul_overflow)
UNDEFINED(negate_overflow)
UNDEFINED(divrem_overflow)
UNDEFINED(shift_out_of_bounds)
UNDEFINED(out_of_bounds)
UNDEFINED(pointer_overflow)
UNDEFINED(type_mismatch_v1)
UNDEFINED(load_invalid_value)
UNDEFINED(nonnull_arg)
UNDEFINED(vla_bound_not_positive)
UNDEFINED(builtin_unreachable)
UNDEFINED(invalid_builtin)

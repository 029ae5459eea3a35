# The programs: each file of user/bin, user/demos and tests/user is one, and so is each folder of user/bin but lib.
#
# tools/parley-cc compiles them against the sysroot (newlib and user/lib; user/lib/Makefile makes it). build/user/ keeps
# them with their symbols, for gdb; build/stripped/ has what goes into the root's archive. The utilities are linked with
# the library user/bin/lib, the demonstrations with user/demos/lib, the tests with those of tests/user that TEST_LIBRARY
# names.

$(SYSROOT_STAMP): FORCE | check-tools
	$(Q)$(MAKE) -s -f user/lib/Makefile BUILD=$(BUILD)

USER_CFLAGS := -std=gnu11 -O2 -g -ffunction-sections -fdata-sections -Wall -Wextra -Wshadow -Wstrict-prototypes \
    -Wmissing-prototypes $(if $(WERROR),-Werror)
CALLS_STAY := -fno-optimize-sibling-calls
USER_LDFLAGS := -Wl,--gc-sections

# No utility but printf formats floating-point numbers: newlib's smaller functions do, and each is 28 KB smaller.
INTEGER_STDIO := $(addprefix -Wl$(comma)--defsym=,printf=iprintf fprintf=fiprintf snprintf=sniprintf sprintf=siprintf \
    vfprintf=vfiprintf sscanf=siscanf fscanf=fiscanf)
ldflags_of = $(USER_LDFLAGS) $(if $(filter bin/%,$(filter-out bin/printf bin/sh,$(1))),$(INTEGER_STDIO))

FOLDER_PROGRAMS := $(filter-out bin/lib,$(patsubst user/%/,%,$(sort $(dir $(wildcard user/bin/*/*.c)))))
FILE_PROGRAMS := $(patsubst user/%.c,%,$(wildcard user/bin/*.c user/demos/*.c))
TEST_LIBRARY := $(patsubst %.h,%.c,$(wildcard tests/user/*.h))
TEST_PROGRAMS := $(patsubst tests/user/%.c,tests/%,$(filter-out $(TEST_LIBRARY),$(wildcard tests/user/*.c)))
PROGRAMS := $(FILE_PROGRAMS) $(FOLDER_PROGRAMS) $(TEST_PROGRAMS)

UTIL_LIBRARY := $(BUILD)/objects/libutil.a
UTIL_OBJECTS := $(patsubst %.c,$(BUILD)/objects/%.o,$(wildcard user/bin/lib/*.c))
DEMO_LIBRARY := $(patsubst %.c,$(BUILD)/objects/%.o,$(wildcard user/demos/lib/*.c))

# The sources and objects of a program, by its name below build/user.
sources_of = $(if $(filter tests/%,$(1)),$(1:tests/%=tests/user/%.c) $(TEST_LIBRARY),$(strip \
    $(if $(filter $(1),$(FOLDER_PROGRAMS)),$(wildcard user/$(1)/*.c),user/$(1).c)))
objects_of = $(patsubst %.c,$(BUILD)/objects/%.o,$(call sources_of,$(1))) \
    $(if $(filter bin/%,$(1)),$(UTIL_LIBRARY)) $(if $(filter demos/%,$(1)),$(DEMO_LIBRARY))
USER_OBJECTS := $(filter %.o,$(sort $(UTIL_OBJECTS) $(foreach program,$(PROGRAMS),$(call objects_of,$(program)))))

$(BUILD)/user.flags: FORCE
	$(call stamp,$(USER_CFLAGS) $(CALLS_STAY))

$(BUILD)/objects/%.o: %.c $(BUILD)/user.flags $(SYSROOT_STAMP) | check-tools
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)tools/parley-cc $(USER_CFLAGS) -MD -MP -c -o $@ $<

$(BUILD)/objects/util.list: FORCE
	$(call stamp,$(UTIL_OBJECTS))

$(UTIL_LIBRARY): $(UTIL_OBJECTS) $(BUILD)/objects/util.list
	@rm -f $@
	$(Q)$(CROSS)ar rcs $@ $(UTIL_OBJECTS)

# What a program is linked of is a stamp too, so that one whose source is removed is linked again.
define program_rules
$(BUILD)/objects/$(1).list: FORCE
	$$(call stamp,$(call ldflags_of,$(1)) $(call objects_of,$(1)))
$(BUILD)/user/$(1): $(call objects_of,$(1)) $(BUILD)/objects/$(1).list $(SYSROOT_STAMP)
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)tools/parley-cc $(call ldflags_of,$(1)) -o $$@ $$(filter %.o %.a,$$^)
endef
$(foreach program,$(PROGRAMS),$(eval $(call program_rules,$(program))))

# These keep their functions' names and the line numbers of their own sources, so that `why` can say in which line one
# waits; and .debug_frame, which leads from a function on the stack to its caller. The library's line numbers would be
# many times as long: so they are linked again with a library without any.
# A function's last call stays a call in them: made a jump, it takes the function that waits off the stack.
LINED := $(filter demos/%,$(FILE_PROGRAMS)) $(filter tests/why_%,$(TEST_PROGRAMS))
$(foreach program,$(LINED),\
    $(eval $(firstword $(call objects_of,$(program))): private USER_CFLAGS += $(CALLS_STAY)))
PLAIN_LIBRARY := $(BUILD)/objects/plain/libc.a
KEPT_SECTIONS := $(addprefix --keep-section=,.debug_line .debug_line_str .debug_frame)

$(PLAIN_LIBRARY): $(SYSROOT_STAMP)
	@mkdir -p $(@D)
	$(Q)$(CROSS)objcopy --strip-debug --keep-section=.debug_frame $(SYSROOT)/lib/libc.a $@

define lined_rules
$(BUILD)/stripped/$(1): $(BUILD)/user/$(1) $(PLAIN_LIBRARY)
	@mkdir -p $$(@D)
	$$(Q)tools/parley-cc $(call ldflags_of,$(1)) -o $$@ $(call objects_of,$(1)) $(PLAIN_LIBRARY)
	$$(Q)$(CROSS)objcopy --strip-debug $(KEPT_SECTIONS) $$@
endef
$(foreach program,$(LINED),$(eval $(call lined_rules,$(program))))

$(BUILD)/stripped/%: $(BUILD)/user/%
	@mkdir -p $(@D)
	$(Q)$(CROSS)strip -o $@ $<

-include $(USER_OBJECTS:.o=.d)

# The programs: each file of user/bin, user/demos and tests/user is one, and each folder of user/bin is one.
#
# tools/parley-cc compiles them against the sysroot that `make setup` built. build/user/ keeps them with their symbols,
# for gdb; build/stripped/ has what goes into the root's archive. Every test program is linked with tests/user/tap.c.

USER_CFLAGS := -std=gnu11 -O2 -g -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
    $(if $(WERROR),-Werror)

FOLDER_PROGRAMS := $(patsubst user/bin/%/,bin/%,$(sort $(dir $(wildcard user/bin/*/*.c))))
FILE_PROGRAMS := $(patsubst user/%.c,%,$(wildcard user/bin/*.c user/demos/*.c))
TEST_PROGRAMS := $(patsubst tests/user/%.c,tests/%,$(filter-out tests/user/tap.c,$(wildcard tests/user/*.c)))
PROGRAMS := $(FILE_PROGRAMS) $(FOLDER_PROGRAMS) $(TEST_PROGRAMS)
USER_OBJECTS = $(sort $(foreach program,$(PROGRAMS),$(call objects_of,$(program))))

# Sources of a program, by its name below build/user; then their objects.
sources_of = $(if $(filter tests/%,$(1)),$(1:tests/%=tests/user/%.c) tests/user/tap.c,\
    $(if $(filter $(1),$(FOLDER_PROGRAMS)),$(wildcard user/$(1)/*.c),user/$(1).c))
objects_of = $(patsubst %.c,$(BUILD)/objects/%.o,$(call sources_of,$(1)))

$(BUILD)/user.flags: FORCE
	$(call stamp,$(USER_CFLAGS))

$(BUILD)/objects/%.o: %.c $(BUILD)/user.flags $(SYSROOT_STAMP) | check-tools
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)tools/parley-cc $(USER_CFLAGS) -MD -MP -c -o $@ $<

# Which objects a program has is a stamp too: a source that is removed makes it anew.
define program
$(BUILD)/objects/$(1).list: FORCE
	$$(call stamp,$(call objects_of,$(1)))
$(BUILD)/user/$(1): $(call objects_of,$(1)) $(BUILD)/objects/$(1).list $(SYSROOT_STAMP) linker/user.ld
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)tools/parley-cc -o $$@ $$(filter %.o,$$^)
endef
$(foreach program,$(PROGRAMS),$(eval $(call program,$(program))))

$(BUILD)/stripped/%: $(BUILD)/user/%
	@mkdir -p $(@D)
	$(Q)$(CROSS)strip -o $@ $<

-include $(USER_OBJECTS:.o=.d)

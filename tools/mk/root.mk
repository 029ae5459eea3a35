# The root: build/root.cpio holds the tree root/ and the programs; build/tests.cpio holds the tests, below /tests.
#
# The kernel reads archives that follow one another, so the tests and whatever else a run wants are put behind the root
# when it starts. root/MANIFEST says what a file's own bits cannot: owners, modes, links and device nodes.

ROOT_FILES := $(shell find root ! -type d ! -name MANIFEST 2>/dev/null)
ROOT_PROGRAMS := $(FILE_PROGRAMS) $(FOLDER_PROGRAMS)
ROOT_ADDS := $(foreach program,$(ROOT_PROGRAMS),\
    $(BUILD)/stripped/$(program):/$(if $(filter bin/init,$(program)),s)$(program))
TEST_SCRIPTS := $(wildcard tests/shell/*.sh tests/utilities/*.sh tests/guest/*)
TEST_ADDS := $(foreach program,$(TEST_PROGRAMS),$(BUILD)/stripped/$(program):/$(program)) \
    $(foreach script,$(TEST_SCRIPTS),$(script):/tests/$(patsubst tests/%,%,$(patsubst tests/guest/%,%,$(script))))

$(BUILD)/root.list: FORCE
	$(call stamp,$(ROOT_FILES) $(ROOT_ADDS))

$(BUILD)/tests.list: FORCE
	$(call stamp,$(TEST_ADDS))

$(BUILD)/root.cpio: tools/mkcpio $(BUILD)/root.list root/MANIFEST $(ROOT_FILES) $(ROOT_PROGRAMS:%=$(BUILD)/stripped/%)
	$(call say,CPIO,$@)
	$(Q)tools/mkcpio -o $@ --root root --manifest root/MANIFEST $(ROOT_ADDS:%=--add %)

$(BUILD)/tests.cpio: tools/mkcpio $(BUILD)/tests.list $(TEST_SCRIPTS) $(TEST_PROGRAMS:%=$(BUILD)/stripped/%)
	$(call say,CPIO,$@)
	$(Q)tools/mkcpio -o $@ $(TEST_ADDS:%=--add %)

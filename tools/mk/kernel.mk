# The kernel: every .c and .S in these folders, linked to parley.elf (for gdb) and the raw image parley.img.
#
# It is linked twice, so that a panic can name functions: tools/ksyms turns the first link's symbols into a table, and
# the second link takes the table in place of the empty one. The table lies behind all code, so no function moves.

KERNEL_FOLDERS := boot kernel/lib kernel/arch kernel/core mm fs ipc drivers kernel/proc kernel/sys \
    $(if $(DEBUG)$(SANITIZE),tests/kernel) $(if $(SANITIZE),tests/sanitize)
KERNEL_DEBUG_SOURCES := kernel/core/debug.c kernel/core/lock_use.c
KERNEL_SOURCES := $(filter-out $(if $(DEBUG)$(SANITIZE),,$(KERNEL_DEBUG_SOURCES)) $(if $(CLASS),kernel/core/fair.c),\
    $(sort $(wildcard $(KERNEL_FOLDERS:%=%/*.c) $(KERNEL_FOLDERS:%=%/*.S)))) $(CLASS)
KERNEL_OBJECTS := $(KERNEL_SOURCES:%=$(OUT)/kernel/%.o)

# With the sanitizers stacks are twice as large: there are gaps between the variables.
KERNEL_CONFIG := $(if $(DEBUG)$(SANITIZE),-DCONFIG_DEBUG=1) \
    $(if $(SANITIZE),-DCONFIG_SANITIZE=1 -DKERNEL_STACK_SIZE=0x4000)
# Code that counts how often it runs; tools/lib/coverage.py takes the counters out of the machine's memory.
COVERAGE_CFLAGS := --coverage -fprofile-info-section -fprofile-update=atomic
# Tuned for the A7: registers are saved by one push, where the A15's tuning takes a strd for each two.
KERNEL_CFLAGS := -std=gnu11 -mcpu=cortex-a15 -mtune=cortex-a7 -marm -mgeneral-regs-only -O2 -g -ffreestanding \
    -fno-common -funwind-tables -Wall -Wextra -Wno-unused-parameter -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
    $(if $(WERROR),-Werror) $(KERNEL_CONFIG) $(if $(COVERAGE),$(COVERAGE_CFLAGS)) -nostdinc -I. -Ikernel
# Where time is counted: a number of 64 bits is loaded by one LDRD, and not half by half.
CORE_CFLAGS := -fno-split-wide-types
KERNEL_ASFLAGS := -mcpu=cortex-a15 -marm -g -nostdinc $(KERNEL_CONFIG) -I. -Ikernel
KERNEL_LDFLAGS := -mcpu=cortex-a15 -marm -mgeneral-regs-only -nostdlib -static -T linker/kernel.ld \
    -Wl,--build-id=none -Wl,-z,max-page-size=4096 $(if $(COVERAGE),-Wl$(comma)--defsym=__gcov_merge_add=0)

# The checks call functions of tests/sanitize, which go without; the linker puts some before those in assembly.
ifdef SANITIZE
SANITIZE_CFLAGS := -fsanitize=kernel-address -fsanitize-address-use-after-scope -fasan-shadow-offset=0xd0000000 \
    $(addprefix --param=,asan-stack=1 asan-globals=1 asan-instrumentation-with-call-threshold=0) \
    -fsanitize=undefined,bounds-strict
KERNEL_LDFLAGS += $(addprefix -Wl$(comma)--wrap=,memcpy memmove memset page_copy page_clear)
$(OUT)/kernel/tests/sanitize/%: SANITIZE_CFLAGS :=
endif

# gcc's own headers (stdint.h, stddef.h, stdarg.h), found only when a file is compiled.
GCC_INCLUDE = -isystem $$($(CROSS)gcc -print-file-name=include)

$(OUT)/kernel.flags: FORCE
	$(call stamp,$(KERNEL_CFLAGS) $(CORE_CFLAGS) $(SANITIZE_CFLAGS) / $(KERNEL_ASFLAGS))

$(IMAGE)/kernel.objects: FORCE
	$(call stamp,$(KERNEL_LDFLAGS) / $(KERNEL_OBJECTS))

$(OUT)/kernel/%.c.o: %.c $(OUT)/kernel.flags | check-tools
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CROSS)gcc $(KERNEL_CFLAGS) $(if $(filter kernel/core/%,$<),$(CORE_CFLAGS)) $(SANITIZE_CFLAGS) $(GCC_INCLUDE) \
	    -MMD -MP -c -o $@ $<

$(OUT)/kernel/%.S.o: %.S $(OUT)/kernel.flags | check-tools
	$(call say,AS,$<)
	@mkdir -p $(@D)
	$(Q)$(CROSS)gcc $(KERNEL_ASFLAGS) $(GCC_INCLUDE) -MMD -MP -c -o $@ $<

$(IMAGE)/ksyms-empty.S: tools/ksyms | check-tools
	@mkdir -p $(@D)
	$(Q)tools/ksyms </dev/null >$@

$(IMAGE)/parley-1.elf: $(KERNEL_OBJECTS) $(IMAGE)/ksyms-empty.o linker/kernel.ld $(IMAGE)/kernel.objects
	$(Q)$(CROSS)gcc $(KERNEL_LDFLAGS) -o $@ $(filter %.o,$^) -lgcc

$(IMAGE)/ksyms.S: $(IMAGE)/parley-1.elf tools/ksyms
	$(Q)$(CROSS)nm -n $< | tools/ksyms >$@

$(IMAGE)/%.o: $(IMAGE)/%.S
	$(Q)$(CROSS)gcc -mcpu=cortex-a15 -c -o $@ $<

$(IMAGE)/parley.elf: $(KERNEL_OBJECTS) $(IMAGE)/ksyms.o linker/kernel.ld $(IMAGE)/kernel.objects
	$(call say,LD,$@)
	$(Q)$(CROSS)gcc $(KERNEL_LDFLAGS) -Wl,-Map=$(IMAGE)/parley.map -o $@ $(filter %.o,$^) -lgcc

$(IMAGE)/parley.img: $(IMAGE)/parley.elf
	$(Q)$(CROSS)objcopy -O binary $< $@

-include $(KERNEL_OBJECTS:.o=.d)

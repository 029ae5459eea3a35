# What things cost: the programs of bench/, for Parley and for Linux, and the tools that run them (docs/benchmarks.md).
#
# They are no part of the root: tools/lib/bench.py adds the one it runs.

BENCH_FILES_ipcbench := $(filter-out bench/scale% bench/linux%,$(wildcard bench/*.c))
BENCH_FILES_ipcscale := $(wildcard bench/scale*.c) bench/poll.c bench/harness.c
BENCH_PROGRAMS := $(BUILD)/stripped/bench/ipcbench $(BUILD)/stripped/bench/ipcscale

define bench_rules
$(BUILD)/user/bench/$(1): $(BENCH_FILES_$(1):%.c=$(BUILD)/objects/%.o) $(SYSROOT_STAMP)
	$$(call say,LD,$$@)
	@mkdir -p $$(@D)
	$$(Q)tools/parley-cc -o $$@ $$(filter %.o,$$^)
-include $(BENCH_FILES_$(1):%.c=$(BUILD)/objects/%.d)
endef
$(foreach program,$(notdir $(BENCH_PROGRAMS)),$(eval $(call bench_rules,$(program))))

all: $(BENCH_PROGRAMS)

bench: all
	@tools/bench --kernel $(IMAGE)/parley.img

# Both systems on this machine; the kernels of the other are fetched into build/linux, or built there, the first time.
bench-linux: all
	@tools/bench-linux --kernel $(IMAGE)/parley.img $(if $(LEAN),--lean) $(if $(RUNS),--runs $(RUNS))

bench-scale: all
	@tools/bench-scale --kernel $(IMAGE)/parley.img $(if $(RUNS),--runs $(RUNS)) $(if $(LINUX),--linux)

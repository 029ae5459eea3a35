# Running it and judging it.

RUN_OPTIONS = --smp $(SMP) --mem $(MEM) --kernel $(IMAGE)/parley.img $(if $(APPEND),--append '$(APPEND)') \
    $(if $(ROOT),--root '$(ROOT)')

run: all
	@tools/parley-console $(RUN_OPTIONS)

debug: all
	@tools/parley-console --gdb $(RUN_OPTIONS)

# The host's tests: a file each, which takes in the kernel's sources that it looks at with #include.
HOST_CFLAGS := -std=gnu11 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover -Wall -Wextra -Wshadow \
    $(if $(WERROR),-Werror) -I. -Ikernel
HOST_TESTS := $(patsubst tests/host/%.c,$(BUILD)/host/%,$(wildcard tests/host/*.c))

$(BUILD)/host.flags: FORCE
	$(call stamp,$(HOST_CFLAGS))

$(BUILD)/host/%: tests/host/%.c $(BUILD)/host.flags | check-tools
	$(call say,HOST,$<)
	@mkdir -p $(@D)
	$(Q)gcc $(HOST_CFLAGS) -MMD -MP -o $@ $<

-include $(HOST_TESTS:=.d)

# The kernel of tests/tools/sched_class.py; all of its objects but one are the usual kernel's.
ROUND_ROBIN := $(OUT)/class-round_robin/parley.img
ifneq ($(ROUND_ROBIN),$(IMAGE)/parley.img)
$(ROUND_ROBIN): $(IMAGE)/parley.img FORCE
	$(Q)$(MAKE) -s CLASS=tests/class/round_robin.c $@
endif

test: all $(ROUND_ROBIN) $(BUILD)/tests.cpio $(HOST_TESTS)
	@tests/run --kernel $(IMAGE)/parley.img $(if $(ONLY),--only '$(ONLY)')

# CALLS=1000000: so many calls for each of the seeds, from SEED on; then, under schedules by chance, the tests and the
# mended variants of the classic problems.
soak: all $(BUILD)/tests.cpio $(BUILD)/stripped/tests/fuzz_calls
	@tests/soak --kernel $(IMAGE)/parley.img $(if $(SEED),--seed $(SEED)) $(if $(SEEDS),--seeds $(SEEDS)) \
	    $(if $(CALLS),--calls $(CALLS))
	@tests/run --kernel $(IMAGE)/parley.img --schedules $(or $(SCHEDULES),1-20)
	@python3 tests/tools/classic.py --kernel $(IMAGE)/parley.img --seeds 10000

# The suite on a kernel that counts; some points that judge time do not hold on it, for it is slow.
COVERAGE_LEAST := 85
coverage:
	@$(MAKE) -s COVERAGE=1 run-coverage

run-coverage: all $(ROUND_ROBIN) $(BUILD)/tests.cpio
	@rm -rf $(OUT)/counters && mkdir $(OUT)/counters
	@tests/run --kernel $(IMAGE)/parley.img --suite guest --suite terminal --suite tools >$(OUT)/tests.log; \
	    tail -n 1 $(OUT)/tests.log
	@tools/coverage --least $(COVERAGE_LEAST) $(OUT)

# A debug kernel fails the n-th allocation of each program, for one n after another: a point for each program, on one
# CPU and on two. BUDGET: of the guest's seconds, for all n of one program (tests/user/fail-nth.c).
BUDGET ?= 120
FAILING_TESTS = $(foreach test,$(filter-out tests/run-list tests/fail-nth,$(TEST_PROGRAMS)),\
    $(if $(findstring $(or $(ONLY),tests/),$(test)),/$(test)))

test-allocations:
	@$(MAKE) --no-print-directory DEBUG=1 all $(BUILD)/tests.cpio
	@for machine in '--smp 1 --icount' '--smp 2'; do \
	    echo "# $$machine"; \
	    tools/parley-run $$machine --timeout 36000 --kernel $(BUILD)-debug/parley.img --archive $(BUILD)/tests.cpio \
	        '/tests/fail-nth $(BUDGET) $(FAILING_TESTS)' || status=1; \
	done; exit $$status

check: | check-tools
	@tools/check-tree

lint: $(SYSROOT_STAMP) | check-tools
	@tools/lint

doctor:
	@tools/setup --doctor

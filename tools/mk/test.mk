# Running it and judging it.

RUN_OPTIONS = --smp $(SMP) --mem $(MEM) --kernel $(OUT)/parley.img $(if $(APPEND),--append '$(APPEND)') \
    $(if $(ROOT),--root '$(ROOT)')

run: all
	@tools/setup --check run
	@tools/parley-console $(RUN_OPTIONS)

debug: all
	@tools/setup --check debug
	@tools/parley-console --gdb $(RUN_OPTIONS)

test: all $(BUILD)/tests.cpio
	@tools/setup --check test
	@tests/run --kernel $(OUT)/parley.img $(if $(ONLY),--only '$(ONLY)')

check:
	@tools/setup --check check
	@tools/check-tree

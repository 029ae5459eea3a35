# Running it and judging it.

RUN_OPTIONS = --smp $(SMP) --mem $(MEM) --kernel $(OUT)/parley.img $(if $(APPEND),--append '$(APPEND)') \
    $(if $(ROOT),--root '$(ROOT)')

run: all
	@tools/parley-console $(RUN_OPTIONS)

debug: all
	@tools/parley-console --gdb $(RUN_OPTIONS)

test: all $(BUILD)/tests.cpio
	@tests/run --kernel $(OUT)/parley.img $(if $(ONLY),--only '$(ONLY)')

check: | check-tools
	@tools/check-tree

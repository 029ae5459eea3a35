# Parley's build. `make help` lists what it can do; docs/tools.md explains it.
#
# The work is in four parts, one file each: the kernel (a raw image and an ELF for gdb), the programs, the root's
# archive, and what runs and judges them. All that is made lies in build/ (the kernel in build-debug/ with DEBUG=1, in
# build-sanitize/ with SANITIZE=1).
# Nothing is asked of a tool while this is read, so `make setup run` works on a machine that has none yet.

SMP ?= 4
MEM ?= 128M
APPEND ?=
ROOT ?=
DEBUG ?=
COVERAGE ?=
SANITIZE ?=
WERROR ?=
CLASS ?=
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

CROSS := arm-none-eabi-
BUILD := build
OUT := $(BUILD)$(if $(SANITIZE),-sanitize,$(if $(DEBUG),-debug))$(if $(COVERAGE),-coverage)
IMAGE := $(OUT)$(if $(CLASS),/class-$(basename $(notdir $(CLASS))))
SYSROOT := $(BUILD)/sysroot
SYSROOT_STAMP := $(SYSROOT)/.built

MAKEFLAGS += --no-builtin-rules $(if $(filter 0,$(MAKELEVEL)),--jobs=$(JOBS))
SHELL := /bin/sh
.DELETE_ON_ERROR:
.SECONDARY:
.SUFFIXES:
.PHONY: all help setup packages check-tools run debug test test-allocations soak coverage run-coverage check lint \
    bench bench-linux bench-scale doctor fmt clean distclean FORCE

all: $(IMAGE)/parley.img $(BUILD)/root.cpio

comma := ,

include tools/mk/kernel.mk
include tools/mk/user.mk
include tools/mk/root.mk
include tools/mk/test.mk
include tools/mk/bench.mk

help:
	@echo 'make            build the kernel, the programs and the root (in build/)'
	@echo 'make setup      install what is missing (apt) and build the C library once; make setup run does all'
	@echo 'make run        boot to a shell prompt; ^A x leaves.  SMP=4 MEM=128M APPEND="boot arguments" ROOT=dir'
	@echo 'make debug      the same machine, halted, with gdb attached'
	@echo 'make test       run every test; the last line counts them.  ONLY=word runs those whose name has the word'
	@echo 'make soak       millions of system calls by chance.  SEED=1 SEEDS=20 CALLS=100000'
	@echo 'make bench      what operations cost, in instructions, beside Linux on the same machine'
	@echo 'make bench-linux  the same for Linux, measured beside it, and both by the host'\''s clock.  RUNS=5 LEAN=1'
	@echo 'make bench-scale  curves: cost as processes, memory, names grow; throughput with 1 to 4 CPUs.  LINUX=1'
	@echo 'make coverage   how much of the kernel the tests run, by file and by folder'
	@echo 'make test-allocations  run the tests with each allocation failing in turn (long).  ONLY=word'
	@echo 'make check      the rules of the house: format, length of files, order of folders, documents'
	@echo 'make lint       these rules, headers that compile alone, and what gcc says of the kernel with -fanalyzer'
	@echo 'make doctor     what this machine has, what it lacks, and what to do'
	@echo 'make fmt        format the sources with clang-format'
	@echo 'make clean      remove what was built, but not the C library; make distclean removes that too'
	@echo ''
	@echo 'DEBUG=1         a kernel that checks lock ranks and assertions, in build-debug/'
	@echo 'SANITIZE=1      the same with checks of addresses and of undefined behaviour, in build-sanitize/'
	@echo 'CLASS=FILE.c    a kernel with that time-sharing class, in build/class-FILE/ (docs/scheduler.md)'
	@echo 'WERROR=1        warnings are errors'
	@echo 'V=1             show the commands'

# Every file that is made waits for this one, so that a machine without a tool learns in one line which package it
# wants. With `make setup ...` on the command line the setup comes first.
GROUPS_run := run
GROUPS_debug := run debug
GROUPS_test := run test check
GROUPS_soak := run
GROUPS_bench := run
GROUPS_bench-scale := run $(if $(LINUX),linux)
GROUPS_bench-linux := run linux $(if $(LEAN),lean)
GROUPS_run-coverage := run
GROUPS_check := check
GROUPS_lint := check
stop_if = $(if $(1),$(error $(1)))

look_for_tools = $(call stop_if,$(shell tools/setup --check build $(foreach goal,$(MAKECMDGOALS),$(GROUPS_$(goal)))))

check-tools: $(if $(filter setup,$(MAKECMDGOALS)),packages)
	$(if $(filter setup,$(MAKECMDGOALS)),$(look_for_tools))

# Without a setup it is looked for before any job begins: so there is that one line and no other.
ifeq ($(filter setup packages help doctor fmt clean distclean,$(MAKECMDGOALS)),)
$(look_for_tools)
endif

packages:
	@tools/setup

setup: $(SYSROOT_STAMP)

# What a rule says as it works; V=1 shows the command itself.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' '$(1)' '$(patsubst $(BUILD)/%,%,$(2))')

# A stamp changes only when its text does: $(call stamp,text).
define stamp
@mkdir -p $(@D)
@printf '%s\n' '$(subst ','\'',$(strip $(1)))' >$@.new
@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
endef

fmt:
	$(Q)find boot kernel mm fs ipc drivers user tests bench -name '*.[ch]' | xargs clang-format -i

clean:
	rm -rf $(filter-out $(SYSROOT) $(BUILD)/newlib%,$(wildcard $(BUILD)/*)) build-*

distclean:
	rm -rf build build-*

# abiproof: `make prove` proves the bindings on this machine, `make help` lists everything else.

# SYSTEM: what this machine runs: Linux, Darwin, FreeBSD, NetBSD or OpenBSD.
SYSTEM := $(shell uname -s)
# CC: the compiler of this machine's programs, gcc on Linux and cc elsewhere unless you say otherwise.
CC := $(if $(filter default,$(origin CC)),$(if $(filter Linux,$(SYSTEM)),gcc,cc),$(CC))
# CFLAGS: for every C file of this project. Override it to add to or replace all of them.
CFLAGS = -std=gnu11 -O2 -g -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes
# CPPFLAGS: include paths and feature macros; the libraries' headers are not held to our warnings, nor
# hidden by ours: <yaml.h> is libyaml's.
CPPFLAGS = -D_GNU_SOURCE -iquote gen -isystem $(LLVM)/include $(YAML_CFLAGS) $(ZSTD_CFLAGS)
# SANITIZE: what makes the program under test differ from the one for use; any report ends it.
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# TEST_CPPFLAGS: the unit tests use the programs that belong to the libclang in use.
TEST_CPPFLAGS = $(CPPFLAGS) -DCLANG='"$(LLVM)/bin/clang"' -DLD64='"$(LLVM)/bin/ld64.lld"' \
  -DLLD='"$(LLVM)/bin/ld.lld"' -DDSYMUTIL='"$(LLVM)/bin/dsymutil"'
# LDFLAGS: libclang is not in the linker's path, nor in the loader's.
LDFLAGS = -L$(LLVM)/lib -Wl,-rpath,$(LLVM)/lib
# LDLIBS: libclang, libyaml, jansson, libdw for DWARF, libelf and zlib for what it is read from, threads.
LDLIBS = -lclang $(YAML_LIBS) -ljansson -ldw -lelf -lz $(ZSTD_LIBS) -lpthread

# LLVM: folder of the libclang in use. Like the next two, it is asked for once, when first needed:
# after the packages are installed, and not at all when there is nothing to compile.
LLVM = $(eval LLVM := $(or $(shell ci/find-llvm),$(error no libclang)))$(LLVM)
# YAML_CFLAGS, YAML_LIBS: how to use libyaml.
YAML_CFLAGS = $(eval YAML_CFLAGS := $(shell pkg-config --cflags yaml-0.1))$(YAML_CFLAGS)
YAML_LIBS = $(eval YAML_LIBS := $(shell pkg-config --libs yaml-0.1))$(YAML_LIBS)
# ZSTD_CFLAGS, ZSTD_LIBS: empty where there is no libzstd; objects compressed by it are refused then.
ZSTD_LIBS = $(eval ZSTD_LIBS := $(shell pkg-config --libs libzstd 2>/dev/null))$(ZSTD_LIBS)
ZSTD_CFLAGS = $(if $(ZSTD_LIBS),-DHAVE_ZSTD $(shell pkg-config --cflags libzstd))
# CMOCKA: how to use the unit tests' library.
CMOCKA = $(eval CMOCKA := $(shell pkg-config --cflags --libs cmocka))$(CMOCKA)

# SOURCES: of the program. UNITS: one program each, linked with all of SOURCES but main.c.
SOURCES := $(sort $(wildcard gen/*.c gen/*/*.c))
UNITS := $(sort $(wildcard tests/unit/test_*.c))
# OBJECTS, ASAN_OBJECTS: the same sources for use and for tests. UNIT_TESTS: the test programs.
OBJECTS := $(SOURCES:gen/%.c=build/obj/%.o)
ASAN_OBJECTS := $(SOURCES:gen/%.c=build/asan/obj/%.o)
UNIT_TESTS := $(UNITS:tests/unit/%.c=build/asan/%)

# JOBS: compilations at a time, unless make itself was given -j; and processes of pytest.
JOBS = $(shell getconf _NPROCESSORS_ONLN)
# PARALLEL: the option that says so to a make within make.
PARALLEL = $(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(JOBS))
# CRASH: a sanitizer's report must not look like exit code 1, which means findings.
CRASH = ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=exitcode=99:print_stacktrace=1
# Q: hides the compilers' commands; `make V=1` shows them.
Q := $(if $(V),,@)
# FUZZ_SECONDS: how long `make fuzz` runs: half of it for each of its two programs.
FUZZ_SECONDS = 120
# FUZZ_FLAGS: clang's, whose libFuzzer is used; its coverage is of the whole program.
FUZZ_FLAGS = -std=gnu11 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
# FUZZ: how each of them is run.
FUZZ = -max_total_time=$$(($(FUZZ_SECONDS) / 2)) -timeout=10 -rss_limit_mb=1500 -print_final_stats=1 \
  -verbosity=0 -artifact_prefix=build/fuzz/
# ORACLE: records at random and what is true of them, for one of them and for a unit test.
ORACLE := $(filter-out tests/fuzz/fuzz_%.c tests/fuzz/seed.c,$(wildcard tests/fuzz/*.c))
# PYTEST_ARGS: more options for pytest, such as `-k layout`.
PYTEST_ARGS =

MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.PHONY: all deps gen prove prove-boot verify verify-boot verify-peers test unit e2e asan languages languages-all mutants lint format bench fuzz clean distclean help

all: build/abiproof ## build the program, build/abiproof
	@:

prove: ## install what is missing, build, prove every binding, print the matrix
	@ci/install-deps --for verify
	@$(MAKE) $(PARALLEL) all
	build/abiproof prove --check --require all --lang c

prove-boot: ## as prove, and on real kernels of every machine too, which are fetched once; minutes
	@ci/install-deps --for boot
	@$(MAKE) $(PARALLEL) all
	@ci/fetch-kernels
	@targets=$$(build/abiproof kernels --format tsv | awk -F '\t' \
	    '$$6 !~ /^missing/ && $$7 != "missing" && $$8 != "none" { n = split($$8, names, " "); \
	     for (i = 1; i <= n; i++) if (!seen[names[i]]++) print "--target", names[i] }') && \
	  echo build/abiproof prove --boot --lang c --require booted $$targets && \
	  build/abiproof prove --boot --lang c --require booted $$targets
	tests/event/boot

verify: prove ## prove, by its old name

verify-boot: prove-boot ## prove-boot, by its old name

verify-peers: ## compare the structs and constants of Go, Zig and Rust with ours; minutes
	@ci/install-deps --for peers
	@$(MAKE) $(PARALLEL) all
	ci/verify-peers

test: ## install what is missing, then all tests but those of `make languages`, with sanitizers
	@ci/install-deps --for test
	@$(MAKE) $(PARALLEL) asan
	@$(MAKE) unit
	@$(MAKE) test-event
	@$(MAKE) e2e PYTEST_ARGS='--ignore-glob="*test_languages*" $(PYTEST_ARGS)'

unit: $(UNIT_TESTS) ## only the tests of single modules
	@[ -n "$^" ] || { echo "make: no tests/unit/test_*.c" >&2; exit 1; }
	@printf '%s\n' $^ | $(CRASH) xargs -P $(JOBS) -n 1 sh -c \
	  'text=$$("$$0" 2>&1) || { printf "%s\nmake: failed: %s\n" "$$text" "$$0"; exit 1; }; printf "%s\n" "$$text"'

e2e: build/asan/abiproof ## only the tests through the command line; PYTEST_ARGS='-k WORD' selects
	@python=$$(ci/find-python pytest,jsonschema,xdist,yaml) && \
	  ABIPROOF=build/asan/abiproof $(CRASH) $$python -m pytest -q -o cache_dir=build/pytest \
	  -n $(JOBS) --dist loadfile tests/e2e $(PYTEST_ARGS)

# LANGUAGES: those of bindings/ but C. LANGUAGE_SPECS: what `make languages` proves in each; of every kind one.
LANGUAGES := rust zig d nim go
LANGUAGE_SPECS := epoll eventfd statx inotify kqueue_freebsd kqueue_macos kqueue_netbsd kqueue_openbsd

languages: ## install compilers of other languages (2 GB), prove and refute bindings in each of them
	@ci/install-deps --for languages
	@$(MAKE) $(PARALLEL) all build/asan/abiproof
	build/abiproof prove --require all $(LANGUAGES:%=--lang %) $(LANGUAGE_SPECS:%=--spec %)
	@$(MAKE) e2e PYTEST_ARGS='-k test_languages -rs'

languages-all: ## as the first part of `make languages`, every spec; minutes
	@ci/install-deps --for languages
	@$(MAKE) $(PARALLEL) all
	build/abiproof prove --require all $(LANGUAGES:%=--lang %)

mutants: ## make every record of foreign headers wrong in each way, on eight targets, and print the scores; 10 minutes
	@ci/install-deps --for test
	@$(MAKE) $(PARALLEL) all
	@python=$$(ci/find-python pytest,jsonschema,xdist,yaml) && MUTANTS=all ABIPROOF=build/abiproof \
	  $$python -m pytest -q -o cache_dir=build/pytest -n $(JOBS) tests/e2e/test_foreign_mutants.py $(PYTEST_ARGS)

lint: ## check the form of C files and scripts, and that generated files are fresh
	@ci/install-deps --for lint
	@$(MAKE) $(PARALLEL) all
	@ci/lint

gen: build/abiproof ## write bindings and probes anew from the kernels' headers
	build/abiproof gen

format: ## apply the layout of .clang-format to the C files that people write
	@$(LLVM)/bin/clang-format -i $$(ci/c-files)

bench: ## install what to compare with, measure, print ratios; minutes
	@ci/install-deps --for bench || echo "make: going on without what is missing" >&2
	@$(MAKE) $(PARALLEL) all
	tests/bench/run --peers
	tests/bench/verify
	tests/bench/judge
	tests/bench/object
	@$(MAKE) bench-event

fuzz: ## random records, then damaged objects, for FUZZ_SECONDS (120); what fails is in build/fuzz
	@ci/install-deps --for fuzz
	@$(MAKE) $(PARALLEL) build/fuzz/fuzz_record build/fuzz/fuzz_object
	@mkdir -p build/fuzz/corpus build/fuzz/records
	$(CRASH) build/fuzz/fuzz_record $(FUZZ) -max_len=256 -len_control=0 build/fuzz/records
	$(CRASH) build/fuzz/fuzz_object $(FUZZ) -max_len=65536 build/fuzz/corpus tests/fuzz/corpus

deps: ## install everything that any of these targets needs
	@ci/install-deps -v

asan: build/asan/abiproof $(UNIT_TESTS)
	@:

clean: ## remove what was built, but keep what was downloaded
	rm -rf $(filter-out $(addprefix build/,headers kernels schemas zig),$(wildcard build/* build/.[!.]*))

distclean: ## remove all of build/
	rm -rf build

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' \
	  $(filter-out %.d,$(MAKEFILE_LIST))

build/abiproof: $(OBJECTS)
	@echo "  link     $@"
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LDLIBS)

build/asan/abiproof: $(ASAN_OBJECTS)
	@echo "  link     $@"
	$(Q)$(CC) $(CFLAGS) $(SANITIZE) -o $@ $^ $(LDFLAGS) $(LDLIBS)

build/asan/test_%: build/asan/obj/test_%.o $(filter-out %/main.o,$(ASAN_OBJECTS))
	@echo "  link     $@"
	$(Q)$(CC) $(CFLAGS) $(SANITIZE) -o $@ $^ $(LDFLAGS) $(LDLIBS) $(CMOCKA)

# An object is also older than a change of its own rule.
build/obj/%.o: gen/%.c Makefile
	@mkdir -p $(@D)
	@echo "  compile  $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

build/asan/obj/%.o: gen/%.c Makefile
	@mkdir -p $(@D)
	@echo "  compile  $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(SANITIZE) -MMD -MP -c -o $@ $<

build/asan/obj/%.o: tests/unit/%.c Makefile
	@mkdir -p $(@D)
	@echo "  compile  $@"
	$(Q)$(CC) $(TEST_CPPFLAGS) $(CFLAGS) $(SANITIZE) -MMD -MP -c -o $@ $<

build/asan/obj/fuzz/%.o: tests/fuzz/%.c Makefile
	@mkdir -p $(@D)
	@echo "  compile  $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(SANITIZE) -MMD -MP -c -o $@ $<

build/asan/test_record_oracle: $(ORACLE:tests/fuzz/%.c=build/asan/obj/fuzz/%.o)

# The first harness is of the judge alone.
JUDGED = $(wildcard gen/base/*.c gen/model/*.c gen/judge/*.c)
build/fuzz/fuzz_record: tests/fuzz/fuzz_record.c $(ORACLE) $(wildcard tests/fuzz/*.h) $(JUDGED) Makefile
build/fuzz/fuzz_object: tests/fuzz/fuzz_object.c $(filter-out gen/main.c,$(SOURCES)) Makefile
build/fuzz/fuzz_record build/fuzz/fuzz_object:
	@mkdir -p $(@D)
	@echo "  compile  $@"
	$(Q)$(LLVM)/bin/clang $(CPPFLAGS) $(FUZZ_FLAGS) -o $@ $(filter %.c,$^) $(LDFLAGS) $(LDLIBS)

include bindings/event/event.mk

# Test objects are kept, or every `make test` would compile them again.
.SECONDARY:
-include $(wildcard build/obj/*.d build/obj/*/*.d build/asan/obj/*.d build/asan/obj/*/*.d)

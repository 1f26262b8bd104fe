# bindings/event: the readiness loop, as a library for this machine. Included by Makefile.

# EVENT_VERSION: of the library. EVENT_SOVERSION: moves when programs must be compiled again.
EVENT_VERSION = 0.1.0
EVENT_SOVERSION = 0
# PREFIX, DESTDIR: where `make install` puts it, and what stands before that when it is packaged.
PREFIX = /usr/local
DESTDIR =
# EVENT_BACKEND: what this system has.
EVENT_BACKEND := $(if $(filter Linux,$(shell uname -s)),epoll,kqueue)
# EVENT_CFLAGS: plain C11; what is not marked ABP_API stays inside. Not -I for bindings/c: its poll.h
# would stand before libc's.
EVENT_CFLAGS = $(filter-out -std=%,$(CFLAGS)) -std=c11 -D_GNU_SOURCE \
  -iquote bindings/c -fvisibility=hidden -fPIC
EVENT_SOURCES := $(addprefix bindings/event/,loop.c deadline.c $(EVENT_BACKEND)_calls.c \
  backend_$(EVENT_BACKEND).c)
EVENT_OBJECTS := $(EVENT_SOURCES:bindings/event/%.c=build/event/obj/%.o)
# EVENT_HEADERS: the interface, and the raw bindings that abp_epoll.h and abp_kqueue.h need.
EVENT_HEADERS := $(addprefix bindings/event/,abp_event.h abp_$(EVENT_BACKEND).h) bindings/c/raw.h \
  $(wildcard bindings/c/$(EVENT_BACKEND)*.h)
EVENT_SONAME = libabpevent.so.$(EVENT_SOVERSION)

.PHONY: event test-event test-event-boot bench-event install

event: build/event/libabpevent.a build/event/$(EVENT_SONAME) ## build the readiness loop, build/event/libabpevent.*
	@:

test-event: ## the readiness loop: contract tests here, with sanitizers and emulators; kqueue compiled
	@ci/install-deps --for test
	@$(MAKE) $(PARALLEL) all event
	@tests/event/run
	@tests/event/compile-kqueue

test-event-boot: ## the contract tests of the loop on real kernels of six machines, fetched once
	@ci/install-deps --for boot
	@$(MAKE) $(PARALLEL) all
	@ci/fetch-kernels $(addsuffix -linux,x86_64 aarch64 s390x ppc64le riscv64 mips64el)
	tests/event/boot

bench-event: ## measure the readiness loop beside raw epoll, libuv, libev and libevent
	@ci/install-deps --for bench
	tests/bench/event/run

install: event ## install the readiness loop; DESTDIR= and PREFIX= (/usr/local)
	install -d '$(DESTDIR)$(PREFIX)/lib/pkgconfig' '$(DESTDIR)$(PREFIX)/include/abpevent'
	install -m 644 build/event/libabpevent.a '$(DESTDIR)$(PREFIX)/lib/'
	install -m 755 build/event/$(EVENT_SONAME) '$(DESTDIR)$(PREFIX)/lib/libabpevent.so.$(EVENT_VERSION)'
	ln -sf libabpevent.so.$(EVENT_VERSION) '$(DESTDIR)$(PREFIX)/lib/$(EVENT_SONAME)'
	ln -sf $(EVENT_SONAME) '$(DESTDIR)$(PREFIX)/lib/libabpevent.so'
	install -m 644 $(EVENT_HEADERS) '$(DESTDIR)$(PREFIX)/include/abpevent/'
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(EVENT_VERSION)|' bindings/event/abpevent.pc.in \
	  >'$(DESTDIR)$(PREFIX)/lib/pkgconfig/abpevent.pc'

build/event/obj/%.o: bindings/event/%.c Makefile bindings/event/event.mk
	@mkdir -p $(@D)
	@echo "  compile  $@"
	$(Q)$(CC) $(EVENT_CFLAGS) -MMD -MP -c -o $@ $<

build/event/libabpevent.a: $(EVENT_OBJECTS)
	@echo "  archive  $@"
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

build/event/$(EVENT_SONAME): $(EVENT_OBJECTS)
	@echo "  link     $@"
	$(Q)$(CC) $(CFLAGS) -shared -Wl,-soname,$(EVENT_SONAME) -Wl,-z,defs -o $@ $^

# Of this machine: what tests/event/boot starts kernels with.
build/event/booted: tests/event/booted/boot.c $(filter-out build/obj/main.o,$(OBJECTS)) Makefile
	@mkdir -p $(@D)
	@echo "  compile  $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $(filter %.c %.o,$^) $(LDFLAGS) $(LDLIBS)

-include $(wildcard build/event/obj/*.d)

# bindings/event: the readiness loop, as a library; a compiler and GNU make are all it needs. Included
# by Makefile.

# EVENT_VERSION: of the library. EVENT_SOVERSION: moves when programs must be compiled again.
EVENT_VERSION = 0.1.0
EVENT_SOVERSION = 0
# PREFIX, LIBDIR, DESTDIR: where `make install` puts it, and what stands before that when it is packaged.
PREFIX = /usr/local
LIBDIR = $(PREFIX)/lib
DESTDIR =
# EVENT_LDFLAGS: more for the linker, such as a packager's hardening; CFLAGS is there for the compiler.
EVENT_LDFLAGS =
# EVENT_SYSTEM: what it is for: Linux, Darwin, FreeBSD, NetBSD or OpenBSD. Another one than this machine's
# wants CC and AR of that system.
EVENT_SYSTEM = $(SYSTEM)
# EVENT_FOLDER: where it is built. Each system and each compiler wants its own.
EVENT_FOLDER = build/event
# EVENT_BACKEND: what the system has.
EVENT_BACKEND := $(if $(filter Linux,$(EVENT_SYSTEM)),epoll,kqueue)
# EVENT_CFLAGS: plain C11; what is not marked ABP_API stays inside. No -Werror: the next compiler's new
# warning must not stop an installation; the tests have it. Not -I for bindings/c: its poll.h would
# stand before libc's.
EVENT_CFLAGS = $(filter-out -std=% -Werror,$(CFLAGS)) -std=c11 -D_GNU_SOURCE \
  -iquote bindings/c -fvisibility=hidden -fPIC
EVENT_SOURCES := $(addprefix bindings/event/,loop.c deadline.c $(EVENT_BACKEND)_calls.c \
  backend_$(EVENT_BACKEND).c)
EVENT_OBJECTS := $(EVENT_SOURCES:bindings/event/%.c=$(EVENT_FOLDER)/obj/%.o)
# EVENT_HEADERS: the interface, and the raw bindings that abp_epoll.h and abp_kqueue.h need.
EVENT_HEADERS := $(addprefix bindings/event/,abp_event.h abp_$(EVENT_BACKEND).h) bindings/c/raw.h \
  $(wildcard bindings/c/$(EVENT_BACKEND)*.h)

# The shared library has three names. EVENT_FILE: its file, by version. EVENT_SONAME: what a program
# that was linked with it asks for. EVENT_DEVELOPMENT: what -labpevent finds.
# EVENT_SHARED: makes it, and lets nothing be missing in it.
ifeq ($(EVENT_SYSTEM),Darwin)
EVENT_FILE = libabpevent.$(EVENT_VERSION).dylib
EVENT_SONAME = libabpevent.$(EVENT_SOVERSION).dylib
EVENT_DEVELOPMENT = libabpevent.dylib
# Programs remember the whole path here, so that they need no -rpath.
EVENT_SHARED = -dynamiclib -install_name '$(LIBDIR)/$(EVENT_SONAME)' \
  -Wl,-current_version,$(EVENT_VERSION) -Wl,-compatibility_version,$(EVENT_SOVERSION).0.0
else
EVENT_FILE = libabpevent.so.$(EVENT_VERSION)
EVENT_SONAME = libabpevent.so.$(EVENT_SOVERSION)
EVENT_DEVELOPMENT = libabpevent.so
EVENT_SHARED = -shared -Wl,-soname,$(EVENT_SONAME)
# OpenBSD's compilers leave libc out of shared libraries; the program brings it.
ifneq ($(EVENT_SYSTEM),OpenBSD)
EVENT_SHARED += -Wl,-z,defs
endif
endif

.PHONY: event test-event test-event-boot bench-event install always

event: $(EVENT_FOLDER)/libabpevent.a $(EVENT_FOLDER)/$(EVENT_SONAME) ## build the readiness loop, build/event/libabpevent.*
	@:

test-event: ## the readiness loop: contract tests here, with sanitizers and emulators; kqueue linked
	@ci/install-deps --for test
	@$(MAKE) $(PARALLEL) all event
	@tests/event/run
	@tests/event/build-kqueue

test-event-boot: ## the contract tests of the loop on real kernels of many machines, fetched once
	@ci/install-deps --for boot
	@$(MAKE) $(PARALLEL) all
	@ci/fetch-kernels $$(tests/event/boot --kernels)
	tests/event/boot

bench-event: ## measure the readiness loop beside raw epoll, libuv, libev and libevent
	@ci/install-deps --for bench || echo "make: going on without what is missing" >&2
	tests/bench/event/run

install: event ## install the readiness loop; DESTDIR=, PREFIX= (/usr/local), LIBDIR= (PREFIX/lib)
	install -d '$(DESTDIR)$(LIBDIR)/pkgconfig' '$(DESTDIR)$(PREFIX)/include/abpevent'
	install -m 644 $(EVENT_FOLDER)/libabpevent.a '$(DESTDIR)$(LIBDIR)/'
	install -m 755 $(EVENT_FOLDER)/$(EVENT_SONAME) '$(DESTDIR)$(LIBDIR)/$(EVENT_FILE)'
	ln -sf $(EVENT_FILE) '$(DESTDIR)$(LIBDIR)/$(EVENT_SONAME)'
	ln -sf $(EVENT_SONAME) '$(DESTDIR)$(LIBDIR)/$(EVENT_DEVELOPMENT)'
	install -m 644 $(EVENT_HEADERS) '$(DESTDIR)$(PREFIX)/include/abpevent/'
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' -e 's|@VERSION@|$(EVENT_VERSION)|' bindings/event/abpevent.pc.in \
	  >'$(DESTDIR)$(LIBDIR)/pkgconfig/abpevent.pc'

$(EVENT_FOLDER)/obj/%.o: bindings/event/%.c Makefile bindings/event/event.mk
	@mkdir -p $(@D)
	@echo "  compile  $@"
	$(Q)$(CC) $(EVENT_CFLAGS) -MMD -MP -c -o $@ $<

$(EVENT_FOLDER)/libabpevent.a: $(EVENT_OBJECTS)
	@echo "  archive  $@"
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

$(EVENT_FOLDER)/$(EVENT_SONAME): $(EVENT_OBJECTS) $(EVENT_FOLDER)/linked-with
	@echo "  link     $@"
	$(Q)$(CC) $(CFLAGS) $(EVENT_SHARED) $(EVENT_LDFLAGS) -o $@ $(EVENT_OBJECTS)

# On macOS PREFIX is in the library: `make event`, then `make install PREFIX=/opt` links it again.
$(EVENT_FOLDER)/linked-with: always
	@mkdir -p $(@D)
	@[ "$$(cat $@ 2>/dev/null)" = "$(EVENT_SHARED) $(EVENT_LDFLAGS)" ] || \
	  echo "$(EVENT_SHARED) $(EVENT_LDFLAGS)" >$@
always:

# Of this machine: what tests/event/boot starts kernels with.
build/event/booted: tests/event/booted/boot.c $(filter-out build/obj/main.o,$(OBJECTS)) Makefile
	@mkdir -p $(@D)
	@echo "  compile  $@"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $(filter %.c %.o,$^) $(LDFLAGS) $(LDLIBS)

-include $(wildcard $(EVENT_FOLDER)/obj/*.d)

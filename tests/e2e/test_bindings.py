"""bindings/c, as a program uses them: every compiler, C and C++, with and without libc.

In: the committed headers. Out: programs that compile without a warning, and that run.
"""

import pytest

from conftest import (CLANGS, LINUX, MACOS, ROOT, SPECS, describe, find_program, need_program,
                      run_program)

INCLUDE = f"-I{ROOT}/bindings/c"
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wshadow", "-Wconversion", "-Wno-unused-function"]
GCC = {"x86_64-linux": ["x86_64-linux-gnu-gcc", "gcc"], "aarch64-linux": ["aarch64-linux-gnu-gcc"]}
GXX = {"x86_64-linux": ["x86_64-linux-gnu-g++", "g++"], "aarch64-linux": ["aarch64-linux-gnu-g++"]}
ON_TARGETS = [pytest.param(spec, target, id=f"{spec}-{target}")
              for spec, targets in SPECS.items() for target in targets]
ON_LINUX = ON_TARGETS[:4]


@pytest.fixture
def build(tmp_path):
    """Compiles a text; the file's name ends as its language wants."""

    def compile_text(compiler, text: str, *flags, suffix: str = ".c"):
        source = tmp_path / f"unit{suffix}"
        source.write_text(text)
        return run_program([*compiler, INCLUDE, *flags, "-o", tmp_path / "unit", source])

    return compile_text


def clang_for(target: str, targets):
    """clang for a target, with the header set that abiproof found for it."""
    triple, headers = targets[target][0], targets[target][2]
    if headers == "missing":
        pytest.skip(f"no headers for {target}")
    return [need_program(*CLANGS), f"--target={triple}",
            *(word for folder in headers.split(":") for word in ["-isystem", ROOT / folder])]


def check_compiled(result):
    assert result.code == 0 and result.err == "", describe(result)


# ---- alone ----------------------------------------------------------------------------------


@pytest.mark.parametrize("standard", ["c11", "gnu17"])
@pytest.mark.parametrize("spec, target", ON_LINUX)
def test_header_compiles_alone_with_gcc(spec, target, standard, build):
    """One include is enough, without a warning, in strict ISO C too."""
    compiler = [need_program(*GCC[target])]
    check_compiled(build(compiler, f'#include "{spec}.h"\n#include "{spec}.h"\nint used;\n', "-c",
                         f"-std={standard}", "-pedantic", *WARNINGS))


@pytest.mark.parametrize("standard", ["c++11", "c++17", "c++20"])
@pytest.mark.parametrize("spec, target", ON_LINUX)
def test_header_compiles_alone_as_cxx(spec, target, standard, build):
    """The same header is C++, where static_assert and alignof have other names."""
    compiler = [need_program(*GXX[target])]
    check_compiled(build(compiler, f'#include "{spec}.h"\nint used;\n', "-c", f"-std={standard}",
                         "-pedantic", *WARNINGS, suffix=".cc"))


@pytest.mark.parametrize("language", ["c11", "c++11", "c++20"])
@pytest.mark.parametrize("spec, target", ON_TARGETS)
def test_header_compiles_alone_with_clang(spec, target, language, build, targets):
    """clang accepts it for every target, for Linux and Darwin, in both languages."""
    result = build(clang_for(target, targets), f'#include "{spec}.h"\nint used;\n', "-c",
                   f"-std={language}", "-pedantic", *WARNINGS,
                   suffix=".c" if language == "c11" else ".cc")
    check_compiled(result)


@pytest.mark.parametrize("spec, target", ON_TARGETS)
def test_header_needs_no_libc(spec, target, build, targets):
    """-ffreestanding -nostdinc: the bindings include nothing but each other."""
    compiler = [need_program(*GCC[target])] if target in LINUX else \
        [need_program(*CLANGS), f"--target={targets[target][0]}"]
    check_compiled(build(compiler, f'#include "{spec}.h"\nint used;\n', "-c", "-std=c11",
                         "-ffreestanding", "-nostdinc", *WARNINGS))


@pytest.mark.parametrize("target", LINUX)
def test_unused_functions_of_a_header_warn_nobody(target, build):
    """`static inline` functions of a header do not trip -Wunused-function."""
    compiler = [need_program(*GCC[target])]
    check_compiled(build(compiler, '#include "epoll.h"\n#include "eventfd.h"\nint used;\n', "-c",
                         "-Wall", "-Wextra", "-Werror", "-Wunused-function"))


# ---- beside the system's headers ------------------------------------------------------------

SYSTEM = ["<sys/epoll.h>", "<sys/eventfd.h>", "<sys/syscall.h>", "<signal.h>", "<time.h>"]
OURS = ['"epoll.h"', '"eventfd.h"']
ORDERS = {"system_first": SYSTEM + OURS, "ours_first": OURS + SYSTEM,
          "mixed": [SYSTEM[0], OURS[1], *SYSTEM[1:], OURS[0]]}
BOTH = """
_Static_assert(RAW_EPOLLIN == EPOLLIN, "");
_Static_assert(RAW_EFD_NONBLOCK == EFD_NONBLOCK, "");
_Static_assert(RAW_NR_epoll_ctl == SYS_epoll_ctl, "");
_Static_assert(sizeof(struct raw_epoll_event) == sizeof(struct epoll_event), "");
_Static_assert(sizeof(struct raw_timespec) == sizeof(struct timespec), "");
int both(struct raw_epoll_event *a, struct epoll_event *b);
int both(struct raw_epoll_event *a, struct epoll_event *b)
{
    return raw_epoll_wait(0, a, 1, 0) + epoll_wait(0, b, 1, 0);
}
"""


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
@pytest.mark.parametrize("target", LINUX)
def test_headers_compile_beside_libc_in_any_order(target, order, build):
    """Ours and the system's in one file: no name of one is a name of the other."""
    includes = "".join(f"#include {header}\n" for header in order)
    check_compiled(build([need_program(*GCC[target])], includes + BOTH, "-c", "-std=gnu11",
                         *WARNINGS))
    cxx = find_program(*GXX[target])
    if cxx is not None:
        text = (includes + BOTH).replace("_Static_assert", "static_assert")
        check_compiled(build([cxx], text, "-c", "-std=c++17", *WARNINGS, suffix=".cc"))


@pytest.mark.parametrize("order", ["system_first", "ours_first"])
@pytest.mark.parametrize("target", LINUX)
def test_headers_compile_beside_the_kernels(target, order, build):
    """The same beside <linux/...>, which abiproof reads."""
    system = ["<linux/eventpoll.h>", "<linux/time_types.h>", "<asm/unistd.h>"]
    headers = system + OURS if order == "system_first" else OURS + system
    text = "".join(f"#include {header}\n" for header in headers) + (
        "_Static_assert(RAW_EPOLLET == EPOLLET, \"\");\n"
        "_Static_assert(RAW_NR_epoll_pwait2 == __NR_epoll_pwait2, \"\");\n")
    check_compiled(build([need_program(*GCC[target])], text, "-c", "-std=gnu11", *WARNINGS))


KQUEUE = """
_Static_assert(RAW_EVFILT_READ == EVFILT_READ, "");
_Static_assert(RAW_NOTE_EXIT == NOTE_EXIT, "");
_Static_assert(sizeof(struct raw_kevent) == sizeof(struct kevent), "");
_Static_assert(__builtin_offsetof(struct raw_kevent, udata) ==
               __builtin_offsetof(struct kevent, udata), "");
int both(const struct raw_kevent *a, const struct kevent *b);
int both(const struct raw_kevent *a, const struct kevent *b)
{
    return raw_kevent(0, a, 1, 0, 0, 0) + kevent(0, b, 1, 0, 0, 0);
}
"""


@pytest.mark.parametrize("order", ["system_first", "ours_first"])
@pytest.mark.parametrize("target", MACOS)
def test_kqueue_compiles_beside_apples_header(target, order, build, targets):
    """Apple's <sys/event.h> and ours in one file, in both orders, say the same."""
    headers = ["<sys/event.h>", "<sys/time.h>", '"kqueue_macos.h"']
    headers = headers if order == "system_first" else headers[::-1]
    text = "".join(f"#include {header}\n" for header in headers) + KQUEUE
    check_compiled(build(clang_for(target, targets), text, "-c", "-std=gnu11", *WARNINGS))


@pytest.mark.parametrize("target", MACOS)
def test_kqueue_links_to_darwins_symbols(target, build, targets, tmp_path):
    """The object refers to _kqueue and _kevent, with Mach-O's underscore, and to no raw_ name."""
    nm = need_program("llvm-nm-19", "llvm-nm", "llvm-nm-18", "llvm-nm-17", "llvm-nm-16")
    text = '#include "kqueue_macos.h"\nint go(void);\nint go(void)\n{\n' \
           "    return raw_kqueue() + raw_kevent(0, 0, 0, 0, 0, 0);\n}\n"
    check_compiled(build(clang_for(target, targets), text, "-c", "-O1"))
    names = run_program([nm, "--undefined-only", "--format=just-symbols", tmp_path / "unit"])
    assert names.out.split() == ["_kevent", "_kqueue"], describe(names)


# ---- targets without a proved layout --------------------------------------------------------

UNPROVED = {
    "epoll": ["i686-linux-gnu", "x86_64-linux-gnux32", "riscv64-linux-gnu", "aarch64_be-linux-gnu",
              "arm-linux-gnueabihf", "arm64-apple-macos13", "x86_64-unknown-freebsd14"],
    "eventfd": ["i686-linux-gnu", "riscv64-linux-gnu", "arm64-apple-macos13"],
    "kqueue_macos": ["x86_64-linux-gnu", "aarch64-linux-gnu", "x86_64-unknown-freebsd14",
               "i386-apple-macos10.6"],
}


@pytest.mark.parametrize("spec, triple", [(s, t) for s, ts in UNPROVED.items() for t in ts])
def test_header_refuses_a_target_without_a_proved_layout(spec, triple, build):
    """#error, first of all, instead of a guess."""
    result = build([need_program(*CLANGS), f"--target={triple}"], f'#include "{spec}.h"\n',
                   "-fsyntax-only", "-ffreestanding", "-nostdinc", "-Wno-everything")
    assert result.code != 0, describe(result)
    first = next(line for line in result.err.splitlines() if "error:" in line)
    assert f'"{spec}: abiproof has proved no layout for this target"' in first, describe(result)


@pytest.mark.parametrize("target", LINUX)
def test_every_assertion_of_a_header_is_alive(target, build):
    """RAW_NO_ASSERT leaves assertions out; without it a wrong one stops the compiler."""
    text = '#include "raw.h"\n#ifndef RAW_NO_ASSERT\nRAW_STATIC_ASSERT(1 == 2, "failed");\n#endif\n'
    compiler = [need_program(*GCC[target])]
    refused = build(compiler, text, "-c")
    assert refused.code != 0 and "failed" in refused.err, describe(refused)
    check_compiled(build(compiler, text, "-c", "-DRAW_NO_ASSERT"))


# ---- a real program -------------------------------------------------------------------------

PROGRAM = r"""
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
#include "epoll.h"
#include "eventfd.h"

static int fds[2];

static void *wake(void *unused)
{
    raw_eventfd_write(fds[0], 40);
    raw_eventfd_write(fds[1], 2);
    return unused;
}

static int show(const char *how, int epfd, int n, const struct raw_epoll_event *events)
{
    raw_u64 sum = 0;
    (void)epfd;
    for (int i = 0; i < n; i++) {
        raw_eventfd_t count = 0;
        if (events[i].events != RAW_EPOLLIN ||
            raw_eventfd_read(raw_epoll_event_get_fd(&events[i]), &count) != 0)
            return 1;
        sum += count;
    }
    printf("%s: %d events, sum %llu\n", how, n, (unsigned long long)sum);
    return 0;
}

static int through_libc(void)
{
    struct raw_epoll_event events[4];
    pthread_t thread;
    int epfd = raw_epoll_create1(RAW_EPOLL_CLOEXEC);

    for (int i = 0; i < 2; i++) {
        fds[i] = raw_eventfd(0, RAW_EFD_NONBLOCK | RAW_EFD_CLOEXEC);
        events[0].events = RAW_EPOLLIN;
        raw_epoll_event_set_fd(&events[0], fds[i]);
        if (raw_epoll_ctl(epfd, RAW_EPOLL_CTL_ADD, fds[i], &events[0]) != 0)
            return 1;
    }
    if (pthread_create(&thread, 0, wake, 0) != 0 || pthread_join(thread, 0) != 0)
        return 1;
    return show("libc", epfd, raw_epoll_wait(epfd, events, 4, 1000), events);
}

static int through_syscalls(void)
{
    struct raw_epoll_event events[4];
    int epfd = raw_sys_epoll_create1(RAW_EPOLL_CLOEXEC), n;

    for (int i = 0; i < 2; i++) {
        fds[i] = raw_sys_eventfd2(i == 0 ? 40 : 2, RAW_EFD_NONBLOCK);
        events[0].events = RAW_EPOLLIN | RAW_EPOLLET;
        raw_epoll_event_set_fd(&events[0], fds[i]);
        if (raw_sys_epoll_ctl(epfd, RAW_EPOLL_CTL_ADD, fds[i], &events[0]) != 0)
            return 1;
    }
    n = raw_sys_epoll_wait(epfd, events, 4, 1000);
    if (show("syscalls", epfd, n, events) != 0)
        return 1;
    printf("again: %d\n", raw_sys_epoll_pwait(epfd, events, 4, 0, 0, RAW_SIGSET_SIZE));
    printf("error: %d\n", raw_sys_epoll_ctl(epfd, RAW_EPOLL_CTL_ADD, fds[0], &events[0]));
    printf("closed: %d\n", raw_sys_epoll_wait(-1, events, 4, 0));
    return 0;
}

int main(void)
{
    return through_libc() != 0 || through_syscalls() != 0;
}
"""
PRINTED = "libc: 2 events, sum 42\nsyscalls: 2 events, sum 42\nagain: 0\nerror: -17\nclosed: -9\n"


@pytest.mark.parametrize("optimise", ["-O0", "-O2"])
@pytest.mark.parametrize("target", LINUX)
def test_a_real_program_waits_and_is_woken(target, optimise, build, tmp_path):
    """epoll and eventfd through libc and through raw system calls, beside threads and stdio."""
    runner = [] if target == "x86_64-linux" else \
        [need_program("qemu-aarch64"), "-L", "/usr/aarch64-linux-gnu"]
    check_compiled(build([need_program(*GCC[target])], PROGRAM, optimise, "-std=gnu11", "-pthread",
                         *WARNINGS))
    printed = run_program([*runner, tmp_path / "unit"], timeout=30)
    assert (printed.code, printed.out) == (0, PRINTED), describe(printed)

"""`abiproof verify` on objects that the compilers of this machine make.

In: small bindings in C, right and wrong. Out: what verify says of them. What is right is never
taken from abiproof: each test states it, from the kernel's header or the man page.
"""

import re
import subprocess
from pathlib import Path

import pytest

from conftest import (ABIPROOF, FINDINGS, NOT_CHECKED, PROVED, REPOSITORY, USAGE, compiler_of,
                      describe, list_targets, need_program, run, run_program)

FLAGS = ["-g", "-c", "-ffreestanding", "-fno-eliminate-unused-debug-types"]
PACKED = ("#include <stdint.h>\n"
          "struct Event { uint32_t events; int32_t fd; int32_t pad; };\n"
          "struct Event event;\n")
PADDED = ("#include <stdint.h>\n"
          "struct Event { uint32_t events; int32_t gap; int32_t fd; int32_t pad; };\n"
          "struct Event event;\n")


def compilers():
    """Each target's compiler with its options, without what is missing."""
    found = {name: compiler_of(row) for name, row in list_targets().items()}
    return {name: words for name, words in found.items() if words is not None}


@pytest.fixture(name="build")
def build_fixture(tmp_path):
    """Compiles a source for a target; skips where its compiler is missing."""
    known = compilers()

    def build(source, target="x86_64-linux", *flags, name="binding.c") -> Path:
        if target not in known:
            pytest.skip(f"no compiler for {target}")
        if "-xc++" in flags:  # gcc alone cannot
            need_program(known[target][0].replace("gcc", "g++"))
        path = tmp_path / name
        path.write_text(source)
        result = tmp_path / f"{path.stem}-{target}.o"
        command = [*known[target], *FLAGS, *flags, str(path), "-o", str(result)]
        subprocess.run(command, check=True, timeout=60)
        return result

    return build


def verify(*args):
    return run("verify", *args, cwd=REPOSITORY)


# ---- layouts --------------------------------------------------------------------------------


@pytest.mark.parametrize("target, right, wrong", [
    ("x86_64-linux", PACKED, PADDED),
    ("i386-linux", PACKED, PADDED),
    ("m68k-linux", PACKED, PADDED),
    ("aarch64-linux", PADDED, PACKED),
    ("arm-linux", PADDED, PACKED),
    ("s390x-linux", PADDED, PACKED),
    ("mipsn32-linux", PADDED, PACKED),
], ids=lambda value: value if value.endswith("-linux") else "")
def test_epoll_event_is_12_bytes_here_and_16_there(build, target, right, wrong):
    for source, code in [(right, PROVED), (wrong, FINDINGS)]:
        # the kernel's own header, read by this compiler, says which one it is
        check = ("#include <linux/eventpoll.h>\n" + source +
                 "_Static_assert(sizeof(struct Event) %s sizeof(struct epoll_event), \"\");\n" %
                 ("==" if code == PROVED else "!="))
        build(check, target, name="check.c")
        result = verify(build(source, target), "--map", "Event=epoll_event")
        assert result.code == code, describe(result)
        assert f"{'proved' if code == PROVED else 'FINDINGS'}" in result.out
        assert target in result.out


def test_a_finding_names_both_files_and_lines(build):
    result = verify(build(PADDED), "--map", "Event=epoll_event")
    assert "bad-size: epoll_event" in result.out
    assert "linux/eventpoll.h:" in result.out
    assert "binding.c:2" in result.out


@pytest.mark.parametrize("version", ["-gdwarf-4", "-gdwarf-5"])
@pytest.mark.parametrize("target", ["x86_64-netbsd", "x86_64-linux"])  # Clang, and GCC
def test_a_finding_has_its_line_whatever_the_compiler_calls_the_file(build, target, version):
    source = "struct Wrong { int a; };\nstruct Wrong w;\n"
    ours = "kevent" if "bsd" in target else "epoll_event"
    result = verify(build(source, target, version), "--target", target, "--map", f"Wrong={ours}")
    assert result.code == FINDINGS and f"bad-size: {ours}" in result.out, describe(result)
    assert "/binding.c:1\n" in result.out, describe(result)


def test_several_objects_are_one_matrix(build):
    objects = [build(PACKED, "x86_64-linux"), build(PACKED, "aarch64-linux"),
               build(PACKED, "riscv64-linux")]
    result = verify(*objects, "--map", "Event=epoll_event")
    assert result.code == FINDINGS
    assert result.out.endswith("1 of 3 items proved, 2 with findings, 78 names not seen; 5 facts\n"), describe(result)
    assert "[aarch64-linux riscv64-linux]" in result.out, describe(result)


def test_a_swapped_field_is_found_by_its_name(build):
    result = verify(build("#include <stdint.h>\n"
                          "struct epoll_event { uint64_t data; uint32_t events; }"
                          " __attribute__((packed)) e;\n"))
    assert result.code == FINDINGS
    assert "bad-offset: epoll_event.data" in result.out
    assert "bad-offset: epoll_event.events" in result.out


def test_fields_may_be_renamed_split_nested_and_padded(build):
    result = verify(build(
        "#include <stdint.h>\n"
        "union value { void *pointer; int32_t fd; uint64_t bits; };\n"
        "struct ev { uint32_t Events; uint32_t PadFd; union value Data; } e;\n", "aarch64-linux"),
        "--map", "ev=epoll_event")
    assert result.code == PROVED, describe(result)


# struct __kernel_itimerspec by timerfd_settime(2): two spans, each seconds and nanoseconds of 64 bits.
@pytest.mark.parametrize("span, fields, wrong", [
    ("long Sec, Nsec;", "struct span Interval, Value;", []),
    ("long Nsec, Sec;", "struct span Interval, Value;",
     ["bad-offset it_interval.tv_nsec", "bad-offset it_interval.tv_sec",
      "bad-offset it_value.tv_nsec", "bad-offset it_value.tv_sec"]),
    ("int tv_sec, gap; long tv_nsec;", "struct span it_interval; long v[2];",
     ["bad-width it_interval.tv_sec"]),
    ("long words[2];", "struct span it_interval, it_value;", []),
    ("char unused;", "long interval_sec, interval_nsec, value_sec, value_nsec;", []),
], ids=["renamed", "swapped", "narrow", "other pieces", "flat"])
def test_a_record_inside_a_record_is_compared_too(build, span, fields, wrong):
    result = verify(build(f"struct span {{ {span} }};\nstruct Spec {{ {fields} }} s;\n"),
                    "--map", "Spec=__kernel_itimerspec")
    assert result.code == (FINDINGS if wrong else PROVED), describe(result)
    assert re.findall(r"^error: (\S+): __kernel_itimerspec\.(\S+)", result.out, re.MULTILINE) == [
        tuple(line.split()) for line in wrong], describe(result)


def test_a_record_inside_one_of_a_header_is_compared_too(build):
    """struct input_event begins with a struct timeval, which only another header declares."""
    source = ("struct tv {{ {} }};\n"
              "struct input_event {{ struct tv time; unsigned short type, code; int value; }} e;\n")
    options = ["--map", "input_event", "--header", "linux/input.h"]
    right = verify(build(source.format("long tv_sec, tv_usec;")), *options)
    wrong = verify(build(source.format("long tv_usec, tv_sec;")), *options)
    assert right.code == PROVED, describe(right)
    assert "bad-offset: input_event.time.tv_sec" in wrong.out, describe(wrong)


def test_a_record_inside_one_of_a_header_is_the_kernels(build):
    """libc's timespec has 16 bytes on riscv32, the one of linux/time.h has 8."""
    source = ("struct timespec {{ {0} tv_sec, tv_nsec; }};\n"
              "struct itimerspec {{ struct timespec it_interval, it_value; }} s;\n")
    options = ["--map", "itimerspec", "--header", "linux/time.h"]
    right = verify(build(source.format("long"), "riscv32-linux"), *options)
    wrong = verify(build(source.format("long long"), "riscv32-linux"), *options)
    assert right.code == PROVED, describe(right)
    assert "bad-width: itimerspec.it_value" in wrong.out, describe(wrong)


def test_fields_that_are_not_wholly_compared_are_named(build):
    """Such as bytes where the kernel has a word. What the kernel keeps for the program is that
    program's to cut up."""
    source = ("#include <stdint.h>\nunion data { void *ptr; uint64_t u64; };\n"
              "struct epoll_event { uint32_t events; union data data; } e;\n"
              "struct inotify_event { int32_t wd; uint32_t mask; uint8_t cookie[4];"
              " uint32_t len; } i;\n")
    result = verify(build(source, "aarch64-linux"))
    assert result.code == PROVED, describe(result)
    assert "only by offset and size: cookie\n" in result.out, describe(result)
    assert "not compared" not in result.out.replace("1 not compared\n", ""), describe(result)
    source = "#include <linux/inotify.h>\nstruct inotify_event e;\n"
    result = verify(build(source, "aarch64-linux"))
    assert result.code == PROVED and "not compared" not in result.out, describe(result)


def test_a_field_by_a_map_is_held_to_it(build):
    source = ("#include <stdint.h>\n"
              "struct ev { uint32_t a; uint32_t b; uint64_t c; } e;\n")
    maps = ["--map", "ev=epoll_event", "--map", "ev.c=epoll_event.data"]
    right = verify(build(source, "aarch64-linux"), *maps, "--map", "ev.a=epoll_event.events")
    wrong = verify(build(source, "aarch64-linux"), *maps, "--map", "ev.b=epoll_event.events")
    assert right.code == PROVED, describe(right)
    assert wrong.code == FINDINGS and "bad-offset: epoll_event.events" in wrong.out


def test_a_flag_of_a_byte_is_a_note(build):
    result = verify(build("#include <stdint.h>\n"
                          "struct epoll_params { uint32_t busy_poll_usecs; uint16_t busy_poll_budget;"
                          " _Bool prefer_busy_poll; uint8_t pad; } p;\n"), "-v")
    assert result.code == PROVED, describe(result)
    assert "note: bad-type: epoll_params.prefer_busy_poll" in result.out, describe(result)


def test_fields_of_a_base_class_belong_to_the_record(tmp_path):
    need_program("g++")
    source, result = tmp_path / "base.cc", tmp_path / "base.o"
    for wd, code in [("int32_t", PROVED), ("int64_t", FINDINGS)]:
        source.write_text(f"#include <stdint.h>\nstruct base {{ {wd} wd; }};\n"
                          "struct inotify_event : base { uint32_t mask, cookie, len; } e;\n")
        subprocess.run(["g++", *FLAGS, str(source), "-o", str(result)], check=True, timeout=60)
        reported = verify(result)
        assert reported.code == code and "missing-field" not in reported.out, describe(reported)


def test_a_sign_that_the_kernel_has_and_the_binding_lacks_is_an_error(build):
    """A watch descriptor of -1 is read as 4294967295. The reverse is a note, and bits that come back
    as they were have no sign."""
    source = ("#include <stdint.h>\n"
              "struct inotify_event { %s wd; uint32_t mask, cookie, len; char name[]; } e;\n")
    lost = verify(build(source % "uint32_t"))
    kept = verify(build(source % "int32_t"))
    assert lost.code == FINDINGS and "bad-sign: inotify_event.wd" in lost.out, describe(lost)
    assert kept.code == PROVED and "note" not in kept.out, describe(kept)
    source = ("#include <stdint.h>\n"
              "struct epoll_event { %s events; %s data; } __attribute__((packed)) e;\n")
    added = verify(build(source % ("int32_t", "uint64_t")))
    verbatim = verify(build(source % ("uint32_t", "int64_t")))
    assert added.code == PROVED and "1 note" in added.out, describe(added)
    assert verbatim.code == PROVED and "note" not in verbatim.out, describe(verbatim)


@pytest.mark.parametrize("target, right, wrong", [
    ("x86_64-linux", "little-endian", "big-endian"), ("s390x-linux", "big-endian", "little-endian")])
def test_bytes_in_the_other_order_are_found(build, target, right, wrong):
    source = ("#include <stdint.h>\n"
              "struct __attribute__((scalar_storage_order(\"%s\"))) inotify_event "
              "{ int32_t wd; uint32_t mask, cookie, len; char name[]; } e;\n")
    for order, code in [(right, PROVED), (wrong, FINDINGS)]:
        result = verify(build(source % order, target))
        reported = result.out.count("bad-type: inotify_event.")
        assert (result.code, reported) == (code, 4 if code == FINDINGS else 0), describe(result)


# ---- names ----------------------------------------------------------------------------------


@pytest.mark.parametrize("mapping", ["var:anchor", "var:pointer", "var:use.parameter"])
def test_a_type_without_a_name_is_reached_through_a_variable(build, mapping):
    source = ("#include <stdint.h>\n"
              "typedef struct { uint32_t events; uint32_t lo, hi; } hidden[4];\n"
              "hidden anchor; hidden *pointer;\n"
              "int use(hidden *parameter) { return (*parameter)[0].events; }\n")
    result = verify(build(source), "--map", f"{mapping}=epoll_event")
    assert result.code == PROVED and "epoll_event" in result.out, describe(result)


@pytest.mark.parametrize("spelling", ["EpollEvent", "epoll_event", "EPOLLEVENT", "Epoll_Event"])
def test_a_name_of_a_spec_is_found_in_any_spelling(build, spelling):
    result = verify(build(f"#include <stdint.h>\n"
                          f"struct {spelling} {{ uint32_t events; uint32_t lo, hi; }} e;\n"))
    assert result.code == PROVED and "1 of 1 items proved" in result.out, describe(result)


def test_a_map_decides_for_the_name_that_it_gives(build):
    """What only looks like a mapped constant, here an enumerator of io_uring, is not meant."""
    source = "enum op { POLL_REMOVE = 7 };\nenum flag { MY_REMOVE = %s };\n"
    right = verify(build(source % "0x1000"), "--map", "MY_REMOVE=POLLREMOVE")
    wrong = verify(build(source % "0x2000"), "--map", "MY_REMOVE=POLLREMOVE")
    assert right.code == PROVED and "1 of 1 items proved" in right.out, describe(right)
    assert wrong.code == FINDINGS and wrong.out.count("bad-value: POLLREMOVE") == 1


def link_together(tmp_path, *objects):
    together = tmp_path / "together.o"
    subprocess.run(["ld", "-r", *map(str, objects), "-o", str(together)], check=True)
    return together


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["right_first", "wrong_first"])
def test_two_types_of_one_name_are_each_judged(build, tmp_path, order):
    """What a linker puts first decides nothing: one is proved, the other is a finding."""
    objects = [build(source, name=name) for source, name in [
        (PACKED.replace("event;", "first;"), "one.c"), (PADDED, "other.c")]]
    result = verify(link_together(tmp_path, *[objects[i] for i in order]), "--map", "Event=epoll_event")
    assert result.code == FINDINGS and "1 of 2 items proved, 1 with findings" in result.out, describe(result)
    assert "bad-size: epoll_event" in result.out and "other.c" in result.out, describe(result)


def test_two_right_types_of_one_name_are_both_proved(build, tmp_path):
    """Two declarations that differ and are right, each in its own way, are no finding."""
    split = ("#include <stdint.h>\n"
             "struct epoll_event { uint32_t events, low, high; } second;\n")
    objects = [build(ALONE % "epoll_event", name="one.c"), build(split, name="other.c")]
    result = verify(link_together(tmp_path, *objects))
    assert result.code == PROVED and "2 of 2 items proved" in result.out, describe(result)


@pytest.mark.parametrize("name, value", [("POLL_IN", 1), ("POLL_ERR", 4), ("__POLL_HUP", 6)])
def test_a_name_of_other_words_is_another_name(build, name, value):
    """POLL_ERR, a code of SIGPOLL, is not POLLERR, whether its value is right for that or not."""
    source = ("#include <stdint.h>\nstruct pollfd { int fd; short events, revents; } p;\n"
              f"enum code {{ {name} = {value} }} c;\n")
    result = verify(build(source))
    assert result.code == PROVED and "1 of 1 items proved" in result.out, describe(result)


@pytest.mark.parametrize("name", ["PollErr", "Poll_Err", "POLLERR", "_POLLERR", "pollerr_"])
def test_a_constant_of_a_spec_is_found_in_any_spelling(build, name):
    result = verify(build(f"enum code {{ {name} = 5 }} c;\n"))
    assert result.code == FINDINGS and "bad-value: POLLERR" in result.out, describe(result)


def test_a_name_that_is_spelt_out_is_not_a_longer_ones(build):
    packed = build("#include <stdint.h>\n"
                   "namespace poll { struct __attribute__((packed)) Ev "
                   "{ uint32_t events; uint64_t data; } e; }\n"
                   "namespace far { namespace poll { struct Ev { uint64_t data; } e; } }\n",
                   "x86_64-linux", "-xc++")
    assert verify(packed, "--map", "poll::Ev=epoll_event").code == PROVED
    assert verify(packed, "--map", "far::poll::Ev=epoll_event").code == FINDINGS
    result = verify(packed, "--map", "Ev=epoll_event")
    assert result.code == FINDINGS and "1 of 2 items proved" in result.out, describe(result)
    assert "far::poll::Ev as epoll_event" in result.out, describe(result)


ALONE = ("#include <stdint.h>\n"
         "struct __attribute__((packed)) %s { uint32_t events; uint64_t data; } e;\n")


@pytest.mark.parametrize("name, maps", [
    ("EpollEvent", ["EpollEvent.nosuch=epoll_event.data"]),
    ("ev", ["ev=epoll_event", "ev.nosuch=epoll_event.data"]),
    ("ev", ["ev=epoll_event", "evv.data=epoll_event.data"]),
])
def test_a_map_of_a_field_that_is_not_there_is_a_finding(build, name, maps):
    result = verify(build(ALONE % name), *[word for one in maps for word in ("--map", one)])
    assert result.code == FINDINGS, describe(result)
    assert result.out.count("missing-map: epoll_event.data") == 1, describe(result)
    assert "1 of 2 items proved" in result.out, describe(result)


@pytest.mark.parametrize("name, maps", [
    ("EpollEvent", ["EpollEvent.events=epoll_event.data"]),  # found by its own name
    ("epoll_event", ["epoll_event.events=epoll_event.data"]),
    ("ev", ["ev=epoll_event", "ev.events=epoll_event.data", "ev.data=epoll_event.events"]),
])
def test_a_map_decides_against_the_field_of_that_name(build, name, maps):
    result = verify(build(ALONE % name), *[word for one in maps for word in ("--map", one)])
    assert result.code == FINDINGS and "bad-offset: epoll_event.data" in result.out


def test_a_map_may_leave_out_the_namespace_and_exchange_names(build):
    source = ("#include <stdint.h>\nnamespace lib { struct __attribute__((packed)) Ev "
              "{ uint32_t data; uint64_t events; } e; }\n")
    result = verify(build(source, "x86_64-linux", "-xc++"), "--map", "Ev=epoll_event",
                    "--map", "Ev.data=epoll_event.events", "--map", "Ev.events=epoll_event.data")
    assert result.code == PROVED and "events@0 data@4" in result.out, describe(result)


@pytest.mark.parametrize("good, bad", [
    ("struct epoll_event", "struct EpollEvent"), ("struct EPOLL_EVENT", "struct Epoll_Event")])
@pytest.mark.parametrize("is_bad_first", [False, True])
def test_a_second_type_in_another_spelling_is_judged_too(build, good, bad, is_bad_first):
    declared = [PACKED.replace("struct Event", good), PADDED.replace("struct Event", bad)
                .replace("event;", "other;")]
    result = verify(build("".join(reversed(declared) if is_bad_first else declared)))
    assert result.code == FINDINGS and "1 of 2 items proved" in result.out, describe(result)
    assert f"{bad.split()[1]} as epoll_event  16 bytes" in result.out, describe(result)


@pytest.mark.parametrize("first, second", [("namespace ok {%s}", "%s"), ("%s", "namespace ok {%s}")])
def test_a_second_type_outside_a_namespace_is_judged_too(build, first, second):
    enums = ["enum { EPOLLIN = 1 };", "enum { EPOLLIN = 2 };"]
    good, bad = (source.split("\n")[1].replace("Event", "epoll_event") + enum + f" epoll_event {name};"
                 for source, enum, name in zip([PACKED, PADDED], enums, ["one", "two"]))
    result = verify(build("#include <stdint.h>\n" + first % good + second % bad, "x86_64-linux",
                          "-xc++"))
    assert result.code == FINDINGS and "2 of 4 items proved" in result.out, describe(result)


def test_an_enumerator_is_one_item_though_it_has_two_names(build):
    result = verify(build("enum one { EPOLLIN = 1 };\nenum two { Epoll_In = 2 };\n"))
    assert result.code == FINDINGS and "1 of 2 items proved" in result.out, describe(result)


def test_a_map_that_matches_nothing_is_a_finding(build):
    result = verify(build(PACKED), "--map", "Evnt=epoll_event")
    assert result.code == FINDINGS and "missing-map: epoll_event" in result.out


def test_an_unknown_kernel_name_says_what_to_do(build):
    result = verify(build(PACKED), "--map", "Event=no_such_record")
    assert result.code == USAGE and "--header" in result.err


# ---- constants, numbers, functions ----------------------------------------------------------


@pytest.mark.parametrize("target", ["x86_64-linux", "mips-linux", "sparc64-linux", "i386-linux"])
def test_a_constant_that_follows_the_architecture(build, target):
    literal = "enum { EFD_NONBLOCK = 04000 };\n"
    data = "const unsigned my_flag = 04000;\n"
    code = PROVED if target in ("x86_64-linux", "i386-linux") else FINDINGS  # eventfd(2), fcntl.h
    for source, maps in [(literal, []), (data, ["--map", "my_flag=EFD_NONBLOCK"])]:
        result = verify(build(source, target), *maps)
        assert result.code == code, describe(result)
        assert code == PROVED or "bad-value: EFD_NONBLOCK" in result.out


def test_octal_read_as_hexadecimal_is_found(build):
    result = verify(build("enum { IN_NONBLOCK = 0x4000, IN_CLOEXEC = 0x2000000 };\n"))
    assert result.code == FINDINGS
    assert "bad-value: IN_NONBLOCK" in result.out and "bad-value: IN_CLOEXEC" in result.out


def test_a_number_of_another_architecture(build):
    source = "enum { SYS_epoll_ctl = 233, SYS_epoll_wait = 232 };\n"  # of x86_64
    right = verify(build(source), "--map", "SYS_epoll_wait=syscall:epoll_wait")
    assert right.code == PROVED, describe(right)
    wrong = verify(build(source, "aarch64-linux"), "--map", "SYS_epoll_wait=syscall:epoll_wait")
    assert wrong.code == FINDINGS
    assert "bad-number: epoll_ctl" in wrong.out  # found by its own name
    assert "extra-syscall: epoll_wait" in wrong.out  # aarch64 has none


@pytest.mark.parametrize("mark", ["SYS_", "__NR_", "NR_", "SYS_NR_", "sys_"])
def test_a_number_is_one_item_by_any_name(build, mark):
    result = verify(build(f"enum {{ {mark}epoll_ctl = 233 }};\n"))
    assert result.code == PROVED and "1 of 1 items proved" in result.out, describe(result)


def test_a_function_with_a_parameter_too_wide(build):
    source = "#include <stdint.h>\nint epoll_create1(%s);\nint f(void) { return epoll_create1(0); }\n"
    right = verify(build(source % "int"))
    wrong = verify(build(source % "int64_t"))
    assert right.code == PROVED and "1 function" in right.out, describe(right)
    assert wrong.code == FINDINGS and "bad-signature: epoll_create1" in wrong.out


def test_netbsd_calls_the_kevent_of_its_layout_by_another_symbol(build):
    source = ("struct timespec; struct kevent;\n"
              "int kevent(int, const struct kevent *, unsigned long, struct kevent *,"
              " unsigned long, const struct timespec *)%s;\n"
              "int f(void) { return kevent(0, 0, 0, 0, 0, 0); }\n")
    args = ["--target", "x86_64-netbsd"]
    right = verify(build(source % ' __asm__("__kevent50")', "x86_64-netbsd", "-O2"), *args)
    wrong = verify(build(source % "", "x86_64-netbsd", "-O2"), *args)
    assert right.code == PROVED and "1 function" in right.out, describe(right)
    assert wrong.code == FINDINGS and "bad-symbol: kevent" in wrong.out, describe(wrong)


def test_a_function_of_the_same_name_is_not_meant(build):
    result = verify(build("long epoll_create1(long flags) { return flags; }\n"))
    assert result.code == NOT_CHECKED, describe(result)


# ---- headers without a spec -----------------------------------------------------------------


def test_any_record_of_any_header(build):
    source = "#include <asm/stat.h>\nstruct stat mine;\n"
    right = verify(build(source, "aarch64-linux"), "--header", "asm/stat.h", "--map", "stat")
    assert right.code == PROVED, describe(right)
    # struct stat of x86_64, as aarch64's compiler lays out the same words
    other = ("struct stat { unsigned long st_dev, st_ino, st_nlink; unsigned st_mode, st_uid;\n"
             "unsigned st_gid, pad; unsigned long st_rdev; long st_size, st_blksize; } s;\n")
    wrong = verify(build(other, "aarch64-linux"), "--header", "asm/stat.h", "--map", "stat")
    assert wrong.code == FINDINGS and "bad-size: stat" in wrong.out


def test_a_header_that_is_not_there_is_an_error(build):
    """Even if no map needs it."""
    result = verify(build(PACKED), "--map", "Event=epoll_event", "--header", "no/such.h")
    assert result.code == USAGE and "no/such.h" in result.err, describe(result)


def test_any_constant_of_any_header(build):
    source = "enum { O_DIRECTORY = 0200000 };\n"
    args = ["--header", "asm/fcntl.h", "--map", "O_DIRECTORY"]
    right = verify(build(source, "x86_64-linux"), *args)
    wrong = verify(build(source, "aarch64-linux"), *args)
    assert right.code == PROVED, describe(right)
    assert wrong.code == FINDINGS and "bad-value: O_DIRECTORY" in wrong.out


@pytest.mark.parametrize("mapping", ["IN_NONBLOCK", "mine=IN_NONBLOCK"])
def test_const_names_a_constant_of_a_header(build, mapping):
    """inotify(7) has it; linux/inotify.h defines it by O_NONBLOCK of the target."""
    name = mapping.split("=")[0]
    args = ["--header", "linux/inotify.h", "--const", mapping]
    right = verify(build(f"enum {{ {name} = 04000 }};\n"), *args)
    wrong = verify(build(f"enum {{ {name} = 04000 }};\n", "mips-linux"), *args)
    assert right.code == PROVED and "1 of 1 items" in right.out, describe(right)
    assert wrong.code == FINDINGS and "bad-value: IN_NONBLOCK" in wrong.out, describe(wrong)


def test_a_header_that_is_not_there_is_named_for_each_object(build):
    source = "struct stat { long st_dev; } mine;\n"
    result = verify(build(source), build(source, name="other.c"), "--header", "no/such.h", "--map",
                    "stat")
    assert result.code == USAGE, describe(result)
    assert result.err.count("header 'no/such.h' is not in the header set") == 2, describe(result)


def test_a_number_of_a_call_needs_no_header(build):
    """What no spec has is read from asm/unistd.h; a call that nobody has is a finding."""
    binding = build("enum { N = 334 };\n")  # asm/unistd_64.h
    right, wrong = (verify(binding, "--map", f"N=syscall:{call}") for call in ("rseq", "io_pgetevents"))
    assert right.code == PROVED and "1 syscall" in right.out, describe(right)
    assert wrong.code == FINDINGS and "bad-number: io_pgetevents" in wrong.out, describe(wrong)
    absent = verify(binding, "--map", "N=syscall:no_such_call")
    assert absent.code == FINDINGS, describe(absent)
    assert re.search(r"expected  a number in asm/unistd.h of x86_64-linux \(Linux \d", absent.out), describe(absent)


def test_completeness_lists_what_is_missing_in_one_finding(build):
    result = verify(build("enum { EFD_CLOEXEC = 02000000, EFD_NONBLOCK = 04000 };\n"),
                    "--complete", "eventfd")
    assert result.code == FINDINGS and result.out.count("error: ") == 1, describe(result)
    assert re.search(r"not-seen: eventfd .*\n +expected  1 constant more: constant EFD_SEMAPHORE\n",
                     result.out), describe(result)


def test_completeness_asks_for_every_record(build):
    """Records that are everybody's are among them: epoll_pwait2 takes __kernel_timespec."""
    result = verify(build(PACKED.replace("Event", "epoll_event")), "--complete", "epoll")
    assert result.code == FINDINGS and "__kernel_timespec" in result.out, describe(result)


def test_what_is_not_seen_is_one_line_with_the_compilers_reason(build):
    result = verify(build(PACKED.replace("Event", "epoll_event")))
    lines = " ".join(result.out.split())
    assert result.code == PROVED, describe(result)
    assert "not seen: 20 constants, 6 functions of epoll (GCC writes no macros" in lines, describe(result)
    assert "1 of 1 items proved, 0 with findings, 26 names not seen" in lines, describe(result)
    verbose = verify(build(PACKED.replace("Event", "epoll_event")), "-v")
    assert "EPOLLEXCLUSIVE" in verbose.out and "epoll_pwait2" in verbose.out, describe(verbose)


def test_a_unit_without_types_is_named(build, tmp_path):
    """Beside a unit that has them, one that was compiled with -g1 would pass unseen."""
    wrong = build(PADDED.replace("Event", "epoll_event") + "int use(void) { return event.events; }\n",
                  "x86_64-linux", "-g1", name="wrong.c")
    right = build(PACKED.replace("Event event", "Event other").replace("Event", "epoll_event"), name="right.c")
    result = verify(link_together(tmp_path, right, wrong))
    assert result.code == PROVED and re.search(
        r"not checked: \S*wrong.c: its debug information has no types", " ".join(result.out.split())), describe(result)


def test_completeness_of_no_spec_is_an_error(build):
    result = verify(build(PACKED), "--map", "Event=epoll_event", "--complete", "epol")
    assert result.code == USAGE and "perhaps 'epoll'" in result.err, describe(result)


# ---- which target, and bad input ------------------------------------------------------------


def test_the_object_says_its_target(build, tmp_path):
    for target, compiler in compilers().items():
        if "clang" in compiler[0] or not target.endswith("-linux"):
            continue
        result = verify(build("enum { EPOLLIN = 1 } e;\n", target))
        assert f"{target}\n" in result.out, f"{target}: {describe(result)}"


def test_a_32_bit_sparc_is_a_machine_of_its_own(build):
    """Its objects say EM_SPARC, and not the number of sparc64."""
    source = "enum { EVFILT_READ = 0, EV_ADD = 1 } e;\n"
    right = verify(build(source, "sparc-netbsd"), "--target", "sparc-netbsd")
    wrong = verify(build(source, "sparc-netbsd"), "--target", "powerpc-netbsd")
    assert right.code == PROVED and "2 constants" in right.out, describe(right)
    assert wrong.code == USAGE and "sparc" in wrong.err, describe(wrong)


@pytest.mark.parametrize("made_for, requested, reported", [
    ("arm-linux", "x86_64-linux", "arm, 32 bits"),
    ("x86_64-linux", "aarch64-linux", "x86_64, 64 bits"),  # alike in width and byte order
    ("aarch64-linux", "x86_64-freebsd", "aarch64, 64 bits"),
    ("s390x-linux", "ppc64-linux", "s390, 64 bits"),
    ("x86_64-linux", "x32-linux", "x86_64, 64 bits"),
    ("x86_64-macos", "x86_64-linux", "little endian, Mach-O, macos"),
    ("x86_64-linux", "x86_64-macos", "little endian, ELF"),
    ("x86_64-freebsd", "x86_64-linux", "little endian, ELF, freebsd"),
])
def test_an_object_for_another_target_than_asked_for(build, made_for, requested, reported):
    result = verify(build("enum { EPOLLIN = 1, EV_ADD = 1 } e;\n", made_for), "--target", requested)
    assert result.code == USAGE, describe(result)
    assert f"expected an object for {requested}, got" in result.err and reported in result.err


@pytest.mark.parametrize("target", ["armhf-linux", "mipsn32-linux", "x32-linux", "x86_64-freebsd"])
def test_an_object_is_taken_for_what_it_may_be(build, target):
    result = verify(build("enum { EPOLLIN = 1, EV_ADD = 1 } e;\n", target), "--target", target)
    assert result.code == PROVED and f"{target}\n" in result.out, describe(result)


def test_what_cannot_be_read_hides_nothing_else(build, tmp_path):
    (tmp_path / "empty.o").write_text("")
    (tmp_path / "text.o").write_text("no object at all\n")
    result = verify(tmp_path / "empty.o", tmp_path / "text.o", tmp_path / "absent.o", tmp_path,
                    build(PADDED), "--map", "Event=epoll_event")
    assert result.code == USAGE
    assert "bad-size: epoll_event" in result.out
    for name in ["empty.o", "text.o", "absent.o"]:
        assert name in result.err, describe(result)


def test_a_pipe_is_read_and_a_device_is_named(build):
    """As `abiproof verify <(cat app.o)` of a shell; an object need not lie in a file."""
    result = run_program(["sh", "-c", 'cat "$1" | "$0" verify /dev/stdin --map Event=epoll_event',
                          ABIPROOF, build(PADDED)], cwd=REPOSITORY)
    assert result.code == FINDINGS and "bad-size: epoll_event" in result.out, describe(result)
    result = verify("/dev/zero")
    assert result.code == USAGE, describe(result)
    assert "/dev/zero: error: cannot be read: it is a device; " in result.err, describe(result)


@pytest.mark.parametrize("target", [[], ["--target", "x86_64-linux"]], ids=["from the object", "given"])
def test_what_cannot_be_read_first_hides_nothing_behind_it(build, tmp_path, target):
    result = verify(tmp_path / "absent.o", build(PADDED), "--map", "Event=epoll_event", *target)
    assert result.code == USAGE and "absent.o" in result.err, describe(result)
    assert "bad-size: epoll_event" in result.out, describe(result)


def members(name, n):
    """A struct of n members and a variable of it."""
    return f"struct {name} {{ {''.join(f'int m{i}; ' for i in range(n))}}} a_{name};\n"


def test_a_record_with_too_many_members_is_not_called_damaged(build):
    """The message has the record and the limit: the object is as its compiler meant it."""
    result = verify(build(members("epoll_event", 20001)))
    assert (result.code, result.out) == (USAGE, ""), describe(result)
    assert "damaged" not in result.err, describe(result)
    assert re.search(r"'epoll_event' of \S*binding.c has more than 20000 members", result.err), \
        describe(result)


def test_many_members_of_several_records_are_read(build):
    """The limit is each record's own."""
    result = verify(build(members("A", 12000) + members("B", 12000)), "--map", "A=epoll_event",
                    "--map", "B=io_uring_params")
    assert result.code == FINDINGS and result.err == "", describe(result)
    assert "bad-size: epoll_event" in result.out and "bad-size: io_uring_params" in result.out, \
        describe(result)


@pytest.mark.parametrize("seed", sorted((REPOSITORY / "tests/fuzz/corpus").iterdir()),
                         ids=lambda path: path.name)
def test_the_seeds_of_the_fuzzer_are_read_to_the_end(seed):
    macho = ["--target", "x86_64-macos" if "x86_64" in seed.name else "aarch64-macos"]
    record = "kevent" if "macho" in seed.name else "epoll_event"
    result = verify(seed, "--map", f"epoll_event={record}", "--map", f"point={record}",
                    *(macho if "macho" in seed.name else []))
    assert result.code == FINDINGS and "missing-map" not in result.out, describe(result)


def test_an_object_that_does_not_name_its_system_gets_a_hint(build):
    """NetBSD's objects are Linux's but for a note that linking adds."""
    result = verify(build("enum { EV_ADD = 1 } e;\n", "x86_64-netbsd"))
    assert result.code == NOT_CHECKED and "its system with --target" in result.out
    assert "note: it does not name its system: taken as x86_64-linux; --target" in result.err


def test_headers_that_know_a_name_do_not_choose_the_system(build):
    """An ELF object is never for macOS, whose headers show this record without a feature macro."""
    source = "struct stat64 { int x; } mine;\n"
    result = verify(build(source), "--header", "sys/stat.h", "--map", "stat64=stat64")
    assert result.code == FINDINGS and "bad-size: stat64" in result.out, describe(result)
    assert "[x86_64-linux]" in result.out and "macos" not in result.out, describe(result)


@pytest.mark.parametrize("symbol, target", [
    ("__errno_location", "x86_64-linux"), ("__stat50", "x86_64-netbsd"),
    ("__stack_smash_handler", "x86_64-openbsd")])
def test_a_symbol_of_the_c_library_names_the_system(build, symbol, target):
    source = f"enum {{ EPOLLIN = 1, EV_ADD = 1 }} e; extern char {symbol}[]; char *p = {symbol};\n"
    result = verify(build(source, "x86_64-netbsd"))
    assert result.code == PROVED and f"{target}\n" in result.out, describe(result)
    assert result.err == "", describe(result)


def test_without_any_name_nothing_is_proved(build):
    result = verify(build("int nothing;\n"))
    assert result.code == NOT_CHECKED and "--map" in result.out, describe(result)


def test_no_operand_is_an_error():
    result = verify()
    assert result.code == USAGE and "operand" in result.err

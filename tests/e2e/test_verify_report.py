"""What the report of `verify` says of an item: names, values, what goes wrong at run time.

In: small bindings in C. Out: lines of the text, and the same in the formats for programs.
"""

import json

import pytest

from conftest import FINDINGS, PROVED, REPOSITORY, describe
from test_verify import PACKED, PADDED, build_fixture, verify  # pylint: disable=unused-import


def test_verbose_names_what_is_proved_as_it_is_declared(build):
    """As --map has it, in the order of the source, which is not that of the alphabet."""
    source = ("int epoll_wait(int, void *, int, int), epoll_create1(int);\n"
              "enum flags { EPOLLOUT_ = 4, EPOLLIN_ = 1, EPOLL_CTL_MOD_ = 3 } flags;\n"
              "int use(void) { return epoll_wait(0, 0, 0, 0) + epoll_create1(0); }\n")
    binding = build(source)
    plain, verbose = verify(binding), verify(binding, "-v")
    assert plain.code == PROVED and "EPOLLOUT_" not in plain.out, describe(plain)
    assert ("proved     3 constants\n           x86_64-linux\n"
            "             EPOLLOUT_=EPOLLOUT EPOLLIN_=EPOLLIN EPOLL_CTL_MOD_=EPOLL_CTL_MOD\n") in verbose.out, \
        describe(verbose)
    functions = verbose.out.split("proved     2 functions\n           x86_64-linux\n")[1].splitlines()[0]
    assert sorted(functions.split()) == ["epoll_create1", "epoll_wait"], describe(verbose)


def test_one_thing_is_counted_as_one(build):
    result = verify(build("enum flags { EPOLLIN = 1 } flags;\n"))
    assert result.code == PROVED and result.out.endswith("; 1 fact\n"), describe(result)
    assert "proved     1 constant\n" in result.out, describe(result)


def test_what_happens_at_run_time_is_about_the_record(build):
    """Of stat nothing that is true of epoll_event alone; of epoll_event what it does to that."""
    stat = verify(build("struct stat { long st_dev, st_ino; int x; } s;\n"), "--header", "sys/stat.h",
                  "--map", "stat=stat")
    assert stat.code == FINDINGS and "bad-size, at run time:" in stat.out, describe(stat)
    assert "epoll" not in stat.out.lower(), describe(stat)
    epoll = verify(build(PACKED.replace("Event", "epoll_event"), "aarch64-linux"))
    assert "epoll_event is 12 bytes on x86_64" in epoll.out, describe(epoll)


# ---- layouts on other targets -----------------------------------------------------------------


def sizes_of_epoll_event():
    """Per size the architectures of Linux that have it, from the committed facts."""
    sizes = {}
    for path in sorted((REPOSITORY / "abi_probes/facts").glob("*-linux/epoll.facts")):
        size = path.read_text().split("record epoll_event size=")[1].split()[0]
        sizes.setdefault(size, set()).add(path.parent.name.removesuffix("-linux"))
    return sizes


@pytest.mark.parametrize("target, source", [("x86_64-linux", PADDED), ("aarch64-linux", PACKED)])
def test_a_wrong_layout_says_which_targets_have_it(build, target, source):
    """Once for the record, with every target of the smaller group, and whose layout the binding has."""
    result = verify(build(source, target), "--map", "Event=epoll_event")
    assert result.code == FINDINGS, describe(result)
    text = " ".join(result.out.split())
    assert text.count(" layouts ") == 1, describe(result)
    line = text.split(" layouts ")[1].split(" header ")[0]
    sizes, (few, rest) = sizes_of_epoll_event(), line.split("; ", 1)
    assert few.startswith("12 bytes on ") and set(few[len("12 bytes on "):].split(", ")) == sizes["12"], line
    there = "aarch64-linux" if target == "x86_64-linux" else "x86_64-linux"
    same = sizes["16" if target == "x86_64-linux" else "12"]
    assert rest == f"16 bytes elsewhere; the binding's is that of {there} and {len(same) - 1} more", line


def test_a_layout_of_no_target_is_not_given_to_one(build):
    """An offset that is wrong everywhere."""
    result = verify(build("struct epoll_event { unsigned long data; int events; } e;\n"))
    assert result.code == FINDINGS and "layouts" in result.out, describe(result)
    assert "the binding's" not in result.out, describe(result)


def test_a_layout_that_all_targets_share_has_no_line(build):
    """inotify_event is the same everywhere; of a header's record no table knows other targets."""
    source = "struct inotify_event { int wd, mask, cookie; long len; } e;\n"
    result = verify(build(source))
    assert result.code == FINDINGS and "layouts" not in result.out, describe(result)
    source = "struct flock { int l_type; } f;\n"
    result = verify(build(source), "--header", "fcntl.h", "--map", "flock=flock")
    assert result.code == FINDINGS and "layouts" not in result.out, describe(result)


def test_every_format_has_the_layouts(build):
    binding = build(PADDED.replace("Event", "epoll_event"))
    for name in ("json", "sarif", "junit", "tap", "github"):
        result = verify(binding, "--format", name)
        text = " ".join(result.out.split())
        assert "16 bytes elsewhere; the binding" in text, f"{name}: {describe(result)}"
        if name == "json":
            found = [item["layouts"] for item in json.loads(result.out)["findings"] if "layouts" in item]
            assert len(found) == 1 and found[0].startswith("12 bytes on "), describe(result)


# ---- values -----------------------------------------------------------------------------------


def test_values_are_shown_in_one_base_and_width(build):
    result = verify(build("enum e { EPOLLET = -2147483647 - 1, EPOLL_CLOEXEC = 0x200000 } e;\n"), "-v")
    assert result.code == FINDINGS, describe(result)
    assert "    expected  0x80000000\n    got       0x80000000 (-2147483648)\n" in result.out, describe(result)
    assert "    expected  0x080000\n    got       0x200000\n" in result.out, describe(result)


REQUESTS = """enum requests { FS_IOC_GETFLAGS = %s, BLKROGET = %s, FIONREAD_ = 1 } r;
enum flags { FS_NODUMP_FL = 0x80046601u } f;
"""


@pytest.mark.parametrize("target, flags, roget, lines", [
    ("x86_64-linux", "0x80046601u", "0x125d",
     ["0x80086601 (_IOR 'f' 1, 8 bytes)", "0x80046601 (_IOR 'f' 1, 4 bytes)", "0x125e (_IO 0x12 94)",
      "0x125d (_IO 0x12 93)"]),
    ("mips-linux", "0x80046601u", "0x125e",
     ["0x40046601 (_IOR 'f' 1, 4 bytes)", "0x80046601 (_IOW 'f' 1, 4 bytes)", "0x2000125e (_IO 0x12 94)",
      "0x0000125e\n"]),
    ("powerpc-linux", "0x80086601u", "0x2000125f",
     ["0x40046601 (_IOR 'f' 1, 4 bytes)", "0x80086601 (_IOW 'f' 1, 8 bytes)", "0x2000125e (_IO 0x12 94)",
      "0x2000125f (_IO 0x12 95)"]),
])
def test_requests_of_ioctl_are_taken_apart_and_flags_are_not(build, target, flags, roget, lines):
    """By the target's own encoding, and only where the header makes the number by _IOC."""
    result = verify(build(REQUESTS % (flags, roget), target), "--header", "linux/fs.h")
    assert result.code == FINDINGS, describe(result)
    for line in lines:
        assert line in result.out, f"{line}: {describe(result)}"
    assert "    expected  0x00000040\n    got       0x80046601\n" in result.out, describe(result)

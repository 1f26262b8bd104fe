"""`verify` offers a map for a record that looks like one of the kernel's.

In: objects that have such records under other names, and objects that have not. Out: lines of the
report.
"""

import json
import re
import subprocess

import pytest

from conftest import NOT_CHECKED, PROVED, describe, need_program
from test_verify import build_fixture, verify  # pylint: disable=unused-import

INOTIFY = "struct InotifyEventStruct { int wd; unsigned mask, cookie, len; } keep;\n"
TOUCH = "enum { IN_MODIFY = 2 } touch;\n"


def offers(result):
    return re.findall(r"^not checked: (\S+): it looks like (\S+): --map (\S+) \[", re.sub(r"\n +", " ", result.out), re.M)


@pytest.mark.parametrize("target", ["x86_64-linux", "s390x-linux", "m68k-linux"])
def test_a_record_under_another_name_is_offered(build, target):
    result = verify(build(INOTIFY + TOUCH, target))
    assert result.code == PROVED, describe(result)
    assert offers(result) == [("InotifyEventStruct", "inotify_event", "InotifyEventStruct=inotify_event")]


def test_the_offer_is_what_proves_it(build):
    binding = build(INOTIFY)
    ((_, _, option),) = offers(verify(binding))
    result = verify(binding, "--map", option)
    assert result.code == PROVED and not offers(result), describe(result)


def test_a_record_of_a_header_is_offered(build):
    """Nested, by the name of a typedef, and with a flexible array."""
    source = ("typedef struct { struct { long sec, nsec; } interval, value; } Spec; Spec s;\n"
              "struct Dent { unsigned long ino; long off; unsigned short reclen; unsigned char type; char name[256]; } d;\n")
    found = offers(verify(build(source), "--header", "time.h", "--header", "dirent.h"))
    assert {row[:2] for row in found} == {("Spec", "itimerspec"), ("Dent", "dirent")}, found


NOT_ALIKE = {
    "names": "struct Mine { unsigned a, b, c, d; } keep;\n",
    "half a pair": "struct Pair { long tv_sec, other; } keep;\n",
    "another size": "struct Mine { int wd; unsigned mask, cookie, len, more; } keep;\n",
    "another place": "struct Mine { unsigned len, cookie, mask; int wd; } keep;\n",
    "a single field": "struct Mine { long quad[2]; } keep;\n",
}


@pytest.mark.parametrize("source", NOT_ALIKE.values(), ids=NOT_ALIKE.keys())
def test_what_only_has_the_size_is_not_offered(build, source):
    result = verify(build(source + TOUCH), "--header", "time.h")
    assert not offers(result), describe(result)


def test_a_record_that_was_compared_is_not_offered(build):
    """Neither for the name that was found nor for a second name of it."""
    source = "struct inotify_event { int wd; unsigned mask, cookie, len; char name[]; } *first;\n" + INOTIFY
    assert not offers(verify(build(source)))


def test_an_offer_is_of_the_package_that_is_asked_for(tmp_path):
    """A name in which the package's occurs is in another one."""
    compiler = need_program("g++")
    (tmp_path / "a.cc").write_text("".join(f"namespace {name} {{ {INOTIFY} }}\n" for name in ["sys", "mysys", "system"]) +
                                   "namespace sys { enum { IN_MODIFY = 2 } touch; }\n")
    subprocess.run([compiler, "-g", "-c", "a.cc"], cwd=tmp_path, check=True, timeout=120)
    found = offers(verify(tmp_path / "a.o", "--in", "sys"))
    assert [row[0] for row in found] == ["sys::InotifyEventStruct"], found


def test_programs_get_the_offer_too(build):
    cases = json.loads(verify(build(INOTIFY), "--format", "json").out)["cases"]
    texts = {case["name"].split()[0]: case for case in cases}
    case = texts["InotifyEventStruct"]
    assert case["outcome"] == "not_checked" and "inotify_event: --map" in case["text"], cases


def test_only_some_of_many_are_offered(build):
    """Ten thousand records of one layout; tests/bench/object measures how long that takes."""
    source = "".join(f"struct S{i} {{ int wd; unsigned mask, cookie, len; }} s{i};\n" for i in range(10000))
    binding = build(source)
    result = verify(binding)
    assert result.code == NOT_CHECKED and len(offers(result)) == 5, describe(result)[:3000]

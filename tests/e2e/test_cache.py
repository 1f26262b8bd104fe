"""What is kept between runs: an answer only for the same compiler, headers and outputs.

In: the small tree, with compilers and headers put in front of the right ones. Out: what a run says
is what it would say without anything kept, and what it leaves behind deceives no later run.
"""

import os
import shutil

import pytest

from conftest import FINDINGS, PROVED, ROOT, describe, mutate, need_program, run

WHERE = ("--spec", "eventfd", "--target", "x86_64-linux")


def prove(*options, **variables):
    """Proves one row."""
    return run("prove", *WHERE, *options, **variables)


@pytest.fixture
def shadow(tmp_path):
    """A folder in which libc's header has another value."""
    header = "/usr/include/x86_64-linux-gnu/bits/eventfd.h"
    if not os.path.exists(header):
        pytest.skip(f"no {header}")
    (tmp_path / "bits").mkdir()
    shutil.copy(header, tmp_path / "bits/eventfd.h")
    mutate(tmp_path / "bits/eventfd.h", r"EFD_SEMAPHORE = 0*1\b", "EFD_SEMAPHORE = 00000002")
    return tmp_path


@pytest.mark.parametrize("name", ["CPATH", "C_INCLUDE_PATH"])
@pytest.mark.parametrize("fresh", [[], ["--fresh"]], ids=["kept", "fresh"])
def test_no_variable_puts_other_headers_before_those_that_are_proved(shadow, name, fresh):
    """Neither libclang nor the compiler sees them, and nothing false is kept."""
    for variables in ({name: shadow}, {}):
        result = prove(*fresh, **variables)
        assert result.code == PROVED, describe(result)


def test_a_compiler_from_a_variable_is_not_used(tmp_path):
    """COMPILER_PATH names folders that come before the compiler's own."""
    cc1 = tmp_path / "cc1"
    cc1.write_text("#!/bin/sh\nexit 1\n")
    cc1.chmod(0o755)
    result = prove("--fresh", COMPILER_PATH=tmp_path)
    assert result.code == PROVED, describe(result)


def wrapper(folder, option):
    """A compiler in front of the real one; each has the same size and the same date."""
    name = "x86_64-linux-gnu-gcc"
    real = need_program(name)
    script = folder / name
    script.write_text(f'#!/bin/sh\nexec {real} "$@" {option:20}\n')
    script.chmod(0o755)
    os.utime(script, (1577836800, 1577836800))


@pytest.mark.parametrize("fresh", [[], ["--fresh"]], ids=["kept", "fresh"])
def test_a_compiler_of_the_same_size_and_date_is_another_one(tmp_path, fresh):
    """What one compiler built is no answer for the other, in either direction."""
    path = f"{tmp_path}:{os.environ['PATH']}"
    for option, code in (("-fno-common", PROVED), ("-fshort-enums", PROVED),
                         ("-funsigned-char -m32", FINDINGS), ("-fno-common", PROVED)):
        wrapper(tmp_path, option)
        result = prove(*fresh, PATH=path)
        assert result.code == code, f"{option}: {describe(result)}"


@pytest.mark.parametrize("text", ["", "garbage\n"], ids=["empty", "garbage"])
@pytest.mark.parametrize("name", ["dwarf-binding.o", "binding.out", "binding", "c/binding.o"])
def test_an_output_that_was_damaged_is_made_again(name, text):
    """Whatever happens to a kept file, the next run does not stand on it."""
    assert prove().code == PROVED
    path = ROOT / "build/probes/x86_64-linux/eventfd" / name
    before = path.read_bytes()
    path.write_text(text)
    result = prove()
    assert result.code == PROVED, describe(result)
    assert path.read_bytes() == before


def test_fresh_builds_what_is_there(tmp_path):
    """--fresh compiles again, and does not only run again."""
    counter = tmp_path / "log"
    name = "x86_64-linux-gnu-gcc"
    real = need_program(name)
    (tmp_path / name).write_text(f'#!/bin/sh\necho "$@" >>{counter}\nexec {real} "$@"\n')
    (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"

    def compilations(*options):
        counter.write_text("")
        assert prove(*options, PATH=path).code == PROVED
        return sum("-MD" in line for line in counter.read_text().splitlines())

    first, kept, fresh = compilations(), compilations(), compilations("--fresh")
    assert first > 0
    assert kept == 0
    assert fresh == first

"""Bindings in other dialects of C than the one that probes are compiled in.

In: bindings in which a constant, a body or a macro's value depends on how a program is compiled.
Out: an error, whichever of the compiler's macros it is.
"""

import shutil

import pytest

from conftest import FINDINGS, PROVED, ROOT, describe, find, findings, mutate, run

MACROS = ["__STDC_HOSTED__", "defined(__STRICT_ANSI__)", "defined(_REENTRANT)",
          "defined(__OPTIMIZE__)", "defined(__cplusplus)"]
IDS = [macro.strip("_").replace("defined(", "").strip("_)") for macro in MACROS]


@pytest.fixture
def bindings(tmp_path):
    """A copy of the bindings."""
    return shutil.copytree(ROOT / "bindings/c", tmp_path / "c")


def prove(bindings, *options, target="x86_64-linux"):
    """Proves eventfd with other bindings."""
    return run("prove", "--spec", "eventfd", "--target", target, "--bindings", bindings, *options)


def test_generated_bindings_are_the_same_in_every_dialect(bindings):
    """Nothing is found in what is not changed."""
    result = prove(bindings, "--witness", "dialect", "--target", "aarch64-linux")
    assert not findings(result.out), describe(result)


@pytest.mark.parametrize("macro", MACROS, ids=IDS)
def test_a_constant_that_depends_on_the_dialect_is_found(macro, bindings):
    """The right value where probes look, another one elsewhere."""
    mutate(bindings / "eventfd.h", r"^(#define RAW_EFD_SEMAPHORE) 0x1$",
           rf"#if {macro}\n\1 0x2\n#else\n\1 0x1\n#endif")
    result = prove(bindings, "--witness", "dialect")
    assert result.code == FINDINGS, describe(result)
    [found] = find(result.out, "differs-by-dialect", "eventfd")
    assert "'#define RAW_EFD_SEMAPHORE 0x2' instead of '#define RAW_EFD_SEMAPHORE 0x1'" in \
        found.details["got"], describe(result)


@pytest.mark.parametrize("macro", MACROS, ids=IDS)
def test_a_body_that_depends_on_the_dialect_is_found(macro, bindings):
    """Two arguments are exchanged in one dialect alone."""
    call = r"(raw_syscall2\(RAW_NR_eventfd2, )(\(long\)initval), (\(long\)flags)\);"
    mutate(bindings / "eventfd.h", rf"^    return \(int\){call}$",
           rf"#if {macro}\n    return (int)\1\3, \2);\n#else\n    return (int)\1\2, \3);\n#endif")
    result = prove(bindings, "--witness", "dialect")
    assert find(result.out, "differs-by-dialect", "eventfd"), describe(result)


def test_a_value_that_is_computed_from_the_dialect_is_found(bindings):
    """The text of the macro is the same; what it stands for is not."""
    mutate(bindings / "eventfd.h", r"^#define RAW_EFD_SEMAPHORE 0x1$",
           "#define RAW_EFD_SEMAPHORE (0x1 + __STDC_HOSTED__)")
    result = prove(bindings, "--witness", "dialect")
    assert find(result.out, "differs-by-dialect", "eventfd"), describe(result)


def test_a_constant_of_hosted_c_alone_is_found_by_its_value(bindings):
    """The binding is also compiled as C, strict and hosted, and its facts compared."""
    mutate(bindings / "eventfd.h", r"^(#define RAW_EFD_SEMAPHORE) 0x1$",
           r"#if __STDC_HOSTED__ && !defined(__cplusplus)\n\1 0x2\n#else\n\1 0x1\n#endif")
    mutate(bindings / "eventfd.h", r"^RAW_STATIC_ASSERT\(RAW_EFD_SEMAPHORE ==.*\n", "")
    result = prove(bindings)
    assert result.code == FINDINGS, describe(result)
    [found] = find(result.out, "bad-value", "EFD_SEMAPHORE")
    assert found.seen_by == {"c"}, describe(result)


def test_a_dialect_in_which_a_header_is_no_c_is_found(bindings):
    """What stops the preprocessor is no smaller set of lines."""
    mutate(bindings / "eventfd.h", r"^#define RAW_EFD_SEMAPHORE 0x1$",
           "#ifdef __cplusplus\n#error no\n#endif\n#define RAW_EFD_SEMAPHORE 0x1")
    result = prove(bindings, "--witness", "dialect")
    assert find(result.out, "does-not-compile", "eventfd"), describe(result)
    assert prove(ROOT / "bindings/c").code == PROVED

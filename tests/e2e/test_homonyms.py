"""gen/homonyms.yaml against the headers, and where verify, explain and show use it.

In: each row's headers, as the compilers of the targets read them. Out: that both have the name, that
their structs differ where the row says so, and what the report makes of it.
"""

import json
import re
import subprocess

import pytest
import yaml

from conftest import FINDINGS, PROVED, REPOSITORY, USAGE, describe, run
from test_verify import build_fixture, verify  # pylint: disable=unused-import

ROWS = yaml.safe_load((REPOSITORY / "gen/homonyms.yaml").read_text())["homonyms"]
HEADERS = [row for row in ROWS if "kernel" in row]


def object_of(build, row, header, defines=()):
    """What the header declares under the row's name, compiled for the row's target."""
    tag = "" if row["name"].endswith("_t") else "struct "
    macros = "".join(f"#define {define.replace('=', ' ')}\n" for define in ("_GNU_SOURCE", *defines))
    return build(f"{macros}#include <{header}>\n{tag}{row['name']} keep;\n", row["target"])


def verdict(result, name):
    """FINDINGS, proved, ... of the item of this name."""
    found = re.search(rf"^(FINDINGS|proved|by bytes) +{name}(?:  |$)", result.out, re.M)
    return found[1] if found else None


@pytest.mark.parametrize("row", HEADERS, ids=[row["name"] for row in HEADERS])
def test_structs_of_one_name_differ_where_the_table_says_so(build, row):
    """A C object that includes libc's header agrees with that, and not with the kernel's."""
    defines = row.get("defines", [])
    binding = object_of(build, row, row["libc"], defines)
    own = verify(binding, "--header", row["libc"], *(f"--define={define}" for define in defines))
    assert verdict(own, row["name"]) == "proved", describe(own)
    other = verify(binding, "--header", row["kernel"])
    assert verdict(other, row["name"]) == "FINDINGS", describe(other)
    kernel = verify(object_of(build, row, row["kernel"]), "--header", row["kernel"])
    assert verdict(kernel, row["name"]) in ("proved", "by bytes", None), describe(kernel)


@pytest.mark.parametrize("row", [row for row in ROWS if "kernel" not in row], ids=lambda row: row["name"])
def test_a_row_without_a_kernel_header_is_right_about_that(row, tmp_path):
    """No header of the kernel declares the struct, on any target that can be looked at."""
    folder = REPOSITORY.joinpath("/usr/include/linux")
    pattern = re.compile(rf"\bstruct\s+{row['name']}\s*\{{")
    headers = list(folder.rglob("*.h"))
    assert headers and not [path for path in headers if pattern.search(path.read_text(errors="replace"))]
    (tmp_path / "t.c").write_text(f"#include <{row['libc']}>\nstruct {row['name']} keep;\n")
    subprocess.run(["gcc", "-c", "t.c"], cwd=tmp_path, check=True)


KERNEL = "struct mine { unsigned c_iflag, c_oflag, c_cflag, c_lflag; unsigned char c_line, c_cc[19]; } keep;\n"
LIBC = ("struct mine { unsigned c_iflag, c_oflag, c_cflag, c_lflag; unsigned char c_line, c_cc[32]; "
        "unsigned c_ispeed, c_ospeed; } keep;\n")
NEITHER = "struct mine { unsigned c_iflag, c_oflag, c_cflag, c_lflag; unsigned char c_line, c_cc[20]; } keep;\n"


def flat(text):
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("source, header, owner, code, other", [
    (KERNEL, "asm/termbits.h", "the kernel's (asm-generic/termbits.h); termios.h has another", PROVED, None),
    (LIBC, "termios.h", "the C library's (bits/termios-struct.h); asm/termbits.h has another", PROVED, None),
    (KERNEL, "termios.h", "the C library's", FINDINGS, "it is the kernel's: --header asm/termbits.h"),
    (LIBC, "asm/termbits.h", "the kernel's", FINDINGS, "it is the C library's: --header termios.h"),
    (NEITHER, "termios.h", "the C library's", FINDINGS, None),
], ids=["kernel", "libc", "kernel with libc", "libc with kernel", "neither"])
def test_the_report_names_the_struct_that_was_compared(build, source, header, owner, code, other):
    args = [build(source), "--header", header, "--map", "mine=termios"]
    result = verify(*args)
    assert result.code == code and f"compared with {owner}" in flat(result.out), describe(result)
    assert flat(result.out).count("compared with the") == 1, describe(result)
    assert (other or "; it is the") in flat(result.out) if other else "; it is the" not in flat(result.out)
    cases = json.loads(verify(*args, "--format", "json").out)["cases"]
    texts = [case["text"] for case in cases if "termios" in case["name"]]
    assert len(texts) == 1 and f"compared with {owner}" in texts[0] and "TCGETS2" in texts[0], texts


def test_what_the_system_call_takes_on_arm_is_named(build):
    """asm/signal.h's sigaction is not what rt_sigaction takes there."""
    source = "struct mine { void *sa_handler; unsigned sa_mask; unsigned long sa_flags; void *sa_restorer; } keep;\n"
    result = verify(build(source, "arm-linux"), "--header", "asm/signal.h", "--map", "mine=sigaction")
    assert "rt_sigaction takes handler, flags, restorer, mask" in flat(result.out), describe(result)


def test_a_name_of_one_struct_has_no_such_line(build):
    result = verify(build("struct pollfd { int fd; short events, revents; } p;\n"), "--header", "poll.h")
    assert result.code == PROVED and "compared with" not in result.out, describe(result)


def test_explain_and_show_print_the_row():
    for row in ROWS:
        explained, shown = run("explain", row["name"], cwd=REPOSITORY), run("show", row["name"], cwd=REPOSITORY)
        assert explained.code == PROVED and shown.code == PROVED, describe(explained) + describe(shown)
        for text in (row["libc"], row.get("kernel", "none has it"), flat(row["call"]).strip(), row["source"]):
            assert text in flat(explained.out) and text in flat(shown.out), describe(explained)
    values = json.loads(run("explain", "sigaction", "--format", "json", cwd=REPOSITORY).out)
    assert values[0]["kernel"] == "asm/signal.h" and values[0]["libc"] == "signal.h"
    misspelt = run("explain", "sigactoin", cwd=REPOSITORY)
    assert misspelt.code == USAGE and "perhaps 'sigaction'" in misspelt.err, describe(misspelt)

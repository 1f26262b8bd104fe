"""Enumerations that Zig's own library has of the kernel's, which nobody here wrote.

In: std.os.linux of the pinned Zig (ci/fetch-zig), and linux/bpf.h. Out: that `abiproof verify` accepts those whose
names and values are the header's and finds the one whose name is another's: MapType.cgroup_storage is 32, which the
header calls BPF_MAP_TYPE_CGRP_STORAGE; its BPF_MAP_TYPE_CGROUP_STORAGE is 19.
"""

import subprocess

import pytest

from conftest import FINDINGS, PROVED, REPOSITORY, describe, find, findings, run

SOURCE = """const linux = @import("std").os.linux;
export var value: linux.BPF.%s = .%s;
"""


@pytest.mark.parametrize("theirs, member, ours, wrong", [
    ("ProgType", "kprobe", "bpf_prog_type", None),
    ("AttachType", "cgroup_inet_ingress", "bpf_attach_type", None),
    ("MapType", "hash", "bpf_map_type", "BPF_MAP_TYPE_CGROUP_STORAGE"),
])
def test_enumerations_of_another_project_are_compared_in_whole(theirs, member, ours, wrong, tmp_path):
    zig = REPOSITORY / "build/zig/ziglang/zig"
    if not zig.exists():
        pytest.skip(f"no {zig.relative_to(REPOSITORY)}: run ci/fetch-zig")
    (tmp_path / "a.zig").write_text(SOURCE % (theirs, member))
    subprocess.run([zig, "build-obj", "-target", "x86_64-linux", "a.zig", "-femit-bin=a.o"], cwd=tmp_path, check=True,
                   timeout=300)
    result = run("verify", tmp_path / "a.o", "--header", "linux/bpf.h", "--map", f"{theirs}={ours}", cwd=REPOSITORY)
    assert result.code == (FINDINGS if wrong else PROVED), describe(result)
    assert f"{theirs} as {ours} " in result.out, describe(result)
    if wrong:
        [found] = find(result.out, "bad-value", wrong)
        assert (found.details["expected"], found.details["got"]) == ("0x13", "0x20"), describe(result)
        assert [one for one in findings(result.out) if one.severity == "error"] == [found], describe(result)

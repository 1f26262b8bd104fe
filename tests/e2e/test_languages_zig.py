"""What Zig alone writes: names that its compiler makes, pointers that may be null, and enumerations of its library.

In: std.os.linux of the pinned Zig (ci/fetch-zig), which nobody here wrote, and linux/bpf.h; and a type that is
chosen by the target, with parts that have no names. Out: that `abiproof verify` accepts the enumerations whose
names and values are the header's and finds the one whose name is another's: MapType.cgroup_storage is 32, which the
header calls BPF_MAP_TYPE_CGRP_STORAGE; its BPF_MAP_TYPE_CGROUP_STORAGE is 19. That it knows the chosen type by its
author's name, and takes no part of a type for the type.
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


CHOSEN = """const builtin = @import("builtin");
pub const EpollEvent = switch (builtin.cpu.arch) {
    .x86_64 => extern struct {
        events: u32,
        data: extern union { fd: i32, ptr: ?*anyopaque, word: u64 } align(%d),
    },
    else => extern struct {
        events: u32,
        data: extern union { fd: i32, ptr: ?*anyopaque, word: u64 },
    },
};
/// Its own name is that of a part of it, too.
pub const Itimerspec = extern struct {
    it_interval: extern struct { tv_sec: isize, tv_nsec: isize },
    it_value: extern struct { tv_sec: isize, tv_nsec: isize },
};
pub extern fn epoll_ctl(epfd: i32, op: i32, fd: i32, event: ?*EpollEvent) i32;
export var event: EpollEvent = undefined;
export var time: Itimerspec = undefined;
export const control = &epoll_ctl;
"""


@pytest.mark.parametrize("backend", [[], ["-fllvm"]], ids=["own", "llvm"])
@pytest.mark.parametrize("align", [4, 8])
def test_a_type_that_an_expression_chose_has_its_authors_name(align, backend, tmp_path):
    """Both backends call it EpollEvent__struct_N, and a union in it so as well; `?*T` may be written as a union."""
    zig = REPOSITORY / "build/zig/ziglang/zig"
    if not zig.exists():
        pytest.skip(f"no {zig.relative_to(REPOSITORY)}: run ci/fetch-zig")
    (tmp_path / "a.zig").write_text(CHOSEN % align)
    subprocess.run([zig, "build-obj", *backend, "-target", "x86_64-linux", "a.zig", "-femit-bin=a.o"], cwd=tmp_path,
                   check=True, timeout=300)
    result = run("verify", tmp_path / "a.o", "--map", "Itimerspec=itimerspec", "--map", "control=epoll_ctl", "--header",
                 "time.h", cwd=REPOSITORY)
    assert result.code == (PROVED if align == 4 else FINDINGS), describe(result)
    assert {one.item for one in findings(result.out) if one.severity == "error"} <= {
        "epoll_event", "epoll_event.data"}, describe(result)
    assert "EpollEvent as epoll_event " in result.out and "Itimerspec as itimerspec " in result.out, describe(result)

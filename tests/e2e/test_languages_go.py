"""Bindings in Go: what its compiler takes and refuses, what `verify` sees, and programs that run on them.

In: bindings/go, as `abiproof gen` wrote it. Out: that every package is formatted and passes `go vet`, that each
mistake is refused by the package's own assertion and, without it, found by `verify` with no map, that a target
without a proved layout is refused, and that the calls do what epoll(7) says, on big-endian machines too.
`abiproof prove --lang go` holds the packages against the facts.
"""

import os
import re
import shutil
import subprocess

import pytest

from conftest import FINDINGS, PROVED, REPOSITORY, describe, list_targets, need_program, run
from test_languages_rust import facts_of_calls

FOLDER = REPOSITORY / "bindings/go"
PACKAGES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
LINUX = [name for name in PACKAGES if not name.startswith("kqueue")]
WITH_CALLS = [name for name in LINUX if "syscall.Syscall6" in
              "".join(path.read_text() for path in (FOLDER / name).glob("z*.go"))]

# Package, target, file, what is changed there, and whether the package itself asserts it.
MISTAKES = {
    "the words swapped": ("epoll", "linux/amd64", "linux_amd64", True, [
        (r"(\tData)Lo( uint32\n.*\n\tData)Hi", r"\1Hi\2Lo")]),
    "the words swapped, big-endian": ("epoll", "linux/s390x", "linux_s390x", True, [
        (r"(\tData)Hi( uint32\n.*\n\tData)Lo", r"\1Lo\2Hi")]),
    "a pad dropped": ("epoll", "linux/arm64", "linux_arm64_etc", True, [
        (r"\t// at 4: the system leaves.*\n\tPad uint32\n", ""), (r"var _ .*\.Pad\).*\n", "")]),
    "the alignment dropped": ("epoll", "linux/arm64", "linux_arm64_etc", True, [(r"\t_ \[0\]uint64.*\n", "")]),
    "the alignment dropped, 32-bit": ("epoll", "linux/mips", "linux_mips", True, [
        (r"(type EpollEvent struct \{\n)\t_ \[0\]atomic.*\n", r"\1")]),
    "a constant": ("epoll", "linux/amd64", "linux_amd64", False, [(r"(const EPOLLOUT uint32 = 0x)4", r"\g<1>5")]),
    "a number": ("epoll", "linux/amd64", "linux_amd64", False, [(r"(const NR_epoll_ctl uintptr = 23)3", r"\g<1>4")]),
    "without its sign": ("kqueue_macos", "darwin/arm64", "darwin_amd64_etc", False, [
        (r"\tData int64\n", "\tData uint64\n")]),
    "a filter without its sign": ("kqueue_freebsd", "freebsd/386", "freebsd_386", False, [
        (r"\tFilter int16\n", "\tFilter uint16\n")]),
    "another target's file": ("epoll", "linux/arm64", "linux_amd64", False, [
        (r"//go:build linux && amd64", "//go:build linux && arm64")]),
}
TARGETS = {"darwin/arm64": "aarch64-macos", "freebsd/386": "i386-freebsd"}


def go(target, folder, *args):
    """Runs Go for a target, "linux/amd64". Returns what it did."""
    need_program("go")
    system, machine = target.split("/")
    return subprocess.run(["go", *map(str, args)], cwd=folder, timeout=600, check=False, capture_output=True, text=True,
                          env={**os.environ, "GOOS": system, "GOARCH": machine, "CGO_ENABLED": "0", "GOFLAGS": "",
                               "GOWORK": "off", "GOTOOLCHAIN": "local"})


def copy_module(folder, *packages):
    shutil.copy(FOLDER / "go.mod", folder)
    for package in packages:
        shutil.copytree(FOLDER / package, folder / package)
    return folder


def build_shown(folder, package, target):
    """A program with all of a package in it, as `prove` makes it: `object` in the folder."""
    if (folder / package / "abi_test.go").exists():
        (folder / package / "abi_test.go").rename(folder / package / "z_shown.go")
    (folder / "main.go").write_text(f'package main\n\nimport "abiproof/{package}"\n\nvar all []any\n\n'
                                    f"func main() {{ all = {package}.Shown() }}\n")
    return go(target, folder, "build", "-o", "object", ".")


def test_all_packages_are_formatted_and_vetted():
    done = subprocess.run([need_program("gofmt"), "-l", FOLDER], timeout=60, check=True, capture_output=True, text=True)
    assert done.stdout == "", done.stdout
    done = go("linux/amd64", FOLDER, "vet", *(f"./{name}" for name in LINUX))
    assert done.returncode == 0 and done.stderr == "", done.stderr


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_and_found(mistake, tmp_path):
    package, target, name, is_asserted, edits = MISTAKES[mistake]
    path = copy_module(tmp_path, package) / package / f"z{package}_{name}.go"
    text = path.read_text()
    for pattern, replacement in edits:
        text, n = re.subn(pattern, replacement, text)
        assert n >= 1, f"{pattern} is not there"
    if mistake == "another target's file":
        (path.parent / "zepoll_linux_arm64_etc.go").unlink()
        path.unlink()
        path = path.with_name("zepoll_mistaken.go")
    path.write_text(text)
    done = build_shown(tmp_path, package, target)
    assert (done.returncode != 0) == is_asserted, done.stderr
    if is_asserted:
        assert re.search(r"cannot use \[unsafe\.(Sizeof|Alignof|Offsetof)\(EpollEvent", done.stderr), done.stderr
    path.write_text(re.sub(r"^var _ \[\d+\]byte = .*\n", "", text, flags=re.MULTILINE) + "\nvar _ unsafe.Pointer\n")
    done = build_shown(tmp_path, package, target)
    assert done.returncode == 0, done.stderr
    result = run("verify", tmp_path / "object", *(["--target", TARGETS[target]] if target in TARGETS else []),
                 cwd=REPOSITORY)
    # Without its alignment a record's bytes are where they were: that is a constant that `prove` alone asks for.
    assert result.code == (PROVED if "alignment" in mistake else FINDINGS), describe(result)


@pytest.mark.parametrize("package, target", [
    ("epoll", "darwin/arm64"), ("epoll", "windows/amd64"), ("kqueue_macos", "linux/amd64"), ("epoll", "freebsd/arm64"),
    ("kqueue_netbsd", "netbsd/386"), ("kqueue_openbsd", "openbsd/arm64")])
def test_a_target_without_a_proved_layout_is_refused(package, target):
    done = go(target, FOLDER, "build", f"./{package}")
    assert done.returncode != 0
    assert f"{package}: abiproof has proved no layout for this target" in done.stderr, done.stderr


PROGRAM = """package main

import (
	"abiproof/epoll"
	"syscall"
)

func main() {
	words := [2]uint64{0x0123456789abcdef, 0xfedcba9876543210}
	queue := epoll.SysEpollCreate1(epoll.EPOLL_CLOEXEC)
	for _, word := range words {
		var ends [2]int
		event := epoll.EpollEvent{Events: epoll.EPOLLIN}
		event.SetData(word)
		if syscall.Pipe2(ends[:], 0) != nil {
			panic("no pipe")
		}
		syscall.Write(ends[1], []byte("x"))
		if epoll.SysEpollCtl(queue, epoll.EPOLL_CTL_ADD, int32(ends[0]), &event) != 0 ||
			epoll.SysEpollCtl(queue, epoll.EPOLL_CTL_ADD, int32(ends[0]), &event) != -int32(syscall.EEXIST) {
			panic("not added")
		}
	}
	for range [3]int{} {
		var events [4]epoll.EpollEvent
		n := epoll.SysEpollPwait(queue, &events[0], 4, 1000, nil, epoll.SIGSET_SIZE)
		first, second := events[0].Data(), events[1].Data()
		if n != 2 || first+second != words[0]+words[1] || (first != words[0] && first != words[1]) ||
			events[0].Events != epoll.EPOLLIN || epoll.SysEpollWait(queue, &events[0], 4, 0) != 2 {
			panic("not two events")
		}
	}
	syscall.Write(1, []byte("two events\\n"))
}
"""


@pytest.mark.parametrize("target, word", [
    ("x86_64-linux", "linux/amd64"), ("armhf-linux", "linux/arm"), ("aarch64-linux", "linux/arm64"),
    ("s390x-linux", "linux/s390x"), ("mips-linux", "linux/mips"), ("ppc64le-linux", "linux/ppc64le"),
    ("riscv64-linux", "linux/riscv64")])
def test_a_program_waits_for_two_pipes(target, word, tmp_path):
    """Words of 64 bits come back as they were, by a call with six arguments too."""
    emulator = list_targets()[target]["emulator"]
    if emulator.startswith("missing"):
        pytest.skip(f"not installed: {emulator}")
    copy_module(tmp_path, "epoll")
    (tmp_path / "main.go").write_text(PROGRAM)
    done = go(word, tmp_path, "build", "-o", "main", ".")
    assert done.returncode == 0, done.stderr
    done = subprocess.run([*([] if emulator == "native" else [emulator]), "./main"], cwd=tmp_path, timeout=60,
                          check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "two events\n"), done.stderr


CALLER = """package main

import (
	"fmt"
	"reflect"
	"unsafe"
)

var cells [8]uint64

func call(function any) {
	value := reflect.ValueOf(function)
	var args []reflect.Value
	for i := 0; i < value.Type().NumIn(); i++ {
		kind := value.Type().In(i)
		pointer := unsafe.Pointer(&cells[i+1])
		switch kind.Kind() {
		case reflect.Ptr:
			args = append(args, reflect.NewAt(kind.Elem(), pointer))
		case reflect.UnsafePointer:
			args = append(args, reflect.ValueOf(pointer))
		default:
			args = append(args, reflect.ValueOf(i+1).Convert(kind))
		}
	}
	fmt.Println(uintptr(unsafe.Pointer(&cells)))
	value.Call(args)
}
"""


@pytest.mark.parametrize("package", WITH_CALLS)
def test_every_system_call_enters_with_its_number_and_arguments(package, tmp_path):
    """syscall.Syscall6 is replaced by what prints what it is given: each argument is another
    number, or points to that cell of an array."""
    copy_module(tmp_path, package)
    (path,) = [path for path in (tmp_path / package).glob("z*.go")
               if re.search(r"^//go:build .*\bamd64\b", path.read_text(), re.MULTILINE) and "unknown" not in path.name]
    path.write_text(path.read_text().replace("syscall.Syscall6(", "record("))
    (tmp_path / package / "record.go").write_text(
        f'package {package}\n\nimport (\n\t"fmt"\n\t"syscall"\n)\n\nconst _ = syscall.EINVAL\n\n'
        "func record(words ...uintptr) (uintptr, uintptr, syscall.Errno) {\n\tfmt.Println(words)\n\treturn 0, 0, 0\n}\n")
    text = path.read_text()
    if "syscall." not in text.replace('import "syscall"', ""):
        path.write_text(text.replace('import "syscall"\n', ""))
    calls = list(facts_of_calls(package))
    names = [("Sys" + "".join(part.capitalize() for part in name.split("_")), number, n) for name, number, n in calls]
    (tmp_path / "call.go").write_text(CALLER)
    (tmp_path / "main.go").write_text(f'package main\n\nimport "abiproof/{package}"\n\nfunc main() {{\n' + "".join(
        f"\tcall({package}.{name})\n" for name, _, _ in names) + "}\n")
    done = go("linux/amd64", tmp_path, "run", ".")
    assert done.returncode == 0, done.stderr
    lines = [[int(word) for word in line.strip("[]").split()] for line in done.stdout.splitlines()]
    assert names and len(lines) == 2 * len(names)
    for (name, number, n), (cells,), (entered, *words) in zip(names, lines[::2], lines[1::2]):
        words = [(word - cells) // 8 if word >= cells else word for word in words]
        assert (entered, words) == (number, [*range(1, n + 1), *[0] * (6 - n)]), name

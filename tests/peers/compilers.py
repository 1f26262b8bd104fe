"""How an object with a peer's names is made: one class per compiler.

In: a target of the compiler's, and wanted names. Out: an object with debug information of those
that the peer has. Design: nothing here reads a peer's source. The compiler is asked for every
wanted name, says which ones do not exist, and writes down the others, as it would for any program
that uses them.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Dict, List, NamedTuple, Optional, Set

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]


class Unavailable(Exception):
    """A compiler, or what it needs, is not there; the text says what and how to get it."""


class Wanted(NamedTuple):
    """A name to compare: the kernel's, the peer's, and which kind the peer's is."""

    ours: str  # as `abiproof verify --map` takes it: "epoll_event", "EPOLLIN", "syscall:epoll_wait"
    theirs: str
    is_record: bool


class Built(NamedTuple):
    """An object, and what each wanted name is called in its debug information."""

    path: Path
    maps: Dict[str, str]  # ours: theirs
    present: Set[str]  # of ours: what the compiler has put there, so that it must be found


def run(argv: List, cwd: Path, seconds: int = 600, **variables) -> subprocess.CompletedProcess:
    """Runs a compiler. variables are added to its environment."""
    return subprocess.run([str(word) for word in argv], cwd=cwd, env={**os.environ, **variables},
                          timeout=seconds, encoding="utf-8", errors="backslashreplace",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)


def must_run(argv: List, cwd: Path, **variables) -> str:
    """Runs it and returns what it prints. Raises RuntimeError with its last lines."""
    done = run(argv, cwd, **variables)
    if done.returncode != 0:
        raise RuntimeError(f"{argv[0]}: exit code {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def note_of(path: Path) -> Path:
    """Where it is noted what an object was made from, and what it has."""
    return path.with_name(path.name + ".note")


def read_note(path: Path, *inputs: str) -> Optional[Set[str]]:
    """The names that the object at path has, if it was made from these very inputs."""
    if not path.exists() or not note_of(path).exists():
        return None
    made_from, *names = note_of(path).read_text().split()
    return set(names) if made_from == digest(*inputs) else None


def write_note(path: Path, names: Set[str], *inputs: str) -> None:
    """Notes what the object at path was made from, and the names that it has."""
    note_of(path).write_text("\n".join([digest(*inputs), *sorted(names)]) + "\n")


def digest(*inputs: str) -> str:
    return hashlib.sha256("\0".join(inputs).encode()).hexdigest()


class Go:
    """Linked programs: the linker alone writes Go's debug information. It has every constant of a
    package that is linked in, and the types that reachable code uses. Go's own library has
    constants of the same names, so it is compiled without debug information, unless it is itself
    the peer."""

    def __init__(self, work: Path):
        self.go = shutil.which("go")
        if self.go is None:
            raise Unavailable("no go in PATH; Debian's package is golang-go")
        self.work = work / "go-module"
        self.work.mkdir(parents=True, exist_ok=True)
        for name in ["go.mod", "go.sum"]:
            shutil.copy(HERE / "go" / name, self.work)
        self.compiler = must_run([self.go, "version"], self.work).split()[2]
        self.known = must_run([self.go, "tool", "dist", "list"], self.work).split()

    def version(self, package: str) -> str:
        if "." not in package:
            return self.compiler
        module = re.search(r"^require (\S+) (\S+)$", (HERE / "go/go.mod").read_text(), re.MULTILINE)
        return f"{module[2]}, {self.compiler}"

    def build(self, package: str, triple: str, wanted: List[Wanted], folder: Path) -> Built:
        if triple not in self.known:
            raise Unavailable(f"{self.compiler} does not compile for {triple}")
        system, machine = triple.split("/")
        records = [name for name in wanted if name.is_record]
        maps = {name.ours: f"{package}.{name.theirs}" for name in wanted}
        path = folder / "peer"
        inputs = [self.compiler, self.source(package, records), os.environ.get("GOFLAGS", ""),
                  (HERE / "go/go.sum").read_text()]
        present = read_note(path, *inputs)
        if present is not None:
            return Built(path, maps, present)
        # Each peer is a package of its own within one module.
        main = self.work / folder.relative_to(folder.parents[1])
        main.mkdir(parents=True, exist_ok=True)
        flags = ["-gcflags=std=-N -l -dwarf=false", f"-gcflags={package}=-N -l", "-gcflags=-e"]
        while True:
            (main / "main.go").write_text(self.source(package, records))
            done = run([self.go, "build", "-buildvcs=false", *flags, "-o", path, "."], main,
                       GOOS=system, GOARCH=machine, CGO_ENABLED="0")
            if done.returncode == 0:
                present = {name.ours for name in records}
                write_note(path, present, *inputs)
                return Built(path, maps, present)
            missing = set(re.findall(r"undefined: \w+\.(\w+)", done.stderr))
            if not missing & {name.theirs for name in records}:
                raise RuntimeError(f"go build for {triple} failed:\n{done.stderr[-2000:]}")
            records = [name for name in records if name.theirs not in missing]

    @staticmethod
    def source(package: str, records: List[Wanted]) -> str:
        short = package.rsplit("/", 1)[-1]
        lines = [f'package main\n\nimport "{package}"\n']
        lines += [f"var v{i} {short}.{name.theirs}" for i, name in enumerate(records)]
        used = ", ".join(f"&v{i}" for i in range(len(records)))
        return "\n".join(lines) + f"\nvar _ = {short}.Getpid\n\nfunc main() {{ println({used}) }}\n"


class Zig:
    """Objects: each name is exported as data. The compiler is in the wheel of ci/headers.lock."""

    def __init__(self, work: Path):
        pin = re.search(r"^ziglang==(\S+) ", (REPOSITORY / "ci/headers.lock").read_text(),
                        re.MULTILINE)
        self.compiler = f"zig {pin[1]}"
        self.cache = work / "zig-cache"
        self.zig = REPOSITORY / "build/zig/ziglang/zig"
        try:
            must_run([REPOSITORY / "ci/fetch-zig"], REPOSITORY)
        except RuntimeError as error:
            raise Unavailable(str(error)) from error

    def version(self, _package: Optional[str]) -> str:
        return self.compiler

    def build(self, _package: Optional[str], triple: str, wanted: List[Wanted],
              folder: Path) -> Built:
        names = {name.ours: re.sub(r"\W", "_", name.ours) for name in wanted}
        maps = {name.ours: f"var:peer_{name.ours}" if name.is_record else names[name.ours]
                for name in wanted}
        source = (HERE / "names.zig").read_text() + "\ncomptime {\n" + "".join(
            self.line(name, names[name.ours]) for name in wanted) + "}\n"
        path = folder / "peer.o"
        inputs = [self.compiler, triple, source]
        present = read_note(path, *inputs)
        if present is None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "peer.zig").write_text(source)
            # LLVM's debug information for all, also where Zig has a code generator of its own.
            must_run([self.zig, "build-obj", "-target", triple, "-fllvm", "-O", "Debug",
                      "-fno-strip", "-femit-bin=peer.o", "--cache-dir", self.cache,
                      "--global-cache-dir", self.cache, "peer.zig"], folder)
            # An exported name is in the object's table of symbols.
            texts = set(path.read_bytes().replace(b"\0_", b"\0").split(b"\0"))
            present = {ours for ours, theirs in maps.items()
                       if theirs.replace("var:", "").encode() in texts}
            write_note(path, present, *inputs)
        return Built(path, maps, present)

    @staticmethod
    def line(name: Wanted, exported: str) -> str:
        owner, member = name.theirs.rsplit(".", 1)
        if name.is_record:
            return (f'    if (hasRecord({owner}, "{member}")) _ = &struct {{\n'
                    f"        export var peer_{exported}: {name.theirs} = undefined;\n"
                    f"    }}.peer_{exported};\n")
        return (f'    if (has({owner}, "{member}")) _ = &struct {{\n'
                f'        export const {exported} = integer({owner}, "{member}");\n'
                f"    }}.{exported};\n")


class Rust:
    """Objects: each constant is the value of a static, each record part of the type of one, behind
    a function's parameter because records with pointers may not be shared. No library is linked,
    so all that is needed of a target is what the compiler reads: core's metadata, made from the
    source that came with it."""

    def __init__(self, work: Path):
        self.rustc = self.find_rustc()
        self.compiler = must_run([self.rustc, "--version"], work.parent).strip()
        self.core = Path(must_run([self.rustc, "--print", "sysroot"], work.parent).strip(),
                         "lib/rustlib/src/rust/library/core/src/lib.rs")
        self.known = must_run([self.rustc, "--print", "target-list"], work.parent).split()
        self.work = work
        self.libc = self.find_crate()

    @staticmethod
    def find_rustc() -> str:
        """The first compiler in PATH that the source of its core library came with."""
        for folder in [*os.environ.get("PATH", "").split(":"), "/usr/bin"]:
            rustc = Path(folder, "rustc")
            if os.access(rustc, os.X_OK):
                done = run([rustc, "--print", "sysroot"], REPOSITORY)
                root = Path(done.stdout.strip(), "lib/rustlib/src/rust/library/core/src/lib.rs")
                if done.returncode == 0 and root.exists():
                    return str(rustc)
        raise Unavailable("no rustc with the source of its core library; Debian's packages are "
                          "rustc and rust-src")

    def find_crate(self) -> Path:
        """The crate's source, whose hash cargo holds against Cargo.lock."""
        cargo = shutil.which("cargo")
        if cargo is None:
            raise Unavailable("no cargo in PATH; Debian's package is cargo")
        folder = self.work / "rust-module"
        folder.mkdir(parents=True, exist_ok=True)
        for name in ["Cargo.toml", "Cargo.lock"]:
            shutil.copy(HERE / "rust" / name, folder)
        (folder / "none.rs").write_text("")
        try:
            # Old versions of cargo know the registry's index in small files only as an experiment.
            graph = json.loads(must_run([cargo, "metadata", "--locked", "--format-version", "1"],
                                        folder, RUSTC_BOOTSTRAP="1",
                                        CARGO_UNSTABLE_SPARSE_REGISTRY="true"))
        except RuntimeError as error:
            raise Unavailable(f"cargo cannot fetch the crate: {error}") from error
        [package] = [item for item in graph["packages"] if item["name"] == "libc"]
        self.crate_version = package["version"]
        return Path(package["manifest_path"]).parent / "src/lib.rs"

    def version(self, _package: str) -> str:
        return f"{self.crate_version}, {' '.join(self.compiler.split()[:2])}"

    def call(self, triple: str, sysroot: Path, name: str, source: Path, *more):
        folder = source.parent if name == "peer" else sysroot
        return run([self.rustc, "--crate-name", name, "--edition", "2021", "--crate-type", "lib",
                    "--target", triple, "--sysroot", sysroot, "-L", sysroot, "--cap-lints", "allow",
                    "--out-dir", folder, *more, source], self.work, RUSTC_BOOTSTRAP="1")

    def make_libraries(self, triple: str, sysroot: Path) -> None:
        """Metadata of core, of a compiler_builtins without content, and of the crate."""
        library = sysroot / "liblibc.rmeta"
        inputs = [self.compiler, self.crate_version, triple]
        if read_note(library, *inputs) is not None:
            return
        sysroot.mkdir(parents=True, exist_ok=True)
        builtins = sysroot / "builtins.rs"
        builtins.write_text("#![feature(compiler_builtins, no_core)]\n#![compiler_builtins]\n"
                            "#![no_core]\nextern crate core;\n")
        for name, source, *more in [
                ("core", self.core, "-Zforce-unstable-if-unmarked"),
                ("compiler_builtins", builtins),
                # core::ffi::c_int was unstable before 1.64. The crate's build.rs says freebsd12
                # where it does not run on FreeBSD.
                ("libc", self.libc, "-Zcrate-attr=feature(core_ffi_c)", "--cfg", "freebsd12")]:
            done = self.call(triple, sysroot, name, source, "--emit=metadata", *more)
            if done.returncode != 0:
                raise RuntimeError(f"{name} for {triple} failed:\n{done.stderr[-2000:]}")
        write_note(library, set(), *inputs)

    def build(self, package: str, triple: str, wanted: List[Wanted], folder: Path) -> Built:
        if triple not in self.known:
            raise Unavailable(f"{self.compiler} does not compile for {triple}")
        # The crate's modules are part of a type's path, so only its last part is asked for.
        maps = {name.ours: name.theirs for name in wanted}
        path, source = folder / "peer.o", folder / "peer.rs"
        inputs = [self.compiler, self.crate_version, triple, repr(wanted)]
        present = read_note(path, *inputs)
        if present is not None:
            return Built(path, maps, present)
        folder.mkdir(parents=True, exist_ok=True)
        sysroot = self.work / "rust-libraries" / triple
        self.make_libraries(triple, sysroot)
        types = {name.ours: f"Option<fn(*const {package}::{name.theirs})>" if name.is_record
                 else "i32" for name in wanted}
        emit = "--emit=metadata"
        while True:
            kept = [name for name in wanted if name.ours in types]
            source.write_text("#![no_std]\n#![allow(non_upper_case_globals)]\n" + "".join(
                self.line(name, types[name.ours], package) for name in kept))
            done = self.call(triple, sysroot, "peer", source, emit, "-g", "--error-format=json",
                             "--extern", f"libc={sysroot}/liblibc.rmeta")
            if done.returncode == 0 and emit == "--emit=obj":
                write_note(path, set(types), *inputs)
                return Built(path, maps, set(types))
            if done.returncode == 0:
                emit = "--emit=obj"
            elif not self.learn(done.stderr, kept, types):
                raise RuntimeError(f"rustc for {triple} failed:\n{done.stderr[-2000:]}")

    @staticmethod
    def line(name: Wanted, kind: str, package: str) -> str:
        if name.is_record:
            return f"#[no_mangle] pub static peer_{name.ours}: {kind} = None;\n"
        return f"#[no_mangle] pub static {name.theirs}: {kind} = {package}::{name.theirs};\n"

    @staticmethod
    def learn(text: str, kept: List[Wanted], types: Dict[str, str]) -> bool:
        """Takes from the compiler's messages what does not exist, and which types constants have.
        Returns false if they say neither."""
        has_learnt = False
        for message in map(json.loads, filter(None, text.splitlines())):
            code = (message.get("code") or {}).get("code")
            at = [span for span in message["spans"] if span["is_primary"]]
            if code in ("E0412", "E0425"):
                types.pop(kept[at[0]["line_start"] - 3].ours, None)
                has_learnt = True
            elif code == "E0308":
                found = re.search(r"found `(\w+)`", at[0]["label"])
                types[kept[at[0]["line_start"] - 3].ours] = found[1]
                has_learnt = True
        return has_learnt


COMPILERS = {"go": Go, "zig": Zig, "rust": Rust}

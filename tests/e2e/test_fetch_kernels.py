"""ci/fetch-kernels: where a kernel is taken from, and how one is built.

In: an archive of Debian's form made here, of a few releases, which apt reads from a folder. Out: the
image, and the message where it comes from or why it does not come. Nothing is asked of the network.
"""

import hashlib
import os
import shutil

import pytest

from conftest import ABIPROOF, PROVED, REPOSITORY, USAGE, describe, need_program, run_program

NAME = "riscv64-linux"
PACKAGE = "linux-image-6.12-riscv64"


class Archive:
    """An archive of packages: releases under a folder named debian, as mirrors have it."""

    def __init__(self, folder):
        self.folder = folder / "debian"
        self.scratch = folder / "scratch"

    def add_package(self, release, content, package=PACKAGE, path="boot/vmlinux-6.12",
                    architecture="riscv64"):
        """Puts a package with one file of that content into the pool; its index entry."""
        tree = self.scratch / release
        (tree / "DEBIAN").mkdir(parents=True)
        (tree / path).parent.mkdir(parents=True)
        (tree / path).write_bytes(content)
        control = (f"Package: {package}\nVersion: 6.12-{release}\nArchitecture: {architecture}\n"
                   "Maintainer: nobody <nobody@localhost>\nDescription: a file\n")
        (tree / "DEBIAN/control").write_text(control)
        name = f"pool/{release}.deb"
        (self.folder / "pool").mkdir(parents=True, exist_ok=True)
        built = run_program(["dpkg-deb", "--build", "--root-owner-group", tree, self.folder / name])
        assert built.code == 0, describe(built)
        content = (self.folder / name).read_bytes()
        return (f"{control}Filename: {name}\nSize: {len(content)}\n"
                f"SHA256: {hashlib.sha256(content).hexdigest()}\n\n")

    def add_release(self, release, image=None, is_whole=True):
        """Adds a release, with a kernel if there is an image. One that is not whole has an index
        that differs from what it promises."""
        self.add_index(release, self.add_package(release, image) if image is not None else "",
                       is_whole)

    def add_index(self, release, index, is_whole=True, architecture="riscv64"):
        """Adds a release with these entries."""
        name = f"main/binary-{architecture}/Packages"
        path = self.folder / "dists" / release / name
        path.parent.mkdir(parents=True)
        path.write_text(index if is_whole else index + "\n")
        (self.folder / "dists" / release / "Release").write_text(
            f"Origin: Debian\nSuite: {release}\nCodename: {release}\nComponents: main\n"
            f"Architectures: {architecture}\nDate: Sat, 21 Nov 2020 09:15:44 UTC\n"
            f"SHA256:\n {hashlib.sha256(index.encode()).hexdigest()} {len(index)} {name}\n")


@pytest.fixture
def archive(tmp_path):
    """An empty archive."""
    need_program("apt-get")
    need_program("dpkg-deb")
    return Archive(tmp_path)


FETCHED = (f"  - name: {NAME}\n    architecture: riscv64\n"
           "    packages: [\"linux-image-[0-9]*-riscv64\"]\n    releases: [one, two]\n"
           "    machine: qemu-system-riscv64 -M virt\n    console: ttyS0\n")
BUILT = (f"  - name: {NAME}\n    architecture: all\n"
         "    packages: [\"linux-source-[0-9]*\"]\n    build: ARCH=test CROSS_COMPILE= vmlinux\n"
         "    machine: qemu-system-riscv64 -M virt\n    console: ttyS0\n")


@pytest.fixture
def fetch(root, archive, tmp_path, request):
    """Runs a copy of the script in the small tree; apt is set up with the release `mine`. A
    parameter is the table of kernels in the place of FETCHED."""
    kernels = getattr(request, "param", FETCHED)
    (root / "ci/kernels").mkdir(parents=True)
    for script in ("fetch-kernels", "build-kernel"):
        shutil.copy(REPOSITORY / "ci" / script, root / "ci")
    table = (root / "gen/targets.yaml").read_text()
    head, rows = table.split("\ntargets:\n")
    rows = "\n".join(line for line in rows.splitlines() if not line.startswith("    boot: "))
    (root / "gen/targets.yaml").write_text(
        f"{head.split('kernels:', 1)[0]}\nkernels:\n{kernels}\ntargets:\n{rows}\n")
    (tmp_path / "sources.list").write_text(f"deb file:{archive.folder} mine main\n")
    (tmp_path / "apt.conf").write_text(
        f"Dir::Etc::sourcelist \"{tmp_path}/sources.list\";\nDir::Etc::sourceparts \"-\";\n"
        "Acquire::AllowInsecureRepositories \"true\";\nAPT::Get::AllowUnauthenticated \"true\";\n")
    env = {**os.environ, "ABIPROOF": str(ABIPROOF), "APT_CONFIG": str(tmp_path / "apt.conf"),
           "LC_ALL": "C"}

    def call(*args):
        return run_program(["ci/fetch-kernels", *args], cwd=root, env=env)

    call.image = root / "build/kernels" / NAME / "vmlinuz"
    call.configs = root / "ci/kernels"
    return call


def test_the_own_release_comes_first(archive, fetch):
    """What the machine's own release has is taken from there, and kept with its name and sum."""
    archive.add_release("mine", b"an own kernel")
    archive.add_release("one", b"another kernel")
    result = fetch()
    assert result.code == PROVED and "release" not in result.out, describe(result)
    assert fetch.image.read_bytes() == b"an own kernel"
    assert (fetch.image.parent / "package").read_text() == \
        f"{PACKAGE} 6.12-mine\n{hashlib.sha256(b'an own kernel').hexdigest()}\n"
    assert fetch("--list").out == f"{NAME}\n"


@pytest.mark.parametrize("first", [pytest.param({}, id="has none"),
                                   pytest.param({"image": b"no", "is_whole": False}, id="broken"),
                                   pytest.param(None, id="absent")])
def test_another_release_is_asked_where_the_own_has_none(first, archive, fetch):
    """The next of the table's releases that has the kernel is named, whatever is wrong with the one
    before."""
    archive.add_release("mine")
    if first is not None:
        archive.add_release("one", **first)
    archive.add_release("two", b"a newer kernel")
    result = fetch()
    assert result.code == PROVED and result.err == "", describe(result)
    assert f"{NAME}: not in this machine's release, but in two" in result.out, describe(result)
    assert fetch.image.read_bytes() == b"a newer kernel"


def test_a_kernel_that_no_release_has_is_named(archive, fetch):
    """With the patterns and the releases that were looked at; nothing at all is a failure."""
    for release in ("mine", "one", "two"):
        archive.add_release(release)
    result = fetch()
    assert result.code == USAGE, describe(result)
    assert (f"{NAME}: not there: no linux-image-[0-9]*-riscv64 for riscv64 in own or one or two"
            in result.out), describe(result)
    assert not fetch.image.exists() and fetch("--list").out == ""


def test_lists_that_cannot_be_read_are_a_failure(archive, fetch):
    """What apt says and which releases could not be read: not knowing is not having none."""
    archive.add_release("mine")
    archive.add_release("one", b"no", is_whole=False)
    archive.add_release("two")
    result = fetch()
    assert result.code == USAGE, describe(result)
    assert f"{NAME}: cannot read the package lists of riscv64 in one; what apt says" in result.err, \
        describe(result)
    assert "E: " in result.err and f"failed: {NAME}" in result.err, describe(result)


# ---- kernels that are built -------------------------------------------------------------------

# What a kernel's source has to do for us: take a configuration, drop what it does not know, and make
# an image out of it, in another folder.
MAKEFILE = """
allnoconfig:
\tmkdir -p $(O)
\tgrep -v UNKNOWN $(KCONFIG_ALLCONFIG) >$(O)/.config
vmlinux:
\tgrep -q CONFIG_BROKEN $(O)/.config && echo 'x.c:1: error: broken' && exit 1; \\
\t{ echo $(ARCH); cat $(O)/.config; } >$(O)/vmlinux
"""


@pytest.fixture
def source(archive, tmp_path):
    """Puts a package of a source into the release `mine`."""
    for program in ("make", "flex", "bison", "bc", "xz"):
        need_program(program)
    folder = tmp_path / "linux-source-6.12"
    folder.mkdir()
    (folder / "Makefile").write_text(MAKEFILE)
    tarball = tmp_path / "linux-source-6.12.tar.xz"
    packed = run_program(["tar", "-C", tmp_path, "-cJf", tarball, folder.name])
    assert packed.code == 0, describe(packed)
    architecture = run_program(["dpkg", "--print-architecture"]).out.strip()
    content = archive.add_package("mine", tarball.read_bytes(), "linux-source-6.12",
                                  "usr/src/linux-source-6.12.tar.xz", "all")
    archive.add_index("mine", content, architecture=architecture)


@pytest.fixture
def configured(fetch):
    """Writes both pieces of configuration."""
    (fetch.configs / "common.config").write_text("# for all\nCONFIG_TTY=y\n")

    def write(*options):
        (fetch.configs / f"{NAME}.config").write_text("".join(f"{word}=y\n" for word in options))

    return write


@pytest.mark.parametrize("fetch", [BUILT], indirect=True)
def test_a_kernel_is_built_only_when_asked_for(source, fetch, configured):
    """It takes minutes: without --build it is named and passed over."""
    configured("CONFIG_CONSOLE")
    result = fetch()
    assert f"{NAME}: not there: only its source is packaged, and --build was not given" in \
        result.out, describe(result)
    assert not fetch.image.exists()
    result = fetch("--build")
    assert result.code == PROVED, describe(result)
    assert fetch.image.read_text() == "test\n# for all\nCONFIG_TTY=y\nCONFIG_CONSOLE=y\n"
    assert (fetch.image.parent / "package").read_text().startswith("linux-source-6.12 6.12-mine\n")
    assert fetch("--list").out == f"{NAME}\n"


@pytest.mark.parametrize("fetch", [BUILT], indirect=True)
def test_a_changed_configuration_is_built_again(source, fetch, configured):
    """And an unchanged one is not: the image is what the configuration says."""
    configured("CONFIG_CONSOLE")
    assert fetch("--build").code == PROVED
    assert "building" not in fetch("--build").out
    configured("CONFIG_OTHER")
    assert fetch("--list").out == ""
    result = fetch("--build")
    assert "building linux-source-6.12" in result.out, describe(result)
    assert "CONFIG_OTHER=y" in fetch.image.read_text()


@pytest.mark.parametrize("fetch", [BUILT], indirect=True)
@pytest.mark.parametrize("option, message", [
    pytest.param("CONFIG_UNKNOWN", "does not take CONFIG_UNKNOWN=y", id="dropped"),
    pytest.param("CONFIG_BROKEN", "x.c:1: error: broken", id="broken")])
def test_a_build_that_goes_wrong_is_named(option, message, source, fetch, configured):
    """An option that the source drops without a word, or what make says; and no image."""
    configured(option)
    result = fetch("--build")
    assert result.code == USAGE and message in result.err, describe(result)
    assert f"failed: {NAME}" in result.err and not fetch.image.exists(), describe(result)

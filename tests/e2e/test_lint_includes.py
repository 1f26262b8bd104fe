"""ci/lint-includes: the folders of gen/ keep their order.

In: a copy of the C files of gen/ with one fault planted. Out: exit code 1, and one message with the
place of the fault and what to do; 0 on the tree as it is, 2 where there is nothing to look at.
"""

import shutil

import pytest

from conftest import REPOSITORY, describe, run_program

TABLE = "gen/README.md"


@pytest.fixture(name="tree")
def copy_tree(tmp_path):
    """The C files of gen/ and the table that orders their folders."""
    for path in (REPOSITORY / "gen").rglob("*.[ch]"):
        copy = tmp_path / path.relative_to(REPOSITORY)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    shutil.copyfile(REPOSITORY / TABLE, tmp_path / TABLE)
    return tmp_path


def lint(tree):
    return run_program([REPOSITORY / "ci/lint-includes", tree], REPOSITORY)


def plant(tree, name, text):
    """Puts a text in front of a file, which may be new."""
    path = tree / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text + (path.read_text() if path.exists() else ""))


def edit_table(tree, old, new):
    path = tree / TABLE
    text = path.read_text()
    assert text.count(old) == 1, f"{TABLE} has {text.count(old)} of {old!r}"
    path.write_text(text.replace(old, new))


def messages(tree):
    """The messages of a tree with faults."""
    result = lint(tree)
    assert result.code == 1, describe(result)
    return result.err.splitlines()


def test_lint_includes__is_content_with_the_tree(tree):
    result = lint(tree)
    assert result.code == 0, describe(result)
    assert "lint-includes: ok: " in result.out
    assert result.err == ""


def test_lint_includes__names_an_include_that_runs_upward(tree):
    plant(tree, "gen/judge/waive.c", '#include "report/canvas.h"\n')
    line, = messages(tree)
    assert line.startswith('gen/judge/waive.c:1: includes "report/canvas.h" from gen/judge, which '
                           "stands below gen/report/: move ")


def test_lint_includes__names_an_include_that_the_table_does_not_list(tree):
    plant(tree, "gen/emit/emit.c", '#include "judge/judge.h"\n')
    line, = messages(tree)
    assert line.startswith('gen/emit/emit.c:1: includes "judge/judge.h" from gen/emit, whose line')
    assert "widen the line" in line


def test_lint_includes__names_a_circle_with_every_step(tree):
    plant(tree, "gen/judge/comparison.c", '#include "judge/split.h"\n')
    line, = messages(tree)
    assert "a circle of includes: " in line
    assert "gen/judge/comparison.c:1 includes judge/split" in line
    assert " includes judge/comparison" in line


def test_lint_includes__names_each_circle_once(tree):
    plant(tree, "gen/base/one.h", '#include "base/two.h"\n')
    plant(tree, "gen/base/two.h", '#include "base/three.h"\n')
    plant(tree, "gen/base/three.h", "")
    plant(tree, "gen/base/three.c", '#include "base/one.h"\n')
    plant(tree, "gen/judge/comparison.c", '#include "judge/split.h"\n')
    first, second = messages(tree)
    assert "gen/base/one.h:1 includes base/two, gen/base/two.h:1 includes base/three, " \
           "gen/base/three.c:1 includes base/one" in first
    assert "gen/judge/comparison.c:1" in second


def test_lint_includes__takes_a_private_header_for_a_part_of_its_module(tree):
    plant(tree, "gen/judge/split_private.h", '#include "judge/split.h"\n')
    plant(tree, "gen/judge/split.h", '#include "judge/split_private.h"\n')
    assert lint(tree).code == 0


def test_lint_includes__names_a_private_header_that_another_folder_includes(tree):
    plant(tree, "gen/verify/field.c", '#include "object/container_private.h"\n')
    line, = messages(tree)
    assert line.startswith('gen/verify/field.c:1: includes "object/container_private.h", which is '
                           "private to gen/object/")


def test_lint_includes__names_a_file_with_the_name_of_another(tree):
    plant(tree, "gen/report/split.c", "")
    line, = messages(tree)
    assert line.startswith("gen/report/split.c:1: has the name of gen/judge/split.c: rename one")


def test_lint_includes__names_an_include_without_its_folder(tree):
    plant(tree, "gen/model/facts.c", '# include  "arena.h"\n')
    line, = messages(tree)
    assert line == ('gen/model/facts.c:1: includes "arena.h" without its folder: write '
                    '"base/arena.h"')


def test_lint_includes__names_an_include_of_no_file(tree):
    plant(tree, "gen/model/facts.c", '#include "base/nosuch.h"\n')
    line, = messages(tree)
    assert line == ('gen/model/facts.c:1: includes "base/nosuch.h", and there is no '
                    'gen/base/nosuch.h')


def test_lint_includes__names_a_folder_that_the_table_lacks(tree):
    plant(tree, "gen/fresh/thing.c", '#include "base/arena.h"\n')
    line, = messages(tree)
    assert line.startswith("gen/fresh/thing.c:1: gen/fresh is not in the table of gen/README.md")


def test_lint_includes__names_a_line_of_the_table_without_files(tree):
    edit_table(tree, "| `base/` |", "| `gone/` | nothing | base |\n| `base/` |")
    line, = messages(tree)
    assert line.startswith("gen/README.md:")
    assert "there is no C file in gen/gone" in line


def test_lint_includes__names_a_line_of_the_table_that_lists_a_higher_one(tree):
    edit_table(tree, " fact, finding | base |", " fact, finding | judge base |")
    line, = messages(tree)
    assert line.startswith("gen/README.md:")
    assert "the line of 'model' lists 'judge', which does not stand below it" in line


def test_lint_includes__fails_where_there_is_nothing_to_look_at(tree):
    (tree / TABLE).write_text("# gen\n")
    result = lint(tree)
    assert result.code == 2, describe(result)
    assert "no table of folders" in result.err
    shutil.rmtree(tree / "gen")
    result = lint(tree)
    assert result.code == 2, describe(result)
    assert "No such file" in result.err

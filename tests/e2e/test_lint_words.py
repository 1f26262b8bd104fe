"""ci/lint-words: words that the project does not use stay out of it.

In: a copy of the table of words and of one C file, with a word planted. Out: exit code 1, and one
message with the place, the word and what to write; 0 on the copy as it is.
"""

import shutil

import pytest

from conftest import REPOSITORY, describe, run_program

FILE = "gen/base/str.c"


@pytest.fixture(name="tree")
def copy_tree(tmp_path):
    """The lint, its table and one C file: the lint looks at the tree that it stands in."""
    for name in ("ci/lint-words", "ci/words.tsv", FILE):
        copy = tmp_path / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, copy)
    return tmp_path


def lint(tree):
    return run_program([tree / "ci/lint-words"], tree)


def test_lint_words__is_content_with_the_tree(tree):
    result = lint(tree)
    assert result.code == 0, describe(result)
    assert result.err == ""


# In two pieces, since the lint looks at this file, too.
@pytest.mark.parametrize("word", ["testi" "mony", "is_" "granted"])
def test_lint_words__names_a_word_and_what_to_write(tree, word):
    path = tree / FILE
    path.write_text(f"/* {word} */\n" + path.read_text())
    result = lint(tree)
    assert result.code == 1, describe(result)
    first = result.err.splitlines()[0]
    assert first.startswith(f"{FILE}:1: '"), first
    assert " is no word of this project: write " in first

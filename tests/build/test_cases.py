"""Every case of cases/*.test: what each step did and did not do, and that it left what a clean build leaves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.build.cases import Case, CaseError, accept, read
from tests.build.steps import run

ACCEPT = "NEWSGEN_ACCEPT" in os.environ


@pytest.mark.parametrize("case", read(), ids=lambda case: case.name)
@pytest.mark.usefixtures("plain_theme")
def test_a_step_does_what_its_case_states_and_leaves_what_a_clean_build_leaves(case: Case, tmp_path: Path) -> None:
    try:
        steps = run(case, tmp_path, compare=not ACCEPT)
    except CaseError as wrong:
        pytest.fail(str(wrong), pytrace=False)
    if ACCEPT:
        assert "PYTEST_XDIST_WORKER" not in os.environ, "accept in one process (-n 0): two would write one file"
        accept(case, steps)


# ---- a case can fail ------------------------------------------------------------------------------------------------

CASE = r"""[case one]
[file newsgen.toml]
title = "Paper"
\[extra]
motto = "calm"
[file content/news/one.md]
---
title: One
date: 2026-05-01
---

Words.
[edit content/news/one.md.2]
Words => Terms
[parsed.2]
content/news/one.md
[any rendered.2]
[written.2]
news/one/index.html
[build.3]
"""


@pytest.mark.usefixtures("plain_theme")
def test_a_case_that_states_what_happens_passes(tmp_path: Path) -> None:
    assert len(run(_case(tmp_path, "", ""), tmp_path)) == 3


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("news/one/index.html\n", "", "written news/one/index.html - not stated"),
        ("[written.2]\nnews/one/index.html\n", "", "written news/one/index.html - not stated"),
        ("news/one/index.html\n", "news/one/index.html feed.xml\n", "written feed.xml - stated, but not so"),
        ("[any rendered.2]\n", "", "rendered news/one/index.html (the text of an article"),
        ("[build.3]", "[build.3]\n[removed.3]\n404.html", "removed 404.html - stated, but not so"),
        ("[build.3]", "[build.3]\n[parsed.3]\ncontent/news/one.md", "parsed content/news/one.md - stated, but not so"),
        ("[build.3]", "[build.3]\n[says.3]\nwarning NG-116", "says warning NG-116 - stated, but not so"),
        ("date: 2026-05-01\n", "", "x.test:2: step 1 of [one]:\n  says warning NG-116 content/news/one.md"),
        ("Words =>", "Word.s =>", "x.test:13: content/news/one.md does not hold 'Word.s'"),
        ("Words => Terms", "Words", "x.test:13: [edit content/news/one.md.2] cannot be done"),
        ("[build.3]", "[build --draft.3]", "x.test:20: [build --draft.3] cannot be done"),
        ("[build.3]", "[delete lost.3]", "x.test:20: [delete lost.3] cannot be done"),
        ("[build.3]", "[damage unheard of.3]", "x.test:20: [damage unheard of.3] cannot be done"),
    ],
)
@pytest.mark.usefixtures("plain_theme")
def test_what_a_case_states_and_is_not_so_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(CaseError) as wrong:
        run(_case(tmp_path, old, new), tmp_path)
    assert message in str(wrong.value)


@pytest.mark.usefixtures("plain_theme")
def test_accepting_fills_in_what_happened_and_leaves_the_rest(tmp_path: Path) -> None:
    case = _case(tmp_path, "news/one/index.html\n[build.3]", "feed.xml\n[build.3]\n[removed.3]\n404.html")
    accept(case, run(case, tmp_path, compare=False))
    assert (tmp_path / "x.test").read_text("utf-8") == CASE


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[build.3]", "[biuld.3]", "x.test:20: no section begins with '[biuld.3]'"),
        ("\\[extra]", "[extra]", "x.test:4: no section begins with '[extra]'"),
        ("[case one]\n", "", "x.test:1: a file begins with [base NAME] or [case NAME]"),
        ("[case one]\n", "[case one]\n[use two]\n", "x.test:2: there is no [base two]"),
        ("[build.3]", "[build.4]", "x.test:1: a case has the steps 1, 2, ..., a base step 1: here are [1, 2, 4]"),
        ("[build.3]", "[removed.3]", "x.test:20: step 3 does nothing: give it a [build.3]"),
        ("[build.3]", "[parsed.2]", "x.test:20: what step 2 parsed is stated twice"),
        ("[build.3]", "[parsed]", "x.test:20: of the first build only what it says can be stated"),
        ("[case one]", "[base one]", "x.test:1: a case has the steps 1, 2, ..., a base step 1"),
        ("[build.3]", "[case one]", "x.test:20: FOLDER/x.test:1 has that name already"),
        ("[build.3]", "[case two]", "x.test:20: a case has the steps 1, 2, ..., a base step 1: here are [1]"),
    ],
)
def test_a_case_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(CaseError) as wrong:
        _case(tmp_path, old, new)
    assert str(wrong.value).startswith(f"{tmp_path}/{message}".replace("FOLDER", str(tmp_path)))


def _case(folder: Path, old: str, new: str) -> Case:
    """The first case of a file in which something stands in the place of something else."""
    assert old in CASE
    (folder / "x.test").write_text(CASE.replace(old, new, 1), "utf-8")
    return read(folder)[0]

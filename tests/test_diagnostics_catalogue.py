"""The catalogue of diagnostics: the page of docs/ is in step with it, and each code is raised somewhere and tried.

With NEWSGEN_ACCEPT=1 the page is written anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from newsgen.diagnostics import CODES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/diagnostics.md"
HEAD = """# What newsgen says: codes

Each message has a code, a place (file, line, column), and what to do, which depends on the case. An error stops the build and nothing is
published; a warning leaves the page right without what it speaks of, and `--strict` makes it an error. On a screen the first 20 of a code
are shown, then how many more there are; `--format json` and `github` have all of them. A code never changes its meaning.

| code | what is wrong |
|---|---|
"""
RETIRED = {"NG-604"}  # a cache that cannot be used is no one's mistake: the build goes on without it


def page() -> str:
    return HEAD + "".join(f"| {code} | {meaning} |\n" for code, meaning in sorted(CODES.items()) if code not in RETIRED)


def codes(folder: str, pattern: str, *, but: str = "") -> set[str]:
    files = (path for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".test") and path.name != but)
    return {code for path in files for code in re.findall(pattern, path.read_text("utf-8"))}


def test_the_page_is_in_step_with_the_catalogue() -> None:
    if "NEWSGEN_ACCEPT" in os.environ:
        PAGE.write_text(page(), "utf-8")
    assert PAGE.read_text("utf-8") == page()


def test_every_code_is_raised_and_tried() -> None:
    known = {*CODES} - RETIRED
    raised = codes("src/newsgen", r'"(NG-\d+)"', but="diagnostics.py")
    tried = codes("tests", r"NG-\d+", but=Path(__file__).name)
    assert (known - raised, known - tried, raised - known) == (set(), set(), set())

"""The catalogue of diagnostics: the page of docs/ is in step with it, and each code is raised and produced by a test.

With NEWSGEN_ACCEPT=1 the page is written anew.
"""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path

import pytest

from newsgen.diagnostics import catalogue
from tests.build.cases import read

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/diagnostics.md"
HEAD = """# What newsgen says: codes

Each message has a code, a place (file, line, column), and what to do, which depends on the case. An error stops the build and nothing is
published; a warning leaves the page right without what it speaks of, and `--strict` makes it an error. On a screen the first 20 of a code
are shown, then how many more there are; `--format json` and `github` have all of them. A code never changes its meaning.
`newsgen why NG-104` says at the terminal what stands here.

## For programs

`newsgen build` and `newsgen check` end with status 0 where all is well, 1 where there are errors, 2 where they were called wrongly.

`--format json` prints one document to stdout and nothing else; `newsgen schema build` and `newsgen schema check` print its JSON Schema.
`diagnostics` are in the order of their places; a `line` or `column` of 0 means the whole file or line:

    {"severity": "error", "code": "NG-104", "message": "unknown key \"tgas\"",
     "place": {"path": "content/world/ferry.md", "line": 4, "column": 7},
     "help": "Did you mean \"tags\"?", "source": "tgas: [ships]"}

`--format github` prints a line for each, which GitHub shows beside the changed lines of a pull request:

    ::error file=content/world/ferry.md,line=4,col=7,title=NG-104::unknown key "tgas". Did you mean "tags"?

In both, and on a screen, control characters, bidi marks and breaks of lines of the content are written as `\u202e`, so that no text can
command a terminal or a log.
"""
GROUPS = {
    "1": "Files of content/ and their front matter",
    "2": "Markdown, pictures and blocks",
    "3": "Templates",
    "4": "Names and addresses",
    "5": "Settings",
    "6": "The output",
    "7": "Import, and tags set in place",
    "8": "`newsgen check`",
}

# What no case can bring about produces its code in a test of its own.
ELSEWHERE = {
    "NG-103": "engine/test_sources.py::test_a_file_that_cannot_be_read_is_an_error_that_names_it",
    "NG-118": "content/test_parse.py::test_what_is_no_text_is_refused_with_its_place",
    "NG-207": "build/test_pictures.py::test_what_may_hide_metadata_stops_the_build",
    "NG-505": "engine/test_lock.py::test_a_dangerous_output_folder_is_refused_before_anything_is_written",
    "NG-506": "build/test_search.py::test_without_pagefind_nothing_is_published",
    "NG-507": "build/test_search.py::test_a_language_that_is_not_divided_into_words_is_told",
    "NG-508": "build/test_social_cards.py::test_without_the_fonts_nothing_is_published",
    "NG-602": "engine/test_output.py::test_a_stage_that_cannot_be_cleared_is_never_published",
    "NG-603": "engine/test_lock.py::test_a_second_build_is_refused_while_one_holds_the_output",
    "NG-605": "engine/test_executors.py::test_an_executor_that_breaks_down_publishes_nothing",
    "NG-606": "test_verify.py::test_what_differs_is_an_error_that_names_it",
    "NG-607": "build/test_search.py::test_a_pagefind_that_fails_is_told",
    "NG-701": "importers/test_run.py::test_nothing_to_import_is_said",
    "NG-702": "importers/test_article.py::test_what_cannot_be_imported",
    "NG-703": "importers/test_run.py::test_an_edited_article_is_never_overwritten",
    "NG-704": "importers/test_article.py::test_what_cannot_be_imported",
    "NG-705": "importers/test_pieces.py::test_files_are_carried_along_and_none_is_replaced",
    "NG-740": "importers/test_sites.py::test_settings_that_cannot_be_read_are_told",
    "NG-741": "importers/test_sites.py::test_an_address_that_another_text_has_or_newsgen_needs_is_told",
    "NG-720": "cli/test_tags.py::test_what_cannot_be_set_in_place_is_said_with_its_line_and_left",
    "NG-721": "importers/test_wordpress.py::test_only_what_was_public_is_published",
    "NG-722": "importers/test_wordpress.py::test_pictures_of_the_old_site_stay_there_and_are_told",
    "NG-723": "importers/test_feeds.py::test_a_feed_that_breaks_off_is_read_as_far_as_it_goes",
    "NG-724": "importers/test_feeds.py::test_teasers_are_told",
    "NG-725": "importers/test_web.py::test_a_library_that_is_missing_is_named_with_how_to_get_it",
    "NG-726": "importers/test_web.py::test_pictures_are_fetched_when_that_is_asked",
    **dict.fromkeys(
        ("NG-801", "NG-802", "NG-803", "NG-804", "NG-805", "NG-806", "NG-807"),
        "test_checking.py::test_each_fault_of_a_page_is_told_with_its_place",
    ),
    **dict.fromkeys(("NG-808", "NG-809"), "test_checking.py::test_other_sites_are_asked_when_they_shall_be_and_once"),
}


def page() -> str:
    known = catalogue()
    parts = [HEAD]
    for first, title in GROUPS.items():
        parts.append(f"\n## {title}\n")
        of = {code: one for code, one in known.items() if code[3] == first}
        parts += [f"\n### {code}\n\n**{one.what}.** {one.why}\n\n*Mend it:* {one.mend}\n" for code, one in of.items()]
    return "".join(parts)


def test_the_page_is_in_step_with_the_catalogue() -> None:
    if "NEWSGEN_ACCEPT" in os.environ:
        PAGE.write_text(page(), "utf-8")
    assert PAGE.read_text("utf-8") == page()


def test_the_catalogue_is_in_order_and_says_all_in_sentences() -> None:
    known = catalogue()
    assert [*known] == sorted(known)
    assert {code[3] for code in known} == {*GROUPS}
    unended = [
        code
        for code, one in known.items()
        if one.what[-1] in ".:" or not one.why.endswith(".") or not one.mend.endswith(".")
    ]
    assert unended == []


def test_every_code_is_known_and_raised() -> None:
    sources = (path.read_text("utf-8") for path in (ROOT / "src/newsgen").rglob("*.py"))
    assert {code for text in sources for code in re.findall(r'"(NG-\d+)"', text)} == {*catalogue()}


def test_every_code_is_produced_by_a_case_or_a_test_of_its_own() -> None:
    stated = (
        line for one in read() for section in one.own if section.kind.startswith("says") for line in section.lines
    )
    cases = {line.split(" ")[1] for line in stated if re.match(r"(error|warning) NG-\d+ ", line)}
    assert sorted(cases & {*ELSEWHERE}) == []
    assert sorted({*catalogue()} - cases - {*ELSEWHERE}) == []


@pytest.mark.parametrize("code", ELSEWHERE)
def test_a_test_of_its_own_is_there_and_speaks_of_its_code(code: str) -> None:
    file, _, name = ELSEWHERE[code].partition("::")
    text = (ROOT / "tests" / file).read_text("utf-8")
    (found,) = [one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and one.name == name]
    first = min([found.lineno, *(decorator.lineno for decorator in found.decorator_list)])
    assert code in "\n".join(text.split("\n")[first - 1 : found.end_lineno])

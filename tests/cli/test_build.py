"""`newsgen build` as a person at a terminal, a program and a build log see it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsgen.cli import build_command
from tests.cli.conftest import Ended
from tests.pictures import png
from tests.site import Site, article

pytestmark = pytest.mark.usefixtures("plain_theme")

AT = ("--at", "2026-06-01T12:00Z")


@pytest.fixture
def built(newsgen: Callable[..., Ended], make_site: Callable[..., Site]) -> Callable[..., Ended]:
    """Builds a site of these files and gives what was printed."""

    def run(files: dict[str, str | bytes], *options: str) -> Ended:
        site = make_site({"newsgen.toml": 'title = "Post"\narchives.by = []\n', **files})
        ended = newsgen("-C", site.root, "build", *AT, *options)
        return Ended(ended.status, *(text.replace(str(site.root), "ROOT") for text in ended[1:]))

    return run


# ---- what went well -------------------------------------------------------------------------------------------------


def test_a_good_build_says_what_it_did(newsgen: Callable[..., Ended], make_site: Callable[..., Site]) -> None:
    site = make_site({"content/world/a.md": article("A"), "content/world/b.md": article("B", date="2026-05-02")})
    write = newsgen("-C", site.root, "build", *AT)
    nothing = newsgen("-C", site.root, "build", *AT)
    site.edit("content/world/a.md", "Words", "Other words")
    edited = newsgen("-C", site.root, "build", *AT)
    site.remove("content/world/a.md")
    removed = newsgen("-C", site.root, "build", *AT)
    assert [write, nothing, edited, removed] == [
        (0, "2 articles, 16 files in site/: 16 written, 0 unchanged.\n", ""),
        (0, "2 articles, 16 files in site/: nothing to write.\n", ""),
        (0, "2 articles, 16 files in site/: 3 written, 13 unchanged.\n", ""),
        (
            0,
            "1 article, 15 files in site/: 8 written, 1 removed, 7 unchanged.\n"
            "Gone: /world/a/ - nothing leads on from it.\n",
            "",
        ),
    ]


def test_what_is_withheld_and_undated_is_counted(built: Callable[..., Ended]) -> None:
    ended = built(
        {
            "content/a.md": article("A", draft="true"),
            "content/b.md": article("B", date="2027-01-01"),
            "content/c.md": article("C", date="2027-01-01"),
            "content/d.md": article("D", date=None),
        }
    )
    assert (ended.status, ended.out) == (
        0,
        "1 article, 8 files in site/: 8 written, 0 unchanged.\n"
        "Withheld: 1 draft, 2 scheduled.\n"
        "Without a date: 1 article, last in lists and in no feed.\n"
        "1 warning.\n",
    )


def test_explain_says_why_each_page_was_rebuilt(newsgen: Callable[..., Ended], make_site: Callable[..., Site]) -> None:
    site = make_site({"content/world/a.md": article("A")})
    newsgen("-C", site.root, "build", *AT)
    site.edit("content/world/a.md", "Words", "Others")
    assert newsgen("-C", site.root, "build", *AT, "--explain").out.splitlines()[:3] == [
        "  feed.xml: the text of an article that it carries changed",
        "  world/a/index.html: the text of an article that it carries changed",
        "  world/feed.xml: the text of an article that it carries changed",
    ]


# ---- what a mistake looks like --------------------------------------------------------------------------------------

FAILED = "Not published: 1 error, 0 warnings. The site is as it was.\n"

MISTAKES: dict[str, tuple[dict[str, str | bytes], str]] = {
    "unknown key": (
        {"content/world/a.md": article("A", tgas="[ships]")},
        """\
error NG-104 content/world/a.md:4:7: unknown key "tgas"
      4 | tgas: [ships]
        |       ^
    help: Did you mean "tags"?
""",
    ),
    "no title": (
        {"content/world/a.md": "---\ndate: 2026-05-01\n---\n\nWords.\n"},
        """\
error NG-111 content/world/a.md:1:1: title is missing
      1 | ---
        | ^
    help: Add to the front matter: title: "The headline"
""",
    ),
    "colon in a title": (
        {"content/world/a.md": "---\ntitle: Rates: up again\n---\n"},
        """\
error NG-106 content/world/a.md:2:13: front matter is not YAML: mapping values are not allowed in this context
      2 | title: Rates: up again
        |             ^
    help: Put the text in quotes: title: "Rates: up again"
""",
    ),
    "a day that does not exist": (
        {"content/world/a.md": article("A", date="2026-02-30")},
        """\
error NG-112 content/world/a.md:3:7: "date" is not a date: day is out of range for month
      3 | date: 2026-02-30
        |       ^
    help: Write it like one of these: 2024-05-16, 2024-05-16 08:30, 2024-05-16T08:30:00+02:00.
""",
    ),
    "front matter that never ends": (
        {"content/world/a.md": "---\ntitle: A\n\nWords.\n"},
        """\
error NG-105 content/world/a.md:1:1: front matter opened with "---" is never closed
      1 | ---
        | ^
    help: Close the front matter with a line --- before the text begins.
""",
    ),
    "bytes of another encoding": (
        {"content/world/a.md": b"---\ntitle: Caf\xe9\n---\n"},
        """\
error NG-101 content/world/a.md:2: not UTF-8 text: wrong at byte 14
      2 | title: Caf\ufffd
    help: Save the file as UTF-8 (editors offer it under Save As or Encoding).
""",
    ),
    "slug that climbs": (
        {"content/world/a.md": article("A", slug="../../etc")},
        """\
error NG-114 content/world/a.md:4:7: slug "../../etc" cannot be used: it begins with a dot, which hides files
      4 | slug: ../../etc
        |       ^
    help: Use letters, digits and hyphens: slug: etc
""",
    ),
    "two owners": (
        {"content/world/a.md": article("A"), "content/world/b.md": article("B", slug="a")},
        """\
error NG-401 content/world/a.md:2:8: two owners of /world/a/: content/world/a.md and content/world/b.md
      2 | title: A
        |        ^
    help: Give one of them a slug or permalink of its own.
""",
    ),
    "template that does not exist": (
        {"content/world/a.md": article("A", template="artcle.html")},
        """\
error NG-302 content/world/a.md:4:11: template "artcle.html" does not exist
      4 | template: artcle.html
        |           ^
    help: Did you mean "article.html"?
""",
    ),
    "template that Jinja cannot read": (
        {"templates/article.html": "<h1>\n{{ article.title }</h1>\n", "content/world/a.md": article("A")},
        """\
error NG-301 templates/article.html:2:1: template syntax: unexpected '}'
      2 | {{ article.title }</h1>
        | ^
    help: Every {% block %}, {% if %} and {% for %} is closed by its {% end… %}; {{ }} holds one expression.
""",
    ),
    "undefined name": (
        {"templates/article.html": "<h1>\n  {{ article.titel }}</h1>\n", "content/world/a.md": article("A")},
        """\
error NG-303 templates/article.html:2:1: undefined name: the value before the dot has no 'titel'
      2 |   {{ article.titel }}</h1>
        | ^
    help: Mend the name, or write {% if … is defined %}. Seen while rendering content/world/a.md.
""",
    ),
    "mistake in the theme": (
        {"templates/tag.html": '{% include "theme/lost.html" %}', "content/a.md": article("A", tags="[x]")},
        """\
error NG-302 templates/tag.html:1:1: template "theme/lost.html" does not exist
      1 | {% include "theme/lost.html" %}
        | ^
    help: Mend the name. Seen while rendering tag "x" (content/a.md).
""",
    ),
    "unknown setting": (
        {"newsgen.toml": 'title = "x"\nbase-url = "https://example.org"\n'},
        """\
error NG-503 newsgen.toml:2:1: unknown setting "base-url"
      2 | base-url = "https://example.org"
        | ^
    help: Did you mean "base_url"?
""",
    ),
    "settings that are no TOML": (
        {"newsgen.toml": "title = My paper\n"},
        """\
error NG-502 newsgen.toml:1:9: not TOML: Invalid value
      1 | title = My paper
        |         ^
    help: Write one setting a line, text in quotes: title = "My paper"
""",
    ),
    "unknown time zone": (
        {"newsgen.toml": '\ntimezone = "Europe/Berln"\n'},
        """\
error NG-504 newsgen.toml:2:1: unknown time zone "Europe/Berln"
      2 | timezone = "Europe/Berln"
        | ^
    help: Did you mean "Europe/Berlin"?
""",
    ),
    "output among the sources": (
        {"newsgen.toml": 'output = "content"\n'},
        """\
error NG-505 newsgen.toml: output folder "content" is refused: it is, holds or lies in content/
    help: Choose a folder of its own, such as output = "site" or --out /tmp/preview.
""",
    ),
    "file in the way": (
        {"content/world/a.md": article("A"), "site/world/a/index.html": "mine"},
        """\
error NG-601 ROOT/site/world/a/index.html: not made by newsgen, yet in the way of /world/a/index.html
    help: Move or rename that file.
""",
    ),
    "tab in the line": (
        {"content/world/a.md": article("A", slug="\t a b")},
        """\
error NG-114 content/world/a.md:4:9: slug "a b" cannot be used: it holds a space
      4 | slug:   a b
        |         ^
    help: Use letters, digits and hyphens: slug: a-b
""",
    ),
    "wide letters before the mark": (
        {"content/world/a.md": "---\ntitle: A\n数字: x\ntags: [数字, [数]]\n---\n"},
        """\
error NG-110 content/world/a.md:4:12: "tags" is a list, not a text
      4 | tags: [数字, [数]]
        |              ^
    help: Write tags: followed by one text.
""",
    ),
}


@pytest.mark.parametrize("name", [name for name in MISTAKES if name != "wide letters before the mark"])
def test_a_mistake_is_shown_with_its_line_and_what_to_do(built: Callable[..., Ended], name: str) -> None:
    files, expected = MISTAKES[name]
    assert built(files) == (1, "", expected + FAILED)


def test_the_mark_stands_under_its_place_after_wide_letters(built: Callable[..., Ended]) -> None:
    files, expected = MISTAKES["wide letters before the mark"]
    assert expected in built(files).err


WARNINGS: dict[str, tuple[dict[str, str | bytes], str]] = {
    "removed HTML": (
        {"content/world/a.md": article("A", "Hello <script>x()</script> there")},
        """\
warning NG-201 content/world/a.md:6:7: raw HTML removed: <script>
      6 | Hello <script>x()</script> there
        |       ^
    help: It is not on the allow-list. markdown.html = "trusted" in newsgen.toml lets all HTML pass.
""",
    ),
    "broken link": (
        {"content/world/a.md": article("A", "See [this](habour.md)."), "content/world/harbour.md": article("H")},
        """\
warning NG-203 content/world/a.md:6:12: broken link: "habour.md" is no file under content/
      6 | See [this](habour.md).
        |            ^
    help: Did you mean "content/world/harbour.md"?
""",
    ),
    "broken link in a paper of one article": (
        {"content/world/a.md": article("A", "See [this](b.md).")},
        """\
warning NG-203 content/world/a.md:6:12: broken link: "b.md" is no file under content/
      6 | See [this](b.md).
        |            ^
    help: Give the path of a file under content/, from this file or from /.
""",
    ),
    "picture without words": (
        {"content/world/a.md": article("A", "![](p.png)"), "content/world/p.png": png()},
        """\
warning NG-204 content/world/a.md:6:5: image without alternative text
      6 | ![](p.png)
        |     ^
    help: Say in the square brackets what the picture shows: ![A cargo ship at dawn](ship.jpg)
""",
    ),
    "no date": (
        {"content/world/a.md": article("A", date=None)},
        """\
warning NG-116 content/world/a.md: "A" has no date
    help: Give it a date: until then it comes last in lists and is in no feed.
""",
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_a_warning_is_shown_and_the_site_is_published(built: Callable[..., Ended], name: str) -> None:
    files, expected = WARNINGS[name]
    ended = built(files)
    assert (ended.status, ended.err, ended.out.splitlines()[-1]) == (0, expected, "1 warning.")


def test_strict_makes_of_a_warning_an_error(built: Callable[..., Ended]) -> None:
    files, expected = WARNINGS["no date"]
    assert built(files, "--strict") == (1, "", expected.replace("warning", "error") + FAILED)


def test_all_mistakes_are_shown_at_once_in_the_order_of_files_and_lines(built: Callable[..., Ended]) -> None:
    ended = built(
        {
            "content/world/b.md": article("B", date="soon", tgas="x", kind="odd"),
            "content/arts/a.md": article("A", template="lost"),
            "content/world/c.md": b"\xff",
            "templates/tag.html": "{% if %}",
        }
    )
    assert re.findall(r"^\w+ (NG-\d+ \S+):", ended.err, re.M) == [
        "NG-302 content/arts/a.md:4:11",
        "NG-112 content/world/b.md:3:7",
        "NG-104 content/world/b.md:4:7",
        "NG-113 content/world/b.md:5:7",
        "NG-101 content/world/c.md:1",
        "NG-301 templates/tag.html:1:1",
    ]
    assert ended.err.endswith("Not published: 6 errors, 0 warnings. The site is as it was.\n")


def test_more_than_twenty_of_a_kind_are_counted_not_shown(built: Callable[..., Ended]) -> None:
    ended = built({f"content/a{number:02d}.md": article("A", date=None) for number in range(25)})
    assert len(re.findall(r"^warning NG-116", ended.err, re.M)) == 20
    assert ended.err.endswith("and 5 more of NG-116\n")
    assert ended.out.endswith("25 warnings.\n")


@pytest.mark.parametrize("sign", ["\\e[31m", "\\e]0;title\\a", "\\u202e", "\\u200b", "\\x9b"])
def test_what_a_terminal_would_obey_or_hide_is_shown_escaped(built: Callable[..., Ended], sign: str) -> None:
    ended = built({"content/world/a.md": f'---\ntitle: "A"\n"{sign}red": x\n---\n'})
    hidden = [c for c in ended.err if c != "\n" and not c.isprintable()]
    assert (ended.status, hidden, "red" in ended.err) == (1, [], True)


def test_a_hostile_title_is_shown_escaped(built: Callable[..., Ended]) -> None:
    ended = built({"content/world/a.md": article('"\\u202eevil"', date=None)})
    assert 'warning NG-116 content/world/a.md: "\\u202eevil" has no date' in ended.err


# ---- for machines ---------------------------------------------------------------------------------------------------


def test_json_is_one_document_with_diagnostics_and_counts(built: Callable[..., Ended]) -> None:
    files = {"content/a.md": article("A", date=None), "content/b.md": article("B", draft="true")}
    ended = built(files, "--format", "json")
    found: dict[str, Any] = json.loads(ended.out)
    counts = {key: found[key] for key in ("ok", "articles", "pages", "undated", "withheld", "removed", "moment")}
    assert counts == {
        "ok": True, "articles": 1, "pages": 8, "undated": 1, "withheld": [["draft", 1]], "removed": [],
        "moment": "2026-06-01T12:00:00Z",
    }  # fmt: skip
    assert found["diagnostics"] == [
        {
            "severity": "warning",
            "code": "NG-116",
            "message": '"A" has no date',
            "place": {"path": "content/a.md", "line": 0, "column": 0},
            "help": "Give it a date: until then it comes last in lists and is in no feed.",
            "source": "",
        }
    ]
    assert (ended.status, ended.err, len(found["written"])) == (0, "", 8)


@pytest.mark.parametrize("name", ["unknown key", "unknown setting", "output among the sources", "file in the way"])
def test_json_of_a_failed_build_is_one_document_too(built: Callable[..., Ended], name: str) -> None:
    files, expected = MISTAKES[name]
    ended = built(files, "--format", "json")
    found = json.loads(ended.out)
    assert (ended.status, ended.err, found["ok"]) == (1, "", False)
    assert [one["code"] for one in found["diagnostics"]] == [expected.split()[1]]


def test_github_gets_annotations(built: Callable[..., Ended]) -> None:
    ended = built(
        {"content/a.md": article("A", tgas="x"), "content/b, c.md": article("B", date=None)}, "--format", "github"
    )
    assert ended.out.splitlines()[:2] == [
        '::error file=content/a.md,line=4,col=7,title=NG-104::unknown key "tgas". Did you mean "tags"?',
        '::warning file=content/b%2C c.md,title=NG-116::"B" has no date. '
        "Give it a date: until then it comes last in lists and is in no feed.",
    ]


# ---- text that would command a terminal or a log --------------------------------------------------------------------

HOSTILE = {
    "an escape": '"A\\e[31m\\e]0;owned\\a"',
    "a control of one byte": '"A\\x9b2J"',
    "bidi marks": '"A\\u202egnp.exe\\u2066"',
    "breaks of lines": '"A\\u2028::error::B\\u2029::stop-commands::x"',
    "an invisible tag": '"A\\U000e0001"',
    "a command": '"::add-mask::A %0A::error::B"',
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("form", ["text", "github", "json"])
def test_no_text_of_the_content_commands_who_reads_the_report(
    built: Callable[..., Ended], form: str, name: str
) -> None:
    files: dict[str, str | bytes] = {
        "content/world/a.md": article(HOSTILE[name], date=None),
        "content/world/x\n::error::\x1b[0m.md": article("B", date=None),
    }
    ended = built(files, "--format", form)
    lines = (ended.out + ended.err).split("\n")
    assert [line for line in lines if not line.isprintable()] == []
    if form == "json":
        document = json.loads(ended.out)
        assert document == json.loads(json.dumps(document))
        assert {one["code"] for one in document["diagnostics"]} >= {"NG-116"}
    elif form == "github":
        commands = [line for line in lines if line.lstrip().startswith("::")]
        assert all(re.match(r"::(warning|error) file=content/world/[^:]*title=NG-\d+::", line) for line in commands)
        assert [line for line in commands if re.search(r"%(?!25|3A|2C)", line)] == []
    else:
        assert [line for line in lines if line.lstrip().startswith("::")] == []


def test_json_says_exactly_what_stands_in_the_file(built: Callable[..., Ended]) -> None:
    title = "A\u202e\U000e0001ü"
    written = '"A\\u202e\\U000e0001ü"'
    ended = built({"content/world/a.md": article(written, date=None)}, "--format", "json")
    (said,) = json.loads(ended.out)["diagnostics"]
    assert said["message"] == f'"{title}" has no date'


def test_each_code_is_counted_by_itself_and_programs_get_all(built: Callable[..., Ended]) -> None:
    """No mistake is hidden behind many of another kind."""
    many = {f"content/a{number:02d}.md": article("A", tgas="x") for number in range(22)}
    files = {**many, "content/z.md": article("Z", kind="odd")}
    shown = built(files).err
    assert len(re.findall(r"^error NG-104", shown, re.M)) == 20
    assert ("error NG-113 content/z.md:4:7" in shown, "and 2 more of NG-104\n" in shown) == (True, True)
    assert built(files, "--format", "github").out.count("title=NG-104::") == 22
    told = json.loads(built(files, "--format", "json").out)["diagnostics"]
    assert sum(one["code"] == "NG-104" for one in told) == 22


# ---- usage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("biuld",), 'No such command "biuld". Did you mean "build"?'),
        (
            ("xyzzy",),
            'No such command "xyzzy". Known: new, import, build, serve, check, why, next, tags, theme, schema.',
        ),
        (("build", "--at", "soon"), "not a moment"),
        (("build", "--at", "2026-02-30"), "not a moment"),
        (("build", "--nonsense"), "No such option"),
        (("build", "--format", "xml"), "'xml' is not one of 'text', 'json', 'github'"),
        (("build", "--executor", "dusk"), "'dusk' is not one of 'inline', 'process', 'dask://HOST:PORT'"),
        (("build", "--executor", "dask://here"), "'dask://here' is not one of"),
        (("build", "--executor", "dask://here:8786/x"), "'dask://here:8786/x' is not one of"),
        (("build", "extra"), "Got unexpected extra argument"),
        (("-C", "nowhere", "build"), "Directory 'nowhere' does not exist"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_right(
    newsgen: Callable[..., Ended],
    make_site: Callable[..., Site],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    says: str,
) -> None:
    site = make_site()
    monkeypatch.chdir(site.root)
    ended = newsgen(*words)
    assert (ended.status, says in " ".join(ended.err.replace("│", "").split()), site.out.exists()) == (2, True, False)


@pytest.mark.parametrize("where", ["inline", "process"])
def test_where_the_work_is_done_changes_nothing(
    newsgen: Callable[..., Ended], make_site: Callable[..., Site], where: str
) -> None:
    site = make_site({"content/a.md": article("A")})
    ended = newsgen("-C", site.root, "build", *AT, "--executor", where)
    assert (ended.status, ended.out) == (0, "1 article, 15 files in site/: 15 written, 0 unchanged.\n")


@pytest.mark.parametrize("words", [(), ("--help",), ("build", "--help"), ("--version",)])
def test_help_can_be_had(newsgen: Callable[..., Ended], words: tuple[str, ...]) -> None:
    ended = newsgen(*words)
    assert "newsgen" in (ended.out + ended.err).casefold()
    assert ended.status == (0 if words else 2)


def test_where_there_is_no_site_the_way_to_one_is_told(
    newsgen: Callable[..., Ended], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = newsgen("build")
    assert ended == (
        1,
        "",
        f"error NG-501 newsgen.toml: there is no newsgen.toml in {os.path.realpath(tmp_path)}\n"
        "    help: Run newsgen in the folder of a site, or newsgen -C DIR …; newsgen new DIR makes one.\n" + FAILED,
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("out", ["preview", "deep/er"])
def test_out_is_seen_from_the_folder_of_the_option_c(
    newsgen: Callable[..., Ended],
    make_site: Callable[..., Site],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    out: str,
) -> None:
    site = make_site({"content/a.md": article("A")})
    monkeypatch.chdir(tmp_path)
    assert newsgen("-C", site.root, "build", *AT, "--out", out).out.startswith(
        f"1 article, 15 files in {out}/: 15 written"
    )
    assert ((site.root / out / "index.html").is_file(), site.out.exists()) == (True, False)


@pytest.mark.parametrize(
    ("at", "zone", "shown"),
    [
        ("2026-05-01 08:59", "UTC", False),
        ("2026-05-01 09:00", "UTC", True),
        ("2026-05-01 10:59", "Europe/Berlin", False),
        ("2026-05-01 11:00", "Europe/Berlin", True),
        ("2026-05-01T11:00:00+02:00", "Asia/Tokyo", True),
    ],
)
def test_at_is_read_on_the_clock_of_the_site(
    newsgen: Callable[..., Ended], make_site: Callable[..., Site], at: str, zone: str, shown: bool
) -> None:
    site = make_site(
        {"content/a.md": article("A", date="2026-05-01T09:00:00Z"), "newsgen.toml": f'timezone = "{zone}"\n'}
    )
    assert newsgen("-C", site.root, "build", "--at", at).status == 0
    assert (site.out / "news/a/index.html").exists() is shown


def test_a_bug_of_newsgen_is_said_in_two_lines_without_a_traceback(
    newsgen: Callable[..., Ended], make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the unthinkable")

    monkeypatch.delenv("NEWSGEN_DEBUG", raising=False)
    monkeypatch.setattr(build_command, "build", broken)
    ended = newsgen("-C", make_site().root, "build")
    assert (ended.status, ended.out) == (1, "")
    assert "this is a bug in newsgen, not in your site: RuntimeError: the unthinkable (test_build.py:" in ended.err
    assert len(ended.err.splitlines()) == 2


def test_the_program_itself_ends_as_its_parts_do(make_site: Callable[..., Site]) -> None:
    """Once as a process of its own: that `python -m newsgen` and the streams are joined up."""
    site = make_site({"content/a.md": article("A", tgas="x")})
    command = [sys.executable, "-m", "newsgen", "-C", str(site.root), "build", *AT]
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.splitlines()[0] == 'error NG-104 content/a.md:4:7: unknown key "tgas"'


def test_a_terminal_that_lacks_a_letter_is_no_reason_to_stop(make_site: Callable[..., Site]) -> None:
    site = make_site({"content/日本.md": article("日本", date=None)})
    command = [sys.executable, "-m", "newsgen", "-C", str(site.root), "build", *AT]
    ended = subprocess.run(
        command, capture_output=True, timeout=60, check=False, env={**os.environ, "PYTHONIOENCODING": "latin-1"}
    )
    assert (ended.returncode, b"\\u65e5\\u672c" in ended.stderr) == (0, True)

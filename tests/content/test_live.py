"""Live blogs: which headings are entries, when they were made, what they are called, and what is wrong with them."""

from __future__ import annotations

import pytest

from newsgen import config
from newsgen.config import ParseSettings, Settings
from newsgen.content.parse import Parsed, parse_content
from newsgen.model import Article, Entry

HEAD = 5  # lines of front matter


def parse(body: str, *lines: str, zone: str = "Europe/Berlin", **settings: object) -> Parsed:
    text = "\n".join(["---", "title: Storm", "kind: live", *(lines or ("date: 2026-11-24 18:00",)), "---", body])
    given = ParseSettings.of(Settings(timezone=zone, **settings))
    return parse_content("content/world/storm.md", text.encode(), given, config.zone(zone))


def entries(body: str, *lines: str, zone: str = "Europe/Berlin") -> tuple[Entry, ...]:
    found = parse(body, *lines, zone=zone)
    assert isinstance(found.content, Article), found.diagnostics
    return found.content.body.entries


def said(found: Parsed) -> list[str]:
    return [f"{one.severity} {one.code} {one.place.line - HEAD}:{one.place.column}" for one in found.diagnostics]


TIMES = [
    ("## 18:40 C\n\n## 18:20 B\n\n## 18:10 A", ["24T18:40", "24T18:20", "24T18:10"]),
    # the lowest is of the article's day, whatever its hour; past midnight the next day begins
    ("## 00:10 C\n\n## 23:50 B\n\n## 07:00 A", ["25T00:10", "24T23:50", "24T07:00"]),
    ("## 08:00 C\n\n## 22:00 B\n\n## 08:00 A", ["25T08:00", "24T22:00", "24T08:00"]),
    (
        "## 09:00 D\n\n## 2026-11-27 10:00 C\n\n## 23:00 B",
        ["27T10:00", "27T09:00", "24T23:00"],
    ),  # a slip, and a warning
    ("## 01:00 D\n\n## 2026-11-26 10:00 C\n\n## 2026-11-23 09:00 A", ["27T01:00", "26T10:00", "23T09:00"]),
    ("## 2026-11-24T18:10 A", ["24T18:10"]),
    ("Words\n\n18:10 A\n-----", ["24T18:10"]),
    ("# 18:10 A", ["24T18:10"]),
    ("## 18:10", ["24T18:10"]),
    ("## 18:10: A\n\nb\n\n## 18:05 – B", ["24T18:10", "24T18:05"]),
    ("> ## 18:10 A\n\n- ## 18:15 B\n\n```\n## 18:20 C\n```\n\n### 18:30 D\n\n## 18:05 E", ["24T18:05"]),
]


@pytest.mark.parametrize(("body", "times"), TIMES)
def test_entries_are_told_by_their_times_newest_first(body: str, times: list[str]) -> None:
    assert [one.time.isoformat() for one in entries(body)] == [f"2026-11-{time}:00+01:00" for time in times]


def test_times_are_on_the_clock_of_the_site_over_its_changes() -> None:
    found = entries("## 03:10 B\n\n## 01:50 A", "date: 2026-03-29 00:30")
    assert [one.time.isoformat() for one in found] == ["2026-03-29T03:10:00+02:00", "2026-03-29T01:50:00+01:00"]
    assert entries("## 08:00 A", "date: 2026-11-24T23:30:00Z")[0].time.isoformat() == "2026-11-25T08:00:00+01:00"


NAMES = [
    ("## 18:10 The *ferry* & `x` [sails](a.md)", "entry-20261124-1810", "The ferry & x sails", ""),
    ("## 18:10 A {pin}", "entry-20261124-1810", "A", "pinned"),
    ("## 18:10 A {key #the-peak pin}", "entry-the-peak", "A", "pinned key"),
    ("## 18:10 {key}", "entry-20261124-1810", "", "key"),
    ("## 18:10 A {b} c", "entry-20261124-1810", "A {b} c", ""),
    ("## 18:10 A {kee}", "entry-20261124-1810", "A {kee}", ""),
    ("## 18:10 A {#a #b}", "entry-20261124-1810", "A {#a #b}", ""),
]


@pytest.mark.parametrize(("heading", "id", "title", "marks"), NAMES)
def test_an_entry_has_an_anchor_a_title_and_marks(heading: str, id: str, title: str, marks: str) -> None:
    one = entries(f"{heading}\n\nSome *words*\nof it.")[0]
    assert (one.id, one.title, one.text) == (id, title, "Some words of it.")
    assert " ".join(name for name in ("pinned", "key") if getattr(one, name)) == marks


def test_what_is_added_above_leaves_every_anchor_as_it_was() -> None:
    before = "## 18:10 B\n\n## 18:10 A"
    one = [entry.id for entry in entries(before)]
    two = [entry.id for entry in entries(f"## 18:11 D\n\n## 18:10 C\n\n{before.replace('A', 'Ah')}")]
    assert one == ["entry-20261124-1810-2", "entry-20261124-1810"]
    assert two[2:] == one
    assert len({*two}) == 4


def test_the_html_is_whole_and_is_cut_where_the_entries_say() -> None:
    found = parse(
        "Intro.\n\n## Before\n\n## 18:20 B [x](x.md)\n\n<div>\n\nTwo[^1]\n\n### Sub\n\n## 18:10 A\n\n[^1]: Note",
        markdown=SAFE,
    )
    html, article = found.html, found.content
    assert isinstance(article, Article)
    two, one = article.body.entries
    assert html[: two.start] == '<p>Intro.</p>\n<h2 id="before">Before</h2>\n'
    assert html[two.title_at : two.text_at] == 'B <a href="ng-ref:0">x</a></h2>\n'
    assert html[two.text_at : two.end].startswith("<div>\n<p>Two")
    assert html[two.text_at : two.end].endswith("</div>")  # an entry closes what it opens
    assert html[one.start : one.end].startswith(
        '<h2 id="entry-20261124-1810"><time datetime="2026-11-24T18:10:00+01:00">'
    )
    assert html[one.end :].startswith('<hr class="footnotes-sep">')
    assert [heading.id for heading in article.body.headings] == ["before", "sub"]


SAFE = config.MarkdownSettings()

WRONG = [
    ("## 18:10 A\n\n## 25:10 B", ["error NG-440 3:1"]),
    ("## 2026-13-01 18:10 A", ["error NG-440 1:1"]),
    ("## 18:10 A\n\n## Noon\n\nB", ["warning NG-441 3:1"]),
    ("## 2:05 pm A", ["warning NG-441 1:1", "warning NG-442 -2:7"]),
    ("## 14.05 A\n\n## 14:04 B", ["warning NG-441 1:1"]),
    ("## 7 things\n\n## 14:04 B", []),
    ("Soon.", ["warning NG-442 -2:7"]),
    ("", ["warning NG-442 -2:7"]),
    ("## 18:10 B\n\n## 18:10 A", ["warning NG-443 1:1"]),
    ("## 18:20 B {#x}\n\n## 18:10 A {#x}", ["error NG-443 1:1"]),
    ("## 18:10 A\n\n## 18:20 B\n\n## 18:30 C", ["warning NG-444 3:1"]),
    ("## 2026-11-23 18:10 A\n\n## 2026-11-24 18:20 B", ["warning NG-444 1:1"]),
    ("## 18:10 A {pinn}", ["warning NG-449 1:1"]),
]


@pytest.mark.parametrize(("body", "messages"), WRONG)
def test_what_is_wrong_with_an_entry_is_told_with_its_place(body: str, messages: list[str]) -> None:
    assert said(parse(body)) == messages


def test_an_entry_without_a_day_needs_an_article_with_a_date() -> None:
    assert said(parse("## 18:10 A", "lang: en")) == ["error NG-440 1:1"]
    assert entries("## 18:20 B\n\n## 2026-11-24 18:10 A", "lang: en")[0].time.isoformat() == "2026-11-24T18:20:00+01:00"


def test_front_matter_that_contradicts_a_live_blog_is_told() -> None:
    body, date = "## 18:10 A", "date: 2026-11-24 18:00"
    assert said(parse(body, date, "access: paid"))[0].startswith("error NG-445 0:")
    assert said(parse(body, date, "live_until: 2026-11-24 17:00"))[0].startswith("error NG-121 0:")
    assert said(parse(body, date, "kind: news", "live_until: 2026-11-25"))[0].startswith("error NG-107")
    text = b"---\ntitle: A\nlive_until: 2026-11-25\n---\n"
    found = parse_content("content/a.md", text, ParseSettings.of(Settings()), config.zone("UTC"))
    assert [one.code for one in found.diagnostics] == ["NG-448"]


def test_a_live_blog_is_as_new_as_its_newest_entry() -> None:
    for line, updated in (("lang: en", "2026-11-24T18:20"), ("updated: 2026-11-25", "2026-11-25T00:00")):
        found = parse("## 18:20 B\n\n## 18:10 A", "date: 2026-11-24 18:00", line).content
        assert isinstance(found, Article)
        assert found.updated
        assert found.updated.isoformat() == f"{updated}:00+01:00"


def test_entries_need_no_anchors_of_headings() -> None:
    plain = config.MarkdownSettings(heading_anchors=False)
    found = parse("## 18:20 B\n\nx\n\n## What\n\n## 18:10 A", markdown=plain)
    assert isinstance(found.content, Article)
    assert [one.title for one in found.content.body.entries] == ["B", "A"]
    assert "<h2>What</h2>" in found.html

"""One content file to one value: its keys, its bytes, its name, and every mistake in it at once, each at its place."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen import config, model
from newsgen.config import MarkdownSettings, ParseSettings
from newsgen.content.parse import Parsed, kind_of, parse_content
from newsgen.model import Article, Correction, Image, Page, Term

PATH = "content/world/story.md"
BERLIN = config.zone("Europe/Berlin")
SETTINGS = ParseSettings("Europe/Berlin", MarkdownSettings(max_kilobytes=64), (*model.ARTICLE_KINDS, "column"))


def parse(text: str | bytes, path: str = PATH) -> Parsed:
    data = text if isinstance(text, bytes) else text.encode()
    return parse_content(path, data, SETTINGS, BERLIN)


def matter(*lines: str, body: str = "Body") -> str:
    return "\n".join(("---", *lines, "---", body, ""))


def article(*lines: str, path: str = PATH) -> Article:
    """The article of a file without a mistake that has a title and `lines`."""
    parsed = parse(matter("title: A", *lines), path)
    assert parsed.diagnostics == ()
    assert isinstance(parsed.content, Article)
    return parsed.content


def said(text: str | bytes, path: str = PATH) -> list[tuple[str, str]]:
    """Code and `line:column` of each diagnostic, a warning with a question mark."""
    parsed = parse(text, path)
    errors = [d for d in parsed.diagnostics if d.severity == "error"]
    assert {d.place.path for d in parsed.diagnostics} <= {path}
    assert not (errors and parsed.content)
    return [
        (d.code + ("?" if d.severity == "warning" else ""), str(d.place).removeprefix(path).removeprefix(":"))
        for d in parsed.diagnostics
    ]


def helps(text: str | bytes, path: str = PATH) -> list[str]:
    return [d.help for d in parse(text, path).diagnostics]


# ---- what a file is -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("content/story.md", "article"),
        ("content/world/story.md", "article"),
        ("content/world/asia/story.md", "article"),
        ("content/world/_index.md", "section"),
        ("content/pages/about.md", "page"),
        ("content/pages/deep/about.md", "page"),
        ("content/tags/russia.md", "tag"),
        ("content/authors/ann.md", "author"),
        ("content/world/tags/story.md", "article"),
        ("content/world/pages/story.md", "article"),
        ("content/tags.md", "article"),
    ],
)
def test_the_place_of_a_file_makes_its_kind(path: str, kind: str) -> None:
    assert kind_of(path) == kind
    content = parse(matter("title: A"), path).content
    made = {Article: "article", Page: "page"}.get(type(content)) or (isinstance(content, Term) and content.family)
    assert made == kind


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("content/world/story.md", "world"),
        ("content/world/asia/story.md", "world"),
        ("content/story.md", "news"),
        ("content/Zu\u0308rich/story.md", "Zürich"),
    ],
)
def test_the_first_folder_names_the_section(path: str, section: str) -> None:
    assert (article(path=path).section, article("section: Other One", path=path).section) == (section, "Other One")


def test_a_section_without_a_title_is_named_after_its_folder() -> None:
    parsed = parse("Only a text.", "content/world/_index.md")
    assert (parsed.content and parsed.content.title, parsed.diagnostics) == ("world", ())


# ---- each key -------------------------------------------------------------------------------------------------------


def at(*numbers: int) -> dt.datetime:
    return dt.datetime(*numbers, tzinfo=BERLIN)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("description:  two   spaces ", "description", "two spaces"),
        ("description: Zu\u0308rich", "description", "Zürich"),
        ("date: 2024-05-16 08:30", "date", at(2024, 5, 16, 8, 30)),
        ("date: 2024-05-16", "date_only", True),
        ("date: 2024-05-16 00:00", "date_only", False),
        ("date:", "date", None),
        ("updated: 2024-05-17", "updated", at(2024, 5, 17)),
        ("author: Ann Bee", "authors", ("Ann Bee",)),
        ("author: Bee, Ann", "authors", ("Bee, Ann",)),
        ("author: [Ann, Bob, Ann]", "authors", ("Ann", "Bob")),
        ("authors: [Ann, Bob]\nauthor: Bob", "authors", ("Bob", "Ann")),
        ("tags: Russia, China , ,Russia", "tags", ("Russia", "China")),
        (
            "tags: [NO, 404, on, null, 012, 2024-05-16, 12:30:45]",
            "tags",
            ("NO", "404", "on", "null", "012", "2024-05-16", "12:30:45"),
        ),
        ("tags: ['a, b', a]", "tags", ("a, b", "a")),
        ("tags: []", "tags", ()),
        ("tags:", "tags", ()),
        ("tags: ''", "tags", ()),
        ("slug: 012", "slug", "012"),
        ("slug: c++", "slug", "c++"),
        ("permalink: /2024/story/", "permalink", "/2024/story/"),
        ("aliases: [/old/, /older.html]", "aliases", ("/old/", "/older.html")),
        ("aliases: /old/", "aliases", ("/old/",)),
        ("draft: true", "draft", True),
        ("draft: Yes", "draft", True),
        ("draft: 'on'", "draft", True),
        ("draft: FALSE", "draft", False),
        ("draft: no", "draft", False),
        ("draft: off", "draft", False),
        ("draft: ~", "draft", False),
        ("publish_at: 2024-05-17", "publish_at", at(2024, 5, 17)),
        ("embargo_until: 2024-05-17", "embargo_until", at(2024, 5, 17)),
        ("expires: 2024-05-17", "expires", at(2024, 5, 17)),
        ("status: withdrawn", "status", "withdrawn"),
        ("kind: opinion", "kind", "opinion"),
        ("kind: column", "kind", "column"),
        ("kind:", "kind", "news"),
        ("lang: pt_BR", "lang", "pt-BR"),
        ("series: The long read", "series", "The long read"),
        ("canonical: https://example.org/a", "canonical", "https://example.org/a"),
        ("access: metered", "access", "metered"),
        ("pin: yes\nlead: no\nfeature: off", "pin", True),
        ("tags_locked: true", "tags_locked", True),
        ("noindex: true", "noindex", True),
        ("template: wide.html", "template", "wide.html"),
        ("source_name: Reuters", "source_name", "Reuters"),
        ("import: {source: seeds/a.txt, digest: x}", "places", {"title": (2, 8), "import": (3, 9)}),
        ("image: {src: ship.jpg, alt: ''}", "image", Image("ship.jpg")),
        ("image: ''", "image", None),
        (
            "image: {src: /a/ship.jpg, alt: A ship, caption: C, credit: D}",
            "image",
            Image("/a/ship.jpg", "A ship", "C", "D"),
        ),
        (
            "image:\n  src: https://example.org/a.jpg\n  alt: A\n  focus: 30% 70%",
            "image",
            Image("https://example.org/a.jpg", "A", focus="30% 70%"),
        ),
        (
            "corrections: [{date: 2024-05-17, text: It was two.}]",
            "corrections",
            (Correction(at(2024, 5, 17), "It was two."),),
        ),
        ("corrections: []", "corrections", ()),
    ],
)
def test_a_key_is_read(line: str, key: str, value: Any) -> None:
    assert getattr(article(*line.split("\n")), key) == value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("False", False),
        ("12", 12),
        ("-3", -3),
        ("+4", 4),
        ("0", 0),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.5e3", 1500.0),
        ("null", None),
        ("~", None),
        ("", None),
        ("'true'", "true"),
        ('"12"', "12"),
        ("''", ""),
        ("012", "012"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("yes", "yes"),
        ("NO", "NO"),
        ("12:30:45", "12:30:45"),
        ("2024-05-16", "2024-05-16"),
        ("99999999999999999999", "99999999999999999999"),
        (".nan", ".nan"),
        ("[1, '1', {a: no}]", (1, "1", model.Extra({"a": "no"}))),
        ("{a: {b: 2}}", model.Extra({"a": {"b": 2}})),
    ],
)
def test_what_is_the_sites_own_is_what_it_looks_like(written: str, value: Any) -> None:
    found = article(f"extra: {{x: {written}}}" if written else "extra: {x: }").extra["x"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "text",
    ["+++\ntitle = 'A'\nextra.a = 1\nextra.b = '1'\n+++\n", '{\n"title": "A",\n"extra": {"a": 1, "b": "1"}\n}\n'],
)
def test_toml_and_json_say_themselves_what_a_text_is(text: str) -> None:
    content = parse(text).content
    assert content is not None
    assert dict(content.extra) == {"a": 1, "b": "1"}


def test_what_is_the_sites_own_cannot_be_changed() -> None:
    extra = article("extra: {a: [1], b: {c: d}}").extra
    assert (type(extra["a"]), type(extra["b"]), hasattr(extra, "__setitem__")) == (tuple, model.Extra, False)


def test_a_page_and_a_term_have_keys_of_their_own() -> None:
    page = parse(matter("title: About", "order: 3", "draft: yes"), "content/pages/about.md").content
    term = parse(
        matter("title: Russia", "aliases: [RU]", "parents: Europe", "order: -1", "same_as: [https://example.org/r]"),
        "content/tags/russia.md",
    ).content
    assert isinstance(page, Page)
    assert isinstance(term, Term)
    assert (page.slug, page.order, page.draft) == ("about", 3, True)
    assert (term.aliases, term.parents, term.order, term.same_as) == (
        ("RU",),
        ("Europe",),
        -1,
        ("https://example.org/r",),
    )


# ---- what is wrong with a key ---------------------------------------------------------------------------------------

TEXT_KEYS = (
    "description",
    "template",
    "slug",
    "section",
    "lang",
    "permalink",
    "status",
    "kind",
    "series",
    "translation_of",
    "canonical",
    "access",
    "source_name",
)
FLAG_KEYS = ("draft", "noindex", "lead", "feature", "pin", "tags_locked")
DATE_KEYS = ("date", "updated", "publish_at", "embargo_until", "expires")
NAME_KEYS = ("author", "authors", "tags", "aliases")


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        *((key, value, "NG-110") for key in TEXT_KEYS for value in ("[a]", "{a: b}")),
        *((key, value, "NG-110") for key in FLAG_KEYS for value in ("maybe", "1", "[true]", "{a: b}", "''")),
        *(
            (key, value, "NG-112")
            for key in DATE_KEYS
            for value in ("soon", "2024-02-30", "10:00:00", "1714557600", "[2024-05-16]", "{a: b}", "''")
        ),
        *((key, "{a: b}", "NG-110") for key in NAME_KEYS),
        ("extra", "x", "NG-110"),
        ("extra", "[a]", "NG-110"),
        ("import", "x", "NG-110"),
        ("kind", "gossip", "NG-113"),
        ("status", "gone", "NG-113"),
        ("access", "cheap", "NG-113"),
        ("lang", "the Queen's", "NG-113"),
        ("canonical", "javascript:alert(1)", "NG-113"),
        ("canonical", "ftp://example.org/", "NG-113"),
        ("image", "javascript:alert(1)", "NG-113"),
        ("image", "data:image/png,x", "NG-113"),
        ("image", "[a.jpg]", "NG-110"),
        ("image", "{alt: A}", "NG-110"),
        ("corrections", "x", "NG-110"),
        ("corrections", "{date: 2024-05-16, text: x}", "NG-110"),
        ("slug", "../up", "NG-114"),
        ("slug", "a/b", "NG-114"),
        ("slug", "two words", "NG-114"),
        ("slug", "'trailing '", "NG-114"),
        ("slug", "nul", "NG-114"),
        ("slug", "x" * 201, "NG-114"),
        ("permalink", "story/", "NG-114"),
        ("permalink", "//evil.example/", "NG-114"),
        ("permalink", "https://evil.example/", "NG-114"),
        ("permalink", "/../etc/", "NG-114"),
        ("aliases", "[old]", "NG-114"),
        ("template", '"a\\eb"', "NG-102"),
        ("tags", f"[{'x' * 201}]", "NG-110"),
    ],
)
def test_a_value_of_the_wrong_kind_is_one_error_at_its_place(key: str, value: str, code: str) -> None:
    place = "3:" + str(len(key) + 3 + (1 if key == "tags" and value[0] == "[" else 0))
    assert said(matter("title: A", f"{key}: {value}")) == [(code, place)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("title: [A]", [("NG-110", "2:8")]),
        ("title: {a: b}", [("NG-110", "2:8")]),
        ("title: ''", [("NG-111", "2:8")]),
        ("title: '  '", [("NG-111", "2:8")]),
        ("title:", [("NG-111", "1:1")]),
        ("draft: no", [("NG-111", "1:1")]),
    ],
)
def test_a_file_without_a_title_is_refused(line: str, expected: list[tuple[str, str]]) -> None:
    assert said(matter(line)) == expected
    assert said(matter(line), "content/pages/a.md") == expected
    assert said(matter(line.replace("draft", "order").replace("no", "1")), "content/tags/a.md") == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("tags: [a, '', [b], {c: d}]", [("NG-110", "3:11"), ("NG-110", "3:15"), ("NG-110", "3:20")]),
        ("image: {src: a.jpg, alt: [A], size: 3}", [("NG-104", "3:37"), ("NG-110", "3:26")]),
        ("image: {src: 'java script:x'}", [("NG-113", "3:14")]),
        ("image: a.jpg", [("NG-204?", "3:8")]),
        ("image: {src: a.jpg, alt: }", [("NG-204?", "3:8")]),
        ("image: {src: a.jpg, alt: A, focus: left}", [("NG-113", "3:36")]),
        ("image: {src: a.jpg, alt: A, focus: 30% 101%}", [("NG-113", "3:36")]),
        (
            "corrections: [{date: 2024-05-16}, {text: x}, y]",
            [("NG-110", "3:15"), ("NG-110", "3:35"), ("NG-110", "3:46")],
        ),
        ("corrections: [{date: never, text: x}]", [("NG-112", "3:22")]),
        ("corrections: [{date: 2024-05-16, text: x, by: y}]", [("NG-104", "3:47")]),
        ("expires: 2024-05-16\ndate: 2024-05-16", [("NG-121", "3:10")]),
        ("expires: 2024-05-16\npublish_at: 2024-05-17\ndate: 2024-05-01", [("NG-121", "3:10")]),
        ("expires: 2024-05-17\ndate: 2024-05-16", []),
    ],
)
def test_what_is_wrong_inside_a_value_is_found_at_its_own_place(line: str, expected: list[tuple[str, str]]) -> None:
    assert said(matter("title: A", *line.split("\n"))) == expected


SYNONYMS = {
    "description": "summary excerpt deck subtitle standfirst lede",
    "section": "category categories",
    "tags": "topics keywords tag Tags",
    "date": "published publishdate pubDate created time",
    "updated": "lastmod modified last_modified",
    "expires": "expirydate expiryDate expiry unpublish_at",
    "author": "byline by writer",
    "title": "headline name tittle",
    "aliases": "redirect_from redirects",
    "permalink": "url path",
    "lang": "language locale",
    "template": "layout",
    "embargo_until": "embargo",
}


@pytest.mark.parametrize(
    ("key", "help"),
    [
        *((word, f'Did you mean "{key}"?') for key, words in SYNONYMS.items() for word in words.split()),
        *(
            (word, "What is your own goes under extra: (then it is free in form).")
            for word in ("zzz", "weight", "nav_order")
        ),
    ],
)
def test_an_unknown_key_is_an_error_with_what_may_be_meant(key: str, help: str) -> None:
    text = matter("title: A", f"{key}: x")
    assert (said(text), helps(text)) == ([("NG-104", f"3:{len(key) + 3}")], [help])


@pytest.mark.parametrize("key", ["weight", "nav_order"])
def test_a_synonym_is_only_offered_where_its_key_exists(key: str) -> None:
    assert helps(matter("title: A", f"{key}: 1"), "content/pages/a.md") == ['Did you mean "order"?']


ADDRESS = '"canonical" is not a web address - Give an http(s) address or a path of this site.'
NO_ALT = 'picture "a.jpg" without alternative text - Say what it shows: image: {src: a.jpg, alt: A ship} (alt: "" where it only decorates)'


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("section: [A]", '"section" is a list, not a text - Write section: followed by one text.'),
        ("section: {a: b}", '"section" is a mapping, not a text - Write section: followed by one text.'),
        ('template: "a\\eb"', '"template" holds the control character U+001B - Remove it.'),
        ("draft: perhaps", '"draft" is neither true nor false - Write draft: true or draft: false.'),
        ("series: S\npart: 0", '"part" is not a whole number from 1 on - Write part: 1'),
        ("kind: opinnion", '"kind" is "opinnion", which is not one of those allowed - Did you mean "opinion"?'),
        ("kind: zzz", f'"kind" is "zzz", which is not one of those allowed - Write one of: {", ".join(SETTINGS.kinds)}.'),
        (
            "date: soon",
            '"date" is not a date: it has none of the forms that are read'
            " - Write it like one of these: 2024-05-16, 2024-05-16 08:30, 2024-05-16T08:30:00+02:00.",
        ),
        ("canonical: ftp://example.org/", ADDRESS),
        ("canonical: <b>", ADDRESS),
        ("slug: Two Words", 'slug "Two Words" cannot be used: it holds a space - Use letters, digits and hyphens: slug: two-words'),
        ("tags: {a: b}", '"tags" is a mapping, not a list of names - Write tags: [One, Two]'),
        ("tags: ['']", '"tags" holds an empty name - Remove it.'),
        (f"tags: [{'x' * 201}]", '"tags" holds a name of 201 characters - The limit is 200.'),
        ("image: {alt: A}", '"image" names no picture - Write image: {src: ship.jpg, alt: A ship}'),
        ("image: [a.jpg]", '"image" is not a mapping - Write {src: …, alt: …, caption: …, credit: …, focus: …}'),
        ("image: a.jpg", NO_ALT),
        ("image: {src: a.jpg}", NO_ALT),
        (
            "image: {src: a.jpg, alt: A, focus: left}",
            '"focus" is "left", which is no point of a picture - Write how far from the left and from the top: focus: 30% 70%',
        ),
        ("corrections: x", '"corrections" is not a list of corrections - Write corrections: [{date: 2024-05-16, text: What was wrong.}]'),
        ("corrections: [y]", '"corrections" is not a mapping - Write {date: …, text: …}'),
        ("corrections: [{text: x}]", "a correction needs a date and a text - Write {date: 2024-05-16, text: …}"),
        ("extra: x", '"extra" is not a mapping - Write extra: {name: value}'),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_what_to_write(line: str, words: str) -> None:
    found = parse(matter("title: A", *line.split("\n"))).diagnostics
    assert [f"{one.message} - {one.help}" for one in found] == [words]


def test_an_order_that_is_no_number_is_named_with_what_to_write() -> None:
    (found,) = parse(matter("title: A", "order: first"), "content/pages/a.md").diagnostics
    assert (found.code, found.message, found.help) == ("NG-110", '"order" is not a whole number', "Write order: 1")


def test_corrections_are_in_the_order_of_their_dates() -> None:
    written = "corrections: [{date: 2024-05-18, text: b}, {date: 2024-05-17, text: z}, {date: 2024-05-19, text: a}]"
    assert [one.text for one in article(written).corrections] == ["z", "b", "a"]


def test_all_mistakes_are_reported_at_once() -> None:
    text = matter(
        "date: soon", "draft: maybe", "sumary: x", "tags: {a: b}", "slug: a/b", body="[x](js:y)\n\n![](a.png)"
    )
    assert sorted(said(text)) == [
        ("NG-104", "4:9"),
        ("NG-110", "3:8"),
        ("NG-110", "5:7"),
        ("NG-111", "1:1"),
        ("NG-112", "2:7"),
        ("NG-114", "6:7"),
        ("NG-202?", "8:5"),
        ("NG-204?", "10:5"),
    ]


# ---- bytes ----------------------------------------------------------------------------------------------------------

GOOD = matter("title: Zürich", "tags: [a]", "date: 2024-05-16", body="Body with a [link](a.md).\n\n## Two")


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r\n").encode("utf-8-sig"),
        GOOD.replace("\n", "\r").encode(),
        GOOD.encode() + b"\n\n",
    ],
    ids=["BOM", "CRLF", "BOM and CRLF", "CR", "more line ends"],
)
def test_line_ends_and_marks_of_editors_change_nothing(data: bytes) -> None:
    assert parse(data) == parse(GOOD)


@pytest.mark.parametrize(
    ("data", "expected", "message"),
    [
        ("---\ntitle: Café\n---\n".encode("latin-1"), ("NG-101", "2"), "not UTF-8 text: wrong at byte 14"),
        (b"\xef\xbb\xbf---\ntitle: Caf\xe9\n---\n", ("NG-101", "2"), "not UTF-8 text: wrong at byte 17"),
        ("---\ntitle: A\n---\n".encode("utf-16"), ("NG-101", "1"), "not UTF-8 text: wrong at byte 0"),
        ("---\ntitle: A\n---\n".encode("utf-16-le"), ("NG-102", "1:2"), "NUL character in the text"),
        (b"---\ntitle: A\n---\nBo\0dy", ("NG-102", "4:3"), "NUL character in the text"),
        (b"---\ntitle: A\n---\n\xff", ("NG-101", "4"), "not UTF-8 text: wrong at byte 17"),
        (b"\x89PNG\r\n", ("NG-101", "1"), "not UTF-8 text: wrong at byte 0"),
        (b"x" * (64 * 1024 + 1), ("NG-118", ""), "file of 64 kB is too large"),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(data: bytes, expected: tuple[str, str], message: str) -> None:
    assert (said(data), [d.message for d in parse(data).diagnostics]) == ([expected], [message])


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_left_out_with_a_warning(data: bytes) -> None:
    assert (said(data), parse(data).content) == ([("NG-117?", "")], None)


def test_a_file_of_just_the_limit_is_read() -> None:
    text = matter("title: A")
    assert said(text + "x" * (64 * 1024 - len(text))) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("---\ntitle: A\n---\nBo\x0bdy", "4:3"),
        ("---\ntitle: A\x08B\n---\nBody", "2:9"),
        ("---\r\ntitle: A\r\n---\r\nBody\x1b\ufffe", "4:5"),
    ],
)
def test_control_characters_are_dropped_with_a_warning(text: str, place: str) -> None:
    parsed = parse(text)
    assert said(text) == [("NG-102?", place)]
    assert parsed.content is not None
    assert (parsed.content.title.replace("B", ""), parsed.html) == ("A", "<p>Body</p>\n")


# ---- the name of a file ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "slug", "date"),
    [
        ("story.md", "story", None),
        ("2024-05-16-story.md", "story", at(2024, 5, 16)),
        ("2024-05-16-2024-05-17-story.md", "2024-05-17-story", at(2024, 5, 16)),
        ("2024-05-16.md", "2024-05-16", None),
        ("2024-02-30-story.md", "story", None),
        ("24-05-16-story.md", "24-05-16-story", None),
        ("Two Words.md", "Two-Words", None),
        ("日本.md", "日本", None),
        ("Zu\u0308rich.md", "Zürich", None),
        ("a.b.md", "a.b", None),
        ("c++.md", "c++", None),
    ],
)
def test_a_file_name_gives_slug_and_date(name: str, slug: str, date: dt.datetime | None) -> None:
    found = article(path=f"content/world/{name}")
    assert (found.slug, found.date, found.date_only) == (slug, date, date is not None)


def test_the_title_gives_no_slug() -> None:
    assert article(path="content/a.md").slug == "a"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("nul.md", [("NG-119", "")]), ("!?.md", []), ("???.md", [("NG-119", "")]), (f"{'x' * 201}.md", [("NG-119", "")])],
)
def test_a_file_name_that_gives_no_slug_is_refused(name: str, expected: list[tuple[str, str]]) -> None:
    assert said(matter("title: A"), f"content/{name}") == expected
    assert said(matter("title: A", "slug: fine"), f"content/{name}") == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("date: 2024-05-16", []),
        ("date: 2024-5-16 09:00", []),
        ("date: 2024-05-16T23:59:00-11:00", []),
        ("date: ' 2024-05-16'", []),
        ("date: 2024-05-17", [("NG-115?", "3:7")]),
        ("date: 2023-05-16", [("NG-115?", "3:7")]),
        ("date: never", [("NG-112", "3:7")]),
    ],
)
def test_a_date_that_differs_from_the_file_name_is_warned_of(line: str, expected: list[tuple[str, str]]) -> None:
    assert said(matter("title: A", line), "content/2024-05-16-a.md") == expected


def test_the_date_of_the_front_matter_holds() -> None:
    content = parse(matter("title: A", "date: 2024-05-17"), "content/2024-05-16-a.md").content
    assert isinstance(content, Article)
    assert content.date == at(2024, 5, 17)


@pytest.mark.parametrize("path", ["content/1890-01-01-a.md", "content/2024-07-01-a.md"])
def test_a_date_of_a_file_name_survives_the_cache(path: str) -> None:
    date = article(path=path).date
    again = model.decoder(Article).decode(model.encode(article(path=path))).date
    assert date is not None
    assert again is not None
    assert (again.isoformat(), date.tzname()) == (date.isoformat(), again.tzname())


# ---- the body -------------------------------------------------------------------------------------------------------


def test_places_of_a_body_count_from_the_top_of_the_file() -> None:
    parsed = parse(matter("title: A", "tags: [a]", body="One\n\n[two](two.md) [x](js:y)"))
    assert parsed.content is not None
    (found,) = parsed.content.body.references
    assert ((found.line, found.column), [str(d.place) for d in parsed.diagnostics]) == ((7, 7), [f"{PATH}:7:19"])


def test_a_text_in_the_form_of_a_template_stays_a_text() -> None:
    parsed = parse(matter("title: '{{ 7*7 }}'", body="{{ 7*7 }}"))
    assert parsed.content is not None
    assert (parsed.content.title, parsed.html) == ("{{ 7*7 }}", "<p>{{ 7*7 }}</p>\n")


# ---- the same bytes, the same value ---------------------------------------------------------------------------------

LINES = st.lists(
    st.sampled_from(
        [
            "title: A",
            "title: ''",
            "tags: [b, a, ü]",
            "date: 2024-05-16",
            "date: x",
            "extra: {b: 1, a: 2}",
            "sumary: x",
            "draft: maybe",
            "image: {src: a.jpg}",
            "zz: [",
            "---",
            "[x](js:y) [a](a.md)",
            "## H",
            "<script>x</script>",
        ]
    ),
    max_size=8,
)


@given(LINES)
def test_parsing_is_pure(lines: list[str]) -> None:
    text = matter(*lines)
    assert parse(text) == parse(text)


@given(st.binary(max_size=60), st.sampled_from([b"", b"---\n", b"---\ntitle: ", b"+++\n", b"{\n"]))
def test_no_bytes_crash(data: bytes, start: bytes) -> None:
    parsed = parse(start + data)
    assert (parsed.content is None) == any(d.severity == "error" or d.code == "NG-117" for d in parsed.diagnostics)


@given(st.text(st.sampled_from("ab:-#'\"[]{}&*!|>?,%@` \n\t=+.0"), max_size=40), st.sampled_from(["---", "+++"]))
def test_no_front_matter_crashes(block: str, fence: str) -> None:
    parsed = parse(f"{fence}\n{block}\n{fence}\n")
    assert all(d.place.line >= 0 and d.place.line <= block.count("\n") + 4 for d in parsed.diagnostics)


HASHED = """
import datetime as dt, sys
from newsgen import model
from newsgen.config import MarkdownSettings
from newsgen.config import ParseSettings
from newsgen.content.parse import parse_content
settings = ParseSettings("UTC", MarkdownSettings(), model.ARTICLE_KINDS)
text = "---\\ntitle: A\\ntags: [b, a]\\nextra: {z: 1, a: {y: 2, b: 3}}\\nzz: 1\\nyy: 2\\n---\\n[x](js:y) <b onclick=x>\\n"
for given in (text, text.replace("zz: 1\\nyy: 2\\n", "")):
    parsed = parse_content("content/a.md", given.encode(), settings, dt.timezone.utc)
    sys.stdout.buffer.write(model.encode(parsed) + repr(parsed).encode())
"""


def test_the_seed_of_hashes_is_no_part_of_a_value() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", HASHED],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert (len(found), b"NG-104" in found.copy().pop()) == (1, True)


def test_the_addresses_of_an_author_pass_the_scheme_check() -> None:
    text = "---\ntitle: Ann\nsame_as: [https://example.org/ann, 'javascript:alert(1)']\n---\n"
    parsed = parse_content("content/authors/ann.md", text.encode(), ParseSettings.of(config.Settings()), dt.UTC)
    assert [(one.code, one.place.line, one.place.column) for one in parsed.diagnostics] == [("NG-113", 3, 36)]


def test_plain_articles_need_no_parser() -> None:
    """To import one costs as much as hundreds of articles, in each process."""
    text = matter(
        'title: "A"', "date: 2024-05-16", "tags: [a, 'b']", body="Plain *prose*.\n\n> [q](https://a.org/)\n\n- a\n- b"
    )
    program = (
        "import sys; from newsgen import config, model; from newsgen.config import MarkdownSettings as M\n"
        "from newsgen.content.parse import ParseSettings, parse_content\n"
        f"s = ParseSettings('UTC', M(), model.ARTICLE_KINDS); text = {text!r}\n"
        "assert parse_content('content/a.md', text.encode(), s, config.zone('UTC')).content\n"
        "print(*sorted({'markdown_it', 'mdit_py_plugins', 'yaml', 'frontmatter', 'nh3', 'html', 'difflib'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "\n"


def test_internal_tags_stand_apart_from_those_that_are_shown() -> None:
    found = article('tags: ["#front", C#, "#", trade]')
    assert (found.tags, found.internal_tags) == (("C#", "#", "trade"), ("#front",))

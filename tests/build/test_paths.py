"""Where pages are written: whatever names content, tags, sections and files have, on every kind of page."""

from __future__ import annotations

import json
import posixpath
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from newsgen.content.slugs import MAX_BYTES, offence, path_offence, slug_of, tidy
from newsgen.pages.urls import file_of, url_of
from tests.site import Site, article, dead_links, pages, said

NAMES = [
    "CON", "con.md", "aux.txt", "NUL", "COM1", "lpt¹", "conin$", "a.", "a ", " a", ". a", "..", ".", "...", "../..", "/etc", "a/../b", "a\\b",
    "C:", "C:\\x", "a:b", "a|b?*", 'a"b', "<a>", "a%2fb", "%2e%2e", "%", "a#b", "a?b", "a&b", "C++", "C#", "~", "$HOME", "{a}", "-", "--",
    "a\u202eb", "\u200b", "a\u200bb", "\u2066a\u2069", "\ufeffa", "a\x07", "\x1b[31m", "a\x7f", "a\u2028b", "\u00a0", "a\u0300", "à", "ＡＢ", "ﬁ",
    "Straße", "STRASSE", "İstanbul", "istanbul", "ı", "Ångström", "A\u030angström", "日本", "😀", "👩\u200d🚀", "ا\u200cب", "x" * 300, "é" * 150, "日" * 90,
    "index.html", "index", "page", "feed.xml", "feed", "tags", "sitemap.xml", "404", "assets", "_headers", ".htaccess", "a.b", "a.html", "archive",
]  # fmt: skip
NAME = st.one_of(
    st.sampled_from(NAMES), st.text(max_size=12), st.text(st.sampled_from("aA./\\%é\u0301 \u202e-_~:"), max_size=8)
)
KINDS = ("tag", "author", "series", "section", "file", "folder", "page", "slug", "permalink", "alias", "static", "beside", "term", "collection")  # fmt: skip


def is_file_name(name: str) -> bool:
    """Whether Linux lets a file have the name."""
    try:
        encoded = name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return 0 < len(encoded) <= 240 and "/" not in name and "\0" not in name and name not in (".", "..")


def named(kind: str, name: str, number: int) -> Iterator[tuple[str, str]]:
    """A file of a site that names something so; none where no such file can be."""
    value = json.dumps(name)
    head = f"---\ntitle: A{number}\ndate: 2026-05-01\n"
    if kind in ("tag", "author", "series", "section", "slug", "permalink", "alias"):
        key = {"tag": f"tags: [{value}]", "alias": f"aliases: [{value}]"}.get(kind, f"{kind}: {value}")
        yield f"content/world/a{number}.md", f"{head}{key}\n---\n"
    elif kind == "collection":
        yield "collection", name
    elif is_file_name(name):
        text = f"{head}---\n![a](<{name}.png>) x\n"
        yield {
            "file": (f"content/world/{name}.md", f"{head}---\n"),
            "folder": (f"content/{name}/a{number}.md", f"{head}---\n"),
            "page": (f"content/pages/{name}.md", f"---\ntitle: A{number}\n---\n"),
            "static": (f"static/{name}", "x"),
            "beside": (f"content/world/{name}.png", "<svg/>"),
            "term": (f"content/tags/{name}.md", f"---\ntitle: A{number}\n---\n"),
        }[kind]
        if kind == "beside":
            yield f"content/world/b{number}.md", text


SETTINGS = (
    'base_url = "https://example.org/pa%20per"\n[tags]\ncombine = 1\n[redirects]\nformats = ["html", "netlify"]\n'
)


@given(st.lists(st.tuples(st.sampled_from(KINDS), NAME), min_size=1, max_size=6))
@example([("tag", "Å"), ("tag", "A\u030a"), ("author", "Å"), ("series", "å")])
@example([("file", "Ab"), ("file", "aB")])
@example([("static", "ü"), ("static", "u\u0308")])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@pytest.mark.usefixtures("plain_theme")
def test_whatever_names_there_are_files_stay_in_the_site_and_have_one_owner(given_names: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "in/paper"
        files = dict(pair for number, (kind, name) in enumerate(given_names) for pair in named(kind, name, number))
        collection = files.pop("collection", "")
        more = f"[collections.{json.dumps(collection)}]\npage = true\n" if collection else ""
        site = Site(root, {"newsgen.toml": SETTINGS + more, **files})
        report = site.build()
        outside = [path for path in Path(folder).rglob("*") if root not in (path, *path.parents, *path.rglob("paper"))]
        assert [path for path in outside if path != root.parent] == []
        assert report.ok or any(one.severity == "error" for one in report.diagnostics)
        assert not any("is a bug" in line for line in said(report))
        for path in pages(site.out) if report.ok else ():
            for segment in path.split("/"):
                assert (
                    offence(segment.lstrip(".").replace(" ", "-")) == ""
                    or segment == ".well-known"
                    or path.startswith("_")
                )
                assert len(segment.encode()) <= MAX_BYTES
            assert posixpath.normpath(path) == path
        if report.ok:  # what is a broken link is told, and stays as it is written
            folded = [unicodedata.normalize("NFC", path).casefold() for path in pages(site.out)]
            assert len(folded) == len(set(folded))
            told = any(one.code == "NG-203" for one in report.diagnostics)
            assert told or dead_links(site.out, "/pa per/", "https://example.org") == []


@pytest.mark.parametrize("name", ["CON", "a\u202eb", "nul.x", "a|b", "日" * 70])
@pytest.mark.usefixtures("plain_theme")
def test_a_file_beside_an_article_that_cannot_be_published_is_told_of(tmp_path: Path, name: str) -> None:
    site = Site(
        tmp_path / "paper",
        {f"content/world/{name}.png": "x", "content/world/a.md": article("A", f"![a](<{name}.png>)")},
    )
    assert [one.code for one in site.build().diagnostics if one.severity == "error"] == ["NG-119"]


@pytest.mark.usefixtures("plain_theme")
def test_a_file_beside_an_article_may_have_a_space(tmp_path: Path) -> None:
    site = Site(
        tmp_path / "paper", {"content/world/a b.svg": "x", "content/world/a.md": article("A", "![a](<a b.svg>)")}
    )
    site.good()
    assert "world/a/a b.svg" in pages(site.out)


# ---- names ----------------------------------------------------------------------------------------------------------


@given(NAME)
def test_a_slug_is_one_safe_segment_and_its_own_slug(name: str) -> None:
    slug = slug_of(name)
    if slug:
        assert (offence(slug), "/" in slug, unicodedata.is_normalized("NFC", slug)) == ("", False, True)
        assert slug_of(slug) == slug or len(slug.encode()) > MAX_BYTES // 4


@given(NAME)
def test_a_tidy_name_is_a_safe_segment_or_told_of(name: str) -> None:
    tidied = tidy(name)
    assert tidy(tidied) == tidied
    assert offence(tidied) == "" or not tidied or any(word in offence(tidied) for word in ("Windows", "longer", "dots"))


@given(st.lists(NAME, max_size=3).map(lambda parts: "/" + "/".join(parts)), st.sampled_from(["/", "/pa per/"]))
def test_a_path_that_has_no_offence_stays_in_the_site(path: str, base: str) -> None:
    if path_offence(path):
        return
    file, url = file_of(path), url_of(file_of(path), base)
    assert (posixpath.normpath(file), file.startswith(("/", "../")), unicodedata.is_normalized("NFC", file)) == (
        file,
        False,
        True,
    )
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment, url.isascii()) == ("", "", "", "", True)
    assert (
        unquote(url) == base + file.removesuffix("index.html")
        if file.endswith("/index.html") or file == "index.html"
        else True
    )


@given(st.text(max_size=40), st.sampled_from(["/", "/paper/"]))
def test_a_url_is_a_path_alone_whatever_the_file_is_called(file: str, base: str) -> None:
    try:
        url = url_of(file, base)
    except UnicodeEncodeError:  # a lone surrogate, which is no name of a file: sources refuse it
        return
    parts = urlsplit(url)
    assert (parts.scheme, parts.query, parts.fragment) == ("", "", "")
    assert set(url).isdisjoint('"<>\\ \t\r\n#?{}|^`')

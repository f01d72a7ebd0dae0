"""A whole small paper: what a build of it publishes, links, lists, withholds and says."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from newsgen.build import BuildReport
from tests.site import MOMENT, Site, article, codes, dead_links, links, pages, said, tree

PAPER: dict[str, str | bytes] = {
    "newsgen.toml": """title = "The Tidewater Post"
description = "News from the coast"
base_url = "https://example.org/paper"
timezone = "Europe/Berlin"
per_page = 3
""",
    "content/world/harbour.md": article(
        "Harbour reopens after storm",
        "The crane is back: ![A yellow crane](crane.svg)\n\nSee [the rates](../business/rates.md#tables), "
        "[the ferry](2026-05-03-ferry.md), [about us](/about/), [the ledger](ledger%20two.csv) and [all](/).",
        date="2026-05-04T08:30:00+02:00",
        updated="2026-05-06",
        authors="[Ann Vale, Joao Prado]",
        tags='[Ships, sanctions, "#zqdesk"]',
        description="Boats sail again.",
        image="{src: crane.svg, alt: A yellow crane}",
        aliases="[/old/harbour/, /harbour.html]",
    ),
    "content/world/crane.svg": "<svg/>",
    "content/world/ledger two.csv": "a,b\n",
    "content/world/unnamed.bin": b"nobody names this file",
    "content/world/2026-05-03-ferry.md": article("Ferry delayed", "Late.", date=None, tags="[shipping]"),
    "content/world/_index.md": "---\ntitle: The World\ndescription: Beyond the bay\norder: 1\n---\nHub of the world.\n",
    "content/business/rates.md": article("Rates rise", "## Tables\n\nUp.", date="2026-05-02", tags="[Sanctions]"),
    "content/business/deep/er/mill.md": article("Mill closes", "Shut.", date="2026-05-01 10:00", author="Ann Vale"),
    "content/rootless.md": article("Found in the root", "Root.", date="2026-04-30", tags="[C++, C#]"),
    "content/undated.md": article("Without a day", "Undated words.", date=None, tags="[sanctions]"),
    "content/pages/about.md": "---\ntitle: About us\n---\nWho we are. ![](/logo.svg)\n",
    "content/tags/shipping.md": "---\ntitle: Shipping\naliases: [ships]\ndescription: Boats\n---\nHub of ships.\n",
    "content/tags/sanctions.md": "---\ntitle: Sanctions\n---\n",
    "content/tags/empty.md": "---\ntitle: Nobody writes of this\n---\n",
    "content/authors/ann.md": "---\ntitle: Ann Vale\n---\nAnn lives by the sea.\n",
    "static/logo.svg": "<svg/>",
    "static/_headers": "/*\n",
    "static/.well-known/security.txt": "Contact: x\n",
    "templates/article.html": '{% extends "theme/article.html" %}{% block article_end %}<p>We told.</p>{% endblock %}',
}

FEEDS = ("feed.xml", "atom.xml", "feed.json")
PATHS = """
404.html about/index.html archive/index.html archive/2026/index.html archive/2026/04/index.html
archive/2026/05/index.html archive/2026/05/page/2/index.html
assets/blocks.js assets/breaking.js assets/favicon.svg assets/live.js assets/scheme.js assets/search.css assets/search.js assets/style.css
authors/ann-vale/feed.xml authors/ann-vale/index.html authors/index.html
authors/joao-prado/feed.xml authors/joao-prado/index.html
business/feed.xml business/index.html business/mill/index.html business/rates/index.html
feed.xml harbour.html index.html logo.svg _headers .well-known/security.txt
news-sitemap.xml news/feed.xml news/index.html news/rootless/index.html news/undated/index.html
old/harbour/index.html page/2/index.html robots.txt sitemap.xml
tags/c-plus-plus/feed.xml tags/c-plus-plus/index.html tags/c-sharp/feed.xml tags/c-sharp/index.html tags/index.html
tags/nobody-writes-of-this/index.html tags/sanctions/feed.xml tags/sanctions/index.html
tags/shipping/feed.xml tags/shipping/index.html tags/ships/index.html
world/feed.xml world/ferry/index.html world/harbour/crane.svg world/harbour/index.html world/index.html
"""
PATHS = re.sub(r"(\S*)feed\.xml", lambda one: " ".join(one[1] + name for name in FEEDS), PATHS)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The paper, built once; tests only look at it."""
    site = Site(tmp_path_factory.mktemp("pipeline") / "paper", PAPER)
    site.good()
    return site


@pytest.fixture
def own(make_site: Callable[..., Site]) -> Site:
    """The paper, for a test of its own."""
    return make_site(PAPER)


# ---- what is published ----------------------------------------------------------------------------------------------


def test_exactly_the_planned_files_are_published(paper: Site) -> None:
    expected = {*PATHS.split(), "world/harbour/ledger two.csv"}
    assert {re.sub(r"^(assets/\w+)\.[0-9a-f]{10}", r"\1", path) for path in pages(paper.out)} == expected


def test_the_report_counts_what_the_output_holds(own: Site) -> None:
    report = own.good()
    assert (report.articles, report.undated, report.withheld) == (6, 1, ())
    assert set(report.written) == pages(own.out)
    assert len(report.written) == report.pages == len(report.rendered)
    assert said(report) == [
        "NG-204 content/pages/about.md:4:17 image without alternative text",
        'NG-116 content/undated.md "Without a day" has no date',
    ]


@pytest.mark.parametrize(
    ("path", "holds"),
    [
        ("world/harbour/index.html", '<h1 class="article-title">Harbour reopens after storm</h1>'),
        ("world/harbour/index.html", "<title>Harbour reopens after storm - The Tidewater Post</title>"),
        ("world/harbour/index.html", '<time datetime="2026-05-04T08:30:00+02:00">4 May 2026, 08:30 UTC+2</time>'),
        ("world/harbour/index.html", '<link rel="canonical" href="https://example.org/paper/world/harbour/">'),
        ("world/harbour/index.html", 'content="https://example.org/paper/world/harbour/crane.svg"'),
        ("world/harbour/index.html", 'href="/paper/business/rates/#tables"'),
        ("world/harbour/index.html", 'href="/paper/world/harbour/ledger%20two.csv"'),
        ("world/harbour/index.html", 'src="/paper/world/harbour/crane.svg"'),
        ("world/harbour/index.html", "<p>We told.</p>"),
        ("world/harbour/index.html", 'href="/paper/tags/shipping/">Shipping</a>'),
        ("world/ferry/index.html", '<time datetime="2026-05-03">3 May 2026</time>'),
        ("business/mill/index.html", '<time datetime="2026-05-01T10:00:00+02:00">'),
        ("about/index.html", 'src="/paper/logo.svg"'),
        ("world/index.html", "Hub of the world."),
        ("world/index.html", '<h1 class="hub-title">The World</h1>'),
        ("tags/shipping/index.html", "Hub of ships."),
        ("authors/ann-vale/index.html", "Ann lives by the sea."),
        ("tags/nobody-writes-of-this/index.html", "Nothing has been published here yet."),
        ("tags/nobody-writes-of-this/index.html", '<meta name="robots" content="noindex">'),
        ("tags/ships/index.html", '<meta http-equiv="refresh" content="0; url=/paper/tags/shipping/">'),
        ("tags/shipping/index.html", '<a href="/paper/tags/sanctions/">Sanctions</a>'),
        ("robots.txt", "Sitemap: https://example.org/paper/sitemap.xml"),
    ],
)
def test_pages_carry_what_their_sources_state(paper: Site, path: str, holds: str) -> None:
    assert holds in paper.page(path)


def test_a_page_without_an_author_or_date_invents_none(paper: Site) -> None:
    page = paper.page("news/undated/index.html")
    assert [word for word in ("<time", "byline", "published_time", "datetime=") if word in page] == []


LISTED = re.compile(r'<a href="/paper/((?:world|business|news)/[a-z]+)/">')


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("page/2/index.html", "business/mill news/rootless news/undated"),
        ("tags/sanctions/index.html", "world/harbour business/rates news/undated"),
        ("tags/shipping/index.html", "world/harbour world/ferry"),
        ("authors/ann-vale/index.html", "world/harbour business/mill"),
        ("business/index.html", "business/rates business/mill"),
        ("world/index.html", "world/harbour world/ferry"),
        ("news/index.html", "news/rootless news/undated"),
    ],
)
def test_listings_hold_their_articles_newest_first_and_undated_last(paper: Site, path: str, expected: str) -> None:
    assert LISTED.findall(paper.page(path)) == expected.split()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tags/index.html", "C#:1 C++:1 Sanctions:3 Shipping:2"),
        ("authors/index.html", "Ann Vale:2 Joao Prado:1"),
    ],
)
def test_indexes_count_published_articles(paper: Site, path: str, expected: str) -> None:
    found = re.findall(r'<li><a href="[^"]+">([^<]+)</a> <span class="count">(\d+)', paper.page(path))
    assert " ".join(f"{title}:{count}" for title, count in found) == expected


def feed_titles(text: str) -> list[str]:
    return re.findall(r"<item>\n<title>(.*?)</title>", text)


def test_undated_articles_are_in_no_feed(paper: Site) -> None:
    feeds = {path: feed_titles(paper.page(path)) for path in PATHS.split() if path.endswith("feed.xml")}
    everything = ["Harbour reopens after storm", "Ferry delayed", "Rates rise", "Mill closes", "Found in the root"]
    assert feeds["feed.xml"] == everything
    assert [path for path, titles in feeds.items() if not titles or "Without a day" in titles] == []


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, {"index.html"}),
        (3, {"index.html"}),
        (4, {"index.html", "page/2/index.html"}),
        (7, {"index.html", "page/2/index.html", "page/3/index.html"}),
    ],
)
@pytest.mark.usefixtures("plain_theme")
def test_a_listings_first_page_has_no_number(make_site: Callable[..., Site], count: int, expected: set[str]) -> None:
    site = make_site({"newsgen.toml": "per_page = 3\n"})
    for number in range(count):
        site.write(f"content/world/a{number}.md", article(f"Number {number}"))
    site.good()
    assert {path for path in pages(site.out) if re.fullmatch(r"(page/\d+/)?index\.html", path)} == expected


# ---- links ----------------------------------------------------------------------------------------------------------


def test_every_link_on_the_site_leads_to_a_file_under_the_path_of_base_url(paper: Site) -> None:
    assert dead_links(paper.out, "/paper/", "https://example.org") == []


def test_the_crawl_of_links_would_notice_a_dead_one(own: Site) -> None:
    own.good()
    (own.out / "world/ferry/index.html").unlink()
    found = {page for page, link in dead_links(own.out, "/paper/", "https://example.org")}
    assert {"index.html", "world/index.html", "world/harbour/index.html"} <= found


def test_without_base_url_links_begin_at_the_root_and_nothing_is_absolute(own: Site) -> None:
    own.edit("newsgen.toml", 'base_url = "https://example.org/paper"', "")
    report = own.good()
    assert dead_links(own.out, "/") == []
    assert {path for path in pages(own.out) if path.endswith(FEEDS)} | (pages(own.out) & {"sitemap.xml"}) == set()
    assert own.page("robots.txt") == "User-agent: *\nAllow: /\n"
    assert "example.org" not in own.page("world/harbour/index.html")
    assert report.ok


@pytest.mark.parametrize("path", ["old/harbour/index.html", "harbour.html"])
def test_an_alias_leads_to_its_article_and_asks_not_to_be_indexed(paper: Site, path: str) -> None:
    page = paper.page(path)
    assert '<meta http-equiv="refresh" content="0; url=/paper/world/harbour/">' in page
    assert '<link rel="canonical" href="https://example.org/paper/world/harbour/">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert path.removesuffix("index.html") not in paper.page("sitemap.xml")


NO_FILE = 'NG-203 broken link: "{}" is no file under content/'
NO_PAGE = 'NG-203 broken link: no page of this site is at "{}"'
NOT_THERE = 'NG-203 broken link: no page or file "{}" exists'
REFUSED = 'NG-202 link to "{}" refused: its scheme is not allowed'


LINKS = [
    ("nowhere.md", NO_FILE),
    ("../business/rate.md", NO_FILE),
    ("/no/such/page/", NO_PAGE),
    ("lost.pdf", NOT_THERE),
    ("../../../../etc/passwd", NOT_THERE),
    ("javascript:alert(1)", REFUSED),
    ("data:text/html,x", REFUSED),
    ("harbour.md", ""),
    ("/world/harbour.md", ""),
    ("/world/harbour/", ""),
    ("/world/harbour", ""),
    ("../pages/about.md", ""),
    ("../tags/shipping.md", ""),
    ("_index.md", ""),
    ("crane.svg", ""),
    ("/logo.svg", ""),
    ("/harbour.html", ""),
    ("#below", ""),
    ("https://example.net/", ""),
]


@pytest.fixture(scope="module")
def linking(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What a build says of one article for each link."""
    site = Site(tmp_path_factory.mktemp("links") / "paper", PAPER)
    for number, (link, _) in enumerate(LINKS):
        site.write(f"content/world/link{number}.md", article("Linking", f"One line.\n\nA [broken one]({link})"))
    return said(site.good())


@pytest.mark.parametrize(("number", "link", "expected"), [(number, *row) for number, row in enumerate(LINKS)])
def test_broken_links_are_warned_of_with_their_exact_place(
    linking: list[str], number: int, link: str, expected: str
) -> None:
    code, _, message = expected.format(link).partition(" ")
    found = [line for line in linking if f"/link{number}.md" in line]
    assert found == ([f"{code} content/world/link{number}.md:8:16 {message}"] if expected else [])


def test_a_link_to_a_source_follows_the_article_that_moves(own: Site) -> None:
    own.good()
    own.edit("content/business/rates.md", "title:", "slug: interest\ntitle:")
    own.good()
    assert "/paper/business/interest/#tables" in links(own.page("world/harbour/index.html"))


# ---- what is withheld -----------------------------------------------------------------------------------------------

STATES: dict[str, tuple[str, dict[str, object]]] = {
    "zqdraft": ("draft", {"draft": "true"}),
    "zqdated": ("scheduled", {"date": "2026-06-02"}),
    "zqminute": ("scheduled", {"date": "2026-06-01T12:01:00Z"}),
    "zqpublish": ("scheduled", {"publish_at": "2026-07-01"}),
    "zqembargo": ("embargoed", {"embargo_until": "2026-06-01T15:00:00+00:00"}),
    "zqexpired": ("expired", {"expires": "2026-06-01T12:00:00Z"}),
    "zqwithdrawn": ("withdrawn", {"status": "withdrawn"}),
}
HIDDEN = (*STATES.keys() - {"zqwithdrawn"}, "zqpage")
"""Of these no trace is left; a withdrawn article keeps its address (test_leaks.py)."""


def secret(word: str, **fields: object) -> dict[str, str | bytes]:
    """An article whose every trace holds `word`."""
    return {
        f"content/{word}/{word}-file.md": article(
            f"{word} title",
            f"{word} body ![{word}]({word}-inline.svg)",
            description=f"{word} summary",
            tags=f"[{word} tag, sanctions]",
            author=f"{word} author",
            image=f"{{src: {word}-lead.svg, alt: {word}}}",
            aliases=f"[/{word}-alias/]",
            series=f"{word} series",
            extra=f"{{{word}: {word}}}",
            lead="true",
            **fields,
        ),
        f"content/{word}/{word}-inline.svg": f"<svg>{word}</svg>",
        f"content/{word}/{word}-lead.svg": f"<svg>{word}</svg>",
    }


def betrayed(files: dict[str, bytes], word: str) -> list[str]:
    """Output files in whose path or bytes the word stands."""
    return [path for path, data in files.items() if word.encode() in path.encode() + b"\n" + data]


@pytest.fixture(scope="module")
def secretive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, BuildReport]:
    site = Site(tmp_path_factory.mktemp("withheld") / "paper", PAPER)
    for word, (_, fields) in STATES.items():
        for path, text in secret(word, **fields).items():
            site.write(path, text)
        lines = site.read("content/world/2026-05-03-ferry.md") + f"\n[gone](../{word}/{word}-file.md)\n"
        site.write("content/world/2026-05-03-ferry.md", lines)
    site.write("content/pages/zqpage.md", "---\ntitle: zqpage\ndraft: true\n---\nzqpage\n")
    return site, site.good()


@pytest.mark.parametrize("word", sorted(HIDDEN))
def test_nothing_unpublished_leaks_into_any_byte_or_name(secretive: tuple[Site, BuildReport], word: str) -> None:
    assert betrayed(secretive[0].tree(), word) == []


def test_an_internal_tag_is_in_no_byte_and_no_name(paper: Site) -> None:
    assert betrayed(paper.tree(), "zqdesk") == []


def test_every_withheld_article_is_counted_by_its_state(secretive: tuple[Site, BuildReport]) -> None:
    report = secretive[1]
    assert report.withheld == (("draft", 2), ("embargoed", 1), ("expired", 1), ("scheduled", 3), ("withdrawn", 1))
    assert report.articles == 6


def test_withheld_articles_change_no_byte_of_the_rest(secretive: tuple[Site, BuildReport], own: Site) -> None:
    own.good()
    site = secretive[0]
    differ = {path for path, data in own.tree().items() if site.tree().get(path) != data}
    expected = {path for path, data in own.tree().items() if b"Late." in data} | {".newsgen-manifest"}
    kept = {"zqwithdrawn/zqwithdrawn-file/index.html", "zqwithdrawn-alias/index.html"}
    assert (set(site.tree()) - set(own.tree()), set(own.tree()) - set(site.tree()), differ) == (kept, set(), expected)


def test_a_link_to_a_withheld_article_keeps_its_text_and_says_why(secretive: tuple[Site, BuildReport]) -> None:
    site, report = secretive
    assert site.page("world/ferry/index.html").count("<a>gone</a>") == len(STATES)
    told = [one.message for one in report.diagnostics if one.code == "NG-203"]
    assert sorted(told) == sorted(
        f'broken link: "../{word}/{word}-file.md" is not published ({state})' for word, (state, _) in STATES.items()
    )


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({"drafts": True}, {"zqdraft", "zqpage"}),
        ({"future": True}, {"zqdated", "zqminute", "zqpublish", "zqembargo"}),
        ({"drafts": True, "future": True}, {"zqdraft", "zqpage", "zqdated", "zqminute", "zqpublish", "zqembargo"}),
        ({"at": dt.datetime(2026, 6, 1, 15, 0, tzinfo=dt.UTC)}, {"zqembargo", "zqminute"}),
        ({"at": dt.datetime(2026, 6, 1, 12, 0, 59, tzinfo=dt.UTC)}, set()),
        ({"at": dt.datetime(2026, 7, 2, 0, 0, tzinfo=dt.UTC)}, {"zqembargo", "zqdated", "zqminute", "zqpublish"}),
        ({"at": dt.datetime(2026, 5, 30, 0, 0, tzinfo=dt.UTC)}, {"zqexpired"}),
    ],
)
def test_options_and_the_moment_decide_what_is_shown(
    secretive: tuple[Site, BuildReport], tmp_path: Path, options: dict[str, object], shown: set[str]
) -> None:
    secretive[0].good(out=tmp_path / "preview", **options)
    preview = tree(tmp_path / "preview")
    assert {word for word in HIDDEN if betrayed(preview, word)} == shown


@pytest.mark.parametrize(
    ("epoch", "given", "shown"),
    [("1780315200", None, False), ("1780488000", None, True), ("1780488000", MOMENT, False)],
)
@pytest.mark.usefixtures("plain_theme")
def test_the_moment_is_source_date_epoch_unless_at_is_given(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch, epoch: str, given: dt.datetime | None, shown: bool
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    site = make_site({"content/world/soon.md": article("Soon", date="2026-06-02T00:00:00Z")})
    site.good(at=given)
    assert (site.out / "world/soon/index.html").exists() is shown


@pytest.mark.parametrize("epoch", ["yesterday", "1e9", "99999999999999999999", "-"])
@pytest.mark.usefixtures("plain_theme")
def test_a_source_date_epoch_without_meaning_is_an_error(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch, epoch: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert said(make_site().build(at=None)) == [f'NG-504 SOURCE_DATE_EPOCH "{epoch}" is not a moment']


# ---- strictness -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("plain_theme")
def test_strict_makes_a_warning_an_error_and_publishes_nothing(make_site: Callable[..., Site]) -> None:
    site = make_site({"content/world/a.md": article("A", date=None)})
    report = site.build(strict=True)
    assert [(one.code, one.severity) for one in report.diagnostics] == [("NG-116", "error")]
    assert (report.ok, site.out.exists()) == (False, False)


@pytest.mark.usefixtures("plain_theme")
def test_all_mistakes_of_a_build_are_told_at_once_in_the_order_of_their_places(make_site: Callable[..., Site]) -> None:
    site = make_site(
        {
            "content/world/b.md": article("B", tgas="[x]", date="soon"),
            "content/world/a.md": article("A", template="artcle.html"),
            "content/world/c.md": article("C", slug="a"),
            "templates/tag.html": "{% if %}",
            "templates/extra/odd.html": "\n\n{{ }}",
        }
    )
    report = site.build()
    assert codes(report) == ["NG-401", "NG-302", "NG-112", "NG-104", "NG-301", "NG-301"]
    assert [one.place for one in report.diagnostics] == sorted(one.place for one in report.diagnostics)
    assert not site.out.exists()

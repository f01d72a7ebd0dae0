"""Feeds and sitemaps as the programs that read them see them."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree
from msgspec.structs import replace

from newsgen.model import ArticleRef, Channel, PlannedBody, TermRef
from newsgen.pages import feeds
from tests.pictures import png
from tests.site import MOMENT, Site, article

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # feedparser still imports what Python will drop
    import feedparser

pytestmark = pytest.mark.usefixtures("plain_theme")

SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}

# Titles and texts that break out of what is built by pasting strings together.
HOSTILE = [
    "Fish & chips <b>bold</b>",
    "]]> and <![CDATA[ and --> and <!--",
    "\"quotes\" and 'apostrophes'",
    "</title></item><item><title>forged",
    "&amp; &lt; &#x41; &nbsp;",
    "emoji 🦀, 中文, עברית, e\u0301",
    "<?xml version='1.0'?><!DOCTYPE x>",
]


def parsed(data: bytes) -> Any:
    """The feed; a parser that is strict about entities and well-formedness must have no complaint."""
    etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found = feedparser.parse(io.BytesIO(data))
    assert not found.bozo
    return found


@pytest.fixture
def paper(make_site: Callable[..., Site]) -> Site:
    return make_site(
        {
            "newsgen.toml": 'title = "Cod & Co"\nbase_url = "https://example.org/paper"\ndescription = "A <b>"\n',
            "content/world/new.md": article(
                "Newest",
                "[home](/), [old](old.md), [note](#note) ![Pic](p.png) [out](https://example.net/a?b=1&c=2)",
                date="2026-05-09T10:00:00+02:00",
                updated="2026-05-20T08:00:00Z",
                tags="[sea, ice & snow]",
                authors="[Ann, Bo]",
                description="The newest & best",
            ),
            "content/world/p.png": png(),
            "content/world/old.md": article("Oldest", date="2026-05-01"),
            "content/arts/mid.md": article("Middle", date="2026-05-05", tags="[sea]"),
            "content/world/same-b.md": article("Same moment b", date="2026-05-02"),
            "content/world/same-a.md": article("Same moment a", date="2026-05-02"),
            "content/world/undated.md": article("Undated", date=None),
            "content/world/draft.md": article("Drafted", draft="true"),
        }
    )


def feed(site: Site, path: str = "feed.xml") -> Any:
    return parsed((site.out / path).read_bytes())


def test_a_feed_names_itself_its_site_and_its_language(paper: Site) -> None:
    paper.good()
    head = feed(paper).feed
    assert (head.title, head.link, head.language) == ("Cod & Co", "https://example.org/paper/", "en")
    assert etree.fromstring((paper.out / "feed.xml").read_bytes()).findtext("channel/description") == "A <b>"
    own = [link.href for link in head.links if link.rel == "self"]
    assert own == ["https://example.org/paper/feed.xml"]


def test_entries_come_newest_first_without_undated_and_withheld_ones(paper: Site) -> None:
    paper.good()
    titles = [entry.title for entry in feed(paper).entries]
    assert titles == ["Newest", "Middle", "Same moment a", "Same moment b", "Oldest"]


def test_an_entry_states_what_its_article_states(paper: Site) -> None:
    paper.good()
    entry = feed(paper).entries[0]
    assert (entry.link, entry.id) == (("https://example.org/paper/world/new/",) * 2)
    assert entry.published == "Sat, 09 May 2026 08:00:00 +0000"
    assert entry.summary == "The newest & best"
    assert [tag.term for tag in entry.tags] == ["sea", "ice & snow"]
    assert [author.name for author in entry.authors] == ["Ann", "Bo"]


def test_an_article_without_author_and_summary_has_none_in_the_feed(paper: Site) -> None:
    paper.good()
    data = etree.fromstring((paper.out / "feed.xml").read_bytes())
    last = data.findall("channel/item")[-1]
    assert [child.tag.rpartition("}")[2] for child in last] == ["title", "link", "guid", "pubDate", "encoded"]


def test_links_and_pictures_of_a_text_are_absolute_in_the_feed(paper: Site) -> None:
    paper.good()
    html = etree.HTML(feed(paper).entries[0].content[0].value)
    assert [*html.xpath("//@href"), *html.xpath("//@src")] == [
        "https://example.org/paper/",
        "https://example.org/paper/world/old/",
        "https://example.org/paper/world/new/#note",
        "https://example.net/a?b=1&c=2",
        "https://example.org/paper/world/new/p.png",
    ]


@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("tags/sea/feed.xml", ["Newest", "Middle"]),
        ("authors/bo/feed.xml", ["Newest"]),
        ("arts/feed.xml", ["Middle"]),
        ("world/feed.xml", ["Newest", "Same moment a", "Same moment b", "Oldest"]),
    ],
)
def test_every_tag_author_and_section_has_a_feed_of_its_own(paper: Site, path: str, titles: list[str]) -> None:
    paper.good()
    found = feed(paper, path)
    assert [entry.title for entry in found.entries] == titles
    assert found.feed.link == "https://example.org/paper/" + path.removesuffix("feed.xml")


@pytest.mark.parametrize(("entries", "count"), [(1, 1), (3, 3), (30, 5)])
def test_a_feed_holds_as_many_entries_as_the_setting_says(paper: Site, entries: int, count: int) -> None:
    paper.write("newsgen.toml", paper.read("newsgen.toml") + f"[feeds]\nentries = {entries}\n")
    paper.good()
    assert len(feed(paper).entries) == count


def test_a_feed_of_summaries_carries_no_text(paper: Site) -> None:
    paper.write("newsgen.toml", paper.read("newsgen.toml") + '[feeds]\ncontent = "summary"\n')
    paper.good()
    assert ["content" in entry for entry in feed(paper).entries] == [False] * 5
    assert feed(paper).entries[0].summary == "The newest & best"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(make_site: Callable[..., Site], text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    fields = {"description": f'"{quoted}"', "tags": f'["{quoted}"]', "author": f'"{quoted}"'}
    site = make_site({"content/world/a.md": article(f'"{quoted}"', f"`{text}`", **fields)})
    site.good()
    root = etree.fromstring((site.out / "feed.xml").read_bytes())
    item = root.find("channel/item")
    found = [item.findtext(name) for name in ("title", "description", "category")]
    found.append(item.findtext("{http://purl.org/dc/elements/1.1/}creator"))
    expected = text.replace("e\u0301", "\u00e9")
    assert (found, len(root.findall("channel/item"))) == ([expected] * 4, 1)
    content = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    assert "".join(etree.HTML(content).itertext()).strip() == text
    etree.fromstring((site.out / "sitemap.xml").read_bytes())


def test_the_date_of_a_feed_is_that_of_its_newest_change_and_never_the_clock(paper: Site) -> None:
    paper.good()
    first = paper.tree()
    assert feed(paper).feed.updated == "Wed, 20 May 2026 08:00:00 +0000"
    again = paper.good(at=MOMENT + dt.timedelta(days=400))
    assert (again.written, paper.tree()) == ((), first)


def test_a_site_without_dated_articles_has_no_feed(make_site: Callable[..., Site]) -> None:
    site = make_site({"content/world/a.md": article("A", date=None, tags="[x]", author="Ann")})
    site.good()
    assert [path for path in site.tree() if "feed" in path] == []


# ---- entries that several feeds carry -------------------------------------------------------------------------------

REF = ArticleRef(id="content/a.md", url="/a/", title="A", section=TermRef("World", "/world/", "world"))
NOON, TOKYO = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC), dt.timezone(dt.timedelta(hours=9))
CHANNEL = Channel(
    title="A", description="B", url="https://e.org/", feed_url="https://e.org/f", language="en", publisher="C", home="D"
)
BODY, OTHER = PlannedBody("one"), PlannedBody("one", ("/b/",))


@pytest.mark.parametrize(
    ("most", "wanted", "made"),
    [
        (10**6, [(REF, BODY), (REF, BODY)], [BODY]),
        (10**6, [(REF, BODY), (replace(REF, title="B"), BODY), (REF, BODY)], [BODY] * 2),
        (10**6, [(replace(REF, date=NOON), BODY), (replace(REF, date=NOON.astimezone(TOKYO)), BODY)], [BODY] * 2),
        (10**6, [(REF, BODY), (REF, OTHER), (REF, BODY)], [BODY, OTHER]),
        (10**6, [(REF, BODY), (replace(REF, id="content/b.md"), BODY), (REF, BODY)], [BODY] * 2),
        (0, [(REF, BODY), (REF, BODY)], [BODY] * 2),
        (250, [(REF, BODY), (REF, OTHER), (REF, BODY), (REF, OTHER)], [BODY, OTHER]),
        (150, [(REF, BODY), (REF, OTHER), (REF, OTHER), (REF, BODY)], [BODY, OTHER, BODY]),
    ],
)
def test_an_entry_is_made_anew_only_where_it_differs_or_was_let_go(
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    wanted: list[tuple[ArticleRef, PlannedBody]],
    made: list[PlannedBody],
) -> None:
    """The heads of an entry count for 100 bytes, its text is of 3 to 10."""
    monkeypatch.setattr(feeds, "MOST", most)
    monkeypatch.setattr(feeds, "HEADS", 100)
    entries = feeds.Entries("https://example.org")
    asked: list[PlannedBody] = []

    def html(body: PlannedBody) -> str:
        asked.append(body)
        return f"<p>{body.urls}</p>"

    for ref, body in wanted:
        entry = entries.of(ref, body, html)
        fresh = feeds.Entries("https://example.org").of(ref, body, lambda body: f"<p>{body.urls}</p>")
        for form in feeds.FORMATS.values():
            assert form.write(CHANNEL, [entry]) == form.write(CHANNEL, [fresh])
    assert asked == made


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/x/">', '<a href="https://e.org/x/">'),
        ('<img src="/x.png">', '<img src="https://e.org/x.png">'),
        ('<a href="#n">', '<a href="https://e.org/a/#n">'),
        ('<a href="//x/">“”', '<a href="//x/">“”'),
        ('<a title="/x/">“”', '<a title="/x/">“”'),
        ('<a href="https://x/">“”', '<a href="https://x/">“”'),
    ],
)
def test_only_rooted_links_and_anchors_are_made_absolute(html: str, expected: str) -> None:
    assert feeds.absolute_html(html, "https://e.org/a/", "https://e.org").decode() == expected


# ---- the sitemap ----------------------------------------------------------------------------------------------------


def sitemap(site: Site) -> dict[str, str]:
    """When each address last changed, by its path."""
    root = etree.fromstring((site.out / "sitemap.xml").read_bytes())
    entries = root.findall("s:url", SITEMAP)
    found = {e.findtext("s:loc", "", SITEMAP): e.findtext("s:lastmod", "", SITEMAP) for e in entries}
    assert len(found) == len(entries)
    return {url.removeprefix("https://example.org/paper"): changed for url, changed in found.items()}


def test_the_sitemap_dates_only_what_an_article_dates(paper: Site) -> None:
    paper.good()
    assert sitemap(paper) == {
        "/": "",
        "/archive/": "",
        "/archive/2026/": "",
        "/archive/2026/05/": "",
        "/arts/": "",
        "/arts/mid/": "2026-05-05",
        "/authors/ann/": "",
        "/authors/bo/": "",
        "/tags/ice-and-snow/": "",
        "/tags/sea/": "",
        "/world/": "",
        "/world/new/": "2026-05-20T08:00:00+00:00",
        "/world/old/": "2026-05-01",
        "/world/same-a/": "2026-05-02",
        "/world/same-b/": "2026-05-02",
        "/world/undated/": "",
    }


def test_the_sitemap_leaves_out_what_asks_not_to_be_found(make_site: Callable[..., Site]) -> None:
    site = make_site(
        {
            "newsgen.toml": 'base_url = "https://example.org/paper"\narchives = {by = []}\n',
            "content/world/hidden.md": article("Hidden", noindex="true"),
            "content/world/elsewhere.md": article("Elsewhere", canonical="https://example.net/x"),
            "content/world/shown.md": article("Shown", aliases="[/old/]"),
            "content/tags/nobody.md": "---\ntitle: Nobody\n---\n",
            "content/pages/secret.md": "---\ntitle: Secret\nnoindex: true\n---\n",
            "content/pages/about.md": "---\ntitle: About\n---\n",
        }
    )
    site.good()
    assert set(sitemap(site)) == {"/", "/world/", "/world/shown/", "/about/"}


def test_every_address_of_the_sitemap_is_a_page(paper: Site) -> None:
    paper.good()
    missing = [url for url in sitemap(paper) if not (paper.out / url.lstrip("/") / "index.html").is_file()]
    assert missing == []

"""Feeds of all formats before the judges of each: feedparser, the grammar of Atom, a schema of JSON Feed."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from tests.pictures import photo, png, saved
from tests.site import Site, article
from tests.site import pages as files_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # feedparser still imports what Python will drop
    import feedparser

SCHEMAS = Path(__file__).parent / "schemas"
ATOM = etree.RelaxNG(etree.parse(SCHEMAS / "atom.rng"))
JSON_FEED = Draft202012Validator(json.loads((SCHEMAS / "jsonfeed-1.1.json").read_text("utf-8")))
A = {"a": "http://www.w3.org/2005/Atom"}
RSS = {"atom": A["a"], "media": "http://search.yahoo.com/mrss/", "dc": "http://purl.org/dc/elements/1.1/"}
URL = "https://example.org/paper/world/"

SETTINGS = """
title = "Cod & Co"
base_url = "https://example.org/paper"
description = "A <b>"
[feeds]
hub = "https://hub.example/?a=1&b=2"
[publisher]
name = "Cod & Daughters"
logo = "/logo.png"
"""

FILES: dict[str, str | bytes] = {
    "newsgen.toml": SETTINGS,
    "static/logo.png": png(),
    "content/world/new.md": article(
        '"]]> & </title><b>"',
        "[home](/), [note](#note) ]]> `</content>` 中文 \u2028 end",
        date="2026-05-09T16:00:00+08:00",
        updated="2026-05-20T08:00:00Z",
        tags='[sea, "ice & <snow>"]',
        authors='[Ann, "Bo \\"B\\" & Co"]',
        description='"The newest & <best>"',
        image='{src: p.jpg, alt: "A \\"boat\\"", caption: Boats & nets, credit: "Ann / <P>"}',
        lang="de",
    ),
    "content/world/p.jpg": saved(photo(), "JPEG"),
    "content/world/elsewhere.md": article("Elsewhere", "", image="https://cdn.example/a?b&c", date="2026-05-03"),
    "content/world/plain.md": article("Plain", date="2026-05-02"),
    "content/world/old.md": article("Old", date="1850-05-02T00:00:00", tags="[old]"),
    "content/world/undated.md": article("Undated", date=None, tags="[undated]"),
}


@pytest.fixture(scope="module", params=["full", "summary"])
def paper(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    text = SETTINGS.replace("[feeds]", f'[feeds]\ncontent = "{request.param}"')
    text = f'timezone = "Asia/Shanghai"\n{text}'
    site = Site(tmp_path_factory.mktemp("feeds") / "paper", {**FILES, "newsgen.toml": text})
    site.good()
    return site


def feeds(site: Site, name: str) -> dict[str, bytes]:
    return {path: data for path, data in site.tree().items() if path.rpartition("/")[2] == name}


def parsed(data: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found = feedparser.parse(io.BytesIO(data))
    assert not found.bozo
    return found


def texts(root: Any, path: str) -> list[str]:
    return [str(one) for one in root.xpath(path, namespaces={**RSS, **A})]


def test_every_list_has_the_same_feeds_in_each_format(paper: Site) -> None:
    folders = [
        {path.rpartition("/")[0] for path in feeds(paper, name)} for name in ("feed.xml", "atom.xml", "feed.json")
    ]
    assert (
        folders
        == [{"", "world", "tags/sea", "tags/ice-and-snow", "tags/old", "authors/ann", "authors/bo-b-and-co"}] * 3
    )


def test_atom_is_what_its_grammar_says(paper: Site) -> None:
    for path, data in feeds(paper, "atom.xml").items():
        root = etree.fromstring(data)
        assert ATOM.validate(root), (path, ATOM.error_log)
        assert root.xpath("a:author", namespaces=A)  # so that an entry without one has an author
        assert not root.xpath("//a:entry[a:link[@rel='alternate'][2]]", namespaces=A)


def test_json_is_what_its_schema_says(paper: Site) -> None:
    for path, data in feeds(paper, "feed.json").items():
        assert [f"{path}: {one.message}" for one in JSON_FEED.iter_errors(json.loads(data))] == []


def test_what_is_wrong_is_seen(paper: Site) -> None:
    """Judges that pass everything would prove nothing."""
    root = etree.fromstring(paper.page("atom.xml").encode())
    root.remove(root.find("a:updated", A))
    told = json.loads(paper.page("feed.json"))
    told["items"][0]["date_published"] = "2026-05-09"
    assert not ATOM.validate(root)
    assert not JSON_FEED.is_valid(told)


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml"])
def test_feedparser_has_no_complaint(paper: Site, name: str) -> None:
    for data in feeds(paper, name).values():
        etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        parsed(data)


def test_the_formats_say_the_same(paper: Site) -> None:
    rss, atom = parsed(paper.page("feed.xml").encode()), parsed(paper.page("atom.xml").encode())
    items = json.loads(paper.page("feed.json"))["items"]
    for one, two, three in zip(rss.entries, atom.entries, items, strict=True):
        assert (
            one.title == two.title == three["title"].replace("<", "&lt;").replace(">", "&gt;") or "<" in three["title"]
        )
        assert one.id == two.id == three["id"] == one.link == two.link == three["url"]
        assert one.published_parsed == two.published_parsed
        assert [tag.term for tag in one.get("tags", [])] == [tag.term for tag in two.get("tags", [])]
        assert [tag.term for tag in one.get("tags", [])] == three.get("tags", [])
        assert one.get("content", [{}])[0].get("value", "") == two.get("content", [{}])[0].get("value", "")
        assert [who.name for who in one.get("authors", [])] == [who["name"] for who in three.get("authors", [])]


def test_rss_says_what_aggregators_ask_for(paper: Site) -> None:
    root = etree.fromstring(paper.page("feed.xml").encode())
    assert texts(root, "channel/atom:link/@rel") == ["self", "hub"]
    assert texts(root, "channel/atom:link/@href") == [
        "https://example.org/paper/feed.xml",
        "https://hub.example/?a=1&b=2",
    ]
    assert texts(root, "channel/image/*/text()") == [
        "https://example.org/paper/logo.png",
        "Cod & Co",
        "https://example.org/paper/",
    ]
    first = root.find("channel/item")
    assert texts(first, "title/text()") == ["]]> & </title><b>"]
    assert texts(first, "guid/@isPermaLink") == ["true"]
    assert texts(first, "dc:creator/text()") == ["Ann", 'Bo "B" & Co']
    assert texts(first, "dc:language/text()") == ["de"]
    assert texts(first, "media:content/@*") == [f"{URL}new/p.jpg", "image/jpeg", "image"]
    assert texts(first, "media:content/*/text()") == ["Ann / <P>"]
    assert texts(root, "channel/item[2]/media:content/@*") == ["https://cdn.example/a?b&c", "image"]


def test_atom_says_whose_it_is_and_when_it_changed(paper: Site) -> None:
    root = etree.fromstring(paper.page("atom.xml").encode())
    assert texts(root, "a:link[@rel='hub']/@href") == ["https://hub.example/?a=1&b=2"]
    assert texts(root, "a:author/*/text()") == ["Cod & Daughters", "https://example.org/paper/"]
    assert texts(root, "a:updated/text()") == ["2026-05-20T16:00:00+08:00"]
    assert texts(root, "a:logo/text()") == ["https://example.org/paper/logo.png"]
    first = root.find("a:entry", A)
    assert texts(first, "a:published/text()|a:updated/text()") == [
        "2026-05-09T16:00:00+08:00",
        "2026-05-20T16:00:00+08:00",
    ]
    assert texts(first, "a:link[@rel='enclosure']/@href") == [f"{URL}new/p.jpg"]
    assert texts(first, "@xml:lang") == ["de"]
    assert texts(root, "a:entry[last()]/a:published/text()") == ["1850-05-02T00:00:17+08:06"]  # no offset has seconds


def test_json_says_what_the_others_say(paper: Site) -> None:
    told = json.loads(paper.page("feed.json"))
    first = told.pop("items")[0]
    assert told == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Cod & Co",
        "description": "A <b>",
        "home_page_url": "https://example.org/paper/",
        "feed_url": "https://example.org/paper/feed.json",
        "icon": "https://example.org/paper/logo.png",
        "language": "en",
        "authors": [{"name": "Cod & Daughters", "url": "https://example.org/paper/"}],
        "hubs": [{"type": "WebSub", "url": "https://hub.example/?a=1&b=2"}],
    }
    first.pop("content_html", None)
    first.pop("content_text", None)
    assert first == {
        "id": f"{URL}new/",
        "url": f"{URL}new/",
        "title": "]]> & </title><b>",
        "summary": "The newest & <best>",
        "image": f"{URL}new/p.jpg",
        "date_published": "2026-05-09T16:00:00+08:00",
        "date_modified": "2026-05-20T16:00:00+08:00",
        "authors": [
            {"name": "Ann", "url": "https://example.org/paper/authors/ann/"},
            {"name": 'Bo "B" & Co', "url": "https://example.org/paper/authors/bo-b-and-co/"},
        ],
        "tags": ["sea", "ice & <snow>"],
        "language": "de",
    }


@pytest.mark.parametrize("formats", [[], ["json"], ["atom", "rss"], ["rss", "rss"]])
def test_a_site_has_the_formats_that_it_asks_for(make_site: Callable[..., Site], formats: list[str]) -> None:
    site = make_site({**FILES, "newsgen.toml": SETTINGS.replace("[feeds]", f"[feeds]\nformats = {formats}")})
    site.good()
    names = {"rss": "feed.xml", "atom": "atom.xml", "json": "feed.json"}
    wanted = [name for one, name in names.items() if one in formats]
    found = files_of(site.out)
    assert {path.rpartition("/")[2] for path in found} & {*names.values()} == {*wanted}
    for path, folder in (("index.html", ""), ("world/plain/index.html", ""), ("world/index.html", "world/")):
        links = etree.HTML(site.page(path)).xpath("//head/link[@rel='alternate']")
        assert [one.get("href") for one in links] == [f"/paper/{folder}{name}" for name in wanted]
        assert len({one.get("type") for one in links}) == len(wanted)

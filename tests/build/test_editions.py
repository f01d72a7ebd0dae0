"""Editions: each language with a table of its own in newsgen.toml has a front page, lists and feeds of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import feedparser
import pytest

from tests.site import Site, article, said

TOML = """
title = "Paper"
description = "News."
base_url = "https://example.org/p"
[redirects]
formats = ["html", "netlify"]
[publisher]
name = "Press"
[languages.de]
title = "Blatt"
description = "Nachrichten."
collections.seefahrt = {title = "Seefahrt", tag = "Ships", feed = true}
[languages.zh-Hans]
"""
FILES: dict[str, str | bytes] = {
    "newsgen.toml": TOML,
    "content/world/ship.md": article(
        "Ship",
        "On [about](/pages/about.md), [Schiff](../de/welt/schiff.md).",
        tags="[Ships]",
        author="Ann",
        aliases="[/old/]",
    ),
    "content/de/welt/schiff.md": article(
        "Schiff",
        "Von [der See](see.md), [uns](/de/pages/wir.md), [Schiffen](/tags/ships.md) und [Ann](/authors/ann.md). ![x](x.svg)",
        tags="[Ships]",
        author="Ann",
        translation_of="/world/ship.md",
        aliases="[/alt/]",
        corrections="[{date: 2026-05-20, text: Berichtigt.}]",
    ),
    "content/de/welt/x.svg": "<svg/>",
    "content/de/welt/see.md": article("See", "Die See.", permalink="/eigen/see/"),
    "content/de/welt/_index.md": "---\ntitle: Welt\n---\n",
    "content/de/pages/wir.md": "---\ntitle: Wir\n---\n\nWir sind da.\n",
    "content/tags/ships.md": "---\ntitle: Ships\nparents: [Sea]\naliases: [boats]\ndescription: All of them.\n---\n\nShips have sailed.\n",
    "content/tags/sea.md": "---\ntitle: Sea\n---\n",
    "content/tags/rail.md": "---\ntitle: Rail\n---\n",
    "content/authors/ann.md": "---\ntitle: Ann\nimage: {src: ann.svg, alt: Ann}\n---\n\nAnn sails.\n",
    "content/authors/ann.svg": "<svg/>",
    "content/pages/about.md": "---\ntitle: About\n---\n",
}


@pytest.fixture
def site(make_site: Callable[..., Site]) -> Site:
    return make_site(FILES)


def test_each_edition_has_lists_of_its_own_articles_alone(site: Site) -> None:
    site.good()
    theirs = {"de/index.html", "de/welt/index.html", "de/tags/ships/index.html", "de/authors/ann/index.html", "de/tags/index.html",
              "de/archive/index.html", "de/corrections/index.html", "de/seefahrt/index.html", "de/wir/index.html",
              "de/authors/ann/ann.svg", "de/welt/schiff/x.svg", "de/sitemap.xml", "de/news-sitemap.xml",
              "zh-hans/index.html", "eigen/see/index.html"}  # fmt: skip
    assert theirs <= site.tree().keys()
    assert {"tags/boats/index.html"} <= site.tree().keys()
    assert (
        not {
            "de/tags/boats/index.html",
            "de/404.html",
            "de/robots.txt",
            "de/tags/rail/index.html",
            "de/world/index.html",
        }
        & site.tree().keys()
    )
    for path in ("index.html", "tags/ships/index.html", "authors/ann/index.html", "feed.xml", "sitemap.xml"):
        assert "Schiff<" not in site.page(path), path
    for path in ("de/index.html", "de/tags/ships/index.html", "de/authors/ann/index.html", "de/feed.xml"):
        assert ("Schiff<" in site.page(path), "Ship<" in site.page(path)) == (True, False), path


def test_an_edition_speaks_its_language(site: Site) -> None:
    site.good()
    front = site.page("de/index.html")
    assert '<html lang="de">' in front
    assert "<title>Blatt</title>" in front
    assert "Themen" in front
    assert "Topics" not in front
    assert '<html lang="zh-Hans">' in site.page("zh-hans/index.html")
    feed = feedparser.parse(site.page("de/feed.xml"))
    assert (feed.bozo, feed.feed.title, feed.feed.language, feed.feed.subtitle) == (
        False,
        "Blatt",
        "de",
        "Nachrichten.",
    )
    assert feed.feed.link == "https://example.org/p/de/"
    assert [one.title for one in feed.entries] == ["Schiff", "See"]
    assert feedparser.parse(site.page("de/seefahrt/feed.xml")).feed.title == "Seefahrt - Blatt"


def test_of_a_tag_without_a_file_in_its_language_an_edition_has_the_name_alone(site: Site) -> None:
    site.good()
    hub = site.page("de/tags/ships/index.html")
    assert ("Ships" in hub, "Sea" in hub) == (True, True)  # and the tag that it implies
    assert ("All of them" in hub, "sailed" in hub, "Ann sails" in site.page("de/authors/ann/index.html")) == (
        False,
    ) * 3
    assert "sailed" in site.page("tags/ships/index.html")


def test_links_lead_to_the_edition_of_the_page_and_permalinks_are_those_of_the_site(site: Site) -> None:
    report = site.good()
    assert said(report) == []
    links = re.findall(
        r'href="([^"]*)">(?:der See|uns|Schiffen|Ann)</a>',
        site.page("de/welt/schiff/index.html").split('class="prose"')[1],
    )
    assert links[:4] == ["/p/eigen/see/", "/p/de/wir/", "/p/de/tags/ships/", "/p/de/authors/ann/"]
    prose = site.page("world/ship/index.html").split('class="prose"')[1]
    assert ('href="/p/about/"' in prose, 'href="/p/de/welt/schiff/"' in prose) == (True, True)


def test_pages_name_themselves_in_the_other_languages(site: Site) -> None:
    site.good()
    alternates = re.compile(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">')
    home = "https://example.org/p"
    fronts = [("x-default", f"{home}/"), ("en", f"{home}/"), ("de", f"{home}/de/"), ("zh-Hans", f"{home}/zh-hans/")]
    assert alternates.findall(site.page("index.html")) == alternates.findall(site.page("de/index.html")) == fronts
    ships = [("x-default", f"{home}/world/ship/"), ("en", f"{home}/world/ship/"), ("de", f"{home}/de/welt/schiff/")]
    assert alternates.findall(site.page("world/ship/index.html")) == ships
    assert alternates.findall(site.page("de/welt/schiff/index.html")) == ships
    switch = site.page("de/index.html").split('class="editions"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', switch) == ["/p/", "/p/de/", "/p/zh-hans/"]
    assert re.findall(r'lang="([\w-]+)" hreflang="[\w-]+" aria-current', switch) == ["de"]


def test_machines_are_told_of_every_edition_at_the_root(site: Site) -> None:
    site.good()
    maps = [
        f"https://example.org/p/{edition}{name}"
        for edition in ("", "de/", "zh-hans/")
        for name in ("sitemap.xml", "news-sitemap.xml")
    ]
    assert re.findall("Sitemap: (.*)", site.page("robots.txt")) == maps
    assert "https://example.org/p/eigen/see/" in site.page("de/sitemap.xml")
    assert "/de/" not in site.page("sitemap.xml")
    assert "/p/alt/ /p/de/welt/schiff/ 301" in site.page("_redirects")
    assert "/p/old/ /p/world/ship/ 301" in site.page("_redirects")
    assert 'url=/p/de/welt/schiff/"' in site.page("alt/index.html")


def test_one_publisher_publishes_all_editions(site: Site) -> None:
    site.good()

    def graph(path: str) -> dict[str, dict[str, object]]:
        script = re.search(r'<script type="application/ld\+json">(.*?)</script>', site.page(path))
        return {str(one["@type"]): one for one in json.loads(script[1])["@graph"]}

    nodes = [graph("index.html"), graph("de/index.html")]
    assert [one["NewsMediaOrganization"]["@id"] for one in nodes] == ["https://example.org/p/#publisher"] * 2
    assert [one["WebSite"]["@id"] for one in nodes] == [f"https://example.org/p/{at}#website" for at in ("", "de/")]
    assert [one["WebSite"]["name"] for one in nodes] == ["Paper", "Blatt"]


def test_what_a_setting_of_an_edition_names_in_vain_has_its_place_there(make_site: Callable[..., Site]) -> None:
    toml = 'base_url = "https://example.org"\n[languages.de]\n[languages.de.policies]\nethics = "/nowhere/"\n[languages.de.collections.x]\ntag = "None"\n'
    found = said(make_site({"newsgen.toml": toml, "content/a.md": article("A", "A.")}).build())
    assert [one.split(" ")[:2] for one in found] == [["NG-125", "newsgen.toml:4:1"], ["NG-426", "newsgen.toml:6:1"]]


@pytest.mark.parametrize(
    ("toml", "place"),
    [
        ("[languages.en]", "1:1"),
        ("[languages.english]", "1:1"),
        ("[languages.de]\n[languages.DE]", "2:1"),
        ("[languages.de]\nbreaking = {text = 'A'}", "2:1"),
        ("[languages.de]\ncollections.x.kind = 'nonsense'", "2:1"),
        ("[languages.de]\npolicies.ethics = 'nonsense'", "2:1"),
        ("[languages.de]\ntitel = 'nonsense'", "2:1"),
    ],
)
def test_a_table_of_a_language_that_makes_no_sense_is_refused(
    make_site: Callable[..., Site], toml: str, place: str
) -> None:
    found = said(make_site({"newsgen.toml": toml, "content/a.md": article("A", "A.")}).build())
    assert [one.split(" ")[1] for one in found] == [f"newsgen.toml:{place}"]

"""Structured data as a reader of JSON-LD sees them: types and properties after the rules of schema.org and Google."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from lxml import etree
from pyld import jsonld

from tests.pictures import photo, png, saved
from tests.site import Site, article, tree

BASE = "https://example.org/paper/"
S = "https://schema.org/"

SETTINGS = """
title = "Cod & Co"
base_url = "https://example.org/paper"
description = "A <b>"
language = "pt-BR"
[publisher]
name = "Cod </script>\u2028 Press"
logo = "/logo.png"
same_as = ["https://social.example/@cod"]
[policies]
ethics = "/about/#ethics"
ownership = "https://owner.example/"
"""
HOSTILE = "</script><!-- --> <script>x</script> & ' \" \\ ]]>"

FILES: dict[str, str | bytes] = {
    "newsgen.toml": SETTINGS,
    "static/logo.png": png(),
    "content/world/new.md": article(
        json.dumps(HOSTILE, ensure_ascii=False),
        "One two three.",
        date="2026-05-09T10:00:00+02:00",
        updated="2026-05-20T08:00:00Z",
        tags="[sea, ice]",
        authors='[Ann, "Cod & Co"]',
        description='"The <best>"',
        image='{src: p.jpg, alt: A boat, caption: Boats, credit: "Ann </p>"}',
        kind="analysis",
        corrections='[{date: 2026-05-21, text: "It was </script> cod."}]',
        lang="de",
    ),
    "content/world/p.jpg": saved(photo(), "JPEG"),
    "content/world/day.md": article("A day alone", date="2026-05-03", kind="opinion", canonical="https://e.net/x"),
    "content/world/undated.md": article("Undated", date=None, access="free"),
    "content/world/paid.md": article("Paid", "Free words.\n\n<!--paywall-->\n\nPaid words.", access="paid"),
    "content/pages/about.md": "---\ntitle: About\n---\n",
    "content/authors/ann.md": "---\ntitle: Ann\ndescription: Writes\nimage: /logo.png\nsame_as: [https://ann.example/]\n---\n",
}


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("graphs") / "paper", FILES)
    site.good()
    return site


def pixels(count: int) -> dict[str, object]:
    return {"@type": "QuantitativeValue", "value": count, "unitCode": "E37"}


def context(url: str, _: object) -> dict[str, Any]:
    """The context of schema.org as far as it matters here: its terms are its own, the values of some are addresses."""
    assert url == "https://schema.org"
    addresses = ("url", "mainEntityOfPage", "sameAs", "item")
    document = {"@context": {"@vocab": S, **{name: {"@id": S + name, "@type": "@id"} for name in addresses}}}
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}


def graph(site: Site, path: str) -> dict[str, dict[str, Any]]:
    """The nodes of a page's graph by their types, as the page's one script states them and JSON-LD reads them."""
    scripts = etree.HTML(site.page(path)).xpath("//script[@type='application/ld+json']/text()")
    assert len(scripts) == 1
    told = json.loads(scripts[0])
    triples = jsonld.to_rdf(told, {"documentLoader": context})["@default"]
    assert triples
    assert not [one for one in triples if one["predicate"]["value"].startswith("_:")]
    return {node["@type"]: node for node in told["@graph"]}


def test_an_article_says_what_it_is(paper: Site) -> None:
    nodes = graph(paper, "world/new/index.html")
    assert [*nodes] == ["AnalysisNewsArticle", "BreadcrumbList", "NewsMediaOrganization"]
    url = f"{BASE}world/new/"
    assert nodes["AnalysisNewsArticle"] == {
        "@type": "AnalysisNewsArticle",
        "@id": f"{url}#article",
        "url": url,
        "mainEntityOfPage": url,
        "headline": HOSTILE,
        "description": "The <best>",
        "image": [
            {
                "@type": "ImageObject",
                "url": f"{url}p.jpg",
                "width": pixels(60),
                "height": pixels(40),
                "caption": "Boats",
                "creditText": "Ann </p>",
            }
        ],
        "datePublished": "2026-05-09T08:00:00+00:00",
        "dateModified": "2026-05-21T00:00:00+00:00",
        "author": [
            {"@type": "Person", "name": "Ann", "url": f"{BASE}authors/ann/"},
            {"@type": "Organization", "name": "Cod & Co", "url": f"{BASE}authors/cod-and-co/"},
        ],
        "publisher": {"@id": f"{BASE}#publisher"},
        "articleSection": "world",
        "keywords": ["sea", "ice"],
        "inLanguage": "de",
        "wordCount": 3,
        "correction": [{"@type": "CorrectionComment", "text": "It was </script> cod.", "datePublished": "2026-05-21"}],
    }
    assert nodes["NewsMediaOrganization"] == {
        "@type": "NewsMediaOrganization",
        "@id": f"{BASE}#publisher",
        "name": "Cod </script>\u2028 Press",
        "url": BASE,
        "logo": {"@type": "ImageObject", "url": f"{BASE}logo.png"},
        "sameAs": ["https://social.example/@cod"],
        "ethicsPolicy": f"{BASE}about/#ethics",
        "ownershipFundingInfo": "https://owner.example/",
    }
    steps = nodes["BreadcrumbList"]["itemListElement"]
    assert [(one["position"], one["name"], one["item"]) for one in steps] == [
        (1, "Cod & Co", BASE),
        (2, "world", f"{BASE}world/"),
        (3, HOSTILE, url),
    ]


@pytest.mark.parametrize(
    ("path", "kind", "name", "value"),
    [
        ("world/day/index.html", "OpinionNewsArticle", "datePublished", "2026-05-03"),
        ("world/day/index.html", "OpinionNewsArticle", "mainEntityOfPage", "https://e.net/x"),
        ("world/day/index.html", "OpinionNewsArticle", "inLanguage", "pt-BR"),
        ("world/day/index.html", "OpinionNewsArticle", "isAccessibleForFree", None),
        ("world/day/index.html", "OpinionNewsArticle", "dateModified", None),
        ("world/day/index.html", "OpinionNewsArticle", "author", None),
        ("world/undated/index.html", "NewsArticle", "datePublished", None),
        ("world/undated/index.html", "NewsArticle", "isAccessibleForFree", True),
        ("world/undated/index.html", "NewsArticle", "hasPart", None),
        ("world/paid/index.html", "NewsArticle", "isAccessibleForFree", False),
        ("index.html", "WebSite", "url", BASE),
        ("index.html", "WebSite", "publisher", {"@id": f"{BASE}#publisher"}),
        ("world/index.html", "CollectionPage", "name", "world"),
        ("tags/sea/index.html", "CollectionPage", "url", f"{BASE}tags/sea/"),
        ("tags/index.html", "CollectionPage", "name", "Tags"),
        ("about/index.html", "WebPage", "name", "About"),
        (
            "authors/ann/index.html",
            "ProfilePage",
            "mainEntity",
            {
                "@type": "Person",
                "name": "Ann",
                "url": f"{BASE}authors/ann/",
                "description": "Writes",
                "image": [{"@type": "ImageObject", "url": f"{BASE}logo.png", "width": pixels(4), "height": pixels(3)}],
                "sameAs": ["https://ann.example/"],
            },
        ),
    ],
)
def test_a_page_says_what_is_known_and_no_more(paper: Site, path: str, kind: str, name: str, value: object) -> None:
    assert graph(paper, path)[kind].get(name) == value


def test_every_page_has_one_graph_but_for_that_of_what_is_not_there(paper: Site) -> None:
    pages = [path for path in tree(paper.out) if path.endswith(".html")]
    without = [path for path in pages if "ld+json" not in paper.page(path)]
    assert without == ["404.html"]
    assert all(graph(paper, path) for path in pages if path not in without)


def test_no_text_ends_the_script(paper: Site) -> None:
    page = paper.page("world/new/index.html")
    start = page.index('ld+json">') + len('ld+json">')
    script = page[start : page.index("</script>", start)]
    assert not [sign for sign in "<>&\u2028\u2029" if sign in script]
    assert json.loads(script)["@graph"][0]["headline"] == HOSTILE


def test_without_an_address_there_are_none(make_site: Callable[..., Site]) -> None:
    site = make_site({"newsgen.toml": "", "content/world/a.md": article("A")})
    site.good()
    assert [path for path in tree(site.out) if path.endswith(".html") and "ld+json" in site.page(path)] == []


# ---- Open Graph and its like ----------------------------------------------------------------------------------------


def head(site: Site, path: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for meta in etree.HTML(site.page(path)).xpath("//head/meta[@content]"):
        found.setdefault(meta.get("property") or meta.get("name"), []).append(meta.get("content"))
    return found


def test_the_head_of_an_article_is_complete(paper: Site) -> None:
    found = head(paper, "world/new/index.html")
    assert {name: value for name, value in found.items() if ":" in name or name == "robots"} == {
        "robots": ["max-image-preview:large"],
        "og:title": [HOSTILE],
        "og:type": ["article"],
        "og:url": [f"{BASE}world/new/"],
        "og:description": ["The <best>"],
        "og:site_name": ["Cod & Co"],
        "og:image": [f"{BASE}world/new/p.jpg"],
        "og:image:width": ["60"],
        "og:image:height": ["40"],
        "og:image:alt": ["A boat"],
        "twitter:card": ["summary_large_image"],
        "article:published_time": ["2026-05-09T08:00:00+00:00"],
        "article:modified_time": ["2026-05-21T00:00:00+00:00"],
        "article:author": [f"{BASE}authors/ann/", f"{BASE}authors/cod-and-co/"],
        "article:section": ["world"],
        "article:tag": ["sea", "ice"],
    }


@pytest.mark.parametrize(
    ("path", "kind", "image", "card"),
    [
        ("index.html", "website", "logo.png", "summary"),
        ("world/day/index.html", "article", "logo.png", "summary"),
        ("authors/ann/index.html", "profile", "logo.png", "summary"),
        ("tags/sea/index.html", "website", "logo.png", "summary"),
    ],
)
def test_a_page_without_a_picture_shows_the_logo(paper: Site, path: str, kind: str, image: str, card: str) -> None:
    found = head(paper, path)
    assert (found["og:type"], found["og:image"], found["twitter:card"]) == ([kind], [BASE + image], [card])
    assert found["og:locale"] == ["pt_BR"]


def test_a_logo_that_is_not_there_is_told_and_left_out(make_site: Callable[..., Site]) -> None:
    site = make_site({**FILES, "newsgen.toml": SETTINGS.replace("/logo.png", "/lost.png")})
    report = site.good()
    assert [(one.code, str(one.place)) for one in report.diagnostics if one.code == "NG-412"] == [
        ("NG-412", "newsgen.toml")
    ]
    assert "lost.png" not in site.page("index.html") + site.page("feed.xml")


# ---- the paywall ----------------------------------------------------------------------------------------------------

PAYWALLED = "Free words.\n\n<!-- paywall -->\n\nPaid [words](/).\n\n- one\n"


@pytest.mark.parametrize("html", ["safe", "trusted", "off"])
def test_what_is_not_free_is_marked_on_the_page_and_not_in_feeds(make_site: Callable[..., Site], html: str) -> None:
    settings = f'base_url = "https://e.org"\n[markdown]\nhtml = "{html}"\n'
    site = make_site(
        {
            "newsgen.toml": settings,
            "content/world/part.md": article("Part", PAYWALLED, access="metered"),
            "content/world/whole.md": article("Whole", "All <b>of it</b>.", access="paid"),
        }
    )
    site.good()
    part = etree.HTML(site.page("world/part/index.html"))
    assert " ".join("".join(part.xpath("//*[@class='paywall']//text()")).split()) == "Paid words. one"
    assert part.xpath("//*[@class='prose']/p/text()") == ["Free words."]
    assert not part.xpath("//hr")
    whole = etree.HTML(site.page("world/whole/index.html"))
    assert "All" in "".join(whole.xpath("//*[@class='paywall']//text()"))
    for path in ("feed.xml", "atom.xml", "feed.json", "world/feed.xml"):
        text = site.page(path)
        assert ("Free words" in text, "Paid" in text, "of it" in text) == (True, False, False)
    assert graph(site, "world/part/index.html")["NewsArticle"]["hasPart"] == {
        "@type": "WebPageElement",
        "isAccessibleForFree": False,
        "cssSelector": ".paywall",
    }


@pytest.mark.parametrize(
    ("body", "access", "said"),
    [
        ("A.\n\n<!--paywall-->\n\nB.", None, ("NG-411", 8)),
        ("A.\n\n<!--paywall-->\n\nB.", "free", ("NG-411", 9)),
        ("A.\n\n> B.\n>\n> <!--paywall-->\n", "paid", ("NG-410", 11)),
        ("- B.\n\n  <!--paywall-->\n", "paid", ("NG-410", 9)),
        ("A <!--paywall--> B.", "paid", ("NG-410", 7)),
    ],
)
@pytest.mark.parametrize("html", ["safe", "off"])
def test_a_paywall_without_effect_has_its_place(
    make_site: Callable[..., Site], body: str, access: str | None, said: tuple[str, int], html: str
) -> None:
    site = make_site(
        {
            "newsgen.toml": f'[markdown]\nhtml = "{html}"\n',
            "content/a.md": article("A", body, access=access),
        }
    )
    report = site.good()
    found = [(one.code, one.place.line) for one in report.diagnostics]
    assert found == ([said] if html == "safe" or not body.startswith("A <") else [])
    assert "paywall-from" not in site.page("news/a/index.html")

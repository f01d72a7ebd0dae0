"""Web pages: what they say of themselves, and what stands in them, each with where it was found."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from newsgen.importers.html import HtmlReader
from newsgen.importers.piece import Piece

TEXT = (
    "<p>The ferry to Holm was late again on Monday, the harbour office said, and nobody who waited for it minded.</p>"
    '<p>“We had the sun,” said its captain, who has <a href="/2020/sun/">written of it</a> for <em>many</em> years.</p>'
    "<h2>What comes next</h2><p>A new ship is on its way, which has two engines, and can also sail when the ice is thick.</p>"
    "<blockquote><p>It will not be late, and if it is, then not by much, as far as we can tell today.</p></blockquote>"
)
MENU = '<nav><ul><li><a href="/">Home</a></li><li><a href="/sport/">Sport</a></li></ul></nav>'
FOOT = "<footer><p>Sign up for our newsletter, and you will hear from us each day.</p><p>© 2011 Gazette</p></footer>"


def page(
    *,
    title: str = "Ferry is late again - The Holm Gazette",
    h1: str = "Ferry is late again",
    head: str = "",
    ld: object = None,
    canonical: str = "https://gazette.example/2020/11/ferry/",
    above: str = "",
    body: str = TEXT,
) -> str:
    """A page of an invented paper; `head` are further tags, `ld` its JSON-LD, `above` what stands above the text."""
    data = f'<script type="application/ld+json">{json.dumps(ld)}</script>' if ld else ""
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    heading = f"<h1>{h1}</h1>" if h1 else ""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{link}{head}{data}</head>'
        f"<body>{MENU}<main><article>{heading}{above}{body}</article></main>{FOOT}</body></html>"
    )


def read(*pages: str, language: str = "en", base: str = "", home: str = "gazette.example") -> Piece:
    """The piece of the first of the pages."""
    reader = HtmlReader(language, "Our Paper", home, base)
    survey = reader.surveyed([reader.survey("page.html", one.encode()) for one in pages])
    (piece,) = reader.read("page.html", pages[0].encode(), survey)
    return piece


def meta(**said: str) -> str:
    return "".join(f'<meta property="{name.replace("_", ":", 1)}" content="{value}">' for name, value in said.items())


NEWS = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Ferry is late again",
    "datePublished": "2020-11-23T09:00:00+01:00",
    "dateModified": "2020-11-24T10:00:00+01:00",
    "author": [{"@type": "Person", "name": "Ruth Holm"}, {"@type": "Person", "name": "Ada Berg"}],
    "publisher": {"@type": "Organization", "name": "The Holm Gazette"},
    "description": "It was late.",
    "keywords": ["Ferries", "Ice"],
    "articleSection": "World News",
    "image": {"@type": "ImageObject", "url": "https://gazette.example/a.jpg", "caption": "The Ilse"},
}


def test_a_page_that_says_all_of_itself() -> None:
    piece = read(page(ld=NEWS, head=meta(og_site_name="The Holm Gazette")))
    zone = dt.timezone(dt.timedelta(hours=1))
    assert piece.fields == {
        "title": "Ferry is late again",
        "date": dt.datetime(2020, 11, 23, 9, tzinfo=zone),
        "updated": dt.datetime(2020, 11, 24, 10, tzinfo=zone),
        "authors": ["Ruth Holm", "Ada Berg"],
        "source_name": "The Holm Gazette",
        "description": "It was late.",
        "tags": ["Ferries", "Ice"],
        "section": "World News",
        "permalink": "/2020/11/ferry/",
        "image": {"src": "https://gazette.example/a.jpg", "caption": "The Ilse"},
    }
    assert (piece.slug, piece.section) == ("ferry", "world-news")
    assert set(piece.fields) <= set(piece.evidence)
    assert piece.evidence["title"] == "h1, as JSON-LD headline"


def test_the_text_keeps_links_quotes_and_emphasis_and_what_is_left_out_is_told() -> None:
    piece = read(page(canonical=""), home="")
    assert piece.body == (
        "The ferry to Holm was late again on Monday, the harbour office said, and nobody who waited for it minded.\n\n"
        "“We had the sun,” said its captain, who has [written of it](/2020/sun/) for *many* years.\n\n"
        "## What comes next\n\n"
        "A new ship is on its way, which has two engines, and can also sail when the ice is thick.\n\n"
        "> It will not be late, and if it is, then not by much, as far as we can tell today."
    )
    told = {one.text: one.reason for one in piece.cuts}
    assert told["Sign up for our newsletter, and you will hear from us each day."] == "outside of the article"


def test_tables_and_pictures_of_a_text_are_kept() -> None:
    table = "<table><tr><th>Ship</th><th>Late</th></tr><tr><td>Ilse</td><td>5</td></tr><tr><td>Olga</td><td>9</td></tr></table>"
    body = read(page(body=f'{TEXT}<p><img src="https://gazette.example/a.jpg" alt="A ship"></p>{table}{TEXT}')).body
    assert "![A ship](https://gazette.example/a.jpg)" in body
    assert "| Ship | Late |\n| --- | --- |\n| Ilse | 5 |" in body


@pytest.mark.parametrize(
    ("made", "title", "evidence"),
    [
        (page(), "Ferry is late again", "h1, as title"),
        (page(h1="", head=meta(og_title="Ferry is late again")), "Ferry is late again", "og:title"),
        (page(h1="", head=meta(og_title="Ferry is late again | The Holm Gazette", og_site_name="The Holm Gazette")), "Ferry is late again", "og:title"),
        (page(h1=""), "Ferry is late again", "title without its end"),
        (page(h1="", title="Ferry: late, again"), "Ferry: late, again", "title without its end"),
        (page(h1="The Holm Gazette", head=meta(og_site_name="The Holm Gazette")), "Ferry is late again", "title without its end"),
        (page(ld={**NEWS, "headline": "Why the ferry to Holm is late again today"}, h1="Ferry to Holm is late again"), "Ferry to Holm is late again", "h1, much like JSON-LD headline"),
        (page(ld={**NEWS, "headline": "Fish &amp;amp; chips"}, h1="Fish &amp; chips"), "Fish & chips", "h1, as JSON-LD headline"),
        (page(h1="Menu", ld=NEWS), "Ferry is late again", "JSON-LD headline"),
        (page(h1='<a href="/">Ferry news</a>', title="Ferry news: Late again", body=f"<h2>Late again</h2>{TEXT}"), "Late again", "heading, as title"),
        (page(h1="Ferry is late for the third time", head=meta(og_title="ferry-late")), "Ferry is late for the third time", "h1, much like title"),
        (page(h1="The ship that never comes", head=meta(og_title="You will not believe it")), "The ship that never comes", "h1"),
        (page(h1="", title="渡轮又晚点了大家都不介意-霍姆公报"), "渡轮又晚点了大家都不介意", "title without its end"),
    ],
)  # fmt: skip
def test_titles(made: str, title: str, evidence: str) -> None:
    piece = read(made)
    assert (piece.fields["title"], piece.evidence["title"]) == (title, evidence)


def test_the_name_that_titles_of_a_batch_end_with_is_no_part_of_them() -> None:
    pages = [
        page(h1="", title=f"{word} - A very long name of a paper that goes on and on")
        for word in ("One", "Two", "Three")
    ]
    assert read(*pages).fields["title"] == "One"


@pytest.mark.parametrize(
    ("made", "date", "evidence"),
    [
        (page(ld=NEWS), "2020-11-23 09:00:00+01:00", "JSON-LD datePublished"),
        (page(ld={"@graph": [{"@type": "WebPage"}, {**NEWS, "@type": ["Article"]}]}), "2020-11-23 09:00:00+01:00", "JSON-LD datePublished"),
        (page(ld={**NEWS, "datePublished": "20201123T090000+0100"}), "2020-11-23 09:00:00+01:00", "JSON-LD datePublished"),
        (page(head=meta(article_published_time="2020-11-23T08:00:00Z")), "2020-11-23 08:00:00+00:00", "meta article:published_time"),
        (page(head='<meta name="date" content="2020-11-23">'), "2020-11-23", "meta date"),
        (page(above='<time datetime="2020-11-23T08:00:00Z">yesterday</time>'), "2020-11-23 08:00:00+00:00", "time by the headline"),
        (page(canonical="https://gazette.example/2020/11/23/ferry/"), "2020-11-23", "address of the page"),
        (page(canonical="https://gazette.example/2020/11/23/ferry/", above='<time datetime="2020-11-23T08:00Z">1</time>'), "2020-11-23 08:00:00+00:00", "time by the headline"),
        (page(above='<abbr class="published" title="2020-11-23">today</abbr>'), "2020-11-23", "marked up as published"),
        (page(above='<p class="date">23 November 2020</p>'), "2020-11-23", "line by the headline"),
        (page(body=f"{TEXT}<p>Published: 23 November 2020</p>"), "2020-11-23", "line of the page"),
        (page(body=f"{TEXT}<p>It was said on 23 November 2020.</p>"), "None", None),
        (page(body=f"{TEXT}<p>23 November 2020</p>"), "None", None),
        (page(above='<aside><time datetime="2020-11-20">1</time></aside>'), "None", None),
        (page(body=f'{TEXT}<div class="comment"><p>Published: 23 November 2020</p></div>'), "None", None),
        (page(), "None", None),
    ],
)  # fmt: skip
def test_dates(made: str, date: str, evidence: str | None) -> None:
    piece = read(made)
    assert (str(piece.fields.get("date")), piece.evidence.get("date")) == (date, evidence)


def test_dates_that_disagree_are_told() -> None:
    piece = read(page(ld=NEWS, head=meta(article_published_time="2020-11-20T08:00:00Z")))
    assert [(one.code, one.message) for one in piece.diagnostics] == [
        ("NG-115", "JSON-LD datePublished says 2020-11-23, meta article:published_time 2020-11-20")
    ]


@pytest.mark.parametrize(
    ("made", "authors", "evidence"),
    [
        (page(ld=NEWS), ["Ruth Holm", "Ada Berg"], "JSON-LD author"),
        (page(ld={**NEWS, "author": "By Ruth Holm and Ada Berg"}), ["Ruth Holm", "Ada Berg"], "JSON-LD author"),
        (page(ld={"@graph": [{**NEWS, "author": {"@id": "#p"}}, {"@id": "#p", "@type": "Person", "name": "Ruth Holm"}]}), ["Ruth Holm"], "JSON-LD author"),
        (page(ld={**NEWS, "author": {"name": "The Holm Gazette"}}, head='<meta name="author" content="Ruth Holm">'), ["Ruth Holm"], "meta author"),
        (page(head=meta(article_author="https://social.example/ruth") + '<meta name="byl" content="By Ruth Holm">'), ["Ruth Holm"], "meta byl"),
        (page(above='<p class="byline">By <a rel="author" href="/ruth/">Ruth Holm</a></p>'), ["Ruth Holm"], 'rel="author"'),
        (page(above='<p class="post-author">Posted by Ruth on 3 May 2020</p>'), ["Ruth"], "marked as its author"),
        (page(above='<p itemprop="author">Ruth Holm</p>', head='<meta name="author" content="Ada Berg">'), ["Ruth Holm"], 'itemprop="author"'),
        (page(above="<p>By Ruth Holm | 3 May 2020</p>"), ["Ruth Holm"], "line by the headline"),
        (page(body=f"{TEXT}<p>Author: Ruth Holm</p>"), ["Ruth Holm"], "byline in the page"),
        (page(body=f"{TEXT}<p>Author: Ruth Holm</p><p>Author: Ada Berg</p>"), None, None),
        (page(body=f'{TEXT}<div class="comments"><p rel="author">Ada Berg</p></div>'), None, None),
        (page(ld={**NEWS, "author": {"@type": "Organization", "name": "News Desk"}}), None, None),
        (page(head='<meta name="author" content="Gazette Online, Holm">'), None, None),
        (page(head='<meta name="author" content="Harbour Media GmbH, Holm">'), None, None),
        (page(head='<meta name="author" content="admin">'), None, None),
        (page(), None, None),
    ],
)  # fmt: skip
def test_authors(made: str, authors: list[str] | None, evidence: str | None) -> None:
    piece = read(made)
    assert (piece.fields.get("authors"), piece.evidence.get("authors")) == (authors, evidence)


def test_addresses() -> None:
    own, far = page(), page(canonical="https://far.example/a.html")
    assert read(own, far).fields["permalink"] == "/2020/11/ferry/"
    assert read(far, own).fields["canonical"] == "https://far.example/a.html"
    assert read(page(canonical="https://gazette.example/blog/ferry/"), base="/blog").fields["permalink"] == "/ferry/"
    asked = read(page(canonical="https://gazette.example/?p=1"))
    assert "permalink" not in asked.fields
    assert "an address that a static host cannot answer" in [one.reason for one in asked.cuts]


def test_links_to_pages_of_the_batch_are_paths() -> None:
    text = TEXT.replace("/2020/sun/", "https://gazette.example/2020/sun/")
    alone, both = page(body=text), page(canonical="https://gazette.example/2020/sun/")
    assert "](https://gazette.example/2020/sun/)" in read(alone).body
    assert "](/2020/sun/)" in read(alone, both).body


def test_a_language_that_is_not_that_of_the_site_is_stated() -> None:
    german = page().replace('lang="en"', 'lang="de-AT"')
    assert ("lang" in read(page()).fields, read(german).fields["lang"]) == (False, "de-AT")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "no page in it"),
        ("<html><body></body></html>", "a page without a title"),
        ("<html><title>A</title><body></body></html>", "no article in the page"),
    ],
)
def test_what_is_no_article_is_an_error(data: str, message: str) -> None:
    (said,) = read(data).diagnostics
    assert (said.severity, said.code, said.message) == ("error", "NG-704", message)


def test_broken_data_of_a_page_is_passed_over() -> None:
    broken = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": </script>'
    trailing = '<script type="application/ld+json">{"@type": "NewsArticle", "author": "Ruth Holm",}</script>'
    deep = f'<script type="application/ld+json">{"[" * 5000}</script>'
    assert read(page(head=broken + deep + trailing)).fields["authors"] == ["Ruth Holm"]

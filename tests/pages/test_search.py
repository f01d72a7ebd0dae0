"""The record of an article in the search index: its words without markup, what it is narrowed and ordered by."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from newsgen.pages.search import is_wide, text_of
from tests.site import Site, article


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>One <em>two</em>three.</p>\n<p>Four</p>", "One twothree. Four"),
        ("<ul><li>One</li><li>Two</li></ul>", "One Two"),
        ("a<br>b", "a b"),
        ("<p>5 &lt; 6 &amp; <b>so</b></p>", "5 < 6 & so"),
        ('<p>See <a href="ng-ref:0" title="a > b">there</a>.</p>', 'See b">there.'),
        ("<p>Run</p><pre><code>rm -rf\n</code></pre><p>it</p>", "Run it"),
        ("<script>x</script><style>y</style>z", "z"),
        ("<!--ng-open:0-->Label<!--ng-body:0--><p>Body</p><!--ng-close:0-->", "Label Body"),
    ],
)
def test_the_words_of_a_body(html: str, text: str) -> None:
    assert text_of(html) == text


def test_languages_without_spaces() -> None:
    assert [is_wide(tag) for tag in ("zh", "zh-Hant", "ja", "en", "zha")] == [True, True, True, False, False]


def told(site: Site) -> tuple[bool, bool, list[object]]:
    """Whether masthead and footer lead to the search, whether its page is there, and what machines are told of it."""
    home = site.page("index.html")
    (graph,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', home)
    actions = [one["potentialAction"] for one in json.loads(graph)["@graph"] if "potentialAction" in one]
    return home.count('href="/paper/search/"') == 2, (site.out / "search/index.html").exists(), actions


def test_a_site_tells_of_its_search_where_it_has_one(make_site: Callable[..., Site]) -> None:
    toml = 'base_url = "https://example.org/paper"\n'
    site = make_site({"newsgen.toml": toml, "content/world/a.md": article("A")})
    site.good()
    assert told(site) == (False, False, [])
    site.write("newsgen.toml", f"{toml}[search]\nenabled = true\n")
    site.good()
    target = {
        "@type": "EntryPoint",
        "urlTemplate": "https://example.org/paper/search/?q={search_term_string}",
    }
    action = {"@type": "SearchAction", "target": target}
    assert told(site) == (True, True, [action])
    page = site.page("search/index.html")
    assert '<meta name="robots" content="noindex">' in page
    assert 'data-pagefind="/paper/search/pagefind/pagefind.js"' in page
    assert "/search/" not in site.page("sitemap.xml")

"""Permalinks and redirects: where articles live, and how their old addresses lead on, for every kind of host."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.site import Site, article, pages, said

ORIGIN = "https://example.org"
TOML = f'base_url = "{ORIGIN}/pa%20per"\n[redirects]\nformats = ["html", "netlify", "nginx", "apache", "caddy"]\n'
ODD = "x$1{y}'&~(z)[q]^+.,;=@!"
FILES: dict[str, str | bytes] = {
    "newsgen.toml": TOML,
    "content/world/harbour.md": article(
        "Harbour", aliases="[/old/harbour/, /harbour.html, /a.b/c/, /old%20quay/x y/, /s%E2%80%8Ah/]"
    ),
    "content/world/ödd.md": article("Odd", permalink='"/ж$1/{a}/"', aliases=f'["/{ODD}/ö/"]'),
    "content/world/soon.md": article("Soon", date="2027-01-01", aliases="[/secret/]"),
    "content/pages/about.md": "---\ntitle: About\naliases: [/who]\n---\n",
    "content/tags/ships.md": "---\ntitle: Ships\naliases: [boats]\n---\n",
}
LEADS = {
    "/old/harbour/": "/world/harbour/",
    "/old/harbour": "/world/harbour/",
    "/harbour.html": "/world/harbour/",
    "/a.b/c/": "/world/harbour/",
    "/a.b/c": "/world/harbour/",
    "/old quay/x y/": "/world/harbour/",
    "/old quay/x y": "/world/harbour/",
    "/s\u200ah/": "/world/harbour/",
    "/s\u200ah": "/world/harbour/",
    f"/{ODD}/ö/": "/ж$1/{a}/",
    f"/{ODD}/ö": "/ж$1/{a}/",
    "/who/": "/about/",
    "/who": "/about/",
    "/tags/boats/": "/tags/ships/",
    "/tags/boats": "/tags/ships/",
}


@pytest.fixture
def site(make_site: Callable[..., Site], plain_theme: Path) -> Site:
    """A site with many aliases."""
    return make_site(FILES)


# ---- redirects ------------------------------------------------------------------------------------------------------


def test_every_alias_leads_to_its_page_on_every_host(site: Site) -> None:
    site.good()
    whole = {f"/pa per{path}": f"/pa per{page}" for path, page in LEADS.items()}
    assert _netlify(site.page("_redirects")) == whole
    assert _nginx(site.page("redirects.map")) == whole
    assert _caddy(site.page("redirects.caddy")) == whole
    rules = _apache(site.page(".htaccess"))
    for path, page in LEADS.items():
        assert [unquote(to) for rule, to in rules if re.search(rule, path[1:])] == [f"/pa per{page}"]
    for path in ("old", "xold/harbour/", "old/harbour/x", "harbourXhtml", "world/harbour/", ""):
        assert not [to for rule, to in rules if re.search(rule, path)]
    for name in ("_redirects", "redirects.map", "redirects.caddy", ".htaccess"):
        assert "secret" not in site.page(name)


def _netlify(text: str) -> dict[str, str]:
    """As Netlify and Cloudflare read it: parts between spaces, `*` and `:name` would be patterns."""
    lines = [line.split(" ") for line in text.splitlines() if not line.startswith("#")]
    assert {code for *_, code in lines} == {"301"}
    assert not [asked for asked, *_ in lines if set(asked) & set("*:?#")]
    return {unquote(asked): unquote(page) for asked, page, _ in lines}


def _nginx(text: str) -> dict[str, str]:
    """As nginx reads a map: two quoted texts and a semicolon; `$` in the second would begin a variable."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    found = [re.fullmatch(r'"([^"\\]+)" "([^"\\$]+)";', line) for line in lines]
    return {one[1]: unquote(one[2]) for one in found if one} if all(found) else {}


def _apache(text: str) -> list[tuple[str, str]]:
    """As mod_rewrite reads it: a pattern, and a target in which `$1`, `%1` and `${x}` would be replaced."""
    lines = text.splitlines()
    assert lines[1] == "RewriteEngine On"
    found = [re.fullmatch(r'RewriteRule "((?:[^"]|\\")+)" "([^"]+)" \[R=301,L,NE\]', line) for line in lines[2:]]
    assert all(found)
    targets = [one[2] for one in found if one]
    assert not [one for one in targets if re.search(r"\$|(?<!\\)%|\\[^%]", one)]
    assert "${" not in text
    return [(one[1], to.replace("\\%", "%")) for one, to in zip(found, targets, strict=True) if one]


def _caddy(text: str) -> dict[str, str]:
    """As Caddy reads it: words in quotes, in which braces would begin a placeholder."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    found = [re.fullmatch(r'redir "([^"{}\[\]\\*]+)" "([^"{}\\]+)" permanent', line) for line in lines]
    assert all(found)
    return {unquote(one[1]): unquote(one[2]) for one in found if one}


@pytest.mark.parametrize(
    ("formats", "files"),
    [
        ('["html"]', {"old/harbour/index.html"}),
        ("[]", set()),
        ('["netlify"]', {"_redirects"}),
        ('["nginx", "html"]', {"old/harbour/index.html", "redirects.map"}),
    ],
)
def test_only_the_formats_that_are_asked_for_are_written(site: Site, formats: str, files: set[str]) -> None:
    site.write("newsgen.toml", f"[redirects]\nformats = {formats}\n")
    site.good()
    kinds = {"old/harbour/index.html", "_redirects", "redirects.map", ".htaccess", "redirects.caddy"}
    assert kinds & pages(site.out) == files


def test_a_site_without_aliases_has_no_such_files(make_site: Callable[..., Site], plain_theme: Path) -> None:
    site = make_site({"newsgen.toml": TOML, "content/a.md": article("A")})
    site.good()
    assert {"_redirects", ".htaccess"}.isdisjoint(pages(site.out))


@pytest.mark.parametrize("formats", ['["html"]', '["netlify"]'])
@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("content/a.md", article("A", aliases="[/news/a/]"), "content/a.md and alias of content/a.md"),
        ("content/a.md", article("A", aliases="[/news/A]"), "content/a.md and alias of content/a.md"),
        (
            "content/a.md",
            article("A", aliases="[/world/harbour]"),
            "alias of content/a.md and content/world/harbour.md",
        ),
        ("content/a.md", article("A", aliases="[/who]"), "alias of content/a.md and alias of content/pages/about.md"),
        ("content/a.md", article("A", aliases="[/feed.xml]"), "alias of content/a.md and the feed of the front page"),
        ("static/_redirects", "/a /b", "_redirects and static/_redirects"),
    ],
)
def test_what_leads_in_a_circle_or_is_somebodys_address_is_refused(
    site: Site, formats: str, path: str, text: str, message: str
) -> None:
    site.write("newsgen.toml", f'base_url = "{ORIGIN}"\n[redirects]\nformats = {formats}\n')
    site.write(path, text)
    found = [line for line in said(site.build()) if line.startswith("NG-401")]
    if path.startswith("static") and "html" in formats:
        assert found == []
    else:
        assert len(found) == 1
        assert found[0].endswith(message)


# ---- permalinks -----------------------------------------------------------------------------------------------------


def lives(site: Site, permalinks: str) -> list[str]:
    """Where the articles named `it` live."""
    site.write("newsgen.toml", f'timezone = "Asia/Shanghai"\n[permalinks]\n{permalinks}\n')
    site.good()
    return sorted(path for path in pages(site.out) if "it" in path.removesuffix("index.html"))


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("/{section}/{slug}/", "world/it/index.html"),
        ("/{slug}/", "it/index.html"),
        ("/x-{slug}.html", "x-it.html"),
        ("/{year}/{month}/{day}/{slug}/", "2026/03/02/it/index.html"),
        ("/news/{section}/{year}-{month}-{slug}.html", "news/world/2026-03-it.html"),
        ("/ж/{slug}/", "ж/it/index.html"),
    ],
)
def test_articles_live_where_the_pattern_says(site: Site, pattern: str, path: str) -> None:
    site.write("content/world/it.md", article("It", date="2026-03-01T16:30:00Z"))
    assert lives(site, f'article = "{pattern}"') == [path]


def test_a_section_may_have_a_pattern_of_its_own_by_any_of_its_names(site: Site) -> None:
    site.write("content/Wide World/_index.md", "---\ntitle: The World\nslug: w\n---\n")
    site.write("content/Wide World/it.md", article("It"))
    for name in ("the world", "Wide World"):
        assert lives(site, f'sections = {{"{name}" = "/{{section}}-{{year}}/{{slug}}/"}}') == ["w-2026/it/index.html"]


def test_a_permalink_of_its_own_comes_before_the_pattern(site: Site) -> None:
    site.write("content/world/it.md", article("It", permalink="/own/it/"))
    assert lives(site, 'article = "/{year}/{slug}/"') == ["own/it/index.html"]


def test_an_article_without_the_date_that_its_address_asks_for_has_the_usual_one_and_is_told_of(site: Site) -> None:
    site.write("content/world/it.md", article("It", date=None))
    assert lives(site, 'article = "/{year}/{slug}/"') == ["world/it/index.html"]
    message = 'content/world/it.md "It" has no date for its address "/{year}/{slug}/", so it is at /world/it/'
    assert f"NG-416 {message}" in said(site.build())
    assert lives(site, 'article = "/x/{slug}/"') == ["x/it/index.html"]
    assert [line for line in said(site.build()) if "NG-416" in line] == []


def test_permalinks_of_no_section_are_told_of(site: Site) -> None:
    site.write("newsgen.toml", '[permalinks.sections]\nwrold = "/{slug}/"\n')
    report = site.good()
    (found,) = [one for one in report.diagnostics if one.code == "NG-415"]
    assert (str(found.place), found.message) == ("newsgen.toml:2:1", 'there is no section "wrold"')
    assert found.help == 'Did you mean "world"?'


def test_links_follow_a_pattern(site: Site) -> None:
    site.write("content/world/it.md", article("It", "See [it](harbour.md)."))
    site.write("newsgen.toml", '[permalinks]\narticle = "/{year}/{slug}/"\n')
    site.good()
    assert 'href="/2026/harbour/"' in site.page("2026/it/index.html")
    assert urlsplit(unquote(re.findall(r'url=([^"]*)', site.page("harbour.html"))[0])).path == "/2026/harbour/"


def test_a_pattern_reads_the_date_on_the_clock_of_the_site(site: Site) -> None:
    site.write("content/world/it.md", article("It", date=dt.datetime(2025, 12, 31, 17, tzinfo=dt.UTC).isoformat()))
    assert lives(site, 'article = "/{year}/{slug}/"') == ["2026/it/index.html"]

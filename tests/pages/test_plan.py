"""The plan: every path has one owner, and two that claim it are both named."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import pytest

from newsgen.pages import catalogue
from tests.pictures import png
from tests.site import Site, article, pages, said

pytestmark = pytest.mark.usefixtures("plain_theme")

CAFE, CAFE_APART = "caf\u00e9", "cafe\u0301"


def told(site: Site) -> list[str]:
    report = site.build()
    assert not site.out.exists() or report.ok
    return [line for line in said(report) if not line.startswith("NG-116")]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"content/world/a.md": article("A", slug="same"), "content/world/b.md": article("B", slug="same")},
            "NG-401 content/world/a.md:4:7 two owners of /world/same/: content/world/a.md and content/world/b.md",
        ),
        (
            {"content/2026-05-01-a.md": article("A"), "content/a.md": article("B")},
            "NG-401 content/2026-05-01-a.md:2:8 two owners of /news/a/: content/2026-05-01-a.md and content/a.md",
        ),
        (
            {"content/one.md": article("A", slug="Story"), "content/two.md": article("B", slug="story")},
            "NG-401 content/one.md:4:7 two owners of /news/story/: content/one.md and content/two.md",
        ),
        (
            {"content/world/a.md": article("A", permalink="/x/"), "content/b.md": article("B", permalink="/x")},
            "NG-401 content/b.md:4:12 two owners of /x/: content/b.md and content/world/a.md",
        ),
        (
            {"content/a.md": article("A", permalink="/world/"), "content/world/b.md": article("B")},
            'NG-401 content/a.md:4:12 two owners of /world/: content/a.md and section "world" (content/world/b.md)',
        ),
        (
            {"content/pages/x.md": "---\ntitle: P\n---\n", "content/x/b.md": article("B")},
            'NG-401 content/pages/x.md:2:8 two owners of /x/: content/pages/x.md and section "x" (content/x/b.md)',
        ),
        (
            {"content/a.md": article("A", permalink="/tags/ships/", tags="[ships]")},
            'NG-401 content/a.md:4:12 two owners of /tags/ships/: content/a.md and tag "ships" (content/a.md)',
        ),
        (
            {"content/tags/t.md": "---\ntitle: T\nslug: x\n---\n", "content/a.md": article("A", permalink="/tags/x/")},
            'NG-401 content/a.md:4:12 two owners of /tags/x/: content/a.md and tag "T" (content/tags/t.md)',
        ),
        (
            {"content/a.md": article("A", permalink="/feed.xml")},
            "NG-401 content/a.md:4:12 two owners of /feed.xml: content/a.md and the feed of the front page",
        ),
        (
            {"content/a.md": article("A", permalink="/sitemap.xml")},
            "NG-401 content/a.md:4:12 two owners of /sitemap.xml: content/a.md and the sitemap",
        ),
        (
            {"content/a.md": article("A", permalink="/robots.txt")},
            "NG-401 content/a.md:4:12 two owners of /robots.txt: content/a.md and robots.txt",
        ),
        (
            {"content/a.md": article("A", permalink="/404.html")},
            "NG-401 content/a.md:4:12 two owners of /404.html: content/a.md and the 404 page",
        ),
        (
            {"content/a.md": article("A", permalink="/")},
            "NG-401 content/a.md:4:12 two owners of /: content/a.md and the front page",
        ),
        (
            {"content/a.md": article("A"), "static/news/A/index.html": "x"},
            "NG-401 content/a.md:2:8 two owners of /news/a/: content/a.md and static/news/A/index.html",
        ),
        (
            {"content/a.md": article("A"), "static/news/a": "a file where a folder must be"},
            "NG-401 content/a.md:2:8 two owners of /news/a: content/a.md and static/news/a",
        ),
        (
            {"static/x": "file", "content/a.md": article("A", aliases="[/x/]")},
            "NG-401 content/a.md:4:10 two owners of /x: alias of content/a.md and static/x",
        ),
        (
            {"content/a.md": article("A", aliases="[/news/b/]"), "content/b.md": article("B")},
            "NG-401 content/a.md:4:10 two owners of /news/b/: alias of content/a.md and content/b.md",
        ),
        (
            {"content/a.md": article("A", aliases="[/x/]"), "content/b.md": article("B", aliases="[/X/]")},
            "NG-401 content/a.md:4:10 two owners of /x/: alias of content/a.md and alias of content/b.md",
        ),
        (
            {"content/a.md": article("A", "![x](p.png)"), "content/p.png": png(), "static/news/a/p.png": b"q"},
            "NG-401 content/a.md:2:8 two owners of /news/a/p.png: content/p.png and static/news/a/p.png",
        ),
        (
            {"content/a.md": article("A", "![x](p.png) ![y](s/p.png)"), "content/p.png": png(), "content/s/p.png": png("ffffff")},
            "NG-401 content/a.md:2:8 two owners of /news/a/p.png: content/p.png and content/s/p.png",
        ),
    ],
)  # fmt: skip
def test_two_owners_of_a_path_are_an_error_that_names_both(
    make_site: Callable[..., Site], files: dict[str, str | bytes], expected: str
) -> None:
    assert told(make_site(files)) == [expected]


def test_names_that_are_one_in_unicode_have_two_owners(make_site: Callable[..., Site]) -> None:
    site = make_site(
        {"content/a.md": article("A", slug=CAFE), "content/b.md": article("B", slug=f'"{CAFE_APART}"'), "static/x": "x"}
    )
    assert told(site) == [f"NG-401 content/a.md:4:7 two owners of /news/{CAFE}/: content/a.md and content/b.md"]


def test_every_clash_is_told_not_only_the_first(make_site: Callable[..., Site]) -> None:
    site = make_site({f"content/{n}.md": article("T", slug=("x", "y")[n % 2]) for n in range(6)})
    assert [re.findall(r"content/\d.md", line.split("two owners")[1]) for line in told(site)] == [
        ["content/0.md", "content/2.md"],
        ["content/0.md", "content/4.md"],
        ["content/1.md", "content/3.md"],
        ["content/1.md", "content/5.md"],
    ]


@pytest.mark.parametrize(
    ("files", "path"),
    [
        ({"content/a.md": article("A"), "static/assets/plain.css": "mine"}, "assets/plain.css"),
        ({"content/a.md": article("A", slug=f'"{CAFE_APART}"')}, f"news/{CAFE}/index.html"),
        ({"content/world/2026-05-01-a.md": article("A")}, "world/a/index.html"),
        ({"content/a.md": article("A", permalink="/2026/a.html")}, "2026/a.html"),
        ({"content/a.md": article("A", permalink="/v1.5/notes/")}, "v1.5/notes/index.html"),
        ({"content/a.md": article("A", permalink="/deep/er")}, "deep/er/index.html"),
        ({"content/a.md": article("A", section="World News")}, "world-news/a/index.html"),
        ({"content/world/x/y/a.md": article("A")}, "world/a/index.html"),
    ],
)
def test_a_path_with_one_owner_is_published_there(
    make_site: Callable[..., Site], files: dict[str, str | bytes], path: str
) -> None:
    site = make_site(files)
    assert told(site) == []
    assert path in pages(site.out)
    assert all(unicodedata.is_normalized("NFC", one) for one in pages(site.out))


def test_a_file_of_static_takes_the_place_of_the_themes(make_site: Callable[..., Site]) -> None:
    site = make_site({"static/assets/plain.css": "mine"})
    site.good()
    assert site.page("assets/plain.css") == "mine"


def test_refs_that_are_made_again_give_the_same_pages(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"content/world/a{n}.md": article(f"A {n}", tags="[x]", author="Ann") for n in range(5)}
    site = make_site(files)
    site.good()
    monkeypatch.setattr(catalogue, "KEPT", 2)
    again = make_site(files, "again")
    again.good()
    assert again.tree() == site.tree()

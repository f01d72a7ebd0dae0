"""The search page in a real browser, by keyboard, on a site as any static host serves it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.site import Site, article
from tests.web import listening

from .test_browser import browser, page

__all__ = ["browser", "page"]

pytestmark = pytest.mark.browser

POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; base-uri 'none'"
SETTINGS = (
    'title = "The Post"\nbase_url = "https://example.org/paper"\n[feeds]\nformats = []\n[search]\nenabled = true\n'
)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with a search, below a path, under a policy that allows no inline script."""
    root = tmp_path_factory.mktemp("search")
    files: dict[str, str | bytes] = {
        "newsgen.toml": SETTINGS,
        "content/world/harbour.md": article("Harbour shut", "The tide <b>&lt;mark></b> came in & stayed.", tags="[Sea]", author="Ann"),
        "content/world/bridge.md": article("Bridge open", "No tide here.", date="2024-05-01", tags="[Roads]", authors="[Ann, Bob]"),
        "content/sport/cup.md": article("Cup final", "The tide turned late.", date="2025-05-01"),
        **{f"content/sport/m{n}.md": article(f"Match {n}", "A goal.", date=f"2026-01-{n:02}") for n in range(1, 13)},
    }  # fmt: skip
    site = Site(root / "site", files)
    site.good(out=root / "www/paper")
    yield from served(root / "www")


def served(folder: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None: ...

        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", POLICY)
            super().end_headers()

    with listening(functools.partial(Quiet, directory=str(folder))) as address:
        yield f"{address}/paper"


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    """What the browser finds wrong, and what it asks of others: nothing."""
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda failure: found.append(str(failure)))
    page.on("request", lambda asked: None if "//127.0.0.1:" in asked.url else found.append(asked.url))
    yield found
    assert found == []


def titles(page: Page) -> list[str]:
    return page.locator(".search-results .found-title").all_inner_texts()


def options(page: Page, name: str) -> list[str]:
    return page.locator(f"select[name={name}] option").all_inner_texts()


@pytest.mark.usefixtures("faults")
def test_a_reader_searches_by_keyboard(url: str, page: Page) -> None:
    page.goto(f"{url}/")
    page.get_by_role("banner").get_by_role("link", name="Search").press("Enter")
    field = page.get_by_role("searchbox", name="Words to look for")
    field.focus()
    page.keyboard.type("tide")
    page.keyboard.press("Enter")
    status = page.locator(".search-state[role=status]")
    expect(status).to_have_text("Stories found: 3")
    assert sorted(titles(page)) == ["Bridge open", "Cup final", "Harbour shut"]
    assert options(page, "section") == ["All sections", "sport (1)", "world (2)"]
    assert options(page, "author") == ["All authors", "Ann (2)", "Bob (1)"]
    assert options(page, "year") == ["All years", "2026 (1)", "2025 (1)", "2024 (1)"]
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox", name="Section")).to_be_focused()
    page.keyboard.type("world")
    expect(status).to_have_text("Stories found: 2")
    assert options(page, "section") == ["All sections", "sport (1)", "world (2)"]  # others stay to be chosen
    assert options(page, "tag") == ["All topics", "Roads (1)", "Sea (1)"]
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(page.locator(".search-results a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/paper/world/(harbour|bridge)/$"))
    page.go_back()
    expect(status).to_have_text("Stories found: 2")
    page.go_back()
    expect(status).to_have_text("Stories found: 3")
    assert page.url == f"{url}/search/?q=tide"


@pytest.mark.usefixtures("faults")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=tide&sort=date", ["Harbour shut", "Cup final", "Bridge open"]),
        ("q=tide&section=sport", ["Cup final"]),
        ("q=tide&tag=Sea", ["Harbour shut"]),
        ("q=tide&author=Bob", ["Bridge open"]),
        ("q=tide&year=2025", ["Cup final"]),
        ("year=2024", ["Bridge open"]),
        ("q=zzxqw", []),
        ("q=tide&tag=Unknown", []),
    ],
)
def test_a_search_can_be_linked(url: str, page: Page, query: str, expected: list[str]) -> None:
    page.goto(f"{url}/search/?{query}")
    count = f"Stories found: {len(expected)}" if expected else "No story was found. Try other or fewer words."
    expect(page.locator(".search-state")).to_have_text(count)
    assert titles(page) == expected


@pytest.mark.usefixtures("faults")
def test_words_are_marked_and_no_text_becomes_markup(url: str, page: Page) -> None:
    page.goto(f"{url}/search/?q=tide&tag=Sea")
    expect(page.locator(".search-results mark")).to_have_text("tide")
    assert page.locator(".search-results .card-summary").inner_text() == "The tide <mark> came in & stayed."
    assert page.locator(".search-results time").get_attribute("datetime") == "2026-05-01"
    assert page.locator(".search-results a").get_attribute("href") == "/paper/world/harbour/"


@pytest.mark.usefixtures("faults")
def test_more_is_shown_when_asked_for(url: str, page: Page) -> None:
    page.goto(f"{url}/search/?q=goal&sort=date")
    more = page.get_by_role("button", name="More stories")
    expect(more).to_be_visible()
    assert titles(page) == [f"Match {n}" for n in range(12, 2, -1)]
    more.press("Enter")
    expect(more).to_be_hidden()
    assert titles(page)[10:] == ["Match 2", "Match 1"]
    expect(page.locator(".search-results a").nth(10)).to_be_focused()


@pytest.mark.usefixtures("faults")
def test_nothing_moves_and_nothing_is_too_wide(url: str, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(f"{url}/search/")
    expect(page.locator("select[name=year] option")).to_have_count(4)
    tops = "[...document.querySelectorAll('.search *, .search-state')].map((one) => one.getBoundingClientRect().top)"
    before = page.evaluate(tops)
    page.get_by_role("searchbox").fill("tide")
    expect(page.locator(".search-state")).to_have_text("Stories found: 3")
    assert page.evaluate(tops) == before
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_without_an_index_the_page_says_so(url: str, page: Page) -> None:
    page.route("**/pagefind.js", lambda route: route.abort())
    page.goto(f"{url}/search/?q=tide")
    expect(page.locator(".search-state")).to_have_text("The search could not be loaded.")
    expect(page.get_by_role("navigation", name="Other ways to a story").get_by_role("link")).to_have_count(4)

"""What the theme's scripts do in a real browser, on a site as any static host serves it."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler

import pytest
from playwright.sync_api import Page, expect

from tests.site import MOMENT, SETTINGS, Site, article
from tests.web import listening

from .test_browser import browser, page

__all__ = ["browser", "page"]

pytestmark = pytest.mark.browser

STORM = "content/world/storm.md"
BLOG = "Intro.\n\n## 09:40 Port shut\n\nIt is.\n\n## 09:10 Warning {pin}\n\nStay in.\n"
MINUTE = 61_000
MAP = '::embed[https://maps.example/x?a=1]{title="The straits"}'
POLICY = "default-src 'self'"


class _Quiet(SimpleHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - one server at a time

    def log_message(self, format: str, *args: object) -> None:
        self.asked.append(self.path)

    def do_GET(self) -> None:
        del self.headers["If-Modified-Since"]  # counts whole seconds, in which these tests build twice
        super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()


@pytest.fixture
def live(make_site: Callable[..., Site]) -> Site:
    site = make_site(
        {
            "newsgen.toml": f'{SETTINGS}[embeds]\nallow = ["maps.example"]\n',
            STORM: article("Storm", BLOG, date="2026-06-01T08:00:00Z", kind="live"),
            "content/world/map.md": article("Map", MAP),
        }
    )
    site.good()
    return site


@pytest.fixture
def url(live: Site) -> Iterator[str]:
    """The address at which the built site is served, with a policy that allows no inline script."""
    _Quiet.asked.clear()
    with listening(functools.partial(_Quiet, directory=str(live.out))) as address:
        yield address


def add(site: Site, *entries: str) -> None:
    for entry in entries:
        site.edit(STORM, "Intro.\n\n", f"Intro.\n\n{entry}\n\nNews.\n\n")
    site.good()


def looks() -> int:
    return sum(path.endswith("updates.json") for path in _Quiet.asked)


def titles(page: Page) -> list[str]:
    return page.locator(".live-entries .entry-title").all_inner_texts()


def test_new_entries_are_offered_and_shown_when_the_reader_asks(live: Site, url: str, page: Page) -> None:
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.clock.install(time=MOMENT)
    page.goto(f"{url}/world/storm/")
    heights = "[...document.querySelectorAll('.entry')].map(one => one.getBoundingClientRect().top)"
    before = page.evaluate(heights)
    add(live, "## 10:00 Ferry turned back", "## 10:20 Trains stop", "## 10:30 Wind eases")
    page.clock.fast_forward(MINUTE)
    button = page.get_by_role("status").get_by_role("button")
    expect(button).to_have_text("3 new updates")
    assert titles(page) == ["Port shut"]
    assert page.evaluate(heights) == before  # nothing moves under the reader's eyes
    button.click()
    assert titles(page) == ["Wind eases", "Trains stop", "Ferry turned back", "Port shut"]
    expect(page.locator("#entry-20260601-1030")).to_be_focused()
    expect(page.locator(".live-updated time")).to_have_attribute("datetime", "2026-06-01T10:30:00+00:00")
    expect(button).to_have_count(0)
    add(live, "## 10:40 All clear")
    page.clock.fast_forward(MINUTE)
    expect(button).to_have_text("1 new update")
    assert faults == []


def test_a_page_without_news_asks_ever_more_seldom_and_a_hidden_one_not_at_all(
    live: Site, url: str, page: Page
) -> None:
    page.clock.install(time=MOMENT)
    page.goto(f"{url}/world/storm/")

    def pass_time(minutes: int) -> int:
        before = looks()
        for _ in range(minutes * 2):
            page.clock.run_for(30_000)
            page.wait_for_timeout(20)
        return looks() - before

    often = pass_time(5)
    pass_time(15)
    assert often > pass_time(5)
    assert pass_time(10) > 0
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert pass_time(20) == 0
    page.evaluate("Object.defineProperty(document, 'hidden', {value: false, configurable: true})")
    with page.expect_response("**/updates.json"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_page_whose_coverage_ends_stops_asking(live: Site, url: str, page: Page) -> None:
    page.clock.install(time=MOMENT)
    page.goto(f"{url}/world/storm/")
    live.good(MOMENT + dt.timedelta(days=2))
    with page.expect_response("**/updates.json"):
        page.clock.fast_forward(MINUTE)
    page.wait_for_timeout(50)
    before = looks()
    page.clock.fast_forward(60 * MINUTE)
    page.wait_for_timeout(200)
    assert looks() == before


def test_a_host_that_fails_is_asked_again(live: Site, url: str, page: Page) -> None:
    page.clock.install(time=MOMENT)
    page.goto(f"{url}/world/storm/")
    kept = (live.out / "world/storm/updates.json").rename(live.root / "kept.json")
    with page.expect_response("**/updates.json"):
        page.clock.fast_forward(MINUTE)
    kept.rename(live.out / "world/storm/updates.json")
    add(live, "## 10:00 Ferry turned back")
    page.wait_for_timeout(50)
    page.clock.fast_forward(2 * MINUTE)
    expect(page.get_by_role("status").get_by_role("button")).to_have_text("1 new update")


# ---- breaking news --------------------------------------------------------------------------------------------------

NEWS = """title = "Paper"
[breaking]
text = "Port shut"
until = "2026-06-01 18:00"
"""
TOP = "document.querySelector('main').getBoundingClientRect().top"


def test_breaking_news_end_in_an_open_page_and_leave_their_place(live: Site, url: str, page: Page) -> None:
    live.write("newsgen.toml", NEWS)
    live.good()
    page.clock.install(time=MOMENT)
    page.goto(url)
    news = page.get_by_text("Port shut")
    expect(news).to_be_visible()
    top = page.evaluate(TOP)
    page.clock.fast_forward("06:00:01")
    expect(news).to_be_hidden()
    assert page.evaluate(TOP) == top


def test_breaking_news_that_are_over_are_never_seen(live: Site, url: str, page: Page) -> None:
    page.goto(url)
    top = page.evaluate(TOP)
    live.write("newsgen.toml", NEWS)
    live.good()
    page.clock.install(time=MOMENT + dt.timedelta(hours=7))
    page.goto(url)
    expect(page.get_by_text("Port shut")).to_be_hidden()
    assert page.evaluate(TOP) == top


def test_what_another_site_shows_is_asked_for_when_its_reader_asks(url: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{url}/world/map/")
    expect(page.get_by_role("link", name="Open it on maps.example")).to_have_attribute(
        "href", "https://maps.example/x?a=1"
    )
    expect(page.locator("iframe")).to_have_count(0)
    assert all(one.startswith(url) for one in asked)
    page.get_by_role("button", name="Load it here").click()
    frame = page.locator("iframe")
    expect(frame).to_have_attribute("src", "https://maps.example/x?a=1")
    expect(frame).to_have_attribute("title", "The straits")
    expect(frame).to_have_attribute("referrerpolicy", "strict-origin")
    assert "allow-top-navigation" not in (frame.get_attribute("sandbox") or "allow-top-navigation")
    expect(page.get_by_role("button", name="Load it here")).to_have_count(0)


def test_what_another_site_shows_in_a_new_entry_is_offered_too(live: Site, url: str, page: Page) -> None:
    page.clock.install(time=MOMENT)
    add(live, f"## 10:00 Map\n\n{MAP}")
    page.goto(f"{url}/world/storm/")
    add(live, f"## 10:05 Another\n\n{MAP}")
    page.clock.run_for(MINUTE)
    page.get_by_role("button", name="1 new update").click()
    expect(page.get_by_role("button", name="Load it here")).to_have_count(2)

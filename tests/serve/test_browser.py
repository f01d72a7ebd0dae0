"""What a person sees in a real browser while the dev server runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.pictures import png

from .harness import Served, article, everything, until, write

pytestmark = pytest.mark.browser

FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split()
QUIET = "--disable-component-update --disable-sync".split()
TIMEOUT = 20_000  # milliseconds until what must come by itself has come


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; a machine without one fails, for `make test` installs it."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if name and (found := shutil.which(name))), None)
    assert program, "no Chromium: install it, or name it in CHROMIUM"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS + QUIET)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    opened.set_default_timeout(TIMEOUT)
    yield opened
    opened.close()


def test_an_edit_appears_in_an_open_browser_by_itself(serve: Callable[..., Served], site: Path, page: Page) -> None:
    server = serve()
    page.goto(f"{server.url}/world/harbour/")
    expect(page.locator("h1")).to_have_text("Harbour reopens")
    write(site / "content/world/harbour.md", article("Harbour shuts again", "Second words of the harbour."))
    expect(page.get_by_text("Second words of the harbour.")).to_be_visible(timeout=TIMEOUT)
    expect(page.locator("h1")).to_have_text("Harbour shuts again")


def test_a_broken_template_is_shown_in_the_browser_and_the_next_good_save_recovers(
    serve: Callable[..., Served], site: Path, page: Page
) -> None:
    write(site / "site/mine.txt", "a file of the user's")
    before = everything(site / "site")
    server = serve()
    page.goto(f"{server.url}/world/bridge/")
    assert until(lambda: " written, " in server.told())
    template = write(site / "templates/article.html", "<!doctype html>\n<title>t</title>\n{{ article.titel }}\n")
    overlay = page.locator("#newsgen-overlay")
    expect(overlay).to_contain_text("templates/article.html:3", timeout=TIMEOUT)
    expect(overlay).to_contain_text("titel")
    expect(page.get_by_text("The bridge is closed.")).to_be_attached()
    template.write_text(
        "<!doctype html>\n<html lang=en><title>t</title><body><h1>Mine: {{ article.title }}</h1></body>\n"
    )
    expect(page.locator("h1")).to_have_text("Mine: Bridge closes", timeout=TIMEOUT)
    expect(overlay).to_have_count(0)
    assert everything(site / "site") == before


def test_a_mistake_in_an_article_is_shown_with_its_line_and_advice(
    serve: Callable[..., Served], site: Path, page: Page
) -> None:
    server = serve()
    page.goto(f"{server.url}/")
    write(site / "content/world/harbour.md", "---\ntitle: Harbour: open\n---\n\nText.\n")
    overlay = page.locator("#newsgen-overlay")
    expect(overlay).to_contain_text("content/world/harbour.md:2:15", timeout=TIMEOUT)
    expect(overlay).to_contain_text('title: "Harbour: open"')


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_no_page_of_the_theme_scrolls_sideways(
    serve: Callable[..., Served], site: Path, page: Page, width: int
) -> None:
    long = article(
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen wird teurer",
        "| a | b |\n|---|---|\n" + "| wide cell | wider cell |\n",
    )
    write(site / "content/world/long.md", long)
    server = serve()
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("/", "/world/", "/world/long/", "/tags/", "/404.html"):
        page.goto(server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path


@pytest.mark.parametrize("by", ["key", "button"])
def test_the_overlay_can_be_put_away_and_the_page_still_reloads_when_mended(
    serve: Callable[..., Served], site: Path, page: Page, by: str
) -> None:
    page.goto(f"{serve().url}/")
    overlay = page.locator("#newsgen-overlay")
    write(site / "content/world/harbour.md", "---\ntitle: Harbour: open\n---\n\nText.\n")
    expect(overlay).to_contain_text("content/world/harbour.md:2:15", timeout=TIMEOUT)  # not what half a write is told
    if by == "key":
        page.keyboard.press("Escape")
    else:
        overlay.get_by_role("button").click()
    expect(overlay).to_have_count(0)
    write(site / "content/world/harbour.md", article("Harbour shuts again", "Second words of the harbour."))
    expect(page.locator("body")).to_contain_text("Harbour shuts again", timeout=TIMEOUT)


def test_the_place_on_the_page_is_kept(serve: Callable[..., Served], site: Path, page: Page) -> None:
    file = site / "content/world/harbour.md"
    file.write_text(file.read_text() + "\n\n".join(f"Paragraph {number}." for number in range(200)))
    page.goto(f"{serve().url}/world/harbour/")
    page.evaluate("window.scrollTo(0, 1500)")
    file.write_text(file.read_text().replace("Paragraph 199.", "The last one."))
    expect(page.locator("body")).to_contain_text("The last one.", timeout=TIMEOUT)
    page.wait_for_function("window.scrollY === 1500")


def test_a_page_that_was_looked_away_from_is_fresh_when_it_is_looked_at(
    serve: Callable[..., Served], site: Path, page: Page
) -> None:
    running = serve()
    page.goto(f"{running.url}/world/harbour/")
    page.goto(f"{running.url}/world/bridge/")
    file = site / "content/world/harbour.md"
    file.write_text(file.read_text().replace("First words", "Second words"))
    write(site / "content/world/bridge.md", (site / "content/world/bridge.md").read_text().replace("closed", "open"))
    expect(page.locator("body")).to_contain_text("The bridge is open", timeout=TIMEOUT)
    page.go_back()
    expect(page.locator("body")).to_contain_text("Second words", timeout=TIMEOUT)


def test_eight_tabs_are_served_at_once(serve: Callable[..., Served], site: Path, browser: Browser) -> None:
    """Browsers allow six connections to a host; a stream for each hidden tab would use them up."""
    running = serve()
    context = browser.new_context()
    hidden = "Object.defineProperty(document, 'hidden', {get: () => true})"
    for number in range(8):
        tab = context.new_page()
        if number < 7:
            tab.add_init_script(hidden)
        tab.goto(f"{running.url}/world/harbour/", timeout=TIMEOUT)
    file = site / "content/world/harbour.md"
    file.write_text(file.read_text().replace("First words", "Second words"))
    expect(context.pages[-1].locator("body")).to_contain_text("Second words", timeout=TIMEOUT)


def test_a_server_that_was_started_anew_is_met_again(serve: Callable[..., Served], site: Path, page: Page) -> None:
    first = serve()
    page.goto(f"{first.url}/world/harbour/")
    first.end()
    file = site / "content/world/harbour.md"
    file.write_text(file.read_text().replace("First words", "Second words"))
    serve("--port", first.url.rpartition(":")[2])
    expect(page.locator("body")).to_contain_text("Second words", timeout=TIMEOUT)


# ---- what changes in place ------------------------------------------------------------------------------------------

STAYS = "window.stays = true"  # gone when a page is loaded anew


def test_a_style_sheet_is_swapped_in_the_page(serve: Callable[..., Served], site: Path, page: Page) -> None:
    style = write(site / "static/assets/own.css", "h1 { letter-spacing: 1px }")
    head = '<link rel="stylesheet" href="/assets/own.css">'
    write(site / "templates/article.html", f"<!doctype html><title>t</title>{head}<h1>{{{{ article.title }}}}</h1>")
    running = serve()
    page.goto(f"{running.url}/world/harbour/")
    assert until(lambda: " written, " in running.told())
    page.evaluate(STAYS)
    style.write_text("h1 { letter-spacing: 5px }")
    expect(page.locator("h1")).to_have_css("letter-spacing", "5px", timeout=TIMEOUT)
    expect(page.locator("link[href*='own.css']")).to_have_count(1)
    style.write_text("h1 { letter-spacing: 9px }")
    expect(page.locator("h1")).to_have_css("letter-spacing", "9px", timeout=TIMEOUT)
    assert page.evaluate("window.stays") is True


def test_a_picture_is_swapped_in_the_page(serve: Callable[..., Served], site: Path, page: Page) -> None:
    picture = site / "static/own.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(png(width=3))
    write(site / "templates/article.html", '<!doctype html><title>t</title><img src="/own.png" alt="">')
    running = serve()
    page.goto(f"{running.url}/world/harbour/")
    assert until(lambda: " written, " in running.told())
    page.wait_for_function("document.querySelector('img').naturalWidth === 3")
    page.evaluate(STAYS)
    picture.write_bytes(png(width=7))
    page.wait_for_function("document.querySelector('img').naturalWidth === 7")
    assert page.evaluate("window.stays") is True


def test_a_page_that_does_not_change_is_left_alone(serve: Callable[..., Served], site: Path, page: Page) -> None:
    running = serve()
    page.goto(f"{running.url}/world/bridge/")
    page.evaluate(STAYS)
    file = site / "content/world/harbour.md"
    file.write_text(file.read_text().replace("First words", "Second words"))
    assert until(lambda: "content/world/harbour.md: " in running.told())
    write(site / "content/world/bridge.md", (site / "content/world/bridge.md").read_text().replace("closed", "open"))
    expect(page.locator("body")).to_contain_text("The bridge is open", timeout=TIMEOUT)
    assert page.evaluate("window.stays") is None
    assert running.told().count("written") >= 2


def test_the_overlay_comes_and_goes_without_loading_the_page_anew(
    serve: Callable[..., Served], site: Path, page: Page
) -> None:
    running = serve()
    page.goto(f"{running.url}/world/bridge/")
    assert until(lambda: " written, " in running.told())
    page.evaluate(STAYS)
    good = (site / "content/world/harbour.md").read_text()
    write(site / "content/world/harbour.md", "---\ntitle: Harbour: open\n---\n\nText.\n")
    overlay = page.locator("#newsgen-overlay")
    expect(overlay).to_be_visible(timeout=TIMEOUT)
    write(site / "content/world/harbour.md", good)
    expect(overlay).to_have_count(0, timeout=TIMEOUT)
    assert page.evaluate("window.stays") is True


def test_what_was_open_typed_and_in_focus_is_so_again(serve: Callable[..., Served], site: Path, page: Page) -> None:
    form = "<details><summary>More</summary>Hidden</details><details open>Other</details><input id=one><input id=two>"
    body = "{{ article.body }}"
    write(site / "templates/article.html", f"<!doctype html><title>t</title><body>{form}{body}</body>")
    page.goto(f"{serve().url}/world/harbour/")
    page.locator("summary").first.click()
    page.fill("#one", "a word")
    page.focus("#two")
    page.evaluate(STAYS)
    file = site / "content/world/harbour.md"
    file.write_text(file.read_text().replace("First words", "Second words"))
    expect(page.locator("body")).to_contain_text("Second words", timeout=TIMEOUT)
    assert page.evaluate("window.stays") is None
    page.wait_for_function("document.activeElement.id === 'two'")
    assert page.input_value("#one") == "a word"
    assert page.evaluate("[...document.querySelectorAll('details')].map((one) => one.open)") == [True, True]


def test_a_draft_has_a_badge_that_goes_when_it_is_published(
    serve: Callable[..., Served], site: Path, page: Page
) -> None:
    draft = article("Secret", "Not yet.").replace("date:", "draft: true\ndate:")
    file = write(site / "content/world/secret.md", draft)
    page.goto(f"{serve().url}/world/secret/")
    badge = page.locator("#newsgen-badge")
    expect(badge).to_have_text("Not online: it is a draft (draft: true).")
    file.write_text(draft.replace("draft: true\n", ""))
    expect(badge).to_have_count(0, timeout=TIMEOUT)
    expect(page.locator("h1")).to_have_text("Secret")


def test_a_page_that_is_not_there_appears_when_it_is_written(
    serve: Callable[..., Served], site: Path, page: Page
) -> None:
    page.goto(f"{serve().url}/world/fair/")
    expect(page.locator("h1")).to_have_text("Page not found")
    write(site / "content/world/fair.md", article("Fair opens", "Wheels turn."))
    expect(page.locator("h1")).to_have_text("Fair opens", timeout=TIMEOUT)


def test_the_builds_are_told_on_a_page_that_follows(serve: Callable[..., Served], site: Path, page: Page) -> None:
    running = serve()
    page.goto(f"{running.url}/__newsgen/")
    expect(page.locator("h1")).to_have_text("Builds")
    assert until(lambda: " written, " in running.told())
    file = site / "content/world/harbour.md"
    file.write_text(file.read_text().replace("First words", "Second words"))
    expect(page.get_by_role("heading", name="content/world/harbour.md")).to_be_visible(timeout=TIMEOUT)

"""The sample site in a real browser, as a host sends it with the headers that newsgen wrote for it."""

from __future__ import annotations

import datetime as dt
import functools
import re
import shutil
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Page, expect

from newsgen.config import SOURCE_FOLDERS
from tests.pages.test_headers import CSP, netlify
from tests.site import Site, article, tree
from tests.web import listening

from .test_browser import browser, page

__all__ = ["browser", "page"]

pytestmark = pytest.mark.browser

SAMPLE = Path(__file__).parents[2]
DURING = dt.datetime(2026, 12, 1, 9, 30, tzinfo=dt.UTC)
FAR = "https://far.example"
MORE: dict[str, str] = {
    "content/world/far.md": article(
        "Far",
        f"![A ship]({FAR}/ship.png)\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n::embed[https://vimeo.com/1]\n\n"
        '<table><tr><td style="text-align:right">a</td></tr></table>\n\n```python\nx = 1\n```\n',
    ),
    "content/world/now.md": article(
        "Now", "Intro.\n\n## 09:10 Port shut\n\nIt is.\n", date="2026-12-01T09:00:00Z", kind="live"
    ),
}
PIXEL = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
WATCH = """addEventListener("securitypolicyviolation", (event) => console.error(
    `policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));"""


class Host(SimpleHTTPRequestHandler):
    """Sends a folder with the headers of its file _headers, as Netlify does."""

    def log_message(self, format: str, *args: object) -> None: ...

    def do_GET(self) -> None:
        del self.headers["If-Modified-Since"]  # counts whole seconds
        super().do_GET()

    def end_headers(self) -> None:
        text = (Path(self.directory) / "_headers").read_text("utf-8")
        for name, value in netlify(text, unquote(self.path.partition("?")[0])).items():
            # A browser would ask this server by https from then on.
            self.send_header(name, value.removesuffix("; upgrade-insecure-requests"))
        super().end_headers()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The sample site with an article of what others show and a live blog that goes on, at a moment of it."""
    root = tmp_path_factory.mktemp("policy") / "paper"
    site = Site(root, {"newsgen.toml": (SAMPLE / "newsgen.toml").read_text("utf-8"), **MORE})
    for name in SOURCE_FOLDERS:
        if (SAMPLE / name).is_dir():
            shutil.copytree(SAMPLE / name, root / name, dirs_exist_ok=True)
    site.good(DURING)
    return site


@pytest.fixture
def url(sample: Site) -> Iterator[str]:
    with listening(functools.partial(Host, directory=str(sample.out))) as address:
        yield address


@pytest.fixture
def faults(page: Page) -> list[str]:
    """What the browser finds wrong on the pages that are opened."""
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda failure: found.append(str(failure)))
    page.add_init_script(WATCH)
    page.route(f"{FAR}/**", lambda route: route.fulfill(body=PIXEL, content_type="image/gif"))
    return found


def kinds(folder: Path) -> list[str]:
    """A page of each kind, language and set of parts: blocks, pictures, scripts."""
    found: dict[tuple[str, ...], str] = {}
    for path, data in tree(folder).items():
        html = data.decode("utf-8") if path.endswith(".html") else ""
        if "http-equiv" in html or not html:
            continue
        parts = re.findall(r'<html lang="[^"]+"|<body class="[^"]*"|box-[a-z]+|data-[a-z]+=|<script src="[^".]+', html)
        found.setdefault(tuple(sorted(set(parts))), "/" + path.removesuffix("index.html"))
    return sorted(found.values())


def test_no_page_of_the_theme_breaks_its_policy(sample: Site, url: str, page: Page, faults: list[str]) -> None:
    paths = kinds(sample.out)
    bodies = {kind for path in paths for kind in re.findall(r"kind-(\w+)", _html(sample, path))}
    assert bodies >= {"home", "article", "section", "tag", "author", "page", "search", "archive", "series", "404"}
    for path in paths:
        page.goto(url + quote(path), wait_until="load")
        if (box := page.locator(".scheme input[value=dark]")).count():
            box.first.check()
        assert faults == [], path


def _html(site: Site, path: str) -> str:
    return site.page(f"{path[1:]}index.html" if path.endswith("/") else path[1:])


def test_a_redirect_leads_on(sample: Site, url: str, page: Page, faults: list[str]) -> None:
    (alias, *_) = [path for path, data in tree(sample.out).items() if path.endswith(".html") and b"http-equiv" in data]
    page.goto(f"{url}/{quote(alias.removesuffix('index.html'))}")
    expect(page.locator("h1")).to_be_visible()
    assert faults == []


def test_the_search_finds_under_its_policy(url: str, page: Page, faults: list[str]) -> None:
    page.goto(f"{url}/search/?q=tanker")
    expect(page.locator(".search-results .found-title").first).to_be_visible(timeout=20_000)
    assert faults == []


def _sum(bits: str, name: str) -> int:
    return sum(int(bit[1:]) for bit in bits.split() if bit[0] == name)


def test_pictures_have_colours_and_crops_before_they_are_there(url: str, page: Page, faults: list[str]) -> None:
    page.route("**/*.{jpg,png,webp,avif}", lambda route: route.abort())
    page.goto(f"{url}/")
    picture = page.locator("img[data-tone][data-crop]").first
    tone, crop = picture.get_attribute("data-tone") or "", picture.get_attribute("data-crop") or ""
    colour = ", ".join(str(round(36.4 * _sum(tone, part))) for part in "rgb")
    look = "(one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one).objectPosition]"
    assert picture.evaluate(look) == [f"rgb({colour})", " ".join(f"{10 * _sum(crop, part)}%" for part in "xy")]
    assert [one for one in faults if "ERR_FAILED" not in one] == []


def test_what_others_show_is_shown_when_asked_for(url: str, page: Page, faults: list[str]) -> None:
    page.route("https://player.vimeo.com/**", lambda route: route.fulfill(body="<p>A film", content_type="text/html"))
    page.goto(f"{url}/world/far/")
    page.get_by_role("button", name="Load it here").click()
    expect(page.frame_locator("iframe").get_by_text("A film")).to_be_visible()
    expect(page.locator(f'img[src="{FAR}/ship.png"]')).to_have_js_property("naturalWidth", 1)
    expect(page.locator("td.align-right").first).to_have_css("text-align", "right")
    assert faults == []


def test_a_live_blog_asks_for_news_and_shows_them(sample: Site, url: str, page: Page, faults: list[str]) -> None:
    page.clock.install(time=DURING)
    page.goto(f"{url}/world/now/")
    sample.edit("content/world/now.md", "Intro.\n\n", "Intro.\n\n## 09:20 Ferry turned back\n\nNews.\n\n")
    sample.good(DURING)
    page.clock.fast_forward(61_000)
    page.get_by_role("button", name="1 new update").click()
    expect(page.locator(".live-entries .entry-title").first).to_have_text("Ferry turned back")
    assert faults == []


def test_the_watch_that_finds_nothing_would_find_what_is_inline(
    sample: Site, url: str, page: Page, faults: list[str]
) -> None:
    html = "<!doctype html><title>x</title><p style='color:red' onclick='x()'>x</p><script>1</script><style>p{}</style>"
    sample.write("site/bad.html", html)
    page.goto(f"{url}/bad.html")
    page.wait_for_function("document.readyState == 'complete'")
    assert {one.split()[1] for one in faults if one.startswith("policy: ")} == {
        "style-src-attr", "script-src-attr", "script-src-elem", "style-src-elem",
    }  # fmt: skip
    assert CSP in netlify(sample.page("_headers"), "/bad.html")


def test_an_article_weighs_no_more_than_sixty_kilobytes_before_its_pictures(sample: Site) -> None:
    files = tree(sample.out)
    weights: dict[str, int] = {}
    for path, data in files.items():
        if b'<body class="kind-article' in data:
            named = re.findall(rb'(?:<link rel="stylesheet" href|<script src)="/([^"]+)"', data)
            assert len(named) >= 2, path
            weights[path] = len(data) + sum(len(files[name.decode()]) for name in named)
    assert len(weights) > 20
    assert {path: weight for path, weight in weights.items() if weight > 60_000} == {}

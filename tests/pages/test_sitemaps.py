"""Sitemaps and robots.txt: valid by their schemas, whole in every division, right at every moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from newsgen.config import RobotsSettings, Settings
from newsgen.content.cards import card
from newsgen.news.select import Preview, Selection, select
from newsgen.news.window import leaving, recent
from newsgen.pages import sitemaps
from newsgen.pages.robots import ANSWERING, TRAINING, robots
from newsgen.pages.sitemaps import news_language
from tests.news import test_select
from tests.site import MOMENT, SETTINGS, Site, article

SCHEMAS = Path(__file__).parent / "schemas"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}
ORIGIN = "https://example.org"


@pytest.fixture(autouse=True)
def _small(plain_theme: Path) -> None:
    """No test here looks at a page."""


def read(site: Site, file: str) -> etree._Element:
    """A sitemap or an index of sitemaps, which must be valid."""
    root = etree.fromstring((site.out / file).read_bytes())
    schema = "siteindex.xsd" if root.tag.endswith("}sitemapindex") else "all.xsd"
    etree.XMLSchema(etree.parse(SCHEMAS / schema)).assertValid(root)
    return root


def locations(root: etree._Element) -> list[str]:
    return [text.removeprefix(ORIGIN) for text in root.xpath("//s:loc/text()", namespaces=NAMES)]


def parts(site: Site, file: str) -> dict[str, list[str]]:
    """The paths in each part of a sitemap by its path; of one that is not divided, in itself."""
    root = read(site, file)
    if root.tag.endswith("}urlset"):
        return {f"/{file}": locations(root)}
    return {part: locations(read(site, part[1:])) for part in locations(root)}


# ---- the sitemap ----------------------------------------------------------------------------------------------------


def dated(*dates: str | None) -> dict[str, str | bytes]:
    """Articles named by their dates, without an archive."""
    names = [f"{date or 'undated'}-{n}" for n, date in enumerate(dates)]
    pairs = zip(names, dates, strict=True)
    made: dict[str, str | bytes] = {f"content/x/{n.replace('-', '')}.md": article(n, date=d) for n, d in pairs}
    return {"newsgen.toml": f"{SETTINGS}[archives]\nby = []\n", **made}


DATES = ("2024-03-01", "2025-01-01", "2025-02-01", "2025-03-01", "2025-04-01", "2026-01-01", None)


def test_a_sitemap_that_is_too_long_is_divided_by_years_and_an_index_takes_its_place(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "MOST", 3)
    site = make_site(dated(*DATES))
    site.good()
    assert parts(site, "sitemap.xml") == {
        "/sitemap-2024.xml": ["/x/202403010/"],
        "/sitemap-2025.xml": ["/x/202501011/", "/x/202502012/", "/x/202503013/"],
        "/sitemap-2025-2.xml": ["/x/202504014/"],
        "/sitemap-2026.xml": ["/x/202601015/"],
        "/sitemap-pages.xml": ["/", "/x/"],
        "/sitemap-undated.xml": ["/x/undated6/"],
    }


@pytest.mark.parametrize(
    ("edit", "rewritten"), [("2026-01-01", "sitemap-2026.xml"), ("2024-03-01", "sitemap-2024.xml")]
)
def test_an_edit_rewrites_the_part_that_it_is_in(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch, edit: str, rewritten: str
) -> None:
    monkeypatch.setattr(sitemaps, "MOST", 3)
    site = make_site(dated(*DATES))
    site.good()
    path = f"content/x/{edit.replace('-', '')}{DATES.index(edit)}.md"
    site.edit(path, "title:", "updated: 2026-05-30\ntitle:")
    assert [one for one in site.good().written if "sitemap" in one] == [rewritten]


def test_no_part_exceeds_the_limits_and_none_is_lost(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"content/Ж&Ü/ж{n}&.md": article(str(n), date=f"2025-01-{n % 28 + 1:02}") for n in range(60)}
    site = make_site(files)
    site.good()
    ((_, whole),) = parts(site, "sitemap.xml").items()
    for most, size in ((7, 10**6), (1, 10**6), (10**6, 3000), (10**6, 1), (62, 10**6), (61, 10**6)):
        monkeypatch.setattr(sitemaps, "MOST", most)
        monkeypatch.setattr(sitemaps, "BYTES", size)
        site.good(cache=False)
        found = parts(site, "sitemap.xml")
        assert sorted(chain.from_iterable(found.values())) == sorted(whole)
        for path, urls in found.items():
            assert len(urls) <= most
            assert len((site.out / path[1:]).read_bytes()) <= size or len(urls) == 1
        assert (len(found) == 1) == (len(whole) <= most and size > 10**5)


def test_a_site_that_shrinks_has_one_sitemap_again(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "MOST", 8)
    site = make_site(dated(*DATES))
    site.good()
    assert len(parts(site, "sitemap.xml")) == 5
    site.remove("content/x/202403010.md")
    report = site.good()
    assert len(parts(site, "sitemap.xml")) == 1
    assert {path for path in report.removed if "sitemap" in path} == {
        f"sitemap-{part}.xml" for part in ("2024", "2025", "2026", "pages", "undated")
    }


# ---- the news sitemap -----------------------------------------------------------------------------------------------

HOUR = dt.timedelta(hours=1)
NEWS = {
    "newsgen.toml": f'title = "Post & Courier"\nlanguage = "zh-Hans"\ntimezone = "Asia/Shanghai"\nbase_url = "{ORIGIN}"\n',
    "content/x/new.md": article('"A <b> & \\"c\\""', date="2026-06-01T08:00:00+02:00"),
    "content/x/edge.md": article("Edge", date="2026-05-30T12:01:00Z", lang="pt-BR"),
    "content/x/day.md": article("Day", date="2026-06-01", lang="zh-TW"),
    "content/x/old.md": article("Old", date="2026-05-30T12:00:00Z", updated="2026-06-01"),
    "content/x/undated.md": article("Undated", date=None),
    "content/x/hidden.md": article("Hidden", date="2026-06-01", noindex="true"),
    "content/x/elsewhere.md": article("Elsewhere", date="2026-06-01", canonical="https://example.net/x"),
    "content/x/soon.md": article("Soon", date="2026-06-01T13:00:00Z"),
    "content/x/draft.md": article("Draft", date="2026-06-01", draft="true"),
}


def news(site: Site) -> list[tuple[str, ...]]:
    names = ("s:loc", "n:news/n:publication/n:language", "n:news/n:publication_date", "n:news/n:title")
    entries = read(site, "news-sitemap.xml").findall("s:url", NAMES)
    return [tuple(entry.findtext(name, "", NAMES).removeprefix(ORIGIN) for name in names) for entry in entries]


def test_the_news_sitemap_has_the_articles_of_the_last_two_days(make_site: Callable[..., Site]) -> None:
    site = make_site(NEWS)
    site.good()
    assert news(site) == [
        ("/x/new/", "zh-cn", "2026-06-01T14:00:00+08:00", 'A <b> & "c"'),
        ("/x/day/", "zh-tw", "2026-06-01", "Day"),
        ("/x/edge/", "pt", "2026-05-30T20:01:00+08:00", "Edge"),
    ]
    assert set(read(site, "news-sitemap.xml").xpath("//n:name/text()", namespaces=NAMES)) == {"Post & Courier"}


def test_an_article_leaves_the_news_sitemap_after_two_days_and_a_minute_costs_nothing(
    make_site: Callable[..., Site],
) -> None:
    site = make_site(NEWS)
    site.good(MOMENT)
    assert site.good(MOMENT + dt.timedelta(seconds=59)).rendered == ()
    left = site.good(MOMENT + dt.timedelta(minutes=1))
    assert [one.path for one in left.rendered] == ["news-sitemap.xml"]
    assert [url for url, *_ in news(site)] == ["/x/new/", "/x/day/"]
    assert site.good(MOMENT + dt.timedelta(minutes=2)).rendered == ()
    site.good(MOMENT + 30 * 24 * HOUR)
    assert (site.out / "news-sitemap.xml").read_bytes().count(b"<url>") == 0
    back = site.good(MOMENT)
    assert "news-sitemap.xml" in back.written
    assert len(news(site)) == 3


def test_news_in_great_number_is_divided(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MOST_NEWS", 2)
    site = make_site(NEWS)
    site.good()
    found = parts(site, "news-sitemap.xml")
    assert found == {"/news-sitemap-1.xml": ["/x/new/", "/x/day/"], "/news-sitemap-2.xml": ["/x/edge/"]}


def test_news_may_be_turned_off_and_there_is_none_without_an_address(make_site: Callable[..., Site]) -> None:
    site = make_site({"content/x/a.md": article("A")})
    for settings, files in (
        (f'base_url = "{ORIGIN}"\n[sitemap]\nnews = false\n', {"sitemap.xml"}),
        ("", set()),
        (f'base_url = "{ORIGIN}"\n', {"sitemap.xml", "news-sitemap.xml"}),
    ):
        site.write("newsgen.toml", settings)
        site.good()
        assert {path.name for path in site.out.glob("*sitemap*")} == files
        assert set(RobotFileParser_of(site.page("robots.txt")).site_maps() or ()) == {f"{ORIGIN}/{f}" for f in files}


def test_what_leaves_the_news_bounds_the_time_for_which_they_are_the_same() -> None:
    settings = Settings(base_url=ORIGIN)
    cards = [card(test_select.article(str(n), date=MOMENT - n * 7 * HOUR, noindex=n % 3 == 0)) for n in range(12)]

    def at(hours: int) -> tuple[Selection, list[str]]:
        found = select(cards, [], MOMENT + hours * HOUR, Preview(future=True), settings)
        news = found.published[: recent(found.published, MOMENT + hours * HOUR)]
        return found, [one.id for one in news if not one.unlisted]

    for hours in range(-1, 100):
        now, news = at(hours)
        assert now.published == tuple(cards)
        assert {one.id for one in now.coming if "news" in one.what} == set(news)
        for other in range(-1, 100):
            then = MOMENT + other * HOUR
            if (now.since is None or now.since <= then) and (not now.coming or then < now.coming[0].at):
                assert at(other)[1] == news


@pytest.mark.parametrize("date", [dt.datetime(9999, 12, 31, tzinfo=dt.UTC), dt.datetime(1, 1, 1, tzinfo=dt.UTC)])
def test_the_ends_of_the_calendar_are_no_crash(date: dt.datetime) -> None:
    published = [card(test_select.article("a", date=date))]
    assert recent(published, MOMENT) == (date.year > 2026)
    assert len(list(leaving(published, MOMENT))) == (date.year < 2026)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("en", "en"), ("EN-gb", "en"), ("pt_BR", "pt"), ("gsw-CH", "gsw"), ("zh", "zh-cn"), ("zh-CN", "zh-cn"),
        ("zh-Hans-HK", "zh-tw"), ("zh-Hant", "zh-tw"), ("zh_TW", "zh-tw"), ("zh-SG", "zh-cn"),
    ],
)  # fmt: skip
def test_the_language_of_news(tag: str, language: str) -> None:
    assert news_language(tag) == language


# ---- robots.txt -----------------------------------------------------------------------------------------------------


def RobotFileParser_of(text: str) -> RobotFileParser:  # noqa: N802 - it is one
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    return parser


def refused(text: str, url: str = "/world/a/") -> Iterator[str]:
    parser = RobotFileParser_of(text)
    return (name for name in (*TRAINING, *ANSWERING, "Googlebot", "Bingbot", "*") if not parser.can_fetch(name, url))


@pytest.mark.parametrize(
    ("ai", "names"), [("allow", ()), ("block-training", TRAINING), ("block", (*TRAINING, *ANSWERING))]
)
def test_a_preset_refuses_the_crawlers_that_it_says(ai: str, names: tuple[str, ...]) -> None:
    text = robots(RobotsSettings(ai=ai), (f"{ORIGIN}/sitemap.xml",))  # pyright: ignore[reportArgumentType]
    assert set(refused(text)) == set(names)
    assert RobotFileParser_of(text).site_maps() == [f"{ORIGIN}/sitemap.xml"]


def test_lines_of_the_sites_own_are_for_all_crawlers_until_they_name_others() -> None:
    extra = ("Disallow: /drafts/", "", "User-agent: Bingbot", "Disallow: /", "# so far")
    text = robots(RobotsSettings(ai="block-training", extra=extra), ())
    assert text.startswith("User-agent: *\nAllow: /\nDisallow: /d")
    assert set(refused(text)) == {*TRAINING, "Bingbot"}
    assert text.endswith("\nUser-agent: webzio-extended\nDisallow: /\n")

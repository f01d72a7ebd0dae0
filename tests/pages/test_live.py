"""The pages of live blogs: what they show, the updates beside them, and what stands in their structured data."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable

from newsgen.model import ArticleRef, LiveBlog, TermRef
from newsgen.pages.live import MOST, posting
from tests.pictures import png
from tests.site import MOMENT, Site, article

BLOG = """Intro [rates](rates.md).

## 09:40 Port *shut* {key}

See [rates](rates.md) and ![A crane](crane.png).

## 09:10 What to know {pin #know}

<b>Stay</b> <img src="/x.png" onerror="alert(1)" alt="x">

## 08:50
</script><script>alert(1)</script>
"""
FILES: dict[str, str | bytes] = {
    "newsgen.toml": 'base_url = "https://example.org/paper"\n',
    "content/world/storm.md": article("Storm & <sea>", BLOG, date="2026-06-01T08:00:00Z", kind="live"),
    "content/world/rates.md": article("Rates"),
    "content/world/crane.png": png(),
    "static/x.png": b"x",
}
PAGE, UPDATES = "world/storm/index.html", "world/storm/updates.json"


def test_a_live_blog_shows_its_entries_newest_first_below_key_moments_and_what_is_pinned(
    make_site: Callable[..., Site],
) -> None:
    site = make_site(FILES)
    site.good()
    page = site.page(PAGE)
    order = ['class="prose live-intro"', 'id="key-moments"', 'id="entry-know"', "live-bar", 'id="entry-20260601-0940"']
    places = [page.index(one) for one in (*order, 'id="entry-20260601-0850"')]
    assert places == sorted(places)
    assert page.count('id="entry-know"') == 1
    assert '<time datetime="2026-06-01T09:40:00+00:00">09:40</time>' in page
    assert '<h2 class="entry-title">Port <em>shut</em></h2>' in page
    assert 'href="/paper/world/rates/"' in page
    assert 'src="/paper/world/storm/crane.png"' in page
    assert "onerror" not in page
    assert "alert(1)</script>" not in page
    assert 'data-updates="/paper/world/storm/updates.json"' in page
    assert re.search(r'<script src="/paper/assets/live\.\w+\.js" defer></script>', page)
    assert "/live." not in site.page("world/rates/index.html")


def test_coverage_that_has_ended_is_not_asked_for_updates(make_site: Callable[..., Site]) -> None:
    site = make_site(FILES)
    site.good(MOMENT + dt.timedelta(days=1))
    page = site.page(PAGE)
    assert "This coverage has ended." in page
    assert "data-updates" not in page
    assert "live.js" not in page
    assert ">Live<" not in page + site.page("index.html")
    assert json.loads(site.page(UPDATES))["live"] is False


def test_updates_are_the_newest_entries_with_absolute_addresses(make_site: Callable[..., Site]) -> None:
    site = make_site(FILES)
    site.good()
    told = json.loads(site.page(UPDATES))
    assert (told["title"], told["live"], told["updated"]) == ("Storm & <sea>", True, "2026-06-01T09:40:00Z")
    assert told["url"] == "https://example.org/paper/world/storm/"
    newest = told["entries"][0]
    assert newest["url"] == "https://example.org/paper/world/storm/#entry-20260601-0940"
    assert (newest["time"], newest["title"]) == ("2026-06-01T09:40:00Z", "Port shut")
    assert (newest["pinned"], newest["key"]) == (False, True)
    assert 'href="https://example.org/paper/world/rates/"' in newest["html"]
    assert 'src="https://example.org/paper/world/storm/crane.png"' in newest["html"]
    assert "onerror" not in site.page(UPDATES)
    many = "\n\n".join(f"## {9 - n // 60:02}:{59 - n % 60:02} E{n}" for n in range(200))
    site.write("content/world/storm.md", article("Storm", many, date="2026-06-01T06:00:00Z", kind="live"))
    site.good()
    assert [one["title"] for one in json.loads(site.page(UPDATES))["entries"]] == [f"E{n}" for n in range(MOST)]
    assert site.page(PAGE).count('<article class="entry') == 200


def test_updates_lie_beside_a_page_with_a_permalink_and_without_a_base_url(make_site: Callable[..., Site]) -> None:
    text = article("Storm", "## 09:10 [x](#entry-a)", date="2026-06-01T08:00:00Z", kind="live", permalink="/a/b.html")
    site = make_site({"newsgen.toml": "title = 'T'\n", "content/storm.md": text})
    site.good()
    assert json.loads(site.page("a/updates.json"))["entries"][0]["url"] == "/a/b.html#entry-20260601-0910"


def test_a_feed_carries_a_live_blog_with_the_times_of_its_entries(make_site: Callable[..., Site]) -> None:
    site = make_site(FILES)
    site.good()
    feed = site.page("feed.xml")
    assert '&lt;time datetime="2026-06-01T09:40:00+00:00"&gt;09:40&lt;/time&gt; Port &lt;em&gt;shut' in feed


def test_a_template_that_reads_a_live_blog_and_not_its_article_carries_the_text(make_site: Callable[..., Site]) -> None:
    site = make_site({**FILES, "templates/article.html": "{% for e in live.entries if live %}{{ e.body }}{% endfor %}"})
    site.edit("content/world/rates.md", "date:", "draft: true\ndate:")
    site.good()
    site.edit("content/world/storm.md", "Stay", "Go")
    site.good()
    assert "<b>Go</b>" in site.page(PAGE)


def test_the_structured_data_of_a_live_blog_tells_its_coverage_and_its_newest_updates(
    make_site: Callable[..., Site],
) -> None:
    from newsgen.config import ParseSettings, Settings, zone
    from newsgen.content.parse import parse_content

    data = article("Storm", BLOG, date="2026-06-01T08:00:00Z", kind="live").encode()
    content = parse_content("content/world/storm.md", data, ParseSettings.of(Settings()), zone("UTC")).content
    assert content
    ref = ArticleRef(id=content.id, url="/world/storm/", title="Storm", section=TermRef("World", "/world/", "world"))
    blog = LiveBlog(entries=content.body.entries, updates_url="", over=False, since=MOMENT, until=MOMENT)
    told = posting(blog, ref, "https://example.org")
    assert told["@type"] == "LiveBlogPosting"
    assert told["coverageStartTime"] == "2026-06-01T12:00:00+00:00"
    assert "coverageEndTime" not in told
    assert told["liveBlogUpdate"][1] == {
        "@type": "BlogPosting",
        "url": "https://example.org/world/storm/#entry-know",
        "headline": "What to know",
        "datePublished": "2026-06-01T09:10:00+00:00",
        "articleBody": "Stay",
    }
    ended = LiveBlog(entries=blog.entries, updates_url="", over=True, since=MOMENT, until=MOMENT)
    assert posting(ended, ref, "")["coverageEndTime"] == "2026-06-01T12:00:00+00:00"


# ---- breaking news --------------------------------------------------------------------------------------------------

NEWS = """base_url = "https://example.org/paper"
[breaking]
text = "Port <shut> & closed"
url = "/world/storm/?a=1&b"
until = "2026-06-01 18:00"
"""


def test_breaking_news_stand_above_every_page_until_they_end(make_site: Callable[..., Site]) -> None:
    site = make_site({**FILES, "newsgen.toml": NEWS})
    site.good()
    for path in (PAGE, "index.html", "404.html", "tags/index.html"):
        page = site.page(path)
        assert '<a href="/paper/world/storm/?a=1&amp;b">Port &lt;shut&gt; &amp; closed</a>' in page
        assert re.search(
            r'<script src="/paper/assets/breaking\.\w+\.js" data-until="2026-06-01T18:00:00\+00:00"></script>', page
        )
    site.good(MOMENT + dt.timedelta(hours=6))
    assert "breaking" not in site.page("index.html")

"""Storytelling blocks on pages and in feeds: the HTML of each, in whose language, and that no text breaks out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsgen.build import THEME_FOLDER
from newsgen.config import MarkdownSettings, RenderSettings
from newsgen.content import markdown
from newsgen.model import PlannedBlock, PlannedBody
from newsgen.pages.render import Renderer, resolved
from newsgen.pages.templates import TemplateSource, Theme
from tests.pictures import png
from tests.site import Site, article, codes

RENDER = RenderSettings(base_path="/", origin="https://example.org")


def theme() -> Theme:
    folder = THEME_FOLDER / "templates"
    names = [str(path.relative_to(folder)) for path in sorted(folder.rglob("*.html"))]
    return Theme.of(
        [TemplateSource(name, f"theme/{name}", (folder / name).read_text("utf-8"), "") for name in names], []
    )


RENDERER = Renderer(theme(), RENDER)


def html(text: str, language: str = "en") -> str:
    """The HTML of a text whose references all lead to /x/."""
    found = markdown.render("content/a.md", text, 1, MarkdownSettings())
    blocks = tuple(
        PlannedBlock(
            one.name,
            one.id,
            one.classes,
            tuple((key, "/x/" if value.startswith("ng-ref:") else value) for key, value in one.attributes),
        )
        for one in found.blocks
    )
    body = PlannedBody("", tuple("/x/" for _ in found.references), "content/a.md", language, blocks)
    return resolved(RENDERER, found.html, body)


GOLDEN = {
    ":::pullquote[Ann *Lee*]{#q .wide cite=a.md}\nThe ice [waits](b.md).\n:::": """\
<figure class="box box-pullquote wide" id="q">
<blockquote cite="/x/">
<p>The ice <a href="/x/">waits</a>.</p>
</blockquote>
<figcaption>Ann <em>Lee</em></figcaption>
</figure>
""",
    ":::facts[In brief]\n- a\n:::": """\
<div role="note" class="box box-facts">
<p class="box-title"><strong>In brief</strong></p>
<ul>
<li>a</li>
</ul>
</div>
""",
    ":::takeaways\n- a\n:::": """\
<div role="note" class="box box-takeaways">
<p class="box-title"><strong>Key takeaways</strong></p>
<ul>
<li>a</li>
</ul>
</div>
""",
    ":::timeline\n- **May** a\n:::": """\
<div class="box box-timeline">
<ol>
<li><strong>May</strong> a</li>
</ol>
</div>
""",
    "::::facts\n:::qa[Ask]\n### Why?\n\nb\n:::\n::::": """\
<div role="note" class="box box-facts">
<div class="box box-qa">
<p class="box-title"><strong>Ask</strong></p>
<h3 id="why">Why?</h3>
<p>b</p>
</div>
</div>
""",
    ':::figure[The *crane*]{credit="Ann & Co"}\n![A crane](a.png)\n:::': """\
<figure class="box box-figure">
<img src="/x/" alt="A crane" loading="lazy" />
<figcaption>The <em>crane</em> / <span class="credit">Ann &amp; Co</span></figcaption>
</figure>
""",
    ':::gallery{.wide}\n![A](a.png "One & two")\n[![B](b.png)](b.md)\n:::': """\
<figure class="box box-gallery wide">
<div class="gallery">
<figure><img src="/x/" alt="A" loading="lazy" /><figcaption>One &amp; two</figcaption></figure>
<a href="/x/"><figure><img src="/x/" alt="B" loading="lazy" /></figure></a>
</div>
</figure>
""",
    ":::table[Prices]{source=Us}\n| a |\n|---|\n| 1 |\n:::": """\
<div class="box box-table">
<p class="box-title"><strong>Prices</strong></p>
<div class="table" role="group" tabindex="0" aria-label="Table"><table>
<thead>
<tr>
<th>a</th>
</tr>
</thead>
<tbody>
<tr>
<td>1</td>
</tr>
</tbody>
</table></div>
<p class="source">Source: Us</p>
</div>
""",
    "::audio[A *talk*]{src=a.mp3 transcript=a.md}": """\
<figure class="box box-audio">
<audio controls preload="none" src="/x/" aria-label="A talk"><a href="/x/">Listen</a></audio>
<figcaption>A <em>talk</em> / <a href="/x/">Transcript</a></figcaption>
</figure>
""",
    "::video[A film]{src=a.mp4 poster=a.jpg captions=a.vtt}": """\
<figure class="box box-video">
<video controls playsinline preload="none" src="/x/" poster="/x/" aria-label="A film"><track kind="captions" src="/x/" \
srclang="en" label="Captions" default><a href="/x/">Watch</a></video>
<figcaption>A film</figcaption>
</figure>
""",
    '::embed[https://example.com/a?b=1&c=2]{title="A & b"}': """\
<figure class="box box-embed">
<p><strong>A &amp; b</strong></p>
<p><a href="https://example.com/a?b=1&amp;c=2">Open it on </a></p>
</figure>
""",
}


@pytest.mark.parametrize("text", GOLDEN)
def test_the_html_of_each_block(text: str) -> None:
    assert html(text) == GOLDEN[text]


class _Seen(HTMLParser):
    """Tags with the names of their attributes, as an independent parser reads them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))


HOSTILE = st.text(st.sampled_from("\"'<>&={}[]()`\\ /abonerr:;-!\n\u2028é"), max_size=20) | st.sampled_from(
    ['"><script>alert(1)</script>', "' onload='x", "javascript:alert(1)", "--><b>", "{{ 7*7 }}", "<!--ng-close:0-->"]
)
QUOTED = HOSTILE.map(lambda text: text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " "))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(QUOTED, QUOTED)
def test_attributes_do_not_break_out(cite: str, data: str) -> None:
    text = f':::pullquote{{#q cite="{cite}" data-x="{data}"}}\nWords.\n:::'
    tags = _Seen(html(text)).tags
    assert [tag for tag, _ in tags] == ["figure", "blockquote", "p"]
    assert tags[1][1] in ((), ("cite",))
    assert "javascript:" not in html(text)


BLOCKS = ":::pullquote[Ann]\n[Waits](b.md#x) 7.\n:::\n\n::motto[Calm & low]{tone='<b>' src=crane.png}\n"
FILES: dict[str, str | bytes] = {
    "newsgen.toml": 'base_url = "https://example.org/paper"\nlanguage = "en"\n',
    "content/world/a.md": article("A", BLOCKS, date="2026-05-02"),
    "content/world/b.md": article("B", ":::takeaways\nx\n:::", date="2026-05-03", lang="de"),
    "content/world/crane.png": b"x",
    "content/pages/about.md": article("About", ":::facts[Us]\nx\n:::", date=None),
    "content/tags/ships.md": article("ships", ":::facts[Ships]\nx\n:::", date=None),
    "content/world/_index.md": article("World", ":::facts[The world]\nx\n:::", date=None),
    "content/world/live.md": article(
        "L", ":::facts[Known]\nx\n:::\n\n## 2026-05-03 10:00 E\n\n:::pullquote\ny\n:::", kind="live", tags="[ships]"
    ),
    "content/world/paid.md": article(
        "P", ":::facts[Free]\nx\n:::\n\n<!--paywall-->\n\n:::facts[Paid]\ny\n:::", access="paid", date="2026-05-04"
    ),
    "templates/blocks/motto.html": '<p class="{{ block.attributes.tone }}"><img src="{{ block.attributes.src }}">'
    "{{ block.label }}</p>\n",
}


def test_blocks_stand_wherever_a_text_does(make_site: Callable[..., Site]) -> None:
    site = make_site(FILES)
    site.good()
    page = site.page("world/a/index.html")
    assert '<p class="&lt;b&gt;"><img src="/paper/world/a/crane.png">Calm &amp; low</p>' in page
    assert (site.root / "site/world/a/crane.png").read_bytes() == b"x"
    assert "Das Wichtigste" in site.page("world/b/index.html")
    for path in ("about/index.html", "tags/ships/index.html", "world/index.html", "world/live/index.html"):
        assert '<div role="note" class="box box-facts">' in site.page(path)
    live = json.loads(site.page("world/live/updates.json"))
    assert '<figure class="box box-pullquote">' in live["entries"][0]["html"]
    for path in (site.root / "site").rglob("*"):
        if path.is_file():
            assert b"ng-open" not in path.read_bytes()


def test_feeds_carry_blocks_with_absolute_addresses_in_the_language_of_the_article(
    make_site: Callable[..., Site],
) -> None:
    site = make_site(FILES)
    site.good()
    items = {one["title"]: one["content_html"] for one in json.loads(site.page("feed.json"))["items"]}
    assert '<a href="https://example.org/paper/world/b/#x">Waits</a>' in items["A"]
    assert '<img src="https://example.org/paper/world/a/crane.png">' in items["A"]
    assert "Das Wichtigste" in items["B"]
    assert "Free" in items["P"]
    assert "Paid" not in items["P"]


def test_what_is_paid_for_in_a_block_stands_behind_the_wall(make_site: Callable[..., Site]) -> None:
    site = make_site(FILES)
    site.good()
    before, behind = site.page("world/paid/index.html").split('<div class="paywall">')
    assert "Free" in before
    assert "Paid" not in before
    assert "Paid" in behind


EMBEDS = {
    "https://www.youtube.com/watch?v=abcdefghijk&t=4": "https://www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1",
    "https://m.youtube.com/watch?t=4&v=abcdefghijk": "https://www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1",
    "https://youtu.be/abcdefghijk": "https://www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1",
    "https://www.youtube.com/shorts/abcdefghijk": "https://www.youtube-nocookie.com/embed/abcdefghijk?autoplay=1",
    "https://vimeo.com/12345": "https://player.vimeo.com/video/12345?dnt=1&amp;autoplay=1",
    "https://maps.example/a?b=%22": "https://maps.example/a?b=%22",
    "https://www.maps.example/": "https://www.maps.example/",
    "https://maps.example.evil.example/": "",
    "https://evil.example/youtube.com/watch?v=abcdefghijk": "",
    "https://www.youtube.com/@channel": "",
}


def test_only_known_hosts_are_loaded_and_only_by_their_reader(make_site: Callable[..., Site]) -> None:
    text = "\n\n".join(f"::embed[{url}]" for url in EMBEDS)
    site = make_site(
        {
            "newsgen.toml": '[embeds]\nallow = ["maps.example"]\n',
            "content/world/a.md": article("A", text),
            "content/world/b.md": article("B"),
        }
    )
    report = site.good()
    page = site.page("world/a/index.html")
    boxes = page.split('<figure class="box box-embed"')[1:]
    assert [box.split('data-frame="')[1].split('"')[0] if "data-frame" in box else "" for box in boxes] == [
        *EMBEDS.values()
    ]
    assert codes(report) == ["NG-229"] * 3
    assert "<iframe" not in page
    assert re.search(r'<script src="/assets/blocks\.\w+\.js" defer></script>', page)
    assert "assets/blocks." not in site.page("world/b/index.html")


def test_files_that_a_block_names_are_copied_and_those_that_are_not_there_are_told(
    make_site: Callable[..., Site],
) -> None:
    text = "::video[Film]{src=film.webm poster=/p.jpg captions=c.vtt}"
    site = make_site(
        {
            "newsgen.toml": 'base_url = "https://example.org/paper"\n',
            "content/world/a.md": article("A", text),
            "content/world/film.webm": b"x",
            "static/p.jpg": b"x",
        }
    )
    assert codes(site.good()) == ["NG-203"]
    page = site.page("world/a/index.html")
    assert 'src="/paper/world/a/film.webm" poster="/paper/p.jpg"' in page
    assert (site.out / "world/a/film.webm").read_bytes() == b"x"
    (item,) = json.loads(site.page("feed.json"))["items"]
    assert 'poster="https://example.org/paper/p.jpg"' in item["content_html"]


def test_a_chart_is_a_drawing_and_a_table_and_offers_its_data(make_site: Callable[..., Site]) -> None:
    site = make_site(
        {
            "newsgen.toml": 'base_url = "https://example.org/paper"\nlanguage = "de"\n',
            "content/world/a.md": article("A", "::chart[*Fähren* & 5 < 6]{src=d.csv type=line unit=km source=Uns}"),
            "content/world/d.csv": "Jahr;Weg\n2024;1234,5\n<i>;2\n",
        }
    )
    site.good()
    page = site.page("world/a/index.html")
    for part in (
        '<div class="box box-chart">\n<p class="box-title"><strong><em>Fähren</em> &amp; 5 &lt; 6</strong></p>\n<svg class="chart"',
        "<title>Fähren &amp; 5 &lt; 6</title>",
        '<tr><th scope="row">2024</th><td>1.234,5</td></tr>',
        '<tr><th scope="row">&lt;i&gt;</th><td>2</td></tr>',
        '<a href="/paper/world/a/d.csv" download>Daten herunterladen (CSV)</a>',
        '<p class="source">Quelle: Uns</p>',
    ):
        assert part in page
    assert "<polyline" in page
    (item,) = json.loads(site.page("feed.json"))["items"]
    assert "<polyline" in item["content_html"]
    assert 'href="https://example.org/paper/world/a/d.csv"' in item["content_html"]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({}, "NG-203"),
        ({"content/world/d.csv": "a,b\nx,y\n"}, "NG-231 NG-230"),
        ({"content/world/a.md": article("A", "::chart[C]{src=https://example.org/d.csv}")}, "NG-230"),
        ({"content/world/a.md": article("A", "::chart[C]{src=javascript:x}")}, "NG-202"),
    ],
)
def test_a_chart_without_data_is_left_out_and_told(
    make_site: Callable[..., Site], files: dict[str, str], code: str
) -> None:
    site = make_site({"content/world/a.md": article("A", "::chart[C]{src=d.csv}"), **files})
    assert codes(site.good()) == sorted(code.split()) or codes(site.build()) == code.split()
    assert "box-chart" not in site.page("world/a/index.html")


def test_no_text_passes_for_a_reference(make_site: Callable[..., Site]) -> None:
    forged = ':::figure{credit="ng-ref:99" data-x="ng-ref:x" data-y="ng-ref:0"}\n![A](ng-ref:0)\n![B](/p.jpg)\n:::'
    site = make_site(
        {
            "content/world/a.md": article("A", forged),
            "static/p.jpg": png(),
            "templates/blocks/figure.html": "<p>{{ block.attributes.credit }} {{ block.attributes['data-y'] }}</p>",
        }
    )
    assert codes(site.good()) == ["NG-202"]
    assert "<p>ng-ref:99 ng-ref:0</p>" in site.page("world/a/index.html")


def test_trusted_html_may_hold_what_looks_like_a_reference(make_site: Callable[..., Site]) -> None:
    text = article("A", "<b title=' href=\"ng-ref:99\"'>x</b> [y](/b/)")
    site = make_site({"newsgen.toml": 'title = "T"\n[markdown]\nhtml = "trusted"\n', "content/world/a.md": text})
    site.good()
    assert '<b title=\' href="ng-ref:99"\'>x</b> <a href="/b/">y</a>' in site.page("world/a/index.html")


def test_an_unknown_block_is_told_with_the_one_that_was_meant(make_site: Callable[..., Site]) -> None:
    site = make_site({**FILES, "content/world/c.md": article("C", "Words.\n\n:::mottto\nx\n:::")})
    report = site.build()
    assert "NG-220" in codes(report)
    (mistake,) = [one for one in report.diagnostics if one.code == "NG-220"]
    assert (mistake.place.line, mistake.help) == (8, 'Did you mean "motto"?')

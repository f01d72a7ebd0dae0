"""A small site of each generator, in its documented form, through the whole command: what its texts become, its files,
and that every URL that it had answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsgen.config import ParseSettings, Settings
from newsgen.content import frontmatter
from newsgen.content.parse import parse_content
from newsgen.diagnostics import has_errors
from newsgen.importers import layouts
from newsgen.importers.sites import SiteReader
from tests.cli.conftest import Ended, newsgen

__all__ = ["newsgen"]

GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


class Old(NamedTuple):
    """A site: its files, the URLs at which something answered, and of some of its texts what they become."""

    files: Mapping[str, str | bytes]
    urls: tuple[str, ...]
    texts: Mapping[str, tuple[str, str]]  # by source: the content file, and the text below its import record
    skipped: tuple[str, ...] = ()


JEKYLL = Old(
    {
        "_config.yml": "title: The Quay\nurl: https://quay.example\nbaseurl: ''\ntimezone: Europe/Helsinki\npermalink: pretty\n"
        "defaults:\n  - scope: {path: '', type: posts}\n    values: {author: ada}\n",
        "_data/authors.yml": "ada:\n  name: Ada Berg\nbo:\n  name: Bo Ek\n",
        "_posts/2014-05-01-late-ferry.md": "---\nlayout: post\ntitle: Late &amp; later\ndate: 2014-05-01 23:30:00 +0000\ncategories: [World News]\n"
        "tags: ferries quay\nexcerpt: It <em>was</em> late.\nimage: /img/quay.gif\nredirect_from: /old/ferry.html\nlastmod: 2014-05-03\n---\n"
        "![The quay]({{ site.baseurl }}/img/quay.gif)\n\nSee [more]({% post_url 2014-05-02-ice %}).[^1]\n\n## Why {#why-late}\n\n[^1]: A note.\n",
        "_posts/2014-05-02-ice.markdown": "---\ntitle: Ice\nauthor: Bo Ek\ndate: 2014-05-03\npublished: false\n---\n{% include weather.html city='Holm' %}\n",
        "_drafts/soon.md": "---\ntitle: Soon\n---\nText.\n",
        "about.md": "---\ntitle: About us\n---\nWe are here.\n",
        "img/quay.gif": GIF,
        "_layouts/post.html": "{{ content }}",
        "_site/about/index.html": "old",
        "Gemfile": "gem 'jekyll'",
    },
    ("/world%20news/2014/05/02/late-ferry/", "/old/ferry.html", "/about/", "/img/quay.gif"),
    {
        "_posts/2014-05-01-late-ferry.md": (
            "content/world-news/late-ferry.md",
            "See [more](/2014/05/03/ice/).[^1]\n\n## <a id=\"why-late\"></a>Why\n\n[^1]: A note.\n",
        ),
        "_posts/2014-05-02-ice.markdown": ("content/ice.md", "{% include weather.html city='Holm' %}\n"),
        "about.md": ("content/pages/about.md", "We are here.\n"),
    },
)  # fmt: skip
HUGO_TEXTS: dict[str, str | bytes] = {
    "content/_index.md": "---\ntitle: Home\n---\nWelcome.\n",
    "content/news/_index.md": "---\ntitle: All the news\ndescription: Of the quay\n---\n",
    "content/news/ferry/index.md": '+++\ntitle = "Ferry"\ndate = 2014-05-01T08:30:00+03:00\nsummary = "Late."\nauthors = ["ada"]\ntopics = ["Ferries"]\n'
    'aliases = ["/was/here/"]\nexpiryDate = "2030-01-01"\nweight = 3\n+++\n![Quay](quay.gif)\n\n{{< figure src="/img/map.gif" alt="A map" caption="The map" >}}\n\n'
    '[Ice]({{< ref "Ice And Snow.md" >}}) at https://quay.example.\n',
    "content/news/ferry/quay.gif": GIF,
    "content/news/Ice And Snow.md": "---\ntitle: Ice\ndate: 2014-05-02\nslug: ice\npublishDate: 2014-05-04\nkeywords: [a, b]\n---\n{{% note %}}\nCold.\n{{% /note %}}\n",
    "content/news/old.json.md": '{\n"title": "Old",\n"date": "2013-01-02",\n"url": "/archive-of/old.html",\n"draft": false\n}\nText.\n',
    "content/about.md": "---\ntitle: About\n---\nWe.\n",
    "content/authors/ada/_index.md": "---\ntitle: Ada Berg\n---\nWrites.\n",
    "static/img/map.gif": GIF,
    "layouts/index.html": "{{ .Title }}",
    "archetypes/default.md": "---\ntitle: x\n---\n",
}  # fmt: skip
HUGO_PERMALINKS = (
    "/news/2014/ferry/",
    "/was/here/",
    "/news/2014/ferry/quay.gif",
    "/news/2014/ice/",
    "/archive-of/old.html",
    "/about/",
    "/img/map.gif",
    "/news/",
)
HUGO_BECAME = {
    "content/news/ferry/index.md": (
        "content/news/ferry.md",
        "![Quay](quay.gif)\n\n:::figure[The map]\n![A map](/img/map.gif)\n:::\n\n[Ice](/news/2014/ice/) at <https://quay.example>.\n",
    ),
    "content/news/Ice And Snow.md": ("content/news/ice.md", ":::facts\n\nCold.\n\n:::\n"),
    "content/about.md": ("content/pages/about.md", "We.\n"),
    "content/authors/ada/_index.md": ("content/authors/ada.md", "Writes.\n"),
    "content/news/_index.md": ("content/news/_index.md", ""),
}
SITES: dict[str, Old] = {
    "jekyll": JEKYLL,
    "hugo-toml": Old(
        {**HUGO_TEXTS, "hugo.toml": 'baseURL = "https://quay.example/"\n[permalinks]\nnews = "/news/:year/:slugorcontentbasename/"\n[taxonomies]\ntopic = "topics"\n'},
        HUGO_PERMALINKS, HUGO_BECAME, ("content/_index.md",),
    ),
    "hugo-yaml": Old(
        {**HUGO_TEXTS, "config.yaml": "baseURL: https://quay.example/\npermalinks:\n  page:\n    news: /:sections/:year/:slugorfilename/\n"},
        HUGO_PERMALINKS, HUGO_BECAME, ("content/_index.md",),
    ),
    "hugo-json": Old(
        {**HUGO_TEXTS, "config/_default/hugo.json": '{"permalinks": {"news": "/:section/:year/:slugorfilename/"}}'},
        HUGO_PERMALINKS, HUGO_BECAME, ("content/_index.md",),
    ),
    "zola": Old(
        {
            "config.toml": 'base_url = "https://quay.example"\ndefault_language = "en"\n',
            "content/blog/_index.md": '+++\ntitle = "Blog"\nsort_by = "date"\n+++\n',
            "content/blog/2014-05-01-Late Ferry.md": '+++\ntitle = "Late"\nupdated = 2014-05-03\naliases = ["was"]\n[taxonomies]\ntags = ["ferries"]\ncategories = ["World"]\n[extra]\nauthor = "Ada Berg"\nmood = "dark"\n+++\n'
            '{{ youtube(id="dQw4w9WgXcQ") }}\n\n[Ice](@/blog/ice/index.md#cold)\n',
            "content/blog/ice/index.md": '+++\ntitle = "Ice"\ndate = 2014-05-02T10:00:00Z\nslug = "cold"\n+++\n![Quay](quay.gif)\n',
            "content/blog/ice/quay.gif": GIF,
            "static/a.gif": GIF,
        },
        ("/blog/late-ferry/", "/was/", "/blog/cold/", "/blog/cold/quay.gif", "/a.gif", "/blog/"),
        {
            "content/blog/2014-05-01-Late Ferry.md": ("content/world/late-ferry.md", "::embed[https://www.youtube.com/watch?v=dQw4w9WgXcQ]\n\n[Ice](/blog/cold/#cold)\n"),
            "content/blog/ice/index.md": ("content/blog/cold.md", "![Quay](quay.gif)\n"),
        },
    ),
    "pelican": Old(
        {
            "pelicanconf.py": "AUTHOR = 'Ada'\nPATH = 'content'\nTIMEZONE = 'Europe/Helsinki'\nARTICLE_URL = 'posts/{date:%Y}/{date:%b}/{slug}/'\n"
            "ARTICLE_SAVE_AS = ARTICLE_URL + 'index.html'\nSTATIC_PATHS = ['images', 'extra/CNAME']\nEXTRA_PATH_METADATA = {'extra/CNAME': {'path': 'CNAME'}}\nimport os\n",
            "content/world/late.md": "Title: Late, again\nDate: 2014-05-01 23:30\nModified: 2014-05-03\nTags: ferries, quay\nSlug: late\nAuthors: Ada Berg; Bo Ek\nSummary: It was\n    late.\nStatus: published\n\n"
            "![Quay]({static}/images/quay.gif)\n\n[Ice]({filename}ice.md) [tag]({tag}ferries)\n\n!!! note\n    Cold.\n",
            "content/world/ice.md": "Title: Thin Ice\nDate: 2014-05-02\nCategory: Weather\n\n##Cold\n\nText.\n",
            "content/pages/about.md": "Title: About\n\nWe.\n",
            "content/images/quay.gif": GIF,
            "content/extra/CNAME": "quay.example",
            "content/old.rst": "Old\n###\n",
            "output/x.html": "",
        },
        ("/posts/2014/May/late/", "/posts/2014/May/thin-ice/", "/pages/about.html", "/images/quay.gif", "/CNAME"),
        {
            "content/world/late.md": ("content/world/late.md", "![Quay](/images/quay.gif)\n\n[Ice](/posts/2014/May/thin-ice/) [tag](/tags/ferries/)\n\n:::facts\nCold.\n:::\n"),
            "content/world/ice.md": ("content/weather/ice.md", "## Cold\n\nText.\n"),
        },
        ("content/old.rst",),
    ),
    "eleventy": Old(
        {
            "eleventy.config.js": 'module.exports = function (c) {\n  // c.addPassthroughCopy("src/no");\n  c.addPassthroughCopy("src/img");\n  c.addPassthroughCopy({ "public": "/" });\n  return { dir: { input: "src", output: "_site" } };\n};\n',
            "src/posts/posts.json": '{"layout": "post.njk", "tags": "posts", "permalink": "/{{ page.date | date: \'%Y/%m\' }}/{{ page.fileSlug }}/"}',
            "src/posts/2014-05-01-late.md": '---json\n{\n"title": "Late",\n"tags": ["posts", "ferries"],\n"date": "2014-05-01T23:30:00-05:00"\n}\n---\n{% image "img/quay.gif", "The quay" %}\n\n[Ice]({{ "/2014/05/ice/" | url }})\n',
            "src/posts/ice.md": "---\ntitle: Ice\ndate: 2014-05-04\n---\nCold.\n",
            "src/about.md": "---\ntitle: About\n---\nWe.\n",
            "src/index.njk": "---\ntitle: Home\n---\n{% for p in collections.posts %}{% endfor %}",
            "src/img/quay.gif": GIF,
            "public/b.gif": GIF,
            "src/_includes/post.njk": "{{ content }}",
            "package.json": "{}",
        },
        ("/2014/05/late/", "/2014/05/ice/", "/about/", "/img/quay.gif", "/b.gif"),
        {"src/posts/2014-05-01-late.md": ("content/posts/late.md", "![The quay](/img/quay.gif)\n\n[Ice](/2014/05/ice/)\n")},
        ("src/index.njk",),
    ),
    "nikola": Old(
        {
            "conf.py": 'BLOG_TITLE = "The Quay"\nTIMEZONE = "UTC"\nDEFAULT_LANG = "en"\nTRANSLATIONS = {DEFAULT_LANG: ""}\nPOSTS = (\n  ("posts/*.md", "posts", "post.tmpl"),\n  ("posts/*.rst", "posts", "post.tmpl"),\n)\nPAGES = (("pages/*.md", "", "page.tmpl"),)\n',
            "posts/2014/late.md": "<!--\n.. title: Late\n.. slug: late-ferry\n.. date: 2014-05-01 08:30:00 UTC+02:00\n.. tags: ferries, quay\n.. category: World\n.. author: Ada Berg\n.. previewimage: /images/quay.gif\n.. status: featured\n-->\n\n{{% youtube dQw4w9WgXcQ %}}\n\n[About](link://slug/about)\n",
            "posts/ice.md": "---\ntitle: Ice\ndate: 2014-05-02\nslug: ice\n---\nCold.\n",
            "posts/old.rst": ".. title: Old\n",
            "pages/about.md": "<!--\n.. title: About\n.. slug: about\n-->\n\nWe.\n",
            "images/quay.gif": GIF,
            "files/robots.txt": "User-agent: *\n",
            "files/c.gif": GIF,
        },
        ("/posts/2014/late-ferry/", "/posts/ice/", "/about/", "/images/quay.gif", "/c.gif"),
        {"posts/2014/late.md": ("content/world/late-ferry.md", "::embed[https://www.youtube.com/watch?v=dQw4w9WgXcQ]\n\n[About](/about/)\n")},
        ("files/robots.txt", "posts/old.rst"),
    ),
    "markdown": Old(
        {
            "2014/2014-05-01-late.md": "---\ntitle: Late\nauthor: Ada Berg\n---\n![Quay](../img/quay.gif) {{< youtube dQw4w9WgXcQ >}} {% raw %}{{ x }}{% endraw %}\n\n[Ice](ice.md) [gone](gone.md)\n",
            "2014/ice.md": "---\ndate: 2014-05-02\n---\n\n# Thin ice\n\nCold.\n",
            "img/quay.gif": GIF,
            "img/other.gif": GIF,
        },
        ("/2014/05/01/late.html", "/2014/05/02/ice.html", "/img/quay.gif"),
        {
            "2014/2014-05-01-late.md": ("content/late.md", "![Quay](/img/quay.gif) [https://www.youtube.com/watch?v=dQw4w9WgXcQ](https://www.youtube.com/watch?v=dQw4w9WgXcQ) {{ x }}\n\n[Ice](/2014/05/02/ice.html) [gone](gone.md)\n"),
            "2014/ice.md": ("content/ice.md", "Cold.\n"),
        },
    ),
}  # fmt: skip


class Imported(NamedTuple):
    root: Path
    rows: Mapping[str, Mapping[str, Any]]
    ended: Ended

    def fields(self, source: str) -> Mapping[str, Any]:
        return self.rows[source]["fields"]


@pytest.fixture
def bring(newsgen: Callable[..., Ended], tmp_path: Path) -> Callable[..., Imported]:
    def bring(files: Mapping[str, str | bytes], *options: str) -> Imported:
        for name, text in files.items():
            path = tmp_path / "old" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        root = tmp_path / "paper"
        root.mkdir(exist_ok=True)
        (root / "newsgen.toml").write_text(
            'title = "Paper"\nbase_url = "https://paper.example"\n[images]\nenabled = false\n'
        )
        ended = newsgen("-C", root, "import", tmp_path / "old", *options)
        report = root / ".newsgen/import.json"
        rows = json.loads(report.read_text("utf-8"))["files"] if report.exists() else ()
        return Imported(root, {row["file"]: row for row in rows}, ended)

    return bring


@pytest.mark.parametrize("name", SITES)
def test_a_site_comes_over_whole(newsgen: Callable[..., Ended], bring: Callable[..., Imported], name: str) -> None:
    old = SITES[name]
    options = ("--permalinks", "/:year/:month/:day/:slug.html") if name == "markdown" else ()
    brought = bring(old.files, *options)
    assert brought.ended.status == 0, brought.ended.err
    for source, (target, body) in old.texts.items():
        text = (brought.root / target).read_text("utf-8")
        assert (brought.rows[source]["target"], text.split("\n---\n")[1].lstrip("\n")) == (target, body)
    assert {file for file, row in brought.rows.items() if row["result"] == "skipped"} == set(old.skipped)
    built = newsgen("-C", brought.root, "build", "--at", "2026-01-01T00:00Z")
    assert built.status == 0, built.err
    from urllib.parse import unquote

    site = brought.root / "site"
    files = [site / unquote(url).strip("/") / ("index.html" if url.endswith("/") else "") for url in old.urls]
    assert [file for file in files if not file.is_file()] == []
    again = newsgen("-C", brought.root, "import", brought.root.parent / "old", *options)
    assert " written" not in again.out.splitlines()[-1], again.out


def test_texts_of_which_nothing_tells_the_address_still_link_to_each_other(
    newsgen: Callable[..., Ended], bring: Callable[..., Imported]
) -> None:
    dated = "---\ntitle: {}\ndate: 2014-05-02\n---\n"
    files = {
        "world/2014-05-01-late.md": dated.format("Late") + "[Ice](../home/ice.md#thin) and {{< ref \"2014-05-02-quay.md\" >}}\n",
        "world/2014-05-02-quay.md": dated.format("Quay") + "Back [to it](2014-05-01-late.md), [twin](../a/twin.md).\n",
        "home/ice.md": dated.format("Ice") + "## Thin\n\nCold. [Gone](gone.md)\n",
        "a/twin.md": dated.format("One") + "A.\n",
        "a/old/twin.md": dated.format("Two") + "B.\n",
    }  # fmt: skip
    brought = bring(files)
    assert brought.ended.status == 0, brought.ended.err

    def body(name: str) -> str:
        return (brought.root / "content" / name).read_text("utf-8").split("\n---\n")[1].strip()

    assert body("world/late.md") == "[Ice](../home/ice.md#thin) and quay.md"
    assert (
        body("world/quay.md") == "Back [to it](late.md), [twin](../a/twin.md)."
    )  # which of the two only a person knows
    assert body("home/ice.md") == "## Thin\n\nCold. [Gone](gone.md)"
    lost = [(row["file"], one["text"]) for row in brought.rows.values() for one in row.get("losses", ())]
    assert lost == [("home/ice.md", "gone.md"), ("world/2014-05-02-quay.md", "../a/twin.md")]
    built = newsgen("-C", brought.root, "build", "--at", "2026-01-01T00:00Z", "--format", "json")
    assert '"/home/ice/#thin"' in (brought.root / "site/world/late/index.html").read_text("utf-8"), built.out

    # A name that another article of the site has is not that of the text; one that was made of it before is.
    (brought.root / "content/home/ice.md").write_text(dated.format("Another") + "Warm.\n")
    changed = dated.format("Late") + "[Ice](../home/ice.md) [quay](2014-05-02-quay.md) now\n"
    again = bring({**files, "world/2014-05-01-late.md": changed}).rows
    assert again["home/ice.md"]["target"] == "content/home/ice-547e77.md"
    assert body("world/late.md") == "[Ice](../home/ice.md) [quay](quay.md) now"
    assert [one["text"] for one in again["world/2014-05-01-late.md"]["losses"]] == ["../home/ice.md"]


def test_texts_that_all_go_into_one_section_link_to_each_other_there(bring: Callable[..., Imported]) -> None:
    files = {
        "world/late.md": "---\ntitle: Late\ndate: 2014-05-02\n---\n[Ice](../home/ice.md)\n",
        "home/ice.md": "---\ntitle: Ice\ndate: 2014-05-02\n---\n[Late](../world/late.md)\n",
    }
    brought = bring(files, "--section", "sea")
    assert [row["target"] for row in brought.rows.values()] == ["content/sea/ice.md", "content/sea/late.md"]
    texts = [(brought.root / row["target"]).read_text("utf-8") for row in brought.rows.values()]
    assert [text.split("\n---\n")[1].strip() for text in texts] == ["[Late](late.md)", "[Ice](ice.md)"]


def test_a_text_of_a_section_with_a_slash_finds_its_way_to_others(bring: Callable[..., Imported]) -> None:
    files = {
        "world/late.md": "---\ntitle: Late\ndate: 2014-05-02\n---\nIt was late.\n",
        "rain.md": "---\ntitle: Rain\ndate: 2014-05-02\ncategory: Sea / Sky\n---\n[Late](world/late.md)\n",
    }
    brought = bring(files)
    assert brought.rows["rain.md"]["target"] == "content/sea-sky/rain.md"
    assert (brought.root / "content/sea-sky/rain.md").read_text("utf-8").endswith("\n[Late](../world/late.md)\n")


def test_what_front_matter_states_stands_in_newsgens_words(bring: Callable[..., Imported]) -> None:
    fields = bring(JEKYLL.files).fields
    assert fields("_posts/2014-05-01-late-ferry.md") == {
        "title": "Late & later",
        "date": "2014-05-01T23:30:00Z",
        "updated": "2014-05-03",
        "authors": ["Ada Berg"],
        "section": "World News",
        "tags": ["ferries", "quay"],
        "description": "It was late.",
        "aliases": ["/world news/2014/05/02/late-ferry/", "/old/ferry.html", "/world news/2014/05/01/late-ferry/"],
        "image": {"src": "/img/quay.gif", "alt": "The quay"},
    }
    assert fields("_posts/2014-05-02-ice.markdown")["draft"] is True
    assert fields("_drafts/soon.md") == {"title": "Soon", "authors": ["Ada Berg"], "draft": True}


def test_each_dialect(bring: Callable[..., Imported]) -> None:
    hugo = bring(SITES["hugo-toml"].files)
    assert hugo.fields("content/news/ferry/index.md") == {
        "title": "Ferry",
        "date": "2014-05-01T08:30:00+03:00",
        "expires": "2030-01-01",
        "authors": ["Ada Berg"],
        "tags": ["Ferries"],
        "description": "Late.",
        "permalink": "/news/2014/ferry/",
        "aliases": ["/was/here/"],
        "extra": {"weight": 3},
    }
    assert hugo.fields("content/news/Ice And Snow.md")["publish_at"] == "2014-05-04"
    assert hugo.fields("content/news/old.json.md")["permalink"] == "/archive-of/old.html"


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("zola", "content/blog/2014-05-01-Late Ferry.md", {"date": "2014-05-01", "updated": "2014-05-03", "authors": ["Ada Berg"], "section": "World", "tags": ["ferries"], "extra": {"mood": "dark"}}),
        ("pelican", "content/world/late.md", {"title": "Late, again", "date": "2014-05-01T23:30:00+03:00", "authors": ["Ada Berg", "Bo Ek"], "tags": ["ferries", "quay"], "description": "It was, late."}),
        ("eleventy", "src/posts/2014-05-01-late.md", {"date": "2014-05-01T23:30:00-05:00", "tags": ["ferries"], "permalink": "/2014/05/late/"}),
        ("nikola", "posts/2014/late.md", {"date": "2014-05-01T08:30:00+02:00", "tags": ["ferries", "quay"], "section": "World", "image": {"src": "/images/quay.gif"}}),
        ("markdown", "2014/ice.md", {"title": "Thin ice", "date": "2014-05-02"}),
    ],
)  # fmt: skip
def test_other_dialects(bring: Callable[..., Imported], name: str, source: str, expected: Mapping[str, Any]) -> None:
    fields = bring(SITES[name].files).fields(source)
    assert {key: fields.get(key) for key in expected} == expected


def test_settings_that_cannot_be_read_are_told(bring: Callable[..., Imported]) -> None:
    brought = bring({"_config.yml": "title: [", "_posts/2014-05-01-a.md": "---\ntitle: A\n---\nText.\n"})
    assert brought.ended.status == 1
    assert "NG-740" in brought.ended.err
    assert "--permalinks" in brought.ended.err
    assert not (brought.root / "content").exists()


def test_an_address_that_another_text_has_or_newsgen_needs_is_told(
    newsgen: Callable[..., Ended], bring: Callable[..., Imported]
) -> None:
    brought = bring(
        {
            "_config.yml": "permalink: pretty",
            "_posts/2014-05-01-a.md": "---\ntitle: A\nredirect_from: [/2014/05/02/b/, /tags/, /x?y/, /2014/05/01/A/, /2014/05/01/a]\n---\nText.\n",
            "_posts/2014-05-02-b.md": "---\ntitle: B\n---\nText.\n",
        }
    )
    assert [one["message"] for one in brought.rows["_posts/2014-05-01-a.md"]["diagnostics"]] == [
        'old address "/2014/05/02/b/" cannot be kept: _posts/2014-05-02-b.md has it',
        'old address "/tags/" cannot be kept: newsgen has a page of its own there',
        'old address "/x?y/" cannot be kept: it holds "?"',
        'old address "/2014/05/01/A/" cannot be kept: only capitals tell it from /2014/05/01/a/',
    ]
    assert {one["code"] for one in brought.rows["_posts/2014-05-01-a.md"]["diagnostics"]} == {"NG-741"}
    assert newsgen("-C", brought.root, "build").status == 0


def test_dates_that_disagree_are_told_and_both_addresses_lead_to_the_article(bring: Callable[..., Imported]) -> None:
    post = "---\ntitle: A\ndate: 2014-05-03\n---\nText.\n"
    brought = bring({"_config.yml": "permalink: pretty", "_posts/2014-05-01-a.md": post})
    fields = brought.fields("_posts/2014-05-01-a.md")
    assert (fields["permalink"], fields["aliases"]) == ("/2014/05/03/a/", ["/2014/05/01/a/"])
    assert (
        "NG-115 _posts/2014-05-01-a.md:3:7: the file's name says 2014-05-01, the front matter 2014-05-03"
        in brought.ended.err
    )


def test_front_matter_that_newsgen_would_refuse_is_read_as_the_old_generator_did(
    bring: Callable[..., Imported],
) -> None:
    twice = "\n\n---\ntitle: A\nmood: &m dark\nother: *m\ntags: [a]\ntags: [b]\ndate: 2014-05-01\n---\nText.\n"
    brought = bring(
        {"a.md": twice, "b.md": "---\ntitle: [\n---\n", "c.md": "---\ntitle: C\n", "d.md": b"---\ntitle: \xff\n---\n"}
    )
    assert brought.fields("a.md")["tags"] == ["b"]
    assert brought.fields("a.md")["extra"] == {"mood": "dark", "other": "dark"}
    assert [(one["code"], one["place"]["line"]) for one in brought.rows["a.md"]["diagnostics"]] == [("NG-107", 8)]
    assert {file: [one["code"] for one in row["diagnostics"]] for file, row in brought.rows.items() if row["result"] == "error"} == {
        "b.md": ["NG-106"], "c.md": ["NG-105"], "d.md": ["NG-101"],
    }  # fmt: skip


def test_what_expired_before_it_was_published_does_not_stop_the_build(
    newsgen: Callable[..., Ended], bring: Callable[..., Imported]
) -> None:
    brought = bring({"a.md": "---\ntitle: A\ndate: 2014-05-03\nexpirydate: 2014-05-01\n---\nText.\n"})
    assert brought.fields("a.md")["extra"] == {"expirydate": "2014-05-01"}
    assert [one["code"] for one in brought.rows["a.md"]["diagnostics"]] == ["NG-121"]
    assert newsgen("-C", brought.root, "build").status == 0


def test_settings_are_never_run(bring: Callable[..., Imported], tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    conf = f"open({str(mark)!r}, 'w')\nPATH = 'content'\nSITENAME = open({str(mark)!r}, 'w').name\n"
    bring({"pelicanconf.py": conf, "content/a.md": "Title: A\nDate: 2014-05-01\n\nText.\n"})
    assert not mark.exists()


def test_every_content_file_can_be_read_again(bring: Callable[..., Imported]) -> None:
    brought = bring(JEKYLL.files)
    for path in (brought.root / "content").rglob("*.md"):
        assert frontmatter.read(str(path), path.read_text("utf-8")).value


PARTS = st.sampled_from(
    ["---\n", "+++\n", "{\n", "}\n", "title: A\n", 'title = "A"\n', '"title": "A",\n', "date: 2014-05-01\n", "date: 2014-13-45 99:99\n", "Date: x\n", "tags: [a, b\n", "tags: {a: b}\n",
     "slug: a/b\n", "permalink: /:categories/{{ title | slug }}/\n", "url: ../../x\n", "aliases: [a, /b?c, 'http://d.e/f']\n", "image: {src: a.gif}\n", "image: [b.gif, 1]\n", "draft: maybe\n", "<!--\n.. title: A\n.. date: 1\n-->\n",
     "categories: a b\n", "expirydate: 0001-01-01\n", "lang: '!'\n", "&a *a\n", "\x00", "\n", "# A\n", "Text.\n", "  ", ": ", "[a](b.md)", "{filename}c.md", "series: [a]\n", "taxonomies: {tags: 1}\n", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "\u2028"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(PARTS, max_size=25).map("".join),
    st.sampled_from(layouts.KINDS),
    st.sampled_from(["a.md", "2014-05-01-a.md", "_posts/2014-13-99-a.md", "content/x/index.md", "pages/ö b.md"]),
)
def test_any_file_becomes_pieces_or_says_why(text: str, kind: str, name: str) -> None:
    site = layouts.Site(
        kind=kind, files=frozenset((name, "a.gif")), pattern="/:year/:slug/" if kind == "markdown" else ""
    )
    reader = SiteReader(site, "/old")
    data = text.encode("utf-8", "replace")
    whole = reader.surveyed([reader.survey(name, data)])
    for piece in reader.read(name, data, whole):
        if piece.skipped or has_errors(piece.diagnostics):
            continue
        written = frontmatter.dump(piece.fields, piece.body)
        path = {"page": "content/pages/a.md", "section": "content/news/_index.md"}.get(piece.kind, "content/news/a.md")
        parsed = parse_content(path, written.encode(), ParseSettings.of(Settings()), Settings().zone())
        assert not has_errors(parsed.diagnostics), (written, parsed.diagnostics)

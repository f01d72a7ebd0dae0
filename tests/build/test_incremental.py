"""Warm equals cold: after every edit the output and the diagnostics are those of a clean build, and no more was done.

Each case of the table is an edit; where it says so, the table also states exactly which files it rewrites.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from newsgen import build
from newsgen.build import BuildReport
from newsgen.engine.output import MANIFEST
from tests.site import MOMENT, PLAIN_THEME, Site, article, said, times, tree, write_all

LATER = MOMENT + dt.timedelta(days=30)

TEMPLATES: dict[str, str | bytes] = {
    "templates/base.html": "{{ fragments.nav }}[{{ meta.title }}]{% block main %}{% endblock %}\n",
    "templates/home.html": """{% extends "base.html" %}{% from "macros/line.html" import line %}
{% block main %}{% for a in listing.articles %}{{ line(a) }}{% endfor %}{% endblock %}""",
    "templates/article.html": """{% extends "base.html" %}
{% block main %}{% include "part.html" ignore missing %}
{{ article.title }} {{ article.date | date }} {{ article.body }}
{% include "signature.html" %}{% endblock %}""",
    "templates/signature.html": "{% for a in article.authors %}by {{ a.title }}{% endfor %}",
    "templates/tag.html": """{% from "macros/line.html" import line %}{{ fragments.nav }}{{ tag.title }} {{ tag.count }}
{{ tag.body }}{% for a in listing.articles %}{{ line(a) }}{% endfor %}""",
    "templates/macros/line.html": """{% macro line(a) %}{{ a.title }} {{ a.date | date('short') }} {{ a.url }}
{% endmacro %}""",
    "templates/fragments/nav.html": """{% for s in sections %}{{ s.title }}
{{- '*' if s.slug == active_section }} {% endfor %}""",
}

PAPER: dict[str, str | bytes] = {
    "newsgen.toml": 'title = "Paper"\nbase_url = "https://example.org"\nper_page = 2\n[extra]\nmotto = "calm"\n',
    "content/world/harbour.md": article(
        "Harbour", "See [rates](../business/rates.md) and ![A crane](crane.png).", tags="[ships]", author="Ann"
    ),
    "content/world/crane.png": b"crane",
    "content/world/ferry.md": article("Ferry", "Late boat.", date="2026-05-02", tags="[ships, trade]", author="Bo"),
    "content/business/rates.md": article("Rates", "Up again.", date="2026-05-03", tags="[trade]", author="Ann"),
    "content/business/mill.md": article("Mill", "Shut now.", date="2026-05-04", tags="[mills]"),
    "content/undated.md": article("Undated", "Some day.", date=None),
    "content/world/soon.md": article("Soon", "Not yet.", date="2026-06-10", tags="[ships]"),
    "content/pages/about.md": "---\ntitle: About\n---\nWho.\n",
    "content/tags/trade.md": "---\ntitle: Trade\n---\nHub.\n",
    "static/logo.svg": "<svg/>",
    **TEMPLATES,
}

HARBOUR, FERRY, RATES, MILL = (
    f"{path}/index.html" for path in "world/harbour world/ferry business/rates business/mill".split()
)
ARTICLES = {HARBOUR, FERRY, RATES, MILL, "news/undated/index.html"}
HOME = {"index.html", "page/2/index.html", "page/3/index.html"}
TAGS = {f"tags/{name}/index.html" for name in ("ships", "trade", "mills")}


def feeds(names: str) -> set[str]:
    return {"feed.xml", *(f"{name}/feed.xml" for name in names.split())}


FEEDS = feeds("world business tags/ships tags/trade tags/mills authors/ann authors/bo")


class Edit(msgspec.Struct):
    """An edit by name; `written` and `removed` are all that it may change in the output; None: that is not told."""

    name: str
    apply: Callable[[Site], object]
    written: set[str] | None = None
    removed: set[str] = set()
    at: dt.datetime = MOMENT
    options: dict[str, bool] = {}


def flip(site: Site) -> None:
    """Turns bits of the cache at random places, always the same ones."""
    path = site.root / ".newsgen/cache.db"
    chance, data = random.Random(7), bytearray(path.read_bytes())
    for _ in range(300):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def cache(change: Callable[[Path], object]) -> Callable[[Site], object]:
    return lambda site: change(site.root / ".newsgen/cache.db")


def sql(*statements: str) -> Callable[[Path], None]:
    def run(path: Path) -> None:
        connection = sqlite3.connect(path)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    return run


def foreign(path: Path) -> None:
    path.unlink()
    sql("CREATE TABLE memos (mine TEXT)", "INSERT INTO memos VALUES ('x')", "PRAGMA user_version = 1")(path)


def same_size_same_time(site: Site) -> None:
    path = site.root / "content/business/mill.md"
    before = path.stat()
    site.edit("content/business/mill.md", "Shut", "Open")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def swap(site: Site) -> None:
    one, two = "content/world/ferry.md", "content/business/rates.md"
    first, second = site.read(one), site.read(two)
    site.write(one, second), site.write(two, first)


def becomes_a_folder(site: Site) -> None:
    site.remove("static/logo.svg")
    site.write("static/logo.svg/inner.txt", "inner")


EDITS = [
    Edit("nothing", lambda s: None, set()),
    Edit("touched", lambda s: os.utime(s.root / "content/world/ferry.md"), set()),
    Edit(
        "body",
        lambda s: s.edit("content/world/ferry.md", "Late", "Slow"),
        {FERRY} | feeds("world tags/ships tags/trade authors/bo"),
    ),
    Edit("same size, same time", same_size_same_time, {MILL} | feeds("business tags/mills")),
    Edit(
        "old time",
        lambda s: (
            s.edit("content/business/mill.md", "now", "then"),
            os.utime(s.root / "content/business/mill.md", (1, 1)),
        ),
        {MILL} | feeds("business tags/mills"),
    ),
    Edit(
        "title",
        lambda s: s.edit("content/business/mill.md", "Mill", "Old mill"),
        {MILL, "index.html", "business/index.html", "tags/mills/index.html"} | feeds("business tags/mills"),
    ),
    Edit("date that reorders", lambda s: s.edit("content/world/ferry.md", "2026-05-02", "2026-05-09")),
    Edit("date taken away", lambda s: s.edit("content/business/mill.md", "date: 2026-05-04\n", "")),
    Edit(
        "description",
        lambda s: s.edit("content/business/mill.md", "---\n\n", "description: Sad\n---\n\n"),
        feeds("business tags/mills"),
    ),
    Edit(
        "tag added",
        lambda s: s.edit("content/business/mill.md", "[mills]", "[mills, trade]"),
        {"tags/index.html", "tags/trade/index.html", "tags/trade/page/2/index.html"}
        | feeds("business tags/mills tags/trade"),
    ),
    Edit(
        "new tag",
        lambda s: s.edit("content/business/mill.md", "[mills]", "[mills, flour]"),
        {"tags/index.html", "tags/flour/index.html", "tags/flour/feed.xml", "sitemap.xml"}
        | feeds("business tags/mills"),
    ),
    Edit(
        "last article of a tag",
        lambda s: s.edit("content/business/mill.md", "[mills]", "[]"),
        {"tags/index.html", "sitemap.xml"} | feeds("business"),
        {"tags/mills/index.html", "tags/mills/feed.xml"},
    ),
    Edit("author renamed", lambda s: s.edit("content/world/ferry.md", "author: Bo", "author: Bob")),
    Edit("author registered", lambda s: s.write("content/authors/bo.md", "---\ntitle: Bo\n---\nBo.\n")),
    Edit("tag described", lambda s: s.edit("content/tags/trade.md", "Hub.", "The hub."), {"tags/trade/index.html"}),
    Edit(
        "tag given an alias",
        lambda s: s.edit("content/tags/trade.md", "title: Trade", "title: Trade\naliases: [mills]"),
    ),
    Edit("tag given a slug", lambda s: s.edit("content/tags/trade.md", "title: Trade", "title: Trade\nslug: commerce")),
    Edit("section changed", lambda s: s.edit("content/world/ferry.md", "title:", "section: business\ntitle:")),
    Edit("section titled", lambda s: s.write("content/world/_index.md", "---\ntitle: The World\n---\n")),
    Edit("slug changed", lambda s: s.edit("content/business/rates.md", "title:", "slug: interest\ntitle:")),
    Edit(
        "template", lambda s: s.edit("templates/article.html", "{{ article.title }}", "<{{ article.title }}>"), ARTICLES
    ),
    Edit("template with no effect", lambda s: s.edit("templates/article.html", "{% block", "{# x #}{% block"), set()),
    Edit("included partial", lambda s: s.edit("templates/signature.html", "by ", "By "), {HARBOUR, FERRY, RATES}),
    Edit(
        "macro file",
        lambda s: s.edit("templates/macros/line.html", "short", "long"),
        HOME - {"page/3/index.html"} | TAGS,
    ),
    Edit("extended base", lambda s: s.edit("templates/base.html", "]", "}"), HOME | ARTICLES),
    Edit("fragment", lambda s: s.edit("templates/fragments/nav.html", "*", "!"), ARTICLES),
    Edit("optional include comes", lambda s: s.write("templates/part.html", "part"), ARTICLES),
    Edit("override comes", lambda s: s.write("templates/404.html", "gone"), {"404.html"}),
    Edit("override goes", lambda s: s.remove("templates/tag.html"), TAGS),
    Edit(
        "broken template and mended",
        lambda s: (
            s.write("templates/tag.html", "{% if %}"),
            s.build(),
            s.write("templates/tag.html", PAPER["templates/tag.html"]),
        ),
        set(),
    ),
    Edit("unused setting", lambda s: s.edit("newsgen.toml", "calm", "loud"), set()),
    Edit("title of the site", lambda s: s.edit("newsgen.toml", '"Paper"', '"Journal"'), {"index.html", *FEEDS}),
    Edit("base_url", lambda s: s.edit("newsgen.toml", "example.org", "example.net/sub")),
    Edit("base_url gone", lambda s: s.edit("newsgen.toml", 'base_url = "https://example.org"\n', "")),
    Edit("language", lambda s: s.edit("newsgen.toml", "per_page", 'language = "de"\nper_page')),
    Edit("time zone", lambda s: s.edit("newsgen.toml", "per_page", 'timezone = "Asia/Tokyo"\nper_page')),
    Edit("per_page", lambda s: s.edit("newsgen.toml", "per_page = 2", "per_page = 3"), None, {"page/3/index.html"}),
    Edit(
        "feeds of summaries",
        lambda s: s.edit("newsgen.toml", "[extra]", '[feeds]\ncontent = "summary"\n[extra]'),
        FEEDS,
    ),
    Edit(
        "raw HTML off",
        lambda s: (
            s.edit("content/business/mill.md", "Shut", "<b>Shut</b>"),
            s.good(),
            s.edit("newsgen.toml", "[extra]", '[markdown]\nhtml = "off"\n[extra]'),
        ),
        {MILL} | feeds("business tags/mills"),
    ),
    Edit("draft", lambda s: s.edit("content/business/mill.md", "title:", "draft: true\ntitle:")),
    Edit(
        "drafts shown",
        lambda s: s.edit("content/business/mill.md", "title:", "draft: true\ntitle:"),
        None,
        options={"drafts": True},
    ),
    Edit("future shown", lambda s: None, None, options={"future": True}),
    Edit("time passes", lambda s: None, None, at=LATER),
    Edit("time passes without effect", lambda s: None, set(), at=MOMENT + dt.timedelta(hours=5)),
    Edit("time turns back", lambda s: (s.good(at=LATER), None), None, {"world/soon/index.html"}),
    Edit("linked article withheld", lambda s: s.edit("content/business/rates.md", "title:", "draft: true\ntitle:")),
    Edit("linked article goes", lambda s: s.remove("content/business/rates.md")),
    Edit("file moved", lambda s: s.move("content/business/rates.md", "content/world/rates.md")),
    Edit("file deleted", lambda s: s.remove("content/business/mill.md")),
    Edit("file added", lambda s: s.write("content/world/new.md", article("New", date="2026-05-20"))),
    Edit("contents swapped", swap),
    Edit(
        "all articles gone",
        lambda s: (shutil.rmtree(s.root / "content/world"), shutil.rmtree(s.root / "content/business")),
    ),
    Edit("page edited", lambda s: s.edit("content/pages/about.md", "Who.", "We."), {"about/index.html"}),
    Edit(
        "alias comes",
        lambda s: s.edit("content/business/mill.md", "title:", "aliases: [/old/]\ntitle:"),
        {"old/index.html"},
    ),
    Edit("static changed", lambda s: s.write("static/logo.svg", "<svg></svg>"), {"logo.svg"}),
    Edit("static added", lambda s: s.write("static/deep/er/x.txt", "x"), {"deep/er/x.txt"}),
    Edit("static deleted", lambda s: s.remove("static/logo.svg"), set(), {"logo.svg"}),
    Edit("static becomes a folder", becomes_a_folder, {"logo.svg/inner.txt"}, {"logo.svg"}),
    Edit("static changes its case", lambda s: s.move("static/logo.svg", "static/LOGO.svg"), {"LOGO.svg"}, {"logo.svg"}),
    Edit("sibling changed", lambda s: s.write("content/world/crane.png", b"Crane"), {"world/harbour/crane.png"}),
    Edit("sibling gone", lambda s: s.remove("content/world/crane.png"), None, {"world/harbour/crane.png"}),
    Edit(
        "sibling unnamed",
        lambda s: s.edit("content/world/harbour.md", "![A crane](crane.png)", "it"),
        None,
        {"world/harbour/crane.png"},
    ),
    Edit("output damaged", lambda s: (s.out / RATES).write_bytes(b""), {RATES}),
    Edit(
        "output damaged at the same size",
        lambda s: (s.out / "feed.xml").write_bytes((s.out / "feed.xml").read_bytes()[::-1]),
        {"feed.xml"},
    ),
    Edit("output deleted", lambda s: (s.out / RATES).unlink(), {RATES}),
    Edit("output replaced by a folder", lambda s: ((s.out / RATES).unlink(), (s.out / RATES).mkdir()), {RATES}),
    Edit("whole output deleted", lambda s: shutil.rmtree(s.out)),
    Edit("state deleted", lambda s: shutil.rmtree(s.root / ".newsgen"), set()),
    Edit(
        "state deleted, then a tag goes",
        lambda s: (shutil.rmtree(s.root / ".newsgen"), s.edit("content/business/mill.md", "[mills]", "[]")),
        None,
        {"tags/mills/index.html", "tags/mills/feed.xml"},
    ),
    Edit("manifest deleted", lambda s: (s.out / MANIFEST).unlink(), set()),
    Edit("cache emptied", cache(lambda path: path.write_bytes(b"")), set()),
    Edit("cache of noise", cache(lambda path: path.write_bytes(random.Random(1).randbytes(5000))), set()),
    Edit("cache of zeros", cache(lambda path: path.write_bytes(bytes(path.stat().st_size))), set()),
    Edit("cache truncated", cache(lambda path: path.write_bytes(path.read_bytes()[:-5000])), set()),
    Edit("cache truncated within its header", cache(lambda path: path.write_bytes(path.read_bytes()[:50])), set()),
    Edit("cache with flipped bits", flip, set()),
    Edit("cache of somebody else", cache(foreign), set()),
    Edit("cache of a newer newsgen", cache(sql("PRAGMA user_version = 99")), set()),
    Edit("cache without a table", cache(sql("DROP TABLE bodies")), set()),
    Edit("cache whose values were swapped", cache(sql("UPDATE memos SET value = x'00'")), set()),
    Edit(
        "cache whose bodies were changed",
        lambda s: (
            cache(sql("UPDATE bodies SET html = 'forged'"))(s),
            s.edit("content/business/mill.md", "Mill", "Mull"),
        ),
    ),
    Edit("cache whose page keys were lost", cache(sql("DELETE FROM memos WHERE kind = 'published'")), set()),
    Edit(
        "body edit and cache lost",
        lambda s: ((s.root / ".newsgen/cache.db").unlink(), s.edit("content/business/mill.md", "Shut", "Open")),
        {MILL} | feeds("business tags/mills"),
    ),
]


def bare(report: BuildReport) -> tuple[bool, list[str]]:
    return report.ok, said(report)


def differences(warm: dict[str, bytes], cold: dict[str, bytes]) -> list[str]:
    return sorted(path for path in warm.keys() | cold.keys() if warm.get(path) != cold.get(path))


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
@pytest.mark.usefixtures("plain_theme")
def test_a_warm_build_equals_a_clean_one_and_does_no_more(
    make_site: Callable[..., Site], tmp_path: Path, edit: Edit
) -> None:
    site = make_site(PAPER)
    site.good()
    before = times(site.out)
    edit.apply(site)
    warm = site.build(at=edit.at, **edit.options)
    clean = site.sources_to(tmp_path / "clean")
    cold = clean.build(at=edit.at, **edit.options)
    assert bare(warm) == bare(cold)
    assert differences(site.tree(), clean.tree()) == []
    if edit.written is not None:
        assert (set(warm.written), set(warm.removed)) == (edit.written, edit.removed)
    else:
        assert edit.removed <= set(warm.removed)
    after = times(site.out)
    assert {path for path in after if before.get(path) != after[path]} - {MANIFEST} <= set(warm.written) | {
        "index.html"
    }
    again = site.build(at=edit.at, **edit.options)
    assert (again.written, again.removed, again.parsed, again.rendered) == ((), (), (), ())
    assert bare(again) == bare(warm)
    assert times(site.out) == after


def test_the_comparison_would_notice_a_stale_page() -> None:
    assert differences({"a": b"old", "b": b"same"}, {"a": b"new", "b": b"same"}) == ["a"]
    assert differences({"a": b"1", "gone": b"2"}, {"a": b"1", "new": b"3"}) == ["gone", "new"]


@pytest.mark.usefixtures("plain_theme")
def test_a_build_with_errors_says_what_a_clean_one_says(make_site: Callable[..., Site], tmp_path: Path) -> None:
    site = make_site(PAPER)
    site.good()
    site.edit("content/world/ferry.md", "title:", "tilte:")
    site.edit("content/business/mill.md", "title: Mill", "slug: rates\ntitle: Mill")
    first = site.build()
    clean = site.sources_to(tmp_path / "clean").build()
    assert bare(first) == bare(clean) == bare(site.build())
    assert not first.ok


@pytest.mark.parametrize(
    ("apply", "reasons"),
    [
        (
            lambda s: s.edit("content/world/ferry.md", "Late", "Slow"),
            {
                FERRY: "the text of an article that it carries changed",
                "feed.xml": "the text of an article that it carries changed",
            },
        ),
        (
            lambda s: s.edit("content/business/mill.md", "Mill", "Mull"),
            {
                MILL: "the article's own title, date, tags or other front matter changed",
                "index.html": "the articles that it lists changed",
            },
        ),
        (lambda s: s.edit("templates/signature.html", "by", "By"), {FERRY: "template article.html changed"}),
        (
            lambda s: s.edit("newsgen.toml", '"Paper"', '"Journal"'),
            {"404.html": "a setting that templates see changed in newsgen.toml"},
        ),
        (
            lambda s: s.edit("newsgen.toml", "per_page", 'language = "de"\nper_page'),
            {FERRY: "base_url or language changed in newsgen.toml"},
        ),
        (lambda s: s.write("static/logo.svg", "new"), {"logo.svg": "the file was edited"}),
        (lambda s: (s.out / FERRY).unlink(), {FERRY: "its file in the output was missing or damaged"}),
        (
            lambda s: s.write("content/world/new.md", article("New")),
            {"world/new/index.html": "new page", "sitemap.xml": "the addresses or dates of the sitemap changed"},
        ),
        (
            lambda s: s.edit("templates/fragments/nav.html", "*", "!"),
            {FERRY: "a fragment (header, footer, ...) came out differently"},
        ),
        (
            lambda s: s.edit("templates/home.html", "{% for a in listing.articles %}{{ line(a) }}{% endfor %}", ""),
            {"index.html": "template home.html changed"},
        ),
    ],
)
@pytest.mark.usefixtures("plain_theme")
def test_each_rebuilt_page_says_why(
    make_site: Callable[..., Site], apply: Callable[[Site], object], reasons: dict[str, str]
) -> None:
    site = make_site({**PAPER, "templates/404.html": "{{ site.title }}: not here"})
    site.good()
    apply(site)
    told = {one.path: one.reason for one in site.good().rendered}
    assert {path: told.get(path) for path in reasons} == reasons


@pytest.mark.usefixtures("plain_theme")
def test_only_edited_files_are_parsed_again(make_site: Callable[..., Site]) -> None:
    site = make_site(PAPER)
    parsed = [sorted(site.good().parsed)]
    site.edit("content/world/ferry.md", "Late", "Slow")
    parsed.append(list(site.good().parsed))
    site.edit("newsgen.toml", '"Paper"', '"Journal"')
    parsed.append(list(site.good().parsed))
    site.edit("newsgen.toml", "per_page", 'timezone = "Asia/Tokyo"\nper_page')
    parsed.append(sorted(site.good().parsed))
    everything = sorted(path for path in PAPER if path.startswith("content/") and path.endswith(".md"))
    assert parsed == [everything, ["content/world/ferry.md"], [], everything]


@pytest.mark.usefixtures("plain_theme")
def test_two_outputs_of_one_site_do_not_disturb_each_other(make_site: Callable[..., Site], tmp_path: Path) -> None:
    site = make_site(PAPER)
    first, second = site.good(), site.good(out=tmp_path / "other", drafts=True)
    assert (set(first.written), site.good().written) == (set(second.written), ())
    assert site.good(out=tmp_path / "other", drafts=True).written == ()
    assert differences(site.tree(), tree(tmp_path / "other")) == []


def test_the_real_theme_is_as_warm_as_it_is_cold(make_site: Callable[..., Site], tmp_path: Path) -> None:
    site = make_site({path: text for path, text in PAPER.items() if not path.startswith("templates/")})
    site.good()
    for old, new in (("Late boat", "Slow ship"), ("title: Ferry", "title: The ferry"), ("2026-05-02", "2026-05-12")):
        site.edit("content/world/ferry.md", old, new)
        site.good()
    clean = site.sources_to(tmp_path / "clean")
    clean.good()
    assert differences(site.tree(), clean.tree()) == []


# ---- the same inputs, the same bytes --------------------------------------------------------------------------------


def test_hash_seed_time_zone_locale_and_folder_reach_no_byte(make_site: Callable[..., Site], tmp_path: Path) -> None:
    """Each is set otherwise for each build; a source of difference would show in one of the outputs."""
    site = make_site({path: text for path, text in PAPER.items() if not path.startswith("templates/")})
    found: list[dict[str, bytes]] = []
    for number, (seed, zone, language) in enumerate(
        [("0", "UTC", "C"), ("4242", "Pacific/Auckland", "de_DE.UTF-8"), ("7", "America/Caracas", "tr_TR.UTF-8")]
    ):
        copy = site.sources_to(tmp_path / f"other place {number}")
        ended = subprocess.run(
            [sys.executable, "-m", "newsgen", "-C", str(copy.root), "build", "--at", "2026-06-01T12:00:00Z"],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": language, "LC_ALL": language},
            cwd=tmp_path if number else copy.root,
            check=False,
            capture_output=True,
            timeout=60,
        )
        assert ended.returncode == 0, ended.stderr.decode()
        found.append(copy.tree())
    assert [differences(found[0], other) for other in found[1:]] == [[], []]


# ---- any edits in any order -----------------------------------------------------------------------------------------

WORDS = strategies.sampled_from(("alpha", "Beta", "beta", "C++", "C#", "Türkiye", "日本", "x y"))
DAYS = strategies.integers(1, 28)
SECTIONS = strategies.sampled_from(("world", "business", "arts"))
NUMBERS = strategies.integers(0, 4)


class Editing(RuleBasedStateMachine):
    """Edits at random; after each, warm equals cold, and a second build has nothing to do."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="newsgen-edits-"))
        self.theme, build.THEME_FOLDER = build.THEME_FOLDER, write_all(self.folder / "theme", PLAIN_THEME)
        self.site = Site(self.folder / "paper", TEMPLATES)
        self.facts: dict[int, dict[str, object]] = {}
        self.clean = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            build.THEME_FOLDER = self.theme
            shutil.rmtree(self.folder)

    def change(self, number: int, **facts: object) -> None:
        self.facts[number] = {"title": f"Number {number}", **self.facts.get(number, {}), **facts}
        self.site.write(f"content/world/a{number}.md", article(body=f"Text {number}.", **self.facts[number]))

    @rule(number=NUMBERS, day=DAYS)
    def date(self, number: int, day: int) -> None:
        self.change(number, date=f"2026-05-{day:02d}")

    @rule(number=NUMBERS)
    def undate(self, number: int) -> None:
        self.change(number, date=None)

    @rule(number=NUMBERS, one=WORDS, two=WORDS)
    def tag(self, number: int, one: str, two: str) -> None:
        self.change(number, tags=f'["{one}", "{two}"]')

    @rule(number=NUMBERS, name=WORDS)
    def write_by(self, number: int, name: str) -> None:
        self.change(number, author=f'"{name}"')

    @rule(number=NUMBERS, section=SECTIONS)
    def place(self, number: int, section: str) -> None:
        self.change(number, section=section)

    @rule(number=NUMBERS, drafted=strategies.booleans())
    def draft(self, number: int, drafted: bool) -> None:
        self.change(number, draft=str(drafted).lower())

    @rule(number=NUMBERS, title=WORDS)
    def rename(self, number: int, title: str) -> None:
        self.change(number, title=f'"{title} {number}"')

    @rule(number=NUMBERS, other=NUMBERS)
    def link(self, number: int, other: int) -> None:
        self.change(number, description=f'"to {other}"')
        path = f"content/world/a{number}.md"
        self.site.write(path, self.site.read(path) + f"\n[other](a{other}.md)\n")

    @rule(number=NUMBERS)
    def delete(self, number: int) -> None:
        if self.facts.pop(number, None) is not None:
            self.site.remove(f"content/world/a{number}.md")

    @rule(name=strategies.sampled_from(("article", "tag", "macros/line", "fragments/nav")), number=NUMBERS)
    def retouch(self, name: str, number: int) -> None:
        text = str(TEMPLATES[f"templates/{name}.html"])
        self.site.write(f"templates/{name}.html", text.replace("title }}", f"title }}}}{number}"))

    @rule(name=WORDS, other=WORDS)
    def register(self, name: str, other: str) -> None:
        aliases = f'aliases: ["{other}"]\n' if other.casefold() != name.casefold() else ""
        self.site.write("content/tags/one.md", f'---\ntitle: "{name}"\n{aliases}---\n')

    @rule(number=NUMBERS)
    def damage(self, number: int) -> None:
        files = sorted(self.site.out.rglob("*.html"))
        if files:
            files[number % len(files)].write_bytes(b"")

    @rule()
    def lose_the_cache(self) -> None:
        shutil.rmtree(self.site.root / ".newsgen", ignore_errors=True)

    @invariant()
    def warm_equals_cold(self) -> None:
        if not hasattr(self, "site"):
            return
        kept = self.site.tree() if self.site.out.exists() else {}
        warm = self.site.build()
        self.clean += 1
        clean = self.site.sources_to(self.folder / f"clean{self.clean}")
        assert bare(warm) == bare(clean.build())
        now = self.site.tree() if self.site.out.exists() else {}
        assert differences(now, clean.tree() if warm.ok else kept) == []
        assert (self.site.build().written, self.site.tree() if self.site.out.exists() else {}) == ((), now)


TestEditing = Editing.TestCase
TestEditing.settings = settings(
    max_examples=9,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a step is three builds: shrink by hand, with Phase.shrink
    stateful_step_count=8,
    suppress_health_check=list(HealthCheck),
)

"""newsgen.toml: settings, or every mistake in them, each at its line and column."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen import config_file
from newsgen.config import POLICIES, CollectionSettings, KindSettings, Settings
from newsgen.diagnostics import Place
from newsgen.model import ARTICLE_KINDS, Extra


def settings(text: str) -> Settings:
    outcome = config_file.parse(text)
    assert outcome.diagnostics == ()
    assert outcome.value is not None
    return outcome.value


def said(text: str) -> list[tuple[str, str, str, str]]:
    """Code, `line:column`, message and help of each mistake."""
    outcome = config_file.parse(text)
    assert (outcome.value is None, {d.severity for d in outcome.diagnostics}) == (True, {"error"})
    return [
        (d.code, str(d.place).removeprefix("newsgen.toml").removeprefix(":"), d.message, d.help)
        for d in outcome.diagnostics
    ]


TABLES = [name for name in Settings.__struct_fields__ if isinstance(getattr(Settings(), name), msgspec.Struct)]


# ---- what is read ---------------------------------------------------------------------------------------------------


def test_a_site_that_says_nothing_has_settings() -> None:
    assert settings("") == Settings() == settings("# later\n")


FULL = """
title = "The Tidewater Post"
base_url = "https://example.org/paper"
language = "pt-BR"
timezone = "Asia/Shanghai"
description = "News"
output = "public"
per_page = 5
old_after_years = 2

[sources]
follow = ["../photos"]

[markdown]
html = "trusted"
highlight = false
heading_anchors = false
max_kilobytes = 8

[feeds]
formats = ["atom"]
entries = 3
content = "summary"
hub = "https://hub.example/"

[publisher]
name = "Tidewater Press"
logo = "/logo.png"
same_as = ["https://social.example/@tidewater"]

[sitemap]
news = false

[permalinks]
article = "/{year}/{slug}.html"
sections.world = "/w/{slug}/"

[redirects]
formats = ["netlify", "nginx"]

[headers]
formats = ["caddy"]
hsts_days = 1
csp = { img-src = ["https://e.org"] }
extra = { X-A = "b" }

[robots]
ai = "block"
extra = ["Disallow: /drafts/"]

[tags]
known_only = true
min_articles = 2
combine = 3

[authors]
known_only = true

[images]
require_credit = true
enabled = false
widths = [600, 1200]
formats = ["webp"]
quality = { avif = 51 }
metadata = "credit"
max_megapixels = 50

[policies]
principles = "/a/"
ethics = "/a/"
corrections = "/a/"
fact_checking = "/a/"
unnamed_sources = "/a/"
bylines = "/a/"
ownership = "/a/"
diversity = "/a/"
mission = "/a/"
masthead = "/a/"
feedback = "https://example.org/?a#b"

[kinds.column]
label = "Column"
schema = "OpinionNewsArticle"

[breaking]
text = "Port shut"
url = "/world/"
until = 2026-11-24T18:00:00

[embeds]
allow = ["maps.example"]

[related]
limit = 2

[search]
enabled = true

[archives]
by = ["year"]

[collections.grain]
title = "Grain"
tag = "grain"
days = 7

[languages.de]
title = "Die Post"

[theme]
accent = "#0a5c66"
accent_dark = "#5cc8d2"
headlines = "sans"
text = "sans"
masthead = "start"
share = ["mail"]
switch = false

[social_cards]
enabled = true
background = "#ffffff"
fonts = ["static/a.ttf"]

[import]
threshold = 1
max_tags = 2

[extra]
motto = "All"
nested = { list = [1, "two"] }
"""


def test_every_setting_is_read() -> None:
    read, default = settings(FULL), Settings()
    named = set(Settings.__struct_fields__) - {"edition"}
    same = [name for name in named if getattr(read, name) == getattr(default, name)]
    inner = [
        (table, name)
        for table in TABLES
        for name in getattr(read, table).__struct_fields__
        if getattr(getattr(read, table), name) == getattr(getattr(default, table), name)
    ]
    assert (same, inner) == ([], [])
    assert (read.import_.max_tags, read.extra, read.kinds) == (
        2,
        Extra({"motto": "All", "nested": {"list": [1, "two"]}}),
        {"column": KindSettings("Column", "OpinionNewsArticle")},
    )
    assert read.collections == {"grain": CollectionSettings("Grain", tag="grain", days=7)}
    assert read.place("collections", "grain", "tag") == Place(
        "newsgen.toml", FULL.split("\n").index('tag = "grain"') + 1, 1
    )
    assert read.kind_names() == (*ARTICLE_KINDS, "column")


@pytest.mark.parametrize(
    ("address", "origin", "path"),
    [
        ("", "", "/"),
        ("https://example.org", "https://example.org", "/"),
        ("https://example.org/", "https://example.org", "/"),
        ("http://example.org:8080/paper", "http://example.org:8080", "/paper/"),
        ("https://example.org/paper/", "https://example.org", "/paper/"),
        ("https://example.org/a/b", "https://example.org", "/a/b/"),
        ("https://[::1]:8000/a", "https://[::1]:8000", "/a/"),
    ],
)
def test_the_address_gives_origin_and_path(address: str, origin: str, path: str) -> None:
    read = settings(f'base_url = "{address}"')
    assert (read.origin, read.base_path) == (origin, path)


@pytest.mark.parametrize(
    "name", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Asia/Shanghai"]
)
def test_a_zone_comes_from_the_wheel(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONTZPATH", "/nowhere")
    assert settings(f'timezone = "{name}"').zone().key == name


@pytest.mark.parametrize("language", ["en", "pt-BR", "zh-Hans-CN", "zh_Hans", "de-CH-1996"])
def test_a_language_tag_is_taken(language: str) -> None:
    assert settings(f'language = "{language}"').language == language


# ---- what is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("title = Post", "1:9"),
        ('title = "Post', "1"),
        ('title = "Post\nper_page = 1\n', "1:14"),
        ('a = "b"\n\n[tags\nknown_only = true', "3:6"),
        ('title = "A"\ntitle = "B"\n', "2:12"),
        ("[tags]\n[tags]\n", "2:6"),
        ("a = [1,\n2", "2"),
        ("\ntitle\n", "2:6"),
        ("date = 2024-02-30", "1:8"),
        ("x = " + "[" * 20_000, "1"),
    ],
)
def test_a_mistake_of_syntax_has_its_place(text: str, place: str) -> None:
    ((code, at, what, help),) = said(text)
    assert (code, at, help) == ("NG-502", place, 'Write one setting a line, text in quotes: title = "My paper"')
    assert (what.startswith("not TOML: "), "(at" in what) == (True, False)


def test_a_number_that_is_too_long_is_no_crash() -> None:
    assert [(code, place) for code, place, *_ in said(f"per_page = {'1' * 5000}")] == [("NG-502", "1")]


@pytest.mark.parametrize(
    ("text", "place", "name", "help"),
    [
        ('titel = "A"', "1:1", "titel", 'Did you mean "title"?'),
        ('# a\n\n  baseurl = "x"', "3:3", "baseurl", 'Did you mean "base_url"?'),
        ("[tag]\nknown_only = true", "1:1", "tag", 'Did you mean "tags"?'),
        ("[tags]\nknown = true", "2:1", "tags.known", 'Did you mean "known_only"?'),
        ("tags = { known = true }", "1:1", "tags.known", 'Did you mean "known_only"?'),
        ("tags.known = true", "1:1", "tags.known", 'Did you mean "known_only"?'),
        (
            "[feeds]\n\nzzz = 1",
            "3:1",
            "feeds.zzz",
            "Known here: formats, entries, content, hub. What is your own goes under [extra].",
        ),
        ("[kinds.column]\nlabl = 'x'", "2:1", "kinds.column.labl", 'Did you mean "label"?'),
        ("[kinds]\ncolumn = {labl = 'x'}", "2:1", "kinds.column.labl", 'Did you mean "label"?'),
        ("[import]\nmaxtags = 1", "2:1", "import.maxtags", 'Did you mean "max_tags"?'),
        ("import_ = 1", "1:1", "import_", 'Did you mean "import"?'),
        ('"per page" = 1', "", "per page", 'Did you mean "per_page"?'),
    ],
)
def test_an_unknown_setting_has_its_place_and_what_may_be_meant(text: str, place: str, name: str, help: str) -> None:
    assert said(text) == [("NG-503", place, f'unknown setting "{name}"', help)]


NO_PATH = "it is no path of letters, digits and hyphens that begins with / and ends with / or .html"

WRONG: list[tuple[tuple[str, ...], list[str], str]] = [
    (
        (
            *("title", "base_url", "language", "timezone", "description", "output"),
            *("feeds.hub", "publisher.name", "publisher.logo"),
        ),
        ["1", "true", "['a']", "2024-05-16"],
        "expected `str`",
    ),
    (
        (
            "per_page",
            "old_after_years",
            "markdown.max_kilobytes",
            "feeds.entries",
            "import.threshold",
            "import.max_tags",
            "tags.min_articles",
            "tags.combine",
            "related.limit",
            "headers.hsts_days",
            "images.max_megapixels",
            "collections.x.days",
            "collections.x.limit",
        ),
        ["'x'", "1.5", "true", "[]"],
        "expected `int`",
    ),
    (
        (
            "markdown.highlight",
            "markdown.heading_anchors",
            "tags.known_only",
            "authors.known_only",
            "sitemap.news",
            "images.require_credit",
            "theme.switch",
            "images.enabled",
            "search.enabled",
            "social_cards.enabled",
        ),
        ["'yes'", "1", "[]"],
        "expected `bool`",
    ),
    (tuple(f"policies.{name}" for name in POLICIES), ["1", "[]"], "expected `str`"),
    (("kinds.column.schema",), ["'Article'"], "invalid enum value 'Article'"),
    (("kinds.column.label", "breaking.text", "breaking.url"), ["1", "true"], "expected `str`"),
    (("collections.x.tag",), ["1", "true"], "expected `str`"),
    (("collections.x.page",), ["'yes'", "1", "[]"], "expected `bool`"),
    (("collections.x.order",), ["'random'"], "invalid enum value 'random'"),
    (("archives", "collections", "collections.x"), ["1", "'x'", "[1]", "true"], "is a table of settings"),
    (("archives.by",), ["'year'", "1"], "expected `array`"),
    (("archives.by",), ["['week']"], "invalid enum value 'week'"),
    (("markdown.html",), ["'raw'"], "invalid enum value 'raw'"),
    (("feeds.content",), ["'none'"], "invalid enum value 'none'"),
    (("permalinks.article", "permalinks.sections.world"), ["1", "['/{slug}/']"], "expected `str`"),
    (("redirects.formats",), ["'html'", "1"], "expected `array`"),
    (("redirects.formats",), ["['htm']"], "invalid enum value 'htm'"),
    (("sources",), ["1", "'x'", "[1]"], "is a table of settings"),
    (("sources.follow",), ["'x'", "1"], "expected `array`"),
    (("headers.formats",), ["['html']"], "invalid enum value 'html'"),
    (("headers", "headers.csp", "headers.extra"), ["1", "'x'", "[1]"], "is a table of settings"),
    (("headers.csp.img-src",), ["'self'", "1"], "expected `array`"),
    (("headers.extra.X-A",), ["1", "[]"], "expected `str`"),
    (("images.widths", "images.formats"), ["'x'", "1"], "expected `array`"),
    (("images.widths",), ["['x']"], "expected `int`"),
    (("images.formats",), ["['jpeg']"], "invalid enum value 'jpeg'"),
    (("images.metadata",), ["'none'"], "invalid enum value 'none'"),
    (("robots.ai",), ["'no'"], "invalid enum value 'no'"),
    (("theme.headlines", "theme.text"), ["'Times'"], "invalid enum value 'Times'"),
    (("theme.masthead",), ["'left'"], "invalid enum value 'left'"),
    (("theme.share",), ["['fax']"], "invalid enum value 'fax'"),
    (("theme.accent", "theme.accent_dark"), ["1", "[]"], "expected `str`"),
    (("theme.accent", "theme.accent_dark"), ["'red'", "'#12345'", "'#123456; }'"], "no colour"),
    (("social_cards.background",), ["1", "[]"], "expected `str`"),
    (("social_cards.background",), ["''", "'red'"], "no colour"),
    (("social_cards.fonts",), ["'x'", "1"], "expected `array`"),
    (("theme", "social_cards"), ["1", "'x'", "[1]", "true"], "is a table of settings"),
    (("robots.extra",), ["'x'", "1"], "expected `array`"),
    (("feeds.formats",), ["['none']"], "invalid enum value 'none'"),
    (("publisher.same_as", "embeds.allow"), ["'none'", "1"], "expected `array`"),
    (
        (
            "markdown",
            "feeds",
            "publisher",
            "sitemap",
            "robots",
            "permalinks",
            "permalinks.sections",
            "redirects",
            "tags",
            "authors",
            "images",
            "images.quality",
            "policies",
            "kinds",
            "kinds.column",
            "related",
            "search",
            "embeds",
            "import",
            "extra",
            "breaking",
            "languages",
            "languages.de",
            "languages.de.policies",
        ),
        ["1", "'x'", "[1]", "true"],
        "is a table of settings",
    ),
]


@pytest.mark.parametrize(
    ("name", "value", "what"), [(n, v, w) for names, values, w in WRONG for n in names for v in values]
)
def test_a_value_of_the_wrong_kind_has_its_place(name: str, value: str, what: str) -> None:
    table, _, key = name.rpartition(".")
    text = f"# settings\n[{table}]\n {key} = {value}" if table else f"# settings\n\n {key} = {value}"
    ((code, place, message, _),) = said(text)
    assert (code, place, message.startswith(f'"{name}"'), what in message) == ("NG-504", "3:2", True, True)


def test_every_setting_is_among_those_tried() -> None:
    tried = {name for names, *_ in WRONG for name in names}
    named = {*Settings.__struct_encode_fields__} - {"places", "edition"}
    inner = {
        f"{table.removesuffix('_')}.{name}" for table in TABLES for name in getattr(Settings(), table).__struct_fields__
    }
    assert tried >= (named | inner) - {"breaking.until"}  # a date or a text: see below


@pytest.mark.parametrize(
    ("text", "place", "message", "help"),
    [
        ('timezone = "Berlin"', "1:1", 'unknown time zone "Berlin"', 'Did you mean "Europe/Berlin"?'),
        ('timezone = "europe/berlin"', "1:1", 'unknown time zone "europe/berlin"', 'Did you mean "Europe/Berlin"?'),
        ('timezone = "Asia/Peking"', "1:1", 'unknown time zone "Asia/Peking"', None),
        ('timezone = ""', "1:1", 'unknown time zone ""', 'Give an IANA name such as "Europe/Berlin" or "UTC".'),
        ('timezone = "../../etc/passwd"', "1:1", 'unknown time zone "../../etc/passwd"', None),
        ('timezone = "Europe"', "1:1", 'unknown time zone "Europe"', None),
        ('timezone = "/etc/localtime"', "1:1", 'unknown time zone "/etc/localtime"', None),
        *[
            (f"[permalinks]\narticle = '{pattern}'", "2:1", f'permalink "{pattern}" cannot be used: {why}', None)
            for pattern, why in (
                ("/{sektion}/{slug}/", "{sektion} is none of {section}, {slug}, {year}, {month}, {day}"),
                ("/{}/{slug}/", "{} is none of {section}, {slug}, {year}, {month}, {day}"),
                ("/{year}/", "it lacks {slug}, which tells articles apart"),
                *[
                    (wrong, NO_PATH)
                    for wrong in ("/{slug}", "{slug}/", "//{slug}/", "/../{slug}/", "/{slug!r}/{slug}/")
                ],
                *[(wrong, NO_PATH) for wrong in ("/.{slug}/", "/{slug}.xml", "/{slug}/{", "/a b/{slug}/", "/{slug}./")],
            )
        ],
        (
            '[permalinks.sections]\nworld = "/w/"',
            "2:1",
            'permalink "/w/" cannot be used: it lacks {slug}, which tells articles apart',
            None,
        ),
        (
            "[robots]\nextra = ['Disallow /drafts/']",
            "2:1",
            "\"robots.extra\": 'Disallow /drafts/' is no line of robots.txt",
            None,
        ),
        (
            '[robots]\nextra = ["# a", "Disallow: /\\nAllow: /x"]',
            "2:1",
            "\"robots.extra\": 'Disallow: /\\nAllow: /x' is no line of robots.txt",
            None,
        ),
        (
            '\nlanguage = "English please"',
            "2:1",
            'language "English please" is not a language tag',
            'Give a tag such as "en" or "pt-BR".',
        ),
        ('language = ""', "1:1", 'language "" is not a language tag', None),
        ('language = "x\\"><b>"', "1:1", 'language "x"><b>" is not a language tag', None),
        ("per_page = 0", "1:1", '"per_page" is 0', "Give 1 or more."),
        ("[images]\nmax_megapixels = 0", "2:1", '"images.max_megapixels" holds 0', "Give 1 to 1000."),
        ("[images]\nwidths = [320, 9]", "2:1", '"images.widths" holds 9', "Give 16 to 8192."),
        ("[images]\nwidths = []", "2:1", '"images.widths" is empty', "Give some, or write enabled = false."),
        ("[images]\nquality = {webp = 101}", "2:1", '"images.quality.webp" holds 101', "Give 1 to 100."),
        ("old_after_years = -1", "1:1", '"old_after_years" is negative', "Give a number of years, or 0."),
        ("[feeds]\nentries = -1", "2:1", '"feeds.entries" is -1', "Give 1 or more."),
        ("[markdown]\nmax_kilobytes = 0", "2:1", '"markdown.max_kilobytes" is 0', "Give 1 or more."),
        ('[archives]\nby = ["month"]', "2:1", '"archives.by" skips a level', None),
        ('[archives]\nby = ["year", "year"]', "2:1", '"archives.by" skips a level', None),
        ("[collections.Big]", "1:1", '"Big" cannot be the name of a collection', None),
        ("[collections.x]\ndays = -1", "2:1", '"collections.x.days" is -1', "Give 1 or more."),
        ("[collections.x]\nlimit = 99999", "2:1", '"collections.x.limit" is 99999', None),
        (
            '[collections.x]\nkind = "opinions"',
            "2:1",
            'collection "x" asks for the unknown kind "opinions"',
            'Did you mean "opinion"?',
        ),
        ("[tags]\nmin_articles = -1", "2:1", '"tags.min_articles" is -1', "Give 0 or more."),
        ("[tags]\ncombine = -1", "2:1", '"tags.combine" is -1', "Give 0 or more."),
        ('[embeds]\nallow = ["a.example", "https://b.example/"]', "2:1", '"https://b.example/" is no host', None),
        ('[feeds]\nhub = "hub"', "2:1", '"feeds.hub" is no http(s) address: "hub"', "Give it in full: https://…"),
        ('[publisher]\nsame_as = ["me"]', "2:1", '"publisher.same_as" is no http(s) address: "me"', None),
        ('[publisher]\nlogo = "ftp://a/b"', "2:1", '"publisher.logo" is no http(s) address: "ftp://a/b"', None),
        (
            '[headers]\nformats = ["netlify", "cloudflare"]',
            "2:1",
            '"headers.formats" has both "netlify" and "cloudflare"',
            None,
        ),
        ('[sources]\nfollow = [""]', "2:1", "\"sources.follow\" holds '', no path", None),
        ('[sources]\nfollow = ["a\\u0000"]', "2:1", "\"sources.follow\" holds 'a\\x00', no path", None),
        ("[headers]\nhsts_days = -1", "2:1", '"headers.hsts_days" is -1', "Give 0 to 3650."),
        (
            "[headers.csp]\nimage-src = []",
            "2:1",
            '"headers.csp.image-src" is no directive that takes sources',
            'Did you mean "img-src"?',
        ),
        *(
            (f"[headers.csp]\nimg-src = ['{source}']", "2:1", f'"headers.csp.img-src": {source!r} is no source', None)
            for source in ("", "a b", "a;b", "a,b", 'a"b', "a\\b", "$a", "ä.example", "{a}")
        ),
        *(
            (f'[headers.extra]\n"{name}" = ""', "2:1", f'"{name}" cannot be a header of [headers.extra]', None)
            for name in ("", "X_Y", "Content-Security-Policy")
        ),
        *(
            (
                f"[headers.extra]\nX-A = {value!r}",
                "2:1",
                f'"headers.extra.X-A" is {value!r}, no value of a header',
                None,
            )
            for value in ("a$b", "a`b", "ä")
        ),
        ('[headers.extra]\nX-A = "a\\nb"', "2:1", "\"headers.extra.X-A\" is 'a\\nb', no value of a header", None),
        ("[social_cards]\nfonts = []", "2:1", '"social_cards.fonts" is empty', None),
        ("[related]\nlimit = 13", "2:1", '"related.limit" is 13', "Give 0 to 12."),
    ],
)
def test_a_value_without_a_meaning_has_its_place(text: str, place: str, message: str, help: str | None) -> None:
    ((code, at, what, advice),) = said(text)
    assert (code, at, what) == ("NG-504", place, message)
    assert help in (None, advice)


@pytest.mark.parametrize(
    "address",
    [
        "example.org",
        "/paper/",
        "//example.org",
        "ftp://example.org",
        "javascript:alert(1)",
        "https://",
        "https:///paper",
        "https://example.org/?a=b",
        "https://example.org/#top",
        "https://[bad",
        "https://exa mple.org",
        "https://example.org/<b>",
    ],
)
def test_an_address_at_which_no_site_is_read_is_refused(address: str) -> None:
    assert said(f"\nbase_url = '{address}'") == [
        (
            "NG-504",
            "2:1",
            f'base_url "{address}" is not an http(s) address',
            'Give the address at which the site is read: "https://example.org" or "https://example.org/paper".',
        )
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('titel = "A"\nper_pag = 1\n[feeds]\nentry = 2', [("NG-503", "1:1"), ("NG-503", "2:1"), ("NG-503", "4:1")]),
        (
            'title = 1\nper_page = "x"\n[feeds]\nentries = "y"',
            [("NG-504", "1:1"), ("NG-504", "2:1"), ("NG-504", "4:1")],
        ),
        ('titel = "A"\nper_page = "x"', [("NG-503", "1:1"), ("NG-504", "2:1")]),
        ('timezone = "x"\nbase_url = "y"\nlanguage = "?"', [("NG-504", "1:1"), ("NG-504", "2:1"), ("NG-504", "3:1")]),
    ],
)
def test_all_mistakes_are_reported_at_once(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted((code, place) for code, place, *_ in said(text)) == expected


def test_what_is_the_sites_own_is_free_in_form() -> None:
    assert settings("[extra]\ntitel = 1\n[extra.tags]\nknown = 2").extra == Extra({"titel": 1, "tags": {"known": 2}})


VALUES = st.recursive(
    st.sampled_from(["1", "'x'", "true", "1.5", "2024-05-16", "''", "-1"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(st.sampled_from(["html", "entries", "label", "x"]), inner, max_size=2).map(
            lambda items: "{" + ", ".join(f"{key} = {value}" for key, value in items.items()) + "}"
        ),
    ),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([*Settings.__struct_encode_fields__, "titel"]), VALUES, max_size=4))
def test_there_are_settings_or_mistakes_never_both_and_never_a_crash(table: dict[str, Any]) -> None:
    outcome = config_file.parse("\n".join(f"{key} = {value}" for key, value in table.items()))
    assert (outcome.value is None) == bool(outcome.diagnostics)
    assert {d.place.line for d in outcome.diagnostics} <= set(range(1, len(table) + 1))


@pytest.mark.parametrize(
    ("kind", "table", "label", "schema"),
    [
        ("news", "", "", "NewsArticle"),
        ("report", "", "Report", "ReportageNewsArticle"),
        ("sponsored", "", "Sponsored", "AdvertiserContentArticle"),
        ("opinion", 'label = "Comment"', "Comment", "OpinionNewsArticle"),
        ("news", 'schema = "BackgroundNewsArticle"', "", "BackgroundNewsArticle"),
        ("column", "", "Column", "NewsArticle"),
        ("column", 'label = "C"\nschema = "SatiricalArticle"', "C", "SatiricalArticle"),
    ],
)
def test_a_kind_has_a_label_and_a_type(kind: str, table: str, label: str, schema: str) -> None:
    assert settings(f"[kinds.{kind}]\n{table}").kind(kind) == KindSettings(label, schema)


def test_every_kind_has_a_type() -> None:
    assert all(Settings().kind(kind).schema != "NewsArticle" for kind in ARTICLE_KINDS[1:])


def test_an_unknown_type_has_a_suggestion() -> None:
    ((*_, help),) = said('[kinds.column]\nschema = "OpinionArticle"')
    assert help == 'Did you mean "OpinionNewsArticle"?'


# ---- breaking news --------------------------------------------------------------------------------------------------

UNTIL = [
    ("2026-11-24T18:00:00", "2026-11-24T18:00:00+01:00"),
    ("2026-11-24 18:00:00Z", "2026-11-24T18:00:00+00:00"),
    ("'2026-11-24 18:00'", "2026-11-24T18:00:00+01:00"),
    ("'2026-11-24T18:00+05:30'", "2026-11-24T18:00:00+05:30"),
]


@pytest.mark.parametrize(("written", "until"), UNTIL)
def test_breaking_news_end_at_a_moment_written_as_toml_or_as_text(written: str, until: str) -> None:
    read = settings(f"timezone = 'Europe/Berlin'\n[breaking]\ntext = 'Port shut'\nuntil = {written}\n")
    assert read.breaking_until
    assert read.breaking_until.isoformat() == until


WRONG_NEWS = [
    ("text = 'A'", "breaking news without an end", 2),
    ("text = 'A'\nuntil = 2026-11-24", '"breaking.until" is "2026-11-24", no day and time', 3),
    ("text = 'A'\nuntil = 18:00:00", '"breaking.until" is "18:00:00", no day and time', 3),
    ("text = 'A'\nuntil = 'tonight'", '"breaking.until" is "tonight", no day and time', 3),
    ("url = 'javascript:alert(1)'", '"breaking.url" is "javascript:alert(1)", which leads nowhere', 2),
    ("url = '//evil.example'", '"breaking.url" is "//evil.example", which leads nowhere', 2),
    ("url = 'world/storm'", '"breaking.url" is "world/storm", which leads nowhere', 2),
    ('text = "a\\u0001b"\nuntil = "2026-11-24 18:00"', '"breaking.text" holds a control character', 2),
]


@pytest.mark.parametrize(("lines", "message", "line"), WRONG_NEWS)
def test_breaking_news_that_mean_nothing_are_told(lines: str, message: str, line: int) -> None:
    outcome = config_file.parse(f"[breaking]\n{lines}\n")
    assert [(one.code, one.message, one.place.line) for one in outcome.diagnostics] == [("NG-504", message, line)]


def test_breaking_news_without_a_text_are_none() -> None:
    assert settings("[breaking]\nuntil = 2026-11-24\n").breaking_until is None

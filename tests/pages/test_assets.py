"""Assets: names that tell the bytes, style sheets that mean the same in fewer bytes, the look that settings give."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from newsgen.config import ThemeSettings
from newsgen.pages.assets import style_sheet, tokens
from tests.site import Site, article, said

FILES = {
    "content/a.md": article("A"),
    "static/assets/x.js": "1",
    "static/assets/img/a.b.svg": "<svg/>",
    "templates/404.html": '{{ "x.js" | asset }} {{ "img/a.b.svg" | asset }} {{ "plain.css" | asset }}',
}


@pytest.mark.usefixtures("plain_theme")
def test_an_asset_that_a_template_names_has_a_name_that_tells_its_bytes(make_site: Callable[..., Site]) -> None:
    site = make_site(FILES)
    site.good()
    names = re.findall(r"\S+", site.page("404.html"))
    assert [re.sub("[0-9a-f]{10}", "D", name) for name in names] == [
        "/assets/x.D.js",
        "/assets/img/a.b.D.svg",
        "/assets/plain.D.css",
    ]
    assert [site.page(name[1:]) for name in names] == ["1", "<svg/>", "body{margin:0}\n"]
    assert {"assets/x.js", "assets/img/a.b.svg"} <= site.tree().keys()  # static/ is copied as it is
    assert "assets/plain.css" not in site.tree()
    site.write("static/assets/x.js", "2")
    site.good()
    assert [*map(re.Match.group, re.finditer(r"\S+", site.page("404.html")))][1:] == names[1:]
    assert (names[0][1:] in site.tree(), names[0] in site.page("404.html")) == (False, False)


@pytest.mark.usefixtures("plain_theme")
def test_an_asset_that_is_not_there_is_an_error_with_a_suggestion(make_site: Callable[..., Site]) -> None:
    site = make_site({**FILES, "templates/404.html": 'Not here\n{{ "y.js" | asset }}'})
    report = site.build()
    assert said(report) == ['NG-306 templates/404.html:2:1 there is no asset "y.js"']
    assert report.diagnostics[0].help == 'Did you mean "x.js"?'


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a  { color : red ; }", "a{color:red}\n"),
        ("a { &:hover { b: c } } @layer x, y; d :is(e, f) g { h: calc(1px + 2%) }", None),
        ("a { *zoom: 1 }", "a { *zoom: 1 }"),  # what breaks the rules stays as it is
        ("", "\n"),
    ],
)
def test_a_style_sheet_is_minified(css: str, expected: str | None) -> None:
    found = style_sheet(css.encode(), "").decode()
    assert expected is None or found == expected
    assert " :is(" in found or ":is(" not in css  # a space that joins may not go


def test_a_style_sheet_that_is_no_text_stays_as_it_is() -> None:
    assert style_sheet(b"\xff{}", ":root{--a:b}") == b"\xff{}"


@pytest.mark.parametrize(
    ("theme", "expected"),
    [
        (ThemeSettings(), ""),
        (ThemeSettings(switch=False, share=("mail",), masthead="start"), ""),
        (ThemeSettings(accent="#00ff00", accent_dark="#aaffaa"), "light-dark(#00ff00, #aaffaa)"),
        (ThemeSettings(accent="#00ff00"), "light-dark(#00ff00, color-mix("),
        (ThemeSettings(headlines="sans"), "--font-headlines: var(--sans); --aspect-headlines: none;"),
        (ThemeSettings(text="serif"), "--font-text: var(--serif); --aspect-text: .48;"),
    ],
)
def test_the_settings_of_the_theme_stand_at_the_end_of_its_style_sheet(theme: ThemeSettings, expected: str) -> None:
    found = tokens(theme)
    assert expected in found
    assert bool(found) == bool(expected)
    assert style_sheet(b"", found) != style_sheet(b"", "") or not found


def test_the_pages_of_the_theme_follow_its_settings(make_site: Callable[..., Site]) -> None:
    toml = 'title = "Post"\nbase_url = "https://example.org"\n'
    site = make_site({"newsgen.toml": toml, "content/news/a.md": article("A & <b>")})
    site.good()
    page = site.page("news/a/index.html")
    assert ("scheme." in page, 'class="scheme"' in page, 'class="share"' in page) == (True, True, False)
    site.write(
        "newsgen.toml",
        f'{toml}[theme]\nswitch = false\nmasthead = "start"\nshare = ["mail", "x"]\naccent = "#123456"\n',
    )
    site.good()
    page = site.page("news/a/index.html")
    assert ("scheme." in page, 'class="kind-article masthead-start"' in page) == (False, True)
    assert 'href="mailto:?subject=A%20%26%20%3Cb%3E&amp;body=https%3A//example.org/news/a/"' in page
    assert (
        'href="https://x.com/intent/post?text=A%20%26%20%3Cb%3E%20https%3A//example.org/news/a/" rel="noopener nofollow"'
        in page
    )
    (style,) = [path for path in site.tree() if path.startswith("assets/style.")]
    assert "#123456" in site.page(style)

"""Markdown: what becomes HTML, which links and images it names and where, and what never gets through."""

from __future__ import annotations

import datetime as dt
import re
import time
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsgen.config import MarkdownSettings, ParseSettings
from newsgen.content import markdown
from newsgen.content.markdown import SCHEMES, Rendered
from newsgen.content.parse import parse_content
from newsgen.model import ARTICLE_KINDS

FIRST = 5  # the line of the file on which the bodies of these tests begin


def render(text: str, **settings: Any) -> Rendered:
    return markdown.render("f.md", text, FIRST, MarkdownSettings(**settings))


def html(text: str, **settings: Any) -> str:
    return render(text, **settings).html.strip()


def warnings(text: str, **settings: Any) -> list[tuple[str, str, str]]:
    """Code, place and message of each warning."""
    found = render(text, **settings).diagnostics
    assert {d.severity for d in found} <= {"warning"}
    return [(d.code, str(d.place).removeprefix("f.md:"), d.message) for d in found]


def references(text: str, **settings: Any) -> list[tuple[str, int, int, bool]]:
    return [(r.target, r.line, r.column, r.image) for r in render(text, **settings).references]


# ---- what becomes HTML ----------------------------------------------------------------------------------------------

RENDERED: list[tuple[str, str, dict[str, Any]]] = [
    ("Words, *soft* and **loud**.", "<p>Words, <em>soft</em> and <strong>loud</strong>.</p>", {}),
    ("~~gone~~", "<p><s>gone</s></p>", {}),
    (
        "{{ 7*7 }} {% include 'x' %} {# c #} `{{ x }}`",
        "<p>{{ 7*7 }} {% include 'x' %} {# c #} <code>{{ x }}</code></p>",
        {},
    ),
    ("    {{ code }}", "<pre><code>{{ code }}\n</code></pre>", {}),
    ("```\na < b\n```", '<div class="highlight"><pre><code>a &lt; b\n</code></pre></div>', {}),
    (
        "```python\nx = 1\n```",
        '<div class="highlight"><pre><code class="language-python"><span class="n">x</span> <span class="o">=</span> '
        '<span class="mi">1</span>\n</code></pre></div>',
        {},
    ),
    (
        "```python\nx = '<b>'\n```",
        '<div class="highlight"><pre><code class="language-python">x = \'&lt;b&gt;\'\n</code></pre></div>',
        {"highlight": False},
    ),
    (
        "```klingon\na < b\n```",
        '<div class="highlight"><pre><code class="language-klingon">a &lt; b\n</code></pre></div>',
        {},
    ),
    (
        '```"><script>alert(1)</script>\nx\n```',
        '<div class="highlight"><pre><code class="language-&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">x\n'
        "</code></pre></div>",
        {},
    ),
    (
        "```python onload=alert(1)\nx\n```",
        '<div class="highlight"><pre><code class="language-python"><span class="n">x</span>\n</code></pre></div>',
        {},
    ),
    (
        "```text\n\n  x\n\n```",
        '<div class="highlight"><pre><code class="language-text">\n  x\n\n</code></pre></div>',
        {},
    ),
    (
        "| a | b |\n|---|--:|\n| 1 | 2 |",
        '<div class="table" role="group" tabindex="0" aria-label="Table"><table>\n<thead>\n<tr>\n<th>a</th>\n<th class="align-right">b</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td>1</td>\n<td class="align-right">2</td>\n</tr>\n</tbody>\n</table></div>',
        {},
    ),
    ("Term\n: Meaning", "<dl>\n<dt>Term</dt>\n<dd>Meaning</dd>\n</dl>", {}),
    ("a <!-- secret --> b", "<p>a  b</p>", {}),
    ("<!-- a\nsecret -->\n\nb", "<p>b</p>", {}),
    ("<!-- never closed", "", {}),
    ("a <b>c</b>", "<p>a <b>c</b></p>", {}),
    ("a <b>c</b>", "<p>a &lt;b&gt;c&lt;/b&gt;</p>", {"html": "off"}),
    ("<video onplay=x()>", "<video onplay=x()>", {"html": "trusted"}),
    ('<td style="text-align:right">', "", {}),
    (
        "<table><tr><td style='Text-Align: CENTER;'>a</td><td style=text-align:right;top:0>b</td></tr></table>",
        '<table><tbody><tr><td class="align-center">a</td><td>b</td></tr></tbody></table>',
        {},
    ),
    ('<td style="text-align:right">', '<td style="text-align:right">', {"html": "trusted"}),
    ("<details open><summary>More</summary>x</details>", '<details open=""><summary>More</summary>x</details>', {}),
    ("<b>never closed", "<p><b>never closed</b></p><b>\n</b>", {}),
    ("&copy; &lt;b&gt; &#106;", "<p>© &lt;b&gt; j</p>", {}),
    ("", "", {}),
]


@pytest.mark.parametrize(("text", "expected", "settings"), RENDERED)
def test_text_becomes_html(text: str, expected: str, settings: dict[str, Any]) -> None:
    assert html(text, **settings) == expected


def test_footnotes_lead_to_their_notes_and_back() -> None:
    found = html("Text[^a] and more[^a].\n\n[^a]: A note with [a link](b.md).")
    ids, targets = set(re.findall(r'id="([^"]+)"', found)), set(re.findall(r'href="#([^"]+)"', found))
    assert (ids, targets) == ({"fn1", "fnref1", "fnref1:1"}, {"fn1", "fnref1", "fnref1:1"})
    assert '<a href="ng-ref:0">a link</a>' in found


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("# One\n\n## Two\n\n###### Six", [(2, "One", "one"), (2, "Two", "two"), (6, "Six", "six")]),
        ("## A\n\n## A\n\n## A", [(2, "A", "a"), (2, "A", "a-2"), (2, "A", "a-3")]),
        ("## A-2\n\n## A\n\n## A", [(2, "A-2", "a-2"), (2, "A", "a"), (2, "A", "a-3")]),
        ("## An *odd* `one` & [two](x.md)", [(2, "An odd one & two", "an-odd-one-two")]),
        ("## 日本 語\n\n## Über", [(2, "日本 語", "日本-語"), (2, "Über", "über")]),
        (
            "## A\n\n## A\n\n## A-2\n\n## A-3\n\n## A",
            [(2, "A", "a"), (2, "A", "a-2"), (2, "A-2", "a-2-2"), (2, "A-3", "a-3"), (2, "A", "a-4")],
        ),
        ("## !!!\n\n## 😀", [(2, "!!!", "section"), (2, "😀", "section-2")]),
        ("Underlined\n==========", [(2, "Underlined", "underlined")]),
        ('## "><script>', [(2, '">', "section")]),
        ("- ## In a list\n\n> ### In a quote", [(2, "In a list", "in-a-list"), (3, "In a quote", "in-a-quote")]),
        ("## " + "long " * 60, [(2, ("long " * 60).strip(), ("long-" * 16)[:80])]),
    ],
)
def test_headings_begin_at_2_and_have_an_id_of_their_own(text: str, headings: list[tuple[int, str, str]]) -> None:
    found = render(text)
    assert [(h.level, h.text, h.id) for h in found.headings] == headings
    assert re.findall(r'<h(\d) id="([^"]*)"', found.html) == [(str(level), id) for level, _, id in headings]


@given(st.lists(st.sampled_from(["A", "a", "A 2", "a-2", "!", "section", "B *c*"]), max_size=12))
def test_no_two_headings_share_an_id(titles: list[str]) -> None:
    ids = re.findall(r' id="([^"]*)"', html("\n\n".join(f"# {title}" for title in titles)))
    assert (len(ids), len(set(ids))) == (len(titles), len(titles))


def test_headings_have_no_ids_where_the_settings_want_none() -> None:
    found = render("# One\n\nText\n\n- ## Two", heading_anchors=False)
    assert (found.headings, re.findall(r"<h\d[^>]*>", found.html)) == ((), ["<h2>", "<h2>"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("One two three.", 3),
        ("# A heading\n\nOne *two* [three](x.md)", 5),
        ("- one\n- two", 2),
        ("| a | b |\n|---|---|\n| c | d e |", 5),
        ("`one two`\n\n```\nthree four\n```", 4),
        ("One[^1].\n\n[^1]: two three", 4),
        ("One <!-- two three --> four", 2),
        ("![alt words](a.png)", 0),
        ("", 0),
    ],
)
def test_words_are_counted(text: str, words: int) -> None:
    assert render(text).words == words


# ---- links and images -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A [link](one.md).", [("one.md", 5, 10, False)]),
        ("Two lines\nand [a link](one.md)", [("one.md", 6, 14, False)]),
        (
            "A [one](a.md) and [two](a.md)\nand [three](a.md)",
            [("a.md", 5, 9, False), ("a.md", 5, 25, False), ("a.md", 6, 13, False)],
        ),
        ("See also [a](a) and [b](a)", [("a", 5, 14, False), ("a", 5, 25, False)]),
        ("First\n\n> quote\n> - [x](x.md)", [("x.md", 8, 9, False)]),
        ("| a |\n|---|\n| [x](x.md) |\n| [y](x.md) |", [("x.md", 7, 7, False), ("x.md", 8, 7, False)]),
        ("Text[^1]\n\n[^1]: a [note](n.md)", [("n.md", 7, 16, False)]),
        ("Term\n: a [meaning](m.md)", [("m.md", 6, 15, False)]),
        ("## A [heading](h.md)\nText [t](t.md)", [("h.md", 5, 16, False), ("t.md", 6, 10, False)]),
        ("![Alt](a.png) and ![Alt](b.png 'title')", [("a.png", 5, 8, True), ("b.png", 5, 26, True)]),
        ("[![Alt](a.png)](a.md)", [("a.md", 5, 17, False), ("a.png", 5, 9, True)]),
        ("[日本](日本.md) [x](<my file.md>)", [("%E6%97%A5%E6%9C%AC.md", 5, 6, False), ("my%20file.md", 5, 18, False)]),
        (
            "[x](/rooted/) [y](../up.md#part) [z](?q=1)",
            [("/rooted/", 5, 5, False), ("../up.md#part", 5, 19, False), ("?q=1", 5, 38, False)],
        ),
        ("About [x](about.md) [y](a)", [("about.md", 5, 11, False), ("a", 5, 25, False)]),
        ("Text [by name][n].\n\n[n]: deep/n.md", [("deep/n.md", 5, 0, False)]),
        ("[x](a&amp;b.md)", [("a&b.md", 5, 0, False)]),
        ('<a href="r.md">r</a> <img src="p.png" alt="">', [("r.md", 5, 10, False), ("p.png", 5, 32, True)]),
        ("<a href='r.md'>r</a> <a href=q.md>q</a>", [("r.md", 5, 10, False), ("q.md", 5, 30, False)]),
        ('<div>\n<a\n  HREF = "r.md">r</a></div>', [("r.md", 7, 11, False)]),
        ('<a href="a&amp;b.md">r</a>', [("a&b.md", 5, 0, False)]),
    ],
)
def test_what_is_the_sites_own_is_listed_with_its_place(text: str, expected: list[tuple[str, int, int, bool]]) -> None:
    found = render(text)
    assert sorted(references(text)) == sorted(expected)
    assert sorted(re.findall(r'="ng-ref:(\d+)"', found.html)) == [str(n) for n in range(len(expected))]


@pytest.mark.parametrize(
    "text",
    [
        *(f"[x]({scheme}:y)" for scheme in sorted(SCHEMES)),
        "[x](HTTPS://example.org/)",
        "[x](#part)",
        "[x](//cdn.example/a)",
        "[x]()",
        "<https://example.org/>",
        "<ann@example.org>",
        '<a href="https://example.org/">x</a>',
        '<a href="#part">x</a>',
        "<!-- <a href='gone.md'>x</a> -->",
        'a <!-- <img src="gone.png"> --> b',
        '<pre>\n&lt;a href="x"&gt;\n</pre>',
        "<b title=' href=\"x\"'>x</b>",
        '`<a href="x">`',
    ],
)
def test_what_is_not_the_sites_own_is_left_alone(text: str) -> None:
    found = render(text)
    assert (found.references, found.diagnostics, "ng-ref" in found.html) == ((), (), False)


@pytest.mark.parametrize(
    ("text", "place", "shown"),
    [
        ("[x](javascript:alert)", "5:5", "javascript:alert"),
        ("A line\nand [x](JavaScript:alert)", "6:9", "JavaScript:alert"),
        ("<javascript:alert>", "5:2", "javascript:alert"),
        ("[x](java&#115;cript:alert)", "5", "javascript:alert"),
        ("[x](javascript&colon;alert)", "5", "javascript:alert"),
        ("[x](javascript%3Aalert)", "5:5", "javascript:alert"),
        ("[x](vbscript:x)", "5:5", "vbscript:x"),
        ("[x](data:text/html,x)", "5:5", "data:text/html,x"),
        ("[x](file:///etc/passwd)", "5:5", "file:///etc/passwd"),
        ("[x](blob:x)", "5:5", "blob:x"),
        ("[x](ng-ref:0)", "5:5", "ng-ref:0"),
        ("[x][r]\n\n[r]: javascript:alert", "5", "javascript:alert"),
        ("![alt](javascript:alert)", "5:8", "javascript:alert"),
        ("[^1]\n\n[^1]: [x](javascript:alert)", "7:11", "javascript:alert"),
        ('<a href="javascript:alert">x</a>', "5:10", "javascript:alert"),
        ("<a href=javascript:alert>x</a>", "5:9", "javascript:alert"),
        ("<a href='&#106;avascript:alert'>x</a>", "5:10", "javascript:alert"),
        ('<a href="ng-ref:0">x</a>', "5:10", "ng-ref:0"),
        ('<img src="data:image/svg+xml,x" alt="">', "5:11", "data:image/svg+xml,x"),
    ],
)
def test_a_refused_scheme_loses_its_link_and_says_where(text: str, place: str, shown: str) -> None:
    assert warnings(text) == [("NG-202", place, f'link to "{shown}" refused: its scheme is not allowed')]
    assert (re.findall(r"(?i)(?:href|src)=[^#>]*:", html(text)), references(text)) == ([], [])


def test_each_refused_link_of_a_paragraph_has_its_own_place() -> None:
    assert [place for _, place, _ in warnings("[a](js:x) [b](js:x)\n[c](js:x)")] == ["5:5", "5:15", "6:5"]


def test_a_refused_image_leaves_its_alternative_text() -> None:
    assert html("![A *ship* <b>](javascript:x)") == "<p>A *ship* &lt;b&gt;</p>"


def test_a_reference_of_ours_cannot_be_written_by_hand_even_where_html_is_trusted() -> None:
    assert html('<a href="ng-ref:0">x</a> [y](y.md)', html="trusted") == '<p><a >x</a> <a href="ng-ref:0">y</a></p>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![](a.png)", [("NG-204", "5:5", "image without alternative text")]),
        ("![ ](https://example.org/a.png)", [("NG-204", "5:6", "image without alternative text")]),
        ("![A ship](a.png)", []),
    ],
)
def test_an_image_without_alternative_text_is_warned_of(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert warnings(text) == expected


def test_images_load_when_they_are_near() -> None:
    assert html("![A ship](a.png)") == '<p><img src="ng-ref:0" alt="A ship" loading="lazy" /></p>'


# ---- raw HTML -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<script>x</script>", [("5:1", "<script>")]),
        ("Text <blink>x</blink>", [("5:6", "<blink>")]),
        ("Text\nmore <font color=red>x</font>", [("6:6", "<font>")]),
        ('<p onclick="x()">a</p>', [("5:4", 'attribute "onclick" of <p>')]),
        ("<div>\n<p\nonclick=x>a</p></div>", [("7:1", 'attribute "onclick" of <p>')]),
        ('<p style="color:red">a</p>', [("5:4", 'attribute "style" of <p>')]),
        ('<table><tr><td style="text-align:right">a</td></tr></table>', []),
        (
            '<table><tr><td style="text-align:right;color:red">a</td></tr></table>',
            [("5:16", 'attribute "style" of <td>')],
        ),
        ("<iframe src='x.html'></iframe>", [("5:1", "<iframe>")]),
        ("<!-- <script> -->", []),
        ("<b data-x='1' aria-label=\"a\" class=c id=d lang=en>a</b>", []),
        ("<my-widget a=b>x</my-widget>", [("5:1", "<my-widget>")]),
    ],
)
def test_what_is_removed_is_a_warning_with_its_place(text: str, expected: list[tuple[str, str]]) -> None:
    found = [(place, message) for code, place, message in warnings(text) if code == "NG-201"]
    assert found == [(place, f"raw HTML removed: {what}") for place, what in expected]


@pytest.mark.parametrize("setting", ["off", "trusted"])
def test_nothing_is_removed_where_html_is_text_or_trusted(setting: str) -> None:
    assert warnings("<script>x</script>\n\na <blink onclick=x>b</blink>", html=setting) == []


ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=http://evil.example/x.js></SCRIPT>",
    "<script\n>alert(1)</script\n>",
    "<script/src=data:,alert(1)>",
    "<<script>alert(1)//<</script>",
    "a <script>alert(1)</script> b",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<img/src=x/onerror=alert(1)>",
    "<img src=`javascript:alert(1)`>",
    "<img src='x' ONERROR='alert(1)'>",
    '<img """><script>alert(1)</script>">',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><a href=javascript:alert(1)>x</a></math>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input type=image src=javascript:alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<video poster=javascript:alert(1)></video>",
    "<body onload=alert(1)>",
    "<style>@import 'http://evil.example/x.css';</style>",
    "<style><img src=x onerror=alert(1)></style>",
    "<link rel=stylesheet href=javascript:alert(1)>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href='javascript:alert(1)//'>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#0000106avascript:alert(1)'>x</a>",
    "<a href='&#x6A;avascript&colon;alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='jAvAsCrIpT:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<table><tr><td style='background:url(javascript:alert(1))'>x</td></tr></table>",
    "<table><tr><td style='width:expression(alert(1))'>x</td></tr></table>",
    "<div style='behavior:url(x)'>x</div>",
    "<p title='</p><script>alert(1)</script>'>x</p>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><script>alert(1)</script></template>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    "<title><img title='</title><img src=x onerror=alert(1)>'>",
    "<xmp><img title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<select><style></select><img src=x onerror=alert(1)></style>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<!DOCTYPE html><script>alert(1)</script>",
    "</p><script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](java\u0000script:alert(1))",
    "[x](  javascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](&#x6A;avascript:alert(1))",
    "[x](\\javascript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](x.png)',
    '![x](x.png "\\" onerror=\\"alert(1)")',
    '[x](x.md "\\" onmouseover=\\"alert(1)")',
    '[x](x.md\\"onmouseover=alert(1))',
    "<javascript:alert(1)>",
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    '```x" onmouseover="alert(1)\nx\n```',
    "## <script>alert(1)</script>",
    '## x" onmouseover="alert(1)',
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "[^<script>]\n\n[^<script>]: <script>alert(1)</script>",
    "Term <script>alert(1)</script>\n: <img src=x onerror=alert(1)>",
]

ALLOWED = SCHEMES | {"ng-ref"}


class Dangers(HTMLParser):
    """Walks HTML by the standard library, which shares no code with what cleaned it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in (
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "svg",
            "math",
            "form",
            "button",
            "link",
            "meta",
            "base",
            "template",
        ):
            self.found.append(tag)
        for name, value in attrs:
            bare = re.sub(r"[\x00-\x20]", "", value or "").lower()
            scheme = re.match(r"([a-z][a-z0-9+.-]*):", bare)
            if name.startswith(("on", "xlink", "srcdoc", "formaction", "action", "xmlns")):
                self.found.append(f"{tag} {name}")
            elif name == "style":
                self.found.append(f"{tag} style {bare}")
            elif name in ("href", "src", "poster", "cite", "data") and scheme and scheme[1] not in ALLOWED:
                self.found.append(f"{tag} {name} {bare}")


def dangers(text: str) -> list[str]:
    walk = Dangers()
    walk.feed(text)
    walk.close()
    return walk.found


@pytest.mark.parametrize("setting", ["safe", "off"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_gets_through(attack: str, setting: str) -> None:
    assert dangers(html(attack, html=setting)) == []


def test_the_walk_that_finds_no_danger_would_find_one() -> None:
    assert len([attack for attack in ATTACKS if dangers(html(attack, html="trusted"))]) > len(ATTACKS) // 2


@given(
    st.lists(
        st.sampled_from(
            [
                *"<>\"'=/ \n&;!-`[]()#|:",
                "script",
                "img",
                "src",
                "onerror",
                "x",
                "javascript:",
                "a",
                "href",
                "<!--",
                "-->",
                "svg",
                "style",
            ]
        ),
        max_size=25,
    ).map("".join)
)
def test_no_mixture_of_signs_gets_through(text: str) -> None:
    assert dangers(html(text)) == []


# ---- the specification, and what would break a parser ---------------------------------------------------------------


@given(st.text(st.sampled_from("ab *_`[]()<>!#-+>1.\n\\&;\"'~|:/=\t"), max_size=60))
def test_commonmark_is_by_the_letter(text: str) -> None:
    assert markdown.commonmark(text) == MarkdownIt("commonmark").render(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\tfoo\tbaz", "<pre><code>foo\tbaz\n</code></pre>\n"),
        ("a | b\n- | -", "<p>a | b</p>\n<ul>\n<li>| -</li>\n</ul>\n"),
        ("~~a~~ <script>x</script>", "<p>~~a~~ <script>x</script></p>\n"),
        ("# A\n\n[x](javascript:y)", "<h1>A</h1>\n<p>[x](javascript:y)</p>\n"),
        ("[^1]\n\n[^1]: x", '<p><a href="x">^1</a></p>\n'),
    ],
)
def test_commonmark_knows_no_extension(text: str, expected: str) -> None:
    assert markdown.commonmark(text) == expected


N = 10_000
HARD = {
    "quotes": ">" * N,
    "brackets": "[" * N + "]" * N,
    "links": "[a](" * N,
    "images": "![" * N,
    "emphasis": "*a **a " * (N // 2),
    "stars": "*" * N + "a" + "*" * N,
    "underscores": "_a " * N,
    "deletions": "~~a " * N,
    "notes": "^[" * N,
    "footnotes": "[^" * N,
    "notes in notes": "\n".join(f"[^{n}]: [^{n + 1}]" for n in range(500)) + "\n\n[^0]",
    "tags": "<b>" * N,
    "blocks": "<div>" * N,
    "open tags": '<a "' * N,
    "attributes": "<p " + "a=" * N + ">",
    "spaces": "<p a" + " " * N + ">",
    "comments": "<!--" * N,
    "instructions": "<?" * N,
    "data": "<![CDATA[" * N,
    "lists": "- " * N,
    "deep lists": "\n".join("  " * depth + "- a" for depth in range(300)),
    "tables": "|" * N + "\n" + "|-" * N,
    "ticks": "".join("`" * n + " " for n in range(1, 200)),
    "references": "[a]: b\n" * 2000,
    "entities": "&" * N,
    "escapes": "\\" * N,
    "terms": ": " * N,
    "one long word": "x" * (20 * N),
}
M = 40_000  # what took minutes where the square of it was taken, or its cube
LONG = {
    "images": "![" * M,
    "notes": "^[" * M,
    "footnotes": "[^" * M,
    "footnotes a": "[^a" * M,
    "links": "[a](<b" * M,
    "emphasis": "*a_ " * M,
    "brackets": "[" * M + "a" + "]" * M,
    "comments": "</" + "<!--" * M,
    "headings of one name": "# a\n\n" * (M // 4),
    "headings without a name": "# !\n\n" * (M // 4),
    "links by reference": "[a]: x.md\n\n" + "[a] " * (M // 2),
    "references": "".join(f"[{n}]: u\n" for n in range(M // 8)) + "[0] " * (M // 8),
    "references in three lines": "[a]:\nb\n'c\n" * (M // 8),
    "removed tags": "a <font>" * (M // 4),
    "removed tags in lines": "a <font>\n" * (M // 4),
    "removed attributes": "<p onclick=x>a</p>" * (M // 4),
    "elements in elements": "<div>" * (M // 4),
    "elements in elements, apart": "<div>\n\n" * (M // 4),
    "blocks with HTML": ":::facts\n<b>x</b>\n:::\n\n" * (M // 16),
    "quotes": "> a\n" * (M // 4) + "a\n" * (M // 4),
    "lists": "- a\n+ a\n" * (M // 16),
}
SECONDS = 20  # of a processor: what these take at most is a tenth of that
PARSE = ParseSettings("UTC", MarkdownSettings(), ARTICLE_KINDS)


@pytest.mark.parametrize("name", HARD)
def test_what_breaks_parsers_is_rendered_or_refused(name: str) -> None:
    parsed = parse_content("content/a.md", f"---\ntitle: A\n---\n{HARD[name]}".encode(), PARSE, dt.UTC)
    errors = {d.code for d in parsed.diagnostics if d.severity == "error"}
    assert (errors, parsed.content is None) in ((set(), False), ({"NG-205"}, True))
    assert dangers(parsed.html) == []


@pytest.mark.parametrize("name", LONG)
def test_what_is_long_takes_no_square_of_its_time(name: str) -> None:
    start = time.process_time()
    parsed = parse_content("content/a.md", f"---\ntitle: A\n---\n{LONG[name]}".encode(), PARSE, dt.UTC)
    assert time.process_time() - start < SECONDS
    errors = {d.code for d in parsed.diagnostics if d.severity == "error"}
    assert (errors, parsed.content is None) in ((set(), False), ({"NG-205"}, True))


def test_a_paragraph_that_is_too_long_is_told_of_with_its_line() -> None:
    found = markdown.render("content/a.md", "a\n\n" + "*b* `c` " * 13_000, 5, MarkdownSettings())
    (one,) = found.diagnostics
    assert (one.code, str(one.place), one.message, one.help) == (
        "NG-205",
        "content/a.md:7",
        "a paragraph of 103,999 characters is too long to be read",
        "Divide it by blank lines.",
    )


def test_many_brackets_that_are_none_leave_those_that_are() -> None:
    found = html("[0, 1) ![x, 2) " * 200 + "[a](b.md) ![c](d.png)")
    assert (found.count('<a href="ng-ref:0">a</a>'), found.count('<img src="ng-ref:1"')) == (1, 1)


def test_plain_prose_may_be_as_long_as_its_file() -> None:
    found = markdown.render("content/a.md", ("All words are plain. " * 20_000).strip(), 1, MarkdownSettings())
    assert (found.diagnostics, found.words) == ((), 80_000)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<div>" * 1000, False),
        ("<div>" * 1001, True),
        ("<div>a</div>\n\n" * 2000, False),
        ("<p>" * 2000 + "<br>" * 2000, False),
        ("</div>" * 2000 + "<div>", False),
    ],
)
def test_elements_of_raw_html_may_be_in_one_another_a_thousand_deep(text: str, told: bool) -> None:
    found = markdown.render("content/a.md", f"a\n\n{text}", 1, MarkdownSettings())
    assert [(one.code, one.place.line) for one in found.diagnostics] == ([("NG-205", 3)] if told else [])
    assert (found.html == "") == told


@pytest.mark.parametrize(("text", "held"), [("> " * 19 + "deep", True), ("> " * 20 + "deep", False)])
def test_what_is_nested_too_deeply_is_told_and_never_left_out_in_silence(text: str, held: bool) -> None:
    found = markdown.render("content/a.md", f"a\n\n{text}", 1, MarkdownSettings())
    assert ("deep" in found.html) == held
    assert [(one.code, one.place.line) for one in found.diagnostics] == ([] if held else [("NG-205", 3)])

"""HTML as Markdown: newsgen renders it as what it said; hostile and broken HTML ends well."""

from __future__ import annotations

import time

import lxml.html
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsgen.config import MarkdownSettings
from newsgen.content.markdown import render
from newsgen.importers.markup import markdown, plain
from newsgen.importers.tree import parsed


def rendered(text: str) -> str:
    found = render("a.md", text, 1, MarkdownSettings())
    assert [one.message for one in found.diagnostics if one.code not in ("NG-204",)] == []
    return found.html


def words(html: str) -> str:
    """What HTML says by lxml, each block on its own, white space aside."""
    tree = lxml.html.fromstring(f"<div>{html}</div>")
    for one in tree.iter("br", "p", "li", "ul", "ol", "blockquote", "pre", "td", "th", "h2", "h3", "div"):
        one.tail = f" {one.tail or ''}"
        one.text = f" {one.text or ''}" if one.tag != "br" else one.text
    return " ".join(tree.text_content().split())


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<p>One</p><p>Two<br>lines", "One\n\nTwo\\\nlines"),
        ("Bare <b>bold </b>text<div>and</div>more", "Bare **bold** text\n\nand\n\nmore"),
        ('a<em>"b"</em>c', 'a<em>"b"</em>c'),
        ("<b><i>both</i></b> <strong>a <em>b</em></strong>", "<strong>*both*</strong> <strong>a *b*</strong>"),
        ('<a href="/a b(c)" title="T">x]</a>!<a href="/y">z</a>', '[x\\]](/a%20b%28c%29 "T")\\![z](/y)'),
        ('<a href="https://e.org/x">https://e.org/x</a>', "<https://e.org/x>"),
        ('<a name="top"></a>Here <a href="javascript:x()">no</a>', '<a id="top"></a>Here no'),
        ("H<sub>2</sub>O, <kbd>F1</kbd>, <code>a`b</code>", "H<sub>2</sub>O, <kbd>F1</kbd>, ``a`b``"),
        ('<ul><li>a<ul><li>b</ul><li>c</ul><ul><li>d</ul>', "- a\n  - b\n- c\n\n* d"),
        ('<ol start="3"><li><p>a</p><p>b</p><li>c</ol>', "3. a\n\n   b\n\n4. c"),
        ("<blockquote><p>a</p><ul><li>b</ul></blockquote>", "> a\n>\n> - b"),
        ('<pre class="brush: py">x\n\n```\n</pre>', "````py\nx\n\n```\n````"),
        ("<h2>A #</h2><h3></h3><hr>", "## A \\#\n\n***"),
        ("<dl><dt>T<dd>D<dd>E</dl>", "T\n:   D\n:   E"),
        ("<table><tr><th>a<th align=right>b<tr><td>1|<td align=right>2</table>", "| a | b |\n| --- | ---: |\n| 1\\| | 2 |"),
        ("<table><tr><td>1<td colspan=2>2</table>", '<table>\n<tr>\n<td>1</td><td colspan="2">2</td></tr>\n</table>'),
        ('<figure><img src="a.jpg" alt="A"></figure>', "![A](a.jpg)"),
        ('<figure><img src="a.jpg" alt="A"><figcaption>B</figcaption></figure>', ":::figure[B]\n![A](a.jpg)\n:::"),
        ('<img src="data:x" data-src="b.jpg" alt="[B]">', "![\\[B\\]](b.jpg)"),
        ('<iframe src="//e.org/m" title=\'A "map"\'></iframe>', '::embed[https://e.org/m]{title="A \\"map\\""}'),
        ('<video poster="p.jpg"><source src="v.mp4"></video>', '::video{src="v.mp4" poster="p.jpg"}'),
        ("<details><summary>S</summary><p>T</p></details>", "<details><summary>S</summary>\n\nT\n\n</details>"),
        ('<a href="/x"><h3>A</h3><p>B</p></a>', "### [A](/x)\n\n[B](/x)"),
        ("# a<br>- b<br>::: c<br>--- | ---", "\\# a\\\n\\- b\\\n\\::: c\\\n\\--- | ---"),
    ],
)  # fmt: skip
def test_each_form(html: str, written: str) -> None:
    assert markdown(html).text == written
    rendered(written)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p>a</p>\n<script src=x></script>", "a script"),
        ("<p>a</p>\n<form><input></form>", "a form"),
        ('<p>a</p>\n<object data="x"></object>', "a plug-in"),
        ('<p>a</p>\n<img src="data:image/png;base64,AA" alt="">', "a picture inside the page"),
        ('<p>a</p>\n<a href="javascript:x()">b</a>', "a link of a scheme that is not allowed"),
        ("<p>a</p>\n<video></video>", "video without a file"),
    ],
)
def test_what_is_left_out_is_told_with_its_line(html: str, reason: str) -> None:
    assert [(one.number, one.reason) for one in markdown(html, 5).cuts] == [(6, reason)]


def test_plain_text() -> None:
    assert plain("Fish &amp; <b>chips</b>\n<script>x</script>") == "Fish & chips"


TEXT = st.text(alphabet="ab *_`[]()<>&#!\\~-+1.:|=\n'\"é“中^{}$/", max_size=12)
INLINE = st.recursive(
    TEXT.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(("em", "strong", "b", "i", "span", 'a href="/x"', "sup", "code")),
        st.lists(inner, max_size=3),
    ),
    max_leaves=6,
)
BLOCK = st.builds(
    lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
    st.sampled_from(("p", "h2", "blockquote", "div")),
    st.lists(INLINE, max_size=4),
) | st.builds(
    lambda tag, items: f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>",
    st.sampled_from(("ul", "ol")),
    st.lists(INLINE, min_size=1, max_size=3),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(BLOCK, max_size=3).map("".join))
@example('<p><a href="/x"><code>1</code><code>[</code></a></p>')
@example('<p>1<a href="/x"> </a>1</p>')
def test_newsgen_renders_what_was_said(html: str) -> None:
    assert words(rendered(markdown(html).text)) == words(html)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "<p> <b> </b> </p> <table> <tr> <td> </table> <li> <ul> </ul> <a <!-- --> > \" ' x & <img <br/> <pre> <code> <figure> </figure> <figcaption> <dl> <dt> <dd> <script> <iframe> [ ] :::".split(
                " "
            )
        ),
        max_size=40,
    ).map(" ".join),
    st.booleans(),
)
def test_whatever_the_html_is_it_ends_in_markdown_without_an_error(html: str, breaks: bool) -> None:
    found = render("a.md", markdown(html, breaks=breaks).text, 1, MarkdownSettings())
    assert [one for one in found.diagnostics if one.severity == "error"] == []


@pytest.mark.parametrize(
    "html",
    ["<div>" * 50_000, "<b>" * 50_000, "<ul><li>" * 10_000, "<a href='" * 50_000, "<p><b>x</p>" * 20_000, "<!--" * 50_000,
     "<table><tr><td>" * 10_000, "<script>" * 50_000, "[" * 100_000, "<figure><img src=a>" * 10_000, "<b>" + "x\n\n" * 20_000],
)  # fmt: skip
def test_no_html_takes_more_than_its_length(html: str) -> None:
    start = time.process_time()
    markdown(html, breaks=True)
    assert time.process_time() - start < 10


def test_end_tags_that_nobody_wrote_are_supplied() -> None:
    tree = parsed("<p>a<div>b</p></div></i>c")
    assert [(one.tag, one.text()) for one in tree.elements()] == [("p", "a"), ("div", "b")]
    assert tree.text() == "abc"

"""Storytelling blocks: which lines are one, what each says and holds, what is wrong with it; and that none breaks out."""

from __future__ import annotations

import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.build import THEME_FOLDER
from newsgen.config import MarkdownSettings
from newsgen.content import markdown, prose
from newsgen.content.blocks import FORMS, MARK

SAFE, TRUSTED = MarkdownSettings(), MarkdownSettings(html="trusted")


def render(text: str, settings: MarkdownSettings = SAFE) -> markdown.Rendered:
    return markdown.render("content/a.md", text, 1, settings)


def said(text: str) -> list[str]:
    found = render(text).diagnostics
    return [f"{one.severity} {one.code} {one.place.line}:{one.place.column} {one.message}" for one in found]


TEXT = [
    "C++ std::vector and a :: b.",
    "::std::vector is a line of text",
    ":: two colons alone",
    "a :::facts in a line",
    "\\:::facts",
    "\\::embed[x]",
    "    :::facts",
    "```\n:::facts\n```",
    "Term\n: definition",
]


@pytest.mark.parametrize("text", TEXT)
def test_text_that_is_no_block(text: str) -> None:
    found = render(text)
    assert not found.blocks
    assert not found.diagnostics


@pytest.mark.parametrize("text", ["Plain.", "C++ std::vector and a :: b.", "See: this.", "- a :: b", "> a ::: b"])
def test_colons_inside_a_line_leave_the_fast_path_alone(text: str) -> None:
    assert all(block.html is not None for block in prose.blocks(text))


HTML = [
    (
        ":::facts\n\n    :::\n\n```\n~~~\n:::\n```\n:::",
        "<!--ng-open:0--><!--ng-body:0--><pre><code>:::\n</code></pre>\n"
        '<div class="highlight"><pre><code>~~~\n:::\n</code></pre></div>\n<!--ng-close:0-->',
    ),
    (
        "Before\n:::facts[A *title*]\n- a\n:::\nAfter",
        "<p>Before</p>\n<!--ng-open:0-->A <em>title</em><!--ng-body:0--><ul>\n<li>a</li>\n</ul>\n<!--ng-close:0-->"
        "<p>After</p>\n",
    ),
    (
        "::::facts\n:::takeaways\nx\n:::\n::::",
        "<!--ng-open:0--><!--ng-body:0--><!--ng-open:1--><!--ng-body:1--><p>x</p>\n<!--ng-close:1--><!--ng-close:0-->",
    ),
    (
        ":::facts\n```\n:::\n```\n:::",
        '<!--ng-open:0--><!--ng-body:0--><div class="highlight"><pre><code>:::\n</code></pre></div>\n<!--ng-close:0-->',
    ),
    (
        "> :::facts\n> a\n> :::\n> b",
        "<blockquote>\n<!--ng-open:0--><!--ng-body:0--><p>a</p>\n<!--ng-close:0--><p>b</p>\n</blockquote>\n",
    ),
    (
        ":::timeline\n- **May** a\n  - b\n:::",
        "<!--ng-open:0--><!--ng-body:0--><ol>\n<li><strong>May</strong> a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ol>\n"
        "<!--ng-close:0-->",
    ),
]


@pytest.mark.parametrize(("text", "html"), HTML)
def test_a_block_stands_between_markers(text: str, html: str) -> None:
    found = render(text)
    assert found.html == html
    assert not found.diagnostics


def test_what_a_block_says() -> None:
    (block,) = render(':::pullquote[x] {#Who-said .wide .tall data-a=b data-c=\'d "e" }\' cite="a.md"}\nx\n:::').blocks
    assert (block.name, block.id, block.classes) == ("pullquote", "who-said", ("wide", "tall"))
    assert block.attributes == (("data-a", "b"), ("data-c", 'd "e" }'), ("cite", "ng-ref:0"))


def test_links_of_a_block_are_references_like_all_others() -> None:
    found = render("[a](a.md)\n\n:::pullquote[[b](b.md)]{cite=c.md}\n[d](d.md)\n:::\n\n[e](e.md)")
    places = {one.target: (one.line, one.column) for one in found.references}
    assert places == {"a.md": (1, 5), "b.md": (3, 18), "c.md": (3, 30), "d.md": (4, 5), "e.md": (7, 5)}


def test_an_id_is_unique_beside_those_of_headings() -> None:
    found = render("## Facts\n\n:::facts{#facts}\n## Facts\n:::")
    assert found.blocks[0].id == "facts-2"
    assert [one.id for one in found.headings] == ["facts", "facts-3"]


MISTAKES = [
    (":::facts x\ny\n:::", ['error NG-221 1:1 the block cannot be read: "x" is neither [a label] nor {attributes}']),
    (":::{facts}\ny\n:::", ["error NG-221 1:1 the block cannot be read: three colons begin a block, and its name"]),
    (":::facts{a=}\ny\n:::", ['error NG-221 1:1 the block cannot be read: "a=" is no attribute']),
    (":::facts{data-a=b data-a=c}\ny\n:::", ['error NG-221 1:1 the block cannot be read: "data-a" is given twice']),
    ("a\n:::facts\ny\n", ['error NG-222 2:1 the block "facts" is not closed']),
    ("- :::facts\n  y\n\n:::", ['error NG-222 1:3 the block "facts" is not closed', "warning NG-223 4:1"]),
    (":::facts\n:::takeaways\ny\n:::\n:::", ['error NG-222 2:1 the block "takeaways" is not', "warning NG-223 5:1"]),
    ("a\n\n::::", ['warning NG-223 3:1 "::::" ends no block; it is left out']),
    (":::pullquote{cite=a.md city=b}\ny\n:::", ['warning NG-224 1:24 "pullquote" has no attribute "city"']),
    (":::facts\n:::", ['error NG-225 1:1 "facts" holds no text']),
    (":::timeline\ny\n:::", ['error NG-225 1:1 "timeline" holds no list, such as']),
    (":::qa[Who]\ny\n:::", ['error NG-225 1:1 "qa" holds no question']),
    ("::facts[x]", ['error NG-226 1:1 "facts" holds text']),
    (":::pullquote{cite='javascript:x'}\ny\n:::", ["warning NG-202 1:20 link to"]),
    (":::figure[x]\ny\n:::", ['error NG-225 1:1 "figure" holds no picture']),
    (":::gallery\n![](a.png)\n:::", ["warning NG-204 2:5 image without"]),
    (":::table\ny\n:::", ['error NG-225 1:1 "table" holds no table']),
    (
        ":::table\n| a | b |\n|---|---|\n| 1 |\n| 1 | 2 \\| 3 |\n1 | 2 | 3\n:::",
        ["warning NG-232 4:1 the row has 1 cells", "warning NG-232 6:1 the row has 3 cells, the first has 2"],
    ),
    ("::audio[Talk]", ['error NG-225 1:1 "audio" has no src']),
    ("::audio[Talk]{src='data:audio/x'}", ["warning NG-202 1:20 link to"]),
    ("::video[Film]{scr=a.mp4 src=b.mp4}", ['warning NG-224 1:15 "video" has no attribute "scr"']),
    ("::embed", ['error NG-228 1:1 "embed" needs a URL']),
    ("::embed[http://a.example/]", ['error NG-228 1:1 "embed" needs a URL']),
    ("::embed[javascript:alert(1)]", ['error NG-228 1:1 "embed" needs a URL']),
    ("::embed[https://a.example@b.example/]", ['error NG-228 1:1 "embed" needs a URL']),
    (":::embed[https://a.example/]\nx\n:::", ['error NG-226 1:1 "embed" is one line']),
    ("::chart[C]", ['error NG-225 1:1 "chart" has no src']),
    ("::chart[C]{src=a.csv type=colum}", ['error NG-227 1:1 there is no chart of type "colum"']),
    (":::facts\n<!--paywall-->\n:::", ["warning NG-410 2:1 a paywall inside"]),
]


@pytest.mark.parametrize(("text", "expected"), MISTAKES)
def test_mistakes_are_told_with_their_place(text: str, expected: list[str]) -> None:
    found = sorted(said(text))
    assert len(found) == len(expected), found
    assert all(one.startswith(begin) for one, begin in zip(found, expected, strict=True)), found


def test_the_example_of_every_block_can_be_read() -> None:
    for name, form in FORMS.items():
        assert render(form.example).blocks[0].name == name


def test_every_block_has_a_template_and_is_documented() -> None:
    templates = {path.stem for path in (THEME_FOLDER / "templates/blocks").glob("*.html")}
    assert templates == {*FORMS}
    text = (Path(__file__).parents[2] / "docs/blocks.md").read_text("utf-8")
    for name, form in FORMS.items():
        row = next(
            line for line in text.splitlines() if line.startswith(f"| `{form.example.partition(name)[0]}{name}`")
        )
        assert all(f"`{attribute}`" in row for attribute in form.attributes), row


PIECES = st.sampled_from(
    ":::facts|:::|::::|::::qa[|::x[y]|{a=b}|\n|\n\n|> |- |</div>|<div>|<aside title='<!--ng-close:0-->'>|<!--ng-open:0-->"
    "|<!-- ng-body:0-->|<b>|x|`|```|]|[a](b 'c <!--ng-close:0-->')|<hr class=\"ng-\">|&lt;!--ng-close:0--&gt;|<!--|-->".split(
        "|"
    )
)


def balanced(html: str) -> bool:
    """Whether every block has its three markers in their order, blocks nest, and the numbers are those of blocks."""
    stack: list[tuple[str, str]] = []
    for kind, number in MARK.findall(html):
        if kind == "open":
            stack.append((number, "body"))
        elif not stack or stack.pop() != (number, kind):
            return False
        elif kind == "body":
            stack.append((number, "close"))
    return not stack


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_text_unbalances_the_markers(text: str) -> None:
    for settings in (SAFE, TRUSTED):
        found = render(text, settings)
        assert balanced(found.html)
        numbers = [int(number) for kind, number in MARK.findall(found.html) if kind == "open"]
        assert len(set(numbers)) == len(numbers)
        assert all(number < len(found.blocks) for number in numbers)


class _Tags(HTMLParser):
    """Whether every tag is closed in the element where it was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.whole = True

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("br", "hr", "img", "input", "wbr", "col", "source", "track"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.whole = self.whole and bool(self.open) and self.open.pop() == tag


def whole(html: str) -> bool:
    parser = _Tags()
    parser.feed(html)
    parser.close()
    return parser.whole and not parser.open


@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_tag_reaches_out_of_a_block(text: str) -> None:
    found = render(text)
    for number in range(len(found.blocks)):
        if f"<!--ng-open:{number}-->" in found.html:
            label, body = found.html.split(f"<!--ng-open:{number}-->")[1].split(f"<!--ng-body:{number}-->")
            assert whole(label)
            assert whole(body.split(f"<!--ng-close:{number}-->")[0])


def test_the_guard_sees_a_tag_that_reaches_out() -> None:
    assert whole("<p>a<br><b>c</b></p>")
    assert not whole("</p>")
    assert not whole("<p><b></p>")


@pytest.mark.parametrize(
    "text",
    [
        ":::facts\n" * 20_000,
        "::::facts\n:::qa\n" * 10_000,
        "".join(f"{':' * (3 + n % 50)}facts\n" for n in range(20_000)),
        ":::facts[" + "[" * 20_000,
        ":::facts{" + "a=b " * 20_000,
        ":::facts{" + "'\\" * 20_000,
        ":::facts\nx\n:::\n" * 5_000,
        "> " * 15 + ":::facts\n" * 5_000,
    ],
)
def test_pathological_text_ends_soon(text: str) -> None:
    start = time.process_time()
    render(text)
    assert time.process_time() - start < 10

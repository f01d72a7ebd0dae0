"""The fast path gives what the full parser gives, or declines: compared on a table, on mixtures and on chance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.config import MarkdownSettings
from newsgen.content import markdown, prose

SETTINGS = MarkdownSettings()

PLAIN = [
    "One line.",
    "Two lines\nof one paragraph.",
    "A paragraph.\n\nAnother, with “quotes”, a dash – and 5 < numbers: no".replace("<", "of"),
    "## A heading\n\nText under it.",
    "## A heading\nText right under it.\n### Another\n# And a first one",
    "## *A* heading with [a link](https://example.org/) & “signs” > others",
    "Some *emphasis*, some **strong words** and *more*.",
    "(*[a](b)*), **An end.**” and *one more!*)",
    "(*in brackets*) and “**quoted**”, *end.*",
    "*Over\ntwo lines* and [a link\nover two](/lines).",
    "A [link](https://example.org/a/b.html) and [a story](../world/story.md#part) and [one](/about/).",
    "[One](https://example.org?a=1), ([two](https://example.org:80/)), “[three](a.md)”; [four](b%20c.md)!",
    "[Half](https://example.org/50%) and [more](https://example.org/50%zz).",
    "[Query](https://example.org/?a=1&b=2%20c,d#e:f) and [ours](story.md?a=1&b=2).",
    "*before [a link](https://example.org) after* and **[strong](/x)** here.",
    "open [ and [open [shut](/a) [ [sic]",
    "[one *word* strong](/a) and [sic] *and [words] in it*.",
    "Words [sic] in brackets, and a snake_case_name.",
    "Salt & pepper.",
    "1 > 0.",
    'Salt & pepper, AT&T, at 5% of $3: “no”, 7 > 5, "straight".',
    "## Same\n\n## Same\n\n## Same",
    "[refused](javascript:alert) and [another](data:text/html,x)",
    "Fünf Wörter, 日本語 и кириллица.",
    "[begins](/a)\xa0[between](/b) a\u2009[wide](/c)\n[and one](/d)",
    "Wide\u2009spaces\xa0and  two.",
    "1990. That was the year.",
    "1234567890. a\n\n1. b",
    "- one",
    "- one\n- *two*\n- [three](/c), “four”",
    "+ a list",
    "* a list\n* of **two**",
    "2) two\n3) three",
    "1. one\n1. one\n7. one",
    "***",
    "One\n\n---\n\n* * *\n\nTwo",
    "> a quote",
    "> a quote\n> of *two* lines\n>\n> and [two](a.md) paragraphs > no more",
    "> one\n\n> another\n\n— somebody",
    "Before\n\n- a\n- b\n\nAfter\n\n1. c\n\n> d\n\n- e",
    "A line of blanks\n \t \n- a\n   \nAfter",
    "",
    "\n\n\n",
]

MORE = [
    "- a list\n\n- that is loose",
    "- a list\n\n  that goes on",
    "- a list\n\n\n\tthat goes on",
    "- a list\n\n1. and another",
    "- a\n  - b\n\n- c",
    "- `a`\n\n- b",
    "- a\n\n  `b`\n\n- c",
    "1. a\n\n   b\n\n2. c",
    "- a\n* b",
    "1. a\n2) b",
    "- a\nlazy",
    "- a\n  more",
    "- a\n---",
    "- - a",
    "- 1. a",
    "- > a",
    "- # a",
    "- ",
    "-  a",
    "-",
    "- a\n-",
    "- a ",
    "- - -",
    "* ***",
    "x * a* b",
    "x ** a** b",
    "x *a * b",
    "x ***a* b",
    "a *b*c* d",
    "a ~~struck~~ word",
    "[a ](b)c",
    "12.",
    "12)",
    "> a\nlazy",
    ">a",
    "> > a",
    "> # a",
    "> - a",
    "> a\n>\n>\n> b",
    "> a\n>",
    ">",
    "> a\n> ---",
    ">     code",
    "** * **",
    "___",
    "Heading\n=======",
    "Heading\n---",
    "Text\n- a list",
    "Text\n> a quote",
    "Text\n  indented",
    "Text \nends in a blank",
    "    code",
    "`code`",
    "a <b>tag</b>",
    "an &amp; entity, &#35; or &copy; two",
    "an ![image](a.jpg)",
    "a_b_ c",
    "_emphasis_",
    "snake_case and _emphasis_",
    "two spaces  \nbreak",
    "back\\slash",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "5* and *6",
    "***both***",
    "*a **nested** b*",
    "*a*b and a*b*",
    "**a*",
    "* a*",
    "*a [b* c](d)",
    "*a [b](c* d)",
    "*a [b](c*)",
    "[a *b](c) d*",
    "[*a*](b) and *[c](d)*, *e*[f](g)",
    "[a](b)[c](d)",
    "[a](b)*c*",
    "[ a ](b)",
    "[a][b]",
    "[a] b] c",
    "[a [nested](b) link](c)",
    '[titled](a "title")',
    "[x](a(b)c)",
    "[x](<a b>)",
    "[x]()",
    "[x](a'b)",
    "Term\n\n: definition",
    "Term\n\n  : definition",
    "Term\n~ definition",
    ":clap: :clap:",
    "[ref]: https://example.org\n\n[ref]",
    "> [ref]: https://example.org\n\n[ref]",
    "note[^1]\n\n[^1]: text",
    "note^[text]",
    "## Closed ##",
    "## ",
    "####### Seven",
    "#hashtag",
    "Text\n#hashtag",
    "~~struck~~",
    "~~~\ncode\n\ncode\n~~~",
    "```\ncode\n\ncode\n```",
    "\u00a0begins with a wide space",
    "ends with one\u00a0",
    "a\x0bb",
]


def same(text: str) -> None:
    """The one comparison of this file."""
    fast = markdown.render("a.md", text, 3, SETTINGS)
    full = markdown.full_markdown("a.md", text, 3, SETTINGS)
    assert fast == full


@pytest.mark.parametrize("text", PLAIN)
def test_plain_prose_takes_the_fast_path_and_comes_out_the_same(text: str) -> None:
    assert all(block.html is not None for block in prose.blocks(text))
    same(text)


@pytest.mark.parametrize("text", MORE)
def test_what_is_more_than_prose_is_declined_and_comes_out_the_same(text: str) -> None:
    assert any(block.html is None for block in prose.blocks(text))
    same(text)


@given(st.lists(st.sampled_from(PLAIN + MORE), max_size=8), st.sampled_from(["\n", "\n\n", "\n \n", "\n\n\n"]))
def test_mixtures_come_out_the_same(texts: list[str], between: str) -> None:
    same(between.join(texts))


SIGNS = st.sampled_from(
    [*"*_[]()#>-+.:;,!?&<\\`~|=\"'’\n\n\n \u00a0\u2009", "**", "](", "](/a)", "1. ", "\n\n", "## ", "é", "я"]
)
WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=4)


@given(st.lists(SIGNS | WORDS, max_size=40).map("".join))
def test_chance_comes_out_the_same(text: str) -> None:
    same(text)


# Prose as people type it, with a slip here and there: words and marks stand close, so that the rules of both meet.
INLINE = st.lists(
    st.sampled_from(
        [
            *(
                "word",
                "Two words",
                " ",
                " ",
                " ",
                ", ",
                "\n",
                "*",
                "*",
                "**",
                "**",
                "“",
                "”",
                "'",
                '"',
                "(",
                ")",
                "—",
                "–",
            ),
            *("[", "]", "](/a)", "](https://example.org/a_b?c=d&e#f)", "](b c)", "[sic]", "[a](b.md)", "*a*", "**b**"),
            *(
                "[*c*](d)",
                "*[e](f)*",
                "[g *h*](i)",
                "snake_case",
                "_",
                "!",
                "&",
                "&amp;",
                ".",
                ":",
                " - ",
                "7",
                "é",
                "\xa0",
            ),
        ]
    ),
    min_size=1,
    max_size=14,
).map("".join)
MARKS = st.sampled_from(
    [
        *(
            "",
            "",
            "",
            "- ",
            "- ",
            "* ",
            "1. ",
            "2) ",
            "> ",
            "> ",
            ">\n> ",
            "## ",
            "# ",
            "  ",
            "   ",
            "\t",
            "-",
            ">",
            "---\n",
        )
    ]
)
BREAKS = st.sampled_from(["\n\n", "\n\n", "\n", "\n", "\n \n", "\n\n\n"])
LINES = st.lists(st.tuples(MARKS, INLINE, BREAKS).map("".join), max_size=6).map("".join)


@given(LINES)
def test_prose_with_slips_comes_out_the_same(text: str) -> None:
    same(text)


@given(INLINE)
def test_marks_that_meet_come_out_the_same(text: str) -> None:
    same(text.replace("\n", " ").strip() or "-")


@given(st.lists(st.sampled_from(["- a", "- b", "* c", "1. d", "2. e", "  f", "   - g", "h", "> i", "---", "", ""])))
def test_lists_and_what_stands_about_them_come_out_the_same(lines: list[str]) -> None:
    same("\n".join(lines))


URLS = st.lists(
    st.sampled_from([*"abXY09/.-_~!$,;:=@+%#?&()*'", "%20", "%zz", "..", "//", "é", ":80", "www.", '"']), max_size=10
).map("".join)


@given(
    st.sampled_from(
        ["https://example.org", "http://", "https://", "HTTP://a.B/", "", "/", "../", "#", "mailto:", "mailto:a@b.org"]
    ),
    URLS,
)
def test_urls_come_out_the_same(begin: str, end: str) -> None:
    same(f"A [link]({begin}{end}) here")

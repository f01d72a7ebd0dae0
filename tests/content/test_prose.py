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
    "Some *emphasis*, some **strong words** and *more*.",
    "(*in brackets*) and “**quoted**”, *end.*",
    "A [link](https://example.org/a/b.html) and [a story](../world/story.md#part) and [one](/about/).",
    "*before [a link](https://example.org) after*",
    "Words [sic] in brackets, and a snake_case_name.",
    "Salt & pepper, at 5% of $3: “no”.",
    "## Same\n\n## Same\n\n## Same",
    "[refused](javascript:alert) and [another](data:text/html,x)",
    "Fünf Wörter, 日本語 и кириллица.",
    "",
    "\n\n\n",
]

MORE = [
    "1990. That was the year.",
    "- a list",
    "+ a list",
    "* a list",
    "***",
    "> a quote",
    "Heading\n=======",
    "Heading\n---",
    "    code",
    "`code`",
    "a <b>tag</b>",
    "an &amp; entity",
    "an ![image](a.jpg)",
    "a_b_ c",
    "_emphasis_",
    "two spaces  \nbreak",
    "back\\slash",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "5* and *6",
    "***both***",
    "*a **nested** b*",
    "[a [nested](b) link](c)",
    '[titled](a "title")',
    "[x](a(b)c)",
    "Term\n\n: definition",
    ":clap: :clap:",
    "[ref]: https://example.org\n\n[ref]",
    "note[^1]\n\n[^1]: text",
    "## Closed ##",
    "#hashtag",
    "~~struck~~",
    "\u00a0begins with a wide space",
]


def same(text: str) -> None:
    """The one comparison of this file."""
    fast = markdown.render("a.md", text, 3, SETTINGS)
    full = markdown.full_markdown("a.md", text, 3, SETTINGS)
    assert fast == full


@pytest.mark.parametrize("text", PLAIN)
def test_plain_prose_takes_the_fast_path_and_comes_out_the_same(text: str) -> None:
    assert all(prose.blocks(part) is not None for part in prose.parts(text))
    same(text)


@pytest.mark.parametrize("text", MORE)
def test_what_is_more_than_prose_is_declined_and_comes_out_the_same(text: str) -> None:
    assert any(prose.blocks(part) is None for part in prose.parts(text))
    same(text)


@given(st.lists(st.sampled_from(PLAIN + MORE), max_size=8), st.sampled_from(["\n", "\n\n", "\n \n"]))
def test_mixtures_come_out_the_same(texts: list[str], between: str) -> None:
    same(between.join(texts))


SIGNS = st.sampled_from(
    [*"*_[]()#>-+.:;,!?&<\\`~|=\"'’\n\n\n \u00a0\u2009", "**", "](", "](/a)", "1. ", "\n\n", "## ", "é", "я"]
)
WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=4)


@given(st.lists(SIGNS | WORDS, max_size=40).map("".join))
def test_chance_comes_out_the_same(text: str) -> None:
    same(text)

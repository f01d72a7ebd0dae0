"""Plain text as Markdown: what is rendered is the text, letter for letter, and prose is left as it was typed."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from newsgen.importers.escape import escaped

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
MARKDOWN.use(footnote_plugin).use(deflist_plugin)

SIGNS = st.text(alphabet="abZ 19.)#>-+*_<&`[]|~:=!\\/(){}^\"';%@$, \u00a0é中’", min_size=1, max_size=40)
LETTERS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40
)
MARKUP = st.lists(
    st.sampled_from(
        "**|__|~~|*|_|[a](b)|[a]: /x|[^1]|[^1]: n|^[n]|![x](y)|<b>|</p>|<!-- c -->|&amp;|&#35;|https://a.b|<https://a.b>|"
        "- |1. |12) |#|> |---|===|***|::: note|: d|word|a_b|x*y|\\|`c`|```|~~~|[ ] |[x]|{.c}|{{ x }}|+++| |\t".split(
            "|"
        )
    ),
    min_size=1,
    max_size=8,
).map("".join)
TABLES = st.sampled_from(["| a | b |", "|---|---|", "a | b", "--|--", "| 1 | 2 |"])


def rendered(paragraphs: list[str]) -> list[str]:
    """The text of each paragraph that the Markdown makes; fails where it makes anything but paragraphs of text."""
    page: str = MARKDOWN.render("\n\n".join(escaped(paragraph) for paragraph in paragraphs))
    inner = re.findall(r"<p>([^<]*)</p>\n", page)
    assert "".join(f"<p>{text}</p>\n" for text in inner) == page
    return [plain(html.unescape(text)) for text in inner]


def plain(text: str) -> str:
    return " ".join(text.split())


@given(st.lists(SIGNS | LETTERS | MARKUP | TABLES, min_size=1, max_size=4))
def test_paragraphs_survive_letter_for_letter(paragraphs: list[str]) -> None:
    paragraphs = [paragraph for paragraph in paragraphs if plain(paragraph)]
    assert rendered(paragraphs) == [plain(paragraph) for paragraph in paragraphs]


@pytest.mark.parametrize(
    "prose",
    [
        '“It’s 5 * 3,” she said - "isn\'t it?" - and left; AT&T <3 file_name_here, [sic] #tag x|y ~10% of $5!',
        "1990s fashion: a-b, 3.5 + 1 = 4.5, 7 < 8 > 6, Q&A & R&B; 100 % (a) {b} c/d e\\f".replace("\\", "/"),
        "@handle wrote: see https://example.org/a_b?c=d&e=f.",
        "A line with 1. inside, a > and a # too.",
    ],
)
def test_ordinary_prose_is_left_as_it_is(prose: str) -> None:
    assert escaped(prose) == prose


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("1990. It was cold.", "1990\\. It was cold."),
        ("12) twelve", "12\\) twelve"),
        ("# 1 in the charts", "\\# 1 in the charts"),
        ("###### six", "\\###### six"),
        ("- a dash", "\\- a dash"),
        ("> quoted", "\\> quoted"),
        ("* Figures are provisional.", "\\* Figures are provisional."),
        ("four times as many.* Several", "four times as many.\\* Several"),
        ("_private and snake_case", "\\_private and snake_case"),
        ("a <b> and a < b", "a \\<b> and a < b"),
        ("R&amp;D", "R\\&amp;D"),
        ("see [here](there)", "see \\[here](there)"),
        ("[note]: a text", "\\[note]: a text"),
        ("C:\\temp", "C:\\\\temp"),
        ("---", "\\---"),
        (": a definition", "\\: a definition"),
        ("::: box", "\\::: box"),
        ("  two  spaces\tand a tab  ", "two spaces and a tab"),
        ("10\u00a0km", "10\u00a0km"),
    ],
)
def test_what_would_be_markup_is_escaped(text: str, markdown: str) -> None:
    assert escaped(text) == markdown

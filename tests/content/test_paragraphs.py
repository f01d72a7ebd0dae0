"""The paragraphs of a Markdown body: the words of a reader, each in its place."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.content.paragraphs import paragraphs


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("One.\nstill one.\n\n\nTwo.\n", ["One. still one.", "Two."]),
        ("# Head\n\n- an item\n- another\n", ["# Head", "- an item - another"]),
        ("See [the port](https://xu.example/sudmark) now", ["See [the port now"]),
        ("![A ship](ship.jpg)\n\n***\n\nText", ["![A ship", "Text"]),
        ("A `sudmark` and https://sudmark.example/x here", ["A and here"]),
        ("```py\nsudmark = 1\n\nmore\n```\n\nText\n", ["Text"]),
        ("~~~\nnever closed\n\nsudmark", []),
        ("<!-- sudmark -->Text<!-- open\n\nsudmark", ["Text"]),
        ("<div class='sudmark'>in</div> R&amp;D", ["in R D"]),
        ("[port]: https://sudmark.example 'Title'\n\nText", ["Text"]),
        (":::facts[Sudmark]{kind=note}\nText\n:::\n", ["[Sudmark] Text"]),
        ("_Sudmark_ and snake_case", ["Sudmark and snake_case"]),
        ("", []),
        ("\n***\n\n---\n", []),
    ],
)
def test_what_is_no_prose_is_blanked(body: str, words: list[str]) -> None:
    assert [" ".join(text.split()) for _, text in paragraphs(body)] == words


@given(st.text(alphabet="ab \n`~<>![]():/{}_&;#-h1", max_size=200))
def test_every_sign_stands_where_it_stood(body: str) -> None:
    end = 0
    for offset, text in paragraphs(body):
        assert offset >= end
        assert re.search(r"\w", text)
        assert not re.search(r"\n[^\S\n]*\n", text)
        there = body[offset : offset + len(text)]
        assert all(sign in (" ", was) for sign, was in zip(text, there, strict=True))
        end = offset + len(text)


@pytest.mark.parametrize(
    "sign", ["<", "`", "```\n", "](", "[", "<!--", "&", "{", "_", "a_", ":", "<a ", "~~~", "http://", "\n[a", "_a"]
)
def test_hostile_text_takes_no_more_than_its_length(sign: str) -> None:
    """A quadratic step would take minutes for so many signs."""
    started = time.process_time()
    list(paragraphs(sign * 20_000))
    list(paragraphs("x" + sign * 20_000 + "y"))
    assert time.process_time() - started < 10

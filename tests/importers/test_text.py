"""Raw text as numbered paragraphs: decoding, line ends, hard wraps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.importers.text import ends_sentence, folded, paragraphs


def never(_: str) -> bool:
    return False


def read(text: str) -> list[str]:
    return [paragraph.text for paragraph in paragraphs(text, never)]


WRAPPED = """\
A headline that is short

The captain of the ferry has nine minutes to unload eighty cars, load
eighty more and take on enough electricity to cross the fjord once. She
had kept something back.

1990 was the last year in which the boat was late, which the crew blames
on fog.
"""


CASES = {
    "blank lines": ("One\n\nTwo\n\nThree", ["One", "Two", "Three"]),
    "other line ends": ("One\r\n\r\nTwo\r\rThree\r\n", ["One", "Two", "Three"]),
    "no blank lines": ("One\nTwo.\nThree.", ["One", "Two.", "Three."]),
    "spaces": ("One\n \t\nTwo  words\there  \n", ["One", "Two words here"]),
    "a sentence a line": (
        "One\n\nHe said no.\nShe said yes.\n\nThree",
        ["One", "He said no.", "She said yes.", "Three"],
    ),
    "verse": ("Ode\n\nShe walks in\nbeauty like\n\nof climes", ["Ode", "She walks in", "beauty like", "of climes"]),
    "wrapped": (
        WRAPPED,
        [
            "A headline that is short",
            "The captain of the ferry has nine minutes to unload eighty cars, load eighty more and take on enough"
            " electricity to cross the fjord once. She had kept something back.",
            "1990 was the last year in which the boat was late, which the crew blames on fog.",
        ],
    ),
    "empty": ("", []),
    "blank": ("\n \n", []),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_paragraphs(text: str, expected: list[str]) -> None:
    assert read(text) == expected


def test_a_line_that_stands_alone_is_not_joined_in_a_wrapped_text() -> None:
    text = (
        WRAPPED
        + "\nThe ferry, its crew and its operator are invented, and so is the quay at\nwhich it lies.\nShare this\n"
    )
    found = paragraphs(text, lambda line: line == "Share this")
    assert [paragraph.text for paragraph in found][-1] == "Share this"
    assert read(text)[-1].endswith("which it lies. Share this")


def test_paragraphs_know_their_text_lines_and_where_they_begin() -> None:
    found = paragraphs(WRAPPED, never)
    assert [(one.lines, one.number) for one in found] == [((0,), 1), ((1, 2, 3), 3), ((4, 5), 7)]


@given(st.text(alphabet=st.sampled_from("ab .,\n\r\t\u2028\u00a0é")))
def test_no_letter_is_lost_or_moved(text: str) -> None:
    assert "".join("".join(read(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("So it is.", True),
        ("“So it is.”", True),
        ("Is it?", True),
        ("他说。", True),
        ("So it is", False),
        ("Share:", False),
    ],
)
def test_ends_sentence(text: str, ends: bool) -> None:
    assert ends_sentence(text) is ends


def test_folded_lines_are_one_whatever_their_quotes_case_and_spaces() -> None:
    assert folded("“It’s”  a — Test…") == folded('"it\'s" A - test...')

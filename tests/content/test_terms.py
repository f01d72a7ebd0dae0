"""The terms of a text: what it is about, in a dozen words."""

from __future__ import annotations

import pytest

from newsgen.content.terms import MOST, rarity, terms

FERRY = """
The ferries of the strait stopped on Monday. A ferry needs a harbour, and the harbour has no water: the government said
that the ferry company would dredge the harbour. [The company](https://example.org/zeppelin/zeppelin/zeppelin.html)
says "dredging" costs <b class="zeppelin">€2m</b>. Skarvøy’s mayor asked for a bridge at Skarvøy; Skarvøy waits.
"""


def test_terms_are_what_is_named_often_and_seldom_elsewhere() -> None:
    assert terms("A strait without ferries", "No boats to Skarvøy.", FERRY, "en") == (
        "ferry", "harbour", "skarvøy", "strait",
    )  # fmt: skip


@pytest.mark.parametrize(
    "edit", [("on Monday", "on Tuesday"), ("stopped", "ended"), (" needs a ", " must have a "), ("€2m", "€3m")]
)
def test_a_small_edit_leaves_them_alone(edit: tuple[str, str]) -> None:
    before = terms("A strait without ferries", "", FERRY, "en-GB")
    assert terms("A strait without ferries", "", FERRY.replace(*edit), "en-GB") == before


def test_no_addresses_and_no_markup() -> None:
    text = "[a](/zeppelin/zeppelin.md) https://zeppelin.example/zeppelin <zeppelin zeppelin> &zeppelin; &zeppelin;" * 9
    assert "zeppelin" not in terms("", "", text, "en")
    assert terms("", "", "zeppelin " * 9, "en") == ("zeppelin",)


def test_at_most_a_dozen() -> None:
    words = ["".join(chr(97 + (n * k) % 26) for k in range(1, 9)) for n in range(1, 25)]
    assert len(terms("", "", " ".join(words * 5), "en")) == MOST


@pytest.mark.parametrize("text", ["", "\ud800", "\x00", "’" * 9, "é" * 99, "s " * 99, "ss us is ies sses"])
def test_any_text_has_terms_or_none(text: str) -> None:
    for language in ("en", "de", ""):
        if text != "\ud800":  # which no file holds
            assert isinstance(terms(text, text, text, language), tuple)


def test_texts_of_other_languages_have_the_words_of_title_and_description() -> None:
    assert terms("Die Fähre steht still", "Im Hafen.", "Zeppelin " * 9, "de") == (
        "die", "fähre", "hafen", "steht", "still",
    )  # fmt: skip
    assert terms("中国制裁", "", "", "zh-CN") == ("中国", "制裁", "国制")


def test_a_word_that_no_table_holds_is_the_rarest() -> None:
    assert rarity("zeppelin") > rarity("disaster") > rarity("budget") > rarity("the")

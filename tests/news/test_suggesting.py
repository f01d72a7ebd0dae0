"""Names and phrases that no tag covers, with counts and the place of the first."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from newsgen.news.suggesting import Passage, Suggestion, suggestions


def suggest(*articles: str, least: int = 2, known: tuple[str, ...] = ()) -> tuple[list[Suggestion], list[Suggestion]]:
    return suggestions(lambda: [[Passage(0, text)] for text in articles], least, 20, known)


def phrases(found: Sequence[Suggestion]) -> list[tuple[str, int, int]]:
    return [(one.phrase, one.articles, one.mentions) for one in found]


def test_names_are_counted_by_articles_and_mentions() -> None:
    names, _ = suggest(
        "We met Ada Skarholt and Ada Skarholt left.", "There Ada Skarholt sat.", "Then the Port of Nordhavn shut."
    )
    assert phrases(names) == [("Ada Skarholt", 2, 3)]
    assert names[0].first == (0, 7)


def test_a_word_that_begins_a_sentence_is_a_name_where_it_is_one_elsewhere() -> None:
    names, _ = suggest("Nordhavn slept. Boats waited.", "In Nordhavn boats slept.", "Boats and Nordhavn.")
    assert phrases(names) == [("Nordhavn", 3, 3)]


def test_a_sentence_lends_its_capital_to_no_name() -> None:
    names, _ = suggest("The Port of Nordhavn shut, the sea rose.", "The Port of Nordhavn opened, and the boats left.")
    assert phrases(names) == [("Port of Nordhavn", 2, 2)]


def test_a_part_of_a_longer_name_is_told_by_that() -> None:
    names, _ = suggest(*["so Ada Skarholt said"] * 5, "so Skarholt said", "so Ada said", "an Ada here")
    assert [one.phrase for one in names] == ["Ada Skarholt"]


def test_possessives_are_taken_off() -> None:
    assert phrases(suggest("of Nordhavn's port", "of Nordhavn’s port")[0]) == [("Nordhavn", 2, 2)]


def test_what_is_known_or_covered_is_left_out() -> None:
    text = "so Ada Skarholt said"
    assert suggest(text, text, known=("ada skarholt",))[0] == []
    covered = [[Passage(0, text, [(3, 6)])]] * 3
    assert suggestions(lambda: covered, 2, 20) == ([], [])


def test_what_joins_names_ends_none() -> None:
    assert phrases(suggest("so Nordhavn of old shut", "in Nordhavn of old")[0]) == [("Nordhavn", 2, 2)]


def test_a_word_that_is_in_lower_case_in_more_articles_is_no_name() -> None:
    names, _ = suggest("then see Weather", "then see Weather", *["the weather held"] * 3)
    assert names == []


def test_words_that_are_often_apart_are_no_phrase() -> None:
    assert suggest("a tidal barrier", "tidal waters", "one barrier")[1] == []
    assert phrases(suggest("a tidal barrier", "the tidal barrier")[1]) == [("tidal barrier", 2, 2)]


def test_phrases_are_words_that_keep_company() -> None:
    texts = [
        "he saw a tidal barrier there",
        "no tidal barrier holds",
        "one barrier alone, with tidal mills",
        *["ships came with cargoes, and cargoes with ships"] * 30,
    ]
    assert phrases(suggest(*texts)[1]) == [("tidal barrier", 2, 2)]


@given(st.lists(st.text(alphabet="aB. \n’'softhe-Ü中", max_size=80), max_size=6), st.integers(1, 3))
def test_counts_are_of_the_articles_and_the_first_place_holds_the_phrase(texts: list[str], least: int) -> None:
    for found in suggest(*texts, least=least):
        for one in found:
            number, at = one.first
            assert least <= one.articles <= len(texts)
            assert one.mentions >= one.articles
            assert " ".join(texts[number][at:].split()).startswith(one.phrase.split(" ")[0])

"""Translations: groups of one text, whichever of them names which, and what is said of those that make no sense."""

from __future__ import annotations

import pytest

from newsgen.diagnostics import Place
from newsgen.model import Card
from newsgen.news.translations import groups


def card(name: str, lang: str = "", of: str = "") -> Card:
    return Card(f"content/world/{name}.md", name, "world", "", "", "", lang=lang, translation_of=of)


def told(*cards: Card, others: tuple[str, ...] = ()) -> tuple[dict[str, str], list[str]]:
    """The slugs of each group by those of its members, and the codes of what is said, each with its place."""
    members, said = groups(cards, others, "en", Place)
    slugs = {cards[one].slug: " ".join(cards[other].slug for other in all) for one, all in members.items()}
    return slugs, [f"{one.code} {one.place.path.split('/')[-1]}" for one in said]


@pytest.mark.parametrize(
    "path", ["ferry.md", "/world/ferry.md", "world/ferry.md", "content/world/ferry.md", "../world/ferry.md"]
)
def test_an_original_is_named_from_the_file_or_from_content(path: str) -> None:
    assert told(card("faehre", "de", path), card("ferry")) == (dict.fromkeys(("faehre", "ferry"), "ferry faehre"), [])


def test_a_translation_of_a_translation_is_one_of_the_group() -> None:
    group = "ferry faehre parom"
    found = told(card("parom", "ru", "faehre.md"), card("faehre", "de", "ferry.md"), card("ferry"))
    assert found == (dict.fromkeys(("ferry", "faehre", "parom"), group), [])


def test_a_withheld_original_is_no_member_and_its_translations_know_each_other() -> None:
    one, two = card("faehre", "de", "ferry.md"), card("parom", "ru", "ferry.md")
    assert told(two, one, others=("content/world/ferry.md",)) == (
        dict.fromkeys(("faehre", "parom"), "faehre parom"),
        [],
    )
    assert told(one, others=("content/world/ferry.md",)) == ({}, [])


@pytest.mark.parametrize(
    ("cards", "said"),
    [
        ((card("faehre", "de", "fery.md"), card("ferry")), ["NG-451 faehre.md"]),
        ((card("faehre", "de", "ferry.md"), card("fb", "de", "ferry.md"), card("ferry")), ["NG-452 fb.md"]),
        ((card("faehre", "de", "ferry.md"), card("ferry", "en", "faehre.md")), ["NG-453 faehre.md", "NG-453 ferry.md"]),
        ((card("ferry", "", "ferry.md"),), ["NG-453 ferry.md"]),
        ((card("faehre", "", "ferry.md"), card("ferry")), ["NG-454 faehre.md"]),
    ],
)
def test_what_makes_no_sense_is_said(cards: tuple[Card, ...], said: list[str]) -> None:
    assert told(*cards)[1] == said


def test_of_two_in_one_language_the_others_know_one() -> None:
    found, _ = told(card("faehre", "de", "ferry.md"), card("fb", "de", "ferry.md"), card("ferry"))
    assert found == dict.fromkeys(("ferry", "faehre"), "ferry faehre")

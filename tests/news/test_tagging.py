"""Tags by gazetteer: counts, boundaries, case, exclusions, threshold and cap."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.config import ImportSettings
from newsgen.model import Term
from newsgen.news.tagging import TagEvidence, chosen, evidence, gazetteer


def tag(title: str, *aliases: str, exact: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> Term:
    id = f"content/tags/{title}.md"
    return Term(id=id, family="tag", title=title, aliases=aliases, case_sensitive=exact, exclude=exclude)


REGISTRY = (
    tag("Norland", "Norlander", "Norlanders", "Nordhavn", "Skarholt", "Ada Skarholt"),
    tag("Sudmark", "Sudmarker", "Xu", "Xu Lan"),
    tag("sanctions", "sanction", "sanctioned"),
    tag("tariffs", "tariff"),
    tag("Eastern Union", "EU", exact=("EU",)),
)

STORY = (
    "Ada Skarholt visits Sudmark to mend ties with Xu Lan",
    (
        "Skarholt arrived on Monday, the third Norlander to do so. Norland’s sanctions were the theme.",
        "Xu Lan spoke of tariffs, of a tariff on steel and of the sanctioned ships.",
        "Nordhavn denied it, Sudmark did not. No sanction is eternal.",
        "The EU looked on.",
        "In Sudmark tariffs are called a gift.",
    ),
)


def test_evidence_counts_hits_in_title_body_paragraphs_and_first_paragraph() -> None:
    assert evidence(gazetteer(REGISTRY), *STORY) == (
        TagEvidence("Norland", title=1, body=4, paragraphs=2, first=3),
        TagEvidence("Sudmark", title=2, body=3, paragraphs=3, first=0),
        TagEvidence("sanctions", title=0, body=3, paragraphs=3, first=1),
        TagEvidence("tariffs", title=0, body=3, paragraphs=2, first=0),
        TagEvidence("Eastern Union", title=0, body=1, paragraphs=1, first=0),
    )


def test_the_title_weighs_five_the_first_paragraph_two_and_each_paragraph_one() -> None:
    assert [(one.tag, one.score) for one in evidence(gazetteer(REGISTRY), *STORY)] == [
        ("Norland", 13),
        ("Sudmark", 13),
        ("sanctions", 5),
        ("tariffs", 2),
        ("Eastern Union", 1),
    ]


def test_a_tag_is_chosen_for_the_title_or_for_enough_paragraphs_in_alphabetical_order() -> None:
    found = evidence(gazetteer(REGISTRY), *STORY)
    assert chosen(found, ImportSettings()) == ("Norland", "sanctions", "Sudmark")
    assert chosen(found, ImportSettings(threshold=2)) == ("Norland", "sanctions", "Sudmark", "tariffs")
    assert chosen(found, ImportSettings(threshold=1, max_tags=2)) == ("Norland", "Sudmark")
    assert chosen(found, ImportSettings(max_tags=0)) == ()


def test_of_equal_scores_the_alphabet_decides() -> None:
    terms = (tag("delta"), tag("Beta"), tag("alpha"), tag("gamma"))
    found = evidence(gazetteer(terms), "gamma delta alpha beta", ())
    assert [one.tag for one in found] == ["alpha", "Beta", "delta", "gamma"]
    assert chosen(found, ImportSettings(max_tags=3)) == ("alpha", "Beta", "delta")


@pytest.mark.parametrize(
    ("terms", "text", "hits"),
    [
        ((tag("Russia", "Russian"),), "Prussia, Russians, Russia_x, russia2 and xRussia", {}),
        ((tag("Russia"),), "RUSSIA, russia and (Russia): anti-Russia Russia's Russia’s", {"Russia": 6}),
        ((tag("US", exact=("US",)),), "Tell us: the US, US-made, U.S. and Us", {"US": 2}),
        ((tag("US", "U.S.", exact=("US",)),), "the U.S. and u.s. law, U.S.-led, the U.S.A.", {"US": 3}),
        ((tag("Rome", "People's Forum"),), "the People’s   Forum and the people's\nforum", {"Rome": 2}),
        ((tag("Québec"),), unicodedata.normalize("NFD", "In Québec, QUÉBEC."), {"Québec": 2}),
        ((tag("China"), tag("South China Sea")), "The South China Sea, not China", {"South China Sea": 1, "China": 1}),
        ((tag("Mexico", exclude=("New Mexico",)),), "New Mexico and Mexico, new mexico", {"Mexico": 1}),
        ((tag("Xi", "Xi Jinping"),), "Xi Jinping met Xi; taxi, XI", {"Xi": 3}),
        ((tag("C++"), tag("C")), "C++ and C", {"C++": 1, "C": 1}),
        ((tag("rail", "Gauge"), tag("weapons", "gauge")), "the gauge", {"rail": 1, "weapons": 1}),
        ((tag("Istanbul", "İstanbul"),), "İstanbul, ISTANBUL, istanbul", {"Istanbul": 3}),
        ((tag(".NET"),), "the .NET platform, x.NET and NET", {".NET": 1}),
        ((tag("Москва"),), "В МОСКВА москва, Москвабад", {"Москва": 2}),
    ],
)
def test_names_are_found_at_word_boundaries(terms: tuple[Term, ...], text: str, hits: dict[str, int]) -> None:
    assert {one.tag: one.body for one in evidence(gazetteer(terms), "", [text])} == hits


def test_terms_of_other_families_and_an_empty_registry_give_nothing() -> None:
    author = Term(id="content/authors/ada.md", family="author", title="Ada")
    assert evidence(gazetteer((author,)), "Ada", ["Ada"]) == ()
    assert evidence(gazetteer(()), "Ada", ["Ada"]) == ()


@given(st.permutations(REGISTRY), st.lists(st.text(), max_size=3), st.text())
def test_the_order_of_the_registry_is_no_part_of_the_evidence(
    terms: list[Term], paragraphs: list[str], title: str
) -> None:
    text = (f"{title} Xu EU", [*paragraphs, "The tariff of Nordhavn"])
    assert evidence(gazetteer(terms), *text) == evidence(gazetteer(REGISTRY), *text)

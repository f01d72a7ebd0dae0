"""Tags by gazetteer: counts, boundaries, case, exclusions, threshold and cap."""

from __future__ import annotations

import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.config import ImportSettings
from newsgen.model import Term
from newsgen.news.tagging import TagEvidence, chosen, evidence, gazetteer, hits, passages, plain, revised


def tag(
    title: str,
    *aliases: str,
    exact: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
    unless: tuple[str, ...] = (),
) -> Term:
    id = f"content/tags/{title}.md"
    return Term(id=id, family="tag", title=title, aliases=aliases, case_sensitive=exact, exclude=exclude, unless=unless)


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


def test_a_tag_of_signs_alone_is_found_nowhere() -> None:
    assert evidence(gazetteer((tag("!!!", "?"), tag("Norland"))), "!!!", ("Norland!!! ?",)) == (
        TagEvidence("Norland", title=0, body=1, paragraphs=1, first=1),
    )


def test_the_title_weighs_five_the_first_paragraph_two_and_each_paragraph_one() -> None:
    assert [(one.tag, one.score) for one in evidence(gazetteer(REGISTRY), *STORY)] == [
        ("Norland", 13),
        ("Sudmark", 13),
        ("sanctions", 5),
        ("tariffs", 2),
        ("Eastern Union", 1),
    ]


def test_a_tag_is_chosen_by_its_score_in_alphabetical_order() -> None:
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
        ((tag("Russland"),), "Die Russlandpolitik und Russland, Russland-Politik, Russlands", {"Russland": 2}),
        ((tag("中国", "北京"),), "习近平在北京会见中国代表，中国外长说", {"中国": 3}),
        ((tag("中国"), tag("中国银行")), "中国银行和中国", {"中国": 1, "中国银行": 1}),
        ((tag("US", exact=("US",)),), "美国US制裁，US和EU", {"US": 2}),
        ((tag("タイ", "東京"),), "タイの首相は東京でタイヤを見た。タイ・バンコク", {"タイ": 3}),
        ((tag("ไทย"),), "รัฐบาลไทยกล่าว", {"ไทย": 1}),
        ((tag("भारत"),), "भारत और भारतीय", {"भारत": 1}),
        ((tag("Poland", exact=("Polish",)),), "Polish and POLISH, to polish", {"Poland": 2}),
        ((tag("China", "Xi", exact=("Xi",)),), "Xi of China, Louis XI", {"China": 2}),
        ((tag("US", exact=("US",)),), "TELL US MORE", {}),
        ((tag("US", exact=("US",)),), "US", {"US": 1}),
        ((tag("Chad", exclude=("Chad *",)),), "Chad Smith of Chad's band, Chad said; Chad votes", {"Chad": 3}),
        ((tag("Chad", "Chad Army", exclude=("Chad *",)),), "The Chad Army met Chad Kroeger.", {"Chad": 1}),
    ],
)
def test_names_are_found_at_word_boundaries(terms: tuple[Term, ...], text: str, hits: dict[str, int]) -> None:
    assert {one.tag: one.body for one in evidence(gazetteer(terms), "", [text])} == hits


GEORGIA = tag("Georgia", "Tbilisi", unless=("Atlanta", "Georgia *"))


@pytest.mark.parametrize(
    ("title", "text", "found"),
    [
        ("Georgia votes", "The parliament of Georgia met.", True),
        ("Georgia votes", "Turnout was high in Atlanta.", False),
        ("Georgia votes", "Georgia Gov. Ada Skarholt said so.", False),
        ("Georgia Votes Again", "It was the third time.", True),
        ("Georgia votes", "From Atlanta she flew to Tbilisi.", True),
    ],
)
def test_a_title_that_means_something_else_counts_for_nothing(title: str, text: str, found: bool) -> None:
    assert ("Georgia" in chosen(evidence(gazetteer([GEORGIA]), title, [text]), ImportSettings())) is found


def test_a_tag_that_stays_counts_by_what_is_no_title() -> None:
    told = evidence(gazetteer([GEORGIA]), "Georgia", ["From Atlanta, Georgia, to Tbilisi."])
    assert told == (TagEvidence("Georgia", title=0, body=1, paragraphs=1, first=1),)


ASIDE = "Nobody at the pier said anything that would be worth a line of its own, and so the day went on."


@pytest.mark.parametrize(
    ("title", "paragraphs", "found"),
    [
        ("A quiet day", ["Sudmark said nothing.", ASIDE, ASIDE], True),
        (
            "A quiet day",
            ["NORDHAVN, May 3 -", "The boats stayed in because of the wind, and the fish did too.", ASIDE],
            True,
        ),
        ("A quiet day", [ASIDE, "Sudmark said nothing.", ASIDE], False),
        ("A quiet day", [f"{ASIDE} Sudmark said nothing."], False),
        ("A quiet day", [f"“{ASIDE}” “Sudmark said nothing.”"], False),
        ("A quiet day", [f"“{ASIDE[:-1]}, said Mr. Berg of Sudmark.”"], True),
        ("A quiet day", [f"{ASIDE} So did Sudmark."] * 3, True),
        ("A quiet day", [*[ASIDE] * 13, "Sudmark, Sudmark and Sudmark!", ASIDE], False),
        ("A quiet day in Sudmark", [ASIDE], True),
    ],
)
def test_a_name_counts_in_the_title_in_the_lead_or_in_three_paragraphs(
    title: str, paragraphs: list[str], found: bool
) -> None:
    tags = chosen(evidence(gazetteer(REGISTRY), title, paragraphs), ImportSettings())
    assert bool(tags) is found


@given(st.lists(st.text(alphabet="ab .!?。\n\"'ÄU", max_size=900), max_size=4))
def test_passages_are_the_paragraphs_cut(paragraphs: list[str]) -> None:
    assert "".join(passages(paragraphs)) == "".join(paragraphs)
    assert all(any(piece in one for one in paragraphs) for piece in passages(paragraphs))


@given(st.text(alphabet=" \u00a0\t“”’'-xXuU.é中国タイ", max_size=60), st.sampled_from(["Xu", "中国", "C’est", "U.S."]))
def test_a_hit_stands_where_its_name_is(text: str, name: str) -> None:
    found = hits(gazetteer([tag(name)]), f"{text} {name} {text}")
    whole = plain(f"{text} {name} {text}")
    assert found
    assert all(whole[one.start : one.end].lower() == plain(name).lower() for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize("text", ["a. " * 40_000, "。" * 80_000, "x" * 100_000, "A. A " * 30_000, "Sudmark " * 20_000])
def test_long_texts_take_no_more_than_their_length(text: str) -> None:
    """Twice the text may take twice the time; a quadratic step would take minutes."""
    started = time.process_time()
    evidence(gazetteer(REGISTRY), text[:1000], [text])
    assert time.process_time() - started < 20


OURS = TagEvidence("Sudmark", 1, 2, 1, 0)
OTHER = TagEvidence("tariffs", 0, 3, 3, 0)


@pytest.mark.parametrize(
    ("written", "recorded", "found", "tags", "record"),
    [
        ([], [], [OURS, OTHER], ("Sudmark", "tariffs"), ("Sudmark", "tariffs")),
        (["mine"], [], [OURS], ("mine", "Sudmark"), ("Sudmark",)),
        (["sudmark"], [], [OURS], ("sudmark",), ()),  # a person's, in another spelling
        (["Sudmark", "tariffs"], ["Sudmark", "tariffs"], [OTHER], ("tariffs",), ("tariffs",)),
        (["tariffs"], ["Sudmark", "tariffs"], [OURS, OTHER], ("tariffs",), ("tariffs", "Sudmark")),  # taken out
        (["tariffs"], ["Sudmark"], [], ("tariffs",), ("Sudmark",)),
        (
            ["z", "#front", "Sudmark"],
            ["Sudmark"],
            [OTHER, OURS],
            ("z", "#front", "Sudmark", "tariffs"),
            ("Sudmark", "tariffs"),
        ),
    ],
)
def test_a_persons_tags_stay_and_what_a_person_took_out_stays_out(
    written: list[str], recorded: list[str], found: list[TagEvidence], tags: tuple[str, ...], record: tuple[str, ...]
) -> None:
    revision = revised(written, recorded, found, ImportSettings())
    assert (revision.tags, tuple(one.tag for one in revision.evidence)) == (tags, record)


NAMES = st.lists(st.sampled_from(["Sudmark", "tariffs", "mine", "#x", "rail"]), unique=True)
FOUND = st.lists(st.sampled_from([OURS, OTHER, TagEvidence("rail", 0, 1, 1, 1)]), unique=True)


@given(NAMES, NAMES, FOUND, st.integers(-1, 4))
def test_to_revise_again_changes_nothing_and_no_tag_of_a_person_is_lost(
    written: list[str], recorded: list[str], found: list[TagEvidence], most: int
) -> None:
    settings = ImportSettings(max_tags=most)
    once = revised(written, recorded, found, settings)
    again = revised(once.tags, [one.tag for one in once.evidence], found, settings)
    assert again.tags == once.tags
    assert {tag for tag in written if tag not in recorded} <= {*once.tags}
    assert not {tag for tag in recorded if tag not in written} & {*once.tags}


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

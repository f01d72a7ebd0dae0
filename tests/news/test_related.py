"""Related articles: those that share what is rare, the same whatever was found before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from newsgen.model import Card
from newsgen.news import related as module
from newsgen.news.related import Memo, related

DAY = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


def card(id: str, terms: str = "", *, tags: str = "", series: str = "", day: int | None = 0, lang: str = "") -> Card:
    return Card(
        *(id, id, "news", "", "", ""),
        date=None if day is None else DAY - dt.timedelta(days=day),
        tags=tuple(tags.split()),
        terms=tuple(terms.split()),
        series=series,
        lang=lang,
    )


def found(cards: Sequence[Card], before: Memo | None = None, limit: int = 4) -> tuple[list[list[str]], Memo]:
    """The ids related to each, in order of the ids."""
    cards = sorted(cards, key=lambda one: (one.date is None, -one.date.timestamp() if one.date else 0, one.id))
    members: dict[str, dict[str, list[int]]] = {"tag": {}, "series": {}}
    for number, one in enumerate(cards):
        for tag in one.tags:
            members["tag"].setdefault(tag, []).append(number)
        if one.series:
            members["series"].setdefault(one.series, []).append(number)
    lists, memo = related(cards, members, "en", limit, before or Memo())
    by_id = {one.id: [cards[other].id for other in of] for one, of in zip(cards, lists, strict=True)}
    return [by_id[id] for id in sorted(by_id)], memo


def test_what_shares_more_comes_first() -> None:
    lists, _ = found([
        card("a", "ferry harbour skarv", tags="ships"),
        card("b", "ferry skarv", tags="ships"),
        card("c", "ferry", tags="ships"),
        card("d", "steel"),
    ])  # fmt: skip
    assert lists == [["b", "c"], ["a", "c"], ["a", "b"], []]


def test_one_word_is_not_enough_and_one_rare_tag_only_for_what_is_near() -> None:
    lists, _ = found([
        card("a", "budget", tags="ships"), card("b", "budget"), card("c", tags="ships"), card("d", tags="ships", day=900),
    ])  # fmt: skip
    assert lists == [["c"], [], ["a"], []]


def test_the_nearer_of_two_that_share_the_same() -> None:
    lists, _ = found(
        [card("a", "ferry skarv", day=0), card("b", "ferry skarv", day=400), card("c", "ferry skarv", day=9)]
    )
    assert lists[0] == ["c", "b"]


def test_the_series_comes_first() -> None:
    lists, _ = found([
        card("a", "ferry harbour skarv quay", tags="ships", series="sea"),
        card("b", "ferry harbour skarv quay", tags="ships"),
        card("c", series="sea", day=2000),
    ])  # fmt: skip
    assert lists[0] == ["c", "b"]


def test_languages_share_nothing() -> None:
    lists, _ = found([
        card("a", "ferry skarv", tags="ships"),
        card("b", "ferry skarv", tags="ships", lang="de"),
        card("c", "ferry skarv", tags="ships", lang="de"),
        card("d", "ferry skarv", tags="ships", lang="en"),
    ])  # fmt: skip
    assert lists == [["d"], ["c"], ["b"], ["a"]]


def test_the_limit_holds() -> None:
    cards = [card(f"{n:02}", "ferry skarv", tags="ships") for n in range(9)]
    assert {len(of) for of in found(cards, limit=2)[0]} == {2}


def test_a_feature_of_many_costs_no_more_than_one_of_some() -> None:
    """Every article has a tag; the candidates of each stay bounded, and the newest are found."""
    cards = [card(f"{n:04}", f"word{n // 2}", tags="all", day=n // 30) for n in range(3000)]
    lists, _ = found(cards)
    assert [of[:1] for of in lists[:4]] == [["0001"], ["0000"], ["0003"], ["0002"]]


WORDS = st.lists(st.sampled_from(["ferry", "skarv", "quay", "steel", "mill", "budget"]), max_size=4, unique=True)
CARDS = st.dictionaries(
    st.sampled_from("abcdefghij"),
    st.tuples(WORDS, st.sampled_from(["", "ships", "ships trade", "trade"]), st.sampled_from(["", "sea"]),
              st.sampled_from([0, 1, 300, 900, None]), st.sampled_from(["", "de"])),
)  # fmt: skip


@given(st.lists(CARDS, min_size=2, max_size=5), st.booleans())
def test_what_was_found_before_changes_nothing(
    steps: list[dict[str, tuple[list[str], str, str, int | None, str]]], some: bool
) -> None:
    memo = Memo()
    kept: dict[str, tuple[list[str], str, str, int | None, str]] = {}
    for step in steps:
        kept = {**kept, **step} if some else step
        cards = [
            card(id, " ".join(words), tags=tags, series=of, day=day, lang=lang)
            for id, (words, tags, of, day, lang) in kept.items()
        ]
        lists, memo = found(cards, memo)
        assert (lists, memo) == found(cards)
        memo = msgspec.json.decode(msgspec.json.encode(memo), type=Memo)


def test_only_what_shares_a_changed_feature_is_looked_at_anew(monkeypatch: object) -> None:
    cards = [card(f"{n:02}", f"ferry{n // 5} skarv{n // 5}") for n in range(50)]
    _, memo = found(cards)
    seen: list[int] = []
    real = module._candidates
    monkeypatch.setattr(module, "_candidates", lambda *given: (seen.append(given[0]), real(*given))[1])  # type: ignore[attr-defined]
    found([*cards[:-1], card("49", "ferry9 quay")], memo)
    assert seen == [45, 46, 47, 48, 49]

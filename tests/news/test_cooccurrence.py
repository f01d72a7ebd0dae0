"""Which tags go together: by the articles they share, the rarer first, within bounds."""

from __future__ import annotations

import time

from newsgen.news.cooccurrence import PARTNERS, pairs, partners


def test_the_tags_that_share_most_come_first_and_ties_go_by_the_alphabet() -> None:
    members = {"a": [0, 1, 2], "b": [0, 1], "c": [0], "d": [0]}
    assert {key: dict(of) for key, of in partners(members, {}).items()} == {
        "a": {"b": 2, "c": 1, "d": 1},
        "b": {"a": 2, "c": 1, "d": 1},
        "c": {"d": 1, "b": 1, "a": 1},
        "d": {"c": 1, "b": 1, "a": 1},
    }
    assert [*partners(members, {})["a"]] == ["b", "c", "d"]


def test_a_tag_that_is_everywhere_goes_with_nothing_in_particular() -> None:
    members = {"news": range(1000), "grain": range(4), "railway": [0, 1, 2]}
    assert [*partners(members, {})["railway"]] == ["grain", "news"]


def test_a_tag_and_its_parents_are_no_pair() -> None:
    members = {"moscow": [0, 1], "russia": [0, 1, 2], "trade": [0, 1]}
    found = partners(members, {"moscow": ("russia",)})
    assert ([*found["moscow"]], [*found["russia"]]) == (["trade"], ["trade"])
    assert [*pairs(found, 2)] == [("moscow", "trade"), ("russia", "trade")]


def test_the_order_in_which_tags_were_found_does_not_matter() -> None:
    members = {f"t{n}": [m for m in range(40) if m % (n + 2) == 0] for n in range(12)}
    backwards = dict(reversed(members.items()))
    assert [(k, [*of.items()]) for k, of in partners(members, {}).items()] == [
        (k, [*of.items()]) for k, of in partners(backwards, {}).items()
    ]


def test_pairs_are_bounded_however_many_tags_an_article_has() -> None:
    members = {f"t{n:04}": [0, 1, 2, n] for n in range(1000)}
    start = time.process_time()
    found = partners(members, {})
    assert max(len(of) for of in found.values()) <= PARTNERS
    assert len([*pairs(found, 1)]) <= len(found) * PARTNERS / 2
    assert time.process_time() - start < 2

"""What is published at a moment, in which order, and why each other article is not."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.config import Settings
from newsgen.model import Article, Page
from newsgen.news.select import Preview, select, state

NOON = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))

BEFORE, AFTER = NOON - MINUTE, NOON + MINUTE


def article(id: str = "a", **fields: Any) -> Article:
    return Article(id=id, title=id, slug=id, section="news", **fields)


def page(id: str, **fields: Any) -> Page:
    return Page(id=id, slug=id, **{"title": id, **fields})


STATES: list[tuple[dict[str, Any], str]] = [
    ({}, "live"),
    ({"date": BEFORE}, "live"),
    ({"date": NOON}, "live"),
    ({"date": NOON + SECOND}, "scheduled"),
    ({"date": AFTER}, "scheduled"),
    ({"date": NOON.astimezone(SHANGHAI)}, "live"),
    ({"date": AFTER.astimezone(SHANGHAI)}, "scheduled"),
    ({"publish_at": NOON}, "live"),
    ({"publish_at": AFTER}, "scheduled"),
    ({"publish_at": BEFORE, "date": AFTER}, "live"),
    ({"publish_at": AFTER, "date": BEFORE}, "scheduled"),
    ({"embargo_until": NOON}, "live"),
    ({"embargo_until": AFTER}, "embargoed"),
    ({"embargo_until": AFTER, "date": BEFORE}, "embargoed"),
    ({"embargo_until": BEFORE, "date": AFTER}, "scheduled"),
    ({"embargo_until": AFTER, "publish_at": AFTER}, "embargoed"),
    ({"expires": NOON}, "expired"),
    ({"expires": NOON + SECOND}, "live"),
    ({"expires": BEFORE, "embargo_until": AFTER}, "expired"),
    ({"expires": BEFORE, "date": AFTER}, "expired"),
    ({"status": "published"}, "live"),
    ({"status": "published", "date": AFTER}, "scheduled"),
    ({"status": "withdrawn"}, "withdrawn"),
    ({"status": "withdrawn", "expires": BEFORE}, "withdrawn"),
    ({"draft": True}, "draft"),
    ({"draft": True, "status": "withdrawn", "expires": BEFORE, "embargo_until": AFTER, "date": AFTER}, "draft"),
    ({"updated": AFTER}, "live"),
]


@pytest.mark.parametrize(("fields", "expected"), STATES)
def test_the_state_of_an_article_at_a_moment(fields: dict[str, Any], expected: str) -> None:
    assert state(article(**fields), NOON) == expected


@pytest.mark.parametrize(
    ("fields", "states"),
    [
        ({"date": NOON}, ["scheduled", "live", "live"]),
        ({"publish_at": NOON}, ["scheduled", "live", "live"]),
        ({"embargo_until": NOON}, ["embargoed", "live", "live"]),
        ({"expires": NOON}, ["live", "expired", "expired"]),
        ({"date": NOON, "expires": AFTER}, ["scheduled", "live", "expired"]),
    ],
)
def test_a_state_changes_in_its_very_minute(fields: dict[str, Any], states: list[str]) -> None:
    assert [state(article(**fields), moment) for moment in (BEFORE, NOON, AFTER)] == states


EVERY = [
    article("live"),
    article("draft", draft=True),
    article("scheduled", date=AFTER),
    article("embargoed", embargo_until=AFTER),
    article("expired", expires=BEFORE),
    article("withdrawn", status="withdrawn"),
]


@pytest.mark.parametrize(
    ("preview", "published"),
    [
        (Preview(), ["live"]),
        (Preview(drafts=True), ["draft", "live"]),
        (Preview(future=True), ["scheduled", "embargoed", "live"]),
        (Preview(drafts=True, future=True), ["scheduled", "draft", "embargoed", "live"]),
    ],
)
def test_a_preview_shows_more_but_never_what_is_over(preview: Preview, published: list[str]) -> None:
    found = select(EVERY, (), NOON, preview, Settings())
    assert [a.id for a in found.published] == published
    assert found.withheld == tuple(sorted((a.id, a.id) for a in EVERY if a.id not in published))


ORDERED = [
    article("z-newest", date=NOON),
    article("b-tie", date=BEFORE),
    article("c-tie", date=BEFORE.astimezone(SHANGHAI)),
    article("d-tie", date=BEFORE),
    article("a-old", date=NOON - dt.timedelta(days=9000)),
    article("y-ancient", date=dt.datetime(1, 1, 2, tzinfo=dt.UTC)),
    article("a-undated"),
    article("m-undated", publish_at=BEFORE, updated=NOON),
    article("z-undated", pin=True, lead=True),
]


@pytest.mark.parametrize("turn", range(len(ORDERED)))
def test_newest_come_first_ties_by_id_and_undated_last(turn: int) -> None:
    mixed = ORDERED[turn:] + ORDERED[:turn]
    found = select(mixed[::2] + mixed[1::2], (), NOON, Preview(), Settings())
    assert [a.id for a in found.published] == [a.id for a in ORDERED]


def test_seconds_decide_where_minutes_tie() -> None:
    articles = [article("a", date=BEFORE), article("b", date=BEFORE + SECOND)]
    assert [a.id for a in select(articles, (), NOON, Preview(), Settings()).published] == ["b", "a"]


@pytest.mark.parametrize(
    ("preview", "shown", "withheld"),
    [
        (Preview(), ["c", "a", "b"], (("d", "draft"), ("x", "draft"))),
        (Preview(future=True), ["c", "a", "b"], (("d", "draft"), ("x", "draft"))),
        (Preview(drafts=True), ["c", "a", "b", "d"], ()),
    ],
)
def test_pages_stand_in_their_order_and_drafts_are_counted(
    preview: Preview, shown: list[str], withheld: tuple[tuple[str, str], ...]
) -> None:
    pages = [
        page("d", draft=True, order=2),
        page("b", title="Same", order=1),
        page("a", title="Same", order=1),
        page("c"),
    ]
    found = select([article("x", draft=True)], pages, NOON, preview, Settings())
    assert ([p.id for p in found.pages], found.withheld) == (shown, withheld)


@given(
    st.lists(st.sampled_from([fields for fields, _ in STATES]), max_size=12),
    st.booleans(),
    st.booleans(),
)
def test_nothing_vanishes(kinds: list[dict[str, Any]], drafts: bool, future: bool) -> None:
    articles = [article(f"{number:02}", **fields) for number, fields in enumerate(kinds)]
    found = select(articles, (), NOON, Preview(drafts, future), Settings())
    assert sorted([a.id for a in found.published] + [id for id, _ in found.withheld]) == [a.id for a in articles]


@given(
    st.lists(st.sampled_from([fields for fields, _ in STATES]), max_size=6),
    st.integers(-200_000, 200_000),
    st.sampled_from([dt.timedelta(0), SECOND, -SECOND]),
)
def test_what_is_selected_is_the_same_at_every_moment_for_which_it_says_so(
    kinds: list[dict[str, Any]], minutes: int, step: dt.timedelta
) -> None:
    """Right after `since`, right before `until` and anywhere between; and the first moment after is another."""
    articles = [article(f"{number:02}", **fields) for number, fields in enumerate(kinds)]
    found = select(articles, (), NOON, Preview(), Settings())
    until = found.coming[0].at if found.coming else None
    for moment in (NOON + minutes * MINUTE, (found.since or NOON) + step, (until or NOON) + step):
        other = select(articles, (), moment, Preview(), Settings())
        if (found.since is None or found.since <= moment) and (until is None or moment < until):
            assert (other.published, other.withheld, other.coming) == (found.published, found.withheld, found.coming)


def test_no_preview_shows_what_a_publication_must_not() -> None:
    over = [article(**fields) for fields, name in STATES if name in ("expired", "withdrawn")]
    shown = [
        select(over, (), NOON, Preview(d, f), Settings()).published
        for d, f in itertools.product((False, True), repeat=2)
    ]
    assert shown == [()] * 4

"""Collections: the articles that a table of newsgen.toml asks for, and for how long these are the ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import msgspec

from newsgen.config import CollectionSettings
from newsgen.content.slugs import identity, is_internal
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, warning
from newsgen.model import Card
from newsgen.news.changes import Change
from newsgen.news.taxonomy import PLURAL, Vocabulary


class Gathered(msgspec.Struct, frozen=True):
    """The numbers of a collection in its order: the same from `since` on until before the first change `coming`."""

    numbers: Sequence[int]
    since: dt.datetime | None = None
    coming: tuple[Change, ...] = ()


def gather(
    name: str,
    asked: CollectionSettings,
    cards: Sequence[Card],
    vocabularies: Mapping[str, Vocabulary],
    members: Mapping[str, Mapping[str, Sequence[int]]],
    moment: dt.datetime,
    title: Callable[[int], str],
) -> Gathered:
    """The articles that have all that is asked, at `moment`; `title` gives that of an article."""
    numbers: Sequence[int] = range(len(cards))
    for family in PLURAL:
        if term := getattr(asked, family):
            under = _under(family, term, cards, vocabularies[family], members[family])
            numbers = [number for number in numbers if number in under]
    if asked.kind:
        numbers = [number for number in numbers if cards[number].kind == asked.kind]
    since, coming = None, ()
    if asked.days:
        span = dt.timedelta(asked.days)
        dates = {number: date for number in numbers if (date := cards[number].date)}
        numbers = [number for number, date in dates.items() if date > moment - span]
        since = max((date + span for date in dates.values() if date <= moment - span), default=None)
        leaving = {cards[number].id: dates[number] + span for number in numbers if dates[number] <= moment}
        coming = tuple(Change(at, id, f'leaves the collection "{name}"') for id, at in leaving.items())
    if asked.order == "oldest":
        numbers = sorted(numbers, key=lambda number: (cards[number].date is None, -number))
    elif asked.order == "title":
        numbers = sorted(numbers, key=lambda number: (title(number).casefold(), number))
    return Gathered(numbers[: asked.limit or None], since, coming)


def _under(
    family: str,
    name: str,
    cards: Sequence[Card],
    vocabulary: Vocabulary,
    members: Mapping[str, Sequence[int]],
) -> Collection[int]:
    if family == "tag" and is_internal(name):
        return {n for n, card in enumerate(cards) if identity(name) in map(identity, card.internal_tags)}
    return {*members.get(vocabulary.names.get(identity(name), ""), ())}


def unknown(
    collections: Mapping[str, CollectionSettings],
    cards: Sequence[Card],
    vocabularies: Mapping[str, Vocabulary],
    place: Callable[..., Place],
) -> Iterator[Diagnostic]:
    """A warning for each tag, author, series and section that a collection names and nothing has.

    `place` gives that of a setting.
    """
    internal = {name for card in cards for name in card.internal_tags} if collections else ()
    for collection, asked in collections.items():
        for family in PLURAL:
            name = getattr(asked, family)
            known = {entry.title for entry in vocabularies[family].entries.values()}.union(internal)
            if name and identity(name) not in {*vocabularies[family].names, *map(identity, internal)}:
                message = f'collection "{collection}" asks for the {family} "{name}", which nothing has'
                help = did_you_mean(name, known) or "Mend the name, or take it out."
                yield warning("NG-426", place("collections", collection, family), message, help)

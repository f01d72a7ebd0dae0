"""Translations: which published articles are one text in several languages."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterator, Sequence

from newsgen.diagnostics import Diagnostic, Place, did_you_mean, error, warning
from newsgen.model import Card

At = Callable[[str], Place]
"""The place at which an article, by its id, says what it is a translation of."""


def groups(
    cards: Sequence[Card], others: Collection[str], language: str, at: At
) -> tuple[dict[int, tuple[int, ...]], list[Diagnostic]]:
    """The numbers of all articles of its group by the number of each, the original first, then by language.

    `cards` are those of the published articles, `others` the ids of all else, `language` that of who names none.
    """
    found: list[Diagnostic] = []
    number_of = {card.id: number for number, card in enumerate(cards)}
    of: dict[str, str] = {}
    for card in cards:
        if not card.translation_of:
            continue
        target = next((id for id in _candidates(card) if id in number_of or id in others), "")
        if target:
            of[card.id] = target
        else:
            help = did_you_mean(_candidates(card)[0], number_of) or "Give the path of its file, from here or from /."
            message = f'translation of "{card.translation_of}", which is no article'
            found.append(warning("NG-451", at(card.id), message, help))
    texts: dict[str, list[int]] = {}
    for id in sorted(of):
        if original := _original(id, of):
            texts.setdefault(original, [number_of[original]] if original in number_of else []).append(number_of[id])
        else:
            help = "The original says nothing of a translation: take translation_of out of its file."
            found.append(error("NG-453", at(id), "translations of each other, in a circle", help))
    members: dict[int, tuple[int, ...]] = {}
    for original, numbers in texts.items():
        one = {(cards[number].lang or language).lower(): number for number in reversed(numbers)}
        found += _doubled(cards, [number for number in numbers if number not in one.values()], one, language, at)
        first = number_of.get(original, -1)
        ordered = tuple(sorted(one.values(), key=lambda number: (number != first, cards[number].lang)))
        members.update(dict.fromkeys(ordered, ordered) if len(ordered) > 1 else {})
    return members, found


def _candidates(card: Card) -> tuple[str, ...]:
    """The ids that a path may mean: from the file that names it, from content/, from the site's root."""
    path = card.translation_of.lstrip("/")
    folders = ("content", "") if path != card.translation_of else (posixpath.dirname(card.id), "content", "")
    return tuple([posixpath.normpath(posixpath.join(folder, path)) for folder in folders])


def _original(id: str, of: dict[str, str]) -> str:
    """Where the way from translation to original ends; empty where it is a circle."""
    seen: set[str] = set()
    while id in of:
        if id in seen:
            return ""
        seen.add(id)
        id = of[id]
    return id


def _doubled(
    cards: Sequence[Card], numbers: Sequence[int], one: dict[str, int], language: str, at: At
) -> Iterator[Diagnostic]:
    """A warning for each article that is in the language of another of its group."""
    for number in numbers:
        card = cards[number]
        if not card.lang:
            help = f"Add lang: to it; without one it is in the site's own language, {language}."
            yield warning("NG-454", at(card.id), "a translation that names no language", help)
        else:
            other = cards[one[card.lang.lower()]].id
            message, help = f'"{card.lang}" is the language of {other} too', "One text has one translation a language."
            yield warning("NG-452", at(card.id), message, help)

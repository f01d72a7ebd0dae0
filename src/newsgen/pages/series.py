"""An article's place in its series, as its page sees it by the name `series`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from newsgen import digest
from newsgen.model import SeriesPlace
from newsgen.pages.planner import Planner

AROUND: Final = 4  # parts before and after an article's own that its page lists, lest a long series grow as its square


def digest_at(planner: Planner, number: int) -> str:
    if not (key := _key(planner, number)):
        return digest.of_text("")
    parts, at, shown = _place(planner, key, number)
    term = digest.of_value(planner.catalogue.terms["series"][key])
    return digest.of_text(f"{term} {at} {len(parts)} {planner.catalogue.refs_digest(shown)}")


def place_at(planner: Planner, number: int) -> SeriesPlace | None:
    if not (key := _key(planner, number)):
        return None
    parts, at, shown = _place(planner, key, number)
    term, refs = planner.catalogue.terms["series"][key], planner.catalogue.refs(shown)
    own = shown.index(number)
    return SeriesPlace(
        *(term.title, term.url, term.slug, at + 1, len(parts), at - own + 1, refs),
        refs[own - 1] if own else None,
        refs[own + 1] if own + 1 < len(refs) else None,
    )


def _key(planner: Planner, number: int) -> str:
    name = planner.catalogue.card(number).series
    return planner.index.vocabularies["series"].keys_of_name(name)[0] if name else ""


def _place(planner: Planner, key: str, number: int) -> tuple[Sequence[int], int, Sequence[int]]:
    """The numbers of all parts, where among them the article stands, and those to show."""
    parts = planner.index.parts[key]
    places = planner.kept(("places in", key), lambda: {one: at for at, one in enumerate(parts)})
    at = places[number]
    return parts, at, parts[max(at - AROUND, 0) : at + AROUND + 1]

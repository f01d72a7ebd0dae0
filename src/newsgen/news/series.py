"""Series: their parts in order, and where two claim one number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from newsgen.diagnostics import Diagnostic, Place, warning
from newsgen.model import Card


def in_order(numbers: Iterable[int], cards: Sequence[Card]) -> list[int]:
    """The articles of a series in its order: by part, those without one after them by date, undated last."""

    def order(number: int) -> tuple[float, bool, float, str]:
        card = cards[number]
        return (card.part or float("inf"), card.date is None, card.date.timestamp() if card.date else 0.0, card.id)

    return sorted(numbers, key=order)


def doubled(
    parts: Mapping[str, Sequence[int]], cards: Sequence[Card], place: Callable[[str, str], Place]
) -> Iterator[Diagnostic]:
    """A warning for each published article that is the same part of its series as another."""
    for numbers in parts.values():
        seen: dict[int, str] = {}
        for card in (cards[number] for number in numbers if cards[number].part):
            if (other := seen.setdefault(card.part, card.id)) != card.id:
                message = f'part {card.part} of "{card.series}" is {place(other, "part")} too'
                yield warning("NG-436", place(card.id, "part"), message, "Give each part a number of its own.")

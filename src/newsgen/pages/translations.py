"""An article in other languages, as its page sees them by the name `translations`."""

from __future__ import annotations

from typing import Final

from newsgen import digest
from newsgen.model import Translation
from newsgen.pages.planner import Planner

_NONE: Final = digest.of_value(())


def digest_at(planner: Planner, number: int) -> str:
    found = planner.index.translations.get(number)
    return digest.of_value((planner.index.files[number], found)) if found else _NONE


def translations_at(planner: Planner, number: int) -> tuple[Translation, ...]:
    """All of its group, itself too, the original first; empty where it is in one language only."""
    return tuple(
        [
            Translation(language, planner.url(file), file == planner.index.files[number])
            for language, file in planner.index.translations.get(number, ())
        ]
    )

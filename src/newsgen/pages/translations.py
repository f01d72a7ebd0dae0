"""An article in other languages, as its page sees them by the name `translations`."""

from __future__ import annotations

from newsgen import digest
from newsgen.model import Translation
from newsgen.pages.planner import Planner


def digest_at(planner: Planner, number: int) -> str:
    numbers = planner.index.translations.get(number, ())
    spoken = [planner.catalogue.card(one).lang or planner.settings.language for one in numbers]
    return digest.of_value((spoken, [planner.index.files[one] for one in numbers]))


def translations_at(planner: Planner, number: int) -> tuple[Translation, ...]:
    """All of its group, itself too, the original first; empty where it is in one language only."""
    return tuple(
        [
            Translation(planner.catalogue.card(one).lang or planner.settings.language, planner.url(file), one == number)
            for one in planner.index.translations.get(number, ())
            if (file := planner.index.files[one])
        ]
    )

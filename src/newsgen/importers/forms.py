"""Known forms of lines that are no text of an article, by language: the promises, buttons and lists of a web page.

They stand in forms.txt. A form says where in a text its lines are cut: "head" is above the first real paragraph, "tail"
below the last, "middle" between them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from newsgen.importers.text import folded

Zone = Literal["head", "middle", "tail"]

LONGEST: Final = 120  # characters: what is longer is prose, whatever it begins with


class Form(msgspec.Struct, frozen=True):
    """A known form. `opens` is true of a heading below which, at the tail, a list of other articles follows."""

    name: str
    zones: frozenset[str]
    pattern: str
    opens: bool


def _read(text: str) -> dict[str, tuple[Form, ...]]:
    """The forms of the file beside this one, by language."""
    words = dict(re.findall(r"^([A-Z]+) = (.+)$", text, re.M))
    for _ in range(2):  # what is defined may itself hold what is
        text = re.sub(r"\{([A-Z]+)\}", lambda found: words[found[1]], text)
    _, *parts = re.split(r"^\[(\w+)\]\n# ", text, flags=re.M)
    return {
        language: tuple(_form(*one.strip().split("\n")) for one in forms.split("\n# "))
        for language, forms in zip(parts[::2], parts[1::2], strict=True)
    }


def _form(head: str, *patterns: str) -> Form:
    name, zones = head.split(": ")
    return Form(name, frozenset(zones.split()), "|".join(patterns), "opens" in zones)


BY_LANGUAGE: Final = _read(Path(__file__).with_name("forms.txt").read_text("utf-8"))
_TRIM = " :;.!»›>→↓*•·-–—|"


def forms_of(language: str) -> tuple[Form, ...]:
    """The forms known for a language tag ("pt-BR" reads as "pt"); English ones are looked for on every page."""
    own, english = BY_LANGUAGE.get(language.split("-")[0].lower(), ()), BY_LANGUAGE["en"]
    return english if own is english else (*own, *english)


def form_of(text: str, zone: Zone, language: str) -> Form | None:
    """The known form that the line has, of those that are cut in `zone`."""
    if len(text) > LONGEST:
        return None
    line = folded(text.strip(_TRIM)).strip(_TRIM)
    if _compiled(_any_of(zone, language)).fullmatch(line) is None:
        return None
    return next(one for one in forms_of(language) if zone in one.zones and _compiled(one.pattern).fullmatch(line))


@lru_cache(maxsize=32)
def _any_of(zone: Zone, language: str) -> str:
    """One pattern for all forms of a zone: nearly every line of a text is none of them."""
    return "|".join(form.pattern for form in forms_of(language) if zone in form.zones)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)

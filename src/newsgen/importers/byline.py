"""Bylines: who signs an article, from a line that says "By", and the dates that stand in the same line."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from newsgen.importers import dates, forms
from newsgen.importers.dates import Stated

LONGEST = 140  # characters of a line of credits

_PREPOSITIONS = {
    "de": "von",
    "fr": "par",
    "es": "por",
    "pt": "por",
    "it": "di",
    "nl": "door",
    "sv": "av",
    "nb": "av",
    "da": "af",
}
_LABELS = r"(?:autor(?:/?in|es|as|i)?|author|auteure?s?|text|von|автор(?:ы|и)?|текст|מאת|بقلم|كتب):|author|מאת|بقلم"
_PARTS = re.compile(r"\s+[|·•]\s+|\s*\|\s*|\s+[-–—]\s+(?=\S)")
_AND = re.compile(r"\s+(?:and|&|with|und|et|och|og|и|та)\s+|\s*;\s*", re.I)
_PLACE = re.compile(r"\s+(?:in|IN|for|at|from|of|aus)\s+\S.*$")
_ROLE = re.compile(
    r"\b(?:editor|correspondent|reporter|writer|staff|chief|bureau|columnist|analyst|agency|contributor|journalist|"
    r"producer|news|desk|team|photographer|author|director|professor|fellow|commentator|critic|press|redakteur(?:in)?|"
    r"korrespondent(?:in)?|журналист|корреспондент)\b",
    re.I,
)
_TOKEN = re.compile(r"(?:[^\W\d_]\.)+(?:-[^\W\d_]\.?)*|[^\W\d_]+(?:[’'-][^\W\d_]+)*\.?")
_PARTICLE = re.compile(
    r"de|del|della|di|do|da|dos|das|du|la|le|el|al|bin|bint|ibn|der|den|van|von|ter|ten|zu|zur|'t|á|í|y|e"
)
_NO_NAME = re.compile(
    r"the|a|an|our|this|that|these|those|his|her|its|their|my|your|all|no|monday|tuesday|wednesday|"
    r"thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|september|october|"
    r"november|december",
    re.I,
)


class Credits(msgspec.Struct, frozen=True):
    """What a line of credits states. `ambiguous` holds dates that can be read two ways."""

    authors: tuple[str, ...] = ()
    dates: tuple[Stated, ...] = ()
    ambiguous: tuple[Stated, ...] = ()


def credits_of(text: str, language: str) -> Credits | None:
    """What the line states, where all of it is a byline, a date, or both; None for any other line."""
    if len(text) > LONGEST:
        return None
    parts = [text] if dates.of_line(text) else [part.strip() for part in _PARTS.split(text) if part.strip()]
    authors: list[str] = []
    stated: list[Stated] = []
    for part in parts:
        dates_of_part = _dates(part)
        names = _signed(part, language)
        if not dates_of_part and not names and not (len(parts) > 1 and forms.form_of(part, "head", language)):
            return None
        authors.extend(names)
        stated.extend(dates_of_part)
    if not authors and not stated:
        return None
    certain = tuple(one for one in stated if one.date is not None)
    return Credits(tuple(dict.fromkeys(authors)), certain, tuple(one for one in stated if one.date is None))


def _dates(text: str) -> tuple[Stated, ...]:
    """The date or dates ("Published 3 May 2026, updated 4 May 2026") that the text consists of."""
    if (whole := dates.of_line(text)) is not None:
        return (whole,)
    halves = re.split(r"\s*[,;(]\s*(?=(?:last\s+)?(?:updated|modified)\b)", text.rstrip(")"), maxsplit=1, flags=re.I)
    found = [dates.of_line(half) for half in halves]
    return tuple(one for one in found if one) if len(halves) == 2 and all(found) else ()


@cache
def _by(language: str) -> re.Pattern[str]:
    own = _PREPOSITIONS.get(language.partition("-")[0].lower(), "by")
    return re.compile(rf"(?:(?:written\s+|posted\s+)?by:?|{own}|{_LABELS})\s+(?=\S)(?P<names>.+)", re.I)


def _signed(text: str, language: str) -> tuple[str, ...]:
    """The names that a byline states; none where a part of it is no name, for then it may be a sentence."""
    found = _by(language).fullmatch(text.strip())
    if found is None or found["names"].endswith(("!", "?", ":")):
        return ()
    names: list[str] = []
    groups = [group for group in _AND.split(found["names"].rstrip(",")) if group.strip()]
    listed = len(groups) > 1 and len(_pieces(groups[-1])) == 1
    for group in groups:
        pieces = _pieces(group)
        if not pieces or not _is_name(pieces[0]) or not all(_is_beside_name(piece) for piece in pieces[1:]):
            return ()
        names.append(pieces[0])
        # "By A B, C D" leaves open whether C D signs or employs: it is left out.
        names.extend(piece for piece in pieces[1:] if listed and _is_name(piece) and not _ROLE.search(piece))
    return tuple(names)


def _pieces(group: str) -> list[str]:
    return [_PLACE.sub("", piece).strip() for piece in group.split(",") if piece.strip()]


def _is_name(text: str) -> bool:
    """One to six words, each with a capital but for the particles of names."""
    words = text.split()
    if not 1 <= len(words) <= 6 or not all(_TOKEN.fullmatch(word) for word in words):
        return False
    if _NO_NAME.fullmatch(words[0]) or (text.endswith(".") and not text.endswith(("Jr.", "Sr."))):
        return False
    if len(words) == 1 and not _is_agency(text):
        return False
    return (
        all(_is_capital(word) or _PARTICLE.fullmatch(word) for word in words)
        and _is_capital(words[0])
        and _is_capital(words[-1])
    )


def _is_beside_name(text: str) -> bool:
    """Whether the text may stand behind a name: another name, a role, a place or an employer; no clause."""
    words = text.split()
    named = len(words) <= 5 and all(word[0].isupper() or len(word) == 3 for word in (*words[:1], *words[-1:]))
    return _is_name(text) or _ROLE.search(text) is not None or len(words) <= 2 or named


def _is_agency(word: str) -> bool:
    """Whether a single word may sign: an agency's letters, or a name in a script without capitals and spaces."""
    return len(word) > 1 and (word.isupper() or word.lower() == word.upper())


def _is_capital(word: str) -> bool:
    """Whether the word begins with a capital, behind a particle or not: "Arc", "d'Arc"."""
    return not word[0].islower() or (re.match(r"\w{1,3}['’-]\w", word) is not None and not word.islower())

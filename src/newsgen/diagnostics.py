"""What a user is told: diagnostics as values, and the catalogue of their codes, which is `codes.toml` beside this."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Generic, Literal, TypeVar

import msgspec

T = TypeVar("T")

Severity = Literal["error", "warning"]


class Place(msgspec.Struct, frozen=True, order=True):
    """Where in a file: `line` and `column` count from 1, from the top of the file; 0 means "the whole file"."""

    path: str
    line: int = 0
    column: int = 0

    @classmethod
    def in_text(cls, path: str, text: str, offset: int) -> Place:
        """The place of the character at an offset of the text of a file, which has LF line ends."""
        return cls(path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))

    def __str__(self) -> str:
        parts = [self.path, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


class Diagnostic(msgspec.Struct, frozen=True):
    """One mistake: what, where, and what to do. `source` is the line of the file, filled in at the rim."""

    severity: Severity
    code: str
    message: str
    place: Place
    help: str = ""
    source: str = ""

    def order(self) -> tuple[Place, str, str, str]:
        """The total order in which a build's diagnostics are shown."""
        return (self.place, self.code, self.message, self.help)


class Meaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the catalogue says of a code: the offence, why it happens, and how to mend it, in Markdown."""

    what: str
    why: str
    mend: str


class Outcome(msgspec.Struct, Generic[T], frozen=True):
    """A value, or None where an error left none, with what there is to say of it."""

    value: T | None
    diagnostics: tuple[Diagnostic, ...] = ()


class Refused(Exception):
    """Carries diagnostics through code that cannot go on. Caught where the user's command is answered."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(f"{d.place}: {d.message}" for d in diagnostics))
        self.diagnostics = diagnostics


def error(code: str, place: Place, message: str, help: str = "") -> Diagnostic:
    """A diagnostic that stops the build."""
    return Diagnostic("error", code, message, place, help)


def warning(code: str, place: Place, message: str, help: str = "") -> Diagnostic:
    """A diagnostic that leaves the page right without the thing it speaks of."""
    return Diagnostic("warning", code, message, place, help)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each diagnostic once, sorted by place."""
    return tuple(sorted(set(diagnostics), key=Diagnostic.order))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(d.severity == "error" for d in diagnostics)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`Did you mean "title"?`, or an empty string where nothing known is near."""
    import difflib  # only a mistake needs it

    folded = {name.casefold(): name for name in sorted(known, reverse=True)}
    near = difflib.get_close_matches(word.casefold(), sorted(folded), n=1, cutoff=0.6)
    return f'Did you mean "{folded[near[0]]}"?' if near else ""


def catalogue() -> dict[str, Meaning]:
    """What each code means, in their order. A code is never reused; what is said of it may improve."""
    return msgspec.toml.decode(Path(__file__).with_name("codes.toml").read_bytes(), type=dict[str, Meaning])

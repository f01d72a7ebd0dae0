"""The front matter of a piece as it is found, each field with its evidence, and what there is to say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

from newsgen.diagnostics import Diagnostic, Place, warning
from newsgen.importers.addresses import host
from newsgen.importers.boilerplate import Cut
from newsgen.importers.text import CONTROL


class Stating:
    """Gathers what a source says of one article. What was said first stands."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.fields: dict[str, Any] = {}
        self.evidence: dict[str, str] = {}
        self.cuts: list[Cut] = []
        self.diagnostics: list[Diagnostic] = []

    def put(self, key: str, value: Any, evidence: str) -> None:
        """Notes a field without control characters, unless it is empty or known."""
        value = _printable(value)
        if value not in ("", (), [], {}, None) and key not in self.fields:
            self.fields[key], self.evidence[key] = value, evidence

    def flag(self, key: str, evidence: str) -> None:
        self.put(key, value=True, evidence=evidence)

    def cut(self, line: int, text: str, reason: str) -> None:
        self.cuts.append(Cut((), line, " ".join(text.split())[:200], reason))

    def warn(self, code: str, line: int, message: str, advice: str) -> None:
        self.diagnostics.append(warning(code, Place(self.file, line), message, advice))

    def pictures(self, line: int, urls: Iterable[str]) -> None:
        """Tells of pictures that the text shows from elsewhere."""
        away = [url for url in urls if re.match(r"(https?:)?//", url)]
        if away:
            count = f"{len(away)} pictures stay" if len(away) > 1 else "a picture stays"
            advice = "--fetch-images brings them into static/."
            self.warn("NG-722", line, f"{count} at {host(away[0])}", advice)


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return CONTROL.sub("", value)
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in cast("dict[str, Any]", value).items()}
    return [_printable(one) for one in cast("list[Any]", value)] if isinstance(value, list) else value

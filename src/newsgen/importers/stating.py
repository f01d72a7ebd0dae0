"""The front matter of a piece as it is found, each field with its evidence, and what there is to say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, cast

from newsgen.diagnostics import Diagnostic, Place, warning
from newsgen.importers.addresses import UNANSWERABLE, Addresses, host, site_path
from newsgen.importers.boilerplate import Cut, noted
from newsgen.importers.language import TAG
from newsgen.importers.markup import Marked
from newsgen.importers.piece import Piece
from newsgen.importers.slug import slug_of
from newsgen.importers.summary import description
from newsgen.importers.text import CONTROL

_URL = re.compile(r"https?://[^\s<>\"\\]+")


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
        if isinstance(value, dict):
            value = {name: one for name, one in cast("dict[str, Any]", value).items() if one}
        if value not in ("", (), [], {}, None) and key not in self.fields:
            self.fields[key], self.evidence[key] = value, evidence

    def flag(self, key: str, evidence: str) -> None:
        self.put(key, value=True, evidence=evidence)

    def cut(self, line: int, text: str, reason: str) -> None:
        self.cuts.append(noted(line, text, reason))

    def warn(self, code: str, line: int, message: str, advice: str) -> None:
        self.diagnostics.append(warning(code, Place(self.file, line), message, advice))

    def pictures(self, line: int, urls: Iterable[str]) -> None:
        """Tells of pictures that the text shows from elsewhere."""
        away = [url for url in urls if re.match(r"(https?:)?//", url)]
        if away:
            count = f"{len(away)} pictures stay" if len(away) > 1 else "a picture stays"
            advice = "--fetch-images brings them into static/."
            self.warn("NG-722", line, f"{count} at {host(away[0])}", advice)

    def begins(self, made: Marked) -> bool:
        """Gives a text without a title its beginning as one; False where there is no text either."""
        self.put("title", description(made.lead)[:80].rstrip(), "none stated: how the text begins")
        return "title" in self.fields

    def language(self, tag: str, own: str, evidence: str) -> None:
        """Notes a language that is not the site's `own`."""
        tag = tag.replace("_", "-")
        if TAG.fullmatch(tag) and tag.lower().partition("-")[0] != own.lower().partition("-")[0]:
            self.put("lang", tag, evidence)

    def placed(self, url: str, known: Addresses, evidence: str) -> None:
        """An address of the own site stays; an article of another site has it as the original's."""
        path = site_path(url, known.base)
        if url and host(url) not in known.hosts:
            self.put("canonical", url if _URL.fullmatch(url) else "", f"{evidence} of another site")
        elif path and path != "/":
            self.put("permalink", path, evidence)
        elif url:
            self.cut(0, url, UNANSWERABLE)

    def piece(self, made: Marked, slug: str, **others: Any) -> Piece:
        """The piece of all that was found, and of the text."""
        return Piece(
            fields=self.fields,
            body=made.text,
            slug=slug or slug_of(self.fields["title"]),
            evidence=self.evidence,
            cuts=(*made.cuts, *self.cuts),
            losses=made.losses,
            diagnostics=tuple(self.diagnostics),
            **others,
        )


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return CONTROL.sub("", value)
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in cast("dict[str, Any]", value).items()}
    return [_printable(one) for one in cast("list[Any]", value)] if isinstance(value, list) else value

"""Front matter read by key: each reader gives a value of its kind, or notes what is wrong with the one it found."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Collection
from typing import Any, Final

from newsgen.content import dates
from newsgen.content.frontmatter import Field
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, error, warning
from newsgen.model import Correction, Extra, Image

MAX_NAME: Final = 200  # characters of a tag's, author's or section's name

# What other generators call the same thing.
_SYNONYMS = {
    **dict.fromkeys(("summary", "excerpt", "deck", "subtitle", "standfirst", "lede"), "description"),
    **dict.fromkeys(("category", "categories"), "section"),
    **dict.fromkeys(("topics", "keywords", "tag"), "tags"),
    **dict.fromkeys(("published", "publishdate", "pubdate", "created", "time"), "date"),
    **dict.fromkeys(("lastmod", "modified", "last_modified"), "updated"),
    **dict.fromkeys(("expirydate", "expiry", "unpublish_at"), "expires"),
    **dict.fromkeys(("byline", "by", "writer"), "author"),
    **dict.fromkeys(("headline", "name"), "title"),
    **dict.fromkeys(("redirect_from", "redirects"), "aliases"),
    **dict.fromkeys(("url", "path"), "permalink"),
    **dict.fromkeys(("language", "locale"), "lang"),
    **dict.fromkeys(("layout",), "template"),
    **dict.fromkeys(("weight", "nav_order"), "order"),
}
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Fields:
    """The fields of one file and the diagnostics that reading them gave. Keys are marked as known by being read."""

    def __init__(self, path: str, fields: dict[str, Field], zone: dt.tzinfo) -> None:
        self.path, self.zone = path, zone
        self.found = {key: field for key, field in fields.items() if not (field.plain and field.absent)}
        self.diagnostics: list[Diagnostic] = []

    def place(self, key: str) -> Place:
        field = self.found.get(key)
        return Place(self.path, field.line, field.column) if field else Place(self.path, 1, 1)

    def refuse(self, code: str, at: Field, message: str, help: str) -> None:
        self.diagnostics.append(error(code, Place(self.path, at.line, at.column), message, help))

    def unknown(self, known: Collection[str]) -> None:
        """Notes every key that is not `known`."""
        for key, field in self.found.items():
            if key not in known:
                meant = _SYNONYMS.get(key.lower(), "")
                near = f'Did you mean "{meant}"?' if meant in known else did_you_mean(key, known)
                help = near or "What is your own goes under extra: (then it is free in form)."
                self.refuse("NG-104", field, f'unknown key "{key}"', help)

    # ---- scalars ----

    def text(self, key: str) -> str:
        field = self.found.get(key)
        return self._text(key, field) if field else ""

    def _text(self, key: str, field: Field) -> str:
        if not isinstance(field.value, str):
            kind = "a mapping" if isinstance(field.value, dict) else "a list"
            self.refuse("NG-110", field, f'"{key}" is {kind}, not a text', f"Write {key}: followed by one text.")
            return ""
        text = field.value
        if "  " in text or text.strip() is not text or not text.isprintable():
            text = " ".join(text.split())
        text = unicodedata.normalize("NFC", text)
        if text.isprintable():  # most are
            return text
        if odd := next((c for c in text if unicodedata.category(c) == "Cc" or c in "\ufffe\uffff"), None):
            self.refuse("NG-102", field, f'"{key}" holds the control character U+{ord(odd):04X}', "Remove it.")
            return ""
        return text

    def flag(self, key: str) -> bool:
        field = self.found[key]
        word = field.value.lower() if isinstance(field.value, str) else ""
        if word not in _FLAGS:
            self.refuse("NG-110", field, f'"{key}" is neither true nor false', f"Write {key}: true or {key}: false.")
        return _FLAGS.get(word, False)

    def integer(self, key: str, *, counted: bool = False) -> int:
        """A whole number; from 1 on where things are `counted`."""
        field = self.found[key]
        pattern = r"0*[1-9]\d{0,8}" if counted else r"-?\d{1,9}"
        if not isinstance(field.value, str) or not re.fullmatch(pattern, field.value):
            what = "a whole number from 1 on" if counted else "a whole number"
            self.refuse("NG-110", field, f'"{key}" is not {what}', f"Write {key}: 1")
            return 0
        return int(field.value)

    def choice(self, key: str, allowed: Collection[str], default: str = "") -> str:
        text = self.text(key)
        if text and text not in allowed:
            help = did_you_mean(text, allowed) or f"Write one of: {', '.join(allowed)}."
            self.refuse("NG-113", self.found[key], f'"{key}" is "{text}", which is not one of those allowed', help)
            return default
        return text or default

    def moment(self, key: str) -> dt.datetime | None:
        return found[0] if (found := self.date(key)) else None

    def date(self, key: str) -> tuple[dt.datetime, bool] | None:
        """The moment, and whether it names a day only."""
        if (field := self.found.get(key)) is None:
            return None
        text = field.value if isinstance(field.value, str) else ""
        try:
            return dates.read(text, self.zone)
        except ValueError as why:
            self.refuse("NG-112", field, f'"{key}" is not a date: {why}', f"Write it like one of these: {dates.FORMS}.")
            return None

    def url(self, key: str) -> str:
        """An absolute http(s) address or a path of this site."""
        text = self.text(key)
        return text if not text or self._fit_url(key, self.found[key], text) else ""

    def _fit_url(self, key: str, field: Field, text: str) -> bool:
        scheme = re.match(r"\s*([A-Za-z][A-Za-z0-9+.-]*):", text)
        if (scheme and scheme[1].lower() not in ("http", "https")) or re.search(r"[\x00-\x20<>\"\\]", text):
            help = "Give an http(s) address or a path of this site."
            self.refuse("NG-113", field, f'"{key}" is not a web address', help)
            return False
        return True

    def urls(self, key: str) -> tuple[str, ...]:
        """Absolute http(s) addresses or paths of this site, from a list or a single one, each once."""
        items = self._items(key, split=False)
        named = ((field, self._name(key, field)) for field in items)
        return tuple(dict.fromkeys(text for field, text in named if text and self._fit_url(key, field, text)))

    # ---- collections ----

    def names(self, *keys: str, split: bool = False) -> tuple[str, ...]:
        """Names from a list or a single text, each once. `split` divides a single text at its commas."""
        found: dict[str, None] = {}
        for key in keys:
            for field in self._items(key, split=split):
                if name := self._name(key, field):
                    found[name] = None
        return tuple(found)

    def _items(self, key: str, *, split: bool) -> tuple[Field, ...]:
        field = self.found.get(key)
        if field is None:
            return ()
        if isinstance(field.value, tuple):
            return field.value
        if isinstance(field.value, dict):
            self.refuse("NG-110", field, f'"{key}" is a mapping, not a list of names', f"Write {key}: [One, Two]")
            return ()
        parts = field.value.split(",") if split else [field.value]
        return tuple(Field(part, field.line, field.column) for part in parts if part.strip())

    def _name(self, key: str, field: Field) -> str:
        name = self._text(key, field)
        if isinstance(field.value, str) and not field.value.strip():
            self.refuse("NG-110", field, f'"{key}" holds an empty name', "Remove it.")
        if len(name) > MAX_NAME:
            self.refuse("NG-110", field, f'"{key}" holds a name of {len(name)} characters', f"The limit is {MAX_NAME}.")
        return name

    def image(self, key: str) -> Image | None:
        field = self.found[key]
        if isinstance(field.value, str):
            image = Image(field.value) if field.value and self._fit_url(key, field, field.value) else None
            if image:
                self._without_alt(key, image)
            return image
        inner = self._inside(key, field, ("src", "alt", "caption", "credit", "focus"))
        if inner is None:
            return None
        if not (src := inner.url("src")):
            if not inner.diagnostics:
                help = f"Write {key}: {{src: ship.jpg, alt: A ship}}"
                self.refuse("NG-110", field, f'"{key}" names no picture', help)
            return self._absorb(inner)
        image = Image(src, inner.text("alt"), inner.text("caption"), inner.text("credit"), inner.focus("focus"))
        if "alt" not in inner.found:
            self._without_alt(key, image)
        self._absorb(inner)
        return image

    def _without_alt(self, key: str, image: Image) -> None:
        """A warning of a picture without alternative text; `alt: ""` says that it needs none."""
        help = f'Say what it shows: {key}: {{src: {image.src}, alt: A ship}} (alt: "" where it only decorates)'
        message = f'picture "{image.src}" without alternative text'
        self.diagnostics.append(warning("NG-204", self.place(key), message, help))

    def focus(self, key: str) -> str:
        """A point of a picture, from its left and its top in per cent."""
        text = self.text(key)
        if text and not re.fullmatch(r"(100|\d{1,2})% (100|\d{1,2})%", text):
            help = f"Write how far from the left and from the top: {key}: 30% 70%"
            self.refuse("NG-113", self.found[key], f'"{key}" is "{text}", which is no point of a picture', help)
            return ""
        return text

    def corrections(self, key: str) -> tuple[Correction, ...]:
        found: list[Correction] = []
        field = self.found[key]
        if not isinstance(field.value, tuple):
            help = f"Write {key}: [{{date: 2024-05-16, text: What was wrong.}}]"
            self.refuse("NG-110", field, f'"{key}" is not a list of corrections', help)
            return ()
        for item in field.value:
            if (inner := self._inside(key, item, ("date", "text"))) is None:
                continue
            date, text = inner.moment("date"), inner.text("text")
            if date and text:
                found.append(Correction(date, text))
            elif not inner.diagnostics:
                self.refuse("NG-110", item, "a correction needs a date and a text", "Write {date: 2024-05-16, text: …}")
            self._absorb(inner)
        return tuple(sorted(found, key=lambda one: one.date))

    def extra(self, key: str) -> Extra:
        """The site's own values: plain true, false, numbers and null are what they look like."""
        return Extra({name: guess(inner) for name, inner in self.mapping(key).items()})

    def mapping(self, key: str) -> dict[str, Field]:
        """The value as it is; empty where it is no mapping."""
        field = self.found[key]
        if isinstance(field.value, dict):
            return field.value
        self.refuse("NG-110", field, f'"{key}" is not a mapping', f"Write {key}: {{name: value}}")
        return {}

    def _inside(self, key: str, field: Field, known: Collection[str]) -> Fields | None:
        if not isinstance(field.value, dict):
            help = f"Write {{{', '.join(f'{name}: …' for name in known)}}}"
            self.refuse("NG-110", field, f'"{key}" is not a mapping', help)
            return None
        inner = Fields(self.path, field.value, self.zone)
        inner.unknown(known)
        return inner

    def _absorb(self, inner: Fields) -> None:
        self.diagnostics.extend(inner.diagnostics)


_GUESSES: tuple[tuple[str, Callable[[str], Any]], ...] = (
    (r"true|True|TRUE", lambda _: True),
    (r"false|False|FALSE", lambda _: False),
    (r"null|Null|NULL|~|", lambda _: None),
    (r"[-+]?(0|[1-9]\d{0,15})", int),
    (r"[-+]?(\d{1,15}\.\d{0,15}|\.\d{1,15})([eE][-+]?\d{1,2})?", float),
)


def guess(field: Field) -> Any:
    """YAML 1.2's core schema for plain scalars, without its octal and hexadecimal numbers."""
    if isinstance(field.value, tuple):
        return tuple(guess(item) for item in field.value)
    if isinstance(field.value, dict):
        return {key: guess(inner) for key, inner in field.value.items()}
    if field.plain:
        for pattern, meaning in _GUESSES:
            if re.fullmatch(pattern, field.value):
                return meaning(field.value)
    return field.value

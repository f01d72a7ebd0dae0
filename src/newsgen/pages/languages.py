"""Languages: the theme's words by gettext, dates and numbers by Babel, which is loaded by the first of them.

English is what templates are written in, so it needs no catalogue. A language without one gets English words.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from newsgen import digest

if TYPE_CHECKING:
    from gettext import GNUTranslations, NullTranslations

    from babel.messages.catalog import Catalog

Catalogues = Mapping[str, tuple[str, ...]]
"""The texts of PO files by the tag of their language in lower case; what a later one translates wins."""

_VALUE: Final = re.compile(r"%\((\w+)\)s")

NO_CATALOGUES: Final[Catalogues] = {}


@lru_cache(maxsize=64)
def language(tag: str, texts: tuple[str, ...] = ()) -> Language:
    """The language of a tag; `texts` are those of its catalogues: see `texts_of`."""
    return Language(tag, texts)


def texts_of(tag: str, catalogues: Catalogues) -> tuple[str, ...]:
    """The catalogues of a language: those of "pt", then those of "pt-br"."""
    parts = tag.lower().split("-")
    return tuple([text for end in range(len(parts)) for text in catalogues.get("-".join(parts[: end + 1]), ())])


def digest_of(tag: str, catalogues: Catalogues) -> str:
    """The digest of all that a page takes from its language."""
    return digest.of_value((tag, texts_of(tag, catalogues)))


class Language:
    """What a page says in its language. Dates are shown on the clock that they carry."""

    def __init__(self, tag: str, texts: tuple[str, ...]) -> None:
        self.tag, self._texts = tag, texts
        self._day = lru_cache(maxsize=4096)(self._day_in_words)
        self._time = lru_cache(maxsize=4096)(self._time_in_words)

    # ---- words ----

    @cached_property
    def _words(self) -> NullTranslations:
        from gettext import NullTranslations

        words = NullTranslations()
        for text in self._texts:
            more = translations(self.tag, text)
            more.add_fallback(words)
            words = more
        return words

    def say(self, text: str, **values: object) -> str:
        """`text` in this language, with %(name)s for values; one without values is taken as it is."""
        found = self._words.gettext(text) if text else ""  # of none, gettext gives the head of the catalogue
        return found % values if values else found

    def plural(self, one: str, many: str, count: int) -> str:
        """The form that this language has for a count."""
        return self._words.ngettext(one, many, count)

    # ---- dates and numbers ----

    @cached_property
    def locale(self) -> Any:
        """Babel's locale, English where it has none."""
        from babel import Locale, UnknownLocaleError

        try:
            # British English where no country is named: its dates put the day first, as most of the world does.
            return Locale.parse("en_GB" if self.tag == "en" else self.tag.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            return Locale.parse("en_GB")

    def date(self, value: dt.datetime | dt.date | None, form: str = "long") -> str:
        return self._day(_day(value), form) if value else ""

    def time(self, value: dt.datetime | dt.time | None, form: str = "short") -> str:
        return self._time(_clock(value), form) if value else ""

    def datetime(self, value: dt.datetime | None, form: str = "long") -> str:
        joined: str = self.locale.datetime_formats["medium"] if value else ""
        return joined.format(f"{self.time(value)} {_offset(value)}", self.date(value, form)) if value else ""

    def number(self, value: float) -> str:
        """A number with its digits in groups."""
        if type(value) is int and 0 <= value < 1000:
            return str(value)
        from babel.numbers import format_decimal

        return format_decimal(value, locale=self.locale)

    def _day_in_words(self, day: dt.date, form: str) -> str:
        from babel.dates import format_date, format_skeleton

        if form == "month":
            return format_skeleton("yMMMM", day, locale=self.locale)
        return format_date(day, form, locale=self.locale)

    def _time_in_words(self, clock: dt.datetime | dt.time, form: str) -> str:
        from babel.dates import format_time

        return format_time(clock, form, locale=self.locale)


def translations(tag: str, text: str) -> GNUTranslations:
    """A catalogue, read. Raises ValueError of a text that is none: see `mistake`."""
    from gettext import GNUTranslations

    from babel.messages.mofile import write_mo

    compiled = io.BytesIO()
    write_mo(compiled, _catalogue(tag, text))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _catalogue(tag: str, text: str) -> Catalog:
    from babel.messages.pofile import PoFileError, read_po

    known = language(tag).locale.language == tag.split("-")[0]
    try:
        return read_po(io.StringIO(text), locale=tag.split("-")[0] if known else None, abort_invalid=True)
    except PoFileError as failure:
        raise ValueError(f"{failure.lineno + 1}:{failure}") from failure


def mistake(tag: str, text: str) -> tuple[int, str] | None:
    """The line of the first mistake of a catalogue (0: all of it) and what it is; None where it is good."""
    try:
        translations(tag, text)
        messages = [message for message in _catalogue(tag, text) if message.id]
    except ValueError as failure:
        line, _, what = str(failure).partition(":")
        return (int(line), what) if line.isdigit() else (0, str(failure))
    for message in messages:
        ids: Sequence[str] = (message.id,) if isinstance(message.id, str) else message.id
        strings: Sequence[str] = (message.string,) if isinstance(message.string, str) else message.string or ()
        values = dict.fromkeys(_VALUE.findall("".join(ids)), "")
        for one in strings:
            try:
                _ = one % values
            except (KeyError, TypeError, ValueError):
                return message.lineno or 0, f'"{one}" names other values than "{ids[0]}" (a sign % itself is %%)'
    return None


@lru_cache(maxsize=256)
def language_name(tag: str) -> str:
    """A language as it calls itself; its tag where Babel knows no name."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(tag.replace("-", "_")).get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        return tag


@lru_cache(maxsize=256)
def direction(tag: str) -> str:
    """ "rtl" for what is written from right to left, else "ltr"."""
    return language(tag).locale.text_direction


def _day(value: dt.datetime | dt.date) -> dt.date:
    """The day alone: moments that are equal may be of different days, each on its own clock."""
    return value.date() if isinstance(value, dt.datetime) else value


def _clock(value: dt.datetime | dt.time) -> dt.datetime | dt.time:
    """What the clock shows, on a day that is the same for all."""
    return value.replace(2000, 1, 1, tzinfo=None) if isinstance(value, dt.datetime) else value.replace(tzinfo=None)


def _offset(value: dt.datetime) -> str:
    """ "UTC", "UTC+2", "UTC−3:30"."""
    offset = value.utcoffset() or dt.timedelta()
    minutes = int(offset.total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02d}' if rest else ''}"

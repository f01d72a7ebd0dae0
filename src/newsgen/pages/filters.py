"""The filters that templates have beside Jinja's: dates in words, and the three forms of an address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from newsgen.config import RenderSettings


def filters(settings: RenderSettings) -> dict[str, Callable[..., Any]]:
    """The filters by name. Dates are shown on the clock that they carry; Babel is loaded by the first one."""

    @lru_cache(maxsize=4096)
    def day_in_words(day: dt.date, form: str) -> str:
        from babel.dates import format_date

        return format_date(day, form, locale=_locale(settings.language))

    @lru_cache(maxsize=4096)
    def time_in_words(clock: dt.datetime | dt.time, form: str) -> str:
        from babel.dates import format_time

        return format_time(clock, form, locale=_locale(settings.language))

    def date(value: dt.datetime | dt.date | None, form: str = "long") -> str:
        return day_in_words(_day(value), form) if value else ""

    def time(value: dt.datetime | dt.time | None, form: str = "short") -> str:
        return time_in_words(_clock(value), form) if value else ""

    def datetime(value: dt.datetime | None, form: str = "long") -> str:
        return f"{date(value, form)}, {time(value)} {_offset(value)}" if value else ""

    def asset(name: str) -> str:
        return f"{settings.base_path}assets/{name}"

    def link(path: str) -> str:
        return settings.base_path + path.lstrip("/")

    def absolute(url: str) -> str:
        return absolute_url(url, settings.origin)

    def isoformat(value: dt.datetime | None) -> str:
        return value.isoformat() if value else ""

    return {one.__name__: one for one in (date, time, datetime, isoformat, asset, link, absolute)}


def _day(value: dt.datetime | dt.date) -> dt.date:
    """The day alone: moments that are equal may be of different days, each on its own clock."""
    return value.date() if isinstance(value, dt.datetime) else value


def _clock(value: dt.datetime | dt.time) -> dt.datetime | dt.time:
    """What the clock shows, on a day that is the same for all."""
    return value.replace(2000, 1, 1, tzinfo=None) if isinstance(value, dt.datetime) else value.replace(tzinfo=None)


def absolute_url(url: str, origin: str) -> str:
    """A rooted URL with scheme and host; every other URL as it is."""
    return origin + url if url.startswith("/") and not url.startswith("//") else url


def _offset(value: dt.datetime) -> str:
    """ "UTC", "UTC+2", "UTC−3:30"."""
    offset = value.utcoffset() or dt.timedelta()
    minutes = int(offset.total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '−'}{hours}{f':{rest:02d}' if rest else ''}"


@lru_cache(maxsize=4)
def _locale(language: str) -> Any:
    """The locale of a language tag, English where Babel has none."""
    from babel import Locale, UnknownLocaleError

    try:
        # British English where no country is named: its dates put the day first, as most of the world does.
        return Locale.parse("en_GB" if language == "en" else language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")

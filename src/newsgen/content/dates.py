"""Dates as people write them, made aware datetimes in the site's time zone."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Final

FORMS: Final = "2024-05-16, 2024-05-16 08:30, 2024-05-16T08:30:00+02:00"

_DATE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
    r"[ \t]*(?P<zone>Z|z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?)?"
)
_OFFSET = re.compile(r"([+-])(\d{1,2}?):?(\d{2})?")


def read(text: str, zone: dt.tzinfo) -> tuple[dt.datetime, bool]:
    """The moment that `text` names, in `zone`, and whether it names a day only.

    A time without an offset is the wall clock of `zone`; where that clock shows it twice or never, PEP 495's fold=0
    decides. Raises ValueError, with a sentence that says why, for anything else.
    """
    found = _DATE.fullmatch(text.strip())
    if not found:
        raise ValueError(_why_not(text.strip()))
    year, month, day, *clock = (int(found[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second"))
    try:
        aware = dt.datetime(year, month, day, *clock, tzinfo=offset_of(found["zone"]) if found["zone"] else zone)
        return in_zone(aware, zone), found["hour"] is None
    except OverflowError:
        raise ValueError("it is out of the calendar's range") from None


def in_zone(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """`moment` on the clock of `zone`, carrying that clock's offset (whole minutes) and no link to the zone's rules."""
    local = moment.astimezone(dt.UTC).astimezone(zone)
    offset = local.utcoffset() or dt.timedelta()
    return moment.astimezone(_clock(offset))


@lru_cache
def _clock(offset: dt.timedelta) -> dt.timezone:
    return dt.timezone(dt.timedelta(minutes=round(offset.total_seconds() / 60)))


def offset_of(text: str) -> dt.timezone:
    if text in ("Z", "z", "UTC", "GMT"):
        return dt.UTC
    sign, hours, minutes = _OFFSET.fullmatch(text).groups("0")  # pyright: ignore[reportOptionalMemberAccess]
    offset = dt.timedelta(hours=int(hours), minutes=int(minutes))
    if offset >= dt.timedelta(hours=24) or int(minutes) > 59:
        raise ValueError(f'"{text}" is no offset from UTC')
    return dt.timezone(-offset if sign == "-" else offset)


def _why_not(text: str) -> str:
    mistakes = (
        (r"\d{1,2}:\d{2}(:\d{2})?", "it is a time without a day"),
        (r"\d{9,}", "it is a bare number"),
        (r"\d{4}-?W\d\d.*", "it is an ISO week"),
        (r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", "day and month cannot be told apart"),
    )
    return next((why for form, why in mistakes if re.fullmatch(form, text)), "it has none of the forms that are read")

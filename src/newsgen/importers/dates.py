"""Dates that a text states in full: lines at the head, datelines, file names. Others are no dates."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Final

import msgspec

LONGEST_DATELINE: Final = 300  # characters

_MONTHS: Final = (
    "january jan, february feb, march mar, april apr, may, june jun, july jul, august aug, september sep sept, "
    "october oct, november nov, december dec",
    "januar jänner, februar, märz mär mrz, april, mai, juni, juli, august, september, oktober okt, november, "
    "dezember dez",
    "janvier janv, février févr fév, mars, avril avr, mai, juin, juillet juil, août, septembre, octobre, novembre, "
    "décembre déc",
    "enero ene, febrero, marzo, abril abr, mayo, junio, julio, agosto ago, septiembre setiembre, octubre, noviembre, "
    "diciembre dic",
    "janeiro, fevereiro fev, março, abril, maio, junho, julho, agosto, setembro set, outubro out, novembro, "
    "dezembro dez",
    "gennaio gen, febbraio, marzo, aprile, maggio mag, giugno giu, luglio lug, agosto, settembre, ottobre ott, "
    "novembre, dicembre",
    "januari, februari, maart mrt, april, mei, juni, juli, augustus, september, oktober, november, december",
    "januari, februari, mars, april, maj, juni, juli, augusti, september, oktober, november, december",
    "stycznia, lutego, marca, kwietnia, maja, czerwca, lipca, sierpnia, września, października, listopada, grudnia",
    "января, февраля, марта, апреля, мая, июня, июля, августа, сентября, октября, ноября, декабря",
    "січня, лютого, березня, квітня, травня, червня, липня, серпня, вересня, жовтня, листопада, грудня",
    "يناير, فبراير, مارس, أبريل, مايو, يونيو, يوليو, أغسطس, سبتمبر, أكتوبر, نوفمبر, ديسمبر",
)
_NUMBERS = {name: n for line in _MONTHS for n, names in enumerate(line.split(","), 1) for name in names.split()}
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|(?:mon|diens|donners|frei|sams|sonn)tag|"
    r"mittwoch|mo|di|mi|do|fr|sa|so|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|"
    r"viernes|sábado|domingo|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье)\s?[.,|]*\s+"
)
_MONTH = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_DAY = r"(?P<{0}day>\d{{1,2}})(?:st|nd|rd|th|er|[.º])?"
_FORMS = (
    _DAY.format("a_")
    + rf"\s*(?:(?:of|de)\s+)?(?P<a_month>{_MONTH})\.?,?\s+(?:de\s+)?(?P<a_year>\d{{4}})(?:\s*г(?:ода|\.))?",
    rf"(?P<b_month>{_MONTH})\.?\s+" + _DAY.format("b_") + r",?\s+(?P<b_year>\d{4})",
    r"(?P<c_year>\d{4})[-/.年](?P<c_month>\d{1,2})[-/.月](?P<c_day>\d{1,2})日?",
    r"(?P<d_first>\d{1,2})(?P<d_sign>[/.-])(?P<d_second>\d{1,2})(?P=d_sign)(?P<d_year>\d{4})",
)
DATE: Final = rf"(?:{_WEEKDAY})?(?:{'|'.join(_FORMS)})(?!\d)"
_TIME = (
    r"(?:(?:,?\s+(?:(?:at|um|à|alle|om|kl\.?|в|о)\s+)?|T|,\s*|\s+[-–—|]\s+)(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?:uhr|h)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|(?:[A-Z]{1,4}T|MES?Z|MSK)\b)?)?"
)
_LATER: Final = (
    r"(?:last\s+)?(?:updated|modified)|aktualisiert|geändert|mis à jour(?: le)?|actualizado(?: el)?|atualizado(?: em)?|"
    r"aggiornato(?: il)?|bijgewerkt|uppdaterad|zaktualizowano|обновлено|изменено|оновлено|עודכן|تحديث"
)
_LABEL = (
    rf"(?:(?P<label>{_LATER}|(?:first\s+)?(?:published|posted)|date|datum|stand|erstellt|veröffentlicht|publié(?: le)?|"
    r"publicado(?: el| em)?|pubblicato(?: il)?|gepubliceerd|publicerad|opublikowano|опубликовано|дата|опубліковано|"
    r"פורסם|نشر)\s*(?:on|at|am|op)?\s*:?\s*)?"
)
_LINE = re.compile(rf"{_LABEL}{DATE}{_TIME}", re.I)
_INSIDE = re.compile(rf"(?<![\w/.-]){_LABEL}{DATE}{_TIME}", re.I)
_IS_LATER = re.compile(_LATER, re.I)
_PLACE_NAME = r"[^\W\d_][\w.’'/()-]*(?:[ ,]+[^\W\d_][\w.’'/()-]*){0,5}?"
_AGENCY = r"(?:\s*\([^()]{2,40}\))?"
_DASH = r"\s*(?:[—–]|\s--?\s)\s*"
_DASHED = re.compile(r"[—–]|\s-")
_DATELINE = re.compile(rf"(?P<place>{_PLACE_NAME}){_AGENCY},?\s*\(?(?i:{DATE})\)?{_AGENCY}{_DASH}")
_UNDATED = re.compile(rf"(?P<place>{_PLACE_NAME}){_AGENCY}{_DASH}")
_SMALL_WORD = re.compile(
    r"de|del|della|di|do|da|dos|das|du|la|le|el|al|der|den|van|von|am|an|in|upon|of|the|on|sur|and|und|y"
)
_YEAR = re.compile(r"\d{4}")
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?!\d)")


class Stated(msgspec.Struct, frozen=True):
    """A date as a text states it. Of one that can be read two ways `date` is None. A time without a zone is the
    wall clock of the site; where its zone is only an abbreviation, the day alone is kept."""

    text: str
    date: dt.date | dt.datetime | None
    updated: bool = False
    labelled: bool = False  # as published

    @property
    def day(self) -> dt.date | None:
        return self.date.date() if isinstance(self.date, dt.datetime) else self.date


class Dateline(msgspec.Struct, frozen=True):
    """The place at the start of a first paragraph, and its date where it has one. `length` is in characters."""

    length: int
    stated: Stated | None


def of_line(text: str) -> Stated | None:
    """The date that a line consists of, with or without "Published"; None for any other line."""
    found = _LINE.fullmatch(text.strip(" .[]")) if _YEAR.search(text) else None
    return _labelled(found) if found else None


def within(text: str) -> list[tuple[Stated, tuple[int, int]]]:
    """The dates that a text names, and where they stand in it."""
    found = [(_labelled(one), one.span()) for one in _INSIDE.finditer(text)] if _YEAR.search(text) else []
    return [(stated, span) for stated, span in found if stated]


@lru_cache(maxsize=8)  # it is asked for the date, and for the lead
def of_dateline(text: str) -> Dateline | None:
    """The dateline that begins a paragraph: "SINGAPORE, 3 November 2026 — …", "PARIS (Agency) — …"."""
    if not _DASHED.search(text, 0, LONGEST_DATELINE):
        return None
    if (found := _DATELINE.match(text)) and _is_place(found["place"]):
        return Dateline(found.end(), _stated(found))
    found = _UNDATED.match(text)
    if found and _is_capital(found["place"]) and not text[found.end() : found.end() + 1].islower():
        return Dateline(found.end(), None)
    return None


def of_name(name: str) -> Stated | None:
    """The date with which the name of a file begins."""
    found = _NAME.match(name)
    day = _day(*(int(part) for part in found[1].split("-"))) if found else None
    return Stated(found[1], day) if found and day else None


def _labelled(found: re.Match[str]) -> Stated | None:
    stated = _stated(found)
    label = found["label"] or ""
    later = _IS_LATER.match(label) is not None
    labelled = bool(label) and not later and label.lower() != "stand"
    return msgspec.structs.replace(stated, updated=later, labelled=labelled) if stated else None


def _stated(found: re.Match[str]) -> Stated | None:
    """None where the calendar has no such day."""
    part = found.groupdict()
    text = found[0].strip()
    if part["d_year"]:
        first, second = int(part["d_first"]), int(part["d_second"])
        readings = [_day(int(part["d_year"]), month, day) for month, day in ((second, first), (first, second))]
        days = dict.fromkeys(day for day in readings if day)
        certain = len(days) == 1 or part["d_sign"] == "."  # with full stops the day comes first
        return Stated(text, _with_time(next(iter(days)), part) if certain else None) if days else None
    form = next(letter for letter in "abc" if part[f"{letter}_year"])
    month = part[f"{form}_month"].lower()
    number = _NUMBERS[month] if month in _NUMBERS else int(month)
    day = _day(int(part[f"{form}_year"]), number, int(part[f"{form}_day"]))
    return Stated(text, _with_time(day, part)) if day else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if 1600 <= year <= 2200 else None
    except ValueError:
        return None


def _with_time(day: dt.date, part: dict[str, str | None]) -> dt.date | dt.datetime:
    if not part.get("hour"):
        return day
    hour, minute = int(part["hour"] or 0), int(part["minute"] or 0)
    if half := (part["half"] or "").lower():
        if not 1 <= hour <= 12:
            return day
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    zone = (part["zone"] or "").upper()
    known = zone in ("", "Z", "UTC", "GMT") or zone[0] in "+-"
    if not known or hour > 23 or minute > 59:
        return day
    return dt.datetime.combine(day, dt.time(hour, minute, tzinfo=_zone(zone)))


def _zone(zone: str) -> dt.timezone | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        return dt.UTC
    digits = zone[1:].replace(":", "")
    offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-offset if zone[0] == "-" else offset) if offset < dt.timedelta(hours=24) else None


def _is_capital(text: str) -> bool:
    """Whether the text is a place in capitals, with its country or not: "KYIV, Ukraine"."""
    town = text.split(",")[0]
    return town.isupper() and len(town) > 2 and _is_place(text)


def _is_place(text: str) -> bool:
    """Whether each word begins with a capital, as in the name of a place."""
    words = re.findall(r"[^\W\d_][\w’'-]*", text)
    if not words or _SMALL_WORD.fullmatch(words[0].lower()):
        return False
    return all(not word[0].islower() or _SMALL_WORD.fullmatch(word) for word in words)

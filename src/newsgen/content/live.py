"""Live blogs: the entries of a body, each below a heading of the second level that begins with its time.

    ## 14:05 Headline {pin key #name}

In the file the newest stands first. A time without a day is of the day of the entry below it, or of the next day where
it would be more than six hours earlier than that entry; the day of the last in the file is that of the article.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from html import unescape
from typing import Final, NamedTuple

from msgspec import structs

from newsgen import digest
from newsgen.content import dates
from newsgen.content.markdown import Part
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, error, has_errors, warning
from newsgen.model import Article, Entry

_SLIP: Final = dt.timedelta(hours=6)
_MARKS: Final = ("pin", "key")

_TIMED: Final = re.compile(
    r"(?:(\d{4}-\d{1,2}-\d{1,2})[ \tT]+)?(\d{1,2}:\d{2})(?:\s*[:–—-])?(?:\s+(?![ap]\.?m\b)(.*))?", re.S | re.I
)
_LIKE_A_TIME: Final = re.compile(r"\d+\s*(?:[:.h-]\s*\d|[ap]\.?m\b)", re.I)
_BRACES: Final = re.compile(r"(?:^|\s+)\{([^{}<>]*)\}\s*$")
_NAME: Final = re.compile(r"#[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_TAG: Final = re.compile(r"<[^>]*>")

_Timed = tuple[Part, re.Match[str]]
_Moment = tuple[dt.datetime, Part, str]
"""When an entry was made, its part, and its title as written."""


class _Named(NamedTuple):
    id: str
    time: dt.datetime
    part: Part
    title: str
    marks: list[str]


def blog(article: Article, parts: Iterable[Part], zone: dt.tzinfo) -> tuple[Article, str, list[Diagnostic]]:
    """The article with its entries, the HTML of its body with the newest first, and what there is to say of them.

    It is as new as its newest entry.
    """
    said: list[Diagnostic] = []
    html, timed, notes = _divided(article, parts, said)
    found = _named(article, _moments(article, timed, zone, said), said)
    found.sort(key=lambda one: one.time, reverse=True)
    entries: list[Entry] = []
    for id, time, part, title, marks in found:
        start = len(html)
        shown = time.strftime("%H:%M" if time.date() == found[-1].time.date() else "%Y-%m-%d %H:%M")
        html += f'<h2 id="{id}"><time datetime="{time.isoformat()}">{shown}</time> '
        title_at = len(html)
        html += f"{title}</h2>\n"
        text_at = len(html)
        html += part.html
        spots = (start, title_at, text_at, len(html))
        entries.append(Entry(id, time, _plain(title), _plain(part.html), "pin" in marks, "key" in marks, *spots))
    html += notes
    if not entries and not has_errors(said):
        help = "Write the first one: ## 14:05 Headline"
        place = Place(article.id, *article.places["kind"])
        said.append(warning("NG-442", place, "a live blog without entries", help))
    ids = {one.part.id for one in found}
    headings = tuple([one for one in article.body.headings if one.id not in ids])
    body = structs.replace(article.body, digest=digest.of_text(html), headings=headings, entries=tuple(entries))
    updated = max([one for one in (article.updated, *(entry.time for entry in entries)) if one], default=None)
    places = article.places | {one.id: (one.part.line, 1) for one in found}
    return structs.replace(article, body=body, updated=updated, places=places), html, said


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())


def _divided(article: Article, parts: Iterable[Part], said: list[Diagnostic]) -> tuple[str, list[_Timed], str]:
    """The introduction, the parts that are entries, in the order of the file, and the footnotes."""
    intro = notes = ""
    entries: list[_Timed] = []
    for part in parts:
        if part.footnotes:
            notes = part.html
        elif timed := _TIMED.fullmatch(part.title):
            entries.append((part, timed))
        else:
            if part.title and (entries or _LIKE_A_TIME.match(part.title)):
                message = f'"{unescape(_TAG.sub("", part.title))[:60]}" does not begin with a time; it is no entry'
                help = "Begin it with hours and minutes: ## 14:05 Headline. A heading within an entry is written ###."
                said.append(warning("NG-441", Place(article.id, part.line, 1), message, help))
            if entries:
                last, timed = entries[-1]
                entries[-1] = structs.replace(last, html=last.html + part.whole), timed
            else:
                intro += part.whole
    return intro, entries, notes


def _moments(article: Article, entries: list[_Timed], zone: dt.tzinfo, said: list[Diagnostic]) -> list[_Moment]:
    """Entries from the last in the file to the first; none whose time means none."""
    found: list[_Moment] = []
    before: dt.datetime | None = None  # the latest so far, on the clock of the site
    for part, timed in reversed(entries):
        place = Place(article.id, part.line, 1)
        day, clock, title = timed.groups("")
        known = before or article.date
        if not day and not known:
            message = f"the entry of {clock} has no day, for the article has no date"
            said.append(error("NG-440", place, message, f"Give the article a date, or write ## 2026-11-24 {clock}"))
            return found
        stated = day or str(known.date() if known else "")
        try:
            moment = dates.read(f"{stated} {clock}", zone)[0]
            if before and not day and moment.replace(tzinfo=None) < before - _SLIP:
                moment = dates.read(f"{before.date() + dt.timedelta(days=1)} {clock}", zone)[0]
        except (ValueError, OverflowError) as why:
            help = f"Write hours and minutes of 24 hours: ## 14:05 Headline, or with a day: ## {stated} 14:05 Headline"
            said.append(error("NG-440", place, f'"{timed[0][:16]}" is no time: {why}', help))
            continue
        local = moment.replace(tzinfo=None)
        if before and local < before and not any(one.code == "NG-444" for one in said):
            message = f"the entry of {clock} stands above one of {before:%H:%M}"
            help = f"Write the newest first, or give this one its day: ## {before.date()} {clock} Headline"
            said.append(warning("NG-444", place, message, help))
        before = max(local, before or local)
        found.append((moment, part, title))
    return found


def _named(article: Article, moments: list[_Moment], said: list[Diagnostic]) -> list[_Named]:
    """Entries with their anchors, from the first in the file to the last.

    Of several in one minute the lowest has the bare anchor: what is added above it changes none.
    """
    found: dict[str, _Named] = {}
    for time, part, written in moments:
        place = Place(article.id, part.line, 1)
        title, name, marks = _marked(place, written, said)
        base = id = f"entry-{name or time.strftime('%Y%m%d-%H%M')}"
        number = 1
        while id in found:
            number += 1
            id = f"{base}-{number}"
        if number > 1:
            message = f'two entries have the anchor "{base}" (the other is on line {found[base].part.line})'
            help = f"Give this one a name of its own, which stays: ## {time:%H:%M} Headline {{#name}}"
            said.append(error("NG-443", place, message, help) if name else warning("NG-443", place, message, help))
        found[id] = _Named(id, time, part, title, marks)
    return [*found.values()][::-1]


def _marked(place: Place, title: str, said: list[Diagnostic]) -> tuple[str, str, list[str]]:
    """The title without its marks; the name and the marks that it is given."""
    braces = _BRACES.search(title)
    if braces is None:
        return title, "", []
    words = braces[1].split()
    names = [word[1:] for word in words if _NAME.fullmatch(word)]
    marks = [word for word in words if word in _MARKS]
    if len(names) > 1 or len(names) + len(marks) < len(words) or not words:
        odd = next((word for word in words if word not in _MARKS and not _NAME.fullmatch(word)), "")
        help = did_you_mean(odd, _MARKS) or "Marks are pin, key and one #name of letters, digits and hyphens."
        message = f'"{{{braces[1]}}}" is no mark of an entry; it stays in the headline'
        said.append(warning("NG-449", place, message, help))
        return title, "", []
    return title[: braces.start()], "".join(names), marks

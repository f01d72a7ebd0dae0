"""The maker of the archive: /archive/, a page for each year, month and day, in the finest of which articles are listed.

They are listed oldest first: a new article is the last of its month and leaves the other pages of it as they are.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from newsgen.model import ArchiveView, Period
from newsgen.pages import urls
from newsgen.pages.catalogue import once, plain
from newsgen.pages.listing import addresses, listing
from newsgen.pages.planner import Address, Draft, Drafts, Planner


class _Calendar(NamedTuple):
    """Periods by their keys ("2026", "2026/11"), in order: their articles, the periods in each, those beside it."""

    counts: dict[str, int]
    inside: dict[str, list[str]]
    beside: dict[str, tuple[str, str]]


def pages(planner: Planner) -> Iterator[Address]:
    for key in _keys(planner):
        count = len(planner.index.archive.get(key, ()))
        yield from addresses(planner, "archive", _folder(planner, key), "archive.html", key, 0, count)


def files(planner: Planner) -> list[str]:
    """The output files of the archive, of each page the first."""
    return [urls.numbered(_folder(planner, key), 1) for key in _keys(planner)]


def _keys(planner: Planner) -> tuple[str, ...]:
    """The keys of the archive, which is empty, and of all that it is divided into; none where there is no archive."""
    return ("", *_calendar(planner).counts) if planner.index.archive else ()


def _calendar(planner: Planner) -> _Calendar:
    return planner.kept("calendar", lambda: _calendar_of(planner.index.archive))


def _calendar_of(archive: dict[str, list[int]]) -> _Calendar:
    counts: Counter[str] = Counter()
    for key, numbers in archive.items():
        for end in (4, 7, 10)[: key.count("/") + 1]:
            counts[key[:end]] += len(numbers)
    inside: dict[str, list[str]] = {}
    keys = sorted(counts)
    for key in keys:
        inside.setdefault(key.rpartition("/")[0], []).append(key)
    beside: dict[str, tuple[str, str]] = {}
    for length in (4, 7, 10):
        level = [key for key in keys if len(key) == length]
        beside.update(zip(level, zip(["", *level], [*level[1:], ""], strict=False), strict=False))
    return _Calendar({key: counts[key] for key in keys}, inside, beside)


def _folder(planner: Planner, key: str) -> str:
    return planner.folder("archive", key)


def _period(planner: Planner, key: str, count: int = 0, inside: tuple[Period, ...] = ()) -> Period:
    start = dt.date(*map(int, (*key.split("/"), "1", "1")[:3]))
    level = ("year", "month", "day")[key.count("/")]
    return Period(level, start, planner.url(urls.numbered(_folder(planner, key), 1)), count, inside)


def _inside(planner: Planner, key: str, depth: int) -> tuple[Period, ...]:
    """The periods in one, and to `depth` those in these."""
    counts, inside, _ = _calendar(planner)
    within = inside.get(key, ()) if depth else ()
    return tuple(_period(planner, one, counts[one], _inside(planner, one, depth - 1)) for one in within)


def _view(planner: Planner, key: str) -> ArchiveView:
    counts, _, beside = _calendar(planner)
    around = [_period(planner, one) if one else None for one in beside.get(key, ("", ""))]
    above = [_period(planner, key[:end]) for end in (4, 7) if end < len(key)]
    count = counts[key] if key else planner.index.dated
    period, inside = _period(planner, key) if key else None, _inside(planner, key, 2)
    url = planner.url(urls.numbered(_folder(planner, key), 1))
    return ArchiveView(period, url, count, inside, tuple(above), *around)


def _draft(planner: Planner, at: Address) -> Draft:
    key, numbers = at.source, planner.index.archive.get(at.source, [])
    view = planner.kept(("archive", key), lambda: once(lambda: _view(planner, key)))
    title = " ".join((planner.language.say("Archive"), *([key.replace("/", "-")] if key else [])))
    meta = planner.meta(planner.title(title, at.page), "archive", at.path)
    shown = listing(planner, _folder(planner, key), numbers[::-1], at.page)
    names = {"archive": view, "listing": shown, "meta": plain(meta)}
    return planner.templated(at.path, at.what, f"the archive /{_folder(planner, key)}/", names)


DRAFTS: Drafts = {"archive": _draft}

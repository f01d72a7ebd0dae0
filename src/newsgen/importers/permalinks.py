"""Where a page of another generator lived: the patterns of its settings, filled in as that generator does it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

import msgspec

JEKYLL_STYLES: Final = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
DATED: Final = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})[-_](?=.)")

_TOKEN = re.compile(r":([a-z_]+(?:\[[^\]]*\])?)")
_BRACED = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_OUTPUT = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}")
_DATES: Final[Mapping[str, str]] = {
    "year": "%Y", "short_year": "%y", "month": "%m", "monthname": "%B", "short_month": "%b", "long_month": "%B",
    "day": "%d", "weekdayname": "%A", "short_day": "%a", "long_day": "%A", "y_day": "%j", "yearday": "%j",
    "week": "%V", "w_year": "%G", "w_day": "%u", "hour": "%H", "minute": "%M", "second": "%S",
}  # fmt: skip
_PLAIN_NUMBERS: Final = ("yearday",)
_ENGLISH: Final = (
    "January February March April May June July August September October November December".split(),
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What an address is made of. `name` is that of the file without its suffix, `folders` those above it in the
    folder of the content; `date` is on the clock by which the old site counted days."""

    name: str
    folders: tuple[str, ...] = ()
    title: str = ""
    slug: str = ""
    date: dt.date | None = None
    categories: tuple[str, ...] = ()
    author: str = ""
    lang: str = ""
    collection: str = ""

    @property
    def bare(self) -> str:
        """The name without the date that it begins with."""
        return DATED.sub("", self.name, count=1)


def jekyll(pattern: str, entry: Entry, *, as_is: bool = False) -> str:
    """Jekyll's placeholders; an undated draft has no address with a date in it (an empty text).

    Jekyll's slug is in small letters with hyphens alone; `as_is` it stays as it was written.
    """
    slug = entry.slug or entry.bare
    return _filled(
        pattern,
        entry,
        {
            "title": lambda: re.sub(r"[^\w.~!$&'()+,;=@-]+", "-", slug).strip("-"),
            "slug": lambda: slug if as_is else slugified(slug),
            "name": lambda: slugified(entry.bare),
            "basename": lambda: entry.name,
            "path": lambda: "/".join((*entry.folders, entry.name) if entry.collection else entry.folders),
            "collection": lambda: entry.collection,
            "categories": lambda: "/".join(dict.fromkeys(one.lower() for one in entry.categories)),
            "slugified_categories": lambda: "/".join(dict.fromkeys(map(slugified, entry.categories))),
            "output_ext": lambda: ".html",
        },
    )


def hugo(pattern: str, entry: Entry) -> str:
    """Hugo's tokens: all of them lower-case, spaces as hyphens."""
    named, titled = entry.slug or entry.name, entry.title or entry.name
    values: dict[str, Callable[[], str]] = {
        **dict.fromkeys(("filename", "contentbasename"), lambda: entry.name),
        **dict.fromkeys(("slugorfilename", "slugorcontentbasename"), lambda: named),
        "slug": lambda: entry.slug or titled,
        "title": lambda: titled,
        "section": lambda: entry.folders[0] if entry.folders else "",
        "sections": lambda: "/".join(entry.folders),
    }
    for found in re.finditer(r":(sections\[(-?\d*|last)(:?)(-?\d*|last)\])", pattern):
        first, last = (int(part) if part.lstrip("-").isdigit() else None for part in (found[2], found[4]))
        if not found[3]:
            first, last = (-1, None) if found[2] == "last" else (first, (first or 0) + 1)
        values[found[1]] = lambda part=entry.folders[first:last]: "/".join(part)
    return _filled(pattern, entry, {name: lambda value=value: hugo_path(value()) for name, value in values.items()})


def pelican(pattern: str, entry: Entry) -> str:
    """Pelican's URLs, "{category}/{date:%Y}/{slug}.html"."""
    values = {
        "slug": entry.slug or pelican_slug(entry.title or entry.bare),
        "category": pelican_slug(entry.categories[0]) if entry.categories else "misc",
        "author": pelican_slug(entry.author),
        "lang": entry.lang,
    }
    if "{date" in pattern and entry.date is None:
        return ""
    return _rooted(
        _BRACED.sub(
            lambda found: _date(entry.date, found[2] or "%Y-%m-%d") if found[1] == "date" and entry.date
            else values.get(found[1], found[0]),
            pattern,
        )
    )  # fmt: skip


def eleventy(pattern: str, entry: Entry) -> str:
    """Eleventy's templates of permalinks, as far as they name the date, the title or the file; empty of all else."""

    def value(found: re.Match[str]) -> str:
        name, *filters = (part.strip() for part in found[1].split("|"))
        known = {
            "page.fileSlug": entry.bare if entry.name != "index" else (entry.folders or ("",))[-1],
            "page.filePathStem": "/".join((*entry.folders, entry.bare)),
            "title": entry.title,
            "slug": entry.slug or entry.bare,
        }
        if name in ("page.date", "date"):
            form = re.fullmatch(r"date\w*\s*[:(]\s*[\"']([^\"']+)[\"']\)?", filters[0]) if len(filters) == 1 else None
            return _date(entry.date, form[1]) if form and entry.date and "%" in form[1] else "\0"
        text = known.get(name, "\0")
        for one in filters:
            text = slugified(text) if one in ("slug", "slugify") else text if one in ("url", "downcase") else "\0"
        return text

    filled = _OUTPUT.sub(value, pattern)
    return "" if "\0" in filled or "{%" in filled else _rooted(filled)


def hugo_path(text: str) -> str:
    """A part of a path as Hugo writes it; what is percent-encoded stays."""
    parts = re.split(r"((?:%[0-9A-Fa-f]{2})+)", "-".join(text.split()))
    bare = [
        "".join(c for c in part if c.isalnum() or unicodedata.category(c)[0] == "M" or c in "./\\_#+~-@")
        for part in parts
    ]
    kept = "".join(part if number % 2 else bare[number] for number, part in enumerate(parts))
    return (kept if kept == text else re.sub("-{2,}", "-", kept)).lower()


def pelican_slug(text: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode() or text
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_only).strip()).lower()


def slugified(text: str) -> str:
    """Letters and numbers in small letters, with hyphens between them."""
    return re.sub(r"[\W_]+", "-", text).strip("-").lower()


def zola_slug(text: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")


def quoted(path: str) -> str:
    return quote(path, safe="/-._~!$&'()*+,;=@")


def _filled(pattern: str, entry: Entry, values: Mapping[str, Callable[[], str]]) -> str:
    """The pattern with its tokens filled in; empty where it asks for a date and there is none."""
    lacking = False

    def value(found: re.Match[str]) -> str:
        nonlocal lacking
        name, rest = found[1], ""
        while name not in values and name not in _DATES and name[:2] != "i_" and name:
            name, rest = name[:-1], name[-1] + rest  # ":title_x" is :title and a text
        if name in values:
            return values[name]() + rest
        if not name:
            return found[0]
        if entry.date is None:
            lacking = True
            return ""
        form = _DATES.get(name.removeprefix("i_"), "%d")
        text = _date(entry.date, form)
        return (text.lstrip("0") if name[:2] == "i_" or name in _PLAIN_NUMBERS else text) + rest

    filled = _TOKEN.sub(value, pattern)
    return "" if lacking else _rooted(filled)


def _date(date: dt.date, form: str) -> str:
    """`strftime` in English, whatever the locale."""
    months, days = _ENGLISH
    month, day = months[date.month - 1], days[date.weekday()]
    for sign, word in (("%B", month), ("%b", month[:3]), ("%A", day), ("%a", day[:3])):
        form = form.replace(sign, word)
    return date.strftime(re.sub(r"%-([a-zA-Z])", lambda found: date.strftime(f"%{found[1]}").lstrip("0"), form))


def _rooted(path: str) -> str:
    return re.sub("/{2,}", "/", f"/{path}").replace("/index.html", "/")

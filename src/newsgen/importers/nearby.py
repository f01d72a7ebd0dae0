"""What stands around the headline of a web page: headings, and what is marked up or worded as a byline or a date.

Menus, lists of other articles, comments and the like are passed over, for they have bylines and dates of their own.
"""

# lxml does not state its types.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false
# pyright: reportMissingTypeStubs=false, reportAttributeAccessIssue=false

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec

from newsgen.importers import dates
from newsgen.importers.boilerplate import is_prose
from newsgen.importers.byline import credits_of
from newsgen.importers.page_data import Tree, text
from newsgen.importers.tree import BLOCKS

AROUND: Final = 5  # lines above and below the headline that may be its byline or its date
LONGEST: Final = 120  # characters of such a line

_SKIPPED: Final = frozenset("head script style noscript template select button svg iframe".split())
_MARGINS: Final = ("nav", "footer", "aside")
_ELSEWHERE = re.compile(
    r"(?!has-|no-|with-|page-)(?:.*[-_])?(?:comments?|commentlist|comentarios?|kommentare?|respond|reply|related|sidebar|(?<![-_])widget|"
    r"teasers?|recommend(?:ed|ations)?|newsletter|popular|latest|recent|breadcrumbs?|archive|(?<!entry-)(?<!post-)(?<!article-)footer|navi?|navigation|menu)"
    r"(?!.*-(?:open|closed|enabled)$)(?:[-_].*)?"
)
_LOGO = re.compile(r"(?:.*[-_])?(?:logo|brand|site-?(?:title|name)|blog-?(?:title|name))(?:[-_].*)?")
_AUTHOR = re.compile(
    r"(?!.*(?:comment|theme|avatar|ima?ge?|photo|bio|desc|info))(?:.*[-_])?(?:author|autor|byline)s?(?:[-_]*(?:name|link|by|url))?s?"
)
_PUBLISHED = re.compile(
    r"(?:.*[-_])?(?:published|pubdate|publish-?date|entry-date|post-date|article-?_*date)(?:[-_].*)?"
)
_NAMED = re.compile(r"(?:^|\|)[\s,]*(?:posted by|by|von|par|por|di|door|автор:?)\s+([\w.-]{2,30})$", re.I)
_HOME = re.compile(r"(?:https?://[^/]+)?/?(?:index\.\w+)?(?:[?#].*)?|\.\.?/?")


class Heading(NamedTuple):
    level: int
    text: str
    line: int


class Marked(NamedTuple):
    """What an element is marked up as, with the number of its line among those that are seen; a date or names."""

    value: Any
    line: int
    how: str


class Nearby(msgspec.Struct):
    """What a page shows, in the order of its text."""

    lines: list[str] = []
    headings: list[Heading] = []
    authors: list[Marked] = []
    dates: list[Marked] = []

    def around(self, title: str) -> Iterator[tuple[int, str]]:
        """The short lines around the headline, to the first paragraph; those below it first."""
        places = [one.line for one in self.headings if letters(one.text) == letters(title)]
        for at in places:
            for n in range(at + 1, min(at + 1 + AROUND, len(self.lines))):
                if is_prose(self.lines[n]) and not dates.within(self.lines[n][:LONGEST]):
                    break
                yield n, self.lines[n]
        for n in (n for at in places for n in range(at - 1, max(at - 1 - AROUND, -1), -1)):
            yield n, self.lines[n]

    def alone(self, language: str) -> tuple[tuple[str, ...], dt.date | dt.datetime | None]:
        """The authors and the date of publication that the page states anywhere in so many words, if only once."""
        found = {part.authors: part for line in self.lines if (part := credits_of(line, language)) and part.authors}
        dated = [one for line in self.lines if len(line) <= LONGEST and (one := dates.of_line(line)) and one.labelled]
        date = dated[0].date if len({one.day for one in dated}) == 1 else None
        return next(iter(found)) if len(found) == 1 else (), date


def nearby(tree: Tree, title: str) -> Nearby:
    """What a page with the `title` in its head shows."""
    from lxml import etree

    found, words, kept = Nearby(), list[str](), _holding_headlines(tree, title)
    opened: dict[Any, int] = {}

    def flush() -> None:
        if said := text(" ".join(words)):
            found.lines.append(said)
        words.clear()

    walk: Any = etree.iterwalk(tree, events=("start", "end"))
    for event, one in walk:
        block = one.tag in BLOCKS or one.tag == "br"
        if event == "start":
            if block:
                flush()
            margin = (one.tag in _MARGINS and not _in_article(one)) or _has(one, _ELSEWHERE)
            if one.tag in _SKIPPED or (margin and one not in kept):
                walk.skip_subtree()
                continue
            opened[one] = len(found.lines)
            words.append(one.text or "")
            continue
        if one in opened:
            _note(found, one, opened.pop(one))
        if block:
            flush()
        words.append(one.tail or "")
    flush()
    return found


def _holding_headlines(tree: Tree, title: str) -> set[Tree]:
    """The elements that hold a headline, which no name of their class makes a margin."""
    lines = (one for one in tree.iter("h1", "h2", "h3") if text(one.text_content()) and not _is_logo(one))
    found = (one for one in lines if one.tag == "h1" or text(one.text_content()) in title)
    return {above for one in found for above in (one, *one.iterancestors())}


def _in_article(one: Tree) -> bool:
    return one.tag == "footer" and any(above.tag == "article" for above in one.iterancestors())


def _note(found: Nearby, one: Tree, line: int) -> None:
    """Notes what a single element is, which began on a line."""
    said = text(one.text_content())
    if one.tag in ("h1", "h2", "h3"):
        if said and not _is_logo(one):
            found.headings.append(Heading(int(one.tag[1]), said, line))
        return
    item, rel = one.get("itemprop") or "", (one.get("rel") or "").split()
    if said and len(said) <= LONGEST and ("author" in (item, *rel) or _has(one, _AUTHOR)):
        how = 'itemprop="author"' if item == "author" else 'rel="author"' if "author" in rel else "marked as its author"
        for _, (start, end) in reversed(dates.within(said)):
            said = f"{said[:start]} | {said[end:]}"
        named = re.sub(r"\s+(?:on|at|am|um|le|el|em|il)\s*$", "", said.partition("|")[0])
        found.authors.append(Marked(named, line, how))
    dated = one.tag == "time" or item == "datePublished" or _has(one, _PUBLISHED)
    if dated and item != "dateModified" and (date := _moment(one, said)):
        is_own = item == "datePublished" or one.get("pubdate") is not None or _has(one, _PUBLISHED)
        found.dates.append(Marked(date, line, "marked up as published" if is_own else "time"))


def _moment(one: Tree, said: str) -> dt.date | dt.datetime | None:
    for written in (one.get("datetime"), one.get("content"), one.get("title"), said):
        if written and (date := iso(written) or of_text(written)):
            return date
    return None


def letters(name: str) -> str:
    """What makes two names the same: letters and numbers alone, in one case."""
    return re.sub(r"\W+", "", name).casefold()


def iso(written: str) -> dt.date | dt.datetime | None:
    """A date in one of the forms of ISO 8601."""
    found = re.match(r"\s*(\d{4})(?:[-/](\d{1,2})[-/](\d{1,2})|(\d\d)(\d\d))(?!\d)(.*)", written)
    if found is None:
        return None
    try:
        day = dt.date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
    except ValueError:
        return None
    rest = re.sub(r"\s+(?=[+-]\d|Z|UTC|GMT)|^[\sT]+|\s+$", "", found[6])
    try:
        rest = re.sub("UTC|GMT", "Z", rest)
        return dt.datetime.fromisoformat(f"{day.isoformat()}T{rest}") if rest else day
    except ValueError:
        return day


def of_text(line: str) -> dt.date | dt.datetime | None:
    """The one date of publication that a short line names."""
    found = [one for one, _ in dates.within(line) if not one.updated] if len(line) <= LONGEST else []
    return found[0].date if len({one.day for one in found}) == 1 else None


def signed(line: str, language: str) -> tuple[str, ...]:
    """Who a short line says wrote it, beside a date or not."""
    if len(line) > LONGEST:
        return ()
    dated = dates.within(line)
    for _, (start, end) in reversed(dated):
        line = f"{line[:start]} | {line[end:]}"
    if dated and (alone := _NAMED.search(line.strip(" ,.|"))):
        return (alone[1],)
    parts = (credits_of(part.strip(" ,.:"), language) for part in re.split(r"\s+[-–—|·•»/]\s+|\s*\|\s*|,\s*$", line))
    return tuple(name for part in parts if part for name in part.authors)


def _is_logo(heading: Tree) -> bool:
    """Whether a heading is the site's name: it leads home, or is called so."""
    inside = [heading, *heading.iter("a")]
    return any(_HOME.fullmatch(one.get("href") or "-") for one in inside) or any(_has(one, _LOGO) for one in inside)


def _has(one: Tree, form: re.Pattern[str]) -> bool:
    names = f"{one.get('class') or ''} {one.get('id') or ''}".lower().split()
    return any(form.fullmatch(name) for name in names[:20])

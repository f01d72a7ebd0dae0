"""The reader of feeds (RSS, Atom): entries with their texts, dates, names and addresses. feedparser reads them."""

from __future__ import annotations

import datetime as dt
import email.utils
import html
import io
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from newsgen.content import slugs
from newsgen.diagnostics import Diagnostic, Place, error, warning
from newsgen.importers import addresses
from newsgen.importers.addresses import Addresses, host, site_path
from newsgen.importers.markup import Marked, markdown, plain
from newsgen.importers.piece import Piece
from newsgen.importers.stating import Stating
from newsgen.importers.summary import description

_MARKUP: Final = ("text/html", "application/xhtml+xml")
_TEASER = re.compile(r"(?i)(\[?(…|\.\.\.)\]?|(continue reading|read more|weiterlesen|lire la suite|leer más)\W*)$")

_Entry = dict[str, Any]
_Detail = Mapping[str, Any]
_NOTHING: Final[_Detail] = {}


class _Feed(msgspec.Struct, frozen=True):
    """What feedparser makes of a feed: its own fields, its entries, and what it stumbled over."""

    fields: _Entry
    entries: tuple[_Entry, ...]
    version: str
    mistake: Exception | None = None


class Survey(msgspec.Struct, frozen=True):
    """Hosts of a feed's own articles, the paths of these, and their tags."""

    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class FeedReader(msgspec.Struct, frozen=True):
    """Reads feeds for a site in a `language`; `base` is the path of its base_url ("/blog")."""

    language: str
    base: str = ""

    def survey(self, file: str, data: bytes) -> Survey:
        feed = _parsed(data)
        hosts = _hosts(feed)
        paths = (site_path(_link(entry), self.base) for entry in feed.entries if host(_link(entry)) in hosts)
        return Survey(hosts, tuple(filter(None, paths)), tuple(name for one in feed.entries for name in _tags(one)))

    def tags(self, survey: Survey) -> tuple[str, ...]:
        return survey.tags

    def surveyed(self, surveys: Sequence[Survey]) -> Addresses:
        hosts = tuple(dict.fromkeys(host for one in surveys for host in one.hosts))
        return Addresses(hosts, frozenset(path for one in surveys for path in one.paths), base=self.base)

    def read(self, file: str, data: bytes, survey: Addresses) -> Iterator[Piece]:
        feed = _parsed(data)
        if wrong := _wrong(file, feed):
            yield Piece(kind="file", item="" if not feed.entries else "the feed", diagnostics=(wrong,), skipped="")
        for number, entry in enumerate(feed.entries, 1):
            yield self._piece(file, feed, entry, number, survey)

    def _piece(self, file: str, feed: _Feed, entry: _Entry, number: int, known: Addresses) -> Piece:
        said = Stating(file)
        name = str(entry.get("id") or entry.get("link") or f"entry {number}")
        made, where = _body(entry, known)
        said.put("title", _text(entry, "title"), "title")
        if not said.begins(made):
            return Piece(kind="file", item=name, skipped="an empty entry")
        said.evidence["body"] = where
        date, updated = _date(entry, "published"), _date(entry, "updated")
        said.put("date", date or updated, "published" if date else "updated, for want of another")
        if date and updated and str(updated) > str(date):
            said.put("updated", updated, "updated")
        said.put("authors", _authors(entry), "author")
        said.put("tags", list(dict.fromkeys(_tags(entry))), "categories")
        if where != "summary":
            said.put("description", _text(entry, "summary"), "summary")
        elif _TEASER.search(made.text):
            advice = "Import the pages themselves, or a feed with full texts."
            said.warn("NG-724", 0, f"{name}: only a teaser of the text", advice)
        said.put("description", description(made.lead), "first paragraph")
        said.placed(_link(entry), known, "link")
        if "canonical" in said.fields:
            source: _Detail = entry.get("source", _NOTHING)
            said.put("source_name", plain(str(source.get("title", ""))), "source")
        self._shown(entry, said)
        said.language(
            str(_content(entry).get("language") or feed.fields.get("language") or ""), self.language, "language"
        )
        said.pictures(0, made.images)
        return said.piece(made, addresses.slug(site_path(_link(entry), self.base)), item=name)

    def _shown(self, entry: _Entry, said: Stating) -> None:
        """Pictures, sound and files that the entry carries beside its text."""
        enclosures = [one for one in entry.get("links", ()) if one.get("rel") == "enclosure"]
        media: list[_Detail] = [*entry.get("media_content", ()), *enclosures]
        found = [(str(one.get("url") or one.get("href") or ""), _kind(one)) for one in media]
        found += [(str(one.get("url", "")), "image") for one in entry.get("media_thumbnail", ())]
        image = next((url for url, kind in found if kind == "image" and re.match(r"https?://", url)), "")
        said.put("image", {"src": image}, "enclosure")
        others = list(dict.fromkeys(url for url, kind in found if url and kind != "image"))
        said.put("extra", {"enclosures": others}, "enclosures")
        for url in others:
            said.cut(0, url, "an enclosure; its address is kept under extra")


def _parsed(data: bytes) -> _Feed:
    import feedparser  # pyright: ignore[reportMissingTypeStubs]

    parse: Callable[..., Any] = feedparser.parse  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    try:
        found = parse(io.BytesIO(data), sanitize_html=False)
    except Exception as mistake:  # hostile bytes reach odd corners of it
        return _Feed({}, (), "", mistake)
    entries = tuple(dict(entry) for entry in found.entries)  # plain ones: its own answer for keys that they lack
    return _Feed(
        dict(found.feed), entries, found.get("version", ""), found.get("bozo_exception") if found.bozo else None
    )


def _wrong(file: str, feed: _Feed) -> Diagnostic | None:
    """What is wrong with a feed as a whole."""
    cause: Any = feed.mistake
    at = getattr(cause, "getLineNumber", None)
    line = (at() or 0) if at else 0
    why = " ".join(str(cause.getMessage() if at else cause).split())
    if not feed.version or not feed.entries:
        message = "no feed: neither RSS nor Atom" if not feed.version else "a feed without entries"
        message += f" ({why})" if cause else ""
        return error("NG-704", Place(file, line), message, "Give the feed itself, not a page about it.")
    if line:
        return warning(
            "NG-723", Place(file, line), f"the feed is not well-formed: {why}", "See that nothing is missing."
        )
    return None


def _hosts(feed: _Feed) -> tuple[str, ...]:
    """The host of the feed's site; without one, that of most entries."""
    own = host(str(feed.fields.get("link", "")))
    all = [found for entry in feed.entries if (found := host(_link(entry)))]
    most = max(sorted(set(all)), key=all.count, default="")
    return tuple(filter(None, (own if own in all else most,)))


def _link(entry: _Entry) -> str:
    return str(entry.get("feedburner_origlink") or entry.get("link") or "").strip()


def _content(entry: _Entry) -> _Detail:
    """The fullest text that an entry carries."""
    found: Sequence[_Detail] = entry.get("content", ())
    ranked = sorted(found, key=lambda one: (one.get("type") in _MARKUP, len(one.get("value", ""))))
    return ranked[-1] if ranked else _NOTHING


def _body(entry: _Entry, known: Addresses) -> tuple[Marked, str]:
    """The Markdown of the entry's text, and where it stands: "content" or "summary"."""
    content = _content(entry)
    where = "content" if content.get("value", "").strip() else "summary"
    detail: _Detail = content if where == "content" else entry.get("summary_detail", _NOTHING)
    text = str(detail.get("value", ""))
    if detail.get("type") in _MARKUP or re.search(r"</?[a-z]+[\s>/]|&\w+;", text):
        return markdown(text, link=known.link), where
    return markdown(html.escape(text, quote=False), breaks=True, link=known.link), where


def _text(entry: _Entry, key: str) -> str:
    detail: _Detail = entry.get(f"{key}_detail", _NOTHING)
    text = str(detail.get("value", ""))
    return plain(text if detail.get("type") in _MARKUP else html.escape(text, quote=False))


def _tags(entry: _Entry) -> list[str]:
    named = (" ".join(str(one.get("label") or one.get("term") or "").split()) for one in entry.get("tags", ()))
    return [name for name in named if name and not slugs.is_internal(name)]


def _authors(entry: _Entry) -> list[str]:
    names = [plain(str(one.get("name", ""))) for one in entry.get("authors", ())]
    if len(names) == 1 and "@" in (written := str(entry.get("author", ""))):  # feedparser cuts long domains in two
        names = [re.sub(r"\S+@\S+|[()<>]", " ", written).strip()]
    return list(dict.fromkeys(name for name in names if name and "@" not in name and "://" not in name))


def _kind(media: _Detail) -> str:
    medium = str(media.get("medium") or media.get("type") or "").partition("/")[0]
    return medium if medium != "document" else ""


def _date(entry: _Entry, key: str) -> dt.date | dt.datetime | None:
    """The date as it is written, with its own offset; as feedparser reads it where that form is another."""
    text = str(entry.get(key) or "").strip()
    for read in (email.utils.parsedate_to_datetime, _iso):
        try:
            return read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    parsed: time.struct_time | None = entry.get(f"{key}_parsed")
    try:
        return dt.datetime(*parsed[:6], tzinfo=dt.UTC) if parsed else None
    except ValueError:
        return None


def _iso(text: str) -> dt.date | dt.datetime:
    return dt.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else dt.datetime.fromisoformat(text)

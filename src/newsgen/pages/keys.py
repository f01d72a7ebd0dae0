"""The keys of planned pages: named parts, so that the first part that differs is the explanation of a rebuild."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from newsgen import digest
from newsgen.diagnostics import Diagnostic
from newsgen.model import PlannedBody

_WIDTH = 2 * digest.LENGTH


class Shape(msgspec.Struct, frozen=True, array_like=True):
    """What many pages' keys have in common: parts with their digests, and the names of each page's own parts."""

    shared: tuple[tuple[str, str], ...]
    own: tuple[str, ...]


class PlannedPage(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One output file, planned. The first six say how it is made (see planner.py), `documents` whose bodies it carries.

    `edition` is the folder of its edition. Its key is that of its shape, the digests in `own`, one after the other, and
    the text of its documents.
    """

    path: str
    make: str
    what: str
    source: str
    number: int
    page: int
    shape: int
    own: str
    documents: tuple[str, ...] = ()
    edition: str = ""

    def kind(self) -> str:
        """Its template, else what makes it."""
        return self.what if self.what.endswith(".html") else self.make


class Record(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A page as it was last published: digests of its documents' text and of its bytes, its file's signature."""

    text: str
    digest: str
    signature: bytes


class Published(msgspec.Struct, frozen=True):
    """What an output folder holds: planned pages with the record of each."""

    shapes: tuple[Shape, ...] = ()
    pages: tuple[PlannedPage, ...] = ()
    records: tuple[Record, ...] = ()


class Linked(msgspec.Struct, frozen=True):
    """A body with its links resolved, and what there is to say of them; `text` is the digest of both.

    `blocks` is the digest of how its blocks are rendered, empty where it has none; `of` that of the body with its links
    and blocks as they are written, each with its place.
    """

    body: PlannedBody
    text: str
    diagnostics: tuple[Diagnostic, ...]
    blocks: str = ""
    of: str = ""


def parts(page: PlannedPage, shapes: tuple[Shape, ...], text: str) -> dict[str, str]:
    """The key of a page, `text` being what it carries (see `carried`): a digest by the name of each part."""
    shape = shapes[page.shape]
    own = [page.own[start : start + _WIDTH] for start in range(0, len(page.own), _WIDTH)]
    texts = {name: one for name, one in zip(("text", "blocks"), text.split(" "), strict=False) if one}
    return dict(shape.shared) | dict(zip(shape.own, own, strict=True)) | texts


def carried(texts: Sequence[str], blocks: Sequence[str]) -> str:
    """What a page carries, of the digests of its texts and of how their blocks are rendered: one of each, apart."""
    text = texts[0] if len(texts) == 1 else digest.of_text("".join(texts)) if texts else ""
    return f"{text} {digest.of_text(''.join(blocks))}" if any(blocks) else text


def reason(now: dict[str, str], before: dict[str, str]) -> str:
    """Why a page of the key `now` is rendered anew where it had the key `before`, in words; empty where they agree."""
    for name in sorted(now, key=_order):
        if name not in before:
            return _NEW.get(name, f"it now reads {name}")
        if before[name] != now[name]:
            return _CHANGES.get(name, f"{name} changed")
    gone = sorted(before.keys() - now.keys(), key=_order)
    return _GONE.get(gone[0], f"it no longer reads {', '.join(gone)}") if gone else ""


def _order(name: str) -> tuple[int, str]:
    """What explains most comes first: newsgen, settings, template, what the page is of, its text, how blocks look."""
    first = ("newsgen", "settings", "renderer")
    if name in first:
        return first.index(name), name
    return (3 if name.startswith("template ") else {"text": 5, "blocks": 6}.get(name, 4)), name


_NEW: dict[str, str] = {"text": "it now carries a text"}
_GONE: dict[str, str] = {"text": "it no longer carries a text"}
_TERM: str = "its own title, description, count or address changed"
_CHANGES: dict[str, str] = {
    "newsgen": "newsgen or one of its libraries changed",
    "settings": "base_url changed in newsgen.toml",
    "assets": "a style sheet, script or picture of the theme changed",
    "language": "its language or the catalogue of that changed",
    "renderer": "its address now belongs to a page of another kind",
    "site": "a setting that templates see changed in newsgen.toml",
    "text": "the text of an article that it carries changed",
    "blocks": "the template of a block that it carries, or the data that it shows, changed",
    "article": "the article's own title, date, tags or other front matter changed",
    "articles": "the articles that it lists changed",
    "listing": "the articles that it lists changed",
    "tag": _TERM,
    "author": _TERM,
    "section": _TERM,
    "old_year": "the article has become old, or is no longer",
    "translations": "the languages that it is in, or the addresses in them, changed",
    "related": "the articles related to it changed",
    "series": "its series or the parts of it changed",
    "collection": _TERM,
    "archive": "the count of a year, month or day of the archive changed",
    "collections": "the articles of a collection changed",
    "related_tags": "the tags that go with it changed",
    "page": "the page's own title, description or headings changed",
    "meta": "what its head says changed: title, description, address or language",
    "channel": "what the feed says of itself changed: title, description, address, publisher or hub",
    "structured_data": "what its structured data says changed: the article, its publisher or the site",
    "index": "the tags or authors that it lists changed",
    "live": "when its coverage ends, or whether it has, changed",
    "indexed": "the search index was made anew",
    "canonical": "the address that it leads to changed",
    "url": "the address that it leads to changed",
    "parts": "the parts of the sitemap changed",
    "publication": "title or language changed in newsgen.toml",
    "lines": "the settings or addresses that it is made of changed",
    "digest": "the file was edited",
    "encoder": "what opens and writes pictures changed",
    "letterer": "what draws social cards changed",
    "social_image": "the picture that it is shared with changed",
    "metadata": "images.metadata changed in newsgen.toml",
    "fragments": "a fragment (header, footer, ...) came out differently",
    "entries": "the addresses or dates of the sitemap changed",
}

"""Which reader a path is given to: told by what lies there, unless the user says it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from newsgen.config import Settings
from newsgen.diagnostics import Place, Refused, error
from newsgen.engine.sources import read_bytes
from newsgen.importers.addresses import host
from newsgen.importers.files import Source, in_chunks, source, walked
from newsgen.importers.piece import Reader
from newsgen.importers.report import ImportOptions

SITES: Final = ("jekyll", "hugo", "zola", "pelican", "eleventy", "nikola", "markdown")
"""The kinds of which a folder is one whole."""

TEXT: Final = "text"
KINDS: Final = (*SITES, TEXT, "html", "feed", "wordpress")
"""The kinds of sources, in the order in which they are imported."""

_WALKED: Final = {
    **dict.fromkeys((".txt", ".text"), "text"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    **dict.fromkeys((".xml", ".rss", ".atom", ".rdf"), "xml"),  # its root says which
}
_SUFFIXES: Final = {"": "text", ".md": "text", **_WALKED}  # of files that are given by name
_EXTRAS: Final = {"html": "trafilatura", "feed": "feedparser"}
_LARGEST: Final = {"feed": 1 << 26, "wordpress": 1 << 31}  # bytes


_ROOT = re.compile(rb"<(rss|feed|rdf:RDF|html)[\s>]")
_WXR = re.compile(rb"<wp:wxr_version|wordpress\.org/export/")


class Batch(msgspec.Struct, frozen=True):
    """Sources of one kind, sorted by their names, and their reader. One is read up to `limit` bytes; one that is
    `streamed` is never held whole, and neither are its pieces."""

    kind: str
    reader: Reader
    sources: tuple[Source, ...]
    limit: int
    streamed: bool = False


def batches(root: Path, settings: Settings, paths: Iterable[Path], options: ImportOptions) -> tuple[Batch, ...]:
    """The files that the paths stand for, each once: files as given, of folders those of a known kind.

    Raises Refused where the settings of another generator's site cannot be read.
    """
    found: dict[str, tuple[str, Source]] = {}
    made: list[Batch] = []
    limit = settings.markdown.max_kilobytes * 1024
    for path in paths:
        of_site = _site(root, path, options, limit)
        if of_site:
            made.append(of_site)
        in_site = {one.path for one in of_site.sources} if of_site else set[str]()
        if options.kind in SITES or (of_site and of_site.kind != "markdown"):
            continue  # beside Markdown there may be other texts
        for kind, one in _sources(root, path, options.kind):
            if one.path not in in_site:
                found.setdefault(os.path.realpath(one.path), (kind, one))
    for kind in KINDS:
        if some := [one for of, one in found.values() if of == kind]:
            streamed = kind == "wordpress"
            some = map(in_chunks, some) if streamed else some
            made.append(
                Batch(kind, reader(kind, settings, options), _sorted(some), _LARGEST.get(kind, limit), streamed)
            )
    return tuple(made)


def _sorted(some: Iterable[Source]) -> tuple[Source, ...]:
    return tuple(sorted(some, key=lambda one: (one.file, one.path)))


def _site(root: Path, path: Path, options: ImportOptions, limit: int) -> Batch | None:
    """A folder that is another generator's site, or holds Markdown; or one file of Markdown with front matter."""
    if options.kind and options.kind not in SITES:
        return None
    from newsgen.importers import layouts
    from newsgen.importers.sites import SiteReader

    folder = path if path.is_dir() else path.parent
    if path.is_dir():
        paths = list(walked(path))
        kind = options.kind or layouts.kind_of(path)
    else:
        paths, kind = [path], options.kind
    if not kind and any(one.suffix.lower() in layouts.TEXTS and _has_front_matter(one) for one in paths):
        kind = "markdown"
    if not kind or not paths:
        return None
    inner = {one.relative_to(folder).as_posix(): one for one in paths}
    first = next(iter(inner))
    base = source(root, inner[first], folder).file.removesuffix(first)
    site = layouts.site(folder, kind, base, inner, options.permalinks)
    carried = {name: where.role == "file" for name in inner if (where := site.where(name))}
    sources = [
        msgspec.structs.replace(source(root, inner[name], folder), carried=is_file)
        for name, is_file in carried.items()
        if not is_file or kind != "markdown"  # of which files are carried that a text names
    ]
    of_site = SiteReader(site, str(folder), str(root), options.section)
    return Batch(kind, of_site, _sorted(sources), limit) if sources else None


def _has_front_matter(path: Path) -> bool:
    try:
        return read_bytes(path)[:256].removeprefix(b"\xef\xbb\xbf").lstrip()[:3] in (b"---", b"+++")
    except OSError:
        return False


def reader(kind: str, settings: Settings, options: ImportOptions) -> Reader:
    """The reader of a kind; imported where there is something for it. Raises Refused where its library is missing."""
    language, base = options.lang or settings.language, urlsplit(settings.base_url).path.rstrip("/")
    if (library := _EXTRAS.get(kind)) and not find_spec(library):
        extra = "html" if kind == "html" else "feeds"
        advice = f"Install it: pip install 'newsgen[{extra}]'"
        raise Refused(error("NG-725", Place(kind), f"to read {kind} takes {library}, which is not installed", advice))
    if kind == "html":
        from newsgen.importers.html import HtmlReader

        return HtmlReader(language, settings.title, host(settings.base_url), base)
    if kind == "feed":
        from newsgen.importers.feeds import FeedReader

        return FeedReader(language, base)
    if kind == "wordpress":
        from newsgen.importers.wordpress import WordPress

        return WordPress(base)
    from newsgen.importers.raw import TextReader

    return TextReader(settings.language, options.lang, options.encoding, options.keep_boilerplate)


def _sources(root: Path, path: Path, kind: str) -> Iterator[tuple[str, Source]]:
    if not path.is_dir():
        yield _given(root, path, kind)
        return
    for one in walked(path):
        if told := kind or _told(_WALKED.get(one.suffix.lower(), ""), one):
            yield told, source(root, one, path)


def _given(root: Path, path: Path, kind: str) -> tuple[str, Source]:
    one = source(root, path)
    in_name = " " in path.suffix or path.suffix[1:].isdigit()  # as in "vol. 2" or "notes.2026"
    told = kind or _told(_SUFFIXES.get("" if in_name else path.suffix.lower(), ""), path)
    if told or one.refused:
        return told or TEXT, one
    advice = f"Known are {_listed([suffix for suffix in _SUFFIXES if suffix])}; --from text reads it as plain text."
    wrong = error("NG-704", Place(one.file), f'"{path.suffix}" files cannot be imported', advice)
    return TEXT, msgspec.structs.replace(one, refused=wrong)


def _told(kind: str, path: Path) -> str:
    """The kind, which XML tells by its root; empty where it is none of ours."""
    if kind != "xml":
        return kind
    try:
        with path.open("rb") as file:
            head = file.read(1 << 14)
    except OSError:
        return "feed"  # which says that it cannot be read
    found = _ROOT.search(head)
    if found is None:
        return ""
    return "html" if found[1] == b"html" else "wordpress" if found[1] == b"rss" and _WXR.search(head) else "feed"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + f" and {words[-1]}"

"""Pictures that imported articles show from other sites, brought into static/ where the user asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from newsgen import digest, external
from newsgen.config import Settings
from newsgen.content import slugs
from newsgen.diagnostics import Diagnostic, Place, warning
from newsgen.engine.pool import Progress
from newsgen.importers import files
from newsgen.importers.addresses import host
from newsgen.importers.records import BLANK, is_edited, record_of, sealed
from newsgen.importers.report import ImportedFile
from newsgen.project import text_of

_SHOWN: Final = re.compile(
    r"(?:!\[(?:[^\[\]\\]|\\.)*+\]\(|<img\s[^>]*?src=\"|^image: (?:\{src: )?['\"]?|\sposter=\")(https?://[^\s()<>\"'{}]+)"
    r"|\]\((https?://[^\s()<>\"'{}]+\.(?:jpe?g|png|gif|webp|avif))\)",
    re.M | re.I,
)
_FORMS: Final = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8|RIFF....WEBP|....ftypavi[fs]", re.S)
_SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")


def fetch_images(
    root: Path, settings: Settings, rows: Iterable[ImportedFile], progress: Progress
) -> tuple[int, tuple[Diagnostic, ...]]:
    """Brings the pictures of imported articles that nobody edited; how many, and what could not be had.

    What lies in static/ already is not asked for again. The articles then name the files.
    """
    texts = dict(_imported(root, rows))
    shown = {target: [one[1] or one[2] for one in _SHOWN.finditer(text)] for target, text in texts.items()}
    home = host(settings.base_url)
    places = {url: _place(url, home) for urls in shown.values() for url in urls}

    def keep(url: str, data: bytes) -> str:
        if not _FORMS.match(data):
            return "it is no JPEG, PNG, GIF, WebP or AVIF"
        target = root / "static" / places[url]
        try:
            if not files.is_inside(root, target):
                raise OSError(0, "a link leads out of the project")
            files.place(target, data)
        except OSError as failure:
            return f"static/{places[url]} cannot be written: {failure.strerror}"
        return ""

    absent = [url for url, place in places.items() if not (root / "static" / place).exists()]
    wrong = external.files(absent, keep, progress)
    for target, text in texts.items():
        record = record_of(target, text)
        made = text.replace(record.written, BLANK, 1) if record else text
        for url in sorted(set(shown[target]), key=len, reverse=True):
            if not wrong.get(url):
                made = re.sub(rf"{re.escape(url)}(?=[\s()'\"<>{{}}]|$)", f"/{places[url]}", made)
        if (made := sealed(made)) != text:
            files.write(root / target, made, new=False)
    said = [
        warning("NG-726", Place(target), f"{url} was not fetched: {wrong[url]}", "The article shows it from there.")
        for target, urls in shown.items()
        for url in dict.fromkeys(urls)
        if wrong.get(url)
    ]
    return sum(1 for url in absent if not wrong[url]), tuple(said)


def _imported(root: Path, rows: Iterable[ImportedFile]) -> Iterator[tuple[str, str]]:
    """The content files of an import that are as it wrote them."""
    for row in rows:
        if row.result in ("written", "rewritten", "unchanged") and row.target.endswith(".md"):
            text = text_of(root / row.target)
            record = record_of(row.target, text)
            if record and not is_edited(text, record):
                yield row.target, text


def _place(url: str, home: str) -> str:
    """Where a picture lies below static/: under its old path if it is of the site itself, else under its host."""
    parts = urlsplit(url)
    names = [slugs.tidy(part) for part in unquote(parts.path).split("/") if part]
    names = [digest.of_text(url)[:12] if slugs.offence(name) else name for name in names] or [digest.of_text(url)[:12]]
    stem, dot, suffix = names[-1].rpartition(".")
    if f"{dot}{suffix}".lower() not in _SUFFIXES:
        stem, suffix = names[-1], "jpg"
    query = f"-{digest.of_text(parts.query)[:8]}" if parts.query else ""
    names[-1] = f"{stem}{query}.{suffix}"
    own = host(url) == home
    return "/".join(names if own else ["images", slugs.tidy(host(url)) or "other", *names])

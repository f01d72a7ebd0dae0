"""The addresses of an old site: which of them can stay, and where its links lead now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import msgspec

from newsgen.content import slugs

UNANSWERABLE: Final = "an address that a static host cannot answer"


class Addresses(msgspec.Struct, frozen=True):
    """Hosts of the old site, and the paths of its articles that are imported; those with a query by the post's id.

    `base` is the path of the new site's base_url ("/blog"), which its own paths do not repeat.
    """

    hosts: tuple[str, ...] = ()
    paths: frozenset[str] = frozenset()
    by_id: Mapping[str, str] = {}
    base: str = ""

    def link(self, url: str) -> str:
        """The address to write for a link: a path where it leads to an imported article, else as it is."""
        parts = _split(url)
        if parts is None or (parts.netloc and host(url) not in self.hosts):
            return url
        anchor = f"#{parts.fragment}" if parts.fragment else ""
        query = parse_qs(parts.query, max_num_fields=50) if len(parts.query) < 500 else {}
        for key in ("p", "page_id"):
            if found := self.by_id.get(query.get(key, [""])[0]):
                return f"{found}{anchor}"
        path = site_path(url, self.base)
        return f"{path}{anchor}" if path in self.paths else url


def site_path(url: str, base: str = "") -> str:
    """The path of an address as a path of the site below `base`; empty where a static host cannot answer it."""
    parts = _split(url)
    if parts is None or parts.query or not parts.path:
        return ""
    path = unquote(parts.path)
    path = path.removeprefix(base) if base and path.startswith(f"{base}/") else path
    return "" if slugs.path_offence(path) else path


def slug(path: str) -> str:
    """The last segment of a path as the name of a file; empty where it gives none."""
    parts = [part for part in path.split("/") if part]
    named = [name for part in parts if (name := part.rsplit(".", 1)[0]) and name.lower() not in ("index", "default")]
    return segment(named[-1]) if named else ""


def segment(name: str) -> str:
    tidy = slugs.tidy(unquote(name).lower())
    return "" if slugs.offence(tidy) else tidy


def host(url: str) -> str:
    """The host of an address, without "www."; empty where it has none."""
    parts = _split(url)
    return (parts.hostname or "").removeprefix("www.") if parts else ""


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None

"""sitemap.xml and robots.txt."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import msgspec


class SitemapEntry(msgspec.Struct, frozen=True):
    """An absolute URL and when its page last changed, as ISO 8601; empty where that is not known."""

    url: str
    changed: str = ""


def sitemap(entries: Sequence[SitemapEntry]) -> bytes:
    """The sitemap as UTF-8. A date is given only where an article states it; the build's own would be a lie."""
    rows = "".join(
        f"<url><loc>{escape(one.url, quote=False)}</loc>{one.changed and f'<lastmod>{one.changed}</lastmod>'}</url>\n"
        for one in entries
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{rows}</urlset>\n".encode()


def robots(sitemap_url: str) -> bytes:
    """robots.txt: everything may be read, and where the sitemap is."""
    return f"User-agent: *\nAllow: /\n{f'Sitemap: {sitemap_url}{chr(10)}' if sitemap_url else ''}".encode()

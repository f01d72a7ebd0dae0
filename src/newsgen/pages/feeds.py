"""RSS 2.0 of a list of articles, with their full text or their summaries."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from newsgen.model import ArticleRef, Meta, Site
from newsgen.pages.filters import absolute_url

_ROOTED = re.compile(r'((?:href|src)=")(/(?!/)[^"]*|#[^"]*)"')


def rss(site: Site, meta: Meta, articles: Sequence[ArticleRef], bodies: Sequence[str], origin: str) -> bytes:
    """The feed as UTF-8. `bodies` holds the HTML of each article, or nothing where the feed carries summaries.

    Its date is that of its newest entry, never that of the build.
    """
    texts = bodies or ("",) * len(articles)
    entries = "".join(_item(article, text, origin) for article, text in zip(articles, texts, strict=True))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" \
xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel>
<title>{escape(meta.feed_title or site.title)}</title>
<link>{escape(absolute_url(meta.url, origin))}</link>
<description>{escape(meta.description or site.description or site.title)}</description>
<language>{escape(meta.language)}</language>
<atom:link href={quoteattr(absolute_url(meta.feed_url, origin))} rel="self" type="application/rss+xml"/>
{_newest(articles)}{entries}</channel>
</rss>
""".encode()


def absolute_html(html: str, url: str, origin: str) -> str:
    """`html` with its rooted links and anchors made absolute, as a reader far from the site needs them."""
    return _ROOTED.sub(lambda found: f'{found[1]}{url if found[2][0] == "#" else origin}{found[2]}"', html)


def _newest(articles: Sequence[ArticleRef]) -> str:
    dates = [date for article in articles for date in (article.date, article.updated) if date]
    return f"<lastBuildDate>{_rfc822(max(dates))}</lastBuildDate>\n" if dates else ""


def _item(article: ArticleRef, html: str, origin: str) -> str:
    url = absolute_url(article.url, origin)
    lines = [f"<title>{escape(article.title)}</title>", f"<link>{escape(url)}</link>"]
    lines.append(f'<guid isPermaLink="true">{escape(url)}</guid>')
    if article.date:
        lines.append(f"<pubDate>{_rfc822(article.date)}</pubDate>")
    lines += [f"<dc:creator>{escape(author.title)}</dc:creator>" for author in article.authors]
    lines += [f"<category>{escape(tag.title)}</category>" for tag in article.tags]
    if article.summary:
        lines.append(f"<description>{escape(article.summary)}</description>")
    if html:
        lines.append(f"<content:encoded>{escape(absolute_html(html, url, origin))}</content:encoded>")
    return "<item>\n" + "\n".join(lines) + "\n</item>\n"


def _rfc822(date: dt.datetime) -> str:
    return format_datetime(date)

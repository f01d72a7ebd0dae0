"""The reader of web pages: what they say of themselves first, then what stands in them. trafilatura finds the text."""

# JSON-LD may be anything, and neither lxml nor trafilatura state their types.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

import datetime as dt
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import Any, Final

import msgspec

from newsgen.content import slugs
from newsgen.diagnostics import Place, error
from newsgen.importers import addresses
from newsgen.importers.addresses import Addresses, host, site_path
from newsgen.importers.markup import markdown, plain
from newsgen.importers.nearby import Nearby, iso, letters, nearby, of_text, signed
from newsgen.importers.page_data import PageData, Tree, names, page_data, text, types
from newsgen.importers.piece import Piece
from newsgen.importers.slug import slug_of
from newsgen.importers.stating import Stating
from newsgen.importers.summary import description

_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af」』）]"
_SEPARATOR = re.compile(rf"\s+[-–—|·•:»«›/]+\s+|\s*[|｜»]\s*|(?<={_CJK})\s*[-_–—：]+\s*")
_PART = re.compile(rf"{_SEPARATOR.pattern}|:\s+")
_DATES: Final = (
    "article:published_time datepublished og:published_time parsely-pub-date sailthru.date dc.date.issued "
    "dcterms.created dc.date dcterms.date article.published pubdate publish-date publish_date publishdate "
    "published_time cxenseparse:recs:publishtime date.created citation_publication_date date"
).split()
_AUTHORS: Final = "author article:author parsely-author sailthru.author byl dc.creator citation_author".split()
_NOBODY: Final = frozenset("admin staff editor redaktion redacción redaction submitted".split())
_BYLINE = re.compile(r"(?i)^[^:]{0,25}?\b(?:by|von|par|por|di|door|text|author|autor(?:/?in)?|auteur|mit)\b\s*:?\s+")
_JOINERS = re.compile(
    r"\s*(?:,\s*(?:and|und|&)\s|[;|/·•]|,(?!\s*(?:Jr|Sr|MD|PhD))|\s(?:and|und|et|y|e|og|och|en|&)\s)\s*"
)
_BLOCKS: Final = ("p", "blockquote", "figcaption", "pre", "li", "h1", "h2", "h3", "h4", "h5", "h6")
_LEAST: Final = 25  # characters of a block that is told of when it is left out


class Survey(msgspec.Struct, frozen=True):
    """Where a page lies, the ends of its title, and its tags."""

    host: str = ""
    path: str = ""
    ends: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


class Batch(msgspec.Struct, frozen=True):
    """What the pages say together: addresses of the site's host, or that of most, and names that titles end with."""

    addresses: Addresses = Addresses()
    ends: frozenset[str] = frozenset()


class HtmlReader(msgspec.Struct, frozen=True):
    """Reads pages for a site called `title` in a `language`; `home` and `base` are host and path of its base_url."""

    language: str
    title: str = ""
    home: str = ""
    base: str = ""

    def survey(self, file: str, data: bytes) -> Survey:
        tree = _tree(data)
        if tree is None:
            return Survey()
        page = page_data(tree)
        url = _url(page)
        ends = _SEPARATOR.split(page.title)[1:]
        return Survey(
            host(url), site_path(url, self.base), tuple({end.casefold() for end in ends if end}), _tags(page)[0]
        )

    def tags(self, survey: Survey) -> tuple[str, ...]:
        return survey.tags

    def surveyed(self, surveys: Sequence[Survey]) -> Batch:
        hosts = Counter(one.host for one in surveys if one.host)
        most = max(sorted(hosts), key=lambda name: hosts[name], default="")
        own = self.home if self.home in hosts else most if 2 * hosts[most] > hosts.total() else ""
        paths = frozenset(one.path for one in surveys if one.path and one.host == own)
        ends = Counter(end for one in surveys for end in one.ends)
        common = frozenset(end for end, count in ends.items() if count >= 3 or (count == 2 and len(surveys) <= 10))
        return Batch(Addresses((own,) if own else (), paths, base=self.base), common)

    def read(self, file: str, data: bytes, survey: Batch) -> tuple[Piece, ...]:
        tree = _tree(data)
        page = page_data(tree) if tree is not None else None
        said = Stating(file)
        seen = nearby(tree, page.title) if page else Nearby()
        if page is None or not self._titled(page, seen, survey, said):
            advice = "Give the page of an article; --from text reads it as plain text."
            why = "no page in it" if page is None else "a page without a title"
            return (Piece(kind="file", diagnostics=(error("NG-704", Place(file), why, advice),)),)
        url = _url(page)
        html = _extracted(data, url)
        made = markdown(_without_headline(html, said), link=survey.addresses.link)
        if not made.text:
            advice = "Give the page of an article, not a list of articles."
            return (Piece(kind="file", diagnostics=(error("NG-704", Place(file), "no article in the page", advice),)),)
        self._dated(page, seen, url, said)
        self._named(page, seen, said)
        for value, where in _descriptions(page):
            said.put("description", value, where)
        said.put("description", description(made.lead), "first paragraph")
        said.put("tags", list(_tags(page)[0]), _tags(page)[1])
        section, where = page.said("articleSection"), "JSON-LD articleSection"
        if not section:
            section, where = page.meta("article:section", "section")
        said.put("section", section if slug_of(section) else "", where)
        said.placed(url, survey.addresses, "canonical link")
        self._pictured(page, said)
        said.language(page.language or page.said("inLanguage"), self.language, "html lang")
        self._left_out(tree, html, said)
        said.pictures(0, made.images)
        return (said.piece(made, addresses.slug(site_path(url, self.base)), section=slug_of(section)),)

    def _titled(self, page: PageData, seen: Nearby, batch: Batch, said: Stating) -> bool:
        """The headline: that of the page where it is what the page says of itself, too; else JSON-LD, Open Graph."""
        sites = {name.casefold() for name in (*_sites(page), host(_url(page))) if name} | batch.ends
        told = [(page.said("headline"), "JSON-LD headline"), (page.meta("og:title")[0], "og:title")]
        told += [(page.meta("twitter:title")[0], "twitter:title"), (page.title, "title")]
        known = [(_bare(value, sites), where) for value, where in told]
        known = [(value, where) for value, where in known if value and value.casefold() not in sites]
        first = [one.text for one in seen.headings if one.level == 1 and one.text.casefold() not in sites]
        others = [one.text for one in seen.headings if one.level > 1]
        parts = [(part, where) for value, where in known for part in _parts(value) if part.casefold() not in sites]
        for some in (known, parts):
            for headings, kind in ((first, "h1"), (others, "heading")):
                for part, where in some:
                    same = next((one for one in headings if _folded(one) == _folded(part)), "")
                    said.put("title", part if " :" in same else same, f"{kind}, as {where}")
        longer = {one for one in first for value, _ in known if _folded(value) in _folded(one)}
        for value, where in known:
            near = [one for one in first if any(_alike(one, part) for part in _parts(value)) and one not in longer]
            said.put("title", near[0] if len(near) == 1 else "", f"h1, much like {where}")
        said.put("title", page.said("headline"), "JSON-LD headline")
        said.put("title", first[0] if len(first) == 1 and len(first[0].split()) > 2 else "", "h1")
        for value, where in known:
            said.put("title", value if where != "title" else "", where)
        said.put("title", _bare(_without_end(page.title), sites), "title without its end")
        said.put("title", first[0] if len(first) == 1 else "", "h1")
        return bool(said.fields)

    def _dated(self, page: PageData, seen: Nearby, url: str, said: Stating) -> None:
        stated = [(iso(page.said("datePublished")), "JSON-LD datePublished")]
        stated += [(iso(page.meta(name)[0]), f"meta {name}") for name in _DATES]
        dates = [(date, where) for date, where in stated if date] or _shown(seen, url, said.fields["title"])
        for date, where in dates[:1]:
            said.put("date", date, where)
        if other := next((one for one in dates[1:] if _day(one[0]) != _day(dates[0][0])), None):
            message = f"{dates[0][1]} says {_day(dates[0][0])}, {other[1]} {_day(other[0])}"
            said.warn("NG-115", 0, message, "The first was taken; mend it where that is wrong.")
        updated = iso(page.said("dateModified")) or iso(page.meta("article:modified_time")[0])
        date = said.fields.get("date")
        if updated and date and str(updated) > str(date) and not (type(date) is dt.date and _day(updated) == date):
            where = "JSON-LD dateModified" if page.said("dateModified") else "article:modified_time"
            said.put("updated", updated, where)

    def _named(self, page: PageData, seen: Nearby, said: Stating) -> None:
        sites = {letters(name) for name in (*_sites(page), self.title, host(_url(page)))}
        label = host(_url(page)).partition(".")[0]

        def is_site(name: str) -> bool:
            return letters(name) in sites or letters(name.partition(" ")[0]) == label

        def people(found: Iterable[str]) -> list[str]:
            """The names, but for those that begin with the site's."""
            parts = ([*_people(name)] for name in found)
            return list(dict.fromkeys(name for some in parts if some and not is_site(some[0]) for name in some))

        author = page.article.get("author")
        found = author if isinstance(author, list) else [author]
        said.put("authors", _unique(one for one in found if "Person" in types(one)), "JSON-LD author")
        said.put("authors", people(names([one for one in found if not types(one)])), "JSON-LD author")
        said.put("authors", people(one.value for one in seen.authors if "itemprop" in one.how), 'itemprop="author"')
        for name in _AUTHORS:
            said.put("authors", people(page.metas.get(name, [])), f"meta {name}")
        for found in seen.authors:
            beside = (one.value for one in seen.authors if one.how == found.how and 0 <= one.line - found.line <= 1)
            said.put("authors", _unique(beside), found.how)
        language = page.language or self.language
        for _, line in seen.around(said.fields["title"]):
            said.put("authors", people(signed(line, language)), "line by the headline")
        said.put("authors", people(seen.alone(language)[0]), "byline in the page")
        site = next((name for name in _sites(page) if name.casefold() != self.title.casefold()), "")
        said.put("source_name", site, "og:site_name" if page.meta("og:site_name")[0] else "JSON-LD publisher")

    def _pictured(self, page: PageData, said: Stating) -> None:
        image: Any = page.article.get("image")
        image = image[0] if isinstance(image, list) and image else image
        url = image.get("url") or image.get("contentUrl") if isinstance(image, dict) else image
        caption = text(image.get("caption")) if isinstance(image, dict) else ""
        meta, where = page.meta("og:image:secure_url", "og:image", "twitter:image")
        src, where = (meta, where) if meta else (text(url), "JSON-LD image")
        if re.fullmatch(r"https?://[^\s<>\"\\]+", src):
            alt, _ = page.meta("og:image:alt", "twitter:image:alt")
            said.put("image", {"src": src, "alt": alt, "caption": caption}, where)

    def _left_out(self, tree: Tree, html: str, said: Stating) -> None:
        """Tells of each block of the page that is not in the article, with its line."""
        kept = _folded(plain(html))
        for one in tree.iter(*_BLOCKS):
            block = text(one.text_content())
            innermost = sum(1 for _ in one.iter(*_BLOCKS)) == 1
            if innermost and len(block) >= _LEAST and _folded(block) not in kept:
                said.cut(one.sourceline or 0, block, "outside of the article")


def _tree(data: bytes) -> Tree:
    from trafilatura.utils import load_html

    for library in ("trafilatura", "htmldate", "justext", "courlan"):  # only the command speaks to the user
        logging.getLogger(library).setLevel(logging.CRITICAL)
    return load_html(data)


def _extracted(data: bytes, url: str) -> str:
    """The article of a page as HTML; empty where there is none."""
    from trafilatura import extract

    return (
        extract(
            data,
            url=url or None,
            output_format="html",
            include_comments=False,
            include_tables=True,
            include_images=True,
            include_links=True,
            include_formatting=True,
        )
        or ""
    )


def _shown(seen: Nearby, url: str, title: str) -> list[tuple[dt.date | dt.datetime, str]]:
    """The date of a page that says none to machines: in its address, marked up, or beside the headline."""
    around = dict(seen.around(title))
    own = [(one.value, one.how) for one in seen.dates if one.how != "time"]
    near = [(one.value, "time by the headline") for one in seen.dates if one.line in around]
    lines = [(date, "line by the headline") for line in around.values() if (date := of_text(line))]
    found = re.search(r"/(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:[/._-]|$)", url)
    if found and (day := iso("-".join(found.groups()))):
        return [next((one for one in (*own, *near, *lines) if _day(one[0]) == day), (day, "address of the page"))]
    alone = seen.alone("")[1]
    return (own or near or lines)[:1] or ([(alone, "line of the page")] if alone else [])


def _url(page: PageData) -> str:
    """The page's own address."""
    for url in (page.canonical, page.meta("og:url")[0], page.said("mainEntityOfPage"), page.said("url")):
        if re.fullmatch(r"https?://[^\s<>\"\\]+", url):
            return url
    return ""


def _sites(page: PageData) -> list[str]:
    """The names by which a page calls its site."""
    stated = [page.meta("og:site_name")[0], page.said("publisher"), page.meta("application-name")[0]]
    return [name for name in stated if name]


def _descriptions(page: PageData) -> Iterator[tuple[str, str]]:
    yield page.said("description"), "JSON-LD description"
    yield page.meta("og:description", "description", "twitter:description")


def _tags(page: PageData) -> tuple[tuple[str, ...], str]:
    """The tags of a page, and where it has them."""
    keywords = page.article.get("keywords")
    for found, where in (
        (page.metas.get("article:tag", []), "article:tag"),
        (list(names(keywords)), "JSON-LD keywords"),
        (page.metas.get("news_keywords", []), "news_keywords"),
    ):
        parts = [part.strip() for value in found for part in re.split(r"[,;]", value)]
        if kept := tuple(dict.fromkeys(part for part in parts if 1 < len(part) <= 60 and not slugs.is_internal(part))):
            return kept, where
    return (), ""


def _bare(title: str, sites: set[str] | frozenset[str]) -> str:
    """A title without the names of its site at either end."""
    while True:
        parts = list(_SEPARATOR.finditer(title))
        if parts and title[parts[-1].end() :].casefold() in sites:
            title = title[: parts[-1].start()]
        elif parts and title[: parts[0].start()].casefold() in sites:
            title = title[parts[0].end() :]
        else:
            return title.strip()


def _parts(title: str) -> list[str]:
    """A title, and what stands between its separators, the longest first."""
    found = list(_PART.finditer(title))
    starts, ends = [0, *(one.end() for one in found)], [*(one.start() for one in found), len(title)]
    some = {title[start:end] for start in starts[:9] for end in ends[:9] if end > start}
    return sorted(some, key=lambda part: (-len(part), part))


def _unique(found: Iterable[object]) -> list[str]:
    """The people that are named, each once."""
    return list(dict.fromkeys(part for one in found for name in names(one) for part in _people(name)))


def _without_end(title: str) -> str:
    """A page's title without what stands behind its last separator, where that is no more than a site's name."""
    found = list(_SEPARATOR.finditer(title))
    start, end = (title[: found[-1].start()], title[found[-1].end() :]) if found else ("", title)
    return start if len(start) >= 10 and len(end) <= max(25, len(start)) else title


def _folded(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def _alike(one: str, other: str) -> bool:
    """Whether two titles share most words."""
    first, second = set(_folded(one).split()), set(_folded(other).split())
    return len(first) > 2 and 2 * len(first & second) > min(len(first), len(second)) > 2


def _people(name: str) -> Iterator[str]:
    """The names in a byline; none where it begins with what is no person."""
    parts = _JOINERS.split(_BYLINE.sub("", unescape(name))) if "://" not in name else ()
    for n, part in enumerate(parts):
        bare = part.strip(" ,.:|-–—")
        if re.search(r"\d|@|\w\.\w{2,}|\b(?:GmbH|AG|Ltd|Inc|LLC|Verlag)\b", bare) or len(bare) > 60:
            if not n:
                return
        elif bare and bare.casefold() not in _NOBODY:
            yield bare


def _day(date: dt.date | dt.datetime) -> dt.date:
    return date.date() if isinstance(date, dt.datetime) else date


def _without_headline(html: str, said: Stating) -> str:
    """The text without its own headline, which the page has as its title."""
    found = re.search(r"<h[1-3]\b[^>]*>(.*?)</h[1-3]>", html[:2000], re.S)
    if found and _folded(plain(found[1])) == _folded(said.fields["title"]):
        said.cut(0, plain(found[1]), "the headline, which is the title")
        return html[: found.start()] + html[found.end() :]
    return html

"""The maker of the search page and of the files of its index, and an article as that index holds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from newsgen.content import paywall
from newsgen.content.blocks import MARK
from newsgen.model import SearchRecord
from newsgen.pages import urls
from newsgen.pages.catalogue import Catalogue, plain
from newsgen.pages.planner import Address, Draft, Drafts, Planner

_UNSPOKEN: Final = re.compile(r"<(pre|script|style)\b.*?</\1>", re.S)  # code, and what no reader sees
_INLINE: Final = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|u)\b[^>]*>"
)
_TAG: Final = re.compile(r"<[^>]*>")
WIDE: Final = ("zh", "ja")  # languages that put no spaces between words
_UNDATED: Final = "-99999999999"  # a time before all others: what lacks a key is left out of what is sorted by it


NAME: Final = "pagefind"
PARTS: Final = ("fragment", "index", "filter")  # folders of the index whose files are named after their bytes


def folder(edition: str) -> str:
    """The folder of the index of an edition."""
    return urls.folder(edition, "search", NAME)


def pages(planner: Planner) -> Iterator[Address]:
    if planner.settings.search.enabled:
        yield Address("search", urls.page_file(planner.folder("search")))


def _search(planner: Planner, at: Address) -> Draft:
    meta = planner.meta(planner.language.say("Search"), "search", at.path, noindex=True)
    return planner.templated(at.path, "search.html", "the search page", {"meta": plain(meta)})


def _indexed(_: Planner, at: Address) -> Draft:
    return Draft(at.path, "indexed", "the search index", {"indexed": plain(at.what)})


def record(catalogue: Catalogue, number: int, html: str) -> SearchRecord | None:
    """A published article as it is found, `html` being its body; None where it is not to be."""
    article, ref = catalogue.article(number), catalogue.ref(number)
    if article.noindex:
        return None
    date = article.date
    told = {"title": article.title, "summary": article.description, "date": f"{date:%Y-%m-%d}" if date else ""}
    narrow = {
        "section": (ref.section.title,),
        "tag": tuple([tag.title for tag in ref.tags]),
        "author": tuple([author.title for author in ref.authors]),
        "year": (f"{date.year:04}",) if date else (),
    }
    language = catalogue.settings.language.lower()
    text = text_of(paywall.free(html) if article.access in paywall.LOCKED else html)
    if is_wide(language):  # Pagefind divides the text into words, and nothing else
        text = f"{article.title} {article.description} {text}"
    return SearchRecord(
        url=ref.url,
        content=text or article.description or article.title,  # Pagefind leaves out what is empty
        language=language,
        meta={name: value for name, value in told.items() if value},
        filters={name: values for name, values in narrow.items() if values},
        sort={"date": str(int(date.timestamp())) if date else _UNDATED},
    )


def is_wide(language: str) -> bool:
    return language.lower().split("-")[0] in WIDE


def text_of(html: str) -> str:
    """The words of a body, without its markup and its code."""
    bare = _INLINE.sub("", _UNSPOKEN.sub(" ", MARK.sub(" ", html)))
    return " ".join(unescape(_TAG.sub(" ", bare)).split())


DRAFTS: Drafts = {"search": _search, "indexed": _indexed}

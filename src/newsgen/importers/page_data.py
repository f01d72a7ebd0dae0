"""What a web page says of itself for machines: JSON-LD, Open Graph and other meta tags, its title and its headings."""

# JSON-LD may be anything, and neither lxml nor trafilatura state their types.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, Final

import msgspec

ARTICLES: Final = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle ReviewNewsArticle "
    "BackgroundNewsArticle BlogPosting LiveBlogPosting SocialMediaPosting TechArticle ScholarlyArticle Report "
    "Review AdvertiserContentArticle".split()
)
_DEEPEST: Final = 20
_TRAILING_COMMA = re.compile(r",\s*([}\]])")

Tree = Any
"""An element of lxml, whose types are not stated."""


class PageData(msgspec.Struct, frozen=True):
    """The article of a page in JSON-LD (empty where it has none), meta tags by name, its title, its headlines."""

    article: dict[str, Any]
    metas: dict[str, list[str]]
    title: str
    headings: tuple[str, ...]
    canonical: str
    language: str

    def meta(self, *names: str) -> tuple[str, str]:
        """The first of the meta tags that says something, and its name."""
        for name in names:
            for value in self.metas.get(name, ()):
                if value:
                    return value, name
        return "", ""

    def said(self, key: str) -> str:
        """A text of the article in JSON-LD."""
        return next(names(self.article.get(key)), "")


def page_data(tree: Tree) -> PageData:
    metas: dict[str, list[str]] = {}
    for one in tree.iter("meta"):
        for key in ("property", "name", "itemprop", "http-equiv"):
            if name := (one.get(key) or "").strip().lower():
                metas.setdefault(name, []).append(text(one.get("content")))
    canonical = next(
        (one.get("href") for one in tree.iter("link") if (one.get("rel") or "").lower() == "canonical"), ""
    )
    title = next((text(one.text_content()) for one in tree.iter("title")), "")
    headings = (text(one.text_content()) for one in tree.iter("h1"))
    language = tree.get("lang") or next((one.get("lang") for one in tree.iter("html") if one.get("lang")), "")
    found = tuple(dict.fromkeys(filter(None, headings)))
    return PageData(_article(tree), metas, title, found, (canonical or "").strip(), language.strip())


def text(value: object) -> str:
    """What a value says, on one line; entities that were escaped twice are read twice."""
    return " ".join(unescape(unescape(value)).split()) if isinstance(value, str) else ""


def names(value: object) -> Iterator[str]:
    """The texts of a value of JSON-LD, or the names of the things that it lists."""
    if isinstance(value, str) and (said := text(value)):
        yield said
    elif isinstance(value, list):
        for one in value:
            yield from names(one)
    elif isinstance(value, dict):
        yield from names(value.get("name") or value.get("url") or value.get("@value"))


def _article(tree: Tree) -> dict[str, Any]:
    """The node of the article, with those that it names by their ids in their place."""
    nodes: list[dict[str, Any]] = []
    for one in tree.iter("script"):
        if "ld+json" in (one.get("type") or "").lower():
            nodes += _nodes(_json(one.text or ""), 0)
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    pages = [node for node in nodes if "WebPage" in types(node) and "datePublished" in node]
    chosen = next((node for node in nodes if types(node) & ARTICLES), pages[0] if pages else dict[str, Any]())
    return {key: _resolved(value, by_id) for key, value in chosen.items()}


def _json(written: str) -> Any:
    written = re.sub(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*.*?\*/)|(?:-->|//\s*\]\]>)\s*$", "", written.strip())
    for form in (written, _TRAILING_COMMA.sub(r"\1", written)):
        try:
            return json.loads(form, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value:
            yield from _nodes(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for one in value.values():
            yield from _nodes(one, depth + 1)


def types(node: Any) -> set[str]:
    """What a value of JSON-LD says that it is."""
    found = node.get("@type") if isinstance(node, dict) else None
    return {str(one).rpartition("/")[2] for one in (found if isinstance(found, list) else [found]) if one}


def _resolved(value: Any, by_id: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_resolved(one, by_id) for one in value]
    if isinstance(value, dict) and len(value) <= 2 and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value

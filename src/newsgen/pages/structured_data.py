"""What a page is about as one graph of schema.org, in JSON-LD: built as values, written once, safe inside a script."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from newsgen.config import PublisherSettings
from newsgen.content.paywall import LOCKED, SELECTOR
from newsgen.model import ArticleView, Image, Meta, Site, TermRef, TermView
from newsgen.news.taxonomy import PLURAL
from newsgen.pages.feeds import stated
from newsgen.pages.filters import absolute_url

Node = dict[str, Any]

_TYPES: Final = {"author": "ProfilePage", "page": "WebPage", "search": "SearchResultsPage"}
_ESCAPED: Final = {one.encode(): f"\\u{ord(one):04x}".encode() for one in "<>&\u2028\u2029"}


_POLICIES: Final = {
    "principles": "publishingPrinciples",
    "ethics": "ethicsPolicy",
    "corrections": "correctionsPolicy",
    "fact_checking": "verificationFactCheckingPolicy",
    "unnamed_sources": "unnamedSourcesPolicy",
    "bylines": "noBylinesPolicy",
    "ownership": "ownershipFundingInfo",
    "diversity": "diversityPolicy",
    "mission": "missionCoveragePrioritiesPolicy",
    "masthead": "masthead",
    "feedback": "actionableFeedbackPolicy",
}
"""The terms of schema.org for the settings under [policies]."""


class Graphs:
    """Makes the graphs of an edition; `publisher` is the node of who publishes the site, `home` its front page."""

    def __init__(self, site: Site, settings: PublisherSettings, origin: str, home: str) -> None:
        self.site, self.origin, self.home = site, origin, home
        self.publisher = stated(
            {
                "@type": "NewsMediaOrganization",
                "@id": f"{self.home}#publisher",
                "name": settings.name,
                "url": self.home,
                "logo": stated({"@type": "ImageObject", "url": self._absolute(site.logo)}) if site.logo else {},
                "sameAs": settings.same_as,
                **{_POLICIES[one.name]: self._absolute(one.url) for one in site.policies},
            }
        )

    def article(self, article: ArticleView, canonical: str, kind: Node) -> str:
        """The graph of an article; `kind` gives its type of schema.org, and what is told of that type alone."""
        url = self._absolute(article.url)
        language = article.lang or self.site.language
        corrections = [
            {"@type": "CorrectionComment", "text": one.text, "datePublished": one.date.date().isoformat()}
            for one in article.corrections
        ]
        locked = article.access in LOCKED
        node = stated(
            {
                **kind,
                "@id": f"{url}#article",
                "url": url,
                "mainEntityOfPage": canonical,
                "headline": article.title,
                "description": article.summary,
                "image": self._images(article.image),
                "datePublished": _moment(article),
                "dateModified": article.updated.isoformat() if article.updated else "",
                "author": [self._author(one) for one in article.authors],
                "publisher": {"@id": self.publisher["@id"]},
                "articleSection": article.section.title,
                "keywords": [tag.title for tag in article.tags],
                "inLanguage": language,
                "wordCount": article.words,
                "isAccessibleForFree": not locked if article.access else "",
                "hasPart": _locked_part() if locked else {},
                "correction": corrections,
            }
        )
        trail = [article.section, TermRef(article.title, article.url, "")]
        return _written([node, self._breadcrumbs(url, trail), self.publisher])

    def page(self, meta: Meta, author: TermView | None = None) -> str:
        """The graph of any other page; that of an author's is about `author`."""
        if meta.kind == "404":
            return ""
        if meta.kind == "home" and meta.url == self.site.url:
            return _written([self._website(), self.publisher])
        url = self._absolute(meta.url)
        node = stated(
            {
                "@type": _TYPES.get(meta.kind, "CollectionPage"),
                "@id": url,
                "url": url,
                "name": meta.title,
                "description": meta.description,
                "inLanguage": meta.language,
                "publisher": {"@id": self.publisher["@id"]},
                "mainEntity": self._person(author) if author else {},
            }
        )
        trail = [TermRef(meta.title, meta.url, "")]
        if meta.kind in ("tag", "author"):
            plural = PLURAL[meta.kind]
            trail.insert(0, TermRef(plural.capitalize(), f"{self.site.url}{plural}/", ""))
        return _written([node, self._breadcrumbs(url, trail), self.publisher])

    def _website(self) -> Node:
        told = {"name": self.site.title, "description": self.site.description, "inLanguage": self.site.language}
        publisher = {"@id": self.publisher["@id"]}
        url = self._absolute(self.site.url)
        named = {"@type": "WebSite", "@id": f"{url}#website", "url": url}
        return stated({**named, **told, "publisher": publisher, "potentialAction": self._search()})

    def _search(self) -> Node:
        """How the site is searched; nothing where it is not."""
        if not self.site.search_url:
            return {}
        template = f"{self._absolute(self.site.search_url)}?q={{search_term_string}}"
        target = {"@type": "EntryPoint", "urlTemplate": template}
        return {"@type": "SearchAction", "target": target}

    def _person(self, author: TermView) -> Node:
        told = {"description": author.description, "image": self._images(author.image), "sameAs": author.same_as}
        return stated({**self._author(author), **told})

    def _author(self, author: TermRef) -> Node:
        """A byline by the publisher's own name, or the site's, is no person's."""
        ours = author.title.casefold() in (self.publisher["name"].casefold(), self.site.title.casefold())
        return {
            "@type": "Organization" if ours else "Person",
            "name": author.title,
            "url": self._absolute(author.url),
        }

    def _images(self, image: Image | None) -> list[Node]:
        if image is None:
            return []
        size = {name: _pixels(value) for name, value in (("width", image.width), ("height", image.height)) if value}
        told = {"url": self._absolute(image.src), **size, "caption": image.caption, "creditText": image.credit}
        return [stated({"@type": "ImageObject", **told})]

    def _breadcrumbs(self, url: str, trail: Iterable[TermRef]) -> Node:
        steps = [TermRef(self.site.title, self.site.url, ""), *trail]
        items = [
            {"@type": "ListItem", "position": number, "name": step.title, "item": self._absolute(step.url)}
            for number, step in enumerate(steps, 1)
        ]
        return {"@type": "BreadcrumbList", "@id": f"{url}#breadcrumbs", "itemListElement": items}

    def _absolute(self, url: str) -> str:
        return absolute_url(url, self.origin)


def _pixels(count: int) -> Node:
    return {"@type": "QuantitativeValue", "value": count, "unitCode": "E37"}


def _moment(article: ArticleView) -> str:
    """When the article appeared: with the offset, or the day alone where no more is known."""
    if article.date is None:
        return ""
    return article.date.date().isoformat() if article.date_only else article.date.isoformat()


def _locked_part() -> Node:
    return {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": SELECTOR}


def _written(graph: list[Node]) -> str:
    """JSON that no text in it ends, inside a script of HTML or of JavaScript."""
    data = msgspec.json.encode({"@context": "https://schema.org", "@graph": graph})
    for sign, escaped in _ESCAPED.items():
        data = data.replace(sign, escaped)
    return data.decode()

"""The catalogue: all that is published, as pages and listings see it. Made anew for each build; cheap and pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from newsgen import model
from newsgen.config import Settings
from newsgen.content.slugs import identity
from newsgen.diagnostics import Diagnostic, Place, warning
from newsgen.model import Article, ArticleRef, Image, Page, SectionFront, Site, StaticFile, TermCount, TermRef
from newsgen.news.select import Selection
from newsgen.news.taxonomy import PLURAL, Entry, Vocabulary, names_in
from newsgen.pages import urls

FRONT = 6  # articles of a section on the front page
LATEST = 20


class Library(msgspec.Struct, frozen=True, kw_only=True):
    """What the middle is given: the selection, the vocabularies, and the files that are copied as they are.

    `static` is by output path, `siblings` (files beside articles) by id; `failed` are content files without a value.
    """

    settings: Settings
    selection: Selection
    vocabularies: dict[str, Vocabulary]
    static: dict[str, StaticFile]
    siblings: dict[str, StaticFile]
    failed: frozenset[str] = frozenset()


class Catalogue:
    """Refs, members and whole-site names of a library; the latter are computed when a template first names them."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.settings = library.settings
        self.base_path = library.settings.base_path
        self.diagnostics: list[Diagnostic] = []
        self.files: dict[str, str] = {}
        self.terms = {family: self._term_refs(family) for family in PLURAL}
        self.members: dict[str, dict[str, list[ArticleRef]]] = {family: {} for family in PLURAL}
        self.refs: dict[str, ArticleRef] = {}
        for article in library.selection.published:
            self._enter(article)

    # ---- articles ----

    def _enter(self, article: Article) -> None:
        keys = {family: self._keys(family, article) for family in PLURAL}
        named = {family: tuple(self.terms[family][key] for key in keys[family]) for family in PLURAL}
        section = named["section"][0]
        file = self.files[article.id] = article_file(article, section)
        kind = self.settings.kinds.get(article.kind)
        ref = ArticleRef(
            id=article.id,
            url=urls.url_of(file, self.base_path),
            title=article.title,
            section=section,
            summary=article.description,
            date=article.date,
            date_only=article.date_only,
            updated=article.updated,
            tags=named["tag"],
            authors=named["author"],
            kind=article.kind,
            kind_label=kind.label
            if kind and kind.label
            else ""
            if article.kind == "news"
            else article.kind.capitalize(),
            lang=article.lang,
            image=self.image(article, article.image, file),
            access=article.access,
            lead=article.lead,
            feature=article.feature,
            pin=article.pin,
            words=article.body.words,
            extra=article.extra,
        )
        self.refs[article.id] = ref
        for family in PLURAL:
            for key in keys[family]:
                self.members[family].setdefault(key, []).append(ref)

    def _keys(self, family: str, article: Article) -> tuple[str, ...]:
        return self.library.vocabularies[family].keys_of(names_in(article, family))

    def image(self, document: model.Document, image: Image | None, file: str) -> Image | None:
        """The picture with a URL: of a file beside the article (copied beside its page) or of static/."""
        if image is None or "://" in image.src:
            return image
        if image.src.startswith("/"):
            static = self.library.static.get(unquote(image.src).lstrip("/"))
            src = urls.url_of(static.path, self.base_path) if static else ""
        else:
            sibling = self.sibling(document.id, image.src)
            src = self.beside(file, sibling) if sibling else ""
        if not src:
            place = Place(document.id, *document.places.get("image", (1, 1)))
            where = "static/" if image.src.startswith("/") else f"{posixpath.dirname(document.id)}/"
            help = f"Put it under {where}, or mend image.src. The article appears without a picture."
            self.diagnostics.append(warning("NG-203", place, f'picture "{image.src}" does not exist', help))
            return None
        return msgspec.structs.replace(image, src=src)

    def sibling(self, document_id: str, target: str) -> StaticFile | None:
        """The file under content/ that a relative target names, seen from the document."""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(document_id), unquote(target)))
        return self.library.siblings.get(path)

    def beside(self, file: str, sibling: StaticFile) -> str:
        """The rooted URL of the copy of `sibling` beside the page `file`."""
        return urls.url_of(beside(file, sibling), self.base_path)

    # ---- tags, authors and sections ----

    def _term_refs(self, family: str) -> dict[str, TermRef]:
        entries = self.library.vocabularies[family].entries
        return {key: TermRef(entry.title, self.term_url(family, entry), entry.slug) for key, entry in entries.items()}

    def term_url(self, family: str, entry: Entry) -> str:
        return urls.url_of(urls.page_file(*term_folder(family, entry)), self.base_path)

    def articles_of(self, family: str, key: str) -> list[ArticleRef]:
        return self.members[family].get(key, [])

    def counts(self, family: str) -> tuple[TermCount, ...]:
        """Every entry of a family with the number of its published articles, in the order in which it is shown."""
        entries = self.library.vocabularies[family].entries.values()
        if family == "section":
            entries = sorted(entries, key=_section_order)
        return tuple(
            TermCount(
                entry.title,
                self.term_url(family, entry),
                entry.slug,
                len(self.articles_of(family, entry.key)),
                entry.term.description if entry.term else "",
            )
            for entry in entries
        )

    def section_title(self, name: str) -> TermRef:
        return self.terms["section"][self.library.vocabularies["section"].names[identity(name)]]

    # ---- whole-site names ----

    @cached_property
    def site(self) -> Site:
        settings = self.settings
        return Site(
            title=settings.title,
            description=settings.description,
            language=settings.language,
            timezone=settings.timezone,
            base_url=settings.base_url.rstrip("/"),
            url=self.base_path,
            feed_url=self.feed_url("", self.articles),
            extra=settings.extra,
        )

    @cached_property
    def articles(self) -> tuple[ArticleRef, ...]:
        return tuple(self.refs.values())

    @cached_property
    def latest(self) -> tuple[ArticleRef, ...]:
        return self.articles[:LATEST]

    @cached_property
    def sections(self) -> tuple[TermCount, ...]:
        return self.counts("section")

    @cached_property
    def tags(self) -> tuple[TermCount, ...]:
        return self.counts("tag")

    @cached_property
    def authors(self) -> tuple[TermCount, ...]:
        return self.counts("author")

    @cached_property
    def section_fronts(self) -> tuple[SectionFront, ...]:
        entries = sorted(self.library.vocabularies["section"].entries.values(), key=_section_order)
        return tuple(
            SectionFront(self.terms["section"][entry.key], tuple(self.articles_of("section", entry.key)[:FRONT]))
            for entry in entries
            if self.articles_of("section", entry.key)
        )

    @cached_property
    def pages(self) -> tuple[model.PageView, ...]:
        return tuple(self.page_view(page) for page in self.library.selection.pages)

    def page_view(self, page: Page) -> model.PageView:
        return model.PageView(
            title=page.title,
            url=urls.url_of(page_file(page), self.base_path),
            description=page.description,
            headings=page.body.headings,
            extra=page.extra,
        )

    def named(self, name: str) -> Any:
        """The whole-site value of that name. Raises AttributeError where templates have none of that name."""
        if name not in WHOLE_SITE_NAMES:
            raise AttributeError(name)
        return getattr(self, name)

    def feed_url(self, folder: str, articles: Iterable[ArticleRef]) -> str:
        """The rooted URL of the feed of a listing; empty where it has none: no dated article, or no base_url."""
        if not self.settings.origin or not any(article.date for article in articles):
            return ""
        return urls.url_of(f"{folder}/feed.xml" if folder else "feed.xml", self.base_path)


WHOLE_SITE_NAMES = frozenset(("articles", "latest", "sections", "tags", "authors", "section_fronts", "pages"))


def _section_order(entry: Entry) -> tuple[int, str, str]:
    order = entry.term.order if entry.term else 0
    return (order or 10**9, entry.title.casefold(), entry.key)


def term_folder(family: str, entry: Entry) -> tuple[str, ...]:
    """The path segments of a term's hub page."""
    return (entry.slug,) if family == "section" else (PLURAL[family], entry.slug)


def article_file(article: Article, section: TermRef) -> str:
    return urls.file_of(article.permalink) if article.permalink else urls.page_file(section.slug, article.slug)


def page_file(page: Page) -> str:
    return urls.file_of(page.permalink) if page.permalink else urls.page_file(page.slug)


def beside(file: str, sibling: StaticFile) -> str:
    """The output path of the copy of `sibling` beside the page `file`."""
    return posixpath.join(posixpath.dirname(file), posixpath.basename(sibling.path))


def quoted(url: str) -> str:
    """A URL as an author wrote it, fit to stand in an attribute."""
    return quote(url, safe="/-._~!$&'()*+,;=@:?#[]%")

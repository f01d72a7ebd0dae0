"""The plan: every output file with its one owner, before the first is rendered."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from newsgen import model
from newsgen.content.slugs import offence
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, error, warning
from newsgen.model import Article, ArticleRef, Document, Listing, Meta, PageSpec, Term, TermView
from newsgen.news.taxonomy import PLURAL, Entry
from newsgen.pages import urls
from newsgen.pages.catalogue import WHOLE_SITE_NAMES, Catalogue, beside, page_file, term_folder
from newsgen.pages.filters import absolute_url
from newsgen.pages.links import Links
from newsgen.pages.sitemaps import SitemapEntry
from newsgen.pages.templates import WHOLE_SITE, Closure

NOWHERE = Place("")  # what belongs to the site as a whole

Fragments = Mapping[tuple[str, str], str]
"""The HTML of each fragment by its name and the slug of the active section."""


class Draft(msgspec.Struct, frozen=True):
    """A page before its links are resolved: `documents` are those whose bodies it carries."""

    spec: PageSpec
    documents: tuple[Document, ...] = ()
    place: Place = NOWHERE


class Plan(msgspec.Struct, frozen=True):
    """Every output file, in the order of their paths; incomplete where the diagnostics hold an error."""

    pages: tuple[PageSpec, ...]
    diagnostics: tuple[Diagnostic, ...]


def fragment_specs(catalogue: Catalogue, closures: Mapping[str, Closure]) -> tuple[PageSpec, ...]:
    """The fragments that templates place, once for each section where they read `active_section`."""
    placed = sorted({name for closure in closures.values() for name in closure.fragments})
    specs: list[PageSpec] = []
    for name in placed:
        template = f"fragments/{name}.html"
        if (closure := closures.get(template)) is None:
            continue
        slugs = ("", *sorted(term.slug for term in catalogue.terms["section"].values()))
        for slug in slugs if "active_section" in closure.names else ("",):
            offered: dict[str, Any] = {"site": catalogue.site, "active_section": slug}
            context = _context(closure, offered, catalogue)
            specs.append(
                PageSpec(path=f"{name}#{slug}", renderer="fragment", owner=template, template=template, context=context)
            )
    return tuple(specs)


def plan(catalogue: Catalogue, closures: Mapping[str, Closure], fragments: Fragments) -> Plan:
    """All pages of the site. Diagnostics: two owners of one URL, broken links, unknown templates, undated articles."""
    maker = _Maker(catalogue, closures, fragments)
    drafts = sorted(maker.drafts(), key=lambda draft: draft.spec.path)
    diagnostics = [*maker.diagnostics, *_claims(drafts)]
    files = catalogue.files | {page.id: page_file(page) for page in catalogue.library.selection.pages}
    files |= {entry.term.id: _hub(family, entry) for family, entry in _entries(catalogue) if entry.term}
    links = Links(catalogue, files, frozenset(draft.spec.path for draft in drafts))
    pages = tuple(_with_bodies(draft, links) for draft in drafts)
    return Plan(pages, (*diagnostics, *catalogue.diagnostics, *links.diagnostics))


def _with_bodies(draft: Draft, links: Links) -> PageSpec:
    if not draft.documents:
        return draft.spec
    return msgspec.structs.replace(draft.spec, bodies=tuple(links.body(document) for document in draft.documents))


def _entries(catalogue: Catalogue) -> Iterator[tuple[str, Entry]]:
    for family in PLURAL:
        for entry in catalogue.library.vocabularies[family].entries.values():
            yield family, entry


def _hub(family: str, entry: Entry) -> str:
    return urls.page_file(*term_folder(family, entry))


# ---- one owner for each path ----------------------------------------------------------------------------------------


def _claims(drafts: Sequence[Draft]) -> Iterator[Diagnostic]:
    """Errors for two owners of one path, compared as macOS and Windows do, and for a file where a folder must be."""
    owners: dict[str, Draft] = {}
    for draft in drafts:
        key = _folded(draft.spec.path)
        if (other := owners.setdefault(key, draft)) is not draft:
            yield _two_owners(other, draft, draft.spec.path)
    for key, draft in owners.items():
        folder = key
        while "/" in folder:
            folder = folder.rsplit("/", 1)[0]
            if other := owners.get(folder):
                yield _two_owners(other, draft, other.spec.path)


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


def _two_owners(one: Draft, two: Draft, path: str) -> Diagnostic:
    first, second = sorted((one, two), key=lambda draft: (not draft.place.line, draft.place, draft.spec.owner))
    message = f"two owners of /{path.removesuffix('index.html')}: {first.spec.owner} and {second.spec.owner}"
    return error("NG-401", first.place, message, "Give one of them a slug or permalink of its own.")


# ---- the pages ------------------------------------------------------------------------------------------------------


class _Maker:
    """Makes the drafts of a site, one method for each kind of page."""

    def __init__(self, catalogue: Catalogue, closures: Mapping[str, Closure], fragments: Fragments) -> None:
        self.catalogue, self.closures, self.fragments = catalogue, closures, fragments
        self.settings, self.site = catalogue.settings, catalogue.site
        self.origin, self.base_path = catalogue.settings.origin, catalogue.base_path
        self.diagnostics: list[Diagnostic] = []
        self._placed: dict[tuple[tuple[str, ...], str], dict[str, str]] = {}
        self._warned: set[str] = set()
        self._articles = {article.id: article for article in catalogue.library.selection.published}

    def drafts(self) -> Iterator[Draft]:
        for article in self._articles.values():
            yield from self._article(article)
        for page in self.catalogue.library.selection.pages:
            yield from self._page(page)
        yield from self._home()
        for family, entry in _entries(self.catalogue):
            yield from self._term(family, entry)
        yield from self._index("tag", "Tags")
        yield from self._index("author", "Authors")
        yield self._templated(
            "404.html", "404.html", "the 404 page", self._meta("Page not found", "404", "404.html", noindex=True)
        )
        yield from self._for_machines()
        for static in self.catalogue.library.static.values():
            yield _copy(static.path, static, Place(static.id))

    # ---- articles and pages ----

    def _article(self, article: Article) -> Iterator[Draft]:
        ref = self.catalogue.refs[article.id]
        file = self.catalogue.files[article.id]
        place = Place(article.id, *_first(article.places, "permalink", "slug", "title"))
        if article.date is None:
            help = "Give it a date: until then it comes last in lists and is in no feed."
            self.diagnostics.append(warning("NG-116", Place(article.id), f'"{article.title}" has no date', help))
        meta = self._meta(
            article.title,
            "article",
            file,
            description=article.description,
            language=article.lang,
            noindex=article.noindex,
            canonical=article.canonical,
            section=ref.section.slug,
            feed_url=self.site.feed_url,
            feed_title=self.site.title,
        )
        view = model.ArticleView(
            **{name: getattr(ref, name) for name in ArticleRef.__struct_fields__},
            corrections=article.corrections,
            headings=article.body.headings,
            series=article.series,
            source_name=article.source_name,
        )
        template = self._chosen(article, "article.html")
        yield self._templated(file, template, article.id, meta, {"article": view}, "article", (article,), place)
        yield from self._beside(article, article.image, file, place)
        yield from self._aliases(article, article.aliases, ref.url, place)

    def _page(self, page: model.Page) -> Iterator[Draft]:
        file = page_file(page)
        place = Place(page.id, *_first(page.places, "permalink", "slug", "title"))
        view = self.catalogue.page_view(page)
        meta = self._meta(page.title, "page", file, description=page.description, noindex=page.noindex)
        yield self._templated(
            file, self._chosen(page, "page.html"), page.id, meta, {"page": view}, "page", (page,), place
        )
        yield from self._beside(page, None, file, place)
        yield from self._aliases(page, page.aliases, view.url, place)

    def _chosen(self, document: Document, default: str) -> str:
        """The template that a document names, which must exist; whole-site names in an article's are warned of."""
        template = document.template or default
        if template not in self.closures:
            place = Place(document.id, *_first(document.places, "template"))
            help = did_you_mean(template, self.closures) or "Name a file under templates/, or leave the key out."
            self.diagnostics.append(error("NG-302", place, f'template "{template}" does not exist', help))
            return default
        wide = sorted(self.closures[template].names.intersection(WHOLE_SITE)) if default == "article.html" else []
        if wide and template not in self._warned:
            self._warned.add(template)
            message = f"{', '.join(wide)} in an article's template: every article is rebuilt when one is added"
            help = "Put that part into a template under fragments/ and place it with {{ fragments.NAME }}."
            self.diagnostics.append(warning("NG-305", Place(f"templates/{template}"), message, help))
        return template

    def _beside(self, document: Document, image: model.Image | None, file: str, place: Place) -> Iterator[Draft]:
        """The files beside a document that it names, copied beside its page."""
        targets = [reference.target.split("#")[0].split("?")[0] for reference in document.body.references]
        if image and "://" not in image.src:
            targets.append(image.src)
        found: dict[str, model.StaticFile] = {}
        for target in targets:
            if not target.startswith("/") and (sibling := self.catalogue.sibling(document.id, target)):
                found[sibling.id] = sibling
        for sibling in found.values():
            yield _copy(beside(file, sibling), sibling, place)

    def _aliases(self, document: Document, aliases: Iterable[str], url: str, place: Place) -> Iterator[Draft]:
        at = Place(document.id, *_first(document.places, "aliases", "title"))
        for alias in aliases:
            context = {"url": url, "canonical": absolute_url(url, self.origin), "language": self.settings.language}
            owner = f"alias of {document.id}"
            yield Draft(PageSpec(path=urls.file_of(alias), renderer="redirect", owner=owner, context=context), (), at)

    # ---- listings ----

    def _home(self) -> Iterator[Draft]:
        def meta(file: str, number: int) -> Meta:
            title = self.settings.title if number == 1 else f"Page {number}"
            return self._meta(
                title, "home", file, description=self.settings.description if number == 1 else "",
                feed_url=self.site.feed_url, feed_title=self.site.title,
            )  # fmt: skip

        yield from self._listed("", self.catalogue.articles, "home.html", "the front page", meta, {}, "", (), Place(""))
        yield from self._feed("", self.site.title, self.settings.description, self.catalogue.articles, "the front page")

    def _term(self, family: str, entry: Entry) -> Iterator[Draft]:
        folder = "/".join(term_folder(family, entry))
        articles = self.catalogue.articles_of(family, entry.key)
        view = self._term_view(family, entry, articles, folder)
        term = entry.term
        owner = f'{family} "{entry.title}" ({entry.source})'
        place = Place(term.id, *_first(term.places, "slug", "title")) if term else Place(entry.source)
        feed_title = f"{entry.title} - {self.settings.title}"

        def meta(file: str, number: int) -> Meta:
            title = entry.title if number == 1 else f"{entry.title}, page {number}"
            return self._meta(
                title, family, file, description=view.description if number == 1 else "",
                noindex=bool(term and term.noindex), section=entry.slug if family == "section" else "",
                feed_url=view.feed_url, feed_title=feed_title,
            )  # fmt: skip

        template = self._chosen(term, f"{family}.html") if term else f"{family}.html"
        documents = (term,) if term else ()
        yield from self._listed(folder, articles, template, owner, meta, {family: view}, family, documents, place)
        yield from self._feed(folder, feed_title, view.description, articles, owner, place)
        if term:
            yield from self._beside(term, term.image, f"{folder}/index.html", place)

    def _term_view(self, family: str, entry: Entry, articles: Sequence[ArticleRef], folder: str) -> TermView:
        term = entry.term
        refs = self.catalogue.terms[family]
        implied = self.catalogue.library.vocabularies[family].implied
        children = sorted(key for key, above in implied.items() if entry.key in above)
        file = f"{folder}/index.html"
        return TermView(
            title=entry.title,
            url=urls.url_of(file, self.base_path),
            slug=entry.slug,
            count=len(articles),
            description=term.description if term else "",
            feed_url=self.catalogue.feed_url(folder, articles),
            parents=tuple(refs[key] for key in implied.get(entry.key, ())),
            children=tuple(refs[key] for key in children),
            image=self.catalogue.image(term, term.image, file) if term else None,
            same_as=term.same_as if term else (),
            extra=term.extra if term else model.Extra(),
        )

    def _listed(
        self,
        folder: str,
        articles: Sequence[ArticleRef],
        template: str,
        owner: str,
        meta: Callable[[str, int], Meta],
        context: dict[str, Any],
        subject: str,
        documents: tuple[Term, ...],
        place: Place,
    ) -> Iterator[Draft]:
        """The pages of a list of articles; its first has no number, and an empty list has one page."""
        size = self.settings.per_page
        count = max(1, -(-len(articles) // size))
        addresses = tuple(urls.url_of(urls.numbered(folder, n), self.base_path) for n in range(1, count + 1))
        for number in range(1, count + 1):
            listing = Listing(
                articles=tuple(articles[(number - 1) * size : number * size]),
                number=number,
                pages=count,
                total=len(articles),
                urls=addresses,
                prev_url=addresses[number - 2] if number > 1 else "",
                next_url=addresses[number] if number < count else "",
            )
            file = urls.numbered(folder, number)
            offered = {**context, "listing": listing}
            yield self._templated(file, template, owner, meta(file, number), offered, subject, documents, place)

    def _index(self, family: str, title: str) -> Iterator[Draft]:
        plural = PLURAL[family]
        index = model.TermIndex(title, plural, self.catalogue.counts(family))
        file = urls.page_file(plural)
        meta = self._meta(title, plural, file, noindex=not index.terms)
        yield self._templated(file, "list.html", f"the index of {plural}", meta, {"index": index})

    # ---- for machines ----

    def _feed(
        self,
        folder: str,
        title: str,
        description: str,
        articles: Sequence[ArticleRef],
        owner: str,
        place: Place = NOWHERE,
    ) -> Iterator[Draft]:
        feed_url = self.catalogue.feed_url(folder, articles)
        if not feed_url:
            return
        newest = tuple([article for article in articles if article.date][: self.settings.feeds.entries])
        full = self.settings.feeds.content == "full"
        file = f"{folder}/feed.xml" if folder else "feed.xml"
        first = urls.url_of(urls.numbered(folder, 1), self.base_path)
        meta = Meta(
            title=title, description=description, url=first, canonical="", kind="feed",
            language=self.settings.language, feed_url=feed_url, feed_title=title,
        )  # fmt: skip
        context = {"site": self.site, "meta": meta, "articles": newest}
        documents = tuple(self._articles[article.id] for article in newest) if full else ()
        yield Draft(
            PageSpec(path=file, renderer="rss", owner=f"the feed of {owner}", context=context), documents, place
        )

    def _for_machines(self) -> Iterator[Draft]:
        listed = bool(self.origin)
        if listed:
            context = {"entries": tuple(self._sitemap())}
            yield Draft(PageSpec(path="sitemap.xml", renderer="sitemap", owner="the sitemap", context=context))
        address = absolute_url(urls.url_of("sitemap.xml", self.base_path), self.origin) if listed else ""
        yield Draft(PageSpec(path="robots.txt", renderer="robots", owner="robots.txt", context={"sitemap": address}))

    def _sitemap(self) -> Iterator[SitemapEntry]:
        """Every address that is to be found, each with the date on which an article says that it changed."""
        yield SitemapEntry(self._absolute(self.base_path))
        for article in self._articles.values():
            if not article.noindex and not article.canonical:
                ref = self.catalogue.refs[article.id]
                yield SitemapEntry(self._absolute(ref.url), _changed(ref))
        for page in self.catalogue.library.selection.pages:
            if not page.noindex:
                yield SitemapEntry(self._absolute(self.catalogue.page_view(page).url))
        for family, entry in _entries(self.catalogue):
            if self.catalogue.articles_of(family, entry.key) and not (entry.term and entry.term.noindex):
                yield SitemapEntry(self._absolute(self.catalogue.term_url(family, entry)))

    def _absolute(self, url: str) -> str:
        return absolute_url(url, self.origin)

    # ---- what all pages share ----

    def _meta(
        self,
        title: str,
        kind: str,
        file: str,
        *,
        description: str = "",
        language: str = "",
        noindex: bool = False,
        canonical: str = "",
        section: str = "",
        feed_url: str = "",
        feed_title: str = "",
    ) -> Meta:
        url = urls.url_of(file, self.base_path)
        return Meta(
            title=title,
            description=description,
            url=url,
            canonical=self._absolute(canonical or url) if self.origin else canonical,
            kind=kind,
            language=language or self.settings.language,
            noindex=noindex,
            feed_url=feed_url,
            feed_title=feed_title,
            section=section,
        )

    def _templated(
        self,
        file: str,
        template: str,
        owner: str,
        meta: Meta,
        offered: dict[str, Any] | None = None,
        subject: str = "",
        documents: tuple[Document, ...] = (),
        place: Place = NOWHERE,
    ) -> Draft:
        closure = self.closures.get(template)
        context: dict[str, Any] = {}
        if closure is not None:
            context = _context(closure, {"site": self.site, "meta": meta, **(offered or {})}, self.catalogue)
            if closure.fragments:
                context["fragments"] = self._fragments(closure.fragments, meta.section)
            if subject not in closure.names:
                documents = ()
        else:
            help = "Put it under templates/, or take away what hides the theme's."
            self.diagnostics.append(
                error("NG-302", Place(f"templates/{template}"), f'template "{template}" does not exist', help)
            )
        spec = PageSpec(
            path=file, renderer="template", owner=owner, template=template, subject=subject, context=context
        )
        return Draft(spec, documents, place)

    def _fragments(self, names: tuple[str, ...], section: str) -> dict[str, str]:
        """The HTML of the fragments that a template places; one shared value for each section."""
        key = (names, section)
        if key not in self._placed:
            found = {name: self.fragments.get((name, section), self.fragments.get((name, ""))) for name in names}
            self._placed[key] = {name: html for name, html in found.items() if html is not None}
        return self._placed[key]


def _context(closure: Closure, offered: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """Exactly the names that the closure reads, of those that this page may see."""
    context = {name: offered[name] for name in sorted(closure.names) if name in offered}
    for name in sorted(closure.names & WHOLE_SITE_NAMES):
        context.setdefault(name, catalogue.named(name))
    return context


def _copy(path: str, static: model.StaticFile, place: Place) -> Draft:
    context = {"id": static.id, "digest": static.digest}
    return Draft(PageSpec(path=path, renderer="copy", owner=static.id, context=context), (), place)


def _first(places: Mapping[str, tuple[int, int]], *keys: str) -> tuple[int, int]:
    return next((places[key] for key in keys if key in places), (1, 1))


def _changed(ref: ArticleRef) -> str:
    changed: dt.datetime | None = ref.updated or ref.date
    if changed is None:
        return ""
    return changed.date().isoformat() if ref.date_only and not ref.updated else changed.isoformat()


def static_offence(path: str) -> str:
    """Why a file of static/ may not be copied to that path, in words; empty where it may."""
    parts = path.split("/")
    return next((why for part in parts if (why := offence(part.lstrip("."))) and part not in (".well-known",)), "")

"""The plan: every output file with its one owner and its key, before the first is rendered."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

import msgspec

from newsgen import digest, model
from newsgen.content import cards
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, error, warning
from newsgen.model import Listing, Meta, PageSpec, PlannedBody, TermView
from newsgen.news.taxonomy import PLURAL, Entry
from newsgen.pages import urls
from newsgen.pages.catalogue import WHOLE_SITE_NAMES, Catalogue, Named, beside, changed, once, plain
from newsgen.pages.filters import absolute_url
from newsgen.pages.index import page_file, source_files, term_folder
from newsgen.pages.keys import PlannedPage, Shape
from newsgen.pages.sitemaps import SitemapEntry
from newsgen.pages.templates import WHOLE_SITE, Closure

Fragments = Mapping[tuple[str, str], str]
"""The HTML of each fragment by its name and the slug of the active section."""

SHARED: Final = WHOLE_SITE_NAMES | {"site", "fragments"}  # names whose value is the same for many pages


class Draft(msgspec.Struct, frozen=True, gc=False):
    """A page, its values not yet made. `documents` are the ids of those whose bodies it carries."""

    path: str
    renderer: str
    owner: str
    names: dict[str, Named]
    template: str = ""
    subject: str = ""
    documents: tuple[str, ...] = ()


def spec_of(draft: Draft, bodies: tuple[PlannedBody, ...] = ()) -> PageSpec:
    """The page with its values made."""
    return PageSpec(
        path=draft.path,
        renderer=draft.renderer,
        owner=draft.owner,
        template=draft.template,
        subject=draft.subject,
        context={name: value.value() for name, value in draft.names.items()},
        bodies=bodies,
    )


class Plan(msgspec.Struct, frozen=True):
    """Every output file in the order of the paths, and the shapes of their keys; incomplete where there are errors."""

    pages: tuple[PlannedPage, ...]
    shapes: tuple[Shape, ...]
    diagnostics: tuple[Diagnostic, ...]


def fragment_drafts(catalogue: Catalogue, closures: Mapping[str, Closure]) -> Iterator[Draft]:
    """The fragments that templates place, once for each section where they read `active_section`."""
    for name in sorted({name for closure in closures.values() for name in closure.fragments}):
        template = f"fragments/{name}.html"
        if (closure := closures.get(template)) is None:
            continue
        slugs = ("", *sorted(term.slug for term in catalogue.terms["section"].values()))
        for slug in slugs if "active_section" in closure.names else ("",):
            offered = {"site": plain(catalogue.site), "active_section": plain(slug)}
            names = _read(closure, offered, catalogue)
            yield Draft(f"{name}#{slug}", "fragment", template, names, template)


def plan(planner: Planner, common: tuple[tuple[str, str], ...]) -> Plan:
    """All pages of the site. Diagnostics: two owners of one URL, unknown templates and pictures, undated articles.

    `common` are the parts of the key that all pages share.
    """
    shapes: dict[Shape, int] = {}
    known: dict[str, int] = {}
    found: list[PlannedPage] = []
    for make, path, what, source, number, page in planner.pages():
        draft = planner.draft(make, path, what, source, number, page)
        own: list[str] = []
        form: list[str] = [draft.renderer, draft.template]
        for name, value in draft.names.items():
            form.append(name)
            (form if name in SHARED else own).append(value.digest())
        if (key := "\0".join(form)) not in known:
            known[key] = shapes.setdefault(planner.shape(draft, common), len(shapes))
        digests = "".join(own)
        found.append(PlannedPage(path, make, what, source, number, page, known[key], digests, draft.documents))
    found.sort(key=lambda one: one.path)
    claims = _claims(found, planner)
    return Plan(tuple(found), tuple(shapes), (*planner.diagnostics, *claims))


# ---- one owner for each path ----------------------------------------------------------------------------------------


def _claims(pages: Sequence[PlannedPage], planner: Planner) -> Iterator[Diagnostic]:
    """Errors for two owners of one path, compared as macOS and Windows do, and for a file where a folder must be."""
    owners: dict[str, PlannedPage] = {}
    for page in pages:
        if (other := owners.setdefault(_folded(page.path), page)) is not page:
            yield _two_owners(other, page, page.path, planner)
    folders: set[str] = set()
    for key in owners:
        folder = key.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    for folder in sorted(folders.intersection(owners)):
        other = owners[folder]
        for key, page in owners.items():
            if key.startswith(f"{folder}/"):
                yield _two_owners(other, page, other.path, planner)


def _folded(path: str) -> str:
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _two_owners(one: PlannedPage, two: PlannedPage, path: str, planner: Planner) -> Diagnostic:
    claims = sorted(
        [(planner.place(page), planner.again(page).owner) for page in (one, two)],
        key=lambda claim: (not claim[0].line, *claim),
    )
    message = f"two owners of /{path.removesuffix('index.html')}: {claims[0][1]} and {claims[1][1]}"
    return error("NG-401", claims[0][0], message, "Give one of them a slug or permalink of its own.")


# ---- the pages ------------------------------------------------------------------------------------------------------

Address = tuple[str, str, str, str, int, int]
"""What it takes to draft a page: the method that makes it, its path, and what that method needs."""


class Planner:
    """Drafts the pages of a site, one method for each kind of page; the same in a worker as in the plan."""

    def __init__(self, catalogue: Catalogue, closures: Mapping[str, Closure], fragments: Fragments) -> None:
        self.catalogue, self.closures, self.fragments = catalogue, closures, fragments
        self.index, self.settings, self.site = catalogue.index, catalogue.settings, catalogue.site
        self.origin, self.base_path = catalogue.settings.origin, catalogue.base_path
        self.diagnostics: list[Diagnostic] = []
        self._placed: dict[tuple[tuple[str, ...], str], Named] = {}
        self._warned: set[str] = set()
        self._views: dict[tuple[str, int], Named] = {}
        self._numbered: tuple[tuple[str, int], tuple[str, ...]] = ("", 0), ()
        self._makers: dict[str, Callable[[str, str, str, int, int], Draft]] = {
            "article": self._article, "page": self._page, "home": self._home, "term": self._term,
            "index": self._index, "404": self._404, "feed": self._feed, "sitemap": self._sitemap,
            "robots": self._robots, "alias": self._alias, "copy": self._copy,
        }  # fmt: skip

    def draft(self, make: str, path: str, what: str, source: str, number: int, page: int) -> Draft:
        return self._makers[make](path, what, source, number, page)

    def again(self, page: PlannedPage) -> Draft:
        """The draft of a page that was planned."""
        return self.draft(page.make, page.path, page.what, page.source, page.number, page.page)

    def spec(self, page: PlannedPage, body: Callable[[str], PlannedBody]) -> PageSpec:
        """Everything that the page's renderer may see. `body` gives a document's body, its links resolved."""
        draft = self.again(page)
        return spec_of(draft, tuple([body(id) for id in draft.documents]))

    def shape(self, draft: Draft, common: tuple[tuple[str, str], ...]) -> Shape:
        """What the key of a page shares with those of others; nobody's settings can change a copy."""
        closure = self.closures.get(draft.template)
        shared = [*(() if draft.renderer == "copy" else common), ("renderer", draft.renderer)]
        if closure:
            shared.append((f"template {draft.template}", closure.digest))
        shared += [(name, value.digest()) for name, value in draft.names.items() if name in SHARED]
        return Shape(tuple(shared), tuple([name for name in draft.names if name not in SHARED]))

    # ---- which pages there are ----

    def pages(self) -> Iterator[Address]:
        """What to draft, each with the diagnostics that its planning gives."""
        yield from self._articles()
        for number, page in enumerate(self.index.pages):
            file = page_file(page)
            yield "page", file, self._chosen(page.id, page.template, "page.html"), page.id, number, 0
            yield from self._files_beside(page.id, file, cards.beside(page.body))
            yield from self._aliases_of(page.id, page.aliases)
        yield from self._listed("home", "", "home.html", "", 0, len(self.index.ids))
        yield from self._feeds("", "", 0, range(len(self.index.ids)))
        for family in PLURAL:
            for number, entry in enumerate(self._entries[family]):
                yield from self._term_pages(family, entry, number)
        yield "index", urls.page_file("tags"), "tag", "", 0, 0
        yield "index", urls.page_file("authors"), "author", "", 0, 0
        yield "404", "404.html", "", "", 0, 0
        if self.origin:
            yield "sitemap", "sitemap.xml", "", "", 0, 0
        yield "robots", "robots.txt", "", "", 0, 0
        for path, static in self.catalogue.library.static.items():
            yield "copy", path, static.id, static.id, 0, 0

    def _articles(self) -> Iterator[Address]:
        default = "article.html"
        if self.index.ids and default in self.closures:
            self._warn_of_wide(default)
        for number, (id, file) in enumerate(zip(self.index.ids, self.index.files, strict=True)):
            card = self.catalogue.card(number)
            template = self._chosen(id, card.template, default) if card.template else default
            yield "article", file, template, id, number, 0
            if card.date is None:
                title = self.catalogue.article(number).title
                help = "Give it a date: until then it comes last in lists and is in no feed."
                self.diagnostics.append(warning("NG-116", Place(id), f'"{title}" has no date', help))
            if card.image:
                self._expect_picture(id, card.image, file)
            if card.beside or card.image:
                image = card.image if "://" not in card.image else ""
                yield from self._files_beside(id, file, (*card.beside, *([image] if image else [])))
            yield from self._aliases_of(id, card.aliases)

    def _term_pages(self, family: str, entry: Entry, number: int) -> Iterator[Address]:
        folder = "/".join(term_folder(family, entry))
        numbers = self.catalogue.numbers(family, entry.key)
        default = f"{family}.html"
        term = entry.term
        template = self._chosen(term.id, term.template, default) if term else default
        yield from self._listed("term", folder, template, family, number, len(numbers))
        yield from self._feeds(folder, family, number, numbers)
        if term:
            file = f"{folder}/index.html"
            src = term.image.src if term.image else ""
            if src:
                self._expect_picture(term.id, src, file)
            yield from self._files_beside(term.id, file, (*cards.beside(term.body), *([src] if src else [])))

    def _listed(self, make: str, folder: str, template: str, family: str, number: int, total: int) -> Iterator[Address]:
        """The pages of a list of articles; its first has no number, and an empty list has one page."""
        for page in range(1, self._count(total) + 1):
            yield make, urls.numbered(folder, page), template, family, number, page

    def _feeds(self, folder: str, family: str, number: int, numbers: Sequence[int]) -> Iterator[Address]:
        if self.catalogue.feed_url(folder, numbers):
            yield "feed", f"{folder}/feed.xml" if folder else "feed.xml", family, "", number, 0

    def _aliases_of(self, id: str, aliases: Iterable[str]) -> Iterator[Address]:
        for alias in aliases:
            yield "alias", urls.file_of(alias), "", id, 0, 0

    def _files_beside(self, id: str, file: str, targets: Iterable[str]) -> Iterator[Address]:
        """The files beside a document that it names, copied beside its page."""
        found = {one.id: one for target in targets if (one := self._sibling(id, target))}
        for sibling in found.values():
            yield "copy", beside(file, sibling), sibling.id, id, 0, 0

    def _sibling(self, id: str, target: str) -> model.StaticFile | None:
        return None if target.startswith("/") or "://" in target else self.catalogue.sibling(id, target)

    def _expect_picture(self, id: str, src: str, file: str) -> None:
        if not self.catalogue.picture(id, src, file):
            where = "static/" if src.startswith("/") else f"{id.rpartition('/')[0]}/"
            help = f"Put it under {where}, or mend image.src. The article appears without a picture."
            place = self.catalogue.place(id, "image")
            self.diagnostics.append(warning("NG-203", place, f'picture "{src}" does not exist', help))

    def _chosen(self, id: str, named: str, default: str) -> str:
        """The template that a document names, which must exist; whole-site names in an article's are warned of."""
        template = named or default
        if template not in self.closures:
            help = did_you_mean(template, self.closures) or "Name a file under templates/, or leave the key out."
            place = self.catalogue.place(id, "template")
            self.diagnostics.append(error("NG-302", place, f'template "{template}" does not exist', help))
            return default
        if default == "article.html":
            self._warn_of_wide(template)
        return template

    def _warn_of_wide(self, template: str) -> None:
        wide = sorted(self.closures[template].names.intersection(WHOLE_SITE))
        if wide and template not in self._warned:
            self._warned.add(template)
            message = f"{', '.join(wide)} in an article's template: every article is rebuilt when one is added"
            help = "Put that part into a template under fragments/ and place it with {{ fragments.NAME }}."
            self.diagnostics.append(warning("NG-305", Place(f"templates/{template}"), message, help))

    def place(self, page: PlannedPage) -> Place:
        """What a diagnostic about the path of a page points at."""
        if page.make == "alias":
            return self.catalogue.place(page.source, "aliases", "title")
        if page.make in ("term", "feed") and (family := page.source or page.what):
            entry = self._entries[family][page.number]
            return self.catalogue.place(entry.term.id, "slug", "title") if entry.term else Place(entry.source)
        if page.make in ("article", "page", "copy") and page.source in self.files:
            return self.catalogue.place(page.source, "permalink", "slug", "title")
        return Place(page.source if page.make == "copy" else "")

    @cached_property
    def files(self) -> dict[str, str]:
        return source_files(self.index)

    @cached_property
    def _entries(self) -> dict[str, list[Entry]]:
        return {family: list(self.index.vocabularies[family].entries.values()) for family in PLURAL}

    def _count(self, total: int) -> int:
        return max(1, -(-total // self.settings.per_page))

    # ---- articles and pages ----

    def _article(self, path: str, template: str, id: str, number: int, _: int) -> Draft:
        catalogue = self.catalogue
        names = {
            "article": Named(lambda: catalogue.view_digest(number), lambda: catalogue.view(number)),
            "meta": Named(lambda: self._article_meta_digest(number), lambda: self._article_meta(number)),
        }
        return self._templated(path, template, id, names, "article", (id,), catalogue.section(number).slug)

    def _page(self, path: str, template: str, id: str, number: int, _: int) -> Draft:
        page = self.index.pages[number]
        meta = self._meta(page.title, "page", path, description=page.description, noindex=page.noindex)
        names = {"page": plain(self.catalogue.page_view(page)), "meta": plain(meta)}
        return self._templated(path, template, id, names, "page", (id,))

    def _article_meta_digest(self, number: int) -> str:
        section = self.catalogue.section(number).slug
        return digest.of_value((self.catalogue.card(number).head, self.index.files[number], section, self._feed_names))

    def _article_meta(self, number: int) -> Meta:
        article = self.catalogue.article(number)
        return self._meta(
            article.title,
            "article",
            self.index.files[number],
            description=article.description,
            language=article.lang,
            noindex=article.noindex,
            canonical=article.canonical,
            section=self.catalogue.section(number).slug,
            feed_url=self._feed_names[0],
            feed_title=self._feed_names[1],
        )

    @cached_property
    def _feed_names(self) -> tuple[str, str]:
        """Address and title of the site's own feed."""
        return self.site.feed_url, self.site.title

    def _copy(self, path: str, id: str, source: str, _: int, __: int) -> Draft:
        library = self.catalogue.library
        static = library.static[path] if source == id else library.siblings[id]
        return Draft(path, "copy", id, {"id": plain(id), "digest": plain(static.digest)})

    def _alias(self, path: str, _: str, id: str, __: int, ___: int) -> Draft:
        url = urls.url_of(self.files[id], self.base_path)
        context = {"url": url, "canonical": absolute_url(url, self.origin), "language": self.settings.language}
        return Draft(path, "redirect", f"alias of {id}", {name: plain(value) for name, value in context.items()})

    # ---- listings ----

    def _home(self, path: str, template: str, _: str, __: int, page: int) -> Draft:
        first = page == 1
        feed_url, feed_title = self._feed_names
        meta = self._meta(
            self.settings.title if first else f"Page {page}",
            "home",
            path,
            description=self.settings.description if first else "",
            feed_url=feed_url,
            feed_title=feed_title,
        )
        listing = self._listing("", range(len(self.index.ids)), page)
        return self._templated(path, template, "the front page", {"listing": listing, "meta": plain(meta)})

    def _term(self, path: str, template: str, family: str, number: int, page: int) -> Draft:
        entry = self._entries[family][number]
        term, first = entry.term, page == 1
        view = self._view(family, number)
        folder = "/".join(term_folder(family, entry))
        numbers = self.catalogue.numbers(family, entry.key)
        meta = self._meta(
            entry.title if first else f"{entry.title}, page {page}",
            family,
            path,
            description=term.description if term and first else "",
            noindex=bool(term and term.noindex),
            section=entry.slug if family == "section" else "",
            feed_url=self.catalogue.feed_url(folder, numbers),
            feed_title=self._term_feed_title(entry),
        )
        names = {family: view, "listing": self._listing(folder, numbers, page), "meta": plain(meta)}
        documents = (term.id,) if term else ()
        return self._templated(path, template, _owner(family, entry), names, family, documents, meta.section)

    def _term_feed_title(self, entry: Entry) -> str:
        return f"{entry.title} - {self.settings.title}"

    def _view(self, family: str, number: int) -> Named:
        """A tag, author or section as its pages see it."""
        if (family, number) not in self._views:
            self._views[family, number] = once(lambda: self._term_view(family, self._entries[family][number]))
        return self._views[family, number]

    def _term_view(self, family: str, entry: Entry) -> TermView:
        term = entry.term
        refs = self.catalogue.terms[family]
        implied = self.index.vocabularies[family].implied
        numbers = self.catalogue.numbers(family, entry.key)
        folder = "/".join(term_folder(family, entry))
        file = f"{folder}/index.html"
        return TermView(
            title=entry.title,
            url=urls.url_of(file, self.base_path),
            slug=entry.slug,
            count=len(numbers),
            description=term.description if term else "",
            feed_url=self.catalogue.feed_url(folder, numbers),
            parents=tuple(refs[key] for key in implied.get(entry.key, ())),
            children=tuple(refs[key] for key in sorted(key for key, above in implied.items() if entry.key in above)),
            image=self.catalogue.image(term.id, term.image, file) if term else None,
            same_as=term.same_as if term else (),
            extra=term.extra if term else model.Extra(),
        )

    def _listing(self, folder: str, numbers: Sequence[int], page: int) -> Named:
        size, count = self.settings.per_page, self._count(len(numbers))
        shown = numbers[(page - 1) * size : page * size]

        def value() -> Listing:
            addresses = self._addresses(folder, count)
            return Listing(
                articles=self.catalogue.refs(shown),
                number=page,
                pages=count,
                total=len(numbers),
                urls=addresses,
                prev_url=addresses[page - 2] if page > 1 else "",
                next_url=addresses[page] if page < count else "",
            )

        def of() -> str:
            return digest.of_value((self.catalogue.refs_digest(shown), page, count, len(numbers), folder))

        return Named(of, value)

    def _addresses(self, folder: str, count: int) -> tuple[str, ...]:
        if self._numbered[0] != (folder, count):
            found = [urls.url_of(urls.numbered(folder, number), self.base_path) for number in range(1, count + 1)]
            self._numbered = (folder, count), tuple(found)
        return self._numbered[1]

    def _index(self, path: str, family: str, _: str, __: int, ___: int) -> Draft:
        plural = PLURAL[family]
        named = self.catalogue.whole_site[plural]
        title = plural.capitalize()
        index = once(
            lambda: model.TermIndex(title, plural, named.value()), lambda: digest.of_text(plural + named.digest())
        )
        meta = self._meta(title, plural, path, noindex=not self._entries[family])
        return self._templated(path, "list.html", f"the index of {plural}", {"index": index, "meta": plain(meta)})

    def _404(self, path: str, _: str, __: str, ___: int, ____: int) -> Draft:
        meta = self._meta("Page not found", "404", path, noindex=True)
        return self._templated(path, "404.html", "the 404 page", {"meta": plain(meta)})

    # ---- for machines ----

    def _feed(self, path: str, family: str, _: str, number: int, __: int) -> Draft:
        entry = self._entries[family][number] if family else None
        numbers: Sequence[int] = range(len(self.index.ids))
        title, description, owner = self.settings.title, self.settings.description, "the front page"
        if entry:
            numbers = self.catalogue.numbers(family, entry.key)
            title, owner = self._term_feed_title(entry), _owner(family, entry)
            description = entry.term.description if entry.term else ""
        newest = [number for number in numbers[: self.settings.feeds.entries] if number < self.index.dated]
        folder = path.removesuffix("feed.xml").strip("/")
        meta = Meta(
            title=title,
            description=description,
            url=urls.url_of(urls.numbered(folder, 1), self.base_path),
            canonical="",
            kind="feed",
            language=self.settings.language,
            feed_url=urls.url_of(path, self.base_path),
            feed_title=title,
        )
        articles = Named(lambda: self.catalogue.refs_digest(newest), lambda: self.catalogue.refs(newest))
        names = {"articles": articles, "meta": plain(meta), "site": self.catalogue.site_named}
        full = self.settings.feeds.content == "full"
        documents = tuple([self.index.ids[number] for number in newest]) if full else ()
        return Draft(path, "rss", f"the feed of {owner}", names, documents=documents)

    def _sitemap(self, path: str, _: str, __: str, ___: int, ____: int) -> Draft:
        entries = once(lambda: tuple(self._sitemap_entries()), self._sitemap_digest)
        return Draft(path, "sitemap", "the sitemap", {"entries": entries})

    def _sitemap_digest(self) -> str:
        """A digest of all that the entries are made of, beside the settings."""
        cards = map(self.catalogue.card, range(len(self.index.files)))
        pairs = zip(self.index.files, cards, strict=True)
        lines = [f"{file} {changed(card)}" for file, card in pairs if not card.unlisted]
        lines += [page_file(page) for page in self.index.pages if not page.noindex]
        return digest.of_text("\n".join([*lines, *map(self._absolute, self._listed_terms())]))

    def _sitemap_entries(self) -> Iterator[SitemapEntry]:
        """Every address that is to be found, each with the date on which an article says that it changed."""
        yield SitemapEntry(self._absolute(self.base_path))
        for number, file in enumerate(self.index.files):
            card = self.catalogue.card(number)
            if not card.unlisted:
                yield SitemapEntry(self._absolute(urls.url_of(file, self.base_path)), changed(card))
        for page in self.index.pages:
            if not page.noindex:
                yield SitemapEntry(self._absolute(urls.url_of(page_file(page), self.base_path)))
        for url in self._listed_terms():
            yield SitemapEntry(self._absolute(url))

    def _listed_terms(self) -> Iterator[str]:
        for family, entries in self._entries.items():
            for entry in entries:
                if self.catalogue.numbers(family, entry.key) and not (entry.term and entry.term.noindex):
                    yield self.catalogue.term_url(family, entry)

    def _robots(self, path: str, _: str, __: str, ___: int, ____: int) -> Draft:
        address = self._absolute(urls.url_of("sitemap.xml", self.base_path)) if self.origin else ""
        return Draft(path, "robots", "robots.txt", {"sitemap": plain(address)})

    # ---- what all pages share ----

    def _absolute(self, url: str) -> str:
        return absolute_url(url, self.origin)

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
        path: str,
        template: str,
        owner: str,
        offered: dict[str, Named],
        subject: str = "",
        documents: tuple[str, ...] = (),
        section: str = "",
    ) -> Draft:
        closure = self.closures.get(template)
        if closure is None:
            self._absent(template)
            return Draft(path, "template", owner, {}, template)
        offered["site"] = self.catalogue.site_named
        names = _read(closure, offered, self.catalogue)
        if closure.fragments:
            names["fragments"] = self._fragments(closure.fragments, section)
        read = documents if subject in closure.names else ()
        return Draft(path, "template", owner, names, template, subject, read)

    def _absent(self, template: str) -> None:
        if template not in self._warned:
            self._warned.add(template)
            place = Place(f"templates/{template}")
            help = "Put it under templates/, or take away what hides the theme's."
            self.diagnostics.append(error("NG-302", place, f'template "{template}" does not exist', help))

    def _fragments(self, names: tuple[str, ...], section: str) -> Named:
        """The HTML of the fragments that a template places; one shared value for each section."""
        key = (names, section)
        if key not in self._placed:
            found = {name: self.fragments.get((name, section), self.fragments.get((name, ""))) for name in names}
            placed = {name: html for name, html in found.items() if html is not None}
            self._placed[key] = once(lambda: placed)
        return self._placed[key]


def _read(closure: Closure, offered: Mapping[str, Named], catalogue: Catalogue) -> dict[str, Named]:
    """Exactly the names that the closure reads, of those that this page may see."""
    read = closure.names
    names = {name: value for name, value in offered.items() if name in read}
    if not WHOLE_SITE_NAMES.isdisjoint(read):
        for name in sorted(WHOLE_SITE_NAMES & read):
            names.setdefault(name, catalogue.whole_site[name])
    return names


def _owner(family: str, entry: Entry) -> str:
    return f'{family} "{entry.title}" ({entry.source})'

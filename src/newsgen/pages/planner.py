"""The planner: what the makers of pages share, each of which lists its pages and drafts them.

A maker (`articles`, `lists`, ...; `plan.MAKERS` has them all) has `pages`, which lists the addresses of its pages, and
`DRAFTS`, which make a draft of an address: in the plan for its digests, in a worker for its values.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from newsgen import digest, model
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, error, warning
from newsgen.model import Meta, PageSpec, PlannedBody
from newsgen.news.taxonomy import PLURAL, Entry
from newsgen.pages import urls
from newsgen.pages.catalogue import WHOLE_SITE_NAMES, Catalogue, Named, beside, once, plain
from newsgen.pages.filters import absolute_url
from newsgen.pages.index import Editions, source_files
from newsgen.pages.keys import PlannedPage, Shape
from newsgen.pages.languages import Catalogues, digest_of, language, texts_of
from newsgen.pages.pictures import unshown
from newsgen.pages.templates import WHOLE_SITE, Closure

T = TypeVar("T")

Fragments = Mapping[tuple[str, str], str]
"""The HTML of each fragment by its name and the slug of the active section."""

SHARED: Final = WHOLE_SITE_NAMES | {"site", "fragments", "collections"}  # names whose value is the same for many pages

WORDLESS: Final = ("copy", "picture", "social card")  # no template, no words of a language

CARRYING: Final = ("live", "structured_data")  # names that may be made of the text that a page carries


class Address(NamedTuple):
    """What it takes to draft a page: its kind, its path, and what else its drafting needs (see the makers)."""

    make: str
    path: str
    what: str = ""
    source: str = ""
    number: int = 0
    page: int = 0


def address_of(page: PlannedPage) -> Address:
    return Address(page.make, page.path, page.what, page.source, page.number, page.page)


class Draft(msgspec.Struct, frozen=True, gc=False):
    """A page, its values not yet made. `documents` are the ids of those whose bodies it carries; a template speaks
    `language`."""

    path: str
    renderer: str
    owner: str
    names: dict[str, Named]
    template: str = ""
    subject: str = ""
    documents: tuple[str, ...] = ()
    language: str = ""


Drafts = Mapping[str, Callable[["Planner", Address], Draft]]
"""How each kind of page is drafted."""


def spec_of(draft: Draft, bodies: tuple[PlannedBody, ...] = ()) -> PageSpec:
    """The page with its values made."""
    return PageSpec(
        path=draft.path,
        renderer=draft.renderer,
        owner=draft.owner,
        template=draft.template,
        subject=draft.subject,
        language=draft.language,
        context={name: value.value() for name, value in draft.names.items()},
        bodies=bodies,
    )


class Planner:
    """Drafts the pages of an edition; the same in a worker as in the plan. `diagnostics` are those of planning.

    `all` are the planners of all editions, by their folders.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        closures: Mapping[str, Closure],
        fragments: Fragments,
        drafts: Drafts,
        catalogues: Catalogues,
    ) -> None:
        self.catalogue, self.closures, self.fragments, self.drafts = catalogue, closures, fragments, drafts
        self.index, self.settings, self.site = catalogue.index, catalogue.settings, catalogue.site
        self.origin, self.base_path = catalogue.settings.origin, catalogue.base_path
        self.catalogues = catalogues
        self.language = language(self.settings.language, texts_of(self.settings.language, catalogues))
        self.edition = catalogue.edition
        self.all: Mapping[str, Planner] = {self.edition: self}
        self.diagnostics: list[Diagnostic] = []
        self._placed: dict[tuple[tuple[str, ...], str], Named] = {}
        self._warned: set[str] = set()
        self._kept: dict[Any, Any] = {}

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for each key."""
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def draft(self, at: Address) -> Draft:
        return self.drafts[at.make](self, at)

    def again(self, page: PlannedPage) -> Draft:
        """The draft of a page that was planned."""
        return self.draft(address_of(page))

    def spec(self, page: PlannedPage, body: Callable[[str], PlannedBody]) -> PageSpec:
        """Everything that the page's renderer may see. `body` gives a document's body, its links resolved."""
        draft = self.again(page)
        return spec_of(draft, tuple([body(id) for id in draft.documents]))

    def shape(self, draft: Draft, common: tuple[tuple[str, str], ...]) -> Shape:
        """What the key of a page shares with those of others. Of what has no text all that matters is its own."""
        closure = self.closures.get(draft.template)
        shared = [
            *(() if draft.renderer in WORDLESS else common),
            ("renderer", draft.renderer),
        ]
        if closure:
            shared.append((f"template {draft.template}", closure.digest))
            if closure.published:
                shared.append(("assets", closure.published))
        if draft.language:
            shared.append(("language", digest_of(draft.language, self.catalogues)))
        shared += [(name, value.digest()) for name, value in draft.names.items() if name in SHARED]
        return Shape(tuple(shared), tuple([name for name in draft.names if name not in SHARED]))

    @cached_property
    def files(self) -> dict[str, str]:
        """The output file of every document that has one, in whichever edition, but in this where it has one here."""
        editions = Editions({edition: planner.index for edition, planner in self.all.items()})
        return editions.files() | source_files(self.index) | editions.withdrawn()

    def withdrawn(self, id: str) -> model.Article:
        """An article in whose place a notice stands."""
        article = self.catalogue.reader.read(id)
        assert isinstance(article, model.Article)
        return article

    @cached_property
    def entries(self) -> dict[str, list[Entry]]:
        """The tags, authors and sections, each family in its order."""
        return {family: list(self.index.vocabularies[family].entries.values()) for family in PLURAL}

    def place(self, page: Address) -> Place:
        """What a diagnostic about the path of a page points at."""
        if page.make == "alias":
            return self.catalogue.place(page.source, "aliases", "title")
        if page.make in ("term", "feed") and (family := page.source or page.what):
            entry = self.entries[family][page.number]
            return self.catalogue.place(entry.term.id, "slug", "title") if entry.term else Place(entry.source)
        if page.make.startswith("collection"):
            return self.settings.place("collections", page.source or page.what)
        if page.make in ("article", "page", "withdrawn", "copy", "updates") and page.source in self.files:
            return self.catalogue.place(page.source, "permalink", "slug", "title")
        return Place(page.source if page.make in WORDLESS else "")

    # ---- what a document asks for ----

    def beside(self, id: str, file: str, targets: Iterable[str]) -> Iterator[Address]:
        """The files beside a document that it names, copied beside its page."""
        found = {one.id: one for target in targets if (one := self._sibling(id, target))}
        for sibling in found.values():
            if why := urls.static_offence(sibling.id.rpartition("/")[2].replace(" ", "-")):
                message = f"the file's name cannot be published: {why}"
                self.diagnostics.append(error("NG-119", Place(sibling.id), message, "Rename the file."))
            yield Address("copy", beside(file, sibling), sibling.id, id)

    def copy(self, path: str, file: model.StaticFile) -> Draft:
        """The copy of a file, which loses its metadata where it is a picture."""
        metadata, encoder = self.settings.images.metadata, self.catalogue.library.encoder
        names = {"id": file.id, "digest": file.digest, "metadata": metadata, "encoder": encoder}
        return Draft(path, "copy", file.id, {name: plain(value) for name, value in names.items()})

    def _sibling(self, id: str, target: str) -> model.StaticFile | None:
        return None if target.startswith("/") or "://" in target else self.catalogue.sibling(id, target)

    def expect_picture(self, id: str, src: str, file: str) -> None:
        """A warning where a document names a picture that is not there, or that cannot be shown."""
        if not self.catalogue.picture(id, src, file):
            where = "static/" if src.startswith("/") else f"{id.rpartition('/')[0]}/"
            help = f"Put it under {where}, or mend image.src. The article appears without a picture."
            place = self.catalogue.place(id, "image")
            self.diagnostics.append(warning("NG-203", place, f'picture "{src}" does not exist', help))
        elif "://" not in src and (flaw := self.catalogue.measured(id, src)[1].flaw):
            self.diagnostics.append(unshown(self.catalogue.place(id, "image"), src, flaw))

    def template(self, id: str, named: str, default: str) -> str:
        """The template that a document names, which must exist; whole-site names in an article's are warned of."""
        template = named or default
        if template not in self.closures:
            help = did_you_mean(template, self.closures) or "Name a file under templates/, or leave the key out."
            place = self.catalogue.place(id, "template")
            self.diagnostics.append(error("NG-302", place, f'template "{template}" does not exist', help))
            return default
        if default == "article.html":
            self.warn_of_wide(template)
        return template

    def warn_of_wide(self, template: str) -> None:
        """A warning where the template of articles reads a name that changes with every article."""
        wide = sorted(self.closures[template].names.intersection(WHOLE_SITE))
        if wide and template not in self._warned:
            self._warned.add(template)
            message = f"{', '.join(wide)} in an article's template: every article is rebuilt when one is added"
            help = "Put that part into a template under fragments/ and place it with {{ fragments.NAME }}."
            self.diagnostics.append(warning("NG-305", Place(f"templates/{template}"), message, help))

    # ---- what all pages share ----

    @cached_property
    def feed_names(self) -> tuple[str, str]:
        """Address and title of the site's own feed."""
        return self.site.feed_url, self.site.title

    def title(self, title: str, page: int) -> str:
        """The title of a list's page: that of the list, and from the second on its number."""
        say = self.language.say
        return title if page == 1 else say("%(title)s, page %(number)s", title=title, number=page)

    def folder(self, *segments: str) -> str:
        """A folder of this edition."""
        return urls.folder(self.edition, *segments)

    def url(self, file: str) -> str:
        """The rooted URL of an output file."""
        return urls.url_of(file, self.base_path)

    def absolute(self, url: str) -> str:
        return absolute_url(url, self.origin)

    def meta(
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
        """What the head of the page `file` says."""
        url = self.url(file)
        return Meta(
            title=title,
            description=description,
            url=url,
            canonical=self.absolute(canonical or url) if self.origin else canonical,
            kind=kind,
            language=language or self.settings.language,
            noindex=noindex,
            feeds=self.catalogue.feed_links(feed_url, feed_title),
            section=section,
        )

    def templated(
        self,
        path: str,
        template: str,
        owner: str,
        offered: dict[str, Named],
        subject: str = "",
        documents: tuple[str, ...] = (),
        section: str = "",
        language: str = "",
    ) -> Draft:
        """A page of a template, which gets of `offered` and of the whole site's names those that it reads."""
        closure = self.closures[template]
        offered["site"] = self.catalogue.site_named
        if "structured_data" not in offered and "meta" in offered:
            offered["structured_data"] = self._graph(offered["meta"], offered.get("author"))
        names = read(closure, offered, self.catalogue)
        if closure.fragments:
            names["fragments"] = self._fragments(closure.fragments, section)
        carried = documents if not closure.names.isdisjoint((subject, *CARRYING)) else ()
        return Draft(path, "template", owner, names, template, subject, carried, language or self.settings.language)

    def _graph(self, meta: Named, author: Named | None) -> Named:
        """The structured data of all pages but articles'; none without base_url, for they need absolute addresses."""
        if not self.origin:
            return plain("")
        graphs, of = self.catalogue.graphs, [meta, *([author] if author else [])]
        return Named(
            lambda: digest.of_text("".join([graphs.digest(), *[one.digest() for one in of]])),
            lambda: graphs.value().page(*[one.value() for one in of]),
        )

    def _fragments(self, names: tuple[str, ...], section: str) -> Named:
        """The HTML of the fragments that a template places; one shared value for each section."""
        key = (names, section)
        if key not in self._placed:
            found = {name: self.fragments.get((name, section), self.fragments.get((name, ""))) for name in names}
            placed = {name: html for name, html in found.items() if html is not None}
            self._placed[key] = once(lambda: placed)
        return self._placed[key]


def read(closure: Closure, offered: Mapping[str, Named], catalogue: Catalogue) -> dict[str, Named]:
    """Exactly the names that the closure reads, of those that this page may see."""
    wanted = closure.names
    names = {name: value for name, value in offered.items() if name in wanted}
    if not WHOLE_SITE_NAMES.isdisjoint(wanted):
        for name in sorted(WHOLE_SITE_NAMES & wanted):
            names.setdefault(name, catalogue.whole_site[name])
    if closure.collections:
        names["collections"] = catalogue.collections(closure.collections)
    return names


def owner(family: str, entry: Entry) -> str:
    """A tag, author or section as the owner of a page."""
    return f'{family} "{entry.title}" ({entry.source})'

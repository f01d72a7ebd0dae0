"""The catalogue: all that is published, as pages and listings see it, each value made when something first asks.

Beside each value stands its digest, which is taken from cards: most pages of a build are as they were, and for those no
value is ever made.
"""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any, Final, Protocol
from urllib.parse import quote, unquote

import msgspec

from newsgen import digest, model
from newsgen.config import FILE, POLICIES
from newsgen.content.cards import card as card_of
from newsgen.content.pictures import Facts
from newsgen.diagnostics import Place
from newsgen.model import (
    Article,
    ArticleRef,
    ArticleView,
    Breaking,
    Card,
    FeedLink,
    Font,
    Image,
    Look,
    Page,
    Policy,
    SectionFront,
    Site,
    StaticFile,
    TermCount,
    TermRef,
    Translation,
)
from newsgen.news.taxonomy import Entry, names_in
from newsgen.pages import pictures, urls
from newsgen.pages.feeds import FORMATS
from newsgen.pages.filters import absolute_url
from newsgen.pages.index import Editions, Index, Library, Measured, numbers_of, page_file, term_file
from newsgen.pages.structured_data import Graphs

FRONT: Final = 6  # articles of a section on the front page
LATEST: Final = 20
KEPT: Final = 20_000  # refs that are kept to be used again
FETCHED: Final = 64  # articles that are read at once
_SHOWN: Final = ("tag", "author")  # families of which a ref shows all that an article names


class Reader(Protocol):
    """Gives the values of content files by their ids; what is fetched ahead is read faster."""

    def read(self, id: str) -> model.Content: ...

    def fetch(self, ids: Iterable[str]) -> None: ...


class Named(msgspec.Struct, frozen=True):  # tracked: it stands in cycles, which a dev server must get rid of
    """A value that a template sees by a name: its digest and the value itself, each made when it is asked for."""

    digest: Callable[[], str]
    value: Callable[[], Any]


def once(value: Callable[[], Any], of: Callable[[], str] | None = None) -> Named:
    """A value that is made once for all pages that read it, and its digest: by `of`, else of the value itself."""
    kept = lru_cache(maxsize=1)(value)
    return Named(lru_cache(maxsize=1)(of or (lambda: digest.of_value(kept()))), kept)


def plain(value: Any) -> Named:
    """A value that is at hand."""
    return Named(lambda: digest.of_value(value), lambda: value)


class _Digests(dict[str, str]):
    """Digests by name, each made when it is first asked for."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> str:
        made = self[name] = self._make(name)
        return made


class Catalogue:
    """Refs, members and whole-site names. `cards` are those of the published articles, where they are at hand."""

    def __init__(
        self,
        library: Library,
        index: Index,
        reader: Reader,
        cards: Sequence[Card] = (),
        pictures: Mapping[str, Measured] = {},
        fonts: Mapping[str, Font] = {},
    ) -> None:
        self.library, self.index, self.reader, self.cards = library, index, reader, cards
        self.pictures, self.fonts = pictures, fonts
        self.settings = library.settings.of_edition(index.edition)
        self.edition, self.base_path = index.edition, library.settings.base_path
        self._named = {family: _Digests(partial(self._digests_of, family)) for family in _SHOWN}
        self._kinds = _Digests(lambda kind: digest.of_text(self.kind_label(kind)))
        self._refs: dict[int, ArticleRef] = {}
        self._ref_digests: list[str] = [""] * len(index.ids)

    @cached_property
    def terms(self) -> dict[str, dict[str, TermRef]]:
        """The refs of all terms, by family and key."""
        return {
            family: {
                key: TermRef(entry.title, self.term_url(family, entry), entry.slug)
                for key, entry in vocabulary.entries.items()
            }
            for family, vocabulary in self.index.vocabularies.items()
        }

    @cached_property
    def _term_digests(self) -> dict[str, dict[str, str]]:
        return {family: {key: digest.of_value(ref) for key, ref in refs.items()} for family, refs in self.terms.items()}

    # ---- articles ----

    def card(self, number: int) -> Card:
        return self.cards[number] if self.cards else card_of(self.article(number))

    def article(self, number: int) -> Article:
        article = self.reader.read(self.index.ids[number])
        assert isinstance(article, Article)
        return article

    def _digests_of(self, family: str, name: str) -> str:
        """The digests of all terms that an article has that gives this name, one after the other."""
        digests = self._term_digests[family]
        return "".join([digests[key] for key in self.index.vocabularies[family].keys_of_name(name)])

    def ref_digest(self, number: int) -> str:
        """The digest of all that makes an article's ref: its own facts, its address, its terms as they are named."""
        found = self._ref_digests[number]
        if not found:
            card = self.card(number)
            tags, authors, kinds = self._named["tag"], self._named["author"], self._kinds
            section = self._term_digests["section"][self.index.sections[number]]
            file = self.index.files[number]
            src = self.image_digest(card.id, card.image, file) if card.image else ""
            terms = [*[tags[name] for name in card.tags], "", *[authors[name] for name in card.authors]]
            found = digest.of_text("\0".join((card.facts, section, kinds[self.labelled(card)], *terms, file, src)))
            self._ref_digests[number] = found
        return found

    def refs_digest(self, numbers: Iterable[int]) -> str:
        known = self._ref_digests
        return digest.of_text("".join([known[number] or self.ref_digest(number) for number in numbers]))

    def ref(self, number: int) -> ArticleRef:
        """The article as lists see it; the same value each time, as long as it is kept."""
        found = self._refs.get(number)
        if found is None:
            if len(self._refs) >= KEPT:
                self._refs.clear()
            article = self.article(number)
            found = self._refs[number] = ArticleRef(**self._facts(number, article))
        return found

    def refs(self, numbers: Sequence[int]) -> tuple[ArticleRef, ...]:
        new = [number for number in numbers if number not in self._refs]
        for start in range(0, len(new), FETCHED):
            some = new[start : start + FETCHED]
            self.reader.fetch([self.index.ids[number] for number in some])
            for number in some:
                self.ref(number)
        return tuple([self.ref(number) for number in numbers])

    def view_digest(self, number: int) -> str:
        return digest.of_text(self.card(number).view + self.ref_digest(number))

    def view(self, number: int) -> ArticleView:
        """The article as its own page sees it; its ref is made with it, for the lists that follow."""
        article = self.article(number)
        return ArticleView(
            **msgspec.structs.asdict(self.ref(number)),
            words=article.body.words,
            corrections=article.corrections,
            headings=article.body.headings,
            blocks=article.body.block_names,
            source_name=article.source_name,
        )

    def _facts(self, number: int, article: Article) -> dict[str, Any]:
        file = self.index.files[number]
        named = {family: tuple([self.terms[family][key] for key in self.keys(family, article)]) for family in _SHOWN}
        return {
            "id": article.id,
            "url": urls.url_of(file, self.base_path),
            "title": article.title,
            "section": self.section(number),
            "summary": article.description,
            "date": article.date,
            "date_only": article.date_only,
            "updated": article.updated,
            "tags": named["tag"],
            "internal_tags": article.internal_tags,
            "authors": named["author"],
            "kind": article.kind,
            "kind_label": self.kind_label(self.labelled(article)),
            "lang": article.lang,
            "image": self.image(article.id, article.image, file),
            "access": article.access,
            "lead": article.lead,
            "feature": article.feature,
            "pin": article.pin,
            "extra": article.extra,
        }

    def keys(self, family: str, article: Article | Card) -> tuple[str, ...]:
        return self.index.vocabularies[family].keys_of(names_in(article, family))

    def section(self, number: int) -> TermRef:
        return self.terms["section"][self.index.sections[number]]

    def kind_label(self, kind: str) -> str:
        return self.settings.kind(kind).label

    def labelled(self, article: Article | Card) -> str:
        """The kind that labels an article; none of a live blog whose coverage has ended."""
        return "" if article.kind == "live" and self.is_over(article.id) else article.kind

    def is_over(self, id: str) -> bool:
        """Whether the coverage of a live blog has ended."""
        return id in self.index.over

    # ---- pictures and files beside documents ----

    def picture(self, id: str, src: str, file: str) -> str:
        """The URL of a picture, seen from the document `id` and its page `file`; empty where there is no such file."""
        if "://" in src:
            return src
        if (found := self.library.file(id, src)) is None:
            return ""
        return urls.url_of(found.path, self.base_path) if src.startswith("/") else self.beside(file, found)

    def image(self, id: str, image: Image | None, file: str) -> Image | None:
        """The picture as pages show it, in all that is made of it; None where there is no such file, or it has a flaw.

        It is one beside the document (copied beside its page) or of static/; one of another site is as it is.
        """
        src = self.picture(id, image.src, file) if image else ""
        if image is None or not src or "://" in image.src:
            return image if src else None
        source, facts = self.measured(id, image.src)
        if facts.flaw:
            return None
        image = msgspec.structs.replace(image, src=src)
        return pictures.shown(image, source, facts, self.settings.images, self.base_path)

    def image_digest(self, id: str, src: str, file: str) -> str:
        """The digest of all that `image` makes of the file `src`."""
        url = self.picture(id, src, file)
        if not url or "://" in src:
            return url
        source, facts = self.measured(id, src)
        return digest.of_value((url, source if facts.scales else "", facts, self._images))

    def measured(self, id: str, src: str) -> tuple[str, Facts]:
        """The digest of a picture's file, which a document names, and what is known of it."""
        found = self.library.file(id, src)
        assert found is not None
        return found.digest, self.pictures[found.digest].facts

    @cached_property
    def _images(self) -> str:
        """The digest of the settings that say what is made of a picture."""
        return digest.of_value(msgspec.structs.replace(self.settings.images, require_credit=False, max_megapixels=0))

    def sibling(self, document_id: str, target: str) -> StaticFile | None:
        """The file under content/ that a relative target names, seen from the document."""
        path = posixpath.normpath(posixpath.join(posixpath.dirname(document_id), unquote(target)))
        return self.library.siblings.get(path)

    def data_file(self, document_id: str, target: str) -> str:
        """The id of the file beside a document, or of static/ where `target` is rooted; empty where there is none."""
        path = unquote(target.split("#")[0].split("?")[0])
        found = self.library.static.get(path.lstrip("/")) if path[:1] == "/" else self.sibling(document_id, path)
        return found.id if found else ""

    def beside(self, file: str, sibling: StaticFile) -> str:
        """The rooted URL of the copy of `sibling` beside the page `file`."""
        return urls.url_of(beside(file, sibling), self.base_path)

    # ---- tags, authors and sections ----

    def term_url(self, family: str, entry: Entry) -> str:
        return urls.url_of(term_file(family, entry, self.edition), self.base_path)

    def numbers(self, family: str, key: str) -> Sequence[int]:
        return numbers_of(self.index, family, key)

    def listed(self, family: str, key: str) -> bool:
        """Whether lists and machines are told of an entry: a tag needs articles enough."""
        return family != "tag" or len(self.numbers(family, key)) >= self.settings.tags.min_articles

    def counts(self, family: str) -> tuple[TermCount, ...]:
        """Every listed entry of a family with the number of its published articles, in the order of its index."""
        vocabulary = self.index.vocabularies[family]
        entries = [entry for entry in vocabulary.entries.values() if self.listed(family, entry.key)]
        if family == "section":
            entries = sorted(entries, key=_section_order)
        return tuple(
            TermCount(
                entry.title,
                self.term_url(family, entry),
                entry.slug,
                len(self.numbers(family, entry.key)),
                entry.term.description if entry.term else "",
            )
            for entry in entries
        )

    # ---- whole-site names ----

    @cached_property
    def feed_files(self) -> tuple[str, ...]:
        """The names of the files of each list's feeds."""
        return tuple([name for name, one in FORMATS.items() if one.name in self.settings.feeds.formats])

    @cached_property
    def site(self) -> Site:
        settings = self.settings
        return Site(
            title=settings.title,
            description=settings.description,
            language=settings.language,
            timezone=settings.timezone,
            base_url=settings.base_url.rstrip("/"),
            url=self.home(self.edition),
            feed_url=self.feed_url(self.edition, range(len(self.index.ids))),
            logo=self.picture(FILE, settings.publisher.logo, ""),
            policies=tuple(
                [
                    Policy(name, title, self._rooted(url))
                    for name, title in POLICIES.items()
                    if (url := getattr(settings.policies, name))
                ]
            ),
            archive_url=self.url("archive") if self.index.archive else "",
            search_url=self.url("search") if settings.search.enabled else "",
            editions=self.editions,
            theme=Look(settings.theme.masthead, settings.theme.share, settings.theme.switch),
            extra=settings.extra,
        )

    @cached_property
    def editions(self) -> tuple[Translation, ...]:
        """The front pages of all editions; none where there is one only."""
        settings = self.library.settings
        spoken = {edition: settings.of_edition(edition).language for edition in settings.editions()}
        front = [Translation(lang, self.home(one), one == self.edition) for one, lang in spoken.items()]
        return tuple(front) if len(front) > 1 else ()

    def home(self, edition: str) -> str:
        return urls.url_of(urls.page_file(edition), self.base_path)

    def url(self, *segments: str) -> str:
        """The rooted URL of a page of this edition."""
        return urls.url_of(urls.page_file(self.edition, *segments), self.base_path)

    @cached_property
    def site_named(self) -> Named:
        return once(lambda: self.site)

    @cached_property
    def graphs(self) -> Named:
        """What makes structured data; its digest is that of who publishes the site, beside the site's settings."""
        settings = self.settings
        publisher, home = settings.publisher, absolute_url(self.base_path, settings.origin)
        named = msgspec.structs.replace(publisher, name=publisher.name or self.library.settings.title)
        graphs = once(lambda: Graphs(self.site, named, settings.origin, home))
        told = once(lambda: (graphs.value().publisher, self.site.title, self.site.description, self.site.search_url))
        return Named(told.digest, graphs.value)

    @cached_property
    def whole_site(self) -> dict[str, Named]:
        """The names that any template may read, beside those of its page."""
        every = range(len(self.index.ids))
        latest, fronts, sections = every[:LATEST], self._fronts(), self.terms["section"]
        return {
            "articles": once(lambda: self.refs(every), lambda: self.refs_digest(every)),
            "latest": once(lambda: self.refs(latest), lambda: self.refs_digest(latest)),
            "sections": once(lambda: self.counts("section")),
            "tags": once(lambda: self.counts("tag")),
            "authors": once(lambda: self.counts("author")),
            "section_fronts": once(
                lambda: tuple(SectionFront(sections[key], self.refs(of)) for key, of in fronts),
                lambda: digest.of_value([(sections[key], self.refs_digest(of)) for key, of in fronts]),
            ),
            "pages": once(lambda: tuple(self.page_view(page) for page in self.index.pages)),
            "breaking": once(self.breaking),
            "corrections_url": plain(self.url("corrections") if self.index.corrections else ""),
        }

    def breaking(self) -> Breaking | None:
        """Breaking news; None where there are none, or none any more."""
        news, until = self.settings.breaking, self.settings.breaking_until
        if not self.index.breaking or not until:
            return None
        return Breaking(news.text, self._rooted(news.url), until)

    def _rooted(self, url: str) -> str:
        """A path of the site as a settings file has it, with the path of base_url; another URL as it is."""
        return self.base_path + url[1:] if url[:1] == "/" else url

    def collections(self, names: tuple[str, ...]) -> Named:
        """The collections of these names, all where "*" is among them; each is digested by what it holds."""
        asked = [name for name in self.settings.collections if name in names or "*" in names]
        numbers = self.index.collections
        return once(
            lambda: model.Extra({name: self.collection(name, self.refs(numbers[name])) for name in asked}),
            lambda: digest.of_value([(self.collection(name), self.refs_digest(numbers[name])) for name in asked]),
        )

    def collection(self, name: str, articles: tuple[ArticleRef, ...] = ()) -> model.Collection:
        asked = self.settings.collections[name]
        title = asked.title or name.replace("-", " ").replace("_", " ").capitalize()
        url = self.url(name) if asked.has_page else ""
        feed_url = (
            self.feed_url(urls.folder(self.edition, name), sorted(self.index.collections[name])) if asked.feed else ""
        )
        return model.Collection(title, asked.description, url, feed_url, articles)

    def _fronts(self) -> list[tuple[str, Sequence[int]]]:
        """The sections that have articles, each with the numbers of its newest."""
        entries = sorted(self.index.vocabularies["section"].entries.values(), key=_section_order)
        fronts = [(entry.key, self.numbers("section", entry.key)[:FRONT]) for entry in entries]
        return [front for front in fronts if front[1]]

    def page_view(self, page: Page) -> model.PageView:
        return model.PageView(
            title=page.title,
            url=urls.url_of(page_file(page, self.edition), self.base_path),
            description=page.description,
            headings=page.body.headings,
            blocks=page.body.block_names,
            extra=page.extra,
        )

    def feed_url(self, folder: str, numbers: Sequence[int]) -> str:
        """The rooted URL of a listing's feed in the first format; empty where it has none: undated, or no base_url."""
        if not self.settings.origin or not self.feed_files or not numbers or numbers[0] >= self.index.dated:
            return ""
        return urls.url_of(posixpath.join(folder, self.feed_files[0]), self.base_path)

    def feed_links(self, feed_url: str, title: str) -> tuple[FeedLink, ...]:
        """The feeds of all formats beside the first, each by the same title."""
        folder = feed_url.rpartition("/")[0]
        names = self.feed_files if feed_url else ()
        return tuple([FeedLink(f"{folder}/{name}", FORMATS[name].type, title) for name in names])

    # ---- places ----

    def place(self, id: str, *keys: str) -> Place:
        """Where a content file says the first of `keys` that it has; its top where it has none."""
        places = self.reader.read(id).places
        return Place(id, *next((places[key] for key in keys if key in places), (1, 1)))


def catalogues_of(
    library: Library, editions: Editions, reader: Reader, cards: Mapping[str, Sequence[Card]]
) -> dict[str, Catalogue]:
    """The catalogue of each edition; `cards` are those of its published articles, where they are at hand."""
    return {
        one.edition: Catalogue(library, one, reader, cards.get(one.edition, ()), editions.pictures, editions.fonts)
        for one in editions
    }


WHOLE_SITE_NAMES: Final = frozenset(
    ("articles", "latest", "sections", "tags", "authors", "section_fronts", "pages", "breaking", "corrections_url")
)


def _section_order(entry: Entry) -> tuple[int, str, str]:
    order = entry.term.order if entry.term else 0
    return (order or 10**9, entry.title.casefold(), entry.key)


def beside(file: str, sibling: StaticFile) -> str:
    """The output path of the copy of `sibling` beside the page `file`."""
    return posixpath.join(posixpath.dirname(file), posixpath.basename(sibling.path))


def changed(article: Article | Card) -> str:
    """When an article says that it last changed, as ISO 8601; empty where it does not say."""
    return iso(article.updated or article.date, article.date_only and not article.updated)


def iso(moment: dt.datetime | None, day_only: bool) -> str:
    """A moment or its day as ISO 8601; empty where there is none."""
    if moment is None:
        return ""
    return moment.date().isoformat() if day_only else moment.isoformat()


def quoted(url: str) -> str:
    """A URL as an author wrote it, fit to stand in an attribute."""
    return quote(url, safe="/-._~!$&'()*+,;=@:?#[]%")

"""The values that flow through the pipeline. All are frozen; none knows how it is made or written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar, cast

import msgspec

T = TypeVar("T")

ARTICLE_KINDS: Final = ("news", "report", "analysis", "opinion", "review", "background", "live", "sponsored")


class Extra(Mapping[str, Any]):
    """The site's own front matter or settings (`extra`), frozen to the leaf. A missing key is falsy in templates."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Any] | None = None) -> None:
        self._items = {key: frozen(value) for key, value in sorted((items or {}).items())}

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Extra) and self._items == other._items

    def __hash__(self) -> int:
        return hash(tuple(self._items))

    def __repr__(self) -> str:
        return f"Extra({self._items!r})"


def frozen(value: Any) -> Any:
    """`value` with every list a tuple and every dict an `Extra`."""
    if isinstance(value, Mapping):
        return Extra(cast("Mapping[str, Any]", value))
    if isinstance(value, list | tuple):
        return tuple(frozen(item) for item in cast("list[Any]", value))
    return value


# ---- what parse makes of a file -------------------------------------------------------------------------------------


class Reference(msgspec.Struct, frozen=True):
    """A link or image of a body whose target the plan resolves. `column` is 0 where only the line is known.

    `image` is what a `src` names, `picture` one that is shown as a picture in all its sizes: that of an img tag without
    a size of its own, which begins `<img src="ng-ref:n"`.
    """

    target: str
    line: int
    column: int = 0
    image: bool = False
    picture: bool = False


class Body(msgspec.Struct, frozen=True):
    """Rendered Markdown by digest; the HTML is in the store, its n-th reference written as `ng-ref:n`.

    `origins` are the other sites ("https://e.org") of which it shows pictures, sound or films.
    """

    digest: str = ""
    references: tuple[Reference, ...] = ()
    headings: tuple[Heading, ...] = ()
    words: int = 0
    entries: tuple[Entry, ...] = ()
    blocks: tuple[Block, ...] = ()
    origins: tuple[str, ...] = ()

    @property
    def block_names(self) -> tuple[str, ...]:
        """The names of its blocks, each once, in the order of the alphabet."""
        return tuple(sorted({block.name for block in self.blocks}))


class Block(msgspec.Struct, frozen=True):
    """A storytelling block of a body, which has its label and what it holds between markers: see content/blocks.py.

    Attributes stand in their order; one that is a link or a file is written as `ng-ref:n` where the plan resolves it.
    """

    name: str
    line: int
    column: int
    id: str = ""
    classes: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()


class Entry(msgspec.Struct, frozen=True):
    """An entry of a live blog; a body has them newest first. `id` is its anchor, `text` what it says without markup.

    In the HTML of the body it stands from `start` to before `end`, its title from `title_at`, its text from `text_at`.
    """

    id: str
    time: dt.datetime
    title: str
    text: str
    pinned: bool
    key: bool
    start: int
    title_at: int
    text_at: int
    end: int


class Heading(msgspec.Struct, frozen=True):
    """A heading of a body: level 2 to 6, plain text, and the id to link to."""

    level: int
    text: str
    id: str


class Source(msgspec.Struct, frozen=True):
    """A picture in one format, as `<source>` names it: its media type, and the URL of each of its widths."""

    type: str
    srcset: str

    def upto(self, width: int) -> str:
        """`srcset` without what is wider than so many pixels; at least its narrowest stays."""
        all = self.srcset.split(", ")
        return ", ".join([one for one in all if int(one.rsplit(" ", 1)[1][:-1]) <= width] or all[:1])


class Image(msgspec.Struct, frozen=True):
    """A picture, such as that which stands for an article. `src` is as written, or a URL once planned.

    `focus` is the point of it that no crop may lose, as CSS has it ("30% 70%"). What follows is known once it is
    planned, of pictures of this site: `width` and `height` of what is at `src` (0 where they are unknown), its mean
    `colour` ("#rrggbb", empty where it lets through what is behind it), and the same in other formats, best first.
    """

    src: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    focus: str = ""
    width: int = 0
    height: int = 0
    colour: str = ""
    sources: tuple[Source, ...] = ()

    @property
    def tone(self) -> str:
        """`colour` in words of the theme's style sheet, each part in 8 steps: hosts may refuse the attribute style."""
        parts = zip("rgb", bytes.fromhex(self.colour[1:]), strict=False)
        return _bits({name: round(value / 255 * 7) for name, value in parts})

    @property
    def crop(self) -> str:
        """`focus` in words of the theme's style sheet, to the nearest tenth."""
        return _bits(
            {name: round(float(part.rstrip("%")) / 10) for name, part in zip("xy", self.focus.split(), strict=False)}
        )


def _bits(values: Mapping[str, int]) -> str:
    """Numbers from 0 to 15 as the bits that make them, by name: r is 5, "r4 r1". A style sheet adds them up."""
    return " ".join(f"{name}{bit}" for name, value in values.items() for bit in (8, 4, 2, 1) if value & bit)


class Correction(msgspec.Struct, frozen=True):
    """A published correction."""

    date: dt.datetime
    text: str


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What all content files share. `id` is the path from the site's root; `places` tells line and column by key."""

    id: str
    title: str
    description: str = ""
    body: Body = Body()
    extra: Extra = Extra()
    template: str = ""
    noindex: bool = False
    places: dict[str, tuple[int, int]] = {}


class Article(Document, frozen=True, kw_only=True, tag="article"):
    """An article as its file states it. Tags, authors and section are named as written; the taxonomy resolves them.

    `internal_tags` begin with "#" and are for queries alone: see `content.slugs.is_internal`.
    `updated` is when it last changed: the newest of what it says and of its `corrections`, which are in their order.
    """

    slug: str
    section: str
    date: dt.datetime | None = None
    date_only: bool = False
    updated: dt.datetime | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    internal_tags: tuple[str, ...] = ()
    kind: str = "news"
    lang: str = ""
    terms: tuple[str, ...] = ()
    permalink: str = ""
    aliases: tuple[str, ...] = ()
    draft: bool = False
    publish_at: dt.datetime | None = None
    embargo_until: dt.datetime | None = None
    expires: dt.datetime | None = None
    status: str = ""
    withdrawal: str = ""
    image: Image | None = None
    live_until: dt.datetime | None = None
    series: str = ""
    part: int = 0
    corrections: tuple[Correction, ...] = ()
    translation_of: str = ""
    canonical: str = ""
    access: str = ""
    lead: bool = False
    feature: bool = False
    pin: bool = False
    tags_locked: bool = False
    source_name: str = ""


class Page(Document, frozen=True, kw_only=True, tag="page"):
    """A page that is no article: content/pages/NAME.md."""

    slug: str
    lang: str = ""
    permalink: str = ""
    aliases: tuple[str, ...] = ()
    draft: bool = False
    order: int = 0


class Term(Document, frozen=True, kw_only=True, tag="term"):
    """The file of a tag, an author, a series or a section. `family` is "tag", "author", "series" or "section".

    `folder` is that of a section's articles, `also` are the names of what it stands for in its edition.
    """

    family: str
    slug: str = ""
    folder: str = ""
    also: tuple[str, ...] = ()
    lang: str = ""
    aliases: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    case_sensitive: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    order: int = 0
    image: Image | None = None
    same_as: tuple[str, ...] = ()


Content = Article | Page | Term


class Card(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An article as the plan knows it: where it goes, when, and the digests of all that is shown of it.

    `head` is the digest of what the head of its page says, `facts` of what a list shows, `view` of what its own page
    shows beside its text and what is counted and listed of that. `beside` are the targets in the text that may be
    files beside it, `pictures` those that are pictures; `origins` are the other sites of which it shows something.
    """

    id: str
    slug: str
    section: str
    head: str
    facts: str
    view: str
    date: dt.datetime | None = None
    tags: tuple[str, ...] = ()
    internal_tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    kind: str = "news"
    date_only: bool = False
    updated: dt.datetime | None = None
    permalink: str = ""
    aliases: tuple[str, ...] = ()
    draft: bool = False
    publish_at: dt.datetime | None = None
    embargo_until: dt.datetime | None = None
    expires: dt.datetime | None = None
    live_until: dt.datetime | None = None
    status: str = ""
    image: str = ""
    template: str = ""
    series: str = ""
    part: int = 0
    corrected: tuple[dt.datetime, ...] = ()
    terms: tuple[str, ...] = ()
    unlisted: bool = False
    beside: tuple[str, ...] = ()
    lang: str = ""
    translation_of: str = ""
    pictures: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    title: str = ""


class Font(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a font: `digest` of its bytes, the `runs` of its characters (first, last), and its `axes`: tag,
    least, default and most of each. One with a `flaw` cannot be used."""

    digest: str = ""
    runs: tuple[tuple[int, int], ...] = ()
    axes: tuple[tuple[str, float, float, float], ...] = ()
    flaw: str = ""

    def __hash__(self) -> int:
        return hash(self.digest)


# ---- what listings and templates see --------------------------------------------------------------------------------


class TermRef(msgspec.Struct, frozen=True):
    """A tag, author, series or section as an article names it."""

    title: str
    url: str
    slug: str


class TermCount(TermRef, frozen=True):
    """A tag, author or section as an index lists it; `count` is of published articles."""

    count: int
    description: str = ""


class RelatedTag(TermRef, frozen=True):
    """A tag that shares `count` articles with another; `both_url` leads to the page of those, where it has one."""

    count: int
    both_url: str = ""


class ArticleRef(msgspec.Struct, frozen=True, kw_only=True):
    """An article as a listing sees it: never its body. `url` is rooted and carries the path of base_url."""

    id: str
    url: str
    title: str
    section: TermRef
    summary: str = ""
    date: dt.datetime | None = None
    date_only: bool = False
    updated: dt.datetime | None = None
    tags: tuple[TermRef, ...] = ()
    internal_tags: tuple[str, ...] = ()
    authors: tuple[TermRef, ...] = ()
    kind: str = "news"
    kind_label: str = ""
    lang: str = ""
    image: Image | None = None
    access: str = ""
    lead: bool = False
    feature: bool = False
    pin: bool = False
    extra: Extra = Extra()


class ArticleView(ArticleRef, frozen=True, kw_only=True):
    """An article as its own template sees it; `body` is added as HTML when the page is rendered.

    `blocks` are the names of the storytelling blocks in its text.
    """

    words: int = 0
    corrections: tuple[Correction, ...] = ()
    headings: tuple[Heading, ...] = ()
    blocks: tuple[str, ...] = ()
    source_name: str = ""


class SeriesPlace(TermRef, frozen=True):
    """An article's place in its series: part `number` of `total`; `parts` are those around it, from `first` on."""

    number: int
    total: int
    first: int
    parts: tuple[ArticleRef, ...]
    previous: ArticleRef | None = None
    next: ArticleRef | None = None


class LiveBlog(msgspec.Struct, frozen=True, kw_only=True):
    """The entries of a live blog, newest first, as its page sees them.

    `since` and `until` are when the coverage began and ends. When the page is rendered `intro` and `notes` (what stands
    before and after the entries) are added as HTML, and each entry's `heading` and `body`.
    """

    entries: tuple[Entry, ...]
    updates_url: str
    over: bool
    since: dt.datetime | None
    until: dt.datetime | None


class Translation(msgspec.Struct, frozen=True):
    """An article, or a front page, in one of its languages; `own` is that of the page itself."""

    lang: str
    url: str
    own: bool


class PageView(msgspec.Struct, frozen=True, kw_only=True):
    """A page that is no article, as page.html sees it; `body` is added when it is rendered."""

    title: str
    url: str
    description: str = ""
    headings: tuple[Heading, ...] = ()
    blocks: tuple[str, ...] = ()
    extra: Extra = Extra()


class TermView(TermCount, frozen=True, kw_only=True):
    """A tag, author, series or section as its hub page sees it; `body` is added when it is rendered."""

    feed_url: str = ""
    parents: tuple[TermRef, ...] = ()
    children: tuple[TermRef, ...] = ()
    image: Image | None = None
    same_as: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    extra: Extra = Extra()


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list of articles, newest first. `number` counts from 1; the URLs are empty where there is none."""

    articles: tuple[ArticleRef, ...]
    number: int
    pages: int
    total: int
    urls: tuple[str, ...]
    prev_url: str = ""
    next_url: str = ""


class Period(msgspec.Struct, frozen=True):
    """A year, month or day of the archive, as `level` says: its first day, its articles, the periods in it."""

    level: str
    start: dt.date
    url: str
    count: int = 0
    inside: tuple[Period, ...] = ()


class ArchiveView(msgspec.Struct, frozen=True):
    """A page of the archive: its period, None for all; the periods in it, above it, before and after it."""

    period: Period | None
    url: str
    count: int
    inside: tuple[Period, ...]
    above: tuple[Period, ...] = ()
    previous: Period | None = None
    next: Period | None = None


class SectionFront(msgspec.Struct, frozen=True):
    """A section and its newest articles, for the front page."""

    section: TermRef
    articles: tuple[ArticleRef, ...]


class Policy(msgspec.Struct, frozen=True):
    """Where the paper says how it works: the name of a setting under [policies], what it is called, and its URL."""

    name: str
    title: str
    url: str


class Collection(msgspec.Struct, frozen=True):
    """A collection of newsgen.toml: a loop over it gives its articles. A URL is empty where there is no such page."""

    title: str
    description: str
    url: str
    feed_url: str
    articles: tuple[ArticleRef, ...]

    def __iter__(self) -> Iterator[ArticleRef]:
        return iter(self.articles)

    def __len__(self) -> int:
        return len(self.articles)


class Look(msgspec.Struct, frozen=True):
    """What the settings of the theme leave to its templates: see `config.ThemeSettings`."""

    masthead: str
    share: tuple[str, ...]
    switch: bool


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that templates see. `url` is rooted and ends with a slash: "/" or "/project/"; `logo` is a URL."""

    title: str
    description: str
    language: str
    timezone: str
    base_url: str
    url: str
    feed_url: str
    logo: str = ""
    policies: tuple[Policy, ...] = ()
    editions: tuple[Translation, ...] = ()
    theme: Look = Look("center", (), switch=True)
    archive_url: str = ""
    search_url: str = ""
    extra: Extra = Extra()


class FeedLink(msgspec.Struct, frozen=True):
    """A feed of a page as its head names it."""

    url: str
    type: str
    title: str


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """What a feed says of itself. `url` is that of its list, `home` that of its publisher; all are absolute."""

    title: str
    description: str
    url: str
    feed_url: str
    language: str
    publisher: str
    home: str
    logo: str = ""
    hub: str = ""


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """What the head of every page says. `canonical` is absolute; `kind` names the page's template."""

    title: str
    description: str
    url: str
    canonical: str
    kind: str
    language: str
    noindex: bool = False
    feeds: tuple[FeedLink, ...] = ()
    section: str = ""


class TermIndex(msgspec.Struct, frozen=True):
    """The index of a family: `kind` is "tags" or "authors"."""

    title: str
    kind: str
    terms: tuple[TermCount, ...]


class Breaking(msgspec.Struct, frozen=True):
    """Breaking news above every page; `url` is empty where they lead nowhere."""

    text: str
    url: str
    until: dt.datetime


class SearchRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An article as the search index holds it. `content` is its text without markup, `meta` what its result shows,
    `filters` what results are narrowed by, `sort` what they are ordered by."""

    url: str
    content: str
    language: str
    meta: dict[str, str]
    filters: dict[str, tuple[str, ...]]
    sort: dict[str, str]


class StaticFile(msgspec.Struct, frozen=True):
    """A file that is copied as it is: where it comes from, the path of its copy, and the digest of its bytes."""

    id: str
    path: str
    digest: str


class Row(msgspec.Struct, frozen=True):
    """A row of a table: its label, and a number in each further column, None where there is none."""

    label: str
    values: tuple[float | None, ...]


class Table(msgspec.Struct, frozen=True):
    """A data file: the names of its columns, and its rows."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]


class PlannedBlock(msgspec.Struct, frozen=True):
    """A block of a body as its template gets it, but for the HTML of its label and of what it holds.

    One without a name has no template; `table` are the data that it shows.
    """

    name: str
    id: str
    classes: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]
    table: Table | None = None


class PlannedBody(msgspec.Struct, frozen=True):
    """A body by its digest, the URLs its references were resolved to, and the id of its document.

    Its blocks speak `language`, which is empty where it has none. `pictures` are those of its references that are
    pictures, with their numbers.
    """

    digest: str
    urls: tuple[str, ...] = ()
    id: str = ""
    language: str = ""
    blocks: tuple[PlannedBlock, ...] = ()
    pictures: tuple[tuple[int, Image], ...] = ()


class PageSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One output file, planned: everything that its renderer may see, and nothing else.

    `renderer` names a function of pages/render.py; `template` is empty for those that need none. `bodies` are the
    bodies that it may read, in the order in which it asks for them; a template sees the first as `subject`.body, and
    speaks `language`.
    """

    path: str
    renderer: str
    owner: str
    template: str = ""
    subject: str = ""
    language: str = ""
    context: dict[str, Any] = {}
    bodies: tuple[PlannedBody, ...] = ()


# ---- reading and writing values -------------------------------------------------------------------------------------


def enc_hook(value: Any) -> Any:
    if isinstance(value, Extra):
        return dict(value)
    raise NotImplementedError(f"{type(value).__name__} is no value of the model")


def dec_hook(kind: type[Any], value: Any) -> Any:
    if kind is Extra:
        return Extra(value)
    raise NotImplementedError(f"{kind.__name__} is no value of the model")


_encoder = msgspec.json.Encoder(enc_hook=enc_hook)


def encode(value: Any) -> bytes:
    """JSON: it keeps the offset of a datetime, which MessagePack's timestamps do not."""
    return _encoder.encode(value)


def decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    return msgspec.json.Decoder(kind, dec_hook=dec_hook)

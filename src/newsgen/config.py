"""The settings of a site, declared once, with the defaults of one that says nothing."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import msgspec
import tzdata

from newsgen import model
from newsgen.diagnostics import Place

FILE: Final = "newsgen.toml"
ZONES: Final = Path(tzdata.__file__).parent  # importlib.resources takes longer to load than the zone to read
CONTENT: Final = "content"
TEMPLATES: Final = "templates"
STATIC: Final = "static"
PERMALINK: Final = "/{section}/{slug}/"
PLACEHOLDERS: Final = ("section", "slug", "year", "month", "day")
SEEDS: Final = "seeds"
STATE: Final = ".newsgen"
SOURCE_FOLDERS: Final = (CONTENT, TEMPLATES, STATIC, SEEDS)


class SourceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`follow`: where links in content/, static/ and templates/ may lead beside these, seen from the site's folder."""

    follow: tuple[str, ...] = ()


class MarkdownSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`html`: what becomes of raw HTML. `max_kilobytes`: the largest file that is read (1024 bytes each)."""

    html: Literal["safe", "off", "trusted"] = "safe"
    highlight: bool = True
    heading_anchors: bool = True
    max_kilobytes: int = 4096


class FeedSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`entries` in each feed; `content`: the whole article or its summary; `hub`: the address of a WebSub hub."""

    formats: tuple[Literal["rss", "atom", "json"], ...] = ("rss", "atom", "json")
    entries: int = 30
    content: Literal["full", "summary"] = "full"
    hub: str = ""


class EmbedSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`allow`: the hosts whose pages a reader may load within an article, beside those that newsgen knows."""

    allow: tuple[str, ...] = ()


class PublisherSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who publishes the site; its name is that of the site unless it is given. `logo`: a path of static/, or a URL."""

    name: str = ""
    logo: str = ""
    same_as: tuple[str, ...] = ()


class SitemapSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`news`: whether the articles of the last two days have a sitemap of their own."""

    news: bool = True


class RobotsSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`ai`: what crawlers of AI companies may read; `extra`: lines of the site's own in robots.txt."""

    ai: Literal["allow", "block-training", "block"] = "allow"
    extra: tuple[str, ...] = ()


class PermalinkSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`article`: where articles live; `sections`: where those of a section do, by its name."""

    article: str = PERMALINK
    sections: dict[str, str] = {}


class RedirectSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`formats`: how aliases lead on, by small pages or by files that hosts read."""

    formats: tuple[Literal["html", "netlify", "nginx", "apache", "caddy"], ...] = ("html",)


class HeaderSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`formats`: for which hosts a file says with which headers they send the site.

    `hsts_days`: for how long browsers ask for it by https alone, with 0 not at all. `csp`: sources that the policy
    allows beside those that newsgen knows of, by directive. `extra`: headers of all pages; an empty text takes one out.
    """

    formats: tuple[Literal["netlify", "cloudflare", "nginx", "apache", "caddy"], ...] = ()
    hsts_days: int = 365
    csp: dict[str, tuple[str, ...]] = {}
    extra: dict[str, str] = {}


DIRECTIVES: Final = (
    "default-src", "script-src", "style-src", "img-src", "font-src", "connect-src", "media-src", "frame-src",
    "worker-src", "manifest-src", "object-src", "form-action", "frame-ancestors", "base-uri", "report-uri", "report-to",
)  # fmt: skip
"""Those of a Content-Security-Policy that take sources."""


class NameSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`known_only`: a tag or an author without a file under content/tags or content/authors is then a warning."""

    known_only: bool = False


class TagSettings(NameSettings, frozen=True, forbid_unknown_fields=True):
    """`min_articles`: the page of a tag with fewer is built, but nothing lists it and it asks not to be indexed.

    `combine`: two tags that share as many articles have a page of these, /tags/ONE+TWO/; with 0 none have.
    """

    min_articles: int = 1
    combine: int = 0


class ImageQuality(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How well pictures are kept in each format, 1 to 100; each format has a scale of its own."""

    avif: int = 50
    webp: int = 78
    jpeg: int = 82


class ImageSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`require_credit`: an article's picture without a credit is a warning.

    Of each picture that a page names others are made, where this is `enabled`: in these formats and widths (pixels),
    none wider than itself. `metadata`: whether a picture keeps what it says beside its pixels; with "credit" artist
    and copyright. One of more than `max_megapixels` million pixels is not opened.
    """

    require_credit: bool = False
    enabled: bool = True
    widths: tuple[int, ...] = (320, 480, 640, 960, 1280, 1920)
    formats: tuple[Literal["avif", "webp"], ...] = ("avif", "webp")
    quality: ImageQuality = ImageQuality()
    metadata: Literal["strip", "credit", "keep"] = "strip"
    max_megapixels: int = 100


Schema = Literal[
    "", "NewsArticle", "AdvertiserContentArticle", "AnalysisNewsArticle", "AskPublicNewsArticle",
    "BackgroundNewsArticle", "LiveBlogPosting", "OpinionNewsArticle", "ReportageNewsArticle",
    "ReviewNewsArticle", "SatiricalArticle",
]  # fmt: skip


class PolicySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the paper says how it works: each the path of a page of the site, or an address."""

    principles: str = ""
    ethics: str = ""
    corrections: str = ""
    fact_checking: str = ""
    unnamed_sources: str = ""
    bylines: str = ""
    ownership: str = ""
    diversity: str = ""
    mission: str = ""
    masthead: str = ""
    feedback: str = ""


POLICIES: Final = {
    "principles": "Publishing principles",
    "ethics": "Ethics policy",
    "corrections": "Corrections policy",
    "fact_checking": "Fact-checking policy",
    "unnamed_sources": "Unnamed sources policy",
    "bylines": "Policy on bylines",
    "ownership": "Ownership and funding",
    "diversity": "Diversity policy",
    "mission": "Mission and coverage priorities",
    "masthead": "Masthead",
    "feedback": "Feedback policy",
}
"""How each policy is called where it is linked."""


class ArchiveSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`by`: what the archive is divided into, each of these into the next; articles are listed under the last."""

    by: tuple[Literal["year", "month", "day"], ...] = ("year", "month")


class CollectionSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of the articles that have all that is asked for here: those of the last `days`, no more than `limit`.

    `page` and `feed`: whether it has a page, /NAME/, and feeds there; feeds name a page, so that they bring it.
    """

    title: str = ""
    description: str = ""
    tag: str = ""
    section: str = ""
    author: str = ""
    kind: str = ""
    series: str = ""
    days: int = 0
    limit: int = 0
    order: Literal["newest", "oldest", "title"] = "newest"
    page: bool = False
    feed: bool = False

    @property
    def has_page(self) -> bool:
        return self.page or self.feed


class KindSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a kind of article is named on its page, and its type of schema.org."""

    label: str = ""
    schema: Schema = ""


_SCHEMAS: Final[dict[str, Schema]] = {
    "news": "NewsArticle",
    "report": "ReportageNewsArticle",
    "analysis": "AnalysisNewsArticle",
    "opinion": "OpinionNewsArticle",
    "review": "ReviewNewsArticle",
    "background": "BackgroundNewsArticle",
    "live": "LiveBlogPosting",
    "sponsored": "AdvertiserContentArticle",
}
"""The types of the kinds that every site has."""


class BreakingSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Breaking news, shown above every page until the day and time `until`; `url` is what it leads to.

    `until` is a text, or what TOML has for it; on the clock of the site where it tells no offset.
    """

    text: str = ""
    url: str = ""
    until: Any = ""

    def ends(self, zone: dt.tzinfo) -> dt.datetime | None:
        """When breaking news end; None where there are none. Raises ValueError where `until` tells no time."""
        if not self.text:
            return None
        text = str(self.until)
        until = dt.datetime.fromisoformat(text)
        if len(text) <= len("2026-11-24"):
            raise ValueError("it lacks the time of the day")
        return until if until.tzinfo else until.replace(tzinfo=zone)


class LanguageSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The edition in another language: what is said there in other words than in the site's own.

    Without a title it has the site's; without policies, the site's. Collections and `extra` add to those of the site,
    of which templates see the collections and which have no pages here.
    """

    title: str = ""
    description: str = ""
    policies: PolicySettings = PolicySettings()
    collections: dict[str, CollectionSettings] = {}
    breaking: BreakingSettings = BreakingSettings()
    extra: model.Extra = msgspec.field(default_factory=model.Extra)


class ThemeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the default theme looks. `accent` is a colour on white, `accent_dark` one on black (else one is made of it).

    `headlines` and `text`: their fonts. `masthead`: where the paper's name stands. `share`: where readers may pass an
    article on, by plain links. `switch`: whether they may choose light or dark.
    """

    accent: str = ""
    accent_dark: str = ""
    headlines: Literal["", "serif", "sans"] = ""
    text: Literal["", "serif", "sans"] = ""
    masthead: Literal["center", "start"] = "center"
    share: tuple[Literal["mail", "bluesky", "facebook", "linkedin", "telegram", "whatsapp", "x"], ...] = ()
    switch: bool = True


class SocialCardSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`enabled`: an article without a picture has one that shows its headline, for those who share it.

    `fonts`: files of the site, or "default"; the first that has all characters of a text draws it.
    """

    enabled: bool = False
    background: str = "#f6f5f2"
    fonts: tuple[str, ...] = ("default",)


class RelatedSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`limit`: how many related articles the page of each may show; 0 turns them off."""

    limit: int = 4


class SearchSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`enabled`: each edition has a page, /search/, that finds its articles; Pagefind makes the index of it."""

    enabled: bool = False


class ImportSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How articles are tagged: from a score of `threshold` on (see news/tagging), at most `max_tags` each."""

    threshold: int = 3
    max_tags: int = 6


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"import_": "import"}):
    """All settings, with the defaults of a site that says nothing.

    An article is marked as old from the New Year's Day on that is more than `old_after_years` after it; 0 never.
    """

    title: str = "A news site"
    base_url: str = ""
    language: str = "en"
    timezone: str = "UTC"
    description: str = ""
    output: str = "site"
    per_page: int = 20
    old_after_years: int = 1
    sources: SourceSettings = SourceSettings()
    markdown: MarkdownSettings = MarkdownSettings()
    feeds: FeedSettings = FeedSettings()
    embeds: EmbedSettings = EmbedSettings()
    sitemap: SitemapSettings = SitemapSettings()
    robots: RobotsSettings = RobotsSettings()
    publisher: PublisherSettings = PublisherSettings()
    permalinks: PermalinkSettings = PermalinkSettings()
    redirects: RedirectSettings = RedirectSettings()
    headers: HeaderSettings = HeaderSettings()
    tags: TagSettings = TagSettings()
    authors: NameSettings = NameSettings()
    images: ImageSettings = ImageSettings()
    policies: PolicySettings = PolicySettings()
    archives: ArchiveSettings = ArchiveSettings()
    kinds: dict[str, KindSettings] = {}
    collections: dict[str, CollectionSettings] = {}
    breaking: BreakingSettings = BreakingSettings()
    related: RelatedSettings = RelatedSettings()
    theme: ThemeSettings = ThemeSettings()
    social_cards: SocialCardSettings = SocialCardSettings()
    search: SearchSettings = SearchSettings()
    import_: ImportSettings = ImportSettings()
    languages: dict[str, LanguageSettings] = {}
    extra: model.Extra = msgspec.field(default_factory=model.Extra)
    places: dict[str, tuple[int, int]] = {}
    """Where the settings stand of which the plan may have something to say; no setting itself."""
    edition: str = ""
    """The folder of the edition of which these are the settings, empty that of the site's own; no setting itself."""

    def place(self, *path: str) -> Place:
        return Place(FILE, *self.places.get(".".join(path), (0, 0)))

    @property
    def origin(self) -> str:
        """Scheme and host of base_url without a slash; empty where there is no base_url."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    @property
    def base_path(self) -> str:
        """The path of base_url, with a slash at both ends: "/" or "/project/"."""
        path = urlsplit(self.base_url).path.strip("/")
        return f"/{path}/" if path else "/"

    @property
    def has_news_sitemap(self) -> bool:
        return bool(self.base_url) and self.sitemap.news

    @property
    def breaking_until(self) -> dt.datetime | None:
        return self.breaking.ends(self.zone())

    def editions(self) -> tuple[str, ...]:
        """The folders of all editions, the site's own first, which has none."""
        return ("", *map(str.lower, self.languages))

    def edition_of(self, lang: str) -> str:
        """The edition of what is in a language; the site's own where that has none, or where none is named.

        Only the settings of the site know that, not those of an edition.
        """
        parts = lang.lower().split("-") if lang and self.languages else []
        of = {**{tag: tag for tag in self.editions()}, self.language.lower(): ""}
        return next((of[tag] for end in range(len(parts), 0, -1) if (tag := "-".join(parts[:end])) in of), "")

    def table_of(self, edition: str) -> tuple[str, LanguageSettings] | None:
        """The language of one of `editions`, and what it says for itself; None of the site's own."""
        return next(((tag, own) for tag, own in self.languages.items() if tag.lower() == edition), None)

    def of_edition(self, edition: str) -> Settings:
        """The settings as they are for one of `editions`."""
        if not (table := self.table_of(edition)):
            return self
        tag, own = table
        mine = f"languages.{tag}."
        lists = {name: msgspec.structs.replace(one, page=False, feed=False) for name, one in self.collections.items()}
        places = {path.removeprefix(mine): at for path, at in self.places.items() if path.startswith(mine)}
        return msgspec.structs.replace(
            self,
            edition=edition,
            language=tag,
            title=own.title or self.title,
            description=own.description,
            policies=self.policies if own.policies == PolicySettings() else own.policies,
            collections=lists | own.collections,
            breaking=own.breaking,
            extra=model.Extra({**self.extra, **own.extra}),
            places={**self.places, **places},
        )

    def kind_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*model.ARTICLE_KINDS, *sorted(self.kinds))))

    def kind(self, name: str) -> KindSettings:
        """A kind as it is labelled and typed: what the site says, else what newsgen does."""
        own = self.kinds.get(name, KindSettings())
        label = own.label or ("" if name == "news" else name.capitalize())
        return KindSettings(label, own.schema or _SCHEMAS.get(name, "NewsArticle"))

    def zone(self) -> zoneinfo.ZoneInfo:
        return zone(self.timezone)


class ParseSettings(msgspec.Struct, frozen=True):
    """The slice of the settings that parsing reads; its digest is a part of each key.

    `terms` is the language whose terms are taken of a text that names none; empty where nothing asks for any.
    `editions` are the folders under content/ that hold those in other languages.
    """

    timezone: str
    markdown: MarkdownSettings
    kinds: tuple[str, ...]
    require_credit: bool = False
    terms: str = ""
    editions: tuple[str, ...] = ()

    @classmethod
    def of(cls, settings: Settings, *, terms: bool = False) -> ParseSettings:
        return cls(
            timezone=settings.timezone,
            markdown=settings.markdown,
            kinds=settings.kind_names(),
            require_credit=settings.images.require_credit,
            terms=settings.language if terms else "",
            editions=tuple(settings.languages),
        )


class RenderSettings(msgspec.Struct, frozen=True):
    """The slice of the settings that rendering reads beside its context; its digest is a part of each key."""

    origin: str
    base_path: str

    @classmethod
    def of(cls, settings: Settings) -> RenderSettings:
        return cls(settings.origin, settings.base_path)


@lru_cache(maxsize=4)
def zone(name: str) -> zoneinfo.ZoneInfo:
    """A time zone from the tzdata wheel, never from the machine. Raises ValueError for a name that it lacks."""
    if not re.fullmatch(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", name):
        raise ValueError(name)
    data = ZONES.joinpath("zoneinfo", *name.split("/"))
    if not data.is_file():
        raise ValueError(name)
    with data.open("rb") as file:
        return zoneinfo.ZoneInfo.from_file(file, key=name)

"""newsgen.toml: the settings, declared once; reading them gives settings or diagnostics, never half of both."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import zoneinfo
from collections.abc import Iterable
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args, get_origin
from urllib.parse import urlsplit

import msgspec
import tzdata

from newsgen import model
from newsgen.diagnostics import Diagnostic, Outcome, Place, did_you_mean, error

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
_LEADS: Final = re.compile(r"(/(?!/)|https?://)[^\s<>\"\\]*")


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
    extra: model.Extra = model.Extra()


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


class RelatedSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`limit`: how many related articles the page of each may show; 0 turns them off."""

    limit: int = 4


class SearchSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`enabled`: each edition has a page, /search/, that finds its articles; Pagefind makes the index of it."""

    enabled: bool = False


class ImportSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The importer's tagging: `threshold` is a number of paragraphs, `max_tags` a cap on an article."""

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
    markdown: MarkdownSettings = MarkdownSettings()
    feeds: FeedSettings = FeedSettings()
    embeds: EmbedSettings = EmbedSettings()
    sitemap: SitemapSettings = SitemapSettings()
    robots: RobotsSettings = RobotsSettings()
    publisher: PublisherSettings = PublisherSettings()
    permalinks: PermalinkSettings = PermalinkSettings()
    redirects: RedirectSettings = RedirectSettings()
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
    search: SearchSettings = SearchSettings()
    import_: ImportSettings = ImportSettings()
    languages: dict[str, LanguageSettings] = {}
    extra: model.Extra = model.Extra()
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

    def of_edition(self, edition: str) -> Settings:
        """The settings as they are for one of `editions`."""
        tag = next((tag for tag in self.languages if tag.lower() == edition), "")
        if not tag:
            return self
        own, mine = self.languages[tag], f"languages.{tag}."
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


def parse(text: str) -> Outcome[Settings]:
    """Settings from the text of newsgen.toml. Every mistake is reported, not only the first."""
    try:
        table = tomllib.loads(text)
    except RecursionError:
        return Outcome(None, (_syntax(text, "Nested too deeply"),))
    except ValueError as mistake:  # of a number too long to be one, too
        return Outcome(None, (_syntax(text, str(mistake)),))
    found = sorted(_mistakes(Settings, table, (), text), key=lambda one: one.code)  # unknown names first
    if found:
        return Outcome(None, tuple(found))
    settings = msgspec.convert(table, Settings, dec_hook=model.dec_hook)
    found = [*_meaning(settings, text)]
    paths: list[tuple[str, ...]] = [("permalinks", "sections", name) for name in settings.permalinks.sections]
    paths += _spoken_of(table, ())
    for tag, own in table.get("languages", {}).items():
        paths += _spoken_of(own, ("languages", tag))
    places = {".".join(path): (at.line, at.column) for path in paths if (at := _place(text, path))}
    return Outcome(None if found else msgspec.structs.replace(settings, places=places), tuple(found))


def _spoken_of(table: dict[str, Any], path: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    """The settings of an edition, in its `table`, of which the plan may have something to say."""
    if "url" in table.get("breaking", {}):
        yield (*path, "breaking", "url")
    yield from [(*path, "policies", name) for name in table.get("policies", {})]
    for name, asked in table.get("collections", {}).items():
        yield from [(*path, "collections", name), *((*path, "collections", name, key) for key in asked)]


def _syntax(text: str, mistake: str) -> Diagnostic:
    at = re.search(r"\(at line (\d+), column (\d+)\)", mistake)
    end = text.count("\n") + 1
    place = Place(FILE, int(at[1]), int(at[2])) if at else Place(FILE, end)
    said = re.sub(r" \(at .*\)$", "", mistake)
    return error("NG-502", place, f"not TOML: {said}", 'Write one setting a line, text in quotes: title = "My paper"')


def _mistakes(kind: Any, value: Any, path: tuple[str, ...], text: str) -> Iterable[Diagnostic]:
    """Unknown settings and wrong kinds, setting by setting: the decoder stops at the first mistake of a table."""
    is_struct: bool = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    if isinstance(value, dict) and (is_struct or get_origin(kind) is dict):
        fields = {one.encode_name: one.type for one in msgspec.structs.fields(kind)} if is_struct else {}  # pyright: ignore[reportUnknownArgumentType]
        for of_ours in ("places", "edition"):
            fields.pop(of_ours, None)
        for key, inner in cast("dict[str, Any]", value).items():
            if is_struct and key not in fields:
                near = did_you_mean(key, fields)
                help = near or f"Known here: {', '.join(fields)}. What is your own goes under [extra]."
                yield error("NG-503", _place(text, (*path, key)), f'unknown setting "{".".join((*path, key))}"', help)
            else:
                yield from _mistakes(fields[key] if is_struct else get_args(kind)[1], inner, (*path, key), text)
    elif not isinstance(value, dict) and (is_struct or kind is model.Extra or get_origin(kind) is dict):
        message = f'"{".".join(path)}" is a table of settings, not a single value'
        yield error("NG-504", _place(text, path), message, f"Write [{'.'.join(path)}] on a line of its own.")
    else:
        try:
            msgspec.convert(value, kind, dec_hook=model.dec_hook)  # pyright: ignore[reportUnknownArgumentType]
        except msgspec.ValidationError as mistake:
            said = str(mistake)
            message = f'"{".".join(path)}": {said[0].lower()}{said[1:]}'
            known = [one for one in get_args(kind) if one] if get_origin(kind) is Literal else []
            help = did_you_mean(f"{value}", known) or (f"Known here: {', '.join(known)}." if known else "")
            yield error("NG-504", _place(text, path), message, help or "Give a value of that kind.")


def _meaning(settings: Settings, text: str) -> Iterable[Diagnostic]:
    """What has the right kind but no meaning."""

    def mistake(message: str, help: str, *path: str) -> Diagnostic:
        return error("NG-504", _place(text, path), message, help)

    try:
        settings.zone()
    except ValueError:
        help = did_you_mean_zone(settings.timezone) or 'Give an IANA name such as "Europe/Berlin" or "UTC".'
        yield mistake(f'unknown time zone "{settings.timezone}"', help, "timezone")
    if settings.base_url and not _is_web_address(settings.base_url):
        help = 'Give the address at which the site is read: "https://example.org" or "https://example.org/paper".'
        yield mistake(f'base_url "{settings.base_url}" is not an http(s) address', help, "base_url")
    if not re.fullmatch(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*", settings.language):
        help = 'Give a tag such as "en" or "pt-BR".'
        yield mistake(f'language "{settings.language}" is not a language tag', help, "language")
    yield from _meaning_of_edition(settings, settings, text)
    known = {settings.language.lower(): settings.language}
    for tag, own in settings.languages.items():
        if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", tag):
            yield mistake(f'"{tag}" is not a language tag', 'Give one such as "de" or "pt-BR".', "languages", tag)
        elif other := known.get(tag.lower()):
            message = f'"{tag}" is named twice, as "{other}" too'
            help = "Join the two tables into one."
            if other == settings.language:
                message = f'"{tag}" is the language of the site itself'
                help = "Take the table out: what it says stands at the top of the file."
            yield mistake(message, help, "languages", tag)
        known[tag.lower()] = tag
        yield from _meaning_of_edition(own, settings, text, ("languages", tag))
    patterns = {("article",): settings.permalinks.article}
    patterns |= {("sections", name): pattern for name, pattern in settings.permalinks.sections.items()}
    for path, pattern in patterns.items():
        if why := _permalink_offence(pattern):
            help = f'Write a path such as "{PERMALINK}" or "/{{year}}/{{month}}/{{slug}}.html".'
            yield mistake(f'permalink "{pattern}" cannot be used: {why}', help, "permalinks", *path)
    for line in settings.robots.extra:
        if not _is_line_of_robots(line):
            help = 'Write rules and comments, one a text: extra = ["Disallow: /drafts/", "# a comment"]'
            yield mistake(f'"robots.extra": {line!r} is no line of robots.txt', help, "robots", "extra")
    for path in (("per_page",), ("feeds", "entries"), ("markdown", "max_kilobytes")):
        if (value := attrgetter(".".join(path))(settings)) < 1:
            yield mistake(f'"{".".join(path)}" is {value}', "Give 1 or more.", *path)
    if settings.old_after_years < 0:
        yield mistake('"old_after_years" is negative', "Give a number of years, or 0.", "old_after_years")
    if (by := settings.archives.by) != ("year", "month", "day")[: len(by)]:
        yield mistake(
            '"archives.by" skips a level', 'Write ["year", "month", "day"] or its beginning.', "archives", "by"
        )
    for name in ("min_articles", "combine"):
        if (value := getattr(settings.tags, name)) < 0:
            yield mistake(f'"tags.{name}" is {value}', "Give 0 or more.", "tags", name)
    publisher = settings.publisher
    addresses = [("feeds", "hub", settings.feeds.hub), *(("publisher", "same_as", url) for url in publisher.same_as)]
    if "://" in publisher.logo:
        addresses.append(("publisher", "logo", publisher.logo))
    for table, key, url in addresses:
        if url and not _is_web_address(url, query=True):
            yield mistake(f'"{table}.{key}" is no http(s) address: "{url}"', "Give it in full: https://…", table, key)
    for host in settings.embeds.allow:
        if not re.fullmatch(r"[\w-]+(\.[\w-]+)+", host):
            yield mistake(f'"{host}" is no host', 'Give its name alone: allow = ["example.org"]', "embeds", "allow")
    for name in ("accent", "accent_dark"):
        if (colour := getattr(settings.theme, name)) and not re.fullmatch("#[0-9A-Fa-f]{6}", colour):
            yield mistake(f'"theme.{name}" is "{colour}", no colour', 'Write it as "#a3161f".', "theme", name)
    images = settings.images
    limits = [("max_megapixels", images.max_megapixels, 1, 1000), *(("widths", one, 16, 8192) for one in images.widths)]
    limits += [(f"quality.{name}", one, 1, 100) for name, one in msgspec.structs.asdict(images.quality).items()]
    for name, value, least, most in limits:
        if not least <= value <= most:
            yield mistake(f'"images.{name}" holds {value}', f"Give {least} to {most}.", "images", *name.split("."))
    if not images.widths:
        yield mistake('"images.widths" is empty', "Give some, or write enabled = false.", "images", "widths")
    if not 0 <= settings.related.limit <= 12:
        yield mistake(f'"related.limit" is {settings.related.limit}', "Give 0 to 12.", "related", "limit")


def _meaning_of_edition(
    edition: Settings | LanguageSettings, settings: Settings, text: str, table: tuple[str, ...] = ()
) -> Iterable[Diagnostic]:
    """As `_meaning`, of what each edition says for itself, in the `table` of its settings."""

    def mistake(message: str, help: str, *path: str) -> Diagnostic:
        return error("NG-504", _place(text, (*table, *path)), message, help)

    try:
        edition.breaking.ends(dt.UTC)
    except ValueError:
        help = 'Give the day and time at which they end: until = "2026-11-24 18:00"'
        given = edition.breaking.until
        message = f'"breaking.until" is "{given}", no day and time' if given else "breaking news without an end"
        yield mistake(message, help, "breaking", "until" if given else "text")
    if (url := edition.breaking.url) and not _LEADS.fullmatch(url):
        help = 'Give a path of this site or an http(s) address: url = "/world/storm/"'
        yield mistake(f'"breaking.url" is "{url}", which leads nowhere', help, "breaking", "url")
    if not edition.breaking.text.isprintable():
        yield mistake('"breaking.text" holds a control character', "Write it in one line.", "breaking", "text")
    for name in POLICIES:
        if (url := getattr(edition.policies, name)) and not _LEADS.fullmatch(url):
            help = "Give the path of a page of this site, from its root, or an http(s) address."
            yield mistake(f'"policies.{name}" is "{url}", which leads nowhere', help, "policies", name)
    for name, one in edition.collections.items():
        if not re.fullmatch("[a-z][a-z0-9_-]*", name):
            help = "Use small letters, digits, - and _."
            yield mistake(f'"{name}" cannot be the name of a collection', help, "collections", name)
        if one.kind and one.kind not in settings.kind_names():
            help = did_you_mean(one.kind, settings.kind_names()) or f"Known: {', '.join(settings.kind_names())}."
            yield mistake(
                f'collection "{name}" asks for the unknown kind "{one.kind}"', help, "collections", name, "kind"
            )
        for key in ("days", "limit"):
            if not 0 <= (value := getattr(one, key)) <= 36_500:
                yield mistake(f'"collections.{name}.{key}" is {value}', "Give 1 or more.", "collections", name, key)


def _permalink_offence(pattern: str) -> str:
    """Why a pattern gives no addresses, in words; empty where it does."""
    names = re.findall(r"{(\w*)}", pattern)
    if unknown := [name for name in names if name not in PLACEHOLDERS]:
        return f"{{{unknown[0]}}} is none of {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)}"
    if "slug" not in names:
        return "it lacks {slug}, which tells articles apart"
    if not re.fullmatch(r"(/[\w~-]+(\.[\w~-]+)*)+(/|(?<=\.html))", re.sub(r"{\w*}", "x", pattern)):
        return "it is no path of letters, digits and hyphens that begins with / and ends with / or .html"
    return ""


def _is_line_of_robots(text: str) -> bool:
    return text.isprintable() and (not text or text.startswith("#") or bool(re.match(r"[A-Za-z-]+ *:", text)))


def _is_web_address(text: str, *, query: bool = False) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:  # a host such as "[bad"
        return False
    whole = parts.scheme in ("http", "https") and parts.netloc and (query or not (parts.query or parts.fragment))
    return bool(whole) and not re.search(r"[\s<>\"\\]", text)


def did_you_mean_zone(name: str) -> str:
    """The nearest IANA zone, or an empty string."""
    return did_you_mean(name, ZONES.joinpath("zones").read_text("utf-8").split())


def _place(text: str, path: tuple[str, ...]) -> Place:
    """The line that sets `path`; the whole file where it cannot be told."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            if table == path:
                return Place(FILE, number, line.index("[") + 1)
        elif setting := re.match(r"\s*([\w.\"'-]+)\s*=", line):
            keys = tuple(part.strip("\"'") for part in setting[1].split("."))
            if (*table, *keys) == path[: len(table) + len(keys)]:
                return Place(FILE, number, line.index(setting[1]) + 1)
    return Place(FILE)

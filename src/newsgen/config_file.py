"""newsgen.toml, read: its text gives settings or diagnostics, never half of both."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, Literal, cast, get_args, get_origin
from urllib.parse import urlsplit

import msgspec

from newsgen import model
from newsgen.config import (
    DIRECTIVES,
    FILE,
    PERMALINK,
    PLACEHOLDERS,
    POLICIES,
    ZONES,
    HeaderSettings,
    LanguageSettings,
    Settings,
)
from newsgen.diagnostics import Diagnostic, Outcome, Place, did_you_mean, error

_LEADS: Final = re.compile(r"(/(?!/)|https?://)[^\s<>\"\\]*")


@lru_cache(maxsize=1)  # a dev server asks before every build
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
    if "fonts" in table.get("social_cards", {}):
        yield (*path, "social_cards", "fonts")
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
    for one in settings.sources.follow:
        if not one or "\0" in one:
            yield mistake(f'"sources.follow" holds {one!r}, no path', 'Name a folder: "../photos"', "sources", "follow")
    yield from _meaning_of_headers(settings.headers, mistake)
    for table, name in (("theme", "accent"), ("theme", "accent_dark"), ("social_cards", "background")):
        colour = attrgetter(f"{table}.{name}")(settings)
        if (colour or table != "theme") and not re.fullmatch("#[0-9A-Fa-f]{6}", colour):
            yield mistake(f'"{table}.{name}" is "{colour}", no colour', 'Write it as "#a3161f".', table, name)
    if not settings.social_cards.fonts:
        yield mistake('"social_cards.fonts" is empty', 'Write fonts = ["default"].', "social_cards", "fonts")
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


def _meaning_of_headers(headers: HeaderSettings, mistake: Callable[..., Diagnostic]) -> Iterable[Diagnostic]:
    if {"netlify", "cloudflare"} <= {*headers.formats}:
        help = "Name the one at which the site is read: each reads the file _headers in its own way."
        yield mistake('"headers.formats" has both "netlify" and "cloudflare"', help, "headers", "formats")
    if not 0 <= headers.hsts_days <= 3650:
        yield mistake(f'"headers.hsts_days" is {headers.hsts_days}', "Give 0 to 3650.", "headers", "hsts_days")
    for name, sources in headers.csp.items():
        if name not in DIRECTIVES:
            help = did_you_mean(name, DIRECTIVES) or f"Known here: {', '.join(DIRECTIVES)}."
            yield mistake(f'"headers.csp.{name}" is no directive that takes sources', help, "headers", "csp", name)
        for source in sources:
            if not re.fullmatch(r"[!-~]+", source) or re.search(r'[;,"\\$`{}]', source):
                help = f'Write one source a text: {name} = ["https://example.org"]'
                yield mistake(f'"headers.csp.{name}": {source!r} is no source', help, "headers", "csp", name)
    for name, value in headers.extra.items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", name) or name.lower() == "content-security-policy":
            help = 'Write Permissions-Policy = "geolocation=()". What the policy allows stands under [headers.csp].'
            yield mistake(f'"{name}" cannot be a header of [headers.extra]', help, "headers", "extra", name)
        if not re.fullmatch(r"[ -~]*", value) or re.search(r"[\\$`]", value):
            help = "Write it in plain letters and signs, without a backslash, $ or `."
            yield mistake(f'"headers.extra.{name}" is {value!r}, no value of a header', help, "headers", "extra", name)


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

"""The reader of other generators' sites, and of folders of foreign Markdown: every text a piece, every old URL kept."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zoneinfo
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import unquote

import msgspec
from msgspec.structs import replace

from newsgen.config import CONTENT
from newsgen.content import slugs
from newsgen.content.frontmatter import Field, FrontMatter
from newsgen.content.parse import KEYS
from newsgen.diagnostics import Diagnostic, Outcome, Place, error, warning
from newsgen.importers import dialects, permalinks
from newsgen.importers.bodies import Body
from newsgen.importers.boilerplate import Cut, noted
from newsgen.importers.dialects import Stated
from newsgen.importers.layouts import Site, Where
from newsgen.importers.permalinks import Entry
from newsgen.importers.piece import Carried, Kind, Piece
from newsgen.importers.records import name_key, record_of
from newsgen.importers.shortcodes import Surroundings
from newsgen.importers.slug import folder_of, slug_of
from newsgen.importers.text import CONTROL
from newsgen.model import Page
from newsgen.pages import urls
from newsgen.project import text_of

OWN: Final = frozenset(
    "tags authors series archive search page corrections assets static feed.xml atom.xml feed.json sitemap.xml "
    "news-sitemap.xml robots.txt 404.html index.html".split()
)
"""First parts of paths at which newsgen makes pages and files itself."""

_HEADING = re.compile(r"\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)")
_PICTURE = re.compile(r"\.(?:avif|bmp|gif|ico|jpe?g|png|svg|tiff?|webp)$", re.I)
_FILE = re.compile(r"\.[A-Za-z0-9]{1,5}$")


class Addresses(msgspec.Struct, frozen=True):
    """Where a text lived; empty where that cannot be told, or it had no page.

    `others` are addresses by the date in its file's name, where its front matter has another; `guesses` those by the
    words that it may have been called by without a slug.
    """

    url: str = ""
    others: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()


class Surveyed(msgspec.Struct, frozen=True):
    """What one source contributes. `name` is what a file of an author or a tag says: its kind, its key, its name."""

    path: str
    was: Addresses = Addresses()
    aliases: tuple[str, ...] = ()
    slugged: bool = False
    section: str = ""
    tags: tuple[str, ...] = ()
    name: tuple[str, str, str] = ("", "", "")
    target: str = ""


class Whole(msgspec.Struct, frozen=True):
    """What all sources say together: who has an address, where a text is found by what it may be called (its URL, else
    its file in content/), the names of authors and tags, the URLs of files. `bundles` are folders that are one article
    with its files, and its URL."""

    owners: Mapping[str, str] = {}
    pages: Mapping[str, str] = {}
    people: Mapping[str, str] = {}
    tags: Mapping[str, str] = {}
    files: frozenset[str] = frozenset()
    bundles: Mapping[str, str] = {}


class SiteReader(msgspec.Struct, frozen=True):
    """Reads the texts of one site, which lies in `folder`, for the project at `root`. All articles go into the
    `wanted` section where the user names one."""

    site: Site
    folder: str = ""
    root: str = ""
    wanted: str = ""

    def survey(self, file: str, data: bytes) -> Surveyed:
        path = file.removeprefix(self.site.base)
        where = self.site.where(path)
        if where is None or where.role == "other":
            return Surveyed(path)
        text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
        if (matter := self.matter(file, text).value) is None:
            return Surveyed(path)
        stated = self.stated(file, where, matter, self.site.people)
        role = role_of(where, stated)
        if role in ("tag", "author"):
            key = where.folders[-1] if where.name == "_index" else where.name
            return Surveyed(path, name=(role, key, str(stated.fields.get("title", ""))))
        if role == "section":
            return Surveyed(path)
        article = role == "article"
        return Surveyed(
            path,
            self.addresses(where, stated),
            stated.aliases,
            bool(stated.slug),
            self.section(where, stated) if article else "",
            tuple(stated.fields.get("tags", ())) if article else (),
            target=self.target(where, stated) if self.site.kind == "markdown" else "",
        )

    def tags(self, survey: Surveyed) -> Iterable[str]:
        return survey.tags

    def surveyed(self, surveys: Sequence[Surveyed]) -> Whole:
        sections = {slug_of(one.section) for one in surveys if one.section}
        texts = [one for one in surveys if one.was.url]
        guessed = sum(one.slugged for one in texts) * 2 > len(texts)  # else a text without a slug is nothing unusual
        owners: dict[str, str] = {}
        claims = (
            *((url, one) for one in texts for url in (one.was.url,)),
            *((rooted(url), one) for one in surveys for url in one.aliases),
            *((url, one) for one in texts for url in (*one.was.others, *(one.was.guesses if guessed else ()))),
        )
        for url, one in claims:
            if not is_own(url, sections):
                owners.setdefault(address_key(url), one.path)
        named = [{one.name[1]: one.name[2] for one in surveys if one.name[0] == kind} for kind in ("author", "tag")]
        bundles = {posixpath.dirname(one.path): one.was.url for one in texts if one.path.endswith("/index.md")}
        files = frozenset(url for path in self.site.files if (url := self.file_url(path, bundles)))
        return Whole(owners, self._pages(surveys), named[0], named[1], files, bundles)

    def file_url(self, path: str, bundles: Mapping[str, str]) -> str:
        """The URL of a file that is carried along; empty of all others. One in a bundle is below its article's."""
        where = self.site.where(path)
        if where is None or where.role != "file":
            return ""
        if where.url:
            return where.url
        folder = posixpath.dirname(path)
        while folder:
            if folder in bundles:
                return posixpath.join(bundles[folder], path[len(folder) + 1 :])
            folder = posixpath.dirname(folder)
        return "/" + path.removeprefix(self.site.content)

    def _pages(self, surveys: Iterable[Surveyed]) -> dict[str, str]:
        """The URL of each text, by its path below the content, and by its name where no other has it. Of one whose
        address nothing tells it is the content file, where that name is its own."""
        found: dict[str, str] = {}
        by_name: dict[str, str] = {}
        names = Counter(map(_name_key, surveys))
        for one in surveys:
            if not one.was.url and not one.target:
                continue
            at = one.was.url or (one.target if names[_name_key(one)] == 1 and self._is_free(one) else "")
            path = re.sub(r"(?:/_?index)?\.\w+$", "", one.path.removeprefix(self.site.content)).lower()
            found[path] = at
            for name in {path.rsplit("/", 1)[-1], permalinks.DATED.sub("", path.rsplit("/", 1)[-1])}:
                by_name[name] = "" if name in by_name else at
        return {name: at for name, at in {**by_name, **found}.items() if at}

    def target(self, where: Where, stated: Stated) -> str:
        """The content file that a text becomes where no other has its name; empty where its file does not tell it."""
        slug = self.slug(where, stated)
        return f"{self.home(where, stated)}{slug}.md" if slug else ""

    def home(self, where: Where, stated: Stated) -> str:
        """The folder below content/ of the content file that a text becomes."""
        section = slug_of(self.wanted or self.section(where, stated))
        return f"{CONTENT}/{folder_of(role_of(where, stated), section)}"

    def slug(self, where: Where, stated: Stated) -> str:
        return slug_of(stated.slug or permalinks.DATED.sub("", where.own_name, count=1))

    def _is_free(self, one: Surveyed) -> bool:
        """Whether the content file that a text becomes is not there, or was made of it."""
        path = Path(self.root, one.target)
        if not path.is_file():
            return True
        record = record_of(one.target, text_of(path))
        return record is not None and record.file == self.site.base + one.path

    # ---- one text ----

    def read(self, file: str, data: bytes, survey: Whole) -> tuple[Piece, ...]:
        path = file.removeprefix(self.site.base)
        where = self.site.where(path)
        if where is None or where.role == "other":
            return (Piece(skipped=where.why if where else "part of the old site's machinery"),)
        if where.role == "file":
            return (self._carried(path, survey),)
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as mistake:
            line = data.count(b"\n", 0, mistake.start) + 1
            message = f"not UTF-8 text: wrong at byte {mistake.start}"
            return (Piece(diagnostics=(error("NG-101", Place(file, line), message, "Save it as UTF-8."),)),)
        said: tuple[Diagnostic, ...] = ()
        if odd := CONTROL.search(text):
            message = f"control character U+{ord(odd[0]):04X} in the text; it is left out"
            said = (warning("NG-102", Place.in_text(file, text, odd.start()), message, "Nothing is lost by it."),)
            text = CONTROL.sub("", text)
        outcome = self.matter(file, text)
        said += outcome.diagnostics
        if outcome.value is None:
            return (Piece(diagnostics=said),)
        piece = _Text(self, file, where, outcome.value, survey).piece()
        return (replace(piece, diagnostics=(*said, *piece.diagnostics)),)

    def _carried(self, path: str, whole: Whole) -> Piece:
        """A file that goes where its URL leads, unless newsgen makes one of its own there."""
        url = self.file_url(path, whole.bundles)
        if why := urls.static_offence(url.lstrip("/")):
            return Piece(kind="file", skipped=f"it cannot be published as {url}: {why}")
        if is_own(url, ()):
            return Piece(kind="file", skipped="newsgen makes its own")
        return Piece(kind="file", carried=(Carried(posixpath.join(self.folder, path), f"static{url}"),))

    def matter(self, file: str, text: str) -> Outcome[FrontMatter]:
        outcome = dialects.read(file, text, self.site.kind)
        path = file.removeprefix(self.site.base)
        if outcome.value and (where := self.site.where(path)) and (default := self.site.default(path, where)):
            fields = {key: Field(value, 1, 1) for key, value in default.items()} | outcome.value.fields
            outcome = msgspec.structs.replace(outcome, value=msgspec.structs.replace(outcome.value, fields=fields))
        return outcome

    def stated(self, file: str, where: Where, matter: FrontMatter, people: Mapping[str, str]) -> Stated:
        stated = dialects.stated(file, where.name, matter, self.site.kind, _zone(self.site.zone), people)
        if where.lang:
            stated.fields.setdefault("lang", where.lang)
        if where.draft:
            stated.fields["draft"] = True
        return stated

    def section(self, where: Where, stated: Stated) -> str:
        """The section that an article names, else the folder that it lies in, unless that is a year."""
        named = str(stated.fields.get("section", ""))
        folder = next((part for part in where.folders if not re.fullmatch(r"[\d-]+", part)), "")
        return named or ("" if self.site.kind == "jekyll" else folder)

    def addresses(self, where: Where, stated: Stated) -> Addresses:
        """Where a text lived, and where it may have lived, too."""
        entry = self._entry(where, stated)
        url = "" if stated.hidden else self._filled(where, stated, entry)
        pattern = self._pattern(entry)
        if not url or stated.permalink or not pattern:
            return Addresses(url)
        others, guesses = list[Entry](), list[Entry]()
        if stated.name_date and stated.name_date != entry.date:
            others.append(replace(entry, date=stated.name_date))
        if not entry.slug and re.search(r":slug(?!or)", pattern) and self.site.kind in ("hugo", "markdown"):
            guesses += [replace(entry, slug=slug) for slug in (entry.bare, permalinks.slugified(entry.title))]
        made = [tuple(self._filled(where, stated, one) for one in some) for some in (others, guesses)]
        return Addresses(url, *made)

    def _entry(self, where: Where, stated: Stated) -> Entry:
        date = stated.fields.get("date")
        counted = self.site.zone if self.site.kind in ("jekyll", "eleventy") else ""
        if counted and isinstance(date, dt.datetime) and date.tzinfo:
            date = date.astimezone(_zone(counted))
        categories = stated.categories
        if self.site.kind == "jekyll":
            categories = (*where.folders, *categories) if where.collection == "posts" else categories
        elif self.site.kind == "pelican" and not categories and where.folders:
            categories = where.folders[:1]
        return Entry(
            name=where.name,
            folders=where.folders,
            title=str(stated.fields.get("title", "")),
            slug=stated.slug,
            date=date.date() if isinstance(date, dt.datetime) else date,
            categories=categories,
            author=(stated.fields.get("authors") or [""])[0],
            lang=str(stated.fields.get("lang", "")),
            collection=where.collection,
        )

    def _pattern(self, entry: Entry) -> str:
        """The pattern of an article's address, where its generator has any."""
        site = self.site
        if site.pattern:
            return site.pattern
        if site.kind == "jekyll":
            style = site.text("permalink", "date")
            return permalinks.JEKYLL_STYLES.get(style, style)
        if site.kind == "hugo":
            patterns = {**site.mapping("permalinks"), **site.mapping("permalinks", "page")}
            given = patterns.get(entry.folders[0] if entry.folders else "/", "")
            return given if isinstance(given, str) else ""
        return ""

    def _filled(self, where: Where, stated: Stated, entry: Entry) -> str:
        """The URL of a text, by the rules of its generator."""
        site, own, kind = self.site, stated.permalink, self.site.kind
        page = where.role == "page" or (where.role == "either" and where.collection)
        if own:
            own = re.sub(r"^https?://[^/]+", "", own)
            if kind == "jekyll":
                return permalinks.jekyll(permalinks.JEKYLL_STYLES.get(own, own), entry)
            if kind == "eleventy" or "{{" in own:
                return permalinks.eleventy(own, entry)
            path = f"/{own.strip('/')}/" if kind == "zola" else f"/{own.lstrip('/')}"
            return path.removesuffix("index.html") if path.endswith("/index.html") else path
        if kind == "jekyll" and page:
            style = site.text("permalink", "date")
            ends = "/" if style == "pretty" or style.endswith("/") else ":output_ext"
            collection = site.mapping("collections", where.collection).get("permalink", "")
            if where.collection:
                return permalinks.jekyll(collection or f"/:collection/:path{ends}", entry)
            return permalinks.jekyll(f"/:path/{'' if entry.name == 'index' else f':basename{ends}'}", entry)
        if kind in ("jekyll", "markdown"):
            pattern = self._pattern(entry)
            return permalinks.jekyll(pattern, entry, as_is=bool(site.pattern)) if pattern else ""
        if kind == "hugo":
            return self._of_hugo(where, entry)
        if kind == "zola":
            entry = _of_folder(entry)
            last = entry.slug or permalinks.zola_slug(re.sub(r"^\d{4}-\d{2}-\d{2}[-_]", "", entry.name))
            folders, tag = entry.folders, f"/{entry.lang}" if where.lang else ""
            return f"{tag}/{'/'.join((*folders, last))}/".replace("//", "/")
        if kind == "pelican":
            key, default = ("PAGE_URL", "pages/{slug}.html") if page else ("ARTICLE_URL", "{slug}.html")
            if entry.lang and entry.lang != site.text("DEFAULT_LANG", "en"):
                key, default = key.replace("_", "_LANG_"), default.replace("{slug}", "{slug}-{lang}")
            return permalinks.pelican(site.text(key, default), entry)
        if kind == "nikola":
            last = entry.slug or permalinks.slugified(entry.bare if entry.bare != entry.name else entry.name)
            tag = where.lang if where.lang and where.lang != site.text("DEFAULT_LANG", "en") else ""
            ends = ".html" if site.text("PRETTY_URLS", "true") == "false" else "/"
            return "/" + "/".join(part for part in (tag, where.collection, *entry.folders, last) if part) + ends
        folders = entry.folders[:-1] if entry.folders and entry.name == entry.folders[-1] else entry.folders
        parts = (*entry.folders,) if entry.name == "index" else (*folders, entry.name)
        return f"/{'/'.join(parts)}/".replace("//", "/")

    def _of_hugo(self, where: Where, entry: Entry) -> str:
        site = self.site
        entry = _of_folder(entry)
        pattern = self._pattern(entry) if where.role != "section" else ""
        url = permalinks.hugo(pattern or "/:sections/:slugorcontentbasename/", entry)
        if site.text("uglyURLs") == "true" and url.endswith("/") and url != "/":
            url = f"{url[:-1]}.html"
        inside = where.lang
        if not inside and site.text("defaultContentLanguageInSubdir") == "true":
            inside = site.text("defaultContentLanguage", "en")
        return f"/{inside}{url}" if inside else url


def _of_folder(entry: Entry) -> Entry:
    """A bundle, which has the name of its folder."""
    if entry.name not in ("index", "_index"):
        return entry
    return replace(entry, name=(entry.folders or ("",))[-1], folders=entry.folders[:-1])


class _Text:
    """One text of a site on its way to a piece."""

    def __init__(self, reader: SiteReader, file: str, where: Where, matter: FrontMatter, whole: Whole) -> None:
        self.reader, self.site, self.file, self.where, self.matter = reader, reader.site, file, where, matter
        self.path, self.whole = file.removeprefix(reader.site.base), whole
        self.stated = reader.stated(file, where, matter, {**self.site.people, **whole.people})
        self.diagnostics = self.stated.diagnostics
        self.losses: list[Cut] = []
        self.carried: dict[str, Carried] = {}
        self.found: set[str] = set()
        self.was = reader.addresses(where, self.stated)

    def piece(self) -> Piece:
        stated, where = self.stated, self.where
        role = role_of(where, stated)
        if role == "section" and len(where.folders) != 1:
            if not where.folders:
                return Piece(skipped="the text of the home page, which newsgen makes itself")
            if not self.matter.body.strip():
                return Piece(skipped="the head of a list within a section")
            role = "page"
        fields, body = dict(stated.fields), self._body()
        if "title" not in fields:
            fields, body = self._titled(fields, body)
        elif (found := _HEADING.match(body)) and dialects.plain(found[1]) == fields["title"]:
            body = body[found.end() :]  # newsgen writes the title above the text
        if "image" in fields:
            body = self._pictured(fields, body)
        if "tags" in fields:
            fields["tags"] = [self.whole.tags.get(tag) or tag for tag in fields["tags"]]
        if role in ("article", "page"):
            fields |= self._kept_addresses()
        if role == "page":  # which has no such field
            for key in [key for key in fields if key not in KEYS[Page][1]]:
                value = fields.pop(key)
                fields["extra"] = {**fields.get("extra", {}), key: str(value) if isinstance(value, dt.date) else value}
        if role in ("section", "tag", "author"):
            fields = {key: value for key, value in fields.items() if key in ("title", "description", "lang")}
        if extra := fields.get("extra"):
            self.stated.evidence["extra"] = f"no counterpart: {', '.join(extra)}"
        return Piece(
            kind=role,
            fields={key: fields[key] for key in (*dialects.ORDER, "extra") if key in fields},
            body=body.strip("\n"),
            slug=self.reader.slug(where, stated) or slug_of(str(fields.get("title", ""))),
            section=slug_of(self.reader.section(where, stated)) if role in ("article", "section") else "",
            evidence=stated.evidence,
            cuts=tuple(sorted(stated.cuts, key=lambda one: one.number)),
            losses=tuple(sorted(self.losses, key=lambda one: one.number)),
            carried=tuple(self.carried.values()),
            diagnostics=tuple(self.diagnostics),
        )

    def _titled(self, fields: dict[str, Any], body: str) -> tuple[dict[str, Any], str]:
        """The first heading as the title; without one the words of the file's name, as the old generator has it."""
        if (found := _HEADING.match(body)) and (title := dialects.plain(found[1])):
            self.stated.evidence["title"] = "first heading"
            return {"title": title, **fields}, body[found.end() :]
        self.stated.evidence["title"] = "file name"
        words = re.sub(r"[-_]+", " ", permalinks.DATED.sub("", self.where.own_name, count=1)).strip()
        return {"title": words[:1].upper() + words[1:] or "Untitled", **fields}, body

    def _pictured(self, fields: dict[str, Any], body: str) -> str:
        """The body without the picture of the article where it begins with it; newsgen shows it above the text.

        What the text says of the picture, its head says too.
        """
        src = fields["image"]["src"]
        shown = re.search(rf"!\[([^\[\]]*)\]\({re.escape(src)}(?:\s+\"[^\"]*\")?\)", body)
        if shown and shown[1] and "alt" not in fields["image"]:
            fields["image"] = {**fields["image"], "alt": dialects.plain(shown[1])}
        if shown and not body[: shown.start()].strip() and re.match(r"[ \t]*(?:\n[ \t]*\n|\n?\Z)", body[shown.end() :]):
            number = self.matter.body_line + body[: shown.start()].count("\n")
            reason = "the article's own picture, which newsgen shows above its text"
            self.stated.cuts.append(noted(number, shown[0], reason))
            return body[shown.end() :]
        return body

    # ---- addresses ----

    def _kept_addresses(self) -> dict[str, Any]:
        """The permalink and the aliases under which every address answers that the text had."""
        kept: dict[str, Any] = {}
        known: dict[str, str] = {}
        was = self.was
        for url in (was.url, *map(rooted, self.stated.aliases), *was.others, *was.guesses):
            key = address_key(url)
            if not url or url == "/" or url in known.values():
                continue
            owner = self.whole.owners.get(key)
            path = unquote(url)
            why = slugs.path_offence(path, spaced=True)
            if not why and key in known:
                if urls.file_of(path) == urls.file_of(unquote(known[key])):
                    continue
                why = f"only capitals tell it from {known[key]}"
            elif not why and owner != self.path:
                why = f"{owner} has it" if owner else "newsgen has a page of its own there"
            known.setdefault(key, url)
            if not why:
                if url == was.url and not slugs.path_offence(path):
                    kept["permalink"] = path
                else:
                    kept.setdefault("aliases", []).append(path if path.isprintable() else permalinks.quoted(path))
            elif url not in (*was.others, *was.guesses):
                advice = "Give the article an alias, or the host a redirect, if readers come by that address."
                message = f'old address "{url}" cannot be kept: {why}'
                self.diagnostics.append(warning("NG-741", Place(self.file), message, advice))
        if not was.url and not self.stated.hidden and "draft" not in self.stated.fields:
            self.stated.evidence["permalink"] = "unknown: nothing says where it lived"
        return kept

    # ---- the text ----

    def _body(self) -> str:
        texts = {**self.stated.values, "title": str(self.stated.fields.get("title", "")), "url": self.was.url}
        settings = {key: value for key, value in self.site.settings.items() if isinstance(value, str)}
        around = Surroundings(self.site.kind, texts, settings, self._page, self._asset)
        body = Body(self.matter.body, self.matter.body_line, around, self._link)
        text = body.result()
        self.losses += body.losses
        self.stated.cuts += body.cuts
        return text

    def _page(self, called: str) -> str | None:
        """The URL of the text that a tag or a link calls by its path or its name, or the way to its content file."""
        bare = re.sub(r"(?:(?:^|/)_?index)?\.(?:md|markdown|html)$", "", unquote(called).split("#")[0]).rstrip("/")
        bare = re.sub(r"^(?:_posts|_drafts)/", "", bare.removeprefix("@").lstrip("/"))
        near = posixpath.normpath(posixpath.join(posixpath.dirname(self.path.removeprefix(self.site.content)), bare))
        for name in (near, bare, bare.removeprefix(self.site.content), bare.rsplit("/", 1)[-1]):
            if found := self.whole.pages.get(name.lower()):
                if not found.startswith("/"):
                    found = posixpath.relpath(found, self.reader.home(self.where, self.stated))
                    self.found.add(found)
                return found
        return None

    def _asset(self, src: str) -> str | None:
        """The URL of the file that a tag names; of one that is not there, where the old site would have had it."""
        if re.match(r"[a-z][a-z+.-]*:|//", src):
            return src
        bare = re.split(r"[?#]", src, maxsplit=1)[0]
        if bare.startswith("/"):
            return src
        beside = posixpath.normpath(posixpath.join((self.was.url or "/"), bare))
        if beside in self.whole.files:
            return src
        if (found := self._beside_source(bare)) is not None:
            return found
        return f"/{bare}" if f"/{bare}" in self.whole.files or "/" in bare else None

    def _beside_source(self, bare: str) -> str | None:
        """The URL of a file that lies where a path leads from the source's folder."""
        near = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), unquote(bare)))
        if near in self.site.files and (url := self.reader.file_url(near, self.whole.bundles)):
            if self.site.kind == "markdown":
                self._carry(near, url)
            return permalinks.quoted(url)
        return None

    def _carry(self, path: str, url: str) -> None:
        self.carried[path] = Carried(posixpath.join(self.reader.folder, path), f"static{url}")

    def _link(self, url: str, shown: bool) -> tuple[str, str]:
        """A link as it leads to where its target is now, and what is lost where nothing is there."""
        kind = self.site.kind
        found = re.match(r"[{|](filename|static|attach|author|category|tag|index)[}|](.*)", url)
        if found and kind == "pelican":
            return self._of_pelican(found[1], found[2])
        if url.startswith("@/") or (kind == "nikola" and re.match(r"link://(?:slug|filename)/", url)):
            bare, sign, anchor = url.partition("#")
            if page := self._page(re.sub(r"^(?:@/|link://\w+/)", "", bare)):
                return page + sign + anchor, ""
            return url, "a link to a text that is not among the sources"
        if re.match(r"[a-z][a-z0-9+.-]*:|//|#|\{", url, re.I) or not url:
            return url, ""
        bare = re.split(r"[?#]", url, maxsplit=1)[0]
        rest = url[len(bare) :]
        if bare in self.found:
            return url, ""
        if bare.endswith((".md", ".markdown")):
            page = self._page(bare)
            return (page + rest, "") if page else (url, "a link to a text that is not among the sources")
        if not _FILE.search(bare):
            return url, ""
        rooted = posixpath.normpath(posixpath.join(self.was.url or "/", unquote(bare)))
        if rooted in self.whole.files:
            if kind == "markdown":
                self._carry(rooted.lstrip("/"), rooted)
            return url, ""
        if not bare.startswith("/") and (found_url := self._beside_source(bare)):
            return found_url + rest, ""
        if bare.endswith((".html", ".htm")) or address_key(rooted) in self.whole.owners:
            return url, ""
        what = "picture" if shown or _PICTURE.search(bare) else "file"
        return url, f"a {what} that is not among the sources"

    def _of_pelican(self, how: str, rest: str) -> tuple[str, str]:
        bare, sign, anchor = rest.partition("#")
        if how == "index":
            return "/", ""
        if how in ("author", "category", "tag"):
            family = {"author": "/authors", "category": "", "tag": "/tags"}[how]
            return f"{family}/{slugs.slug_of(bare)}/", ""
        folder = posixpath.dirname(self.path.removeprefix(self.site.content))
        inner = posixpath.normpath(posixpath.join("/", folder, bare)).lstrip("/")
        if how == "filename" and (page := self.whole.pages.get(re.sub(r"\.\w+$", "", inner).lower())):
            return page + sign + anchor, ""
        path = self.site.content + inner
        if url := self.reader.file_url(path, self.whole.bundles) if path in self.site.files else "":
            return permalinks.quoted(url), ""
        return f"/{inner}", "a file that is not among the sources"


def _name_key(one: Surveyed) -> str:
    """What makes the content files of two texts one: one in news/ takes the name of one without a section."""
    return name_key(one.target.replace(f"{CONTENT}/news/", f"{CONTENT}/"))


def address_key(url: str) -> str:
    """What makes two addresses one: the file at which they answer, case folded."""
    return urls.file_of(unquote(url)).casefold()


def is_own(url: str, sections: Iterable[str]) -> bool:
    """Whether newsgen makes a page of its own at an address: its lists, feeds and the pages of `sections`."""
    parts = address_key(url).split("/")
    return parts[0] in OWN or (len(parts) == 2 and parts[0] in sections and parts[1] == "index.html")


def rooted(alias: str) -> str:
    path = re.sub(r"^https?://[^/]+", "", alias.strip())
    return path if path.startswith("/") else f"/{path}"


def role_of(where: Where, stated: Stated) -> Kind:
    """A text that may be either is an article where it has a date, else a page."""
    if where.role == "either":
        return "article" if "date" in stated.fields or stated.fields.get("draft") else "page"
    return cast("Kind", where.role)  # of "other" there is no text


@lru_cache
def _zone(name: str) -> dt.tzinfo | None:
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (ValueError, zoneinfo.ZoneInfoNotFoundError, OSError):
        return None

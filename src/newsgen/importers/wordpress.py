"""The reader of WordPress exports: posts and pages with their states, names, addresses and pictures.

What is not public in WordPress stays a draft; passwords and mail addresses are never taken over. The text is made by
`wordpress_text`, which tells what it loses.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

from newsgen.content import slugs
from newsgen.content.paragraphs import paragraphs
from newsgen.diagnostics import Diagnostic, Place, error, warning
from newsgen.importers.boilerplate import Cut
from newsgen.importers.markup import Marked, plain
from newsgen.importers.piece import Piece
from newsgen.importers.slug import slug_of
from newsgen.importers.summary import description
from newsgen.importers.wordpress_text import Attachment, Texts, text
from newsgen.importers.wxr import BrokenError, Record, records

_STATES: Final = ("publish", "future")  # a date that is to come waits for its time by itself
_SKIPPED: Final = {
    "attachment": "a file of the media library",
    "nav_menu_item": "an item of a menu",
    "revision": "a revision",
    "wp_block": "a reusable block; its text stands where it was used",
    "custom_css": "a style sheet of WordPress",
}
_TAXONOMIES: Final = {"post_tag": "tag", "tag": "tag", "category": "category"}
_NO_DATA: Final = (
    "post_format",
    "nav_menu",
    "wp_theme",
    "language",
    "author",
    "post_translations",
    "wp_pattern_category",
)
_DEFAULTS: Final = (
    "uncategorized",
    "uncategorised",
    "allgemein",
    "non-classe",
    "sin-categoria",
    "senza-categoria",
    "без-рубрики",
)
_SERIALISED = re.compile(r"[aOCsbid]:\d+[:;{]")
_LONGEST: Final = 500  # characters of a field of a post that is kept under `extra`


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """What one export says for all: names, files, and the address of each post by its id."""

    hosts: tuple[str, ...] = ()
    authors: Mapping[str, str] = {}
    categories: Mapping[str, tuple[str, str]] = {}
    """Name and parent of each category, by its name in addresses."""
    primary: Mapping[str, str] = {}
    """The name in addresses of each category, by its id."""
    tags: Mapping[str, str] = {}
    """What each tag is said to be, by its name."""
    spellings: Mapping[str, int] = {}
    texts: Texts = Texts()
    addresses: Mapping[str, str] = {}


class WordPress(msgspec.Struct, frozen=True):
    """Reads exports. `base` is the path of the site's own base_url ("/blog"), which its addresses do not repeat."""

    base: str = ""

    def survey(self, file: str, data: bytes) -> Survey:
        found = _Survey()
        try:
            for record in records(data):
                found.add(record, self._path(record.get("link")))
        except BrokenError:
            pass  # `read` tells it
        return found.survey()

    def surveyed(self, surveys: Sequence[Any]) -> Survey:
        """Of one site exported in parts: each name is spelled as most have it, the others are its aliases."""
        return Survey(
            hosts=tuple(dict.fromkeys(host for one in surveys for host in one.hosts)),
            spellings=_counted(one.spellings for one in surveys),
            texts=Texts(_all(one.texts.attachments for one in surveys), _all(one.texts.reusable for one in surveys)),
            **{
                name: _all(getattr(one, name) for one in surveys)
                for name in ("authors", "categories", "primary", "tags", "addresses")
            },
        )

    def read(self, file: str, data: bytes, survey: Survey) -> tuple[Piece, ...]:
        return tuple(self.pieces(file, data, survey))

    def pieces(self, file: str, data: bytes, survey: Survey) -> Iterator[Piece]:
        """The pieces of an export: its tags and sections that have something to say, then its posts in order."""
        reading = _Reading(file, survey, self)
        used: set[str] = set()
        try:
            for record in records(data):
                if record.tag == "item":
                    piece = reading.item(record)
                    used.add(piece.section)
                    yield piece
        except BrokenError as broken:
            advice = "Posts before that place were read. Export it again, in parts where it is large, and import that."
            message = f"the export cannot be read on: {broken}"
            yield _failed(error("NG-704", Place(file, broken.line, broken.column), message, advice))
        yield from reading.terms(used)

    def _path(self, url: str) -> str:
        """The path of an address as a path of the site; empty where a static host cannot answer it."""
        return _site_path(url, self.base)


class _Survey:
    """Gathers a survey, record by record."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.authors: dict[str, str] = {}
        self.categories: dict[str, tuple[str, str]] = {}
        self.primary: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        self.spellings = Counter[str]()
        self.attachments: dict[str, Attachment] = {}
        self.reusable: dict[str, str] = {}
        self.addresses: dict[str, str] = {}

    def add(self, record: Record, path: str) -> None:
        get = record.get
        if record.tag in ("link", "wp:base_site_url", "wp:base_blog_url"):
            self.hosts.append(_host(record.text))
        elif record.tag == "wp:author" and get("wp:author_login"):
            self.authors[get("wp:author_login")] = _name(get("wp:author_display_name")) or get("wp:author_login")
        elif record.tag == "wp:category":
            nicename = unquote(get("wp:category_nicename"))
            self.categories[nicename] = (_name(get("wp:cat_name")), unquote(get("wp:category_parent")))
            self.primary[get("wp:term_id")] = nicename
        elif record.tag == "wp:tag":
            self.tags[_name(get("wp:tag_name")) or unquote(get("wp:tag_slug"))] = plain(get("wp:tag_description"))
        elif record.tag == "item":
            self._item(record, path)

    def _item(self, record: Record, path: str) -> None:
        id, kind = record.get("wp:post_id"), record.get("wp:post_type")
        if kind == "attachment":
            alt = plain(record.meta.get("_wp_attachment_image_alt", ""))
            url = record.get("wp:attachment_url")
            self.attachments[id] = Attachment(url, alt, record.get("excerpt:encoded"), record.get("wp:post_parent"))
        elif kind == "wp_block":
            self.reusable[id] = record.get("content:encoded")
        elif path:
            self.addresses[id] = path
        for _, names in _terms(record).items():
            self.spellings.update(names)

    def survey(self) -> Survey:
        return Survey(
            hosts=tuple(dict.fromkeys(filter(None, self.hosts))),
            authors=self.authors,
            categories=self.categories,
            primary=self.primary,
            tags=self.tags,
            spellings=dict(self.spellings),
            texts=Texts(self.attachments, self.reusable),
            addresses=self.addresses,
        )


class _Reading:
    """One export, read with what all of them say."""

    def __init__(self, file: str, survey: Survey, reader: WordPress) -> None:
        self.file, self.survey, self.base = file, survey, reader.base
        self.paths = frozenset(survey.addresses.values())
        self.spelled = _spelled(survey.spellings)

    def item(self, record: Record) -> Piece:
        kind, status = record.get("wp:post_type") or "post", record.get("wp:status") or "publish"
        name = f"{kind} {record.get('wp:post_id')}".strip()
        path = _site_path(record.get("link"), self.base)
        why = _SKIPPED.get(kind, "")
        if kind not in ("post", "page") and not why and not (path and record.get("content:encoded")):
            why = f'of the type "{kind}", which has no page of its own'
        if status in ("trash", "auto-draft"):
            why = "in the bin" if status == "trash" else "a draft that was never saved"
        if why:
            return Piece(kind="file", item=name, skipped=why, slug=slug_of(record.get("title")))
        content = record.at("content:encoded")
        id, meta = record.get("wp:post_id"), record.meta
        made = text(content.text, content.line, id, meta, self.survey.texts, self.link)
        title, named = self._title(record, made)
        if not title:
            return Piece(kind="file", item=name, skipped="an empty post", cuts=made.cuts)
        said = _Said()
        said.put("title", title, named)
        self._dates(record, status, said, page=kind == "page")
        section = "" if kind == "page" else self._filed(record, meta, said)
        self._described(record, meta, made, said)
        self._placed(record, path, meta, said)
        self._stated(record, status, meta, said)
        if kind != "page":
            self._kept(record, said)
        return Piece(
            kind="page" if kind == "page" else "article",
            item=name,
            fields={key: value for key, value in said.fields.items() if value not in ("", [], {}, None)},
            body=made.text,
            slug=_segment(unquote(record.get("wp:post_name"))) or slug_of(title),
            section=section,
            evidence=said.evidence,
            cuts=(*made.cuts, *said.cuts),
            losses=made.losses,
            diagnostics=(*said.diagnostics(self.file), *self._pictures(record, made)),
        )

    def terms(self, used: Iterable[str]) -> Iterator[Piece]:
        """Tags that are spelled in several ways or are described, and the names of sections that articles are in."""
        twins: dict[str, list[str]] = {}
        for name in sorted({*self.survey.spellings, *self.survey.tags}):
            twins.setdefault(slugs.identity(name), []).append(name)
        for names in twins.values():
            said = next((text for name in names if (text := self.survey.tags.get(name, ""))), "")
            if said or len(names) > 1:
                title = self._spelling(names[0])
                aliases = [name for name in names if name != title]
                fields = {"title": title, "description": said, "aliases": aliases}
                evidence = {"aliases": "spellings of the export"} if aliases else {}
                told = {key: value for key, value in fields.items() if value}
                yield Piece(kind="tag", item=f"tag {title}", fields=told, slug=slugs.slug_of(title), evidence=evidence)
        for folder in sorted({*used} - {""}):
            name = next((name for slug, (name, _) in self.survey.categories.items() if _folder(slug) == folder), "")
            if name:
                evidence = {"title": "category of the export"}
                yield Piece(
                    kind="section",
                    item=f"category {name}",
                    fields={"title": name},
                    section=folder,
                    slug="_index",
                    evidence=evidence,
                )

    def link(self, url: str) -> str:
        """The address to write: a path where it leads to a post of the export, as it is elsewhere."""
        parts = _split(url)
        if parts is None or (parts.netloc and _host(url) not in self.survey.hosts):
            return url
        anchor = f"#{parts.fragment}" if parts.fragment else ""
        query = parse_qs(parts.query)
        for key in ("p", "page_id"):
            if found := self.survey.addresses.get(query.get(key, [""])[0]):
                return f"{found}{anchor}"
        path = _site_path(url, self.base)
        return f"{path}{anchor}" if path in self.paths else url

    def _spelling(self, name: str) -> str:
        return self.spelled.get(slugs.identity(name), name)

    def _title(self, record: Record, made: Marked) -> tuple[str, str]:
        if title := _name(record.get("title")):
            return title, "title"
        first = next((" ".join(text.split()) for _, text in paragraphs(made.text)), "")
        return (description(first)[:80].rstrip(), "none stated: the first words of the text") if first else ("", "")

    def _dates(self, record: Record, status: str, said: _Said, *, page: bool) -> None:
        date = _date(record.get("wp:post_date"), record.get("wp:post_date_gmt"))
        if status not in (*_STATES, "private") and not _moment(record.get("wp:post_date_gmt")):
            return  # the date of a draft is that of its last change
        updated = _date(record.get("wp:post_modified"), record.get("wp:post_modified_gmt"))
        if date and not page:
            said.put("date", date, "wp:post_date")
            if updated and updated.replace(tzinfo=None) > date.replace(tzinfo=None):
                said.put("updated", updated, "wp:post_modified")

    def _filed(self, record: Record, meta: Mapping[str, str], said: _Said) -> str:
        """Authors, tags; and the folder of the section, which is the topmost of the first, or primary, category."""
        terms = _terms(record)
        creator = record.get("dc:creator")
        authors = terms.get("author") or [self.survey.authors.get(creator, creator)]
        said.put("authors", [name for name in dict.fromkeys(authors) if name and "@" not in name], "dc:creator")
        filed = [
            unquote(value.attributes.get("nicename", ""))
            for value in record.all("category")
            if value.attributes.get("domain") == "category"
        ]
        first = self.survey.primary.get(meta.get("_yoast_wpseo_primary_category", ""), "")
        chosen = next((slug for slug in (first, *filed) if slug and slug not in _DEFAULTS), "")
        root, seen = chosen, {chosen}
        while (parent := self._parent(root)) and parent not in seen:
            root = parent
            seen.add(root)
        top = self.survey.categories.get(root, (root, ""))[0]
        default = {self.survey.categories.get(slug, (slug, ""))[0] for slug in _DEFAULTS}
        others = [
            name
            for name in terms.get("category", [])
            if slugs.identity(name) != slugs.identity(top) and name not in default
        ]
        tags = [*terms.get("tag", []), *others]
        said.put(
            "tags", list(dict.fromkeys(map(self._spelling, tags))), "tags and further categories" if others else "tags"
        )
        said.put("series", next(iter(terms.get("series", [])), ""), "taxonomy series")
        said.put(
            "lang",
            next(
                (
                    value.attributes.get("nicename", "")
                    for value in record.all("category")
                    if value.attributes.get("domain") == "language"
                ),
                "",
            ),
            "taxonomy language",
        )
        if chosen:
            said.evidence["section"] = f'category "{top}"' + (" (primary)" if chosen == first else "")
        return _folder(root)

    def _parent(self, category: str) -> str:
        """The category above another; WXR 1.0 gives its name where later ones give that in addresses."""
        parent = self.survey.categories.get(category, ("", ""))[1]
        by_name = (slug for slug, (name, _) in self.survey.categories.items() if name == parent)
        return parent if not parent or parent in self.survey.categories else next(by_name, "")

    def _described(self, record: Record, meta: Mapping[str, str], made: Marked, said: _Said) -> None:
        first = next((" ".join(text.split()) for _, text in paragraphs(made.text)), "")
        for told, where in (
            (plain(record.get("excerpt:encoded")), "excerpt"),
            (plain(meta.get("_yoast_wpseo_metadesc", "")), "description for search engines"),
            (description(first), "first paragraph"),
        ):
            if told and "%%" not in told:
                said.put("description", told, where)
                return

    def _placed(self, record: Record, path: str, meta: Mapping[str, str], said: _Said) -> None:
        """The address, if it can stay, and those that WordPress remembers from before."""
        if path and path != "/":
            said.put("permalink", path, "link")
        elif record.get("wp:status") == "publish" and path != "/":
            line = record.at("link").line
            said.cuts.append(Cut((line,), line, record.get("link"), "an address that a static host cannot answer"))
        old = [
            value.text.strip()
            for key, value in zip(record.all("wp:meta_key"), record.all("wp:meta_value"), strict=False)
            if key.text == "_wp_old_slug"
        ]
        slug = unquote(record.get("wp:post_name"))
        found = [path.replace(f"/{slug}", f"/{unquote(one)}", 1) for one in old if slug and f"/{slug}" in path]
        said.put(
            "aliases",
            [one for one in dict.fromkeys(found) if one != path and not slugs.path_offence(one)],
            "_wp_old_slug",
        )

    def _stated(self, record: Record, status: str, meta: Mapping[str, str], said: _Said) -> None:
        line = record.at("wp:status").line
        if record.get("wp:post_password"):
            said.flag("draft", "a password")
            said.warn(
                line,
                "a post with a password is kept as a draft; the password is left out",
                "Take draft: true out to publish it for all.",
            )
        elif status not in _STATES:
            said.flag("draft", f'status "{status}"')
            if status != "draft":
                said.warn(
                    line,
                    f'a post of the status "{status}" is kept as a draft',
                    "Take draft: true out to publish it for all.",
                )
        comments = len(record.all("wp:comment_id"))
        if comments:
            at = record.at("wp:comment_id").line
            said.cuts.append(Cut((at,), at, f"{comments} comment{'s' * (comments > 1)}", "comments are not taken over"))
        data = {
            key: value
            for key, value in meta.items()
            if key and key[0] != "_" and value and key not in ("footnotes", "enclosure")
        }
        kept: dict[str, Any] = {
            key: value for key, value in data.items() if len(value) <= _LONGEST and not _SERIALISED.match(value)
        }
        for key in data.keys() - kept.keys():
            said.cuts.append(Cut((record.line,), record.line, key, "a field that holds a value of PHP, or a long one"))
        kept |= {
            domain: names
            for domain, names in _terms(record).items()
            if domain not in ("tag", "category", "series", *_NO_DATA)
        }
        said.put("extra", dict(sorted(kept.items())), "fields and taxonomies without a counterpart")

    def _kept(self, record: Record, said: _Said) -> None:
        if record.get("wp:is_sticky") == "1":
            said.flag("pin", "wp:is_sticky")
        if image := self.survey.texts.attachments.get(record.meta.get("_thumbnail_id", "")):
            told = {"src": image.url, "alt": image.alt, "caption": plain(image.caption)}
            said.put("image", {key: value for key, value in told.items() if value or key == "src"}, "_thumbnail_id")

    def _pictures(self, record: Record, made: Marked) -> Iterator[Diagnostic]:
        away = [url for url in made.images if re.match(r"(https?:)?//", url)]
        if away:
            count = f"{len(away)} pictures stay" if len(away) > 1 else "a picture stays"
            advice = "--fetch-images brings them into static/."
            yield warning(
                "NG-722", Place(self.file, record.at("content:encoded").line), f"{count} at {_host(away[0])}", advice
            )


class _Said:
    """The fields of a piece as they are found, in their order, each with its evidence."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.evidence: dict[str, str] = {}
        self.cuts: list[Cut] = []
        self.warned: list[tuple[int, str, str]] = []

    def put(self, key: str, value: Any, evidence: str) -> None:
        if value:
            self.fields[key], self.evidence[key] = value, evidence

    def flag(self, key: str, evidence: str) -> None:
        self.fields[key], self.evidence[key] = True, evidence

    def warn(self, line: int, message: str, advice: str) -> None:
        self.warned.append((line, message, advice))

    def diagnostics(self, file: str) -> tuple[Diagnostic, ...]:
        return tuple(warning("NG-721", Place(file, line), message, advice) for line, message, advice in self.warned)


def _failed(diagnostic: Diagnostic) -> Piece:
    return Piece(kind="file", diagnostics=(diagnostic,))


def _all(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {key: value for part in parts for key, value in part.items()}


def _counted(parts: Iterable[Mapping[str, int]]) -> Counter[str]:
    counts = Counter[str]()
    for part in parts:
        counts.update(part)
    return counts


def _name(text: str) -> str:
    """A name without markup, on one line."""
    return plain(text)


def _terms(record: Record) -> dict[str, list[str]]:
    """The names of a post's terms, by taxonomy ("tag", "category", else as WordPress calls it)."""
    found: dict[str, list[str]] = {}
    for value in record.all("category"):
        domain = value.attributes.get("domain", "")
        name = _name(value.text)
        if domain and name:  # WXR 1.0 repeats each without a domain
            found.setdefault(_TAXONOMIES.get(domain, domain), []).append(name)
    return {domain: list(dict.fromkeys(names)) for domain, names in found.items()}


def _spelled(counts: Mapping[str, int]) -> dict[str, str]:
    """The commonest spelling of each name, by its identity."""
    best: dict[str, str] = {}
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        best.setdefault(slugs.identity(name), name)
    return best


def _folder(slug: str) -> str:
    """The folder of a section; empty for the category that WordPress files in what nobody filed."""
    if slug in _DEFAULTS:
        return ""
    name = _segment(slug)
    return f"{name}-2" if name in ("pages", "tags", "authors", "series") else name


def _segment(slug: str) -> str:
    tidy = slugs.tidy(slug.lower())
    return "" if slugs.offence(tidy) else tidy


def _split(url: str) -> Any:
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _host(url: str) -> str:
    parts = _split(url)
    return (parts.hostname or "").removeprefix("www.") if parts else ""


def _site_path(url: str, base: str) -> str:
    parts = _split(url)
    if parts is None or parts.query or not parts.path:
        return ""
    path = unquote(parts.path)
    path = path.removeprefix(base) if base and path.startswith(f"{base}/") else path
    return "" if slugs.path_offence(path) else path


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text.strip()).replace(tzinfo=None) if text[:4] != "0000" else None
    except ValueError:
        return None


def _date(local: str, utc: str) -> dt.datetime | None:
    """The moment with the offset that the site's clock had then, if both clocks are told."""
    here, there = _moment(local), _moment(utc)
    if here is None or there is None or abs(here - there) > dt.timedelta(hours=15):
        return here or (there.replace(tzinfo=dt.UTC) if there else None)
    return here.replace(tzinfo=dt.timezone(dt.timedelta(minutes=round((here - there).total_seconds() / 60))))

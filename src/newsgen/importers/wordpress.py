"""The reader of WordPress exports: posts and pages with their states, names, addresses and pictures.

What is not public in WordPress stays a draft; passwords and mail addresses are never taken over. The text is made by
`wordpress_text`, which tells what it loses.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from newsgen.content import slugs
from newsgen.content.slugs import identity
from newsgen.diagnostics import Place, error
from newsgen.importers.addresses import UNANSWERABLE, Addresses, host, segment, site_path
from newsgen.importers.files import Stream
from newsgen.importers.markup import Marked, plain
from newsgen.importers.piece import Piece
from newsgen.importers.stating import Stating
from newsgen.importers.summary import description
from newsgen.importers.wordpress_text import Attachment, Texts, text
from newsgen.importers.wxr import BrokenError, Record, records

_PUBLIC: Final = ("publish", "future")  # a date that is to come waits for its time by itself
_SKIPPED: Final = {
    "attachment": "a file of the media library",
    "nav_menu_item": "an item of a menu",
    "revision": "a revision",
    "wp_block": "a reusable block; its text stands where it was used",
    "custom_css": "a style sheet of WordPress",
}
_TAXONOMIES: Final = {"post_tag": "tag", "tag": "tag", "category": "category"}
_READ: Final = ("tag", "category", "series", "author", "language")
_OF_WORDPRESS: Final = ("post_format", "nav_menu", "wp_theme", "post_translations", "wp_pattern_category")
_UNFILED: Final = frozenset(  # the category that WordPress files in what nobody filed, in some of its languages
    "uncategorized uncategorised allgemein non-classe sin-categoria senza-categoria sem-categoria без-рубрики".split()
)
_SERIALISED = re.compile(r"[aOCsbid]:\d+[:;{]")
_LONGEST: Final = 500  # characters of a field of a post that is kept under `extra`


class Survey(msgspec.Struct, kw_only=True):
    """What exports say for all posts, of one site or of its parts, gathered record by record.

    `categories` have name and parent by their names in addresses, which `primary` has by their ids; `described` are
    the tags of which something is said. `tags` counts the posts that have a tag.
    """

    hosts: dict[str, None] = {}
    authors: dict[str, str] = {}
    categories: dict[str, tuple[str, str]] = {}
    primary: dict[str, str] = {}
    described: dict[str, str] = {}
    tags: dict[str, int] = {}
    attachments: dict[str, Attachment] = {}
    reusable: dict[str, str] = {}
    addresses: dict[str, str] = {}

    def add(self, record: Record, base: str) -> None:
        get = record.get
        if record.tag in ("link", "wp:base_site_url", "wp:base_blog_url") and (found := host(record.text)):
            self.hosts[found] = None
        elif record.tag == "wp:author" and (login := get("wp:author_login")):
            self.authors[login] = plain(get("wp:author_display_name")) or login
        elif record.tag == "wp:category":
            nicename = unquote(get("wp:category_nicename"))
            self.categories[nicename] = plain(get("wp:cat_name")), unquote(get("wp:category_parent"))
            self.primary[get("wp:term_id")] = nicename
        elif record.tag == "wp:tag" and (said := plain(get("wp:tag_description"))):
            self.described[plain(get("wp:tag_name")) or unquote(get("wp:tag_slug"))] = said
        elif record.tag == "item":
            self._add_item(record, get("wp:post_id"), get("wp:post_type"), base)

    def _add_item(self, record: Record, id: str, kind: str, base: str) -> None:
        if kind == "attachment":
            alt, url = plain(record.meta.get("_wp_attachment_image_alt", "")), record.get("wp:attachment_url")
            self.attachments[id] = Attachment(url, alt, record.get("excerpt:encoded"), record.get("wp:post_parent"))
        elif kind == "wp_block":
            self.reusable[id] = record.get("content:encoded")
        elif path := site_path(record.get("link"), base):
            self.addresses[id] = path
        terms = _terms(record)
        for name in {*terms.get("tag", ()), *terms.get("category", ())}:
            self.tags[name] = self.tags.get(name, 0) + 1


class WordPress(msgspec.Struct, frozen=True):
    """Reads exports. `base` is the path of the site's own base_url ("/blog"), which its addresses do not repeat."""

    base: str = ""

    def survey(self, file: str, data: bytes | Stream) -> Survey:
        found = Survey()
        with contextlib.suppress(BrokenError):  # `read` tells it
            for record in records(data):
                found.add(record, self.base)
        return found

    def tags(self, survey: Survey) -> tuple[str, ...]:
        return tuple(name for name, count in survey.tags.items() for _ in range(count))

    def surveyed(self, surveys: Sequence[Survey]) -> Survey:
        merged = Survey()
        for name in Survey.__struct_fields__:
            for one in surveys:
                getattr(merged, name).update(getattr(one, name))
        return merged

    def read(self, file: str, data: bytes | Stream, survey: Survey) -> Iterator[Piece]:
        """The posts in their order, then the tags that are described and the sections that the posts are in."""
        reading = _Reading(file, survey, self.base)
        used: set[str] = set()
        try:
            for record in records(data):
                if record.tag == "item":
                    piece = reading.item(record)
                    used.add(piece.section)
                    yield piece
        except BrokenError as broken:
            advice = "What stands before that place was read. Export it again, in parts where it is large."
            message = f"the export cannot be read on: {broken}"
            wrong = error("NG-704", Place(file, broken.line, broken.column), message, advice)
            yield Piece(kind="file", diagnostics=(wrong,))
        yield from reading.terms(used)


class _Reading:
    """One export, read with what all of them say."""

    def __init__(self, file: str, survey: Survey, base: str) -> None:
        self.file, self.survey, self.base = file, survey, base
        paths = frozenset(survey.addresses.values())
        self.addresses = Addresses(tuple(survey.hosts), paths, survey.addresses, base)
        self.texts = Texts(survey.attachments, survey.reusable)

    def item(self, record: Record) -> Piece:
        kind, status = record.get("wp:post_type") or "post", record.get("wp:status") or "publish"
        name = f"{kind} {record.get('wp:post_id')}".strip()
        path = site_path(record.get("link"), self.base)
        why = _SKIPPED.get(kind, "")
        if kind not in ("post", "page") and not why and not (path and record.get("content:encoded")):
            why = f'of the type "{kind}", which has no page of its own'
        if status in ("trash", "auto-draft"):
            why = "in the bin" if status == "trash" else "a draft that was never saved"
        if why:
            return Piece(kind="file", item=name, skipped=why)
        content, page = record.at("content:encoded"), kind == "page"
        made = text(content.text, content.line, record.get("wp:post_id"), record.meta, self.texts, self.addresses.link)
        said = Stating(self.file)
        said.put("title", plain(record.get("title")), "title")
        if not said.begins(made):
            return Piece(kind="file", item=name, skipped="an empty post", cuts=made.cuts)
        section = "" if page else self._filed(record, said)
        self._described(record, made, said)
        self._placed(record, path, said)
        self._state(record, status, said)
        if not page:
            self._dated(record, status, said)
            self._shown(record, said)
        said.pictures(content.line, made.images)
        slug = segment(record.get("wp:post_name"))
        return said.piece(made, slug, kind="page" if page else "article", item=name, section=section)

    def terms(self, used: Iterable[str]) -> Iterator[Piece]:
        for name, told in sorted(self.survey.described.items()):
            fields, evidence = {"title": name, "description": told}, {"description": "wp:tag_description"}
            yield Piece(kind="tag", item=f"tag {name}", fields=fields, slug=slugs.slug_of(name), evidence=evidence)
        for folder in sorted({*used} - {""}):
            name = next((name for slug, (name, _) in self.survey.categories.items() if segment(slug) == folder), "")
            if name:
                evidence = {"title": "wp:cat_name"}
                fields = {"title": name}
                yield Piece(kind="section", item=f"category {name}", fields=fields, section=folder, evidence=evidence)

    def _dated(self, record: Record, status: str, said: Stating) -> None:
        """The dates; but that of a draft is when it was last saved."""
        date = _date(record.get("wp:post_date"), record.get("wp:post_date_gmt"))
        if date and (status in (*_PUBLIC, "private") or _moment(record.get("wp:post_date_gmt"))):
            said.put("date", date, "wp:post_date")
            updated = _date(record.get("wp:post_modified"), record.get("wp:post_modified_gmt"))
            if updated and updated.replace(tzinfo=None) > date.replace(tzinfo=None):
                said.put("updated", updated, "wp:post_modified")

    def _filed(self, record: Record, said: Stating) -> str:
        """Authors and tags; and the folder of the section: the topmost category above the primary one, or the first.
        All other categories are tags."""
        terms, known = _terms(record), self.survey.categories
        creator = record.get("dc:creator")
        names = terms.get("author") or [self.survey.authors.get(creator, creator)]
        said.put("authors", [name for name in names if name and "@" not in name], "dc:creator")
        filed = [unquote(value.attributes.get("nicename", "")) for value in _of(record, "category")]
        primary = self.survey.primary.get(record.meta.get("_yoast_wpseo_primary_category", ""), "")
        chosen = next((slug for slug in (primary, *filed) if slug and slug not in _UNFILED), "")
        root, seen = chosen, {chosen}
        while (parent := self._parent(root)) and parent not in seen:
            root = parent
            seen.add(root)
        top = known.get(root, (root, ""))[0]
        left = {identity(top), *(identity(known.get(slug, (slug, ""))[0]) for slug in _UNFILED)}
        others = [name for name in terms.get("category", ()) if identity(name) not in left]
        where = "tags and further categories" if others else "tags"
        said.put("tags", list(dict.fromkeys((*terms.get("tag", ()), *others))), where)
        said.put("series", next(iter(terms.get("series", ())), ""), "taxonomy series")
        language = next((value.attributes.get("nicename", "") for value in _of(record, "language")), "")
        said.put("lang", language, "taxonomy language")
        if chosen:
            said.evidence["section"] = f'category "{top}"' + (" (primary)" if chosen == primary else "")
        return segment(root)

    def _parent(self, category: str) -> str:
        """The category above another; WXR 1.0 gives its name where later ones give that in addresses."""
        parent = self.survey.categories.get(category, ("", ""))[1]
        by_name = (slug for slug, (name, _) in self.survey.categories.items() if name == parent)
        return parent if not parent or parent in self.survey.categories else next(by_name, "")

    def _described(self, record: Record, made: Marked, said: Stating) -> None:
        said.put("description", plain(record.get("excerpt:encoded")), "excerpt")
        told = record.meta.get("_yoast_wpseo_metadesc", "")
        said.put("description", "" if "%%" in told else plain(told), "description for search engines")
        said.put("description", description(made.lead), "first paragraph")

    def _placed(self, record: Record, path: str, said: Stating) -> None:
        """The address, if it can stay, and those that WordPress remembers from before."""
        if path and path != "/":
            said.put("permalink", path, "link")
        elif record.get("wp:status") == "publish" and path != "/":
            said.cut(record.at("link").line, record.get("link"), UNANSWERABLE)
        ending = f"/{unquote(record.get('wp:post_name'))}"
        old = [unquote(value.strip()) for key, value in record.metas if key == "_wp_old_slug"]
        found = dict.fromkeys(path.replace(ending, f"/{one}", 1) for one in old if len(ending) > 1 and ending in path)
        aliases = [one for one in found if one != path and not slugs.path_offence(one)]
        said.put("aliases", aliases, "_wp_old_slug")

    def _state(self, record: Record, status: str, said: Stating) -> None:
        """Whether it may be seen; and what newsgen has no word for."""
        line, advice = record.at("wp:status").line, "Take draft: true out to publish it for all."
        if record.get("wp:post_password"):
            said.flag("draft", "a password")
            said.warn("NG-721", line, "a post with a password is kept as a draft; the password is left out", advice)
        elif status not in _PUBLIC:
            said.flag("draft", f'status "{status}"')
            if status != "draft":
                said.warn("NG-721", line, f'a post of the status "{status}" is kept as a draft', advice)
        if comments := len(record.all("wp:comment_id")):
            text = f"{comments} comment{'s' * (comments > 1)}"
            said.cut(record.at("wp:comment_id").line, text, "comments are not taken over")
        kept: dict[str, Any] = {}
        for key, value in record.meta.items():
            if not key or key[0] == "_" or not value or key in ("footnotes", "enclosure"):
                continue
            if len(value) > _LONGEST or _SERIALISED.match(value):
                said.cut(record.line, key, "a field that holds a value of PHP, or a long one")
            else:
                kept[key] = value
        kept |= {name: terms for name, terms in _terms(record).items() if name not in (*_READ, *_OF_WORDPRESS)}
        said.put("extra", dict(sorted(kept.items())), "fields and taxonomies without a counterpart")

    def _shown(self, record: Record, said: Stating) -> None:
        if record.get("wp:is_sticky") == "1":
            said.flag("pin", "wp:is_sticky")
        if image := self.survey.attachments.get(record.meta.get("_thumbnail_id", "")):
            said.put("image", {"src": image.url, "alt": image.alt, "caption": plain(image.caption)}, "_thumbnail_id")


def _of(record: Record, taxonomy: str) -> list[Any]:
    return [value for value in record.all("category") if value.attributes.get("domain") == taxonomy]


def _terms(record: Record) -> dict[str, list[str]]:
    """The names of a post's terms, by taxonomy ("tag", "category", else as WordPress calls it)."""
    found: dict[str, list[str]] = {}
    for value in record.all("category"):
        domain = value.attributes.get("domain", "")
        name = plain(value.text)
        if domain and name:  # WXR 1.0 repeats each without a domain
            found.setdefault(_TAXONOMIES.get(domain, domain), []).append(name)
    return {domain: list(dict.fromkeys(names)) for domain, names in found.items()}


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

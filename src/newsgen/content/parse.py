"""One content file to one value: `parse_content` sees bytes, an id and a slice of the settings, and nothing else."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Final

import msgspec

from newsgen import digest, model
from newsgen.config import ParseSettings
from newsgen.content import dates, frontmatter, markdown, slugs
from newsgen.content.fields import Fields
from newsgen.content.frontmatter import FrontMatter
from newsgen.diagnostics import Diagnostic, Place, error, has_errors, warning

DOCUMENT_KEYS: Final = frozenset(("title", "description", "slug", "template", "noindex", "extra"))
ARTICLE_KEYS: Final = DOCUMENT_KEYS | {
    *("date", "updated", "author", "authors", "section", "tags", "permalink", "aliases", "draft", "publish_at"),
    *("embargo_until", "expires", "status", "image", "kind", "series", "corrections", "lang", "translation_of"),
    *("canonical", "access", "lead", "feature", "pin", "tags_locked", "source_name", "import"),
}
PAGE_KEYS: Final = DOCUMENT_KEYS | {"permalink", "aliases", "draft", "order"}
TERM_KEYS: Final = DOCUMENT_KEYS | {"aliases", "parents", "case_sensitive", "exclude", "order", "image", "same_as"}

STATUSES: Final = ("published", "withdrawn")
ACCESSES: Final = ("free", "metered", "paid")
FAMILIES: Final = {"tags": "tag", "authors": "author"}

# What XML 1.0 cannot carry, NUL apart: it is dropped from the text with a warning, so that feeds stay well formed.
_UNPRINTABLE = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CONTROLS = bytes(range(32)).translate(None, b"\t\n\r")
_DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-(?=.)")


class Parsed(msgspec.Struct, frozen=True):
    """What a file states (None where an error left nothing), the HTML of its body, and what there is to say."""

    content: model.Content | None
    html: str
    diagnostics: tuple[Diagnostic, ...]


def parse_content(path: str, data: bytes, settings: ParseSettings, zone: dt.tzinfo) -> Parsed:
    """The content of the file `path` (from the site's root, "content/…"). `zone` is that of `settings.timezone`."""
    if len(data) > settings.markdown.max_kilobytes * 1024:
        limit = (
            f"The limit is {settings.markdown.max_kilobytes:,} kB; markdown.max_kilobytes in newsgen.toml raises it."
        )
        return _failed(error("NG-118", Place(path), f"file of {len(data) // 1024:,} kB is too large", limit))
    text, diagnostics = _decoded(path, data)
    if text is None:
        return _failed(*diagnostics)
    if not text or text.isspace():
        return Parsed(
            None, "", (warning("NG-117", Place(path), "file is empty; it is left out", "Write a title and text."),)
        )
    outcome = frontmatter.read(path, text)
    if outcome.value is None:
        return _failed(*diagnostics, *outcome.diagnostics)
    return _document(path, outcome.value, settings, zone, diagnostics)


def kind_of(path: str) -> str:
    """ "article", "page", "tag", "author" or "section": what the place of a file makes it."""
    folders = path.split("/")[1:-1]
    if folders[:1] == ["pages"]:
        return "page"
    if folders and folders[0] in FAMILIES:
        return FAMILIES[folders[0]]
    return "section" if path.rsplit("/", 1)[-1] == "_index.md" else "article"


def _failed(*diagnostics: Diagnostic) -> Parsed:
    return Parsed(None, "", diagnostics)


def _decoded(path: str, data: bytes) -> tuple[str | None, list[Diagnostic]]:
    try:
        text = data.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as mistake:
        line = data.count(b"\n", 0, mistake.start) + 1
        help = "Save the file as UTF-8 (editors offer it under Save As or Encoding)."
        return None, [error("NG-101", Place(path, line), f"not UTF-8 text: wrong at byte {mistake.start}", help)]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(data.translate(None, _CONTROLS)) == len(data) and b"\xef" not in data:  # to search costs six times as much
        return text, []
    if (nul := text.find("\0")) >= 0:
        help = "Remove it; a file full of them was saved as UTF-16: save it as UTF-8."
        return None, [error("NG-102", _place_of(path, text, nul), "NUL character in the text", help)]
    odd = _UNPRINTABLE.search(text)
    if odd is None:
        return text, []
    message = f"control character U+{ord(odd[0]):04X} in the text; it is left out"
    return _UNPRINTABLE.sub("", text), [warning("NG-102", _place_of(path, text, odd.start()), message, "Remove it.")]


def _place_of(path: str, text: str, offset: int) -> Place:
    return Place(path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _document(
    path: str, matter: FrontMatter, settings: ParseSettings, zone: dt.tzinfo, diagnostics: list[Diagnostic]
) -> Parsed:
    fields = Fields(path, matter.fields, zone)
    try:
        rendered = markdown.render(path, matter.body, matter.body_line, settings.markdown)
    except RecursionError:
        return _failed(*diagnostics, markdown.too_hard(path, matter.body_line))
    body = model.Body(digest.of_text(rendered.html), rendered.references, rendered.headings, rendered.words)
    kind = kind_of(path)
    if kind == "article":
        content: model.Content = _article(path, fields, body, settings)
    elif kind == "page":
        content = _page(path, fields, body)
    else:
        content = _term(path, fields, body, kind)
    title = fields.found.get("title")
    if kind != "section" and (title is None or (isinstance(title.value, str) and not title.value.strip())):
        help = "Begin the file with --- , title: The headline , ---"
        if matter.fields:
            help = 'Add to the front matter: title: "The headline"'
        diagnostics.append(error("NG-111", fields.place("title"), "title is missing", help))
    found = (*diagnostics, *fields.diagnostics, *rendered.diagnostics)
    return Parsed(None if has_errors(found) else content, rendered.html, found)


def _places(fields: Fields) -> dict[str, tuple[int, int]]:
    return {key: (field.line, field.column) for key, field in sorted(fields.found.items())}


def _name_of(path: str) -> str:
    return unicodedata.normalize("NFC", path.rsplit("/", 1)[-1].removesuffix(".md"))


def _article(path: str, fields: Fields, body: model.Body, settings: ParseSettings) -> model.Article:
    fields.unknown(ARTICLE_KEYS)
    fields.mapping("import")
    name = _name_of(path)
    date = fields.date("date")
    if dated := _DATED_NAME.match(name):
        date = _date_of_name(fields, date, dated[1])
        name = name[dated.end() :]
    folders = path.split("/")[1:-1]
    article = model.Article(
        id=path,
        title=fields.text("title"),
        description=fields.text("description"),
        body=body,
        extra=fields.extra("extra"),
        template=fields.text("template"),
        noindex=fields.flag("noindex"),
        places=_places(fields),
        slug=_slug(fields, name),
        section=fields.text("section") or (unicodedata.normalize("NFC", folders[0]) if folders else "news"),
        date=date[0] if date else None,
        date_only=date[1] if date else False,
        updated=fields.moment("updated"),
        authors=fields.names("author", "authors"),
        tags=fields.names("tags", split=True),
        kind=fields.choice("kind", settings.kinds, "news"),
        lang=_language(fields),
        permalink=_site_path(fields, "permalink", fields.text("permalink")),
        aliases=tuple(_site_path(fields, "aliases", alias) for alias in fields.names("aliases")),
        draft=fields.flag("draft"),
        publish_at=fields.moment("publish_at"),
        embargo_until=fields.moment("embargo_until"),
        expires=fields.moment("expires"),
        status=fields.choice("status", STATUSES),
        image=fields.image("image"),
        series=fields.text("series"),
        corrections=fields.corrections("corrections"),
        translation_of=fields.text("translation_of"),
        canonical=fields.url("canonical"),
        access=fields.choice("access", ACCESSES),
        lead=fields.flag("lead"),
        feature=fields.flag("feature"),
        pin=fields.flag("pin"),
        tags_locked=fields.flag("tags_locked"),
        source_name=fields.text("source_name"),
    )
    _contradictions(fields, article)
    return article


def _slug(fields: Fields, name: str) -> str:
    """The slug that the front matter gives, else the file's name made fit for a path."""
    slug = fields.text("slug")
    raw = fields.found["slug"].value if slug else ""
    if slug and (why := slugs.offence(raw if isinstance(raw, str) else slug)):
        help = f"Use letters, digits and hyphens: slug: {slugs.slug_of(slug)}"
        fields.refuse("NG-114", fields.found["slug"], f'slug "{slug[:60]}" cannot be used: {why}', help)
        return "refused"
    if slug or not name:
        return slug
    tidy = slugs.tidy(name)
    if why := slugs.offence(tidy):
        message = f'the file\'s name gives no usable slug: "{tidy[:60]}": {why}'
        fields.diagnostics.append(error("NG-119", Place(fields.path), message, "Rename the file, or give it a slug."))
        return "refused"
    return tidy


def _site_path(fields: Fields, key: str, path: str) -> str:
    if path and (why := slugs.path_offence(path)):
        help = f"Write a path of this site, from its root: {key}: {'[/old/path/]' if key == 'aliases' else '/my/path/'}"
        fields.refuse("NG-114", fields.found[key], f'{key} "{path[:60]}" cannot be used: {why}', help)
        return ""
    return path


def _date_of_name(fields: Fields, date: tuple[dt.datetime, bool] | None, named: str) -> tuple[dt.datetime, bool] | None:
    """The date that the file's name states, where the front matter states none; a warning where the two differ."""
    field = fields.found.get("date")
    if field is not None:
        stated = re.match(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})", field.value) if isinstance(field.value, str) else None
        if date and stated and [int(part) for part in stated.groups()] != [int(part) for part in named.split("-")]:
            help = "The front matter holds. Rename the file, or mend the date."
            message = f"the file's name says {named}, the front matter {field.value}"
            fields.diagnostics.append(warning("NG-115", fields.place("date"), message, help))
        return date
    try:
        return dates.read(named, fields.zone)
    except ValueError:
        return None


def _language(fields: Fields) -> str:
    lang = fields.text("lang")
    if lang and not re.fullmatch(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*", lang):
        fields.refuse("NG-113", fields.found["lang"], f'"lang" is "{lang}", which is no language tag', "Write lang: en")
        return ""
    return lang.replace("_", "-")


def _contradictions(fields: Fields, article: model.Article) -> None:
    start = article.publish_at or article.embargo_until or article.date
    if article.expires and start and article.expires <= start:
        help = "An article expires after it was published."
        fields.refuse("NG-121", fields.found["expires"], '"expires" is not after the publication', help)


def _page(path: str, fields: Fields, body: model.Body) -> model.Page:
    fields.unknown(PAGE_KEYS)
    return model.Page(
        id=path,
        title=fields.text("title"),
        description=fields.text("description"),
        body=body,
        extra=fields.extra("extra"),
        template=fields.text("template"),
        noindex=fields.flag("noindex"),
        places=_places(fields),
        slug=_slug(fields, _name_of(path)),
        permalink=_site_path(fields, "permalink", fields.text("permalink")),
        aliases=tuple(_site_path(fields, "aliases", alias) for alias in fields.names("aliases")),
        draft=fields.flag("draft"),
        order=fields.integer("order"),
    )


def _term(path: str, fields: Fields, body: model.Body, family: str) -> model.Term:
    fields.unknown(TERM_KEYS)
    title = fields.text("title")
    if family == "section" and not title:
        title = unicodedata.normalize("NFC", path.split("/")[1])
    return model.Term(
        id=path,
        title=title,
        description=fields.text("description"),
        body=body,
        extra=fields.extra("extra"),
        template=fields.text("template"),
        noindex=fields.flag("noindex"),
        places=_places(fields),
        family=family,
        slug=_slug(fields, ""),
        aliases=fields.names("aliases"),
        parents=fields.names("parents"),
        case_sensitive=fields.names("case_sensitive"),
        exclude=fields.names("exclude"),
        order=fields.integer("order"),
        image=fields.image("image"),
        same_as=fields.urls("same_as"),
    )

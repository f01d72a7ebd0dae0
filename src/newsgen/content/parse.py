"""One content file to one value: `parse_content` sees bytes, an id and a slice of the settings, and nothing else."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from newsgen import digest, model
from newsgen.config import ParseSettings
from newsgen.content import dates, frontmatter, markdown, paywall, slugs
from newsgen.content.fields import Fields
from newsgen.content.frontmatter import FrontMatter
from newsgen.content.terms import terms
from newsgen.diagnostics import Diagnostic, Place, error, has_errors, warning

STATUSES: Final = ("published", "withdrawn")
ACCESSES: Final = ("free", *paywall.LOCKED)
LIVE: Final = "live"
FAMILIES: Final = {"tags": "tag", "authors": "author", "series": "series"}

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
        most = f"{settings.markdown.max_kilobytes:,} kB"
        help = f"The limit is {most}; markdown.max_kilobytes in newsgen.toml raises it."
        return _failed(error("NG-118", Place(path), f"file of {len(data) // 1024:,} kB is too large", help))
    text, diagnostics = _decoded(path, data)
    if text is None:
        return _failed(*diagnostics)
    if not text or text.isspace():
        return _failed(warning("NG-117", Place(path), "file is empty; it is left out", "Write a title and text."))
    outcome = frontmatter.read(path, text)
    if outcome.value is None:
        return _failed(*diagnostics, *outcome.diagnostics)
    return _document(Fields(path, outcome.value.fields, zone), outcome.value, settings, diagnostics)


def folders_of(path: str, editions: Iterable[str]) -> tuple[str, list[str]]:
    """The folders of a file under content/, and before them the language of the edition whose folder they are in."""
    folders = path.split("/")[1:-1]
    tag = next((tag for tag in editions if folders and folders[0].lower() == tag.lower()), "")
    return tag, folders[1:] if tag else folders


def kind_of(path: str, editions: Iterable[str] = ()) -> str:
    """ "article", "page", "tag", "author", "series" or "section": what the place of a file makes it."""
    _, folders = folders_of(path, editions)
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
        return None, [error("NG-102", Place.in_text(path, text, nul), "NUL character in the text", help)]
    odd = _UNPRINTABLE.search(text)
    if odd is None:
        return text, []
    message = f"control character U+{ord(odd[0]):04X} in the text; it is left out"
    return _UNPRINTABLE.sub("", text), [
        warning("NG-102", Place.in_text(path, text, odd.start()), message, "Remove it.")
    ]


def _document(fields: Fields, matter: FrontMatter, settings: ParseSettings, diagnostics: list[Diagnostic]) -> Parsed:
    path, access = fields.path, fields.found.get("access")
    locked = access is not None and access.value in paywall.LOCKED
    try:
        parted = _is_live(path, fields, settings)
        rendered = markdown.render(path, matter.body, matter.body_line, settings.markdown, parted=parted, locked=locked)
    except RecursionError:
        return _failed(*diagnostics, markdown.too_hard(path, matter.body_line))
    html = rendered.html
    found = rendered.references, rendered.headings, rendered.words, (), rendered.blocks, rendered.origins
    body = model.Body(digest.of_text(html), *found)
    tag, folders = folders_of(path, settings.editions)
    kind = kind_of(path, settings.editions)
    if "import" in fields.found:
        fields.mapping("import")
    if kind == "article":
        content: model.Content = _article(path, fields, body, matter.body, settings)
        if content.kind == LIVE:
            from newsgen.content import live  # which few texts need

            content, html, said = live.blog(content, rendered.parts, fields.zone)
            diagnostics += said
    else:
        content = _page(path, fields, body) if kind == "page" else _term(path, fields, body, kind, folders)
    if tag and not content.lang:
        content = msgspec.structs.replace(content, lang=tag)
    title = fields.found.get("title")
    if kind != "section" and (title is None or (isinstance(title.value, str) and not title.value.strip())):
        help = "Begin the file with --- , title: The headline , ---"
        if matter.fields:
            help = 'Add to the front matter: title: "The headline"'
        diagnostics.append(error("NG-111", fields.place("title"), "title is missing", help))
    found = (*diagnostics, *fields.diagnostics, *rendered.diagnostics)
    return Parsed(None if has_errors(found) else content, html, found)


def _is_live(path: str, fields: Fields, settings: ParseSettings) -> bool:
    kind = fields.found.get("kind")
    return kind is not None and kind.value == LIVE and kind_of(path, settings.editions) == "article"


def _name_of(path: str) -> str:
    return unicodedata.normalize("NFC", path.rsplit("/", 1)[-1].removesuffix(".md"))


def _article(path: str, fields: Fields, body: model.Body, text: str, settings: ParseSettings) -> model.Article:
    name = _name_of(path)
    date = fields.date("date")
    if dated := _DATED_NAME.match(name):
        date = _date_of_name(fields, date, dated[1])
        name = name[dated.end() :]
    if "tags_evidence" in fields.found:
        fields.mapping("tags_evidence")
    tag, folders = folders_of(path, settings.editions)
    stated = _stated(model.Article, path, fields, body)
    if internal := tuple([tag for tag in stated.get("tags", ()) if slugs.is_internal(tag)]):
        stated["tags"] = tuple([tag for tag in stated["tags"] if tag not in internal])
    changed = [stated.get("updated"), *(one.date for one in stated.get("corrections", ()))]
    stated["updated"] = max((one for one in changed if one), default=None)
    if settings.terms:
        lang = stated.get("lang") or tag or settings.terms
        stated["terms"] = terms(stated["title"], stated.get("description", ""), text, lang)
    article = model.Article(
        **stated,
        internal_tags=internal,
        slug=_slug(fields, name),
        section=fields.text("section") or (unicodedata.normalize("NFC", folders[0]) if folders else "news"),
        date=date[0] if date else None,
        date_only=date[1] if date else False,
        authors=fields.names("author", "authors"),
        kind=fields.choice("kind", settings.kinds, "news"),
    )
    _contradictions(fields, article)
    if settings.require_credit and article.image and not article.image.credit:
        help = f"Say who made it: image: {{src: {article.image.src}, credit: Jane Doe}}"
        message = f'picture "{article.image.src}" has no credit'
        fields.diagnostics.append(warning("NG-124", fields.place("image"), message, help))
    return article


def _page(path: str, fields: Fields, body: model.Body) -> model.Page:
    return model.Page(**_stated(model.Page, path, fields, body), slug=_slug(fields, _name_of(path)))


def _term(path: str, fields: Fields, body: model.Body, family: str, folders: list[str]) -> model.Term:
    stated = _stated(model.Term, path, fields, body)
    folder = unicodedata.normalize("NFC", (*folders, "_index.md")[0]) if family == "section" else ""
    stated["title"] = stated["title"] or folder
    return model.Term(**stated, family=family, slug=_slug(fields, ""), folder=folder, aliases=fields.names("aliases"))


def _stated(kind: type[model.Content], path: str, fields: Fields, body: model.Body) -> dict[str, Any]:
    """What a file states by the keys that are read alike wherever they stand."""
    readers, known = KEYS[kind]
    fields.unknown(known)
    places = {key: (field.line, field.column) for key, field in sorted(fields.found.items())}
    read = {key: reader(fields, key) for key, reader in readers.items() if key in fields.found}
    return {"title": "", **read, "id": path, "body": body, "places": places}


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
    if key == "aliases":  # as it stands in a browser
        path = unquote(path)
    if path and (why := slugs.path_offence(path, spaced=key == "aliases")):
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


def _language(fields: Fields, key: str) -> str:
    lang = fields.text(key)
    if lang and not re.fullmatch(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*", lang):
        fields.refuse("NG-113", fields.found[key], f'"lang" is "{lang}", which is no language tag', "Write lang: en")
        return ""
    return lang.replace("_", "-")


def _contradictions(fields: Fields, article: model.Article) -> None:
    start = max([one for one in (article.publish_at or article.date, article.embargo_until) if one], default=None)
    if article.expires and start and article.expires <= start:
        help = "An article expires after it was published."
        fields.refuse("NG-121", fields.found["expires"], '"expires" is not after the publication', help)
    if article.draft and article.status:
        message = f'"draft" and "status: {article.status}" contradict each other'
        fields.refuse("NG-122", fields.found["status"], message, "Take one of them out.")
    if article.withdrawal and article.status != "withdrawn":
        help = "Add status: withdrawn, or take the text out."
        fields.diagnostics.append(warning("NG-123", fields.place("withdrawal"), "a withdrawal of nothing", help))
    if article.part and not article.series:
        help = 'Add series: "The name of the series", or take the part out.'
        fields.diagnostics.append(warning("NG-435", fields.place("part"), "a part of no series", help))
    if article.live_until and article.kind != LIVE:
        message = '"live_until" says when a live blog ends, and this is none'
        help = "Write kind: live, or remove it. (An article goes offline at its expires.)"
        fields.diagnostics.append(warning("NG-448", fields.place("live_until"), message, help))
    if article.live_until and start and article.live_until <= start:
        fields.refuse("NG-121", fields.found["live_until"], '"live_until" is not after the publication', "Mend it.")
    if article.kind == LIVE and article.access in paywall.LOCKED:
        help = "Write access: free, or make it an article of another kind."
        message = f"a live blog cannot be {article.access}: its updates are open to all"
        fields.refuse("NG-445", fields.found["access"], message, help)


_Reader = Callable[[Fields, str], Any]
_READERS: Final[dict[str, _Reader]] = {
    **dict.fromkeys("title description template series translation_of source_name withdrawal".split(), Fields.text),
    **dict.fromkeys("noindex draft lead feature pin tags_locked".split(), Fields.flag),
    **dict.fromkeys("updated publish_at embargo_until expires live_until".split(), Fields.moment),
    **dict.fromkeys("parents case_sensitive exclude unless".split(), Fields.names),
    "tags": lambda fields, key: fields.names(key, split=True),
    "lang": _language,
    "permalink": lambda fields, key: _site_path(fields, key, fields.text(key)),
    "aliases": lambda fields, key: tuple(_site_path(fields, key, alias) for alias in fields.names(key)),
    "status": lambda fields, key: fields.choice(key, STATUSES),
    "access": lambda fields, key: fields.choice(key, ACCESSES),
    "image": Fields.image,
    "corrections": Fields.corrections,
    "canonical": Fields.url,
    "same_as": Fields.urls,
    "order": Fields.integer,
    "part": lambda fields, key: fields.integer(key, counted=True),
    "extra": Fields.extra,
}


def _keys(kind: type[model.Content], *others: str) -> tuple[dict[str, _Reader], frozenset[str]]:
    """The readers of the fields that a value has, and all keys of its file: with `others`, which are read apart."""
    readers = {key: _READERS[key] for key in kind.__struct_fields__ if key in _READERS and key not in others}
    return readers, frozenset((*readers, *others))


KEYS: Final = {
    model.Article: _keys(
        model.Article, "slug", "date", "author", "authors", "section", "kind", "import", "tags_evidence"
    ),
    model.Page: _keys(model.Page, "slug", "import"),
    model.Term: _keys(model.Term, "slug", "aliases", "import"),
}

"""Front matter of other generators in newsgen's words: what a file states, where it stood, what has no counterpart."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

import msgspec
import yaml

from newsgen.content import dates, frontmatter, slugs
from newsgen.content.fields import MAX_NAME, guess
from newsgen.content.frontmatter import Field, FrontMatter
from newsgen.content.handlers import LOADER, MAX_VALUES
from newsgen.diagnostics import Diagnostic, Outcome, Place, error, warning
from newsgen.importers.boilerplate import Cut, noted
from newsgen.importers.dates import of_line
from newsgen.importers.language import TAG

# What each key means, its hyphens and underscores left out.
_MEANINGS: Final[Mapping[str, str]] = {
    key: meaning
    for meaning, keys in {
        "title": "title headline",
        "description": "description summary excerpt deck dek subtitle subheadline standfirst lede lead teaser abstract "
        "metadescription",
        "date": "date pubdate created createdat datepublished publishedat publisheddate time",
        "publish_at": "publishdate",
        "updated": "updated lastmod modified lastmodified lastmodifiedat lastupdated updatedat "
        "dateupdated datemodified",
        "expires": "expirydate expires expiry unpublishdate unpublishat",
        "authors": "authors author byline writer by",
        "tags": "tags tag topics topic keywords",
        "section": "section categories category",
        "slug": "slug",
        "permalink": "permalink url path saveas",
        "aliases": "aliases alias redirectfrom redirects",
        "elsewhere": "redirectto redirect redirecturl externalurl",
        "lang": "lang language locale",
        "draft": "draft published status",
        "image": "image images cover coverimage featuredimage featureimage featureimg heroimage headerimage "
        "previewimage primaryimage thumbnail banner ogimage header hero",
        "alt": "imagealt coveralt thumbnailalt",
        "caption": "imagecaption imagefigcaption covercaption",
        "credit": "imagecredit coverauthor",
        "series": "series",
        "canonical": "canonical canonicalurl",
        "noindex": "noindex",
        "source_name": "source sourcename",
        "order": "weight navorder order",
    }.items()
    for key in keys.split()
}
_OF_THE_THEME: Final = frozenset(
    "layout template type comments toc math mathjax katex highlight sidebar share sharing sitemap menu menus outputs "
    "markup kind cmsdate inpagetemplate eleventyexcludefromcollections eleventycomputed pagination".split()
)
_TRUE, _FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0", "")
_HIDDEN: Final = ("draft", "private", "hidden", "pending")
_OFFSET = re.compile(r":\d{2}(?:[.,]\d+)?\s*(Z|z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)$")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)|\*\*(.+?)\*\*")
_META = re.compile(r"([A-Za-z][\w-]*):[ \t]*(.*)")
_NIKOLA = re.compile(r"\s*<!--\s*\n((?:\.\. .*\n|[ \t]*\n)+)-->[ \t]*\n?|((?:\.\. \w.*\n)+)")
_NIKOLA_LINE = re.compile(r"\.\. ([\w-]+):[ \t]*(.*)")


class Stated(msgspec.Struct, kw_only=True):
    """What front matter states. `fields` are newsgen's, without its addresses: `slug`, `permalink` and `aliases` are as
    they were written. `values` are the plain texts, by their old keys."""

    fields: dict[str, Any] = msgspec.field(default_factory=dict[str, Any])
    values: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    evidence: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    cuts: list[Cut] = msgspec.field(default_factory=list[Cut])
    diagnostics: list[Diagnostic] = msgspec.field(default_factory=list[Diagnostic])
    categories: tuple[str, ...] = ()
    slug: str = ""
    permalink: str = ""
    aliases: tuple[str, ...] = ()
    hidden: bool = False  # `permalink: false`: it had no page
    name_date: dt.date | None = None


# ---- reading --------------------------------------------------------------------------------------------------------


def read(file: str, text: str, kind: str) -> Outcome[FrontMatter]:
    """The front matter of a file of a site of the `kind`, and its body. YAML that newsgen itself would refuse (a key
    given twice, an alias) is read as the old generator did, the last value of a key, with a warning. `text` has LF
    line ends."""
    if kind == "nikola" and (found := _NIKOLA.match(text)):
        return Outcome(_plain(text, found.end(), _NIKOLA_LINE))
    bare = text.lstrip("\n \t\ufeff") if re.match(r"\s*(?:---|\+\+\+)[ \t]*\w*\n", text) else text
    skipped = text[: len(text) - len(bare)].count("\n")
    if kind == "pelican" and _META.match(bare):
        end = bare.find("\n\n")
        return Outcome(_plain(bare, end + 1 if end >= 0 else len(bare), _META))
    if mark := re.match(r"---[ \t]*(json|js|yaml|toml)[ \t]*\n", bare):
        if mark[1] == "js":
            wrong = error("NG-106", Place(file, 1), "front matter is JavaScript, which is not run", "Write it as YAML.")
            return Outcome(None, (wrong,))
        bare = _as_usual(bare, mark)
    outcome = frontmatter.read(file, bare)
    if any(one.code in ("NG-107", "NG-109") for one in outcome.diagnostics) and bare.startswith("---"):
        outcome = _leniently(file, bare, outcome)
    if not skipped:
        return outcome
    matter = outcome.value
    moved = tuple(msgspec.structs.replace(one, place=_lower(one.place, skipped)) for one in outcome.diagnostics)
    if matter is None:
        return Outcome(None, moved)
    fields = {key: msgspec.structs.replace(one, line=one.line + skipped) for key, one in matter.fields.items()}
    return Outcome(FrontMatter(fields, matter.body, matter.body_line + skipped), moved)


def _lower(place: Place, lines: int) -> Place:
    return msgspec.structs.replace(place, line=place.line + lines if place.line else 0)


def _as_usual(text: str, mark: re.Match[str]) -> str:
    """Front matter whose first line names its language, as it is without that; lines stay where they are."""
    end = re.compile(r"^---[ \t]*$", re.M).search(text, mark.end())
    if end is None or mark[1] == "yaml":
        return "---\n" + text[mark.end() :]
    if mark[1] == "toml":
        return f"+++\n{text[mark.end() : end.start()]}+++{text[end.end() :]}"
    block = text[mark.end() : end.start()].strip()
    return f"{{\n\n{block[1:-1].strip(chr(10))}\n\n}}{text[end.end() :]}" if block.startswith("{") else text


def _plain(text: str, end: int, form: re.Pattern[str]) -> FrontMatter:
    """Front matter of one key a line, up to `end`; an indented line goes on with the value above it."""
    fields: dict[str, Field] = {}
    key = ""
    for number, line in enumerate(text[:end].split("\n"), 1):
        if found := form.fullmatch(line.rstrip()):
            key = found[1].lower()
            fields[key] = Field(found[2].strip(), number, found.start(2) + 1)
        elif key and line[:1].isspace() and line.strip():
            fields[key] = msgspec.structs.replace(fields[key], value=f"{fields[key].value}, {line.strip()}")
    return FrontMatter(fields, text[end:], text.count("\n", 0, end) + 1)


def _leniently(file: str, text: str, refused: Outcome[FrontMatter]) -> Outcome[FrontMatter]:
    end = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.M).search(text, text.index("\n"))
    found: list[Diagnostic] = []
    budget = [MAX_VALUES]

    def field(node: Any) -> Field:
        budget[0] -= 1
        if budget[0] < 0:
            raise RecursionError
        at = node.start_mark.line + 2, node.start_mark.column + 1
        if isinstance(node, yaml.ScalarNode):
            return Field(node.value, *at, plain=not node.style)
        if isinstance(node, yaml.SequenceNode):
            return Field(tuple(field(one) for one in node.value), *at)
        entries: dict[str, Field] = {}
        for key, value in node.value:
            read = field(value)
            if (before := entries.get(str(key.value))) and _same(before) != _same(read):
                advice = "Taken: the last, as most generators do."
                place = Place(file, key.start_mark.line + 2, key.start_mark.column + 1)
                found.append(warning("NG-107", place, f'"{key.value}" is given twice, with two values', advice))
            entries[str(key.value)] = read
        return Field(entries, *at)

    try:
        composed: Any = getattr(yaml, "compose")  # noqa: B009  (it has no types)
        node = composed(text[text.index("\n") + 1 : end.start()], LOADER) if end else None
        root = field(node).value if isinstance(node, yaml.MappingNode) else None
    except (yaml.YAMLError, RecursionError):
        return refused
    if not end or not isinstance(root, dict):
        return refused
    body = text[end.end() :].removeprefix("\n")
    matter = FrontMatter(root, body, text[: len(text) - len(body)].count("\n") + 1)
    return Outcome(matter, tuple(found))


def _same(field: Field) -> Any:
    value = field.value
    if isinstance(value, dict):
        return {key: _same(one) for key, one in value.items()}
    return tuple(_same(one) for one in value) if isinstance(value, tuple) else value


# ---- meaning --------------------------------------------------------------------------------------------------------


def stated(
    file: str, name: str, matter: FrontMatter, kind: str, zone: dt.tzinfo | None, people: Mapping[str, str]
) -> Stated:
    """What the front matter of the file with the `name` states. A time without an offset is on the clock of `zone`, or
    of newsgen's own settings where there is none. `people` are the names of authors by their keys."""
    return _Reading(file, matter, kind, zone, people).result(name)


class _Reading:
    def __init__(
        self, file: str, matter: FrontMatter, kind: str, zone: dt.tzinfo | None, people: Mapping[str, str]
    ) -> None:
        self.file, self.matter, self.kind, self.zone, self.people = file, matter, kind, zone, people
        self.out = Stated()
        self.found: dict[str, list[tuple[str, Field]]] = {}
        self.extra: dict[str, Any] = {}
        for key, field in self._flat():
            if (field.plain and field.absent) or field.value in ("", ()):
                continue
            if isinstance(field.value, str):
                self.out.values[key] = field.value
            self.found.setdefault(_MEANINGS.get(_folded(key), ""), []).append((key, field))

    def _flat(self) -> Iterable[tuple[str, Field]]:
        """All keys, those of Zola's and Hugo's inner tables among them; of one meaning the better one first."""
        inner: list[tuple[str, Field]] = []
        for key, field in self.matter.fields.items():
            if key.lower() in ("taxonomies", "extra", "params") and isinstance(field.value, dict):
                inner += field.value.items()
            else:
                yield key, field
        yield from inner

    def result(self, name: str) -> Stated:
        out, fields = self.out, self.out.fields
        if title := self._first_text("title"):
            fields["title"] = title
        self._dates(name)
        self._people_and_tags()
        self._description()
        self._addresses()
        self._states()
        if lang := self._first_text("lang"):
            fields["lang"] = lang.replace("_", "-")
            if not TAG.fullmatch(fields["lang"]):
                self.extra["lang"] = fields.pop("lang")
        self._image()
        for meaning in ("series", "canonical", "source_name"):
            if (text := self._first_text(meaning)) and (meaning != "canonical" or re.match(r"https?://|/", text)):
                fields[meaning] = text
        self._rest()
        out.fields = {key: fields[key] for key in ORDER if key in fields}
        if self.extra:
            out.fields["extra"] = self.extra
        return out

    # ---- dates ----

    def _dates(self, name: str) -> None:
        out = self.out
        moments = {meaning: self._date(meaning) for meaning in ("date", "publish_at", "updated", "expires")}
        named = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)", name)
        try:
            out.name_date = dt.date(*map(int, named.groups())) if named else None
        except ValueError:
            out.name_date = None
        if moments["date"] is None and moments["publish_at"] is not None:
            moments["date"], out.evidence["date"] = moments.pop("publish_at"), out.evidence.get("publish_at", "")
        if moments["date"] is None and out.name_date:
            moments["date"], out.evidence["date"] = out.name_date, "file name"
        elif out.name_date and _day(moments["date"]) != out.name_date:
            _, field = (self.found.get("date") or self.found["publish_at"])[0]
            message = f"the file's name says {out.name_date}, the front matter {_day(moments['date'])}"
            advice = "The front matter holds. An address made of the other date leads to the article, too."
            out.diagnostics.append(warning("NG-115", Place(self.file, field.line, field.column), message, advice))
        if moments["date"] == moments.get("publish_at"):
            moments.pop("publish_at", None)
        day, end = _day(moments["date"] or moments.get("publish_at")), _day(moments["expires"])
        if day and end and end <= day:
            self.extra["expirydate"] = str(moments.pop("expires"))
            message, advice = f"it expires on {end}, before it is published", "Left out: the date is kept under extra."
            place = Place(self.file, self.found["expires"][0][1].line)
            out.diagnostics.append(warning("NG-121", place, message, advice))
        out.fields.update({key: moment for key, moment in moments.items() if moment is not None})

    def _date(self, meaning: str) -> dt.date | dt.datetime | None:
        for key, field in self.found.get(meaning, ()):
            text = field.value if isinstance(field.value, str) else ""
            if text.lower() in (*_TRUE, *_FALSE):  # published: false
                continue
            if (read := read_date(text, self.zone)) is not None:
                self.out.evidence[meaning] = key
                return read
            if not re.match(r"(?i)(git )?(created|last modified)$", text):
                message = f'"{key}" is "{text[:40]}", which is no date'
                place = Place(self.file, field.line, field.column)
                self.out.diagnostics.append(warning("NG-112", place, message, f"Write it like {dates.FORMS}."))
                self.extra[key] = text
        return None

    # ---- names ----

    def _people_and_tags(self) -> None:
        out = self.out
        authors = [self.people.get(name, self.people.get(name.lower(), name)) for name in self._names("authors")]
        tags = self._names("tags", but=("keywords",)) or self._names("tags")
        if self.kind == "eleventy":
            collections = [tag for tag in tags if tag.lower() in ("post", "posts", "all", "nav", "page", "pages")]
            tags = [tag for tag in tags if tag not in collections]
            for tag in collections:
                self._cut("tags", f"tags: {tag}", "name of a collection of the old site")
        out.categories = tuple(self._names("section"))
        if out.categories:
            out.fields["section"] = out.categories[0]
            tags += out.categories[1:]
        tags = [tag for tag in dict.fromkeys(tags) if not slugs.is_internal(tag)]
        out.fields.update({key: value for key, value in (("authors", authors), ("tags", tags)) if value})

    def _names(self, meaning: str, *, but: tuple[str, ...] = ()) -> list[str]:
        """Names of a list, or of one text: divided at commas (by Jekyll at spaces), or at semicolons."""
        names: dict[str, None] = {}
        for key, field in self.found.get(meaning, ()):
            if key.lower() in but:
                continue
            self.out.evidence.setdefault(meaning, key)
            if isinstance(field.value, str):
                sign = ";" if ";" in field.value else ","
                if self.kind == "jekyll" and meaning in ("tags", "section") and "," not in field.value:
                    sign = " "
                whole = key == "category" if self.kind == "jekyll" else False
                whole = whole or (meaning == "authors" and self.kind != "pelican")
                parts = [field.value] if whole and sign != ";" else field.value.split(sign)
            else:
                entries = field.value if isinstance(field.value, tuple) else (field,)
                parts = [self._name(one) for one in entries]
            names.update(dict.fromkeys(plain(part)[:MAX_NAME] for part in parts if plain(part)))
        return list(names)

    def _name(self, field: Field) -> str:
        if isinstance(field.value, dict):
            named = (field.value[key] for key in ("name", "title", "display_name") if key in field.value)
            return next((self._name(one) for one in named), "")
        return field.value if isinstance(field.value, str) and not (field.plain and field.absent) else ""

    # ---- texts ----

    def _first_text(self, meaning: str) -> str:
        for key, field in self.found.get(meaning, ()):
            one = field.value[0] if isinstance(field.value, tuple) and field.value else field
            if text := plain(self._name(one)):
                self.out.evidence.setdefault(meaning, key)
                return text
        return ""

    def _description(self) -> None:
        """The first that says anything; others that say something else are kept beside it."""
        rank = [key for key, meaning in _MEANINGS.items() if meaning == "description"]
        for key, field in sorted(self.found.get("description", ()), key=lambda one: rank.index(_folded(one[0]))):
            text = plain(field.value) if isinstance(field.value, str) else ""
            if not text:
                continue
            if "description" not in self.out.fields:
                self.out.fields["description"], self.out.evidence["description"] = text, key
            elif text != self.out.fields["description"]:
                self.extra[key] = text

    def _addresses(self) -> None:
        out = self.out
        out.slug = self._first_text("slug")
        for key, field in self.found.get("permalink", ()):
            if isinstance(field.value, str) and (key != "save_as" or not out.permalink):
                out.hidden = out.hidden or field.value.lower() == "false"
                out.permalink = "" if out.hidden else field.value.strip()
        out.aliases = tuple(self._names("aliases"))

    def _states(self) -> None:
        fields = self.out.fields
        for key, field in self.found.get("draft", ()):
            word = field.value.lower() if isinstance(field.value, str) else ""
            if word in {"draft": (*_TRUE, *_HIDDEN), "published": (*_FALSE, *_HIDDEN)}.get(key.lower(), _HIDDEN):
                fields["draft"] = True
                self.out.evidence["draft"] = f"{key}: {word}"
        if any(field.value in _TRUE for _, field in self.found.get("noindex", ())):
            fields["noindex"] = True

    def _image(self) -> None:
        given = {meaning: self._first_text(meaning) for meaning in ("alt", "caption", "credit")}
        for key, field in self.found.get("image", ()):
            one = field.value[0] if isinstance(field.value, tuple) and field.value else field
            inner = one.value if isinstance(one.value, dict) else {"src": one}
            texts = {name: plain(self._name(value)) for name, value in inner.items()}
            named = (texts.get(name) for name in ("src", "url", "path", "image", "feature", "href"))
            src = next(filter(None, named), "")
            if not re.search(r"\.\w{2,5}(?:[?#].*)?$|^https?://", src) or re.search(r"[\s<>\"\\]", src):
                if src.lower() not in (*_TRUE, *_FALSE):
                    self.extra[key] = guess(field)
                continue
            if "image" in self.out.fields:
                if self.out.fields["image"]["src"] != src:
                    self.extra[key] = guess(field)
                continue
            said = {name: texts.get(name) or texts.get(other, "") for name, other in
                    (("alt", "alt_text"), ("caption", "title"), ("credit", "attribution"))}  # fmt: skip
            said = {name: said[name] or given[name] for name in said}
            self.out.fields["image"] = {"src": src, **{name: text for name, text in said.items() if text}}
            self.out.evidence["image"] = key
        if "image" not in self.out.fields:
            self.extra.update({f"image_{meaning}": text for meaning, text in given.items() if text})

    def _rest(self) -> None:
        """What has no counterpart: data are kept under `extra`, words for the old templates are not."""
        for meaning in ("", "order", "elsewhere"):
            for key, field in self.found.get(meaning, ()):
                if _folded(key) in _OF_THE_THEME:
                    self._cut(key, f"{key}: {guess(field)}", "a word for the old site's templates", field.line)
                else:
                    self.extra.setdefault(key, guess(field))

    def _cut(self, key: str, text: str, reason: str, line: int = 0) -> None:
        number = line or next((field.line for name, field in self.matter.fields.items() if name == key), 1)
        self.out.cuts.append(noted(number, text, reason))


ORDER: Final = (
    "title", "date", "updated", "publish_at", "expires", "authors", "section", "tags", "description", "permalink",
    "aliases", "lang", "image", "series", "canonical", "source_name", "noindex", "draft",
)  # fmt: skip


def plain(text: str) -> str:
    """A text without markup: elements and links leave what they hold, entities are the characters they stand for."""
    bare = _LINK.sub(lambda found: found[1] or found[2] or "", _TAG.sub("", text))
    return " ".join(html.unescape(bare).split())


def read_date(text: str, zone: dt.tzinfo | None) -> dt.date | dt.datetime | None:
    """The date that `text` states, with its own offset; else on the clock of `zone`, naive where that is None."""
    text = re.sub(r"UTC(?=[+-])", "", text.strip())
    offset = _OFFSET.search(text)
    own = dates.offset_of(offset[1]) if offset else zone
    try:
        moment, day_only = dates.read(text, own or dt.UTC)
        return moment.date() if day_only else moment if own else moment.replace(tzinfo=None)
    except ValueError:
        pass
    if stated := of_line(text):
        return stated.date
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None


def _folded(key: str) -> str:
    return re.sub(r"[-_\s]", "", key.lower())


def _day(moment: dt.date | dt.datetime | None) -> dt.date | None:
    return moment.date() if isinstance(moment, dt.datetime) else moment

"""`newsgen tags`: why an article has its tags, all articles tagged anew, and names that no tag covers."""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from newsgen.config import CONTENT, ImportSettings, ParseSettings, Settings
from newsgen.content import amend, frontmatter, parse
from newsgen.content.fields import Fields
from newsgen.content.frontmatter import FrontMatter
from newsgen.content.paragraphs import paragraphs
from newsgen.content.slugs import identity
from newsgen.diagnostics import Diagnostic, Outcome, Place, error, has_errors
from newsgen.engine.pool import Progress, silent
from newsgen.engine.sources import read_bytes
from newsgen.importers import files, records
from newsgen.model import Article, Term
from newsgen.news import tagging
from newsgen.news.suggesting import Passage, Suggestion, suggestions
from newsgen.news.tagging import Gazetteer, Hit, TagEvidence
from newsgen.news.taxonomy import claims_of, shared


class Registry(msgspec.Struct, frozen=True):
    """The tags of an edition: their names as a gazetteer, and the title for each name's identity."""

    gazetteer: Gazetteer
    titles: Mapping[str, str]

    def key(self, name: str) -> str:
        """What makes two names of a tag one."""
        return identity(self.titles.get(identity(name), name))


class Text(msgspec.Struct, frozen=True):
    """An article as it lies in its file. `text` has LF line ends, in the file they are `newline` (empty where mixed).

    `mark` is what stands before it, a byte order mark or nothing. `tags` are all that it names, internal ones too.
    """

    file: str
    text: str
    newline: str
    mark: str
    article: Article
    matter: FrontMatter
    tags: tuple[str, ...]

    @property
    def start(self) -> int:
        return len(self.text) - len(self.matter.body)

    @property
    def ours(self) -> Mapping[str, object]:
        """The tags that newsgen has put there, and those of them that a person took out since."""
        own = self.matter.fields.get(amend.EVIDENCE)
        made = self.matter.fields.get("import")
        if own is None and made and isinstance(made.value, dict):
            own = made.value.get(amend.EVIDENCE)
        return own.value if own and isinstance(own.value, dict) else {}

    def place(self, offset: int) -> Place:
        return Place.in_text(self.file, self.text, offset)


class Suggested(msgspec.Struct, frozen=True):
    """A name or phrase that no tag covers: how many articles hold it, how often they do, and where it stands first."""

    phrase: str
    articles: int
    mentions: int
    place: Place


class Mention(msgspec.Struct, frozen=True):
    """A name in an article: where, as it is written there, in which part ("title", "lead", "text"), and for which tags.

    `why` says why it counts for nothing; it is empty where it counts.
    """

    place: Place
    phrase: str
    part: str
    tags: tuple[str, ...]
    why: str = ""


class Verdict(msgspec.Struct, frozen=True):
    """What is to be said of a tag: its evidence, whether an article should have it, and why or why not."""

    evidence: TagEvidence
    score: int
    tagged: bool
    why: str


class Explanation(msgspec.Struct, frozen=True):
    """The evidence for the tags of an article: `tags` are those it has, `proposed` those that it should have."""

    file: str
    title: str
    tags: tuple[str, ...]
    proposed: tuple[str, ...]
    locked: bool
    threshold: int
    max_tags: int
    verdicts: tuple[Verdict, ...]
    mentions: tuple[Mention, ...]


class Retagged(msgspec.Struct, frozen=True):
    """An article whose tags would be others. `text` is the whole file to be, `diff` what differs, for people."""

    file: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    diff: str
    text: str


def registries(root: Path, settings: Settings) -> Outcome[dict[str, Registry]]:
    """The tags of each edition, by its language ("" for the site's own). None where a file of a tag has errors."""
    terms: dict[str, list[Term]] = {"": []}
    found: list[Diagnostic] = []
    for edition in ("", *settings.languages):
        folder = "/".join(filter(None, (CONTENT, edition, "tags")))
        for id, path in files.content_files(root / folder, folder):
            parsed = _parsed(id, read_bytes(path), settings)
            found += parsed.diagnostics
            if isinstance(parsed.content, Term):
                terms.setdefault(edition, []).append(parsed.content)
    site = terms.pop("")
    own = {edition: shared(some, site) for edition, some in terms.items()}
    value = {"": _registry(site), **{edition: _registry([*mine, *others]) for edition, (mine, others) in own.items()}}
    return Outcome(None if has_errors(found) else value, tuple(found))


def explained(text: Text, registry: Registry, settings: ImportSettings) -> Explanation:
    """Every name that the article holds, what its tags score, and which of them it should have."""
    title, pieces = tagging.hits(registry.gazetteer, text.article.title, title=True), list(_passages(text))
    bodies = [tagging.hits(registry.gazetteer, piece) for _, piece in pieces]
    lead = tagging.lead([piece for _, piece in pieces])
    found = tagging.weighed(title, bodies, lead)
    against = tagging.meant_otherwise([title, *bodies])
    parts = [(_title_at(text), text.article.title, "title", title)]
    parts += [
        (at, piece, "lead" if number < lead else "text", hits)
        for number, ((at, piece), hits) in enumerate(zip(pieces, bodies, strict=True))
    ]
    mentions = [one for at, piece, part, hits in parts for one in _mentions(text, at, piece, part, hits, against)]
    revised = tagging.revised(text.tags, tuple(text.ours), found, settings, registry.key).tags
    if text.article.tags_locked:
        revised = text.tags
    return Explanation(
        text.file,
        text.article.title,
        text.tags,
        revised,
        text.article.tags_locked,
        settings.threshold,
        settings.max_tags,
        tuple(_verdict(one, text, registry, revised, settings) for one in found),
        tuple(mentions),
    )


def retagged(text: Text, registry: Registry, settings: ImportSettings) -> Outcome[Retagged]:
    """The article with the tags that its text bears out beside a person's; no value where it has them already."""
    if text.article.tags_locked:
        return Outcome(None)
    revision = tagging.revised(text.tags, tuple(text.ours), evidence(text, registry), settings, registry.key)
    if revision.tags == text.tags:
        return Outcome(None)
    record = {one.tag: {"title": one.title, "body": one.body} for one in revision.evidence}
    after = amend.amended(text.file, text.text, revision.tags, record) if text.newline else None
    if after is None:
        field = text.matter.fields.get(amend.TAGS)
        place = Place(text.file, field.line, field.column) if field else Place(text.file, 1)
        help = f"Write them on one line: {amend.TAGS}: [{', '.join(revision.tags)}]"
        why = "the tags stand in a way that cannot be changed in place"
        if not text.newline:
            why, help = "the lines end in two ways", "Save the file with one kind of line ends."
        return Outcome(None, (error("NG-720", place, why, help),))
    after = _resealed(text, after)
    lines = text.text.splitlines(), after.splitlines()
    diff = "\n".join(difflib.unified_diff(*lines, text.file, f"{text.file} (tagged anew)", lineterm="", n=1))
    whole = text.mark + after.replace("\n", text.newline)
    return Outcome(Retagged(text.file, text.tags, revision.tags, diff, whole))


def write(root: Path, article: Retagged) -> tuple[Diagnostic, ...]:
    """Writes the article whole or not at all."""
    try:
        files.write(root / article.file, article.text, new=False)
    except OSError as failure:
        message = f"{article.file} cannot be written: {failure.strerror}"
        return (error("NG-602", Place(article.file), message, "Check the folder and its permissions, then try again."),)
    return ()


def texts(
    root: Path, settings: Settings, wanted: Collection[str], progress: Progress = silent
) -> Iterator[Outcome[Text]]:
    """The articles under content/ in the order of their files, or those `wanted`; what is wrong with some instead."""
    found = [
        (id, path)
        for id, path in files.content_files(root / CONTENT, CONTENT)
        if parse.kind_of(id, settings.languages) == "article" and (not wanted or _is_wanted(id, wanted))
    ]
    for number, (id, path) in enumerate(sorted(found)):
        try:
            yield read_text(id, read_bytes(path), settings)
        except OSError as failure:
            yield Outcome(None, (error("NG-103", Place(id), f"cannot be read: {failure.strerror}", "Check it."),))
        progress("reading articles", number, len(found))


def suggested(
    root: Path,
    settings: Settings,
    registries: Mapping[str, Registry],
    least: int,
    most: int,
    progress: Progress = silent,
) -> tuple[list[Suggested], list[Suggested]]:
    """The names and the phrases that stand in at least `least` articles and are covered by no tag, `most` of each."""
    files: list[str] = []

    def read() -> Iterator[list[Passage]]:
        files.clear()
        for outcome in texts(root, settings, (), progress):
            if (text := outcome.value) is not None:
                files.append(text.file)
                registry = registries[settings.edition_of(text.article.lang)]
                yield [_covered(at, passage, registry.gazetteer) for at, passage in _passages(text)]

    def placed(found: list[Suggestion]) -> Iterator[Suggested]:
        for one in found:
            number, at = one.first
            text = read_text(files[number], read_bytes(root / files[number]), settings).value
            place = text.place(at) if text else Place(files[number])
            yield Suggested(one.phrase, one.articles, one.mentions, place)

    known = {key for registry in registries.values() for key in registry.titles} | _calendar(settings)
    names, phrases = suggestions(read, least, most, known)
    return list(placed(names)), list(placed(phrases))


def read_text(file: str, data: bytes, settings: Settings) -> Outcome[Text]:
    """The article `file` whose bytes are `data`; no value where it has errors, or no front matter."""
    parsed = _parsed(file, data, settings)
    if not isinstance(parsed.content, Article):
        return Outcome(None, tuple(one for one in parsed.diagnostics if one.severity == "error"))
    raw = data.decode()
    text = raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    ends = set(re.findall("\r\n|\r|\n", raw)) or {"\n"}
    matter = frontmatter.read(file, text).value or FrontMatter({}, text, 1)
    tags = Fields(file, matter.fields, settings.zone()).names(amend.TAGS, split=True)
    mark = raw[: raw.startswith("\ufeff")]
    return Outcome(Text(file, text, ends.pop() if len(ends) == 1 else "", mark, parsed.content, matter, tags))


def evidence(text: Text, registry: Registry) -> tuple[TagEvidence, ...]:
    """The evidence of the title and of the paragraphs of an article."""
    body = [paragraph for _, paragraph in paragraphs(text.matter.body)]
    return tagging.evidence(registry.gazetteer, text.article.title, body)


def _parsed(file: str, data: bytes, settings: Settings) -> parse.Parsed:
    return parse.parse_content(file, data, ParseSettings.of(settings), settings.zone())


def _registry(terms: Sequence[Term]) -> Registry:
    titles = {identity(name): term.title for term in terms for name in (*claims_of(term), *term.case_sensitive)}
    return Registry(tagging.gazetteer(terms), titles)


def _is_wanted(id: str, wanted: Iterable[str]) -> bool:
    return any(id == one or id.startswith(f"{one}/") for one in wanted)


def _resealed(text: Text, after: str) -> str:
    """The text as the importer would own it, where nobody but newsgen has changed it since its import."""
    record = records.record_of(text.file, text.text)
    if record is None or not record.written or records.is_edited(text.text, record):
        return after
    return records.sealed(after.replace(record.written, records.BLANK, 1))


def _passages(text: Text) -> Iterator[tuple[int, str]]:
    """The passages of the body, each with its offset in the text."""
    found = list(paragraphs(text.matter.body))
    pieces = tagging.passages([paragraph for _, paragraph in found])
    for offset, paragraph in found:
        at, end = text.start + offset, text.start + offset + len(paragraph)
        while at < end:
            piece = next(pieces)
            yield at, piece
            at += len(piece)


def _calendar(settings: Settings) -> frozenset[str]:
    """The names of days and months, which are frequent and no tag."""
    from babel import Locale, UnknownLocaleError

    names: list[str] = []
    for lang in (settings.language, *settings.languages):
        with contextlib.suppress(UnknownLocaleError, ValueError):
            locale: Any = Locale.parse(lang, sep="-")
            for kind in (locale.days, locale.months):
                names += [name for width in ("wide", "abbreviated") for name in kind["format"][width].values()]
    return frozenset(map(identity, names))


def _covered(at: int, passage: str, gazetteer: Gazetteer) -> Passage:
    hits = tagging.hits(gazetteer, passage)
    spots = _spots(passage, hits) if hits else ()
    return Passage(at, passage, tuple(spots))


def _spots(passage: str, hits: Sequence[Hit]) -> Iterator[tuple[int, int]]:
    """Where each hit begins and ends in the passage as it is written."""
    plain = tagging.plain(passage)
    seen = [sign.start() for sign in re.finditer(r"\S", passage)]  # the signs of both, which differ in spaces only
    for hit in hits:
        first = hit.start - plain.count(" ", 0, hit.start)
        last = first + len(plain[hit.start : hit.end].replace(" ", "")) - 1
        yield seen[first], seen[min(last, len(seen) - 1)] + 1


def _title_at(text: Text) -> int:
    """Where the title begins in the text: at its first word, or else at its value."""
    field = text.matter.fields["title"]
    start = sum(map(len, text.text.split("\n")[: field.line - 1])) + field.line - 1 + field.column - 1
    word = text.article.title.split(" ", 1)[0]
    return max(text.text.find(word, start, start + 80), start)


def _mentions(
    text: Text, at: int, passage: str, part: str, hits: Sequence[Hit], against: frozenset[str]
) -> Iterator[Mention]:
    for hit, (start, end) in zip(hits, _spots(passage, hits), strict=True):
        phrase = " ".join(passage[start:end].split())
        named = tuple(tag for tag in hit.name.tags if tag not in against or tag not in hit.name.titles)
        why = ""
        if not hit.name.tags:
            why = f"not {' or '.join(hit.name.excluded)}"
        elif not named:
            why = f"something else is meant: the text names what rules out {' and '.join(hit.name.tags)}"
        yield Mention(text.place(at + start), phrase, part, named, why)


def _verdict(
    one: TagEvidence, text: Text, registry: Registry, revised: Sequence[str], settings: ImportSettings
) -> Verdict:
    key = registry.key(one.tag)
    there, ours, after = ({registry.key(tag) for tag in tags} for tags in (text.tags, text.ours, revised))
    tagged = key in (there if text.article.tags_locked else after)
    if key in there - ours:
        why = "a person's tag"
    elif text.article.tags_locked:
        why = "tags_locked: true"
    elif key in ours - there:
        why = "a person took it out"
    elif one.score < settings.threshold:
        why = f"below the threshold of {settings.threshold}"
    else:
        why = "" if tagged else f"others score higher, and max_tags is {settings.max_tags}"
    return Verdict(one, one.score, tagged, why)

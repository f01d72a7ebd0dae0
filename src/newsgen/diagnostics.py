"""What a user is told: diagnostics as values, and the catalogue of their codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, Literal, TypeVar

import msgspec

T = TypeVar("T")

Severity = Literal["error", "warning"]

# Names state the offence. A code is never reused; its text may improve.
CODES: dict[str, str] = {
    # 1xx: an article's file and its front matter
    "NG-101": "file is not valid UTF-8 text",
    "NG-102": "control characters in the text",
    "NG-103": "file cannot be read",
    "NG-104": "unknown key in front matter",
    "NG-105": "front matter is not closed",
    "NG-106": "front matter cannot be parsed",
    "NG-107": "key given twice",
    "NG-108": "front matter is not a mapping of keys to values",
    "NG-109": "alias, tag or depth that front matter may not use",
    "NG-110": "value of the wrong kind",
    "NG-111": "title is missing",
    "NG-112": "not a date",
    "NG-113": "value is not one of those allowed",
    "NG-114": "unusable slug, permalink or alias",
    "NG-115": "date of the file name and of the front matter differ",
    "NG-116": "article has no date",
    "NG-117": "file is empty",
    "NG-118": "file is larger than the limit",
    "NG-119": "unusable file name",
    "NG-120": "link leads out of the site's folders",
    "NG-121": "dates contradict each other",
    "NG-122": "states contradict each other",
    "NG-123": "withdrawal of an article that is not withdrawn",
    "NG-124": "picture without a credit",
    "NG-125": "policy leads nowhere",
    # 2xx: Markdown
    "NG-201": "raw HTML removed",
    "NG-202": "link scheme refused",
    "NG-203": "broken link",
    "NG-204": "image without alternative text",
    "NG-205": "Markdown cannot be rendered",
    "NG-206": "picture that cannot be shown",
    "NG-207": "metadata that cannot be taken out",
    "NG-208": "characters that no font of social cards has",
    "NG-220": "unknown block",
    "NG-221": "block cannot be read",
    "NG-222": "block is not closed",
    "NG-223": "line of colons that ends no block",
    "NG-224": "unknown attribute of a block",
    "NG-225": "block lacks what it needs",
    "NG-226": "block of the other form",
    "NG-227": "attribute of a block with a value that is not allowed",
    "NG-228": "embedded page is not safe",
    "NG-229": "embedded page may not be loaded",
    "NG-230": "data file cannot be read",
    "NG-231": "cell of a data file is not a number",
    "NG-232": "row with more or fewer cells than its table",
    # 3xx: templates
    "NG-301": "template syntax error",
    "NG-302": "template not found",
    "NG-303": "undefined name in a template",
    "NG-304": "template failed while it ran",
    "NG-305": "whole-site list in an article's template",
    "NG-306": "asset not found",
    # 4xx: taxonomy and the plan of pages
    "NG-401": "two owners of one URL",
    "NG-402": "unknown tag",
    "NG-403": "unknown author",
    "NG-404": "two names for one slug",
    "NG-405": "name claimed by two files",
    "NG-406": "parents of a tag form a circle",
    "NG-407": "parent that is no tag",
    "NG-408": "names that differ by accents only",
    "NG-410": "paywall without effect",
    "NG-411": "paywall in a free article",
    "NG-412": "logo that does not exist",
    "NG-415": "permalinks of an unknown section",
    "NG-416": "article without the date that its address asks for",
    "NG-425": "internal tag with a file",
    "NG-426": "collection of what nothing has",
    "NG-427": "unknown collection",
    "NG-435": "part of no series",
    "NG-436": "two parts of one number",
    "NG-440": "time of a live entry cannot be read",
    "NG-441": "heading without a time in a live blog",
    "NG-442": "live blog without entries",
    "NG-443": "two live entries with one anchor",
    "NG-444": "live entries out of order",
    "NG-445": "live blog that is not free",
    "NG-446": "live entry later than the build",
    "NG-447": "breaking banner leads nowhere",
    "NG-448": "end of coverage of what is no live blog",
    "NG-449": "unknown mark of a live entry",
    "NG-450": "catalogue of words that cannot be used",
    "NG-451": "translation of no article",
    "NG-452": "two translations in one language",
    "NG-453": "translations in a circle",
    "NG-454": "translation that names no language",
    # 5xx: settings
    "NG-501": "newsgen.toml is missing",
    "NG-502": "newsgen.toml cannot be parsed",
    "NG-503": "unknown setting",
    "NG-504": "setting of the wrong kind",
    "NG-505": "dangerous output folder",
    "NG-506": "search without Pagefind",
    "NG-507": "language that this Pagefind cannot divide into words",
    "NG-508": "social cards without their fonts",
    "NG-509": "font that cannot be used",
    # 6xx: the output
    "NG-601": "file of somebody else in the way",
    "NG-602": "output cannot be written",
    "NG-603": "another build is running",
    "NG-604": "cache cannot be used",
    "NG-605": "executor cannot be used",
    "NG-606": "output is not what a clean build makes",
    "NG-607": "search index cannot be made",
    # 7xx: import
    "NG-701": "nothing to import",
    "NG-702": "no headline found",
    "NG-703": "edited file left alone",
    "NG-704": "source cannot be imported",
    "NG-720": "tags that cannot be set in place",
    # 8xx: newsgen check
    "NG-801": "link that leads nowhere",
    "NG-802": "anchor that is not in its page",
    "NG-803": "file of a page that is not there",
    "NG-804": "picture of a page without alternative text",
    "NG-805": "page that nothing links to",
    "NG-806": "page without what search engines ask for",
    "NG-807": "article without what those ask for who list news",
    "NG-808": "link to what is gone from another site",
    "NG-809": "link to another site that did not answer",
}


class Place(msgspec.Struct, frozen=True, order=True):
    """Where in a file: `line` and `column` count from 1, from the top of the file; 0 means "the whole file"."""

    path: str
    line: int = 0
    column: int = 0

    @classmethod
    def in_text(cls, path: str, text: str, offset: int) -> Place:
        """The place of the character at an offset of the text of a file, which has LF line ends."""
        return cls(path, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))

    def __str__(self) -> str:
        parts = [self.path, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


class Diagnostic(msgspec.Struct, frozen=True):
    """One mistake: what, where, and what to do. `source` is the line of the file, filled in at the rim."""

    severity: Severity
    code: str
    message: str
    place: Place
    help: str = ""
    source: str = ""

    def order(self) -> tuple[Place, str, str, str]:
        """The total order in which a build's diagnostics are shown."""
        return (self.place, self.code, self.message, self.help)


class Outcome(msgspec.Struct, Generic[T], frozen=True):
    """A value, or None where an error left none, with what there is to say of it."""

    value: T | None
    diagnostics: tuple[Diagnostic, ...] = ()


class Refused(Exception):
    """Carries diagnostics through code that cannot go on. Caught where the user's command is answered."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(f"{d.place}: {d.message}" for d in diagnostics))
        self.diagnostics = diagnostics


def error(code: str, place: Place, message: str, help: str = "") -> Diagnostic:
    """A diagnostic that stops the build. Raises KeyError for a code that the catalogue lacks."""
    return Diagnostic("error", _known(code), message, place, help)


def warning(code: str, place: Place, message: str, help: str = "") -> Diagnostic:
    """A diagnostic that leaves the page right without the thing it speaks of."""
    return Diagnostic("warning", _known(code), message, place, help)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each diagnostic once, sorted by place."""
    return tuple(sorted(set(diagnostics), key=Diagnostic.order))


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(d.severity == "error" for d in diagnostics)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`Did you mean "title"?`, or an empty string where nothing known is near."""
    import difflib  # only a mistake needs it

    folded = {name.casefold(): name for name in sorted(known, reverse=True)}
    near = difflib.get_close_matches(word.casefold(), sorted(folded), n=1, cutoff=0.6)
    return f'Did you mean "{folded[near[0]]}"?' if near else ""


def _known(code: str) -> str:
    if code not in CODES:
        raise KeyError(code)
    return code

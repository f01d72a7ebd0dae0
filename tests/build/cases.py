"""Cases of incremental builds as data, in the manner of mypy's check-incremental.test.

A file of cases holds sections: a line in brackets, and the lines below it.

    [base NAME]             the beginnings of a site, for cases of any file to start from
    [case NAME]             a case; the lines below it are its remark
    [use NAME]              takes in a base

    [file PATH]             writes a file; [file site/PATH] and [file .newsgen/PATH] meddle with newsgen's own
    [bytes PATH]            the lines below, with the escapes of Python's bytes, and no line end after the last
    [link PATH]             a symbolic link to what is named below
    [edit PATH]             `old => new` a line, \\n for a line's end; nothing after the arrow takes out
    [edit unseen PATH]      an edit that leaves the file's size and time as they were
    [picture PATH]          a picture of one colour: 204060 60x40
    [folder PATH]           makes an empty folder
    [delete PATH]           a file or a folder
    [move PATH PATH]        [swap PATH PATH] exchanges what two files hold
    [touch PATH]            [touch back PATH] dates it in 1970
    [damage NAME]           spoils the cache in a way of damage.py
    [at TIME]               the moment, from now on
    [build OPTIONS]         those of this build alone: --drafts --future --strict --no-cache --jobs N --out DIR

With `.2` after the argument it happens in step 2, and so on; step 1 is the first build. What a step did is stated
completely, and a statement that is left out says that nothing of the kind happened:

    [parsed.2]              the files that were parsed
    [rendered.2]            the pages that were rendered, below the reasons why
    [written.2]             the files that were written; [written as rendered.2] where they are the same
    [removed.2]             the files that were removed
    [any written.2]         (or any of these) leaves it open
    [says.2]                the diagnostics, each with its advice behind a dash; left out, those of the step before;
                            [says nothing.2] that there are none

A step with errors publishes nothing, and what it rendered is not told. A line of a file that would begin with a bracket
is written \\[so]. With NEWSGEN_ACCEPT=1 a case's statements are filled in with what happened: read them before you keep
them.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from newsgen.build import BuildReport

FOLDER: Final = Path(__file__).parent / "cases"
ROOT: Final = Path(__file__).parents[2]

ACTIONS: Final = (
    "file", "bytes", "link", "edit", "edit unseen", "picture", "folder", "delete", "move", "swap", "touch", "touch back", "damage", "at", "build",
)  # fmt: skip
FACTS: Final = ("parsed", "rendered", "written", "removed")
OPEN: Final = tuple(f"any {fact}" for fact in FACTS)
STATEMENTS: Final = (*FACTS, *OPEN, "written as rendered", "says", "says nothing")
_KINDS: Final = sorted(("base", "case", "use", *ACTIONS, *STATEMENTS), key=len, reverse=True)
_HEADER: Final = re.compile(rf"\[({'|'.join(_KINDS)})(?: (\S.*?))??(?:\.(\d+))?\]")


class CaseError(Exception):
    """A mistake in a case, or what it says that is not so; begins with file:line."""


class Section(msgspec.Struct, frozen=True):
    """A section as it stands in a file; `place` is file:line of its header, `lines` are those below it."""

    kind: str
    argument: str
    step: int
    place: str
    header: str
    lines: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The lines as a file holds them."""
        return "".join(re.sub(r"^\\\[", "[", line) + "\n" for line in self.lines)

    def wrong(self, message: str) -> CaseError:
        return CaseError(f"{self.place}: {message}")


class Case(msgspec.Struct, frozen=True):
    """A case or a base: its header, what stands below it, and what its bases bring."""

    head: Section
    own: tuple[Section, ...]
    taken: tuple[Section, ...] = ()

    @property
    def name(self) -> str:
        return self.head.argument

    @property
    def steps(self) -> int:
        return max((section.step for section in self.own), default=1)

    def of(self, step: int) -> list[Section]:
        return [section for section in (*self.taken, *self.own) if section.step == step]


# ---- reading --------------------------------------------------------------------------------------------------------


def read(folder: Path = FOLDER) -> list[Case]:
    """The cases of all files of a folder. Raises CaseError."""
    found = [case for path in sorted(folder.glob("*.test")) for case in read_file(path)]
    names: dict[tuple[str, str], Case] = {}
    for one in found:
        other = names.setdefault((one.head.kind, one.name), one)
        if other is not one:
            raise one.head.wrong(f"{other.head.place} has that name already")
        _check(one)
    bases = {name: one for (kind, name), one in names.items() if kind == "base"}
    return [Case(one.head, one.own, tuple(_taken(one, bases))) for one in found if one.head.kind == "case"]


def base(name: str) -> list[Section]:
    """The sections of a base."""
    found = {one.name: one for one in read_file(FOLDER / "bases.test")}
    return [*_taken(found[name], found), *found[name].own]


def read_file(path: Path) -> list[Case]:
    """The bases and cases of a file, as they stand there."""
    found: list[Case] = []
    for section in _sections(path):
        if section.kind in ("base", "case"):
            found.append(Case(section, ()))
        elif found:
            found[-1] = Case(found[-1].head, (*found[-1].own, section))
        else:
            raise section.wrong("a file begins with [base NAME] or [case NAME]")
    return found


def _sections(path: Path) -> list[Section]:
    shown = (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()
    found: list[Section] = []
    for number, line in enumerate(path.read_text("utf-8").removesuffix("\n").split("\n"), 1):
        place = f"{shown}:{number}"
        if parts := _HEADER.fullmatch(line):
            found.append(Section(parts[1], parts[2] or "", int(parts[3] or 1), place, line))
        elif line.startswith("[") or not found:
            raise CaseError(f"{place}: no section begins with {line!r}; a line of a file is written \\[so]")
        else:
            found[-1] = msgspec.structs.replace(found[-1], lines=(*found[-1].lines, line))
    return [_without_blank_end(section) for section in found]


def _without_blank_end(section: Section) -> Section:
    kept = "\n".join(section.lines).rstrip()
    return msgspec.structs.replace(section, lines=tuple(kept.split("\n")) if kept else ())


def _taken(case: Case, bases: Mapping[str, Case]) -> Iterator[Section]:
    for section in case.own:
        if section.kind == "use":
            if section.argument not in bases:
                raise section.wrong(f"there is no [base {section.argument}]")
            base = bases[section.argument]
            yield from (*_taken(base, bases), *base.own)


def _check(case: Case) -> None:
    """Raises CaseError for steps that do not follow each other and for what is stated twice or of the first step."""
    acted = {section.step for section in case.own if section.kind not in STATEMENTS} | {1}
    stated: set[tuple[int, str]] = set()
    for section in case.own:
        fact = section.kind.removeprefix("any ").split()[0] if section.kind in STATEMENTS else ""
        if fact in FACTS and section.step == 1:
            raise section.wrong("of the first build only what it says can be stated")
        if fact and (section.step, fact) in stated:
            raise section.wrong(f"what step {section.step} {fact} is stated twice")
        stated.add((section.step, fact))
        if section.step not in acted:
            raise section.wrong(f"step {section.step} does nothing: give it a [build.{section.step}]")
    wanted = (1,) if case.head.kind == "base" else range(1, max(case.steps, 2) + 1)
    if acted != {*wanted}:
        raise case.head.wrong(f"a case has the steps 1, 2, ..., a base step 1: here are {sorted(acted)}")


# ---- what a step did, and what is stated of it ----------------------------------------------------------------------


class Did(msgspec.Struct, frozen=True):
    """What a step did, in the words of its statements. `rendered` are the reasons by page; empty where it has errors."""

    parsed: frozenset[str]
    rendered: dict[str, str]
    written: frozenset[str]
    removed: frozenset[str]
    says: tuple[str, ...]

    @classmethod
    def of(cls, report: BuildReport, root: Path) -> Did:
        said = (f"{one.severity} {one.code} {one.place} {one.message} - {one.help}" for one in report.diagnostics)
        says = (line.removesuffix(" - ").replace(f"{root}/", "").replace(str(root), "the site") for line in said)
        return cls(
            frozenset(report.parsed),
            {one.path: one.reason for one in report.rendered if report.ok},
            frozenset(report.written),
            frozenset(report.removed),
            tuple(says),
        )

    def facts(self) -> dict[str, set[str]]:
        rendered = {f"{path} ({reason})" for path, reason in self.rendered.items()}
        return {"parsed": {*self.parsed}, "rendered": rendered, "written": {*self.written}, "removed": {*self.removed}}


def unlike(case: Case, step: int, did: Did, before: tuple[str, ...]) -> list[str]:
    """What a step did otherwise than the case states, a line each; `before` is what the step before said."""
    kinds = {section.kind: section for section in case.of(step)}
    found = {**did.facts(), "says": {*did.says}}
    told = kinds.get("says")
    wanted = {"says": {*(told.lines if told else () if "says nothing" in kinds else before)}}
    if step > 1:
        wanted |= {fact: _stated(fact, kinds) for fact in FACTS if f"any {fact}" not in kinds}
    return [
        *(f"{fact} {one} - not stated" for fact in wanted for one in sorted(found[fact] - wanted[fact])),
        *(f"{fact} {one} - stated, but not so" for fact in wanted for one in sorted(wanted[fact] - found[fact])),
    ]


def _stated(fact: str, kinds: Mapping[str, Section]) -> set[str]:
    if fact == "written" and "written as rendered" in kinds:
        return {one.split(" ")[0] for one in _stated("rendered", kinds)}
    if fact not in kinds:
        return set()
    section = kinds[fact]
    return {*(_with_reasons(section) if fact == "rendered" else " ".join(section.lines).split())}


def _with_reasons(section: Section) -> Iterator[str]:
    reason = ""
    for line in section.lines:
        if line.startswith(" ") and reason:
            yield from (f"{path} ({reason})" for path in line.split())
        elif line.endswith(":"):
            reason = line[:-1]
        else:
            raise section.wrong(f"a reason ends with a colon, its pages stand below it behind spaces: {line!r}")


# ---- accepting ------------------------------------------------------------------------------------------------------


def accept(case: Case, steps: Sequence[Did]) -> None:
    """Writes what the steps of a case did into its file, in place of its statements."""
    path = ROOT / case.head.place.rsplit(":", 1)[0]
    before = tuple(line for section in case.taken if section.kind == "says" for line in section.lines)
    blocks: list[list[str]] = []
    for number, did in enumerate(steps, 1):
        blocks.append(_statements(case, number, did, before))
        before = did.says
    texts = [_text(one, blocks if one.head.header == case.head.header else None) for one in read_file(path)]
    path.write_text("\n".join(texts), "utf-8")


def _statements(case: Case, step: int, did: Did, before: tuple[str, ...]) -> list[str]:
    lines: list[str] = []
    kinds = {section.kind for section in case.of(step)}
    for fact, found in did.facts().items() if step > 1 else ():
        if f"any {fact}" in kinds:
            lines.append(f"[any {fact}.{step}]")
        elif fact == "written" and found and found == did.rendered.keys() and "any rendered" not in kinds:
            lines.append(f"[written as rendered.{step}]")
        elif found:
            lines.append(f"[{fact}.{step}]")
            lines += _by_reason(did.rendered) if fact == "rendered" else _wrapped(found)
    if did.says != before:
        end = f".{step}]" if step > 1 else "]"
        lines += [f"[says{end}", *did.says] if did.says else [f"[says nothing{end}"]
    return lines


def _by_reason(reasons: Mapping[str, str]) -> Iterator[str]:
    for reason in sorted(set(reasons.values())):
        yield f"{reason}:"
        yield from _wrapped((path for path in reasons if reasons[path] == reason), "  ")


def _wrapped(paths: Iterable[str], indent: str = "") -> list[str]:
    wrap = textwrap.TextWrapper(118, indent, indent, break_on_hyphens=False, break_long_words=False)
    return wrap.wrap(" ".join(sorted(paths)))


def _text(case: Case, blocks: list[list[str]] | None) -> str:
    lines = [case.head.header, *case.head.lines]
    for step in range(1, case.steps + 1):
        kept = [one for one in case.own if one.step == step and (blocks is None or one.kind not in STATEMENTS)]
        lines += [line for section in kept for line in (section.header, *section.lines)]
        lines += blocks[step - 1] if blocks else []
    return "".join(f"{line}\n" for line in lines)

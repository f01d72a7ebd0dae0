"""Where pieces go in content/: a new file, or that of an earlier version unless an editor changed it."""

from __future__ import annotations

import difflib
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from newsgen import config
from newsgen.content.slugs import identity
from newsgen.diagnostics import Diagnostic, Place, Refused, error, warning
from newsgen.importers import files
from newsgen.importers.files import content_files, is_inside
from newsgen.importers.passes import Made
from newsgen.importers.piece import Carried
from newsgen.importers.records import ImportRecord, existing, is_edited, name_key
from newsgen.importers.report import CarriedFile, ImportedFile, ImportOptions
from newsgen.importers.slug import RESERVED, folder_of, slug_of
from newsgen.project import text_of

CARRIED_TO: Final = ("static/", "content/")


class Placing:
    """What is known of a site's content, and which names were given away.

    `batch` are the hashes of all sources: a content file made of one of them is no earlier version of another.
    """

    def __init__(self, root: Path, options: ImportOptions, tags: AbstractSet[str]) -> None:
        self.root, self.options, self.tags = root, options, tags
        self.existing = existing((name, text_of(path)) for name, path in sorted(_contents(root)))
        self.taken = set(self.existing.names)
        self.batch: frozenset[str] = frozenset()
        self.targets: dict[str, str] = {}
        self.rewritten: set[str] = set()
        self.carried: dict[str, str] = {}
        self.inside: dict[str, bool] = {}

    def unchanged(self, sha256: str) -> ImportRecord | None:
        """The record of the content file that was made of a text with this hash."""
        return self.existing.by_sha256.get(sha256)

    def is_taken(self, path: str) -> bool:
        return name_key(path) in self.taken

    def placed(self, made: Made, base: str) -> ImportedFile:
        """The row of a piece, which is written to its content file. Its files lie in the folder `base`."""
        row = made.row
        if row.kind == "file" and row.result == "written":
            return self._alone(made, base)
        if not made.text:
            return row
        if target := self.targets.get(row.sha256):
            return ImportedFile(file=row.file, item=row.item, sha256=row.sha256, result="duplicate", target=target)
        if same := self.unchanged(row.sha256):
            self.targets[row.sha256] = same.path
            return replace(row, result="unchanged", target=same.path)
        if earlier := self._earlier(row, made):
            record, before = earlier
            if is_edited(before, record):
                return self._left_alone(row, record, before, made)
            return self._written(row, record.path, made, before, base)
        folder = folder_of(row.kind, made.section)
        if row.kind in ("article", "page"):
            return self._written(row, self._free_name(folder, made.slug, row), made, "", base)
        name = "_index" if row.kind == "section" else made.slug or slug_of(str(row.fields["title"]))
        target = f"{config.CONTENT}/{folder}{name}.md"
        if self.is_taken(target) or (row.kind == "tag" and identity(row.fields["title"]) in self.tags):
            return replace(row, result="kept", target=target if self.is_taken(target) else "")
        return self._written(row, target, made, "", base)

    def _alone(self, made: Made, base: str) -> ImportedFile:
        """The row of a source that is carried along as it is."""
        row = replace(made.row, target=made.carried[0].target if made.carried else "")
        if self.options.dry_run:
            return row
        carried = [self._carried(one, base, row.file) for one in made.carried]
        results = {one.result for one, _ in carried}
        result = "error" if "error" in results else "written" if "carried" in results else "unchanged"
        said = tuple(one for _, one in carried if one)
        return replace(row, result=result, carried=tuple(one for one, _ in carried), diagnostics=said)

    def _earlier(self, row: ImportedFile, made: Made) -> tuple[ImportRecord, str] | None:
        """The content file of an earlier version of this source: same name, and a third of the text or the headline.

        Another text under the same name, from another folder, is another source.
        """
        for record in self.existing.by_file.get((row.file, row.item), ()):
            if record.sha256 not in self.batch and record.path not in self.rewritten:
                before = text_of(self.root / record.path)
                if _resembles(before, made.text):
                    return record, before
        return None

    def _left_alone(self, row: ImportedFile, record: ImportRecord, before: str, made: Made) -> ImportedFile:
        advice = (
            f"newsgen import --dry-run {row.file} shows the difference; take over by hand what you want. "
            f"With sha256: {row.sha256} under import: it counts as settled."
        )
        message = f"edited here, and {row.name} has changed since its import: left alone"
        found = (*row.diagnostics, warning("NG-703", Place(record.path), message, advice))
        shown = self._diff(record.path, before, made.text)
        return replace(row, result="edited", target=record.path, preview=shown, diagnostics=found)

    def _free_name(self, folder: str, slug: str, row: ImportedFile) -> str:
        """A name that no other file has; that of a namesake carries the beginning of the source's hash."""
        base = slug or row.kind
        folders = ("", "news/") if folder in ("", "news/") else (folder,)
        for length in (0 if slug else 6, 6, 12, 64):
            name = f"{base}-{row.sha256[:length]}.md" if length else f"{base}.md"
            if not any(self.is_taken(f"{config.CONTENT}/{one}{name}") for one in folders):
                break
        return f"{config.CONTENT}/{folder}{name}"

    def _written(self, row: ImportedFile, target: str, made: Made, before: str, base: str) -> ImportedFile:
        self.taken.add(name_key(target))
        self.targets[row.sha256] = target
        self.rewritten.add(target)
        row = replace(row, result="rewritten" if before else "written", target=target)
        if self.options.dry_run:
            shown = self._diff(target, before, made.text) if before else made.text[: made.text.index("\n---\n") + 5]
            return replace(row, preview=shown)
        carried = [self._carried(one, base, row.file) for one in made.carried]
        said = tuple(one for _, one in carried if one)
        row = replace(row, carried=tuple(one for one, _ in carried), diagnostics=(*row.diagnostics, *said))
        path = self.root / target
        try:
            if not self._is_inside(path):
                raise OSError(0, "a link leads out of the project")
            files.write(path, made.text, new=not before)
        except OSError as failure:
            advice = "Check the folder and its permissions, then import again."
            message = f"{target} cannot be written: {failure.strerror or 'it exists already'}"
            said = (*row.diagnostics, error("NG-602", Place(row.file), message, advice))
            return replace(row, result="error", diagnostics=said)
        return row

    def _is_inside(self, path: Path) -> bool:
        """Whether a file lies in the project, or will; each folder is followed once."""
        folder = str(path.parent)
        if (inside := self.inside.get(folder)) is None:
            inside = self.inside[folder] = is_inside(self.root, path.parent)
        return inside and (not path.is_symlink() or is_inside(self.root, path))

    def _carried(self, one: Carried, base: str, file: str) -> tuple[CarriedFile, Diagnostic | None]:
        """A file that a piece needs, copied to where it is to lie. What lies there already is never replaced."""
        if self.carried.get(one.target) == one.source:
            return CarriedFile(one.target, "there"), None
        try:
            if why := self._offence(one, base):
                raise OSError(0, why)
            copied = files.carry(Path(one.source), self.root / one.target)
            self.carried[one.target] = one.source
            return CarriedFile(one.target, "carried" if copied else "there"), None
        except OSError as failure:
            why = "another file lies there" if isinstance(failure, FileExistsError) else failure.strerror
            message = f"{one.target} was not carried along: {why}"
            advice = "Copy it by hand, or take out what names it."
            return CarriedFile(one.target, "error"), warning("NG-705", Place(file), message, advice)

    def _offence(self, one: Carried, base: str) -> str:
        target = self.root / one.target
        if not one.target.startswith(CARRIED_TO) or ".." in one.target.split("/") or not is_inside(self.root, target):
            return "it would lie outside of static/ and content/"
        return "" if is_inside(Path(base), Path(one.source)) else "it lies outside of the folder that was given"

    def _diff(self, path: str, before: str, after: str) -> str:
        if not self.options.dry_run:
            return ""
        texts = before.splitlines(), after.splitlines()
        return "\n".join(difflib.unified_diff(*texts, path, f"{path} (new import)", lineterm="", n=1)) + "\n"


def check_section(root: Path, section: str) -> None:
    """Raises Refused where articles may not be put into the folder of a section."""
    slug = slug_of(section)
    if section and (not slug or slug in RESERVED):
        why = f"content/{slug}/ is no section" if slug else "it gives no name of a folder"
        raise Refused(error("NG-114", Place(section), f'section "{section}" cannot be used: {why}', "Name a section."))
    if not is_inside(root, root / config.CONTENT / slug):
        advice = "Remove the link."
        raise Refused(error("NG-120", Place(f"{config.CONTENT}/{slug}"), "link leads out of the project", advice))


def _contents(root: Path) -> list[tuple[str, Path]]:
    return list(content_files(root / config.CONTENT, config.CONTENT))


def _resembles(before: str, after: str) -> bool:
    """Whether a content file holds a third of the paragraphs, or the same headline."""
    known = set(before.split("\n"))
    lines = [line for line in after[after.index("\n---\n") + 5 :].split("\n") if line]
    shared = sum(1 for line in lines if line in known)
    return shared * 3 >= len(lines) or after.split("\n", 2)[1] in known

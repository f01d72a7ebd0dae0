"""What content files say of their import: which source they were made of, and whether an editor changed them since."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from newsgen import digest
from newsgen.content import frontmatter
from newsgen.content.frontmatter import Field

BLANK: Final = "0" * (2 * digest.LENGTH)

_KEY = re.compile(r"^import:", re.M)
_SCALAR = r"'(?:[^']|'')*'|[^\s\"'{}\[\],&*!|>%@`#][^{}\[\],\"'\n]*"
_AS_WRITTEN = re.compile(
    rf"^import: \{{file: (?P<file>{_SCALAR}), (?:item: (?P<item>{_SCALAR}), )?"
    r"sha256: '?(?P<sha256>[0-9a-f]{64})'?, written: '?(?P<written>[0-9a-f]{32})'?",
    re.M,
)
_WRITTEN = re.compile(rf"^(import: \{{.*?written: '?){BLANK}", re.M)


class ImportRecord(msgspec.Struct, frozen=True):
    """The content file `path`, made of the source `file` with the SHA-256 `sha256`; `written` is its digest then.

    Of a source of several pieces it is the `item`, and `sha256` is that of what it says.
    """

    path: str
    file: str
    sha256: str
    written: str
    item: str = ""


class Existing(msgspec.Struct, frozen=True):
    """The import records of a site by their source's hash, by its name and item; and the keys of all content files."""

    by_sha256: Mapping[str, ImportRecord] = {}
    by_file: Mapping[tuple[str, str], tuple[ImportRecord, ...]] = {}
    names: frozenset[str] = frozenset()


def existing(contents: Iterable[tuple[str, str]]) -> Existing:
    """What content files say, given by path and text in order; of two made of one source the first stands for both."""
    by_sha256: dict[str, ImportRecord] = {}
    by_file: dict[tuple[str, str], tuple[ImportRecord, ...]] = {}
    names: set[str] = set()
    for path, text in contents:
        names.add(name_key(path))
        if record := record_of(path, text):
            by_sha256.setdefault(record.sha256, record)
            key = record.file, record.item
            by_file[key] = (*by_file.get(key, ()), record)
    return Existing(by_sha256, by_file, frozenset(names))


def name_key(path: str) -> str:
    """What makes two paths one on a file system that folds case or accents."""
    return unicodedata.normalize("NFC", path).casefold()


def record_of(path: str, text: str) -> ImportRecord | None:
    """The import record of a content file; None where it has none. `text` has LF line ends."""
    if not _KEY.search(text):
        return None
    if found := _AS_WRITTEN.search(text):
        file, item = (_unquoted(found[key] or "") for key in ("file", "item"))
        return ImportRecord(path, file, found["sha256"], found["written"], item)
    read = frontmatter.read(path, text).value
    field = read.fields.get("import") if read else None
    inner = field.value if field and isinstance(field.value, dict) else {}
    file, sha256, written, item = (_text(inner.get(key)) for key in ("file", "sha256", "written", "item"))
    return ImportRecord(path, file, sha256, written, item) if file or sha256 else None


def sealed(text: str) -> str:
    """The content file with the digest of what was written in the place of `BLANK`."""
    return _WRITTEN.sub(lambda found: found[1] + digest.of_text(text), text, count=1)


def is_edited(text: str, record: ImportRecord) -> bool:
    """Whether the file differs from what the importer wrote. `text` has LF line ends."""
    return digest.of_text(text.replace(record.written, BLANK, 1)) != record.written if record.written else True


def _unquoted(scalar: str) -> str:
    return scalar[1:-1].replace("''", "'") if scalar.startswith("'") else scalar


def _text(field: Field | None) -> str:
    return field.value if field and isinstance(field.value, str) else ""

"""What a build is told beside its sources: settings, moment and output folder, and where it keeps its state."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from newsgen import config, config_file
from newsgen.config import Settings
from newsgen.diagnostics import Diagnostic, Place, Refused, error
from newsgen.engine import lock, sources


def read_settings(root: Path) -> Settings:
    """The settings of the site at `root`. Raises Refused with all that is wrong in newsgen.toml."""
    path = root / config.FILE
    try:
        text = sources.read_bytes(path).decode("utf-8-sig")
    except FileNotFoundError:
        help = "Run newsgen in the folder of a site, or newsgen -C DIR …; newsgen new DIR makes one."
        raise Refused(error("NG-501", Place(config.FILE), f"there is no {config.FILE} in {root}", help)) from None
    except UnicodeDecodeError as mistake:
        message = f"not UTF-8 text: wrong at byte {mistake.start}"
        raise Refused(error("NG-502", Place(config.FILE), message, "Save the file as UTF-8.")) from None
    except OSError as failure:
        raise Refused(error("NG-502", Place(config.FILE), f"cannot be read: {failure.strerror}", "Mend it.")) from None
    outcome = config_file.parse(text)
    if outcome.value is None:
        raise Refused(*with_source_lines(root, root, outcome.diagnostics))
    return outcome.value


def moment_of(environ: Mapping[str, str]) -> dt.datetime:
    """SOURCE_DATE_EPOCH where it is set, else now. Raises Refused where it is not a number of seconds."""
    epoch = environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return dt.datetime.now(dt.UTC)
    try:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC)
    except (ValueError, OverflowError, OSError):
        help = "Give seconds since 1970, or use --at 2026-11-23T08:00Z."
        raise Refused(error("NG-504", Place("SOURCE_DATE_EPOCH"), f'"{epoch}" is not a moment', help)) from None


def output_folder(root: Path, settings: Settings, given: Path | None) -> Path:
    """The folder `given`, else that of the settings. Raises Refused where newsgen may not write there."""
    if given is None and not settings.output.strip():
        help = 'Name a folder: output = "site"'
        raise Refused(error("NG-505", Place(config.FILE), "the output folder is empty text", help))
    folder = Path(os.path.realpath(given or root / settings.output))
    if why := lock.danger(root, folder):
        help = 'Choose a folder of its own, such as output = "site" or --out /tmp/preview.'
        message = f'output folder "{given or settings.output}" is refused: {why}'
        raise Refused(error("NG-505", Place(str(given or config.FILE)), message, help))
    return folder


def cache_file(root: Path) -> Path:
    return root / config.STATE / "cache.db"


def with_source_lines(root: Path, theme: Path, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each diagnostic with the line of the file that it speaks of, where there is one."""
    lines: dict[str, list[str]] = {}
    found: list[Diagnostic] = []
    for one in diagnostics:
        if one.place.line and not one.source:
            if one.place.path not in lines:
                lines[one.place.path] = _lines(root, theme, one.place.path)
            text = lines[one.place.path]
            if one.place.line <= len(text):
                one = msgspec.structs.replace(one, source=text[one.place.line - 1][:240])
        found.append(one)
    return tuple(found)


def _lines(root: Path, theme: Path, path: str) -> list[str]:
    inner = theme / "templates" / path.removeprefix("theme/")
    file = inner if path.startswith("theme/") and inner.is_file() else root / path
    try:
        return text_of(file).split("\n")
    except OSError:
        return []


def text_of(path: Path) -> str:
    """The text of a file with LF line ends, bytes that are no UTF-8 replaced. Raises OSError."""
    return sources.read_bytes(path).decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")

"""Opens a place that a diagnostic names in the editor of whoever runs the server."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from typing import Final

from newsgen.build import THEME_FOLDER
from newsgen.serve.reload import Live

KNOWN: Final = {
    **dict.fromkeys(("code", "codium", "cursor", "windsurf"), "{name} --goto {file}:{line}:{column}"),
    **dict.fromkeys(("subl", "zed", "hx"), "{name} {file}:{line}:{column}"),
    **dict.fromkeys(("idea", "pycharm", "webstorm"), "{name} --line {line} --column {column} {file}"),
    **dict.fromkeys(("gvim", "mvim"), "{name} +{line} {file}"),
    **dict.fromkeys(("emacsclient",), "{name} --no-wait +{line}:{column} {file}"),
    **dict.fromkeys(("kate", "gedit"), "{name} {file}"),
}
"""How editors with a window of their own are asked for a line."""


def command(editor: str) -> str:
    """The command of a known editor, else what was given, to which the file is added where it names none."""
    if editor in KNOWN:
        return KNOWN[editor].replace("{name}", editor)
    return editor if "{file}" in editor else f"{editor} {{file}}"


def opened(live: Live, root: Path, editor: str, place: str) -> bool:
    """Opens the place of one of the diagnostics that are shown; False where it is none of theirs, or cannot be opened.

    So a page can ask for no other file, and no word of it reaches a shell.
    """
    found = next((one.place for one in live.edition.diagnostics if str(one.place) == place), None)
    if found is None:
        return False
    of_theme = found.path.startswith("theme/")
    file = THEME_FOLDER / "templates" / found.path.removeprefix("theme/") if of_theme else root / found.path
    if not file.is_file():
        return False
    given = {"file": str(file), "line": str(found.line or 1), "column": str(found.column or 1)}
    try:
        words = [word.format(**given) for word in shlex.split(command(editor))]
        subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except (OSError, ValueError, LookupError):
        return False
    return True

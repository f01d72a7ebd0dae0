"""The files that are copied: static/, and the theme's assets; those that templates name have names of their own."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

from newsgen import digest
from newsgen.diagnostics import Diagnostic, Place, error
from newsgen.engine import sources
from newsgen.engine.sources import SourceFile
from newsgen.model import StaticFile
from newsgen.pages.urls import static_offence
from newsgen.work.job import THEME_ASSETS

ASSETS: Final = "assets/"
_SHOWN: Final = 10  # characters of a digest in a name


def static_files(theme: Path, own: Iterable[SourceFile], said: list[Diagnostic]) -> dict[str, StaticFile]:
    """Files by output path: the assets of the theme in the folder `theme`, and those of static/ over them."""
    assets = sources.theme_files(theme / "assets")
    static = {ASSETS + one.id: StaticFile(THEME_ASSETS + one.id, ASSETS + one.id, one.digest) for one in assets}
    for file in own:
        path = file.id.removeprefix("static/")
        if why := static_offence(path):
            message = f"the file's name cannot be published: {why}"
            said.append(error("NG-119", Place(file.id), message, "Rename the file."))
        else:
            static[path] = StaticFile(file.id, path, file.digest)
    return static


def published(static: Mapping[str, StaticFile], named: Collection[str], style: str | None) -> dict[str, str]:
    """The name under which each asset of those `named` is published; of all where "*" is among them.

    It has the digest of what its bytes are made of, so that it may be kept for ever: of a style sheet `style`, too,
    which is added to it. Without a `style` it is its own name.
    """
    names = [path.removeprefix(ASSETS) for path in static if path.startswith(ASSETS)]
    wanted = [name for name in names if name in named or "*" in named]
    return {name: name if style is None else _name(static[ASSETS + name], style) for name in wanted}


def _name(file: StaticFile, style: str) -> str:
    stem, suffix = posixpath.splitext(file.path.removeprefix(ASSETS))
    of = digest.of_value((file.digest, style)) if suffix == ".css" else file.digest
    return f"{stem}.{of[:_SHOWN]}{suffix}"


def copied(static: Mapping[str, StaticFile], names: Mapping[str, str], *, plain: bool) -> dict[str, StaticFile]:
    """Of the files those that are copied as they are: not assets of the theme that have the `names` of `published`, nor
    assets of the site where these are their own, `plain` names."""
    return {
        path: one
        for path, one in static.items()
        if not (plain or one.id.startswith(THEME_ASSETS)) or path.removeprefix(ASSETS) not in names
    }


def assets(static: Mapping[str, StaticFile], names: Mapping[str, str]) -> dict[str, StaticFile]:
    """The assets by the output paths that `published` gives them."""
    return {ASSETS + to: static[ASSETS + name] for name, to in names.items()}

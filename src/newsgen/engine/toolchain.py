"""What built the site: every version that can change a byte of it, as one digest for the keys."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import Final

from newsgen import digest

DISTRIBUTIONS: Final = frozenset(
    "babel jinja2 lightningcss markdown_it_py markupsafe mdit_py_plugins msgspec nh3 pillow pygments "
    "python_frontmatter pyyaml tzdata".split()
)


CARDS: Final = frozenset(
    "fontpkg_frank_ruhl_libre fontpkg_noto_sans_arabic fontpkg_source_sans_3 fontpkg_source_serif_4 fonttools".split()
)
"""What newsgen[cards] installs."""


@lru_cache(maxsize=1)
def toolchain() -> str:
    """The digest of Python's version, of newsgen's own source and of the versions of the libraries it renders with.

    Versions are read off the names of the installed metadata folders: importlib.metadata would cost a no-op build more
    than everything else it does.
    """
    package = Path(__file__).parents[1]
    files = (*package.rglob("*.py"), package / "content" / "background.txt")
    own = [(path.relative_to(package).as_posix(), digest.of_bytes(path.read_bytes())) for path in files]
    return digest.of_value([sys.version, sorted(own), sorted(installed(DISTRIBUTIONS))])


@lru_cache(maxsize=1)
def encoder() -> str:
    """The digest of what pictures are opened and written with, and of nothing else: to make them again is dear.

    The list of the files of Pillow tells its codecs, by the digests that it has of them.
    """
    return _made_with(("metadata.py", "pictures.py"))


@lru_cache(maxsize=1)
def letterer() -> str:
    """The digest of what social cards are drawn with: as `encoder`, and the fonts of newsgen[cards]."""
    return digest.of_value([_made_with(("lettering.py", "social_cards.py")), [*installed(CARDS)], [*fonts().items()]])


@lru_cache(maxsize=1)
def fonts() -> dict[str, tuple[str, str]]:
    """The upright fonts of newsgen[cards] by their names, each a file and its digest; none where one is missing."""
    found: dict[str, tuple[str, str]] = {}
    folders = installed(CARDS)
    for folder in folders.values() if len(folders) == len(CARDS) else ():
        for line in (folder / "RECORD").read_text("utf-8").splitlines():
            path, _, of = line.rpartition(",")[0].rpartition(",")
            if (font := re.fullmatch(r'"?(fontpkg\w+/files/(\w+)(?:\[[\w,]+\])?\.ttf)"?', path)) and of:
                found[font[2]] = str(folder.parent / font[1]), digest.of_text(of)
    return dict(sorted(found.items()))


def _made_with(modules: tuple[str, ...]) -> str:
    content = Path(__file__).parents[1] / "content"
    own = [digest.of_bytes((content / name).read_bytes()) for name in modules]
    lists = [path / "RECORD" for name, path in installed(DISTRIBUTIONS).items() if name.startswith("pillow-")]
    return digest.of_value([sys.version, own, [digest.of_bytes(one.read_bytes()) for one in lists if one.is_file()]])


@lru_cache(maxsize=4)
def installed(names: frozenset[str]) -> dict[str, Path]:
    """The metadata folders of those of some libraries that are installed, by their names, which tell the version."""
    found: dict[str, Path] = {}
    for folder in {entry for entry in sys.path if entry}:
        for path in Path(folder).glob("*.dist-info") if Path(folder).is_dir() else ():
            name = re.sub(r"[-_.]+", "_", path.name.split("-")[0]).lower()
            if name in names:
                found[path.name] = path
    return found

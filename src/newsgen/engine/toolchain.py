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
    content = Path(__file__).parents[1] / "content"
    own = [digest.of_bytes((content / name).read_bytes()) for name in ("metadata.py", "pictures.py")]
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

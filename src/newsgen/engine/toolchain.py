"""What built the site: every version that can change a byte of it, as one digest for the keys."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import Final

from newsgen import digest

DISTRIBUTIONS: Final = frozenset(
    "babel jinja2 lightningcss markdown_it_py markupsafe mdit_py_plugins msgspec nh3 pygments python_frontmatter "
    "pyyaml tzdata".split()
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
    return digest.of_value([sys.version, sorted(own), sorted(_installed())])


def _installed() -> set[str]:
    found: set[str] = set()
    for folder in {entry for entry in sys.path if entry}:
        for path in Path(folder).glob("*.dist-info") if Path(folder).is_dir() else ():
            name = re.sub(r"[-_.]+", "_", path.name.split("-")[0]).lower()
            if name in DISTRIBUTIONS:
                found.add(path.name)
    return found

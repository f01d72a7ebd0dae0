"""The addresses that a publication took away, and who most likely holds now what stood there.

That depends on history: it is a notice, and no diagnostic, which a clean build would have to say too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec

from newsgen.pages.keys import Published
from newsgen.pages.urls import file_of
from newsgen.work.job import Planned

_TOLD: Final = ("article", "page", "alias")


class Gone(msgspec.Struct, frozen=True):
    """A path of the site at which nothing stands any more; `file` should have it as an alias, empty where none fits."""

    path: str
    file: str = ""


def gone(paths: Iterable[str], before: Published, planned: Planned, texts: Sequence[str]) -> tuple[Gone, ...]:
    """Of the removed files `paths` those of articles and pages, unless an alias leads on or they were withheld.

    `texts` are the digests of the texts of the planned pages.
    """
    withheld = planned.editions.withheld()
    leads = {file_of(alias) for cards in planned.cards.values() for one in cards for alias in one.aliases}
    leads |= {file_of(alias) for index in planned.editions for one in index.pages for alias in one.aliases}
    was = {page.path: (page, record.text) for page, record in zip(before.pages, before.records, strict=True)}
    alive = planned.editions.files()
    heirs: dict[str, str] = {}
    for page, text in zip(planned.pages, texts, strict=True):
        if page.make in ("article", "page") and page.path not in was:
            heirs.update((key, page.source) for key in _traits(page.path, text))
    found: list[Gone] = []
    for path in paths:
        page, text = was.get(path, (None, ""))
        if path in leads or (page and (page.make not in _TOLD or page.source in withheld)):
            continue
        file = page.source if page and page.source in alive else ""
        file = file or next((heirs[key] for key in _traits(path, text) if key in heirs), "")
        if page or file:  # of what is known by its path alone only what has an heir
            found.append(Gone(f"/{path.removesuffix('index.html')}", file))
    return tuple(found)


def _traits(path: str, text: str) -> Iterator[str]:
    """What tells that two pages are one: the digest of the text, else the last segment of the path."""
    if text:
        yield text
    yield f"/{path.removesuffix('/index.html').removesuffix('.html').rsplit('/', 1)[-1]}"

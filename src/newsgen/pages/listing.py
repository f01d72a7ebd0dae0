"""Lists of articles over as many pages as they need: the addresses of these and what each shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from newsgen import digest
from newsgen.model import ArticleRef, Listing
from newsgen.pages import urls
from newsgen.pages.catalogue import Named
from newsgen.pages.planner import Address, Planner

T = TypeVar("T")


def addresses(
    planner: Planner, make: str, folder: str, template: str, source: str, number: int, total: int
) -> Iterator[Address]:
    """The pages of a list of articles; its first has no number, and an empty list has one page."""
    for page in range(1, _count(planner, total) + 1):
        yield Address(make, urls.numbered(folder, page), template, source, number, page)


def _count(planner: Planner, total: int) -> int:
    return max(1, -(-total // planner.settings.per_page))


def listing(planner: Planner, folder: str, numbers: Sequence[int], page: int) -> Named:
    """Page `page` of the list of the articles `numbers` whose first is that of `folder`."""
    return paged(planner, folder, numbers, page, planner.catalogue.refs_digest, planner.catalogue.refs)


def paged(
    planner: Planner,
    folder: str,
    items: Sequence[T],
    page: int,
    digest_of: Callable[[Sequence[T]], str],
    refs: Callable[[Sequence[T]], tuple[ArticleRef, ...]],
) -> Named:
    """As `listing` of `items`, some of which `refs` makes refs and `digest_of` the digest of these."""
    size, count = planner.settings.per_page, _count(planner, len(items))
    shown = items[(page - 1) * size : page * size]

    def value() -> Listing:
        all = planner.kept((folder, count), lambda: _urls(planner, folder, count))
        return Listing(
            articles=refs(shown),
            number=page,
            pages=count,
            total=len(items),
            urls=all,
            prev_url=all[page - 2] if page > 1 else "",
            next_url=all[page] if page < count else "",
        )

    def of() -> str:
        return digest.of_value((digest_of(shown), page, count, len(items), folder))

    return Named(of, value)


def _urls(planner: Planner, folder: str, count: int) -> tuple[str, ...]:
    return tuple([planner.url(urls.numbered(folder, number)) for number in range(1, count + 1)])

"""Whether two generators made the same site: the same addresses, about the same bytes, the same words."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

MACHINES = {"sitemap.xml": "sitemap", "robots.txt": "robots", "404.html": "404"}
HUBS = {"tags": "tag", "authors": "author"}
TOLERANCE = 0.05  # of all bytes, and of those of the articles' pages and the feeds
WORDS = 0.9  # of the words of a page that both must have
SAMPLES = 5  # pages of each kind whose words are compared


@dataclass(frozen=True)
class Made:
    """The files that a generator published, by their address in common; (kind, path) each."""

    files: Mapping[str, tuple[str, Path]]

    @classmethod
    def of(cls, output: Path) -> Made:
        paths = (path for path in output.rglob("*") if path.is_file())
        named = ((*_kind(path.relative_to(output).as_posix()), path) for path in paths)
        return cls({address: (kind, path) for kind, address, path in named if kind})

    def without(self, kinds: Collection[str]) -> Made:
        return Made({address: found for address, found in self.files.items() if found[0] not in kinds})

    def counts(self) -> Counter[str]:
        return Counter(kind for kind, _ in self.files.values())

    def bytes(self) -> Counter[str]:
        total: Counter[str] = Counter()
        for kind, path in self.files.values():
            total[kind] += path.stat().st_size
        return total


def compare(ours: Made, theirs: Made, lacks: Collection[str] = ()) -> tuple[list[list[str]], list[str]]:
    """A table of pages and bytes by kind (a row each: kind, pages, pages, bytes, bytes), and what is not alike.

    Kinds that the peer lacks are in the table only.
    """
    rows = _table(ours, theirs)
    ours, theirs = ours.without(lacks), theirs.without(lacks)
    return rows, [*_addresses(ours, theirs), *_sizes(ours.bytes(), theirs.bytes()), *_words(ours, theirs)]


def _table(ours: Made, theirs: Made) -> list[list[str]]:
    kinds = sorted(ours.counts() | theirs.counts())
    pages, sizes = (ours.counts(), theirs.counts()), (ours.bytes(), theirs.bytes())
    rows = [[kind, *(f"{found[kind]:,}" for found in (*pages, *sizes))] for kind in kinds]
    rows.append(["all", *(f"{found.total():,}" for found in (*pages, *sizes))])
    return rows


def _kind(path: str) -> tuple[str, str]:
    """Kind and address of an output file; an article's address is without its folder, which differs by generator.

    No kind: dotfiles, the assets of a theme, and Zola's redirects from page/1/ to the list.
    """
    name = path.rsplit("/", 1)[-1]
    if path in MACHINES:
        return MACHINES[path], path
    if name in ("feed.xml", "atom.xml", "feed.json"):
        return "feed", path
    if name != "index.html" or path.endswith("page/1/index.html"):
        return "", path
    folders = re.sub(r"(^|/)page/\d+/", r"\1", path).split("/")[:-1]
    if not folders:
        return "home", path
    if folders[0] in HUBS:
        return (HUBS[folders[0]] if folders[1:] else "index"), path
    return ("section", path) if len(folders) == 1 else ("article", folders[-1])


def _addresses(ours: Made, theirs: Made) -> Iterable[str]:
    for who, here, there in (("the peer", theirs, ours), ("newsgen", ours, theirs)):
        if missing := sorted(there.files.keys() - here.files.keys()):
            yield f"{who} lacks {len(missing):,} files: {', '.join(missing[:3])} …"


def _sizes(ours: Counter[str], theirs: Counter[str]) -> Iterable[str]:
    compared = {"all": (ours.total(), theirs.total())}
    compared |= {kind: (ours[kind], theirs[kind]) for kind in ("article", "feed")}
    for kind, (one, two) in compared.items():
        if abs(one - two) > TOLERANCE * max(one, two):
            yield f"bytes of {kind}: {one:,} and {two:,} differ by more than {TOLERANCE:.0%}"


def _words(ours: Made, theirs: Made) -> Iterable[str]:
    """Pages of each kind, evenly spread, that do not say the same."""
    for kind in sorted(ours.counts()):
        shared = sorted(a for a, (found, _) in ours.files.items() if found == kind and a in theirs.files)
        for address in shared[:: max(1, len(shared) // SAMPLES)]:
            one, two = (_text(made.files[address][1]) for made in (ours, theirs))
            share = (one & two).total() / max(1, one.total(), two.total())
            if kind not in ("sitemap", "robots") and share < WORDS:
                yield f"{address}: only {share:.0%} of the words are the same"


def _text(path: Path) -> Counter[str]:
    """The words of a page without its tags; of a feed also those of the articles that it carries."""
    text = path.read_text("utf-8")
    for _ in range(2):
        text = html.unescape(re.sub(r"<[^>]*>", " ", text))
    return Counter(text.split())

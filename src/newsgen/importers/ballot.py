"""What the texts of a batch say together: whose they are, which lines are their outlet's, which texts nearly repeat."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from zlib import crc32

import msgspec
from msgspec.structs import replace

from newsgen.importers import boilerplate
from newsgen.importers.boilerplate import Votes, is_prose
from newsgen.importers.headline import Ending, endings, proven
from newsgen.importers.text import Paragraph, folded

SMALL: Final = 50  # texts: in a batch of so few what ends three titles is an outlet's name
SHINGLE: Final = 5  # words in a row
SKETCH: Final = 64  # hashes of shingles, the smallest, that stand for a text
KEYS: Final = 6  # of these by which texts are looked up
UNSPACED: Final = 20  # letters to a word, from which a text has no spaces between words
NEAR: Final = 0.7  # share of shingles from which two texts are told as near duplicates
LOOKED_AT: Final = 24  # texts that share a hash and are compared with another


class Ballot(msgspec.Struct, frozen=True, array_like=True):
    """What one text contributes: what may be an outlet's name in its title, the one that a repeated headline proves,
    the host or folder that it comes from, its lines at the edges, and the sketch of its prose."""

    file: str
    endings: tuple[Ending, ...] = ()
    proven: str = ""
    home: str = ""
    edges: bytes = b""
    sketch: bytes = b""
    encoding: str = ""  # where its letters had to tell it
    language: str = ""


class Count(msgspec.Struct, frozen=True):
    """The count of a batch of `texts`: how many titles each outlet ends, the sections that stand before its name, the
    votes by outlet or home; of texts that nearly repeat an earlier one, which; the encodings that letters told, and the
    languages."""

    texts: int = 0
    outlets: Mapping[str, int] = {}
    sections: Mapping[str, frozenset[str]] = {}
    votes: Mapping[str, Votes] = {}
    near: Mapping[str, str] = {}
    encodings: Mapping[str, str] = {}
    languages: Mapping[str, str] = {}

    def of(self, title: str, home: str) -> Votes:
        """The votes that count for a text."""
        votes = self.votes.get(_group(endings(title), home, self.outlets), Votes())
        return replace(votes, outlets=self.outlets, sections=self.sections, batch=self.texts)


def ballot(
    file: str, title: str, body: Sequence[Paragraph], link: str, encoding: str = "", language: str = ""
) -> Ballot:
    """What a text contributes; `body` begins with the line of its headline, `link` is its address."""
    prose = (line.text for line in body if is_prose(line.text))
    ends, edges = tuple(endings(title)), boilerplate.edges(body)
    return Ballot(file, ends, folded(proven(body)), home(file, link), edges, sketch(prose), encoding, language)


def home(file: str, link: str) -> str:
    """The host of a text's address, else the folder in which it lies."""
    return re.sub(r"^\w+://(?:www\.)?|[/?#].*$", "", link).casefold() or file.rpartition("/")[0]


def count(ballots: Sequence[Ballot]) -> Count:
    """The count of a batch."""
    outlets = _outlets(ballots)
    groups: dict[str, list[Ballot]] = {}
    for one in ballots:
        groups.setdefault(_group(one.endings, one.home, outlets), []).append(one)
    votes = {group: boilerplate.votes([one.edges for one in some]) for group, some in groups.items()}
    encodings = {one.file: one.encoding for one in ballots if one.encoding}
    languages = {one.file: one.language for one in ballots}
    return Count(len(ballots), outlets, _sections(ballots, outlets), votes, _near(ballots), encodings, languages)


def _group(ends: Iterable[Ending], home: str, outlets: Mapping[str, int]) -> str:
    named = [one.name for one in ends if one.name in outlets]
    return f"outlet {max(named, key=lambda name: outlets[name])}" if named else f"home {home}"


def _outlets(ballots: Sequence[Ballot]) -> dict[str, int]:
    """The names that end titles and are outlets', with the number of titles.

    Others end titles by habit of headlines ("… – Police"). An outlet's name is proven by a repeated headline, ends half
    of the titles of a folder or host, or a fifth of all, or goes with lines that stand in hardly any text without it.
    """
    titles = Counter(one.name for ballot in ballots for one in ballot.endings)
    least = 3 if len(ballots) > 10 else 2
    candidates = {name: number for name, number in titles.items() if number >= least}
    if len(ballots) <= SMALL or not candidates:
        return candidates
    homes = Counter(one.home for one in ballots)
    lines = Counter(line for one in ballots for line in boilerplate.unpacked(one.edges))
    in_homes, with_lines = Counter[tuple[str, str]](), Counter[tuple[str, bytes]]()
    for one in ballots:
        for name in {ending.name for ending in one.endings} & candidates.keys():
            in_homes[name, one.home] += 1
            common = (line for line in boilerplate.unpacked(one.edges) if lines[line] >= least)
            with_lines.update((name, line) for line in common)
    found = {one.proven for one in ballots}
    found |= {name for name, number in candidates.items() if number * 5 >= len(ballots)}
    found |= {name for (name, home), number in in_homes.items() if number >= 3 and number * 2 >= homes[home]}
    found |= {
        name
        for (name, line), number in with_lines.items()
        if number >= 3 and number * 2 >= candidates[name] and number * 5 >= lines[line] * 3
    }
    return {name: number for name, number in candidates.items() if name in found}


def _sections(ballots: Sequence[Ballot], outlets: Mapping[str, int]) -> dict[str, frozenset[str]]:
    """What stands between headline and outlet where nearly all titles of the outlet have one of few such parts."""
    before: dict[str, Counter[str]] = {}
    for ballot in ballots:
        for one in ballot.endings:
            if one.name in outlets and one.section:
                before.setdefault(one.name, Counter())[one.section] += 1
    return {
        name: frozenset(parts)
        for name, parts in before.items()
        if parts.total() * 5 >= outlets[name] * 4 and len(parts) * 3 <= parts.total()
    }


def sketch(paragraphs: Iterable[str]) -> bytes:
    """The smallest hashes of the runs of five words of a text, which two texts share as they share the runs.

    Of a text without spaces its signs are the words.
    """
    text = " ".join(paragraphs).casefold()
    words = list(map(crc32, text.encode("utf-8", "replace").split()))
    if len(words) * UNSPACED < len(text):
        words = list(map(ord, text))
    runs = set(map(hash, zip(*(words[n:] for n in range(SHINGLE)), strict=False)))  # numbers hash alike everywhere
    return array("q", sorted(runs)[:SKETCH]).tobytes()


def _near(ballots: Iterable[Ballot]) -> dict[str, str]:
    """For each text that nearly repeats an earlier one: which, and how much of the two is the same."""
    buckets: dict[int, list[Ballot]] = {}
    near: dict[str, str] = {}
    for one in ballots:
        hashes = array("q", one.sketch)
        if len(hashes) < KEYS:
            continue
        candidates = {id(other): other for key in hashes[:KEYS] for other in buckets.get(key, ())}
        shares = ((_share(hashes, array("q", other.sketch)), other.file) for other in candidates.values())
        share, file = max(shares, default=(0.0, ""))
        if share >= NEAR:
            near[one.file] = f"{file} ({share:.0%})"
            continue
        for key in hashes[:KEYS]:
            if len(bucket := buckets.setdefault(key, [])) < LOOKED_AT:
                bucket.append(one)
    return near


def _share(one: Sequence[int], other: Sequence[int]) -> float:
    """How much of two texts is the same, judged by their sketches."""
    smallest = sorted({*one, *other})[:SKETCH]
    return len({*one} & {*other} & {*smallest}) / len(smallest)

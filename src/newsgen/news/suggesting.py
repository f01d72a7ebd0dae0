"""Names and phrases that an archive repeats and no tag covers.

A name is what stands with capitals in running text; a word that begins a sentence is one only where it has its capital
elsewhere too. A phrase is two or three words in lower case that keep company. Both need scripts that have capitals.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

import msgspec

from newsgen.content.slugs import identity
from newsgen.content.terms import is_common

COMPANY: Final = 0.2  # of the articles that hold the rarer word of a phrase, so many hold the phrase
WHOLE: Final = 0.8  # of the articles that hold a phrase, so many hold a longer one, which then stands for both
ELSEWHERE: Final = 0.1  # of the articles where a word begins sentences, so many have it with its capital elsewhere
OFTEN: Final = 0.1  # of all articles: a word in so many does not begin or end a phrase
LONGEST: Final = 3  # words of a phrase
_CLOSE: Final = 10  # times `most`: so many are compared with each other

_WORD = re.compile(r"[^\W\d_](?:[\w’'.-]*\w)?")
_BETWEEN: Final = frozenset("of the de la le du des del der den van von bin al".split())
_BEFORE_SENTENCES: Final = frozenset('.!?:…*>#|["“„«(‘-')


class Suggestion(msgspec.Struct, frozen=True):
    """A name or phrase: the articles that hold it, how often they do, and the first, by its number and the offset."""

    phrase: str
    articles: int
    mentions: int
    first: tuple[int, int]


class Passage(msgspec.Struct, frozen=True):
    """A passage of an article: where it begins there, and the spans in it that tags cover."""

    at: int
    text: str
    covered: Sequence[tuple[int, int]] = ()


class _Seen:
    """How often each phrase was seen, and where first."""

    def __init__(self) -> None:
        self.articles, self.mentions = Counter[str](), Counter[str]()
        self.first: dict[str, tuple[int, int]] = {}

    def add(self, number: int, found: Iterable[tuple[str, int]]) -> None:
        """Counts the phrases of an article, each with its offset."""
        there: set[str] = set()
        for phrase, at in found:
            there.add(phrase)
            self.mentions[phrase] += 1
            self.first.setdefault(phrase, (number, at))
        self.articles.update(there)

    def take(self, phrase: str, unsure: _Seen, words: Counter[str]) -> None:
        """Counts a phrase that begins sentences, without its first word where that has its capital from the sentence.

        `words` counts the articles that hold each word in lower case.
        """
        whole, at = phrase, 0
        while (parts := phrase.partition(" "))[0] and self._is_lent(parts[0], parts[2], words):
            phrase, at = parts[2], at + len(parts[0]) + 1
        named = at or " " in phrase or self.articles[phrase] >= ELSEWHERE * unsure.articles[phrase]
        if len(phrase) > 1 and named:
            number, offset = unsure.first[whole]
            self.articles[phrase] += unsure.articles[whole]
            self.mentions[phrase] += unsure.mentions[whole]
            self.first[phrase] = min(self.first.get(phrase, (number, offset + at)), (number, offset + at))

    def _is_lent(self, first: str, rest: str, words: Counter[str]) -> bool:
        """Whether a word has its capital from its sentence: it is in lower case elsewhere, or its name begins later."""
        named = self.articles[first]
        return words[first.lower()] > named or (rest in self.articles and not named)

    def best(self, least: int, most: int, known: Container[str]) -> list[Suggestion]:
        """The most frequent in `least` articles, without those that hardly ever stand outside a longer one."""
        often = [phrase for phrase, count in self.articles.items() if count >= least and identity(phrase) not in known]
        often.sort(key=lambda phrase: (-self.articles[phrase], -self.mentions[phrase], phrase))
        often = often[: most * _CLOSE]
        inner = {
            part
            for phrase in often
            for part in _parts(phrase)
            if part in self.articles and self.articles[phrase] >= WHOLE * self.articles[part]
        }
        kept = [phrase for phrase in often if phrase not in inner][:most]
        return [Suggestion(one, self.articles[one], self.mentions[one], self.first[one]) for one in kept]


def suggestions(
    read: Callable[[], Iterable[Sequence[Passage]]], least: int, most: int, known: Container[str] = ()
) -> tuple[list[Suggestion], list[Suggestion]]:
    """The names and the phrases, at most `most` of each, that stand in at least `least` of the articles.

    `read` gives the passages of each article, and is called twice, so that none need be kept. `known` are identities of
    names that are left out.
    """
    sure, unsure, words = _Seen(), _Seen(), Counter[str]()
    total = 0
    for number, passages in enumerate(read()):
        total += 1
        found = [one for passage in passages for one in _names(passage)]
        certain = {phrase for phrase, _, is_sure in found if is_sure}
        sure.add(number, ((phrase, at) for phrase, at, _ in found if phrase in certain))
        unsure.add(number, ((phrase, at) for phrase, at, _ in found if phrase not in certain))
        words.update({word for passage in passages for word in _WORD.findall(passage.text) if word[0].islower()})
    for phrase in unsure.articles:
        sure.take(phrase, unsure, words)
    for phrase in [one for one in sure.articles if not one.isupper() and words[one.lower()] > sure.articles[one]]:
        del sure.articles[phrase]  # a heading, or the first word of an item
    most_often = max(OFTEN * total, least)
    edges = {word for word, count in words.items() if least <= count <= most_often and _may_be_edge(word)}
    phrases = _Seen()
    for number, passages in enumerate(read()):
        phrases.add(number, ((phrase, at) for passage in passages for phrase, at in _phrases(passage, edges)))
    for phrase, count in list(phrases.articles.items()):
        if count < least or count < COMPANY * min(words[word] for word in phrase.split(" ") if word in edges):
            del phrases.articles[phrase]
    return sure.best(least, most, known), phrases.best(least, most, known)


def _names(passage: Passage) -> Iterator[tuple[str, int, bool]]:
    """Runs of words with capitals, where each begins, and whether a sentence may be why it has its first one."""
    text = passage.text
    run: list[re.Match[str]] = []
    for word in (*_WORD.finditer(text), None):
        near = run and word and text[run[-1].end() : word.start()] == " "
        if word and ((word[0][0].isupper() and (near or not run)) or (near and word[0] in _BETWEEN)):
            run.append(word)
        else:
            if run:
                yield from _run(passage, run)
            run = [word] if word and word[0][0].isupper() else []


def _run(passage: Passage, run: list[re.Match[str]]) -> Iterator[tuple[str, int, bool]]:
    while not run[-1][0][0].isupper():
        run = run[:-1]
    if _is_covered(passage, run[0].start(), run[-1].end()):
        parts = [list(part) for named, part in groupby(run, lambda word: word[0][0].isupper()) if named]
        if len(parts) > 1:  # Ada Berg of a place that has a tag
            for part in parts:
                yield from _run(passage, part)
        return
    before = passage.text[: run[0].start()].rstrip()
    begins = not before or before[-1] in _BEFORE_SENTENCES
    phrase = re.sub("['’]s$", "", " ".join(word[0] for word in run))
    if len(phrase) > 1:
        yield phrase, passage.at + run[0].start(), not begins


def _lower(passage: Passage) -> Iterator[tuple[str, int]]:
    """The words without a capital, outside what tags cover."""
    for word in _WORD.finditer(passage.text):
        if word[0].islower():
            yield word[0], word.start()


def _phrases(passage: Passage, edges: set[str]) -> Iterator[tuple[str, int]]:
    """Two or three words in lower case that begin and end with one of `edges`."""
    words = list(_lower(passage))
    for number, (word, at) in enumerate(words):
        if word not in edges:
            continue
        phrase = word
        for following, start in words[number + 1 : number + LONGEST]:
            if start != at + len(phrase) + 1 or passage.text[start - 1] != " ":
                break
            phrase = f"{phrase} {following}"
            if following in edges and not _is_covered(passage, at, at + len(phrase)):
                yield phrase, passage.at + at


def _may_be_edge(word: str) -> bool:
    return len(word) > len("the") and not is_common(word)


def _is_covered(passage: Passage, start: int, end: int) -> bool:
    return any(first < end and start < last for first, last in passage.covered)


def _parts(phrase: str) -> Iterator[str]:
    """The runs of words inside a phrase that are shorter than it."""
    words = phrase.split(" ")
    for size in range(1, len(words)):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])

"""Tags, authors, series and sections: which names are one, what each is called, and where two claim the same thing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain

import msgspec

from newsgen.content.slugs import identity, is_internal, offence, slug_of
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, error, warning
from newsgen.model import Article, Body, Card, Extra, Term

PLURAL = {"tag": "tags", "author": "authors", "series": "series", "section": "sections"}

_identity = lru_cache(maxsize=50_000)(identity)

Where = Callable[[str, str], Place]
"""The place at which an article, by its id, names those of a family."""

Users = dict[str, str]
"""The id of the first article that names a key."""

ByName = dict[str, list[int]]
"""The numbers of the articles that give a name, as it is written."""


class Entry(msgspec.Struct, frozen=True):
    """One tag, author, series or section: `key` is the identity of its title."""

    key: str
    title: str
    slug: str
    term: Term | None = None
    source: str = ""


class Vocabulary(msgspec.Struct, frozen=True):
    """All entries of a family, by key; `names` leads every name, aliases included, to the key of its entry."""

    family: str
    entries: dict[str, Entry]
    names: dict[str, str]
    implied: dict[str, tuple[str, ...]]

    def keys_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """The keys of `names`, each followed by those of its parents, each once."""
        return tuple(dict.fromkeys([key for name in names for key in self.keys_of_name(name)]))

    def keys_of_name(self, name: str) -> tuple[str, ...]:
        """The key of a name and those of its parents."""
        key = self.names[_identity(name)]
        return (key, *self.implied.get(key, ()))


def vocabulary(
    family: str,
    terms: Iterable[Term],
    articles: Sequence[Article | Card],
    named: ByName,
    where: Where,
    *,
    known_only: bool,
) -> tuple[Vocabulary, list[Diagnostic]]:
    """The entries of `family` that the files and the published articles name, sorted by title."""
    found: list[Diagnostic] = []
    entries, names = _registered(family, terms, found)
    spellings, users = _unclaimed(named, articles, names)

    def place(entry: Entry) -> Place:
        return _at(entry.term, "title") if entry.term else where(users[entry.key], family)

    for key in sorted(spellings):
        title = min(spellings[key], key=lambda name: (-spellings[key][name], name))
        names[key] = key
        entries[key] = Entry(key, title, slug_of(title), source=users[key])
        if known_only:
            code = {"tag": "NG-402", "author": "NG-403"}[family]
            known = [name for one in entries.values() if one.term for name in (one.title, *one.term.aliases)]
            help = did_you_mean(title, known) or f"Add content/{PLURAL[family]}/{slug_of(title)}.md, or take it out."
            found.append(warning(code, where(users[key], family), f'unknown {family} "{title}"', help))
    found.extend(_clashes(family, entries, place))
    found.extend(_near_twins(family, entries, place))
    implied, circles = _parents(entries, names)
    ordered = dict(sorted(entries.items(), key=lambda item: (item[1].title.casefold(), item[0])))
    return Vocabulary(family, ordered, names, implied), [*found, *circles]


def _registered(family: str, terms: Iterable[Term], found: list[Diagnostic]) -> tuple[dict[str, Entry], dict[str, str]]:
    entries: dict[str, Entry] = {}
    names: dict[str, str] = {}
    for term in sorted(terms, key=lambda term: term.id):
        key = identity(term.title)
        slug = _slug(term)
        if why := offence(slug):
            message = f'slug "{slug}" cannot be used: {why}'
            found.append(error("NG-114", _at(term, "slug"), message, "Use letters, digits and -."))
            continue
        claims = claims_of(term)
        if internal := next((name for name in claims if family == "tag" and is_internal(name)), ""):
            message, help = f'"{internal}" is an internal tag and has no page', "Take the # away, or the name out."
            found.append(error("NG-425", _at(term, "title" if internal == term.title else "aliases"), message, help))
            continue
        for name in claims:
            other = names.get(identity(name))
            if other is not None and other != key:
                where = entries[other].source if other in entries else other
                message = f'{family} "{name}" is claimed by two files: {where} and {term.id}'
                found.append(error("NG-405", _at(term, "aliases"), message, "Take the name out of one of them."))
            elif other == key and key in entries and entries[key].source != term.id:
                message = f'{family} "{term.title}" has two files: {entries[key].source} and {term.id}'
                found.append(error("NG-405", _at(term, "title"), message, "Join the two files into one."))
                break
            names.setdefault(identity(name), key)
        entries.setdefault(key, Entry(key, term.title, slug, term, term.id))
    return entries, names


def claims_of(term: Term) -> tuple[str, ...]:
    """The names that a file claims: its title, a section's folder, and its aliases."""
    return (term.title, *((term.folder,) if term.folder else ()), *term.aliases, *term.also)


def _slug(term: Term) -> str:
    return term.slug or slug_of(term.folder or term.title)


def shared(own: Iterable[Term], terms: Sequence[Term]) -> tuple[list[Term], list[Term]]:
    """The `own` terms of an edition, and the `terms` of the site's own of which it has but the names.

    A term of its own stands for one of these that has its slug or one of its names, and answers to all names of that.
    """
    at = {(one.family, _slug(one)): number for number, one in enumerate(terms)}
    of_name = {(one.family, identity(name)): number for number, one in enumerate(terms) for name in claims_of(one)}
    stand: set[int] = set()
    mine: list[Term] = []
    for one in own:
        keys = (at.get((one.family, _slug(one))), *(of_name.get((one.family, identity(n))) for n in claims_of(one)))
        numbers = dict.fromkeys(number for number in keys if number is not None)
        names = (name for number in numbers for name in claims_of(terms[number]))
        mine.append(msgspec.structs.replace(one, also=tuple(names)))
        stand.update(numbers)
    others = [one for number, one in enumerate(terms) if number not in stand]
    return mine, [msgspec.structs.replace(one, body=Body(), description="", extra=Extra()) for one in others]


def used(vocabulary: Vocabulary, keep: Callable[[Entry], bool]) -> Vocabulary:
    """The vocabulary without entries that are not to be kept, unless one that is implies them."""
    kept = {key for key, entry in vocabulary.entries.items() if keep(entry)}
    kept.update([above for key in kept for above in vocabulary.implied.get(key, ())])
    return Vocabulary(
        vocabulary.family,
        {key: entry for key, entry in vocabulary.entries.items() if key in kept},
        {name: key for name, key in vocabulary.names.items() if key in kept},
        {key: above for key, above in vocabulary.implied.items() if key in kept},
    )


def numbers_by_name(family: str, articles: Iterable[Article | Card]) -> ByName:
    """The numbers of the articles that give each name, in their order."""
    found: ByName = {}
    for number, article in enumerate(articles):
        for name in names_in(article, family):
            found.setdefault(name, []).append(number)
    return found


def members(vocabulary: Vocabulary, named: ByName) -> dict[str, list[int]]:
    """The numbers of the articles under each key, in their order: an article under a tag is under its parents too."""
    lists: dict[str, list[list[int]]] = {}
    for name, numbers in named.items():
        for key in vocabulary.keys_of_name(name):
            lists.setdefault(key, []).append(numbers)
    return {key: of[0] if len(of) == 1 else sorted({*chain.from_iterable(of)}) for key, of in lists.items()}


def _unclaimed(
    named: ByName, articles: Sequence[Article | Card], names: dict[str, str]
) -> tuple[dict[str, dict[str, int]], Users]:
    """How often each identity that no file claims is spelt in which way, and the first article that names it."""
    spellings: dict[str, dict[str, int]] = {}
    users: Users = {}
    for name, numbers in named.items():
        if (key := _identity(name)) not in names:
            first = min([articles[number].id for number in numbers])
            spellings.setdefault(key, {})[name] = len(numbers)
            users[key] = min(users.get(key, first), first)
    return spellings, users


def names_in(article: Article | Card, family: str) -> tuple[str, ...]:
    """The names of `family` that the article's file gives."""
    if family == "tag":
        return article.tags
    if family == "author":
        return article.authors
    if family == "series":
        return (article.series,) if article.series else ()
    return (article.section,)


def _clashes(family: str, entries: dict[str, Entry], place: Callable[[Entry], Place]) -> Iterable[Diagnostic]:
    by_slug: dict[str, Entry] = {}
    for key in sorted(entries):
        entry = entries[key]
        other = by_slug.setdefault(entry.slug.casefold(), entry)
        if other is not entry:
            both = f'"{other.title}" ({other.source}) and "{entry.title}" ({entry.source})'
            message = f'{family} {both} share the slug "{entry.slug}"'
            where = "an _index.md" if family == "section" else f"a file under content/{PLURAL[family]}/"
            help = f"Give one of them {where} with a slug of its own, or make one an alias."
            yield error("NG-404", place(entry), message, help)


def _near_twins(family: str, entries: dict[str, Entry], place: Callable[[Entry], Place]) -> Iterable[Diagnostic]:
    """Names that differ only by Latin or Greek accents are probably one."""
    if family == "section":
        return
    groups: dict[str, list[Entry]] = {}
    for key in sorted(entries):
        groups.setdefault(_without_accents(key), []).append(entries[key])
    for group in groups.values():
        for entry in group[1:]:
            message = f'{family} "{group[0].title}" and "{entry.title}" differ by accents only'
            file = f"content/{PLURAL[family]}/{slug_of(group[0].title)}.md"
            help = f"If they are one, add the other to the aliases of {file}."
            yield warning("NG-408", place(entry), message, help)


def _without_accents(key: str) -> str:
    kept: list[str] = []
    base = ""
    for character in unicodedata.normalize("NFD", key):
        if not unicodedata.combining(character):
            base = unicodedata.name(character, "")
            kept.append(character)
        elif not base.startswith(("LATIN", "GREEK")):
            kept.append(character)
    return "".join(kept).replace("ı", "i")


def _parents(entries: dict[str, Entry], names: dict[str, str]) -> tuple[dict[str, tuple[str, ...]], list[Diagnostic]]:
    """The parents that each key implies, near ones first; circles and unknown parents are errors."""
    found: list[Diagnostic] = []
    direct: dict[str, tuple[str, ...]] = {}
    for key, entry in sorted(entries.items()):
        for parent in entry.term.parents if entry.term else ():
            above = names.get(identity(parent))
            if above is None or entries[above].term is None:
                near = did_you_mean(parent, (one.title for one in entries.values() if one.term))
                message, help = f'parent "{parent}" is no tag with a file', near or "Give it a file of its own."
                found.append(error("NG-407", _at(entry.term, "parents"), message, help))
            else:
                direct[key] = (*direct.get(key, ()), above)
    implied: dict[str, tuple[str, ...]] = {}
    for key in direct:
        above, circle = _ancestors(key, direct)
        implied[key] = above
        if circle:
            help = "Take the parent out of one of them."
            way = ", ".join(entries[k].title for k in above)
            message = f'"{entries[key].title}" is its own parent{f", by way of {way}" if way else ""}'
            found.append(error("NG-406", _at(entries[key].term, "parents"), message, help))
    return implied, found


def _ancestors(key: str, direct: dict[str, tuple[str, ...]]) -> tuple[tuple[str, ...], bool]:
    above: dict[str, None] = {}
    queue = list(direct.get(key, ()))
    while queue:
        one = queue.pop(0)
        if one not in above:
            above[one] = None
            queue.extend(direct.get(one, ()))
    return tuple(one for one in above if one != key), key in above


def _at(term: Term | None, key: str) -> Place:
    return Place(term.id, *term.places.get(key, term.places.get("title", (1, 1)))) if term else Place("")

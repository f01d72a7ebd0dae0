"""Templates as values: what each one refers to, and what its closure is. Nothing here loads Jinja.

The closure and the names come from the syntax tree, never from watching a render: a cached template or a macro's module
would be missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from newsgen import digest
from newsgen.pages.languages import NO_CATALOGUES, Catalogues

THEME: Final = "theme/"
_CATALOGUE: Final = re.compile(r"locale/([^/]+)\.po")
_FRAGMENT: Final = re.compile(r"fragments/(.*)\.html", re.S)

# Names that change whenever any article does: an article's page that reads one is rebuilt with all the others.
WHOLE_SITE: Final = ("articles", "latest", "section_fronts", "tags", "authors", "sections", "collections")


class TemplateSource(msgspec.Struct, frozen=True):
    """A template's text; `path` is what a user is told, `digest` that of the text."""

    name: str
    path: str
    text: str
    digest: str


class Analysis(msgspec.Struct, frozen=True):
    """What a template's own text refers to. `computed`: it includes or extends a name known only when it runs.

    Each collection and each asset comes with the line that names it first; "*" is one whose name is computed.
    """

    references: tuple[str, ...]
    computed: bool
    names: tuple[str, ...]
    fragments: tuple[str, ...]
    collections: tuple[tuple[str, int], ...] = ()
    assets: tuple[tuple[str, int], ...] = ()


class Closure(msgspec.Struct, frozen=True):
    """A template with all that it may reach: their digest, the names, fragments, collections and assets that they read.

    `published` is the digest of the names under which these assets are published.
    """

    digest: str
    names: frozenset[str]
    fragments: tuple[str, ...]
    collections: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    published: str = ""


class Theme(msgspec.Struct, frozen=True):
    """All templates of a site by name: the theme's, those of the site over them, and the theme's as theme/NAME.

    `catalogues` are its words in other languages, those of the site after the theme's. `assets` are the names under
    which those that templates name are published, by these names.
    """

    sources: dict[str, TemplateSource]
    catalogues: Catalogues = NO_CATALOGUES
    assets: dict[str, str] = {}

    @classmethod
    def of(cls, theme: Iterable[TemplateSource], site: Iterable[TemplateSource]) -> Theme:
        sources: dict[str, TemplateSource] = {}
        catalogues: dict[str, tuple[str, ...]] = {}
        for own, some in ((True, theme), (False, site)):
            for source in some:
                if tag := catalogue_tag(source.name):
                    catalogues[tag] = (*catalogues.get(tag, ()), source.text)
                    continue
                sources[source.name] = source
                if own:
                    sources[THEME + source.name] = source
        return Theme(dict(sorted(sources.items())), catalogues)


def catalogue_tag(name: str) -> str:
    """The language of a file of templates/ that is a catalogue; empty of all others."""
    found = _CATALOGUE.fullmatch(name)
    return found[1].lower().replace("_", "-") if found else ""


def closures(theme: Theme, analyses: Mapping[str, Analysis]) -> dict[str, Closure]:
    """The closure of every template. An absent name stays in the digest as absent, so that its coming is seen."""
    return {name: _closure(name, theme, analyses) for name in theme.sources}


def _closure(name: str, theme: Theme, analyses: Mapping[str, Analysis]) -> Closure:
    reached: dict[str, str] = {}
    names: set[str] = set()
    fragments: set[str] = set()
    collections: set[str] = set()
    assets: set[str] = set()
    queue = [name]
    while queue:
        one = queue.pop()
        if one in reached:
            continue
        source, analysis = theme.sources.get(one), analyses.get(one)
        reached[one] = source.digest if source else "absent"
        if analysis:
            names.update(analysis.names)
            fragments.update(analysis.fragments)
            collections.update(name for name, _ in analysis.collections)
            assets.update(name for name, _ in analysis.assets)
            queue.extend(theme.sources if analysis.computed else analysis.references)
    placed = sorted(fragments)
    if "*" in fragments:
        placed = [one[1] for name in theme.sources if (one := _FRAGMENT.fullmatch(name))]
    return Closure(
        digest=digest.of_value(sorted(reached.items())),
        names=frozenset(names),
        fragments=tuple(placed),
        collections=tuple(sorted(collections)),
        assets=tuple(sorted(assets)),
    )


def with_assets(closure: Closure, published: Mapping[str, str]) -> Closure:
    """The closure with the digest of the names under which its assets are `published`."""
    names = [(name, to) for name, to in published.items() if name in closure.assets or "*" in closure.assets]
    return msgspec.structs.replace(closure, published=digest.of_value(names)) if names else closure

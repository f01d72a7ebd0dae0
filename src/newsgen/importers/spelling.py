"""Tags that sources spell in several ways: one name for all spellings that would share a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from newsgen.content import slugs
from newsgen.content.slugs import identity
from newsgen.importers.compose import Spellings
from newsgen.model import Term


def spellings(counts: Mapping[str, int], registry: Iterable[Term]) -> Spellings:
    """The names of tags of which `counts` says how many sources spell them so.

    Spellings of one slug ("Open data", "open-data") are one tag: by the name that the registry has, else the one that
    most sources use, of equals the first by the alphabet. An alias in the registry gives way to its tag's name.
    """
    registered: dict[str, str] = {}
    for term in registry:
        registered |= {identity(name): term.title for name in (*term.aliases, term.title)}
    by_slug = {slugs.slug_of(name): title for name, title in registered.items()}
    groups: dict[str, list[str]] = {}
    for name in sorted(counts):
        if not slugs.is_internal(name):
            groups.setdefault(slugs.slug_of(name), []).append(name)
    names: dict[str, str] = {}
    aliases: dict[str, tuple[str, ...]] = {}
    for slug, group in groups.items():
        title = by_slug.get(slug) or max(group, key=lambda name: (counts[name], [-ord(sign) for sign in name]))
        names |= {name: title for name in group if name != title}
        new = {identity(name): name for name in reversed(group) if identity(name) not in (identity(title), *registered)}
        if new:
            aliases[title] = tuple(sorted(new.values()))
    return Spellings(names, aliases)

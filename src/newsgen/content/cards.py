"""The card of an article: what the plan knows of it without reading it again."""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from newsgen import digest
from newsgen.model import Article, Body, Card

_ALIKE: Final = tuple(name for name in Card.__struct_fields__ if name in Article.__struct_fields__ and name != "image")
_alike: Final = attrgetter(*_ALIKE)


def card(article: Article) -> Card:
    """The card of `article`: a change that leaves it alone leaves every list, and where each page lives, alone."""
    a = article
    told, flags = (a.title, a.description, a.lang), (a.lead, a.feature, a.pin)
    facts = digest.of_value(
        (a.id, told, a.date, a.date_only, a.updated, a.kind, a.image, a.access, flags, a.internal_tags, a.extra)
    )
    return Card(
        **dict(zip(_ALIKE, _alike(article), strict=True)),
        head=digest.of_value((told, a.noindex, a.canonical)),
        facts=facts,
        view=digest.of_value((facts, a.corrections, a.source_name, a.withdrawal)),
        image=a.image.src if a.image else "",
        corrected=tuple([one.date for one in a.corrections]),
        unlisted=a.noindex or bool(a.canonical),
        beside=beside(a.body),
        pictures=pictures(a.body),
        origins=a.body.origins,
    )


def beside(body: Body) -> tuple[str, ...]:
    """The targets in a body that may be files beside its source: relative ones, but for links to other sources."""
    paths = (one.target.split("#")[0].split("?")[0] for one in body.references if not one.target.startswith("/"))
    return tuple(dict.fromkeys(path for path in paths if path and not path.endswith(".md")))


def pictures(body: Body) -> tuple[str, ...]:
    """The targets in a body that are shown as pictures."""
    return tuple(dict.fromkeys([one.target for one in body.references if one.picture]))

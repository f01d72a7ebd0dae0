"""The card of an article: what the plan knows of it without reading it again."""

from __future__ import annotations

from newsgen import digest
from newsgen.model import Article, Body, Card


def card(article: Article) -> Card:
    """The card of `article`: a change that leaves it alone leaves every list, and where each page lives, alone."""
    a = article
    told = (a.title, a.description, a.lang)
    head = digest.of_value((told, a.noindex, a.canonical))
    facts = digest.of_value(
        (a.id, told, a.date, a.date_only, a.updated, a.kind, a.image, a.access, a.lead, a.feature, a.pin, a.extra)
    )
    view = digest.of_value((facts, a.corrections, a.series, a.source_name))
    return Card(
        id=a.id,
        slug=a.slug,
        section=a.section,
        head=head,
        facts=facts,
        view=view,
        date=a.date,
        tags=a.tags,
        authors=a.authors,
        kind=a.kind,
        date_only=a.date_only,
        updated=a.updated,
        permalink=a.permalink,
        aliases=a.aliases,
        draft=a.draft,
        publish_at=a.publish_at,
        embargo_until=a.embargo_until,
        expires=a.expires,
        status=a.status,
        image=a.image.src if a.image else "",
        template=a.template,
        unlisted=a.noindex or bool(a.canonical),
        beside=beside(a.body),
    )


def beside(body: Body) -> tuple[str, ...]:
    """The targets in a body that may be files beside its source: relative ones, but for links to other sources."""
    paths = (one.target.split("#")[0].split("?")[0] for one in body.references if not one.target.startswith("/"))
    return tuple(dict.fromkeys(path for path in paths if path and not path.endswith(".md")))

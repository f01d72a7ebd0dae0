"""The maker of the log of corrections, newest first, and of its feeds; there only where anything was corrected.

A correction is listed as its article, with its own text, date and address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from msgspec.structs import replace

from newsgen import digest
from newsgen.model import ArticleRef
from newsgen.pages import channels
from newsgen.pages.catalogue import Named, plain
from newsgen.pages.listing import addresses, paged
from newsgen.pages.planner import Address, Draft, Drafts, Planner

FOLDER: Final = "corrections"


def pages(planner: Planner) -> Iterator[Address]:
    if log := planner.index.corrections:
        yield from addresses(planner, "corrections", planner.folder(FOLDER), "corrections.html", "", 0, len(log))
        for name in planner.catalogue.feed_files if planner.origin else ():
            yield Address("corrections feed", planner.folder(FOLDER, name))


def _refs(planner: Planner, shown: Sequence[tuple[int, int]]) -> tuple[ArticleRef, ...]:
    articles = planner.catalogue.refs([number for number, _ in shown])
    return tuple([_ref(planner, ref, *one) for ref, one in zip(articles, shown, strict=True)])


def _ref(planner: Planner, ref: ArticleRef, number: int, nth: int) -> ArticleRef:
    correction = planner.catalogue.article(number).corrections[nth]
    url = f"{ref.url}#correction-{nth + 1}"
    return replace(
        ref, url=url, summary=correction.text, date=correction.date, date_only=True, updated=None, image=None
    )


def _digest(planner: Planner, shown: Sequence[tuple[int, int]]) -> str:
    return digest.of_text(" ".join([f"{planner.catalogue.view_digest(number)} {nth}" for number, nth in shown]))


def _page(planner: Planner, at: Address) -> Draft:
    log = planner.index.corrections
    shown = paged(planner, planner.folder(FOLDER), log, at.page, partial(_digest, planner), partial(_refs, planner))
    files = planner.catalogue.feed_files if planner.origin else ()
    feed_url = planner.url(planner.folder(FOLDER, files[0])) if files else ""
    title = planner.language.say("Corrections")
    meta = planner.meta(title, "corrections", at.path, feed_url=feed_url, feed_title=title)
    return planner.templated(at.path, at.what, "the log of corrections", {"listing": shown, "meta": plain(meta)})


def _feed(planner: Planner, at: Address) -> Draft:
    newest = planner.index.corrections[: planner.settings.feeds.entries]
    title = f"{planner.language.say('Corrections')} - {planner.settings.title}"
    draft = channels.draft_of(planner, at.path, "the feed of corrections", (), title)
    articles = Named(lambda: _digest(planner, newest), lambda: _refs(planner, newest))
    return replace(draft, names={**draft.names, "articles": articles})


DRAFTS: Drafts = {"corrections": _page, "corrections feed": _feed}

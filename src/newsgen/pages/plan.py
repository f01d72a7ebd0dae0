"""The plan: every output file with its one owner and its key, before the first is rendered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Final
from urllib.parse import unquote

import msgspec

from newsgen.config import POLICIES
from newsgen.diagnostics import Diagnostic, error, warning
from newsgen.pages import (
    archives,
    articles,
    assets,
    channels,
    collections,
    corrections,
    headers,
    lists,
    live,
    redirects,
    robots,
    search,
    sitemaps,
    social_cards,
    topics,
    urls,
)
from newsgen.pages.catalogue import Catalogue, plain
from newsgen.pages.keys import PlannedPage, Shape
from newsgen.pages.languages import Catalogues
from newsgen.pages.planner import SHARED, Draft, Drafts, Fragments, Planner, read
from newsgen.pages.templates import Closure

MAKERS: Final = (
    *(articles, social_cards, assets, corrections, lists, topics, archives, collections, live),
    *(channels, sitemaps, robots, redirects, headers, search),
)
DRAFTS: Final[Drafts] = {kind: draft for maker in MAKERS for kind, draft in maker.DRAFTS.items()}


class Plan(msgspec.Struct, frozen=True):
    """Every output file in the order of the paths, and the shapes of their keys; incomplete where there are errors."""

    pages: tuple[PlannedPage, ...]
    shapes: tuple[Shape, ...]
    diagnostics: tuple[Diagnostic, ...]


def planners_of(
    catalogues: Mapping[str, Catalogue],
    closures: Mapping[str, Closure],
    fragments: Mapping[str, Fragments],
    words: Catalogues,
) -> dict[str, Planner]:
    """The planner of each edition, with all makers; `fragments` are by edition too."""
    planners = {
        edition: Planner(one, closures, fragments.get(edition, {}), DRAFTS, words)
        for edition, one in catalogues.items()
    }
    for planner in planners.values():
        planner.all = planners
    return planners


def fragment_drafts(catalogue: Catalogue, closures: Mapping[str, Closure]) -> Iterator[Draft]:
    """The fragments that templates of an edition place, once for each section where they read `active_section`."""
    for name in sorted({name for closure in closures.values() for name in closure.fragments}):
        template = f"fragments/{name}.html"
        if (closure := closures.get(template)) is None:
            continue
        slugs = ("", *sorted(term.slug for term in catalogue.terms["section"].values()))
        for slug in slugs if "active_section" in closure.names else ("",):
            offered = {"site": plain(catalogue.site), "active_section": plain(slug)}
            names = read(closure, offered, catalogue)
            language = catalogue.settings.language
            yield Draft(f"{name}#{slug}", "fragment", template, names, template, language=language)


def plan(planners: Mapping[str, Planner], common: tuple[tuple[str, str], ...]) -> Plan:
    """All pages of the site. Diagnostics: two owners of one URL, unknown templates and pictures, undated articles.

    `common` are the parts of the key that all pages share.
    """
    shapes: dict[Shape, int] = {}
    found: list[PlannedPage] = []
    for planner in planners.values():
        found += _pages(planner, common, shapes)
    found.sort(key=attrgetter("path"))
    said = list(dict.fromkeys(one for planner in planners.values() for one in planner.diagnostics))
    said += _claims(found, planners)
    for planner in planners.values():
        said += _lead_nowhere(found, planner)
    if "html" not in planners[""].settings.redirects.formats:
        found = [page for page in found if page.make != "alias"]
    return Plan(tuple(found), tuple(shapes), tuple(said))


def _pages(planner: Planner, common: tuple[tuple[str, str], ...], shapes: dict[Shape, int]) -> Iterator[PlannedPage]:
    """The pages of an edition; new shapes of their keys are numbered in `shapes`."""
    known: dict[str, int] = {}
    forms: dict[tuple[str, str, str], tuple[int, list[Callable[[Planner, int], str]], bool]] = {}
    edition = planner.edition
    for maker in MAKERS:
        for at in maker.pages(planner):
            make, path, what, source, number, page = at
            if (form := articles.form(planner, at)) in forms:  # nearly every page: its digests need no draft
                shape, of, carries = forms[form]
                digests = "".join([digest(planner, number) for digest in of])
                documents = (source,) if carries else ()
                yield PlannedPage(path, make, what, source, number, page, shape, digests, documents, edition)
                continue
            draft = planner.draft(at)
            own: list[str] = []
            shared: list[str] = [draft.renderer, draft.template, draft.language]
            for name, value in draft.names.items():
                shared.append(name)
                (shared if name in SHARED else own).append(value.digest())
            if (key := "\0".join(shared)) not in known:
                known[key] = shapes.setdefault(planner.shape(draft, common), len(shapes))
            shape, digests = known[key], "".join(own)
            if form:
                names = [name for name in draft.names if name not in SHARED]
                forms[form] = shape, articles.own_digests(names), bool(draft.documents)
            yield PlannedPage(path, make, what, source, number, page, shape, digests, draft.documents, edition)


def _lead_nowhere(pages: Sequence[PlannedPage], planner: Planner) -> Iterator[Diagnostic]:
    """A warning where breaking news lead to a path at which no page is, an error where a policy does."""
    settings, place = planner.settings, planner.settings.place
    news = settings.breaking.url if planner.index.breaking else ""
    policies = {name: url for name in POLICIES if (url := getattr(settings.policies, name))}
    known = frozenset([page.path for page in pages] if news or policies else ())
    if path := _nowhere(news, known):
        help = "Mend breaking.url, or take it out. The news are shown with a link that leads nowhere."
        yield warning("NG-447", place("breaking", "url"), f'no page is at "{path}"', help)
    for name, url in policies.items():
        if path := _nowhere(url, known):
            help = f"Write that page, such as content/pages/{name.replace('_', '-')}.md, or mend policies.{name}."
            yield error("NG-125", place("policies", name), f'no page is at "{path}"', help)


def _nowhere(url: str, known: frozenset[str]) -> str:
    """The path of `url`, where it is one of this site and none of the `known` files is there."""
    path = unquote(re.split("[?#]", url)[0]) if url.startswith("/") else ""
    return path if path and known.isdisjoint((urls.file_of(path), path.strip("/"))) else ""


# ---- one owner for each path ----------------------------------------------------------------------------------------


def _claims(pages: Sequence[PlannedPage], planners: Mapping[str, Planner]) -> Iterator[Diagnostic]:
    """Errors for two owners of one path, compared as macOS and Windows do, and for a file where a folder must be."""
    owners = {_folded(page.path): page for page in reversed(pages)}
    if len(owners) < len(pages):
        for page in pages:
            if (other := owners[_folded(page.path)]) is not page:
                yield _two_owners(other, page, page.path, planners)
    folders: set[str] = set()
    for folder in {key.rpartition("/")[0] for key in owners}:
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    for folder in sorted(folders.intersection(owners)):
        other = owners[folder]
        for key, page in owners.items():
            if key.startswith(f"{folder}/"):
                yield _two_owners(other, page, other.path, planners)


def _folded(path: str) -> str:
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _two_owners(one: PlannedPage, two: PlannedPage, path: str, planners: Mapping[str, Planner]) -> Diagnostic:
    claims = sorted(
        [(of.place(page), of.again(page).owner) for page in (one, two) if (of := planners[page.edition])],
        key=lambda claim: (not claim[0].line, *claim),
    )
    message = f"two owners of /{path.removesuffix('index.html')}: {claims[0][1]} and {claims[1][1]}"
    help = "Give one of them a slug or permalink of its own."
    if "alias" in (one.make, two.make):
        help = "Take the alias out, or give what stands there another address."
    return error("NG-401", claims[0][0], message, help)

"""The plan: every output file with its one owner and its key, before the first is rendered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from newsgen.pages.planner import SHARED, Address, Draft, Drafts, Fragments, Planner, read
from newsgen.pages.templates import Closure

MAKERS: Final = (
    *(articles, social_cards, assets, corrections, lists, topics, archives, collections, live),
    *(channels, sitemaps, robots, redirects, headers, search),
)
FILES: Final = ("copy", "asset", "picture")  # what is copied, or made of one file
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


class Addresses(msgspec.Struct, frozen=True):
    """Where all output files are, in the order of their paths, each with the folder of its edition; what there is to
    say of them, and of what asks for them."""

    found: tuple[tuple[Address, str], ...]
    diagnostics: tuple[Diagnostic, ...]


def addresses(planners: Mapping[str, Planner]) -> Addresses:
    """The addresses of the whole site. Diagnostics: two owners of one URL, unknown templates and pictures, undated
    articles."""
    found = [(at, edition) for edition, planner in planners.items() for maker in MAKERS for at in maker.pages(planner)]
    found.sort(key=lambda one: one[0].path)
    said = [one for planner in planners.values() for one in planner.diagnostics]
    said += _claims(found, planners)
    for planner in planners.values():
        said += _lead_nowhere(found, planner)
    if "html" not in planners[""].settings.redirects.formats:
        found = [one for one in found if one[0].make != "alias"]
    return Addresses(tuple(found), tuple(dict.fromkeys(said)))


def plan(planners: Mapping[str, Planner], at: Addresses, common: tuple[tuple[str, str], ...]) -> Plan:
    """All pages of the site, which are `at` these addresses. `common` are the parts of the key that all pages share."""
    shapes: dict[Shape, int] = {}
    drawn = {edition: _Drawing(planner, common, shapes) for edition, planner in planners.items()}
    pages = tuple([drawn[edition].page(one) for one, edition in at.found])
    said = dict.fromkeys([*at.diagnostics, *[one for planner in planners.values() for one in planner.diagnostics]])
    return Plan(pages, tuple(shapes), tuple(said))


def again(before: Plan, planners: Mapping[str, Planner], at: Addresses, common: tuple[tuple[str, str], ...]) -> Plan:
    """What `plan` gives where since it gave `before` only templates and files that are copied have changed, and what
    templates read has not: pages keep what is their own, and what many share is made anew once for each shape."""
    first: dict[int, int] = {}
    for number, page in enumerate(before.pages):
        first.setdefault(page.shape, number)
    shapes: dict[Shape, int] = {}
    for shape in range(len(before.shapes)):
        one, edition = at.found[first[shape]]
        shapes.setdefault(planners[edition].shape(planners[edition].draft(one), common), len(shapes))
    if len(shapes) < len(before.shapes):
        return plan(planners, at, common)
    drawn = {edition: _Drawing(planner, common, shapes) for edition, planner in planners.items()}
    pages = list(before.pages)
    for number, (one, edition) in enumerate(at.found):
        if one.make in FILES:
            pages[number] = drawn[edition].page(one)
    return Plan(tuple(pages), tuple(shapes), before.diagnostics)


class _Drawing:
    """Gives the pages of an edition their keys; new shapes of these are numbered in `shapes`."""

    def __init__(self, planner: Planner, common: tuple[tuple[str, str], ...], shapes: dict[Shape, int]) -> None:
        self._planner, self._common, self._shapes = planner, common, shapes
        self._known: dict[str, int] = {}
        self._forms: dict[tuple[str, str, str], tuple[int, list[Callable[[Planner, int], str]], bool]] = {}

    def page(self, at: Address) -> PlannedPage:
        planner = self._planner
        make, path, what, source, number, page = at
        if (form := articles.form(planner, at)) in self._forms:  # nearly every page: its digests need no draft
            shape, of, carries = self._forms[form]
            digests = "".join([digest(planner, number) for digest in of])
            documents = (source,) if carries else ()
            return PlannedPage(path, make, what, source, number, page, shape, digests, documents, planner.edition)
        draft = planner.draft(at)
        own: list[str] = []
        shared: list[str] = [draft.renderer, draft.template, draft.language]
        for name, value in draft.names.items():
            shared.append(name)
            (shared if name in SHARED else own).append(value.digest())
        if (key := "\0".join(shared)) not in self._known:
            self._known[key] = self._shapes.setdefault(planner.shape(draft, self._common), len(self._shapes))
        shape, digests = self._known[key], "".join(own)
        if form:
            names = [name for name in draft.names if name not in SHARED]
            self._forms[form] = shape, articles.own_digests(names), bool(draft.documents)
        return PlannedPage(path, make, what, source, number, page, shape, digests, draft.documents, planner.edition)


def _lead_nowhere(pages: Sequence[tuple[Address, str]], planner: Planner) -> Iterator[Diagnostic]:
    """A warning where breaking news lead to a path at which no page is, an error where a policy does."""
    settings, place = planner.settings, planner.settings.place
    news = settings.breaking.url if planner.index.breaking else ""
    policies = {name: url for name in POLICIES if (url := getattr(settings.policies, name))}
    known = frozenset([page.path for page, _ in pages] if news or policies else ())
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


def _claims(found: Sequence[tuple[Address, str]], planners: Mapping[str, Planner]) -> Iterator[Diagnostic]:
    """Errors for two owners of one path, compared as macOS and Windows do, and for a file where a folder must be."""
    owners = {_folded(one[0].path): one for one in reversed(found)}
    if len(owners) < len(found):
        for one in found:
            if (other := owners[_folded(one[0].path)]) is not one:
                yield _two_owners(other, one, one[0].path, planners)
    folders: set[str] = set()
    for folder in {key.rpartition("/")[0] for key in owners}:
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    for folder in sorted(folders.intersection(owners)):
        other = owners[folder]
        for key, one in owners.items():
            if key.startswith(f"{folder}/"):
                yield _two_owners(other, one, other[0].path, planners)


def _folded(path: str) -> str:
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _two_owners(
    one: tuple[Address, str], two: tuple[Address, str], path: str, planners: Mapping[str, Planner]
) -> Diagnostic:
    claims = sorted(
        [(of.place(at), of.draft(at).owner) for at, edition in (one, two) if (of := planners[edition])],
        key=lambda claim: (not claim[0].line, *claim),
    )
    message = f"two owners of /{path.removesuffix('index.html')}: {claims[0][1]} and {claims[1][1]}"
    help = "Give one of them a slug or permalink of its own."
    if "alias" in (one[0].make, two[0].make):
        help = "Take the alias out, or give what stands there another address."
    return error("NG-401", claims[0][0], message, help)

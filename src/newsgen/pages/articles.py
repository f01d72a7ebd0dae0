"""The maker of articles and pages, and of what stands beside them: pictures and other files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from newsgen import digest
from newsgen.content import cards
from newsgen.diagnostics import Place, warning
from newsgen.model import ArticleRef, ArticleView, Meta, PageView
from newsgen.pages import live, pictures, series, social_cards, translations
from newsgen.pages.catalogue import Named, plain
from newsgen.pages.index import is_dated, page_file, patterns_of
from newsgen.pages.planner import Address, Draft, Drafts, Planner


class Offer(NamedTuple):
    """A name that the templates of articles may read: the digest of its value and the value, by an article's number."""

    digest: Callable[[Planner, int], str]
    value: Callable[[Planner, int], Any]


def pages(planner: Planner) -> Iterator[Address]:
    yield from _articles(planner)
    for number, page in enumerate(planner.index.pages):
        file = page_file(page, planner.edition)
        yield Address("page", file, planner.template(page.id, page.template, "page.html"), page.id, number)
        yield from planner.beside(page.id, file, cards.beside(page.body))
    for id, file in planner.index.withdrawn.items():
        yield Address("withdrawn", file, "page.html", id)
    for path, static in planner.catalogue.library.static.items() if not planner.edition else ():
        yield Address("copy", path, static.id, static.id)
    for source, one in planner.catalogue.pictures.items() if not planner.edition else ():
        for recipe in pictures.recipes(one.facts, planner.settings.images):
            yield Address("picture", pictures.file_of(source, recipe), source, one.file.id, recipe.width)


def _articles(planner: Planner) -> Iterator[Address]:
    default = "article.html"
    index = planner.index
    if index.ids and default in planner.closures:
        planner.warn_of_wide(default)
    patterns = patterns_of(planner.settings, index.vocabularies["section"])
    for number, (id, file) in enumerate(zip(index.ids, index.files, strict=True)):
        card = planner.catalogue.card(number)
        template = planner.template(id, card.template, default) if card.template else default
        yield Address("article", file, template, id, number)
        if card.date is None:
            title = card.title
            help = "Give it a date: until then it comes last in lists and is in no feed."
            planner.diagnostics.append(warning("NG-116", Place(id), f'"{title}" has no date', help))
            if not card.permalink and is_dated(pattern := patterns.get(index.sections[number]) or patterns[""]):
                message = (
                    f'"{title}" has no date for its address "{pattern}", so it is at /{file.removesuffix("index.html")}'
                )
                help = "Give it a date, or a permalink that it can keep."
                planner.diagnostics.append(warning("NG-416", Place(id), message, help))
        if card.image:
            planner.expect_picture(id, card.image, file)
        if card.beside or card.image:
            image = card.image if "://" not in card.image else ""
            yield from planner.beside(id, file, (*card.beside, *([image] if image else [])))


def _article(planner: Planner, at: Address) -> Draft:
    offered = {
        name: Named(partial(one.digest, planner, at.number), partial(one.value, planner, at.number))
        for name, one in OFFERED.items()
    }
    section = planner.catalogue.section(at.number).slug
    lang = planner.catalogue.card(at.number).lang
    return planner.templated(at.path, at.what, at.source, offered, "article", (at.source,), section, lang)


def form(planner: Planner, at: Address) -> tuple[str, str, str] | None:
    """What decides which names an article's page reads and what it shares with others; None for all other pages."""
    if at.make != "article":
        return None
    return at.what, planner.index.sections[at.number], planner.catalogue.card(at.number).lang


def own_digests(names: Iterable[str]) -> list[Callable[[Planner, int], str]]:
    """What gives the digests of an article's own names, without a draft of its page."""
    return [OFFERED[name].digest for name in names]


def _view_digest(planner: Planner, number: int) -> str:
    return planner.catalogue.view_digest(number)


def _view(planner: Planner, number: int) -> ArticleView:
    return planner.catalogue.view(number)


def _meta_digest(planner: Planner, number: int) -> str:
    """The digest of all that `_meta` reads, beside the settings."""
    card, section = planner.catalogue.card(number), planner.catalogue.section(number).slug
    return digest.of_text(
        "\0".join((card.head, section, *planner.feed_names, *planner.catalogue.feed_files, planner.index.files[number]))
    )


def _meta(planner: Planner, number: int) -> Meta:
    article = planner.catalogue.article(number)
    return planner.meta(
        article.title,
        "article",
        planner.index.files[number],
        description=article.description,
        language=article.lang,
        noindex=article.noindex,
        canonical=article.canonical,
        section=planner.catalogue.section(number).slug,
        feed_url=planner.feed_names[0],
        feed_title=planner.feed_names[1],
    )


def _graph_digest(planner: Planner, number: int) -> str:
    """The digest of all that `_graph` reads beside the text, which the page carries."""
    catalogue = planner.catalogue
    card, site = catalogue.card(number), catalogue.graphs.digest() if planner.origin else ""
    kind = planner.settings.kind(card.kind).schema + live.blog_digest(planner, number)
    return digest.of_text("\0".join((catalogue.view_digest(number), card.head, kind, site)))


def _graph(planner: Planner, number: int) -> str:
    """The structured data of an article; none without base_url, for they need absolute addresses."""
    if not planner.origin:
        return ""
    view, blog = planner.catalogue.view(number), live.blog(planner, number)
    more = live.posting(blog, view, planner.origin) if blog else {}
    kind = {"@type": planner.settings.kind(view.kind).schema, **more}
    return planner.catalogue.graphs.value().article(view, _meta(planner, number).canonical, kind)


def _old_year(planner: Planner, number: int) -> int:
    """The year of an article that is old; 0 of all others."""
    date, years = planner.catalogue.card(number).date, planner.settings.old_after_years
    return date.year if date and years and planner.index.year - date.year > years else 0


def _old_year_digest(planner: Planner, number: int) -> str:
    return digest.of_text(str(_old_year(planner, number)))


def _related_to(planner: Planner, number: int) -> Sequence[int]:
    return planner.index.related[number] if planner.index.related else ()


def _related_digest(planner: Planner, number: int) -> str:
    return planner.catalogue.refs_digest(_related_to(planner, number))


def _related(planner: Planner, number: int) -> tuple[ArticleRef, ...]:
    return planner.catalogue.refs(_related_to(planner, number))


def _page(planner: Planner, at: Address) -> Draft:
    page = planner.index.pages[at.number]
    told = {"description": page.description, "language": page.lang}
    meta = planner.meta(page.title, "page", at.path, noindex=page.noindex, **told)
    names = {"page": plain(planner.catalogue.page_view(page)), "meta": plain(meta)}
    return planner.templated(at.path, at.what, at.source, names, "page", (at.source,), language=page.lang)


def _withdrawn(planner: Planner, at: Address) -> Draft:
    """The notice in place of a withdrawn article, which tells nothing of it but what its `withdrawal` says."""
    article = planner.withdrawn(at.source)
    title, text = planner.language.say("This article has been withdrawn"), article.withdrawal
    view = PageView(title=title, url=planner.url(at.path), description=text)
    meta = planner.meta(title, "page", at.path, description=text, language=article.lang, noindex=True)
    return planner.templated(at.path, at.what, at.source, {"page": plain(view), "meta": plain(meta)}, "page")


def _copy(planner: Planner, at: Address) -> Draft:
    library = planner.catalogue.library
    static = library.static[at.path] if at.source == at.what else library.siblings[at.what]
    return planner.copy(at.path, static)


def _picture(planner: Planner, at: Address) -> Draft:
    facts, settings = planner.catalogue.pictures[at.what].facts, planner.settings.images
    recipe = next(one for one in pictures.recipes(facts, settings) if pictures.file_of(at.what, one) == at.path)
    names = {"digest": plain(at.what), "recipe": plain(recipe), "encoder": plain(planner.catalogue.library.encoder)}
    return Draft(at.path, "picture", at.source, names)


OFFERED: Final[dict[str, Offer]] = {
    "article": Offer(_view_digest, _view),
    "meta": Offer(_meta_digest, _meta),
    "related": Offer(_related_digest, _related),
    "series": Offer(series.digest_at, series.place_at),
    "translations": Offer(translations.digest_at, translations.translations_at),
    "structured_data": Offer(_graph_digest, _graph),
    "old_year": Offer(_old_year_digest, _old_year),
    "live": Offer(live.blog_digest, live.blog),
    "social_image": Offer(social_cards.image_digest, social_cards.image),
}
DRAFTS: Drafts = {"article": _article, "page": _page, "withdrawn": _withdrawn, "copy": _copy, "picture": _picture}

"""Pictures that pages name: which there are, what is made of each, and how a page names all of that.

A file made here is named after the bytes that it is made of and how, so it may be kept for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import chain
from typing import Final

import msgspec

from newsgen import digest
from newsgen.config import ImageSettings
from newsgen.content.cards import pictures as pictures_of
from newsgen.content.markdown import REFERENCE
from newsgen.content.pictures import Facts, Recipe
from newsgen.diagnostics import Diagnostic, Place, warning
from newsgen.model import Card, Image, Source, StaticFile
from newsgen.pages import urls
from newsgen.pages.index import Editions, Library

FOLDER: Final = "assets/pictures"
FALLBACK: Final = 1280  # the width of what is shown where no other format is understood, is shared and is in feeds
BODY_SIZES: Final = "(min-width: 42rem) 39rem, 100vw"  # of a picture in a text, in the default theme
_PICTURE: Final = re.compile(rf"""<img src="{REFERENCE}(\d+)"((?:[^<>"']|"[^"]*"|'[^']*')*)>""")


# ---- which there are ------------------------------------------------------------------------------------------------


def named(library: Library, editions: Editions, cards: Mapping[str, Sequence[Card]]) -> dict[str, StaticFile]:
    """The pictures of this site that published documents name, by the digests of their bytes."""
    asked = [(one.id, (one.image, *one.pictures)) for of in cards.values() for one in of if one.image or one.pictures]
    for index in editions:
        asked += [(page.id, pictures_of(page.body)) for page in index.pages]
        for entry in chain.from_iterable(one.entries.values() for one in index.vocabularies.values()):
            if term := entry.term:
                asked.append((term.id, (term.image.src if term.image else "", *pictures_of(term.body))))
    found = (library.file(id, target) for id, targets in asked for target in targets if target)
    return {one.digest: one for one in reversed([one for one in found if one])}


def unshown(place: Place, src: str, flaw: str) -> Diagnostic:
    """A warning of a picture that cannot be shown, wherever it is named."""
    help = "Save it again as JPEG, PNG, WebP, AVIF or GIF. Until then it is left out."
    if "million" in flaw:
        help = "Make it smaller, or raise images.max_megapixels in newsgen.toml. Until then it is left out."
    return warning("NG-206", place, f'picture "{src}" cannot be shown: {flaw}', help)


# ---- what is made of one --------------------------------------------------------------------------------------------


def recipes(facts: Facts, settings: ImageSettings) -> Iterator[Recipe]:
    """What is made of a picture; the last, where it is neither AVIF nor WebP, is for all who understand neither."""
    if facts.flaw or not facts.scales or not settings.enabled:
        return
    widest = min(facts.width, max(settings.widths))
    widths = sorted({one for one in settings.widths if one < widest} | {widest})
    credit = settings.metadata != "strip"
    for format in dict.fromkeys(settings.formats):
        for width in widths:
            yield Recipe(format, width, widest, getattr(settings.quality, format), credit)
    if facts.width > FALLBACK or not facts.common:
        quality = ("png", 0) if facts.clear else ("jpeg", settings.quality.jpeg)
        yield Recipe(quality[0], min(widest, FALLBACK), widest, quality[1], credit)


def file_of(source: str, recipe: Recipe) -> str:
    """The output file of what a recipe makes of the picture with the digest `source`."""
    name = digest.of_value((source, recipe))[:8]
    return f"{FOLDER}/{source[:12]}-{recipe.width}-{name}.{recipe.format.replace('jpeg', 'jpg')}"


def shown(image: Image, source: str, facts: Facts, settings: ImageSettings, base_path: str) -> Image:
    """The picture as a page names it; `image` has the URL of its copy."""
    sources: dict[str, list[str]] = {}
    src, width, height = image.src, facts.width, facts.height
    for recipe in recipes(facts, settings):
        url = urls.url_of(file_of(source, recipe), base_path)
        if recipe.format in settings.formats:
            sources.setdefault(f"image/{recipe.format}", []).append(f"{url} {recipe.width}w")
        else:
            src, width = url, recipe.width
            height = max(1, round(facts.height * width / facts.width))
    return msgspec.structs.replace(
        image,
        src=src,
        width=width,
        height=height,
        colour=facts.colour,
        sources=tuple([Source(type, ", ".join(of)) for type, of in sources.items()]),
    )


def in_text(html: str, pictures: Sequence[tuple[int, Image]], *, sources: bool) -> str:
    """Some HTML of a body with its pictures in all their sizes, or without `sources` in one that everybody shows."""
    by_number = dict(pictures)

    def drawn(found: re.Match[str]) -> str:
        image = by_number.get(int(found[1]))
        if image is None:
            return found[0]
        size = f' width="{image.width}" height="{image.height}"' if image.width and image.height else ""
        colour = f' data-tone="{image.tone}"' if image.colour and sources else ""
        img = f'<img src="{escape(image.src)}"{size} decoding="async"{colour}{found[2]}>'
        more = [
            f'<source type="{one.type}" srcset="{escape(one.srcset)}" sizes="{BODY_SIZES}">' for one in image.sources
        ]
        return f"<picture>{''.join(more)}{img}</picture>" if more and sources else img

    return _PICTURE.sub(drawn, html)

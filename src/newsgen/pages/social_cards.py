"""The maker of social cards: which articles have one, what it says, and with which picture an article is shared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from newsgen import digest
from newsgen.config import ThemeSettings
from newsgen.content.lettering import choose, cleaned
from newsgen.content.social_cards import HEIGHT, WIDTH, Line, SocialCard, colours
from newsgen.diagnostics import warning
from newsgen.model import Font, Image
from newsgen.pages.catalogue import plain
from newsgen.pages.languages import direction, language, texts_of
from newsgen.pages.planner import Address, Draft, Drafts, Planner

FOLDER: Final = "assets/cards"

FACES: Final = {
    "serif": ("SourceSerif4", "NotoSansArabic", "FrankRuhlLibre", "SourceSans3"),
    "sans": ("SourceSans3", "NotoSansArabic", "FrankRuhlLibre", "SourceSerif4"),
}
"""The fonts that "default" stands for, in either style."""

_ACCENTS: Final = ("#a3161f", "#ff8a80")  # of the theme, on light and on dark
_SHOWN: Final = 12  # characters that a warning names


def names(fonts: Iterable[str], style: str) -> tuple[str, ...]:
    """The fonts that settings ask for, by their names, in a style: "serif" or "sans"."""
    return tuple(dict.fromkeys([name for one in fonts for name in (FACES[style] if one == "default" else (one,))]))


def pages(planner: Planner) -> Iterator[Address]:
    if not planner.catalogue.fonts:
        return
    lacking: dict[int, frozenset[str]] = {}
    for number, id in enumerate(planner.index.ids):
        path, lacks = _planned(planner, number)
        if path:
            yield Address("social card", path, "", id, number)
        elif lacks:
            lacking[number] = lacks
    if lacking:
        first = next(iter(lacking))
        signs = sorted(frozenset[str]().union(*lacking.values()))
        more = f" and {len(signs) - _SHOWN} more characters" if len(signs) > _SHOWN else ""
        others = f", nor have {len(lacking) - 1} more articles" if len(lacking) > 1 else ""
        message = f"no font of social cards has {' '.join(signs[:_SHOWN])}{more}: this article has no card{others}"
        help = 'Name a font that has them: social_cards.fonts = ["default", "content/fonts/NAME.ttf"]'
        place = planner.catalogue.place(planner.index.ids[first], "title")
        planner.diagnostics.append(warning("NG-208", place, message, help))


def image(planner: Planner, number: int) -> Image | None:
    """The picture that an article is shared with: its own, else its card, else none."""
    if _own(planner, number):
        return planner.catalogue.ref(number).image
    path, _ = _planned(planner, number)
    title = planner.catalogue.card(number).title
    return Image(planner.url(path), title, width=WIDTH, height=HEIGHT) if path else None


def image_digest(planner: Planner, number: int) -> str:
    """The digest of all that `image` reads."""
    if _own(planner, number):
        return planner.catalogue.ref_digest(number)
    path, _ = _planned(planner, number)
    return digest.of_text(f"{path}\0{planner.catalogue.card(number).title}" if path else "")


def _own(planner: Planner, number: int) -> bool:
    """Whether an article has a picture of its own that can be shown."""
    catalogue = planner.catalogue
    card, file = catalogue.card(number), planner.index.files[number]
    if not card.image or not catalogue.picture(card.id, card.image, file):
        return False
    return "://" in card.image or not catalogue.measured(card.id, card.image)[1].flaw


def _planned(planner: Planner, number: int) -> tuple[str, frozenset[str]]:
    """The file of an article's card, empty where it has none; and the characters for want of which it has none."""
    return planner.kept(("social card", number), partial(_plan, planner, number))


def _plan(planner: Planner, number: int) -> tuple[str, frozenset[str]]:
    if not planner.catalogue.fonts or _own(planner, number):
        return "", frozenset()
    made, lacks = _card(planner, number)
    if not made.title.text or lacks:
        return "", lacks
    return f"{FOLDER}/{digest.of_value((planner.index.files[number], made))[:16]}.png", lacks


def _card(planner: Planner, number: int) -> tuple[SocialCard, frozenset[str]]:
    """The card of an article, and the characters that no font has."""
    settings, card = planner.settings, planner.catalogue.card(number)
    tag = card.lang or settings.language
    spoken = language(tag, texts_of(tag, planner.catalogues))
    heads = settings.theme.headlines or "serif"
    lacking: set[str] = set()

    def line(text: str, style: str) -> Line:
        found = planner.kept(("line", text, style), lambda: _line(planner, text, style))
        if isinstance(found, Line):
            return found
        lacking.update(found)
        return Line()

    label = planner.catalogue.kind_label(planner.catalogue.labelled(card))
    section = planner.catalogue.section(number).title
    kicker = " · ".join(dict.fromkeys([one for one in (section, spoken.say(label)) if one]))
    ink, soft, accent = colours(settings.social_cards.background, _accents(settings.theme))
    made = SocialCard(
        title=line(card.title, heads),
        name=line(settings.title, heads),
        kicker=line(kicker, "sans"),
        date=line(spoken.date(card.date), "sans"),
        language=tag,
        rtl=direction(tag) == "rtl",
        ground=settings.social_cards.background,
        ink=ink,
        soft=soft,
        accent=accent,
    )
    return made, frozenset(lacking)


def _line(planner: Planner, text: str, style: str) -> Line | frozenset[str]:
    """A text as it is drawn; else the characters that no font has."""
    if not (text := cleaned(text)):
        return Line()
    known = planner.catalogue.fonts
    found = choose(text, [known[name] for name in names(planner.settings.social_cards.fonts, style)])
    return Line(text, found.digest) if isinstance(found, Font) else found


def _accents(theme: ThemeSettings) -> tuple[str, ...]:
    own = (theme.accent, theme.accent_dark) if theme.accent else ()
    return tuple([one for one in own if one]) or _ACCENTS


def _draft(planner: Planner, at: Address) -> Draft:
    card, _ = _card(planner, at.number)
    letterer = planner.catalogue.library.letterer
    return Draft(at.path, "social card", at.source, {"social_card": plain(card), "letterer": plain(letterer)})


DRAFTS: Drafts = {"social card": _draft}

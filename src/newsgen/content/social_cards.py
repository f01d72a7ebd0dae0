"""Social cards: the headline of an article as a picture, for those who meet a link to it. Pillow is imported late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import msgspec

from newsgen.content.lettering import fit, shortened
from newsgen.model import Font

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH: Final = 1200
HEIGHT: Final = 630

_EDGE: Final = 72
_ROOM: Final = WIDTH - 2 * _EDGE
_BAR: Final = 18
_KICKER, _TOP, _RULE, _FOOT = 104, 144, 532, 580  # baseline, top of the headline, rule, baseline
# Sizes of a headline in pixels, largest first, each with the lines for which there is room; and those of scripts whose
# letters need more above and below.
_SIZES: Final = ((148, 1), (120, 2), (104, 3), (92, 3), (80, 4), (72, 4), (64, 5), (56, 5), (48, 5))
_TALL: Final = (
    (128, 1),
    (104, 2),
    (88, 3),
    (76, 3),
    (64, 4),
    (56, 4),
    (48, 5),
)
_REFERENCE: Final = 100  # pixels in which widths are measured
_TIGHT: Final = 0.985  # hinting may make a line so much wider than it was measured
_DISPLAY: Final = 60  # optical size: one for all, so that widths grow with the size
_LEVELS: Final = 10  # shades of a colour on the ground

Fonts = Mapping[str, tuple[Font, bytes]]
"""What is known of each font, and its bytes, by its digest."""


class Line(msgspec.Struct, frozen=True, array_like=True):
    """A text, cleaned, and the digest of the font that has all its characters."""

    text: str = ""
    font: str = ""


class SocialCard(msgspec.Struct, frozen=True, array_like=True):
    """All that is drawn: texts, which way they run, and colours ("#rrggbb"). Any of them but the title may be empty."""

    title: Line
    name: Line
    kicker: Line
    date: Line
    language: str
    rtl: bool
    ground: str
    ink: str
    soft: str
    accent: str


def drawn(card: SocialCard, fonts: Fonts) -> bytes:
    """The card as a PNG of 1200 by 630 pixels; the same bytes from the same values. Raises what FreeType does."""
    from PIL import Image, ImageDraw

    layers = {colour: Image.new("L", (WIDTH, HEIGHT)) for colour in dict.fromkeys((card.ink, card.soft, card.accent))}
    on: dict[str, Any] = {colour: ImageDraw.Draw(layer) for colour, layer in layers.items()}
    on[card.accent].rectangle((0, 0, WIDTH, _BAR - 1), fill=255)
    _headline(card, on[card.ink], fonts)
    on[card.soft].rectangle((_EDGE, _RULE, WIDTH - _EDGE - 1, _RULE + 1), fill=110)
    _set(card, on[card.accent], fonts, card.kicker, (34, 650), _KICKER, _ROOM)
    taken = _set(card, on[card.soft], fonts, card.date, (30, 400), _FOOT, _ROOM / 2, end=True)
    _set(card, on[card.ink], fonts, card.name, (38, 700), _FOOT, _ROOM - taken - 40)
    return _written(card.ground, layers)


def _headline(card: SocialCard, on: ImageDraw, fonts: Fonts) -> None:
    font, data = fonts[card.title.font]
    tall = any("\u0590" <= sign < "\u1e00" or sign >= "\u2e80" for sign in card.title.text)
    measure = _measure(card, _face(font, data, _REFERENCE, 700), _REFERENCE)
    size, lines = fit(card.title.text, measure, _ROOM * _TIGHT, _TALL if tall else _SIZES)
    face, leading = _face(font, data, size, 700), 1.36 if tall else 1.13
    for number, line in enumerate(lines):
        _text(card, on, line, face, _TOP + size * ((0.98 if tall else 0.82) + leading * number))


def _set(
    card: SocialCard,
    on: ImageDraw,
    fonts: Fonts,
    line: Line,
    style: tuple[int, int],
    baseline: float,
    room: float,
    *,
    end: bool = False,
) -> float:
    """Sets a text of one line, of a size and weight, at the beginning of the line or its end; gives its width."""
    if not line.text:
        return 0.0
    face = _face(*fonts[line.font], *style)
    measure = _measure(card, face)
    text = shortened(line.text, measure, room)
    _text(card, on, text, face, baseline, end=end)
    return measure(text)


def _text(
    card: SocialCard, on: ImageDraw, text: str, face: FreeTypeFont, baseline: float, *, end: bool = False
) -> None:
    right = card.rtl != end
    on.text(
        (WIDTH - _EDGE if right else _EDGE, round(baseline)),
        text,
        fill=255,
        font=face,
        anchor="rs" if right else "ls",
        direction="rtl" if card.rtl else "ltr",
        language=card.language,
    )


def _measure(card: SocialCard, face: FreeTypeFont, size: int = 1) -> Callable[[str], float]:
    """What gives the width of a text in parts of `size`."""
    direction = "rtl" if card.rtl else "ltr"
    return lambda text: face.getlength(text, direction=direction, language=card.language) / size


def _face(font: Font, data: bytes, size: int, weight: int) -> FreeTypeFont:
    """A font in a size and, where it has some, a weight."""
    return _loaded(font, data, size, weight if font.axes else 0)


@lru_cache(maxsize=8)  # each holds a copy of the font's bytes
def _loaded(font: Font, data: bytes, size: int, weight: int) -> FreeTypeFont:
    from PIL import ImageFont

    face = ImageFont.truetype(BytesIO(data), size, layout_engine=ImageFont.Layout.RAQM)
    if font.axes:
        wanted = {"wght": weight, "opsz": _DISPLAY}
        face.set_variation_by_axes([min(max(wanted.get(tag, of), least), most) for tag, least, of, most in font.axes])
    return face


# ---- pixels ---------------------------------------------------------------------------------------------------------


def _written(ground: str, layers: Mapping[str, Any]) -> bytes:
    """A PNG with a palette: each colour in shades upon the ground, so that letters stay smooth and the file small."""
    from PIL import Image

    picture, palette = Image.new("P", (WIDTH, HEIGHT), 0), [*_rgb(ground)]
    for colour, layer in layers.items():
        first = len(palette) // 3 - 1
        shades = [(value * _LEVELS + 127) // 255 for value in range(256)]
        picture.paste(
            layer.point([first + shade if shade else 0 for shade in shades]),
            mask=layer.point([255 * (shade > 0) for shade in shades]),
        )
        for shade in range(1, _LEVELS + 1):
            palette += _mixed(_rgb(colour), _rgb(ground), shade / _LEVELS)
    picture.putpalette(palette)
    out = BytesIO()
    picture.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _mixed(colour: tuple[int, ...], ground: tuple[int, ...], share: float) -> tuple[int, ...]:
    return tuple([round(one * share + other * (1 - share)) for one, other in zip(colour, ground, strict=True)])


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


# ---- colours --------------------------------------------------------------------------------------------------------

LEGIBLE: Final = 4.5
_INKS: Final = ("#1a1a18", "#f4f2ec")


@lru_cache(maxsize=8)
def colours(ground: str, accents: tuple[str, ...]) -> tuple[str, str, str]:
    """Ink, soft ink and accent on a ground; an accent that cannot be read there gives way to the ink."""
    ink = max(_INKS, key=lambda one: contrast(one, ground))
    soft = f"#{bytes(_mixed(_rgb(ink), _rgb(ground), 0.72)).hex()}"
    legible = [one if contrast(one, ground) >= LEGIBLE else "" for one in (soft, *accents)]
    return ink, legible[0] or ink, next(filter(None, legible[1:]), ink)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG has it, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [one / 255 for one in _rgb(colour)]
    red, green, blue = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue

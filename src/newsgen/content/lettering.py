"""Lettering: which characters a font has, what of a text can be drawn, and how it is broken into lines that fit.

fontTools and Pillow are imported by the first font that must be read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import pairwise
from typing import Any, Final, NamedTuple

from newsgen.model import Font

LONGEST: Final = 400  # characters of a text that are drawn: more than fit
_STACKED: Final = 3  # marks upon one letter

_JOINERS: Final = "\u200c\u200d"  # they shape letters, and fonts need no sign for them
_WIDE: Final = "\u2e80-\u303f\u3041-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_NO_START: Final = "、。，．：；？！）〕］｝〉》」』】〗〟’”…‥・ー々〻ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ％"
_NO_END: Final = "（〔［｛〈《「『【〖〝‘“"


class Fitted(NamedTuple):
    """A text as it is set: its size in pixels, and its lines."""

    size: int
    lines: list[str]


def read_font(data: bytes, digest: str) -> Font:
    """What is known of a font by its bytes, whatever these are."""
    from fontTools.ttLib import TTFont  # pyright: ignore[reportMissingTypeStubs]
    from PIL import ImageFont, features

    if not features.check("raqm") or not features.check("fribidi"):
        return Font(digest, flaw="Pillow lacks Raqm or FriBiDi here, which shape letters")
    try:
        ImageFont.truetype(BytesIO(data), 40).getmask("A")
        font: Any = TTFont(BytesIO(data), fontNumber=0, lazy=True)
        signs = sorted(font.getBestCmap() or ())
        axes = font["fvar"].axes if "fvar" in font else ()
        axes = tuple([(one.axisTag, one.minValue, one.defaultValue, one.maxValue) for one in axes])
    except Exception:  # whatever its tables may hold
        return Font(digest, flaw="it is no TrueType or OpenType font")
    starts = [one for number, one in enumerate(signs) if not number or signs[number - 1] != one - 1]
    ends = [one for number, one in enumerate(signs) if number == len(signs) - 1 or signs[number + 1] != one + 1]
    return Font(digest, tuple(zip(starts, ends, strict=True)), axes, "" if signs else "it has no characters")


@lru_cache(maxsize=16)
def characters(font: Font) -> frozenset[str]:
    """All characters of a font, and those that need no sign."""
    return frozenset([chr(one) for first, last in font.runs for one in range(first, last + 1)]).union(_JOINERS, " ")


def choose(text: str, fonts: Sequence[Font]) -> Font | frozenset[str]:
    """The first font that has all characters of a text; else those that the best of them lacks."""
    signs, lacking = set(f"{text}…"), frozenset(text)
    for font in fonts:
        lacks = frozenset(signs - characters(font))
        if not lacks:
            return font
        lacking = min(lacking, lacks, key=len)
    return lacking


def cleaned(text: str) -> str:
    """A text as one line that can be drawn: no control, nothing that turns its direction, no tower of marks; cut off
    where it is longer than any that fits."""
    kept: list[str] = []
    stacked = 0
    for sign in unicodedata.normalize(
        "NFC", text[: LONGEST - 1 if len(text) > LONGEST else None].replace("\u202f", "\u00a0")
    ):
        kind = unicodedata.category(sign)
        stacked = stacked + 1 if kind in ("Mn", "Me") else 0
        if sign.isspace() or sign in _JOINERS or not (kind[0] == "C" or _is_selector(sign) or stacked > _STACKED):
            kept.append(sign)
    line = re.sub("[^\\S\u00a0]+", " ", "".join(kept)).strip(f" \u00a0{_JOINERS}")
    return f"{line.rstrip()}…" if len(text) > LONGEST and line else line


def _is_selector(sign: str) -> bool:
    return "\ufe00" <= sign <= "\ufe0f" or sign >= "\U000e0000"


# ---- lines ----------------------------------------------------------------------------------------------------------


def fit(text: str, measure: Callable[[str], float], room: float, sizes: Sequence[tuple[int, int]]) -> Fitted:
    """A text in the largest of `sizes` (each with the number of lines that there may be) at which it fits into `room`
    (pixels); at the smallest it is cut off. `measure` gives the width of a text of one pixel.
    """
    least, measure = room / sizes[-1][0], lru_cache(maxsize=None)(measure)
    pieces = [piece for word in _pieces(text) for piece in _cut(word, measure, least)]
    widths = [measure(piece.rstrip(" ")) for piece in pieces]
    blanks = [measure(" ") if piece.endswith(" ") else 0.0 for piece in pieces]
    for size, most in sizes:
        starts = broken(widths, blanks, room / size)
        if len(starts) <= most and max(widths, default=0.0) <= room / size:
            break
    else:
        size, most = sizes[-1]
        starts = broken(widths, blanks, least)
    if len(starts) <= most:
        starts = _balanced(widths, blanks, room / size, len(starts))
    lines = ["".join(pieces[start:end]).rstrip(" ") for start, end in pairwise([*starts, len(pieces)])]
    if len(lines) > most:
        rest = "".join(pieces[starts[most - 1] :])
        lines = [*lines[: most - 1], shortened(rest, measure, least)]
    return Fitted(size, lines)


def broken(widths: Sequence[float], blanks: Sequence[float], room: float) -> list[int]:
    """Where each line begins, as many pieces in each as it has room for; `blanks` are the widths between them."""
    starts: list[int] = []
    used = 0.0
    for number, width in enumerate(widths):
        if not starts or used + width > room:
            starts.append(number)
            used = 0.0
        used += width + blanks[number]
    return starts


def shortened(text: str, measure: Callable[[str], float], room: float) -> str:
    """A text, cut off with an ellipsis where it is wider than `room`."""
    if measure(text) <= room:
        return text
    left = text.rstrip(" .…")
    while left and measure(f"{left}…") > room:
        left = (left.rpartition(" ")[0] or left[:-1]) if len(left) > 1 else ""
    return f"{left.rstrip(' .,;:–—-·(“«')}…"


def _balanced(widths: Sequence[float], blanks: Sequence[float], room: float, lines: int) -> list[int]:
    """Where each line begins, where they are as narrow as they can be without being more."""
    narrow, wide = max(widths, default=0.0), room
    for _ in range(12 if lines > 1 else 0):
        middle = (narrow + wide) / 2
        narrow, wide = (narrow, middle) if len(broken(widths, blanks, middle)) <= lines else (middle, wide)
    return broken(widths, blanks, wide)


def _pieces(text: str) -> list[str]:
    """What no line may part, each with the blank that follows it: words, their parts at hyphens and dashes, ideographs
    with their punctuation."""
    between = rf"(?<![{_NO_END}])(?![{_NO_START}])"
    breaks = re.compile(rf"(?<=\w[-–—/])(?=\w)|{between}(?:(?<=[{_WIDE}])|(?=[{_WIDE}]))(?! )")
    return [piece for word in re.findall(r"[^ ]+ ?", text) for piece in breaks.split(word) if piece]


def _cut(piece: str, measure: Callable[[str], float], room: float) -> list[str]:
    """A piece; where it is wider than any line, in parts that are not."""
    if measure(piece.rstrip(" ")) <= room:
        return [piece]
    parts = [""]
    for sign in piece:
        if parts[-1] and not unicodedata.category(sign).startswith("M") and measure(parts[-1] + sign) > room:
            parts.append("")
        parts[-1] += sign
    return parts

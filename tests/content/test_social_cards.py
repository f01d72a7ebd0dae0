"""Social cards as they are drawn: all of it within its edges, small, the same bytes each time."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from newsgen.content.lettering import cleaned, read_font
from newsgen.content.social_cards import HEIGHT, LEGIBLE, WIDTH, Fonts, Line, SocialCard, colours, contrast, drawn
from newsgen.engine import toolchain

EDGE = 72
LATIN, ARABIC, SANS = "SourceSerif4", "NotoSansArabic", "SourceSans3"


@cache
def fonts() -> Fonts:
    data = {name: Path(path).read_bytes() for name, (path, _) in toolchain.fonts().items()}
    return {name: (read_font(one, name), one) for name, one in data.items()}


def card(title: str, font: str = LATIN, **more: object) -> SocialCard:
    name, kicker, date = Line("The Tidewater Post", font), Line("World · Analysis", font), Line("1 May 2026", font)
    made = SocialCard(
        *(Line(cleaned(title), font), name, kicker, date),
        *("ar" if font == ARABIC else "en", font == ARABIC, "#f6f5f2", "#1a1a18", "#555555", "#a3161f"),
    )
    return msgspec.structs.replace(made, **more)


def picture(one: SocialCard) -> Image.Image:
    return Image.open(BytesIO(drawn(one, fonts()))).convert("RGB")


def box(found: Image.Image, top: int, bottom: int) -> tuple[int, int, int, int]:
    """Where something is drawn between two lines: left, top, right, bottom."""
    part = found.crop((0, top, WIDTH, bottom))
    left, up, right, down = ImageChops.difference(part, Image.new("RGB", part.size, "#f6f5f2")).getbbox()
    return left, up + top, right, down + top


def test_a_card_is_small_and_the_same_each_time() -> None:
    one = card("Sanctions audit finds Russian birch in furniture that is sold across Europe")
    data = drawn(one, fonts())
    assert data == drawn(one, fonts())
    assert len(data) < 30_000
    found = Image.open(BytesIO(data))
    assert (found.format, found.mode, found.size) == ("PNG", "P", (WIDTH, HEIGHT))


def test_each_text_has_its_place_and_its_colour() -> None:
    found = picture(card("Harbour shut"))
    assert found.getpixel((600, 5)) == (0xA3, 0x16, 0x1F)
    kicker, headline, foot = box(found, 60, 120), box(found, 130, 500), box(found, 540, 625)
    assert all(abs(one[0] - EDGE) < 10 for one in (kicker, headline, foot))
    assert abs(foot[2] - (WIDTH - EDGE)) < 6
    reds = [one for one in found.crop(kicker).get_flattened_data() if one == (0xA3, 0x16, 0x1F)]
    assert len(reds) > 50


def test_what_is_read_from_the_right_stands_at_the_right() -> None:
    found = picture(card("بحر", ARABIC))
    left, _, right, _ = box(found, 130, 500)
    assert left > WIDTH / 2
    assert abs(right - (WIDTH - EDGE)) < 10


def test_letters_of_arabic_are_joined() -> None:
    joined, apart = picture(card("سجل", ARABIC)), picture(card("س ج ل", ARABIC))
    widths = [right - left for left, _, right, _ in (box(joined, 130, 500), box(apart, 130, 500))]
    assert widths[0] < 0.75 * widths[1]


def test_only_the_title_must_be_there() -> None:
    bare = card("Harbour shut", name=Line(), kicker=Line(), date=Line())
    found = picture(bare)
    with pytest.raises(TypeError):
        box(found, 540, 625)


HOSTILE = ["x" * 10_000, "word " * 4000, "W" * 80, "i" * 400, "A\u0301\u0302\u0303" * 300, "a-" * 500, "́́́", "1", "( ( ("]


@pytest.mark.parametrize("title", HOSTILE)
def test_nothing_leaves_its_edges(title: str) -> None:
    inside(picture(card(title, name=Line(cleaned(title), SANS), kicker=Line(cleaned(title), SANS))))


@settings(max_examples=15)
@given(st.text(st.sampled_from("abcWMil fgjÅÉŁ-—,. "), min_size=1, max_size=250).filter(str.strip))
def test_no_headline_leaves_its_edges(title: str) -> None:
    inside(picture(card(title)))


@settings(max_examples=10)
@given(st.text(st.sampled_from("ابجحخسشصعغفقكلمنهويً ،(EU)12"), min_size=1, max_size=250).filter(str.strip))
def test_no_headline_in_arabic_leaves_its_edges(title: str) -> None:
    inside(picture(card(title, ARABIC)))


def inside(found: Image.Image) -> None:
    """What is drawn keeps away from the edges; between headline and foot there is some air."""
    ground = Image.new("RGB", found.size, "#f6f5f2")
    for area in ((0, 18, EDGE - 24, HEIGHT), (WIDTH - EDGE + 24, 18, WIDTH, HEIGHT), (0, 514, WIDTH, 530)):
        assert ImageChops.difference(found, ground).crop(area).getbbox() is None, area


@given(st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF))
def test_every_ground_has_colours_that_can_be_read(ground: int, accent: int) -> None:
    found = colours(f"#{ground:06x}", (f"#{accent:06x}",))
    ink, *rest = found
    assert contrast(ink, f"#{ground:06x}") > 3.5  # of large letters WCAG asks for 3
    assert all(one == ink or contrast(one, f"#{ground:06x}") >= LEGIBLE for one in rest)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_a_font_of_one_weight_is_drawn_as_it_is() -> None:
    font, out = TTFont(toolchain.fonts()[LATIN][0]), BytesIO()
    for table in ("fvar", "gvar", "avar", "STAT", "HVAR", "MVAR"):
        if table in font:
            del font[table]
    font.save(out)
    known = read_font(out.getvalue(), "static")
    assert (known.axes, known.flaw) == ((), "")
    one = card("Harbour shut")
    told = drawn(one, {LATIN: (known, out.getvalue())})
    assert told != drawn(one, fonts())
    assert box(Image.open(BytesIO(told)).convert("RGB"), 130, 500)[0] - EDGE < 10

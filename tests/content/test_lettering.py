"""Lettering: texts are broken into lines that fit, whatever they are; fonts are read, whatever their bytes are."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.content.lettering import LONGEST, broken, characters, choose, cleaned, fit, read_font, shortened
from newsgen.engine.toolchain import fonts
from newsgen.model import Font

SIZES = ((100, 2), (60, 3), (40, 4))
ROOM = 1000.0


def measure(text: str) -> float:
    """The width of a text of one pixel: half of one for each sign, one for what is wide, nothing for marks."""
    widths = {"M": 0.0}
    return sum(widths.get(unicodedata.category(one)[0], 1.0 if one > "\u2e80" else 0.5) for one in text)


def lines(text: str) -> list[str]:
    return fit(text, measure, ROOM, SIZES).lines


# ---- lines ----------------------------------------------------------------------------------------------------------

TEXTS = st.text(st.sampled_from("abcé -—/…“”،شה界、。「」\u0301\u00a0"), max_size=300).map(cleaned)


@given(TEXTS | st.text(max_size=500).map(cleaned))
def test_whatever_is_said_fits(text: str) -> None:
    size, found = fit(text, measure, ROOM, SIZES)
    assert size in dict(SIZES)
    assert len(found) <= dict(SIZES)[size]
    assert all(measure(one) * size <= ROOM + 1e-6 for one in found)
    set_, whole = "".join(found).replace(" ", ""), text.replace(" ", "")
    if set_ != whole:
        assert size == 40
        assert set_.endswith("…")
        assert whole.startswith(set_[:-1])


@given(st.lists(st.floats(1, 50), min_size=1, max_size=60), st.floats(50, 500), st.floats(0, 5))
def test_no_line_is_wider_than_its_room_and_none_begins_too_early(
    widths: list[float], room: float, blank: float
) -> None:
    starts = broken(widths, [blank] * len(widths), room)
    assert starts[0] == 0
    for start, end in zip(starts, [*starts[1:], len(widths)], strict=True):
        used = sum(widths[start:end]) + blank * (end - start - 1)
        assert used <= room + 1e-6
        assert end == len(widths) or used + blank + widths[end] > room - 1e-6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ice", ["Ice"]),
        ("", []),
        ("Storm Ylva: the night the barriers closed", ["Storm Ylva: the night", "the barriers closed"]),
        ("A well-known low-lying polder by the sea", ["A well-known low-lying", "polder by the sea"]),
        ("一二三四五六七八九十一", ["一二三四五六", "七八九十一"]),  # lines of one length
        ("一二三四五六七八九「十」", ["一二三四五六", "七八九「十」"]),
        ("一二三四五六，八九十一二三", ["一二三四五六，", "八九十一二三"]),
    ],
)
def test_lines_are_of_one_length_and_keep_what_belongs_together(text: str, expected: list[str]) -> None:
    assert lines(text) == expected


def test_no_line_begins_or_ends_with_the_wrong_sign() -> None:
    for text in ("一二三四五六七八九，。」" * 4, "「一」（二）三、" * 5):
        assert not [one for one in lines(text) if one[0] in "，。」）、" or one[-1] in "「（"]


def test_a_word_that_no_line_holds_is_parted_but_no_letter_from_its_marks() -> None:
    found = lines("e\u0301" * 90)
    assert len(found) > 1
    assert not [one for one in found if one.startswith("\u0301")]


def test_what_is_too_long_is_cut_at_a_word() -> None:
    size, found = fit("word " * 60, measure, ROOM, SIZES)
    assert (size, len(found)) == (40, 4)
    assert found[-1].endswith("word…")


@given(st.text(max_size=80), st.floats(0.5, 30))
def test_what_is_cut_off_ends_in_an_ellipsis(text: str, room: float) -> None:
    found = shortened(text, measure, room)
    assert found == text or (found.endswith("…") and measure(found) <= max(room, 0.5))


# ---- texts ----------------------------------------------------------------------------------------------------------


@given(
    st.text(max_size=600) | st.text(st.sampled_from("a\u0301\u202e\u200b\x00\n\ufe0f\u200d\u00ad\ud800"), max_size=99)
)
def test_a_text_is_one_line_that_nothing_turns(text: str) -> None:
    found = cleaned(text)
    assert len(found) <= 3 * LONGEST
    assert not [one for one in found if unicodedata.category(one)[0] == "C" and one not in "\u200c\u200d"]
    assert "  " not in found
    assert found == found.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  two\n words ", "two words"),
        ("Cafe\u0301", "Café"),
        ("a\u202eb\u2066c\u200b\u00ad\x00\ufeff", "abc"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("10\u202f000", "10\u00a0000"),
        ("x" + "\u0336" * 50, "x" + "\u0336" * 3),
        ("☺\ufe0f", "☺"),
        (" \u200b\u2060 ", ""),
        ("a" * 10_000, "a" * (LONGEST - 1) + "…"),
    ],
)
def test_texts_cleaned(text: str, expected: str) -> None:
    assert cleaned(text) == expected


# ---- fonts ----------------------------------------------------------------------------------------------------------


def packaged(name: str) -> Font:
    path, of = fonts()[name]
    return read_font(Path(path).read_bytes(), of)


def test_the_fonts_have_what_papers_are_written_in() -> None:
    serif, sans = packaged("SourceSerif4"), packaged("SourceSans3")
    for text in ("Łódź, Würzburg, “Ça va” – naïve € 5…", "Россия и Україна, Ђоковић", "Η Ελλάδα ανεβαίνει · ½"):
        assert isinstance(choose(text, [serif]), Font)
        assert isinstance(choose(text, [sans]), Font)
    assert isinstance(choose("الاتحاد الأوروبي (EU)، پچگ", [packaged("NotoSansArabic")]), Font)
    assert isinstance(choose("שלום „עולם” 2026", [packaged("FrankRuhlLibre")]), Font)
    assert {"wght", "opsz"} == {tag for tag, *_ in serif.axes}


def test_the_first_font_that_has_all_is_chosen() -> None:
    latin, arabic = Font("a", ((32, 126), (8230, 8230))), Font("b", ((32, 126), (0x600, 0x6FF), (8230, 8230)))
    assert choose("Sea", [latin, arabic]) == latin
    assert choose("بحر Sea", [latin, arabic]) == arabic
    assert choose("بحر 海", [latin, arabic]) == {"海"}
    assert choose("海", []) == {"海"}
    assert "\u200c" in characters(latin)


@pytest.mark.parametrize("data", [b"", b"x", b"OTTO" + b"\0" * 99, b"\0\1\0\0" + b"\xff" * 500, b"wOF2" + b"\0" * 60])
def test_what_is_no_font_is_told(data: bytes) -> None:
    assert "no TrueType" in read_font(data, "d").flaw


@given(st.integers(0, 99), st.integers(0, 255))
def test_a_damaged_font_is_a_font_or_a_flaw(place: int, value: int) -> None:
    data = bytearray(Path(fonts()["FrankRuhlLibre"][0]).read_bytes())
    data[place * len(data) // 100] = value
    found = read_font(bytes(data), "d")
    assert found.runs or found.flaw
    cut = read_font(bytes(data[: place * len(data) // 100]), "d")
    assert cut.runs or cut.flaw


def test_where_pillow_cannot_shape_letters_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    data = Path(fonts()["FrankRuhlLibre"][0]).read_bytes()
    for lacking in ("raqm", "fribidi"):
        monkeypatch.setattr("PIL.features.check", lambda name, lacking=lacking: name != lacking)
        assert read_font(data, "d") == Font("d", flaw="Pillow lacks Raqm or FriBiDi here, which shape letters")

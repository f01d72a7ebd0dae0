"""Pictures: what is told of each, hostile ones too; what is made of them; and that none tells where it was taken."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms, ImageOps

from newsgen.content import metadata
from newsgen.content.pictures import Facts, Recipe, UncleanError, made, measure, published
from tests.pictures import GPS, chunk, exif, opened, photo, png, saved, telling

JPEG = saved(photo(), "JPEG", quality=95)


def clear() -> Image.Image:
    picture = photo(mode="RGBA")
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    return picture


def grey16() -> Image.Image:
    return Image.frombytes(
        "I;16", (60, 40), b"".join(struct.pack("<H", x * 1110) for _ in range(40) for x in range(60))
    )


def palette(**options: Any) -> bytes:
    return saved(photo().quantize(8), "PNG", **options)


def drawn(data: bytes, format: str = "png", width: int = 60, quality: int = 80, *, credit: bool = False) -> bytes:
    (found,) = made(data, [Recipe(format, width, 60, quality, credit)], 10)
    return found


def differ(one: Image.Image, two: Image.Image) -> float:
    """How much the pixels of two pictures differ in the mean."""
    assert one.size == two.size
    bands = ImageChops.difference(one.convert("RGB"), two.convert("RGB")).convert("L").histogram()
    return sum(value * count for value, count in enumerate(bands)) / (one.width * one.height)


# ---- facts ----------------------------------------------------------------------------------------------------------

SOUND: dict[str, tuple[bytes, dict[str, object]]] = {
    "JPEG": (JPEG, {"format": "JPEG", "clear": False, "common": True, "moving": False}),
    "grey JPEG": (saved(photo(mode="L"), "JPEG"), {"common": True}),
    "CMYK JPEG": (saved(photo(mode="CMYK"), "JPEG"), {"common": False}),
    "PNG": (png(width=60, height=40), {"format": "PNG", "colour": "#204060"}),
    "PNG of 16 bits": (saved(grey16(), "PNG"), {"clear": False}),
    "PNG with alpha": (saved(clear(), "PNG"), {"clear": True, "colour": ""}),
    "PNG with alpha that hides nothing": (saved(photo(mode="RGBA"), "PNG"), {"clear": False}),
    "PNG with grey and alpha": (saved(clear().convert("LA"), "PNG"), {"clear": True}),
    "palette": (palette(), {"clear": False}),
    "palette with a clear colour": (palette(transparency=0), {"clear": True}),
    "black and white": (saved(photo(mode="1"), "PNG"), {"clear": False}),
    "WebP": (saved(photo(), "WEBP"), {"format": "WEBP", "common": False}),
    "AVIF": (saved(photo(), "AVIF"), {"format": "AVIF", "common": False}),
    "GIF": (saved(photo(), "GIF"), {"format": "GIF", "moving": False, "common": True}),
    **{f"moving {name[7:]}": (data, {"moving": True}) for name, data in telling().items() if name.startswith("moving")},
    "two JPEGs in one": (telling()["many.jpg"], {"format": "JPEG", "moving": False}),
    "profile of three megabytes": (saved(photo(), "JPEG", icc_profile=b"x" * 3_000_000), {"format": "JPEG"}),
    "profile that is none": (saved(photo(), "PNG", icc_profile=b"none"), {"format": "PNG"}),
    "EXIF that is none": (saved(photo(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"), {"format": "JPEG"}),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_a_picture_is_measured(name: str) -> None:
    data, expected = SOUND[name]
    facts = measure(data, 10)
    assert (facts.width, facts.height, facts.flaw) == (60, 40, "")
    assert {key: getattr(facts, key) for key in expected} == expected
    assert facts.clear == (not facts.colour)


CUT = "it is damaged or cut off"
LARGE = "it has more than 10 million pixels"


def bomb(width: int, height: int) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 10_000)) + chunk(b"IEND", b"")


FLAWED = {
    "nothing": (b"", "it is empty"),
    "a text": (b"This is no picture.", "it is no picture"),
    "a page": (b"<html><svg></svg></html>", "it is no picture"),
    **{f"{len(JPEG) * n // 8} bytes of a JPEG": (JPEG[: len(JPEG) * n // 8], CUT) for n in range(1, 8)},
    "three bytes of a JPEG": (JPEG[:3], CUT),
    "half a PNG": ((data := saved(photo(), "PNG"))[: len(data) // 2], CUT),
    "half a WebP": ((data := saved(photo(), "WEBP"))[: len(data) // 2], CUT),
    "half an AVIF": ((data := saved(photo(), "AVIF"))[: len(data) // 2], CUT),
    "half a GIF": ((data := saved(photo(), "GIF"))[: len(data) // 2], CUT),
    "a bomb": (bomb(60_000, 60_000), LARGE),
    "a small bomb": (bomb(4000, 3000), LARGE),
    "a wide bomb": (bomb(2**31 - 1, 1), LARGE),
    "a picture without rows": (bomb(0, 0), CUT),
    "a profile that unpacks to megabytes": (saved(photo(), "PNG", icc_profile=b"x" * 3_000_000), CUT),
    "a TIFF": (saved(photo(), "TIFF"), "browsers do not show TIFF"),
    "a BMP": (saved(photo(), "BMP"), "browsers do not show BMP"),
    "a picture of a telephone": (b"\0\0\0\x18ftypheic\0\0\0\0", "browsers do not show HEIF"),
}


@pytest.mark.parametrize("name", FLAWED)
def test_a_picture_that_cannot_be_shown_says_why(name: str) -> None:
    data, flaw = FLAWED[name]
    assert measure(data, 10) == Facts(flaw=flaw)


@pytest.mark.parametrize("seed", range(200))
def test_no_damage_is_more_than_a_flaw(seed: int) -> None:
    name, data = list(telling().items())[seed % 11]
    at, value = seed * 7919 % len(data), seed * 31 % 256
    damaged = data[:at] + bytes([value]) + data[at + 1 + seed % 3 :]
    assert isinstance(measure(damaged, 10), Facts), name
    try:
        published(damaged, "strip", 10)
    except UncleanError:
        assert name.endswith("avif")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ('<svg width="24" height="16.4"/>', (24, 16)),
        ("<?xml version='1.0'?>\n<!-- <svg> -->\n<!DOCTYPE svg>\n<svg viewBox='0 0 60 40'>", (60, 40)),
        ('<svg width="100%" viewBox="-5,-5 1e3 x"/>', (0, 0)),
        ('<svg viewBox="0 0 1.2.3 4"/>', (0, 0)),
        ("<svg/>", (0, 0)),
    ],
)
def test_an_svg_states_its_size_or_none(text: str, size: tuple[int, int]) -> None:
    facts = measure(text.encode(), 10)
    assert (facts.format, (facts.width, facts.height), facts.scales) == ("SVG", size, False)


def test_much_that_begins_like_an_svg_is_read_fast() -> None:
    assert measure(b"<!--a-->" * 100_000, 10).flaw == "it is no picture"


# ---- what is made of one --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_turned_as_its_exif_says(format: str, turn: int) -> None:
    options: dict[str, Any] = {"WEBP": {"lossless": True}, "JPEG": {"quality": 95, "subsampling": 0}}.get(format, {})
    data = saved(photo(), format, exif=exif(turn).tobytes(), **options)
    expected = ImageOps.exif_transpose(opened(data))
    assert expected is not None
    facts, copy = measure(data, 10), published(data, "strip", 10)
    assert (facts.width, facts.height) == expected.size == ((60, 40) if turn < 5 else (40, 60))
    assert differ(opened(copy), expected) < 2
    assert GPS not in copy
    (copy,) = made(data, [Recipe("png", expected.width, expected.width, 0, False)], 10)
    assert differ(opened(copy), expected) < 2


@pytest.mark.parametrize("format", ["avif", "webp", "jpeg", "png"])
@pytest.mark.parametrize("name", [name for name in SOUND if "moving" not in name])
def test_others_are_made_of_it(name: str, format: str) -> None:
    data = SOUND[name][0]
    if format == "jpeg" and measure(data, 10).clear:
        return  # nothing asks for that
    small = opened(drawn(data, format, 30))
    assert (small.size, small.mode) == ((30, 20), "RGBA" if measure(data, 10).clear else "RGB")
    assert "icc_profile" not in small.info
    assert drawn(data, format, 30) == drawn(data, format, 30)


def test_colours_stay_what_they_are() -> None:
    for mode in ("RGB", "CMYK", "RGBA"):
        data = saved(
            photo(mode=mode), "JPEG" if mode == "CMYK" else "PNG", **({"quality": 95} if mode == "CMYK" else {})
        )
        assert differ(opened(drawn(data)), photo()) < 3
    assert differ(opened(drawn(saved(grey16(), "PNG"))), grey16().point(lambda value: value / 257).convert("L")) < 1
    assert differ(opened(drawn(saved(clear(), "PNG"))), clear()) < 1


def test_a_picture_in_other_colours_is_shown_in_those_of_the_web() -> None:
    """As if red were green: a profile that tells where its primaries are."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = (
        profile.replace(b"rXYZ", b"temp").replace(b"gXYZ", b"rXYZ").replace(b"temp", b"gXYZ").replace(b"sRGB", b"Swap")
    )
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "Swap".encode("utf-16-be"))
    red, green, _ = opened(drawn(saved(Image.new("RGB", (60, 40), (255, 0, 0)), "PNG", icc_profile=swapped))).getpixel(
        (9, 9)
    )
    assert (red < 50, green > 200) == (True, True)


def test_a_picture_in_the_colours_of_the_web_stays_as_it_is() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert drawn(saved(photo(), "PNG", icc_profile=profile)) == drawn(saved(photo(), "PNG"))


# ---- metadata -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", telling())
def test_no_picture_tells_where_it_was_taken(name: str) -> None:
    data = telling()[name]
    assert GPS in data or b"GIF8" in data
    copy = published(data, "strip", 10)
    assert not any(word in copy for word in (GPS, b"Jane", b"Exif", b"http", b"xmpmeta", b"8BIM"))
    assert opened(copy).size == (60, 40)
    assert measure(copy, 10) == measure(data, 10)
    if not name.endswith("avif"):
        assert differ(opened(copy), opened(data)) == 0
        assert published(copy, "strip", 10) == copy
    assert published(data, "keep", 10) == data


@pytest.mark.parametrize("name", ["exif.jpg", "all.jpg", "all.png", "all.webp", "all.avif"])
def test_artist_and_copyright_are_kept_where_they_are_asked_for(name: str) -> None:
    for turn in (1, 6):
        data = telling(turn)[name]
        copy = published(data, "credit", 10)
        assert GPS not in copy
        assert dict(opened(copy).getexif()) == {0x013B: "Jane Doe\0", 0x8298: "(c) The Post\0"}
    for format in ("avif", "webp", "jpeg", "png"):
        assert opened(drawn(data, format, 30, credit=True)).getexif()[0x013B].startswith("Jane Doe")
        assert not opened(drawn(data, format, 30)).getexif()


@pytest.mark.parametrize("source", ["iptc", "xmp"])
def test_the_credit_of_iptc_or_xmp_is_kept_where_exif_has_none(source: str) -> None:
    data = telling()["all.jpg"]
    data = data.replace(b"Exif\0\0", b"Else\0\0") if source == "iptc" else saved(photo(), "JPEG", xmp=_xmp())
    assert opened(published(data, "credit", 10)).getexif()[0x013B].startswith("Jane Doe")


def _xmp() -> bytes:
    from tests.pictures import xmp

    return xmp()


@pytest.mark.parametrize(
    "make", [lambda: saved(photo(), "TIFF"), lambda: b"\0\0\0\x18ftypheic\0\0\0\0", lambda: b"8BPS\0\1"]
)
def test_what_may_hide_metadata_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(UncleanError):
        published(make(), "strip", 10)
    assert published(make(), "keep", 10) == make()


@pytest.mark.parametrize(
    "data", [b"", b"text", b"<svg><metadata>x</metadata></svg>", b"%PDF-1.7 ", b"\xff\xd8", b"RIFF\0\0\0\0WAVE"]
)
def test_all_else_is_published_as_it_is(data: bytes) -> None:
    assert published(data, "strip", 10) == data


def test_the_thumbnail_of_a_jpeg_goes() -> None:
    with_thumbnail = JPEG[:18] + b"\1\1" + b"\xaa\xbb\xcc" + JPEG[20:]
    with_thumbnail = JPEG[:4] + struct.pack(">H", 19) + with_thumbnail[6:]
    assert b"\xaa\xbb\xcc" not in published(with_thumbnail, "strip", 10)
    assert metadata.kind(with_thumbnail) == "JPEG"


def test_a_picture_that_cannot_be_turned_is_published_without_metadata() -> None:
    data = telling(6)["all.jpg"]
    copy = published(data[: data.index(b"\xff\xda") + 40], "credit", 10)
    assert GPS not in copy
    assert opened(published(data, "credit", 10)).size == (40, 60)
    with Image.open(BytesIO(copy)) as cut:
        assert (cut.size, cut.getexif()[0x013B]) == ((60, 40), "Jane Doe\0")


def test_an_avif_has_its_metadata_taken_out_only_where_it_is_whole_and_has_some() -> None:
    bare, told = saved(photo(), "AVIF"), telling()["all.avif"]
    assert published(bare, "strip", 10) == bare
    with pytest.raises(UncleanError, match="it has more than 0 million pixels"):
        published(told, "strip", 0)
    with pytest.raises(UncleanError, match="it is damaged or cut off"):
        published(told[: len(told) // 2], "strip", 10)


@pytest.mark.parametrize("data", [saved(photo(), "GIF"), saved(photo(), "WEBP")])
def test_a_container_without_room_for_a_credit_stays_as_it_is(data: bytes) -> None:
    assert metadata.credited(data, {metadata.ARTIST: b"Jane Doe"}) == data


def test_a_jpeg_may_hold_fill_bytes_and_exif_that_is_none() -> None:
    data = saved(photo(), "JPEG", exif=b"Exif\0\0no order of bytes")
    filled = data[:2] + b"\xff\xff" + data[2:]
    bare = metadata.bare(filled)
    assert bare == metadata.bare(data)
    assert bare is not None
    assert (bare.orientation, bare.credit, differ(opened(bare.data), opened(data))) == (1, {}, 0)

"""Pictures: what is known of one, and others made of it. Pillow is imported by the first that must be opened."""

from __future__ import annotations

import re
import struct
import warnings
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import msgspec

from newsgen.content import metadata

if TYPE_CHECKING:
    from PIL.Image import Image

READ: Final = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
"""The formats that newsgen opens; SVG is left as it is."""

_HIDING: Final = frozenset(("TIFF", "HEIF", "JPEG XL", "JPEG 2000", "Photoshop's format"))
"""Formats from which metadata are not taken out."""

LANCZOS: Final = 1  # by Pillow's numbers
_SPEED: Final = 8  # of AVIF, 0 to 10: a third of the time of 6, for 2 % more bytes
_FULL: Final = {"JPEG": 92, "WEBP": 92, "AVIF": 80}  # quality where a whole picture is only turned
_SVG_SIZE: Final = re.compile(rb"""\s(width|height)\s*=\s*["']\s*(\d+(?:\.\d+)?)(?:px)?\s*["']""")
_SVG_BOX: Final = re.compile(rb"""\sviewBox\s*=\s*["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*["']""")


class Facts(msgspec.Struct, frozen=True, array_like=True):
    """What is known of a picture, once it is turned as its EXIF says; of one with a `flaw`, why it cannot be shown.

    `colour` is its mean as "#rrggbb", empty where it lets through what is behind it (`clear`). `common` says whether
    every browser shows the file as it is; one that is `moving`, or an SVG, is not made into others.
    """

    width: int = 0
    height: int = 0
    format: str = ""
    colour: str = ""
    clear: bool = False
    common: bool = True
    moving: bool = False
    flaw: str = ""

    @property
    def scales(self) -> bool:
        return not self.moving and self.format in READ


class Recipe(msgspec.Struct, frozen=True):
    """What is made of a picture: `format` and width. All are made of one that is `base` wide; `credit`: is it told?"""

    format: str
    width: int
    base: int
    quality: int
    credit: bool


class UncleanError(Exception):
    """Metadata cannot be taken out of a file; says why."""


FAILURES: Final = (
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
"""What a decoder raises of bytes that are hostile or cut off."""


def measure(data: bytes, megapixels: int) -> Facts:
    """What is known of a picture. One of more than so many million pixels is not decoded."""
    format = metadata.kind(data)
    if format == "SVG":
        return Facts(*_svg_size(data), format)
    if format not in READ:
        return Facts(flaw=f"browsers do not show {format}" if format else "it is no picture" if data else "it is empty")
    try:
        picture, turn, _ = _opened(data, megapixels)
        width, height = picture.size[::-1] if turn >= 5 else picture.size
        moving, common = bool(getattr(picture, "is_animated", False)), format in ("JPEG", "PNG", "GIF")
        common = common and picture.mode != "CMYK"
        small = _upright(picture, turn, 64)
        clear = small.mode == "RGBA"
        colour = "" if clear else f"#{small.reduce(small.size).tobytes().hex()}"
        return Facts(width, height, format, colour, clear, common, moving)
    except _TooLargeError:
        return Facts(flaw=f"it has more than {megapixels} million pixels")
    except FAILURES:
        return Facts(flaw="it is damaged or cut off")


def made(data: bytes, recipes: Sequence[Recipe], megapixels: int) -> Iterator[bytes]:
    """The pictures that recipes of one base make of one picture, which is decoded once."""
    picture, turn, credit = _opened(data, megapixels)
    base = _upright(picture, turn, recipes[0].base)
    for recipe in recipes:
        size = (recipe.width, max(1, round(base.height * recipe.width / base.width)))
        yield _written(_resized(base, size), recipe.format, recipe.quality, credit if recipe.credit else {})


def published(data: bytes, keep: str, megapixels: int) -> bytes:
    """A file as it is published: a picture without metadata, `keep` being "strip" or "credit", and turned as its EXIF
    says; "keep" and all else as it is. Raises UncleanError."""
    format = metadata.kind(data) if keep != "keep" else ""
    if format in _HIDING:
        raise UncleanError(f"{format} may hold metadata, which newsgen cannot take out")
    if format == "AVIF":
        return _turned(data, keep, megapixels)
    bare = metadata.bare(data) if format else None
    if bare is None:
        return data
    if bare.orientation > 1:
        try:
            return _turned(data, keep, megapixels)
        except UncleanError:
            pass
    return metadata.credited(bare.data, bare.credit) if keep == "credit" else bare.data


# ---- Pillow ---------------------------------------------------------------------------------------------------------


class _TooLargeError(ValueError):
    """A picture has more pixels than may be."""


def _opened(data: bytes, megapixels: int) -> tuple[Image, int, dict[int, bytes]]:
    """A picture that is not decoded yet, how it must be turned, and its credit. Raises what a decoder raises."""
    from PIL import Image

    found = metadata.bare(data)
    Image.MAX_IMAGE_PIXELS = megapixels * 1_000_000
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            picture = Image.open(BytesIO(found.data if found else data), formats=READ)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as failure:
            raise _TooLargeError from failure
        if found:
            return picture, found.orientation, found.credit
        exif = picture.getexif()
        turn, told = exif.get(metadata.ORIENTATION, 1), (metadata.ARTIST, metadata.COPYRIGHT)
        credit = {tag: str(exif[tag]).strip("\0 ").encode() for tag in told if tag in exif}
        return picture, turn if turn in range(1, 9) else 1, credit


def _upright(picture: Image, turn: int, width: int) -> Image:
    """The first frame, turned, in sRGB with 8 bits a channel, scaled down to a width: RGB, or RGBA where it is clear
    somewhere."""
    stored = picture.size[::-1] if turn >= 5 else picture.size
    target = min(width, stored[0])
    size = (target, max(1, round(stored[1] * target / stored[0])))
    size = size[::-1] if turn >= 5 else size
    picture.draft(None, (2 * size[0], 2 * size[1]))  # pyright: ignore[reportArgumentType]
    picture.load()
    profile: Any = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):
        grey: Any = picture
        picture = grey.point(_of_eight_bits).convert("L")
    elif "transparency" in picture.info or picture.mode in ("LA", "PA", "La", "RGBa"):
        picture = picture.convert("RGBA")
    elif picture.mode not in ("L", "RGB", "RGBA", "CMYK"):
        picture = picture.convert("RGB")
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema()[0] == 255:
        picture = picture.convert("RGB")
    picture = _in_srgb(_resized(picture, size), profile)
    picture = _as_exif_says(picture if picture.mode in ("RGB", "RGBA") else picture.convert("RGB"), turn)
    picture.info.clear()  # or it would be written as if it still had its old profile
    return picture


def _resized(picture: Any, size: tuple[int, ...]) -> Image:
    return picture if picture.size == size else picture.resize(size, LANCZOS, reducing_gap=3.0)


def _of_eight_bits(value: Any) -> Any:
    return value / 257


def _as_exif_says(picture: Image, turn: int) -> Image:
    """A picture turned and mirrored as an orientation of EXIF says."""
    steps = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}  # by Pillow's numbers of what it can do
    from PIL.Image import Transpose

    return picture.transpose(Transpose(steps[turn])) if turn in steps else picture


def _in_srgb(picture: Image, profile: bytes | None) -> Image:
    """A picture in sRGB; one whose profile is none is taken for sRGB."""
    if not profile:
        return picture
    from PIL import ImageCms

    cms: Any = ImageCms
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if picture.mode != "CMYK" and "sRGB" in ImageCms.getProfileDescription(source):
            return picture
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        changed = cms.profileToProfile(picture, source, cms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return changed or picture


def _written(picture: Image, format: str, quality: int, credit: dict[int, bytes], **more: Any) -> bytes:
    """The bytes of a picture; the same from the same pixels, however many processors there are."""
    options: dict[str, Any] = {
        "avif": {"quality": quality, "speed": _SPEED, "max_threads": 1},
        "webp": {"quality": quality, "method": 4},
        "jpeg": {"quality": quality, "optimize": True, "progressive": True},
        "png": {"optimize": True},
    }[format]
    if credit:
        options["exif"] = b"Exif\0\0" + metadata.exif_of(credit)
    out = BytesIO()
    picture.save(out, format.upper(), **options, **more)
    return out.getvalue()


def _turned(data: bytes, keep: str, megapixels: int) -> bytes:
    """A whole picture written again in its format and its colours, turned, without metadata. Raises UncleanError."""
    try:
        picture, turn, credit = _opened(data, megapixels)
        if picture.format == "AVIF" and not picture.info.get("exif") and not picture.info.get("xmp"):
            return data
        if getattr(picture, "is_animated", False):
            picture.info.clear()
            return _written(picture, _name(picture), _FULL["AVIF"], {}, save_all=True)
        format, profile = _name(picture), picture.info.get("icc_profile")
        turned = _as_exif_says(picture, turn)
        turned.info.clear()
        told = credit if keep == "credit" else {}
        return _written(turned, format, _FULL.get(format.upper(), 0), told, icc_profile=profile)
    except _TooLargeError as failure:
        raise UncleanError(f"it has more than {megapixels} million pixels") from failure
    except FAILURES as failure:
        raise UncleanError("it is damaged or cut off") from failure


def _name(picture: Image) -> str:
    return (picture.format or "").lower()


def _svg_size(data: bytes) -> tuple[int, int]:
    """Width and height that an SVG states, in pixels; zeros where it states none."""
    text = re.sub(rb"<!--.*?-->", b"", data[:10_000], flags=re.S)
    tag = text[text.find(b"<svg") :].partition(b">")[0]
    stated = {name: round(float(value)) for name, value in _SVG_SIZE.findall(tag)}
    if stated.get(b"width") and stated.get(b"height"):
        return stated[b"width"], stated[b"height"]
    box = _SVG_BOX.search(tag)
    try:
        return (round(float(box[1])), round(float(box[2]))) if box else (0, 0)
    except ValueError:
        return 0, 0

"""Pictures for tests, made when they are asked for: small ones whose bytes no library decides, and those of Pillow."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, PngImagePlugin

GPS = b"zqgpszq"
"""What stands in the metadata of `telling`, in plain ASCII, and must stand nowhere else."""


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(colour: str = "204060", width: int = 4, height: int = 3, *more: bytes) -> bytes:
    """A PNG of one colour, not compressed, with `more` chunks before its pixels."""
    rows = (b"\0" + bytes.fromhex(colour) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(rows, 0))
    return b"".join((b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), *more, pixels, chunk(b"IEND", b"")))


def saved(picture: Image.Image, format: str, **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def photo(width: int = 60, height: int = 40, mode: str = "RGB") -> Image.Image:
    """A picture without a symmetry: red grows to the right, green downwards, one corner is blue."""
    right = Image.linear_gradient("L").rotate(90).resize((width, height))
    picture = Image.merge(
        "RGB", (right, Image.linear_gradient("L").resize((width, height)), Image.new("L", right.size))
    )
    picture.paste((0, 0, 255), (0, 0, width // 4, height // 4))
    return picture.convert(mode)


def exif(orientation: int = 1) -> Image.Exif:
    """EXIF that tells an orientation, a place, who took it and whose it is."""
    told = Image.Exif()
    told[0x0112], told[0x010E], told[0x013B], told[0x8298] = orientation, GPS.decode(), "Jane Doe", "(c) The Post"
    told.get_ifd(0x8825)[0x1D] = GPS.decode()
    return told


def xmp() -> bytes:
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator><rdf:Seq><rdf:li>Jane Doe</rdf:li></rdf:Seq></dc:creator>%s</x:xmpmeta>'
        % GPS
    )


def iptc() -> bytes:
    """The segment of a JPEG with IPTC: a caption and a by-line."""
    records = b"".join(
        [b"\x1c\x02" + bytes([n]) + struct.pack(">H", len(text)) + text for n, text in ((120, GPS), (80, b"Jane Doe"))]
    )
    block = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records
    return b"\xff\xed" + struct.pack(">H", len(block) + 2) + block


def telling(orientation: int = 1) -> dict[str, bytes]:
    """Photographs that tell GPS in every way that their containers know, by name."""
    told, picture = exif(orientation).tobytes(), photo()
    text = PngImagePlugin.PngInfo()
    text.add_text("Location", GPS.decode())
    text.add_itxt("XML:com.adobe.xmp", xmp().decode())
    frames = {"save_all": True, "append_images": [photo(mode="L").convert("RGB")], "duration": 100, "loop": 0}
    jpeg = saved(picture, "JPEG", exif=told, xmp=xmp(), comment=GPS)
    return {
        "exif.jpg": saved(picture, "JPEG", exif=told),
        "all.jpg": jpeg[:2] + iptc() + jpeg[2:] + GPS,
        "many.jpg": saved(picture, "MPO", save_all=True, append_images=[picture], exif=told) + GPS,
        "all.png": saved(picture, "PNG", exif=told, pnginfo=text) + GPS,
        "moving.png": saved(picture, "PNG", pnginfo=text, **frames),
        "all.webp": saved(picture, "WEBP", exif=told, xmp=xmp()),
        "moving.webp": saved(picture, "WEBP", exif=told, xmp=xmp(), **frames),
        "all.avif": saved(picture, "AVIF", exif=told, xmp=xmp()),
        "moving.avif": saved(picture, "AVIF", exif=exif().tobytes(), xmp=xmp(), **frames),
        "all.gif": saved(picture, "GIF", comment=GPS) + GPS,
        "moving.gif": saved(picture, "GIF", comment=GPS, **frames),
    }

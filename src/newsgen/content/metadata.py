"""What a picture's file says beside its pixels: where and by whom it was taken, taken out without touching a pixel.

Kept is what is known to be needed to show it, colour profiles among that; all else goes, thumbnails and what is hung on
behind the picture too.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final, NamedTuple

_SIGNATURES: Final = (
    (rb"\xff\xd8\xff", "JPEG"),
    (rb"\x89PNG\r\n\x1a\n", "PNG"),
    (rb"RIFF....WEBP", "WEBP"),
    (rb"GIF8[79]a", "GIF"),
    (rb"....ftypavi[fs]", "AVIF"),
    (rb"....ftyp(?:hei[cxms]|hev[cx]|mif1|msf1)", "HEIF"),
    (rb"II\*\0|MM\0\*|II\+\0|MM\0\+", "TIFF"),
    (rb"\xff\x0a|\0\0\0\x0cJXL ", "JPEG XL"),
    (rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51", "JPEG 2000"),
    (rb"8BPS\0", "Photoshop's format"),
    (rb"BM.{4}\0\0\0\0", "BMP"),
    (rb"(?:\xef\xbb\xbf)?(?><\?xml.*?\?>|<!--.*?-->|<!DOCTYPE.*?>|\s)*+<svg[\s>/]", "SVG"),
)
_PATTERNS: Final = tuple((re.compile(pattern, re.S), name) for pattern, name in _SIGNATURES)

_HEAD: Final = 10_000  # bytes that tell a format

_PIXELS_OF_PNG: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB bKGD hIST pHYs sPLT cICP mDCV cLLI acTL fcTL fdAT".split()
)
_PIXELS_OF_WEBP: Final = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_PIXELS_OF_GIF: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
_MARKER: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")  # the end of a JPEG's scan

ORIENTATION, ARTIST, COPYRIGHT = 0x0112, 0x013B, 0x8298
_IPTC: Final = ((ARTIST, b"\x50"), (ARTIST, b"\x6e"), (COPYRIGHT, b"\x74"))  # by-line, credit, copyright notice
_XMP: Final = ((ARTIST, b"creator"), (COPYRIGHT, b"rights"))


class Bare(NamedTuple):
    """A picture without metadata, how EXIF says that it must be turned (1 to 8), and who is to be named for it."""

    data: bytes
    orientation: int
    credit: dict[int, bytes]


def kind(data: bytes) -> str:
    """The format of a picture, told from its bytes; empty where they are none that is known."""
    return next((name for pattern, name in _PATTERNS if pattern.match(data, 0, _HEAD)), "")


def bare(data: bytes) -> Bare | None:
    """The picture without metadata; None where it is no JPEG, PNG, WebP or GIF. What is cut off stays cut off."""
    if (walk := _WALKS.get(kind(data))) is None:
        return None
    said: list[bytes] = []
    return Bare(walk(data, said), *_read(said))


def credited(data: bytes, credit: dict[int, bytes]) -> bytes:
    """A bare picture with EXIF that holds nothing but artist and copyright; as it is where there are none."""
    format, exif = kind(data), exif_of(credit)
    if not exif:
        return data
    if format == "JPEG":
        return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif + data[2:]
    if format == "PNG":
        chunk = b"eXIf" + exif
        return data[:33] + struct.pack(">I", len(exif)) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[33:]
    if format == "WEBP" and data[12:16] == b"VP8X":
        extended = data[12:20] + bytes([data[20] | 8]) + data[21:]
        return _riff(extended + b"EXIF" + struct.pack("<I", len(exif)) + exif)
    return data


def exif_of(credit: dict[int, bytes]) -> bytes:
    """The EXIF of artist and copyright, of an even length; empty where there are none."""
    if not credit:
        return b""
    entries, values, end = b"", b"", 14 + 12 * len(credit)
    for tag, text in sorted(credit.items()):
        value = text[:2000].ljust(4, b"\0") + b"\0"
        value += b"\0" * (len(value) % 2)
        entries += struct.pack("<HHII", tag, 2, len(value), end + len(values))
        values += value
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(credit)) + entries + b"\0\0\0\0" + values


# ---- containers -----------------------------------------------------------------------------------------------------


def _jpeg(data: bytes, said: list[bytes]) -> bytes:
    kept, at = [data[:2]], 2
    while at + 2 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            kept.append(b"\xff\xd9")
            break
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        segment, at = data[at:end], end
        if not 0xE0 <= marker <= 0xEF and marker != 0xFE:
            kept.append(segment)
        elif segment[4:9] == b"JFIF\0":
            kept.append(b"\xff\xe0\0\x10" + segment[4:16].ljust(12, b"\0") + b"\0\0")  # without a thumbnail
        elif segment[4:16] == b"ICC_PROFILE\0" or (marker == 0xEE and segment[4:9] == b"Adobe"):
            kept.append(segment)
        else:
            said.append(segment[4:])
        if marker == 0xDA:
            found = _MARKER.search(data, end)
            at = found.start() if found else len(data)
            kept.append(data[end:at])
    return b"".join(kept)


def _png(data: bytes, said: list[bytes]) -> bytes:
    kept, at = [data[:8]], 8
    while at + 8 <= len(data):
        name, end = data[at + 4 : at + 8], at + 12 + int.from_bytes(data[at : at + 4], "big")
        if name in _PIXELS_OF_PNG:
            kept.append(data[at:end])
        else:
            said.append((b"Exif\0\0" if name == b"eXIf" else b"") + data[at + 8 : end - 4])
        if name == b"IEND":
            break
        at = end
    return b"".join(kept)


def _webp(data: bytes, said: list[bytes]) -> bytes:
    kept: list[bytes] = []
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        chunk, at = data[at : at + 8 + size + size % 2], at + 8 + size + size % 2
        if name == b"VP8X" and len(chunk) > 8:
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if name in _PIXELS_OF_WEBP:
            kept.append(chunk)
        else:
            exif = name == b"EXIF" and chunk[8:12] != b"Exif"
            said.append((b"Exif\0\0" if exif else b"") + chunk[8:])
    return _riff(b"".join(kept))


def _riff(chunks: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def _gif(data: bytes, said: list[bytes]) -> bytes:
    at = 13 + _colours(data[10:11])
    kept = [data[:at]]
    while at < len(data) and data[at] in b"\x21\x2c":
        start = at
        if data[at] == 0x2C:
            at += 11 + _colours(data[at + 9 : at + 10])
            needed = True
        else:
            needed = data[at + 1 : at + 2] == b"\xf9" or data[at + 3 : at + 14] in _PIXELS_OF_GIF
            at += 2
        while at < len(data) and data[at]:
            at += data[at] + 1
        at += 1
        (kept if needed else said).append(data[start:at])
    return b"".join((*kept, data[at : at + 1] if data[at : at + 1] == b";" else b""))


def _colours(flags: bytes) -> int:
    """The bytes of the table of colours that flags of a GIF announce."""
    return 3 * 2 ** (flags[0] % 8 + 1) if flags and flags[0] & 0x80 else 0


_WALKS: Final = {"JPEG": _jpeg, "PNG": _png, "WEBP": _webp, "GIF": _gif}


# ---- what metadata say ----------------------------------------------------------------------------------------------


def _read(said: list[bytes]) -> tuple[int, dict[int, bytes]]:
    """Orientation and credit, of the first that tells of each: EXIF, IPTC, XMP."""
    orientation, credit = 1, dict[int, bytes]()
    for block in said:
        if block.startswith(b"Exif\0\0"):
            for tag, value in _exif(block[6:]):
                if tag == ORIENTATION and 1 <= value[0] <= 8:
                    orientation = value[0]
                elif tag != ORIENTATION:
                    credit.setdefault(tag, value)
    for block in said:
        if block.startswith(b"Photoshop 3.0\0"):
            for tag, record in _IPTC:
                if found := re.search(rb"\x1c\x02" + record + rb"\0([\x01-\xff])", block):
                    credit.setdefault(tag, block[found.end() : found.end() + found[1][0]])
        for tag, name in _XMP if b"<x:xmpmeta" in block else ():
            if found := re.search(rb"<dc:%s>.{0,200}?<rdf:li[^>]*>([^<]+)" % name, block, re.S):
                credit.setdefault(tag, found[1])
    return orientation, {tag: text for tag, text in credit.items() if text.strip(b"\0 ")}


def _exif(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The tags of the first directory that matter here, each with its bytes; a short number has the lower one first."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None or len(data) < 8:
        return
    at: int = struct.unpack(f"{order}I", data[4:8])[0]
    for entry in range(at + 2, min(at + 2 + 12 * 500, len(data) - 11), 12):
        tag, form, count, where = struct.unpack(f"{order}HHII", data[entry : entry + 12])
        if entry >= at + 2 + 12 * struct.unpack(f"{order}H", data[at : at + 2])[0]:
            return
        if tag == ORIENTATION and form == 3:
            yield tag, bytes([struct.unpack(f"{order}H", data[entry + 8 : entry + 10])[0] % 256])
        elif tag in (ARTIST, COPYRIGHT) and form == 2:
            start = where if count > 4 else entry + 8
            yield tag, data[start : start + count].rstrip(b"\0")

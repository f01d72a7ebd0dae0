"""The text of bytes: as what they say that they are, else as UTF-8, else by the evidence of their letters."""

from __future__ import annotations

import codecs
import re
from typing import Final

import msgspec

from newsgen.diagnostics import Outcome, Place, error

# What is looked for where the bytes are no UTF-8. Encodings that only a reader of the language can tell from these
# (cp1250, cp1254, Mac) are left out: --encoding names them.
CANDIDATES: Final = (
    *("cp1252", "koi8_u", "cp1251", "gb18030", "big5", "cp932", "euc_jp", "euc_kr", "cp1253", "cp1255", "cp1256"),
    *("utf_16", "utf_16_le", "utf_16_be"),
)
SAMPLE: Final = 65_536  # bytes that are looked at
FAMILIAR: Final = ("cp1252", "koi8-r")  # of two that say the same

LETTERS: Final = "its letters"
MARK: Final = "byte order mark"

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DOCUMENTS = (b"%PDF", b"PK\x03\x04", b"{\rtf", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_MISREAD = re.compile(r"[^\W\d_][¹²³ºª¼½¾¿¡£¥¢¦][^\W\d_]")  # what stands in no word: another code page was meant


class Text(msgspec.Struct, frozen=True):
    """A text and the encoding in which it was read; `why` says how that was told, and is empty for plain UTF-8."""

    text: str
    encoding: str = "utf-8"
    why: str = ""


def decoded(file: str, data: bytes, encoding: str = "", surveyed: str = "") -> Outcome[Text]:
    """The plain text of a file, in the `encoding` where the user gives one; an error where it is no plain text.

    `surveyed` is the encoding that its letters told before.
    """
    if data.startswith(_DOCUMENTS):
        advice = "Only text is imported: save the document as text."
        return _refused(Place(file), "a document of an office program, a picture or an archive, not text", advice)
    read = _given(file, data, encoding, "--encoding") if encoding else _told(file, data, surveyed)
    if read.value is None:
        return read
    text = read.value.text
    if found := _CONTROL.search(text):
        message = f"control character U+{ord(found[0]):04X} in the text"
        advice = "Remove it. A file full of them is no text, or is in an encoding that --encoding can name."
        return _refused(Place.in_text(file, text, found.start()), message, advice)
    return read


def _given(file: str, data: bytes, encoding: str, why: str) -> Outcome[Text]:
    try:
        return Outcome(Text(data.decode(encoding).removeprefix("\ufeff"), encoding, why))
    except UnicodeError as mistake:
        at = getattr(mistake, "start", 0)
        place = Place(file, data.count(b"\n", 0, at) + 1)
        marked = ", though it is marked so" if why == MARK else ""
        advice = "Save it as UTF-8." if marked else "Name another with --encoding, or none."
        return _refused(place, f"not {encoding} text{marked}: wrong at byte {at}", advice)


def _told(file: str, data: bytes, surveyed: str) -> Outcome[Text]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _given(file, data, encoding, MARK)
    try:
        text = data.decode()
        if "\0" not in text:
            return Outcome(Text(text))
    except UnicodeDecodeError as mistake:
        wrong = mistake.start
    else:
        wrong = data.index(b"\0")
    if surveyed:
        return _given(file, data, surveyed, LETTERS)
    return _by_letters(file, data, wrong)


def _by_letters(file: str, data: bytes, wrong: int) -> Outcome[Text]:
    from charset_normalizer import from_bytes  # which few files need

    sample = data[:SAMPLE]
    if len(data) > SAMPLE and b"\0" not in sample:
        sample = sample.rsplit(b"\n", 1)[0]  # no character is cut
    place = Place(file, data.count(b"\n", 0, wrong) + 1)
    advice = "Save it as UTF-8, or name its encoding with --encoding."
    best = from_bytes(sample, cp_isolation=[*CANDIDATES]).best()
    if best is None:
        return _refused(place, f"not UTF-8 text (wrong at byte {wrong}), nor of another known encoding", advice)
    try:
        text = data.decode(best.encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as mistake:
        place = Place(file, data.count(b"\n", 0, mistake.start) + 1)
        return _refused(place, f"neither UTF-8 nor {best.encoding}: wrong at byte {mistake.start}", advice)
    alike = (one for one in FAMILIAR if data.decode(one, "replace") == text)  # as with quotes alone
    encoding = next(alike, best.encoding.replace("_", "-"))
    if encoding == "cp1252" and (found := _MISREAD.search(text)):
        message = f'not UTF-8 text, and "{found[0]}" is in no word of its likely encoding, cp1252'
        return _refused(Place.in_text(file, text, found.start()), message, advice)
    return Outcome(Text(text, encoding, LETTERS))


def _refused(place: Place, message: str, help: str) -> Outcome[Text]:
    return Outcome(None, (error("NG-704", place, message, help),))

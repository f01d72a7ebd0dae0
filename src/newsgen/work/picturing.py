"""The work of pictures: to measure those that pages name, to make others of them, and to draw social cards, in
processes of this machine.

What is known of a picture is a memo by the digest of its bytes. A process decodes one at a time, once for all that is
made of it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import msgspec

from newsgen import digest
from newsgen.config import FILE
from newsgen.content import lettering, pictures, social_cards
from newsgen.content.pictures import Facts, Recipe
from newsgen.content.social_cards import Line, SocialCard
from newsgen.diagnostics import Diagnostic, Place, error
from newsgen.engine import toolchain
from newsgen.engine.output import stage_file
from newsgen.engine.pool import WORTH
from newsgen.engine.sources import read_bytes
from newsgen.model import Font, StaticFile
from newsgen.pages.index import Measured
from newsgen.pages.social_cards import names
from newsgen.work.job import Job

A_FEW: Final = WORTH // 4  # pieces of work that a picture is worth: four are worth more than one process

_decode: Final = msgspec.json.Decoder(Facts).decode

Made = tuple[str | Diagnostic, float]


class Drawing(msgspec.Struct, frozen=True):
    """What is to be made of a picture: for each recipe an output file and the digest of what stands there."""

    id: str
    path: str
    megapixels: int
    stage: str
    recipes: tuple[Recipe, ...]
    files: tuple[tuple[str, str], ...]


class Lettering(msgspec.Struct, frozen=True):
    """A social card to be drawn, its output file and the digest of what stands there."""

    card: SocialCard
    stage: str
    file: str
    now: str


def measured(job: Job, named: Mapping[str, StaticFile]) -> dict[str, Measured]:
    """What is known of the pictures `named`, by the digests of their bytes; from the memo where they are the same."""
    megapixels = job.settings.images.max_megapixels
    before = job.store.memos("picture")
    keys = {source: f"{source} {job.library.encoder} {megapixels}" for source in named}
    todo = [source for source, key in keys.items() if key not in before]
    tasks = [(job.files.path(named[source].id), megapixels) for source in todo]

    def tell(done: int) -> None:
        job.progress("pictures", done, len(tasks))

    fresh: dict[str, Facts] = {}
    if tasks:
        with job.crew.at_work(A_FEW * len(tasks), job.store, _begin, None) as executor:
            fresh.update(zip(todo, job.crew.each(_measure, tasks, executor, tell, least=1), strict=True))
    found = {source: fresh[source] if source in fresh else _decode(before[key]) for source, key in keys.items()}
    values = {key: msgspec.json.encode(found[source]) for source, key in keys.items()}
    job.store.save_memos("picture", values, before)
    return {source: Measured(named[source], facts) for source, facts in found.items()}


def drawn(job: Job, drawings: Sequence[Drawing]) -> list[list[Made]]:
    """What came of each picture; new bytes are in the stage."""
    total = sum(len(one.files) for one in drawings)

    def tell(done: int) -> None:
        job.progress("pictures", sum(len(one.files) for one in drawings[:done]), total)

    with job.crew.at_work(A_FEW * len(drawings), job.store, _begin, None) as executor:
        return list(job.crew.each(_draw, drawings, executor, tell, least=1))


def _begin(*_: object) -> None:
    """A process needs nothing to begin with."""


def _measure(chunk: Sequence[tuple[str, int]]) -> list[Facts]:
    return [pictures.measure(read_bytes(path), megapixels) for path, megapixels in chunk]


def _draw(chunk: Sequence[Drawing]) -> list[list[Made]]:
    return [_drawn(one) for one in chunk]


def _drawn(one: Drawing) -> list[Made]:
    found: list[Made] = []
    start = time.perf_counter()
    try:
        for data in pictures.made(read_bytes(one.path), one.recipes, one.megapixels):
            file, now = one.files[len(found)]
            made = digest.of_bytes(data)
            if made != now:
                stage_file(one.stage, file, data)
            found.append((made, time.perf_counter() - start))
            start = time.perf_counter()
    except pictures.FAILURES as failure:
        message = f"cannot be made into other pictures: {failure}"
        refused = error("NG-206", Place(one.id), message, "Save it again, or write images.enabled = false.")
        found += [(refused, 0.0)] * (len(one.files) - len(found))
    return found


# ---- social cards ---------------------------------------------------------------------------------------------------


def fonts(job: Job, said: list[Diagnostic]) -> dict[str, Font]:
    """What is known of the fonts that social cards ask for, by their names; none where there are no cards."""
    settings = job.settings.social_cards
    if not settings.enabled:
        return {}
    if not toolchain.fonts():
        help = "Install them: pip install 'newsgen[cards]', or leave social_cards.enabled out."
        said.append(error("NG-508", Place(FILE), "social cards are enabled, and their fonts are not installed", help))
        return {}
    before, memos = job.store.memos("font"), dict[str, bytes]()
    found: dict[str, Font] = {}
    for name in dict.fromkeys([*names(settings.fonts, "serif"), *names(settings.fonts, "sans")]):
        path, of = _font_file(job, name)
        key, flaw = f"{of} {job.library.letterer}", "it does not exist"
        if path:
            known = before.get(key)
            found[name] = font = _decode_font(known) if known else lettering.read_font(read_bytes(path), of)
            flaw = font.flaw
            if not flaw:
                memos[key] = known or msgspec.json.encode(font)
        if flaw:
            message = f'font "{name}" cannot be used: {flaw}'
            help = 'Name a TrueType or OpenType font under static/ or content/, or "default".'
            if "Pillow" in flaw:
                help = "Install the wheel of Pillow, and FriBiDi where it has none."
            said.append(error("NG-509", job.settings.place("social_cards", "fonts"), message, help))
    job.store.save_memos("font", memos, before)
    return {} if any(one.code == "NG-509" for one in said) else found


def lettered(job: Job, letterings: Sequence[Lettering], known: Mapping[str, Font]) -> list[Made]:
    """What came of each card; new bytes are in the stage."""
    files = {font.digest: (font, _font_file(job, name)[0]) for name, font in known.items()}

    def tell(done: int) -> None:
        job.progress("social cards", done, len(letterings))

    with job.crew.at_work(A_FEW * len(letterings), job.store, _begin_lettering, files) as executor:
        return list(job.crew.each(_letter, letterings, executor, tell, least=1))


def _font_file(job: Job, name: str) -> tuple[str, str]:
    """Where the font of a name lies, and the digest of its bytes; empty where there is none."""
    if name in toolchain.fonts():
        return toolchain.fonts()[name]
    library = job.library
    file = library.siblings.get(name) or library.static.get(name.removeprefix("static/"))
    return (job.files.path(file.id), file.digest) if file and file.id == name else ("", "")


_decode_font: Final = msgspec.json.Decoder(Font).decode
_files: Final[dict[str, tuple[Font, str]]] = {}


def _begin_lettering(files: Mapping[str, tuple[Font, str]], *_: object) -> None:
    _files.clear()
    _files.update(files)
    _read.cache_clear()


@lru_cache(maxsize=8)
def _read(path: str) -> bytes:
    return read_bytes(path)


def _letter(chunk: Sequence[Lettering]) -> list[Made]:
    return [_lettered(one) for one in chunk]


def _lettered(one: Lettering) -> Made:
    start, card = time.perf_counter(), one.card
    lines: tuple[Line, ...] = (card.title, card.name, card.kicker, card.date)
    used = {line.font: _files[line.font] for line in lines if line.font}
    try:
        data = social_cards.drawn(card, {of: (font, _read(path)) for of, (font, path) in used.items()})
    except pictures.FAILURES as failure:
        message = f'the card of "{card.title.text}" cannot be drawn: {failure}'
        return error("NG-509", Place(FILE), message, "Name other fonts under social_cards.fonts."), 0.0
    made = digest.of_bytes(data)
    if made != one.now:
        stage_file(one.stage, one.file, data)
    return made, time.perf_counter() - start

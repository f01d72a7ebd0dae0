"""The work of pictures: to measure those that pages name, and to make others of them, in processes of this machine.

What is known of a picture is a memo by the digest of its bytes. A process decodes one at a time, once for all that is
made of it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from newsgen import digest
from newsgen.content import pictures
from newsgen.content.pictures import Facts, Recipe
from newsgen.diagnostics import Diagnostic, Place, error
from newsgen.engine.output import stage_file
from newsgen.engine.pool import WORTH
from newsgen.engine.sources import read_bytes
from newsgen.model import StaticFile
from newsgen.pages.index import Measured
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

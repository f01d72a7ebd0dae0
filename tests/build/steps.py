"""Runs a case: does what its steps want done, and proves and compares the build that ends each."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from newsgen.build import BuildReport
from tests.build.cases import Case, Did, Section, unlike
from tests.build.damage import DAMAGES
from tests.build.prove import Prover
from tests.pictures import png
from tests.site import MOMENT, Site


class Run:
    """A case on its way: its site, the moment, and the options of the build that comes."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder / "paper")
        self.prover = Prover(self.site, folder)
        self.moment = MOMENT
        self.options: dict[str, object] = {}

    def path(self, section: Section) -> Path:
        return self.site.root / section.argument

    def step(self, sections: list[Section]) -> BuildReport:
        self.options = {}
        for section in sections:
            if act := _ACTS.get(section.kind):
                try:
                    act(self, section)
                except (OSError, LookupError, ValueError) as failure:
                    raise section.wrong(f"{section.header} cannot be done: {failure!r}") from failure
        try:
            return self.prover.build(self.moment, **self.options)
        except AssertionError as difference:
            raise sections[0].wrong(f"warm is not cold: {difference}") from difference


def run(case: Case, folder: Path, *, compare: bool = True) -> list[Did]:
    """What each step of a case did. Raises CaseError for one that is not proved, or did not do what is stated."""
    running = Run(folder)
    steps: list[Did] = []
    for number in range(1, case.steps + 1):
        before = steps[-1].says if steps else ()
        steps.append(Did.of(running.step(case.of(number)), running.site.root))
        if compare and (wrong := unlike(case, number, steps[-1], before)):
            first = next(section for section in case.own if section.step == number)
            raise first.wrong("\n  ".join((f"step {number} of [{case.name}]:", *wrong)))
    return steps


# ---- what a step can do ---------------------------------------------------------------------------------------------


def _edit(run: Run, section: Section) -> None:
    text = run.site.read(section.argument)
    for line in section.text.splitlines():
        old, new = (part.replace("\\n", "\n") for part in re.split(" => ?", line, maxsplit=1))
        if old not in text:
            raise section.wrong(f"{section.argument} does not hold {old!r}")
        text = text.replace(old, new)
    run.site.write(section.argument, text)


def _edit_unseen(run: Run, section: Section) -> None:
    before = run.path(section).stat()
    _edit(run, section)
    os.utime(run.path(section), ns=(before.st_atime_ns, before.st_mtime_ns))
    if run.path(section).stat().st_size != before.st_size:
        raise section.wrong("the edit changes the size of the file")


def _bytes(run: Run, section: Section) -> None:
    run.path(section).write_bytes(section.text.removesuffix("\n").encode().decode("unicode_escape").encode("latin-1"))


def _picture(run: Run, section: Section) -> None:
    colour, width, height = re.split("[ x]", section.text.strip())
    run.site.write(section.argument, png(colour, int(width), int(height)))


def _delete(run: Run, section: Section) -> None:
    path = run.path(section)
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def _swap(run: Run, section: Section) -> None:
    one, two = (run.site.root / path for path in section.argument.split())
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


def _at(run: Run, section: Section) -> None:
    run.moment = dt.datetime.fromisoformat(section.argument)


def _build(run: Run, section: Section) -> None:
    words = iter(section.argument.split())
    for word in words:
        run.options |= _OPTIONS[word](words)  # type: ignore[operator]


_OPTIONS: dict[str, Callable[..., dict[str, object]]] = {
    "--drafts": lambda words: {"drafts": True},
    "--future": lambda words: {"future": True},
    "--strict": lambda words: {"strict": True},
    "--no-cache": lambda words: {"cache": False},
    "--jobs": lambda words: {"jobs": int(next(words))},
    "--out": lambda words: {"out": next(words)},
}

_ACTS: dict[str, Callable[[Run, Section], object]] = {
    "file": lambda run, section: run.site.write(section.argument, section.text),
    "bytes": _bytes,
    "link": lambda run, section: run.path(section).symlink_to(section.text.strip()),
    "picture": _picture,
    "folder": lambda run, section: run.path(section).mkdir(parents=True),
    "edit": _edit,
    "edit unseen": _edit_unseen,
    "delete": _delete,
    "move": lambda run, section: run.site.move(*section.argument.split()),
    "swap": _swap,
    "touch": lambda run, section: os.utime(run.path(section)),
    "touch back": lambda run, section: os.utime(run.path(section), (1, 1)),
    "damage": lambda run, section: DAMAGES[section.argument](run.site.root / ".newsgen/cache.db"),
    "at": _at,
    "build": _build,
}

"""python -m tests.engine.faulty KIND FOLDER STEP, with faulty.c loaded before libc: prints what broke a promise, as JSON.

A paper is built from one state to the other and back; in each build the n-th call of a kind is refused, for n = 1, 2,
... until a build makes fewer, once with that call alone, once with all that follow, and once in builds from nothing.
The next build must mend it. With STEP only every so many n are tried.
"""

from __future__ import annotations

import ctypes
import errno
import itertools
import json
import shutil
import sys
import traceback
from pathlib import Path
from typing import Final

from newsgen import build
from newsgen.build import BuildReport
from tests.engine.test_output import NEW, OLD, turn
from tests.site import PLAIN_THEME, Site, codes, said, write_all

KINDS: Final = ("write", "rename", "fsync", "open", "mkdir", "unlink", "link", "close", "look", "read", "short")
FAILURES: Final = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EMFILE)


class Trial:
    """One paper, both of its states whole, and what was found."""

    def __init__(self, kind: str, folder: Path, step: int) -> None:
        self.kind, self.step, self.libc = kind, step, ctypes.CDLL(None)
        self.found: list[str] = []
        build.THEME_FOLDER = write_all(folder / "theme", PLAIN_THEME)
        self.whole = {}
        for name, files in (("old", OLD), ("new", NEW)):
            site = Site(folder / name, files)
            site.good()
            self.whole[name] = site.tree()
        self.site = Site(folder / "paper", OLD)
        self.site.good()

    def arm(self, number: int, failure: int, lasting: bool) -> None:
        folder = str(self.site.root).encode()
        self.libc.faulty_arm(folder, KINDS.index(self.kind), ctypes.c_long(number), failure, lasting)

    def run(self, lasting: bool, first: bool) -> int:
        """All n; how many calls the last build made."""
        states = (("old", OLD), ("new", NEW))
        turn(self.site, OLD)
        self.site.good()
        number = 1
        for turns in itertools.count():
            before, (wanted, files) = states[turns % 2][0], states[(turns + 1) % 2]
            turn(self.site, files)
            if first:
                shutil.rmtree(self.site.out)
                shutil.rmtree(self.site.root / ".newsgen")
            where = f"{self.kind} {number}{' and after' * lasting}{' of a first build' * first}"
            self.arm(number, FAILURES[turns % len(FAILURES)], lasting)
            try:
                report = self.site.build()
            except Exception:
                report = None
                self.found.append(f"{where}: {traceback.format_exc()}")
            calls = self.libc.faulty_calls()
            self.libc.faulty_arm(b"", -1, ctypes.c_long(0), 0, False)
            if report:
                self.judge(report, where, self.whole[before] if not first else {}, wanted, lasting)
            mended = self.site.build()
            if not mended.ok or self.site.tree() != self.whole[wanted]:
                self.found.append(f"{where}: the next build does not mend it: {said(mended)}")
            if calls < number:
                return calls
            number += self.step
        raise AssertionError

    def judge(self, report: BuildReport, where: str, before: dict[str, bytes], wanted: str, lasting: bool) -> None:
        tree = self.site.tree()
        if report.ok and tree != self.whole[wanted]:
            self.found.append(f"{where}: said to be good, and is not")
        if report.ok:
            return
        if not {*codes(report)} <= {"NG-602", "NG-103", "NG-502"}:
            self.found.append(f"{where}: {said(report)}")
        honest = lasting and any("Part of the new site is in place" in one.help for one in report.diagnostics)
        if tree != before and not honest:
            self.found.append(f"{where}: failed, and the site is not as it was: {said(report)}")
        if (
            tree == before
            and not honest
            and self.kind != "unlink"
            and (self.site.root / ".newsgen/publish.json").exists()
        ):
            self.found.append(f"{where}: undone, and the journal stays")
        if not {*tree.values()} <= {*self.whole["old"].values(), *self.whole["new"].values()}:
            self.found.append(f"{where}: a torn file")


if __name__ == "__main__":
    trial = Trial(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
    tried = [trial.run(lasting, first) for lasting, first in ((False, False), (True, False), (False, True))]
    json.dump({"tried": tried, "found": trial.found}, sys.stdout)

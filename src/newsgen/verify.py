"""`newsgen build --verify`: the proof, on a user's own site, that a build leaves and says what a clean one does."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from newsgen.build import BuildOptions, BuildReport, build
from newsgen.diagnostics import Diagnostic, Place, error, in_order
from newsgen.engine.output import MANIFEST, parse_manifest
from newsgen.engine.pool import Progress, silent
from newsgen.engine.sources import read_bytes

HELP = "This is a bug in newsgen: please report it. To mend the site, delete .newsgen/ and build again."


def verified(root: Path, options: BuildOptions, report: BuildReport, progress: Progress = silent) -> BuildReport:
    """The report of a build, with an error for all in which it differs from a clean one of the same moment.

    The clean build has a cache and an output of its own, which are gone when this returns. Of a build that published
    nothing only what it said is compared.
    """
    with tempfile.TemporaryDirectory(prefix="newsgen-verify-") as folder:
        out, cache = Path(folder) / "site", Path(folder) / "cache.db"
        clean = msgspec.structs.replace(options, out=out, cache=cache, at=report.moment or options.at, profile=False)
        cold = build(root, clean, progress)
        found = [*_said(report, cold)]
        if report.ok and cold.ok:
            found += _left(Path(report.output), out)
    if not found:
        return report
    return msgspec.structs.replace(report, ok=False, diagnostics=in_order((*report.diagnostics, *found)))


def _said(warm: BuildReport, cold: BuildReport) -> Iterator[Diagnostic]:
    for one in sorted({*warm.diagnostics} ^ {*cold.diagnostics}, key=Diagnostic.order):
        if one.code != "NG-601":  # a file in the way stands in the one folder, and not in the other
            who = "a clean build does not say" if one in warm.diagnostics else "only a clean build says"
            yield error("NG-606", one.place, f"{who}: {one.code} {one.message}", HELP)


def _left(site: Path, clean: Path) -> Iterator[Diagnostic]:
    """An error for each file that is not what the clean build made, or that it did not make."""
    wanted, ours = (parse_manifest(read_bytes(folder / MANIFEST)) for folder in (clean, site))
    for path in sorted(wanted.keys() | ours.keys()):
        if why := _difference(site / path, clean / path, path in wanted):
            yield error("NG-606", Place(str(site / path)), f"a clean build differs: {why}", HELP)


def _difference(file: Path, clean: Path, wanted: bool) -> str:
    """How a file of the site differs from that of a clean build, in words; empty where it does not."""
    if not wanted:
        return "it does not make this file"
    try:
        ours = read_bytes(file)
    except OSError:
        return "it makes a file that is not here"
    theirs = read_bytes(clean)
    if ours == theirs:
        return ""
    at = next((n for n, (a, b) in enumerate(zip(ours, theirs, strict=False)) if a != b), min(len(ours), len(theirs)))
    return f"its bytes are others from byte {at:,} on, in line {ours.count(10, 0, at) + 1:,}"

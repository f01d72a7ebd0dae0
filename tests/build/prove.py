"""The proof at the end of every step: a build leaves and says what a clean one does, and did no more than it tells."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import newsgen.build
from newsgen.build import BuildReport
from newsgen.engine.output import MANIFEST
from tests.site import MOMENT, Site, times, tree

OF_THE_SITE = ("ok", "moment", "articles", "pages", "withheld", "undated")
"""What a report tells of the site, beside its diagnostics; the rest of it tells what was done."""

Tree = Mapping[str, bytes]


class Prover:
    """Builds a site; after each build it builds a copy of the sources elsewhere, without cache and output, and compares.

    Options of the build are named; `out` is a folder seen from the site's root, `clean_jobs` are the clean build's.
    """

    known: ClassVar[dict[object, tuple[dict[str, object], Tree]]] = {}
    """What clean builds told and left, by all that they were given: bases recur."""

    def __init__(self, site: Site, scratch: Path) -> None:
        self.site, self.scratch = site, scratch
        self.ours: dict[Path, set[str]] = {}

    def build(self, at: dt.datetime = MOMENT, out: str = "site", clean_jobs: int = 1, **options: object) -> BuildReport:
        """The report of a build that was proved. Raises AssertionError with all that differs."""
        folder = self.site.root / out
        before, stamps = {one: tree(one) for one in {folder, *self.ours}}, times(folder)
        report = self.site.build(at, out=folder, **options)
        after = {one: tree(one) for one in before}
        cold, left = self._clean(before[folder], folder, at, {**options, "cache": False, "jobs": clean_jobs})
        wrong = [
            *differences(told(report, self.site), cold),
            *differences(after[folder], left if report.ok else before[folder]),
            *(f"{one} was touched" for one in before if one != folder and before[one] != after[one]),
            *_untold(report, stamps, times(folder)),
            *self._left_to_do(report, folder, at, options),
        ]
        if wrong:
            raise AssertionError("\n".join(wrong))
        if report.ok:
            self.ours[folder] = self.ours.get(folder, set()) - set(report.removed) | set(report.written)
        return report

    def _clean(
        self, before: Tree, folder: Path, at: dt.datetime, options: dict[str, object]
    ) -> tuple[dict[str, object], Tree]:
        """What a clean build tells and leaves. The user's own files lie in its output as they do in the other."""
        copy = self.site.sources_to(self.scratch / "clean")
        for path in before.keys() - self.ours.get(folder, set()) - {MANIFEST}:
            copy.write(f"site/{path}", before[path])
        given = (frozenset(tree(copy.root).items()), newsgen.build.THEME_FOLDER, at, frozenset(options.items()))
        if given not in self.known:
            report = copy.build(at, **options)
            self.known[given] = told(report, copy), copy.tree()
        shutil.rmtree(copy.root)
        return self.known[given]

    def _left_to_do(
        self, first: BuildReport, folder: Path, at: dt.datetime, options: Mapping[str, object]
    ) -> Iterator[str]:
        """What a second build does or says beside the first: nothing."""
        stamps = times(folder)
        again = self.site.build(at, out=folder, **options)
        yield from differences(told(again, self.site), told(first, self.site))
        yield from _untold(again, stamps, times(folder))
        facts = ("written", "removed", *(("parsed",) if options.get("cache", True) else ()))
        for fact in (*facts, *(("rendered",) if first.ok and "parsed" in facts else ())):
            yield from (f"a second build has {fact} {one}" for one in getattr(again, fact))


def told(report: BuildReport, site: Site) -> dict[str, object]:
    """What a build tells of the site, wherever that is."""
    said = {f"diagnostic {n}": f"{one!r}".replace(str(site.root), "") for n, one in enumerate(report.diagnostics, 1)}
    return {**{name: getattr(report, name) for name in OF_THE_SITE}, **said}


def differences(warm: Mapping[str, object], cold: Mapping[str, object]) -> list[str]:
    """Each name under which the two hold different things, or only one of them anything, with what they hold."""
    names = sorted(name for name in warm.keys() | cold.keys() if warm.get(name) != cold.get(name))
    return [f"{name} is {warm.get(name)!r:.300}, clean {cold.get(name)!r:.300}" for name in names]


def _untold(report: BuildReport, before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[str]:
    """Files that were written or removed, as their times tell, and are not in the report, or the other way round."""
    written = {path for path in after if before.get(path) != after[path]} - {MANIFEST}
    removed = before.keys() - after.keys() - {MANIFEST}
    yield from (f"{path} was written or not, unlike the report" for path in sorted(written ^ set(report.written)))
    untold = removed ^ (set(report.removed) & before.keys())  # a leftover that is gone already may be told of
    yield from (f"{path} was removed or not, unlike the report" for path in sorted(untold))

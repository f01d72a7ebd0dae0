"""The proof at the end of every step: a build leaves and says what a clean one does, and did no more than it tells."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import newsgen.build
from newsgen.build import BuildOptions, BuildReport
from newsgen.config import FILE, SOURCE_FOLDERS
from newsgen.engine.output import MANIFEST
from newsgen.work.audience import Audience
from newsgen.work.memory import Memory
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
        self.remembering = Remembering(site)

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
        if options.get("cache", True) is True and not before[folder].keys() - self.ours.get(folder, set()) - {MANIFEST}:
            wrong += [f"remembering, {one}" for one in self.remembering.wrong(at, options, cold, left)]
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


class Watching(Audience):
    """Waits for some pages of a site, and notes what it is told of all."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self.wanted = wanted
        self.ready: dict[str, bool] = {}
        self.stands: set[str] = set()
        self.to_come: set[str] = set()

    def first(self) -> Sequence[str]:
        return self.wanted

    def made(self, path: str, *, changed: bool) -> None:
        self.ready[path] = changed

    def settled(self, paths: Iterable[str], previews: Mapping[str, str], base_path: str) -> None:
        self.stands = {*paths}

    def compared(self, missed: Collection[str], gone: Collection[str]) -> None:
        self.to_come = {*missed, *gone}


class Remembering:
    """Builds a site into a folder of its own as a dev server does: with a memory, and for pages that are open."""

    def __init__(self, site: Site) -> None:
        self.site, self.folder = site, site.root / ".newsgen" / "remembering"
        self.memory, self.seen, self.options = Memory(), dict[str, object](), dict[str, object]()

    def wrong(
        self, at: dt.datetime, options: dict[str, object], cold: Mapping[str, object], left: Tree
    ) -> Iterator[str]:
        """What such a build leaves, says or promises unlike a clean one that said `cold` and `left` these files."""
        self.memory.told(self._changed(options))
        before = tree(self.folder)
        audience = Watching([*before][:: max(1, len(before) // 3)])
        at_hand = {**options, "out": self.folder, "cache": self.folder.with_suffix(".db")}
        report = newsgen.build.build(
            self.site.root, BuildOptions(at=at, **at_hand), memory=self.memory, audience=audience
        )
        after = tree(self.folder)
        yield from differences(told(report, self.site), cold)
        yield from differences(after, left if report.ok else before)
        if report.ok and before:
            changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
            early = {path for path, is_new in audience.ready.items() if is_new}
            yield from (f"{path} changed untold" for path in changed - {MANIFEST} - audience.to_come - early)
            yield from (f"{path} is said to have changed" for path in early - changed)
            yield from (f"{path} is said to stand" for path in audience.stands & changed)

    def _changed(self, options: dict[str, object]) -> set[str] | None:
        """The paths of files that have changed since the last build; None where it was another site."""
        root = self.site.root
        found = [path for name in SOURCE_FOLDERS for path in (root / name).rglob("*")]
        stamps = {f"{one}": one.lstat() for one in (root / FILE, *found) if one.exists() and not one.is_dir()}
        theme = newsgen.build.THEME_FOLDER
        now: dict[str, object] = {
            path[len(f"{root}/") :]: (s.st_mtime_ns, s.st_ctime_ns, s.st_size, s.st_ino) for path, s in stamps.items()
        }
        now[str(theme)] = frozenset(times(theme).items())
        before, self.seen = self.seen, now
        other, self.options = self.options != options, options
        if other:
            self.memory.clear()
        linked = any(path.is_symlink() for path in found)
        return None if other or linked else {path for path in before.keys() | now if before.get(path) != now.get(path)}


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

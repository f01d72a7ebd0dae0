"""Warm equals cold beyond the cases: the comparison can fail; other themes, places and versions; edits at random."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

import newsgen
from newsgen import build
from newsgen.build import BuildReport
from newsgen.engine import pool
from newsgen.engine.output import MANIFEST
from tests.build.cases import base
from tests.build.edits import EDITS, MOMENTS, Edit, cache, state
from tests.build.prove import Prover, differences
from tests.build.steps import Run
from tests.site import PLAIN_THEME, Site, article, tree, write_all

THREE: Final = {
    "content/world/a.md": article("a", "To [nowhere](lost.md).", tags="[ships]"),
    "content/world/b.md": article("b", "Of b.", tags="[ships, trade]", author="Ann"),
    "content/arts/c.md": article("c", "Of c, after [a](../world/a.md)."),
}
A: Final = "site/world/a/index.html"


# ---- the comparison can fail ----------------------------------------------------------------------------------------

Spoil = Callable[[Site, BuildReport], object]
"""Does wrong to an output, or gives another report."""

SPOILT: dict[str, tuple[Spoil, str]] = {
    "stale byte": (lambda site, report: site.edit(A, "nowhere", "nowherE"), "world/a/index.html is b'a"),
    "file left over": (lambda site, report: site.write("site/x", "x"), "x is b'x', clean None"),
    "file missing": (lambda site, report: site.remove(A), "world/a/index.html is None, clean b'a"),
    "stale manifest": (
        lambda site, report: site.edit("site/.newsgen-manifest", "world/a", "w"),
        ".newsgen-manifest is",
    ),
    "file written again": (lambda site, report: site.edit(A, "a", "a"), "world/a/index.html was written or not"),
    "output elsewhere": (lambda site, report: site.write("preview/index.html", "x"), "preview was touched"),
    "diagnostic missing": (lambda site, report: _but(report, diagnostics=()), "diagnostic 1 is None, clean"),
    "wrong count": (lambda site, report: _but(report, articles=4), "articles is 4, clean 3"),
    "needless work": (lambda site, report: _but(report, parsed=("a.md",)), "a second build has parsed a.md"),
    "untold write": (lambda site, report: _but(report, written=("a",)), "a was written or not, unlike the report"),
    "untold removal": (
        lambda site, report: (site.remove("site/404.html"), _but(report, removed=())),
        "404.html was removed or not, unlike the report",
    ),
}


def _but(report: BuildReport, **facts: object) -> BuildReport:
    return msgspec.structs.replace(report, **facts)


def _spoilt(monkeypatch: pytest.MonkeyPatch, site: Site, spoil: Spoil) -> None:
    """From now on a build of the site is spoilt; a clean build, of a copy, is not."""

    def spoilt(*at: object, **options: object) -> object:
        found = spoil(site, report := Site.build(site, *at, **options))
        return found if isinstance(found, BuildReport) else report

    monkeypatch.setattr(site, "build", spoilt)


@pytest.mark.parametrize("name", SPOILT)
@pytest.mark.usefixtures("plain_theme")
def test_the_comparison_notices(
    make_site: Callable[..., Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    site = make_site(THREE)
    prover = Prover(site, tmp_path)
    prover.build()
    prover.build(out="preview")
    spoil, found = SPOILT[name]
    _spoilt(monkeypatch, site, spoil)
    with pytest.raises(AssertionError, match=re.escape(found)):
        prover.build()


@pytest.mark.usefixtures("plain_theme")
def test_the_comparison_notices_a_failed_build_that_publishes(
    make_site: Callable[..., Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(THREE)
    prover = Prover(site, tmp_path)
    prover.build()
    site.edit("content/world/a.md", "title:", "tilte:")
    prover.build()
    _spoilt(monkeypatch, site, lambda site, report: site.write(A, "published"))
    with pytest.raises(AssertionError, match=r"world/a/index\.html is b'published', clean b'a"):
        prover.build()


# ---- another theme, another place, another newsgen ------------------------------------------------------------------


def test_the_real_theme_is_as_warm_as_it_is_cold(make_site: Callable[..., Site], tmp_path: Path) -> None:
    site = make_site(THREE)
    prover = Prover(site, tmp_path)
    prover.build()
    for old, new in (("Of b", "About b"), ("title: b", "title: B"), ("2026-05-01", "2026-05-12")):
        site.edit("content/world/b.md", old, new)
        prover.build()


def test_hash_seed_time_zone_locale_and_folder_reach_no_byte(make_site: Callable[..., Site], tmp_path: Path) -> None:
    """Each is set otherwise for each build; a source of difference would show in one of the outputs."""
    site = make_site(THREE)
    found: list[dict[str, bytes]] = []
    for number, (seed, zone, language) in enumerate(
        [("0", "UTC", "C"), ("4242", "Pacific/Auckland", "de_DE.UTF-8"), ("7", "America/Caracas", "tr_TR.UTF-8")]
    ):
        copy = site.sources_to(tmp_path / f"other place {number}")
        ended = subprocess.run(
            [sys.executable, "-m", "newsgen", "-C", str(copy.root), "build", "--at", "2026-06-01T12:00:00Z"],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": language, "LC_ALL": language},
            cwd=tmp_path if number else copy.root,
            check=False,
            capture_output=True,
            timeout=60,
        )
        assert ended.returncode == 0, ended.stderr.decode()
        found.append(copy.tree())
    assert [differences(found[0], other) for other in found[1:]] == [[], []]


def test_another_newsgen_renders_everything_anew(make_site: Callable[..., Site], tmp_path: Path) -> None:
    """The second newsgen is a copy of this one with one more line in a module: nobody need raise a version."""
    site = make_site(THREE)
    site.good()
    other = shutil.copytree(Path(newsgen.__file__).parent, tmp_path / "other/newsgen")
    with (other / "pages/feeds.py").open("a") as module:
        module.write("# another\n")
    before = tree(site.out)
    ended = subprocess.run(
        [sys.executable, "-c", _REPORT, str(site.root)],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "other")},
        check=True,
        capture_output=True,
        timeout=60,
    )
    parsed, reasons, written = msgspec.json.decode(ended.stdout)
    copies = {path for path in before if path.startswith("assets/") and not path.endswith(".css")}
    made = before.keys() - copies - {MANIFEST}  # a copy stays a copy
    assert (parsed, reasons, written) == (3, {"newsgen or one of its libraries changed": len(made)}, 0)


_REPORT: Final = """
import collections, datetime, json, pathlib, sys
from newsgen.build import BuildOptions, build
at = datetime.datetime(2026, 6, 1, 12, 0, tzinfo=datetime.timezone.utc)
done = build(pathlib.Path(sys.argv[1]), BuildOptions(at=at))
print(json.dumps([len(done.parsed), collections.Counter(one.reason for one in done.rendered), len(done.written)]))
"""


# ---- any edits in any order -----------------------------------------------------------------------------------------

STEPS: Final = int(os.environ.get("STEPS", "60"))
"""How many edits are proved in all; `make soak` sets it."""
IN_A_ROW: Final = 20

NUMBERS: Final = strategies.integers(0, 999)
CHANCE: Final = strategies.tuples(strategies.sampled_from(EDITS), NUMBERS, NUMBERS)


class Mode(msgspec.Struct, frozen=True):
    """How a step is built: `jobs` of the warm build and of the clean one; `mend` takes back first what was wrong."""

    jobs: int
    clean_jobs: int
    options: dict[str, object]
    at: int
    mend: bool


MODES: Final = strategies.builds(
    Mode,
    strategies.sampled_from((1, 2)),
    strategies.sampled_from((1, 2)),
    strategies.sampled_from(({}, {}, {}, {"cache": False}, {"drafts": True}, {"future": True}, {"out": "preview"})),
    strategies.integers(0, len(MOMENTS) - 1),
    strategies.sampled_from((True, True, True, False)),
)


class Editing(RuleBasedStateMachine):
    """Edits at random of the paper that the cases start from; after each, warm equals cold, in one process or in two."""

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="newsgen-edits-"))
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(build, "THEME_FOLDER", write_all(self.folder / "theme", PLAIN_THEME))
        self.patch.setattr(pool, "WORTH", 2)  # so that a small site is worth processes,
        self.patch.setattr(pool, "CHUNK", 2)  # and each has something to do
        self.run = Run(self.folder)
        self.run.step(base("paper"))
        self.good = self.sources()
        self.vouched, self.listed = True, self.manifest.read_bytes()

    def teardown(self) -> None:
        if hasattr(self, "patch"):
            self.patch.undo()
            shutil.rmtree(self.folder)

    @property
    def manifest(self) -> Path:
        return self.run.site.out / MANIFEST

    def sources(self) -> dict[str, bytes]:
        copy = self.run.site.sources_to(self.folder / "copy")
        found = tree(copy.root)
        shutil.rmtree(copy.root)
        return found

    def mend(self) -> None:
        """Brings back the sources of the last good build."""
        now, root = self.sources(), self.run.site.root
        for path in sorted(now.keys() - self.good.keys()):
            (root / path).unlink()
        write_all(root, {path: self.good[path] for path in sorted(self.good) if now.get(path) != self.good[path]})

    @rule(edits=strategies.lists(CHANCE, min_size=1, max_size=3), mode=MODES)
    def step(self, edits: list[tuple[Edit, int, int]], mode: Mode) -> None:
        if mode.mend:
            self.mend()
        for edit, a, b in edits:
            edit(self.run.site, a, b)
            self.vouched = self.vouched and edit not in (cache, state)
        options = {"jobs": mode.jobs, "clean_jobs": mode.clean_jobs, **mode.options}
        cached = options.get("cache", True) is True
        # Where neither the manifest nor a cache tells what is ours nothing is, and a build refuses: tests of output hold it.
        if not (cached and self.vouched) and self.run.site.out.is_dir():
            self.manifest.write_bytes(self.listed)
        if self.run.prover.build(MOMENTS[mode.at], **options).ok:
            self.good = self.sources()
            if "out" not in options:
                self.vouched, self.listed = cached, self.manifest.read_bytes()


TestEditing = Editing.TestCase
TestEditing.settings = settings(
    max_examples=max(1, STEPS // IN_A_ROW),
    stateful_step_count=IN_A_ROW,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a step is three builds: shrink by hand, with Phase.shrink
    suppress_health_check=list(HealthCheck),
)

# ruff: noqa: T201 - this program prints
"""newsgen beside its peers on one corpus, in interleaved pairs. See README.md.

bench.py [--articles 10000] [--peers hugo,zola,floor] [--rounds 5] [--growth] [--newsgen COMMAND]
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import platform
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import equivalence
import gen_corpus
import tools
from gen_corpus import Article
from measure import FailedError, Run, run
from tools import AbsentError, Tool

SETTLE = 0.1  # seconds before each run, so that no file is younger than a generator's care for racy times
SMALL, GROWTH = (20,), (20, 1_000, 10_000, 100_000)
KINDS = {"with feeds": "newsgen.toml", "without feeds": "no-feeds.toml"}  # settings in sites/newsgen, for --growth
SITE_BYTES, ARTICLE_BYTES = 200_000_000, 60_000  # room that a site takes, output and cache included

Pair = tuple[Run, Run]
Mark = tuple[str, str]  # the slug of an article, and what its page must hold


@dataclass
class Site:
    """A corpus in a folder of its own, with the settings and templates for one generator."""

    tool: Tool
    folder: Path
    corpus: Sequence[Article]

    @classmethod
    def make(cls, tool: Tool, workdir: Path, corpus: Sequence[Article]) -> Site:
        site = cls(tool, workdir / f"{tool.name}-{len(corpus)}", corpus)
        shutil.rmtree(site.folder, ignore_errors=True)
        shutil.copytree(tools.HERE / "sites" / (tool.site or tool.name), site.folder)
        for article in corpus:
            site.write(article)
        return site

    @property
    def output(self) -> Path:
        return self.folder / self.tool.output

    def write(self, article: Article) -> Path:
        return gen_corpus.write(article, self.folder, self.tool.form)

    def build(self, *, sample: bool = False) -> Run:
        os.sync()
        time.sleep(SETTLE)
        return run(self.tool.command, self.folder, self.tool.env, sample=sample)

    # ---- what is done to a site before a run; each follows the one before it ----

    def clear(self) -> None:
        """The corpus as it was generated; no output, no cache."""
        middle = len(self.corpus) // 2
        for article in self.corpus[middle : middle + 2]:
            self.write(article)
        self.write(gen_corpus.newest(self.corpus[-1])).unlink()
        for name in (self.tool.output, *self.tool.caches):
            path = self.folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def leave(self) -> None:
        """Nothing has changed."""

    def edit_body(self) -> Mark:
        article = self.corpus[len(self.corpus) // 2]
        self.write(replace(article, body=f"{article.body}\nCorrection: the date was wrong.\n"))
        return article.slug, "<p>Correction: the date was wrong.</p>"

    def edit_title(self) -> Mark:
        article = self.corpus[len(self.corpus) // 2 + 1]
        self.write(replace(article, title=f"{article.title}, Corrected"))
        return article.slug, f"{article.title}, Corrected"

    def add_newest(self) -> Mark:
        article = gen_corpus.newest(self.corpus[-1])
        self.write(article)
        return article.slug, article.title

    def expect(self, mark: Mark | None) -> None:
        """Raises FailedError where the build before this did not show the edit."""
        if mark and not any(mark[1] in path.read_text("utf-8") for path in self.output.glob(f"*/{mark[0]}/index.html")):
            raise FailedError(f"{self.tool.name} does not show {mark[1]} on the page of {mark[0]}")


STEPS: dict[str, Callable[[Site], Mark | None]] = {
    "memory": Site.clear,
    "cold": Site.clear,
    "noop": Site.leave,
    "body": Site.edit_body,
    "title": Site.edit_title,
    "newest": Site.add_newest,
}


def interleaved(ours: Site, theirs: Site, rounds: int) -> dict[str, list[Pair]]:
    """Runs by step, newsgen and at once after it the peer. Memory is a cold build of its own: to look takes time."""
    found: dict[str, list[Pair]] = {step: [] for step in STEPS}
    for number in range(rounds):
        for step, prepare in STEPS.items():
            say(f"{theirs.tool.name}: round {number + 1} of {rounds}, {step}")
            pair: list[Run] = []
            for site in (ours, theirs):
                mark = prepare(site)
                pair.append(site.build(sample=step == "memory"))
                site.expect(mark)
            found[step].append((pair[0], pair[1]))
    return found


def beside_floor(ours: Site, floor: Tool, rounds: int) -> list[Pair]:
    """Cold builds of newsgen, each followed by the floor's, which writes what newsgen has written."""
    reference, out = ours.folder.parent / "reference", ours.folder.parent / "floor"
    pairs: list[Pair] = []
    for number in range(rounds):
        say(f"floor: round {number + 1} of {rounds}")
        ours.clear()
        built = ours.build()
        shutil.copytree(ours.output, reference)
        sources, threads = str(ours.folder / gen_corpus.ARTICLES), str(min(64, os.cpu_count() or 1))
        done = run([*floor.command, sources, str(reference), str(out), threads], ours.folder, {})
        wall, cpu = map(float, done.said.split())
        pairs.append((built, Run(wall, cpu)))
        for folder in (reference, out):
            shutil.rmtree(folder)
    return pairs


@dataclass(frozen=True)
class Alone:
    """newsgen's figures by the number of articles: medians in seconds, the highest peaks in MiB, output in bytes."""

    articles: int
    cold: float
    noop: float
    body: float
    memory: float
    parent: float
    output: int


def alone(tool: Tool, workdir: Path, sizes: Sequence[int], rounds: int, kind: str) -> Iterator[Alone]:
    """Figures of sites of a kind, for each size."""
    for size in sizes:
        say(f"newsgen alone, {kind}: {size:,} articles")
        site = Site.make(tool, workdir, list(gen_corpus.articles(size)))
        (site.folder / KINDS[kind]).replace(site.folder / "newsgen.toml")
        yield _alone(site, rounds)
        shutil.rmtree(site.folder)


def _alone(site: Site, rounds: int) -> Alone:
    runs: dict[str, list[Run]] = {step: [] for step in ("memory", "cold", "noop", "body")}
    for _ in range(rounds):
        for step, done in runs.items():
            STEPS[step](site)
            done.append(site.build(sample=step == "memory"))
    cold, noop, body = (statistics.median(one.wall for one in runs[step]) for step in ("cold", "noop", "body"))
    peak = max(runs["memory"], key=lambda one: one.parent)
    return Alone(len(site.corpus), cold, noop, body, peak.memory, peak.parent, _size(site.output))


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


# ---- what is printed ------------------------------------------------------------------------------------------------


def say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table of Markdown, readable as it stands; numbers to the right."""
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    for row in (head, rule, *rows):
        cells = (
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print(f"| {' | '.join(cells)} |")
    print(flush=True)


def wall(one: Run) -> float:
    return one.wall


def cpu(one: Run) -> float:
    return one.cpu


def memory(one: Run) -> float:
    return one.memory


def ratios(pairs: Sequence[Pair], of: Callable[[Run], float]) -> list[float]:
    return [of(ours) / of(theirs) for ours, theirs in pairs]


def show_pairs(peer: str, found: dict[str, list[Pair]]) -> None:
    """A row for each figure: medians of both, and of the pairwise ratios the median, the smallest and the largest."""
    rows: list[list[str]] = []
    for step, pairs in found.items():
        shown = {"cold, peak memory, MiB": memory} if step == "memory" else {f"{step}, s": wall, f"{step}, CPU s": cpu}
        for name, of in shown.items():
            each = ratios(pairs, of)
            medians = [f"{statistics.median(of(pair[n]) for pair in pairs):.3f}" for n in (0, 1)]
            rows.append([name, *medians, f"{statistics.median(each):.2f}", f"{min(each):.2f}-{max(each):.2f}"])
    table([f"newsgen/{peer}", "newsgen", peer, "ratio", "from-to"], rows)


def show_alone(kind: str, found: Sequence[Alone]) -> None:
    head = ["articles", "cold s", "no-op s", "body edit s", "memory MiB", "parent MiB", "output MB"]
    rows = [
        [f"{one.articles:,}", f"{one.cold:.2f}", f"{one.noop:.2f}", f"{one.body:.2f}", f"{one.memory:.0f}",
         f"{one.parent:.0f}", f"{one.output / 1e6:.1f}"]
        for one in found
    ]  # fmt: skip
    table([f"newsgen alone, {kind}: {head[0]}", *head[1:]], rows)


def show_growth(kind: str, found: Sequence[Alone]) -> None:
    """What an article costs by the number of articles, and how far that is from the first number's cost.

    "More" is what is beyond the smallest site, shared among the articles beyond it: the start of Python is not in it.
    """
    least, *grown = found

    def more(of: Callable[[Alone], float]) -> list[float]:
        return [(of(one) - of(least)) / (one.articles - least.articles) for one in grown]

    costs = {
        "time an article, ms": [1000 * one.cold / one.articles for one in grown],
        "more time an article, ms": more(lambda one: 1000 * one.cold),
        "output an article, kB": [one.output / 1000 / one.articles for one in grown],
        "parent KiB an article (more)": more(lambda one: 1024 * one.parent),
    }
    rows = [
        [name, f"{first:.2f}", *(f"{cost:.2f} ({cost / first - 1:+.0%})" for cost in rest)]
        for name, (first, *rest) in costs.items()
    ]
    table([f"growth, {kind}", *(f"{one.articles:,}" for one in grown)], rows)


def last_line(peer: str, found: dict[str, list[Pair]]) -> str:
    steps = ("cold", "noop", "body", "title")
    walls = [f"{step} {statistics.median(ratios(found[step], wall)):.2f}" for step in steps]
    return f"newsgen/{peer}: {' '.join(walls)} memory {statistics.median(ratios(found['memory'], memory)):.2f}"


def show_setting(workdir: Path, options: argparse.Namespace, measured: Sequence[Tool]) -> None:
    cpus = Path("/proc/cpuinfo").read_text()
    model = next((line.split(": ", 1)[1] for line in cpus.splitlines() if line.startswith("model name")), "CPU unknown")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    today, load = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}", os.getloadavg()[0]
    print(f"{today}: {options.articles:,} articles, {options.rounds} rounds, in {workdir}, load {load:.1f}")
    print(f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}")
    print(", ".join(f"{tool.name} {tool.version}" for tool in measured), end="\n\n", flush=True)


def check(ours: Site, theirs: Site) -> bool:
    """Builds both, prints how alike the sites are, and says whether they are alike enough to be compared."""
    for site in (ours, theirs):
        site.clear()
        site.build()
    made = (equivalence.Made.of(site.output) for site in (ours, theirs))
    rows, faults = equivalence.compare(*made, theirs.tool.lacks)
    names = [ours.tool.name, theirs.tool.name]
    table(["what was made", *(f"{name} files" for name in names), *(f"{name} bytes" for name in names)], rows)
    if theirs.tool.lacks:
        print(f"{theirs.tool.name} makes no {', '.join(theirs.tool.lacks)}: newsgen's count against newsgen")
    for fault in faults:
        print(f"NOT EQUIVALENT, {theirs.tool.name}: {fault}")
    return not faults


# ---- the whole ------------------------------------------------------------------------------------------------------


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the work folder goes
    ours, peers = tools.newsgen(options.newsgen), list(_peers(options.peers))
    with _workdir(options.workdir, options.articles, len(peers) + 2) as workdir:
        show_setting(workdir, options, [ours, *peers])
        try:
            return _bench(ours, peers, workdir, options)
        except FailedError as failure:
            print(failure, file=sys.stderr)
            return 1


def _bench(newsgen: Tool, peers: Sequence[Tool], workdir: Path, options: argparse.Namespace) -> int:
    corpus = list(gen_corpus.articles(options.articles))
    ours = Site.make(newsgen, workdir, corpus)
    alike = True
    lines = {"hugo": "newsgen/hugo: not measured"}
    for tool in peers:
        if tool.name == "floor":
            pairs = beside_floor(ours, tool, options.rounds)
            show_pairs("floor", {"cold": pairs})
            continue
        theirs = Site.make(tool, workdir, corpus)
        alike = check(ours, theirs) and alike
        found = interleaved(ours, theirs, options.rounds)
        shutil.rmtree(theirs.folder)
        show_pairs(tool.name, found)
        lines[tool.name] = last_line(tool.name, found)
    shutil.rmtree(ours.folder)
    for kind in KINDS if options.growth else ["with feeds"]:
        figures = list(alone(newsgen, workdir, GROWTH if options.growth else SMALL, options.rounds, kind))
        show_alone(kind, figures)
        if options.growth:
            show_growth(kind, figures)
    for name in sorted(lines, key=lambda name: name == "hugo"):
        print(lines[name], flush=True)
    return 0 if alike else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--peers", default="hugo", help=f"comma-separated, of {', '.join(tools.PEERS)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--growth", action="store_true", help=f"newsgen alone with {', '.join(map(str, GROWTH))} articles"
    )
    parser.add_argument(
        "--newsgen", default="", metavar="COMMAND", help="default: .venv's, else this checkout's source"
    )
    parser.add_argument(
        "--workdir", type=Path, help="default: memory (/dev/shm) where it has room, else the temporary folder"
    )
    options = parser.parse_args()
    if options.articles < 3 or options.rounds < 1:
        parser.error("at least 3 articles and 1 round")
    return options


def _peers(names: str) -> Iterator[Tool]:
    for name in filter(None, (one.strip() for one in names.split(","))):
        try:
            yield tools.peer(name)
        except AbsentError as why:
            print(f"{name} is left out: {why}")


@contextlib.contextmanager
def _workdir(given: Path | None, count: int, sites: int) -> Iterator[Path]:
    """A fresh folder, removed at the end."""
    shared = Path("/dev/shm")  # noqa: S108 - tmpfs; mkdtemp below makes a folder of our own
    room = sites * (SITE_BYTES + count * ARTICLE_BYTES)
    roomy = shared.is_dir() and shutil.disk_usage(shared).free > room
    if given:
        given.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="newsgen-bench-", dir=given or (shared if roomy else None)) as folder:
        yield Path(folder)


if __name__ == "__main__":
    sys.exit(main())

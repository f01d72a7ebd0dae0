"""What `newsgen build --profile` prints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from newsgen.build import Profile
from newsgen.cli.console import plain

SLOWEST = 10


def lines(profile: Profile, seconds: float) -> Iterator[str]:
    """Phases, templates by total and per page, and the files and pages that took longest; seconds and milliseconds."""
    yield f"{'phase':<12} {'s':>8}"
    for name, spent in profile.phases.items():
        yield f"{name:<12} {spent:>8.3f}"
    yield f"{'all':<12} {seconds:>8.3f}"
    kinds: dict[str, list[float]] = defaultdict(list)
    for _, kind, spent in profile.pages:
        kinds[kind].append(spent)
    if kinds:
        yield f"\n{'template or kind':<24} {'pages':>8} {'s':>8} {'ms a page':>10}"
    for kind, times in sorted(kinds.items(), key=lambda item: -sum(item[1])):
        yield f"{plain(kind):<24} {len(times):>8,} {sum(times):>8.3f} {1000 * sum(times) / len(times):>10.3f}"
    yield from _slowest("parsing", profile.parses)
    yield from _slowest("rendering", [(path, spent) for path, _, spent in profile.pages])


def _slowest(what: str, times: list[tuple[str, float]]) -> Iterator[str]:
    if times:
        yield f"\n{'slowest in ' + what:<24} {'ms':>8}"
    for name, spent in sorted(times, key=lambda one: -one[1])[:SLOWEST]:
        yield f"  {1000 * spent:>8.2f}  {plain(name)}"

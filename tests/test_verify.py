"""`newsgen build --verify` and `--profile`: what they say of a sound site, and of one that is not what a clean build makes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from newsgen import build
from newsgen.build import BuildOptions, Profile
from newsgen.cli.profile import lines
from newsgen.engine.output import MANIFEST
from newsgen.verify import verified
from tests.site import MOMENT, Site, article, said

pytestmark = pytest.mark.usefixtures("plain_theme")

PAPER: dict[str, str | bytes] = {
    "content/world/a.md": article("A", "One.\nTwo."),
    "content/world/b.md": article("B", "![](https://example.org/x.png)"),
}
OPTIONS = BuildOptions(at=MOMENT)


def test_a_sound_site_is_verified_and_nothing_of_it_is_touched(make_site: Callable[..., Site]) -> None:
    site = make_site(PAPER)
    report = site.good()
    before = site.tree()
    assert verified(site.root, OPTIONS, report) == report
    assert site.tree() == before


def spoil(site: Site, change: Callable[[Path], object]) -> list[str]:
    """What is said of a site that something changed between its build and the comparison."""
    report = site.good()
    change(site.out)
    again = verified(site.root, OPTIONS, report)
    assert not again.ok
    new = [one for one in said(again) if one not in said(report)]
    return [line.replace(str(site.out), "site") for line in new]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda out: (out / "world/a/index.html").write_text("A\nstale"),
            "NG-606 site/world/a/index.html a clean build differs: its bytes are others from byte 2 on, in line 2",
        ),
        (
            lambda out: (out / "world/a/index.html").unlink(),
            "NG-606 site/world/a/index.html a clean build differs: it makes a file that is not here",
        ),
        (
            lambda out: (out / MANIFEST).write_text((out / MANIFEST).read_text() + f"{'0' * 32}  zz/extra.html\n"),
            "NG-606 site/zz/extra.html a clean build differs: it does not make this file",
        ),
    ],
)
def test_what_differs_is_an_error_that_names_it(
    make_site: Callable[..., Site], change: Callable[[Path], object], expected: str
) -> None:
    assert spoil(make_site(PAPER), change) == [expected]


def test_a_diagnostic_that_only_a_clean_build_gives_is_an_error(make_site: Callable[..., Site]) -> None:
    site = make_site(PAPER)
    report = site.good()
    site.write("content/world/c.md", article("C", "[lost](gone.md)"))
    found = [line for line in said(verified(site.root, OPTIONS, report)) if "only a clean build says" in line]
    assert [line.split(" ", 2)[:2] for line in found] == [["NG-606", "content/world/c.md:6:8"]]


def test_a_profile_counts_every_page_and_file_by_phase(make_site: Callable[..., Site]) -> None:
    site = make_site(PAPER)
    profile = build.build(site.root, BuildOptions(at=MOMENT, profile=True)).profile
    assert profile is not None
    assert {id for id, _ in profile.parses} == {"content/world/a.md", "content/world/b.md"}
    assert {path for path, _, _ in profile.pages} == {*site.tree()} - {MANIFEST}
    assert {"sources", "parse", "templates", "plan", "compare", "render", "publish", "cache"} == {*profile.phases}


def test_a_profile_is_printed_with_its_slowest_first() -> None:
    profile = Profile({"parse": 1.5}, [("a.md", 0.001), ("b.md", 0.002)], [("x/", "tag.html", 0.1), ("y/", "404", 0.3)])
    text = list(lines(profile, 2.0))
    rows = [line.split() for line in "\n".join(text).split("\n") if line.strip()]
    assert rows[1:3] == [["parse", "1.500"], ["all", "2.000"]]
    assert [row[0] for row in rows[4:6]] == ["404", "tag.html"]
    assert [row[-1] for row in rows if row[-1].endswith(".md")] == ["b.md", "a.md"]

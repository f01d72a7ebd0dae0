"""The search index: what is in it, when it is made anew, and that it is an output like all others."""

from __future__ import annotations

import contextlib
import gzip
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsgen.engine import pagefind
from newsgen.engine.pagefind import PagefindError
from newsgen.verify import verified
from tests.site import MOMENT, PLAIN_THEME, Site, article, codes, said

from .prove import Prover

SETTINGS = "[search]\nenabled = true\n[feeds]\nformats = []\n"
A, B, C, D = (f"content/world/{name}.md" for name in "abcd")
PAPER: dict[str, str | bytes] = {
    "newsgen.toml": SETTINGS,
    A: article("Harbour", "The `quay` is shut.", tags="[Ports, Sea]", author="Ann", description="Of tides."),
    B: article("Bridge", "A span of steel.", date="2025-01-02", tags="[Roads]", authors="[Ann, Bob]"),
    "content/sport/c.md": article("Cup", "A final.", date=None),
    D: article("Draft", "A secret.", draft="true"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _small(plain_theme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The theme of one line a template, with a search page."""
    (plain_theme / "templates/search.html").write_text("{{ meta.title }} {{ site.search_url }}")
    monkeypatch.setitem(PLAIN_THEME, "templates/search.html", "")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many records Pagefind was given, each time it ran."""
    found: list[int] = []

    def counted(records: Any, run: Any = pagefind.index) -> dict[str, bytes]:
        given = [*records]
        found.append(len(given))
        return run(given)

    monkeypatch.setattr(pagefind, "index", counted)
    return found


def fragments(site: Site, folder: str = "search/pagefind") -> dict[str, dict[str, Any]]:
    """What is known of each article that can be found, by its URL."""
    found = [gzip.decompress(path.read_bytes()) for path in (site.out / folder / "fragment").iterdir()]
    return {one["url"]: one for one in (json.loads(data.removeprefix(b"pagefind_dcd")) for data in found)}


def index_files(site: Site) -> set[str]:
    return {path for path in site.tree() if "pagefind" in path}


def explained(report: Any) -> list[str]:
    return [one.reason for one in report.rendered if one.path.endswith("search/pagefind/")]


def test_an_article_is_found_by_its_text_and_narrowed_by_what_it_is(make_site: Callable[..., Site]) -> None:
    site = make_site(PAPER)
    site.good()
    found = fragments(site)
    assert {url: (one["meta"]["title"], one["filters"], one["content"]) for url, one in found.items()} == {
        "/world/a/": ("Harbour", {"section": ["world"], "tag": ["Ports", "Sea"], "author": ["Ann"], "year": ["2026"]}, "The quay is shut."),
        "/world/b/": ("Bridge", {"section": ["world"], "tag": ["Roads"], "author": ["Ann", "Bob"], "year": ["2025"]}, "A span of steel."),
        "/sport/c/": ("Cup", {"section": ["sport"]}, "A final."),
    }  # fmt: skip
    assert found["/world/a/"]["meta"] == {"title": "Harbour", "summary": "Of tides.", "date": "2026-05-01"}
    assert site.page("search/index.html") == "Search /search/"


def test_what_asks_not_to_be_indexed_and_what_is_paid_for_is_not_found(make_site: Callable[..., Site]) -> None:
    paid = {"access": "paid"}
    site = make_site(
        {
            "newsgen.toml": SETTINGS,
            A: article("A", "Aa.", noindex="true"),
            B: article("B", "Free.\n\n<!--paywall-->\n\nDear.", **paid),
            C: article("C", "All dear.", **paid),
        }
    )
    site.good()
    assert {one["meta"]["title"]: one["content"] for one in fragments(site).values()} == {"B": "Free.", "C": "C"}


def test_pagefind_runs_where_a_record_changed_and_nowhere_else(
    make_site: Callable[..., Site], tmp_path: Path, runs: list[int]
) -> None:
    site = make_site(PAPER)
    prover = Prover(site, tmp_path)

    def build(*clean: int, **options: object) -> list[str]:
        """Why the index was made; the proof runs Pagefind twice more, where nothing like it was built before."""
        runs.clear()
        report = prover.build(**options)
        assert len(runs) == len(clean), runs
        return explained(report)

    assert build(3, 3, 3) == ["it was never made"]
    assert build() == []
    site.edit(A, "is shut", "is open")
    assert build(3, 3, 3) == ["articles that are found: 1 changed"]
    site.edit(A, "title: Harbour", "title: Harbour\nextra: {a: 1}")
    assert build(3) == []  # the proof's alone
    site.edit(A, "[Ports, Sea]", "[Ports]")
    assert build(3, 3, 3) == ["articles that are found: 1 changed"]
    site.edit(D, "draft: true", "draft: false")
    site.remove(B)
    assert build(3, 3, 3, jobs=2) == ["articles that are found: 1 came, 1 went"]
    site.write("newsgen.toml", SETTINGS.replace("true", "false"))
    assert build() == []
    assert index_files(site) == set()
    assert not (site.out / "search").exists()


def test_what_is_turned_off_leaves_nothing_in_the_cache(make_site: Callable[..., Site]) -> None:
    site = make_site(PAPER)
    site.good()

    def kept() -> int:
        with contextlib.closing(sqlite3.connect(site.root / ".newsgen/cache.db")) as cache:
            return cache.execute("SELECT count(*) FROM memos WHERE kind LIKE 'search /%'").fetchone()[0]

    assert kept() == len(index_files(site)) > 10
    site.edit(A, "is shut", "is open")
    site.good()
    assert kept() == len(index_files(site))
    site.write("newsgen.toml", SETTINGS.replace("true", "false"))
    site.good()
    assert kept() == 0


def test_a_deleted_file_is_mended_without_pagefind(make_site: Callable[..., Site], runs: list[int]) -> None:
    site = make_site(PAPER)
    site.good()
    before = site.tree()
    for path in (site.out / "search/pagefind").rglob("*.pf_fragment"):
        path.unlink()
    (site.out / "search/pagefind/pagefind.js").write_text("x")
    site.good()
    assert site.tree() == before
    assert runs == [3]


@pytest.mark.parametrize("change", ["DELETE FROM memos", "UPDATE memos SET value = x'00'"])
@pytest.mark.parametrize("kind", ["search", "search /%"])
def test_a_damaged_cache_is_mended(make_site: Callable[..., Site], change: str, kind: str) -> None:
    site = make_site(PAPER)
    site.good()
    before = site.tree()
    with sqlite3.connect(site.root / ".newsgen/cache.db") as cache:
        assert cache.execute(f"{change} WHERE kind LIKE ?", (kind,)).rowcount
    cache.close()
    for path in (site.out / "search/pagefind").rglob("*.pf_fragment"):
        path.unlink()
    site.good()
    assert site.tree() == before


def test_each_edition_finds_its_own(make_site: Callable[..., Site], runs: list[int]) -> None:
    site = make_site(
        PAPER | {"newsgen.toml": SETTINGS + "[languages.de]\n", "content/de/welt/e.md": article("Hafen", "Zu.")}
    )
    site.good()
    assert sorted(fragments(site)) == ["/sport/c/", "/world/a/", "/world/b/"]
    assert [*fragments(site, "de/search/pagefind")] == ["/de/welt/e/"]
    site.edit("content/de/welt/e.md", "Zu.", "Auf.")
    assert explained(site.good()) == ["articles that are found: 1 changed"]
    assert runs == [3, 1, 1]
    site.write("newsgen.toml", SETTINGS)
    site.good()
    assert not (site.out / "de/search").exists()


def test_what_is_not_to_be_indexed_now_is_not(make_site: Callable[..., Site], runs: list[int]) -> None:
    site = make_site(PAPER)
    site.good(search=False)
    assert index_files(site) == set()
    assert (site.out / "search/index.html").exists()
    assert runs == []
    site.good()
    assert index_files(site)


def test_verify_makes_the_index_once_more(make_site: Callable[..., Site], runs: list[int]) -> None:
    from newsgen.build import BuildOptions

    site = make_site(PAPER)
    report = site.good()
    assert verified(site.root, BuildOptions(at=MOMENT), report).ok
    assert runs == [3, 3]


# ---- what can be wrong ----------------------------------------------------------------------------------------------


def test_without_pagefind_nothing_is_published(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site(PAPER)
    site.good()
    before = site.tree()
    monkeypatch.setattr(pagefind, "tools", lambda: ())
    report = site.build()
    assert not report.ok
    assert codes(report) == ["NG-116", "NG-506"]
    assert "pip install 'newsgen[search]'" in report.diagnostics[1].help
    assert site.tree() == before
    assert site.good(search=False)


def test_a_pagefind_that_fails_is_told(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise PagefindError("out of memory")

    monkeypatch.setattr(pagefind, "index", fail)
    report = make_site(PAPER).build()
    assert not report.ok
    assert "NG-607 newsgen.toml Pagefind failed: out of memory" in said(report)


def test_a_file_in_the_folder_of_the_index_is_an_error(make_site: Callable[..., Site]) -> None:
    report = make_site(PAPER | {"static/search/Pagefind/x.txt": "x"}).build()
    assert not report.ok
    message = "two owners of /search/Pagefind/x.txt: the search index and static/search/Pagefind/x.txt"
    assert f"NG-401 static/search/Pagefind/x.txt {message}" in said(report)


def test_a_language_that_is_not_divided_into_words_is_told(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(PAPER | {"newsgen.toml": f'language = "zh"\n{SETTINGS}'})
    assert "NG-507" not in codes(site.good())
    monkeypatch.setattr(pagefind, "tools", lambda: ("pagefind_bin-1.5.2",))
    assert "NG-507" in codes(site.good())

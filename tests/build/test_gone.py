"""Addresses that a build takes away: told once, with the alias that would keep them, and never a diagnostic."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsgen.cli.build_command import summary
from tests.site import MOMENT, Site, article

OLD = "content/world/old.md"
FILES: dict[str, str | bytes] = {
    OLD: article("Old", "Words of its own.", aliases="[/before/]", tags="[ships]"),
    "content/world/other.md": article("Other", "Other words."),
    "content/pages/about.md": "---\ntitle: About\n---\nWho.\n",
}


@pytest.fixture
def site(make_site: Callable[..., Site], plain_theme: Path) -> Site:
    made = make_site(FILES)
    made.good()
    return made


def gone(site: Site, at: dt.datetime = MOMENT, **options: Any) -> list[tuple[str, str]]:
    report = site.good(at, **options)
    assert report.diagnostics == site.good(at, cache=False, **options).diagnostics
    assert site.good(at, **options).gone == ()
    return [(one.path, one.file) for one in report.gone]


def test_a_new_slug_or_permalink_suggests_the_alias(site: Site) -> None:
    site.edit(OLD, "title:", "slug: new\ntitle:")
    assert gone(site) == [("/world/old/", OLD)]
    site.edit("content/pages/about.md", "title:", "permalink: /us.html\ntitle:")
    assert gone(site) == [("/about/", "content/pages/about.md")]


def test_a_file_of_another_name_is_known_by_its_text(site: Site) -> None:
    site.move(OLD, "content/business/renamed.md")
    assert gone(site) == [("/world/old/", "content/business/renamed.md")]


def test_a_file_that_moved_and_was_edited_is_known_by_its_name(site: Site) -> None:
    site.move(OLD, "content/business/old.md")
    site.edit("content/business/old.md", "Words", "More words")
    assert gone(site) == [("/world/old/", "content/business/old.md")]


def test_what_was_deleted_has_no_heir(site: Site) -> None:
    site.remove(OLD)
    assert gone(site) == [("/before/", ""), ("/world/old/", "")]


@pytest.mark.parametrize("formats", ['["html"]', '["netlify"]', "[]"])
def test_an_address_that_an_alias_keeps_is_not_gone(site: Site, formats: str) -> None:
    site.write("newsgen.toml", f'base_url = "https://example.org"\n[redirects]\nformats = {formats}\n')
    site.good()
    site.edit(OLD, "[/before/]", "[/before/, /world/old/]\nslug: new")
    assert gone(site) == []


def test_an_alias_that_is_taken_out_is_gone(site: Site) -> None:
    site.edit(OLD, "aliases: [/before/]\n", "")
    assert gone(site) == [("/before/", OLD)]


def test_what_is_withheld_is_not_told_of(site: Site) -> None:
    site.edit(OLD, "title:", "draft: true\ntitle:")
    assert gone(site) == []
    site.edit("content/world/other.md", "title:", "expires: 2026-06-02\ntitle:")
    assert gone(site) == []
    assert gone(site, MOMENT + dt.timedelta(days=3)) == []


def test_lists_feeds_and_files_are_not_told_of(site: Site) -> None:
    site.edit(OLD, "tags: [ships]\n", "")
    report = site.good()
    assert "tags/ships/index.html" in report.removed
    assert report.gone == ()


def test_without_a_cache_what_moved_is_known_by_its_name_and_nothing_else_is_told(site: Site) -> None:
    site.remove(".newsgen/cache.db")
    site.move(OLD, "content/business/old.md")
    site.edit("content/world/other.md", "title:", "slug: new\ntitle:")
    report = site.good()
    assert {"world/old/index.html", "world/other/index.html"} <= set(report.removed)
    assert [(one.path, one.file) for one in report.gone] == [("/world/old/", "content/business/old.md")]


def test_the_end_of_a_build_says_what_is_gone(site: Site) -> None:
    site.edit(OLD, "title:", "slug: new\ntitle:")
    site.remove("content/world/other.md")
    report = site.good(strict=True)
    assert summary(site.root, report)[-2:] == [
        "Gone: /world/old/ - to keep it, add to content/world/old.md: aliases: [/world/old/]",
        "Gone: /world/other/ - nothing leads on from it.",
    ]


def test_the_end_of_a_build_says_no_more_than_a_few(make_site: Callable[..., Site], plain_theme: Path) -> None:
    site = make_site({f"content/x/{n}.md": article(str(n), str(n)) for n in range(13)})
    site.good()
    site.write("newsgen.toml", '[permalinks]\narticle = "/{slug}/"\n')
    lines = [line for line in summary(site.root, site.good()) if line.startswith("Gone")]
    assert (len(lines), lines[-1]) == (11, "Gone: 3 addresses more; --format json has them all.")


def test_a_program_reads_it_under_its_own_key(site: Site) -> None:
    import msgspec

    site.remove(OLD)
    read = json.loads(msgspec.json.encode(site.good()))
    assert read["gone"] == [{"path": "/before/", "file": ""}, {"path": "/world/old/", "file": ""}]

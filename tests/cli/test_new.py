"""`newsgen new DIR`: a site that builds at once, and nothing over what is there."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsgen.cli.main import main
from tests.site import Site, article, dead_links, said, tree


@pytest.fixture
def newsgen(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str]]:
    """Runs the command line in tmp_path; its exit status and all that it printed."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["newsgen", *words])
        try:
            main()
        except SystemExit as end:
            return int(end.code or 0), "".join(capsys.readouterr())
        return 0, "".join(capsys.readouterr())

    return run


def as_site(root: Path) -> Site:
    site = Site.__new__(Site)
    site.root = root
    return site


def test_a_new_site_holds_all_that_a_newsroom_begins_with(
    newsgen: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    status, _ = newsgen("new", "paper")
    root = tmp_path / "paper"
    assert status == 0
    assert {path.name for path in root.iterdir()} == {
        "newsgen.toml", "content", "templates", "static", "seeds", ".gitignore",
    }  # fmt: skip
    tags = sorted(path.stem for path in (root / "content/tags").glob("*.md"))
    assert tags == ["china", "russia", "sanctions", "tariffs"]
    assert {"/site/", "/.newsgen/"} <= set((root / ".gitignore").read_text().split())


def test_a_new_site_builds_at_once_without_a_word_of_complaint(
    newsgen: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    newsgen("new", "paper")
    site = as_site(tmp_path / "paper")
    report = site.good(at=None)
    assert (said(report), report.articles, report.undated, report.withheld) == ([], 1, 0, ())
    assert {"index.html", "tags/russia/index.html", "feed.xml"} <= set(site.tree())
    assert dead_links(site.out, "/", "https://example.org") == []


def test_the_first_article_is_published_on_the_day_it_is_made(
    newsgen: Callable[..., tuple[int, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a second after midnight, and on the build's own moment."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1780272001")  # 2026-06-01T00:00:01Z
    newsgen("new", "paper")
    assert as_site(tmp_path / "paper").good(at=None).articles == 1


def test_its_tags_are_used_by_articles_that_name_them_or_their_aliases(
    newsgen: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    newsgen("new", "paper")
    site = as_site(tmp_path / "paper")
    site.write("content/world/a.md", article("A", tags="[Kremlin, Beijing, sanction, tariff]"))
    site.good()
    listing = {
        path.split("/")[1] for path, data in site.tree().items() if path.startswith("tags/") and b"/world/a/" in data
    }
    assert listing == {"russia", "china", "sanctions", "tariffs"}


@pytest.mark.parametrize("folder", ["empty", "deep/er/paper", "with space", "журнал"])
def test_the_folder_may_be_absent_or_empty(
    newsgen: Callable[..., tuple[int, str]], tmp_path: Path, folder: str
) -> None:
    (tmp_path / "empty").mkdir()
    status, text = newsgen("new", folder)
    assert (status, (tmp_path / folder / "newsgen.toml").is_file(), folder in text) == (0, True, True)


def test_the_folder_is_seen_from_the_folder_of_the_option_c(
    newsgen: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    assert newsgen("-C", "elsewhere", "new", "paper")[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["elsewhere"]
    assert (tmp_path / "elsewhere/paper/newsgen.toml").is_file()


@pytest.mark.parametrize("there", ["paper/thesis.txt", "paper/.git/HEAD", "paper"])
def test_a_folder_with_anything_in_it_is_refused_by_name_and_left_alone(
    newsgen: Callable[..., tuple[int, str]], tmp_path: Path, there: str
) -> None:
    (tmp_path / there).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / there).write_text("mine")
    status, text = newsgen("new", "paper")
    assert (status, "paper" in text, "Traceback" in text) == (1, True, False)
    assert tree(tmp_path) == {there: b"mine"}


def test_a_second_new_is_refused(newsgen: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
    newsgen("new", "paper")
    before = tree(tmp_path)
    assert (newsgen("new", "paper")[0], tree(tmp_path)) == (1, before)


def test_a_folder_that_cannot_be_made_is_said_in_a_line(
    newsgen: Callable[..., tuple[int, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "mkdir", refuse)
    status, text = newsgen("new", "paper")
    assert (status, text.splitlines()) == (1, ["newsgen: cannot make paper: Permission denied"])


def test_without_a_folder_the_usage_is_told(newsgen: Callable[..., tuple[int, str]]) -> None:
    status, text = newsgen("new")
    assert (status, "Missing argument 'DIR'" in text) == (2, True)


def test_with_the_gazetteer_a_site_begins_with_all_its_tags_and_builds(
    newsgen: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    status, _ = newsgen("new", "paper", "--gazetteer")
    site = as_site(tmp_path / "paper")
    tags = {path.stem for path in (site.root / "content/tags").glob("*.md")}
    assert (status, len(tags) > 350) == (0, True)
    assert {"china", "russia", "sanctions", "tariffs", "georgia", "imf", "interest-rates"} - tags == {"imf"}
    report = site.good(at=None)
    assert (said(report), b"Georgia" in site.tree()["tags/index.html"]) == ([], False)  # no article has it
    site.write("texts/a.txt", "Japan cuts rates\n\nTOKYO, May 3 - The central bank cut its rate on Monday.\n")
    newsgen("-C", "paper", "import", "texts")
    assert "tags: [central banks, Japan]" in (site.root / "content/japan-cuts-rates.md").read_text()

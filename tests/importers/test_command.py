"""newsgen import, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner, Result

from newsgen.cli.import_command import command

TEXT = "Ferry is late again\n\nSign up for our newsletter\n\nThe ferry to Holm was late on Monday, the office said.\n"


class Call(msgspec.Struct):
    root: Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "newsgen.toml").write_text('title = "Paper"\n')
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts/ferry.txt").write_text(TEXT)
    return tmp_path


def run(root: Path, *arguments: str) -> Result:
    wrapped: click.Command = command
    return CliRunner().invoke(wrapped, list(arguments), obj=Call(root))


def test_an_import_says_what_became_of_each_file_and_how_many_there_were(root: Path) -> None:
    result = run(root, "texts")
    assert result.output.splitlines() == [
        "written texts/ferry.txt -> content/ferry-is-late-again.md (cut 1)",
        "1 read: 1 written.",
        "Without a date: 1. The texts state none: give it in the front matter, or by --date.",
    ]
    assert result.exit_code == 0
    assert "1 read: 1 unchanged." in run(root, "texts").output


def test_a_dry_run_shows_front_matter_and_cuts(root: Path) -> None:
    output = run(root, "texts/ferry.txt", "--dry-run").output
    assert "    title: Ferry is late again\n" in output
    assert "    cut: Sign up for our newsletter (known form: newsletter)\n" in output
    assert not (root / "content").exists()


def test_options_reach_the_article(root: Path) -> None:
    options = (
        "--section",
        "World",
        "--author",
        "Ada Berg",
        "--author",
        "Bo Ek",
        "--date",
        "2026-05-03 08:30",
        "--lang",
        "de",
    )
    assert run(root, "texts", *options).exit_code == 0
    text = (root / "content/world/ferry-is-late-again.md").read_text()
    assert text.split("import:")[0] == (
        "---\ntitle: Ferry is late again\ndate: 2026-05-03 08:30:00+00:00\nauthors: [Ada Berg, Bo Ek]\nsection: World\n"
        "description: The ferry to Holm was late on Monday, the office said.\nlang: de\n"
    )
    assert "date_source: --date" in text


def test_errors_end_with_status_1_and_wrong_usage_with_2(root: Path) -> None:
    missing = run(root, "nowhere.txt")
    assert (missing.exit_code, "NG-103" in missing.output) == (1, True)
    assert run(root).exit_code == 2
    assert run(root, "texts", "--date", "3/4/2026").exit_code == 2
    assert run(root, "texts", "--section", "pages").exit_code == 1
    (root / "newsgen.toml").unlink()
    assert (run(root, "texts").exit_code, "NG-501" in run(root, "texts").output) == (1, True)


def test_reports_for_machines(root: Path) -> None:
    shown = run(root, "texts", "--format", "json", "--report", str(root / "import.json"))
    assert json.loads(shown.stdout) == json.loads((root / "import.json").read_text())
    assert json.loads(shown.stdout)["counts"]["written"] == 1
    annotated = run(root, "nowhere.txt", "--format", "github")
    assert "::error file=nowhere.txt,title=NG-103::" in annotated.output


def test_the_help_has_examples() -> None:
    assert "newsgen import story.txt" in run(Path(), "--help").output

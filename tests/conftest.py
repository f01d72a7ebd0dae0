"""What all tests share: scratch sites, no moment from outside, and Hypothesis without chance where it must repeat."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from newsgen import build
from tests.site import PLAIN_THEME, Site, write_all

# On a build machine the same examples every time; at home new ones, so that somebody finds what nobody thought of.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("home", deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "home")


@pytest.fixture(autouse=True)
def _no_moment_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[..., Site]:
    """Makes a site from files by path; a newsgen.toml is there unless the files bring one."""

    def make(files: dict[str, str | bytes] | None = None, name: str = "paper") -> Site:
        return Site(tmp_path / name, files)

    return make


@pytest.fixture(scope="session")
def _plain_theme_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_all(tmp_path_factory.mktemp("theme"), PLAIN_THEME)


@pytest.fixture
def plain_theme(_plain_theme_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Builds with a theme of one line a template; its folder."""
    monkeypatch.setattr(build, "THEME_FOLDER", _plain_theme_folder)
    return _plain_theme_folder

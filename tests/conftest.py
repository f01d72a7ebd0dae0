"""What all tests share: scratch sites, no moment from outside, and Hypothesis without chance where it must repeat."""

from __future__ import annotations

import marshal
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from newsgen import build, digest
from newsgen.config import RenderSettings
from newsgen.pages import environment, render
from newsgen.pages.templates import TemplateSource, Theme
from tests.site import PLAIN_THEME, Site, write_all

# On a build machine the same examples every time; at home new ones, so that somebody finds what nobody thought of.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("home", deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "home")


@pytest.fixture(scope="session", autouse=True)
def _templates_are_read_once() -> Iterator[None]:
    """What Jinja makes of one text in one environment is made once in a run: else it is half of the time of all tests.

    All that an environment is made of is in the key here, whatever newsgen's own keys hold: what these lack is missed as before.
    """
    known: dict[tuple[object, ...], Any] = {}
    make, analyse, compile = environment.environment, environment.analyse, environment.NewsEnvironment.compile

    def once(key: tuple[object, ...], made: Callable[[], Any]) -> Any:
        if key not in known:
            known[key] = made()
        return known[key]

    def making(theme: Theme, settings: RenderSettings, compiled: Any = None, tag: str = "en") -> Any:
        made = make(theme, settings, compiled, tag)
        made.made_of = digest.of_value((settings, tag, theme.catalogues, theme.assets))
        return made

    def analysing(source: TemplateSource, parser: Any) -> Any:
        return once((source, parser.made_of), lambda: analyse(source, parser))

    def compiling(self: Any, source: Any, *given: Any, **named: Any) -> Any:
        if not isinstance(source, str) or not hasattr(self, "made_of"):
            return compile(self, source, *given, **named)
        key = (source, self.made_of, self.code_generator_class, given, tuple(named.items()))
        return marshal.loads(once(key, lambda: marshal.dumps(compile(self, source, *given, **named))))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment, "environment", making)
        patch.setattr(environment, "analyse", analysing)
        patch.setattr(environment.NewsEnvironment, "compile", compiling)
        patch.setattr(render, "environment", making)
        yield


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

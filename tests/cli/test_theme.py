"""`newsgen theme`: its files, and one of them as the site's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from newsgen.build import THEME_FOLDER
from tests.cli.conftest import Ended
from tests.site import Site, article

Run = Callable[..., Ended]


def test_every_file_of_the_theme_is_listed(newsgen: Run) -> None:
    names = newsgen("theme", "list").out.split()
    folders = (THEME_FOLDER / "templates", THEME_FOLDER / "assets")
    assert names == sorted(
        path.relative_to(folder).as_posix() for folder in folders for path in folder.rglob("*") if path.is_file()
    )
    assert {"article.html", "partials/card.html", "fragments/header.html", "style.css"} <= {*names}


@pytest.mark.parametrize(
    ("name", "file", "source"),
    [
        ("article.html", "templates/article.html", "templates/article.html"),
        ("partials/card.html", "templates/partials/card.html", "templates/partials/card.html"),
        ("locale/de.po", "templates/locale/de.po", "templates/locale/de.po"),
        ("style.css", "static/assets/style.css", "assets/style.css"),
    ],
)
def test_an_ejected_file_is_the_themes_and_changes_no_page(
    newsgen: Run, make_site: Callable[..., Site], name: str, file: str, source: str
) -> None:
    site = make_site({"content/a.md": article("A")})
    site.good()
    before = site.tree()
    ended = newsgen("-C", site.root, "theme", "eject", name)
    assert (ended.status, ended.out) == (0, f"{file} is yours now. Delete it to have the theme's again.\n")
    assert (site.root / file).read_bytes() == (THEME_FOLDER / source).read_bytes()
    site.good()
    own = {} if file.startswith("templates/") else {file.removeprefix("static/"): (site.root / file).read_bytes()}
    manifest = ".newsgen-manifest"
    assert {**site.tree(), manifest: b""} == {**before, **own, manifest: b""}
    site.write(file, "changed")
    ended = newsgen("-C", site.root, "theme", "eject", name)
    assert (ended.status, ended.err) == (1, f"{file} is there already; it stays as it is.\n")
    assert site.read(file) == "changed"


def test_a_file_that_the_theme_lacks_is_a_mistake_with_a_suggestion(newsgen: Run, tmp_path: Path) -> None:
    ended = newsgen("-C", tmp_path, "theme", "eject", "artikle.html")
    assert ended.status == 2
    assert 'the theme has no "artikle.html". Did you mean "article.html"?' in ended.err
    assert not [*tmp_path.iterdir()]

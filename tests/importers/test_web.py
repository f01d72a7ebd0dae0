"""A paper of the web through the whole command: pages, feeds and exports become a site that answers its old addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from newsgen import external
from newsgen.cli.import_command import command
from newsgen.importers import dispatch
from tests.importers.exports import attachment, export, item
from tests.importers.test_command import Call
from tests.importers.test_feeds import ITEM, RSS
from tests.importers.test_html import page
from tests.site import Site
from tests.web import listening

SETTINGS = 'title = "The Holm Gazette"\nbase_url = "https://gazette.example"\n'
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")


def run(root: Path, *arguments: str) -> Result:
    wrapped: click.Command = command
    return CliRunner().invoke(wrapped, [*arguments], obj=Call(root), catch_exceptions=False)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    posts = (
        item(1, "One", "See https://gazette.example/?p=2 and <a href='https://gazette.example/?p=2'>two</a>.",
             link="https://gazette.example/2020/one/", name="one", meta=(("_wp_old_slug", "uno"),),
             terms=(("category", "europe", "Europe"), ("post_tag", "brexit", "Brexit"))),
        item(2, "Two", "[box]Text[/box]", link="https://gazette.example/2020/two.html", name="two", terms=(("post_tag", "x", "BREXIT"), ("post_tag", "y", "Brexit"))),
        item(3, "Secret", status="private", link="https://gazette.example/2020/secret/", name="secret"),
        item(4, "Us", kind="page", link="https://gazette.example/about/us/", name="us"),
        attachment(5, "https://gazette.example/a.jpg"),
    )  # fmt: skip
    pages = {
        "old/page.html": page(canonical="https://gazette.example/2021/page.html"),
        "old/feed.xml": RSS.format(ITEM.format(title="Fed", more="<description>Text.</description>")),
        "old/wordpress.xml": export(*posts),
        "old/other.xml": "<config/>",
        "old/notes.txt": "A headline\n\nA paragraph that is a sentence and long enough to be one.\n",
    }
    return Site(tmp_path, {"newsgen.toml": SETTINGS, **pages})


def test_a_mixed_folder_becomes_a_site_that_answers_its_old_addresses(site: Site) -> None:
    result = run(site.root, "old", "--format", "json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert (told["read"], told["counts"]["written"], told["counts"]["skipped"], told["losses"]) == (4, 9, 1, 1)
    assert sum(told["counts"].values()) == told["pieces"] == len(told["files"])
    report = site.build()
    assert report.ok
    answered = {str(path.relative_to(site.out)) for path in site.out.rglob("*.html")}
    old = {
        "2020/one/index.html",
        "2020/uno/index.html",
        "2020/two.html",
        "about/us/index.html",
        "2021/page.html",
        "2020/ferry/index.html",
    }
    assert old <= answered
    assert not any("secret" in name for name in answered)
    assert 'href="/2020/two.html">two' in (site.out / "2020/one/index.html").read_text()


def test_importing_again_changes_nothing(site: Site) -> None:
    run(site.root, "old")
    before = {path: path.read_bytes() for path in (site.root / "content").rglob("*") if path.is_file()}
    again = json.loads(run(site.root, "old", "--format", "json").stdout)
    assert (again["counts"]["unchanged"], again["counts"]["written"], again["counts"]["rewritten"]) == (9, 0, 0)
    assert {path: path.read_bytes() for path in (site.root / "content").rglob("*") if path.is_file()} == before


def test_spellings_of_a_tag_in_an_export_are_one_by_most_of_its_posts(site: Site) -> None:
    run(site.root, "old/wordpress.xml")
    assert "tags: [Brexit, Europe]" in (site.root / "content/world-news/one.md").read_text()
    assert "tags: [Brexit]" in (site.root / "content/two.md").read_text()


def test_xml_of_no_known_form_is_refused_by_name_and_passed_over_in_a_folder(site: Site) -> None:
    assert "NG-704" in run(site.root, "old/other.xml").output
    assert "other.xml" not in run(site.root, "old").output


@pytest.mark.parametrize(("file", "extra"), [("old/page.html", "html"), ("old/feed.xml", "feeds")])
def test_a_library_that_is_missing_is_named_with_how_to_get_it(
    site: Site, monkeypatch: pytest.MonkeyPatch, file: str, extra: str
) -> None:
    monkeypatch.setattr(dispatch, "find_spec", lambda name: None)
    result = run(site.root, file)
    assert result.exit_code == 1
    assert "NG-725" in result.output
    assert f"pip install 'newsgen[{extra}]'" in result.output
    assert run(site.root, "old/wordpress.xml").exit_code == 0


# ---- pictures -------------------------------------------------------------------------------------------------------


class _Pictures(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - emptied by the fixture

    def log_message(self, format: str, *args: object) -> None: ...

    def do_GET(self) -> None:
        self.asked.append(self.path)
        data = b"<html>" if "page" in self.path else PNG
        self.send_response(404 if "gone" in self.path else 200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def pictures(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    _Pictures.asked.clear()
    monkeypatch.setattr(external, "PAUSE", 0.01)
    monkeypatch.setattr(external, "PUBLIC", False)
    with listening(_Pictures) as address:
        yield address


def test_pictures_are_fetched_when_that_is_asked(tmp_path: Path, pictures: str) -> None:
    shown = "".join(f'<img src="{pictures}/{name}" alt="x">' for name in ("up/a.png", "gone.png", "page.png", "b?w=1"))
    data = export(
        item(1, content=shown, meta=(("_thumbnail_id", "5"),)),
        attachment(5, f"{pictures}/up/a.png", "A"),
        item(
            2, "Again", f'<img src="{pictures}/up/a.png" alt="y">', link="https://gazette.example/again/", name="again"
        ),
    )
    site = Site(tmp_path, {"newsgen.toml": SETTINGS.replace("https://gazette.example", pictures), "wp.xml": data})
    plain = run(site.root, "wp.xml")
    assert ("NG-722" in plain.output, _Pictures.asked) == (True, [])
    result = run(site.root, "wp.xml", "--fetch-images")
    assert sorted(_Pictures.asked) == ["/b?w=1", "/gone.png", "/page.png", "/up/a.png"]
    assert "Pictures fetched into static/: 2." in result.output
    assert result.output.count("NG-726") == 2
    assert "NG-722" not in result.output
    assert (site.root / "static/up/a.png").read_bytes() == PNG
    text = (site.root / "content/ferry.md").read_text()
    assert "![x](/up/a.png)" in text
    assert "image: {src: '/up/a.png', alt: A}" in text
    assert f"![x]({pictures}/gone.png)" in text
    _Pictures.asked.clear()
    assert "unchanged" in run(site.root, "wp.xml", "--fetch-images").output
    assert sorted(_Pictures.asked) == ["/gone.png", "/page.png"]


def test_an_edited_article_keeps_its_pictures_where_they_are(tmp_path: Path, pictures: str) -> None:
    site = Site(
        tmp_path, {"newsgen.toml": SETTINGS, "wp.xml": export(item(1, content=f'<img src="{pictures}/a.png" alt="x">'))}
    )
    run(site.root, "wp.xml")
    path = site.root / "content/ferry.md"
    path.write_text(path.read_text().replace("![x]", "![A ship]"))
    run(site.root, "wp.xml", "--fetch-images")
    assert (_Pictures.asked, "![A ship](http" in path.read_text()) == ([], True)


def test_a_picture_never_leaves_static(tmp_path: Path, pictures: str) -> None:
    names = "../../../etc/x.png", "%2e%2e/%2e%2e/y.png", ".hidden.png", "con.png"
    shown = "".join(f'<img src="{pictures}/{name}" alt="x">' for name in names)
    site = Site(tmp_path / "a/b", {"newsgen.toml": SETTINGS, "wp.xml": export(item(1, content=shown))})
    run(site.root, "wp.xml", "--fetch-images")
    found = [path for path in tmp_path.rglob("*") if path.is_file() and path.read_bytes() == PNG]
    assert len(found) == len(names)
    assert all(path.is_relative_to(site.root / "static/images") for path in found)

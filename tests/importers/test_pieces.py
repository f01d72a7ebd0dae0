"""What the run does with pieces of any kind, read here by a reader of texts in a form of their own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from newsgen.config import ParseSettings, Settings
from newsgen.content.parse import parse_content
from newsgen.importers import dispatch
from newsgen.importers.piece import Carried, Piece
from newsgen.importers.report import ImportedFile, ImportOptions, ImportReport, Tally
from newsgen.importers.run import import_paths, tag_registry

SETTINGS = Settings()


class Pieces(msgspec.Struct, frozen=True):
    """Reads JSON: pieces as they are. A file that they need lies beside the site."""

    def survey(self, file: str, data: bytes) -> list[str]:
        return [tag for one in json.loads(data) for tag in one.get("fields", {}).get("tags", ())]

    def tags(self, survey: list[str]) -> Iterable[str]:
        return survey

    def surveyed(self, surveys: Sequence[Any]) -> None:
        return None

    def read(self, file: str, data: bytes, survey: None) -> tuple[Piece, ...]:
        return tuple(msgspec.convert(one, Piece) for one in json.loads(data))


class Desk:
    def __init__(self, folder: Path) -> None:
        self.root, self.given = folder / "paper", folder / "given"
        self.root.mkdir()
        self.given.mkdir()

    def put(self, *pieces: dict[str, Any], name: str = "export.txt") -> None:
        (self.given / name).write_text(json.dumps(pieces))

    def run(self, **options: Any) -> tuple[list[ImportedFile], ImportReport]:
        registry = tag_registry(self.root, SETTINGS).value or ()
        with Tally() as tally:
            report = import_paths(self.root, SETTINGS, registry, [self.given], ImportOptions(**options), tally)
            return list(tally.rows()), report

    def results(self, **options: Any) -> list[tuple[str, str]]:
        return [(row.result, row.target) for row in self.run(**options)[0]]

    def content(self) -> dict[str, str]:
        found = sorted(path for path in self.root.rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_text("utf-8") for path in found}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(dispatch, "reader", lambda *_: Pieces())
    return Desk(tmp_path)


def piece(title: str, **others: Any) -> dict[str, Any]:
    fields = {"title": title, "tags": [], **others.pop("fields", {})}
    return {
        "slug": title.lower().replace(" ", "-"),
        "body": f"The text of {title}.",
        "item": title,
        **others,
        "fields": fields,
    }


def test_each_kind_has_its_folder_and_what_is_written_parses(desk: Desk) -> None:
    desk.put(
        piece("Bus", section="World/Asia"),
        piece("About", kind="page"),
        piece("Ada Berg", kind="author"),
        piece("Ferries", kind="tag", fields={"aliases": ["ferry"]}),
        piece("World", kind="section", section="World"),
        piece("Old", skipped="a revision"),
    )
    rows, report = desk.run()
    assert [(row.result, row.target) for row in rows] == [
        ("written", "content/world/asia/bus.md"),
        ("written", "content/pages/about.md"),
        ("written", "content/authors/ada-berg.md"),
        ("written", "content/tags/ferries.md"),
        ("written", "content/world/_index.md"),
        ("skipped", ""),
    ]
    assert report.summary() == "1 read, 6 pieces: 5 written, 1 skipped"
    for path, text in desk.content().items():
        if path == "content/tags/ferries.md":  # which has aliases and no tags
            assert "aliases: [ferry]" in text
        parsed = parse_content(
            path, text.replace("tags: []\n", "").encode(), ParseSettings.of(SETTINGS), SETTINGS.zone()
        )
        assert parsed.diagnostics == (), path


def test_pieces_are_known_again_by_their_item_and_what_it_says(desk: Desk) -> None:
    desk.put(piece("Bus"), piece("Tram"))
    desk.run()
    desk.put(piece("Ferry"), piece("Bus"), piece("Tram", body="The text of Tram.\n\nMore."))
    assert desk.results() == [
        ("written", "content/ferry.md"),
        ("unchanged", "content/bus.md"),
        ("rewritten", "content/tram.md"),
    ]
    (desk.root / "content/tram.md").write_text(desk.content()["content/tram.md"].replace("More.", "Mine."))
    desk.put(piece("Tram", body="The text of Tram.\n\nMost."))
    assert desk.results() == [("edited", "content/tram.md")]


def test_a_file_of_a_tag_or_a_section_that_the_site_has_is_left_alone(desk: Desk) -> None:
    for name in ("tags/boats.md", "world/_index.md"):
        path = desk.root / "content" / name
        path.parent.mkdir(parents=True)
        path.write_text("---\ntitle: Boats\naliases: [Ferries]\n---\n" if "tags" in name else "---\ntitle: W\n---\n")
    before = desk.content()
    desk.put(piece("Ferries", kind="tag"), piece("Boats", kind="tag"), piece("World", kind="section", section="world"))
    assert desk.results() == [("kept", ""), ("kept", "content/tags/boats.md"), ("kept", "content/world/_index.md")]
    assert desk.content() == before


def test_spellings_of_a_tag_become_one_name_and_the_others_its_aliases(desk: Desk) -> None:
    desk.put(
        piece("Bus", fields={"tags": ["Open Data", "ferries"]}),
        piece("Tram", fields={"tags": ["open-data", "Open data", "Ferries"]}),
        name="a.txt",
    )
    desk.put(piece("Boat", fields={"tags": ["Open Data", "#front"]}), name="b.txt")
    rows, report = desk.run()
    assert [row.fields.get("tags") for row in rows] == [
        ["Open Data", "Ferries"],
        ["Open Data", "Ferries"],
        ["Open Data", "#front"],
    ]
    assert report.merged == {"Open Data": ("open-data",)}
    assert desk.content()["content/tags/open-data.md"] == "---\ntitle: Open Data\naliases: [open-data]\n---\n"
    before = desk.content()
    assert {result for result, _ in desk.results()} == {"unchanged"}
    assert desk.content() == before


def test_the_registry_decides_how_a_tag_is_written(desk: Desk) -> None:
    path = desk.root / "content/tags/od.md"
    path.parent.mkdir(parents=True)
    path.write_text("---\ntitle: Government data\naliases: [Open data]\n---\n")
    desk.put(piece("Bus", fields={"tags": ["open-data", "OPEN DATA"]}))
    rows, _ = desk.run()
    assert rows[0].fields["tags"] == ["Government data"]


def test_a_tag_that_the_source_has_a_file_for_gets_the_aliases_there(desk: Desk) -> None:
    desk.put(
        piece("Bus", fields={"tags": ["Open Data", "open-data"]}),
        piece("open-data", kind="tag", fields={"tags": ["Open Data"]}),
    )
    rows, _ = desk.run()
    assert rows[1].fields["title"] == "Open Data"
    assert rows[1].fields["aliases"] == ["open-data"]


def test_files_are_carried_along_and_none_is_replaced(desk: Desk) -> None:
    (desk.given / "map.png").write_bytes(b"map")
    carried = [msgspec.to_builtins(Carried(str(desk.given / "map.png"), "static/img/map.png"))]
    desk.put(piece("Bus", carried=carried), piece("Tram", carried=carried))
    rows, report = desk.run()
    assert [one.result for row in rows for one in row.carried] == ["carried", "there"]
    assert (desk.root / "static/img/map.png").read_bytes() == b"map"
    assert report.carried == 1
    (desk.root / "static/img/map.png").write_bytes(b"mine")
    desk.put(piece("Ferry", carried=carried))
    rows, report = desk.run()
    assert [one.message for one in report.diagnostics] == [
        "static/img/map.png was not carried along: another file lies there"
    ]
    assert [one.code for one in report.diagnostics] == ["NG-705"]
    assert (desk.root / "static/img/map.png").read_bytes() == b"mine"
    assert rows[0].result == "written"


@pytest.mark.parametrize("target", ["static/../../x", "x", "newsgen.toml", "static/../newsgen.toml"])
def test_no_file_is_carried_out_of_its_folders(desk: Desk, target: str) -> None:
    (desk.given / "map.png").write_bytes(b"map")
    desk.put(piece("Bus", carried=[{"source": str(desk.given / "map.png"), "target": target}]))
    _, report = desk.run()
    assert [one.message.partition(": ")[2] for one in report.diagnostics] == [
        "it would lie outside of static/ and content/"
    ]
    assert list(desk.content()) == ["content/bus.md"]


def test_no_file_is_carried_from_outside(desk: Desk) -> None:
    (desk.given / "link").symlink_to(__file__)
    for source in (__file__, str(desk.given / "link"), str(desk.given / "missing")):
        desk.put({"kind": "file", "item": source, "carried": [{"source": source, "target": "static/x"}]})
        (row,), report = desk.run()
        assert (row.result, [one.code for one in report.diagnostics]) == ("error", ["NG-705"])
    assert desk.content() == {}


def test_a_file_alone_is_carried_once(desk: Desk) -> None:
    (desk.given / "map.png").write_bytes(b"map")
    source = str(desk.given / "map.png")
    desk.put(
        *({"kind": "file", "item": name, "carried": [{"source": source, "target": f"static/{name}"}]} for name in "ab")
    )
    assert desk.results(dry_run=True) == [("written", "static/a"), ("written", "static/b")]
    assert desk.content() == {}
    assert desk.results() == [("written", "static/a"), ("written", "static/b")]
    assert desk.results() == [("unchanged", "static/a"), ("unchanged", "static/b")]


def test_what_the_user_says_stands_above_what_an_article_says_and_not_a_page(desk: Desk) -> None:
    desk.put(piece("Bus", fields={"author": "Bo Ek", "date": "2020-01-01"}), piece("About", kind="page"))
    rows, _ = desk.run(authors=("Ada Berg",), section="World")
    assert rows[0].fields == {"title": "Bus", "date": "2020-01-01", "authors": ["Ada Berg"], "section": "World"}
    assert rows[0].evidence == {"authors": "--author", "section": "--section"}
    assert [row.target for row in rows] == ["content/world/bus.md", "content/pages/about.md"]

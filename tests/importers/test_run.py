"""The rim of the importer: what is written where, what is left alone, and counts that add up."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from newsgen.config import ParseSettings, Settings
from newsgen.content import frontmatter
from newsgen.content.parse import parse_content
from newsgen.diagnostics import Refused
from newsgen.importers import files
from newsgen.importers.report import ImportedFile, ImportOptions, ImportReport, Tally
from newsgen.importers.run import import_paths, tag_registry
from newsgen.model import Article, Term
from tests.importers.exports import export, item

SETTINGS = Settings()
TAGS = (
    Term(id="content/tags/norland.md", family="tag", title="Norland", aliases=("Nordhavn",)),
    Term(id="content/tags/ferries.md", family="tag", title="ferries", aliases=("ferry",)),
)
STORY = """\
Nordhavn’s ferry is late again - Coast News

Nordhavn’s ferry is late again

Stay up to date with free updates

The ferry to Holm was late again on Monday, the harbour office of Nordhavn said, and nobody minded.

1990. That was when it was last early.

“We had the sun,” said its captain. “That is rare enough.”

Sharing Is Caring:

Leave a Comment"""

WRITTEN = """\
---
title: Nordhavn’s ferry is late again
description: The ferry to Holm was late again on Monday, the harbour office of Nordhavn said, and nobody minded.
tags: [ferries, Norland]
lang: en
source_name: Coast News
import: {file: story.txt, sha256: SHA256, written: WRITTEN, removed: [0-suffix, 1, 2, 6, 7], \
tags_evidence: {ferries: {title: 1, body: 1}, Norland: {title: 1, body: 1}}}
---

The ferry to Holm was late again on Monday, the harbour office of Nordhavn said, and nobody minded.

1990\\. That was when it was last early.

“We had the sun,” said its captain. “That is rare enough.”
"""

TARGET = "content/nordhavns-ferry-is-late-again.md"


class Told(NamedTuple):
    """What an import says: its totals, its pieces, and both as JSON."""

    report: ImportReport
    files: tuple[ImportedFile, ...]
    json: bytes


class Desk:
    """A folder of texts beside an empty site."""

    def __init__(self, folder: Path) -> None:
        self.root, self.texts = folder / "paper", folder / "texts"
        self.root.mkdir()
        self.texts.mkdir()

    def put(self, name: str, text: str | bytes = STORY) -> Path:
        path = self.texts / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    def run(self, *paths: Path, **options: object) -> Told:
        with Tally() as tally:
            told = ImportOptions(**options)  # type: ignore[arg-type]
            report = import_paths(self.root, SETTINGS, TAGS, paths or (self.texts,), told, tally)
            written = io.BytesIO()
            tally.write(report, written)
            return Told(report, tuple(tally.rows()), written.getvalue())

    def content(self) -> dict[str, str]:
        """Every file below content/, hidden ones too."""
        found = (self.root / "content").rglob("*")
        return {path.relative_to(self.root).as_posix(): path.read_text("utf-8") for path in found if path.is_file()}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def results(told: Told) -> dict[str, str]:
    return {file.file: file.result for file in told.files}


def said(told: Told) -> list[str]:
    return [f"{one.severity} {one.code} {one.place}: {one.message}" for one in told.report.diagnostics]


def test_a_text_becomes_an_article(desk: Desk) -> None:
    desk.put("story.txt")
    told = desk.run()
    digests = re.compile(r"sha256: [0-9a-f]{64}, written: '[0-9a-f]{32}'")
    assert digests.sub("sha256: SHA256, written: WRITTEN", desk.content()[TARGET]) == WRITTEN
    assert told.files[0].sha256 == hashlib.sha256(STORY.encode()).hexdigest()
    assert f"sha256: {told.files[0].sha256}," in desk.content()[TARGET]
    assert told.report.ok
    assert told.report.summary() == "1 read: 1 written"


def test_what_is_written_is_an_article_that_parses_without_a_diagnostic(desk: Desk) -> None:
    desk.put("story.txt", STORY + "\n\n<b> *a* [b](c) & --- \n\n: x")
    desk.run(section="World", authors=("Ada Berg",), date=dt.date(2026, 5, 3))
    ((path, text),) = desk.content().items()
    parsed = parse_content(path, text.encode(), ParseSettings.of(SETTINGS), SETTINGS.zone())
    assert parsed.diagnostics == ()
    assert isinstance(parsed.content, Article)
    assert (path, parsed.content.section, parsed.content.authors, parsed.content.date, parsed.content.date_only) == (
        "content/world/nordhavns-ferry-is-late-again.md",
        "World",
        ("Ada Berg",),
        dt.datetime(2026, 5, 3, tzinfo=dt.UTC),
        True,
    )


def test_importing_again_changes_nothing_even_where_an_editor_moved_or_changed_the_file(desk: Desk) -> None:
    desk.put("story.txt")
    desk.run()
    before = desk.content()
    assert results(desk.run()) == {"story.txt": "unchanged"}
    assert desk.content() == before
    moved = desk.root / "content/world/ferry.md"
    moved.parent.mkdir()
    (desk.root / TARGET).rename(moved)
    moved.write_text(
        moved.read_text().replace("lang: en", "lang: en\ndate: 2026-05-03").replace("nobody", "hardly anybody")
    )
    before = desk.content()
    assert results(desk.run()) == {"story.txt": "unchanged"}
    assert desk.content() == before


def test_an_import_record_is_found_in_whatever_form_an_editor_left_it(desk: Desk) -> None:
    desk.put("story.txt")
    desk.run()
    text = (desk.root / TARGET).read_text()
    record = frontmatter.read(TARGET, text).value
    assert record is not None
    inner = record.fields["import"].value
    assert isinstance(inner, dict)
    block = "\n".join(f"  {key}: {inner[key].value}" for key in ("sha256", "file"))
    (desk.root / TARGET).write_text(f"---\r\ntitle: Changed\r\nimport:\r\n{block}\r\n---\r\nText\r\n")
    assert results(desk.run()) == {"story.txt": "unchanged"}


def test_a_changed_source_is_written_again_where_nobody_edited_its_article(desk: Desk) -> None:
    desk.put("story.txt")
    desk.run()
    (desk.root / "content/world").mkdir()
    (desk.root / TARGET).rename(desk.root / "content/world/ferry.md")
    desk.put("story.txt", STORY.replace("nobody minded", "nobody said a word"))
    assert results(desk.run()) == {"story.txt": "rewritten"}
    ((path, text),) = desk.content().items()
    assert path == "content/world/ferry.md"
    assert "nobody said a word" in text
    assert results(desk.run()) == {"story.txt": "unchanged"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("lang: en", "lang: en\ndate: 2026-05-03"),
        ("That was when", "This was when"),
        ("caption", "x"),
        ("\n\n1990", "\n\n\n1990"),
    ],
    ids=["front matter", "body", "nothing", "a blank line"],
)
def test_an_edited_article_is_never_overwritten(desk: Desk, before: str, after: str) -> None:
    desk.put("story.txt")
    desk.run()
    article = desk.root / TARGET
    edited = article.read_text().replace(before, after)
    touched = edited != article.read_text()
    article.write_text(edited)
    desk.put("story.txt", STORY.replace("nobody minded", "nobody said a word"))
    told = desk.run(dry_run=True)
    assert results(told) == {"story.txt": "edited" if touched else "rewritten"}
    assert (
        "+The ferry to Holm was late again on Monday, the harbour office of Nordhavn said, and nobody said"
        in "".join(file.preview for file in told.files)
    )
    told = desk.run()
    assert (article.read_text() == edited) is touched
    assert [line.split(":")[0] for line in said(told)] == ([f"warning NG-703 {TARGET}"] if touched else [])
    assert told.report.ok


def test_an_article_whose_line_ends_git_changed_counts_as_unedited(desk: Desk) -> None:
    desk.put("story.txt")
    desk.run()
    article = desk.root / TARGET
    article.write_bytes(article.read_bytes().replace(b"\n", b"\r\n"))
    desk.put("story.txt", STORY.replace("nobody minded", "nobody said a word"))
    assert results(desk.run()) == {"story.txt": "rewritten"}


def test_another_text_under_the_same_name_is_another_source(desk: Desk) -> None:
    one = desk.put("a/story.txt")
    two = desk.put("b/story.txt", "Bus is early in Holm\n\nThe bus was early on Monday, the office said, and all ran.")
    assert results(desk.run(one)) == {"story.txt": "written"}
    assert results(desk.run(two)) == {"story.txt": "written"}
    assert sorted(desk.content()) == ["content/bus-is-early-in-holm.md", TARGET]


def test_two_sources_with_one_headline_get_names_of_their_own(desk: Desk) -> None:
    desk.put("a.txt")
    desk.put("b.txt", STORY.replace("nobody minded", "nobody said a word"))
    (desk.root / "content/news").mkdir(parents=True)
    (desk.root / "content/news/NORDHAVNS-ferry-is-late-again.md").write_text("---\ntitle: X\n---\n")
    told = desk.run()
    assert [file.target for file in told.files] == [
        f"content/nordhavns-ferry-is-late-again-{file.sha256[:6]}.md" for file in told.files
    ]
    before = desk.content()
    assert set(results(desk.run()).values()) == {"unchanged"}
    assert desk.content() == before


def test_the_same_text_twice_is_imported_once_and_votes_once(desk: Desk) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        desk.put(name, "Ferry is late - Coast News\n\nThe ferry was late on Monday, the harbour office said.")
    told = desk.run()
    assert results(told) == {"a.txt": "written", "b.txt": "duplicate", "c.txt": "duplicate"}
    assert [file.fields["title"] for file in told.files if file.fields] == ["Ferry is late - Coast News"]


def test_what_is_wrong_with_one_file_leaves_the_others_and_the_counts_add_up(desk: Desk) -> None:
    good = desk.put("good.txt")
    wrong = [
        desk.put("empty.txt", ""),
        desk.put("headline.txt", "Only a headline"),
        desk.put("latin.txt", b"Gr\xfc\x81\x00\x02\xff\xffe\n\nText"),
        desk.put("paragraph.txt", "It was late. " * 30 + "\n\nText."),
        desk.put("page.pdf", "<html>"),
        desk.texts / "missing.txt",
    ]
    told = desk.run(good, *wrong)
    assert said(told) == [
        "error NG-704 empty.txt: no text in the file",
        "error NG-704 headline.txt:1: a headline but no text",
        "error NG-704 latin.txt:1: not UTF-8 text (wrong at byte 2), nor of another known encoding",
        "error NG-103 missing.txt: cannot be read: No such file or directory",
        'error NG-704 page.pdf: ".pdf" files cannot be imported',
        "error NG-702 paragraph.txt:1: the first line is a paragraph, not a headline",
    ]
    assert told.report.summary() == "7 read: 1 written, 6 with errors"
    assert sum(told.report.counts.values()) == len(told.files) == 7
    assert not told.report.ok
    assert list(desk.content()) == [TARGET]


def test_a_dry_run_shows_what_would_be_written_and_writes_nothing(desk: Desk) -> None:
    desk.put("story.txt")
    told = desk.run(dry_run=True)
    assert not (desk.root / "content").exists()
    assert told.report.summary() == "1 read: 1 to be written"
    assert told.files[0].preview.startswith("---\ntitle: Nordhavn’s ferry is late again\n")
    assert told.files[0].preview.endswith("\n---\n")


def test_boilerplate_may_be_kept(desk: Desk) -> None:
    desk.put("story.txt")
    desk.run(keep_boilerplate=True)
    text = desk.content()[TARGET]
    assert "\nStay up to date with free updates\n" in text
    assert text.endswith("\nSharing Is Caring:\n\nLeave a Comment\n")
    assert "removed: [0-suffix, 1]," in text


def test_folders_are_walked_for_text_files_and_litter_is_no_source(desk: Desk) -> None:
    desk.put("a/b/story.txt")
    for name in ("notes.md", "page.pdf", ".hidden.txt", ".git/story.txt", "story.txt~", "#story.txt#", "x.bak"):
        desk.put(name, "Something else\n\nOf no interest.")
    desk.put("a/two.txt", "Bus is early in Holm\n\nThe bus was early on Monday, the office said, and all ran.")
    (desk.texts / "link.txt").symlink_to(desk.texts / "a/two.txt")
    (desk.texts / "away.txt").symlink_to(__file__)
    told = desk.run()
    assert results(told) == {"a/b/story.txt": "written", "away.txt": "error", "link.txt": "written"}
    assert said(told) == ["error NG-120 away.txt: link leads out of the folder"]


def test_sources_inside_the_site_are_known_by_their_path(desk: Desk) -> None:
    path = desk.root / "seeds/world/story.txt"
    path.parent.mkdir(parents=True)
    path.write_text(STORY)
    assert results(desk.run(desk.root / "seeds")) == {"seeds/world/story.txt": "written"}
    assert "import: {file: seeds/world/story.txt, " in desk.content()[TARGET]


def test_nothing_to_import_is_said(desk: Desk) -> None:
    assert [line.split(":")[0] for line in said(desk.run())] == [f"error NG-701 {desk.texts}"]


@pytest.mark.parametrize("section", ["pages", "Tags", "authors", "…"])
def test_sections_that_are_none_are_refused(desk: Desk, section: str) -> None:
    desk.put("story.txt")
    with pytest.raises(Refused, match="cannot be used"):
        desk.run(section=section)


def test_a_section_climbs_out_of_nothing(desk: Desk) -> None:
    desk.put("story.txt")
    desk.run(section="../../etc")
    assert list(desk.content()) == ["content/etc/nordhavns-ferry-is-late-again.md"]


def test_links_out_of_the_site_are_refused(desk: Desk, tmp_path: Path) -> None:
    desk.put("story.txt")
    outside = tmp_path / "outside"
    outside.mkdir()
    (desk.root / "content").mkdir()
    (desk.root / "content/world").symlink_to(outside)
    with pytest.raises(Refused, match="leads out of the project"):
        desk.run(section="world")
    (desk.root / "content/world").unlink()
    (desk.root / "content").rmdir()
    (desk.root / "content").symlink_to(outside)
    with pytest.raises(Refused, match="leads out of the project"):
        desk.run()
    assert list(outside.iterdir()) == []


def test_a_file_that_cannot_be_written_is_an_error_and_leaves_no_litter(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.put("story.txt")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", fail)
    monkeypatch.setattr(Path, "rename", fail)
    told = desk.run()
    assert said(told) == [f"error NG-602 story.txt: {TARGET} cannot be written: No space left on device"]
    assert desk.content() == {}


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_new_file_never_replaces_one_that_appeared_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "links are not to be had here")

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    files.write(tmp_path / "new.md", "new", new=True)
    assert (tmp_path / "new.md").read_text() == "new"
    (tmp_path / "new.md").unlink()
    target = tmp_path / "a.md"
    target.write_text("mine")
    with pytest.raises(FileExistsError):
        files.write(target, "yours", new=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]
    assert target.read_text() == "mine"


def test_what_a_killed_import_left_behind_is_taken_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("story.txt")

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    def stay(*_: object, **__: object) -> None:
        return None

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", kill)
        patch.setattr(Path, "unlink", stay)
        with pytest.raises(Killed):
            desk.run()
    assert [name.endswith(".tmp") for name in desk.content()] == [True]
    assert results(desk.run()) == {"story.txt": "written"}
    assert list(desk.content()) == [TARGET]


def test_the_report_holds_all_that_was_done(desk: Desk) -> None:
    desk.put("story.txt")
    desk.put("empty.txt", "")
    told = json.loads(desk.run().json)
    assert (told["read"], told["counts"]["written"], told["counts"]["error"], told["without_date"]) == (2, 1, 1, 1)
    story = told["files"][1]
    assert (story["target"], story["evidence"]["title"], story["fields"]["source_name"]) == (
        TARGET,
        "line 1 repeats it",
        "Coast News",
    )
    assert [(one["lines"], one["number"], one["text"], one["reason"], one["part"]) for one in story["cuts"]] == [
        ([0], 1, " - Coast News", "line 1 repeats it", "suffix"),
        ([1], 3, "Nordhavn’s ferry is late again", "repeats the headline", ""),
        ([2], 5, "Stay up to date with free updates", "known form: newsletter", ""),
        ([6], 13, "Sharing Is Caring:", "known form: share", ""),
        ([7], 15, "Leave a Comment", "known form: comments", ""),
    ]
    assert story["tags_evidence"][0] == {"tag": "ferries", "title": 1, "body": 1, "paragraphs": 1, "first": 1}


def test_the_tag_registry_is_read_from_content(desk: Desk) -> None:
    folder = desk.root / "content/tags"
    folder.mkdir(parents=True)
    (folder / "norland.md").write_text("---\ntitle: Norland\naliases: [NL]\ncase_sensitive: [NL]\n---\n")
    (folder / "broken.md").write_text("---\ntitle: [\n---\n")
    outcome = tag_registry(desk.root, SETTINGS)
    assert [(term.title, term.case_sensitive) for term in outcome.value or ()] == [("Norland", ("NL",))]
    assert [one.code for one in outcome.diagnostics] == ["NG-106"]


def test_progress_is_told_of_both_passes(desk: Desk) -> None:
    desk.put("a.txt")
    desk.put("b.txt", "Bus is early\n\nThe bus was early on Monday, the office said.")
    heard: list[tuple[str, int, int]] = []
    tell: Callable[[str, int, int], None] = lambda *told: heard.append(told)  # noqa: E731
    with Tally() as tally:
        import_paths(desk.root, SETTINGS, TAGS, [desk.texts], ImportOptions(), tally, tell)
    assert heard == [("surveying", 2, 2), ("importing", 2, 2)]


def test_progress_is_told_within_one_large_export(desk: Desk) -> None:
    said = "The council met in the old hall on Monday and spoke of the bridge, the office said. " * 400
    items = [item(n, f"Bridge {n}", f"<p>{n} {said}</p>") for n in range(1, 21)]
    desk.put("archive.xml", export(*items))
    heard: list[tuple[str, int, int]] = []
    tell: Callable[[str, int, int], None] = lambda *told: heard.append(told)  # noqa: E731
    with Tally() as tally:
        import_paths(desk.root, SETTINGS, TAGS, [desk.texts / "archive.xml"], ImportOptions(), tally, tell)
    for phase in ("surveying", "importing"):
        done = [at for of, at, _ in heard if of == phase]
        total = {all for of, _, all in heard if of == phase}
        assert total == {done[-1]}
        assert done == sorted(done)
        assert len(set(done)) > 5


def test_counts_of_any_report_add_up() -> None:
    with Tally() as tally:
        for n in range(5):
            tally.add(ImportedFile(file=str(n), result="unchanged" if n % 2 else "edited"))
        assert tally.report(sources=5).summary() == "5 read: 2 unchanged, 3 edited and left alone"
        assert tally.report(sources=1).summary() == "1 read, 5 pieces: 2 unchanged, 3 edited and left alone"

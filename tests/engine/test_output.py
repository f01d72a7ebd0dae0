"""Promises 2 and 3: a failed build publishes nothing, and newsgen removes only what it wrote."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from newsgen import digest
from newsgen.engine.moves import Moves
from newsgen.engine.output import MANIFEST, Output, manifest_bytes, parse_manifest
from tests.site import PLAIN_THEME, Site, article, codes, times, tree, write_all

pytestmark = pytest.mark.usefixtures("plain_theme")

# Two states of one paper: going from one to the other writes, overwrites, deletes, makes folders and takes them away,
# and turns a file into a folder and a folder into a file.
OLD: dict[str, str | bytes] = {
    "content/world/stays.md": article("Stays", "old text"),
    "content/world/goes.md": article("Goes", tags="[gone]"),
    "static/thing": "a file",
    "static/box/inner.txt": "a file in a folder",
}
NEW: dict[str, str | bytes] = {
    "content/world/stays.md": article("Stays", "new text"),
    "content/arts/comes.md": article("Comes", tags="[new]"),
    "static/thing/inner.txt": "a file in a folder",
    "static/box": "a file",
}


def turn(site: Site, files: dict[str, str | bytes]) -> None:
    """Gives the site exactly these sources."""
    for path in (*OLD, *NEW):
        file = site.root / path
        if file.is_file():
            file.unlink()
            while not any(file.parent.iterdir()):
                file = file.parent
                file.rmdir()
    write_all(site.root, files)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    """The bytes of a clean build of either state."""
    found: dict[str, dict[str, bytes]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("newsgen.build.THEME_FOLDER", write_all(tmp_path_factory.mktemp("theme"), PLAIN_THEME))
        for name, files in (("old", OLD), ("new", NEW)):
            site = Site(tmp_path_factory.mktemp(name) / "paper", files)
            site.good()
            found[name] = site.tree()
    return found


def folders(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_dir()}


# ---- a failed build -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text", "code"),
    [
        ("content/world/goes.md", "---\ntitel: x\n---\n", "NG-104"),
        ("content/world/goes.md", b"\xff\xfe", "NG-101"),
        ("content/world/goes.md", article("Goes", slug="stays"), "NG-401"),
        ("templates/article.html", "{% if %}", "NG-301"),
        ("templates/article.html", "{{ nobody }}", "NG-303"),
        ("templates/404.html", "{{ 1 / 0 }}", "NG-304"),
        ("templates/tag.html", '{% include "lost.html" %}', "NG-302"),
        ("newsgen.toml", "title = ", "NG-502"),
        ("newsgen.toml", "tilte = 'x'", "NG-503"),
    ],
)
def test_a_build_with_an_error_leaves_the_site_as_it_was(
    make_site: Callable[..., Site], path: str, text: str | bytes, code: str
) -> None:
    site = make_site(OLD)
    site.good()
    before = times(site.out)
    site.write("content/world/another.md", article("Another"))
    site.write("static/thing", "changed")
    site.write(path, text)
    report = site.build()
    assert (report.ok, code in codes(report)) == (False, True)
    assert (report.written, report.removed) == ((), ())
    assert times(site.out) == before


def test_a_first_build_that_fails_leaves_no_folder(make_site: Callable[..., Site], tmp_path: Path) -> None:
    site = make_site({"content/a.md": "no title\n"})
    assert not site.build(out=tmp_path / "deep/er/site").ok
    assert not (tmp_path / "deep").exists()


# ---- what is not ours -----------------------------------------------------------------------------------------------

FOREIGN: dict[str, str | bytes] = {
    "site/CNAME": "example.org\n",
    "site/.git/HEAD": "ref: refs/heads/main\n",
    "site/world/mine.txt": "mine",
    "site/world/goes/notes.txt": "mine too",
    "site/.gitignore": "*\n",
}


def test_files_of_somebody_else_are_kept_for_ever(make_site: Callable[..., Site], whole: dict[str, Any]) -> None:
    site = make_site({**OLD, **FOREIGN})
    kept = {path.removeprefix("site/"): str(text).encode() for path, text in FOREIGN.items()}
    for files, name in ((OLD, "old"), (NEW, "new"), (OLD, "old")):
        turn(site, files)
        site.good()
        assert site.tree() == whole[name] | kept


def test_leftovers_go_with_their_empty_folders_and_foreign_folders_stay(make_site: Callable[..., Site]) -> None:
    site = make_site(OLD)
    site.good()
    (site.out / "mine/empty").mkdir(parents=True)
    (site.out / "tags/theirs").mkdir()
    turn(site, NEW)
    assert set(site.good().removed) == {
        "box/inner.txt", "tags/gone/feed.xml", "tags/gone/index.html", "thing", "world/goes/index.html",
    }  # fmt: skip
    found = folders(site.out)
    assert {"mine/empty", "tags/theirs"} <= found
    assert {"world/goes", "tags/gone"} & found == set()
    assert (site.out / "box").read_text() + (site.out / "thing/inner.txt").read_text() == "a filea file in a folder"


@pytest.mark.parametrize(
    ("foreign", "wanted"),
    [
        ("world/comes/index.html", "world/comes/index.html"),
        ("world/comes", "world/comes/index.html"),
        ("world", "world/comes/index.html"),
        ("world/comes/index.html/deep/file.txt", "world/comes/index.html"),
        ("index.html", "index.html"),
        ("robots.txt/mine", "robots.txt"),
    ],
)
def test_a_foreign_file_in_the_way_stops_the_build_and_is_named(
    make_site: Callable[..., Site], foreign: str, wanted: str
) -> None:
    site = make_site({"content/world/comes.md": article("Comes"), f"site/{foreign}": "mine"})
    report = site.build()
    told = [(one.code, one.place.path, one.message) for one in report.diagnostics]
    expected = ("NG-601", str(site.out / foreign), f"not made by newsgen, yet in the way of /{wanted}")
    assert expected in told
    assert {code for code, _, _ in told} == {"NG-601"}
    assert site.tree() == {foreign: b"mine"}


@pytest.mark.parametrize("foreign", ["world", "world/comes", "world/comes/index.html"])
def test_a_foreign_pipe_in_the_way_stops_the_build_and_is_named(make_site: Callable[..., Site], foreign: str) -> None:
    site = make_site({"content/world/comes.md": article("Comes")})
    (site.out / foreign).parent.mkdir(parents=True)
    os.mkfifo(site.out / foreign)
    report = site.build()
    assert (set(codes(report)), {one.place.path for one in report.diagnostics}) == (
        {"NG-601"},
        {str(site.out / foreign)},
    )


@pytest.mark.parametrize("foreign", ["world/comes/index.html", "world/comes/index.html/inner", "world/comes", "world"])
def test_a_foreign_symlink_is_never_written_through_or_removed(make_site: Callable[..., Site], foreign: str) -> None:
    site = make_site({"content/world/stays.md": article("Stays")})
    outside = write_all(site.root.parent / "outside", {"treasure.txt": "theirs"})
    link = site.out / foreign
    link.parent.mkdir(parents=True)
    link.symlink_to(outside if foreign in ("world", "world/comes") else outside / "treasure.txt")
    site.write("content/world/comes.md", article("Comes"))
    site.build()
    assert (tree(outside), link.is_symlink()) == ({"treasure.txt": b"theirs"}, True)


@pytest.mark.parametrize(
    "line",
    [
        "../outside/treasure.txt",
        "/treasure.txt",
        "a/../../outside/treasure.txt",
        "..\\outside\\treasure.txt",
        "C:x",
        "..",
    ],
)
def test_a_forged_manifest_deletes_nothing_outside(make_site: Callable[..., Site], line: str) -> None:
    site = make_site(OLD)
    site.good()
    outside = write_all(site.root.parent / "outside", {"treasure.txt": "theirs"})
    path = line.replace("/treasure.txt", str(outside / "treasure.txt")) if line.startswith("/") else line
    with (site.out / MANIFEST).open("a", encoding="utf-8") as manifest:
        manifest.write(f"{'0' * 32}  {path}\n")
    site.good()
    assert tree(outside) == {"treasure.txt": b"theirs"}
    assert path not in parse_manifest((site.out / MANIFEST).read_bytes())


def test_a_manifest_does_not_lead_through_a_symlink_to_files_outside(make_site: Callable[..., Site]) -> None:
    site = make_site(OLD)
    site.good()
    outside = write_all(site.root.parent / "outside", {"treasure.txt": "theirs"})
    (outside / "empty").mkdir()
    (site.out / "door").symlink_to(outside)
    with (site.out / MANIFEST).open("a", encoding="utf-8") as manifest:
        manifest.write(f"{'0' * 32}  door/treasure.txt\n{'0' * 32}  door/empty/file.txt\n")
    site.good()
    assert (tree(outside), folders(outside)) == ({"treasure.txt": b"theirs"}, {"empty"})


NONSENSE = [b"", b"\xff\xfe\x00", b"no digest\n", b"0" * 32 + b"\n", b"\n\n  \n"]


@pytest.mark.parametrize("junk", NONSENSE)
def test_a_manifest_of_nonsense_owns_nothing(make_site: Callable[..., Site], junk: bytes) -> None:
    site = make_site(OLD)
    site.good()
    (site.out / MANIFEST).write_bytes(junk)
    shutil.rmtree(site.root / ".newsgen")
    turn(site, NEW)
    report = site.build()
    assert ("NG-601" in codes(report), (site.out / "world/goes/index.html").exists()) == (True, True)


@pytest.mark.parametrize("junk", [None, *NONSENSE])
def test_where_the_manifest_is_lost_the_cache_knows_what_is_ours_and_still_as_it_was_written(
    make_site: Callable[..., Site], junk: bytes | None
) -> None:
    site = make_site(OLD)
    site.good()
    (site.out / MANIFEST).unlink() if junk is None else (site.out / MANIFEST).write_bytes(junk)
    (site.out / "world/stays/index.html").write_text("by hand")
    turn(site, NEW)
    said = [f"{one.code} {Path(one.place.path).relative_to(site.out)}" for one in site.build().diagnostics]
    assert said == ["NG-601 world/stays/index.html"]
    (site.out / "world/stays/index.html").unlink()
    assert "world/goes/index.html" in site.good().removed


def test_the_manifest_lists_every_file_with_its_digest_in_order(make_site: Callable[..., Site]) -> None:
    site = make_site(OLD)
    site.good()
    lines = (site.out / ".newsgen-manifest").read_text("utf-8").splitlines()
    assert [line[34:] for line in lines] == sorted(set(site.tree()) - {MANIFEST})
    assert [line[:32] for line in lines] == [digest.of_bytes(site.tree()[line[34:]]) for line in lines]


def test_a_manifest_is_read_as_it_was_written_whatever_its_line_ends() -> None:
    digests = {f"{name}/index.html": digest.of_text(name) for name in ("b", "a", "a..b", "c d", "é")}
    data = manifest_bytes(digests)
    assert parse_manifest(data) == parse_manifest(data.replace(b"\n", b"\r\n")) == digests
    assert data == manifest_bytes(dict(sorted(digests.items())))


def test_the_digest_of_the_manifest_tells_whether_it_lists_what_is_ours(make_site: Callable[..., Site]) -> None:
    site = make_site(OLD)
    site.good()
    manifest = site.out / MANIFEST
    data = manifest.read_bytes()
    told = [Output(site.root, site.out).manifest_digest()]
    for change in (lambda: manifest.write_bytes(data + b"x"), manifest.unlink, lambda: manifest.write_bytes(data)):
        change()
        told.append(Output(site.root, site.out).manifest_digest())
    (site.root / ".newsgen/publish.json").write_bytes(b"a killed build's")
    told.append(Output(site.root, site.out).manifest_digest())
    right = digest.of_bytes(data)
    assert told == [right, digest.of_bytes(data + b"x"), "", right, ""]


def test_nothing_to_publish_writes_nothing_and_drops_a_journal(make_site: Callable[..., Site]) -> None:
    site = make_site(OLD)
    site.good()
    journal = site.root / ".newsgen/publish.json"
    journal.write_bytes(b"{}")
    before = times(site.out)
    published = Output(site.root, site.out)
    published.clear_stage()
    published.publish([], [], published.owned)
    published.drop_stage()
    assert (times(site.out), journal.exists()) == (before, False)


# ---- the stage and the files of the output --------------------------------------------------------------------------


def test_a_folder_whose_place_is_free_is_moved_whole_and_others_are_entered(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(OLD)
    site.good()
    turn(site, {**OLD, "content/arts/comes.md": article("Comes"), "content/world/too.md": article("Too")})
    real, moved = os.replace, list[str]()

    def noting(source: Any, target: Any) -> None:
        moved.append(str(target))
        real(source, target)

    monkeypatch.setattr(os, "replace", noting)
    written = set(site.good().written)
    placed = [path.removeprefix(f"{site.out}/") for path in moved if path.startswith(f"{site.out}/")]
    placed = [path for path in placed if not path.startswith("archive/")]
    assert {"arts/comes/index.html", "arts/index.html", "world/too/index.html", "world/index.html"} < written
    assert placed == [
        "arts",
        "world/too",
        "world/feed.xml",
        "world/index.html",
        "feed.xml",
        "index.html",
        "sitemap.xml",
        MANIFEST,
    ]


def test_empty_folders_make_room_for_a_file(make_site: Callable[..., Site]) -> None:
    site = make_site(OLD)
    (site.out / "thing/deep/er").mkdir(parents=True)
    site.good()
    assert (site.out / "thing").read_text() == "a file"


def test_a_stage_that_cannot_be_cleared_is_never_published(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site({**OLD, ".newsgen/stage/new/world/leaked.txt": "of a killed build"})
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    assert (codes(site.build()), site.out.exists()) == (["NG-602"], False)
    monkeypatch.undo()
    site.good()


def test_signatures_are_those_of_single_files_and_none_where_nothing_is(tmp_path: Path) -> None:
    paths = [f"{n}/index.html" for n in range(150)]
    write_all(tmp_path / "site", {path: path for path in paths if path != "70/index.html"})
    files = Output(tmp_path, tmp_path / "site")
    times_ns = 1_700_000_000_123_456_789
    for path in paths:
        if path != "70/index.html":
            os.utime(tmp_path / "site" / path, ns=(times_ns, times_ns))
    found = files.signatures(paths)
    assert [n for n, one in enumerate(found) if one is None] == [70]
    assert len(set(found)) == 150
    known = files.current("3/index.html")
    assert known is not None
    assert known.digest == digest.of_text("3/index.html")
    assert (files.current("70/index.html"), files.current("3")) == (None, None)


def test_undoing_a_folder_that_was_placed_whole_leaves_what_came_since(tmp_path: Path) -> None:
    write_all(tmp_path / "new", {"a/b/1.txt": "1", "a/b0": "2", "a/c/2.txt": "3", "top.txt": "new"})
    write_all(tmp_path / "site", {"top.txt": "old"})
    (tmp_path / "old").mkdir()
    moves = Moves(f"{tmp_path}/site/", f"{tmp_path}/old")
    moves.place(f"{tmp_path}/new")
    assert set(tree(tmp_path / "site")) == {"a/b/1.txt", "a/b0", "a/c/2.txt", "top.txt"}
    write_all(tmp_path / "site", {"a/b/mine.txt": "mine"})
    moves.undo(["a/b/1.txt", "a/b0", "a/c/2.txt", "top.txt"])
    assert tree(tmp_path / "site") == {"a/b/mine.txt": b"mine", "top.txt": b"old"}
    assert folders(tmp_path / "site") == {"a", "a/b"}


# ---- faults: the file system can do less; see test_system_faults.py for calls that are refused -----------------------


class OtherDevice:
    """os.replace where the stage lies on another file system; its n-th call into the output is refused."""

    def __init__(self, number: int = 0) -> None:
        self.real, self.number, self.calls = os.replace, number, 0

    def __call__(self, source: Any, target: Any) -> None:
        if f"{os.sep}stage" in str(source) and not str(target).endswith("publish.json"):
            raise OSError(errno.EXDEV, "another device", str(source))
        self.calls += str(source).endswith(".tmp")
        if self.number and self.calls == self.number:
            raise OSError(errno.EIO, "refused", str(target))
        self.real(source, target)


def refuse(*_: Any, **__: Any) -> None:
    raise OSError(errno.EPERM, "no links here")


def test_a_file_system_without_links_and_across_devices_still_publishes(
    make_site: Callable[..., Site], whole: dict[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(OLD)
    site.good()
    turn(site, NEW)
    monkeypatch.setattr(os, "replace", OtherDevice())
    monkeypatch.setattr(os, "link", refuse)
    site.good()
    assert site.tree() == whole["new"]


def test_across_devices_too_a_refused_call_leaves_the_old_site(
    make_site: Callable[..., Site], whole: dict[str, dict[str, bytes]]
) -> None:
    site = make_site(OLD)
    site.good()
    before = folders(site.out)
    turn(site, NEW)
    number, report = 0, None
    while report is None or not report.ok:
        number += 1
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "replace", OtherDevice(number))
            patch.setattr(os, "link", refuse)
            report = site.build()
        if not report.ok:
            assert (codes(report), site.tree(), folders(site.out)) == (["NG-602"], whole["old"], before), (
                f"call {number}"
            )
    assert (site.tree(), number > 8) == (whole["new"], True)


# ---- a kill ---------------------------------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from newsgen import build
site, theme, name, number = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
build.THEME_FOLDER = theme
sys.path.insert(0, sys.argv[5])
from tests.site import MOMENT
real, calls = getattr(os, name), 0

def killing(*args, **named):
    global calls
    calls += 1
    if calls == number:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **named)

setattr(os, name, killing)
sys.exit(0 if build.build(site, build.BuildOptions(at=MOMENT)).ok else 1)
"""


def killed(site: Site, theme: Path, name: str, number: int) -> int:
    """The exit status of a build in a process of its own that kills itself at the n-th call of os.`name`."""
    command = [sys.executable, "-c", KILLED, site.root, theme, name, str(number), Path(__file__).parents[2]]
    return subprocess.run(command, check=False, timeout=60).returncode


def torn(site: Site, whole: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    """Files that neither the old nor the new site holds."""
    return {
        path: data for path, data in site.tree().items() if data not in (whole["old"].get(path), whole["new"].get(path))
    }


@pytest.mark.parametrize(
    ("name", "numbers"),
    [("replace", (1, 2, 5, 9, 10)), ("unlink", (1, 3)), ("link", (1, 4)), ("fsync", (1,)), ("mkdir", (2,))],
)
def test_a_killed_build_leaves_whole_files_and_the_next_one_ends_right(
    make_site: Callable[..., Site],
    whole: dict[str, dict[str, bytes]],
    plain_theme: Path,
    name: str,
    numbers: tuple[int, ...],
) -> None:
    site = make_site(OLD)
    site.good()
    ended = []
    for step, number in enumerate(numbers):
        turn(site, (NEW, OLD)[step % 2])
        ended.append(killed(site, plain_theme, name, number))
        assert torn(site, whole) == {}, f"kill at call {number} of {name}"
        site.good()
        assert site.tree() == whole[("new", "old")[step % 2]], f"after a kill at call {number} of {name}"
    assert ended == [-signal.SIGKILL] * len(numbers)


def test_a_build_killed_again_while_it_mends_is_mended_by_the_next(
    make_site: Callable[..., Site], whole: dict[str, dict[str, bytes]], plain_theme: Path
) -> None:
    site = make_site(OLD)
    site.good()
    ended = []
    for files, number in ((NEW, 4), (NEW, 2), (OLD, 3), (NEW, 1)):
        turn(site, files)
        ended.append(killed(site, plain_theme, "replace", number))
        assert torn(site, whole) == {}
    site.good()
    assert (ended, site.tree()) == ([-signal.SIGKILL] * 4, whole["new"])


@pytest.mark.parametrize(("name", "number"), [("fsync", 1), ("replace", 1), ("replace", 2)])
@pytest.mark.parametrize("then", ["gone", "edited"])
def test_what_a_killed_build_placed_is_still_ours_after_another_kill(
    make_site: Callable[..., Site],
    whole: dict[str, dict[str, bytes]],
    plain_theme: Path,
    name: str,
    number: int,
    then: str,
) -> None:
    """The journal of the second does not list what the first had placed: it must be handed on."""
    site = make_site(OLD)
    site.good()
    turn(site, {**NEW, "content/arts/comes.md": article("Comes", "soon withdrawn")})
    assert killed(site, plain_theme, "replace", 8) == -signal.SIGKILL
    assert (site.out / "arts/comes/index.html").exists()
    turn(site, NEW)  # another text of the same article
    assert killed(site, plain_theme, name, number) == -signal.SIGKILL
    turn(site, OLD if then == "gone" else NEW)
    site.good()
    assert site.tree() == whole["old" if then == "gone" else "new"]


@pytest.mark.parametrize("moved", [False, True])
def test_what_a_killed_build_placed_is_still_ours_after_a_build_that_fails_and_where_the_paper_moves(
    make_site: Callable[..., Site],
    whole: dict[str, dict[str, bytes]],
    plain_theme: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    moved: bool,
) -> None:
    site = make_site(OLD)
    site.good()
    turn(site, NEW)
    assert killed(site, plain_theme, "replace", 8) == -signal.SIGKILL
    assert (site.out / "arts/comes/index.html").exists()
    if moved:
        site.root.rename(tmp_path / "elsewhere")
        site.root = tmp_path / "elsewhere"
    turn(site, OLD)
    site.write("content/world/stays.md", article("Stays", "a third text"))
    with monkeypatch.context() as patch:
        patch.setattr("newsgen.engine.output.move", refuse)  # of the manifest, when all else is in place
        assert codes(site.build()) == ["NG-602"]
    turn(site, OLD)
    site.good()
    assert site.tree() == whole["old"]


@pytest.mark.parametrize("number", [1, 2, 3, 5, 8])
def test_a_first_build_that_is_killed_is_mended_though_sources_went(
    make_site: Callable[..., Site], whole: dict[str, dict[str, bytes]], plain_theme: Path, number: int
) -> None:
    site = make_site(OLD)
    assert killed(site, plain_theme, "replace", number) == -signal.SIGKILL
    assert torn(site, whole) == {}
    turn(site, NEW)
    site.good()
    assert site.tree() == whole["new"]


# ---- links ----


def test_an_output_that_is_a_symlink_is_followed(make_site: Callable[..., Site], whole: dict[str, Any]) -> None:
    site = make_site(OLD)
    site.good()
    site.out.rename(site.root.parent / "moved")
    site.out.symlink_to(site.root.parent / "moved")
    turn(site, NEW)
    site.good()
    assert (site.out.is_symlink(), tree(site.root.parent / "moved")) == (True, whole["new"])


@pytest.fixture(autouse=True)
def _nothing_is_left_beside(tmp_path: Path) -> Iterator[None]:
    """No test may leave a stage, a journal or a temporary file of newsgen's in a site."""
    yield
    litter = [path for path in tmp_path.rglob("*") if path.name.endswith(".tmp") or path.name.startswith("stage")]
    assert litter == []

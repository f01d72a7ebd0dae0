"""Which files a site is made of, which are refused, and when a stat signature may stand for a digest."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from pathlib import Path
from typing import Any

import pytest

from newsgen.engine import sources
from newsgen.engine.sources import (
    COARSE_MARGIN_NS,
    MARGIN_NS,
    Known,
    Sources,
    find,
    read_signed,
    same_file,
    signature,
)
from tests.site import write_all


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "paper"
    folder.mkdir()
    return folder


def ids(found: Sources) -> dict[str, list[str]]:
    """What was found, by room."""
    rooms = ("content", "siblings", "templates", "static")
    return {
        room: [getattr(file, "id", file) for file in getattr(found, room)] for room in rooms if getattr(found, room)
    }


def told(found: Sources) -> list[str]:
    return [f"{one.code} {one.place.path}: {one.message}" for one in found.diagnostics]


# ---- which files count ----------------------------------------------------------------------------------------------


def test_files_are_told_apart_by_folder_and_ending_and_come_in_order(root: Path) -> None:
    paths = ["content/b.md", "content/a/z.md", "content/a.md", "content/a/pic.jpg", "templates/x.html", "static/s.css"]
    write_all(root, dict.fromkeys([*paths, "seeds/raw.txt", "site/index.html", "README.md"], "x"))
    assert ids(find(root, {})) == {
        "content": ["content/a.md", "content/a/z.md", "content/b.md"],
        "siblings": ["content/a/pic.jpg"],
        "templates": ["templates/x.html"],
        "static": ["static/s.css"],
    }


def test_a_site_without_folders_is_empty(root: Path) -> None:
    assert (ids(find(root, {})), told(find(root, {}))) == ({}, [])


LITTER = ["a.md~", ".#a.md", "#a.md#", ".a.md.swp", "a.md.swo", "4913", ".DS_Store", "thumbs.db", "a.TMP", "a.bak"]
LITTER += ["desktop.ini", "a.md.orig", ".git/config", ".newsgen-manifest"]


@pytest.mark.parametrize("folder", ["content", "templates", "static", "content/deep/er"])
@pytest.mark.parametrize("name", LITTER)
def test_editors_litter_is_no_source_anywhere(root: Path, folder: str, name: str) -> None:
    write_all(root, {f"{folder}/{name}": "litter", f"{folder}/zz": "beside it"})
    assert [*ids(find(root, {})).values()] == [[f"{folder}/zz"]]


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("content/_draft.md", False),
        ("content/.hidden.md", False),
        ("content/_folder/a.md", False),
        ("content/.obsidian/a.md", False),
        ("content/world/_index.md", True),
        ("templates/_part.html", False),
        ("templates/.part.html", False),
        ("static/_headers", True),
        ("static/.well-known/security.txt", True),
        ("static/.nojekyll", True),
    ],
)
def test_names_that_begin_with_a_dot_or_underscore_count_in_static_only(root: Path, path: str, counts: bool) -> None:
    write_all(root, {path: "x"})
    assert ids(find(root, {})) == ({path.split("/")[0]: [path]} if counts else {})


# ---- links, and what is no file -------------------------------------------------------------------------------------

LEADS_OUT = "NG-120 content/link: link leads out of content/, static/ and templates/, or nowhere"


@pytest.mark.parametrize(
    ("target", "expected", "diagnostics"),
    [
        ("real.md", ["content/link.md", "content/real.md"], []),
        ("../static/n.md", ["content/link.md", "content/real.md"], []),
        ("../notes/n.md", ["content/real.md"], [LEADS_OUT.replace("link:", "link.md:")]),
        ("../../outside/secret.md", ["content/real.md"], [LEADS_OUT.replace("link:", "link.md:")]),
        ("gone.md", ["content/real.md"], [LEADS_OUT.replace("link:", "link.md:")]),
        ("link.md", ["content/real.md"], [LEADS_OUT.replace("link:", "link.md:")]),
    ],
)
def test_a_link_to_a_file_is_followed_inside_the_site_only(
    root: Path, target: str, expected: list[str], diagnostics: list[str]
) -> None:
    files = {"content/real.md": "x", "static/n.md": "x", "notes/n.md": "secret", "../outside/secret.md": "secret"}
    write_all(root, files)
    (root / "content/link.md").symlink_to(target)
    found = find(root, {})
    assert (ids(found)["content"], told(found)) == (expected, diagnostics)


@pytest.mark.parametrize(
    ("target", "expected", "diagnostics"),
    [
        ("../static", ["content/a/x.md", "content/link/n.md"], []),
        ("../notes", ["content/a/x.md"], [LEADS_OUT]),
        ("..", ["content/a/x.md"], [LEADS_OUT]),
        ("../../outside", ["content/a/x.md"], [LEADS_OUT]),
        ("/", ["content/a/x.md"], [LEADS_OUT]),
        (".", ["content/a/x.md"], []),
        ("../content", ["content/a/x.md"], []),
    ],
)
def test_a_link_to_a_folder_is_followed_inside_the_site_only_and_never_in_circles(
    root: Path, target: str, expected: list[str], diagnostics: list[str]
) -> None:
    files = {"content/a/x.md": "x", "static/n.md": "x", "notes/n.md": "secret", "../outside/secret.md": "secret"}
    write_all(root, files)
    (root / "content/link").symlink_to(target)
    found = find(root, {})
    assert (ids(found)["content"], told(found)) == (expected, diagnostics)


@pytest.mark.parametrize(
    ("follow", "followed"),
    [
        (("../outside",), True),
        (("../outside/deep/n.md",), True),
        (("/",), False),
        (("../out",), False),
        ((".",), False),
        ((), False),
    ],
)
def test_a_link_leads_where_a_setting_says(root: Path, follow: tuple[str, ...], followed: bool) -> None:
    write_all(root, {"content/a.md": "x", "../outside/deep/n.md": "x"})
    (root / "content/link.md").symlink_to("../../outside/deep/n.md")
    found = find(root, {}, follow)
    assert ("content/link.md" in found.content, told(found)) == (
        followed,
        [] if followed else [LEADS_OUT.replace("link:", "link.md:")],
    )


@pytest.mark.parametrize("name", ["content", "static", "templates"])
def test_a_folder_of_sources_that_is_a_link_leads_where_a_setting_says(root: Path, name: str) -> None:
    write_all(root, {"../outside/n.md": "x"})
    (root / name).symlink_to("../outside")
    assert told(find(root, {})) == [LEADS_OUT.replace("content/link", name)]
    assert ids(find(root, {}, ("../outside",))) == {name: [f"{name}/n.md"]}


def test_a_pipe_is_refused_and_never_waited_for(root: Path) -> None:
    write_all(root, {"content/a.md": "x"})
    os.mkfifo(root / "content/pipe.md")
    found = find(root, {})
    assert (ids(found)["content"], told(found)) == (
        ["content/a.md"],
        ["NG-103 content/pipe.md: neither a file nor a folder"],
    )


def test_a_folder_named_like_an_article_is_a_folder(root: Path) -> None:
    write_all(root, {"content/odd.md/inner.md": "x"})
    assert ids(find(root, {})) == {"content": ["content/odd.md/inner.md"]}


class Entry:
    """A directory entry as a file system with odd names gives it."""

    def __init__(self, real: os.DirEntry[str], name: str) -> None:
        self.real, self.name, self.path = real, name, real.path

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self.real, attribute)


class Listing:
    """What os.scandir gives, with names changed."""

    def __init__(self, entries: list[Entry]) -> None:
        self.entries = entries

    def __enter__(self) -> list[Entry]:
        return self.entries

    def __exit__(self, *_: object) -> None: ...


def test_a_name_that_is_not_utf8_is_refused_and_shown_without_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not every file system lets such a name be made, so the listing is given."""
    write_all(root, {"content/bad.md": "x", "content/good.md": "x"})
    real = os.scandir

    def listing(folder: str) -> Listing:
        with real(folder) as entries:
            return Listing([Entry(one, "b\udcffd.md" if one.name == "bad.md" else one.name) for one in entries])

    monkeypatch.setattr(os, "scandir", listing)
    found = find(root, {})
    assert ids(found)["content"] == ["content/good.md"]
    assert told(found) == ["NG-119 content/b\\udcffd.md: the file's name is not UTF-8"]


@pytest.mark.parametrize("failure", [errno.EACCES, errno.EIO])
def test_a_file_that_cannot_be_read_is_an_error_that_names_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, failure: int
) -> None:
    write_all(root, {"content/a.jpg": "x", "content/secret.jpg": "x"})
    real = sources.read_bytes

    def refuse(path: str | Path) -> bytes:
        if "secret" in str(path):
            raise OSError(failure, os.strerror(failure), str(path))
        return real(path)

    monkeypatch.setattr(sources, "read_bytes", refuse)
    found = find(root, {})
    assert ids(found)["siblings"] == ["content/a.jpg"]
    assert told(found) == [f"NG-103 content/secret.jpg: file cannot be read: {os.strerror(failure)}"]


def test_a_folder_that_cannot_be_read_is_an_error_that_names_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_all(root, {"content/a.md": "x", "content/locked/b.md": "x"})
    real = os.scandir

    def refuse(folder: str | int) -> Any:
        if str(folder).endswith("locked"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), folder)
        return real(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    found = find(root, {})
    assert ids(found)["content"] == ["content/a.md"]
    assert told(found) == [f"NG-103 content/locked: folder cannot be read: {os.strerror(errno.EACCES)}"]


def test_a_file_that_goes_while_it_is_looked_for_is_an_error_that_names_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_all(root, {"static/a.css": "x", "static/b.css": "x"})
    known = find(root, {}).known
    real = os.scandir

    def listing(folder: str) -> Any:
        with real(folder) as entries:
            found = list(entries)
        (root / "static/b.css").unlink(missing_ok=True)
        return contextlib.nullcontext(found)

    monkeypatch.setattr(os, "scandir", listing)
    found = find(root, known)
    assert ids(found)["static"] == ["static/a.css"]
    assert told(found) == [f"NG-103 static/b.css: file cannot be read: {os.strerror(errno.ENOENT)}"]


def test_litter_is_no_file_of_a_theme(root: Path) -> None:
    write_all(root, {"templates/a.html": "x", "templates/a.html~": "x", "b.css": "y", ".b.css.swp": "y"})
    digests = [(file.id, file.digest) for file in sources.theme_files(root)]
    assert digests == [("b.css", sources.digest.of_bytes(b"y")), ("templates/a.html", sources.digest.of_bytes(b"x"))]


# ---- when a signature stands for a digest ---------------------------------------------------------------------------

SECOND = 1_000_000_000
SETTLED, UNSETTLED = b"\x01", b"\x00"


def stat(mtime: int, ctime: int = 0, size: int = 5, inode: int = 7, device: int = 1) -> os.stat_result:
    times = {"st_mtime_ns": mtime, "st_ctime_ns": ctime or mtime, "st_atime_ns": 0}
    return os.stat_result((0o100644, inode, device, 1, 0, 0, size, 0, 0, 0), times)


@pytest.mark.parametrize(
    ("mtime", "ctime", "age", "settled"),
    [
        (100 * SECOND + 1, 100 * SECOND + 1, 49_000_000, False),
        (100 * SECOND + 1, 100 * SECOND + 1, 51_000_000, True),
        (100 * SECOND + 1, 100 * SECOND + 1, MARGIN_NS, False),
        (100 * SECOND + 1, 100 * SECOND + 1, MARGIN_NS + 1, True),
        (1, 100 * SECOND + 1, 49_000_000, False),
        (100 * SECOND, 100 * SECOND, 2 * SECOND, False),
        (100 * SECOND, 100 * SECOND, 4 * SECOND, True),
        (100 * SECOND, 100 * SECOND, COARSE_MARGIN_NS, False),
        (100 * SECOND, 100 * SECOND, COARSE_MARGIN_NS + 1, True),
        (100 * SECOND, 100 * SECOND + 1, 51_000_000, True),
        (100 * SECOND + 1, 100 * SECOND + 1, -SECOND, False),
    ],
)
def test_a_signature_is_settled_once_its_times_are_older_than_the_clocks_step(
    mtime: int, ctime: int, age: int, settled: bool
) -> None:
    assert signature(stat(mtime, ctime), max(mtime, ctime) + age)[-1:] == (SETTLED if settled else UNSETTLED)


def test_without_a_real_ctime_no_signature_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "HAS_CTIME", False)
    assert signature(stat(1), 10 * SECOND)[-1:] == UNSETTLED


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        *(({key: value}, False) for key, value in {"size": 6, "mtime": 2, "ctime": 9, "inode": 8, "device": 2}.items()),
    ],
)
def test_a_signature_stands_for_a_file_only_where_all_of_it_is_equal(change: dict[str, int], same: bool) -> None:
    known = signature(stat(mtime=1, ctime=3), 100 * SECOND)
    now = signature(stat(**{"mtime": 1, "ctime": 3, **change}), 100 * SECOND)
    assert same_file(known, now) is same
    assert same_file(known[:-1] + UNSETTLED, now) is False


def test_a_settled_file_is_not_read_again_and_an_unsettled_one_is(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_all(root, {"static/a.md": "first", "static/b.md": "other"})
    known = find(root, {}).known
    settled = {
        id: Known(one.signature[:-1] + (SETTLED if id.endswith("a.md") else UNSETTLED), one.digest)
        for id, one in known.items()
    }
    read: list[str] = []
    real = sources.read_bytes
    monkeypatch.setattr(sources, "read_bytes", lambda path: (read.append(Path(path).name), real(path))[1])
    find(root, settled)
    assert read == ["b.md"]


def test_content_whose_signature_is_new_is_left_to_be_read_by_who_parses_it(root: Path) -> None:
    write_all(root, {"content/a.md": "first", "content/b.md": "other"})
    first = find(root, {})
    assert (first.unread, list(first.known)) == (("content/a.md", "content/b.md"), [])
    now, data = read_signed(str(root / "content/a.md"))
    known = {"content/a.md": Known(now[:-1] + SETTLED, "d"), "content/b.md": Known(now[:-1] + SETTLED, "d")}
    assert (find(root, known).unread, data) == (("content/b.md",), b"first")


def test_times_out_of_any_range_are_a_signature_like_others() -> None:
    far = [signature(stat(mtime), SECOND) for mtime in (-1, 2**63, 2**70 + 5)]
    assert len(set(far)) == len(far)


def test_an_edit_right_after_a_look_is_seen_though_size_and_mtime_are_the_same(root: Path) -> None:
    path = write_all(root, {"static/a.md": "first"}) / "static/a.md"
    before = find(root, {})
    stat = path.stat()
    path.write_text("other", "utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    after = find(root, before.known)
    assert before.static[0].digest != after.static[0].digest


def test_an_edit_within_one_tick_of_the_clock_is_seen(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Racy: the second writing leaves every part of the signature as it was."""
    path = write_all(root, {"static/a.md": "first"}) / "static/a.md"
    frozen = path.stat()
    monkeypatch.setattr(sources, "signature", lambda _, seen: signature(frozen, frozen.st_ctime_ns + 1_000_000))
    before = find(root, {})
    path.write_text("other", "utf-8")
    assert find(root, before.known).static[0].digest != before.static[0].digest


def test_the_moment_of_a_look_is_taken_before_the_file_is_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that changes while it is read must not be known by its later signature."""
    path = write_all(root, {"static/a.md": "first"}) / "static/a.md"
    os.utime(path, (1, 1))
    real = sources.read_bytes

    def changing(file: str | Path) -> bytes:
        data = real(file)
        path.write_text("other", "utf-8")
        return data

    monkeypatch.setattr(sources, "read_bytes", changing)
    before = find(root, {})
    monkeypatch.setattr(sources, "read_bytes", real)
    monkeypatch.setattr(time, "time_ns", lambda: 4_000_000_000 * SECOND)
    assert find(root, before.known).static[0].digest != before.static[0].digest


# ---- a look at some files alone -------------------------------------------------------------------------------------

SOME = ("content/a.md", "content/pic.jpg", "templates/x.html", "static/s.css")


def known_now(root: Path) -> tuple[Sources, dict[str, Known]]:
    """What was found, and what is known of it once its content was read."""
    found = find(root, {})
    read = {
        id: Known(one[0], sources.digest.of_bytes(one[1])) for id in found.unread if (one := read_signed(root / id))
    }
    return found, found.known | read


@pytest.mark.parametrize("edited", [(), SOME[:1], SOME[1:2], SOME[1:], SOME])
def test_a_look_at_the_files_that_changed_finds_what_a_look_at_all_finds(root: Path, edited: tuple[str, ...]) -> None:
    last, known = known_now(write_all(root, dict.fromkeys(SOME, "x")))
    write_all(root, dict.fromkeys(edited, "other"))
    found = sources.again(root, last, known, edited)
    assert found is not None
    wanted = find(root, known)
    rooms = ("content", "siblings", "templates", "static", "diagnostics")
    assert {room: getattr(found, room) for room in rooms} == {room: getattr(wanted, room) for room in rooms}
    assert found.unread == edited[: "content/a.md" in edited]
    read = {id: sources.digest.of_bytes((root / id).read_bytes()) for id in SOME if id not in found.unread}
    assert {id: one.digest for id, one in found.known.items()} == read


def test_a_look_at_some_files_is_none_where_it_could_miss_one(root: Path) -> None:
    last, known = known_now(write_all(root, dict.fromkeys(SOME, "x")))
    write_all(root, {"content/new.md": "new"})
    assert sources.again(root, last, known, ["content/new.md"]) is None
    for id in SOME:
        (root / id).unlink()
        assert sources.again(root, last, known, [id]) is None
        (root / id).symlink_to(root / "content/new.md")
        assert sources.again(root, last, known, [id]) is None
    (root / "content/lost.md").symlink_to("nowhere.md")
    broken = find(root, {})
    assert broken.diagnostics
    assert sources.again(root, broken, broken.known, []) is None

"""Promises 2 and 3: a failed build publishes nothing, and newsgen removes only what it wrote."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from newsgen.engine import output
from newsgen.engine.output import MANIFEST, read_manifest
from tests.site import PLAIN_THEME, Site, article, codes, said, times, tree, write_all

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
    assert path not in read_manifest(site.out)


def test_a_manifest_does_not_lead_through_a_symlink_to_files_outside(make_site: Callable[..., Site]) -> None:
    site = make_site(OLD)
    site.good()
    outside = write_all(site.root.parent / "outside", {"treasure.txt": "theirs"})
    (site.out / "door").symlink_to(outside)
    with (site.out / MANIFEST).open("a", encoding="utf-8") as manifest:
        manifest.write(f"{'0' * 32}  door/treasure.txt\n")
    site.good()
    assert tree(outside) == {"treasure.txt": b"theirs"}


@pytest.mark.parametrize("junk", [b"", b"\xff\xfe\x00", b"no digest\n", b"0" * 32 + b"\n", b"\n\n  \n"])
def test_a_manifest_of_nonsense_owns_nothing(make_site: Callable[..., Site], junk: bytes) -> None:
    site = make_site(OLD)
    site.good()
    (site.out / MANIFEST).write_bytes(junk)
    turn(site, NEW)
    report = site.build()
    assert ("NG-601" in codes(report), (site.out / "world/goes/index.html").exists()) == (True, True)


def test_the_manifest_lists_every_file_with_its_digest_in_order(make_site: Callable[..., Site]) -> None:
    site = make_site(OLD)
    site.good()
    lines = (site.out / MANIFEST).read_text("utf-8").splitlines()
    assert [line[34:] for line in lines] == sorted(set(site.tree()) - {MANIFEST})
    assert [line[:32] for line in lines] == [output.digest.of_bytes(site.tree()[line[34:]]) for line in lines]


# ---- faults: the system refuses the n-th call -----------------------------------------------------------------------

CALLS: dict[str, tuple[Any, str]] = {
    "os.replace": (os, "replace"),
    "os.link": (os, "link"),
    "os.mkdir": (os, "mkdir"),
    "os.unlink": (os, "unlink"),
    "os.rmdir": (os, "rmdir"),
    "os.fsync": (os, "fsync"),
    "open for writing": (io, "open"),
}


class Faulty:
    """A function of the system that refuses its n-th call (and with `lasting` all later ones) within a folder."""

    def __init__(self, real: Callable[..., Any], name: str, number: int, failure: int, lasting: bool) -> None:
        self.real, self.name, self.number, self.failure, self.lasting = real, name, number, failure, lasting
        self.calls = 0

    def __call__(self, *args: Any, **named: Any) -> Any:
        if self.name == "open for writing" and not any(sign in self.mode(args, named) for sign in "wax+"):
            return self.real(*args, **named)
        self.calls += 1
        if self.calls == self.number or (self.lasting and self.calls > self.number):
            raise OSError(self.failure, os.strerror(self.failure), str(args[0]))
        return self.real(*args, **named)

    @staticmethod
    def mode(args: tuple[Any, ...], named: dict[str, Any]) -> str:
        return str(args[1] if len(args) > 1 else named.get("mode", "r"))


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("name", CALLS)
def test_a_refused_call_leaves_the_old_site_or_says_so_and_the_next_build_mends(
    make_site: Callable[..., Site],
    whole: dict[str, dict[str, bytes]],
    name: str,
    lasting: bool,
) -> None:
    """For n = 1, 2, ... the n-th call fails, until a build makes fewer calls than that."""
    module, attribute = CALLS[name]
    states = (("old", OLD), ("new", NEW))
    site = make_site(OLD)
    site.good()
    number, finished = 0, False
    while not finished:
        before, (wanted, files) = states[number % 2][0], states[(number + 1) % 2]
        number += 1
        turn(site, files)
        failure = (errno.ENOSPC, errno.EROFS, errno.EACCES)[number % 3]
        with pytest.MonkeyPatch.context() as patch:
            fault = Faulty(getattr(module, attribute), name, number, failure, lasting)
            patch.setattr(module, attribute, fault)
            report = site.build()
        finished = fault.calls < number
        if report.ok:
            assert site.tree() == whole[wanted], f"call {number} of {name}"
        else:
            assert codes(report) == ["NG-602"], said(report)
            honest = site.tree() == whole[before] or "Part of the new site is in place" in report.diagnostics[0].help
            assert honest, f"call {number} of {name}: {report.diagnostics[0].help}"
            assert lasting or site.tree() == whole[before], f"call {number} of {name}"
            assert set(site.tree().values()) <= {*whole["old"].values(), *whole["new"].values()}
        site.good()
        assert site.tree() == whole[wanted], f"after call {number} of {name}"
        assert "stage" not in os.listdir(site.root / ".newsgen")


@pytest.mark.parametrize("name", ["os.link", "open for writing", "os.replace"])
def test_faults_are_reached_while_publishing(make_site: Callable[..., Site], name: str) -> None:
    """Guards the test above: where no call were made, it would prove nothing."""
    module, attribute = CALLS[name]
    site = make_site(OLD)
    site.good()
    turn(site, NEW)
    with pytest.MonkeyPatch.context() as patch:
        fault = Faulty(getattr(module, attribute), name, 0, 0, False)
        patch.setattr(module, attribute, fault)
        site.good()
    assert fault.calls >= 3


def test_a_file_system_without_links_and_across_devices_still_publishes(
    make_site: Callable[..., Site], whole: dict[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(OLD)
    site.good()
    turn(site, NEW)
    real = os.replace

    def across(source: Any, target: Any) -> None:
        if ".newsgen/stage" in str(source) or f"{os.sep}stage" in str(source):
            raise OSError(errno.EXDEV, "another device", str(source))
        real(source, target)

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "replace", across)
    monkeypatch.setattr(os, "link", refuse)
    site.good()
    assert site.tree() == whole["new"]


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


# ---- two builds at once ---------------------------------------------------------------------------------------------


def test_a_second_build_is_refused_while_one_holds_the_output(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "LOCK_SECONDS", 0.0)
    site = make_site(OLD)
    with output.locked(site.out, "site"):
        assert said(site.build()) == [f"NG-603 {site.out} another build is writing to this folder"]
    site.good()


def test_a_second_build_waits_for_the_first(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site(OLD)
    first = output.locked(site.out, "site")
    first.__enter__()
    waited = []

    def meanwhile(seconds: float) -> None:
        if not waited:
            first.__exit__(None, None, None)
        waited.append(seconds)

    monkeypatch.setattr(time, "sleep", meanwhile)
    site.good()
    assert waited


def test_builds_started_together_end_with_a_whole_site(make_site: Callable[..., Site], tmp_path: Path) -> None:
    site = make_site(
        {
            **OLD,
            **{
                f"templates/{path.removeprefix('templates/')}": text
                for path, text in PLAIN_THEME.items()
                if path.startswith("templates/")
            },
        }
    )
    command = [sys.executable, "-m", "newsgen", "-C", str(site.root), "build", "--at", "2026-06-01T12:00Z"]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(3)]
    told = [process.communicate(timeout=60)[0].decode() for process in started]
    assert [(process.returncode, "Traceback" in text) for process, text in zip(started, told, strict=True)] == [
        (0, False)
    ] * 3
    found = site.tree()
    clean = site.sources_to(tmp_path / "clean")
    subprocess.run([*command[:4], str(clean.root), *command[5:]], check=True, capture_output=True, timeout=60)
    assert found == clean.tree()


# ---- which folder may be the output ---------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    return folder


@pytest.mark.parametrize(
    "setting",
    [
        *(
            ".",
            "..",
            "../..",
            "",
            " ",
            "content",
            "content/out",
            "content/world/../out",
            "templates",
            "static",
            "seeds",
        ),
        *(
            ".newsgen",
            ".git",
            ".git/hooks",
            "/",
            "HOME",
            "../foreign",
            "newsgen.toml",
            "./content/",
            "static/x",
            "link",
        ),
    ],
)
def test_a_dangerous_output_folder_is_refused_before_anything_is_written(
    make_site: Callable[..., Site], home: Path, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock, the first thing that touches the folder, is forbidden: a mistake must not cost this machine its disk."""

    def forbidden(folder: Path, _: str) -> None:
        raise AssertionError(f"newsgen would have written to {folder}")

    monkeypatch.setattr(output, "locked", forbidden)
    site = make_site({**OLD, "seeds/x.txt": "seed", "templates/x.html": "", ".git/HEAD": "ref"})
    write_all(site.root.parent / "foreign", {"thesis.txt": "mine"})
    (site.root / "link").symlink_to("content")
    site.write("newsgen.toml", f'output = "{setting.replace("HOME", home.as_posix())}"\n')
    before = tree(site.root.parent)
    report = site.build()
    assert codes(report) == ["NG-505"], said(report)
    assert tree(site.root.parent) == before


@pytest.mark.parametrize(
    "setting", ["site", "public", "build/html", "../elsewhere", "../empty", ".newsgen/serve", "../ours"]
)
def test_an_absent_an_empty_or_our_own_folder_may_be_the_output(make_site: Callable[..., Site], setting: str) -> None:
    site = make_site({**OLD, "newsgen.toml": f'output = "{setting}"\n'})
    (site.root.parent / "empty").mkdir()
    write_all(site.root.parent / "ours", {MANIFEST: ""})
    report = site.good()
    assert Path(report.output) == (site.root / setting).resolve()
    assert (site.root / setting / "index.html").is_file()


def test_an_output_that_is_a_symlink_is_followed(make_site: Callable[..., Site], whole: dict[str, Any]) -> None:
    site = make_site(OLD)
    site.good()
    site.out.rename(site.root.parent / "moved")
    site.out.symlink_to(site.root.parent / "moved")
    turn(site, NEW)
    site.good()
    assert (site.out.is_symlink(), tree(site.root.parent / "moved")) == (True, whole["new"])


def test_a_symlink_that_leads_into_a_source_folder_is_refused(make_site: Callable[..., Site]) -> None:
    site = make_site(OLD)
    site.out.symlink_to("content")
    assert codes(site.build()) == ["NG-505"]


def test_out_wins_over_the_setting_and_is_checked_as_well(make_site: Callable[..., Site], tmp_path: Path) -> None:
    site = make_site(OLD)
    assert codes(site.build(out=site.root / "content")) == ["NG-505"]
    site.good(out=tmp_path / "given")
    assert ((tmp_path / "given/index.html").is_file(), site.out.exists()) == (True, False)


@pytest.fixture(autouse=True)
def _nothing_is_left_beside(tmp_path: Path) -> Iterator[None]:
    """No test may leave a stage, a journal or a temporary file of newsgen's in a site."""
    yield
    litter = [path for path in tmp_path.rglob("*") if path.name.endswith(".tmp") or path.name.startswith("stage")]
    assert litter == []

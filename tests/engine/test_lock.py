"""One build at a time in an output folder, and which folder may be one."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsgen.engine import lock
from newsgen.engine.output import MANIFEST
from tests.site import PLAIN_THEME, Site, article, codes, said, tree, write_all

pytestmark = pytest.mark.usefixtures("plain_theme")

OLD: dict[str, str | bytes] = {
    "content/world/stays.md": article("Stays", "old text"),
    "content/world/goes.md": article("Goes", tags="[gone]"),
    "static/thing": "a file",
}

# ---- two builds at once ---------------------------------------------------------------------------------------------


def test_a_second_build_is_refused_while_one_holds_the_output(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "LOCK_SECONDS", 0.0)
    site = make_site(OLD)
    with lock.locked(site.out, "site"):
        assert said(site.build()) == [f"NG-603 {site.out} another build is writing to this folder"]
    site.good()


def test_a_second_build_waits_for_the_first(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site(OLD)
    first = lock.locked(site.out, "site")
    first.__enter__()
    waited = []

    def meanwhile(seconds: float) -> None:
        if not waited:
            first.__exit__(None, None, None)
        waited.append(seconds)

    monkeypatch.setattr(time, "sleep", meanwhile)
    site.good()
    assert waited


def test_a_lock_file_is_one_holder_s_until_it_goes(tmp_path: Path) -> None:
    path = tmp_path / "state/serve.lock"
    with lock.held(path) as mine, lock.held(path) as theirs:
        assert (mine, theirs) == (True, False)
    with lock.held(path) as mine:
        assert mine


def test_where_there_can_be_no_lock_file_nobody_is_kept_waiting(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with lock.held(tmp_path / "state/serve.lock") as mine:
        assert mine


def test_a_folder_that_is_unmade_while_it_is_waited_for_is_made_again_and_what_was_made_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, looks = lock._stands, []

    def another_ends(folder: Path, file: int) -> bool:
        if not looks:
            folder.rmdir()
        looks.append(real(folder, file))
        return looks[-1]

    monkeypatch.setattr(lock, "_stands", another_ends)
    with lock.locked(tmp_path / "deep/site", "site"):
        assert (tmp_path / "deep/site").is_dir()
    assert (looks, list(tmp_path.iterdir())) == ([False, True], [])


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


ORPHANING = """
import os, signal, sys
from pathlib import Path
from newsgen import build
from newsgen.engine import pool
build.THEME_FOLDER = Path(sys.argv[2])
sys.path.insert(0, sys.argv[3])
from tests.site import MOMENT
real = pool.ordered

def killing(*given):
    for number, result in enumerate(real(*given)):
        if number == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        yield result

pool.ordered = killing
build.build(Path(sys.argv[1]), build.BuildOptions(at=MOMENT, jobs=2))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is forked there")
def test_a_build_that_is_killed_without_its_workers_does_not_leave_them_with_the_lock(
    make_site: Callable[..., Site], plain_theme: Path
) -> None:
    site = make_site({f"content/world/a{n}.md": article(f"A {n}") for n in range(300)})
    command = [sys.executable, "-c", ORPHANING, site.root, plain_theme, Path(__file__).parents[2]]
    assert subprocess.run(command, check=False, timeout=60).returncode == -signal.SIGKILL
    site.good()


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

    monkeypatch.setattr(lock, "locked", forbidden)
    site = make_site({**OLD, "seeds/x.txt": "seed", "templates/x.html": "", ".git/HEAD": "ref"})
    write_all(site.root.parent / "foreign", {"thesis.txt": "mine"})
    (site.root / "link").symlink_to("content")
    site.write("newsgen.toml", f'output = "{setting.replace("HOME", home.as_posix())}"\n')
    before = tree(site.root.parent)
    report = site.build()
    assert codes(report) == ["NG-505"], said(report)
    assert tree(site.root.parent) == before


@pytest.mark.parametrize(
    ("folder", "why"),
    [
        ("paper", "it is, or holds, the project itself"),
        (".", "it is, or holds, the project itself"),
        ("paper/content/out", "it is, holds or lies in content/"),
        ("paper/static", "it is, holds or lies in static/"),
        ("paper/.newsgen", "newsgen or git keeps its own files there"),
        ("paper/.git/hooks", "newsgen or git keeps its own files there"),
        ("/", "it is, or holds, the project itself"),
        ("home", "it is the root of the disk or your home folder"),
        ("paper/newsgen.toml", "it is a file"),
        ("foreign", "it lies outside the project and holds files that newsgen did not make"),
        ("paper/site", ""),
        ("paper/foreign", ""),
        ("empty", ""),
        ("ours", ""),
    ],
)
def test_why_a_folder_may_not_be_the_output_is_said(tmp_path: Path, home: Path, folder: str, why: str) -> None:
    files = ("paper/newsgen.toml", "paper/foreign/x", "foreign/x", "ours/x", f"ours/{MANIFEST}")
    write_all(tmp_path, dict.fromkeys(files, ""))
    (tmp_path / "empty").mkdir()
    assert lock.danger(tmp_path / "paper", tmp_path / folder) == why


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


def test_a_symlink_that_leads_into_a_source_folder_is_refused(make_site: Callable[..., Site]) -> None:
    site = make_site(OLD)
    site.out.symlink_to("content")
    assert codes(site.build()) == ["NG-505"]


def test_out_wins_over_the_setting_and_is_checked_as_well(make_site: Callable[..., Site], tmp_path: Path) -> None:
    site = make_site(OLD)
    assert codes(site.build(out=site.root / "content")) == ["NG-505"]
    site.good(out=tmp_path / "given")
    assert ((tmp_path / "given/index.html").is_file(), site.out.exists()) == (True, False)

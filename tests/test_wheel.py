"""The packages of a release: the same bytes whenever they are built; installed apart, the wheel makes and builds a site."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]


def run(command: list[object], cwd: Path) -> str:
    """What a command prints, without the environment's ways to find newsgen's source; it must end well."""
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    ended = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=clean, capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


BUILD = "import hatchling.build as b; b.build_sdist({0!r}); b.build_wheel({0!r})"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-c", BUILD.format(str(folder))], REPOSITORY)
    return folder


@pytest.fixture(scope="module")
def wheel(packages: Path) -> Path:
    (found,) = packages.glob("newsgen-*.whl")
    return found


def test_packages_are_the_same_bytes_whoever_builds_them_and_when(packages: Path, tmp_path: Path) -> None:
    """From a copy with other times, in another folder, time zone and umask, and from the sdist itself."""
    copy, again = tmp_path / "copy", tmp_path / "again"
    names = ("src", "tests", *(path.name for path in REPOSITORY.iterdir() if path.is_file()))
    copy.mkdir()
    for name in names:
        path = REPOSITORY / name
        (shutil.copytree if path.is_dir() else shutil.copyfile)(path, copy / name)
    code = (
        f"import os, time; os.umask(0o077); os.environ['TZ'] = 'Asia/Tokyo'; time.tzset(); {BUILD.format(str(again))}"
    )
    run([sys.executable, "-c", code], copy)
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in packages.iterdir()
    }
    assert {path.suffix for path in again.iterdir()} == {".gz", ".whl"}


def test_the_wheel_holds_the_whole_package_and_nothing_else(wheel: Path) -> None:
    source = REPOSITORY / "src"
    files = [path.relative_to(source) for path in (source / "newsgen").rglob("*") if path.is_file()]
    package = {path.as_posix() for path in files if not any(part.startswith((".", "__py")) for part in path.parts)}
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert packed == package
    assert {
        "newsgen/theme/templates/base.html",
        "newsgen/theme/assets/style.css",
        "newsgen/content/background.txt",
    } <= packed


def test_installed_elsewhere_it_makes_a_site_and_builds_it(wheel: Path, tmp_path: Path) -> None:
    """The libraries are those of this environment, by way of a .pth file, so that no network is asked for."""
    environment, work = tmp_path / "environment", tmp_path / "work"
    work.mkdir()
    venv.create(environment, with_pip=False, symlinks=os.name != "nt")
    scheme = "venv" if "venv" in sysconfig.get_scheme_names() else sysconfig.get_default_scheme()
    base = {"base": str(environment), "platbase": str(environment)}
    packages = Path(sysconfig.get_path("purelib", scheme, base))
    scripts = Path(sysconfig.get_path("scripts", scheme, base))
    python = scripts / Path(sys.executable).name
    ours = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (packages / "libraries.pth").write_text("\n".join(ours), "utf-8")
    install = ["install", "--quiet", "--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check", wheel]
    run([sys.executable, "-m", "pip", "--python", python, *install], work)

    imported = run([python, "-c", "import newsgen; print(newsgen.__file__)"], work).strip()
    assert Path(imported) == packages / "newsgen/__init__.py"

    run([scripts / "newsgen", "new", "x"], work)
    told = run([scripts / "newsgen", "-C", "x", "build"], work)
    assert told.startswith("1 article, ")
    missing = [name for name in ("index.html", "assets/style.*.css", "feed.xml") if not [*(work / "x/site").glob(name)]]
    assert missing == []

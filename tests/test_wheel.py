"""The wheel: built from this repository and installed apart from it, it makes and builds a site."""

from __future__ import annotations

import os
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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, REPOSITORY], folder)
    (found,) = folder.glob("newsgen-*.whl")
    return found


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

"""What made the site is told by all that can change a byte of it, and by nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsgen.engine import toolchain
from tests.site import write_all

OWN = {"pillow-11.3.0.dist-info/RECORD": "codecs", "msgspec-0.19.0.dist-info/RECORD": "x"}


@pytest.mark.parametrize(
    ("files", "modules", "same"),
    [
        (OWN, ("metadata.py", "pictures.py"), True),
        ({**OWN, "msgspec-0.19.0.dist-info/RECORD": "y"}, ("metadata.py", "pictures.py"), True),
        ({**OWN, "pillow-11.3.0.dist-info/RECORD": "other codecs"}, ("metadata.py", "pictures.py"), False),
        ({"pillow-11.3.0.dist-info/METADATA": "no list"}, ("metadata.py", "pictures.py"), False),
        (OWN, ("metadata.py", "lettering.py"), False),
    ],
)
def test_what_pictures_are_made_with_are_two_modules_and_the_files_of_pillow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], modules: tuple[str, ...], same: bool
) -> None:
    def made_with(name: str, files: dict[str, str], modules: tuple[str, ...]) -> str:
        folder = write_all(tmp_path / name, files)
        monkeypatch.setattr(toolchain, "installed", lambda _: {path.name: path for path in folder.iterdir()})
        return toolchain._made_with(modules)

    wanted = made_with("first", OWN, ("metadata.py", "pictures.py"))
    assert len(wanted) == 32
    assert (made_with("second", files, modules) == wanted) is same


def test_libraries_are_found_by_their_folders_whatever_the_spelling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("Markdown_It.py-4.0.0", "MarkupSafe-3.0.2", "other-1.0"):
        (tmp_path / f"{name}.dist-info").mkdir()
    monkeypatch.setattr("sys.path", [str(tmp_path), "", str(tmp_path / "gone")])
    found = toolchain.installed(frozenset(("markdown_it_py", "markupsafe", "pillow")))
    assert found == {path.name: path for path in tmp_path.iterdir() if not path.name.startswith("other")}

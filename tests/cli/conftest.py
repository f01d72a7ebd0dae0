"""The command line in this process."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from newsgen.cli.main import main


class Ended(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture
def newsgen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Runs the command line in this process; times are cut out of what it prints."""

    def run(*words: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["newsgen", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = (re.sub(r" \(\d+\.\d\d s\)", "", text) for text in capsys.readouterr())
        assert "Traceback" not in out + err
        return Ended(int(end.value.code or 0), out, err)

    return run

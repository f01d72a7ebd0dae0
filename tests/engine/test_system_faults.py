"""Promise 2 where the system itself refuses: the n-th call below Python, SQLite's and the standard library's too.

Every third n is tried; with FAULTS_STEP=1, as `make soak` has it, all are.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.faulty import KINDS

CC = shutil.which("cc")
ROOT = Path(__file__).parents[2]
STEP = os.environ.get("FAULTS_STEP", "3")

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux") or CC is None, reason="a shim of libc is compiled")


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("shim") / "faulty.so"
    source = Path(__file__).with_name("faulty.c")
    subprocess.run([str(CC), "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", made, source, "-ldl"], check=True)
    return made


@pytest.mark.parametrize("kind", KINDS)
def test_whichever_call_is_refused_the_old_site_stands_or_the_new_one_and_the_next_build_mends(
    shim: Path, tmp_path: Path, kind: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.engine.faulty", kind, tmp_path, STEP],
        env={**os.environ, "LD_PRELOAD": str(shim)}, cwd=ROOT, capture_output=True, text=True, timeout=110,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["found"] == []
    assert max(told["tried"]) >= (1 if kind == "fsync" else 10), told  # else nothing was refused

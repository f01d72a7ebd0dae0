"""One run of a program: wall, CPU and peak memory of its whole process tree. Linux only, by /proc and prctl."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

TIMEOUT = 1800.0  # seconds for one run
ORPHANS = 10.0  # seconds that what a program left behind may take to end
SAMPLE = 0.005  # seconds between two looks at the memory
SET_CHILD_SUBREAPER = 36


class FailedError(Exception):
    """A run that did not end well, with the end of what it said."""


@dataclass(frozen=True)
class Run:
    """Wall from start to end of the first process and CPU of the tree, in seconds.

    Of a sampled run also the peak of the tree's memory and of the first process's own, in MiB; its times mean nothing.
    """

    wall: float
    cpu: float
    memory: float = 0.0
    parent: float = 0.0
    said: str = ""


def run(command: Sequence[str], folder: Path, env: Mapping[str, str], *, sample: bool = False) -> Run:
    """Runs `command` in `folder` to its end. Raises FailedError.

    CPU is user and system time of all descendants, those too that nobody waited for (a pool's fork server and its
    workers): such orphans become children of this process, and their times count once they have ended.
    """
    _adopt_orphans()
    # A user's Python keeps the bytecode of what it imports; a shell that forbids it would have each run compile anew.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = _children_cpu()
    with tempfile.TemporaryFile() as log:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**inherited, **env}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        limit = threading.Timer(TIMEOUT, os.killpg, (process.pid, signal.SIGKILL))
        limit.start()
        memory, parent = _watch(process) if sample else (0.0, 0.0)
        process.wait()  # with a time limit it would poll, in steps of up to 50 ms
        wall = time.perf_counter() - start
        limit.cancel()
        _reap(process.pid)
        log.seek(0)
        said = log.read().decode("utf-8", "replace")
    if process.returncode:
        raise FailedError(f"{' '.join(command)} ended with {process.returncode}:\n{said[-2000:]}")
    return Run(wall, _children_cpu() - before, memory, parent, said)


def _adopt_orphans() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _reap(session: int) -> None:
    """Waits for what the program left running; kills its session where that takes too long."""
    end = time.monotonic() + ORPHANS
    with contextlib.suppress(ChildProcessError):
        while True:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                if time.monotonic() > end:
                    os.killpg(session, signal.SIGKILL)
                    raise FailedError("processes were left running")
                time.sleep(SAMPLE)


# ---- memory ---------------------------------------------------------------------------------------------------------


def _watch(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """The peaks of the tree's memory and of its first process's, in MiB."""
    tree = parent = 0
    while process.poll() is None:
        tree = max(tree, _of_tree(process.pid))
        parent = max(parent, _fields(process.pid, "status").get("VmHWM", 0))
        time.sleep(SAMPLE)
    return tree / 1024, parent / 1024


def _of_tree(pid: int) -> int:
    """What the tree holds in kB: a page that its processes share counts once.

    PSS would do so by itself, were its share of a library's pages not smaller when strangers run Python too. So it is
    taken of pages without a file; of a program's files the process that has most of them stands for all.
    """
    anonymous = files = 0
    for one in _tree(pid):
        shares = _fields(one, "smaps_rollup")
        anonymous += shares.get("Pss_Anon", 0) + shares.get("Pss_Shmem", 0)
        files = max(files, _fields(one, "status").get("RssFile", 0))
    return anonymous + files


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in children.read_text().split():
                yield from _tree(int(child))


def _fields(pid: int, file: str) -> dict[str, int]:
    """The fields in kB of a file under /proc; none where the process is gone."""
    try:
        text = Path(f"/proc/{pid}/{file}").read_text()
    except OSError:
        return {}
    return {name: int(value) for name, value in re.findall(r"^(\w+):\s+(\d+) kB$", text, re.M)}

"""How long after a save an open page knows: newsgen serve, and beside it Hugo's own log. See README.md.

serve.py [--articles 10000] [--edits 30] [--peers hugo] [--newsgen COMMAND]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import gen_corpus
import tools
from bench import Site, say, show_setting, table
from tools import AbsentError

REST = 0.6  # seconds after which a silent log means that all is built
PATIENCE = 120.0
STYLE_SHEET = "assets/site.css"
STYLE = "body { color: #111 }\n"
BARS = {"body": "80 (40)", "title": "250 (100)", "css": "40 (20)", "base": "300 (150)"}
NAMES = {
    "body": "body of the article that is open",
    "title": "title (lists, tags, feeds follow)",
    "css": "CSS",
    "base": "base template (everything): the open page first",
}
BASES = {"newsgen": "templates/base.html", "hugo": "layouts/baseof.html"}

Edit = Callable[[int], None]


def edits(site: Site) -> dict[str, Edit]:
    """What is done to a site, by its name; the number makes each edit another."""
    middle = site.corpus[len(site.corpus) // 2]
    style, base = site.folder / "static" / STYLE_SHEET, site.folder / BASES[site.tool.name]
    layout = base.read_text()
    return {
        "body": lambda n: void(
            site.write(replace(middle, body=f"{middle.body}\nCorrection {n}: the date was wrong.\n"))
        ),
        "title": lambda n: void(site.write(replace(middle, title=f"{middle.title}, Corrected {n}"))),
        "css": lambda n: void(style.write_text(f"{STYLE}.edit-{n} {{ color: red }}\n")),
        "base": lambda n: void(base.write_text(layout.replace("</body>", f"<!-- edit {n} -->\n</body>"))),
    }


def void(_: object) -> None:
    """Nothing: an edit gives nothing back."""


class Stream:
    """The events that the page of an article is told by newsgen, over a connection of its own."""

    def __init__(self, url: str, page: str) -> None:
        address = f"{url}{page.removesuffix('index.html')}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - of this machine
            found = re.search(r'data-epoch="([^"]+)"', answer.read().decode())
        assert found, "the page has no client"
        with urllib.request.urlopen(f"{url}{STYLE_SHEET}", timeout=PATIENCE) as answer:  # noqa: S310 - a browser loads it
            answer.read()
        host, port = url.split("//")[1].rstrip("/").split(":")
        asked = urllib.parse.urlencode({"page": page, "epoch": found[1]})
        self._socket = socket.create_connection((host, int(port)), PATIENCE)
        self._socket.sendall(f"GET /__newsgen/events?{asked} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        self._seen = b""
        self._next(b"retry")

    def _next(self, mark: bytes) -> bytes:
        """All until the end of the first event with a mark in it."""
        while not (mark in self._seen and b"\n\n" in self._seen.split(mark, 1)[1]):
            data = self._socket.recv(65536)
            assert data, "the server has ended"
            self._seen += data
        event, self._seen = self._seen.split(mark, 1)[1].split(b"\n\n", 1)
        return event

    def event(self) -> None:
        """Waits for the next event."""
        self._next(b"data: ")

    def drain(self) -> None:
        """Lets go of what has come."""
        self._socket.setblocking(False)  # noqa: FBT003
        with contextlib.suppress(BlockingIOError):
            while self._socket.recv(65536):
                pass
        self._socket.settimeout(PATIENCE)
        self._seen = b""


@contextlib.contextmanager
def served(
    command: Sequence[str], folder: Path, ready: str, env: dict[str, str]
) -> Iterator[tuple[Path, re.Match[str]]]:
    """A server that runs in a folder: its log, and what there was `ready` in it."""
    log = folder.with_suffix(".log")
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=out, start_new_session=True, env={**os.environ, **env}
        )
    try:
        found = until(lambda: re.search(ready, log.read_text()))
        yield log, found
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(20)


def until(look: Callable[[], re.Match[str] | None]) -> re.Match[str]:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.005)
    raise TimeoutError("nothing came")


def of_newsgen(site: Site, count: int) -> dict[str, list[float]]:
    """Milliseconds from each write to the event that reaches the page of the article."""
    command = [*site.tool.command[:-1], "serve", "--port", "0"]
    with served(command, site.folder, r"Serving (\S+) ", dict(site.tool.env)) as (log, at):
        until(lambda: re.search(r"written|nothing to write", log.read_text()))
        slug = site.corpus[len(site.corpus) // 2].slug
        page = next((site.folder / ".newsgen/serve").glob(f"*/{slug}/index.html"))
        stream = Stream(at[1], page.relative_to(site.folder / ".newsgen/serve").as_posix())
        found: dict[str, list[float]] = {}
        for name, edit in edits(site).items():
            say(f"newsgen: {count} edits, {name}")
            for number in range(count + 1):
                told = builds(log)
                start = time.perf_counter()
                edit(number)
                stream.event()
                took = 1000 * (time.perf_counter() - start)
                if number:  # the first warms what this kind of edit needs
                    found.setdefault(name, []).append(took)
                settle(log, told)
                stream.drain()
        return found


def settle(log: Path, before: int) -> None:
    """Waits until the server tells of a build more than it had `before` the edit, and of no other for a while."""
    end = time.monotonic() + PATIENCE
    while builds(log) == before and time.monotonic() < end:
        time.sleep(0.02)
    seen = -1
    while (now := builds(log)) != seen and time.monotonic() < end:
        seen = now
        time.sleep(REST)


def builds(log: Path) -> int:
    """Of how many builds the server has told."""
    return log.read_text().count(" ms")


def of_hugo(site: Site, count: int) -> dict[str, list[float]]:
    """Milliseconds that Hugo's log gives for each rebuild."""
    port = free_port()
    command = [site.tool.command[0], "server", "--port", str(port), "--bind", "127.0.0.1", "--renderToMemory"]
    with served(command, site.folder, r"Web Server is available", {}) as (log, _):
        found: dict[str, list[float]] = {}
        for name, edit in edits(site).items():
            say(f"hugo: {count} edits, {name}")
            for number in range(count):
                before = len(log.read_text())
                edit(number)
                said = until(lambda: re.search(r"Total in (\d+) ms|Syncing", log.read_text()[before:]))  # noqa: B023
                found.setdefault(name, []).append(float(said[1] or "nan"))  # it does not time static files
                time.sleep(REST)
        return found


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--edits", type=int, default=30)
    parser.add_argument("--peers", default="hugo")
    parser.add_argument("--newsgen", default="")
    options = parser.parse_args()
    options.rounds = 1
    corpus = list(gen_corpus.articles(options.articles))
    measured = [tools.newsgen(options.newsgen)]
    for name in filter(None, options.peers.split(",")):
        try:
            measured.append(tools.peer(name))
        except AbsentError as why:
            say(f"{name} is left out: {why}")
    memory = Path("/dev/shm")  # noqa: S108 - as bench.py
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None, prefix="newsgen-serve-") as name:
        show_setting(Path(name), options, measured)
        found: dict[str, dict[str, list[float]]] = {}
        for tool in measured:
            site = Site.make(tool, Path(name), corpus)
            (site.folder / "static" / STYLE_SHEET).parent.mkdir(parents=True)
            (site.folder / "static" / STYLE_SHEET).write_text(STYLE)
            found[tool.name] = (of_newsgen if tool.name == "newsgen" else of_hugo)(site, options.edits)
            shutil.rmtree(site.folder)
    rows: list[list[str]] = []
    for name, bar in BARS.items():
        mine = found["newsgen"][name]
        theirs = [f"{statistics.median(found[one.name][name]):.0f}".replace("nan", "-") for one in measured[1:]]
        rows.append([NAMES[name], f"{statistics.median(mine):.0f}", f"{min(mine):.0f}-{max(mine):.0f}", bar, *theirs])
    table(["edit", "newsgen, ms", "from-to", "bar (stretch)", *(f"{one.name}'s log, ms" for one in measured[1:])], rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())

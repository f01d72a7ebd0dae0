"""What the tests of the dev server use: a client without a network, a server that is really started, files."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

LOCAL = "127.0.0.1:8000"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str


def ask(app: Any, path: str = "/", method: str = "GET", **headers: str) -> Answer:
    """What `app` answers to a request, without a network. Header names are written with underscores."""
    given = {"host": LOCAL} | {name.replace("_", "-"): value for name, value in headers.items()}
    path, _, query = path.partition("?")
    sent = [(name.encode(), value.encode()) for name, value in given.items() if value]
    status, answered, body = asked(app, path, query.encode(), method, sent)
    return Answer(status, {k.decode(): v.decode() for k, v in answered}, body.decode("utf-8", "replace"))


Headers = list[tuple[bytes, bytes]]


def asked(app: Any, path: str, query: bytes, method: str, headers: Headers) -> tuple[int, Headers, bytes]:
    """Status, headers and body of what `app` answers, in bytes, to a request of any bytes."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if sent and not sent[-1].get("more_body", True):
            await asyncio.Event().wait()
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("utf-8", "replace"),
        "query_string": query,
        "root_path": "",
        "headers": headers,
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
        "state": {},
    }
    asyncio.run(app(scope, receive, send))
    start = next(message for message in sent if message["type"] == "http.response.start")
    body = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return start["status"], start["headers"], body


def until(holds: Callable[[], Any], seconds: float = 20) -> Any:
    """The first true value of `holds`, which is asked again and again; its last value where none came in time."""
    end = time.monotonic() + seconds
    while not (value := holds()) and time.monotonic() < end:
        time.sleep(0.02)
    return value


class Served:
    """A `newsgen serve` that runs."""

    def __init__(self, site: Path, *options: str) -> None:
        self.site = site
        self.log = site.parent / "serve.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "newsgen", "-C", str(site), "serve", "--port", "0", *options],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        found = until(lambda: re.search(r"Serving (http://\S+)/ ", self.told()) or self.process.poll() is not None)
        assert isinstance(found, re.Match), self.told()
        self.url = found[1]

    def told(self) -> str:
        return self.log.read_text()

    def get(self, path: str, **headers: str) -> Answer:
        request = urllib.request.Request(self.url + path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return Answer(response.status, dict(response.headers), response.read().decode())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, dict(refused.headers), refused.read().decode())

    def bytes(self, path: str) -> bytes:
        """What is served at a path, whatever its status."""
        try:
            with urllib.request.urlopen(self.url + urllib.parse.quote(path), timeout=30) as response:
                return response.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.read()

    def end(self, number: int = signal.SIGINT) -> int:
        """Asks the server to end; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(10)


def article(title: str, body: str) -> str:
    return f"---\ntitle: {title}\ndate: 2026-11-02T10:00:00+00:00\n---\n\n{body}\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def everything(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below `folder`, with its bytes and the time of its last writing."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}

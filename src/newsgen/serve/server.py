"""Runs the dev server: finds a port, starts watcher, builder and web server, and ends all of them at a signal."""

from __future__ import annotations

import asyncio
import datetime as dt
import errno
import ipaddress
import logging
import os
import secrets
import shutil
import signal
import socket
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

import msgspec
import uvicorn
from starlette.types import ASGIApp

from newsgen import config, project
from newsgen.build import THEME_FOLDER, BuildOptions
from newsgen.diagnostics import Refused
from newsgen.engine import lock
from newsgen.engine.output import stage_of
from newsgen.serve import editor, history
from newsgen.serve.app import Folders, application
from newsgen.serve.builder import Want
from newsgen.serve.history import Past
from newsgen.serve.rebuild import Hands, rebuild
from newsgen.serve.reload import Live, Rebuilt
from newsgen.serve.watch import Changes, Watch

TRIES: Final = 20  # ports after the wanted one
GRACE: Final = 1  # seconds that open downloads get at the end
HEADER_BYTES: Final = 32 * 1024  # of one request's line and headers
LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """What is served and to whom. `options` are those of its builds, whose output is theirs; `host` and `port` are as
    asked for. `editor` is the command that opens a file, with {file}, {line} and {column} in it."""

    root: Path
    host: str
    port: int
    options: BuildOptions
    editor: str = ""


class Listening(msgspec.Struct, frozen=True, kw_only=True):
    """The server is up at `url`. `taken`: the wanted port was not free. `exposed`: other machines can reach it."""

    url: str
    taken: bool = False
    exposed: bool = False
    others: tuple[str, ...] = ()


class Trouble(msgspec.Struct, frozen=True):
    """Something that a person should know and that stops nothing."""

    text: str


Event = Listening | Rebuilt | Trouble


@contextmanager
def room(root: Path) -> Generator[tuple[Path, Path], None, None]:
    """The output folder and the cache of a server, its own for as long as it runs: another of this site has others.

    A cache that is not there yet begins as a copy of what builds have left.
    """
    state = root / config.STATE
    for number in count(1):
        name = "serve" if number == 1 else f"serve-{number}"
        with lock.held(state / f"{name}.lock") as mine:
            if not mine:
                continue
            cache = state / f"{name}.db"
            if not cache.exists():
                with suppress(OSError):
                    shutil.copyfile(project.cache_file(root), cache)
            yield state / name, cache
            return


def listen(host: str, port: int) -> socket.socket:
    """A listening socket at `port` or the next free one (0: any). Raises OSError where the host or all ports refuse."""
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    last = min(port + TRIES, 65535) if port else 0
    for number in range(port, last + 1):
        try:
            return _bound(family, str(address[0]), number)
        except OSError as refused:
            if refused.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE, f"no port from {port} to {last} is free")


def run(setup: Setup, sock: socket.socket, tell: Callable[[Event], None]) -> None:
    """Serves on `sock` until SIGINT or SIGTERM, or until the process that builds is gone.

    A build that still runs then is killed, which every build survives. Call it in the main thread of a process that has
    no other.
    """
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # it would tell of every client that went away
    hands = Hands(setup.root, setup.options, sock)
    try:
        asyncio.run(_serve(setup, sock, tell, hands))
    finally:
        hands.end()


def _beside(root: Path) -> Iterator[Path]:
    """The folders outside the site that its pages may come from: the theme, and where links may lead."""
    yield THEME_FOLDER
    with suppress(Refused):  # settings that cannot be read are told by the build
        for one in project.read_settings(root).sources.follow:
            target = Path(os.path.realpath(root / one))
            folder = target if target.is_dir() else target.parent
            if not Path(os.path.realpath(root)).is_relative_to(folder):  # the output lies in there, too
                yield folder


async def _serve(setup: Setup, sock: socket.socket, tell: Callable[[Event], None], hands: Hands) -> None:
    live = Live(secrets.token_hex(4), lambda path: hands.tell(Want(path)))
    changes = Changes(live.notice)
    past: Past = deque(maxlen=history.KEPT)
    watch = Watch(setup.root, partial(_beside, setup.root), changes, lambda text: tell(Trouble(text)))
    assert setup.options.out
    folders = Folders(setup.options.out, stage_of(setup.root, setup.options.out))
    edit = partial(editor.opened, live, setup.root, setup.editor) if setup.editor else None
    server = _Server(live, application(live, folders, names(setup.host), past, edit))

    def told(rebuilt: Rebuilt) -> None:
        past.append((dt.datetime.now().astimezone(), rebuilt))
        tell(rebuilt)

    with _signals(server.end):
        tell(listening(setup, sock.getsockname()[1]))
        work = (
            asyncio.create_task(server.serve(sockets=[sock])),
            asyncio.create_task(watch.run()),
            asyncio.create_task(rebuild(live, changes, hands, told)),
        )
        await asyncio.wait(work, return_when=asyncio.FIRST_COMPLETED)
        if work[2].done() and not server.should_exit:
            tell(Trouble("The process that builds has ended; start newsgen serve again."))
        server.end()
        await work[0]
        for task in work[1:]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


class _Server(uvicorn.Server):
    """uvicorn, which leaves the signals to `_signals` and ends the streams before it waits for them."""

    def __init__(self, live: Live, app: ASGIApp) -> None:
        settings = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            h11_max_incomplete_event_size=HEADER_BYTES,
            timeout_graceful_shutdown=GRACE,
        )
        super().__init__(settings)
        self._live = live

    def end(self) -> None:
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._live.close()
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a download that is cut off is no news
        await super().shutdown(sockets)


@contextmanager
def _signals(end: Callable[[], None]) -> Generator[None, None, None]:
    """SIGINT and SIGTERM ask for the end; the handlers of before are back afterwards."""

    def handle(*_: object) -> None:
        end()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _bound(family: int, address: str, port: int) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
        sock.listen(256)
    except OSError:
        sock.close()
        raise
    return sock


# ---- names and addresses --------------------------------------------------------------------------------------------


def listening(setup: Setup, port: int) -> Listening:
    """What to tell of a server that listens at `port`."""
    anywhere = _is_any(setup.host)
    others = tuple(_url(one, port) for one in _own_addresses()) if anywhere else ()
    url = _url("127.0.0.1" if anywhere else setup.host, port)
    return Listening(url=url, taken=setup.port not in (0, port), exposed=not _is_loopback(setup.host), others=others)


def names(host: str) -> tuple[str, ...]:
    """The hosts that a request may name. A name that an attacker rebinds to this address is none of them."""
    given = _own_addresses() if _is_any(host) else (host,)
    return (*LOOPBACK, *map(_bracketed, given))


def _url(host: str, port: int) -> str:
    return f"http://{_bracketed(host)}:{port}/"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_any(host: str) -> bool:
    return (address := _address(host)) is not None and address.is_unspecified


def _is_loopback(host: str) -> bool:
    return host == "localhost" or ((address := _address(host)) is not None and address.is_loopback)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    with suppress(ValueError):
        return ipaddress.ip_address(host)
    return None


def _own_addresses() -> tuple[str, ...]:
    """The addresses from which this machine would speak to the world. No packet is sent: a UDP socket only looks."""
    found: list[str] = []
    for family, documentation in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((documentation, 9))
            found.append(str(probe.getsockname()[0]))
    return tuple(found)

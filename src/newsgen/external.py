"""What other sites have at an address: each is asked once, no host by two at a time, and public ones alone.

Whether links lead anywhere, of which good answers are kept; and files, where an import shall bring them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from itertools import repeat
from pathlib import Path
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
    getproxies,
)

import msgspec

import newsgen
from newsgen.engine.pool import Progress, silent

AT_ONCE: Final = 8  # hosts
PAUSE: Final = 1.0  # seconds between two questions to one host
PATIENCE: Final = 15.0  # seconds for an answer
KEPT: Final = 7 * 86_400  # seconds for which a good answer holds
LARGEST: Final = 20 << 20  # bytes of a file that is fetched
PUBLIC: Final = True  # no answer is taken from an address of this machine or of its network
_AGENT: Final = f"newsgen-check/{newsgen.__version__}"
_LIMITED: Final = (401, 403, 407, 429, 451, 999)  # it is there, but not for us


class _Public(HTTPConnection):
    """A connection to a public address, whatever the name of the host or a redirect leads to."""

    def connect(self) -> None:
        super().connect()
        peer = ip_address(self.sock.getpeername()[0].partition("%")[0])
        proxies = {urlsplit(proxy).hostname for proxy in getproxies().values()}  # what they may reach is theirs to say
        if PUBLIC and not peer.is_global and self.host not in proxies:
            self.close()
            raise OSError(f"{peer} is no public address")


class _PublicTLS(HTTPSConnection, _Public): ...  # whose connect() has that of _Public before its handshake


class _OverHTTP(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_Public, req)


class _OverTLS(HTTPSHandler):
    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_PublicTLS, req)


_opener = OpenerDirector()  # for http and https alone, wherever a redirect leads
for _handler in (
    *(ProxyHandler, _OverHTTP, _OverTLS, UnknownHandler),
    *(HTTPRedirectHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor),
):
    _opener.add_handler(_handler())


def answers(addresses: Sequence[str], cache: Path, progress: Progress = silent) -> dict[str, str]:
    """What is wrong with each address, in the order given: empty, a status ("404 Not Found"), or why none came.

    `cache` is a file of the good answers with their times; one that cannot be read is none.
    """
    now = time.time()
    known = {url: at for url, at in _read(cache).items() if now - at < KEPT}
    told = _each(
        [url for url in addresses if url not in known], lambda url: _asked(url, "HEAD"), "external links", progress
    )
    known |= {url: now for url, wrong in told.items() if not wrong}
    found = dict.fromkeys(addresses, "") | told
    try:
        cache.parent.mkdir(exist_ok=True)
        cache.write_bytes(msgspec.json.encode(dict(sorted(known.items()))))
    except OSError:
        pass  # it is asked again
    return found


def files(addresses: Sequence[str], keep: Callable[[str, bytes], str], progress: Progress = silent) -> dict[str, str]:
    """What is wrong with each address: empty where `keep` took its file and found nothing wrong with it."""
    return _each(addresses, lambda url: _fetched(url, keep), "fetching", progress)


def _each(addresses: Sequence[str], ask: Callable[[str], str], phase: str, progress: Progress) -> dict[str, str]:
    hosts: dict[str, list[str]] = {}
    for url in addresses:
        hosts.setdefault(urlsplit(url).netloc.lower(), []).append(url)
    found: dict[str, str] = {}
    with ThreadPoolExecutor(AT_ONCE) as crew:
        for number, told in enumerate(crew.map(_of_host, hosts.values(), repeat(ask))):
            progress(phase, number, len(hosts))
            found |= told
    return found


def _read(cache: Path) -> dict[str, float]:
    try:
        return msgspec.json.decode(cache.read_bytes(), type=dict[str, float])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}


def _of_host(addresses: Sequence[str], ask: Callable[[str], str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, url in enumerate(addresses):
        if number:
            time.sleep(PAUSE)
        found[url] = ask(url)
    return found


def _request(url: str, method: str) -> Request:
    ascii_url = quote(url, safe=":/?#[]@!$&'()*+,;=%~")
    return Request(ascii_url, method=method, headers={"User-Agent": _AGENT, "Accept": "*/*"})  # noqa: S310 - http(s) only


def _fetched(url: str, keep: Callable[[str, bytes], str]) -> str:
    try:
        with _opener.open(_request(url, "GET"), timeout=PATIENCE) as answer:
            data = answer.read(LARGEST + 1)
    except HTTPError as answer:
        with answer:
            return f"{answer.code} {answer.reason}".strip()
    except (OSError, ValueError, HTTPException) as failure:
        return _no_answer(failure)
    return keep(url, data) if len(data) <= LARGEST else f"larger than {LARGEST >> 20} MB"


def _asked(url: str, method: str) -> str:
    try:
        with _opener.open(_request(url, method), timeout=PATIENCE):
            return ""
    except HTTPError as answer:
        with answer:
            if method == "HEAD" and answer.code not in (404, 410):
                return _asked(url, "GET")  # some answer a HEAD as no other question
            return "" if answer.code in _LIMITED else f"{answer.code} {answer.reason}".strip()
    except (OSError, ValueError, HTTPException) as failure:
        return _no_answer(failure)


def _no_answer(failure: Exception) -> str:
    why = failure.reason if isinstance(failure, URLError) else failure
    return f"no answer ({why or type(failure).__name__})"

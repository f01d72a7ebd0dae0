"""Pagefind as a service: records in, the files of a search index out, the same bytes for the same records.

Pagefind writes what it keeps in hash maps (the values of a filter, the filters, the sorted keys) in an order of chance,
and names files by what they hold: what holds such an order is sorted and named anew. The rest comes out the same.

Its protocol is that of its own packages for Python and Node. That for Python waits a tenth of a second for each
record, which would be a quarter of an hour for 10,000.
"""

from __future__ import annotations

import base64
import gzip
import importlib
import json
import subprocess
import threading
import zlib
from collections.abc import Iterable, Iterator
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Any, Final

import msgspec

from newsgen import digest
from newsgen.engine.toolchain import installed, toolchain
from newsgen.model import SearchRecord

EXTENDED: Final = "pagefind_bin_extended"  # divides Chinese and Japanese into words
_BINARIES: Final = (EXTENDED, "pagefind_bin")
_SIGNATURE: Final = b"pagefind_dcd"
_ENTRY: Final = "pagefind-entry.json"
_NEEDED: Final = ("pagefind.js", "pagefind-worker.js", _ENTRY)  # the rest of its scripts and styles are its own looks
_DATA: Final = frozenset((".pf_meta", ".pf_index", ".pf_filter", ".pf_fragment", ".pagefind"))


class PagefindError(Exception):
    """Pagefind failed; what it said."""


def tools() -> tuple[str, ...]:
    """All that decides what an index of given records is; nothing where Pagefind or what reads its files is missing."""
    found = sorted(installed(frozenset((*_BINARIES, "cbor2"))))
    whole = any(one.startswith("pagefind_bin") for one in found) and any(one.startswith("cbor2") for one in found)
    return (toolchain(), f"zlib {zlib.ZLIB_RUNTIME_VERSION}", *found) if whole else ()


def index(records: Iterable[SearchRecord]) -> dict[str, bytes]:
    """The files of the index of some records by path. Raises PagefindError."""
    try:
        found = _asked(_requests(records))["files"]
        files = {one["path"]: base64.b64decode(one["content"]) for one in found}
        return _in_order({path: data for path, data in files.items() if _is_needed(path)})
    except (OSError, ValueError, KeyError, TypeError) as failure:
        raise PagefindError(f"{type(failure).__name__}: {failure}") from failure


def _is_needed(path: str) -> bool:
    return path in _NEEDED or PurePosixPath(path).suffix in _DATA


# ---- the service ----------------------------------------------------------------------------------------------------


def _requests(records: Iterable[SearchRecord]) -> Iterator[dict[str, Any]]:
    yield {"type": "NewIndex", "config": {}}
    for record in records:
        yield {"type": "AddRecord", "index_id": 0, **msgspec.structs.asdict(record)}
    yield {"type": "GetFiles", "index_id": 0}


def _asked(requests: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What Pagefind answers to the last of some requests. It answers each, and ends where its input does."""
    program = [str(_executable()), "--service"]
    answers: list[bytes] = []
    sent = 0
    pipe, enough = subprocess.PIPE, threading.Event()
    with subprocess.Popen(program, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as service:
        assert service.stdin is not None
        reader = threading.Thread(target=_read, args=(service.stdout, answers, enough), daemon=True)
        reader.start()
        try:
            for sent, payload in enumerate(requests, 1):
                message = msgspec.json.encode({"message_id": sent, "payload": payload})
                service.stdin.write(base64.b64encode(message) + b",")
            service.stdin.flush()
            while len(answers) < sent and reader.is_alive():
                enough.wait(0.05)
                enough.clear()
        finally:
            service.kill()
            reader.join()
    payload: dict[str, Any] = {}
    for answer in answers:
        payload = json.loads(base64.b64decode(answer))["payload"]
        if payload["type"] == "Error":
            raise PagefindError(str(payload["message"])[:200])
    if len(answers) < sent:
        raise PagefindError("it ended before its work was done")
    return payload


def _executable() -> Path:
    name = next(name for name in _BINARIES if installed(frozenset((name,))))
    return importlib.import_module(name).get_executable()


def _read(stream: BufferedReader, answers: list[bytes], enough: threading.Event) -> None:
    """Collects answers, each of which ends with a comma."""
    begun: list[bytes] = []
    while some := stream.read1(1 << 16):
        first, *rest = some.split(b",")
        begun.append(first)
        for one in rest:
            answers.append(b"".join(begun))
            begun = [one]
        enough.set()
    enough.set()


# ---- an order that is not chance ------------------------------------------------------------------------------------


def _in_order(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with filters, their values and sorted keys in order, and what holds them named by what it holds now."""
    entry = json.loads(files[_ENTRY])
    for language, told in sorted(entry["languages"].items()):
        version, pages, chunks, filters, keys, fields = _loaded(files.pop(f"pagefind.{told['hash']}.pf_meta"))
        for one in filters:
            name, values = _loaded(files.pop(f"filter/{one[1]}.pf_filter"))
            data = _dumped([name, sorted(values)])
            one[1] = f"{language}_{digest.of_bytes(data)[:10]}"
            files[f"filter/{one[1]}.pf_filter"] = data
        data = _dumped([version, pages, chunks, sorted(filters), sorted(keys), fields])
        told["hash"] = f"{language}_{digest.of_bytes(data)[:10]}"
        files[f"pagefind.{told['hash']}.pf_meta"] = data
    files[_ENTRY] = json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()
    return dict(sorted(files.items()))


def _loaded(data: bytes) -> Any:
    import cbor2

    plain = gzip.decompress(data)
    if not plain.startswith(_SIGNATURE):
        raise ValueError("a file of its index has another form than newsgen knows")
    return cbor2.loads(plain[len(_SIGNATURE) :])


def _dumped(value: Any) -> bytes:
    import cbor2

    return gzip.compress(_SIGNATURE + cbor2.dumps(value), mtime=0)

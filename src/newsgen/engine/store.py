"""The cache: one SQLite file, always safe to delete. Corrupt, foreign or of another version is a miss, never a crash.

Tables: `files` (id, known), `parses` (id, key, value), `bodies` (digest, html), `pages` (output, path, record) and
`memos` (kind, key, value). Values are JSON behind their own digest, so that a damaged one is seen.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from newsgen import digest, model
from newsgen.engine.sources import Known, Signature

FORMAT: Final = 1
_SEAL: Final = 2 * digest.LENGTH
_TABLES = """
CREATE TABLE files (id TEXT PRIMARY KEY, known BLOB NOT NULL);
CREATE TABLE parses (id TEXT PRIMARY KEY, key TEXT NOT NULL, value BLOB NOT NULL);
CREATE TABLE bodies (digest TEXT PRIMARY KEY, html TEXT NOT NULL);
CREATE TABLE pages (output TEXT NOT NULL, path TEXT NOT NULL, record BLOB NOT NULL, PRIMARY KEY (output, path));
CREATE TABLE memos (kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, key));
"""

T = TypeVar("T")


class DamagedCacheError(Exception):
    """The cache cannot be trusted: the build starts over without it."""


class RefusedCacheError(Exception):
    """The disk or another process keeps the cache from being written: the build goes on without it."""


class PageRecord(msgspec.Struct, frozen=True, array_like=True):
    """A page as it was last published: the key it was rendered from, the digest of its bytes, its file's signature."""

    key: tuple[tuple[str, str], ...]
    digest: str
    signature: Signature


class Store:
    """The open cache. Reads see what this build has saved; nothing reaches the disk before `commit`."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None = None) -> None:
        self._connection, self.path = connection, path

    @classmethod
    def open(cls, path: Path | None) -> Store:
        """The cache at `path`, made anew where it cannot be used; in memory where it cannot be made, or for None."""
        if path is not None:
            for _ in range(2):
                with contextlib.suppress(sqlite3.Error, OSError):
                    return cls(_connect(path), path)
                discard(path)
        return cls(_create(sqlite3.connect(":memory:", isolation_level=None)))

    @contextlib.contextmanager
    def set_aside(self, really: bool) -> Generator[None, None, None]:
        """Commits and closes the cache for as long as other processes read it: SQLite must not cross a fork open."""
        if not really or self.path is None:
            yield
            return
        self.commit()
        self.close()
        try:
            yield
        finally:
            self._connection = Store.open(self.path)._connection

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()

    def commit(self) -> None:
        """Makes what was saved durable. Raises sqlite3.Error where the disk refuses."""
        if self._connection.in_transaction:
            self._connection.execute("COMMIT")

    # ---- files ----

    def files(self) -> dict[str, Known]:
        decode = model.decoder(Known).decode
        return {id: _sound(value, decode) for id, value in self._rows("SELECT id, known FROM files")}

    def save_files(self, known: Mapping[str, Known], before: Mapping[str, Known]) -> None:
        changed = [(id, _sealed(model.encode(one))) for id, one in known.items() if before.get(id) != one]
        self._write("INSERT OR REPLACE INTO files VALUES (?, ?)", changed)
        self._write("DELETE FROM files WHERE id = ?", [(id,) for id in before if id not in known])

    # ---- parses and bodies ----

    def parses(self, kind: type[T]) -> dict[str, tuple[str, T]]:
        """What each file was parsed to, with the key of that parse."""
        decode = model.decoder(kind).decode
        return {id: (key, _sound(value, decode)) for id, key, value in self._rows("SELECT id, key, value FROM parses")}

    def save_parse(self, id: str, key: str, value: bytes) -> None:
        self._write("INSERT OR REPLACE INTO parses VALUES (?, ?, ?)", [(id, key, _sealed(value))])

    def save_body(self, digest: str, html: str) -> None:
        self._write("INSERT OR IGNORE INTO bodies VALUES (?, ?)", [(digest, html)])

    def body(self, of: str) -> str:
        """The HTML of a body by its digest. Raises DamagedCacheError where it is not what its digest says."""
        rows = self._rows("SELECT html FROM bodies WHERE digest = ?", (of,))
        if not rows or digest.of_text(rows[0][0]) != of:
            raise DamagedCacheError(of)
        return rows[0][0]

    def forget(self, ids: Iterable[str], bodies: frozenset[str]) -> None:
        """Drops the parses of files that are gone, and the bodies that are not among `bodies`."""
        gone = [(id,) for id in ids]
        self._write("DELETE FROM parses WHERE id = ?", gone)
        unused = [(one,) for (one,) in self._rows("SELECT digest FROM bodies") if one not in bodies]
        self._write("DELETE FROM bodies WHERE digest = ?", unused)

    # ---- pages ----

    def pages(self, output: str) -> dict[str, PageRecord]:
        decode = model.decoder(PageRecord).decode
        rows = self._rows("SELECT path, record FROM pages WHERE output = ?", (output,))
        return {path: _sound(value, decode) for path, value in rows}

    def save_pages(self, output: str, records: Mapping[str, PageRecord], before: Mapping[str, PageRecord]) -> None:
        changed = [
            (output, path, _sealed(model.encode(one))) for path, one in records.items() if before.get(path) != one
        ]
        self._write("INSERT OR REPLACE INTO pages VALUES (?, ?, ?)", changed)
        gone = [(output, path) for path in before if path not in records]
        self._write("DELETE FROM pages WHERE output = ? AND path = ?", gone)

    # ---- memos ----

    def memos(self, kind: str) -> dict[str, bytes]:
        rows = self._rows("SELECT key, value FROM memos WHERE kind = ?", (kind,))
        return {key: _sound(value, bytes) for key, value in rows}

    def save_memos(self, kind: str, values: Mapping[str, bytes], before: Mapping[str, bytes]) -> None:
        changed = [(kind, key, _sealed(value)) for key, value in values.items() if before.get(key) != value]
        self._write("INSERT OR REPLACE INTO memos VALUES (?, ?, ?)", changed)
        self._write(
            "DELETE FROM memos WHERE kind = ? AND key = ?", [(kind, key) for key in before if key not in values]
        )

    # ---- SQLite ----

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as failure:
            raise DamagedCacheError(str(failure)) from failure

    def _write(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        if not rows:
            return
        try:
            if not self._connection.in_transaction:
                self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(query, rows)
        except sqlite3.DatabaseError as failure:
            refused = isinstance(failure, sqlite3.OperationalError) and "malformed" not in str(failure)
            raise (RefusedCacheError if refused else DamagedCacheError)(str(failure)) from failure


def discard(path: Path) -> None:
    """Deletes the cache at `path` with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + suffix).unlink()


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists() or path.stat().st_size == 0
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")  # a kill is survived; after a power cut digests tell
        if fresh or connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            return _create(connection)
        if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
            raise sqlite3.DatabaseError("another format")
        connection.execute("SELECT count(*) FROM memos").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _create(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.executescript(f"BEGIN IMMEDIATE;{_TABLES}PRAGMA user_version = {FORMAT};COMMIT;")
    return connection


def _sealed(value: bytes) -> bytes:
    return digest.of_bytes(value).encode() + value


def _sound(value: object, decode: Callable[[bytes], T]) -> T:
    """The value behind its digest. Raises DamagedCacheError where the two do not agree."""
    if isinstance(value, bytes) and digest.of_bytes(value[_SEAL:]).encode() == value[:_SEAL]:
        with contextlib.suppress(msgspec.MsgspecError):
            return decode(value[_SEAL:])
    raise DamagedCacheError("a value does not match its digest")

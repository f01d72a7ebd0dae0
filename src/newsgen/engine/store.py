"""The cache: one SQLite file, always safe to delete. Corrupt, foreign or of another version is a miss, never a crash.

Tables: `parses` (id, key, value, html: what a content file was parsed to), `cards` (id, card: that of each article,
apart because the plan reads them all) and `memos` (kind, key, value). Each value lies behind its own digest, or is
asked for by it, so that a damaged one is seen.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from newsgen import digest

FORMAT: Final = 5
_SEAL: Final = 2 * digest.LENGTH
_TABLES = """
CREATE TABLE parses (id TEXT PRIMARY KEY, key TEXT NOT NULL, value BLOB NOT NULL, html TEXT NOT NULL);
CREATE TABLE cards (id TEXT PRIMARY KEY, card BLOB NOT NULL);
CREATE TABLE memos (kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, key));
"""

_SAVE_MEMO: Final = "INSERT OR REPLACE INTO memos VALUES (?, ?, ?)"
RUN: Final = 1024  # items of a long list in one row

T = TypeVar("T")


class DamagedCacheError(Exception):
    """The cache cannot be trusted: the build starts over without it."""


class RefusedCacheError(Exception):
    """The disk or another process keeps the cache from being written: the build goes on without it."""


class Store:
    """The open cache. Reads see what this build has saved; nothing reaches the disk before `commit`."""

    def __init__(self, connection: sqlite3.Connection, path: Path | None = None) -> None:
        self._connection, self.path = connection, path

    @classmethod
    def open(cls, path: Path | None) -> Store:
        """The cache at `path`, made anew where it cannot be used; in memory where it cannot be made, or for None."""
        if path is not None:
            for _ in range(2):
                with contextlib.suppress(sqlite3.Error, UnicodeDecodeError, OSError):  # its words may be damaged too
                    return cls(_connect(path), path)
                discard(path)
        return cls(_create(sqlite3.connect(":memory:", isolation_level=None)))

    @contextlib.contextmanager
    def set_aside(self) -> Generator[None, None, None]:
        """Commits and closes the cache for as long as other processes use it: SQLite must not cross a fork open."""
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
        """Makes what was saved durable. Raises RefusedCacheError where the disk refuses."""
        if self._connection.in_transaction:
            try:
                self._connection.execute("COMMIT")
            except sqlite3.Error as failure:
                raise RefusedCacheError(str(failure)) from failure

    # ---- parses ----

    def save_parses(self, rows: Sequence[tuple[str, str, bytes, bytes, str]]) -> None:
        """Saves id, key, card (empty for all but articles) and value of each parse, and the HTML of its body."""
        sealed = [(id, key, _sealed(value), html) for id, key, _, value, html in rows]
        self._write("INSERT OR REPLACE INTO parses VALUES (?, ?, ?, ?)", sealed)
        self._write("INSERT OR REPLACE INTO cards VALUES (?, ?)", [(id, card) for id, _, card, _, _ in rows])

    def cards(self, wanted: Mapping[str, str]) -> Iterator[dict[str, bytes]]:
        """The cards of those of the ids wanted that have one, in runs. `wanted`: the digest of each by its id."""
        if len(wanted) <= RUN:
            marks = ", ".join("?" * len(wanted))
            query = f"SELECT id, card FROM cards WHERE card != x'' AND id IN ({marks}) ORDER BY id"
            if found := _intact(self._rows(query, tuple(wanted)), wanted):
                yield found
            return
        query = "SELECT id, card FROM cards WHERE card != x'' AND id > ? ORDER BY id LIMIT ?"
        last = ""
        while rows := self._rows(query, (last, RUN)):
            yield _intact(rows, wanted)
            last = rows[-1][0]

    def parses(self, keys: Mapping[str, str]) -> dict[str, bytes]:
        """What content files were parsed to, by id. Raises DamagedCacheError where it is not under their keys."""
        marks = ", ".join("?" * len(keys))
        found: dict[str, bytes] = {}
        for id, key, value in self._rows(f"SELECT id, key, value FROM parses WHERE id IN ({marks})", tuple(keys)):
            if key == keys[id]:
                found[id] = _sound(value, bytes)
        if len(found) != len(keys):
            raise DamagedCacheError("parses are missing")
        return found

    def bodies(self, digests: Mapping[str, str]) -> dict[str, str]:
        """The HTML of bodies by id. Raises DamagedCacheError where one is not what its digest says."""
        marks = ", ".join("?" * len(digests))
        rows = self._rows(f"SELECT id, html FROM parses WHERE id IN ({marks})", tuple(digests))
        found = {id: html for id, html in rows if isinstance(html, str) and digest.of_text(html) == digests[id]}
        if len(found) != len(digests):
            raise DamagedCacheError("a body is not what its digest says")
        return found

    def forget(self, ids: Iterable[str]) -> None:
        """Drops the parses of files that are gone."""
        gone = [(id,) for id in ids]
        self._write("DELETE FROM parses WHERE id = ?", gone)
        self._write("DELETE FROM cards WHERE id = ?", gone)

    # ---- memos ----

    def memos(self, kind: str) -> dict[str, bytes]:
        rows = self._rows("SELECT key, value FROM memos WHERE kind = ?", (kind,))
        return {key: _sound(value, bytes) for key, value in rows}

    def save_memos(self, kind: str, values: Mapping[str, bytes], before: Mapping[str, bytes]) -> None:
        changed = [(kind, key, _sealed(value)) for key, value in values.items() if before.get(key) != value]
        self._write(_SAVE_MEMO, changed)
        self._write(
            "DELETE FROM memos WHERE kind = ? AND key = ?", [(kind, key) for key in before if key not in values]
        )

    def memo(self, kind: str, key: str, decode: Callable[[bytes], T]) -> T | None:
        """The value saved under a kind and a key; None where there is none."""
        rows = self._rows("SELECT value FROM memos WHERE kind = ? AND key = ?", (kind, key))
        return _sound(rows[0][0], decode) if rows else None

    def save_memo(self, kind: str, key: str, value: bytes) -> None:
        sealed = _sealed(value)
        stands = self._rows("SELECT substr(value, 1, ?) FROM memos WHERE kind = ? AND key = ?", (_SEAL, kind, key))
        if not stands or stands[0][0] != sealed[:_SEAL]:
            self._write(_SAVE_MEMO, [(kind, key, sealed)])

    def runs(self, kind: str, key: str, decode: Callable[[bytes], Sequence[T]]) -> list[T]:
        """The items saved by `save_runs`, in order; none where there are none."""
        query = "SELECT value FROM memos WHERE kind = ? AND key > ? AND key < ? ORDER BY key"
        rows = self._rows(query, (kind, f"{key}\0", f"{key}\1"))
        return [item for (value,) in rows for item in _sound(value, decode)]

    def save_runs(
        self, kind: str, key: str, items: Sequence[T], before: Sequence[T], encode: Callable[[Sequence[T]], bytes]
    ) -> None:
        """Saves a long list in runs, of which those that are as in the list `before`, saved last, stay as they are."""
        for number, start in enumerate(range(0, len(items), RUN)):
            run = items[start : start + RUN]
            if run != before[start : start + RUN]:
                self._write(_SAVE_MEMO, [(kind, f"{key}\0{number:06}", _sealed(encode(run)))])
        if len(items) < len(before):
            first = -(-len(items) // RUN)
            query = "DELETE FROM memos WHERE kind = ? AND key >= ? AND key < ?"
            self._write(query, [(kind, f"{key}\0{first:06}", f"{key}\1")])

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
        except (sqlite3.DatabaseError, UnicodeDecodeError) as failure:
            refused = isinstance(failure, sqlite3.OperationalError)
            raise (RefusedCacheError if refused else DamagedCacheError)(str(failure)) from failure


def _intact(rows: Iterable[tuple[str, object]], wanted: Mapping[str, str]) -> dict[str, bytes]:
    """Those of the rows that are wanted. Raises DamagedCacheError where one is not what its digest says."""
    found: dict[str, bytes] = {}
    for id, card in rows:
        if (of := wanted.get(id)) is not None:
            if not isinstance(card, bytes) or digest.of_bytes(card) != of:
                raise DamagedCacheError(id)
            found[id] = card
    return found


def discard(path: Path) -> None:
    """Deletes the cache at `path` with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + suffix).unlink()


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = not path.exists() or path.stat().st_size == 0
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        connection.execute("PRAGMA page_size = 16384")  # of a new file: megabytes are written in half the time
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

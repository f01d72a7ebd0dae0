"""Ways in which a cache is damaged, by name; none may cost more than time."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

Damage = Callable[[Path], object]


def flip(path: Path, seed: int = 7) -> None:
    """Turns bits at random places, for one seed always the same ones."""
    chance, data = random.Random(seed), bytearray(path.read_bytes())
    for _ in range(300):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def sql(*statements: str) -> Damage:
    def run(path: Path) -> None:
        connection = sqlite3.connect(path)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    return run


def foreign(path: Path) -> None:
    path.unlink()
    sql("CREATE TABLE memos (mine TEXT)", "INSERT INTO memos VALUES ('x')", "PRAGMA user_version = 1")(path)


BYTES: dict[str, Damage] = {
    "emptied": lambda path: path.write_bytes(b""),
    "noise": lambda path: path.write_bytes(random.Random(1).randbytes(5000)),
    "zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-5000]),
    "truncated within its header": lambda path: path.write_bytes(path.read_bytes()[:50]),
    "flipped bits": flip,
}

TABLES: dict[str, Damage] = {
    "somebody else's": foreign,
    "of a newer newsgen": sql("PRAGMA user_version = 99"),
    "without a table": sql("DROP TABLE parses"),
    "with swapped values": sql("UPDATE memos SET value = x'00'"),
    "with forged bodies": sql("UPDATE parses SET html = 'forged'"),
    "without page keys": sql("DELETE FROM memos WHERE kind = 'published'"),
}
"""These know the tables of the store; the rest does not."""

DAMAGES = {**BYTES, **TABLES}

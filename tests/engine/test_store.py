"""The cache: what it keeps it gives back, and whatever is wrong with it is a miss."""

from __future__ import annotations

import sqlite3
from collections import ChainMap
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from newsgen import digest
from newsgen.engine.store import FORMAT, RUN, DamagedCacheError, RefusedCacheError, Store, discard


def body_digest(html: str) -> str:
    return digest.of_text(html)


def fill(path: Path) -> None:
    store = Store.open(path)
    rows = [("content/a.md", "key", b"card", b"value", "<p>body</p>"), ("content/b.md", "other", b"", b"page", "")]
    store.save_parses(rows)
    store.save_memos("fragment", {"k": b"memo"}, {})
    store.save_memo("plan", "/out", b"plan")
    store.commit()
    store.close()


def held(path: Path) -> dict[str, object]:
    """All that the cache at `path` gives; raises DamagedCacheError as a build would see it."""
    store = Store.open(path)
    try:
        return {
            "cards": dict(ChainMap(*store.cards({"content/a.md": digest.of_bytes(b"card"), "content/b.md": "none"}))),
            "parses": store.parses({"content/a.md": "key", "content/b.md": "other"}),
            "memo": store.memo("plan", "/out", bytes),
            "memos": store.memos("fragment"),
            "bodies": store.bodies({"content/a.md": body_digest("<p>body</p>")}),
        }
    finally:
        store.close()


FULL = {
    "cards": {"content/a.md": b"card"},
    "parses": {"content/a.md": b"value", "content/b.md": b"page"},
    "memo": b"plan",
    "memos": {"k": b"memo"},
    "bodies": {"content/a.md": "<p>body</p>"},
}


def test_what_was_committed_is_given_back(tmp_path: Path) -> None:
    fill(tmp_path / "state/cache.db")
    assert held(tmp_path / "state/cache.db") == FULL


def test_what_was_not_committed_is_lost(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "cache.db")
    store.save_memos("fragment", {"k": b"memo"}, {})
    store.close()
    again = Store.open(tmp_path / "cache.db")
    assert again.memos("fragment") == {}
    again.close()


def test_what_is_no_longer_named_is_forgotten(tmp_path: Path) -> None:
    fill(tmp_path / "cache.db")
    store = Store.open(tmp_path / "cache.db")
    store.forget({"content/a.md"})
    store.save_memos("fragment", {}, {"k": b"memo"})
    assert (store.parses({"content/b.md": "other"}), store.memos("fragment")) == ({"content/b.md": b"page"}, {})
    for gone in (
        lambda: store.bodies({"content/a.md": body_digest("<p>body</p>")}),
        lambda: store.parses({"content/a.md": "key"}),
    ):
        with pytest.raises(DamagedCacheError):
            gone()
    store.close()


def run(*statements: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        connection = sqlite3.connect(path)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    return change


def replaced_by(data: bytes) -> Callable[[Path], None]:
    return lambda path: (discard(path), path.write_bytes(data))[0]


MISSES: dict[str, Callable[[Path], object]] = {
    "absent": discard,
    "empty": replaced_by(b""),
    "text": replaced_by(b"not a database at all\n" * 200),
    "zeros": replaced_by(bytes(8192)),
    "newer format": run(f"PRAGMA user_version = {FORMAT + 1}"),
    "older format": run(f"PRAGMA user_version = {FORMAT + 77}"),
    "somebody else's": lambda path: (discard(path), run("CREATE TABLE mine (x)", "PRAGMA user_version = 1")(path)),
    "somebody else's of no version": lambda path: (discard(path), run("CREATE TABLE memos (x)")(path)),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:1000]),
    "without memos": run("DROP TABLE memos"),
    "a name that is no text": run(
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET name = CAST(X'DF' AS TEXT), sql = 'x' WHERE name = 'memos'",
    ),
}


@pytest.mark.parametrize("name", MISSES)
def test_a_cache_of_another_make_is_an_empty_one_that_works(tmp_path: Path, name: str) -> None:
    path = tmp_path / "cache.db"
    fill(path)
    MISSES[name](path)
    store = Store.open(path)
    assert (list(store.cards({})), store.memo("plan", "/out", bytes), store.memos("fragment")) == ([], None, {})
    store.close()
    fill(path)
    assert held(path) == FULL


def test_a_cache_goes_with_all_that_sqlite_keeps_beside_it(tmp_path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal", "-mine"):
        (tmp_path / f"cache.db{suffix}").touch()
    discard(tmp_path / "cache.db")
    discard(tmp_path / "cache.db")
    assert [path.name for path in tmp_path.iterdir()] == ["cache.db-mine"]


DAMAGES = {
    "a value that is not its digest's": "UPDATE memos SET value = replace(value, 'memo', 'mema')",
    "a value without a digest": "UPDATE memos SET value = x'7b7d'",
    "a value of another kind": "UPDATE parses SET value = 7",
    "a card that is not its digest's": "UPDATE cards SET card = x'00'",
    "a card of another kind": "UPDATE cards SET card = 'card'",
    "a parse of another text": "UPDATE parses SET key = 'older'",
    "a missing parse": "DELETE FROM parses",
    "a body that is not its digest's": "UPDATE parses SET html = 'forged'",
    "a missing table": "DROP TABLE parses",
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_value_is_seen_and_never_believed(tmp_path: Path, name: str) -> None:
    fill(tmp_path / "cache.db")
    run(DAMAGES[name])(tmp_path / "cache.db")
    with pytest.raises(DamagedCacheError):
        held(tmp_path / "cache.db")


@pytest.mark.parametrize("block", ["file in the way of its folder", "folder in its place"])
def test_where_no_cache_can_be_made_the_store_works_in_memory(tmp_path: Path, block: str) -> None:
    path = tmp_path / "state/cache.db"
    if block == "folder in its place":
        path.mkdir(parents=True)
    else:
        (tmp_path / "state").write_text("a file")
    store = Store.open(path)
    store.save_memos("fragment", {"k": b"memo"}, {})
    store.commit()
    assert store.memos("fragment") == {"k": b"memo"}
    store.close()


def test_without_a_path_nothing_reaches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store.open(None)
    store.save_memos("fragment", {"k": b"memo"}, {})
    store.commit()
    store.close()
    assert list(tmp_path.iterdir()) == []


def test_what_was_saved_is_there_for_others_while_the_cache_is_set_aside_and_after(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "cache.db")
    store.save_memo("plan", "/out", b"plan")
    with store.set_aside():
        other = Store.open(tmp_path / "cache.db")
        assert other.memo("plan", "/out", bytes) == b"plan"
        other.save_memo("plan", "/other", b"theirs")
        other.commit()
        other.close()
    assert (store.memo("plan", "/out", bytes), store.memo("plan", "/other", bytes)) == (b"plan", b"theirs")
    store.close()


def save(store: Store) -> None:
    store.save_parses([(f"content/{number}.md", "key", b"card", b"value", "x" * 50) for number in range(2000)])


def test_a_cache_that_may_not_be_written_is_told_from_a_damaged_one(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    store = Store.open(path)
    save(store)
    (page,) = store._rows("SELECT rootpage FROM sqlite_master WHERE name = 'cards'")[0]
    store.commit()
    store._connection.execute("PRAGMA query_only = ON")
    with pytest.raises(RefusedCacheError):
        save(store)
    store.close()
    run("CREATE TRIGGER theirs BEFORE INSERT ON cards BEGIN SELECT RAISE(ABORT, 'no'); END")(path)
    store = Store.open(path)
    with pytest.raises(DamagedCacheError):
        save(store)
    store.close()
    run("DROP TRIGGER theirs")(path)
    data = path.read_bytes()
    path.write_bytes(data[: (page - 1) * 16384] + b"\xff" * 16384 + data[page * 16384 :])
    store = Store.open(path)
    with pytest.raises(DamagedCacheError):
        save(store)
    store.close()


# ---- long lists -----------------------------------------------------------------------------------------------------


def numbers(data: bytes) -> list[int]:
    return [int(number) for number in data.split()]


def text(some: Sequence[int]) -> bytes:
    return b" ".join(b"%d" % number for number in some)


@pytest.mark.parametrize("after", [0, 1, RUN, RUN + 1, 3 * RUN, 5 * RUN])
def test_a_list_is_given_back_as_it_was_saved_last(tmp_path: Path, after: int) -> None:
    before, now = list(range(3 * RUN)), [number + (number == 7) for number in range(after)]
    store = Store.open(tmp_path / "cache.db")
    store.save_runs("k", "/out", [1, 2], [], text)
    store.save_runs("k", "/out other", [3], [], text)
    store.save_runs("k", "/out", before, [1, 2], text)
    store.save_runs("k", "/out", now, before, text)
    assert (store.runs("k", "/out", numbers), store.runs("k", "/out other", numbers)) == (now, [3])


def test_of_a_list_only_what_differs_is_written(tmp_path: Path) -> None:
    before = list(range(3 * RUN))
    now = [*before[:-1], 0]
    store, written = Store.open(tmp_path / "cache.db"), []
    store.save_runs("k", "", before, [], text)
    store.save_runs("k", "", now, before, lambda some: written.append(some) or text(some))
    assert (written, store.runs("k", "", numbers)) == ([now[2 * RUN :]], now)


def test_many_cards_come_in_runs_and_those_that_are_not_wanted_stay_away(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "cache.db")
    names = [f"content/{number:05}.md" for number in range(2 * RUN + 1)]
    store.save_parses([(name, "key", name.encode(), b"value", "") for name in names])
    wanted = {name: digest.of_bytes(name.encode()) for name in names if name != names[5]}
    runs = list(store.cards(wanted))
    assert [len(run) for run in runs] == [RUN - 1, RUN, 1]
    assert dict(ChainMap(*runs)) == {name: name.encode() for name in names if name != names[5]}
    store.close()

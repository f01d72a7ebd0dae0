"""Pagefind as a service: the same bytes for the same records, whatever its hash maps do; failures are told."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import cbor2
import pytest

from newsgen.engine import pagefind
from newsgen.engine.pagefind import PagefindError
from newsgen.model import SearchRecord

RECORDS = [
    SearchRecord(
        url=f"/a/{number}/",
        content=f"harbour tide number{number % 7} <b> & storm",
        language="en",
        meta={"title": f"T {number}", "summary": "s", "date": "2026-05-01"},
        filters={"tag": (f"T{number % 9}", f"U{number % 5}"), "year": (str(2000 + number % 6),), "section": ("World",)},
        sort={"date": str(number % 3), "other": str(number % 4)},
    )
    for number in range(40)
]


def opened(data: bytes) -> object:
    return cbor2.loads(gzip.decompress(data).removeprefix(b"pagefind_dcd"))


def test_the_same_records_give_the_same_bytes() -> None:
    made = [pagefind.index(RECORDS) for _ in range(4)]
    assert made[1:] == made[:-1]


def test_what_hash_maps_hold_is_in_order_and_named_by_what_it_holds() -> None:
    files = pagefind.index(RECORDS)
    filters = dict(opened(data) for path, data in files.items() if path.startswith("filter/"))
    assert {name: [value for value, _ in values] for name, values in filters.items()} == {
        "section": ["World"],
        "tag": [*(f"T{n}" for n in range(9)), *(f"U{n}" for n in range(5))],
        "year": [str(2000 + n) for n in range(6)],
    }
    assert [*(entry := json.loads(files["pagefind-entry.json"]))] == sorted(entry)
    (meta,) = [opened(data) for path, data in files.items() if path.endswith(".pf_meta")]
    assert {f"filter/{name}.pf_filter" for _, name in meta[3]} == {path for path in files if path.startswith("filter/")}
    assert [name for name, _ in meta[3]] == ["section", "tag", "year"]
    assert [name for name, _ in meta[4]] == ["date", "other"]


def test_of_its_own_looks_nothing_is_kept() -> None:
    files = pagefind.index(RECORDS[:1])
    assert [path for path in files if path.endswith((".js", ".css"))] == ["pagefind-worker.js", "pagefind.js"]


READ = """import base64, json, sys
def answer(payload): print(base64.b64encode(json.dumps({"payload": payload}).encode()).decode(), end=",", flush=True)
sys.stdin.buffer.read1(1 << 20)"""
"""Reads the first requests, which come together."""


@pytest.mark.parametrize(
    ("program", "what"),
    [
        ("import sys; sys.exit(3)", "Broken pipe|ended before"),
        ("import sys; sys.stdin.buffer.read(5)", "Broken pipe|ended before"),
        (f"{READ}; sys.exit()", "^it ended before its work was done$"),
        (f"{READ}; answer({{'type': 'Error', 'message': 'no' * 500}})", f"^{'no' * 100}$"),
        (f"{READ}; answer({{'type': 'Files'}})", "^it ended before its work was done$"),
        (f"{READ}; [answer({{'type': 'Files'}}) for _ in range(3)]", "^KeyError: 'files'$"),
        (f"{READ}; [answer({{'files': [{{'path': 'pagefind-entry.json', 'content': 'e30='}}]}}) for _ in range(3)]", "^KeyError: 'type'$"),
    ],
    ids=["it ends at once", "it ends early", "it reads and ends", "it says what is wrong", "it ends in between", "it says nothing", "it speaks otherwise"],
)  # fmt: skip
def test_a_failure_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, what: str) -> None:
    file = tmp_path / "program"
    file.write_text(f"#!{sys.executable}\n{program}\n")
    file.chmod(0o755)
    monkeypatch.setattr(pagefind, "_executable", lambda: file)
    with pytest.raises(PagefindError, match=what):
        pagefind.index(RECORDS[:1] if READ in program else RECORDS * 50)


def test_files_of_another_form_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagefind, "_SIGNATURE", b"another")
    with pytest.raises(PagefindError, match="ValueError: a file of its index has another form than newsgen knows"):
        pagefind.index(RECORDS[:1])


def test_without_what_reads_its_files_there_are_no_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(pagefind.tools()) > 2
    monkeypatch.setattr(pagefind, "installed", lambda _: {"pagefind_bin-1.5.2.dist-info": Path()})
    assert pagefind.tools() == ()

"""A batch of raw texts of five invented outlets whose truth is known: what the importer finds of it, with floors."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from newsgen.importers.piece import Piece
from newsgen.importers.raw import TextReader
from tests.importers.outlets import Truth, batch
from tests.importers.papers import papers

READER = TextReader("en")


def read(truths: Sequence[Truth], names: Sequence[str] = ()) -> list[Piece]:
    named = list(zip(names or [one.name for one in truths], truths, strict=True))
    counted = READER.surveyed([READER.survey(name, one.data) for name, one in named])
    return [READER.read(name, one.data, counted)[0] for name, one in named]


def lines(piece: Piece) -> Counter[str]:
    return Counter(one.text for one in piece.cuts if not one.part)


ALMOST_ALL = {"precision": 0.995, "recall": 0.98, "titles": 0.99, "outlets": 0.99}


@pytest.mark.parametrize(
    ("made", "count", "flat", "floors"),
    [
        (batch, 25, False, {"precision": 0.99, "recall": 0.9, "titles": 0.8, "outlets": 0.95}),
        (batch, 250, False, ALMOST_ALL),
        (batch, 600, True, ALMOST_ALL),
        (papers, 50, False, ALMOST_ALL),
        (papers, 250, True, ALMOST_ALL),
    ],
)
def test_of_five_outlets_nearly_all_is_found(
    made: Callable[..., Iterator[Truth]], count: int, flat: bool, floors: dict[str, float]
) -> None:
    truths = list(made(count, seed=7))
    pieces = read(truths, [one.name.replace("/", "-") if flat else one.name for one in truths])
    cut, true = sum((lines(one) for one in pieces), Counter[str]()), Counter(line for one in truths for line in one.cut)
    right = sum((lines(piece) & Counter(one.cut)).total() for piece, one in zip(pieces, truths, strict=True))
    pairs = list(zip(pieces, truths, strict=True))
    found = {
        "precision": right / cut.total(),
        "recall": right / true.total(),
        "titles": sum(piece.fields["title"] == one.title for piece, one in pairs) / count,
        "outlets": sum(piece.fields.get("source_name", "") == one.outlet for piece, one in pairs) / count,
    }
    assert {name: (value, floors[name]) for name, value in found.items() if value < floors[name]} == {}
    assert sum(piece.fields["lang"] != one.lang for piece, one in pairs) * 100 <= count
    assert [one.name for piece, one in pairs if str(piece.fields.get("date", ""))[:10] != one.date] == []
    assert [one.name for piece, one in pairs if tuple(piece.fields.get("authors", ())) != one.authors] == []


def test_endings_of_headlines_are_no_outlets_however_many_texts_there_are() -> None:
    texts = [
        f"Ship {n} is late – Police\n\nThe ship with number {n} was late on Monday, it was said." for n in range(5)
    ]
    others = [f"Bus {n} is early\n\nThe bus with number {n} was early on Monday, it was said." for n in range(95)]
    counted = READER.surveyed([READER.survey(f"{n}.txt", text.encode()) for n, text in enumerate([*texts, *others])])
    (piece,) = READER.read("0.txt", texts[0].encode(), counted)
    assert piece.fields["title"] == "Ship 0 is late – Police"


def test_a_sentence_with_which_half_of_the_texts_end_is_the_outlets() -> None:
    ends = ("Our standards: be fair.", "Tips? Write to desk@example.org and tell us.")
    texts = [f"Ship {n} is late\n\nThe ship with number {n} was late.\n\n{ends[n % 2]}" for n in range(10)]
    texts[0] = "Be fair, they say\n\nOur standards: be fair.\n\nThis is what all of them agreed on, at last."
    counted = READER.surveyed([READER.survey(f"{n}.txt", text.encode()) for n, text in enumerate(texts)])
    pieces = [READER.read(f"{n}.txt", text.encode(), counted)[0] for n, text in enumerate(texts)]
    assert [piece.body.count("standards") + piece.body.count("Tips") for piece in pieces] == [1, *[0] * 9]
    assert pieces[1].cuts[-1].reason == "recurs in 5 of 10 texts"


def test_near_duplicates_are_named_and_others_are_not() -> None:
    truths = [one for one in batch(100, seed=3) if one.name.startswith(("coast", "haiwan"))]
    texts = {one.name: one.data.decode(one.encoding) for one in truths}
    changed = {f"copy/{name}": f"{text.replace('said', 'told', 1)}\n\nCorrected." for name, text in texts.items()}
    given = {**texts, **changed}
    counted = READER.surveyed([READER.survey(name, text.encode()) for name, text in given.items()])
    near = {name: READER.read(name, text.encode(), counted)[0].near for name, text in given.items()}
    assert {name for name, of in near.items() if of} == set(changed)
    assert {name: of.rpartition(" (")[0] for name, of in near.items() if of} == {f"copy/{name}": name for name in texts}


HEADED = """\
TITLE: Ferry is late again - Coast News
LINK: https://coast.example/ferry?id=1
DATE: 3 May 2026
AUTHOR: Ada Berg and Bo Ek
SOURCE: Coast News Online

The ferry to Holm was late again on Monday, the harbour office said, and nobody minded.
"""


def test_a_header_states_what_its_labels_say() -> None:
    (piece,) = READER.read("a.txt", HEADED.encode(), READER.surveyed([]))
    assert {key: str(value) for key, value in piece.fields.items()} == {
        "title": "Ferry is late again - Coast News",
        "date": "2026-05-03",
        "authors": "['Ada Berg', 'Bo Ek']",
        "description": "The ferry to Holm was late again on Monday, the harbour office said, and nobody minded.",
        "lang": "en",
        "source_name": "Coast News Online",
        "extra": "{'link': 'https://coast.example/ferry?id=1'}",
    }
    assert [(one.lines, one.text, one.reason) for one in piece.cuts] == [
        ((0,), "TITLE: ", "label of a header"),
        *(((n,), line, "header") for n, line in enumerate(HEADED.split("\n")[1:5], 1)),
    ]
    assert piece.evidence["date"] == piece.evidence["source_name"] == "header"


@pytest.mark.parametrize("text", ["Source: the harbour office\n\nThe ferry was late on Monday, it was said.\n"])
def test_a_label_without_a_title_or_a_link_is_no_header(text: str) -> None:
    (piece,) = READER.read("a.txt", text.encode(), READER.surveyed([]))
    assert piece.fields["title"] == "Source: the harbour office"


def newsgen(*words: str | Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "newsgen", *map(str, words)], stdout=subprocess.DEVNULL)


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    for one in batch(160, seed=5):
        path = tmp_path / "texts" / one.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(one.data)
    return tmp_path / "texts"


def site(folder: Path) -> Path:
    folder.mkdir()
    (folder / "newsgen.toml").write_text('title = "Paper"\n')
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in (folder / "content").rglob("*")}


def counts(folder: Path) -> dict[str, int]:
    told = json.loads((folder / ".newsgen/import.json").read_text("utf-8"))
    assert sum(told["counts"].values()) == told["pieces"] == len(told["files"])
    return {result: count for result, count in told["counts"].items() if count}


def test_one_process_or_several_and_a_kill_between_make_no_difference(tmp_path: Path, texts: Path) -> None:
    one, several, killed = (site(tmp_path / name) for name in ("one", "several", "killed"))
    assert newsgen("-C", one, "import", texts, "--jobs", "1").wait() == 0
    assert newsgen("-C", several, "import", texts, "--jobs", "3").wait() == 0
    run = newsgen("-C", killed, "import", texts, "--jobs", "2")
    until = time.monotonic() + 60
    while not list((killed / "content").glob("*.md"))[20:]:
        assert time.monotonic() < until
        time.sleep(0.002)
    run.send_signal(signal.SIGKILL)
    run.wait()
    before = len(content(killed))
    assert newsgen("-C", killed, "import", texts).wait() == 0
    assert content(one) == content(several) == content(killed)
    assert counts(one) == counts(several) == {"written": 160}
    assert set(counts(killed)) <= {"written", "unchanged"}
    assert 0 < before <= 160
    assert not list(killed.rglob("*.tmp"))

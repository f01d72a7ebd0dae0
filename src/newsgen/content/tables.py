"""Data files of charts: CSV, its first column labels and all others numbers."""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from newsgen.diagnostics import Diagnostic, Place, warning
from newsgen.model import Row, Table

MOST_BYTES: Final = 256 * 1024
MOST_ROWS: Final = 400
MOST_COLUMNS: Final = 6  # of numbers: no more can be told apart

_UNPRINTABLE: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML cannot carry
_NUMBERS: Final = {",": re.compile(r"-?\d{1,15}(?:\.\d{1,15})?"), ";": re.compile(r"-?\d{1,15}(?:,\d{1,15})?")}
_FORMS: Final = {",": "1234.5", ";": "1234,5"}


def read(path: str, data: bytes) -> tuple[Table | None, list[Diagnostic]]:
    """The table of the file `path`, None where it holds none, and what is wrong with it."""
    said: list[Diagnostic] = []

    def refused(message: str, help: str, line: int = 0) -> tuple[None, list[Diagnostic]]:
        return None, [*said, warning("NG-230", Place(path, line), message, f"{help} The chart is left out.")]

    if len(data) > MOST_BYTES:
        return refused(f"data file of {len(data) // 1024:,} kB is too large", "A chart shows a few dozen rows.")
    try:
        text = _UNPRINTABLE.sub("", data.decode("utf-8-sig"))
    except UnicodeDecodeError as mistake:
        line = data.count(b"\n", 0, mistake.start) + 1
        return refused(f"not UTF-8 text: wrong at byte {mistake.start}", "Save the file as UTF-8.", line)
    first = text.split("\n", 1)[0]
    sign = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as mistake:
        return refused(f"no CSV: {mistake}", "Close quotation marks, and double those within a cell.", reader.line_num)
    head = [cell.strip() for cell in lines[0][1]] if lines else []
    if not 2 <= len(head) <= MOST_COLUMNS + 1:
        help = f"Its first line names a column of labels and one to {MOST_COLUMNS} of numbers, divided by commas."
        return refused(f"a table of {len(head)} columns", help, 1)
    if len(lines) > MOST_ROWS + 1:
        return refused(f"a table of {len(lines) - 1} rows", f"A chart shows {MOST_ROWS} at most.")
    rows: list[Row] = []
    for line, cells in lines[1:]:
        if len(cells) != len(head):
            message = f"the row has {len(cells)} cells, the first has {len(head)}"
            said.append(warning("NG-232", Place(path, line), message, "A cell that holds the dividing sign is quoted."))
        values = (cells[1:] + [""] * len(head))[: len(head) - 1]
        rows.append(Row(cells[0].strip(), tuple([_number(cell, sign, Place(path, line), said) for cell in values])))
    if not any(value is not None for row in rows for value in row.values):
        return refused("data file without a number", f"Write numbers as {_FORMS[sign]}.")
    return Table(tuple(head), tuple(rows)), said


def _number(cell: str, sign: str, place: Place, said: list[Diagnostic]) -> float | None:
    text = cell.strip().replace("−", "-")
    if not text:
        return None
    if _NUMBERS[sign].fullmatch(text):
        return float(text.replace(",", "."))
    help = f"Write it as {_FORMS[sign]}, or leave the cell empty. It is left out."
    said.append(warning("NG-231", place, f'"{cell.strip()[:40]}" is no number', help))
    return None

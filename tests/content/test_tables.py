"""Data files of charts: what is read of them, and what is told of a cell or a row that is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.content.tables import MOST_BYTES, MOST_ROWS, read

PATH = "content/world/a.csv"

GOOD: dict[bytes, list[tuple[str, list[float | None]]]] = {
    b"Year,Old,New\n2024,1,2.5\n2025,-3,\n": [("2024", [1, 2.5]), ("2025", [-3, None])],
    b"\xef\xbb\xbfJahr;Alt\r\n2024;1,5\r\n\r\n2025;1000\r\n": [("2024", [1.5]), ("2025", [1000])],
    b"a,b\nx\0\x0c,1\n": [("x", [1])],
    'Name,"a, b"\n"x ""y"", z", 7 \nü,−1\n'.encode(): [('x "y", z', [7]), ("ü", [-1])],
}


@pytest.mark.parametrize("data", GOOD)
def test_a_table_has_labels_and_numbers(data: bytes) -> None:
    table, said = read(PATH, data)
    assert table
    assert not said
    assert [(row.label, [*row.values]) for row in table.rows] == GOOD[data]


BAD = {
    b"": "NG-230 1 a table of 0 columns",
    b"a\nx\n": "NG-230 1 a table of 1 columns",
    b"a,b,c,d,e,f,g,h\n": "NG-230 1 a table of 8 columns",
    b"a,b\n": "NG-230 0 data file without a number",
    b"a,b\nx,\n": "NG-230 0 data file without a number",
    b"a,b\n\xff,1\n": "NG-230 2 not UTF-8 text: wrong at byte 4",
    b'a,b\n"x,1\n': "NG-230 2 no CSV: unexpected end of data",
    b"a,b\n" + b"x,1\n" * (MOST_ROWS + 1): f"NG-230 0 a table of {MOST_ROWS + 1} rows",
    b"a,b\n" + b"x" * MOST_BYTES: "NG-230 0 data file of 256 kB is too large",
}


@pytest.mark.parametrize("data", BAD)
def test_what_is_no_table_is_told(data: bytes) -> None:
    table, said = read(PATH, data)
    assert table is None
    assert f"{said[-1].code} {said[-1].place.line} {said[-1].message}" == BAD[data]
    assert {one.severity for one in said} == {"warning"}


CELLS = {
    b"a,b\nx,1\ny,1.234.5\n": 'NG-231 3 "1.234.5" is no number',
    b"a,b\nx,1\ny,n/a\n": 'NG-231 3 "n/a" is no number',
    b"a,b\nx,1\ny,1e5\n": 'NG-231 3 "1e5" is no number',
    b"a,b\nx,1\ny,nan\n": 'NG-231 3 "nan" is no number',
    b"a;b\nx;1\ny;1.234\n": 'NG-231 3 "1.234" is no number',  # one and a bit, or more than a thousand?
    b"a,b\nx,1\ny\n": "NG-232 3 the row has 1 cells, the first has 2",
    b"a,b\nx,1\ny,2,3\n": "NG-232 3 the row has 3 cells, the first has 2",
}


@pytest.mark.parametrize("data", CELLS)
def test_a_wrong_cell_is_told_and_left_out(data: bytes) -> None:
    table, said = read(PATH, data)
    assert table
    assert [f"{one.code} {one.place.line} {one.message}" for one in said] == [CELLS[data]]


@given(st.binary(max_size=200) | st.text(st.sampled_from('a,;"\n1.-\r\0é'), max_size=80).map(str.encode))
def test_any_file_is_a_table_or_told(data: bytes) -> None:
    table, said = read(PATH, data)
    assert table or said
    if table:
        assert all(len(row.values) == len(table.head) - 1 for row in table.rows)

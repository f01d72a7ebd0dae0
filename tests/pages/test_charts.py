"""Charts: what is drawn of a table, in whose language; whatever the numbers, it is well formed and within its frame."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.content.blocks import CHARTS
from newsgen.model import Row, Table
from newsgen.pages.charts import WIDTH, chart
from newsgen.pages.languages import language

ENGLISH, ARABIC = language("en"), language("ar")
TWO = Table(("Year", "Old"), (Row("2024", (1.5,)), Row("A & <b>", (3.0,))))

BARS = """\
<svg class="chart" direction="ltr" role="img" width="340" height="80" viewBox="0 0 340 80" font-size="13" \
fill="currentColor">
<title>Chart</title>
<desc>From 1.5% (2024) to 3% (A &amp; &lt;b&gt;)</desc>
<text x="0" y="15">2024</text>
<rect x="0" y="20" width="153" height="12" fill="var(--chart-1, #c0343c)"/>
<text x="158" y="31" font-size="12">1.5%</text>
<text x="0" y="55">A &amp; &lt;b&gt;</text>
<rect x="0" y="60" width="306" height="12" fill="var(--chart-1, #c0343c)"/>
<text x="311" y="71" font-size="12">3%</text>
</svg>"""


def test_bars() -> None:
    assert chart(TWO, "bar", ENGLISH, unit="%") == BARS


def test_columns_and_lines_stand_on_a_scale_of_round_numbers() -> None:
    for kind, drawn in (("column", "<rect"), ("line", "<polyline")):
        text = chart(TWO, kind, ENGLISH)
        assert re.findall(r'text-anchor="end"[^>]*>([^<]*)<', text) == ["0", "1", "2", "3"]
        assert drawn in text


def test_numbers_are_in_the_language_of_the_page() -> None:
    table = Table(("a", "b"), (Row("x", (1234.5,)),))
    assert "1.234,5\xa0km" in chart(table, "bar", language("de"), unit="km")
    assert "1,234.5\xa0km" in chart(table, "bar", ENGLISH, unit="km")


def test_what_is_written_from_right_to_left_is_drawn_so() -> None:
    assert '<rect x="187" y="20" width="153"' in chart(TWO, "bar", ARABIC, unit="%")
    assert 'x="340" y="15" text-anchor="end">2024' in chart(TWO, "bar", ARABIC)


def test_a_gap_breaks_a_line() -> None:
    values = (1.0, 2.0, None, 3.0, None)
    text = chart(Table(("a", "b"), tuple(Row("x", (value,)) for value in values)), "line", ENGLISH)
    assert (text.count("<polyline"), text.count("<circle")) == (1, 1)


def test_columns_below_zero_hang_from_it() -> None:
    text = chart(Table(("a", "b"), (Row("x", (-5.0,)), Row("y", (5.0,)))), "column", ENGLISH)
    tops = [float(y) for y in re.findall(r'<rect [^>]*y="([\d.]+)"', text)]
    assert tops[0] > tops[1]


NUMBERS = st.none() | st.floats(-1e15, 1e15).map(lambda number: round(number, 6))
TABLES = (
    st.integers(1, 6)
    .flatmap(
        lambda series: st.builds(
            Table,
            st.lists(st.text(max_size=12), min_size=series + 1, max_size=series + 1).map(tuple),
            st.lists(
                st.builds(Row, st.text(max_size=12), st.lists(NUMBERS, min_size=series, max_size=series).map(tuple)),
                min_size=1,
                max_size=12,
            ).map(tuple),
        )
    )
    .filter(lambda table: any(value is not None for row in table.rows for value in row.values))
)


@pytest.mark.parametrize("kind", CHARTS)
@given(table=TABLES)
def test_any_table_is_drawn_within_its_frame(kind: str, table: Table) -> None:
    text = chart(table, kind, ENGLISH)
    assert text == chart(table, kind, ENGLISH)
    root = ET.fromstring(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text))
    height = float(root.get("height", ""))
    for one in root.iter():
        x, y, wide, high = (float(one.get(name, "0")) for name in ("x", "y", "width", "height"))
        if one.tag == "rect":
            assert x >= -0.1
            assert x + wide <= WIDTH + 0.1
            assert y >= 0
            assert y + high <= height + 0.1

"""Charts as SVG: bars, columns and lines. The same table gives the same bytes; colours and letters are the page's."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from html import escape
from typing import Final

from markupsafe import Markup

from newsgen.model import Table
from newsgen.pages.languages import Language, direction

WIDTH: Final = 340
HEIGHT: Final = 200  # of columns and lines
SIZE: Final = 13  # of letters: the width of a phone shows them nearly as large
_COLOURS: Final = ("#c0343c", "#2f7fc1", "#3a9a68", "#c9731c", "#8d6cc4", "#85817a")
_DASHES: Final = ("", "7 4", "2 4", "10 4 2 4", "5 3", "1 3")


def chart(table: Table, kind: str, language: Language, title: str = "", unit: str = "") -> Markup:
    """The SVG of a table; `kind` is "bar", "column" or "line", `unit` stands behind its numbers."""
    drawing = _Drawing(table, language, unit)
    body = {"bar": drawing.bars, "column": drawing.columns, "line": drawing.lines}[kind]()
    known = [(value, row.label) for row in table.rows for value in row.values if value is not None]
    low, high = min(known), max(known)
    told = language.say(
        "From %(low)s (%(low_at)s) to %(high)s (%(high_at)s)",
        low=drawing.said(low[0]),
        low_at=low[1],
        high=drawing.said(high[0]),
        high_at=high[1],
    )
    head = f"<title>{escape(title or language.say('Chart'))}</title>\n<desc>{escape(told)}</desc>\n"
    size = f'width="{WIDTH}" height="{_n(drawing.height)}" viewBox="0 0 {WIDTH} {_n(drawing.height)}"'
    attributes = f'role="img" {size} font-size="{SIZE}" fill="currentColor"'
    return Markup(f'<svg class="chart" direction="ltr" {attributes}>\n{head}{"".join(body)}</svg>')  # noqa: S704 - all text in it is escaped


class _Drawing:
    """Draws one table. What is written from right to left is drawn as in a mirror."""

    def __init__(self, table: Table, language: Language, unit: str) -> None:
        self.table, self.language, self.unit = table, language, unit
        self.mirrored = direction(language.tag) == "rtl"
        self.series = len(table.head) - 1
        self.height = 0.0
        values = [value for row in table.rows for value in row.values if value is not None]
        self.ticks = _ticks(min(0.0, *values), max(0.0, *values))

    def said(self, value: float) -> str:
        number = self.language.number(int(value) if value == int(value) else value)
        return f"{number}{'' if self.unit in ('', '%') else chr(0xA0)}{self.unit}"

    def bars(self) -> list[str]:
        """Rows, one below the other: the label, below it a bar for each series with its value behind it."""
        drawn = [*self.legend()]
        values = [value for row in self.table.rows for value in row.values if value is not None]
        low, high = min(0.0, *values), max(0.0, *values)
        room = WIDTH - 4 - 7.5 * max(len(self.said(value)) for value in values)
        scale = room / (high - low or 1)
        for row in self.table.rows:
            self.height += SIZE + 2
            drawn.append(self.text(0, self.height, row.label))
            self.height += 5
            for number, value in enumerate(row.values):
                if value is not None:
                    start, end = (min(0.0, value) - low) * scale, (max(0.0, value) - low) * scale
                    drawn.append(self.rect(start, self.height, max(end - start, 1), 12, number))
                    drawn.append(self.text(end + 5, self.height + 11, self.said(value), small=True))
                self.height += 15
            self.height += 5
        if low < 0:
            drawn.append(self.line(-low * scale, 0, -low * scale, self.height, ""))
        return drawn

    def columns(self) -> list[str]:
        drawn, left, y = self.axes()
        slot = (WIDTH - left) / len(self.table.rows)
        thick = slot * 0.76 / self.series
        for at, row in enumerate(self.table.rows):
            for number, value in enumerate(row.values):
                if value is not None:
                    top, bottom = min(y(value), y(0)), max(y(value), y(0))
                    x = left + slot * (at + 0.12) + thick * number
                    drawn.append(self.rect(x, top, thick * 0.94, max(bottom - top, 1), number))
        return [*drawn, *self.labels(left)]

    def lines(self) -> list[str]:
        drawn, left, y = self.axes(dashed=True)
        slot = (WIDTH - left) / len(self.table.rows)
        for number in range(self.series):
            runs: list[list[str]] = [[]]
            for at, row in enumerate(self.table.rows):
                if (value := row.values[number]) is None:
                    runs.append([])
                else:
                    runs[-1].append(f"{_n(self.x(left + slot * (at + 0.5)))},{_n(y(value))}")
            style = (
                f'fill="none" stroke="{_colour(number)}" stroke-width="2.5" stroke-linejoin="round"{_dashes(number)}'
            )
            for points in runs:
                if len(points) == 1:
                    x, height = points[0].split(",")
                    drawn.append(f'<circle cx="{x}" cy="{height}" r="3" fill="{_colour(number)}"/>\n')
                elif points:
                    drawn.append(f'<polyline points="{" ".join(points)}" {style}/>\n')
        return [*drawn, *self.labels(left)]

    # ---- parts ----

    def legend(self, *, dashed: bool = False) -> Iterator[str]:
        """The names of the series, where there are several, in as many lines as they need."""
        at = 0.0
        for number, name in enumerate(self.table.head[1:] if self.series > 1 else ()):
            wide = 36 + 7 * len(name)
            if at == 0 or at + wide > WIDTH:
                at = 0.0
                self.height += SIZE + 6
            dashes = _dashes(number) if dashed else ""
            x1, x2, y = _n(self.x(at)), _n(self.x(at + 16)), _n(self.height - 4)
            yield f'<path d="M{x1} {y}H{x2}" stroke="{_colour(number)}" stroke-width="5"{dashes}/>\n'
            yield self.text(at + 21, self.height, name)
            at += wide
        self.height += 6 if self.series > 1 else 0

    def axes(self, *, dashed: bool = False) -> tuple[list[str], float, Callable[[float], float]]:
        """The lines of the scale with their numbers; where they end, and the height of a value."""
        drawn = [*self.legend(dashed=dashed)]
        top, bottom = self.height + SIZE, self.height + HEIGHT
        low, high = self.ticks[0], self.ticks[-1]
        texts = [self.said(tick) for tick in self.ticks]
        left = 8 + 7 * max(len(text) for text in texts)

        def y(value: float) -> float:
            return bottom - (value - low) / (high - low) * (bottom - top)

        for tick, text in zip(self.ticks, texts, strict=True):
            drawn.append(self.line(left, y(tick), WIDTH, y(tick), "" if tick == 0 else ' stroke-opacity=".2"'))
            drawn.append(self.text(left - 6, y(tick) + 4, text, end=True, small=True))
        self.height = bottom
        return drawn, left, y

    def labels(self, left: float) -> Iterator[str]:
        """The labels of the rows below the scale: as many as have room."""
        rows = self.table.rows
        slot = (WIDTH - left) / len(rows)
        every = math.ceil((7.5 * max(len(row.label) for row in rows) + 6) / slot)
        self.height += SIZE + 6
        for at in range(0, len(rows), every):
            middle = left + slot * (at + 0.5)
            half = 3.6 * len(rows[at].label)
            yield self.text(min(max(middle, half), WIDTH - half), self.height, rows[at].label, middle=True)
        self.height += 6

    def x(self, at: float) -> float:
        return WIDTH - at if self.mirrored else at

    def text(
        self, x: float, y: float, text: str, *, end: bool = False, middle: bool = False, small: bool = False
    ) -> str:
        anchor = ' text-anchor="middle"' if middle else ' text-anchor="end"' if end != self.mirrored else ""
        size = f' font-size="{SIZE - 1}"' if small else ""
        return f'<text x="{_n(self.x(x))}" y="{_n(y)}"{anchor}{size}>{escape(text)}</text>\n'

    def rect(self, x: float, y: float, width: float, height: float, series: int) -> str:
        left = self.x(x) - (width if self.mirrored else 0)
        place = f'x="{_n(left)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        return f'<rect {place} fill="{_colour(series)}"/>\n'

    def line(self, x1: float, y1: float, x2: float, y2: float, more: str) -> str:
        ends = f"M{_n(self.x(x1))} {_n(y1)}L{_n(self.x(x2))} {_n(y2)}"
        return f'<path d="{ends}" stroke="currentColor"{more}/>\n'


def _colour(series: int) -> str:
    return f"var(--chart-{series + 1}, {_COLOURS[series]})"


def _dashes(series: int) -> str:
    return f' stroke-dasharray="{_DASHES[series]}"' if _DASHES[series] else ""


def _n(number: float) -> str:
    """A coordinate in as few digits as can be seen."""
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers, about five, from `low` or below to `high` or above."""
    span = high - low or 1.0
    power = 10.0 ** math.floor(math.log10(span / 4))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor * 4.5 >= span)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [float(f"{number * step:.12g}") for number in range(first, max(last, first + 1) + 1)]

"""The filters that templates have beside Jinja's: dates and numbers in words, and the three forms of an address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from newsgen.config import RenderSettings
from newsgen.model import Table
from newsgen.pages.languages import Language, direction, language_name


def filters(
    settings: RenderSettings, language: Language, assets: Mapping[str, str] = {}
) -> dict[str, Callable[..., Any]]:
    """The filters by name, for pages of `language`; `assets` are published under other names than templates give."""

    def asset(name: str) -> str:
        return f"{settings.base_path}assets/{assets.get(name, name)}"

    def link(path: str) -> str:
        return settings.base_path + path.lstrip("/")

    def absolute(url: str) -> str:
        return absolute_url(url, settings.origin)

    def isoformat(value: dt.datetime | None) -> str:
        return value.isoformat() if value else ""

    def chart(table: Table, kind: str = "bar", title: str = "", unit: str = "") -> str:
        from newsgen.pages import charts

        return charts.chart(table, kind, language, title, unit)

    words = (language.date, language.time, language.datetime, language.number, chart)
    return {one.__name__: one for one in (*words, direction, language_name, isoformat, asset, link, absolute)}


def absolute_url(url: str, origin: str) -> str:
    """A rooted URL with scheme and host; every other URL as it is."""
    return origin + url if url.startswith("/") and not url.startswith("//") else url

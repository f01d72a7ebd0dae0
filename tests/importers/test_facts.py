"""Bylines, dates, datelines, descriptions and slugs: what one line or one paragraph states."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.content import slugs
from newsgen.importers import dates
from newsgen.importers.byline import credits_of
from newsgen.importers.slug import slug_of
from newsgen.importers.summary import LIMIT, description


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Ann Lee", ["Ann Lee"]),
        ("BY ANN LEE", ["ANN LEE"]),
        ("By Ann Lee and Bo Ek", ["Ann Lee", "Bo Ek"]),
        ("By Ann Lee, Bo Ek and Cy Oh", ["Ann Lee", "Bo Ek", "Cy Oh"]),
        ("By Ann Lee, Political Editor", ["Ann Lee"]),
        ("By Ann Lee, Harbour Post", ["Ann Lee"]),
        ("By Ann Lee, Harbour Post, and Bo Ek, Reporter", ["Ann Lee", "Bo Ek"]),
        ("By Ann Lee in Paris", ["Ann Lee"]),
        ("By Ann Lee | 5 min read", ["Ann Lee"]),
        ("By Łukasz Grabiec", ["Łukasz Grabiec"]),
        ("By Ursula von der Heide", ["Ursula von der Heide"]),
        ("By Jean-Luc d’Arc", ["Jean-Luc d’Arc"]),
        ("By J. R. R. Holm Jr.", ["J. R. R. Holm Jr."]),
        ("By AFP", ["AFP"]),
        ("By 张伟", ["张伟"]),
        ("By accident the ship sank", None),
        ("By Tuesday the water had gone", None),
        ("By the sea", None),
        ("By Design", None),
        ("By Our Staff", None),
        ("By 2030 Riga will be dry", None),
        ("By Ann Lee, who was there, it was told otherwise", None),
        ("Ann Lee", None),
        ("Bylaws", None),
    ],
)
def test_authors_come_from_a_byline_and_from_nothing_else(line: str, authors: list[str] | None) -> None:
    found = credits_of(line, "en")
    assert (list(found.authors) if found else None) == authors


@pytest.mark.parametrize(
    ("line", "language", "authors"),
    [
        ("Von Ada Berg und Bo Ek", "de", ["Ada Berg", "Bo Ek"]),
        ("Von Ada Berg, Redakteurin", "de", ["Ada Berg"]),
        ("Von Ada Berg", "en", None),
        ("Par Léa Roux", "fr", ["Léa Roux"]),
        ("Автор: Ада Берг", "ru", ["Ада Берг"]),
        ("Autor: Ada Berg", "en", ["Ada Berg"]),
        ("מאת: עדה ברג", "he", ["עדה ברג"]),
        ("Von Hamburg nach Kiel", "de", None),
        ("Von der Küste in die Berge", "de", None),
        ("Par temps de pluie", "fr", None),
    ],
)
def test_bylines_of_other_languages(line: str, language: str, authors: list[str] | None) -> None:
    found = credits_of(line, language)
    assert (list(found.authors) if found else None) == authors


@pytest.mark.parametrize(
    ("line", "date", "updated"),
    [
        ("Stand: 03.05.2026, 14:20 Uhr", "2026-05-03 14:20:00", ""),
        ("Freitag | 3. Mai 2026 | 15:49", "2026-05-03 15:49:00", ""),
        ("Aktualisiert am 3. Mai 2026", "", "2026-05-03"),
        ("Publié le 1er mars 2026 à 14h20", "2026-03-01 14:20:00", ""),
        ("3 de mayo de 2026", "2026-05-03", ""),
        ("3 мая 2026 года, 12:30", "2026-05-03 12:30:00", ""),
        ("עודכן 03.05.2026", "", "2026-05-03"),
        ("2026年5月3日", "2026-05-03", ""),
        ("Am 3. Mai 2026 stieg die See", "", ""),
        ("Published 28 October 2026", "2026-10-28", ""),
        ("Published on October 28th, 2026", "2026-10-28", ""),
        ("28 October 2026", "2026-10-28", ""),
        ("Wednesday, 28 Oct. 2026", "2026-10-28", ""),
        ("2026-10-28", "2026-10-28", ""),
        ("2026-10-28T10:00:00Z", "2026-10-28 10:00:00+00:00", ""),
        ("Oct 28, 2026, 10:15 pm", "2026-10-28 22:15:00", ""),
        ("28 October 2026 at 10:15 GMT", "2026-10-28 10:15:00+00:00", ""),
        ("28 October 2026 10:15 EST", "2026-10-28", ""),
        ("Published 28 Oct 2026, updated 29 Oct 2026", "2026-10-28", "2026-10-29"),
        ("Updated 29 October 2026", "", "2026-10-29"),
        ("13/04/2026", "2026-04-13", ""),
        ("04/13/2026", "2026-04-13", ""),
        ("05.05.2026", "2026-05-05", ""),
        ("03/04/2026", "ambiguous", ""),
        ("Published 31 February 2026", "", ""),
        ("October 2026", "", ""),
        ("On 28 October 2026 the sea rose", "", ""),
        ("28 October", "", ""),
    ],
)
def test_dates_of_lines(line: str, date: str, updated: str) -> None:
    found = credits_of(line, "en")
    published = [str(one.date) for one in found.dates if not one.updated] if found else []
    later = [str(one.date) for one in found.dates if one.updated] if found else []
    doubtful = ["ambiguous" for _ in found.ambiguous] if found else []
    assert "".join(published + doubtful) == date
    assert "".join(later) == updated


@pytest.mark.parametrize(
    ("paragraph", "rest", "date"),
    [
        ("SINGAPORE, 3 November 2026 — Three navies", "Three navies", dt.date(2026, 11, 3)),
        ("PARIS, March 3, 2026 (Agency) — The", "The", dt.date(2026, 3, 3)),
        ("Rio de Janeiro (3 November 2026) – The", "The", dt.date(2026, 11, 3)),
        ("WASHINGTON, D.C., Nov. 3, 2026 -- The", "The", dt.date(2026, 11, 3)),
        ("ROTTERDAM — Ships wait", "Ships wait", None),
        ("KYIV, Ukraine (Agency) — A man", "A man", None),
        ("He said on 3 November 2026 — a Tuesday — that", None, None),
        ("On 3 November 2026 — a Tuesday — he", None, None),
        ("NATO – the alliance – said", None, None),
        ("Ships wait at the quay.", None, None),
    ],
)
def test_datelines(paragraph: str, rest: str | None, date: dt.date | None) -> None:
    found = dates.of_dateline(paragraph)
    assert (paragraph[found.length :] if found else None) == rest
    assert (found.stated.date if found and found.stated else None) == date


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2026-10-28-sea.txt", "2026-10-28"),
        ("2026-10-28.txt", "2026-10-28"),
        ("2026-02-30-sea.txt", ""),
        ("2026-10-281", ""),
    ],
)
def test_dates_of_file_names(name: str, date: str) -> None:
    found = dates.of_name(name)
    assert (str(found.date) if found else "") == date


WORDS = "the committee that met on Monday in the old town hall of the harbour to speak of ships"


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("A short one.", "A short one."),
        (f"Mr. Holm met {WORDS}. Then {WORDS} and {WORDS}.", f"Mr. Holm met {WORDS}."),
        (
            f"The U.S. senator J. Holm told {WORDS}, which it knew and will hear again, as it does each Monday.",
            f"The U.S. senator J. Holm told {WORDS}, which it knew and will hear again …",
        ),
        ("x" * 200, "x" * 158 + " …"),
        ("她说今天的天气非常好。" * 20, "她说今天的天气非常好。" * 14),
    ],
    ids=["whole", "sentence", "clause", "no-spaces", "chinese"],
)
def test_descriptions_end_where_a_reader_would_pause(paragraph: str, expected: str) -> None:
    assert description(paragraph) == expected


@given(st.text())
def test_descriptions_are_short_beginnings(paragraph: str) -> None:
    found = description(paragraph)
    assert len(found) <= LIMIT
    assert " ".join(paragraph.split()).startswith(found.removesuffix(" …"))


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Russia’s “war” & Peace: 50% off!", "russias-war-peace-50-off"),
        ("Łódź, Straße, Ångström and Ærø", "lodz-strasse-angstroem-and-aero"),
        ("中国经济", "中国经济"),
        ("Москва: второй", "москва-второй"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("2024-05-16 Diary", "20240516-diary"),
        ("İstanbul’da Ｆｕｌｌ ﬁne", "istanbulda-full-fine"),
        ("../../etc/passwd", "etc-passwd"),
        ("_index", "index"),
        ("word " * 30, "-".join(["word"] * 16)),
        ("con", ""),
        ("!!! … ???", ""),
    ],
)
def test_slugs(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@given(st.text())
def test_a_slug_is_one_safe_segment_of_at_most_80_characters(title: str) -> None:
    slug = slug_of(title)
    assert slugs.offence(slug or "article") == ""
    assert len(slug) <= 80
    assert not slug.startswith(("_", "-"))

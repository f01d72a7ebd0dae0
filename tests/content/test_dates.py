"""Dates as people write them, in four zones, across the hours that a clock skips and repeats."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen import config, model
from newsgen.content import dates

ZONES = {name: config.zone(name) for name in ("UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin")}
SKIPPED = ("2024-03-10 02:30", "2024-03-31 02:30")  # never on the clocks of New York, of Berlin
TWICE = ("2024-11-03 01:30", "2024-10-27 02:30")

FORMS = [
    # written, then ISO in UTC, Shanghai, New York and Berlin
    (
        "2024-05-16",
        "2024-05-16T00:00:00+00:00",
        "2024-05-16T00:00:00+08:00",
        "2024-05-16T00:00:00-04:00",
        "2024-05-16T00:00:00+02:00",
    ),
    (
        "2024-5-6",
        "2024-05-06T00:00:00+00:00",
        "2024-05-06T00:00:00+08:00",
        "2024-05-06T00:00:00-04:00",
        "2024-05-06T00:00:00+02:00",
    ),
    (
        "2024-01-16 08:30",
        "2024-01-16T08:30:00+00:00",
        "2024-01-16T08:30:00+08:00",
        "2024-01-16T08:30:00-05:00",
        "2024-01-16T08:30:00+01:00",
    ),
    (
        "2024-01-16T8:30",
        "2024-01-16T08:30:00+00:00",
        "2024-01-16T08:30:00+08:00",
        "2024-01-16T08:30:00-05:00",
        "2024-01-16T08:30:00+01:00",
    ),
    (
        "2024-05-16 08:30:15",
        "2024-05-16T08:30:15+00:00",
        "2024-05-16T08:30:15+08:00",
        "2024-05-16T08:30:15-04:00",
        "2024-05-16T08:30:15+02:00",
    ),
    (
        "2024-05-16T08:30:15.999",
        "2024-05-16T08:30:15+00:00",
        "2024-05-16T08:30:15+08:00",
        "2024-05-16T08:30:15-04:00",
        "2024-05-16T08:30:15+02:00",
    ),
    (
        "2024-05-16T08:00:00Z",
        "2024-05-16T08:00:00+00:00",
        "2024-05-16T16:00:00+08:00",
        "2024-05-16T04:00:00-04:00",
        "2024-05-16T10:00:00+02:00",
    ),
    (
        "2024-05-16 08:00:00 UTC",
        "2024-05-16T08:00:00+00:00",
        "2024-05-16T16:00:00+08:00",
        "2024-05-16T04:00:00-04:00",
        "2024-05-16T10:00:00+02:00",
    ),
    (
        "2024-05-16 02:00:00 +0800",
        "2024-05-15T18:00:00+00:00",
        "2024-05-16T02:00:00+08:00",
        "2024-05-15T14:00:00-04:00",
        "2024-05-15T20:00:00+02:00",
    ),
    (
        "2024-05-16T02:00:00+08:00",
        "2024-05-15T18:00:00+00:00",
        "2024-05-16T02:00:00+08:00",
        "2024-05-15T14:00:00-04:00",
        "2024-05-15T20:00:00+02:00",
    ),
    (
        "2024-05-16 02:00 +08",
        "2024-05-15T18:00:00+00:00",
        "2024-05-16T02:00:00+08:00",
        "2024-05-15T14:00:00-04:00",
        "2024-05-15T20:00:00+02:00",
    ),
    (
        "2024-05-16 22:15 -0345",
        "2024-05-17T02:00:00+00:00",
        "2024-05-17T10:00:00+08:00",
        "2024-05-16T22:00:00-04:00",
        "2024-05-17T04:00:00+02:00",
    ),
    (
        SKIPPED[0],
        "2024-03-10T02:30:00+00:00",
        "2024-03-10T02:30:00+08:00",
        "2024-03-10T03:30:00-04:00",
        "2024-03-10T02:30:00+01:00",
    ),
    (
        SKIPPED[1],
        "2024-03-31T02:30:00+00:00",
        "2024-03-31T02:30:00+08:00",
        "2024-03-31T02:30:00-04:00",
        "2024-03-31T03:30:00+02:00",
    ),
    (
        TWICE[0],
        "2024-11-03T01:30:00+00:00",
        "2024-11-03T01:30:00+08:00",
        "2024-11-03T01:30:00-04:00",
        "2024-11-03T01:30:00+01:00",
    ),
    (
        TWICE[1],
        "2024-10-27T02:30:00+00:00",
        "2024-10-27T02:30:00+08:00",
        "2024-10-27T02:30:00-04:00",
        "2024-10-27T02:30:00+02:00",
    ),
    (
        "2024-11-03T06:30:00Z",
        "2024-11-03T06:30:00+00:00",
        "2024-11-03T14:30:00+08:00",
        "2024-11-03T01:30:00-05:00",
        "2024-11-03T07:30:00+01:00",
    ),
    (
        "1890-01-01",
        "1890-01-01T00:00:00+00:00",
        "1890-01-01T00:00:17+08:06",
        "1890-01-01T00:00:00-05:00",
        "1889-12-31T23:59:32+00:53",
    ),
]


@pytest.mark.parametrize(
    ("written", "zone", "iso"),
    [(written, zone, iso) for written, *by_zone in FORMS for zone, iso in zip(ZONES, by_zone, strict=True)],
)
def test_every_form_is_one_moment_in_every_zone(written: str, zone: str, iso: str) -> None:
    assert dates.read(written, ZONES[zone])[0].isoformat() == iso


@pytest.mark.parametrize(
    ("written", "day_only"),
    [("2024-05-16", True), (" 2024-5-6 ", True), ("2024-05-16 00:00", False), ("2024-05-16T00:00:00Z", False)],
)
def test_a_day_is_told_from_a_moment(written: str, day_only: bool) -> None:
    assert dates.read(written, dt.UTC)[1] is day_only


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2024-02-30", "day is out of range for month"),
        ("2023-02-29", "day is out of range for month"),
        ("2024-13-01", "month must be in 1..12"),
        ("0000-00-00", "year 0 is out of range"),
        ("2024-05-16 24:00", "hour must be in 0..23"),
        ("2024-05-16 10:60", "minute must be in 0..59"),
        ("2024-05-16T10:00:60", "second must be in 0..59"),
        ("2024-05-16 10:00 +24:00", '"+24:00" is no offset from UTC'),
        ("2024-05-16 10:00 +08:75", '"+08:75" is no offset from UTC'),
        ("0001-01-01T00:00:00+05:00", "it is out of the calendar's range"),
        ("9999-12-31T23:59:59-05:00", "it is out of the calendar's range"),
        ("10:00:00", "it is a time without a day"),
        ("12:30", "it is a time without a day"),
        ("next Tuesday", "it has none of the forms that are read"),
        ("1714557600", "it is a bare number"),
        ("1714557600000", "it is a bare number"),
        ("2024-W18-3", "it is an ISO week"),
        ("2024W18", "it is an ISO week"),
        ("03/04/2026", "day and month cannot be told apart"),
        ("3.4.26", "day and month cannot be told apart"),
        ("May 16, 2024", "it has none of the forms that are read"),
        ("2024-05", "it has none of the forms that are read"),
        ("20240516", "it has none of the forms that are read"),
        ("2024-05-16 08:00 CEST", "it has none of the forms that are read"),
        ("2024-05-16 +0200", "it has none of the forms that are read"),
        ("2024-05-16, 08:00", "it has none of the forms that are read"),
        ("", "it has none of the forms that are read"),
    ],
)
def test_what_is_no_date_says_why(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        dates.read(written, dt.UTC)
    assert why in str(refused.value)


@pytest.mark.parametrize("zone", ZONES)
def test_the_ends_of_the_calendar_are_read_or_refused_but_never_crash(zone: str) -> None:
    found = {}
    for written in ("0001-01-01", "9999-12-31T23:59:59"):
        try:
            found[written] = dates.read(written, ZONES[zone])[0].year
        except ValueError as why:
            found[written] = str(why)
    assert set(found.values()) <= {1, 9999, "it is out of the calendar's range"}


ZONE = st.sampled_from(sorted(ZONES)).map(ZONES.__getitem__)
MIN, MAX = dt.datetime(1850, 1, 1), dt.datetime(2100, 1, 1)  # noqa: DTZ001 - a clock on the wall
WALL = st.datetimes(MIN, MAX).map(lambda moment: moment.replace(microsecond=0))


@given(WALL, ZONE, st.sampled_from(["", "Z", "+05:30", "-0800"]), st.sampled_from(["T", " "]))
def test_what_was_read_is_read_again_from_its_iso_form(wall: dt.datetime, zone: dt.tzinfo, end: str, sign: str) -> None:
    read, _ = dates.read(wall.isoformat(sign) + end, zone)
    again, _ = dates.read(read.isoformat(), zone)
    assert (again, again.isoformat()) == (read, read.isoformat())


@given(WALL, ZONE)
def test_a_wall_clock_means_the_first_of_its_moments(wall: dt.datetime, zone: dt.tzinfo) -> None:
    read, _ = dates.read(wall.isoformat(" "), zone)
    assert read == wall.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)


@given(WALL, ZONE)
def test_a_moment_carries_a_fixed_offset_of_whole_minutes(wall: dt.datetime, zone: dt.tzinfo) -> None:
    read, _ = dates.read(wall.isoformat(), zone)
    assert isinstance(read.tzinfo, dt.timezone)
    offset = read.utcoffset()
    assert offset is not None
    assert offset % dt.timedelta(minutes=1) == dt.timedelta()
    assert abs(offset - (read.astimezone(zone).utcoffset() or dt.timedelta())) <= dt.timedelta(seconds=30)


@given(WALL, ZONE)
def test_the_cache_keeps_moment_and_offset(wall: dt.datetime, zone: dt.tzinfo) -> None:
    date, _ = dates.read(wall.isoformat(), zone)
    article = model.Article(id="content/a.md", title="A", slug="a", section="news", date=date)
    again = model.decoder(model.Article).decode(model.encode(article)).date
    assert again is not None
    assert (again, again.utcoffset()) == (date, date.utcoffset())

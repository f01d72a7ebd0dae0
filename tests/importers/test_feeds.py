"""Feeds: entries of RSS and Atom, their texts, dates, names and addresses; and what is no feed."""

from __future__ import annotations

import datetime as dt

import pytest

from newsgen.importers.feeds import FeedReader
from newsgen.importers.piece import Piece

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Gazette</title><link>https://gazette.example/</link><language>en-GB</language>
{}
</channel></rss>"""
ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title><link href="https://gazette.example/"/>
<id>tag:gazette.example,2020:feed</id><updated>2020-11-23T09:00:00Z</updated>
{}
</feed>"""
ITEM = """<item><title>{title}</title><link>https://gazette.example/2020/ferry/</link>
<guid isPermaLink="false">tag:1</guid><pubDate>Mon, 23 Nov 2020 09:00:00 +0100</pubDate>{more}</item>"""


def pieces(feed: str, base: str = "") -> tuple[Piece, ...]:
    reader = FeedReader("en", base)
    data = feed.encode()
    return tuple(reader.read("feed.xml", data, reader.surveyed([reader.survey("feed.xml", data)])))


def entry(more: str = "<description>The ferry was late.</description>", title: str = "Late") -> Piece:
    return pieces(RSS.format(ITEM.format(title=title, more=more)))[-1]


def test_an_item_of_rss_with_its_full_text() -> None:
    piece = entry(
        "<dc:creator>Ruth Holm</dc:creator><category>Ferries</category><category><![CDATA[Sea]]></category>"
        "<description><![CDATA[<p>Late, <b>again</b>.</p>]]></description>"
        '<content:encoded><![CDATA[<p>One</p><p><a href="/2020/ferry/#b">Two</a> <img src="/a.jpg" alt="A"></p>]]></content:encoded>'
    )
    assert piece.fields == {
        "title": "Late",
        "date": dt.datetime(2020, 11, 23, 9, tzinfo=dt.timezone(dt.timedelta(hours=1))),
        "authors": ["Ruth Holm"],
        "tags": ["Ferries", "Sea"],
        "description": "Late, again.",
        "permalink": "/2020/ferry/",
    }
    assert (piece.item, piece.slug, piece.body) == ("tag:1", "ferry", "One\n\n[Two](/2020/ferry/#b) ![A](/a.jpg)")
    assert (piece.evidence["body"], piece.diagnostics) == ("content", ())


def test_an_entry_of_atom_with_xhtml() -> None:
    feed = ATOM.format(
        """<entry><title type="html">Fish &amp;amp; &lt;i>chips&lt;/i></title><id>urn:1</id>
        <link rel="alternate" href="https://gazette.example/fish.html"/><author><name>Ruth Holm</name></author>
        <author><name>Ada Berg</name><email>ada@gazette.example</email></author><category term="food" label="Food"/>
        <published>2020-11-22T09:00:00-05:00</published><updated>2020-11-23T09:00:00-05:00</updated>
        <content type="xhtml" xml:lang="de"><div xmlns="http://www.w3.org/1999/xhtml"><p>Eins<br/>zwei</p>
        <ul><li>drei</li></ul></div></content></entry>"""
    )
    (piece,) = pieces(feed)
    zone = dt.timezone(dt.timedelta(hours=-5))
    assert piece.fields == {
        "title": "Fish & chips",
        "date": dt.datetime(2020, 11, 22, 9, tzinfo=zone),
        "updated": dt.datetime(2020, 11, 23, 9, tzinfo=zone),
        "authors": ["Ruth Holm", "Ada Berg"],
        "tags": ["Food"],
        "description": "Eins zwei",
        "permalink": "/fish.html",
        "lang": "de",
    }
    assert piece.body == "Eins\\\nzwei\n\n- drei"


@pytest.mark.parametrize(
    ("dates", "date", "evidence"),
    [
        ("<pubDate>Mon, 23 Nov 2020 09:00 GMT</pubDate>", "2020-11-23 09:00:00+00:00", "published"),
        ("<dc:date>2020-11-23T09:00:00+02:00</dc:date>", "2020-11-23 09:00:00+02:00", "updated, for want of another"),
        ("<dc:date>2020-11-23</dc:date>", "2020-11-23", "updated, for want of another"),
        ("<pubDate>yesterday</pubDate>", "None", None),
        ("", "None", None),
    ],
)
def test_dates_keep_their_offset_and_none_is_made_up(dates: str, date: str, evidence: str | None) -> None:
    (piece,) = pieces(RSS.format(f"<item><title>A</title><description>B</description>{dates}</item>"))
    assert (str(piece.fields.get("date")), piece.evidence.get("date")) == (date, evidence)


def test_an_entry_that_leads_to_another_site_names_it_as_the_original() -> None:
    feed = RSS.format(
        ITEM.format(title="Own", more="<description>a</description>")
        + "<item><title>Far</title><link>https://far.example/x/</link><description>b</description></item>"
    )
    own, far = pieces(feed)
    assert (own.fields["permalink"], far.fields["canonical"]) == ("/2020/ferry/", "https://far.example/x/")
    assert ("canonical" in own.fields, "permalink" in far.fields) == (False, False)


def test_an_address_with_a_query_cannot_stay_and_is_told() -> None:
    feed = RSS.format(
        "<item><title>A</title><link>https://gazette.example/?p=1</link><description>B</description></item>"
    )
    (piece,) = pieces(feed)
    assert "permalink" not in piece.fields
    assert [one.reason for one in piece.cuts] == ["an address that a static host cannot answer"]


def test_a_guid_that_is_an_address_is_one() -> None:
    (piece,) = pieces(
        RSS.format("<item><title>A</title><guid>https://gazette.example/a/</guid><description>B</description></item>")
    )
    assert piece.fields["permalink"] == "/a/"


def test_enclosures_are_kept_and_told_and_a_picture_is_that_of_the_article() -> None:
    piece = entry(
        '<description>A</description><enclosure url="https://gazette.example/a.mp3" type="audio/mpeg" length="1"/>'
        '<media:content url="https://gazette.example/a.jpg" medium="image"/>'
    )
    assert piece.fields["image"] == {"src": "https://gazette.example/a.jpg"}
    assert piece.fields["extra"] == {"enclosures": ["https://gazette.example/a.mp3"]}
    assert [one.text for one in piece.cuts] == ["https://gazette.example/a.mp3"]


@pytest.mark.parametrize(
    ("text", "told"), [("The ferry was […]", 1), ("The ferry… Read more", 1), ("The ferry was late.", 0)]
)
def test_teasers_are_told(text: str, told: int) -> None:
    assert [one.code for one in entry(f"<description>{text}</description>").diagnostics] == ["NG-724"] * told


def test_mail_addresses_are_no_names() -> None:
    assert "authors" not in entry("<author>ruth@gazette.example</author><description>A</description>").fields
    assert entry("<author>ruth@gazette.example (Ruth Holm)</author><description>A</description>").fields["authors"] == [
        "Ruth Holm"
    ]


def test_plain_text_is_no_markup() -> None:
    assert entry("<description>Two * two &lt; five</description>").body == "Two * two < five"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("<html><body>Hello</body></html>", "no feed: neither RSS nor Atom"),
        ("", "no feed: neither RSS nor Atom"),
        (RSS.format(""), "a feed without entries"),
    ],
)
def test_what_is_no_feed_is_an_error(data: str, message: str) -> None:
    (piece,) = pieces(data)
    (said,) = piece.diagnostics
    assert (said.severity, said.code) == ("error", "NG-704")
    assert said.message.startswith(message)


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0" encoding="\xcb\xff"?><rss><channel/></rss>',
        b"<rss version='2.0'><channel><item><title>&#xD800;</title>&",
    ],
)
def test_bytes_over_which_the_library_stumbles_end_in_an_error(data: bytes) -> None:
    reader = FeedReader("en")
    (piece, *_) = reader.read("feed.xml", data, reader.surveyed([reader.survey("feed.xml", data)]))
    assert [(one.severity, one.code) for one in piece.diagnostics] == [("error", "NG-704")]


def test_a_feed_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    whole = RSS.format(ITEM.format(title="A", more="<description>a</description>") * 2)
    found = pieces(whole[: whole.rindex("<description>")])
    assert [(one.code, one.severity) for one in found[0].diagnostics] == [("NG-723", "warning")]
    assert found[0].diagnostics[0].place.line > 5
    assert [piece.fields["title"] for piece in found[1:]] == ["A", "A"]


def test_entities_of_their_own_and_files_are_not_read() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "hahaha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    feed = RSS.format(ITEM.format(title="A &b; &c;", more="<description>a</description>")).replace(
        "<rss", f"{bomb}<rss", 1
    )
    found = pieces(feed)
    assert "haha" not in repr(found)
    assert "root:" not in repr(found)

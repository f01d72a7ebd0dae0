"""WordPress exports: what becomes of posts, their states, names, addresses, texts; and what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsgen.importers.files import CHUNK, Stream
from newsgen.importers.piece import Piece
from newsgen.importers.wordpress import WordPress
from tests.importers.exports import attachment, export, item


def pieces(data: bytes, base: str = "") -> tuple[Piece, ...]:
    reader = WordPress(base)
    return tuple(reader.read("export.xml", data, reader.surveyed([reader.survey("export.xml", data)])))


def post(content: str = "The ferry was late.", **more: object) -> Piece:
    return pieces(export(item(17, content=content, **more)))[0]  # type: ignore[arg-type]


def body(content: str, *others: str, **more: object) -> str:
    return pieces(export(item(17, content=content, **more), *others))[0].body  # type: ignore[arg-type]


def reasons(piece: Piece) -> list[str]:
    return [one.reason for one in (*piece.cuts, *piece.losses)]


def test_a_post_keeps_its_date_author_section_tags_and_address() -> None:
    piece = post(
        terms=(("category", "europe", "Europe"), ("category", "sea", "Sea"), ("post_tag", "ferries", "Ferries")),
        excerpt="Late, <b>again</b>.",
        more="<wp:post_modified>2020-11-24 10:00:00</wp:post_modified><wp:post_modified_gmt>2020-11-24 09:00:00</wp:post_modified_gmt>",
    )
    zone = dt.timezone(dt.timedelta(hours=1))
    assert (piece.kind, piece.item, piece.slug, piece.section) == ("article", "post 17", "ferry", "world-news")
    assert piece.fields == {
        "title": "Ferry is late again",
        "date": dt.datetime(2020, 11, 23, 9, tzinfo=zone),
        "updated": dt.datetime(2020, 11, 24, 10, tzinfo=zone),
        "authors": ["Ruth Holm"],
        "tags": ["Ferries", "Europe", "Sea"],
        "description": "Late, again.",
        "permalink": "/2020/11/ferry/",
    }
    assert piece.evidence["section"] == 'category "World News"'
    assert set(piece.fields) <= set(piece.evidence)


def test_the_primary_category_makes_the_section_and_the_default_one_none() -> None:
    filed = (
        ("category", "uncategorized", "Uncategorized"),
        ("category", "sport", "Sport"),
        ("category", "europe", "Europe"),
    )
    assert post(terms=filed, meta=(("_yoast_wpseo_primary_category", "4"),)).section == "world-news"
    alone = post(terms=filed[:1])
    assert (alone.section, alone.fields.get("tags")) == ("", None)


@pytest.mark.parametrize(
    ("status", "draft", "warned"),
    [
        ("publish", None, 0),
        ("future", None, 0),
        ("draft", True, 0),
        ("private", True, 1),
        ("pending", True, 1),
        ("pitch", True, 1),
    ],
)
def test_only_what_was_public_is_published(status: str, draft: bool | None, warned: int) -> None:
    piece = post(status=status)
    assert piece.fields.get("draft") is draft
    assert [one.code for one in piece.diagnostics] == ["NG-721"] * warned


def test_a_password_is_told_and_never_taken_over() -> None:
    piece = post(more="<wp:post_password><![CDATA[sesame]]></wp:post_password>")
    assert piece.fields["draft"] is True
    assert [one.code for one in piece.diagnostics] == ["NG-721"]
    assert "sesame" not in repr(piece)


def test_a_draft_has_no_date_that_is_not_one_of_publication() -> None:
    assert "date" not in post(status="draft", utc="0000-00-00 00:00:00").fields
    assert post(utc="0000-00-00 00:00:00").fields["date"].isoformat() == "2020-11-23T09:00:00"


@pytest.mark.parametrize(
    ("kind", "status", "link", "why"),
    [
        ("revision", "inherit", "https://gazette.example/x/", "a revision"),
        ("nav_menu_item", "publish", "https://gazette.example/x/", "an item of a menu"),
        ("post", "trash", "https://gazette.example/x/", "in the bin"),
        ("post", "auto-draft", "https://gazette.example/?p=1", "a draft that was never saved"),
        ("contact_form", "publish", "https://gazette.example/?post_type=contact_form", 'of the type "contact_form", which has no page of its own'),
    ],
)  # fmt: skip
def test_what_is_no_post_is_counted_and_says_why(kind: str, status: str, link: str, why: str) -> None:
    piece = post(kind=kind, status=status, link=link)
    assert (piece.skipped, piece.item) == (why, f"{kind} 17")


def test_types_of_their_own_that_have_an_address_are_articles() -> None:
    piece = post(kind="event", link="https://gazette.example/events/fair/")
    assert (piece.kind, piece.skipped, piece.fields["permalink"]) == ("article", "", "/events/fair/")


def test_pages_are_pages() -> None:
    piece = post(kind="page", link="https://gazette.example/about/us/", name="us")
    assert (piece.kind, piece.section, piece.slug, piece.fields["permalink"]) == ("page", "", "us", "/about/us/")
    assert "date" not in piece.fields


def test_old_slugs_are_aliases_and_an_address_with_a_query_is_told() -> None:
    piece = post(meta=(("_wp_old_slug", "late-ferry"), ("_wp_old_slug", "ferry")))
    assert piece.fields["aliases"] == ["/2020/11/late-ferry/"]
    asked = post(link="https://gazette.example/?p=17")
    assert "permalink" not in asked.fields
    assert reasons(asked) == ["an address that a static host cannot answer"]


def test_addresses_are_decoded_and_those_that_are_unsafe_are_not_taken() -> None:
    assert (
        post(link="https://gazette.example/2020/%D0%BC%D0%B8%D1%80/", name="%D0%BC%D0%B8%D1%80").fields["permalink"]
        == "/2020/мир/"
    )
    assert "permalink" not in post(link="https://gazette.example/../../etc/passwd").fields
    assert post(name="../../x", link="https://gazette.example/..%2fx/").slug == "x"
    data = export(item(17, link="https://gazette.example/blog/ferry/"))
    assert pieces(data, "/blog")[0].fields["permalink"] == "/ferry/"


def test_tags_are_counted_by_posts_and_those_that_are_described_are_pieces() -> None:
    filed = [("post_tag", "brexit", "Brexit")], [("post_tag", "brexit-2", "BREXIT")], [("post_tag", "brexit", "Brexit")]
    data = export(*(item(n, terms=tuple(terms)) for n, terms in enumerate(filed)))
    assert sorted(WordPress().tags(WordPress().survey("a.xml", data))) == ["BREXIT", "Brexit", "Brexit"]
    tags = [(piece.slug, piece.fields) for piece in pieces(data) if piece.kind == "tag"]
    assert tags == [("ferries", {"title": "Ferries", "description": "Ships that come back."})]


def test_a_site_exported_in_parts_is_one() -> None:
    reader = WordPress()
    first = export(item(1, link="https://gazette.example/one/"))
    second = export(item(2, content='<a href="https://gazette.example/?p=1">One</a>'), head="")
    survey = reader.surveyed([reader.survey("a.xml", first), reader.survey("b.xml", second)])
    piece = next(reader.read("b.xml", second, survey))
    assert (piece.body, piece.fields["authors"]) == ("[One](/one/)", ["Ruth Holm"])


def test_links_to_posts_of_the_export_are_paths_and_others_stay() -> None:
    written = body(
        '<a href="https://www.gazette.example/2020/11/ferry/#top">a</a> <a href="https://gazette.example/wp-content/x.pdf">b</a> <a href="https://e.org/2020/11/ferry/">c</a>'
    )
    assert (
        written
        == "[a](/2020/11/ferry/#top) [b](https://gazette.example/wp-content/x.pdf) [c](https://e.org/2020/11/ferry/)"
    )


def test_a_featured_picture_and_what_it_shows() -> None:
    ship = attachment(5, "https://gazette.example/wp-content/uploads/ship.jpg", "A ship", "The <i>Ilse</i>")
    piece = pieces(export(item(17, meta=(("_thumbnail_id", "5"),)), ship))[0]
    assert piece.fields["image"] == {
        "src": "https://gazette.example/wp-content/uploads/ship.jpg",
        "alt": "A ship",
        "caption": "The Ilse",
    }


def test_pictures_of_the_old_site_stay_there_and_are_told() -> None:
    piece = post('A <img src="https://gazette.example/a.jpg" alt="A"> <img src="/b.jpg" alt="B">')
    assert piece.body == "A ![A](https://gazette.example/a.jpg) ![B](/b.jpg)"
    assert [(one.code, one.message) for one in piece.diagnostics] == [("NG-722", "a picture stays at gazette.example")]


def test_fields_of_the_paper_are_kept_and_values_of_php_are_told() -> None:
    piece = post(
        meta=(("rating", "5"), ("_edit_last", "1"), ("layout", 'a:1:{i:0;s:1:"x";}')),
        terms=(("place", "holm", "Holm"),),
    )
    assert piece.fields["extra"] == {"rating": "5", "place": ["Holm"]}
    assert [one.text for one in piece.cuts] == ["layout"]


def test_comments_are_counted_as_left_out() -> None:
    comment = "<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_content>No!</wp:comment_content></wp:comment>"
    piece = post(more=comment * 2)
    assert [(one.text, one.reason) for one in piece.cuts] == [("2 comments", "comments are not taken over")]
    assert "No!" not in repr(piece)


# ---- texts ----


@pytest.mark.parametrize(
    ("content", "written"),
    [
        ("One\n\nTwo\nlines", "One\n\nTwo\\\nlines"),
        ("<strong>One\n\nTwo</strong>", "**One**\n\n**Two**"),
        ("<!-- wp:paragraph -->\n<p>One\nline</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:paragraph -->\n<p>Two</p>\n<!-- /wp:paragraph -->", "One line\n\nTwo"),
        ('[caption id="attachment_5" width="300"]<a href="/x"><img src="/a.jpg" alt="Ship" /></a> The <em>Ilse</em>[/caption]', ":::figure[The *Ilse*]\n[![Ship](/a.jpg)](/x)\n:::"),
        ("[embed]https://vimeo.com/1234[/embed]", "::embed[https://vimeo.com/1234]"),
        ("[youtube dQw4w9WgXcQ]", "::embed[https://www.youtube.com/watch?v=dQw4w9WgXcQ]"),
        ("Watch:\n\nhttps://www.youtube.com/watch?v=dQw4w9WgXcQ\n\nDone", "Watch:\n\n::embed[https://www.youtube.com/watch?v=dQw4w9WgXcQ]\n\nDone"),
        ("https://e.org/post", "<https://e.org/post>"),
        ('[video mp4="/a.mp4" poster="/a.jpg"][/video]', '::video{src="/a.mp4" poster="/a.jpg"}'),
        ('[audio src="/a.mp3"]', '::audio{src="/a.mp3"}'),
        ('[sourcecode language="python"]if a < b: pass[/sourcecode]', "```python\nif a < b: pass\n```"),
        ("[[gallery]] is a shortcode", "[gallery] is a shortcode"),
        ("He said [sic] it.", "He said [sic] it."),
        ("<pre>[gallery]</pre>", "```\n[gallery]\n```"),
        ('<!-- wp:embed {"url":"https://vimeo.com/1"} -->\n<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\nhttps://vimeo.com/1234\n</div><figcaption>A film</figcaption></figure>\n<!-- /wp:embed -->', "::embed[https://vimeo.com/1234]\n\nA film"),
        ('<!-- wp:pullquote -->\n<figure class="wp-block-pullquote"><blockquote><p>No.</p><cite>Ada</cite></blockquote></figure>\n<!-- /wp:pullquote -->', ":::pullquote[Ada]\nNo.\n:::"),
        ('<!-- wp:table -->\n<figure class="wp-block-table"><table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table><figcaption>Sums</figcaption></figure>\n<!-- /wp:table -->', ":::table[Sums]\n| a |\n| --- |\n| 1 |\n:::"),
    ],
)  # fmt: skip
def test_texts(content: str, written: str) -> None:
    assert body(content) == written
    assert reasons(post(content)) == []


def test_galleries_show_their_pictures() -> None:
    files = attachment(5, "https://e.org/a.jpg", "A", "One"), attachment(6, "https://e.org/b.jpg", "B", parent=17)
    made = body('[gallery ids="5,6,7"]', *files)
    assert made == ':::gallery\n![A](https://e.org/a.jpg "One")\n![B](https://e.org/b.jpg)\n:::'
    assert body("[gallery]", *files) == ":::gallery\n![B](https://e.org/b.jpg)\n:::"
    lost = pieces(export(item(17, content='[gallery ids="5,7"]'), *files))[0]
    assert reasons(lost) == ["picture 7 of a gallery is not in the export"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('A\n\n[contact-form-7 id="1"]', 'an unknown shortcode: "contact-form-7"'),
        ("A\n\n[toc]\n\nB", 'an unknown shortcode: "toc"'),
        ("A [box]b[/box]", 'an unknown shortcode: "box"'),
        ("A<!--more-->B", "the end of a teaser"),
        ("A<!--nextpage-->B", "a division into pages"),
        ("<!-- wp:latest-posts /-->", 'a block that WordPress fills when a page is shown: "latest-posts"'),
        ("<form>Name</form>", "a form"),
        ('A<img src="https://e.org/p.gif" width="1" height="1">', "a counting pixel"),
    ],
)
def test_what_a_text_loses_is_told_with_its_line(content: str, reason: str) -> None:
    piece = post(content)
    first = export(item(17, content=content)).decode().split("\n")
    at = next(one for one in (*piece.cuts, *piece.losses) if one.reason == reason)
    assert at.text.split()[0] in first[at.number - 1]


def test_reusable_blocks_and_notes_stand_where_they_were_used() -> None:
    block = item(8, "A box", "<!-- wp:paragraph --><p>Boxed</p><!-- /wp:paragraph -->", kind="wp_block")
    assert body('<!-- wp:block {"ref":8} /-->', block) == "Boxed"
    note = '<p>A<sup data-fn="ab-1" class="fn"><a href="#ab-1">1</a></sup></p><!-- wp:footnotes /-->'
    made = post(note, meta=(("footnotes", '[{"id":"ab-1","content":"So <em>they</em> say."}]'),))
    assert made.body == "A[^1]\n\n[^1]: So *they* say."


# ---- what is refused ----


def test_entities_and_external_files_are_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss xmlns:wp="x"><channel><title>&b;</title></channel></rss>'
    outside = b'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss><channel/></rss>'
    for data in (bomb, outside):
        (piece,) = pieces(data)
        (said,) = piece.diagnostics
        assert (said.code, said.place.line) == ("NG-704", 1)
        assert "DOCTYPE" in said.message


def test_an_export_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    data = export(item(1), item(2))
    found = pieces(data[: data.index(b"<wp:post_id>2")])
    assert [piece.item for piece in found[:2]] == ["post 1", ""]
    said = found[1].diagnostics[0]
    assert (said.severity, said.code) == ("error", "NG-704")
    assert said.place.line > 40


def test_an_export_is_read_as_its_posts_are_asked_for(tmp_path: Path) -> None:
    taken: list[int] = []

    class Counted(Stream, frozen=True):
        def __iter__(self) -> Iterator[bytes]:
            for some in super().__iter__():
                taken.append(len(some))
                yield some

    file = tmp_path / "export.xml"
    file.write_bytes(export(*(item(n, content="The ferry was late. " * 1000) for n in range(200))))
    reader, data = WordPress(), Counted(str(file))
    survey = reader.surveyed([reader.survey("export.xml", data)])
    taken.clear()
    found = iter(reader.read("export.xml", data, survey))
    assert next(found).item == "post 0"
    assert len(taken) * CHUNK < file.stat().st_size / 20
    assert "post 199" in [piece.item for piece in found]
    assert sum(taken) == file.stat().st_size


def test_signs_that_xml_forbids_are_left_out() -> None:
    assert pieces(export(item(1, title="Ferry\x0b late")))[0].fields["title"] == "Ferry late"


def test_the_first_format_had_no_authors_and_named_each_category_twice() -> None:
    terms = '<category><![CDATA[Sport]]></category><category domain="tag"><![CDATA[Ice]]></category><category domain="tag" nicename="ice"><![CDATA[Ice]]></category>'
    data = export(item(1, creator="Ruth Holm", more=terms), version="1.0", head="")
    (piece, *_) = pieces(data)
    assert (piece.fields["authors"], piece.fields["tags"]) == (["Ruth Holm"], ["Ice"])

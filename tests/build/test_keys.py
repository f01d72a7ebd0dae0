"""Guards: with any one part of a key knocked out, the comparison with a clean build fails. So each part is needed,
and the comparison sees a key that lacks one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from newsgen import build, model
from newsgen.content.cards import card
from newsgen.model import Article, Block, Body, Correction, Entry, Extra, Heading, Image, Reference
from newsgen.pages import articles
from newsgen.pages import plan as planning
from newsgen.pages.catalogue import Named
from newsgen.pages.keys import Shape, carried
from newsgen.pages.planner import Address, Draft, Planner
from newsgen.work import parsing, past
from newsgen.work import planning as work
from tests.build.prove import Prover
from tests.pictures import chunk, png
from tests.site import MOMENT, Site, article, write_all

SITE: dict[str, str | bytes] = {
    "newsgen.toml": 'base_url = "https://example.org"\nper_page = 2\n[tags]\ncombine = 1\n[collections.two]\norder = "title"\n[extra]\nmotto = "calm"\n',
    "content/world/a.md": article("A", "Of a.", tags="[ships, ports]", author="Ann", aliases="[/old/]"),
    "content/world/b.md": article(
        "B", "Of [a](a.md) ![x](x.png)", date="2026-05-02", tags="[trade]", author="Ann", series="Sea"
    ),
    "content/world/old.md": article(
        "Old", ":::pullquote\nx\n:::\n\n::chart{src=d.csv}", date="2020-05-02", author="Ann"
    ),
    "content/world/graph.md": article("G", "Of g.", date="2020-05-02", template="graph.html"),
    "templates/graph.html": "{{ structured_data }}",
    "content/world/c.md": article("C", "Of c.", draft="true"),
    "content/world/live.md": article("L", "## 2026-05-03 10:00 E", kind="live", live_until="2026-05-04", author="Ann"),
    "content/world/x.png": png("204060", 4, 3, chunk(b"tEXt", b"Place\0Here")),
    "content/world/d.csv": "a,b\nx,1\n",
    "content/world/_index.md": "---\ntitle: World\n---\n",
    "content/pages/about.md": "---\ntitle: About\nextra: {mood: glad}\n---\nWho.\n",
    "content/authors/ann.md": "---\ntitle: Ann\n---\n",
    "content/series/sea.md": "---\ntitle: Sea\n---\n",
    "content/tags/ships.md": "---\ntitle: ships\n---\n",
    "static/logo.svg": "<svg/>",
    "templates/locale/en.po": 'msgid "Not here"\nmsgstr "Gone"\n',
    "templates/blocks/pullquote.html": "{{ block.body }} {{ _('Not here') }}",
    "templates/blocks/chart.html": "{{ block.table.rows[0].values[0] }}",
    "templates/article.html": (
        "{{ fragments.nav }} {{ article.authors[0].title }} {{ meta.noindex }} {{ series and series.title }}"
        " {{ related | length }} {{ old_year }} {{ article.body }} {{ live and live.until }}"
    ),
    "templates/author.html": "{{ author.description }}",
    "templates/tag.html": "{{ tag.description }}{% for one in related_tags %}{{ one.title }}{% endfor %}",
    "templates/collection.html": "{{ collection.title }}",
    "templates/section.html": "{{ section.description }}",
    "templates/page.html": "{{ page.extra.mood }}{% for one in collections.two %}{{ one.title }}{% endfor %}",
    "templates/home.html": "{% for a in listing.articles %}{{ a.title }}{% endfor %}{{ site.extra.motto }}",
    "templates/archive.html": "{{ archive.count }}{% for one in archive.inside %}{{ one.start }}{% endfor %}",
    "templates/list.html": "{% for term in index.terms %}{{ term.title }}{% endfor %}",
    "templates/404.html": "{{ '/x' | link }} {{ _('Not here') }}",
    "templates/fragments/nav.html": "{% for s in sections %}{{ s.title }}{% endfor %}",
}

A, B = "content/world/a.md", "content/world/b.md"
LIVE = "content/world/live.md"
Edit = Callable[[Site], object]

NAMES: dict[str, tuple[str, Edit]] = {
    "article": ("article", lambda s: s.edit(A, "author: Ann", "author: Bob")),
    "meta": ("meta", lambda s: s.edit(A, "title:", "noindex: true\ntitle:")),
    "live": ("live", lambda s: s.edit(LIVE, "2026-05-04", "2026-05-05")),
    "listing": ("listing", lambda s: s.edit(A, "title: A", "title: Ah")),
    "articles of a feed": ("articles", lambda s: s.edit(A, "title: A", "title: Ah")),
    "channel of a feed": (
        "channel",
        lambda s: s.edit("newsgen.toml", "[extra]", '[feeds]\nhub = "https://h.example"\n[extra]'),
    ),
    "structured_data": (
        "structured_data",
        lambda s: s.edit("newsgen.toml", "[extra]", '[publisher]\nname = "P"\n[extra]'),
    ),
    "tag": ("tag", lambda s: s.edit("content/tags/ships.md", "title:", "description: Of ships\ntitle:")),
    "author": ("author", lambda s: s.edit("content/authors/ann.md", "title:", "description: Of Ann\ntitle:")),
    "old_year": ("old_year", lambda s: s.edit("newsgen.toml", "per_page", "old_after_years = 9\nper_page")),
    "related": ("related", lambda s: s.edit(B, "[trade]", "[ships]")),
    "series": ("series", lambda s: s.edit("content/series/sea.md", "title: Sea", "title: SEA")),
    "section": ("section", lambda s: s.edit("content/world/_index.md", "title:", "description: Of it\ntitle:")),
    "page": ("page", lambda s: s.edit("content/pages/about.md", "glad", "sad")),
    "related tags": ("related_tags", lambda s: s.edit(A, "[ships, ports]", "[ships, ports, steel]")),
    "a page of two tags": (
        "collection",
        lambda s: s.edit("content/tags/ships.md", "title: ships", "title: Ships\naliases: [boats]"),
    ),
    "archive": ("archive", lambda s: s.edit(B, "2026-05-02", "2025-06-01")),
    "collections": ("collections", lambda s: s.edit(A, "title: A", "title: Ah")),
    "index": ("index", lambda s: s.edit(A, "[ships, ports]", "[ships, ports, steel]")),
    "site": ("site", lambda s: s.edit("newsgen.toml", "calm", "loud")),
    "fragments": ("fragments", lambda s: s.edit("templates/fragments/nav.html", "{{ s", "- {{ s")),
    "entries of the sitemap": ("entries", lambda s: s.edit(B, "2026-05-02", "2026-05-03")),
    "address of an alias": ("url canonical", lambda s: s.edit(A, "title:", "slug: ah\ntitle:")),
    "bytes of a copy": ("digest", lambda s: s.write("static/logo.svg", "<svg></svg>")),
    "metadata of a copy": (
        "metadata",
        lambda s: s.edit("newsgen.toml", "[extra]", '[images]\nmetadata = "keep"\n[extra]'),
    ),
}

SHARED: dict[str, Edit] = {
    "settings": lambda s: s.edit("newsgen.toml", "example.org", "example.org/sub"),
    "language": lambda s: s.edit("templates/locale/en.po", "Gone", "Lost"),
    "template 404.html": lambda s: s.edit("templates/404.html", "/x", "/y"),
}

PLAN: dict[str, tuple[Edit, dict[str, object]]] = {
    "settings": (lambda s: s.edit("newsgen.toml", "per_page = 2", "per_page = 1"), {}),
    "preview": (lambda s: None, {"drafts": True}),
    "content": (lambda s: s.edit(A, "title: A", "title: Ah"), {}),
    "static": (lambda s: s.write("static/new.txt", "new"), {}),
    "siblings": (lambda s: s.write("content/world/x.png", png("ffffff")), {}),
    "catalogues": (lambda s: s.edit("templates/locale/en.po", "Gone", "Lost"), {}),
    "templates": (lambda s: s.edit("templates/404.html", "/x", "/y"), {}),
}


@pytest.fixture
def proved(make_site: Callable[..., Site], tmp_path: Path, plain_theme: Path) -> Prover:
    """A site that was built once."""
    prover = Prover(make_site(SITE), tmp_path)
    prover.build()
    return prover


def is_missed(prover: Prover, edit: Edit, **options: object) -> bool:
    edit(prover.site)
    try:
        prover.build(MOMENT, **options)
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("name", NAMES)
def test_a_value_that_is_not_in_the_key_of_a_page_is_missed(
    proved: Prover, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    names, edit = NAMES[name]
    monkeypatch.setattr(work, "plan", planning.plan)  # whose watch would see it first
    real = Planner.draft

    def without(self: Planner, at: Address) -> Draft:
        draft = real(self, at)
        blank = {one: Named(lambda: "0" * 32, draft.names[one].value) for one in names.split() if one in draft.names}
        return msgspec.structs.replace(draft, names={**draft.names, **blank})

    monkeypatch.setattr(Planner, "draft", without)
    for one in articles.OFFERED.keys() & names.split():
        blank = articles.OFFERED[one]._replace(digest=lambda _, __: "0" * 32)
        monkeypatch.setitem(articles.OFFERED, one, blank)
    proved.build(cache=False)  # the output is right whatever its keys are,
    proved.site.edit("newsgen.toml", "[extra]", "[extra]\nunread = 1")
    proved.site.good()  # and the plan that is kept lacks the part
    assert is_missed(proved, edit)


@pytest.mark.parametrize("name", SHARED)
def test_what_pages_share_that_is_not_in_their_keys_is_missed(
    proved: Prover, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    real = Planner.shape

    def without(*given: object) -> Shape:
        shape = real(*given)
        return Shape(tuple((one, "" if one == name else of) for one, of in shape.shared), shape.own)

    monkeypatch.setattr(work, "plan", planning.plan)
    monkeypatch.setattr(Planner, "shape", without)
    proved.site.edit("newsgen.toml", "[extra]", "[extra]\nunread = 1")
    proved.site.good()
    assert is_missed(proved, SHARED[name])


@pytest.mark.parametrize("name", PLAN)
def test_what_is_not_in_the_key_of_the_plan_is_missed(
    proved: Prover, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    edit, options = PLAN[name]
    real = build._Build.plan_key
    monkeypatch.setattr(build._Build, "plan_key", lambda *given: {**real(*given), name: ""})
    proved.site.good()
    assert is_missed(proved, edit, **options)


def test_a_text_that_is_not_in_the_key_of_its_page_is_missed(proved: Prover, monkeypatch: pytest.MonkeyPatch) -> None:
    real = parsing.packed

    def without(found: object) -> parsing.ParsedFile:
        one = real(found)
        return msgspec.structs.replace(one, note=msgspec.structs.replace(one.note, text="0" * 32))

    monkeypatch.setattr(parsing, "packed", without)
    proved.site.edit(A, "Of a.", "Of A.")
    proved.site.good()
    assert is_missed(proved, lambda s: s.edit(A, "Of A.", "Of it."))


@pytest.mark.parametrize(
    "edit",
    [
        lambda s: s.edit("templates/blocks/pullquote.html", "{{", "- {{"),
        lambda s: s.edit("templates/locale/en.po", "Gone", "Lost"),
        lambda s: s.edit("content/world/d.csv", "1", "2"),
    ],
)
def test_how_blocks_are_rendered_that_is_not_in_the_key_of_their_feed_is_missed(
    proved: Prover, monkeypatch: pytest.MonkeyPatch, edit: Edit
) -> None:
    monkeypatch.setattr(past, "carried", lambda texts, _: carried(texts, ()))
    proved.site.edit(A, "Of a.", "Of A.")
    proved.site.good()
    assert is_missed(proved, edit)


def test_settings_that_are_not_in_the_key_of_a_parse_are_missed(
    proved: Prover, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "parse_key", lambda settings: "0" * 32)
    proved.site.edit(A, "Of a.", "Of <b>a</b>.")
    proved.site.good()
    assert is_missed(proved, lambda s: s.edit("newsgen.toml", "[extra]", '[markdown]\nhtml = "off"\n[extra]'))


def test_nothing_is_missed_where_no_part_is_knocked_out(proved: Prover) -> None:
    edits = [*(edit for _, edit in NAMES.values()), *SHARED.values(), *(edit for edit, _ in PLAN.values())]
    for edit in edits:
        assert not is_missed(proved, edit)
        write_all(proved.site.root, SITE)


# ---- cards ----------------------------------------------------------------------------------------------------------

FULL = Article(id="content/a.md", title="A", slug="a", section="news", date=MOMENT)

CHANGED: dict[str, object] = {
    "id": "content/b.md", "title": "B", "description": "x", "template": "x.html", "noindex": True, "slug": "b",
    "section": "world", "date": None, "date_only": True, "updated": MOMENT, "authors": ("x",), "tags": ("x",), "internal_tags": ("#x",),
    "kind": "opinion", "lang": "de", "permalink": "/x/", "aliases": ("/x/",), "draft": True, "publish_at": MOMENT,
    "embargo_until": MOMENT, "expires": MOMENT, "status": "withdrawn", "image": Image("x.png"), "series": "x", "part": 1, "terms": ("x",),
    "corrections": (Correction(MOMENT, "x"),), "translation_of": "x", "canonical": "/x/", "access": "paid", "lead": True, "feature": True,
    "pin": True, "source_name": "x", "extra": Extra({"x": 1}), "live_until": MOMENT,
    "withdrawal": "x",
}  # fmt: skip

OF_THE_TEXT = {"body"}  # in the digest of the text: see test_all_of_a_body_is_in_its_text_or_its_links
UNSEEN = {"places", "tags_locked"}  # no page of today shows them


@pytest.mark.parametrize("field", CHANGED)
def test_whatever_is_shown_of_an_article_is_on_its_card(field: str) -> None:
    assert card(msgspec.structs.replace(FULL, **{field: CHANGED[field]})) != card(FULL)


def test_every_field_of_an_article_is_on_its_card_or_known_not_to_be() -> None:
    assert {*Article.__struct_fields__} == {*CHANGED} | OF_THE_TEXT | UNSEEN


ENTRY = Entry("entry-x", MOMENT, "X", "x", False, False, 0, 1, 2, 3)
BLOCK = Block("facts", 1, 1)
BODY = Body("d" * 32, (Reference("x.png", 1),), (Heading(2, "H", "h"),), 5, (ENTRY,), (BLOCK, BLOCK))
CHANGES = [
    *({"digest": "e" * 32}, {"headings": ()}, {"words": 6}, {"references": ()}, {"entries": ()}),
    *({"blocks": ()}, {"blocks": (BLOCK, msgspec.structs.replace(BLOCK, line=9))}),
]


@pytest.mark.parametrize("change", CHANGES)
def test_all_of_a_body_is_in_its_text_or_its_links(change: dict[str, object]) -> None:
    def noted(body: Body) -> object:
        one = parsing.packed(parsing.parse.Parsed(msgspec.structs.replace(FULL, body=body), "", ()))
        return one.note.text, one.note.links, one.card

    assert noted(msgspec.structs.replace(BODY, **change)) != noted(BODY)


def test_a_text_alone_leaves_the_card_alone() -> None:
    other = msgspec.structs.replace(BODY, digest="e" * 32, words=900, headings=(), entries=(), blocks=(BLOCK,))
    assert card(msgspec.structs.replace(FULL, body=other)) == card(msgspec.structs.replace(FULL, body=BODY))
    assert model.encode(card(FULL))

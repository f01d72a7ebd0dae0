"""Nothing unpublished leaks: withheld articles carry words of their own, and no byte and no name of the output has one."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Callable, Iterator

import pytest

from tests.pictures import png
from tests.site import MOMENT, Site, article

STATES = {
    "draft": {"draft": "true"},
    "scheduled": {"date": "2026-07-01"},
    "announced": {"publish_at": "2026-07-01"},
    "embargoed": {"embargo_until": "2026-07-01"},
    "expired": {"date": "2026-05-10", "expires": "2026-05-20"},
    "withdrawn": {"status": "withdrawn"},
    "unborn": {"status": "withdrawn", "date": "2026-07-01"},
    "failed": {"draft": "true", "kind": "live", "live_until": "2026-07-01"},
}
"""What withholds an article."""

FIELDS = (
    "name", "title", "body", "tag", "internal", "author", "description", "image", "alt", "caption", "credit", "slug", "alias",
    "series", "shared", "correction", "extra", "source", "entry", "heading", "link", "section", "withdrawal",
)  # fmt: skip

KEPT = {"withdrawn": ("slug", "alias", "section", "withdrawal")}
"""What stays of a withdrawn article: its address, and what is said of its withdrawal."""

TOML = """
title = "Paper"
base_url = "https://example.org"
[tags]
combine = 1
[search]
enabled = true
"""


def word(state: str, field: str) -> str:
    return f"zq{state}{field}qz"


def withheld(state: str) -> str:
    def of(field: str) -> str:
        return word(state, field)

    fields: dict[str, object] = {
        "date": "2026-05-31T10:00:00Z",
        "tags": f'[Trade, {of("tag")}, "#{of("internal")}"]',
        "authors": f"[Ann, {of('author')}]",
        "description": of("description"),
        "image": f"{{src: {of('image')}.png, alt: {of('alt')}, caption: {of('caption')}, credit: {of('credit')}}}",
        "slug": of("slug"),
        "section": of("section"),
        "aliases": f"[/{of('alias')}/]",
        "series": "Sea" if state != "draft" else of("series"),
        "corrections": f"[{{date: 2026-05-31, text: {of('correction')}}}]",
        "extra": f"{{word: {of('extra')}}}",
        "source_name": of("source"),
        "lead": "true",
        "pin": "true",
        **STATES[state],
    }
    if fields.get("status") == "withdrawn":
        fields["withdrawal"] = of("withdrawal")
    body = f"{of('body')}\n\n## 10:00 {of('heading')}\n\n{of('entry')} [x](a.md#{of('link')}) ![y]({of('image')}.png)"
    return article(of("title"), body, **fields)


def files() -> dict[str, str | bytes]:
    links = " ".join(f"[one]({word(state, 'name')}.md)" for state in STATES)
    made: dict[str, str | bytes] = {
        "newsgen.toml": TOML,
        "content/world/a.md": article("A", f"A text. {links}", tags="[Trade, Sea]", author="Ann", series="Sea", part=1),
        "content/world/b.md": article("B", "B text.", tags="[Trade, Sea]", author="Ann", series="Sea", part=2),
        "content/pages/secret.md": f"---\ntitle: {word('page', 'title')}\ndraft: true\naliases: [/{word('page', 'alias')}/]\n---\n"
        f"{word('page', 'body')} ![x]({word('page', 'image')}.png)",
        f"content/pages/{word('page', 'image')}.png": png("000000"),
    }
    for number, state in enumerate(STATES):
        made[f"content/world/{word(state, 'name')}.md"] = withheld(state)
        made[f"content/world/{word(state, 'image')}.png"] = png(f"{number:06}")
    return made


def leaks(site: Site) -> Iterator[str]:
    """Each word of a withheld article that a file of the output has in its name or its bytes, with that file."""
    words = {word(state, field): state for state in ("page", *STATES) for field in FIELDS}
    for state, fields in KEPT.items():
        for field in fields:
            del words[word(state, field)]
    for path, data in site.tree().items():
        if path == "site":
            continue
        found = legible(data)
        for one in words:
            if one.encode() in found or one in path:
                yield f"{one} in {path}"


def legible(data: bytes) -> bytes:
    """The bytes of a file, and what it holds compressed: the files of the search index are."""
    return data + (gzip.decompress(data) if data.startswith(b"\x1f\x8b") else b"")


@pytest.mark.parametrize("options", [{}, {"jobs": 2}], ids=["one process", "two processes"])
def test_no_word_of_a_withheld_article_is_in_the_output(
    make_site: Callable[..., Site], options: dict[str, object]
) -> None:
    site = make_site(files())
    site.good(**options)
    assert [*leaks(site)] == []


def test_nor_where_it_is_withheld_from_an_edition_of_its_own(make_site: Callable[..., Site]) -> None:
    made = {
        path: text.replace("\n---", "\nlang: de\n---", 1) if isinstance(text, str) else text
        for path, text in files().items()
    }
    site = make_site({**made, "newsgen.toml": f"{TOML}[languages.de]\n", "content/de/welt/a.md": article("A", "A.")})
    site.good()
    assert [*leaks(site)] == []
    site.good(dt.datetime(2026, 7, 2, tzinfo=dt.UTC), drafts=True, future=True)
    assert len([one for one in leaks(site) if " in de/" in one]) > 100


def test_what_was_published_and_is_withheld_now_is_gone(make_site: Callable[..., Site]) -> None:
    """From a build that shows them to one that does not, and back in time."""
    site = make_site(files())
    site.good(dt.datetime(2026, 7, 2, tzinfo=dt.UTC), drafts=True, future=True)
    found = [*leaks(site)]
    assert len(found) > 100  # so the search finds them where they are
    assert {"fragment", "filter", "index"} < {one.split("/")[2] for one in found if "search/pagefind/" in one}
    assert (site.out / "assets/pictures").is_dir()
    site.good(MOMENT)
    assert [*leaks(site)] == []
    assert not (site.out / "assets/pictures").exists()


def test_a_withdrawn_article_leaves_its_address_and_what_is_said_of_it(make_site: Callable[..., Site]) -> None:
    site = make_site(files())
    site.good()
    found = site.page(f"{word('withdrawn', 'section')}/{word('withdrawn', 'slug')}/index.html")
    assert word("withdrawn", "withdrawal") in found
    assert '<meta name="robots" content="noindex' in found
    naming = [path for path, data in site.tree().items() if word("withdrawn", "slug").encode() in data]
    assert sorted(naming) == [
        ".newsgen-manifest",
        f"{word('withdrawn', 'alias')}/index.html",
        f"{word('withdrawn', 'section')}/{word('withdrawn', 'slug')}/index.html",
    ]

"""The targets of fuzzing over what was found, over files that are hard, and over chance. `make fuzz` looks for more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.content.test_markdown import ATTACKS
from tests.fuzz.targets import TARGETS, assert_inert, forget_site
from tests.importers.exports import export, item

IMPORTERS = ("raw_text", "web_page", "feed", "wordpress", "old_site")

HARD: dict[str, list[bytes]] = {
    "front_matter": [
        b"", b"title: A", b"title: &a [*a]", b"title: 'A\x01'", b"+++\ntitle = 'A'\n+++\n", b'{"title": "A"}\n\nB', b"\xff\xfe",
        b"title: A\ntags:\n  - x\n - y", b"title: !!python/object:os.system x", b"date: 0000-00-00", b"title: A\ndate: 9999-12-31",
    ],
    "paths": [b"../x", b"con.txt", b"a b/\xc3\xbc", b"e\xcc\x81", b".", b"A" * 300, b"nul\xe2\x80\x8d", b"%2e%2e/x", b"\xed\xa0\x80"],
    "safe_html": [attack.encode("utf-8", "replace") for attack in ATTACKS],
    "raw_text": [b"", b"@\nk@", b"Headline\n\n<script>x()</script> and [a](javascript:x).\n\nMore.", b"\xff\xfeH\x00", b"A\n\n---\ntitle: B\n---"],
    "web_page": [
        b"", b"<html/body>", b"<title>A</title><p>" + b"x " * 40, b"<title>A\x7f</title><h1>A\x90</h1><p>Words of it.</p>",
        b'<script type="application/ld+json">[[{"@type": "Article", "author": [1, {"name": {}}], "datePublished": []}]</script><title>A b</title>',
    ],
    "feed": [b"", b"<rss><channel><item>", b"<rss version='2.0'><channel><item><title>A\xc2\x90</title><description>&lt;p&gt;B</description></item></channel></rss>"],
    "wordpress": [
        b"", export(item(1)), export(item(1, content="[gallery ids='x'][caption]<b>[/caption]<!-- wp:block {\"ref\":1} /-->", link="/../x")),
        export(item(1, name="../../x", title="../x", terms=(("category", "../..", "../.."),))), b"<!DOCTYPE x><rss>",
    ],
    "old_site": [
        bytes([kind]) + b"%s\n%%%%%%%%\n---\ntitle: A\npermalink: /../x\nslug: ../x\n---\n{{ x }} {%% raw %%} ![a](../../../x.md)\n" % settings
        for kind, settings in enumerate((b"permalink: pretty", b"", b"", b"PATH = '..'", b"", b"POSTS = (('../x/*.md', '', ''),)", b"---\nb"))
    ],
    "router": [
        b"/..%2fsecret.txt", b"/world/../../secret.txt", b"/out.txt", b"/out/secret.txt", b"/.newsgen-manifest", b"//secret.txt",
        b"/index.html\nRange: bytes=9-1", b"/__newsgen/edit\n!Origin: http://127.0.0.1:8000", b"/%00", b"/a b/\xc3\xbc.txt\nRange: bytes=0-1,4-",
    ],
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _no_site_is_left() -> Iterator[None]:
    yield
    forget_site()


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_hard_is_borne(name: str) -> None:
    found = sorted((Path(__file__).parent / "found").glob(f"{name}-*"))
    for data in (*HARD[name], *(path.read_bytes() for path in found)):
        TARGETS[name](data)


@pytest.mark.parametrize("name", TARGETS)
def test_chance_is_borne(name: str) -> None:
    pieces = (
        st.sampled_from(HARD[name])
        | st.binary(max_size=12)
        | st.text("-:|[](){}<>&`*\n /.", max_size=8).map(str.encode)
    )

    @settings(max_examples=20 if name in IMPORTERS else 60)
    @given(st.lists(pieces, max_size=6).map(b"".join))
    def borne(data: bytes) -> None:
        TARGETS[name](data)

    borne()


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>", '<img src="x" onerror="x()">', '<a href="java\tscript:x">x</a>', "<svg><a></a></svg>",
        '<p style="x">y</p>', '<form action="/x"></form>', "<noscript><p title='</noscript><img src=x onerror=x>'>",
    ],
)  # fmt: skip
def test_the_judge_would_notice(html: str) -> None:
    with pytest.raises(AssertionError):
        assert_inert(html)

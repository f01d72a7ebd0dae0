"""The record of an article in the search index: its words without markup, what it is narrowed and ordered by."""

from __future__ import annotations

import pytest

from newsgen.pages.search import is_wide, text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>One <em>two</em>three.</p>\n<p>Four</p>", "One twothree. Four"),
        ("<ul><li>One</li><li>Two</li></ul>", "One Two"),
        ("a<br>b", "a b"),
        ("<p>5 &lt; 6 &amp; <b>so</b></p>", "5 < 6 & so"),
        ('<p>See <a href="ng-ref:0" title="a > b">there</a>.</p>', 'See b">there.'),
        ("<p>Run</p><pre><code>rm -rf\n</code></pre><p>it</p>", "Run it"),
        ("<script>x</script><style>y</style>z", "z"),
        ("<!--ng-open:0-->Label<!--ng-body:0--><p>Body</p><!--ng-close:0-->", "Label Body"),
    ],
)
def test_the_words_of_a_body(html: str, text: str) -> None:
    assert text_of(html) == text


def test_languages_without_spaces() -> None:
    assert [is_wide(tag) for tag in ("zh", "zh-Hant", "ja", "en", "zha")] == [True, True, True, False, False]

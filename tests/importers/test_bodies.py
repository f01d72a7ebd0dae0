"""Bodies of other generators: each kind of tag and of Markdown as what it becomes here, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsgen.config import MarkdownSettings
from newsgen.content.markdown import render
from newsgen.importers.bodies import Body
from newsgen.importers.shortcodes import Surroundings

PAGES = {"2014-05-01-ferry": "/2014/05/01/ferry/", "ferry": "/2014/05/01/ferry/", "posts/ferry": "/2014/05/01/ferry/"}
FILES = frozenset(("/img/quay.jpg", "/report.pdf"))
TEXTS = {"title": "Ferries", "image": "/img/quay.jpg"}


def body(text: str, kind: str, texts: Mapping[str, str] = TEXTS) -> Body:
    def page(name: str) -> str | None:
        return PAGES.get(name.removesuffix(".md").lstrip("/"))

    def asset(src: str) -> str | None:
        return src if src.startswith("/") or ":" in src else f"/{src}" if "/" in src else None

    def link(url: str, shown: bool) -> tuple[str, str]:
        return url, "no such picture" if shown and url not in FILES and url.startswith("/") else ""

    return Body(
        text, 5, Surroundings(kind, texts, {"title": "The Quay", "url": "https://quay.example"}, page, asset), link
    )


HUGO = [
    ('{{< youtube dQw4w9WgXcQ >}}', "::embed[https://www.youtube.com/watch?v=dQw4w9WgXcQ]"),
    ('{{< youtube id="dQw4w9WgXcQ" title="A song" >}}', '::embed[https://www.youtube.com/watch?v=dQw4w9WgXcQ]{title="A song"}'),
    ("{{< vimeo 146022717 >}}", "::embed[https://vimeo.com/146022717]"),
    ('{{< tweet user="quay" id="877500564405444608" >}}', "::embed[https://twitter.com/quay/status/877500564405444608]"),
    ("{{< gist quay 50a7482715eac222e230 >}}", "::embed[https://gist.github.com/quay/50a7482715eac222e230]"),
    ('{{< figure src="/img/quay.jpg" alt="A quay" >}}', "![A quay](/img/quay.jpg)"),
    (
        '{{< figure src="/img/quay.jpg" alt="A quay" caption="The *old* quay" attr="Ada Berg" width="400" >}}',
        ':::figure[The *old* quay]{credit="Ada Berg"}\n![A quay](/img/quay.jpg)\n:::',
    ),
    ('{{< figure src="/img/quay.jpg" alt="A quay" link="/big/" />}}', "[![A quay](/img/quay.jpg)](/big/)"),
    ('See {{< img src="/img/quay.jpg" alt="a quay" >}} here', "See ![a quay](/img/quay.jpg) here"),
    ('<p>See {{< img src="/img/quay.jpg" alt="a quay" >}} here</p>', '<p>See <img src="/img/quay.jpg" alt="a quay"> here</p>'),
    ('[more]({{< ref "ferry.md" >}} "Ferry")', '[more](/2014/05/01/ferry/ "Ferry")'),
    ('[more]({{< relref "posts/ferry.md#late" >}})', "[more](/2014/05/01/ferry/#late)"),
    ('{{< highlight go "linenos=table" >}}\nx := 1\n{{< /highlight >}}', "```go\nx := 1\n```"),
    ("{{< note >}}\nMind the *gap*.\n{{< /note >}}", ":::facts\n\nMind the *gap*.\n\n:::"),
    ('{{% warning title="Ice" %}}\nSlow.\n{{% /warning %}}', ":::facts[Ice]\n\nSlow.\n\n:::"),
    ('{{< pullquote author="Bo Ek" >}}\nLate again.\n{{< /pullquote >}}', ":::pullquote[Bo Ek]\n\nLate again.\n\n:::"),
    ('{{< details "More" >}}\nText.\n{{< /details >}}', "<details><summary>More</summary>\n\n\nText.\n\n\n</details>"),
    ('{{< button href="/report.pdf" text="Read it" >}}', "[Read it](/report.pdf)"),
    ("`{{</* figure src=x.jpg */>}}`", "`{{< figure src=x.jpg >}}`"),
    ("{{< row >}}\nText.\n{{< /row >}}", "\n\nText.\n\n"),
    ("{{< param title >}}", "Ferries"),
    ("See https://quay.example/a_b. Or `https://x.y`.", "See <https://quay.example/a_b>. Or `https://x.y`."),
]  # fmt: skip
LIQUID = [
    ("![Quay]({{ site.baseurl }}/img/quay.jpg)", "![Quay](/img/quay.jpg)"),
    ("[more]({{ site.url }}{{ site.baseurl }}/a/)", "[more](/a/)"),
    ("At {{ site.url }}.", "At https://quay.example."),
    ('[a]({{ "/about/" | relative_url }}) [b]({{ "b/" | absolute_url }})', "[a](/about/) [b](/b/)"),
    ("{{ page.title }} of {{ site.title }}", "Ferries of The Quay"),
    ("{% raw %}{{ page.title }}{% endraw %}", "{{ page.title }}"),
    ("a{% comment %} not {{ this }} {% endcomment %}b", "ab"),
    ("{% highlight ruby linenos %}\nputs 1\n{% endhighlight %}", "```ruby\nputs 1\n```"),
    ("[more]({% post_url 2014-05-01-ferry %})", "[more](/2014/05/01/ferry/)"),
    ("[more]({% link ferry.md %})", "[more](/2014/05/01/ferry/)"),
    ('{% include figure.html src="/img/quay.jpg" alt="A quay" caption="The quay" %}', ":::figure[The quay]\n![A quay](/img/quay.jpg)\n:::"),
    ('{% include youtube.html id="dQw4w9WgXcQ" %}', "::embed[https://www.youtube.com/watch?v=dQw4w9WgXcQ]"),
    ('{% image "img/quay.jpg" "a quay" %}', "![a quay](/img/quay.jpg)"),
    ("{% img left /img/quay.jpg 350 350 'Title' 'A quay' %}", "![A quay](/img/quay.jpg)"),
    ("{% assign where = '/img/' %}![Quay]({{ where }}quay.jpg)", "![Quay](/img/quay.jpg)"),
    ("* TOC\n{:toc}\n\nText.", "\nText."),
    ("## Late {#why-late}", '## <a id="why-late"></a>Late'),
    ("## Late {#late}\n\nText.", "## Late\n\nText."),
    ("Late\n{: #why }", "Late"),
    ('[a](/a/){:target="_blank"} and `{:.code}`', "[a](/a/) and `{:.code}`"),
    ('<div class="box" markdown="1">\nSome *text*.\n</div>', '<div class="box">\n\nSome *text*.\n</div>'),
    ("Term\n: What it is\n\nText.[^1]\n\n[^1]: A note.", "Term\n: What it is\n\nText.[^1]\n\n[^1]: A note."),
    ("- [ ] one\n- [x] two", '- <input type="checkbox" disabled> one\n- <input type="checkbox" disabled checked> two'),
    ("> [!NOTE]\n> Slow.", "> **Note**\n>\n> Slow."),
    (":::note\ntext", "\\:::note\ntext"),
    ('<iframe width="560" src="https://www.youtube.com/embed/dQw4w9WgXcQ" title="A song"></iframe>', '\n\n::embed[https://www.youtube.com/watch?v=dQw4w9WgXcQ]{title="A song"}\n\n'),
    ("Text <iframe src='//maps.example/x'></iframe> text", "Text [https://maps.example/x](https://maps.example/x) text"),
    ("a\n<script>alert(1)</script>\nb", "a\n\nb"),
]  # fmt: skip
ZOLA = [
    ('{{ youtube(id="dQw4w9WgXcQ") }}', "::embed[https://www.youtube.com/watch?v=dQw4w9WgXcQ]"),
    ('{% quote(author="Bo Ek") %}\nLate.\n{% end %}', ":::pullquote[Bo Ek]\n\nLate.\n\n:::"),
]
PYTHON = [
    ('!!! note "Ice"\n    Slow and\n    careful.\n\nText.', ":::facts[Ice]\nSlow and\ncareful.\n:::\n\nText."),
    ("Text:\n\n    :::python\n    x = 1\n\nMore.", "Text:\n\n```python\nx = 1\n```\n\nMore."),
    ("[TOC]\n\n##Late\n\nText.", "\n## Late\n\nText."),
]
NIKOLA = [("{{% youtube dQw4w9WgXcQ %}}", "::embed[https://www.youtube.com/watch?v=dQw4w9WgXcQ]")]
CASES = [
    *(("hugo", *one) for one in HUGO),
    *(("jekyll", *one) for one in LIQUID),
    *(("zola", *one) for one in ZOLA),
    *(("pelican", *one) for one in PYTHON),
    *(("nikola", *one) for one in NIKOLA),
]


@pytest.mark.parametrize(("kind", "text", "expected"), CASES, ids=[f"{kind}-{text[:40]}" for kind, text, _ in CASES])
def test_what_a_tag_becomes(kind: str, text: str, expected: str) -> None:
    made = body(text, kind)
    assert made.result() == expected
    assert [one.reason for one in made.losses if "among" not in one.reason] == []


LOSSES = [
    ("hugo", '{{< weather city="Holm" >}}', 5, 'no equivalent of "weather"'),
    ("hugo", "Text.\n\n{{< img src=\"a-picture\" >}}", 7, 'no equivalent of "img"'),
    ("hugo", "Text {{< /box >}}", 5, "the end of a shortcode without its beginning"),
    ("jekyll", "a\n{% for post in site.posts %}b{% endfor %}", 6, 'no equivalent of "for"'),
    ("jekyll", "{{ page.weather }}", 5, "a value that only the old site's templates know"),
    ("jekyll", "a\n\n$$x^2$$", 7, "mathematics, which newsgen does not set"),
    ("jekyll", "*[HTML]: Markup", 5, "an abbreviation, which newsgen has none of"),
    ("jekyll", "<form>a</form>", 5, "an element that newsgen's safe HTML leaves out"),
    ("markdown", "a\n\n![A quay](/img/gone.jpg)", 7, "no such picture"),
    ("hugo", "```\n{{< figure src=a.jpg >}}\n```", 6, "a tag in code, which the old site may have run"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "line", "reason"), LOSSES, ids=[one[3] + one[0] for one in LOSSES])
def test_what_has_no_equivalent_stays_visible_and_is_told_with_its_line(
    kind: str, text: str, line: int, reason: str
) -> None:
    made = body(text, kind)
    assert made.result() == text
    assert [(one.number, one.reason) for one in made.losses] == [(line, reason)]


@pytest.mark.parametrize("kind", ["jekyll", "hugo", "zola", "pelican", "eleventy", "nikola", "markdown"])
def test_plain_markdown_stays_as_it_is_byte_for_byte(kind: str) -> None:
    text = '# Late\n\nIt *was* late  \nagain: `{{ x }}`… [a](/a/ "b").\n\n> so\n\n1. one\n\n       code\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n---\n'
    made = body(text.replace("`{{ x }}`", "`x`"), kind)
    assert made.result() == text.replace("`{{ x }}`", "`x`")
    assert (made.losses, made.cuts) == ([], [])


def test_a_link_to_what_is_not_there_leads_where_the_old_site_would_have_it_and_is_told() -> None:
    made = body('[a]({{< ref "events/_index.md" >}}) [b]({{< tmp "old/deck.md#x" >}})', "hugo")
    assert made.result() == "[a](/events/) [b](/old/deck/#x)"
    assert [one.reason for one in made.losses] == ["a link to what is not among the sources"] * 2


def test_what_a_tag_says_and_newsgen_cannot_is_told_as_cut() -> None:
    made = body('{{< note variant="alert" >}}\nIce.\n{{< /note >}}', "hugo")
    assert made.result() == ":::facts\n\nIce.\n\n:::"
    assert [(one.number, one.text, one.reason) for one in made.cuts] == [
        (5, 'variant="alert"', 'words of "note" that say nothing here')
    ]


def test_lines_are_counted_in_the_source_whatever_tags_become() -> None:
    text = '{{< figure src="/img/quay.jpg" caption="a" >}}\n\n{{< box >}}\nText\n\n{{< weather >}}\n{{< /box >}}\n\n{{< weather >}}'
    made = body(text, "hugo")
    made.result()
    assert [one.number for one in made.losses] == [10, 13]


WORDS = st.sampled_from(
    ["{{<", ">}}", "{{%", "%}}", "{%", "%}", "{{", "}}", "/", "box", " note ", "endnote", "raw", "endraw", "comment", "endcomment", "\n", "\n\n", "```", "`", '"', "'",
     "img", ' src="a.jpg"', "a", "<p>", "</p>", "<iframe src='//a.b/c'>", "</iframe>", "<script>", "</script>", "](", "[", ")", "{:", "}", "{#a}", "# ", "- ", "    ", "> ", ":::", "|", "$$", "!!! note", "@/a.md", "{filename}a.md", "\\", "*/", "/*", "=", "(", "include ", "\t", "toc"]
)  # fmt: skip


@settings(max_examples=400, deadline=2000)
@given(
    st.lists(WORDS, max_size=60).map("".join),
    st.sampled_from(["jekyll", "hugo", "zola", "pelican", "eleventy", "nikola", "markdown"]),
)
def test_any_text_is_converted_and_can_be_rendered(text: str, kind: str) -> None:
    made = body(text, kind)
    result = made.result()
    last = 5 + text.count("\n")
    assert all(5 <= one.number <= last for one in (*made.losses, *made.cuts))
    render("content/a.md", result, 1, MarkdownSettings())


@pytest.mark.parametrize(
    "part", ["{{< a ", "{{< a >}}", "{% a %}", "[", "![", "<iframe ", "`", "{{ a", "{% raw %}", "```\n", "<p>", "{:a"]
)
def test_hostile_text_takes_no_more_than_a_moment(part: str) -> None:
    import time

    began = time.process_time()
    body(part * (100_000 // len(part)) + "{{< /a >}}", "markdown").result()
    assert time.process_time() - began < 10

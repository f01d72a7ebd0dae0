"""Front matter: every scalar stays the text that was typed, every mistake has its place and the line that mends it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsgen.content import frontmatter, handlers
from newsgen.content.frontmatter import Field, FrontMatter
from newsgen.content.handlers import MAX_DEPTH, MAX_VALUES
from newsgen.diagnostics import Diagnostic

PATH = "content/world/story.md"


def plain(field: Field) -> Any:
    """A field as texts, tuples and dicts."""
    if isinstance(field.value, tuple):
        return tuple(plain(item) for item in field.value)
    if isinstance(field.value, dict):
        return {key: plain(item) for key, item in field.value.items()}
    return field.value


def matter(text: str) -> FrontMatter:
    outcome = frontmatter.read(PATH, text)
    assert outcome.diagnostics == ()
    assert outcome.value is not None
    return outcome.value


def values(text: str) -> dict[str, Any]:
    return {key: plain(field) for key, field in matter(text).fields.items()}


def refusal(text: str) -> Diagnostic:
    """The one mistake of `text`."""
    outcome = frontmatter.read(PATH, text)
    assert outcome.value is None
    (found,) = outcome.diagnostics
    return found


def said(text: str) -> tuple[str, str, str]:
    """Severity, code and `line:column` of the one mistake of `text`."""
    found = refusal(text)
    assert found.place.path == PATH
    return found.severity, found.code, str(found.place).removeprefix(PATH).removeprefix(":")


# ---- what is read ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        *("NO", "no", "Yes", "on", "off", "true", "null", "~", "404", "012", "0x1F", "1e3", "12:30:45", "1_000"),
        *("2024-05-16", "2024-5-6", "2024-05-16 08:00", "2024-05-16 08:00:00", "2024-05-16T08:00:00Z", ".5", ".nan"),
        *(
            "-1",
            "+1",
            "3.14",
            "=",
            "<<",
            "Russia, China",
            "C++",
            "a#b",
            "it's",
            "50% off",
            "http://a.org/x:y",
            "...",
            "x:y",
        ),
    ],
)
def test_a_bare_scalar_stays_the_text_that_was_typed(written: str) -> None:
    assert values(f"---\ntitle: {written}\ntags: [{written.replace(',', '')}]\n---\n") == {
        "title": written,
        "tags": (written.replace(",", ""),),
    }


READ: list[tuple[str, str, dict[str, Any], str, int]] = [
    ("yaml", "---\ntitle: A\n---\nBody\n", {"title": "A"}, "Body\n", 4),
    ("yaml with trailing spaces at the fences", "--- \ntitle: A\n---\t\nBody", {"title": "A"}, "Body", 4),
    ("document end closes it", "---\ntitle: A\n...\nBody", {"title": "A"}, "Body", 4),
    ("no body", "---\ntitle: A\n---", {"title": "A"}, "", 3),
    ("empty block", "---\n---\nBody", {}, "Body", 3),
    ("a block of comments", "---\n# later\n---\nBody", {}, "Body", 4),
    ("a block of nothing", "---\n~\n---\nBody", {}, "Body", 4),
    ("no front matter", "Body\n", {}, "Body\n", 1),
    ("four hyphens are no front matter", "----\ntitle: A\n----\n", {}, "----\ntitle: A\n----\n", 1),
    ("front matter begins on line 1", "\n---\ntitle: A\n---\n", {}, "\n---\ntitle: A\n---\n", 1),
    ("a rule in the body", "---\ntitle: A\n---\nOne\n\n---\n\nTwo", {"title": "A"}, "One\n\n---\n\nTwo", 4),
    ("blank lines before the body", "---\ntitle: A\n---\n\n\nBody", {"title": "A"}, "\n\nBody", 4),
    ("a comment", "---\ntitle: A # working title\n---\n", {"title": "A"}, "", 4),
    ("quotes", "---\ntitle: \"Putin: visit\"\nb: 'it''s'\n---\n", {"title": "Putin: visit", "b": "it's"}, "", 5),
    ("a folded text", "---\ntitle: >-\n  One\n  two\n---\nB", {"title": "One two"}, "B", 6),
    ("a literal text", "---\na: |\n  One\n  two\n---\nB", {"a": "One\ntwo\n"}, "B", 6),
    ("a text on two lines", "---\ntitle: One\n  two\n---\nB", {"title": "One two"}, "B", 5),
    ("hyphens inside a text", "---\na: |\n  One\n  ---\n  two\n---\nB", {"a": "One\n---\ntwo\n"}, "B", 7),
    ("lists", "---\ntags:\n- a\n- b\nc: [d, 'e']\n---\n", {"tags": ("a", "b"), "c": ("d", "e")}, "", 7),
    ("mappings", "---\nimage: {src: a.jpg, alt: A}\n---\n", {"image": {"src": "a.jpg", "alt": "A"}}, "", 4),
    ("separators of lines that no editor shows", "---\na: x\u2028y\nb: z\u0085\n---\n", {"a": "x y", "b": "z"}, "", 5),
    ("toml", '+++\ntitle = "A"\n+++\nBody\n', {"title": "A"}, "Body\n", 4),
    (
        "toml values",
        "+++\na = 1\nb = true\nc = 1.5\nd = [1, 'x']\n+++\n",
        {"a": "1", "b": "true", "c": "1.5", "d": ("1", "x")},
        "",
        7,
    ),
    (
        "toml dates",
        "+++\na = 2024-05-16\nb = 2024-05-16T08:00:00Z\nc = 12:30:45\n+++\n",
        {"a": "2024-05-16", "b": "2024-05-16T08:00:00+00:00", "c": "12:30:45"},
        "",
        6,
    ),
    ("toml tables", "+++\n[image]\nsrc = 'a.jpg'\n+++\n", {"image": {"src": "a.jpg"}}, "", 5),
    ("toml, empty", "+++\n+++\nBody", {}, "Body", 3),
    (
        "json",
        '{\n"title": "A",\n"n": 12, "b": false, "x": null, "l": [1.5, {"a": "b"}]\n}\nBody',
        {"title": "A", "n": "12", "b": "false", "x": "", "l": ("1.5", {"a": "b"})},
        "Body",
        5,
    ),
    ("json, empty", "{\n}\nBody", {}, "Body", 3),
    ("a brace that begins a text", "{ braces } are no JSON\n", {}, "{ braces } are no JSON\n", 1),
]


@pytest.mark.parametrize(
    ("text", "fields", "body", "line"), [case[1:] for case in READ], ids=[case[0] for case in READ]
)
def test_fields_body_and_the_line_of_the_body_are_read(text: str, fields: dict[str, Any], body: str, line: int) -> None:
    found = matter(text)
    assert (values(text), found.body, found.body_line) == (fields, body, line)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("---\ntitle: A\n\ntags: [a]\n---\n", {"title": (2, 8), "tags": (4, 7)}),
        ("---\n日本: 語\nc:\n  - d\n---\n", {"日本": (2, 5), "c": (4, 3)}),
        ("---\na: x\u2028y\nb: c\n---\n", {"a": (2, 4), "b": (3, 4)}),
        ("+++\n\ntitle = 'A'\n[extra]\na = 1\n+++\n", {"title": (3, 1), "extra": (5 - 1, 1)}),
        ('{\n  "title": "A",\n  "tags": []\n}\n', {"title": (2, 3), "tags": (3, 3)}),
        ('{\n"t\\u0061gs": []\n}\n', {"tags": (1, 1)}),
    ],
)
def test_lines_and_columns_count_from_the_top_of_the_file(text: str, places: dict[str, tuple[int, int]]) -> None:
    assert {key: (field.line, field.column) for key, field in matter(text).fields.items()} == places


def test_items_of_a_list_have_their_own_places() -> None:
    items = matter("---\ntags:\n  - a\n  - b\nmore: [c, d]\n---\n").fields
    assert [(i.line, i.column) for key in items for i in items[key].value] == [(3, 5), (4, 5), (5, 8), (5, 11)]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        ("---\na:\n---\n", True),
        ("---\na: ~\n---\n", True),
        ("---\na: null\n---\n", True),
        ("---\na: ''\n---\n", False),
        ('---\na: "null"\n---\n', False),
        ("---\na: none\n---\n", False),
        ("---\na: []\n---\n", False),
        ('{\n"a": null\n}\n', True),
        ('{\n"a": ""\n}\n', False),
        ('+++\na = "null"\n+++\n', False),
    ],
)
def test_only_a_bare_nothing_is_absent(text: str, absent: bool) -> None:
    assert matter(text).fields["a"].absent is absent


@pytest.mark.parametrize(
    ("written", "is_plain"), [("x", True), ("12", True), ("'x'", False), ('"12"', False), ("|\n  x", False)]
)
def test_a_value_in_quotes_is_told_from_a_bare_one(written: str, is_plain: bool) -> None:
    assert matter(f"---\na: {written}\n---\n").fields["a"].plain is is_plain


# ---- what is refused ------------------------------------------------------------------------------------------------

DEEP = "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"

REFUSED = [
    ("unclosed yaml", "---\ntitle: A\n\nBody\n", "NG-105", "1:1"),
    ("unclosed, nothing else", "---", "NG-105", "1:1"),
    ("unclosed toml", '+++\ntitle = "A"\n', "NG-105", "1:1"),
    ("unclosed json", '{\n"title": "A"\n', "NG-105", "1:1"),
    ("a closing fence that is indented", "---\ntitle: A\n ---\n", "NG-105", "1:1"),
    ("a key twice", "---\ntitle: A\ntags: [a]\ntitle: B\n---\n", "NG-107", "4:1"),
    ("a key twice, inside", "---\nimage:\n  src: a\n  src: b\n---\n", "NG-107", "4:3"),
    ("a key twice, quoted once", '---\ntitle: A\n"title": B\n---\n', "NG-107", "3:1"),
    ("a key twice in json", '{\n"title": "A",\n"title": "B"\n}\n', "NG-107", "2:1"),
    ("a key twice in toml", "+++\na = 1\na = 2\n+++\n", "NG-106", "3:6"),
    ("a list at the root", "---\n- a\n- b\n---\n", "NG-108", "2:1"),
    ("a text at the root", "---\nOnly words\n---\n", "NG-108", "2:1"),
    ("an anchor", "---\nbase: &b {x: y}\n---\n", "NG-109", "2:7"),
    ("an alias", "---\na: b\nbase: *b\n---\n", "NG-109", "3:7"),
    ("a bomb of aliases", f"---\n{BOMB}---\n", "NG-109", "2:4"),
    ("a circle of aliases", "---\na: &a [*a]\n---\n", "NG-109", "2:4"),
    ("a merge key", "---\n<<: *base\n---\n", "NG-109", "2:5"),
    ("a Python object", "---\na: !!python/object/apply:os.system [ls]\n---\n", "NG-109", "2:4"),
    ("a tag of one's own", "---\na: !secret x\n---\n", "NG-109", "2:4"),
    ("a standard tag", "---\na: !!str 1\n---\n", "NG-109", "2:4"),
    ("an anchor on the root", "---\n&a\ntitle: A\n---\n", "NG-109", "2:1"),
    ("too deep", f"---\na: {DEEP}\n---\n", "NG-109", f"2:{4 + MAX_DEPTH}"),
    ("far too deep", f"---\na: {'[' * 100_000}\n---\n", "NG-109", f"2:{4 + MAX_DEPTH}"),
    ("too deep in toml", f"+++\na = {DEEP}\n+++\n", "NG-109", "2:1"),
    ("far too deep in toml", f"+++\na = {'[' * 20_000}\n+++\n", "NG-109", "1"),
    ("too deep in json", f'{{\n"a": {DEEP}\n}}\n', "NG-109", "2:1"),
    ("far too deep in json", f'{{\n"a": {"[" * 100_000}\n}}\n', "NG-109", "1"),
    ("too many values", f"---\na: [{', '.join('x' * MAX_VALUES)}]\n---\n", "NG-109", f"2:{5 + 3 * (MAX_VALUES - 3)}"),
    ("a second document", "---\ntitle: A\n--- more\nb: c\n---\n", "NG-106", "3:5"),
    ("a tab that indents", "---\ntitle: A\nimage:\n\tsrc: a\n---\n", "NG-106", "4:1"),
    ("wrong indentation", "---\ntitle: A\n  draft: true\n---\n", "NG-106", "3:8"),
    ("a list that is not closed", "---\ntags: [a, b\ntitle: A\n---\n", "NG-106", "2:1"),
    ("a mapping as a key", "---\n? {a: b}\n: c\n---\n", "NG-106", "2:3"),
    ("a headline with a comment", "---\na: b\ntitle: Ranked #1\n---\n", "NG-106", "3:8"),
    ("a control character", "---\ntitle: A\nb: it\u0092s\n---\n", "NG-102", "3:6"),
    ("toml without quotes", "+++\na = 1\ntitle = Headline\n+++\n", "NG-106", "3:9"),
    ("toml with an impossible date", "+++\ndate = 2024-02-30\n+++\n", "NG-106", "2:8"),
    ("toml that ends too early", "+++\na = [1,\n2\n+++\n", "NG-106", "3"),
    ("toml with an endless number", f"+++\na = {'1' * 5000}\n+++\n", "NG-106", "2"),
    ("json without a comma", '{\n"a": 1\n"b": 2\n}\n', "NG-106", "3:1"),
    ("json with an endless number", f'{{\n"a": {"1" * 5000}\n}}\n', "NG-106", "1"),
]


@pytest.mark.parametrize(("text", "code", "place"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_cannot_be_read_with_certainty_is_one_error_at_its_place(text: str, code: str, place: str) -> None:
    assert said(text) == ("error", code, place)


KEY_A_LINE = "Write one key a line: title: The headline"
IN_QUOTES = 'Write key = value, text in quotes: title = "The headline"'
DEEPER = f"front matter is nested deeper than {MAX_DEPTH} levels - Flatten it."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("---\ntitle: A\n\nBody", 'front matter opened with "---" is never closed - Close the front matter with a line --- before the text begins.'),
        ('+++\ntitle = "A"\n', 'front matter opened with "+++" is never closed - Close the front matter with a line +++ before the text begins.'),
        ('{\n"title": "A"\n', 'front matter opened with "{" is never closed - Close the front matter with a line } before the text begins.'),
        ("---\ntitle: A\nb: c\ntitle: B\n---\n", 'duplicate key: "title" is given twice (first on line 2) - Keep the one that is right.'),
        ('{\n"a": 1,\n"a": 2\n}\n', 'duplicate key: "a" is given twice - Keep the one that is right.'),
        ("---\n- a\n---\n", f"front matter is not a mapping of keys to values - {KEY_A_LINE}"),
        ("---\na: b\n--- c\n---\n", "front matter holds a second document - Keep one block."),
        ("---\n? [a]\n: b\n---\n", "a key must be plain text - Write key: value"),
        ("---\na: &b c\n---\n", '"&b" is a YAML alias, which front matter may not use - Put the text in quotes: a: "&b c"'),
        ("---\na: *b\n---\n", '"*b" is a YAML alias, which front matter may not use - Put the text in quotes: a: "*b"'),
        ("---\n&a\nb: c\n---\n", '"&a" is a YAML alias, which front matter may not use - Put the text in quotes: "&a…"'),
        ("---\n*a : b\n---\n", '"*a" is a YAML alias, which front matter may not use - Put the text in quotes: "*a…"'),
        ("---\na: !b c\n---\n", 'YAML tag "!b" is not allowed in front matter - Put the text in quotes: a: "!b c"'),
        ("---\n!b\na: c\n---\n", 'YAML tag "!b" is not allowed in front matter - Remove the tag, or put the whole text in quotes.'),
        (f"---\na: {DEEP}\n---\n", DEEPER),
        (f"+++\na = {DEEP}\n+++\n", DEEPER),
        (f'{{\n"a": {DEEP}\n}}\n', DEEPER),
        (f"---\na: [{', '.join('x' * MAX_VALUES)}]\n---\n", "front matter holds more than 2,000 values - Keep data of that size in a file of its own."),
        ("---\ntitle: Ranked #1\n---\n", 'YAML takes the end of "title" for a comment: "#1" - Put the text in quotes: title: "Ranked #1"'),
        ("---\ntitle: Ranked\n  third #1\n---\n", 'YAML takes the end of "title" for a comment: "#1" - Put the whole text of title in quotes.'),
        ("---\ntitle: Putin: visit\n---\n", 'front matter is not YAML: mapping values are not allowed in this context - Put the text in quotes: title: "Putin: visit"'),
        ("---\ntags: [a, b\nc: d\n---\n", "front matter is not YAML: did not find expected ',' or ']' - Close the list: tags: [a, b]"),
        ("---\na:\n\tb: c\n---\n", "front matter is not YAML: a tab is used to indent - Indent with spaces; YAML allows no tab there."),
        ("---\na: b\n  c: d\n---\n", f"front matter is not YAML: mapping values are not allowed in this context - Indent with spaces, two for each level, and {KEY_A_LINE[0].lower()}{KEY_A_LINE[1:]}"),
        ("---\na: b\x92\n---\n", "control character U+0092 in front matter - Remove it."),
        ("+++\na = b\n+++\n", f"front matter is not TOML: Invalid value - {IN_QUOTES}"),
        ('{\n"a": 1\n"b": 2\n}\n', "front matter is not JSON: Expecting ',' delimiter - Every key and text stands in double quotes, with a comma between two: \"title\": \"The headline\","),
        (f'{{\n"a": {"1" * 5000}\n}}\n', "front matter holds a number too long to be read - "),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_what_to_write(text: str, words: str) -> None:
    found = refusal(text)
    assert f"{found.message} - {found.help}" == words


@pytest.mark.parametrize("form", ["---\na: {}\n---\n", "+++\na = {}\n+++\n", '{{\n"a": {}\n}}\n'])
def test_as_many_levels_as_are_allowed_are_read(form: str) -> None:
    assert values(form.format(DEEP[1:-1]))["a"] != ()


# ---- plain YAML, read without a parser ------------------------------------------------------------------------------

PLAIN = [
    "title: A headline, with signs; 5% & more - “quoted” - it's 10:30",
    'title: "In quotes: with \\"more\\" # inside" ',
    "title: 'It''s # in: quotes'",
    "title: ''\nempty:\nblank:   \nnothing: ~\nnull: null",
    "date: 2024-05-16T08:30:00+02:00\nurl: https://example.org/a?b=c",
    "tags: [a, \"b, c\", 'd', e f , NO, 012,]\nnone: []\nblank: [ ]",
    "tags:\n- a\n- 'b'\nmore:\n  -   c d \n\n  - \"e: f\"\n\nlast: x",
    "# a comment\ntitle: A\n  \n# tags: [a]\n",
    "a-b_c: x 日本語 😀",
    "",
    "\n\n",
]
MORE = [
    *("title: A # comment", "title: Ranked #1", "title: a: b", "title: a:", "title:a", "title : a", "title: a\n  b"),
    *(
        'title: "a\\n"',
        'title: "a" b',
        "title: 'a' 'b'",
        'title: "a',
        "title: 'it's'",
        "title: 'a''",
        "title: |\n  a",
        "title: >-\n  a",
    ),
    *(
        "title: A\ntitle: B",
        "a: &b c",
        "a: *b",
        "a: !c d",
        "a: @b",
        "a: `b",
        "a: %b",
        "a: - b",
        "a: -1",
        "a: ? b",
        "a: , b",
    ),
    *(
        "a: {b: c}",
        "a:\n  b: c",
        "a: [b",
        "a: [b]]",
        "a: [[b]]",
        "a: [b: c]",
        "a: [{b}]",
        "a: [,]",
        "a: [b,,c]",
        "a: [b] c",
        "a: [b, # c\n d]",
    ),
    *(
        "a: ['b' 'c']",
        'a: ["b"c]',
        "a: [b #c]",
        "a: [- b]",
        "a: [?]",
        "a:\n- - b",
        "a:\n- b: c",
        "a:\n- b\n - c",
        "a:\n - b\n- c",
    ),
    *(
        "a: b\n- c",
        "- a",
        "a",
        "a:\n-",
        "a:\n- ",
        "a:\n- b\n  c",
        "a:\n  # b\n- c",
        "? a\n: b",
        '"a": b',
        "...",
        "a: b\n...\nc",
        "--- a",
        "%YAML 1.2",
    ),
    *(
        "a: b\tc",
        "a: b\xa0c",
        "a: b\u200bc",
        "a: b\x07",
        "\ta: b",
        "a:\tb",
        "a:\n\t- b",
        "ü: a",
        "12: a",
        "<<: a",
        "a:\n-b",
        "a: b\x85",
        "a: b\u2028c",
    ),
]


def both(block: str, body: str = "\nBody\n") -> None:
    text = f"---\n{block}\n---\n{body}"
    assert frontmatter.read(PATH, text) == handlers.read(PATH, text)


@pytest.mark.parametrize("block", PLAIN)
def test_plain_yaml_takes_the_fast_path_and_comes_out_the_same(block: str) -> None:
    assert frontmatter.read_plain(f"---\n{block}\n---\n") is not None
    both(block)


@pytest.mark.parametrize("block", MORE)
def test_what_is_more_than_plain_yaml_is_left_to_the_handlers(block: str) -> None:
    assert frontmatter.read_plain(f"---\n{block}\n---\n") is None
    both(block)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Body",
        "---",
        "---\n",
        "---\n---\n",
        "---\na: b\n---",
        "--- \na: b\n---\n",
        "---\na: b\n--- \n---\n",
        "---\na: b\n...\n---\n",
        "\n---\n---\n",
        "---\na: b\n---\n\n\nBody",
    ],
)
def test_where_front_matter_ends_is_told_alike(text: str) -> None:
    assert frontmatter.read(PATH, text) == handlers.read(PATH, text)


def test_a_block_that_may_hold_too_many_values_is_left_to_the_handlers() -> None:
    both(f"a: [{'x,' * (MAX_VALUES - 2)}]")
    both("\n".join(f"k{n}: v" for n in range(MAX_VALUES // 2 + 1)))


KEYS = st.sampled_from(["title", "tags", "a", "b-c", "null", "x1", "title", "a b", "é", "-", ""])
SCALARS = st.lists(
    st.sampled_from([*"ab1 ''\"\"::##,,-?&*!|>%@`[]{}\\/.~=é“ \t", ": ", " #", "''", '\\"', "word", "a b"]), max_size=7
).map("".join)
QUOTED = SCALARS.map(lambda text: f'"{text}"') | SCALARS.map(lambda text: f"'{text}'")
SINGLE = st.sampled_from(["word", "two words", "2024-05-16", "'quoted'", '"quoted: #"', "~", ""]) | SCALARS | QUOTED
FLOW = st.lists(SINGLE, max_size=4).map(lambda items: f"[{', '.join(items)}]")
VALUES = (
    SINGLE
    | FLOW
    | st.lists(st.tuples(st.sampled_from(["- ", "- ", "  - ", "-   ", "-", "  ", "#"]), SINGLE).map("".join)).map(
        lambda items: "".join(f"\n{item}" for item in items)
    )
)
ENTRIES = st.tuples(
    KEYS, st.sampled_from([": ", ": ", ": ", ":", ":  ", " : "]), VALUES, st.sampled_from(["", "", "", " ", "\n"])
)


@given(st.lists(ENTRIES.map("".join) | st.just("# comment"), max_size=5).map("\n".join))
def test_yaml_is_read_alike_with_and_without_the_fast_path(block: str) -> None:
    both(block)


@given(st.sampled_from(["title: {}", "tags: [a, {}, b]", "tags:\n- {}\n- b", "x: '{}'", 'x: "{}"']), SCALARS)
def test_a_scalar_is_read_alike_wherever_it_stands(form: str, scalar: str) -> None:
    both(form.replace("{}", scalar))


# ---- headlines ------------------------------------------------------------------------------------------------------

HEADLINES = [
    "Putin: visit to Xi",
    "Live:",
    '"Quote" starts the headline',
    '"Yes" and "No"',
    "'Tis the season",
    "'A' and 'B'",
    '"Unclosed quote',
    "*bold* words",
    "*starred",
    "**Breaking** news",
    "@handle says so",
    "&amp; more",
    "& more",
    "#hashtag first",
    "Ranked #1 in Europe",
    "- 5 degrees in Oslo",
    "? What now",
    "?",
    "!important words",
    "!!! Wow",
    "[Video] Police at the port",
    "{{ title }} is here",
    "{brace} first",
    "| a pipe",
    "> an arrow",
    "% up, again",
    "`code` first",
    ", a comma",
    "] bracket",
    "} brace",
    'He said: "no"',
    'She said: "it\'s" over',
    "C:\\path: gone",
    "It's 10:30",
    "50% off – “really”",
    "Is it? Yes: it is",
    "NO",
    "404",
    "2024-05-16",
    "...",
    "Fünf & sechs <b>sieben</b> 日本語 😀",
    "a: b: c",
]


@pytest.mark.parametrize("below", ["", "tags: [a, b]\ndraft: no\n", 'description: "it: is"\nx: y\nz: {a: b}\nw: 1\n'])
@pytest.mark.parametrize("headline", HEADLINES)
def test_a_headline_reads_to_its_text_or_the_advice_makes_it_do_so(headline: str, below: str) -> None:
    assert _read_with_advice(headline, below) == headline


def _read_with_advice(headline: str, below: str = "") -> Any:
    """The title that is read, once the line that the advice gives, if any, has taken the place of the one typed."""
    text = f"---\nauthor: Ann\ntitle: {headline}\n{below}---\nBody\n"
    outcome = frontmatter.read(PATH, text)
    if outcome.value is None:
        (found,) = outcome.diagnostics
        assert (found.severity, found.place.line) == ("error", 3)
        mended = re.fullmatch(r"Put the text in quotes: (title: .*)", found.help)
        assert mended, found
        text = text.replace(f"title: {headline}\n", f"{mended[1]}\n")
    return values(text)["title"]


@given(
    st.text(st.sampled_from("ab 'C\"#:-?*&!|>%@`{}[],\\.~=/é日"), min_size=1, max_size=12).map(str.strip).filter(bool)
)
def test_no_headline_is_read_as_another_text(headline: str) -> None:
    """It reads to itself, or it is refused, or it is YAML on purpose: a quoted text, a list, a mapping, a comment."""
    outcome = frontmatter.read(PATH, f"---\ntitle: {headline}\n---\n")
    if outcome.value is None:
        assert [found.severity for found in outcome.diagnostics] == ["error"]
        return
    title = outcome.value.fields["title"]
    if isinstance(title.value, str) and title.plain:
        assert headline == title.value or re.match(r"[ \t]*#([ \t]|$)", headline.removeprefix(title.value))
    else:
        assert headline[0] in "[{'\"|>"


# ---- writing --------------------------------------------------------------------------------------------------------

# Whatever a text may hold once it has been read from a file; the one line that front matter makes of it is the reader's.
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff\u2028\u2029"), max_size=40
)
NAMES = st.text(st.characters(categories=("L", "N"), include_characters=" -'#:,&"), min_size=1, max_size=12)


@example(title="a\xa0", tags=["\u3000b\u3000", "\ufeffc"], origin={}, body="---")
@example(title="😀 a\\U0001F600", tags=["null", "", " "], origin={"by": "*x"}, body="a\n---\nb")
@given(
    title=TEXTS,
    tags=st.lists(TEXTS, max_size=4),
    origin=st.dictionaries(st.sampled_from(["source", "digest", "url", "by"]), TEXTS, max_size=3),
    body=st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n"), max_size=60),
)
def test_what_is_written_is_read_again(title: str, tags: list[str], origin: dict[str, str], body: str) -> None:
    fields = {"title": title, "tags": tags, "import": origin, "description": title[::-1]}
    written = frontmatter.dump(fields, body)
    assert values(written) == {"title": title, "tags": tuple(tags), "import": origin, "description": title[::-1]}
    assert (list(values(written)), list(values(written)["import"])) == (list(fields), list(origin))
    assert matter(written).body.lstrip("\n").rstrip() == body.lstrip("\n").rstrip()
    assert re.search(r"[^\n]\n\Z", written)


@given(st.lists(NAMES, max_size=5))
def test_text_in_quotes_is_never_absent(names: list[str]) -> None:
    read = matter(frontmatter.dump({"tags": names, "title": "null"}, "")).fields
    assert (plain(read["tags"]), read["title"].absent) == (tuple(names), False)


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({"title": "Putin: visit", "date": "2024-05-16"}, ["title: 'Putin: visit'", "date: '2024-05-16'"]),
        ({"title": "Zürich – 日本 😀"}, ["title: Zürich – 日本 😀"]),
        ({"z": "1", "a": "x"}, ["z: '1'", "a: x"]),
        ({"tags": ["NO", "Russia"], "draft": True}, ["tags: ['NO', Russia]", "draft: true"]),
        ({"tags": []}, ["tags: []"]),
        ({"import": {"source": "seeds/a.txt", "by": "x"}}, ["import: {source: seeds/a.txt, by: x}"]),
        ({"title": "long " * 60 + "end"}, ["title: " + "long " * 60 + "end"]),
    ],
)
def test_what_is_written_is_plain_to_read(fields: dict[str, Any], lines: list[str]) -> None:
    assert frontmatter.dump(fields, "\nBody\n\n") == "\n".join(["---", *lines, "---", "", "Body", ""])

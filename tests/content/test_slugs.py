"""Which names are one, the slug of each, and what may be a segment of a path."""

from __future__ import annotations

import posixpath
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen import digest
from newsgen.content.slugs import MAX_BYTES, identity, offence, path_offence, slug_of, tidy


def mark(name: str) -> str:
    """What stands for a name that leaves no sign for a slug."""
    return digest.of_text(name)[:8]


SLUGS = [
    ("Russia", "russia"),
    ("  Foreign   Policy ", "foreign-policy"),
    ("C++", "c-plus-plus"),
    ("C#", "c-sharp"),
    ("c", "c"),
    ("C", "c"),
    ("a&b", "a-and-b"),
    ("R&D", "r-and-d"),
    ("a@b", "a-at-b"),
    ("100%", "100-percent"),
    ("a=b", "a-equals-b"),
    ("AT/OR", "at-or"),
    ("../etc/passwd", "etc-passwd"),
    ("<script>", "script"),
    ("it's", "it-s"),
    ("snake_case ~x", "snake_case-~x"),
    ("日本語", "日本語"),
    ("中国 经济", "中国-经济"),
    ("Россия", "россия"),
    ("Йошкар-Ола", "йошкар-ола"),
    ("हिन्दी", "हिन्दी"),
    ("العربية", "العربية"),
    ("İstanbul", "i̇stanbul"),
    ("ISTANBUL", "istanbul"),
    ("Straße", "strasse"),
    ("STRASSE", "strasse"),
    ("Ὀδυσσεύς", "ὀδυσσεύσ"),
    ("Zürich", "zürich"),
    ("Zu\u0308rich", "zürich"),
    ("ﬁnance", "finance"),
    ("a\u202eb", "a-b"),
    ("a\u200bb", "a-b"),
    ("a\0b", "a-b"),
    ("😀 news", "news"),
    ("😀", mark("😀")),
    ("..", mark("..")),
    ("/", mark("/")),
    ("", mark("")),
    ("!!!", mark("!!!")),
    ("CON", f"con-{mark('con')}"),
    ("nul", f"nul-{mark('nul')}"),
    ("com1", f"com1-{mark('com1')}"),
    ("LPT¹", f"lpt¹-{mark('lpt¹')}"),
    ("console", "console"),
    ("page", "page"),
]


@pytest.mark.parametrize(("name", "slug"), SLUGS)
def test_the_slug_of_a_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_a_long_name_gives_a_short_slug_that_still_tells_it_apart() -> None:
    one, two = slug_of("а" * 300), slug_of("а" * 299 + "б")
    assert (len(one.encode()) <= MAX_BYTES // 2, one[:40], one != two) == (True, "а" * 40, True)


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("Russia", "RUSSIA", True),
        ("Zürich", "Zu\u0308rich", True),
        ("Straße", "STRASSE", True),
        (" Foreign\u00a0 policy", "foreign policy", True),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ", True),
        ("İ", "i̇", True),
        ("ANGSTRÖM", "Angström", True),
        ("\u212b", "å", True),
        ("α\u0345\u0301", "ᾴ", True),
        ("İstanbul", "Istanbul", False),
        ("Zürich", "Zurich", False),
        ("C++", "C#", False),
        ("C", "C++", False),
        ("Йод", "Иод", False),
        ("foreign-policy", "foreign policy", False),
    ],
)
def test_names_are_one_by_case_spaces_and_composition_only(one: str, two: str, same: bool) -> None:
    assert (identity(one) == identity(two)) is same


NAMES = st.one_of(
    st.text(max_size=30),
    st.text("aAİßéΣ+#&./~- \u0308\u200d\u0338日Й<=>", max_size=12),
    st.text(min_size=90, max_size=200),
)


@given(NAMES)
def test_a_slug_is_one_safe_composed_segment(name: str) -> None:
    slug = slug_of(name)
    assert offence(slug) == ""
    assert unicodedata.is_normalized("NFC", slug)
    assert slug == unicodedata.normalize("NFC", slug.casefold())  # ῢ folds to three characters and composes again


@given(NAMES)
def test_equal_names_have_equal_slugs(name: str) -> None:
    assert {slug_of(form) for form in (name, identity(name), unicodedata.normalize("NFD", name), f" {name}\n")} == {
        slug_of(name)
    }


@given(NAMES)
def test_an_identity_is_its_own(name: str) -> None:
    assert identity(identity(name)) == identity(name)


OFFENCES = [
    ("", "it is empty or only dots"),
    (".", "it is empty or only dots"),
    ("..", "it is empty or only dots"),
    ("...", "it is empty or only dots"),
    (" ", "it is empty or only dots"),
    (". .", "it is empty or only dots"),
    ("\u200d", "it is empty or only dots"),
    (".hidden", "it begins with a dot, which hides files"),
    (".git", "it begins with a dot, which hides files"),
    ("name.", "it ends with a dot, which Windows drops"),
    ("a/b", 'it holds "/"'),
    ("a\\b", 'it holds "\\"'),
    ("../a", "it begins with a dot, which hides files"),
    ("a?b", 'it holds "?"'),
    ("a#b", 'it holds "#"'),
    ("a%2eb", 'it holds "%"'),
    ("C:", 'it holds ":"'),
    ("a*", 'it holds "*"'),
    ("a|b", 'it holds "|"'),
    ("<b>", 'it holds "<"'),
    ('a"b', 'it holds """'),
    ("a b", "it holds a space"),
    ("a ", "it holds a space"),
    ("a\u00a0b", "it holds a space"),
    ("a\u3000b", "it holds a space"),
    ("a\tb", "it holds a space"),
    ("a\nb", "it holds a space"),
    ("a\u2028b", "it holds a space"),
    ("a\0b", "it holds the invisible character U+0000"),
    ("a\x1bb", "it holds the invisible character U+001B"),
    ("a\x7fb", "it holds the invisible character U+007F"),
    ("a\u202eb", "it holds the invisible character U+202E"),
    ("a\u2066b", "it holds the invisible character U+2066"),
    ("a\u200bb", "it holds the invisible character U+200B"),
    ("\ufeffa", "it holds the invisible character U+FEFF"),
    ("a\ud800", "it holds the invisible character U+D800"),
    ("con", "Windows reserves that name"),
    ("AUX", "Windows reserves that name"),
    ("nul.txt", "Windows reserves that name"),
    ("COM9", "Windows reserves that name"),
    ("lpt³.md", "Windows reserves that name"),
    ("x" * (MAX_BYTES + 1), f"it is longer than {MAX_BYTES} bytes"),
    ("日" * 70, f"it is longer than {MAX_BYTES} bytes"),
]


@pytest.mark.parametrize(("segment", "why"), OFFENCES)
def test_what_may_be_no_segment_says_why(segment: str, why: str) -> None:
    assert offence(segment) == why


@pytest.mark.parametrize(
    "segment",
    [
        "a",
        "a.b",
        "a..b",
        "c++",
        "a-b_c~d",
        "日本語",
        "россия",
        "content",
        "nulls",
        "com10",
        "a+b=c",
        "it's",
        "x" * MAX_BYTES,
        "क्\u200dष",
        "(a)",
        "a@b",
        "a&b",
        "$1",
        "!",
    ],
)
def test_what_may_be_a_segment(segment: str) -> None:
    assert offence(segment) == ""


@pytest.mark.parametrize(
    ("name", "segment"),
    [
        ("My  Story", "My-Story"),
        ("what?", "what"),
        (".draft", "draft"),
        ("a/b", "a-b"),
        ("100% #1: <yes>", "100-1-yes"),
        ("Zu\u0308rich", "Zürich"),
        ("日本 語", "日本-語"),
        ("a\u202eb", "a-b"),
        ("c++", "c++"),
        ("...", ""),
        ("--", ""),
    ],
)
def test_a_file_name_becomes_a_segment(name: str, segment: str) -> None:
    assert tidy(name) == segment


@given(st.text(max_size=40))
def test_a_tidy_name_is_safe_or_reserved_or_empty_or_too_long(name: str) -> None:
    assert offence(tidy(name)) in (
        "",
        "it is empty or only dots",
        "Windows reserves that name",
        f"it is longer than {MAX_BYTES} bytes",
    )


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/", ""),
        ("/a", ""),
        ("/a/", ""),
        ("/2024/05/story/", ""),
        ("/old.html", ""),
        ("/日本/", ""),
        ("", "it does not begin with one slash"),
        ("a", "it does not begin with one slash"),
        ("a/b/", "it does not begin with one slash"),
        ("//evil.example/", "it does not begin with one slash"),
        ("https://example.org/", "it does not begin with one slash"),
        ("\\a", "it does not begin with one slash"),
        ("/a//b/", "it holds two slashes in a row"),
        ("/a//", "it holds two slashes in a row"),
        ("/../a/", "it is empty or only dots"),
        ("/a/../../b/", "it is empty or only dots"),
        ("/a/./b", "it is empty or only dots"),
        ("/.git/config", "it begins with a dot, which hides files"),
        ("/a?b=c", 'it holds "?"'),
        ("/a#b", 'it holds "#"'),
        ("/%2e%2e/a", 'it holds "%"'),
        ("/a\\b/", 'it holds "\\"'),
        ("/a b/", "it holds a space"),
        ("/nul/", "Windows reserves that name"),
        ("/a\u202eb/", "it holds the invisible character U+202E"),
    ],
)
def test_what_may_be_a_path_of_the_site(path: str, why: str) -> None:
    assert path_offence(path) == why


def test_an_address_that_only_leads_on_may_hold_spaces_within_a_segment() -> None:
    assert path_offence("/world news/s\u200ah/", spaced=True) == ""
    assert path_offence("/ a/", spaced=True) == path_offence("/a /", spaced=True) == "it holds a space"
    assert path_offence("/. ./", spaced=True) == "it begins with a dot, which hides files"


@given(st.text("/.a\\ \0%é\u202e:", max_size=12))
def test_a_path_that_may_be_used_stays_inside_the_site(path: str) -> None:
    if path_offence(path) == "":
        assert posixpath.normpath(path) == (path.rstrip("/") or "/")
        assert set(path) <= set("/.aé")

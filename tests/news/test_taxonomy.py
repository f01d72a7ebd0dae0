"""Which names are one tag, author or section, what it is called, and where two claim the same thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from newsgen.content.slugs import identity
from newsgen.diagnostics import Diagnostic, Place
from newsgen.model import Article, Term
from newsgen.news.taxonomy import Vocabulary, Where, members, numbers_by_name, vocabulary

PLACES = {"title": (2, 8), "aliases": (3, 10), "parents": (4, 10), "slug": (5, 7)}


def term(
    title: str, *aliases: str, family: str = "tag", id: str = "", slug: str = "", parents: tuple[str, ...] = ()
) -> Term:
    return Term(
        id=id or f"content/{family}s/{title}.md",
        title=title,
        family=family,
        slug=slug,
        aliases=aliases,
        parents=parents,
        places=PLACES,
    )


def tagged(*tags: str, id: str = "content/a.md") -> Article:
    return Article(id=id, title="A", slug="a", section="news", tags=tags, places={"tags": (3, 7)})


def where(articles: list[Article]) -> Where:
    """Reads an article's places, as a build reads them off its memo."""
    places = {article.id: article.places for article in articles}
    return lambda one, family: Place(one, *(places[one].get(f"{family}s") or places[one].get(family) or (0, 0)))


def taken(
    family: str, terms: list[Term], articles: list[Article], *, known_only: bool = False
) -> tuple[Vocabulary, list[Diagnostic]]:
    named = numbers_by_name(family, articles)
    return vocabulary(family, terms, articles, named, where(articles), known_only=known_only)


def made(
    terms: list[Term], articles: list[Article], family: str = "tag", *, known_only: bool = False
) -> tuple[Vocabulary, list[tuple[str, str, str]]]:
    """The vocabulary, and code, place and message of each diagnostic, a warning's code with a question mark."""
    found, diagnostics = taken(family, terms, articles, known_only=known_only)
    said = [(d.code + ("?" if d.severity == "warning" else ""), str(d.place), d.message) for d in diagnostics]
    return found, said


def titles(*tags: tuple[str, ...]) -> list[str]:
    found, said = made([], [tagged(*names, id=f"content/{number}.md") for number, names in enumerate(tags)])
    assert said == []
    return [entry.title for entry in found.entries.values()]


# ---- which names are one --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([("Russia",), ("russia",), ("RUSSIA",)], ["RUSSIA"]),
        ([("russia",), ("Russia",), ("Russia",)], ["Russia"]),
        ([("russia",), ("russia",), ("Russia",)], ["russia"]),
        ([("Zürich",), ("Zürich",), ("ZÜRICH",)], ["Zürich"]),
        ([("Straße",), ("STRASSE",), ("Strasse",), ("Strasse",)], ["Strasse"]),
        ([("New  York",), ("new york",), ("New York",), ("New York",)], ["New York"]),
        ([("C++", "C#", "C")], ["C", "C#", "C++"]),
        ([("Россия",), ("РОССИЯ",), ("Россия",)], ["Россия"]),
        ([("b", "A", "c")], ["A", "b", "c"]),
        ([], []),
    ],
)
def test_names_that_are_one_bear_the_commonest_spelling(tags: list[tuple[str, ...]], expected: list[str]) -> None:
    assert titles(*tags) == expected


def test_composed_and_decomposed_names_are_one() -> None:
    found, _ = made([], [tagged("Zürich"), tagged("Zu\u0308rich", id="content/b.md")])
    assert list(found.entries) == ["zürich"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_tie_of_spellings_goes_by_the_alphabet(order: int) -> None:
    assert titles(*[("EU",), ("Eu",), ("eu",)][::order]) == ["EU"]


@given(st.permutations(["Russia", "RUSSIA", "russia", "Rußland", "RUSSLAND", "C++", "c++", "Иран", "ИРАН"]))
def test_the_order_of_articles_is_no_part_of_the_vocabulary(names: list[str]) -> None:
    found, said = made([], [tagged(name, id=f"content/{sorted(names).index(name)}.md") for name in names])
    again, said_again = made([], [tagged(name, id=f"content/{n}.md") for n, name in enumerate(sorted(names))])
    assert (found, list(found.entries), said) == (again, list(again.entries), said_again)


def test_an_alias_leads_to_the_title_of_its_file() -> None:
    found, said = made(
        [term("United Kingdom", "UK", "Great Britain")], [tagged("uk", "GREAT  BRITAIN", "United Kingdom")]
    )
    assert (said, [entry.title for entry in found.entries.values()]) == ([], ["United Kingdom"])
    assert found.keys_of(["uk", "Great Britain"]) == ("united kingdom",)


def test_a_file_names_its_tag_whatever_articles_write() -> None:
    found, _ = made([term("Nato", slug="alliance")], [tagged("NATO"), tagged("NATO", id="content/b.md")])
    assert [(e.title, e.slug, e.source) for e in found.entries.values()] == [
        ("Nato", "alliance", "content/tags/Nato.md")
    ]


def test_a_tag_without_a_file_is_known_by_its_first_user() -> None:
    found, _ = made([], [tagged("x", id="content/b.md"), tagged("X", id="content/a.md")])
    assert [(e.term, e.source) for e in found.entries.values()] == [(None, "content/a.md")]


@pytest.mark.parametrize(
    ("family", "fields", "expected"),
    [
        ("tag", {"tags": ("One", "Two")}, ["One", "Two"]),
        ("author", {"authors": ("Ann",)}, ["Ann"]),
        ("section", {}, ["World"]),
    ],
)
def test_each_family_has_its_own_names(family: str, fields: dict[str, tuple[str, ...]], expected: list[str]) -> None:
    article = Article(id="content/a.md", title="A", slug="a", section="World", **fields)  # type: ignore[arg-type]
    found, said = made([], [article], family)
    assert (said, [entry.title for entry in found.entries.values()]) == ([], expected)


def test_a_section_answers_to_its_title_and_to_its_folder() -> None:
    index = replace(term("The Wide World", family="section", id="content/world/_index.md"), folder="world")
    article = Article(id="content/world/a.md", title="A", slug="a", section="world")
    found, said = made([index], [article], "section")
    assert (said, [(e.title, e.slug) for e in found.entries.values()]) == ([], [("The Wide World", "world")])
    assert found.keys_of(["World", "the wide world"]) == ("the wide world",)


# ---- where two claim the same thing ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (
            [term("Russia", id="content/tags/a.md"), term("RUSSIA", id="content/tags/b.md")],
            ("content/tags/b.md:2:8", 'tag "RUSSIA" has two files: content/tags/a.md and content/tags/b.md'),
        ),
        (
            [term("Russia", "RF", id="content/tags/a.md"), term("Rwanda", "rf", id="content/tags/b.md")],
            ("content/tags/b.md:3:10", 'tag "rf" is claimed by two files: content/tags/a.md and content/tags/b.md'),
        ),
        (
            [term("Britain", "UK", id="content/tags/a.md"), term("UK", id="content/tags/b.md")],
            ("content/tags/b.md:3:10", 'tag "UK" is claimed by two files: content/tags/a.md and content/tags/b.md'),
        ),
        (
            [term("UK", id="content/tags/a.md"), term("Britain", "uk", id="content/tags/b.md")],
            ("content/tags/b.md:3:10", 'tag "uk" is claimed by two files: content/tags/a.md and content/tags/b.md'),
        ),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_name_claimed_by_two_files_is_an_error_that_names_both(
    terms: list[Term], expected: tuple[str, str], order: int
) -> None:
    assert [one for one in made(terms[::order], [])[1] if one[0] == "NG-405"] == [("NG-405", *expected)]


def test_a_file_may_repeat_its_own_name() -> None:
    assert made([term("UK", "uk", "Britain", "britain")], [])[1] == []


@pytest.mark.parametrize(
    ("terms", "articles", "place", "message"),
    [
        (
            [],
            [tagged("C plus plus", id="content/a.md"), tagged("C++", id="content/b.md")],
            "content/b.md:3:7",
            'tag "C plus plus" (content/a.md) and "C++" (content/b.md) share the slug "c-plus-plus"',
        ),
        (
            [],
            [tagged("a b", "a-b")],
            "content/a.md:3:7",
            'tag "a b" (content/a.md) and "a-b" (content/a.md) share the slug "a-b"',
        ),
        (
            [term("Russia", slug="ru"), term("Rust", slug="RU")],
            [],
            "content/tags/Rust.md:2:8",
            'tag "Russia" (content/tags/Russia.md) and "Rust" (content/tags/Rust.md) share the slug "RU"',
        ),
        (
            [term("Old", slug="russia")],
            [tagged("Russia")],
            "content/a.md:3:7",
            'tag "Old" (content/tags/Old.md) and "Russia" (content/a.md) share the slug "russia"',
        ),
    ],
)
def test_two_names_for_one_slug_are_an_error_that_names_both_sources(
    terms: list[Term], articles: list[Article], place: str, message: str
) -> None:
    assert made(terms, articles)[1] == [("NG-404", place, message)]


@pytest.mark.parametrize(("slug", "why"), [("../up", "it begins with a dot"), ("nul", "Windows"), ("a b", "a space")])
def test_a_slug_that_is_no_segment_is_refused(slug: str, why: str) -> None:
    ((code, place, message),) = made([term("X", slug=slug)], [])[1]
    assert (code, place, why in message) == ("NG-114", "content/tags/X.md:5:7", True)


@pytest.mark.parametrize(
    ("one", "two", "warned"),
    [
        ("Zurich", "Zürich", True),
        ("Malaga", "Málaga", True),
        ("Ελλαδα", "Ελλάδα", True),
        ("Istanbul", "İstanbul", True),
        ("Isık", "Isik", True),
        ("Иод", "Йод", False),
        ("がく", "かく", False),
        ("हिन्दी", "हन्दी", False),
        ("Lodz", "Łódź", False),
        ("C", "C++", False),
    ],
)
def test_names_that_differ_by_latin_or_greek_accents_only_are_warned_of(one: str, two: str, warned: bool) -> None:
    found, said = made([], [tagged(one, two)])
    assert [code for code, *_ in said] == ["NG-408?"] * warned
    assert len(found.entries) == 2


def test_the_warning_of_accents_says_where_an_alias_would_go() -> None:
    _, diagnostics = taken("tag", [term("Zurich")], [tagged("Zürich")])
    assert [(str(d.place), d.message, d.help) for d in diagnostics] == [
        (
            "content/a.md:3:7",
            'tag "Zurich" and "Zürich" differ by accents only',
            "If they are one, add the other to the aliases of content/tags/zurich.md.",
        )
    ]


def test_an_alias_ends_the_warning_of_accents() -> None:
    assert made([term("Zürich", "Zurich")], [tagged("Zurich", "Zürich")])[1] == []


# ---- parents --------------------------------------------------------------------------------------------------------

TREE = [
    term("World"),
    term("Europe", parents=("World",)),
    term("Germany", "BRD", parents=("europe", "NATO")),
    term("Berlin", parents=("brd",)),
    term("NATO"),
]


@pytest.mark.parametrize(
    ("names", "keys"),
    [
        (["World"], ("world",)),
        (["Europe"], ("europe", "world")),
        (["Berlin"], ("berlin", "germany", "europe", "nato", "world")),
        (["World", "Berlin"], ("world", "berlin", "germany", "europe", "nato")),
        (["BRD", "Germany"], ("germany", "europe", "nato", "world")),
        ([], ()),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_a_tag_implies_its_parents_and_theirs(names: list[str], keys: tuple[str, ...], order: int) -> None:
    found, said = made(TREE[::order], [])
    assert (said, found.keys_of(names)) == ([], keys)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (
            [term("A", parents=("B",)), term("B", parents=("A",))],
            [
                ("NG-406", "content/tags/A.md:4:10", '"A" is its own parent, by way of B'),
                ("NG-406", "content/tags/B.md:4:10", '"B" is its own parent, by way of A'),
            ],
        ),
        ([term("A", parents=("a",))], [("NG-406", "content/tags/A.md:4:10", '"A" is its own parent')]),
        (
            [term("A", parents=("B",)), term("B", parents=("C",)), term("C", parents=("B",))],
            [
                ("NG-406", "content/tags/B.md:4:10", '"B" is its own parent, by way of C'),
                ("NG-406", "content/tags/C.md:4:10", '"C" is its own parent, by way of B'),
            ],
        ),
        (
            [term("A", parents=("Nowhere",))],
            [("NG-407", "content/tags/A.md:4:10", 'parent "Nowhere" is no tag with a file')],
        ),
    ],
)
def test_circles_and_unknown_parents_are_errors(terms: list[Term], expected: list[tuple[str, str, str]]) -> None:
    assert made(terms, [])[1] == expected


def test_a_parent_without_a_file_is_unknown_though_articles_name_it() -> None:
    assert [code for code, *_ in made([term("Berlin", parents=("Germany",))], [tagged("Germany")])[1]] == ["NG-407"]


def test_an_unknown_parent_says_which_may_be_meant() -> None:
    _, found = taken("tag", [term("Germany"), term("Berlin", parents=("Germny",))], [])
    assert [d.help for d in found] == ['Did you mean "Germany"?']


# ---- closed registries ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("family", "terms", "name", "expected"),
    [
        ("tag", [term("Russia")], "Rusia", ("NG-402?", 'unknown tag "Rusia"', 'Did you mean "Russia"?')),
        (
            "tag",
            [term("Russia")],
            "Chess & Go",
            ("NG-402?", 'unknown tag "Chess & Go"', "Add content/tags/chess-and-go.md, or take it out."),
        ),
        (
            "author",
            [term("Annabel Lee", family="author")],
            "Annabel Leh",
            ("NG-403?", 'unknown author "Annabel Leh"', 'Did you mean "Annabel Lee"?'),
        ),
        ("author", [], "Bob", ("NG-403?", 'unknown author "Bob"', "Add content/authors/bob.md, or take it out.")),
    ],
)
def test_a_closed_registry_warns_of_what_has_no_file(
    family: str, terms: list[Term], name: str, expected: tuple[str, str, str]
) -> None:
    article = Article(
        id="content/a.md",
        title="A",
        slug="a",
        section="news",
        tags=(name,),
        authors=(name,),
        places={"tags": (3, 7), "author": (4, 9)},
    )
    found, diagnostics = taken(family, terms, [article], known_only=True)
    assert [(d.code + "?", d.message, d.help) for d in diagnostics if d.severity == "warning"] == [expected]
    assert str(diagnostics[0].place) == ("content/a.md:3:7" if family == "tag" else "content/a.md:4:9")
    assert identity(name) in found.entries


def test_a_closed_registry_is_content_with_names_and_aliases_that_it_has() -> None:
    assert made([term("Russia", "RF")], [tagged("russia", "rf")], known_only=True)[1] == []
    assert made([], [tagged("anything")], known_only=False)[1] == []


# ---- members --------------------------------------------------------------------------------------------------------


def test_an_article_stands_once_under_a_tag_and_under_its_parents() -> None:
    terms = [term("Russia", "RF"), term("Moscow", parents=("Russia",))]
    articles = [tagged("Moscow", "Russia"), tagged("RF", "russia"), tagged("Moscow"), tagged("Ships")]
    found, _ = taken("tag", terms, articles)
    assert members(found, numbers_by_name("tag", articles)) == {"moscow": [0, 2], "russia": [0, 1, 2], "ships": [3]}


# ---- internal tags --------------------------------------------------------------------------------------------------


def test_a_file_of_an_internal_tag_is_refused_with_its_place() -> None:
    _, said = made([term("#front"), term("Ships", "#boats")], [])
    assert said == [
        ("NG-425", "content/tags/#front.md:2:8", '"#front" is an internal tag and has no page'),
        ("NG-425", "content/tags/Ships.md:3:10", '"#boats" is an internal tag and has no page'),
    ]


def test_an_unknown_tag_that_is_near_another_name_of_one_is_told_that_name() -> None:
    _, diagnostics = taken("tag", [term("Russia", "Moscow")], [tagged("Moskow")], known_only=True)
    assert [one.help for one in diagnostics] == ['Did you mean "Moscow"?']

"""Languages: plural forms, dates, numbers, the direction of writing, and what of a template is translated."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from newsgen.build import THEME_FOLDER
from newsgen.pages.environment import gettext, ngettext
from newsgen.pages.languages import Language, direction, language, language_name, texts_of
from tests.site import Site, article

CATALOGUES = sorted((THEME_FOLDER / "templates/locale").glob("*.po"))

FORMS = {
    "en": {0: "0 stories", 1: "1 story", 2: "2 stories", 1234: "1,234 stories"},
    "de": {0: "0 Artikel", 1: "1 Artikel", 1234: "1.234 Artikel"},
    "zh": {0: "0 篇", 1: "1 篇", 1234: "1,234 篇"},
    "ru": {1: "1 материал", 2: "2 материала", 5: "5 материалов", 11: "11 материалов", 21: "21 материал", 24: "24 материала", 1234: "1 234 материала"},
    "ar": {0: "لا مواد", 1: "مادة واحدة", 2: "مادتان", 3: "3 مواد", 11: "11 مادة", 100: "100 مادة"},
}  # fmt: skip


@pytest.mark.parametrize("tag", FORMS)
def test_plural_forms(tag: str) -> None:
    spoken = ours(tag)
    told = {
        count: str(ngettext(spoken, "%(num)s story", "%(num)s stories", count)).replace("\xa0", " ")
        for count in FORMS[tag]
    }
    assert told == FORMS[tag]


def ours(tag: str) -> Language:
    return language(tag, texts_of(tag, {path.stem: (path.read_text("utf-8"),) for path in CATALOGUES}))


WHEN = dt.datetime(2026, 3, 5, 14, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))


@pytest.mark.parametrize(
    ("tag", "date", "moment", "number"),
    [
        ("en", "5 March 2026", "5 March 2026, 14:30 UTC+2", "12,345"),
        ("en-US", "March 5, 2026", "March 5, 2026, 2:30\u202fPM UTC+2", "12,345"),
        ("de", "5. März 2026", "5. März 2026, 14:30 UTC+2", "12.345"),
        ("ru", "5 марта 2026\u202fг.", "5 марта 2026\u202fг., 14:30 UTC+2", "12\xa0345"),
        ("zh-TW", "2026年3月5日", "2026年3月5日 下午2:30 UTC+2", "12,345"),
        ("ar", "5 مارس 2026", "5 مارس 2026، 2:30 م UTC+2", "12,345"),
        ("x-none", "5 March 2026", "5 March 2026, 14:30 UTC+2", "12,345"),
    ],
)
def test_dates_and_numbers_in_words(tag: str, date: str, moment: str, number: str) -> None:
    spoken = language(tag)
    assert (spoken.date(WHEN), spoken.datetime(WHEN), spoken.number(12345)) == (date, moment, number)


def test_the_direction_of_writing() -> None:
    tags = ("ar", "fa", "he", "ur", "ps", "yi", "ckb", "en", "de", "zh-TW", "x-none")
    assert [tag for tag in tags if direction(tag) == "rtl"] == ["ar", "fa", "he", "ur", "ps", "yi", "ckb"]


def test_a_language_calls_itself_by_its_name_or_its_tag() -> None:
    assert [language_name(tag) for tag in ("de", "pt-BR", "tlh", "x-y")] == [
        "Deutsch",
        "português (Brasil)",
        "tlh",
        "x-y",
    ]


def test_data_is_not_taken_for_a_word_of_a_template() -> None:
    assert str(gettext(language("en"), "50% <b>")) == "50% &lt;b&gt;"
    assert str(gettext(language("en"), "")) == ""


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('msgid "Topics"\nmsgstr "%(x)s"\n', 1, "names other values"),
        ('msgid "Topics"\nmsgstr "50 %"\n', 1, "names other values"),
        ('msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=2; plural=(n+;\\n"\n', 0, ""),
        ("no catalogue", 1, ""),
    ],
)
def test_a_catalogue_that_cannot_be_used_is_told_with_its_line(
    make_site: Callable[..., Site], text: str, line: int, what: str
) -> None:
    site = make_site({"content/a.md": article("A", lang="fr"), "templates/locale/fr.po": text})
    for _ in range(2):
        (found,) = site.build().diagnostics
        assert (found.code, found.place.path, found.place.line) == ("NG-450", "templates/locale/fr.po", line)
        assert what in found.message


def test_a_site_adds_words_and_languages(make_site: Callable[..., Site]) -> None:
    own = {f"templates/locale/{tag}.po": f'msgid "Topics"\nmsgstr "{tag}!"\n' for tag in ("en", "de", "de_AT", "tlh")}
    texts = {f"content/{tag}.md": article("A", lang=tag, tags="[x]") for tag in ("en", "de", "de-AT", "tlh")}
    site = make_site({**own, **texts})
    site.good()
    seen = {tag: site.page(f"news/{tag}/index.html") for tag in ("en", "de", "de-AT", "tlh")}
    for tag, word in (("en", "en"), ("de", "de"), ("de-AT", "de_AT"), ("tlh", "tlh")):
        assert f">{word}!</h2>" in seen[tag], tag
    assert "Zum Inhalt springen" in seen["de-AT"]
    assert "Skip to content" in seen["tlh"]

"""The theme's words: each is marked in its template and translated in every catalogue."""

from __future__ import annotations

import io
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from newsgen.build import THEME_FOLDER
from newsgen.config import POLICIES
from newsgen.model import ARTICLE_KINDS

TEMPLATES = THEME_FOLDER / "templates"
PAGES = THEME_FOLDER.parent / "pages"
CATALOGUES = sorted((TEMPLATES / "locale").glob("*.po"))
MARKS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None}
OF_KINDS = tuple(kind.capitalize() for kind in ARTICLE_KINDS if kind != "news")


def words() -> dict[object, str]:
    """What is marked in the theme and in newsgen's own pages, and where it is first."""
    found: dict[object, str] = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        for line, message, _, _ in extract_from_file(
            "jinja2.ext:babel_extract", path, keywords=MARKS, options={"trimmed": "true"}
        ):
            found.setdefault(message, f"{path.relative_to(TEMPLATES)}:{line}")
    for path in sorted(PAGES.rglob("*.py")):
        for line, message, _, _ in extract_from_file("python", path, keywords=MARKS):
            found.setdefault(message, f"pages/{path.name}:{line}")
    return {**dict.fromkeys((*OF_KINDS, *POLICIES.values()), "settings"), **found}


def read(path: Path) -> Catalog:
    return read_po(io.StringIO(path.read_text("utf-8")), locale=path.stem, abort_invalid=True)


def accept(path: Path) -> None:
    """Rewrites a catalogue with the words of today, those that are new untranslated, all in order."""
    before, now = read(path), Catalog(locale=path.stem, header_comment=f"# The theme's words: {path.stem}")
    for message in words():
        old = before.get(message[0] if isinstance(message, tuple) else message)
        now.add(message, old.string if old and isinstance(old.id, tuple) == isinstance(message, tuple) else None)
    text = io.BytesIO()
    write_po(text, now, sort_output=True, omit_header=True, width=120)
    head = f'msgid ""\nmsgstr ""\n"Language: {path.stem}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: {now.plural_forms}\\n"\n\n'
    path.write_bytes(head.encode() + text.getvalue().rstrip() + b"\n")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_word_of_the_theme_is_translated_in_every_catalogue(path: Path) -> None:
    if os.environ.get("NEWSGEN_ACCEPT"):
        accept(path)
    catalogue, marked = read(path), words()
    ids = {message.id for message in catalogue if message.id}
    assert ids == marked.keys(), "NEWSGEN_ACCEPT=1 adds what is new and takes out what is gone"
    bare = [message.id for message in catalogue if message.id and not all(_strings(message))]
    assert not bare, "not translated"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_names_the_values_of_its_word_and_no_others(path: Path) -> None:
    for message in read(path):
        for text in _strings(message) if message.id else ():
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            allowed = {name for one in ids for name in _values(one)}
            assert set(_values(text)) <= allowed, (message.id, text)
            assert isinstance(message.id, tuple) or set(_values(text)) == allowed, (message.id, text)
            assert sorted(re.findall(r"<[^>]*>", text)) == sorted(re.findall(r"<[^>]*>", ids[0])), (message.id, text)


def _strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


def _values(text: str) -> list[str]:
    return re.findall(r"%\((\w+)\)s", text)


SERVICES = {"Bluesky", "Facebook", "LinkedIn", "Telegram", "WhatsApp"}
"""Names, which are the same in all languages."""


class _Text(HTMLParser):
    """The text of a page and what is read out of its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if name in ("aria-label", "alt", "title", "placeholder")]


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_of_the_theme_says_a_word_that_is_not_marked(path: Path) -> None:
    text = path.read_text("utf-8")
    text = re.sub(
        r"\{#.*?#\}|\{%-? *trans.*?endtrans *-?%\}|<script.*?</script>|<style.*?</style>", "", text, flags=re.S
    )
    for said_there in re.findall(r"\{[{%](.*?)[%}]\}", text, re.S):
        bare = re.sub(r"\b(_|gettext|ngettext)\((\"[^\"]*\"(, )?)+", "", said_there)
        sentences = [one for one in re.findall(r'"([^"]*)"', bare) if re.match(r" *[A-Z][a-z]+", one)]
        assert not {*sentences} - SERVICES, sentences
    reader = _Text()
    reader.feed(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.S))
    assert not [one.strip() for one in reader.found if re.search(r"[^\W\d_]", one)]

"""Plain text as Markdown: escaped only where Markdown would read it as markup, so that prose stays as it was typed."""

from __future__ import annotations

import re
from html.entities import html5

_SUSPECT = re.compile(r"[\\`*_~<&\[]")

# What begins a block: a heading, a quote, a list, a fence, a rule, a definition, a directive, front matter.
_BLOCK = re.compile(r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|~|:(?=\s|:|$)|\+{3}|-(?=[- ]*$)|=+\s*$")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_LINK = re.compile(r"\]\s*[(\[:]|\[\^|\^\[")
_ENTITY = re.compile(r"&(#[xX]?[0-9a-fA-F]{1,8};|[A-Za-z][A-Za-z0-9]*;)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_RUN = re.compile(r"\*+|_+|~{2,}")


def escaped(paragraph: str) -> str:
    """One line of Markdown whose rendering is a paragraph that holds `paragraph` letter for letter."""
    return line(inline(" ".join(re.split(r"[ \t\r\n]+", paragraph.strip()))))


def line(markdown: str) -> str:
    """A line of inline Markdown, escaped where it would begin a block."""
    if found := _NUMBERED.match(markdown):
        return f"{found[1]}\\{markdown[found.end(1) :]}"
    return f"\\{markdown}" if _BLOCK.match(markdown) else markdown


def inline(text: str) -> str:
    """Text as inline Markdown, whatever stands around it."""
    if not _SUSPECT.search(text):
        return text
    text = text.replace("\\", "\\\\").replace("`", "\\`")
    text = _TAG.sub(r"\\<", _ENTITY.sub(_entity, text))
    if _LINK.search(text):
        text = text.replace("[", "\\[")
    return _RUN.sub(_emphasis, text)


def attribute(text: str) -> str:
    """Text as the value of an attribute of a directive, or a title, between double quotes."""
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')


def _entity(found: re.Match[str]) -> str:
    """The sign, escaped where what follows makes an entity: in "R&amp;D", not in "R&B;"."""
    return f"\\{found[0]}" if found[1][0] == "#" or found[1] in html5 else found[0]


def _emphasis(run: re.Match[str]) -> str:
    """The run, escaped unless it cannot open or close emphasis: among spaces, or underscores inside a word."""
    before, after = run.string[run.start() - 1 : run.start()], run.string[run.end() : run.end() + 1]
    inside_word = run[0][0] == "_" and before.isalnum() and after.isalnum()
    among_spaces = before == " " and after == " "
    return run[0] if inside_word or among_spaces else "".join(f"\\{sign}" for sign in run[0])

"""Storytelling blocks: what those of the theme need and may say, and how each stands in the HTML of a body.

There a block is `<!--ng-open:n-->LABEL<!--ng-body:n-->BODY<!--ng-close:n-->`; `pages/blocks.py` puts the HTML of its
template in its place. Which names have a template only the plan knows: a site may add its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from newsgen.content.directives import LINKING, Directive
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, error, warning

MARK: Final = re.compile(r"<!--ng-(open|body|close):(\d+)-->")
URLS: Final = ("src", "href", "cite", "poster", "captions", "transcript")  # attributes that are links or files
SHOWN: Final = ("src", "poster", "captions")  # of these what is loaded with the page
CHARTS: Final = ("bar", "column", "line")
PICTURED: Final = ("figure", "gallery")  # blocks in which a paragraph of pictures is none
EMBEDDED: Final = re.compile(r"https://([\w-]+(?:\.[\w-]+)+(?::\d+)?)(?:[/?#][^\s<>\"\\]*)?")

_FORGED: Final = "<!--ng-"


class Form(NamedTuple):
    """What a block of the theme may say (`attributes`), must say, and must hold: a kind of token (any, where it is
    empty), and what that is in words."""

    example: str
    attributes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    holds: str = ""
    lack: str = "text"

    @property
    def leaf(self) -> bool:
        return not self.example.startswith(":::")


FORMS: Final = {
    "pullquote": Form(":::pullquote[Who said it]", ("cite",)),
    "facts": Form(":::facts[Title]"),
    "takeaways": Form(":::takeaways"),
    "timeline": Form(":::timeline[Title]", holds="list_item_open", lack="list, such as - **12 March** What happened"),
    "figure": Form(
        ":::figure[What it shows]", ("credit",), holds="image", lack="picture, such as ![A crane](crane.jpg)"
    ),
    "gallery": Form(":::gallery[Title]", ("credit",), holds="image", lack="picture, such as ![A crane](crane.jpg)"),
    "table": Form(":::table[Title]", ("source",), holds="table_open", lack="table: | a | b | on its first line"),
    "audio": Form("::audio[Title]{src=talk.mp3}", ("src", "transcript"), ("src",)),
    "video": Form("::video[Title]{src=talk.mp4}", ("src", "poster", "captions", "transcript"), ("src",)),
    "embed": Form("::embed[https://www.youtube.com/watch?v=…]", ("title",)),
    "chart": Form("::chart[Title]{src=data.csv}", ("src", "type", "unit", "source"), ("src",)),
    "qa": Form(":::qa[Title]", holds="heading_open", lack="question, such as ### Why now?"),
}


def marker(kind: str, number: int) -> str:
    return f"<!--ng-{kind}:{number}-->"


def unmarked(html: str) -> str:
    """Raw HTML of an author, in which nothing looks like a marker."""
    return html.replace(_FORGED, "<!-- ng-")


def cleaned(html: str, clean: Callable[[str], str], seal: str) -> str:
    """`html` with each block cleaned by itself, so that no tag reaches out of one; `seal` is a word not in the text."""
    placeholder = re.compile(rf'<hr class="{seal}-(\d+)">')
    done: dict[int, str] = {}

    def washed(pieces: list[str]) -> str:
        safe = clean("".join(pieces)).replace(_FORGED, "&lt;!--ng-")  # an attribute may say so
        return placeholder.sub(lambda found: done.get(int(found[1]), ""), safe)

    stack: list[list[str]] = [[]]
    labels: list[str] = []
    parts = MARK.split(html)
    for text, kind, number in zip(parts[0::3], ("", *parts[1::3]), ("", *parts[2::3]), strict=True):
        if kind == "open":
            stack.append([])
        elif kind == "body":
            labels.append(washed(stack.pop()))
            stack.append([])
        elif kind == "close":
            body, n = washed(stack.pop()), int(number)
            done[n] = f"{marker('open', n)}{labels.pop()}{marker('body', n)}{body}{marker('close', n)}"
            stack[-1].append(f'<hr class="{seal}-{n}">')
        stack[-1].append(text)
    return washed(stack[0])


def mistakes(directive: Directive, path: str, line: int) -> Iterator[Diagnostic]:
    """What is wrong with a block by itself, as far as its file tells."""
    name, place = directive.name, Place(path, line, directive.column)
    if not name:
        help = "Take it out. Where a block holds another, the outer one takes more colons: ::::name … ::::"
        yield warning("NG-223", place, f'"{directive.label}" ends no block; it is left out', help)
        return
    form = FORMS.get(name)
    if directive.flaw:
        form_of_all = ':::name[label]{key="value"}'
        help = f"Write {form.example if form else form_of_all}. Where the line is text, begin it with a backslash."
        yield error("NG-221", place, f"the block cannot be read: {directive.flaw}", help)
        return
    if directive.deep:
        yield error("NG-221", place, f'"{name}" is nested too deeply', "Take blocks, lists and quotations apart.")
    if form and form.leaf != directive.leaf:
        message = f'"{name}" is one line, which begins with two colons' if form.leaf else f'"{name}" holds text'
        help = f"Write {form.example}" + ("" if form.leaf else ", then its text, then a line of three colons.")
        yield error("NG-226", place, message, help)
    elif not directive.closed:
        help = "End it with a line of as many colons as it began with: :::"
        yield error("NG-222", place, f'the block "{name}" is not closed', help)
    elif form:
        yield from _of_form(directive, form, place)


def _of_form(directive: Directive, form: Form, place: Place) -> Iterator[Diagnostic]:
    name, known = directive.name, {one.name: one.value for one in directive.attributes}
    for one in directive.attributes:
        if one.name not in form.attributes and not one.name.startswith("data-"):
            at = Place(place.path, place.line, one.column)
            some = f"It may say: {', '.join(form.attributes)}." if form.attributes else "Take it out."
            help = did_you_mean(one.name, form.attributes) or some
            yield warning("NG-224", at, f'"{name}" has no attribute "{one.name}"', help)
    for key in form.required:
        if not known.get(key):
            yield error("NG-225", place, f'"{name}" has no {key}', f"Write {form.example}")
    if not form.leaf and not (form.holds in directive.holds if form.holds else directive.holds):
        yield error("NG-225", place, f'"{name}" holds no {form.lack}', f"Begin it with {form.example}, and end it :::")
    if name in LINKING and not EMBEDDED.fullmatch(directive.label):
        yield error("NG-228", place, f'"{name}" needs a URL that begins with https://', f"Write {form.example}")
    if name == "chart" and known.get("type", "bar") not in CHARTS:
        help = did_you_mean(known["type"], CHARTS) or f"Types are: {', '.join(CHARTS)}."
        yield error("NG-227", place, f'there is no chart of type "{known["type"]}"', help)

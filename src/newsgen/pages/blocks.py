"""Storytelling blocks of a body: in the plan what each is rendered from, in a page the HTML of its template.

A block NAME is rendered by templates/blocks/NAME.html, which sees it as `block` and nothing else, in the language of
the document. What a document's blocks are rendered by, and the data that they show, is a part of the key of every page
and feed that carries it: `blocks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

import msgspec
from markupsafe import Markup

from newsgen import digest
from newsgen.config import Settings
from newsgen.content import tables
from newsgen.content.blocks import EMBEDDED, MARK, URLS
from newsgen.content.directives import LINKING
from newsgen.content.markdown import REFERENCE
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, error, warning
from newsgen.model import Block, Content, Extra, PlannedBlock, PlannedBody, Table
from newsgen.pages.languages import Catalogues, digest_of
from newsgen.pages.templates import Closure

ReadData = Callable[[str, str], tuple[str, bytes] | None]

CHART: Final = "chart"
_PROVIDERS: Final = (
    (
        re.compile(
            r"https://(?:(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|shorts/|live/|embed/)|youtu\.be/)"
            r"([\w-]{11})(?![\w-])"
        ),
        "https://www.youtube-nocookie.com/embed/{}?autoplay=1",
    ),
    (re.compile(r"https://(?:www\.)?vimeo\.com/(\d+)(?!\w)"), "https://player.vimeo.com/video/{}?dnt=1&autoplay=1"),
)
FRAMES: Final = tuple(urlsplit(made)._replace(path="", query="").geturl() for _, made in _PROVIDERS)
"""The sites of whose films frames may be loaded."""
_TEMPLATE: Final = re.compile(r"blocks/(.*)\.html", re.S)


class BlockView(msgspec.Struct, frozen=True):
    """A block as its template sees it; `label` and `body` are HTML."""

    name: str
    id: str
    classes: tuple[str, ...]
    attributes: Extra
    table: Table | None
    language: str
    label: Markup
    body: Markup


class Blocks:
    """Plans the blocks of documents. `data` gives id and bytes of the file that a document names, None without one."""

    def __init__(
        self, settings: Settings, closures: Mapping[str, Closure], catalogues: Catalogues, data: ReadData
    ) -> None:
        self.settings, self.closures, self.catalogues, self.data = settings, closures, catalogues, data

    def planned(self, document: Content, body: PlannedBody, said: list[Diagnostic]) -> tuple[PlannedBody, str]:
        """The body with what its blocks are rendered from; and the digest of how. What is wrong is added to `said`."""
        language = document.lang or self.settings.language
        found = tuple([self._planned(document, block, body.urls, said) for block in document.body.blocks])
        templates = [template_of(name) for name in sorted({block.name for block in found})]
        of = [(name, closure) for name in templates if (closure := self.closures.get(name))]
        closures = [(name, closure.digest, closure.published) for name, closure in of]
        shown = [block.table for block in found]
        rendered = digest.of_value((closures, digest_of(language, self.catalogues), shown))
        return msgspec.structs.replace(body, language=language, blocks=found), rendered

    def _planned(self, document: Content, block: Block, urls: tuple[str, ...], said: list[Diagnostic]) -> PlannedBlock:
        if template_of(block.name) not in self.closures:
            known = [found[1] for name in self.closures if (found := _TEMPLATE.fullmatch(name))]
            more = f"Blocks are: {', '.join(sorted(known))}. Where the line is text, begin it with a backslash."
            help = did_you_mean(block.name, known) or more
            place = Place(document.id, block.line, block.column)
            said.append(error("NG-220", place, f'there is no block "{block.name}"', help))
            return PlannedBlock("", "", (), ())
        attributes = [(name, _resolved(value, urls) if name in URLS else value) for name, value in block.attributes]
        if block.name in LINKING:
            attributes += self._embedded(document, block, said)
        table = self._table(document, block, said) if block.name == CHART else None
        return PlannedBlock(block.name, block.id, block.classes, tuple(attributes), table)

    def _table(self, document: Content, block: Block, said: list[Diagnostic]) -> Table | None:
        """The data of a chart; None where there are none, which is told."""
        src = dict(block.attributes).get("src", "")
        if not src.startswith(REFERENCE):
            if src:
                help = "Put it beside the article: src=data.csv. The chart is left out."
                place = Place(document.id, block.line, block.column)
                said.append(warning("NG-230", place, "a chart is made of a file of this site", help))
            return None
        found = self.data(document.id, document.body.references[int(src.removeprefix(REFERENCE))].target)
        if found is None:  # a broken link, which is told
            return None
        table, mistakes = tables.read(*found)
        said += mistakes
        return table

    def _embedded(self, document: Content, block: Block, said: list[Diagnostic]) -> list[tuple[str, str]]:
        """Host of an embedded page, and the URL of its frame; none where it may not be loaded."""
        url = dict(block.attributes)["url"]
        found = EMBEDDED.fullmatch(url)
        host = found[1].lower().removeprefix("www.") if found else ""
        frame = next((made.format(one[1]) for known, made in _PROVIDERS if (one := known.match(url))), "")
        if not frame and host in [one.lower().removeprefix("www.") for one in self.settings.embeds.allow]:
            frame = url
        if not frame:
            place = Place(document.id, block.line, block.column)
            help = f'Add it to newsgen.toml: [embeds] allow = ["{host}"]. Until then it is a link.'
            said.append(warning("NG-229", place, f"pages of {host} may not be loaded", help))
        return [("host", host), ("frame", frame)]


def template_of(name: str) -> str:
    return f"blocks/{name}.html"


def _resolved(value: str, urls: tuple[str, ...]) -> str:
    return urls[int(value.removeprefix(REFERENCE))] if value.startswith(REFERENCE) else value


def expanded(html: str, planned: PlannedBody, render: Callable[[BlockView], str]) -> str:
    """Some HTML of a body with the HTML of each block in its place; one without a name is what it holds."""
    parts = MARK.split(html)
    stack, labels = [[parts[0]]], list[str]()
    for kind, number, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if kind == "close":
            body, block = "".join(stack.pop()), planned.blocks[int(number)]
            inside = Markup(labels.pop()), Markup(body)  # noqa: S704 - Markdown's own HTML
            attributes = Extra(dict(block.attributes))
            view = BlockView(block.name, block.id, block.classes, attributes, block.table, planned.language, *inside)
            stack[-1].append(render(view) if block.name else body)
        else:
            if kind == "body":
                labels.append("".join(stack.pop()))
            stack.append([])
        stack[-1].append(text)
    return "".join(stack[0])

"""HTML as people and their systems write it, read into a tree: missing end tags are supplied, stray ones ignored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

import msgspec

DEEPEST: Final = 50  # elements within one another; what stands deeper stands beside them

VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())
BLOCKS: Final = frozenset(
    "address article aside audio blockquote body caption center col colgroup dd details div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html iframe li main menu nav noscript object ol p pre "
    "section summary table tbody td tfoot th thead tr ul video".split()
)
_VERBATIM: Final = ("script", "style", "textarea", "title", "iframe", "noscript", "svg", "math", "template", "select")

_TOKEN = re.compile(
    r"<!--(?P<comment>.*?)(?:-->|\Z)|<(?P<end>/?)(?P<tag>[A-Za-z][^\s/>]*)"
    r"(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+)>|<[!?][^>]*>",
    re.S,
)
_SELF_CLOSED = re.compile(r"(?:^|[\s\"'])/$")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")

# What an opening tag closes, and the elements that it does not look beyond.
_CLOSES: Final = {
    "li": ("li", ("ul", "ol", "menu")),
    **dict.fromkeys(("dt", "dd"), ("dt dd", ("dl",))),
    **dict.fromkeys(("td", "th"), ("td th", ("table",))),
    "tr": ("td th tr", ("table",)),
    **dict.fromkeys(("thead", "tbody", "tfoot"), ("td th tr thead tbody tfoot", ("table",))),
    "a": ("a", ("td", "th", "li", "p", "div")),
}
_FENCES: Final = ("td", "th", "table")  # an end tag closes nothing beyond them but them


class Element(msgspec.Struct, eq=False):
    """An element, a comment ("!") or the root (""); `line` counts from 1 in the source. Mutable: it is built."""

    tag: str
    line: int
    attributes: dict[str, str] = {}
    children: list[Element | str] = msgspec.field(default_factory=list["Element | str"])

    def get(self, name: str) -> str:
        return self.attributes.get(name, "").strip()

    def has_class(self, *names: str) -> bool:
        return not {*self.get("class").split()}.isdisjoint(names)

    def elements(self) -> Iterator[Element]:
        return (child for child in self.children if isinstance(child, Element))

    def walk(self) -> Iterator[Element]:
        """The elements within this one, in the order of the text."""
        for child in self.elements():
            yield child
            yield from child.walk()

    def find(self, *tags: str) -> Element | None:
        return next((one for one in self.walk() if one.tag in tags), None)

    def text(self) -> str:
        """What it says, without markup."""
        inner = (
            child if isinstance(child, str) else "\n" if child.tag == "br" else child.text() for child in self.children
        )
        return "" if self.tag in ("!", "script", "style") else "".join(inner)


def parsed(html: str, first_line: int = 1) -> Element:
    """The tree of `html`, whose first line is line `first_line` of its source."""
    root = Element("", first_line)
    stack, at, line = [root], 0, first_line
    while at < len(html):
        found = _TOKEN.search(html, at)
        start = found.start() if found else len(html)
        if start > at:
            stack[-1].children.append(unescape(html[at:start]))
        if found is None:
            break
        line += html.count("\n", at, start)
        at, name = found.end(), (found["tag"] or "").lower()
        if found["comment"] is not None:
            stack[-1].children.append(Element("!", line, {"text": found["comment"].strip()}))
        elif found["end"]:
            _close(stack, name, line)
        elif name:
            element = Element(name, line, _attributes(found["attributes"]))
            void = name in VOID or _SELF_CLOSED.search(found["attributes"]) is not None
            _open(stack, element, void=void)
            if name in _VERBATIM and not void:
                end = re.compile(rf"</{name}\s*>", re.I).search(html, at)
                element.children.append(html[at : end.start() if end else len(html)])
                at = end.end() if end else len(html)
                if stack[-1] is element:
                    stack.pop()
        line += html.count("\n", start, at)
    return root


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def _open(stack: list[Element], element: Element, *, void: bool) -> None:
    closed, beyond = _CLOSES.get(element.tag, ("", ()))
    if element.tag in BLOCKS and element.tag not in ("td", "th", "tr", "tbody", "thead", "tfoot"):
        _pop(stack, ("p",), ("td", "th", "li", "blockquote", "div", "figure", "table", "button"))
    if closed:
        _pop(stack, tuple(closed.split()), beyond)
    stack[-1].children.append(element)
    if not void and len(stack) < DEEPEST:
        stack.append(element)


def _pop(stack: list[Element], tags: tuple[str, ...], beyond: tuple[str, ...]) -> None:
    """Closes the outermost element of `tags` that lies within the innermost of those `beyond` which it cannot look."""
    bottom = next((n for n in range(len(stack) - 1, 0, -1) if stack[n].tag in beyond), 0)
    if found := next((n for n in range(bottom + 1, len(stack)) if stack[n].tag in tags), 0):
        del stack[found:]


def _close(stack: list[Element], name: str, line: int) -> None:
    if name == "br":
        stack[-1].children.append(Element("br", line))
    for n in range(len(stack) - 1, 0, -1):
        if stack[n].tag == name:
            del stack[n:]
            return
        if stack[n].tag in _FENCES and name not in (*_FENCES, "tr", "tbody", "thead", "tfoot"):
            return

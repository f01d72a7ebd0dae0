"""The syntax of storytelling blocks, by the proposal for generic directives in CommonMark.

:::name[label]{#id .class key="value"}      holds Markdown, up to a line of as many colons or more
::name[label]{key=value}                    is one line
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

LINKING: Final = ("embed",)  # blocks whose label is a URL

_OPENING: Final = re.compile(r"(:{2,})([ \t]*)([A-Za-z][A-Za-z0-9_-]*)")
_CLOSING: Final = re.compile(r"(:{3,})[ \t]*")
_LABEL: Final = re.compile(r"[ \t]*\[((?:[^\[\]\\]++|\\.|\[(?:[^\[\]\\]++|\\.)*+\])*+)\]")
_QUOTED: Final = r"\"(?:[^\"\\]++|\\.)*+\"|'(?:[^'\\]++|\\.)*+'"
_BRACES: Final = re.compile(rf"[ \t]*\{{((?:[^{{}}\"']++|{_QUOTED})*+)\}}")
_ATTRIBUTE: Final = re.compile(
    rf"[ \t]*(?:#(?P<id>[\w-]+)|\.(?P<class>[\w-]+)|(?P<key>[A-Za-z][\w-]*)"
    rf"(?:=(?P<value>{_QUOTED}|[^\s\"'=<>`{{}}]+))?)(?=[ \t]|$)"
)
_ESCAPE: Final = re.compile(r"\\([\\\"'])")
_CODE: Final = re.compile(r"(`{3,}|~{3,})")


class Attribute(NamedTuple):
    """An attribute as written, and its column."""

    name: str
    value: str
    column: int


class Directive(msgspec.Struct):
    """What the first line of a block says; `column` counts from 1. Mutable: what it holds is noted while it is read.

    `flaw` says why the line cannot be read. One without a name is a line of colons that ends no block.
    """

    name: str
    leaf: bool
    column: int
    label: str = ""
    id: str = ""
    classes: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    flaw: str = ""
    closed: bool = True
    deep: bool = False
    number: int = 0
    level: int = 0
    columns: int = 0
    holds: set[str] = msgspec.field(default_factory=set[str])


def plugin(markdown: MarkdownIt) -> None:
    """Makes blocks of directives: each is a `directive_open`, its label, a `directive_body`, all that it holds, and a
    `directive_close`, whose meta is the same `Directive`."""
    options = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    markdown.block.ruler.before("fence", "directive", _rule, options)  # pyright: ignore[reportArgumentType]


def read(line: str, column: int) -> Directive | None:
    """What a line says that begins with two colons at `column`; None where it is text."""
    if closing := _CLOSING.fullmatch(line):
        return Directive("", leaf=True, column=column, label=closing[1])
    opening = _OPENING.match(line)
    leaf = not line.startswith(":::")
    if opening is None or (leaf and opening[2]):
        flaw = "" if leaf else "three colons begin a block, and its name follows them"
        return Directive("?", leaf=False, column=column, flaw=flaw) if flaw else None
    directive = Directive(opening[3].lower(), leaf=leaf, column=column)
    at = opening.end()
    if label := _LABEL.match(line, at):
        directive.label, at = label[1].strip(), label.end()
    if braces := _BRACES.match(line, at):
        _attributes(directive, braces[1], column + braces.start(1))
        at = braces.end()
    if rest := line[at:].strip():
        if leaf and at == opening.end() and rest[0] not in "[{":
            return None
        directive.flaw = f'"{rest[:40]}" is neither [a label] nor {{attributes}}'
    return directive


def _attributes(directive: Directive, text: str, column: int) -> None:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _ATTRIBUTE.match(text, at)
        if found is None:
            directive.flaw = f'"{text[at:].strip()[:40]}" is no attribute'
            return
        key, value = (found["key"] or "").lower(), found["value"] or ""
        if value[:1] in ("'", '"'):
            value = _ESCAPE.sub(r"\1", value[1:-1])
        if found["id"]:
            directive.id = found["id"]
        elif found["class"]:
            directive.classes += (found["class"],)
        elif any(one.name == key for one in directive.attributes):
            directive.flaw = f'"{key}" is given twice'
        else:
            directive.attributes += (Attribute(key, value, column + found.start("key")),)
        at = found.end()


def _rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    at = state.bMarks[start] + state.tShift[start]
    line = state.src[at : state.eMarks[start]]
    if not line.startswith("::") or state.is_code_block(start):
        return False
    directive = read(line.rstrip(), at - state.src.rfind("\n", 0, at))
    if directive is None or silent:
        return directive is not None
    if not directive.name:
        state.push("directive_stray", "", 0).meta = {"directive": directive}
        state.tokens[-1].map = [start, start + 1]
        state.line = start + 1
        return True
    stop = start + 1
    if not directive.leaf:
        stop, directive.closed = _closing(state, start + 1, end, len(line) - len(line.lstrip(":")))
    directive.level = state.level
    directive.deep = state.level + 2 > state.md.options["maxNesting"]
    _push(state, "directive_open", directive, 1)
    state.tokens[-1].map = [start, start + 1]
    if directive.label and directive.name not in LINKING:
        label = state.push("inline", "", 0)
        label.content, label.map, label.children = directive.label, [start, start + 1], []
    _push(state, "directive_body", directive, 0)
    if stop > start + 1 and not directive.deep:
        parent, last = state.parentType, state.lineMax
        state.parentType, state.lineMax = "directive", stop
        state.md.block.tokenize(state, start + 1, stop)
        state.parentType, state.lineMax = parent, last
    _push(state, "directive_close", directive, -1)
    state.line = stop + (directive.closed and not directive.leaf)
    return True


def _push(state: StateBlock, kind: str, directive: Directive, nesting: int) -> None:
    state.push(kind, "", nesting).meta = {"directive": directive}  # pyright: ignore[reportArgumentType]
    state.tokens[-1].block = True


def _closing(state: StateBlock, start: int, end: int, colons: int) -> tuple[int, bool]:
    """The line that ends a block opened by so many colons; where none does, the line after its last, and False."""
    code = ""
    for number in range(start, end):
        at = state.bMarks[number] + state.tShift[number]
        line = state.src[at : state.eMarks[number]]
        if line and state.sCount[number] < state.blkIndent:
            return number, False
        if state.is_code_block(number):
            continue
        if fence := _CODE.match(line):
            if not code:
                code = fence[1]
            elif fence[1].startswith(code) and not line[fence.end() :].strip():
                code = ""
        elif not code and line.startswith(":::") and (found := _CLOSING.fullmatch(line)) and len(found[1]) >= colons:
            return number, True
    return end, False

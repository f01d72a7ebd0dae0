"""python-frontmatter's handlers, made strict: all front matter that is more than plain YAML, and its writing.

YAML is read as a stream of events, so that depth, aliases, tags and duplicates are seen before anything is built.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import frontmatter
import yaml
from frontmatter.default_handlers import BaseHandler

from newsgen.content.frontmatter import Field, FrontMatter
from newsgen.diagnostics import Diagnostic, Outcome, Place, Refused, error

MAX_DEPTH: Final = 8
MAX_VALUES: Final = 2000

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Reads YAML as texts, lists and mappings alone."""

_YAML_BREAK = re.compile("[\x85\u2028\u2029]")  # ends a line for YAML, but for no editor: it would shift every place
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
_PROSE = ("title", "description")


class _KeysOnLines:
    """Of a dumper: the outermost mapping has a line for each key, what is inside stands in flow style."""

    def represent(self: Any, data: object) -> None:
        node = self.represent_data(data)
        node.flow_style = False
        self.serialize(node)

    def ignore_aliases(self, data: object) -> bool:
        return True


class _OwnDumper(_KeysOnLines, yaml.SafeDumper): ...


class _Dumper(_KeysOnLines, getattr(yaml, "CSafeDumper", yaml.SafeDumper)): ...  # pyright: ignore


def read(path: str, text: str) -> Outcome[FrontMatter]:
    """The front matter and the body of `text`; no fields where it begins with none. `text` has LF line ends."""
    handler = next((one for one in (YAML, TOML, JSON) if one.detect(text)), None)
    if handler is None:
        return Outcome(FrontMatter({}, text, 1))
    try:
        block, body = handler.split_strictly(path, text)
        fields = handler.fields(path, block)
    except Refused as refused:
        return Outcome(None, refused.diagnostics)
    return Outcome(FrontMatter(fields, body, text[: len(text) - len(body)].count("\n") + 1))


def dump(fields: Mapping[str, Any], body: str) -> str:
    """A content file with YAML front matter: keys in the order given, quotes where YAML would misread a text."""
    post = frontmatter.Post(body.strip("\n"), **fields)
    return frontmatter.dumps(post, handler=YAML).rstrip("\n") + "\n"


class StrictHandler(BaseHandler):
    """A handler of python-frontmatter that splits at whole lines and refuses what it cannot read with certainty."""

    END: re.Pattern[str]
    LEAD = 1  # lines before the block

    def split_strictly(self, path: str, text: str) -> tuple[str, str]:
        """The block and the body. Raises Refused where nothing closes the block."""
        start = text.index("\n") + 1 if "\n" in text else len(text)
        end = self.END.search(text, start)
        if end is None:
            mark = text.split("\n", 1)[0].strip()
            help = f"Close the front matter with a line {self.END_DELIMITER} before the text begins."
            message = f'front matter opened with "{mark}" is never closed'
            raise Refused(error("NG-105", Place(path, 1, 1), message, help))
        return text[start : end.start()], text[end.end() :].removeprefix("\n")

    def fields(self, path: str, block: str) -> dict[str, Field]:
        """The fields of the block by key. Raises Refused."""
        raise NotImplementedError


class StrictYAML(StrictHandler):
    FM_BOUNDARY = re.compile(r"---[ \t]*(?:\n|\Z)")
    START_DELIMITER = END_DELIMITER = "---"
    END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.M)

    def fields(self, path: str, block: str) -> dict[str, Field]:
        block = _YAML_BREAK.sub(" ", block)
        try:
            return _YAMLReader(path, self.LEAD, block.split("\n")).mapping(LOADER(block))
        except (yaml.reader.ReaderError, yaml.MarkedYAMLError) as mistake:
            raise Refused(_yaml_mistake(path, block, mistake, self.LEAD)) from None

    def export(self, metadata: dict[str, object], **_: object) -> str:
        return _yaml(metadata)


class StrictTOML(StrictHandler):
    FM_BOUNDARY = re.compile(r"\+\+\+[ \t]*(?:\n|\Z)")
    START_DELIMITER = END_DELIMITER = "+++"
    END = re.compile(r"^\+\+\+[ \t]*$", re.M)

    def fields(self, path: str, block: str) -> dict[str, Field]:
        try:
            table = tomllib.loads(block)
        except RecursionError:
            raise Refused(_too_deep(Place(path, 1))) from None
        except ValueError as mistake:  # of a number too long to be one, too
            at = re.search(r"\(at line (\d+), column (\d+)\)", str(mistake))
            place = Place(path, int(at[1]) + 1, int(at[2])) if at else Place(path, block.count("\n") + self.LEAD)
            said = re.sub(r" \(at .*\)$", "", str(mistake))
            help = 'Write key = value, text in quotes: title = "The headline"'
            raise Refused(error("NG-106", place, f"front matter is not TOML: {said}", help)) from None
        return _typed_mapping(path, table, _Lines(block, r"^[ \t]*(?:\[+)?[\"']?{key}[\"']?[ \t]*[=\].]", self.LEAD), 1)


class StrictJSON(StrictHandler):
    FM_BOUNDARY = re.compile(r"\{[ \t]*(?:\n|\Z)")
    START_DELIMITER, END_DELIMITER = "{", "}"
    END = re.compile(r"^\}[ \t]*$", re.M)

    def split_strictly(self, path: str, text: str) -> tuple[str, str]:
        block, body = super().split_strictly(path, text)
        return "{\n" + block + "}", body

    def fields(self, path: str, block: str) -> dict[str, Field]:
        lines = _Lines(block, r"\"{key}\"[ \t]*:", 0)

        def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
            for index, (key, _) in enumerate(found):
                if any(key == other for other, _ in found[:index]):
                    raise Refused(_twice(Place(path, lines.of(key)[0], 1), key))
            return dict(found)

        try:
            table = json.loads(block, object_pairs_hook=pairs)
        except json.JSONDecodeError as mistake:
            place = Place(path, mistake.lineno, mistake.colno)
            help = 'Every key and text stands in double quotes, with a comma between two: "title": "The headline",'
            raise Refused(error("NG-106", place, f"front matter is not JSON: {mistake.msg}", help)) from None
        except RecursionError:
            raise Refused(_too_deep(Place(path, 1))) from None
        except ValueError:
            raise Refused(error("NG-106", Place(path, 1), "front matter holds a number too long to be read")) from None
        return _typed_mapping(path, table, lines, 1)


YAML, TOML, JSON = StrictYAML(), StrictTOML(), StrictJSON()


# ---- YAML -----------------------------------------------------------------------------------------------------------


class _YAMLReader:
    """Builds fields from YAML events; refuses what front matter may not use."""

    def __init__(self, path: str, lead: int, lines: list[str]) -> None:
        self.path, self.lead, self.lines, self.values = path, lead, lines, 0

    def mapping(self, loader: Any) -> dict[str, Field]:
        events = self._events(loader)
        first = next(events, None)
        if first is None:
            return {}
        root = self._field(first, events, 0)
        if root.absent:
            return {}
        if not isinstance(root.value, dict):
            help = "Write one key a line: title: The headline"
            raise Refused(error("NG-108", self._place(first), "front matter is not a mapping of keys to values", help))
        if (more := next(events, None)) is not None:
            raise Refused(error("NG-106", self._place(more), "front matter holds a second document", "Keep one block."))
        return root.value

    def _events(self, loader: Any) -> Iterator[Any]:
        skipped = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)
        while loader.check_event():
            event = loader.get_event()
            if not isinstance(event, skipped):
                yield event

    def _place(self, event: Any) -> Place:
        return Place(self.path, event.start_mark.line + 1 + self.lead, event.start_mark.column + 1)

    def _field(self, event: Any, events: Iterator[Any], depth: int) -> Field:
        place = self._place(event)
        self._allow(event, place, depth)
        if isinstance(event, yaml.ScalarEvent):
            text: str = event.value
            return Field(text, place.line, place.column, plain=not event.style)  # libyaml's plain is ''
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Field] = []
            while not isinstance(item := next(events), yaml.SequenceEndEvent):
                items.append(self._field(item, events, depth + 1))
            return Field(tuple(items), place.line, place.column)
        entries: dict[str, Field] = {}
        while not isinstance(key := next(events), yaml.MappingEndEvent):
            name = self._key(key, events, depth)
            if name in entries:
                raise Refused(_twice(self._place(key), name, entries[name].line))
            value = next(events)
            entries[name] = self._field(value, events, depth + 1)
            if depth == 0 and name in _PROSE and entries[name].plain:
                self._not_cut(name, value)
        return Field(entries, place.line, place.column)

    def _not_cut(self, name: str, event: Any) -> None:
        """Refuses a headline whose end YAML takes for a comment: "Ranked #1" would be published as "Ranked"."""
        mark: yaml.Mark = event.end_mark
        rest = self.lines[mark.line][mark.column :]
        if re.match(r"[ \t]*#\S", rest):
            message = f'YAML takes the end of "{name}" for a comment: "{rest.strip()[:60]}"'
            help = self._advice(event) or f"Put the whole text of {name} in quotes."
            raise Refused(error("NG-106", self._place(event), message, help))

    def _advice(self, event: Any) -> str:
        mark: yaml.Mark = event.start_mark
        return _quoting_advice(self.lines[mark.line])

    def _key(self, event: Any, events: Iterator[Any], depth: int) -> str:
        field = self._field(event, events, depth)
        if not isinstance(field.value, str):
            help = self._advice(event) or "Write key: value"
            raise Refused(error("NG-106", self._place(event), "a key must be plain text", help))
        return field.value

    def _allow(self, event: Any, place: Place, depth: int) -> None:
        self.values += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            help = self._advice(event) or f'Put the text in quotes: "{sign}{event.anchor}…"'
            message = f'"{sign}{event.anchor}" is a YAML alias, which front matter may not use'
            raise Refused(error("NG-109", place, message, help))
        if event.tag is not None:
            help = self._advice(event) or "Remove the tag, or put the whole text in quotes."
            raise Refused(error("NG-109", place, f'YAML tag "{event.tag}" is not allowed in front matter', help))
        if depth > MAX_DEPTH:
            raise Refused(_too_deep(place))
        if self.values > MAX_VALUES:
            message = f"front matter holds more than {MAX_VALUES:,} values"
            raise Refused(error("NG-109", place, message, "Keep data of that size in a file of its own."))


def yaml_line(key: str, value: Any) -> str:
    """One key of front matter on one line: lists and mappings in flow style, texts quoted only where YAML needs it."""
    return _yaml({key: value})


def _yaml(fields: dict[str, Any]) -> str:
    def dumped(dumper: Any) -> str:
        options: dict[str, Any] = {"Dumper": dumper, "sort_keys": False, "allow_unicode": True, "width": 10**9}
        return str(yaml.dump(fields, default_flow_style=True, **options)).strip("\n")  # pyright: ignore

    text = dumped(_Dumper)
    return dumped(_OwnDumper) if "\\U" in text else text  # libyaml escapes 😀, which PyYAML's own emitter keeps


def _yaml_mistake(
    path: str, block: str, mistake: yaml.reader.ReaderError | yaml.MarkedYAMLError, lead: int
) -> Diagnostic:
    if isinstance(mistake, yaml.reader.ReaderError):
        before = block[: max(block.find(chr(mistake.character)), 0)]
        place = Place(path, before.count("\n") + 1 + lead, len(before) - before.rfind("\n"))
        return error("NG-102", place, f"control character U+{mistake.character:04X} in front matter", "Remove it.")
    mark = mistake.problem_mark
    assert mark
    lines = block.split("\n")
    row = min(mark.line, len(lines) - 1)
    if "quoted scalar" in str(mistake.context) and mistake.context_mark:
        row = mistake.context_mark.line  # where the quote opens, not where the file ends
    guilty = _guilty_line(lines, row)
    place = Place(path, row + 1 + lead, mark.column + 1)
    if (advice := _quoting_advice(lines[guilty])) and guilty != mark.line:
        place = Place(path, guilty + 1 + lead, 1)
    problem = mistake.problem
    help = advice or "Indent with spaces, two for each level, and write one key a line: title: The headline"
    if "\t" in lines[row][: len(lines[row]) - len(lines[row].lstrip())]:
        problem, help = "a tab is used to indent", "Indent with spaces; YAML allows no tab there."
    return error("NG-106", place, f"front matter is not YAML: {problem}", help)


def _guilty_line(lines: list[str], row: int) -> int:
    """The line to mend: libyaml often complains one line after the one whose value needs quotes."""
    return next((n for n in range(row, max(row - 3, -1), -1) if _quoting_advice(lines[n])), row)


def _quoting_advice(line: str) -> str:
    """The line with its value in quotes, where quotes are what it lacks."""
    found = re.match(r"([ \t]*(?:- )?[\w-]+):[ \t]+(\S.*?)[ \t]*$", line)
    if not found:
        return ""
    value = found[2]
    if value[0] == "[" and "]" not in value:
        return f"Close the list: {found[1].strip()}: {value.rstrip(',')}]"
    if _QUOTED.fullmatch(value) or re.fullmatch(r"\[.*\]|\{[^{].*\}|[|>][-+0-9]*", value):
        return ""
    sign = value[0] in "*&!%@`|>\"'[{]},#" or re.match(r"[-?:](?:\s|$)", value)
    if not (sign or ": " in value or value.endswith(":") or " #" in value):
        return ""
    mended = json.dumps(value, ensure_ascii=False)
    if '"' in value:
        mended = "'" + value.replace("'", "''") + "'"
    return f"Put the text in quotes: {found[1].strip()}: {mended}"


# ---- what TOML and JSON have in common ------------------------------------------------------------------------------


class _Lines:
    """Finds the line that sets a key, for parsers that do not tell."""

    def __init__(self, block: str, pattern: str, lead: int) -> None:
        self.block, self.pattern, self.lead = block, pattern, lead

    def of(self, key: str) -> tuple[int, int]:
        found = re.search(self.pattern.replace("{key}", re.escape(key)), self.block, re.M)
        if not found:
            return 1, 1
        start = self.block.rfind("\n", 0, found.start()) + 1
        return self.block.count("\n", 0, found.start()) + 1 + self.lead, found.start() - start + 1


def _typed_mapping(path: str, table: dict[str, Any], lines: _Lines, depth: int) -> dict[str, Field]:
    return {key: _typed(path, value, lines, lines.of(key), depth) for key, value in table.items()}


def _typed(path: str, value: Any, lines: _Lines, at: tuple[int, int], depth: int) -> Field:
    if depth > MAX_DEPTH:
        raise Refused(_too_deep(Place(path, *at)))
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        return Field({key: _typed(path, inner, lines, at, depth + 1) for key, inner in table.items()}, *at)
    if isinstance(value, list):
        return Field(tuple(_typed(path, item, lines, at, depth + 1) for item in cast("list[Any]", value)), *at)
    if isinstance(value, str):
        return Field(value, *at)
    return Field(_as_text(value), *at, plain=True)


def _as_text(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _twice(place: Place, key: str, first: int = 0) -> Diagnostic:
    before = f" (first on line {first})" if first else ""
    return error("NG-107", place, f'duplicate key: "{key}" is given twice{before}', "Keep the one that is right.")


def _too_deep(place: Place) -> Diagnostic:
    return error("NG-109", place, f"front matter is nested deeper than {MAX_DEPTH} levels", "Flatten it.")

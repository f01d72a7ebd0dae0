"""The tags of a content file set in place: all else of it keeps its bytes, comments and order too."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from newsgen.content import frontmatter, handlers
from newsgen.content.frontmatter import Field, FrontMatter

TAGS, EVIDENCE = "tags", "tags_evidence"

_LIST = r"\[(?:[^\]\[#\"'{}]|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')*\]"
_ENTRY = re.compile(r"([ \t]*-[ \t]+)\S")


def amended(path: str, text: str, tags: Sequence[str], evidence: Mapping[str, Any]) -> str | None:
    """The content file `text` with these `tags` and `tags_evidence`; None where they stand in a way that cannot be set.

    `text` has LF line ends and front matter that can be read. What is returned was read again: it differs in these two
    keys only.
    """
    before = frontmatter.read(path, text).value
    if before is None or not before.fields:
        return None
    block = text[: len(text) - len(before.body)]
    setters: Sequence[Callable[[str, FrontMatter, str, Any], str]] = (_yaml, _toml, _json)
    amend = setters["-+{".index(block[0])]
    block = amend(block, before, TAGS, list(tags))
    block = amend(block, before, EVIDENCE, evidence)
    after = frontmatter.read(path, block + before.body).value
    if after is None or _others(after) != _others(before) or after.body != before.body:
        return None
    said = _value(after.fields.get(TAGS)), _value(after.fields.get(EVIDENCE))
    told = {tag: {key: str(count) for key, count in counts.items()} for tag, counts in evidence.items()}
    return block + before.body if said == ((*tags,) or said[0], told or "") else None


def _others(matter: FrontMatter) -> dict[str, Any]:
    return {key: _value(field) for key, field in matter.fields.items() if key not in (TAGS, EVIDENCE)}


def _value(field: Field | None) -> Any:
    """What a field says, without its place."""
    if field is None:
        return ""
    if isinstance(field.value, dict):
        return {key: _value(inner) for key, inner in field.value.items()}
    return field.value if isinstance(field.value, str) else tuple(_value(item) for item in field.value)


def _yaml(block: str, before: FrontMatter, key: str, value: Any) -> str:
    line = handlers.yaml_line(key, value)
    field = before.fields.get(key)
    if field is None:
        end = block.rstrip().rfind("\n") + 1  # before the mark that closes the block
        return f"{block[:end]}{line}\n{block[end:]}" if value else block
    if key == EVIDENCE:
        return re.sub(rf"^{key}:.*\n", lambda _: f"{line}\n" if value else "", block, count=1, flags=re.M)
    lines = block.split("\n")
    items = field.value if isinstance(field.value, tuple) else ()
    if items and all(_ENTRY.match(lines[item.line - 1]) for item in items):
        return "\n".join(_entries(lines, items, value))
    pattern = rf"^{key}:[ \t]*(?:{_LIST}|[^\[\n]*?)(?=[ \t]*(?:\s#.*)?$)"
    return re.sub(pattern, lambda _: line, block, count=1, flags=re.M)


def _entries(lines: list[str], items: Sequence[Field], tags: Sequence[str]) -> list[str]:
    """A list with an entry on each line: entries that stay keep their lines, new ones come after the last."""
    entry = _ENTRY.match(lines[items[-1].line - 1])
    there = {item.value: item.line for item in items}
    gone = {line for tag, line in there.items() if tag not in tags}
    lead = entry[1] if entry else "- "
    new = [lead + handlers.yaml_line("x", [tag])[4:-1] for tag in tags if tag not in there]
    last = items[-1].line
    kept = [(number, line) for number, line in enumerate(lines, 1) if number not in gone]
    before, after = ([line for number, line in kept if (number <= last) is first] for first in (True, False))
    return [*before, *new, *after]


def _toml(block: str, before: FrontMatter, key: str, value: Any) -> str:
    def said(value: Any) -> str:
        if isinstance(value, dict):
            table = cast("dict[str, Any]", value)
            return f"{{{', '.join(f'{said(name)} = {said(inner)}' for name, inner in table.items())}}}"
        return json.dumps(value, ensure_ascii=False)

    return _assigned(block, before, key, value, rf"^{key}[ \t]*=[ \t]*", f"{key} = {said(value)}", "")


def _json(block: str, before: FrontMatter, key: str, value: Any) -> str:
    line = f'"{key}": {json.dumps(value, ensure_ascii=False)}'
    return _assigned(block, before, key, value, rf'"{key}"[ \t]*:[ \t]*', line, ",", "  ")


def _assigned(
    block: str, before: FrontMatter, key: str, value: Any, begin: str, line: str, comma: str, indent: str = ""
) -> str:
    """The block with the line in the place of the key's value, or else right after its first line."""
    if key not in before.fields:
        return block.replace("\n", f"\n{indent}{line}{comma}\n", 1) if value else block
    if key == EVIDENCE:
        own = rf"^[ \t]*{begin.lstrip('^')}.*\n"
        return re.sub(own, lambda _: f"{indent}{line}{comma}\n" if value else "", block, count=1, flags=re.M)
    string = r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'"
    return re.sub(f"{begin}(?:{_LIST}|{string})", lambda _: line, block, count=1, flags=re.M)

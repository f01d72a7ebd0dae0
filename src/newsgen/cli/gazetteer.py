"""The starter gazetteer, as the files of content/tags that it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from newsgen.content import frontmatter
from newsgen.content.slugs import slug_of

_KEYS: Final = {"=": "case_sensitive", "-": "exclude", "?": "unless", "^": "parents"}
_SHOWN: Final = ("aliases", "case_sensitive", "exclude", "unless", "parents")


def files() -> Iterator[tuple[str, str]]:
    """The path and the text of each file; gazetteer.txt says how its lines are read."""
    description = ""
    for line in Path(__file__).with_name("gazetteer.txt").read_text("utf-8").splitlines():
        if line.startswith(">"):
            description = line[1:].strip()
        elif line and not line.startswith("#"):
            title, _, names = line.partition(":")
            fields: dict[str, list[str]] = {}
            for name in filter(None, map(str.strip, names.split(";"))):
                key = _KEYS.get(name[0], "aliases")
                fields.setdefault(key, []).append(name if key == "aliases" else name[1:])
            said = {key: fields[key] for key in _SHOWN if key in fields}
            told = {"title": title, **said, "description": description.format(title=title)}
            yield f"content/tags/{slug_of(title)}.md", frontmatter.dump(told, "")

"""JSON Schemas of newsgen.toml and of front matter, for editors, and of reports, for programs: made of what reads or
writes these, so that they cannot differ."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from newsgen import model
from newsgen.config import Settings
from newsgen.content.fields import Fields
from newsgen.content.parse import ACCESSES, KEYS, STATUSES

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Final[dict[str, Any]] = {"type": ["string", "number", "boolean", "null"]}  # YAML's own kinds are read as texts
_TEXTS: Final[dict[str, Any]] = {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_IMAGE: Final[dict[str, Any]] = {
    "type": "object",
    "properties": dict.fromkeys(("src", "alt", "caption", "credit", "focus"), _TEXT),
    "required": ["src"],
    "additionalProperties": False,
}
_KINDS: Final[dict[Any, dict[str, Any]]] = {
    Fields.text: _TEXT,
    Fields.flag: {"type": "boolean"},
    Fields.moment: {"type": "string"},
    Fields.names: _TEXTS,
    Fields.url: {"type": "string"},
    Fields.urls: _TEXTS,
    Fields.integer: {"type": "integer"},
    Fields.image: {"anyOf": [{"type": "string"}, _IMAGE]},
    Fields.corrections: {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"date": {"type": "string"}, "text": {"type": "string"}},
            "required": ["date", "text"],
            "additionalProperties": False,
        },
    },
    Fields.extra: {"type": "object"},
}
_NAMED: Final[dict[str, dict[str, Any]]] = {
    "date": {"type": "string"},
    "status": {"enum": [*STATUSES]},
    "access": {"enum": [*ACCESSES]},
    "part": {"type": "integer", "minimum": 1},
    "title": {"type": ["string", "number", "boolean"]},
    "import": {"type": "object"},
    "tags_evidence": {"type": "object"},
    **dict.fromkeys(("author", "authors", "tags", "aliases"), _TEXTS),
}


def config() -> dict[str, Any]:
    """The schema of newsgen.toml as a table."""
    made = msgspec.json.schema(Settings, schema_hook=_of_extra)
    settings = made["$defs"]["Settings"]
    for of_ours in ("places", "edition"):
        del settings["properties"][of_ours]
    for one in made["$defs"].values():
        one.pop("description", None)
        one.pop("title", None)
    return msgspec.to_builtins({"$schema": DIALECT, "title": "newsgen.toml", **made}, enc_hook=model.enc_hook)


def _of_extra(kind: type) -> dict[str, Any]:
    if kind is model.Extra:
        return {"type": "object"}
    raise NotImplementedError(kind.__name__)


def report(kind: type) -> dict[str, Any]:
    """The schema of a report as `--format json` prints it: a `BuildReport`, or what a check found."""
    return {"$schema": DIALECT, **msgspec.json.schema(kind)}


def front_matter() -> dict[str, Any]:
    """The schema of the front matter of articles, pages and the files of tags, authors, series and sections."""
    readers = {key: reader for of, _ in KEYS.values() for key, reader in of.items()}
    keys = sorted({key for _, known in KEYS.values() for key in known})
    properties = {key: _NAMED.get(key) or _KINDS.get(readers.get(key), _TEXT) for key in keys}
    known = {kind.__name__.lower(): sorted(of) for kind, (_, of) in KEYS.items()}
    told = "; ".join(f"{name}: {', '.join(of)}" for name, of in known.items())
    return {
        "$schema": DIALECT,
        "title": "Front matter of newsgen",
        "description": told,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }

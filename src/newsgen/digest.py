"""Digests: the identity of bytes and of values. 16 bytes of BLAKE2b, written as 32 hex digits."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

import msgspec

LENGTH: Final = 16  # bytes: collisions by accident stay out of reach for any site

_encoder = msgspec.json.Encoder(enc_hook=lambda value: _plain(value))


def of_bytes(data: bytes) -> str:
    return blake2b(data, digest_size=LENGTH).hexdigest()


def of_text(text: str) -> str:
    return of_bytes(text.encode("utf-8", "surrogatepass"))


def of_value(value: Any) -> str:
    """The digest of a frozen value: of its JSON, in which structs, tuples and datetimes have one form."""
    return of_bytes(_encoder.encode(value))


def _plain(value: Any) -> Any:
    """Mappings by sorted key, so that the order of insertion is no part of the value."""
    if isinstance(value, Mapping):
        mapping: Mapping[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
        return {key: mapping[key] for key in sorted(mapping)}
    raise NotImplementedError(f"no digest for {type(value).__name__}")

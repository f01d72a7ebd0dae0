"""The seam to other engines: an ordered map over chunks of work, on any `concurrent.futures.Executor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

Progress = Callable[[str, int, int], None]
"""Told the name of a phase, how many of its items are done, and how many there are."""


def chunks(items: Sequence[A], size: int) -> Iterator[Sequence[A]]:
    """The items in runs of `size`, in order."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def ordered_map(function: Callable[[A], B], items: Sequence[A], executor: Executor | None = None) -> Iterator[B]:
    """The results in the order of the items; in this process where there is no executor."""
    return iter(map(function, items)) if executor is None else executor.map(function, items)


def silent(phase: str, done: int, total: int) -> None:
    """A progress that shows nothing."""

"""A site, and a dev server over it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .harness import Served, article, write


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site, published once to site/."""
    root = tmp_path / "paper"
    write(root / "newsgen.toml", 'title = "The Paper"\nbase_url = "https://example.org"\n')
    write(root / "content/world/harbour.md", article("Harbour reopens", "First words of the harbour."))
    write(root / "content/world/bridge.md", article("Bridge closes", "The bridge is closed."))
    return root


@pytest.fixture
def serve(site: Path) -> Iterator[Callable[..., Served]]:
    """Starts `newsgen serve` over `site`, and kills it after the test."""
    started: list[Served] = []

    def start(*options: str) -> Served:
        started.append(Served(site, *options))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            os.killpg(one.process.pid, signal.SIGKILL)
            one.process.wait()

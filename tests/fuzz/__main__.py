"""python -m tests.fuzz TARGET CORPUS [options of libFuzzer]: looks for bytes that a target does not bear."""

from __future__ import annotations

import sys

import atheris  # pyright: ignore[reportMissingImports] - `make fuzz` installs it

with atheris.instrument_imports(include=["newsgen", "markdown_it", "mdit_py_plugins", "starlette"]):
    from tests.fuzz.targets import TARGETS

target = TARGETS[sys.argv.pop(1)]
atheris.Setup(sys.argv, target)
atheris.Fuzz()

"""python -m tests.fuzz TARGET CORPUS [options of libFuzzer]: looks for bytes that a target does not bear."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules

import atheris  # pyright: ignore[reportMissingImports] - `make fuzz` installs it

with atheris.instrument_imports(include=["newsgen", "markdown_it", "mdit_py_plugins", "starlette"]):
    from newsgen import importers
    from tests.fuzz.targets import TARGETS

    for module in iter_modules(importers.__path__, f"{importers.__name__}."):
        import_module(module.name)  # readers are imported late, and only what is imported here tells of its branches

target = TARGETS[sys.argv.pop(1)]
atheris.Setup(sys.argv, target)
atheris.Fuzz()

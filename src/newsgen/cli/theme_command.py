"""newsgen theme: what the default theme is made of, and how to have a file of it as your own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from newsgen import build
from newsgen.config import STATIC, TEMPLATES
from newsgen.diagnostics import did_you_mean
from newsgen.engine import sources

EPILOG = """\b
Examples:
  newsgen theme list
  newsgen theme eject article.html
  newsgen theme eject style.css
"""


@click.group("theme", epilog=EPILOG)
def command() -> None:
    """Show the files of the default theme, or copy one into this site to change it."""


@command.command("list")
def list_files() -> None:
    """List all templates and assets of the theme."""
    for name in _files():
        click.echo(name)


@command.command("eject")
@click.argument("name")
@click.pass_obj
def eject(call: Any, name: str) -> None:
    """Copy the template or asset NAME of the theme into this site, where it takes the theme's place.

    To change a part of a page, a template of a few lines is better: {% extends "theme/article.html" %} and the block
    that differs. It goes on to follow the theme.
    """
    files = _files()
    if name not in files:
        known = did_you_mean(name, files) or "newsgen theme list shows all."
        raise click.BadParameter(f'the theme has no "{name}". {known}', param_hint="NAME")
    root: Path = call.root
    to = root / files[name]
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with to.open("xb") as file:  # never over what is there
            file.write(sources.read_bytes(build.THEME_FOLDER / _source(files[name])))
    except FileExistsError:
        click.echo(f"{files[name]} is there already; it stays as it is.", err=True)
        sys.exit(1)
    except OSError as failure:
        click.echo(f"cannot write {files[name]}: {failure.strerror}", err=True)
        sys.exit(1)
    click.echo(f"{files[name]} is yours now. Delete it to have the theme's again.")


def _files() -> dict[str, str]:
    """Where each file of the theme has its place in a site."""
    templates = {one.id: f"{TEMPLATES}/{one.id}" for one in sources.theme_files(build.THEME_FOLDER / "templates")}
    assets = {one.id: f"{STATIC}/assets/{one.id}" for one in sources.theme_files(build.THEME_FOLDER / "assets")}
    return dict(sorted((templates | assets).items()))


def _source(path: str) -> str:
    return path.removeprefix(f"{STATIC}/")

"""newsgen schema."""

from __future__ import annotations

import click

from newsgen import schema
from newsgen.cli import console

EPILOG = """\b
Examples:
  newsgen schema config > newsgen.schema.json
  newsgen schema front-matter > front-matter.schema.json
"""


@click.command("schema", epilog=EPILOG)
@click.argument("what", type=click.Choice(["config", "front-matter"]))
def command(what: str) -> None:
    """Print the JSON Schema of newsgen.toml or of the front matter, for editors and other programs."""
    console.show_json(schema.config() if what == "config" else schema.front_matter())

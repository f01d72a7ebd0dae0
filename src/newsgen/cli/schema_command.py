"""newsgen schema."""

from __future__ import annotations

import click

from newsgen import schema
from newsgen.cli import console

EPILOG = """\b
Examples:
  newsgen schema config > newsgen.schema.json
  newsgen schema front-matter > front-matter.schema.json
  newsgen schema build
"""


@click.command("schema", epilog=EPILOG)
@click.argument("what", type=click.Choice(["config", "front-matter", "build", "check"]))
def command(what: str) -> None:
    """Print a JSON Schema: of newsgen.toml or of the front matter, for editors; or of what build or check report with
    --format json, for programs.
    """
    if what == "build":
        from newsgen.build import BuildReport

        made = schema.report(BuildReport)
    elif what == "check":
        from newsgen.checking import Checked

        made = schema.report(Checked)
    else:
        made = schema.config() if what == "config" else schema.front_matter()
    console.show_json(made)

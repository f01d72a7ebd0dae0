"""newsgen check."""

from __future__ import annotations

import sys
from typing import Any

import click

from newsgen.build import BuildOptions
from newsgen.checking import Checked, checked
from newsgen.cli import console
from newsgen.cli.build_command import AT, read_moment
from newsgen.diagnostics import Refused

EPILOG = """\b
Examples:
  newsgen check
  newsgen check --strict --format github
  newsgen check --external
"""


@click.command("check", epilog=EPILOG)
@click.option("--external", is_flag=True, help="Ask other sites whether what is linked there stands.")
@click.option("--at", metavar="TIME", help=AT)
@click.option("--strict", is_flag=True, help="Take every warning for an error.")
@console.format_option
@click.pass_obj
def command(call: Any, external: bool, at: str | None, strict: bool, form: str) -> None:
    """Check the pages of the site: links and anchors, pictures, orphans, and what search engines ask for.

    The site is built to a folder of its own; site/ stays as it is. Without --external the network is not used.
    """
    options = BuildOptions(at=read_moment(call.root, at), strict=strict)
    try:
        with console.progress(form) as progress:
            found = checked(call.root, options, external=external, progress=progress)
    except Refused as refused:
        found = Checked(ok=False, diagnostics=refused.diagnostics)
    if form == "json":
        console.show_json(found)
    else:
        console.show(found.diagnostics, form)
        errors = sum(one.severity == "error" for one in found.diagnostics)
        asked = f", {found.external:,} of other sites" if external else ""
        told = f"{found.pages:,} pages, {found.links:,} links{asked}"
        click.echo(f"{told}: {errors:,} errors, {len(found.diagnostics) - errors:,} warnings.", err=not found.ok)
    sys.exit(0 if found.ok else 1)

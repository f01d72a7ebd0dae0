"""The command line: `newsgen COMMAND`. A command is imported when it is called, so that none pays for another."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Final

import click
import msgspec

import newsgen

COMMANDS: Final = ("new", "import", "build", "serve", "check", "why", "next", "tags", "theme", "schema")

EPILOG: Final = """\b
A first day:
  newsgen new my-paper
  newsgen -C my-paper import ~/texts/*.txt
  newsgen -C my-paper build
  newsgen -C my-paper serve
"""


class Call(msgspec.Struct, frozen=True):
    """What every command is given: the folder of the site."""

    root: Path


class Commands(click.Group):
    """A group that finds its commands by name and imports none before it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"newsgen.cli.{cmd_name}_command").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS:
            from newsgen.diagnostics import did_you_mean

            near = did_you_mean(args[0], COMMANDS) or f"Known: {', '.join(COMMANDS)}."
            ctx.fail(f'No such command "{args[0]}". {near}')
        return super().resolve_command(ctx, args)


@click.command(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    help="Run as if started in DIR.",
)
@click.version_option(newsgen.__version__, prog_name="newsgen")
@click.pass_context
def cli(ctx: click.Context, folder: Path) -> None:
    """newsgen: article text in, a fast and honest news site out."""
    ctx.obj = Call(Path(os.path.realpath(folder)))


def main() -> None:
    """The entry point. Exit status: 0 good; 1 the content or the templates have errors; 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        cli.main(prog_name="newsgen", standalone_mode=True)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as bug:  # the last line of defence
        _say_bug(bug)


def _say_bug(bug: Exception) -> None:
    """A mistake of newsgen's own is said in one line; NEWSGEN_DEBUG=1 shows where."""
    if os.environ.get("NEWSGEN_DEBUG"):
        raise bug
    place = bug.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f" ({Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno})" if place else ""
    click.echo(f"newsgen: this is a bug in newsgen, not in your site: {type(bug).__name__}: {bug}{where}", err=True)
    click.echo("  Your site/ is as it was. Please report it; NEWSGEN_DEBUG=1 shows the details.", err=True)
    sys.exit(1)

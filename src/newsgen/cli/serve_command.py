"""newsgen serve."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsgen.build import BuildOptions
from newsgen.cli import console
from newsgen.cli.build_command import read_moment
from newsgen.diagnostics import Diagnostic

if TYPE_CHECKING:
    from newsgen.serve import server

EPILOG = """\b
Examples:
  newsgen serve
  newsgen serve --port 9000 --open
  newsgen serve --editor code
  newsgen serve --online
  newsgen serve --at "2026-12-24 06:00"
"""


@click.command("serve", epilog=EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free port.")
@click.option("--open", "browse", is_flag=True, help="Open the site in the browser.")
@click.option("--drafts/--no-drafts", default=True, help="Show drafts too, each with a badge.  [default: yes]")
@click.option("--future/--no-future", default=True, help="Show what is scheduled or embargoed too.  [default: yes]")
@click.option("--online", is_flag=True, help="Show what is online and no more: --no-drafts --no-future.")
@click.option("--search", is_flag=True, help="Index for the search too; each build then waits for it.")
@click.option("--at", metavar="TIME", help="Show the site as of this moment; default now.")
@click.option(
    "--editor",
    metavar="COMMAND",
    default="",
    envvar="NEWSGEN_EDITOR",
    help='What opens a mistake that is clicked: code, zed, idea, ... or "vi {file} +{line}". [env: NEWSGEN_EDITOR]',
)
@click.pass_obj
def command(
    call: Any,
    host: str,
    port: int,
    browse: bool,
    drafts: bool,
    future: bool,
    online: bool,
    search: bool,
    at: str | None,
    editor: str,
) -> None:
    """Build the site, serve it here, rebuild when a file changes.

    Open pages show each change by themselves; the address /__newsgen/ tells what was built, and why. The server builds
    into a folder of its own; site/ is not touched. The search finds nothing here unless --search asks for its index.
    """
    from newsgen.serve import server

    root: Path = call.root
    try:
        sock = server.listen(host, port)
    except OSError as refused:
        raise click.UsageError(f"cannot listen on {host}, port {port}: {refused.strerror or refused}") from None
    moment = read_moment(root, at)
    with server.room(root) as (out, cache):
        options = BuildOptions(
            out=out,
            cache=cache,
            drafts=drafts and not online,
            future=future and not online,
            at=moment,
            search=search,
            fingerprints=False,
        )
        setup = server.Setup(root=root, host=host, port=port, options=options, editor=editor)
        server.run(setup, sock, _teller(port, browse=browse))
    click.echo("Stopped.")


def _teller(port: int, *, browse: bool) -> Callable[[server.Event], None]:
    """Prints what happens: a line for each build, and its diagnostics where they are others than before."""
    from newsgen.serve import history, server

    shown: tuple[Diagnostic, ...] = ()

    def tell(event: server.Event) -> None:
        nonlocal shown
        if isinstance(event, server.Listening):
            _welcome(event, port)
            if browse:
                threading.Thread(target=webbrowser.open, args=(event.url,), daemon=True).start()
        elif isinstance(event, server.Trouble):
            click.echo(console.plain(event.text), err=True)
        else:
            if event.diagnostics != shown:
                console.show(event.diagnostics)
            shown = event.diagnostics
            click.echo(event.failure, nl=False, err=True)
            click.echo(console.plain(history.line(event)), err=not event.ok)

    return tell


def _welcome(event: server.Listening, port: int) -> None:
    if event.taken:
        click.echo(f"Port {port} is taken.")
    click.echo(f"Serving {event.url} (Ctrl-C ends it)")
    if event.exposed:
        click.echo("Other machines can reach this server: it is no longer yours alone.", err=True)
        for url in event.others:
            click.echo(f"  From them: {url}", err=True)

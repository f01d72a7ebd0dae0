"""newsgen serve."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsgen.build import BuildOptions, build
from newsgen.cli import console
from newsgen.cli.build_command import read_moment
from newsgen.diagnostics import Diagnostic

if TYPE_CHECKING:
    from newsgen.serve import server
    from newsgen.serve.reload import Rebuilt

NAMED = 3  # changed paths on the line of a rebuild

EPILOG = """\b
Examples:
  newsgen serve
  newsgen serve --port 9000 --open
  newsgen serve --drafts --future
  newsgen serve --at "2026-12-24 06:00"
"""


@click.command("serve", epilog=EPILOG)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free port.")
@click.option("--open", "browse", is_flag=True, help="Open the site in the browser.")
@click.option("--drafts", is_flag=True, help="Show drafts too.")
@click.option("--future", is_flag=True, help="Show what is scheduled or embargoed too.")
@click.option("--search", is_flag=True, help="Index for the search too; each build then waits for it.")
@click.option("--at", metavar="TIME", help="Show the site as of this moment; default now.")
@click.pass_obj
def command(
    call: Any, host: str, port: int, browse: bool, drafts: bool, future: bool, search: bool, at: str | None
) -> None:
    """Build the site, serve it here, rebuild when a file changes.

    Open pages reload by themselves. The server builds into a folder of its own; site/ is not touched. The search finds
    nothing here unless --search asks for its index.
    """
    from newsgen.serve import server

    root: Path = call.root
    options = BuildOptions(
        out=root / server.FOLDER, drafts=drafts, future=future, at=read_moment(root, at), jobs=1, search=search
    )
    try:
        sock = server.listen(host, port)
    except OSError as refused:
        raise click.UsageError(f"cannot listen on {host}, port {port}: {refused.strerror or refused}") from None
    setup = server.Setup(root=root, host=host, port=port, build=partial(build, root, options))
    server.run(setup, sock, _teller(port, browse=browse))
    click.echo("Stopped.")


def _teller(port: int, *, browse: bool) -> Callable[[server.Event], None]:
    """Prints what happens: a line for each build, and its diagnostics where they are others than before."""
    from newsgen.serve import server

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
            click.echo(console.plain(line(event)), err=not event.ok)

    return tell


def _welcome(event: server.Listening, port: int) -> None:
    if event.taken:
        click.echo(f"Port {port} is taken.")
    click.echo(f"Serving {event.url} (Ctrl-C ends it)")
    if event.exposed:
        click.echo("Other machines can reach this server: it is no longer yours alone.", err=True)
        for url in event.others:
            click.echo(f"  From them: {url}", err=True)


def line(rebuilt: Rebuilt) -> str:
    """What one build did, in one line."""
    cause = f"{_named(rebuilt.changed)}: " if rebuilt.changed else ""
    report = rebuilt.report
    if report is None:
        return f"{cause}not built: newsgen itself failed, which is a bug. The last good site is still served."
    if not report.ok:
        errors = sum(one.severity == "error" for one in report.diagnostics)
        return f"{cause}not built: {errors:,} error{'' if errors == 1 else 's'}. The last good site is still served."
    removed = f", {len(report.removed):,} removed" if report.removed else ""
    work = f"{len(report.written):,} written{removed}" if report.written or report.removed else "nothing to write"
    return f"{cause}{work}, {report.seconds * 1000:,.0f} ms"


def _named(changed: tuple[str, ...]) -> str:
    more = len(changed) - NAMED
    return ", ".join(changed[:NAMED]) + (f" and {more:,} more" if more > 0 else "")

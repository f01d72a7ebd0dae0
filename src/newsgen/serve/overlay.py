"""What is added to a page on its way to the browser: the reload client, and what is wrong with the site."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from newsgen.diagnostics import Diagnostic
from newsgen.serve.reload import Edition

CLIENT: Final = "/__newsgen/client.js"
STYLE: Final = "/__newsgen/overlay.css"
SHOWN: Final = 200  # of a build's diagnostics; all are on the terminal


def inject(page: bytes, edition: Edition) -> bytes:
    """`page` with the client, and the overlay where the last build failed, before its last `</body>` or at its end."""
    at = page.lower().rfind(b"</body")
    at = len(page) if at < 0 else at
    return page[:at] + additions(edition).encode() + page[at:]


def additions(edition: Edition) -> str:
    """Files of the server only, nothing inline: a page's own Content-Security-Policy may forbid that."""
    return (_overlay(edition, "the last good site is shown behind this") if edition.failed else "") + _client(edition)


def unbuilt(edition: Edition) -> str:
    """The whole page that stands in for a site which could not yet be built."""
    said = _overlay(edition, "the page appears as soon as that is mended", "whole")
    meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    head = f"<head>{meta}<title>The site is not built</title></head>"
    return f'<!doctype html><html lang="en">{head}<body>{said}{_client(edition)}</body></html>'


def _client(edition: Edition) -> str:
    return f'<script src="{CLIENT}" data-epoch="{escape(edition.epoch)}"></script>'


def _overlay(edition: Edition, consolation: str, kind: str = "") -> str:
    errors = sum(d.severity == "error" for d in edition.diagnostics)
    count = "One error" if errors == 1 else f"{errors} errors"
    headline = "newsgen itself failed: this is a bug" if edition.failure else f"{count}: {consolation}"
    failure = f"<pre>{escape(edition.failure)}</pre>" if edition.failure else ""
    return (
        f'<div id="newsgen-overlay" class="{kind}" role="alert"><link rel="stylesheet" href="{STYLE}">'
        f'<button type="button" aria-label="Close">Esc</button><h2>{escape(headline)}</h2>'
        f"{failure}<ol>{''.join(_items(edition.diagnostics))}</ol></div>"
    )


def _items(diagnostics: tuple[Diagnostic, ...]) -> Iterable[str]:
    for diagnostic in diagnostics[:SHOWN]:
        yield f'<li class="{diagnostic.severity}">{_item(diagnostic)}</li>'
    if (more := len(diagnostics) - SHOWN) > 0:
        yield f"<li>and {more} more, on the terminal</li>"


def _item(diagnostic: Diagnostic) -> str:
    source = f"<pre>{escape(diagnostic.source)}</pre>" if diagnostic.source else ""
    advice = f'<p class="help">{escape(diagnostic.help)}</p>' if diagnostic.help else ""
    return (
        f'<p><code class="place">{escape(str(diagnostic.place))}</code> <code>{escape(diagnostic.code)}</code> '
        f"{escape(diagnostic.severity)}: {escape(diagnostic.message)}</p>{source}{advice}"
    )

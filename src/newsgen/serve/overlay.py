"""What is added to a page on its way to the browser: the reload client, why it is not online, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from newsgen.diagnostics import Diagnostic
from newsgen.serve.reload import Edition

CLIENT: Final = "/__newsgen/client.js"
STYLE: Final = "/__newsgen/overlay.css"
SHOWN: Final = 200  # of a build's diagnostics; all are on the terminal
_SHEET: Final = f'<link rel="stylesheet" href="{STYLE}">'


def inject(page: bytes, edition: Edition, path: str = "", *, editor: bool = False) -> bytes:
    """`page`, the output file at `path`, with what is added before its last `</body>` or at its end.

    These are files of the server only, nothing inline: a page's own Content-Security-Policy may forbid that. With
    `editor`, places in sources can be opened.
    """
    at = page.lower().rfind(b"</body")
    at = len(page) if at < 0 else at
    added = f"{_badge(edition.previews.get(path, ''))}{overlay(edition, editor=editor)}{client(edition, path)}"
    return page[:at] + added.encode() + page[at:]


def overlay(edition: Edition, *, editor: bool = False) -> str:
    """What is wrong, where the last build failed; empty where it did not."""
    return _overlay(edition, "the last good site is shown behind this", editor=editor) if edition.failed else ""


def unbuilt(edition: Edition, *, editor: bool = False) -> str:
    """The whole page that stands in for a site which could not yet be built."""
    said = _overlay(edition, "the page appears as soon as that is mended", "whole", editor=editor)
    return whole("The site is not built", said + client(edition))


def whole(title: str, body: str) -> str:
    """A page of the server's own."""
    meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return f'<!doctype html><html lang="en"><head>{meta}<title>{escape(title)}</title></head><body>{body}</body></html>'


def client(edition: Edition, path: str | None = None) -> str:
    """The script of a page, which asks for what changes in the output file at `path`; None: for any change."""
    page = "" if path is None else f' data-page="{escape(path)}"'
    return f'<script src="{CLIENT}" data-epoch="{escape(edition.epoch)}"{page}></script>'


def _badge(why: str) -> str:
    if not why:
        return ""
    return f'<aside id="newsgen-badge" aria-label="Preview">{_SHEET}Not online: {escape(why)}.</aside>'


def _overlay(edition: Edition, consolation: str, kind: str = "", *, editor: bool) -> str:
    errors = sum(d.severity == "error" for d in edition.diagnostics)
    count = "One error" if errors == 1 else f"{errors} errors"
    headline = "newsgen itself failed: this is a bug" if edition.failure else f"{count}: {consolation}"
    failure = f"<pre>{escape(edition.failure)}</pre>" if edition.failure else ""
    return (
        f'<div id="newsgen-overlay" class="{kind}" role="alert">{_SHEET}'
        f'<button type="button" aria-label="Close">Esc</button><h2>{escape(headline)}</h2>'
        f"{failure}<ol>{''.join(_items(edition.diagnostics, editor))}</ol></div>"
    )


def _items(diagnostics: tuple[Diagnostic, ...], editor: bool) -> Iterable[str]:
    for diagnostic in diagnostics[:SHOWN]:
        yield f'<li class="{diagnostic.severity}">{item(diagnostic, editor=editor)}</li>'
    if (more := len(diagnostics) - SHOWN) > 0:
        yield f"<li>and {more} more, on the terminal</li>"


def item(diagnostic: Diagnostic, *, editor: bool = False) -> str:
    """One diagnostic; with `editor` its place is a button that opens it."""
    source = f"<pre>{escape(diagnostic.source)}</pre>" if diagnostic.source else ""
    advice = f'<p class="help">{escape(diagnostic.help)}</p>' if diagnostic.help else ""
    at = escape(str(diagnostic.place))
    place = f'<code class="place">{at}</code>'
    if editor and diagnostic.place.path:
        place = f'<button type="button" class="place" data-place="{at}">{at}</button>'
    return (
        f"<p>{place} <code>{escape(diagnostic.code)}</code> "
        f"{escape(diagnostic.severity)}: {escape(diagnostic.message)}</p>{source}{advice}"
    )

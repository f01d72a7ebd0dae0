"""What the server has built: the page at /__newsgen/, and the line of each build."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from newsgen.serve import overlay
from newsgen.serve.reload import Edition, Rebuilt

KEPT: Final = 50  # builds
NAMED: Final = 3  # changed paths in the line of a build

Past = deque[tuple[dt.datetime, Rebuilt]]
"""The last builds, each with the moment at which it ended, the newest last."""


def page(past: Iterable[tuple[dt.datetime, Rebuilt]], edition: Edition) -> str:
    """The page that tells of the builds: what asked for each, what it rendered and why, and how long it took."""
    builds = "".join(_build(at, one) for at, one in reversed([*past]))
    body = f"<main><h1>Builds</h1>{builds or '<p>The first is under way.</p>'}</main>"
    sheet = f'<link rel="stylesheet" href="{overlay.STYLE}">'
    return overlay.whole("Builds", f'{sheet}<div id="newsgen-history">{body}</div>{overlay.client(edition)}')


def _build(at: dt.datetime, one: Rebuilt) -> str:
    time = f'<time datetime="{at.isoformat()}">{at:%H:%M:%S}</time>'
    return f"<section><h2>{time} {escape(line(one))}</h2>{''.join(_told(one))}</section>"


def _told(one: Rebuilt) -> Iterator[str]:
    if one.failure:
        yield f"<pre>{escape(one.failure)}</pre>"
    if one.diagnostics:
        shown = one.diagnostics[: overlay.SHOWN]
        yield f"<ol>{''.join(f'<li>{overlay.item(each)}</li>' for each in shown)}</ol>"
    if one.reasons:
        reasons = "".join(f"<li>{count:,}: {escape(reason)}</li>" for reason, count in one.reasons)
        pages = "".join(f"<li><code>{escape(each.path)}</code> {escape(each.reason)}</li>" for each in one.rendered)
        total = sum(count for _, count in one.reasons)
        which = f"the first {len(one.rendered)} of {total:,} pages" if total > len(one.rendered) else "the pages"
        yield f"<p>Rendered, and why:</p><ul>{reasons}</ul>"
        yield f"<details><summary>{which}</summary><ul>{pages}</ul></details>"


def line(rebuilt: Rebuilt) -> str:
    """What one build did, in one line."""
    cause = f"{_named(rebuilt.changed)}: " if rebuilt.changed else ""
    if rebuilt.failure:
        return f"{cause}not built: newsgen itself failed, which is a bug. The last good site is still served."
    if not rebuilt.ok:
        errors = sum(one.severity == "error" for one in rebuilt.diagnostics)
        return f"{cause}not built: {errors:,} error{'' if errors == 1 else 's'}. The last good site is still served."
    removed = f", {rebuilt.removed:,} removed" if rebuilt.removed else ""
    work = f"{rebuilt.written:,} written{removed}" if rebuilt.written or rebuilt.removed else "nothing to write"
    first = f", the open page after {rebuilt.first * 1000:,.0f} ms" if rebuilt.first is not None else ""
    return f"{cause}{work}, {rebuilt.seconds * 1000:,.0f} ms{first}"


def _named(changed: tuple[str, ...]) -> str:
    more = len(changed) - NAMED
    return ", ".join(changed[:NAMED]) + (f" and {more:,} more" if more > 0 else "")

"""Where an article ceases to be free: a marker in its text, `<!--paywall-->` on a line of its own."""

from __future__ import annotations

import re
from typing import Final

LOCKED: Final = ("metered", "paid")
SELECTOR: Final = ".paywall"
WRITTEN: Final = re.compile(r"\s*<!--\s*paywall\s*-->\s*")
MARKER: Final = '<hr class="paywall-from">\n'  # as it stands in the HTML: an element, for comments are cleaned away


def free(html: str) -> str:
    """The part of a body that everyone may read: nothing, where no marker says how far that goes."""
    return html.partition(MARKER)[0] if MARKER in html else ""


def walled(html: str) -> str:
    """The body with all that is not free in an element that SELECTOR finds."""
    opening = free(html)
    return f'{opening}<div class="paywall">\n{html.removeprefix(opening).removeprefix(MARKER)}</div>\n'

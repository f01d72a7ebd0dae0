"""What holds in every build of these tests: keys tell apart whatever values do."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from newsgen import digest
from newsgen.model import PlannedBody
from newsgen.pages import plan as planning
from newsgen.pages.keys import parts
from newsgen.pages.plan import Addresses, Plan
from newsgen.pages.planner import Planner
from newsgen.work import planning as work

_SEEN: dict[str, tuple[str, str]] = {}
"""By the digest of a key the digest of what a page of that key was made of, and the page."""


@pytest.fixture(autouse=True)
def _keys_tell_values_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pages of one key, in whichever builds of whichever sites, are made of equal values.

    Keys are taken from cards, so that values need not be made; this is what would see that a card leaves out a fact.
    """

    def watching(planners: Mapping[str, Planner], at: Addresses, common: tuple[tuple[str, str], ...]) -> Plan:
        found = planning.plan(planners, at, common)
        known = planners[""].catalogue.reader.known
        for page in found.pages:
            spec = planners[page.edition].spec(page, PlannedBody)
            values = digest.of_value((spec.renderer, spec.template, spec.context))
            notes = [known[id].note for id in page.documents]
            text = "".join(f"{note.text}{note.links}" for note in notes)  # words, headings and blocks are the text's
            seen, where = _SEEN.setdefault(digest.of_value(parts(page, found.shapes, text)), (values, page.path))
            assert seen == values, f"{page.path} and {where} have one key and other values"
        return found

    monkeypatch.setattr(work, "plan", watching)

"""The pages that somebody waits for, made before all others and before the plan has keys for them."""

from __future__ import annotations

from collections.abc import Callable

from newsgen.diagnostics import Diagnostic
from newsgen.model import PlannedBody
from newsgen.pages.keys import Linked, PlannedPage
from newsgen.pages.planner import Address, Fragments
from newsgen.work.job import Job
from newsgen.work.planning import Drawn, resolver
from newsgen.work.rendering import DRAWN, Desk, PageTask, RenderTask

LATER = (*DRAWN, "indexed")
"""What is made last, or is not known before the plan is: whoever waits for one waits for all."""


class First:
    """Makes single pages of a plan. `stands` gives the digest of the file in the output at a path, empty for none."""

    def __init__(self, job: Job, drawn: Drawn, stands: Callable[[str], str]) -> None:
        self._job, self._drawn, self._stands = job, drawn, stands
        self._addresses = drawn.found
        self._linked: dict[str, PlannedBody] = {}
        self._resolve: Callable[[str], Linked] | None = None
        task = RenderTask(
            *(job.files, job.library, drawn.editions, drawn.cards, job.closures, dict[str, Fragments](), self._linked),
            *(job.theme, job.render_settings),
        )
        self._desk = Desk(task, job.documents, drawn.planners)

    def make(self, path: str) -> tuple[str, str] | None:
        """The digests of the bytes at a path, which are in the stage where they are new, and of what stands there.

        None where nothing is planned there, or where it fails: all failures are told when all pages are made.
        """
        if path not in self._addresses or self._addresses[path][0].make in LATER:
            return None
        at, edition = self._addresses[path]
        stands = self._stands(path)
        made, _ = self._desk.page(PageTask(self._page(at, edition), stands))
        return None if isinstance(made, Diagnostic) else (made, stands)

    def _page(self, at: Address, edition: str) -> PlannedPage:
        for id in self._drawn.planners[edition].draft(at).documents:
            note = self._job.files.known[id].note
            if note and note.links and id not in self._linked:
                self._linked[id] = self._resolved(id)
        return PlannedPage(at.path, at.make, at.what, at.source, at.number, at.page, 0, "", (), edition)

    def _resolved(self, id: str) -> PlannedBody:
        if self._resolve is None:
            catalogues = {edition: planner.catalogue for edition, planner in self._drawn.planners.items()}
            self._resolve = resolver(self._job, self._drawn.editions, catalogues, self._addresses)
        return self._resolve(id).body

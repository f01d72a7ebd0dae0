"""What readers make of what others wrote: pieces, each to be one content file; a reader's two passes over its sources.

Every kind of source (raw text, HTML, a feed, a WordPress export, another generator's site) has a reader. What is shared
by them, where a piece goes in content/ and what the report says of it, is `importers.run`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec

from newsgen.diagnostics import Diagnostic
from newsgen.importers.boilerplate import Cut

Kind = Literal["article", "page", "author", "tag", "section", "file"]
"""What a piece becomes. A section's file is its `_index.md`; a file has no text and is carried along alone."""


class Carried(msgspec.Struct, frozen=True):
    """A file that a piece needs: where it lies, in the folder that was given, and its path below the site's folder
    ("static/img/map.png")."""

    source: str
    target: str


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """What a source states of one article, page, author, tag or section; to be one content file.

    `item` names it within a source of several ("post 17"); it is empty where the source is the piece. `fields` are the
    front matter in newsgen's words, without what was not stated; `body` is Markdown. `slug` is the name that the
    content file should have, in the folder `section` ("world", "world/asia"). An article without `tags` in its fields
    is given those that its text names. `evidence` says of each field where it was found ("JSON-LD").
    `cuts` are what is left out of the article, each with its line and reason; `losses` what stays visible in the body
    but lost its meaning (an unknown shortcode).
    """

    kind: Kind = "article"
    item: str = ""
    fields: Mapping[str, Any] = {}
    body: str = ""
    slug: str = ""
    section: str = ""
    evidence: Mapping[str, str] = {}
    cuts: tuple[Cut, ...] = ()
    losses: tuple[Cut, ...] = ()
    carried: tuple[Carried, ...] = ()
    near: str = ""  # the source that this one nearly repeats, and how much of it: "a.txt (93%)"
    skipped: str = ""  # why it becomes no content file: "a revision", "a menu item"
    diagnostics: tuple[Diagnostic, ...] = ()


class Reader(Protocol):
    """Reads one kind of source. It is sent to other processes, and holds what is small and the same for all sources.

    First each source is surveyed, then each is read with what all surveys say together: the vote of a batch, the
    spellings of a tag, the old URLs of a site. Neither writes, looks at a clock or uses the network.
    """

    def survey(self, file: str, data: Any) -> Any:
        """What one source contributes to the whole: small, for all of them are held at once."""
        ...

    def tags(self, survey: Any) -> Iterable[str]:
        """The tags that the source of a survey names, as it spells them, for each article. The run merges the twins."""
        ...

    def surveyed(self, surveys: Sequence[Any]) -> Any:
        """All surveys, in the order of the sources, as one value for `read`. One of two equal sources is left out."""
        ...

    def read(self, file: str, data: Any, survey: Any) -> Iterable[Piece]:
        """The pieces of one source, which may be made as they are asked for. `data` are its bytes, or a `files.Stream`
        of them where the batch is streamed.

        A source that gives none says why: a piece with an error in its diagnostics.
        """
        ...

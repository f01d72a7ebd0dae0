"""Links of a body, resolved: to the page of another article, a file beside it, a path of the site, or nowhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from msgspec import structs

from newsgen import digest
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, warning
from newsgen.model import Content, Document, Image, PlannedBody, Reference
from newsgen.pages import urls
from newsgen.pages.blocks import Blocks
from newsgen.pages.catalogue import Catalogue, quoted
from newsgen.pages.keys import Linked
from newsgen.pages.pictures import unshown

NO_LINK = ""  # as a URL: the text stays and the link goes, for a path would betray what is withheld

_PARTS = re.compile(r"([^?#]*)(.*)", re.S)


class Links:
    """Resolves references against what is planned. `files` leads a source id to its output file, `withheld` to why
    it has none."""

    def __init__(
        self,
        catalogue: Catalogue,
        files: Mapping[str, str],
        withheld: Mapping[str, str],
        planned: frozenset[str],
        blocks: Blocks,
    ) -> None:
        self.catalogue, self.files, self.withheld, self.planned = catalogue, files, withheld, planned
        self.blocks = blocks
        self.diagnostics: list[Diagnostic] = []

    def of(self, document: Content) -> Linked:
        """The body of `document` with the URL of each of its references, and its blocks."""
        self.diagnostics = []
        resolved = [self._resolve(document, reference) for reference in document.body.references]
        pictures = tuple(self._pictures(document, resolved))
        body = PlannedBody(document.body.digest, tuple(resolved), document.id, pictures=pictures)
        rendered = ""
        if document.body.blocks:
            body, rendered = self.blocks.planned(document, body, self.diagnostics)
        return Linked(body, digest.of_value(_without_data(body)), tuple(self.diagnostics), rendered)

    def _pictures(self, document: Document, resolved: list[str]) -> Iterator[tuple[int, Image]]:
        """The pictures of this site that a text shows, by number of reference; one with a flaw loses its URL."""
        page = self.files.get(document.id, "")
        for number, one in enumerate(document.body.references):
            if not one.picture or not self.catalogue.library.file(document.id, one.target):
                continue
            if image := self.catalogue.image(document.id, Image(one.target), page):
                yield number, image
            else:
                flaw = self.catalogue.measured(document.id, one.target)[1].flaw
                self.diagnostics.append(unshown(Place(document.id, one.line, one.column), one.target, flaw))
                resolved[number] = NO_LINK

    def _resolve(self, document: Document, reference: Reference) -> str:
        parts = _PARTS.fullmatch(reference.target)
        path, rest = (unquote(parts[1]), parts[2]) if parts else (reference.target, "")
        if path.endswith(".md"):
            return self._to_source(document, reference, path, rest)
        if not path.startswith("/"):
            return self._to_relative(document, reference, path, rest)
        if self._exists(path.lstrip("/")):
            return urls.url_of(self._file(path.lstrip("/")), self.catalogue.base_path) + quoted(rest)
        self._broken(
            document, reference, f'no page of this site is at "{path}"', "Mend the link, or give that page an alias."
        )
        return quoted(self.catalogue.base_path + reference.target.lstrip("/"))

    def _to_source(self, document: Document, reference: Reference, path: str, rest: str) -> str:
        folder = "content" if path.startswith("/") else posixpath.dirname(document.id)
        source = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
        if source in self.files:
            return urls.url_of(self.files[source], self.catalogue.base_path) + quoted(rest)
        if source in self.catalogue.library.failed:
            return NO_LINK  # its own diagnostic says why
        if source in self.withheld:
            message = f'"{path}" is not published ({self.withheld[source]})'
            self._broken(document, reference, message, "Its text stays without a link until that is published.")
            return NO_LINK
        near = did_you_mean(source, self.files.keys() - {document.id})
        help = near or "Give the path of a file under content/, from this file or from /."
        self._broken(document, reference, f'"{path}" is no file under content/', help)
        return quoted(reference.target)

    def _to_relative(self, document: Document, reference: Reference, path: str, rest: str) -> str:
        page = self.files.get(document.id, "index.html")
        if sibling := self.catalogue.sibling(document.id, path):
            return self.catalogue.beside(page, sibling) + quoted(rest)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
        bare = "" if target == "." else target
        if not bare.startswith("../") and self._exists(bare):
            return urls.url_of(self._file(bare), self.catalogue.base_path) + quoted(rest)
        what = "picture" if reference.image else "page or file"
        help = f"Put it beside the article in {posixpath.dirname(document.id)}/, or mend the path."
        self._broken(document, reference, f'no {what} "{path}" exists', help)
        return quoted(reference.target)

    def _exists(self, path: str) -> bool:
        return self._file(path) in self.planned

    def _file(self, path: str) -> str:
        """The planned file that a site path without its first slash names."""
        bare = path.rstrip("/")
        if not path.endswith("/") and bare in self.planned:
            return bare
        return f"{bare}/index.html" if bare else "index.html"

    def _broken(self, document: Document, reference: Reference, message: str, help: str) -> None:
        place = Place(document.id, reference.line, reference.column)
        self.diagnostics.append(warning("NG-203", place, f"broken link: {message}", help))


def _without_data(body: PlannedBody) -> PlannedBody:
    """The body as it is written: the data that its blocks show are in the digest of how they are rendered."""
    blocks = tuple([structs.replace(block, table=None) for block in body.blocks])
    return structs.replace(body, blocks=blocks) if blocks else body

"""`newsgen check`: what is wrong with the pages of a site, once they are made.

The site is built to a folder of its own and each of its pages is read as a browser reads it. What links lead to on
other sites is asked by `external`, and only then is the network used.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import msgspec

from newsgen import project
from newsgen.build import THEME_FOLDER, BuildOptions, BuildReport, build, inspect
from newsgen.config import STATE, Settings
from newsgen.diagnostics import Diagnostic, Place, error, in_order, warning
from newsgen.engine.output import MANIFEST, parse_manifest
from newsgen.engine.pool import Progress, silent
from newsgen.engine.sources import read_bytes
from newsgen.pages import urls

FOLDER: Final = f"{STATE}/check"
HEADLINE: Final = 110  # characters: more are cut by those who list news
SUMMARY: Final = 50  # characters: less says nothing
WIDE: Final = 1200  # pixels: what a large preview needs
_LINKS: Final = {"a": "href", "area": "href", "link": "href", "form": "action"}
_FILES: Final = ("src", "poster")
_LOADED: Final = ("stylesheet", "icon", "preload", "modulepreload", "manifest")


class Link(NamedTuple):
    """An address that a page names, as written; `loaded`: it is shown or run, and no link to follow."""

    url: str
    loaded: bool


class Checked(msgspec.Struct, frozen=True):
    """What there is to say of a site, and how much was looked at."""

    ok: bool
    diagnostics: tuple[Diagnostic, ...]
    pages: int = 0
    links: int = 0
    external: int = 0


class Page(HTMLParser):
    """A page as it is read: what it names, what may be led to, and what its head says."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[Link] = []
        self.ids: set[str] = {"", "top"}
        self.meta: dict[str, str] = {}
        self.without_alt: list[str] = []
        self.title, self.language, self.h1 = "", "", 0
        self.within = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids.update(given[name] for name in ("id", "name") if name in given and (name == "id" or tag == "a"))
        if tag in ("title", "template"):
            self.within = tag
        if tag == "meta":
            self.meta.setdefault(
                given.get("name") or given.get("property") or given.get("http-equiv") or "", given.get("content", "")
            )
        elif tag == "html":
            self.language = given.get("lang", "")
        elif tag == "h1":
            self.h1 += 1
        elif tag == "img" and "alt" not in given:
            self.without_alt.append(given.get("src", ""))
        rel = given.get("rel", "").split()
        if tag == "link" and "canonical" in rel:
            self.meta["canonical"] = given.get("href", "")
        if self.within == "template" or (tag == "link" and {"hub", "self", "preconnect", "dns-prefetch"} & {*rel}):
            return
        if (name := _LINKS.get(tag)) and name in given:
            self.links.append(Link(given[name], tag == "link" and bool({*rel} & {*_LOADED})))
        self.links += [Link(given[name], loaded=True) for name in _FILES if given.get(name)]
        self.links += [Link(one.split()[0], loaded=True) for one in given.get("srcset", "").split(",") if one.strip()]

    def handle_endtag(self, tag: str) -> None:
        if tag == self.within:
            self.within = ""

    def handle_data(self, data: str) -> None:
        if self.within == "title":
            self.title += data

    @property
    def leads_on(self) -> bool:
        return "refresh" in self.meta

    @property
    def hidden(self) -> bool:
        return "noindex" in self.meta.get("robots", "")


def checked(root: Path, options: BuildOptions, *, external: bool = False, progress: Progress = silent) -> Checked:
    """All that is wrong with the site at `root`. Raises Refused."""
    out = root / FOLDER
    report = build(root, msgspec.structs.replace(options, out=out), progress)
    if not report.ok:
        return Checked(ok=False, diagnostics=report.diagnostics)
    site = _Site(root, out, report)
    found = [*report.diagnostics, *site.mistakes()]
    asked = site.others if external else {}
    if asked:
        from newsgen.external import answers

        found += [
            _dead(site.place(path, url), url, answer)
            for url, answer in answers(list(asked), root / STATE / "links.json", progress).items()
            if answer
            for path in [asked[url]]
        ]
    said = project.with_source_lines(root, THEME_FOLDER, in_order(found))
    if options.strict:
        said = tuple(msgspec.structs.replace(one, severity="error") for one in said)
    ok = not any(one.severity == "error" for one in said)
    return Checked(ok, said, len(site.pages), site.count, len(asked))


def _dead(place: Place, url: str, answer: str) -> Diagnostic:
    if answer[0].isdigit():
        return error("NG-808", place, f'"{url}" answers {answer}', "Mend the link, or take it out.")
    return warning("NG-809", place, f'"{url}" could not be asked: {answer}', "Look at it in a browser, and try again.")


class _Site:
    """The pages of a built site by the path of their file, and the documents that they are of."""

    def __init__(self, root: Path, out: Path, report: BuildReport) -> None:
        self.root = root
        planned = inspect(root, report.moment)
        self.settings: Settings = planned.settings
        self.documents = {file: id for id, file in planned.planned.editions.files().items()}
        self.files = frozenset(parse_manifest(read_bytes(out / MANIFEST)))
        html = sorted(path for path in self.files if path.endswith(".html"))
        self.pages = {path: Page(read_bytes(out / path).decode("utf-8", "replace")) for path in html}
        self.others: dict[str, str] = {}
        self.count = 0
        self.sources: dict[str, list[str]] = {}

    def place(self, path: str, needle: str = "") -> Place:
        """The document of a page, and the line in it that says `needle`; the page itself where it is of none."""
        if not (id := self.documents.get(path)):
            return Place(f"{self.settings.output}/{path}")
        if id not in self.sources:
            self.sources[id] = project.text_of(self.root / id).split("\n")
        for number, line in enumerate(self.sources[id] if needle else (), 1):
            if (at := line.find(needle)) >= 0:
                return Place(id, number, at + 1)
        return Place(id)

    def mistakes(self) -> Iterator[Diagnostic]:
        led: set[str] = set()
        told: set[tuple[str, str]] = set()
        for path, page in self.pages.items():
            for link in dict.fromkeys(page.links):
                self.count += 1
                target = self._target(path, link.url)
                if target is None:
                    self._other(path, link.url)
                    continue
                file, anchor = target
                if file != path and not page.leads_on:
                    led.add(file)
                of = self.documents.get(path, "")
                if (link.url, of) not in told and (found := self._broken(path, link, file, anchor)):
                    told.add((link.url, of))
                    yield found
            yield from self._of_page(path, page)
        yield from self._orphans(led)

    def _target(self, path: str, url: str) -> tuple[str, str] | None:
        """The file of this site and the anchor in it to which a link leads; None where it leads elsewhere."""
        here = "https://this.invalid"
        origin, base = self.settings.origin, self.settings.base_path
        if origin and (url == origin or url.startswith(f"{origin}/")):
            url = url.removeprefix(origin) or "/"
        try:
            parts = urlsplit(urljoin(f"{here}{urls.url_of(path, base)}", url))
        except ValueError:
            return None
        if f"{parts.scheme}://{parts.netloc}" != here:
            return None
        whole, above = unquote(parts.path), unquote(base)
        if not whole.startswith(above):
            return f"..{whole}", ""
        file = whole.removeprefix(above)
        if not file or file.endswith("/"):
            file += "index.html"
        elif file not in self.files and f"{file}/index.html" in self.files:
            file += "/index.html"  # hosts lead on to it
        return file, unquote(parts.fragment)

    def _broken(self, path: str, link: Link, file: str, anchor: str) -> Diagnostic | None:
        if file not in self.files:
            code, what = ("NG-803", "a file") if link.loaded else ("NG-801", "a link")
            return error(
                code, self.place(path, link.url), f'{what} leads nowhere: "{link.url}"', "Mend it, or take it out."
            )
        if anchor and (page := self.pages.get(file)) and anchor not in page.ids and not anchor.startswith(":~:"):
            message = f'a link leads to no place in its page: "{link.url}"'
            help = f"The page has no element with the id {anchor}. Headings have ids made of their words."
            return error("NG-802", self.place(path, f"#{anchor}"), message, help)
        return None

    def _other(self, path: str, url: str) -> None:
        """Notes a link to another site, and the page that is to be blamed for it: that of a document before others."""
        if url.startswith("//"):
            url = f"https:{url}"
        url = url.partition("#")[0]
        if url.startswith(("http://", "https://")) and self.others.get(url) not in self.documents:
            self.others[url] = path

    def _of_page(self, path: str, page: Page) -> Iterator[Diagnostic]:
        if page.leads_on:
            return
        for src in dict.fromkeys(page.without_alt):
            help = 'Say what it shows: alt="A cargo ship at dawn"; alt="" where it only decorates.'
            yield warning("NG-804", self.place(path, src), f'a picture without an alt text: "{src}"', help)
        lacking = {"a title": page.title.strip(), "a language": page.language, "one h1": page.h1 == 1}
        if not page.hidden and self.settings.origin:
            lacking["its canonical address"] = page.meta.get("canonical", "")
        for what in [what for what, there in lacking.items() if not there]:
            help = (
                "Add it to the front matter, or to the template."
                if path in self.documents
                else "Add it to the template."
            )
            yield warning(
                "NG-806", self.place(path), f"the page {urls.url_of(path, self.settings.base_path)} lacks {what}", help
            )
        if page.meta.get("og:type") == "article" and not page.hidden:
            yield from self._of_article(path, page)

    def _of_article(self, path: str, page: Page) -> Iterator[Diagnostic]:
        """What those who list news ask of an article."""
        place, meta = self.place(path), page.meta
        wide = meta.get("og:image:width", "")
        wants: Mapping[str, tuple[object, str]] = {
            "has no author": (meta.get("article:author"), "Add author: to the front matter."),
            "has no description": (meta.get("description"), "Add description: to the front matter."),
            "has no picture": (meta.get("og:image"), "Add image: to the front matter."),
            f"has a picture of less than {WIDE} pixels in width": (
                not wide.isdigit() or int(wide) >= WIDE,
                "Large previews need a wider one.",
            ),
            f"has a headline of more than {HEADLINE} characters": (
                len(meta.get("og:title", "")) <= HEADLINE,
                "Those who list news cut it.",
            ),
            f"has a description of less than {SUMMARY} characters": (
                len(meta.get("description", "x" * SUMMARY)) >= SUMMARY
                or re.search("[\u3040-\u9fff]", meta["description"]),
                "Say in a sentence what it tells.",
            ),
        }
        for what, (fine, help) in wants.items():
            if not fine:
                yield warning("NG-807", place, f"the article {what}", help)

    def _orphans(self, led: Collection[str]) -> Iterator[Diagnostic]:
        for path, page in self.pages.items():
            home = path == "index.html" or path == "404.html"
            if path not in led and not home and not page.leads_on and not page.hidden:
                help = "Link it from a page, a list or the navigation."
                yield warning(
                    "NG-805", self.place(path), f"no page links to {urls.url_of(path, self.settings.base_path)}", help
                )

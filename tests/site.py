"""Scratch sites for tests: a few files, a build at a chosen moment, what came of it."""  # noqa: A005 - read as tests.site

from __future__ import annotations

import contextlib
import datetime as dt
import os
import shutil
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from newsgen.build import BuildOptions, BuildReport, build
from newsgen.config import FILE, SOURCE_FOLDERS
from newsgen.engine.output import MANIFEST

MOMENT = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)

SETTINGS = """\
title = "The Tidewater Post"
base_url = "https://example.org"
[feeds]
formats = ["rss"]
"""
"""Of a site whose files bring none; one format, so that what is counted and listed of a build stays short."""

PLAIN_THEME = {
    "templates/home.html": "{% for a in listing.articles %}{{ a.title }}\n{% endfor %}",
    "templates/article.html": "{{ article.title }}\n{{ article.body }}",
    "templates/page.html": "{{ page.title }}\n{{ page.body }}",
    "templates/section.html": "{{ section.title }}{% for a in listing.articles %} {{ a.title }}{% endfor %}\n",
    "templates/tag.html": "{{ tag.title }}{% for a in listing.articles %} {{ a.title }}{% endfor %}\n",
    "templates/corrections.html": "{% for a in listing.articles %}{{ a.title }} {{ a.summary }} {{ a.url }}\n{% endfor %}",
    "templates/collection.html": "{{ collection.title }}{% for a in listing.articles %} {{ a.title }}{% endfor %}\n",
    "templates/archive.html": "{{ archive.count }}{% for a in listing.articles %} {{ a.title }}{% endfor %}\n",
    "templates/author.html": "{{ author.title }}{% for a in listing.articles %} {{ a.title }}{% endfor %}\n",
    "templates/series.html": "{{ series.title }}{% for a in listing.articles %} {{ a.title }}{% endfor %}\n",
    "templates/list.html": "{% for t in index.terms %}{{ t.title }} {{ t.count }}\n{% endfor %}",
    "templates/404.html": "Not here\n",
    **{
        f"templates/blocks/{name}.html": "{{ block.label }} {{ block.body }}"
        for name in ("facts", "pullquote", "chart")
    },
    "assets/plain.css": "body { margin: 0 }\n",
}
"""A theme of one line a template, for tests in which the real one would only be slow: see the fixture `plain_theme`."""


class Site:
    """A scratch site in a folder."""

    def __init__(self, root: Path, files: dict[str, str | bytes] | None = None) -> None:
        self.root = root
        write_all(root, {FILE: SETTINGS, **(files or {})})

    @property
    def out(self) -> Path:
        return self.root / "site"

    def write(self, path: str, text: str | bytes) -> Path:
        return write_all(self.root, {path: text}) / path

    def read(self, path: str) -> str:
        return (self.root / path).read_text("utf-8")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replaces `old`, which must be there: a test that edits nothing proves nothing."""
        text = self.read(path)
        assert old in text, (path, old)
        self.write(path, text.replace(old, new))

    def move(self, path: str, to: str) -> None:
        (self.root / to).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).rename(self.root / to)

    def remove(self, path: str) -> None:
        (self.root / path).unlink()

    def build(self, at: dt.datetime | None = MOMENT, **options: object) -> BuildReport:
        return build(self.root, BuildOptions(at=at, **options))

    def good(self, at: dt.datetime | None = MOMENT, **options: object) -> BuildReport:
        """A build that must succeed."""
        report = self.build(at, **options)
        assert report.ok, said(report)
        return report

    def page(self, path: str) -> str:
        """The text of an output file."""
        return (self.out / path).read_text("utf-8")

    def tree(self) -> dict[str, bytes]:
        return tree(self.out)

    def sources_to(self, root: Path) -> Site:
        """A copy of the sources alone: no cache, no output."""
        root.mkdir(parents=True)
        for name in (FILE, *SOURCE_FOLDERS):
            path = self.root / name
            if path.is_dir():
                shutil.copytree(path, root / name, symlinks=True)
            elif path.is_file():
                shutil.copy2(path, root / name)
        copy = Site.__new__(Site)
        copy.root = root
        return copy


def write_all(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes files by path below `root`, which it gives back."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return root


def tree(folder: Path) -> dict[str, bytes]:
    """The bytes of every file below `folder`, by path."""
    return {path: Path(folder, path).read_bytes() for path in sorted(_files(folder))}


def times(folder: Path) -> dict[str, tuple[int, int]]:
    """When each file below `folder` was written, and its inode: equal values prove that nothing wrote."""
    stats = ((path, os.stat(f"{folder}/{path}")) for path in sorted(_files(folder)))
    return {path: (stat.st_mtime_ns, stat.st_ino) for path, stat in stats}


def _files(folder: Path | str, prefix: str = "") -> Iterator[str]:
    """The paths of the files below `folder`; links to folders are not followed."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, f"{prefix}{entry.name}/")
            elif entry.is_file():
                yield f"{prefix}{entry.name}"


def pages(folder: Path) -> set[str]:
    """The paths of all files below `folder` except newsgen's own manifest."""
    return set(tree(folder)) - {MANIFEST}


def said(report: BuildReport) -> list[str]:
    """The diagnostics in one line each: `NG-111 content/a.md:1:1 title is missing`."""
    return [f"{one.code} {one.place} {one.message}" for one in report.diagnostics]


def codes(report: BuildReport) -> list[str]:
    return [one.code for one in report.diagnostics]


def article(title: str, body: str = "Words.", **fields: object) -> str:
    """The text of an article's file; a value is written as YAML would have it, `None` leaves the key out."""
    given = {"title": title, "date": "2026-05-01T09:00:00Z", **fields}
    lines = [f"{key}: {value}" for key, value in given.items() if value is not None]
    return "\n".join(("---", *lines, "---", "", body, ""))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "srcset":
                self.found += [one.split()[0] for one in (value or "").split(",")]
            elif name in ("href", "src", "poster", "action"):
                self.found.append(value or "")


def links(html: str) -> list[str]:
    """Every address that a page names in href, src and their like, in its order."""
    parser = _Links()
    parser.feed(html)
    parser.close()
    return parser.found


def dead_links(folder: Path, base_path: str, origin: str = "") -> list[tuple[str, str]]:
    """Each link of each HTML page that stays on the site and leads to no file, or out of `base_path`."""
    dead: list[tuple[str, str]] = []
    for path, data in tree(folder).items():
        if not path.endswith(".html"):
            continue
        here = base_path + path.removesuffix("index.html")
        for link in links(data.decode("utf-8")):
            url = urldefrag(urljoin("https://this.example" + here, link.removeprefix(origin) if origin else link))[0]
            parts = urlsplit(url)
            if parts.netloc != "this.example" or parts.scheme != "https":
                continue
            name = unquote(parts.path)
            file = name.removeprefix(base_path)
            if file.endswith("/") or not file:
                file += "index.html"
            if not name.startswith(base_path) or not (folder / file).is_file():
                dead.append((path, link))
    return dead

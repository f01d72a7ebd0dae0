"""What must hold whatever the bytes are: each target takes some, and raises where it does not.

`make fuzz` runs one under atheris; `test_targets.py` runs all over their findings and over chance.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import shutil
import tempfile
import unicodedata
from collections import deque
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import html5lib
import msgspec
from click.testing import CliRunner

from newsgen.cli.main import cli
from newsgen.config import MarkdownSettings, ParseSettings
from newsgen.content import frontmatter, handlers, markdown, slugs
from newsgen.content.parse import parse_content
from newsgen.diagnostics import Diagnostic, has_errors
from newsgen.model import ARTICLE_KINDS
from newsgen.pages import urls
from newsgen.serve import server
from newsgen.serve.app import Folders, application
from newsgen.serve.reload import Live
from tests.serve.harness import asked

FILE: Final = "content/world/a.md"
SECRET: Final = "canary"
SAFE: Final = MarkdownSettings()
PARSE: Final = ParseSettings("UTC", SAFE, ARTICLE_KINDS)
SIGNS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def text_of(data: bytes) -> str:
    """The bytes as a text of a file: what is no UTF-8 stands for the character of its number."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


# ---- front matter ---------------------------------------------------------------------------------------------------


def front_matter(data: bytes) -> None:
    """A file ends in a value or an error that says where; plain YAML is read as the strict handlers read it."""
    whole = data if data[:1] in (b"-", b"+", b"{") else b"---\n" + data + b"\n---\n\nWords.\n"
    parsed = parse_content(FILE, whole, PARSE, dt.UTC)
    assert parsed == parse_content(FILE, whole, PARSE, dt.UTC)
    assert (parsed.content is None) <= bool(parsed.diagnostics)
    assert_places(parsed.diagnostics, text_of(whole))
    text = text_of(whole)
    if "\0" not in text and (plain := frontmatter.read_plain(text)) is not None:
        assert handlers.read(FILE, text).value == plain


def assert_places(diagnostics: tuple[Diagnostic, ...], text: str) -> None:
    lines = text.split("\n")
    for one in diagnostics:
        assert one.place.line <= len(lines), one
        assert one.place.line == 0 or one.place.column <= len(lines[one.place.line - 1]) + 1, one


# ---- slugs and paths ------------------------------------------------------------------------------------------------


def paths(data: bytes) -> None:
    """A slug is one segment that every system takes; a path that is allowed stays inside, and its URL leads back."""
    name = text_of(data)
    slug = slugs.slug_of(name)
    assert (slugs.offence(slug), unicodedata.normalize("NFC", slug), "/" in slug) == ("", slug, False)
    assert slugs.identity(slugs.identity(name)) == slugs.identity(name)
    assert slugs.slug_of(slugs.identity(name)) == slug
    tidy = slugs.tidy(name)
    assert (slugs.tidy(tidy), "/" in tidy) == (tidy, False)
    for path in (name, f"/{name}"):
        if not slugs.path_offence(path):
            file = urls.file_of(path)
            assert (posixpath.normpath(file), file.startswith(("/", ".."))) == (file, False)
            url = urls.url_of(file, "/")
            assert not re.search(r"[^!-~]|[\"<>\\?#]", url), url
            assert urls.file_of(unquote(url)) == file, (url, file)


# ---- Markdown -------------------------------------------------------------------------------------------------------

ACTIVE: Final = frozenset(
    "script style iframe frame object embed applet svg math form button textarea select link meta base template "
    "noscript plaintext xmp noembed noframes".split()
)
LINKS: Final = frozenset("href src srcset poster cite data action formaction background longdesc usemap".split())
SCHEMES: Final = markdown.SCHEMES | {"ng-ref"}


def safe_html(data: bytes) -> None:
    """No Markdown becomes anything that runs, as a parser of HTML after the standard judges, which newsgen never uses."""
    text = text_of(data)
    rendered = markdown.render(FILE, text, 1, SAFE)
    assert_places(rendered.diagnostics, text)
    assert_inert(rendered.html)


def assert_inert(html: str) -> None:
    """Nothing in the HTML runs, as it stands and within a cell of a table."""
    for around in ("{}", "<table><tr><td>{}</td></tr></table>"):
        tree = html5lib.parseFragment(around.replace("{}", html), treebuilder="etree", namespaceHTMLElements=False)
        for element in tree.iter():
            if isinstance(element.tag, str):
                assert element.tag.rpartition("}")[2] not in ACTIVE, element.tag
                for name, value in element.attrib.items():
                    assert_harmless(str(name).lower(), str(value))


def assert_harmless(name: str, value: str) -> None:
    assert not name.startswith(("on", "srcdoc", "formaction", "action")), name
    if name == "style":
        assert re.fullmatch(r"text-align: ?(left|right|center);?", value), value
    if name in LINKS:
        for url in value.split(",") if name == "srcset" else [value]:
            scheme = re.match(r"([a-z][a-z0-9+.-]*):", SIGNS.sub("", url).replace(" ", "").lower())
            assert scheme is None or scheme[1] in SCHEMES, value


# ---- the importer ---------------------------------------------------------------------------------------------------

OLD_SITES: Final[Mapping[str, tuple[str, ...]]] = {
    "jekyll": (
        "_config.yml", "_posts/2020-05-01-a.md", "_posts/2020-05-02-b.markdown", "about.md", "_data/authors.yml",
    ),
    "hugo": ("hugo.toml", "content/news/a.md", "content/news/_index.md", "content/b/index.md", "data/authors/x.yaml"),
    "zola": ("config.toml", "content/news/a.md", "content/news/_index.md", "content/2020-05-01-b.md"),
    "pelican": ("pelicanconf.py", "content/news/a.md", "content/pages/b.md"),
    "eleventy": (".eleventy.js", "posts/a.md", "posts/posts.json", "b.md"),
    "nikola": ("conf.py", "posts/a.md", "posts/a.meta", "pages/b.md"),
    "markdown": ("posts/a.md", "posts/2020-05-01-b.md"),
}  # fmt: skip
"""The files of a site of each generator, over which a target spreads its bytes."""


def raw_text(data: bytes) -> None:
    """Raw text is refused, or becomes an article."""
    ended, made = imported({"a.txt": data}, "text")
    assert bool(made) is (ended == 0)


def web_page(data: bytes) -> None:
    imported({"a.html": data}, "html")


def feed(data: bytes) -> None:
    imported({"a.xml": data}, "feed")


def wordpress(data: bytes) -> None:
    imported({"a.xml": data}, "wordpress")


def old_site(data: bytes) -> None:
    """The first byte says of which generator; its files follow, with lines of %%%% between them."""
    kind = list(OLD_SITES)[data[0] % len(OLD_SITES)] if data else "jekyll"
    imported(dict(zip(OLD_SITES[kind], data[1:].split(b"\n%%%%\n"), strict=False)), kind)


def imported(files: Mapping[str, bytes], kind: str) -> tuple[int, dict[str, bytes]]:
    """How an import of the files ends, and what it makes: what parses without an error, does nothing, lies within the
    site, and is known again."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:
        top = Path(folder)
        before = {f"old/{name}": data for name, data in files.items()} | {"site/newsgen.toml": b'title = "Post"\n'}
        for name, data in before.items():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_bytes(data)
        words = ["-C", str(top / "site"), "import", "--format", "json", "--from", kind, str(top / "old")]
        ended, made = (run_import(words, top, before) for _ in range(2))
        assert ended == made
        for path, data in made[1].items():
            if path.endswith(".md"):
                parsed = parse_content(path, data, PARSE, dt.UTC)
                assert not has_errors(parsed.diagnostics), parsed.diagnostics
                assert parsed.content is not None
                assert_inert(parsed.html)
        return made


def run_import(words: list[str], top: Path, before: Mapping[str, bytes]) -> tuple[int, dict[str, bytes]]:
    """The exit code, and all files under content/ and static/; nothing else came or changed."""
    ended = CliRunner().invoke(cli, words)
    assert isinstance(ended.exception, SystemExit | None), ended.exception
    assert ended.exit_code in (0, 1), ended.output
    after = {path.relative_to(top).as_posix(): path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()}
    made = {path.removeprefix("site/"): data for path, data in after.items() if path not in before}
    assert {path: after.get(path) for path in before} == before
    assert {path.partition("/")[0] for path in made} <= {"content", "static", ".newsgen"}, made.keys()
    return ended.exit_code, {path: data for path, data in made.items() if not path.startswith(".newsgen/")}


# ---- the router of the dev server -----------------------------------------------------------------------------------

METHODS: Final = ("GET", "HEAD", "POST", "OPTIONS", "PUT")
STATUSES: Final = frozenset((200, 204, 206, 301, 302, 304, 307, 308, 400, 403, 404, 405, 416))


def router(data: bytes) -> None:
    """No request comes to a file that is not the site's, and each is answered."""
    head, _, rest = data.partition(b"\n")
    path, _, query = head.partition(b"?")
    headers = [(b"host", b"127.0.0.1:8000")]
    for line in rest.split(b"\n")[:8]:
        name, colon, value = line.partition(b":")
        if colon and re.fullmatch(rb"[A-Za-z0-9-]{1,40}", name):
            headers.append((name.lower(), re.sub(rb"[\x00\r]", b"", value.strip())))
    method = METHODS[len(rest) % len(METHODS)] if rest[:1] == b"!" else "GET"
    target = unquote(path.decode("utf-8", "replace"))
    if target.startswith("/__newsgen/events"):
        return  # a stream without an end
    rooted = target if path[:1] == b"/" else f"/{target.lstrip('/')}"
    status, _, body = asked(site(), rooted, query, method, headers)
    assert status in STATUSES, status
    assert SECRET.encode() not in body, target


@cache
def site() -> Any:
    """The app over a built site, with secrets beside it, in it and behind links that lead out of it."""
    top = Path(tempfile.mkdtemp(prefix="newsgen-fuzz-"))
    built = top / "serve"
    files = {
        "serve/index.html": "<html><body>Front</body></html>",
        "serve/world/index.html": "<html><body>World</body></html>",
        "serve/404.html": "<html><body>Nothing here</body></html>",
        "serve/a b/ü.txt": "odd name",
        "serve/.newsgen-manifest": SECRET,
        "serve/.well-known/security.txt": "Contact: desk",
        "secret.txt": SECRET,
        "serve-private/secret.txt": SECRET,
    }
    for path, text in files.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_text(text, "utf-8")
    (built / "out.txt").symlink_to(top / "secret.txt")
    (built / "out").symlink_to(top / "serve-private")
    live = Live("run")
    live.begun(live.ask())
    live.compared((), ())
    live.edition = msgspec.structs.replace(live.edition, number=1, ready=True)
    return application(live, Folders(built, top / "stage"), server.names("127.0.0.1"), deque())


def forget_site() -> None:
    if site.cache_info().currsize:
        app = site()
        mounted = next(route.app for route in app.routes if getattr(route, "path", None) == "")
        shutil.rmtree(Path(mounted.directory).parent)
        site.cache_clear()


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "front_matter": front_matter,
    "paths": paths,
    "safe_html": safe_html,
    "raw_text": raw_text,
    "web_page": web_page,
    "feed": feed,
    "wordpress": wordpress,
    "old_site": old_site,
    "router": router,
}

"""How the sites of other generators are laid out: which kind one is, what its settings say, what each file is.

Settings are read, never run: of Python and JavaScript only what is written out plainly.
"""

from __future__ import annotations

import ast
import fnmatch
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, cast

import msgspec
import yaml

from newsgen.content.handlers import LOADER
from newsgen.diagnostics import Place, Refused, error
from newsgen.engine.sources import read_bytes
from newsgen.importers.permalinks import DATED

KINDS: Final = ("jekyll", "hugo", "zola", "pelican", "eleventy", "nikola", "markdown")

MOST: Final = 100_000  # values in settings and data files
TEXTS: Final = (".md", ".markdown", ".mkd", ".mdown")
_OTHER_TEXTS: Final = (".rst", ".org", ".adoc", ".asciidoc", ".textile", ".ipynb", ".html", ".htm", ".njk", ".liquid")
_SETTINGS: Final = {
    "jekyll": ("_config.yml", "_config.yaml", "_config.toml"),
    "hugo": (
        *(f"{name}.{suffix}" for name in ("hugo", "config") for suffix in ("toml", "yaml", "yml", "json")),
        *(f"config/_default/{name}.{end}" for name in ("hugo", "config") for end in ("toml", "yaml", "yml", "json")),
    ),
    "zola": ("config.toml", "zola.toml"),
    "pelican": ("pelicanconf.py",),
    "eleventy": (".eleventy.js", *(f"eleventy.config.{suffix}" for suffix in ("js", "mjs", "cjs"))),
    "nikola": ("conf.py",),
}  # fmt: skip
_PEOPLE: Final = re.compile(r"_?data/(?:authors|people|team|members)(?:/([^/]+))?\.(?:ya?ml|json|toml)")
_ELEVENTY: Final = re.compile(r"((?:[^/]+/)*([^/]+))/\2(?:\.11tydata)?\.json")
_RENDERED: Final = ("_site", "public", "output", "node_modules", "vendor", "themes", "layouts", "archetypes")

Role = Literal["article", "page", "either", "section", "tag", "author", "file", "other"]


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """What a file is in its site. `folders` are those below that of the content. `url` is that of a file to carry,
    where it is known without its neighbours; `why` it is not converted. A draft was in a folder of drafts."""

    role: Role
    folders: tuple[str, ...] = ()
    name: str = ""
    collection: str = ""
    lang: str = ""
    draft: bool = False
    url: str = ""
    why: str = ""

    @property
    def own_name(self) -> str:
        """The name of a text; of one that stands for its folder, the folder's."""
        return self.folders[-1] if self.name in ("index", "_index") and self.folders else self.name


class Site(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A site of another generator. `settings` are its own, plain texts, lists and mappings; `files` all that lie in its
    folder, seen from there; `base` is what comes before these in the names of sources."""

    kind: str
    base: str = ""
    settings: Mapping[str, Any] = {}
    files: frozenset[str] = frozenset()
    people: Mapping[str, str] = {}
    defaults: tuple[tuple[str, str, Mapping[str, str]], ...] = ()
    pattern: str = ""  # of permalinks, as the user says

    def text(self, key: str, default: str = "") -> str:
        value = self.settings.get(key)
        return value if isinstance(value, str) and value else default

    def list(self, key: str) -> list[str]:
        value = self.settings.get(key)
        return [one for one in (_list(value) or [value]) if isinstance(one, str) and one]

    def mapping(self, *keys: str) -> Mapping[str, Any]:
        value: Any = self.settings
        for key in keys:
            value = _dict(value).get(key)
        return _dict(value)

    @cached_property
    def zone(self) -> str:
        """The time zone in which dates without an offset are meant; empty where nothing tells."""
        zone = self.text("timezone") or self.text("timeZone") or self.text("TIMEZONE")
        return zone or ("" if self.kind in ("jekyll", "markdown") else "UTC")

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Those that may stand in the names of files."""
        named = self.mapping("languages") or self.mapping("TRANSLATIONS")
        return tuple(named)

    @cached_property
    def content(self) -> str:
        """The folder of the content, with a slash behind it."""
        folder = {
            "hugo": self.text("contentDir", "content"),
            "zola": "content",
            "pelican": self.text("PATH", "content" if any(one.startswith("content/") for one in self.files) else ""),
            "eleventy": self.text("input", "."),
            "jekyll": self.text("source", "."),
        }.get(self.kind, "")
        folder = re.sub(r"^\./|/$", "", folder)
        if folder in ("", ".") or not any(one.startswith(f"{folder}/") for one in self.files):
            return ""
        return f"{folder}/"

    def default(self, path: str, where: Where) -> Mapping[str, str]:
        """What is true of the text at `path` where its front matter does not say otherwise."""
        kinds = ("", where.collection or "pages", "drafts" if where.draft else "")
        inner = path.removeprefix(self.content)
        said = [one for one in self.defaults if one[1] in kinds and (f"{inner}/").startswith(one[0] and f"{one[0]}/")]
        return {
            key: value for _, _, values in sorted(said, key=lambda one: len(one[0])) for key, value in values.items()
        }

    def where(self, path: str) -> Where | None:
        """What the file at `path`, seen from the site's folder, is; None of what belongs to its machinery."""
        return _WHERE[self.kind](self, path)


def kind_of(folder: Path) -> str:
    """The generator whose site lies in the folder, told by its settings; empty where none does."""
    has = {name for names in _SETTINGS.values() for name in names if (folder / name).is_file()}
    content = (folder / "content").is_dir()
    for kind in ("jekyll", "pelican", "eleventy"):
        if has & set(_SETTINGS[kind]):
            return kind
    if "zola.toml" in has or ("config.toml" in has and content and _is_zola(folder)):
        return "zola"
    if has & set(_SETTINGS["hugo"]) and content:
        return "hugo"
    return "nikola" if "conf.py" in has and b"POSTS" in read_bytes(folder / "conf.py") else ""


def _is_zola(folder: Path) -> bool:
    text = read_bytes(folder / "config.toml").decode("utf-8", "replace")
    return re.search(r"^(?:base_url|compile_sass|build_search_index|default_language)\s*=", text, re.M) is not None


def site(folder: Path, kind: str, base: str, files: Iterable[str], pattern: str = "") -> Site:
    """The site of the `kind` in a folder, which holds the `files`. Raises Refused where its settings cannot be read."""
    settings: dict[str, Any] = {}
    for name in _SETTINGS.get(kind, ()):
        if (path := folder / name).is_file():
            try:
                settings |= _read(name, read_bytes(path).decode("utf-8-sig"))
            except (OSError, ValueError, RecursionError, SyntaxError, yaml.YAMLError) as why:
                said = " ".join(str(why).split())[:120]
                advice = "Mend them, or say with --from markdown and --permalinks what they would."
                raise Refused(
                    error("NG-740", Place(f"{base}{name}"), f"settings cannot be read: {said}", advice)
                ) from None
    found = Site(kind=kind, base=base, settings=settings, files=frozenset(files), pattern=pattern)
    defaults = list(_defaults(settings.get("defaults")))
    names: dict[str, str] = {}
    for path in sorted(found.files):
        if kind == "eleventy" and (data := _ELEVENTY.fullmatch(path)):
            inner = data[1].removeprefix(found.content)
            defaults.append((inner, "", _texts(_quietly(folder, path))))
        elif kind != "markdown" and (data := _PEOPLE.fullmatch(path)):
            names |= _people(data[1] or "", _quietly(folder, path))
    return msgspec.structs.replace(found, people=names, defaults=tuple(defaults))


def _quietly(folder: Path, path: str) -> dict[str, Any]:
    """What a file of data says; nothing where it cannot be read."""
    try:
        return _read(path, read_bytes(folder / path).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return {}


def _defaults(value: Any) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Jekyll's: a path, a kind of text, and what is true of these."""
    for one in _list(value):
        scope = _dict(_dict(one).get("scope"))
        yield str(scope.get("path", "")).strip("/"), str(scope.get("type", "")), _texts(_dict(_dict(one).get("values")))


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {key: value for key, value in values.items() if isinstance(value, str)}


def _people(stem: str, read: Mapping[str, Any]) -> dict[str, str]:
    if name := _person(read):
        return {str(read.get("username") or read.get("slug") or stem): name}
    return {key: name for key, value in read.items() if (name := _person(value))}


def _person(value: Any) -> str:
    said = _texts(_dict(value))
    return next(
        (said[key] for key in ("full_name", "display_name", "displayname", "name", "title") if said.get(key)), ""
    )


def _dict(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _read(name: str, text: str) -> dict[str, Any]:
    if name.endswith(".py"):
        return _python(text)
    if name.endswith(("js", "mjs", "cjs")):
        return _javascript(text)
    if name.endswith(".toml"):
        return _dict(_plain(tomllib.loads(text)))
    if name.endswith(".json"):
        return _dict(_plain(json.loads(text)))
    return _dict(_plain(yaml.load(text, LOADER)))  # noqa: S506  (texts alone)


def _plain(value: Any, budget: list[int] | None = None, depth: int = 0) -> Any:
    """Texts, lists and mappings: what two formats write differently is the same. Raises ValueError for too much."""
    budget = budget or [MOST]
    budget[0] -= 1
    if depth > 30 or budget[0] < 1:
        raise ValueError("too much, or too deep")
    if isinstance(value, dict):
        return {str(key): _plain(one, budget, depth + 1) for key, one in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_plain(one, budget, depth + 1) for one in cast("list[Any]", value)]
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    return str(value)


def _python(text: str) -> dict[str, Any]:
    """The names that a Python file gives plain values."""
    found: dict[str, Any] = {}
    for one in ast.parse(text).body:
        if isinstance(one, ast.Assign) and len(one.targets) == 1 and isinstance(name := one.targets[0], ast.Name):
            try:
                found[name.id] = _plain(ast.literal_eval(one.value))
            except (ValueError, TypeError):
                continue
    return found


def _javascript(text: str) -> dict[str, Any]:
    """Of Eleventy's settings: its folders, and what it copies."""
    text = re.sub(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)", "", text, flags=re.S | re.M)
    copied = {found[2]: found[2] for found in re.finditer(r"addPassthroughCopy\(\s*([\"'`])([^\"'`]+)\1", text)}
    for found in re.finditer(r"addPassthroughCopy\(\s*\{([^{}]*)\}", text):
        pairs = re.finditer(r"([\"'`])([^\"'`]+)\1\s*:\s*([\"'`])([^\"'`]*)\3", found[1])
        copied |= {one[2]: one[4] for one in pairs}
    named = {
        key: value
        for key, _, value in re.findall(r"\b(input|includes|data|output|pathPrefix)\s*:\s*([\"'`])([^\"'`]*)\2", text)
    }
    return {**named, "copied": copied}


# ---- what a file is, in each kind of site ---------------------------------------------------------------------------


def _parts(path: str) -> tuple[tuple[str, ...], str, str]:
    """The folders of a path, the name of its file without its suffix, and that suffix, lower-case."""
    *folders, file = path.split("/")
    stem, dot, suffix = file.rpartition(".")
    return tuple(folders), stem if dot else file, f".{suffix.lower()}" if dot else ""


def _is_hidden(parts: Sequence[str]) -> bool:
    return any(part.startswith(".") and part != ".well-known" for part in parts)


def _text(role: Role, path: str, folders: tuple[str, ...], **said: Any) -> Where:
    """A text; one in a format that newsgen does not read is not converted."""
    _, name, suffix = _parts(path)
    if suffix in TEXTS:
        return Where(role=role, folders=folders, name=name, **said)
    return Where(
        role="other",
        name=name,
        why=f"{suffix} is a format that is not converted" if suffix not in (".html", ".htm") else "a page in HTML",
    )


def _jekyll(site: Site, path: str) -> Where | None:
    path = path.removeprefix(site.content)
    folders, _, suffix = _parts(path)
    parts = path.split("/")
    excluded = (*site.list("exclude"), site.text("destination", "_site"), *_RENDERED[:5], "Gemfile", "Gemfile.lock")
    if _is_hidden(parts) or any(
        fnmatch.fnmatch(path, one) or path.startswith(f"{one.strip('/')}/") for one in excluded
    ):
        return None
    for room in ("_posts", "_drafts"):
        if room in folders:
            at = folders.index(room)
            return _text("article", path, folders[:at] + folders[at + 1 :], draft=room == "_drafts", collection="posts")
    if parts[0].startswith("_"):
        name, collections = parts[0][1:], site.mapping("collections")
        shown = _dict(collections.get(name)).get("output") == "true"
        role: Role = "author" if name in ("authors", "people") else "either"
        return _text(role, path, folders[1:], collection=name) if shown and len(parts) > 1 else None
    if suffix in (".yml", ".yaml", ".gemspec", ".lock", ".rb") and len(parts) == 1:
        return None
    if suffix in TEXTS and not site.settings and DATED.match(parts[-1]):  # a folder of posts alone
        return _text("article", path, (), collection="posts")
    return _text("page", path, folders) if suffix in TEXTS else Where(role="file", url=f"/{path}")


def _hugo(site: Site, path: str) -> Where | None:
    if not path.startswith(site.content):
        for folder in site.list("staticDir") or ["static"]:
            if path.startswith(f"{folder}/"):
                return Where(role="file", url=path[len(folder) :])
        return None
    folders, name, suffix = _parts(path.removeprefix(site.content))
    if _is_hidden((*folders, name)):
        return None
    lang = ""
    stem, dot, tag = name.rpartition(".")
    if dot and tag in site.languages:
        name, lang = stem, tag
    if folders and folders[0] in site.languages:
        lang, folders = folders[0], folders[1:]
    if suffix not in TEXTS:
        if suffix in _OTHER_TEXTS:
            return Where(role="other", why=f"{suffix} is a format that is not converted")
        return Where(role="file", folders=folders, name=path.rsplit("/", 1)[-1])
    role: Role = "either"
    if name == "_index":
        taxonomies = set(site.mapping("taxonomies").values()) or {"tags", "categories"}
        term = len(folders) == 2 and (folders[0] in taxonomies or folders[0] == "authors")
        role = ("author" if folders[0] in ("authors", "author") else "tag") if term else "section"
        if len(folders) == 1 and folders[0] in (*taxonomies, "authors"):
            return Where(role="other", why="a list of names, which newsgen makes itself")
    return Where(
        role=role, folders=folders, name=name, lang=lang if lang != site.text("defaultContentLanguage", "en") else ""
    )


def _zola(site: Site, path: str) -> Where | None:
    found = _hugo(site, path)
    return found if found is None or found.role != "tag" else msgspec.structs.replace(found, role="section")


def _pelican(site: Site, path: str) -> Where | None:
    if not path.startswith(site.content):
        return None
    inner = path.removeprefix(site.content)
    folders, name, suffix = _parts(inner)
    if _is_hidden((*folders, name)) or (
        not site.content and (folders[:1] in (("output",), ("themes",), ("plugins",), ("theme",)) or suffix == ".py")
    ):
        return None
    if moved := site.mapping("EXTRA_PATH_METADATA", inner).get("path"):
        return Where(role="file", url=f"/{moved}")
    if any(inner.startswith(f"{one.strip('/')}/") for one in site.list("STATIC_PATHS") or ["images"]):
        return Where(role="file", url=f"/{inner}")
    if suffix not in (*TEXTS, *_OTHER_TEXTS):
        return Where(role="file", url=f"/{inner}")
    pages = any(inner.startswith(f"{one.strip('/')}/") for one in site.list("PAGE_PATHS") or ["pages"])
    return _text("page" if pages else "article", inner, folders)


def _eleventy(site: Site, path: str) -> Where | None:
    for source, target in site.mapping("copied").items():
        source = re.sub(r"^\./|/$|/\*\*.*$", "", source)
        if path == source or path.startswith(f"{source}/"):
            published = source.removeprefix(site.content) if target.strip("/") == source else target.strip("/")
            rest = (
                path[len(source) :] if path != source or not target.endswith("/") else f"/{source.rsplit('/', 1)[-1]}"
            )
            return Where(role="file", url=f"/{published}{rest}".replace("//", "/"))
    if not path.startswith(site.content):
        return None
    inner = path.removeprefix(site.content)
    folders, name, suffix = _parts(inner)
    parts = inner.split("/")
    machinery = {
        "_includes",
        "_layouts",
        "_data",
        site.text("output", "_site"),
        site.text("includes"),
        site.text("data"),
        *_RENDERED[:5],
    }
    if _is_hidden(parts) or parts[0] in machinery:
        return None
    if suffix in (".json", ".js", ".mjs", ".cjs", ".lock", ".ts"):
        return None
    if suffix in (*TEXTS, *_OTHER_TEXTS):
        if not folders and name.lower() in ("readme", "license", "changelog", "contributing"):
            return None
        return _text("either", inner, folders)
    return None


def _nikola(site: Site, path: str) -> Where | None:
    parts = path.split("/")
    if _is_hidden(parts):
        return None
    for folder, url in (("files", ""), ("images", "/images"), ("galleries", "/galleries")):
        if parts[0] == folder and len(parts) > 1:
            return Where(role="file", url=url + path[len(folder) :])
    rules = [("article", one) for one in _rules(site, "POSTS", ["posts/*.md", "posts"])]
    rules += [("page", one) for one in _rules(site, "PAGES", ["pages/*.md", ""])]
    for role, (source, target) in rules:
        home = source.rsplit("/", 1)[0] if "/" in source else ""
        if path.startswith(f"{home}/"):
            folders, name, _ = _parts(path[len(home) + 1 :])
            if path.endswith(".meta"):
                return None
            stem, dot, tag = name.rpartition(".")
            lang = tag if dot and tag in site.languages else ""
            found = _text("article" if role == "article" else "page", path, folders, collection=target, lang=lang)
            return msgspec.structs.replace(found, name=stem) if lang else found
    return None


def _rules(site: Site, key: str, default: list[str]) -> list[tuple[str, str]]:
    """The patterns of Nikola's POSTS or PAGES, and where what they find goes."""
    rules = [[str(part) for part in _list(one)] for one in _list(site.settings.get(key)) or [default]]
    return [(one[0], one[1].strip("/")) for one in rules if len(one) > 1]


def _markdown(_: Site, path: str) -> Where | None:
    folders, name, suffix = _parts(path)
    if _is_hidden((*folders, name)) or any(one in _RENDERED for one in folders):
        return None
    if suffix not in TEXTS:
        return Where(role="file", url=f"/{path}")
    return Where(role="section" if name == "_index" else "article", folders=folders, name=name)


_WHERE: Final = {
    "jekyll": _jekyll,
    "hugo": _hugo,
    "zola": _zola,
    "pelican": _pelican,
    "eleventy": _eleventy,
    "nikola": _nikola,
    "markdown": _markdown,
}

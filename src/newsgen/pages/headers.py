"""The maker of the files in which hosts read with which headers to send the site: one list of rules, as each reads it.

The policy (Content-Security-Policy) allows what the default theme needs: nothing inline, and of other sites what
documents show of them and the frames that `embeds` may load. Only the search page may compile its WebAssembly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final, NamedTuple
from urllib.parse import unquote

from newsgen.content.markdown import origin_of
from newsgen.pages import pictures, search, social_cards
from newsgen.pages.blocks import FRAMES
from newsgen.pages.catalogue import plain
from newsgen.pages.planner import Address, Draft, Drafts, Planner

POLICY: Final = "Content-Security-Policy"
KEPT: Final = "Cache-Control"
FOREVER: Final = "public, max-age=31536000, immutable"
MANY: Final = 24  # other sites: a policy that named more would be longer than hosts read


class Rule(NamedTuple):
    """Headers of what is at `paths`, by name, which take the place of those of rules before it. A path is a rooted URL,
    encoded; where it ends with * all that begin so are meant."""

    paths: tuple[str, ...]
    fields: dict[str, str]


def pages(planner: Planner) -> Iterator[Address]:
    for form in planner.settings.headers.formats if not planner.edition else ():
        if form in _FILES:
            yield Address("headers", _FILES[form], form)


def _file(planner: Planner, at: Address) -> Draft:
    return Draft(at.path, "lines", at.path, {"lines": plain(text(planner, at.what))})


def text(planner: Planner, form: str) -> str:
    """The rules as a kind of host reads them."""
    remark, written = _HOSTS[form]
    lines = written(list(rules(planner)))
    return f"# Made by newsgen: see [headers] in newsgen.toml. {remark}\n" + "".join(f"{line}\n" for line in lines)


# ---- the rules ------------------------------------------------------------------------------------------------------


def rules(planner: Planner) -> Iterator[Rule]:
    settings, base = planner.settings.headers, planner.base_path
    secure = planner.origin.startswith("https:")
    fields = {
        POLICY: policy(planner),
        "Strict-Transport-Security": f"max-age={settings.hsts_days * 86400}" if secure and settings.hsts_days else "",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        KEPT: "public, max-age=0, must-revalidate",
    }
    own = {name.lower(): (name, value) for name, value in settings.extra.items()}
    known = {name: own.pop(name.lower(), (name, value))[1] for name, value in fields.items()}
    yield Rule((f"{base}*",), {name: value for name, value in (*known.items(), *own.values()) if value})
    found = (
        [planner.url(one.folder("search")) for one in planner.all.values()] if planner.settings.search.enabled else []
    )
    if found:
        yield Rule(tuple([f"{folder}/*" for folder in found]), {POLICY: policy(planner, "'wasm-unsafe-eval'")})
    library = planner.catalogue.library
    kept = [planner.url(path) for path in library.assets]
    for folder in (pictures.FOLDER, *([social_cards.FOLDER] if planner.settings.social_cards.enabled else [])):
        if not any(path.startswith(f"{folder}/") for path in library.static):
            kept.append(f"{planner.url(folder)}/*")
    kept += [f"{folder}/{search.NAME}/{part}/*" for folder in found for part in search.PARTS]
    yield Rule(tuple(kept), {KEPT: FOREVER})


def policy(planner: Planner, *scripts: str) -> str:
    """The policy of a page that may run `scripts` beside its own."""
    settings = planner.settings
    shown = planner.kept("origins", lambda: sorted({*_shown(planner)} - {""}))
    shown = ["https:", "http:"] if len(shown) > MANY else shown
    hosts = [host for one in settings.embeds.allow for host in (one, f"www.{one.removeprefix('www.')}")]
    frames = sorted({origin for one in hosts if (origin := origin_of(f"//{one}"))} | set(FRAMES))
    directives: dict[str, list[str]] = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *scripts],
        "img-src": ["'self'", *shown],
        "media-src": ["'self'", *shown],
        "frame-src": ["'self'", *frames],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
    for name, more in settings.headers.csp.items():
        known = directives.get(name, ["'self'"] if name.endswith("-src") else [])
        directives[name] = [*([] if known == ["'none'"] else known), *more]
    needed = {
        name: of
        for name, of in directives.items()
        if name == "default-src" or of != directives["default-src"] or not name.endswith("-src")
    }
    said = [f"{name} {' '.join(dict.fromkeys(of))}" for name, of in needed.items()]
    return "; ".join([*said, *(["upgrade-insecure-requests"] if planner.origin.startswith("https:") else [])])


def _shown(planner: Planner) -> Iterator[str]:
    """The other sites of which published documents show pictures, sound or films."""
    for one in planner.all.values():
        index, card = one.index, one.catalogue.card
        for number in range(len(index.ids)):
            yield from (*card(number).origins, origin_of(card(number).image))
        for page in index.pages:
            yield from page.body.origins
        for entry in chain.from_iterable(of.entries.values() for of in index.vocabularies.values()):
            if term := entry.term:
                yield from (*term.body.origins, origin_of(term.image.src if term.image else ""))


# ---- as hosts read them ---------------------------------------------------------------------------------------------


def _netlify(rules: Sequence[Rule], *, joined: bool = False) -> Iterator[str]:
    """Of rules for one path the more special counts; where values would be `joined` the earlier must be taken away."""
    said: set[str] = set()
    for paths, fields in rules:
        for path in paths:
            yield path
            yield from [f"  ! {name}" for name in fields if joined and name in said]
            yield from [f"  {name}: {value}" for name, value in fields.items()]
        said.update(fields)


def _cloudflare(rules: Sequence[Rule]) -> Iterator[str]:
    return _netlify(rules, joined=True)


def _by_name(rules: Sequence[Rule]) -> Iterator[tuple[str, list[tuple[tuple[str, ...], str]]]]:
    """The values of each header in the order of the rules, each with its paths."""
    for name in dict.fromkeys(name for rule in rules for name in rule.fields):
        yield name, [(rule.paths, rule.fields[name]) for rule in rules if name in rule.fields]


def _pattern(paths: Sequence[str]) -> str:
    """A regular expression of decoded paths."""
    ends = [re.escape(unquote(one.removesuffix("*"))) + ("" if one.endswith("*") else "$") for one in paths]
    return f"^({'|'.join(ends)})"


def _nginx(rules: Sequence[Rule]) -> Iterator[str]:
    for number, (name, (first, *others)) in enumerate(_by_name(rules)):
        variable = f"$newsgen_{number}"
        yield f"set {variable} {_quoted(first[1])};"
        for paths, value in others:
            yield f'if ($uri ~ "{_pattern(paths)}") {{ set {variable} {_quoted(value)}; }}'
        yield f"add_header {name} {variable} always;"


def _apache(rules: Sequence[Rule]) -> Iterator[str]:
    yield "<IfModule mod_headers.c>"
    for name, values in _by_name(rules):
        for number, (paths, value) in enumerate(values):
            where = f' "expr=%{{REQUEST_STATUS}} -lt 400 && %{{REQUEST_URI}} =~ m#{_pattern(paths)}#"' if number else ""
            yield f"Header always set {name} {_quoted(value).replace('%', '%%')}{where}"
    yield "</IfModule>"


def _caddy(rules: Sequence[Rule]) -> Iterator[str]:
    """Caddy decides which of two rules for one path comes first, so that no two are. What is absent is as all else."""
    for number, (name, ((_, value), *others)) in enumerate(_by_name(rules)):
        if special := [path for paths, _ in others for path in paths]:
            yield from _matcher(f"@newsgen_{number} not", special)
        yield f"header {f'@newsgen_{number} ' if special else ''}{name} {_braced(value)}"
        for at, (paths, value) in enumerate(others):
            yield from _matcher(f"@newsgen_{number}_{at}", paths)
            yield f"header @newsgen_{number}_{at} {name} {_braced(value)}"


def _matcher(name: str, paths: Sequence[str]) -> tuple[str, ...]:
    return (
        f"{name} {{",
        f"\tpath {' '.join(_quoted(unquote(path)) for path in paths)}",
        "\tfile {path} {path}/index.html",
        "}",
    )


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '\\"') + '"'


def _braced(value: str) -> str:
    return re.sub(r"([{}])", r"\\\1", _quoted(value))


_HOSTS: Final[dict[str, tuple[str, Callable[[Sequence[Rule]], Iterator[str]]]]] = {
    "netlify": ("Netlify reads it.", _netlify),
    "cloudflare": ("Cloudflare reads it.", _cloudflare),
    "nginx": ("Use it so, in the server: include /PATH/headers.conf;", _nginx),
    "apache": ("Apache reads it where AllowOverride FileInfo is set.", _apache),
    "caddy": ("Use it so: import /PATH/headers.caddy", _caddy),
}
_FILES: Final = {"netlify": "_headers", "cloudflare": "_headers", "nginx": "headers.conf", "caddy": "headers.caddy"}
"""What each host reads; .htaccess has redirects too, and is made by `redirects`."""

DRAFTS: Drafts = {"headers": _file}

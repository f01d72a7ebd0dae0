"""Edits at random under a server that runs: after each, what it serves is what a clean build makes."""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from newsgen.build import BuildOptions, build

from .harness import Served, article, until, write

EDITS = int(os.environ.get("SERVE_EDITS", "15"))
"""How many edits are made; `make soak` makes 500."""

PAGES = 10  # that are looked at after each edit
MOMENT = dt.datetime(2026, 12, 1, 12, 0, tzinfo=dt.UTC)
ADDED = re.compile(rb'(<div id="newsgen-overlay".*</div>)?<script src="/__newsgen/client\.js"[^>]*></script>', re.S)

Edit = Callable[[random.Random, Path], object]


def body(chance: random.Random, root: Path) -> None:
    file = chance.choice(files(root))
    file.write_text(f"{file.read_text()}\nWord {chance.random()}.\n")


def title(chance: random.Random, root: Path) -> None:
    file = chance.choice(files(root))
    file.write_text(re.sub(r"title: .*", f"title: Harbour {chance.randrange(1000)}", file.read_text(), count=1))


def tags(chance: random.Random, root: Path) -> None:
    file = chance.choice(files(root))
    text = re.sub(r"tags: .*\n", "", file.read_text())
    file.write_text(text.replace("---\n", f"---\ntags: [one, {chance.choice(['two', 'three'])}]\n", 1))


def draft(chance: random.Random, root: Path) -> None:
    file = chance.choice(files(root))
    text = file.read_text()
    file.write_text(
        text.replace("draft: true\n", "") if "draft" in text else text.replace("---\n", "---\ndraft: true\n", 1)
    )


def new(chance: random.Random, root: Path) -> None:
    name = f"{chance.choice(['world', 'city', 'sport'])}/new-{chance.randrange(10**6)}.md"
    write(root / "content" / name, article(f"New {name}", f"See [it]({chance.choice(files(root)).name})."))


def gone(chance: random.Random, root: Path) -> None:
    if len(files(root)) > 4:
        chance.choice(files(root)).unlink()


def moved(chance: random.Random, root: Path) -> None:
    file = chance.choice(files(root))
    file.rename(file.with_name(f"moved-{chance.randrange(10**6)}.md"))


def broken(chance: random.Random, root: Path) -> None:
    """A mistake, and at once a good save."""
    file = chance.choice(files(root))
    good = file.read_text()
    file.write_text("---\ntitle: Harbour: open\n---\n")
    file.write_text(f"{good}\nMended {chance.random()}.\n")


def style(chance: random.Random, root: Path) -> None:
    write(root / "static/assets/own.css", f"h1 {{ order: {chance.randrange(100)} }}\n")


def layout(chance: random.Random, root: Path) -> None:
    text = (
        '{% extends "theme/article.html" %}{% block aside %}{{ super() }}' + f"<p>{chance.random()}</p>{{% endblock %}}"
    )
    write(root / "templates/article.html", text)


def settings(chance: random.Random, root: Path) -> None:
    write(root / "newsgen.toml", f'title = "Paper {chance.randrange(5)}"\nbase_url = "https://example.org"\n')


def folder_gone(chance: random.Random, root: Path) -> None:
    del chance
    if files(root / "content/sport"):
        shutil.rmtree(root / "content/sport")


DEEDS: tuple[Edit, ...] = (
    body,
    body,
    title,
    tags,
    draft,
    new,
    new,
    gone,
    moved,
    broken,
    style,
    layout,
    settings,
    folder_gone,
)


def files(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*.md") if path.is_file())


def test_after_each_edit_what_is_served_is_what_a_clean_build_makes(
    serve: Callable[..., Served], site: Path, tmp_path: Path
) -> None:
    chance = random.Random(EDITS)
    for number in range(8):
        new(random.Random(number), site)
    running = serve("--online", "--at", MOMENT.isoformat())
    running.get("/")
    for number in range(EDITS):
        deed = chance.choice(DEEDS)
        deed(chance, site)
        clean = tmp_path / "clean"
        copy = tmp_path / "copy"
        shutil.copytree(site, copy, ignore=shutil.ignore_patterns(".newsgen", "site"))
        assert build(copy, BuildOptions(out=clean, at=MOMENT, cache=False, fingerprints=False, jobs=1)).ok
        made = {path.relative_to(clean).as_posix(): path for path in clean.rglob("*") if path.is_file()}
        paths = chance.sample(sorted(path for path in made if not path.startswith(".")), PAGES)
        for path in paths:
            assert until(lambda: same(running, path, made[path])), f"edit {number}, {deed.__name__}: {path}"  # noqa: B023
        for one in (clean, copy):
            shutil.rmtree(one)
    assert "Traceback" not in running.told()


def same(running: Served, path: str, file: Path) -> bool:
    served = running.bytes(f"/{path.removesuffix('index.html')}")
    return ADDED.sub(b"", served) == file.read_bytes()

"""Two real archives, which lie beside the project: every post is converted or told, the result builds without an error,
and every URL that their posts had answers. What these were is computed here, by the README beside the posts alone."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.cli.conftest import Ended, newsgen

__all__ = ["newsgen"]

CORPORA = Path(__file__).parents[3] / "shared/corpora"
pytestmark = pytest.mark.skipif(not CORPORA.exists(), reason="the archives lie in ../shared, which is not here")


def stated(text: str, key: str) -> str:
    found = re.search(rf"^{key}:[ ]*[\"']?(.*?)[\"']?[ ]*$", text, re.M)
    return found[1] if found else ""


def old_urls(post: Path) -> set[str]:
    """Where a post was: where it says so itself, else by the date in its front matter and by that in its name; by its slug,
    else by its name."""
    year, month, day, name = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})-(.*)", post.stem).groups()  # pyright: ignore
    front = post.read_text("utf-8").strip().split("\n---")[0]
    if own := stated(front, "permalink"):
        return {own}
    slug = stated(front, "slug") or name
    dates = {dt.date(int(year), int(month), int(day))}
    if written := stated(front, "date"):
        dates.add(dt.date.fromisoformat(written[:10]))
    return {f"/{date:%Y/%m/%d}/{slug}/" for date in dates}


def answers(site: Path, url: str, title: str) -> bool:
    """Whether a page is there that has the title, or leads to one that has it."""
    file = site / unquote(url).strip("/") / "index.html"
    if not file.is_file():
        return False
    page = file.read_text("utf-8")
    if led := re.search(r'http-equiv="?refresh"?\s+content="0; ?url=([^"]+)"', page):
        page = (site / led[1].removeprefix("https://paper.example").strip("/") / "index.html").read_text("utf-8")
    headline = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S)
    return headline is not None and title in html.unescape(headline[1])


@pytest.mark.parametrize(
    ("folder", "kind", "posts"),
    [("18f/posts", "jekyll", 509), ("digitalgov/news", "hugo", 2083)],
    ids=["18f", "digitalgov"],
)
def test_an_archive_comes_over_whole(
    newsgen: Callable[..., Ended], tmp_path: Path, folder: str, kind: str, posts: int
) -> None:
    (tmp_path / "newsgen.toml").write_text('title = "Paper"\nbase_url = "https://paper.example"\n')
    sources = {path.relative_to(CORPORA / folder).as_posix(): path for path in (CORPORA / folder).rglob("2*.md")}
    assert len(sources) == posts
    pattern = "/:year/:month/:day/:slug/"
    ended = newsgen("-C", tmp_path, "import", CORPORA / folder, "--from", kind, "--permalinks", pattern)
    assert ended.status == 0, ended.err
    rows = {row["file"]: row for row in json.loads((tmp_path / ".newsgen/import.json").read_text("utf-8"))["files"]}
    assert {name for name in sources if rows[name]["result"] != "written"} == set()
    assert {name for name in rows.keys() - sources.keys() if rows[name]["result"] != "skipped"} == set()

    # None of them had expired then; those of later years are published, too.
    built = newsgen("-C", tmp_path, "build", "--at", "2020-01-01T00:00Z", "--future", "--format", "json")
    assert built.status == 0, built.out[:2000]
    drafts = {name for name in sources if rows[name]["fields"].get("draft")}
    silent = [
        (name, url)
        for name in sources.keys() - drafts
        for url in sorted(old_urls(sources[name]))
        if not answers(tmp_path / "site", url, rows[name]["fields"]["title"])
    ]
    assert silent == []
    assert len(drafts) == (kind == "hugo")

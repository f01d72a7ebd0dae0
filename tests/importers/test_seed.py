"""The one real raw article, which lies beside the project: it comes out as shared/reference/IMPORT.md says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended, newsgen

__all__ = ["newsgen"]

SHARED = Path(__file__).parents[3] / "shared"
SHA256 = "d0cf5ee756031a920af34f9b3348ab0cc0ffb28e7a57b2f1311d65584f5a6652"
FRONT_MATTER = """\
title: Vladimir Putin Comes to China to Strengthen Close Ties with Xi Jinping
description: Vladimir Putin has arrived in Beijing on a state visit to underscore his close relationship with Chinese President Xi Jinping …
tags: [China, Russia, sanctions, tariffs]
lang: en
source_name: Latest Global News
"""


@pytest.mark.skipif(not SHARED.exists(), reason="the article lies in ../shared, which is not here")
def test_the_real_article(newsgen: Callable[..., Ended], tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    assert newsgen("new", paper).status == 0
    (source,) = (SHARED / "seeds").glob("*.txt")
    assert newsgen("-C", paper, "import", source).status == 0
    (row,) = json.loads((paper / ".newsgen/import.json").read_text("utf-8"))["files"]
    text = (paper / row["target"]).read_text("utf-8")
    front, body = text.removeprefix("---\n").split("\n---\n\n")
    told, record = front.split("import: ")
    assert told == FRONT_MATTER
    assert record.startswith(f"{{file: {source.name}, sha256: {SHA256}, written: ")
    assert "removed: [0-suffix, 1, 2, 14, 15], " in record
    assert (row["result"], row["target"], row["sha256"]) == (
        "written",
        "content/vladimir-putin-comes-to-china-to-strengthen-close-ties-with-xi-jinping.md",
        SHA256,
    )
    lines = [line for line in source.read_text("utf-8").split("\n") if line]
    assert [body.rstrip("\n").split("\n\n"), lines[14:]] == [lines[3:14], ["Sharing Is Caring:", "Leave a Comment"]]
    assert newsgen("-C", paper, "build").status == 0

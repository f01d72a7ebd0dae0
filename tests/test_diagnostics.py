"""Advice."""

from __future__ import annotations

import pytest

from newsgen.diagnostics import did_you_mean


@pytest.mark.parametrize(
    ("word", "known", "advice"),
    [
        ("titel", ["title", "tags"], 'Did you mean "title"?'),
        ("Nato2", ["NATO", "tariffs"], 'Did you mean "NATO"?'),
        ("ann leh", ["Ann Lee", "Bo Berg"], 'Did you mean "Ann Lee"?'),
        ("zzz", ["title"], ""),
        ("title", [], ""),
    ],
)
def test_the_nearest_known_name_is_suggested_whatever_its_case(word: str, known: list[str], advice: str) -> None:
    assert did_you_mean(word, known) == advice

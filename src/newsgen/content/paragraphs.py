"""The paragraphs of a Markdown body as the words that a reader sees, each sign in its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Each alternative ends at the sign with which it could begin anew, so that hostile text costs no more than other text.
_NO_PROSE = re.compile(
    r"(?=[`~<\[\]h&:{_])(?:"
    + "|".join(
        (
            r"(?P<fence>`{3,}|~{3,}).*?(?:(?P=fence)|\Z)",
            r"<!--.*?(?:-->|\Z)",
            r"`[^`\n]+`",
            r"\]\([^()\n]*\)",  # where a link leads
            r"^\[[^\[\]\n]+\]:[^\n]*",
            r"https?://[^\s<>()]+",
            r"<[^<>]*>",
            r"&#?\w{1,30};",
            r":{2,}[ \t]*[\w-]*",  # the lines of blocks
            r"\{[^{}\n]*\}[ \t]*$",
            r"(?<!\w)_+|(?<!_)_++(?!\w)",
        )
    )
    + ")",
    re.M | re.S,
)
_PARAGRAPH = re.compile(r"^[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*", re.M)
_LETTER = re.compile(r"\w")


def paragraphs(body: str) -> Iterator[tuple[int, str]]:
    """The offset of each paragraph in `body`, and its text, what is no prose blanked. `body` has LF line ends."""
    prose = _NO_PROSE.sub(_blank, body)
    for found in _PARAGRAPH.finditer(prose):
        if _LETTER.search(found[0]):
            yield found.start(), found[0]


def _blank(found: re.Match[str]) -> str:
    return "\n".join([" " * len(line) for line in found[0].split("\n")])

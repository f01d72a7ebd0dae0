"""Compiles src/newsgen/content/background.txt: how rare the commoner words of English are.

background.py [CORPORA]     counted over the posts of digital.gov and 18F (../shared/corpora, public domain)

Line N, from 0 on, holds the words of level N: a word of level N+1 stands in 0.7 times as many texts as one of level N,
and those of level 0 in an eighth of all or more. What every newspaper says in every article is put there by hand, as
is the litter of the web, and names of the offices that wrote the posts are left out. Words that are not in the table
are rarer than all that are.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from math import log2
from pathlib import Path

SIZE = 4000
TARGET = Path(__file__).parents[1] / "src/newsgen/content/background.txt"
NEWS = """
monday tuesday wednesday thursday friday saturday sunday january february march april june july
august september october november december week weeks month months year years day days morning
afternoon evening night today yesterday tomorrow said says say saying told tell tells asked asking
added adding called calling according reported report reports reporter reporters news newspaper
article articles story stories spokesman spokeswoman spokesperson statement statements interview
source sources official officials expert experts series species people person man men woman women family families
child children city cities town towns country countries nation national state states government
governments minister ministers ministry president company companies business businesses firm firms
industry market markets percent per cent million millions billion billions hundred hundreds thousand
thousands number numbers half third quarter first second third last next early late earlier later mr
mrs ms dr sir near north south east west northern southern eastern western world international local
public police court group groups leader leaders head chief director member members including since
until while among between against without want wanted made make makes making take takes took taken
taking come comes came coming went going gone give gives gave given left right long short high
higher low lower big bigger large larger small smaller old older young younger new newer good better
best bad worse worst great little much many more most less least few several another other others
same different own still already ever never always often sometimes again also even just only really
very rather quite almost nearly about around called known named such then than that they thing
things think thought time times way ways work works worked working
""".split()
LITTER = """
https http www html com org gov net img src href div span class pdf png jpg github youtube twitter facebook
""".split()
OFFICES = frozenset("gsa digitalgov usagov whitehouse fedramp plainlanguage uswds dap pra nara omb".split())


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[2] / "shared/corpora")
    counts: Counter[str] = Counter()
    texts = [
        path.read_text("utf-8", errors="replace") for path in sorted(folder.rglob("*.md")) if path.stem != "README"
    ]
    for text in texts:
        prose = re.sub(r"\]\([^)]*\)|https?://\S+|<[^>]*>|\{[{%].*?[%}]\}|&#?\w+;", " ", text.split("\n---\n", 1)[-1])
        counts.update(set(re.findall(r"[a-z]{3,}", prose.lower())))
    common = [word for word, _ in counts.most_common(SIZE + len(OFFICES)) if word not in OFFICES][:SIZE]
    levels: dict[int, list[str]] = {}
    for word in sorted({*common, *NEWS, *LITTER}):
        level = 0 if word in NEWS or word in LITTER else max(0, int(2 * log2(len(texts) / counts[word])) - 5)
        levels.setdefault(level, []).append(word)
    TARGET.write_text("".join(" ".join(levels[level]) + "\n" for level in sorted(levels)), "utf-8")
    summary = {level: len(words) for level, words in sorted(levels.items())}
    sys.stdout.write(f"{summary} {TARGET.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()

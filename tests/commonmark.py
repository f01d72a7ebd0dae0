"""CommonMark to HTML by newsgen's own Markdown without its extras, for checks by the specification.

From stdin to stdout; or again and again from one named pipe to another, so that hundreds of examples need one process.
"""

import sys
from pathlib import Path

from newsgen.content.markdown import commonmark


def answered(asked: bytes) -> bytes:
    return commonmark(asked.decode()).encode()


if len(sys.argv) == 1:
    sys.stdout.buffer.write(answered(sys.stdin.buffer.read()))
while len(sys.argv) == 3:
    Path(sys.argv[2]).write_bytes(answered(Path(sys.argv[1]).read_bytes()))

"""CommonMark on stdin, HTML on stdout, by newsgen's own Markdown without its extras: for checks by the specification."""

import sys

from newsgen.content.markdown import commonmark

sys.stdin.reconfigure(encoding="utf-8", newline="")  # pyright: ignore[reportAttributeAccessIssue]
sys.stdout.reconfigure(encoding="utf-8", newline="")  # pyright: ignore[reportAttributeAccessIssue]
sys.stdout.write(commonmark(sys.stdin.read()))

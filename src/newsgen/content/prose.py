"""The fast path: news prose (paragraphs, headings, quotations, flat lists, links, emphasis) without the full parser.

A text is cut at its blank lines. A part that is plain prose is read here, exactly as the full parser would; what may be
more goes to the full parser, and so does the whole text where one part can reach into another. It declines on sight
of any sign that could mean more than itself: its rules are about what plain prose is, never about Markdown's corners.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

# Signs by which one part of a text can change what another means (raw HTML, footnotes), and what divides words or lines
# beside blanks and "\n". (To look for one character costs a twentieth of what two or a pattern cost.)
_REACHES: Final = (*"<^\r\x0b\x0c\x1c\x1d\x1e\x1f",)
# Signs that may begin code, escapes, tables or deletions; and two that may begin emphasis or an entity.
_MORE: Final = (*"`\\|~\t",)
_DOUBTS: Final = (*_MORE, "_", "&")
_ENTITY: Final = re.compile(r"&#?\w+;")
_UNDERSCORE: Final = re.compile(r"_(?:(?<![^\W_]_)|(?![^\W_]))")
# Beginnings of a line that make it a list, a quote, a rule, a heading, a definition or an underline of a heading.
_SIGN: Final = r"[>=:+#-]|\*(?:[ *]*$| )|\d{1,9}[.)](?: |$)"
_BLOCK: Final = re.compile(_SIGN, re.M)
_INNER_BLOCK: Final = re.compile(rf"\n(?:(?<=\s\n)|\s|{_SIGN})", re.M)
_HEADING_LINE: Final = re.compile(r"(?:^|\n)(#.*)(?:\n|$)")
_HEADING: Final = re.compile(r"(#{1,6}) +(\S(?:.*\S)?)")
_LISTED: Final = re.compile(r"^ *(?:[-+*]|\d{1,9}[.)])", re.M)
_ITEM: Final = re.compile(r"(?:([-+*])|(\d{1,9})([.)])) (.+)")
_RULES: Final = ("---", "***", "* * *")
# The patterns below read escaped text: every "<" is a tag's. Each begins with a literal, for which re searches fast.
# A run of one or two asterisks that can open emphasis, and the next one, which can close it: at a blank or the end of
# the block, or beside a sign (caught, for it then divides a word). No brackets are torn apart.
_EMPHASIS: Final = re.compile(
    r"\*(?:(?<![^ \n]\*)|(?<=([(“‘„«¿¡\"'—–/;-])\*))(\*?)(?=[^\s*])((?:[^*\[\]]++|\[[^*\[\]]++\])++)\*\2"
    r"(?:(?<=[^\s*]\*)|(?<=[^\s*]\*\*))(?:(?![^ \n])|(?=([.,;:!?)”’»…—–/&'-])))"
)
_SAFE: Final = r"[A-Za-z0-9/._~!$,=:@+-]*+(?:(?:&amp;|%[0-9A-Fa-f]{2})[A-Za-z0-9/._~!$,=:@+-]*+)*+"
# A link to a URL that is written as it is, or to any other; or words in brackets that are none.
_BRACKETS: Final = re.compile(
    rf"\[(?!\s)([^\[\]]++)(?<!\s)\](?:\((?:(https?://[a-z0-9.-]+(?:/{_SAFE}(?:\?{_SAFE})?(?:#{_SAFE})?)?)"
    r"|([^\s()<\"'\[\]]+))\)(?!\[)|(?![(\[]))"
)
_TAG: Final = re.compile(r"<[^>]*>")

_Urls = tuple[tuple[str, int, int], ...]
_Part = tuple[int, int, str]


class Block(msgspec.Struct, frozen=True, gc=False):
    """Some lines of a text, from `line` (counted from 0) to before `end`, and their HTML; None: they may be more.

    `level` and `text` are a heading's, whose HTML has no tag of its own yet. Each "<a>" in `html` still
    lacks its address: `urls` has them as written, each with the lines of its paragraph.
    """

    line: int
    end: int
    html: str | None = None
    words: int = 0
    level: int = 0
    text: str = ""
    urls: _Urls = ()


class _DeclinedError(Exception):
    """The part may be more than plain prose."""


def escaped(text: str) -> str:
    """Text as HTML, with the four characters escaped that the full parser escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def blocks(text: str) -> list[Block]:
    """The blocks of `text`, which has no NUL; one, without HTML, where its parts can reach into one another.

    Neighbours that may be more are one block: a list may go on from one part to the next.
    """
    parts = _parts(text)
    if parts is None:
        return [Block(0, text.count("\n") + 1)]
    doubt = any(sign in text for sign in _DOUBTS)
    found: list[Block] = []
    for index, (line, end, part) in enumerate(parts):
        try:
            if doubt:
                _plain(part)
            if end == line + 1 and part[0].isalpha() and not part[-1].isspace():  # nearly all are
                html, words, urls = _inline(part, line, end)
                found.append(Block(line, end, f"<p>{html}</p>\n", words, 0, "", urls))
            else:
                found += _signed(parts, index)
        except _DeclinedError:
            if found and found[-1].html is None:
                line = found.pop().line
            found.append(Block(line, end))
    return found


def _parts(text: str) -> list[_Part] | None:
    """The runs of lines between blank ones, each with its first line and the one after; None where one reaches on."""
    for sign in _REACHES:
        if sign in text:
            return None
    if ("`" in text and "```" in text) or ("~" in text and "~~~" in text):
        return None
    found: list[_Part] = []
    start, lines = 0, text.split("\n")
    lines.append("")
    for number, line in enumerate(lines):
        if line:
            if line[0] not in " \t:~":
                continue
            if bare := line.strip(" \t"):
                if bare[0] in ":~":
                    return None
                continue
        if start < number:
            part = lines[start] if number == start + 1 else "\n".join(lines[start:number])
            if "]" in part and "]:" in part:
                return None
            found.append((start, number, part))
        start = number + 1
    return found


def _plain(part: str) -> None:
    if any(sign in part for sign in _MORE) or _UNDERSCORE.search(part) or _ENTITY.search(part):
        raise _DeclinedError


def _signed(parts: list[_Part], index: int) -> list[Block]:
    """The blocks of a part that begins with a sign or holds headings."""
    line, end, part = parts[index]
    if part in _RULES:
        return [Block(line, end, "<hr />\n")]
    if part[0] == "#" or "\n#" in part:
        return _headed(part, line)
    if part[0] == ">":
        return [_quote(part, line, end)]
    if not _BLOCK.match(part):
        return [_paragraph(part, line, end)]
    before, after = parts[index - 1][2] if index else "", parts[index + 1][2] if index + 1 < len(parts) else ""
    if before[:1] in (" ", "\t") or after[:1] in (" ", "\t") or _LISTED.search(before) or _LISTED.match(after):
        raise _DeclinedError  # the list may be open before the part, or go on after it
    return [_list(part, line, end)]


def _headed(part: str, line: int) -> list[Block]:
    """Headings, and the paragraphs between them."""
    found: list[Block] = []
    for lines in _HEADING_LINE.split(part):
        if lines:
            end = line + lines.count("\n") + 1
            found.append(_heading(lines, line) if lines[0] == "#" else _paragraph(lines, line, end))
            line = end
    return found


def _heading(raw: str, line: int) -> Block:
    heading = _HEADING.fullmatch(raw)
    if heading is None or heading[2].endswith("#"):
        raise _DeclinedError
    text = heading[2]
    html, words, urls = _inline(text, line, line + 1)
    if "*" in text or "[" in text:
        text = _unescaped(_TAG.sub("", html)).strip()
    return Block(line, line + 1, html, words, len(heading[1]), text, urls)


def _paragraph(raw: str, line: int, end: int) -> Block:
    html, words, urls = _lines(raw, line, end)
    return Block(line, end, f"<p>{html}</p>\n", words, 0, "", urls)


def _quote(part: str, line: int, end: int) -> Block:
    """A quotation of paragraphs, each of its lines marked."""
    html, words, start = "", 0, line
    urls: _Urls = ()
    for raw in part.split("\n>\n"):
        lines = raw.split("\n")
        if not all(one.startswith("> ") for one in lines):
            raise _DeclinedError
        inner, more, ours = _lines("\n".join([one[2:] for one in lines]), start, start + len(lines))
        html, words, urls = f"{html}<p>{inner}</p>\n", words + more, urls + ours
        start += len(lines) + 1
    return Block(line, end, f"<blockquote>\n{html}</blockquote>\n", words, 0, "", urls)


def _list(part: str, line: int, end: int) -> Block:
    """A list of items of one line each."""
    html, words, begin, kind = "", 0, "", None
    urls: _Urls = ()
    for number, one in enumerate(part.split("\n"), line):
        item = _ITEM.fullmatch(one)
        if item is None or item.group(1, 3) != (kind or item.group(1, 3)):
            raise _DeclinedError
        if kind is None:
            kind = item.group(1, 3)
            first = int(item[2] or 1)
            begin = "<ul>" if item[1] else "<ol>" if first == 1 else f'<ol start="{first}">'
        inner, more, ours = _lines(item[4], number, number + 1)
        html, words, urls = f"{html}<li>{inner}</li>\n", words + more, urls + ours
    return Block(line, end, f"{begin}\n{html}</{begin[1:3]}>\n", words, 0, "", urls)


def _lines(raw: str, line: int, end: int) -> tuple[str, int, _Urls]:
    """HTML, words and links of the lines of one paragraph."""
    if raw.strip() != raw or not raw or _BLOCK.match(raw) or (end > line + 1 and _INNER_BLOCK.search(raw)):
        raise _DeclinedError
    return _inline(raw, line, end)


def _inline(raw: str, line: int, end: int) -> tuple[str, int, _Urls]:
    even = "  " not in raw and (raw.isascii() or raw.isprintable())
    words = raw.count(" ") + end - line if even else len(raw.split())
    html = escaped(raw) if ">" in raw or "&" in raw or '"' in raw else raw
    urls: _Urls = ()
    if "*" in raw:
        html, divided = _emphasised(html)
        words += divided
    if "[" in raw or "]" in raw:
        html, divided, urls = _linked(html, line, end)
        words += divided
    return html, words, urls


def _emphasised(html: str) -> tuple[str, int]:
    """`html` with its emphasis, and how many words that divides."""
    divided = 0
    pieces = _EMPHASIS.split(html)  # text, the pattern's four groups, text, ...
    for at in range(1, len(pieces), 5):
        divided += (pieces[at] is not None) + (pieces[at + 3] is not None)
        tag = "strong>" if pieces[at + 1] else "em>"
        pieces[at], pieces[at + 1], pieces[at + 3] = "<", tag, "</" + tag
    html = "".join(pieces)
    if "*" in html:
        raise _DeclinedError
    return html, divided


def _linked(html: str, line: int, end: int) -> tuple[str, int, _Urls]:
    """`html` with its links, how many words they divide, and the links whose URLs are not settled yet."""
    found: list[str] = []
    urls: _Urls = ()
    at = divided = brackets = 0
    for one in _BRACKETS.finditer(html):
        text, url, other = one.groups()
        brackets += 1
        if url is None and other is None:
            continue
        start, stop = one.span()
        if url is None:
            urls += ((_unescaped(other), line, end),)
        found.append(f"{html[at:start]}<a>{text}</a>" if other else f'{html[at:start]}<a href="{url}">{text}</a>')
        divided += not html[start - 1 : start].isspace() and html[start - 1 : start] not in ("", ">")
        divided += not html[stop : stop + 1].isspace() and html[stop : stop + 1] not in ("", "<")
        at = stop
    if html.count("]") != brackets or "![" in html:  # a "[" that nothing closes is only itself
        raise _DeclinedError
    return "".join(found) + html[at:], divided, urls


def _unescaped(html: str) -> str:
    return html.replace("&quot;", '"').replace("&gt;", ">").replace("&amp;", "&")

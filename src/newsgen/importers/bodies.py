"""Bodies in the Markdown of other generators: what newsgen reads otherwise becomes its equivalent."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Final

from newsgen.content import directives
from newsgen.content.markdown import TAGS
from newsgen.importers.boilerplate import noted
from newsgen.importers.shortcodes import Converted, Line, Surroundings, code_ranges, converted, in_html, within

KRAMDOWN: Final = ("jekyll", "markdown")
PYTHON: Final = ("pelican", "nikola")  # which use Python-Markdown
LINKING: Final = ("hugo",)  # which make links of bare addresses

_FENCE = re.compile(r"\s*(?:>\s*)*(`{3,}|~{3,})")
_ATTRIBUTES = re.compile(r"\{:(?:\s|(?=[.#\w]))[^{}\n]*\}|\{:toc\}")
_ALONE = re.compile(r"\s*\{:[^{}\n]*\}\s*")
_ANCHOR = re.compile(r"[ \t]*\{:?\s*(?:#([\w:.-]+)[^{}\n]*|\.[^{}\n]*)\}[ \t]*(?=#*[ \t]*$)")
_HEADING = re.compile(r"( {0,3}#{1,6}[ \t]+)(.*)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_EXTENSION = re.compile(r"\s*\{:?(?:::|:/)[^{}\n]*\}\s*")
_CONTENTS = re.compile(r"\s*(?:\[TOC\]|\[\[_?TOC_?\]\]|\$\{toc\})\s*", re.I)
_CLOSE_HEADING = re.compile(r"#{1,6}(?=[^\s#!\d])")
_ALERT = re.compile(r"( {0,3}> ?)\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*$", re.I)
_TASK = re.compile(r"(\s*(?:[-*+]|\d+[.)])[ \t]+)\[([ xX])\](?=[ \t])")
_ADMONITION = re.compile(r"!!!\s+[\w-]+(?:\s+[\w-]+)*(?:\s+\"([^\"]*)\")?\s*")
_ABBREVIATION = re.compile(r" {0,3}\*\[[^\]]+\]:")
_MATH = re.compile(r"(?<!\\)\$\$.+?\$\$|^\$\$\s*$|\\\\\(.+?\\\\\)")
_PARSED = re.compile(r"\s+markdown=[\"']?(?:1|block|span)[\"']?")
_CODE_LANGUAGE = re.compile(r"(?: {4}|\t)(?::::|#!)(\w[\w+-]*)\s*")
_BARE = re.compile(r"(?<![\w\"'(<\[=/\]>@:.-])https?://[^\s<>\[\]()\"'`|*]+[^\s<>\[\]()\"'`|*.,;:!?_]")
_REMOVED = re.compile(r"<([A-Za-z][\w-]*)(?=[\s/>])")
_AN_ADDRESS = re.compile(r"<a\b.*?</a>|<[^<>]*>|\[[^\[\]]*\]\([^()]*\)|^\s*\[[^\]]+\]:.*", re.S | re.M)
_LINKED = re.compile(
    r"(!?\[(?:[^\[\]]|!\[[^\[\]]*\]\([^()]*\))*\]\(\s*<?)([^\s()<>]+)"
    r"|(<(?:a|img)\b[^<>]*?(?:href|src)=[\"'])([^\"']+)|(^ {0,3}\[[^\]]+\]:[ \t]*<?)([^\s<>]+)",
    re.M,
)


class Body:
    """A body that is converted line by line, after its tags."""

    def __init__(
        self, text: str, first_line: int, around: Surroundings, link: Callable[[str, bool], tuple[str, str]]
    ) -> None:
        found: Converted = converted(text, first_line, around)
        self.kind, self.link = around.kind, link
        self.lines, self.losses, self.cuts = found.lines, found.losses, found.cuts

    def result(self) -> str:
        self.lines = self._dialect()
        text = "\n".join(line.text for line in self.lines)
        code = code_ranges(text)
        numbers = [line.number for line in self.lines]
        starts, at = list[int](), 0
        for line in self.lines:
            starts.append(at)
            at += len(line.text) + 1
        return self._linked(text, code, starts, numbers)

    # ---- lines ----

    def _dialect(self) -> list[Line]:
        out: list[Line] = []
        fence = ""
        lines = self.lines
        skip = -1
        for index, line in enumerate(lines):
            if index <= skip:
                continue
            if found := _FENCE.match(line.text):
                if not fence:
                    fence = found[1]
                elif found[1].startswith(fence) and not line.text[found.end() :].strip():
                    fence = ""
                out.append(line)
                continue
            if fence or (line.made and not line.text.startswith("<")):
                out.append(line)
                continue
            if self.kind in PYTHON and (skip := self._block_of_python(out, index)) >= 0:
                continue
            following = lines[index + 1].text if index + 1 < len(lines) else ""
            out += self._line(out, line, following)
        return out

    def _line(self, out: list[Line], line: Line, following: str) -> list[Line]:
        text, number, _ = line
        if "{:" in text and self.kind in (*KRAMDOWN, *PYTHON):
            if _ALONE.fullmatch(text) or _EXTENSION.fullmatch(text):
                self._standing_alone(out, text, number)
                return []
            text = self._inline_attributes(text, number)
        if (heading := _HEADING.match(text)) or _UNDERLINE.fullmatch(following):
            text = self._anchored(text, number, heading.end(1) if heading else 0)
        if _CONTENTS.fullmatch(text):
            self.cuts.append(noted(number, text, "a table of contents"))
            return []
        if self.kind in PYTHON and _CLOSE_HEADING.match(text):
            text = _CLOSE_HEADING.sub(lambda found: f"{found[0]} ", text, count=1)
        if found := _ALERT.fullmatch(text):
            text = f"{found[1]}**{found[2].capitalize()}**\n{found[1].rstrip()}"
        if found := _TASK.match(text):
            checked = " checked" if found[2] != " " else ""
            text = f'{found[1]}<input type="checkbox" disabled{checked}>{text[found.end() :]}'
        bare = text.lstrip(" ")
        if bare.startswith("::") and len(text) - len(bare) < 4 and directives.read(bare, 1) is not None:
            text = text[: len(text) - len(bare)] + "\\" + bare
        if _ABBREVIATION.match(text):
            self.losses.append(noted(number, text, "an abbreviation, which newsgen has none of"))
        elif found := _MATH.search(text):
            self.losses.append(noted(number, found[0], "mathematics, which newsgen does not set"))
        made = [Line(text, number)]
        if "markdown=" in text and _PARSED.search(text):
            made = [Line(_PARSED.sub("", text), number), Line("", number)]
        return made

    def _standing_alone(self, out: list[Line], text: str, number: int) -> None:
        """Attributes on a line of their own: an anchor is kept, the rest is how the old site looked."""
        anchor = re.search(r"#([\w:.-]+)", text)
        above = next((n for n in range(len(out) - 1, -1, -1) if out[n].text.strip()), -1)
        if "toc" in text and above >= 0 and re.match(r"\s*(?:[-*+]|\d+\.)\s", out[above].text):
            self.cuts.append(noted(number, f"{out.pop(above).text} {text.strip()}", "a table of contents"))
        elif anchor and above >= 0 and (heading := _HEADING.match(out[above].text)):
            line = out[above]
            out[above] = line._replace(text=f'{heading[1]}<a id="{anchor[1]}"></a>{heading[2]}')
        else:
            self.cuts.append(noted(number, text.strip(), "attributes of the old site's looks"))

    def _inline_attributes(self, text: str, number: int) -> str:
        def cut(found: re.Match[str]) -> str:
            self.cuts.append(noted(number, found[0], "attributes of the old site's looks"))
            return ""

        if _ANCHOR.search(text) and (_HEADING.match(text)):
            return text  # that of a heading
        code = code_ranges(text)
        return _ATTRIBUTES.sub(lambda found: found[0] if within(found.start(), code) else cut(found), text)

    def _anchored(self, text: str, number: int, at: int) -> str:
        found = _ANCHOR.search(text)
        if not found:
            return text
        rest = text[: found.start()] + text[found.end() :]
        if found[1] is None or found[1] == re.sub(r"[^\w]+", "-", rest[at:].lower()).strip("-"):
            if found[1] is None:
                self.cuts.append(noted(number, found[0].strip(), "attributes of the old site's looks"))
            return rest
        return f'{rest[:at]}<a id="{escape(found[1])}"></a>{rest[at:]}'

    def _block_of_python(self, out: list[Line], index: int) -> int:
        """Python-Markdown's admonitions, and code whose first line names its language: the last line of it, else -1."""
        line = self.lines[index]
        admonition, language = _ADMONITION.fullmatch(line.text), _CODE_LANGUAGE.fullmatch(line.text)
        if not admonition and (not language or (out and out[-1].text.strip())):
            return -1
        end = index
        while end + 1 < len(self.lines) and (
            not (next_one := self.lines[end + 1].text).strip() or next_one.startswith(("    ", "\t"))
        ):
            end += 1
        while not self.lines[end].text.strip():
            end -= 1
        if end == index:
            return -1
        inner = [
            one._replace(text=re.sub(r"^(?: {4}|\t)", "", one.text), made=bool(language))
            for one in self.lines[index + 1 : end + 1]
        ]
        opening, closing = (
            (f":::facts[{admonition[1]}]" if admonition[1] else ":::facts", ":::")
            if admonition
            else (f"```{language[1] if language else ''}", "```")
        )
        out += [Line(opening, line.number, made=True), *inner, Line(closing, self.lines[end].number, made=True)]
        return end

    # ---- links ----

    def _linked(self, text: str, code: list[tuple[int, int]], starts: list[int], numbers: list[int]) -> str:
        """The text with its links led to where their targets are now, and bare addresses linked as the old site did."""
        from bisect import bisect_right

        def number(at: int) -> int:
            return numbers[bisect_right(starts, at) - 1]

        def link(found: re.Match[str]) -> str:
            if within(found.start(), code) and not found[0].startswith("[`"):
                return found[0]
            group = next(n for n in (1, 3, 5) if found[n] is not None)
            shown = found[group].startswith(("![", "<img"))
            url, why = self.link(found[group + 1], shown)
            if why:
                self.losses.append(noted(number(found.start(group + 1)), found[group + 1], why))
            return found[group] + url

        for found in _REMOVED.finditer(text):
            if found[1].lower() not in TAGS and not within(found.start(), code):
                self.losses.append(
                    noted(number(found.start()), f"<{found[1]}>", "an element that newsgen's safe HTML leaves out")
                )
        text = _LINKED.sub(link, text)
        if self.kind not in LINKING or "http" not in text:
            return text
        code, addresses = code_ranges(text), [found.span() for found in _AN_ADDRESS.finditer(text)]

        def linked(found: re.Match[str]) -> str:
            at = found.start()
            return found[0] if within(at, code) or within(at, addresses) or in_html(text, at) else f"<{found[0]}>"

        return _BARE.sub(linked, text)

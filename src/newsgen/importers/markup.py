"""HTML to the Markdown that newsgen renders the same: what has no equivalent here is told, with its line.

Inline HTML that Markdown has no sign for (sup, kbd, a table without a head) stays HTML, within what newsgen's safe
HTML lets pass. Pictures, films and frames become directives where they have a caption or are more than a picture.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape as html_escape
from typing import Final, Literal, NamedTuple
from urllib.parse import quote

import msgspec

from newsgen.importers import escape
from newsgen.importers.boilerplate import Cut, noted
from newsgen.importers.text import CONTROL
from newsgen.importers.tree import BLOCKS, Element, parsed

_EMPHASIS: Final = {"em": "*", "i": "*", "strong": "**", "b": "**"}
_KEPT: Final = frozenset(
    "sup sub mark kbd ins u abbr cite q small del s strike samp var dfn time bdo ruby rt rp".split()
)
_KEPT_ATTRIBUTES: Final = frozenset(
    "title lang dir cite datetime colspan rowspan scope headers align href src alt id value start".split()
)
_TABLE_PARTS: Final = frozenset("table caption colgroup col thead tbody tfoot tr td th".split())
_DROPPED: Final = {
    **dict.fromkeys(("head", "meta", "link", "base", "title", "style", "template", "noscript", "source", "track"), ""),
    "script": "a script",
    **dict.fromkeys(("form", "input", "button", "select", "textarea", "label", "fieldset"), "a form"),
    **dict.fromkeys(("object", "embed", "applet", "param"), "a plug-in"),
    **dict.fromkeys(("svg", "canvas", "math"), "a drawing in the page"),
}
_LAZY: Final = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "data-full-url")
_BREAKS = re.compile(r"[ \t]*\n\s*\n\s*|[ \t]*\n[ \t]*")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_UNSAFE = re.compile(r"[\s()<>\\\"`\x00-\x1f\x7f]")
_REFUSED = re.compile(r"(?i)[\x00-\x20]*(?:javascript|vbscript|data|file|about|blob)[\x00-\x20]*:")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_RULE = re.compile(r"[|:\-+=_*\s]+")
_LANGUAGE = re.compile(r"(?:^|\s)(?:lang(?:uage)?-|brush:\s*)([\w+#-]+)")


class Marked(msgspec.Struct, frozen=True):
    """Markdown; and of the HTML that it was made of: its first paragraph in plain words, what is left out or lost its
    meaning, which pictures it shows."""

    text: str
    lead: str = ""
    cuts: tuple[Cut, ...] = ()
    losses: tuple[Cut, ...] = ()
    images: tuple[str, ...] = ()


def markdown(html: str, first_line: int = 1, *, breaks: bool = False, link: Callable[[str], str] = str.strip) -> Marked:
    """The Markdown of a piece of HTML, whose first line is line `first_line` of its source.

    With `breaks` an empty line divides paragraphs and a line's end breaks the line, as in WordPress's classic editor.
    `link` gives the URL to write for one that is found.
    """
    writer = _Writer(link, breaks=breaks)
    text = CONTROL.sub("", "\n\n".join(writer.blocks(parsed(html, first_line).children)))
    return Marked(text, writer.lead, tuple(writer.cuts), tuple(writer.losses), tuple(dict.fromkeys(writer.images)))


def plain(html: str) -> str:
    """What a piece of HTML says, on one line."""
    return plain_text(parsed(html))


class _Token(NamedTuple):
    """A stretch of a line: text to be escaped, Markdown as it is, code, emphasis (of `mark` and tag), or a break."""

    kind: Literal["text", "markdown", "code", "emphasis", "break", "paragraph"]
    text: str
    mark: str = ""
    tag: str = ""


class _Writer:
    """Writes one piece of HTML; it notes what is lost on the way."""

    def __init__(self, link: Callable[[str], str], *, breaks: bool) -> None:
        self.link, self.breaks, self.linked = link, breaks, False
        self.lead = ""
        self.cuts: list[Cut] = []
        self.losses: list[Cut] = []
        self.images: list[str] = []

    # ---- blocks ----

    def blocks(self, children: Sequence[Element | str]) -> list[str]:
        """The blocks of Markdown of what a container holds."""
        found: list[str] = []
        inline: list[Element | str] = []
        for child in children:
            if isinstance(child, Element) and (child.tag in BLOCKS or _holds_block(child)):
                found += self._paragraphs(inline)
                inline = []
                found += _apart(found, self._block(child))
            else:
                inline.append(child)
        return found + self._paragraphs(inline)

    def _paragraphs(self, children: Sequence[Element | str]) -> list[str]:
        found: list[list[_Token]] = [[]]
        if not self.lead:
            said = Element("", 0, {}, [*children]).text()
            parts = re.split(r"\n\s*\n", said) if self.breaks else [said]
            self.lead = next((" ".join(part.split()) for part in parts if re.search(r"\w", part)), "")
        for token in self._tokens(children):
            if token.kind == "paragraph":
                found.append([])
            else:
                found[-1].append(token)
        return [text for one in found if (text := _lines(one))]

    def _block(self, element: Element) -> list[str]:
        tag = element.tag
        if tag in _DROPPED:
            return self._dropped(element)
        if made := getattr(self, f"_{'heading' if re.fullmatch('h[1-6]', tag) else tag}", None):
            return made(element)
        if tag not in BLOCKS and tag not in ("", "span", "font"):  # inline around blocks: it goes around what they hold
            return [text for child in element.children for text in self.blocks([_within(element, child)])]
        return self.blocks(element.children)

    def _dropped(self, element: Element) -> list[str]:
        if what := _DROPPED[element.tag]:
            text = " ".join((element.get("src") or element.text()).split())
            self._note(self.cuts, element, text, what)
        return []

    def _note(self, where: list[Cut], element: Element, text: str, reason: str) -> None:
        where.append(noted(element.line, text, reason))

    def _heading(self, element: Element) -> list[str]:
        text = re.sub(r"(#+)$", r"\\\1", self.line(element.children))
        return [f"{'#' * int(element.tag[1])} {text}"] if text else []

    def _blockquote(self, element: Element) -> list[str]:
        inner = "\n\n".join(self.blocks(element.children))
        return ["\n".join(f"> {line}".rstrip() for line in inner.split("\n"))] if inner else []

    def _hr(self, element: Element) -> list[str]:
        return ["***"]

    def _pre(self, element: Element) -> list[str]:
        code = element.find("code") or element
        text = element.text().strip("\n").replace("\xa0", " ")
        known = _LANGUAGE.search(f"{element.get('class')} {code.get('class')} {element.get('lang')}")
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
        return [f"{fence}{known[1] if known else ''}\n{text}\n{fence}"] if text.strip() else []

    def _ul(self, element: Element) -> list[str]:
        start = int(element.get("start") or 1) if re.fullmatch(r"\d{1,8}|", element.get("start")) else 1
        items: list[list[str]] = []
        for child in element.children:
            if isinstance(child, Element) and child.tag == "li":
                items.append(self.blocks(child.children) or [""])
            elif isinstance(child, Element) and child.tag in ("ul", "ol") and items:
                items[-1] += self.blocks([child])
            else:
                items += [[text] for text in self.blocks([child])]
        tight = all(len(item) == 1 or (len(item) == 2 and _is_list(item[1])) for item in items)
        written: list[str] = []
        for number, item in enumerate(items, start):
            marker = f"{number}. " if element.tag == "ol" else "- "
            inner = ("\n" if tight else "\n\n").join(item)
            lines = inner.split("\n")
            rest = [f"{' ' * len(marker)}{line}" if line else "" for line in lines[1:]]
            written.append("\n".join([f"{marker}{lines[0]}".rstrip(), *rest]))
        return [("\n" if tight else "\n\n").join(written)] if written else []

    _ol = _menu = _ul

    def _dl(self, element: Element) -> list[str]:
        written: list[str] = []
        parts = [one for one in element.walk() if one.tag in ("dt", "dd")]
        for part, before in zip(parts, [None, *parts], strict=False):
            if part.tag == "dt":
                gap = "\n" if before is not None and before.tag == "dd" else ""
                written.append(gap + self.line(part.children))
            elif inner := "\n\n".join(self.blocks(part.children)):
                written.append(":   " + "\n".join(f"    {line}" if line else "" for line in inner.split("\n"))[4:])
        return ["\n".join(written)] if "dd" in {part.tag for part in parts} and parts[0].tag == "dt" else written

    def _details(self, element: Element) -> list[str]:
        summary = element.find("summary")
        head = html_escape(" ".join(summary.text().split()), quote=False) if summary else ""
        rest = [child for child in element.children if child is not summary]
        return [f"<details><summary>{head}</summary>", *self.blocks(rest), "</details>"]

    def _table(self, element: Element, caption: str = "") -> list[str]:
        named = element.find("caption")
        caption = caption or (self.line(named.children) if named else "")
        table = self._pipes(element) or self._raw(element).strip()
        if not table:
            return []
        return [_directive("table", caption, [table])] if caption and table.startswith("|") else _with(caption, [table])

    def _pipes(self, element: Element) -> str:
        """The table in Markdown; empty where it has no head, or cells that Markdown cannot write."""
        rows = [
            [cell for cell in row.elements() if cell.tag in ("td", "th")] for row in element.walk() if row.tag == "tr"
        ]
        rows = [row for row in rows if row]
        head = bool(rows) and all(cell.tag == "th" for cell in rows[0])
        thead = element.find("thead")
        spans = any(cell.get(key) not in ("", "1") for row in rows for cell in row for key in ("colspan", "rowspan"))
        complex = any(
            one.tag in BLOCKS and one.tag not in ("p", "div") for row in rows for cell in row for one in cell.walk()
        )
        if not (head or (thead and thead.find("tr"))) or spans or complex or len({len(row) for row in rows}) != 1:
            return ""
        written = [[self.line(cell.children, cell=True).replace("|", "\\|") for cell in row] for row in rows]
        ruled = [{"right": "---:", "center": ":---:"}.get(cell.get("align"), "---") for cell in rows[-1]]
        return "\n".join(f"| {' | '.join(row)} |" for row in (written[0], ruled, *written[1:]))

    def _raw(self, element: Element | str) -> str:
        """What newsgen's safe HTML lets pass, as HTML on lines without a gap."""
        if isinstance(element, str):
            return html_escape(_SPACES.sub(" ", element), quote=False)
        if element.tag == "!" or element.tag in _DROPPED:
            _ = element.tag in _DROPPED and self._dropped(element)
            return ""
        inner = "".join(self._raw(child) for child in element.children)
        known = element.tag in _TABLE_PARTS or element.tag in _KEPT or element.tag in _EMPHASIS
        if not known and element.tag not in ("a", "img", "br", "p", "ul", "ol", "li", "code", "pre"):
            return inner
        if element.tag == "img":
            self.images.append(self.url(element.get("src")))
        kept = [
            f' {name}="{html_escape(self.url(value) if name in ("href", "src") else value)}"'
            for name, value in element.attributes.items()
            if name in _KEPT_ATTRIBUTES and not (name in ("href", "src") and _REFUSED.match(value))
        ]
        line = "\n" if element.tag in ("table", "tr", "thead", "tbody") else ""
        opened = f"<{element.tag}{''.join(kept)}>"
        if element.tag in ("br", "img", "col"):
            return opened
        return f"{opened}{line}{inner.strip()}{line if element.tag != 'tr' else ''}</{element.tag}>{line}"

    # ---- pictures, films, frames ----

    def _figure(self, element: Element) -> list[str]:
        own = next((child for child in element.elements() if child.tag == "figcaption"), None)
        named = own or (None if element.find("figure") else element.find("figcaption"))
        caption = self.line(named.children) if named else ""
        inner = _without(element, named)
        shown = [one for one in inner.walk() if one.tag in ("img", "iframe", "video", "audio", "table", "blockquote")]
        kinds = {one.tag for one in shown}
        first = shown[0] if shown else inner
        text = plain_text(inner)
        if kinds == {"table"}:
            return self._table(first, caption)
        if len(shown) == 1 and first.tag in ("iframe", "video", "audio"):
            return self._block(first) if not caption else self._titled(first, caption)
        if element.has_class("wp-block-embed") and re.fullmatch(r"https?://\S+", text):
            return _with(caption, [self._framed(text, "")])
        if element.has_class("wp-block-pullquote") and first.tag == "blockquote":
            cite = first.find("cite")
            body = self.blocks(_without(first, cite).children)
            return [_directive("pullquote", caption or (self.line(cite.children) if cite else ""), body)]
        captions = " ".join(plain_text(one) for one in inner.walk() if one.tag == "figcaption")
        several = len(shown) > 1 or element.has_class("wp-block-gallery", "gallery")
        if kinds == {"img"} and text == captions.strip() and several:
            return self._gallery(inner, caption)
        blocks = self.blocks(inner.children)
        if kinds == {"img"} and caption and not text and blocks:
            return [_directive("figure", caption, blocks)]
        return _with(caption, blocks)

    def _gallery(self, element: Element, caption: str) -> list[str]:
        shown = [self._image(image, plain_text(named) if named else "") for image, named in _pictures(element)]
        images = "\n".join(filter(None, shown))
        return [_directive("gallery", caption, [images])] if images else []

    def _titled(self, element: Element, caption: str) -> list[str]:
        made = self._block(element)
        return made if made and made[0].startswith("::") and f"[{caption}]" in made[0] else _with(caption, made)

    def _iframe(self, element: Element) -> list[str]:
        src = element.get("src") or next((element.get(name) for name in _LAZY if element.get(name)), "")
        if src.startswith("//"):
            src = f"https:{src}"
        if not re.match(r"https?://", src):
            self._note(self.cuts, element, src or element.text(), "a frame")
            return []
        return [self._framed(src, element.get("title"))]

    def _framed(self, url: str, title: str) -> str:
        return f"::embed[{_address(url)}]{_braces({'title': title})}"

    def _video(self, element: Element) -> list[str]:
        source = element.find("source")
        src = element.get("src") or (source.get("src") if source else "")
        if not src or _REFUSED.match(src):
            self._note(self.cuts, element, src or element.text(), f"{element.tag} without a file")
            return []
        track = next((one for one in element.walk() if one.tag == "track"), None)
        poster, captions = element.get("poster"), track.get("src") if track else ""
        found = {"src": src, "poster": poster, "captions": captions if element.tag == "video" else ""}
        title = escape.inline(" ".join((element.get("title") or element.get("aria-label")).split()))
        told = {key: value and self.url(value) for key, value in found.items()}
        return [f"::{element.tag}{_label(title)}{_braces(told)}"]

    _audio = _video

    def _image(self, element: Element, title: str = "") -> str:
        src = element.get("src")
        if not src or _REFUSED.match(src):
            src = next((element.get(name) for name in _LAZY if element.get(name)), "")
        src = src or element.get("srcset").split(",")[0].strip().split(" ")[0]
        alt = " ".join(element.get("alt").split())
        if element.has_class("wp-smiley", "emoji"):
            return escape.inline(alt)
        if not src or _REFUSED.match(src):
            self._note(self.cuts, element, alt or "without a source", "a picture inside the page")
            return ""
        if {element.get("width"), element.get("height")} & {"0", "1"}:
            self._note(self.cuts, element, src, "a counting pixel")
            return ""
        self.images.append(self.url(src))
        title = title or " ".join(element.get("title").split())
        named = "" if title in ("", alt) else ' "{}"'.format(title.replace("\\", "\\\\").replace('"', '\\"'))
        return f"![{_bracketed(alt)}]({_address(self.url(src))}{named})"

    # ---- within a line ----

    def line(self, children: Iterable[Element | str], *, cell: bool = False) -> str:
        """What children say on one line: a heading, a caption, a cell of a table."""
        gaps = {"break": _Token("markdown", "<br>") if cell else _Token("text", " "), "paragraph": _Token("text", " ")}
        return _joined(gaps.get(token.kind, token) for token in self._tokens(children)).strip()

    def _tokens(self, children: Iterable[Element | str]) -> list[_Token]:
        found: list[_Token] = []
        for child in children:
            found += self._written(child) if isinstance(child, str) else self._inline(child)
        return found

    def _written(self, text: str) -> list[_Token]:
        if self.linked and re.search(r"[\[\]]", text):  # they would end the text of the link
            parts = re.split(r"([\[\]])", text)
            signs = {"[": _Token("markdown", "\\["), "]": _Token("markdown", "\\]")}
            return [token for part in parts for token in ([signs[part]] if part in signs else self._written(part))]
        if not self.breaks:
            return [_Token("text", _SPACES.sub(" ", text))]
        found: list[_Token] = []
        at = 0
        text = text.replace("\r\n", "\n")
        for gap in _BREAKS.finditer(text):
            found.append(_Token("text", _SPACES.sub(" ", text[at : gap.start()])))
            found.append(_Token("paragraph" if gap[0].count("\n") > 1 else "break", ""))
            at = gap.end()
        return [*found, _Token("text", _SPACES.sub(" ", text[at:]))]

    def _inline(self, element: Element) -> list[_Token]:
        tag = element.tag
        if tag == "!":
            return []
        if tag in _DROPPED:
            self._dropped(element)
            return []
        if tag == "br":
            return [_Token("break", "")]
        if tag == "img":
            return [_Token("markdown", image)] if (image := self._image(element)) else []
        if tag in ("code", "tt"):
            return [_Token("code", _SPACES.sub(" ", element.text()))] if element.text().strip() else []
        if tag == "sup" and re.fullmatch(r"\d+", element.get("data-fn")):
            return [_Token("markdown", f"[^{element.get('data-fn')}]")]
        if tag == "a":
            return self._anchor(element)
        inner = self._tokens(element.children)
        if tag in _KEPT and (text := _joined(inner, ">")):
            kept = "".join(
                f' {name}="{html_escape(element.attributes[name])}"'
                for name in ("title", "lang", "dir", "datetime")
                if element.get(name)
            )
            return [_Token("markdown", f"<{tag}{kept}>{text}</{tag}>")]
        return _emphasised(tag, inner) if tag in _EMPHASIS else inner

    def _anchor(self, element: Element) -> list[_Token]:
        href = element.get("href")
        self.linked = bool(href)
        inner = self._tokens(element.children)
        self.linked = False
        text = _joined([_Token("break", "") if token.kind == "paragraph" else token for token in inner], "]")
        anchor = element.get("id") or element.get("name")
        before = [_Token("markdown", f'<a id="{html_escape(anchor)}"></a>')] if anchor and not href else []
        if not href or _REFUSED.match(href):
            if href:
                self._note(self.cuts, element, href, "a link of a scheme that is not allowed")
            return [*before, *inner]
        if not text.strip():
            return inner
        url = self.url(href)
        if url == " ".join(element.text().split()) and re.fullmatch(r"https?://[^\s<>\\]+", url):
            return [_Token("markdown", f"<{url}>")]
        edges = [_Token("text", " ")] if text[:1] == " " else [], [_Token("text", " ")] if text[-1:] == " " else []
        label = text.strip()
        title = " ".join(element.get("title").split())
        named = "" if not title else ' "{}"'.format(title.replace("\\", "\\\\").replace('"', '\\"'))
        return [*edges[0], _Token("markdown", f"[{label}]({_address(url)}{named})"), *edges[1]]

    def url(self, url: str) -> str:
        return self.link(url.strip())


def plain_text(element: Element) -> str:
    return " ".join(element.text().split())


def _pictures(element: Element) -> Iterator[tuple[Element, Element | None]]:
    """The pictures of a gallery, each with its own caption."""
    for child in element.elements():
        if child.tag == "img":
            yield child, None
        elif child.tag == "figure" and (image := child.find("img")):
            yield image, child.find("figcaption")
        else:
            yield from _pictures(child)


def _holds_block(element: Element) -> bool:
    return element.tag not in ("!", *_DROPPED) and any(one.tag in BLOCKS for one in element.walk())


def _within(around: Element, child: Element | str) -> Element | str:
    """`child` with the inline element `around` it moved into it, as far as it holds blocks."""
    if isinstance(child, str):
        return Element(around.tag, around.line, around.attributes, [child]) if child.strip() else child
    if child.tag in BLOCKS or _holds_block(child):
        if child.tag in ("iframe", "video", "audio", "hr", "pre", "table"):
            return child
        inner: list[Element | str] = [_within(around, one) for one in child.children]
        return Element(child.tag, child.line, child.attributes, inner)
    return Element(around.tag, around.line, around.attributes, [child])


def _without(element: Element, gone: Element | None) -> Element:
    """`element` without the element `gone` that it holds at any depth."""
    inner = [
        child if isinstance(child, str) else _without(child, gone) for child in element.children if child is not gone
    ]
    return Element(element.tag, element.line, element.attributes, inner)


def _apart(before: Sequence[str], made: list[str]) -> list[str]:
    """Blocks that follow others: a list right behind one of its kind takes another sign, so that they stay two."""
    if before and made and (sign := _list_sign(made[0])) and sign == _list_sign(before[-1]):
        return [
            re.sub(r"^-(?= |$)" if sign == "-" else r"^(\d+)\.", "*" if sign == "-" else r"\1)", made[0], flags=re.M),
            *made[1:],
        ]
    return made


def _list_sign(block: str) -> str:
    found = re.match(r"([-*])(?: |$)|\d{1,9}([.)])(?: |$)", block)
    return (found[1] or found[2]) if found and block != "***" else ""


def _is_list(block: str) -> bool:
    return bool(_list_sign(block))


def _with(caption: str, blocks: list[str]) -> list[str]:
    return [*blocks, escape.line(caption)] if caption else blocks


def _directive(name: str, label: str, blocks: list[str]) -> str:
    inner = "\n\n".join(blocks)
    colons = ":" * max(3, 1 + max((len(run) for run in re.findall(r"^\s*(:{3,})", inner, re.M)), default=0))
    return f"{colons}{name}{_label(label)}\n{inner}\n{colons}"


def _label(markdown: str) -> str:
    """A label of inline Markdown, where it can stand in brackets."""
    return f"[{markdown}]" if markdown else ""


def _braces(attributes: dict[str, str]) -> str:
    told = [f'{key}="{escape.attribute(value)}"' for key, value in attributes.items() if value]
    return f"{{{' '.join(told)}}}" if told else ""


def _code(text: str) -> str:
    text = text.replace("\xa0", " ")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _address(url: str) -> str:
    return _ENTITY.sub(
        "&amp;", _UNSAFE.sub(lambda found: quote(found[0], safe=""), url.replace("[", "%5B").replace("]", "%5D"))
    )


def _bracketed(text: str) -> str:
    return "".join(f"\\{part}" if part in ("[", "]") else escape.inline(part) for part in re.split(r"([\[\]])", text))


def _emphasised(tag: str, inner: list[_Token]) -> list[_Token]:
    """Emphasis, which ends with its paragraph and begins anew in the next."""
    found: list[_Token] = []
    start = 0
    for n in [n for n, token in enumerate(inner) if token.kind == "paragraph"]:
        found += [*_one_emphasis(tag, inner[start:n]), inner[n]]
        start = n + 1
    return [*found, *_one_emphasis(tag, inner[start:])]


def _one_emphasis(tag: str, inner: list[_Token]) -> list[_Token]:
    text = _joined(inner, ">")
    bare = text.strip(" \n")
    if not bare.strip("\\\n "):
        return inner
    ends = [_Token("text", " ")] if text[:1] == " " else [], [_Token("text", " ")] if text[-1:] == " " else []
    return [*ends[0], _Token("emphasis", bare, _EMPHASIS[tag], "em" if tag in ("em", "i") else "strong"), *ends[1]]


def _merged(tokens: Iterable[_Token]) -> list[_Token]:
    """Neighbouring texts as one, for a sign is read with what stands beside it."""
    found: list[_Token] = []
    for token in tokens:
        if token.kind == "text" and found and found[-1].kind == "text":
            found[-1] = _Token("text", found[-1].text + token.text)
        elif token.text or token.kind != "text":
            found.append(token)
    return found


def _joined(tokens: Iterable[_Token], around: str = "") -> str:
    """The Markdown of tokens, between signs that are as `around`, else alone in their line."""
    merged, written = _merged(tokens), ""
    for n, token in enumerate(merged):
        after = merged[n + 1] if n + 1 < len(merged) else _Token("text", around)
        following = "`" if after.kind == "code" else after.text[:1]
        if token.kind == "emphasis":
            written += _starred(token, written[-1:] or around, following)
        elif token.kind in ("break", "paragraph"):
            written = f"{written.rstrip(' ')}\\\n" if written.strip() else written
        elif token.kind == "code":
            written += f"<code>{_bracketed(token.text)}</code>" if written.endswith("`") else _code(token.text)
        elif token.kind == "text":
            text = _SPACES.sub(" ", token.text)
            text = text.lstrip(" ") if written[-1:] in (" ", "\n") else text
            written += escape.inline(text)
        else:
            bang = written.endswith("!") and token.text.startswith("[")
            written = f"{written[:-1]}\\!{token.text}" if bang else written + token.text
    return written


def _starred(token: _Token, before: str, after: str) -> str:
    """Emphasis by stars where CommonMark reads them as such between what stands around them, else by its tag."""
    text = token.text
    opens = _is_word(text[0]) or before == "" or before.isspace()
    closes = _is_word(text[-1]) or after == "" or after.isspace()
    if opens and closes and before != "*" and after != "*" and "*" not in text:
        return f"{token.mark}{text}{token.mark}"
    return f"<{token.tag}>{text}</{token.tag}>"


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN"


def _lines(tokens: Iterable[_Token]) -> str:
    """A paragraph: none of its lines begins a block."""
    text = _joined(tokens).strip(" \n")
    while text.endswith("\\") and (len(text) - len(text.rstrip("\\"))) % 2:
        text = text[:-1].rstrip(" \n")
    lines = [escape.line(line.strip(" ")) for line in text.split("\n")]
    return "\n".join(
        f"\\{line}" if n and _RULE.fullmatch(line) and line[0] not in "\\ " else line for n, line in enumerate(lines)
    )

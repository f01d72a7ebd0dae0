"""Shortcodes, Liquid tags and embedded HTML of other generators: their equivalents here, or they stay visible."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape, unescape
from typing import Final, NamedTuple

import msgspec

from newsgen.content.blocks import EMBEDDED
from newsgen.importers.boilerplate import Cut, noted
from newsgen.importers.escape import attribute

LIQUID: Final = ("jekyll", "eleventy", "markdown")
HUGO: Final = ("hugo", "nikola", "markdown")

_ARGUMENTS = 4000  # characters
_DEEPEST = 20
_NEAR = 400  # characters of a line that are looked at around a tag
_TOKEN = re.compile(
    rf"""
    \{{%-?\s*(?P<skip>raw|verbatim|comment)\s*-?%\}}
    | \{{\{{(?P<opened>[<%])/\*(?P<escaped>.{{0,{_ARGUMENTS}}}?)\*/(?P<closed>[>%])\}}\}}
    | \{{\{{(?P<sign>[<%])-?\s*(?P<close>/?)\s*(?P<name>[\w./-]*[\w.-])
        (?P<args>(?:(?!\{{\{{[<%]|[>%]\}}\}}).){{0,{_ARGUMENTS}}}?)\s*(?P<alone>/?)-?[>%]\}}\}}
    | \{{%-?\s*(?P<tag>[\w-]+)(?P<targs>(?:(?!\{{%|%\}}).){{0,{_ARGUMENTS}}}?)-?%\}}
    | \{{\{{-?(?P<out>(?:(?!\{{\{{|\}}\}}).){{1,500}}?)-?\}}\}}
    | <iframe\b(?P<iframe>[^>]{{0,2000}})>(?:(?!<iframe\b).){{0,500}}?</iframe\s*>
    | <(?P<dead>script|style)\b(?P<dead_args>[^>]{{0,2000}})>
    """,
    re.S | re.X,
)
_ARGUMENT = re.compile(
    r"(?:([\w-]+)\s*[=:]\s*)?(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'|`([^`]*)`|“([^”]*)”|([^\s,\"'=]+))", re.S
)
_FENCE = re.compile(r"^[ \t]*(`{3,}+|~{3,}+)[^\n]*+\n(?:.*?^[ \t]*\1[`~]*[ \t]*$|.*\Z)", re.S | re.M)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)\1(?!`)", re.S)
_HTML_BLOCK = re.compile(
    r"\s*(?:(?:[-*+]|\d{1,9}[.)])\s+)?</?(?:address|article|aside|blockquote|center|dd|details|div|dl|dt|figcaption|figure|footer"
    r"|form|h[1-6]|header|li|main|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)\b",
    re.I,
)
_IN_URL = re.compile(r"(?:\]\(\s*<?|=[\"']|^\s*\[[^\]]+\]:\s*)$")
_TAGS_ONLY = re.compile(r"(?:\s|</?(?:div|p|center|figure|span|section)\b[^<>]*>)*")
_PICTURE = re.compile(r"(?:^|-)(?:img|image|figure|fig|photo|picture|pic)(?:-|$)")
_BOX = re.compile(
    r"(?:^|-)(?:note|notice|tip|info|warning|alert|callout|admonition|box|important|caution|hint|danger|aside|sidebar|"
    r"card|panel|ring|accordion|featured)(?:-|$)"
)
_FILE = re.compile(r"\.[A-Za-z0-9]{2,5}(?:[?#].*)?$")
_LAYOUT: Final = frozenset("row column columns col center container grid wrapper lead rawhtml html nomarkdown".split())
_EMBEDS: Final[Mapping[str, str]] = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "instagram": "https://www.instagram.com/p/{}/",
    "gist": "https://gist.github.com/{}",
    "tweet": "https://twitter.com/{}",
    "twitter": "https://twitter.com/{}",
    "x": "https://x.com/{}",
}
_KEEPING: Final = frozenset(
    "relative_url absolute_url url escape escape_once xml_escape strip safe markdownify htmlBaseUrl".split()
)


class Surroundings(msgspec.Struct, frozen=True):
    """What the tags of a body may name: texts of its front matter, of the settings, and where other files are now.

    `page` gives the URL of a content file by the path or the name that a tag calls it by, `asset` that of a file; each
    None where there is none.
    """

    kind: str
    texts: Mapping[str, str]
    site: Mapping[str, str]
    page: Callable[[str], str | None]
    asset: Callable[[str], str | None]


class Line(NamedTuple):
    """A line of a body; `number` is that of its source in the file, `made` whether it was put there."""

    text: str
    number: int
    made: bool = False


class Piece(NamedTuple):
    """A stretch of a body, and the offset of its source."""

    text: str
    at: int
    made: bool = False


class Call(msgspec.Struct):
    """A shortcode or tag as it was written. `inner` is where what it holds stands in the text."""

    name: str
    positional: list[str]
    named: dict[str, str]
    source: str
    at: int
    inner: tuple[int, int] | None = None
    block: bool = False
    in_html: bool = False
    in_url: bool = False

    def take(self, *names: str) -> str:
        """The first of these arguments that says anything; all of them count as used."""
        found = [self.named.pop(name, "").strip() for name in names]
        return next((text for text in found if text), "")


HOLDS: Final = "\0"  # in what a call becomes: where what it holds goes


class Converted(msgspec.Struct):
    lines: list[Line]
    losses: list[Cut] = msgspec.field(default_factory=list[Cut])
    cuts: list[Cut] = msgspec.field(default_factory=list[Cut])


def converted(text: str, first_line: int, around: Surroundings) -> Converted:
    """The body with its tags turned into newsgen's words. `text` has LF line ends; its first line is `first_line`."""
    return _Conversion(text, first_line, around).result()


class _Conversion:
    def __init__(self, text: str, first_line: int, around: Surroundings) -> None:
        self.text, self.first_line, self.around = text, first_line, around
        self.out = Converted([])
        self.code = code_ranges(text)
        self.assigned: dict[str, str] = {}
        self.unknown: set[str] = set()
        self.endless: set[tuple[str, int]] = set()
        self.patience, self.depth = 200_000, 0  # tags that are looked at for what closes one; tags within one another
        self.line_starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def result(self) -> Converted:
        self.out.lines = self._lines(self.pieces(0, len(self.text)))
        return self.out

    def number(self, at: int) -> int:
        return bisect_right(self.line_starts, at) - 1 + self.first_line

    def _lines(self, pieces: Iterable[Piece]) -> list[Line]:
        lines = [Line("", self.first_line)]
        for text, at, made in pieces:
            number = self.number(at)
            for index, part in enumerate(text.split("\n")):
                here = number if made else number + index
                last = Line("", here) if index else lines.pop()
                joined = last.made or (made and (index > 0 or bool(part)))
                lines.append(Line(last.text + part, last.number if last.text else here, joined))
        return lines

    def pieces(self, start: int, end: int) -> list[Piece]:
        found: list[Piece] = []
        at = start
        while token := _TOKEN.search(self.text, at, end):
            became = self._became(token, end)
            if became is None:
                found.append(Piece(self.text[at : token.end()], at))
                at = token.end()
                continue
            pieces, after = became
            found += [Piece(self.text[at : token.start()], at), *pieces]
            at = after
        return [*found, Piece(self.text[at:end], at)]

    def _became(self, token: re.Match[str], end: int) -> tuple[list[Piece], int] | None:
        """What a token becomes, and the offset after it; None where it is text as it is."""
        kind = self.around.kind
        at, after = token.span()
        if token["skip"]:
            closing = self._end(rf"\{{%-?\s*end{token['skip']}\s*-?%\}}", after, end) if kind in LIQUID else None
            if closing is None:
                return None
            if token["skip"] == "comment":
                self.cut(at, self.text[at : closing.end()], "a comment of the old site's templates")
                return [Piece("", at, made=True)], closing.end()
            return [Piece(self.text[after : closing.start()], after)], closing.end()
        if token["opened"]:
            literal = f"{{{{{token['opened']}{token['escaped']}{token['closed']}}}}}"
            return ([Piece(literal, at, made=True)], after) if kind in HUGO else None
        if within(at, self.code):
            if token["iframe"] is None and not token["dead"] and self._is_live(token):
                self.lose(at, token[0], "a tag in code, which the old site may have run")
            return None
        if token["iframe"] is not None:
            return self._embedded(token)
        if token["dead"]:
            if (closing := self._end(rf"(?i)</{token['dead']}\s*>", after, end)) is None:
                return None
            why = f"<{token['dead']}>: newsgen's pages have none of an article's own"
            self.cut(at, self.text[at : closing.end()], why)
            gist = re.search(r"https://gist\.github\.com/[\w/-]+", token["dead_args"])
            return [Piece(f"\n\n::embed[{gist[0]}]\n\n" if gist else "", at, made=True)], closing.end()
        if token["out"]:
            return self._output(token)
        return self._called(token, end)

    def _end(self, pattern: str, at: int, end: int) -> re.Match[str] | None:
        """What closes something, from `at` on. Where nothing does, nothing will for what comes after it."""
        if (pattern, end) in self.endless:
            return None
        if (found := re.compile(pattern).search(self.text, at, end)) is None:
            self.endless.add((pattern, end))
        return found

    def _is_live(self, token: re.Match[str]) -> bool:
        kind = self.around.kind
        return kind in HUGO if token["sign"] else kind in LIQUID or kind == "zola"

    # ---- values ----

    def _output(self, token: re.Match[str]) -> tuple[list[Piece], int] | None:
        kind, text = self.around.kind, token["out"].strip()
        if kind == "zola" and (call := re.fullmatch(r"([\w:]+)\((.*)\)", text, re.S)):
            return self._made(self._call(call[1], call[2], token.start(), token.end()), token.end())
        if kind not in LIQUID:
            return None
        if embed := re.fullmatch(r"[\"'](https?:[^\"']+)[\"']\s*\|\s*embed(?:\s*:\s*[\"'](.*)[\"'])?", text, re.S):
            call = self._call("embed", "", token.start(), token.end())
            call.named = {"src": embed[1], "title": embed[2] or ""}
            return self._made(call, token.end())
        value = self._value(text, token.end())
        if value is None:
            self.lose(token.start(), token[0], "a value that only the old site's templates know")
            return None
        return [Piece(value, token.start(), made=True)], token.end()

    def _value(self, text: str, after: int = -1) -> str | None:
        name, *filters = (part.strip() for part in text.split("|"))
        if any(re.split(r"[\s:(]", one, maxsplit=1)[0] not in _KEEPING for one in filters):
            return None
        if literal := re.fullmatch(r"\"([^\"]*)\"|'([^']*)'", name):
            value: str | None = literal[1] if literal[1] is not None else literal[2]
        elif name in ("site.baseurl", "site.baseUrl") or (name == "site.url" and self._goes_on(after)):
            value = ""
        elif name.startswith("site."):
            value = self.around.site.get(name[5:])
        else:
            bare = name.removeprefix("page.")
            value = self.assigned.get(bare, self.around.texts.get(bare))
            if value is None and self.around.kind == "jekyll" and not name.startswith("page."):
                return None
        rooted = filters and filters[0] in ("relative_url", "absolute_url", "url")
        return f"/{value}" if value and rooted and not re.match(r"[a-z]+:|/", value) else value

    def _goes_on(self, at: int) -> bool:
        """Whether a path follows an address that ends at a place."""
        return at >= 0 and self.text.startswith(("/", "{{"), at)

    # ---- calls ----

    def _called(self, token: re.Match[str], end: int) -> tuple[list[Piece], int] | None:
        kind, hugo = self.around.kind, bool(token["sign"])
        if not self._is_live(token) or (token["tag"] or "").removeprefix("end") in self.unknown:
            return None
        if token["close"]:
            if token["name"].lower() not in self.unknown:
                self.lose(token.start(), token[0], "the end of a shortcode without its beginning")
            return None
        name, args = (token["name"], token["args"]) if hugo else (token["tag"], token["targs"])
        if not hugo and kind == "zola":
            if not (found := re.fullmatch(r"\s*\((.*)\)\s*", args, re.S)):
                return None
            args = found[1]
        given = re.fullmatch(r"\s*([\w-]+)\s*=\s*(.*)", args, re.S) if name == "assign" else None
        if given and (value := self._value(given[2].strip())) is not None:
            self.assigned[given[1]] = value
            return [Piece("", token.start(), made=True)], token.end()
        inner = None if token["alone"] else self._inner(name, token.end(), end, hugo=hugo)
        after = inner[2] if inner else token.end()
        if name in ("include", "include_cached", "include_relative", "render"):
            first, *rest = re.split(r"[\s,]+", args.strip(), maxsplit=1)
            args = rest[0] if rest else ""
            name = re.sub(r"\.\w+$", "", first.strip("\"'").rsplit("/", 1)[-1])
        call = self._call(name, args, token.start(), after)
        call.inner = inner[:2] if inner else None
        self.depth += 1
        try:
            return self._made(call, after)
        finally:
            self.depth -= 1

    def _inner(self, name: str, start: int, end: int, *, hugo: bool) -> tuple[int, int, int] | None:
        """Where what a tag holds begins and ends, and the offset after what closes it; None where nothing does."""
        if hugo:
            pattern = rf"\{{\{{[<%]-?\s*(/?)\s*{re.escape(name)}(?![\w.-])(?:(?![>%]\}}\}}).)*[>%]\}}\}}"
        else:
            closed = "" if self.around.kind == "zola" else re.escape(name)
            pattern = rf"\{{%-?\s*(end){closed}\s*-?%\}}|\{{%-?\s*{re.escape(name)}(?![\w-])"
        level = 1
        for found in re.compile(pattern, re.S).finditer(self.text, start, end if self.depth < _DEEPEST else start):
            self.patience -= 1
            level += -1 if found[1] else 1
            if not level or self.patience < 0:
                return None if level else (start, found.start(), found.end())
        return None

    def _call(self, name: str, args: str, start: int, end: int) -> Call:
        named: dict[str, str] = {}
        positional: list[str] = []
        for found in _ARGUMENT.finditer(args):
            text = next((one for one in found.groups()[1:5] if one is not None), None)
            if text is None:
                text = found[6]
                if self.around.kind in LIQUID and re.fullmatch(r"(?:page|site|include)\.[\w.]+|[a-z]\w*", text):
                    text = self._value(text) or text
            text = re.sub(r"\\([\"'`_\\*])", r"\1", text)
            if found[1]:
                named[found[1].lower()] = text
            else:
                positional.append(text)
        before, after = self._around(start, end)
        name = name.lower().replace("_", "-")
        call = Call(name, positional, named, self.text[start:end], start)
        call.block = not before.strip() and not after.strip()
        call.in_html = in_html(self.text, start)
        call.in_url = _IN_URL.search(before) is not None
        return call

    def _around(self, start: int, end: int) -> tuple[str, str]:
        """What stands before and after a stretch on its lines; of a long line what is near."""
        line, rest = self.text.rfind("\n", max(start - _NEAR, 0), start), self.text.find("\n", end, end + _NEAR)
        before = self.text[line + 1 if line >= 0 else max(start - _NEAR, 0) : start]
        return before, self.text[end : rest if rest >= 0 else end + _NEAR]

    def _made(self, call: Call, after: int) -> tuple[list[Piece], int] | None:
        became = self._equivalent(call)
        if became is None:
            self.unknown.add(call.name)
            source = self.text[call.at : call.inner[0]] if call.inner else call.source
            self.lose(call.at, source, f'no equivalent of "{call.name}"')
            return None
        if rest := {key: text for key, text in call.named.items() if text}:
            said = " ".join(f'{key}="{text}"' for key, text in rest.items())
            self.cut(call.at, said, f'words of "{call.name}" that say nothing here')
        if call.block and became.startswith(":") and call.in_html:
            became = f"\n{became}\n"
        indent = self._around(call.at, call.at)[0] if call.block else ""
        if indent:
            became = became.replace("\n", f"\n{indent}")
        first, held, last = became.partition(HOLDS)
        inner = self.pieces(*call.inner) if held and call.inner else []
        return [Piece(first, call.at, made=True), *inner, Piece(last, after - 1, made=True)], after

    def _equivalent(self, call: Call) -> str | None:
        """What stands for a call here; None where nothing does."""
        name = call.name
        if name in ("toc", "table-of-contents"):
            self.cut(call.at, call.source, "a table of contents")
            return ""
        if name in ("ref", "relref", "post-url", "link", "doc") or call.in_url:
            return self._address(call)
        if name in ("highlight", "code", "codeblock", "prism") and call.inner:
            return self._code(call)
        if name in _EMBEDS or re.search(r"(?:^|-)(?:video|embed|iframe|oembed|youtube|vimeo)(?:-|$)", name):
            return self._embed(call)
        if _PICTURE.search(name):
            return self._picture(call)
        if name in ("audio", "video"):
            return self._recording(call)
        if re.search(r"quote", name):
            return self._quote(call)
        if name in ("button", "btn", "cta"):
            return self._link(call, call.take("href", "url", "link"), call.take("text", "label", "title"))
        if name in ("details", "spoiler", "collapse", "expand") and call.inner:
            title = call.take("summary", "title") or " ".join(call.positional) or "Details"
            return f"<details><summary>{escape(title)}</summary>\n\n{HOLDS}\n\n</details>"
        if name == "mark" and call.inner:
            return f"<mark>{HOLDS}</mark>"
        if name in _LAYOUT and call.inner:
            self.cut(call.at, self.text[call.at : call.inner[0]], "a layout of the old site")
            return f"\n{HOLDS}\n"
        if _BOX.search(name) and call.inner:
            title = call.take("title", "heading", "header", "summary") or call.take("kicker")
            intro, url = call.take("intro", "lead"), call.take("button-url", "src", "link", "href", "url")
            label = call.take("button-text")
            body = f"{intro}\n\n{HOLDS}" if intro else HOLDS
            if url and label:
                body += f"\n\n[{_label(label)}]({_url(url)})"
            elif url and title and "](" not in title:
                title = f"[{title}]({_url(url)})"
            return self._block("facts", title, body, call)
        if (file := call.take("file")) and (label := call.take("label", "text", "title")):
            return self._link(call, file, label)
        if not call.inner and (url := call.take("link", "href")):
            return self._link(call, url, call.take("text", "label", "title", "kicker"))
        if name == "param" and call.positional:
            return self.around.texts.get(call.positional[0], self.around.site.get(call.positional[0]))
        return None

    def _address(self, call: Call) -> str | None:
        path = call.take("path", "src", "file", "link", "url") or (call.positional[0] if call.positional else "")
        if not path or call.inner:
            return None
        if re.match(r"[a-z][a-z+.-]*:|//|#", path):
            return path
        bare, sign, anchor = path.partition("#")
        is_text = bare.endswith((".md", ".markdown"))
        if (found := self.around.page(bare) or (None if is_text else self.around.asset(bare))) is None:
            guess = f"/{re.sub(r'(?:(?:^|/)_?index)?[.]md$', '', bare.strip('/'))}"
            found = guess if _FILE.search(guess) else f"{guess.rstrip('/')}/"
            self.lose(call.at, f"{call.source}, now {found}", "a link to what is not among the sources")
        return f"{_url(found)}{sign}{anchor}"

    def _code(self, call: Call) -> str | None:
        language = call.take("lang", "language") or (call.positional[0] if call.positional else "")
        call.named.clear()
        if not call.block and not language:
            return f"<mark>{HOLDS}</mark>"
        inner = self.text[slice(*call.inner)] if call.inner else ""
        marks = "`" * max(3, *(len(found) + 1 for found in re.findall("`+", inner)), 3)
        return f"{marks}{language}\n{inner.strip(chr(10))}\n{marks}"

    def _embed(self, call: Call) -> str | None:
        given = call.take("src", "url", "link") or (call.positional[0] if call.positional else "")
        title = call.take("title", "caption", "alt", "label")
        url = given if re.match(r"(?:https?:)?//", given) else ""
        kind = next((key for key in _EMBEDS if key in call.name.split("-")), "")
        if not url and kind:
            id = call.take("id", "videoid", "video", "v") or given
            user = call.take("user", "username") or (call.positional[0] if len(call.positional) > 1 else "")
            if user and id == user:
                id = call.positional[1]
            if kind in ("tweet", "twitter", "x"):
                id = id if "/" in id else f"{user or 'i'}/status/{id}" if id else ""
            elif kind == "gist" and user:
                id = f"{user}/{id}"
            url = _EMBEDS[kind].format(id) if re.fullmatch(r"[\w/-]+", id) else ""
        if not url:
            return self._recording(call) if given and _FILE.search(given) else None
        return self._shown(url, title, call)

    def _shown(self, url: str, title: str, call: Call) -> str | None:
        url = known_embed(url)
        if not call.block or EMBEDDED.fullmatch(url) is None:
            return self._link(call, url, title or url)
        return f"::embed[{url}]" + (f'{{title="{attribute(title)}"}}' if title else "")

    def _embedded(self, token: re.Match[str]) -> tuple[list[Piece], int] | None:
        """An iframe as an embedded page, where it stands alone but for elements around it; else as a link."""
        said = {
            key.lower(): unescape(text.strip("\"'"))
            for key, text in re.findall(r"([\w-]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", token["iframe"])
        }
        url, title = said.get("src", ""), said.get("title", "")
        if not re.match(r"(?:https?:)?//", url):
            self.lose(token.start(), token[0], "an <iframe> without an address; newsgen's pages leave it out")
            return None
        at, after = token.span()
        before, behind = self._around(at, after)
        call = Call("iframe", [], {}, token[0], at)
        call.block = _TAGS_ONLY.fullmatch(before) is not None and _TAGS_ONLY.fullmatch(behind) is not None
        call.in_html = not call.block and in_html(self.text, at)
        became = self._shown(url, title, call) or ""
        return [Piece(f"\n\n{became}\n\n" if became.startswith("::") else became, at, made=True)], after

    def _picture(self, call: Call) -> str | None:
        given = [one for one in call.positional if one and not re.fullmatch(r"\d+(?:px|%)?", one)]
        first = next((n for n, one in enumerate(given) if "/" in one or _FILE.search(one)), 0)
        src = call.take("src", "url", "image", "path", "file") or (given[first] if given else "")
        if not src or (not re.match(r"(?:https?:)?//", src) and not _FILE.search(src)):
            return None
        said = given[first + 1 :] if given and src == given[first] else given
        caption = call.take("caption", "figcaption", "description", "desc") or call.take("title")
        alt = call.take("alt") or (said[-1] if said else "") or re.sub(r"<[^>]*>", "", caption)
        credit = call.take("credit", "attr", "attribution", "source", "copyright", "by")
        link = call.take("link", "href", "attrlink")
        for one in ("class", "width", "height", "style", "loading", "align", "target", "rel", "id", "size"):
            call.named.pop(one, None)  # how it looked
        if call.inner and not caption:
            caption = " ".join(self.text[slice(*call.inner)].split())
        url = _url(self.around.asset(src) or src)
        if call.in_html and not call.block:
            picture = f'<img src="{escape(url)}" alt="{escape(alt)}">'
            return f'<a href="{escape(link)}">{picture}</a>' if link else picture
        framed = call.block and bool(caption or credit)
        title = f' "{attribute(caption)}"' if caption and caption != alt and not framed else ""
        picture = f"![{_label(alt)}]({url}{title})"
        picture = f"[{picture}]({_url(link)})" if link else picture
        if framed:
            said_credit = f'{{credit="{attribute(credit)}"}}' if credit else ""
            label = f"[{_label(_markdown(caption))}]" if caption else ""
            return f":::figure{label}{said_credit}\n{picture}\n:::"
        return f"\n{picture}\n" if call.in_html else picture

    def _recording(self, call: Call) -> str | None:
        src = call.take("src", "url", "file") or next((one for one in call.positional if _FILE.search(one)), "")
        if not _FILE.search(src):
            return None
        title = call.take("title", "caption")
        kind = "audio" if re.search(r"\.(?:mp3|ogg|oga|wav|m4a|flac|opus)\b", src) else "video"
        url = self.around.asset(src) or src
        poster = call.take("poster") if kind == "video" else ""
        if not call.block:
            return self._link(call, url, title or url)
        more = f' poster="{attribute(poster)}"' if poster else ""
        return f'::{kind}[{_label(title)}]{{src="{attribute(url)}"{more}}}'

    def _quote(self, call: Call) -> str | None:
        who = call.take("cite", "author", "by", "attribution", "source", "name", "speaker")
        text = call.take("text", "quote", "content") or (" ".join(call.positional) if not call.inner else "")
        if not text and not call.inner:
            return None
        who = who or (", ".join(call.positional) if call.inner else "")
        if call.block:
            return self._block("pullquote", who, text or HOLDS, call)
        return f"“{text or HOLDS}”" + (f" ({who})" if who else "")

    def _block(self, name: str, label: str, body: str, call: Call) -> str:
        inner = self.text[slice(*call.inner)] if call.inner else ""
        colons = ":" * (4 if re.search(r"\{\{[<%]|\{%|^:::|<iframe", inner, re.M) else 3)
        said = f"[{_label(_markdown(label))}]" if label else ""
        before = "" if call.block else "\n\n"
        return f"{before}{colons}{name}{said}\n{body}\n{colons}{before}"

    def _link(self, call: Call, url: str, text: str) -> str | None:
        if not url or not (text or call.inner):
            return None
        if not re.match(r"[a-z][a-z+.-]*:|//|#|/", url):
            url = self.around.page(url) or self.around.asset(url) or url
        if call.in_html:
            return f'<a href="{escape(url)}">{escape(text) if text else HOLDS}</a>'
        return f"[{_label(text) if text else HOLDS}]({_url(url)})"

    # ---- places ----

    def lose(self, at: int, text: str, reason: str) -> None:
        self.out.losses.append(noted(self.number(at), text, reason))

    def cut(self, at: int, text: str, reason: str) -> None:
        self.out.cuts.append(noted(self.number(at), text, reason))


def code_ranges(text: str) -> list[tuple[int, int]]:
    """Where fenced code and code spans stand in a body, in order."""
    fences = [found.span() for found in _FENCE.finditer(text)]
    ranges, at = list[tuple[int, int]](), 0
    for start, end in [*fences, (len(text), len(text))]:
        ranges += [found.span() for found in _SPAN.finditer(text, at, start)]
        ranges.append((start, end))
        at = end
    return ranges


def within(at: int, ranges: Sequence[tuple[int, int]]) -> bool:
    """Whether a place is in one of the ranges, which are in order and apart."""
    index = bisect_right(ranges, (at, 1 << 40)) - 1
    return index >= 0 and at < ranges[index][1]


def in_html(text: str, at: int) -> bool:
    """Whether the place is in an HTML block, in which Markdown is not read; it goes on to the next blank line."""
    start = text.rfind("\n", 0, at) + 1
    for _ in range(200):
        end = text.find("\n", start)
        line = text[start : min(end if end >= 0 else len(text), start + _NEAR)]
        if not line.strip():
            return False
        if _HTML_BLOCK.match(line) and start + len(line) - len(line.lstrip()) < at:
            return True
        if not start:
            return False
        start = text.rfind("\n", 0, start - 1) + 1
    return False


def known_embed(url: str) -> str:
    """The page of a film whose player `url` is; other addresses with their scheme."""
    url = f"https:{url}" if url.startswith("//") else re.sub(r"^http:", "https:", url)
    if found := re.match(r"https://(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed/|v/)([\w-]{6,})", url):
        return f"https://www.youtube.com/watch?v={found[1]}"
    if found := re.match(r"https://player\.vimeo\.com/video/(\d+)", url):
        return f"https://vimeo.com/{found[1]}"
    return url


def _label(text: str) -> str:
    return " ".join(re.sub(r"([\[\]\\])", r"\\\1", text).split()) if "](" not in text else " ".join(text.split())


def _markdown(text: str) -> str:
    """A label whose HTML links are Markdown's."""
    return re.sub(r"<a\b[^>]*href=[\"']([^\"']+)[\"'][^>]*>(.*?)</a>", r"[\2](\1)", text, flags=re.S)


def _url(url: str) -> str:
    return re.sub(r"[\s()<>\"]", lambda found: f"%{ord(found[0]):02X}", url.strip())

"""Markdown to HTML, with every link, image and heading accounted for.

A link or image whose target is the site's own business is written as `ng-ref:n` and listed as a `Reference`; the plan
resolves it. Targets of refused schemes lose their link, raw HTML passes an allow-list: both say so with their place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import msgspec

from newsgen import digest
from newsgen.config import MarkdownSettings
from newsgen.content import blocks, directives, paywall, prose
from newsgen.diagnostics import Diagnostic, Place, error, warning
from newsgen.model import Block, Heading, Reference

if TYPE_CHECKING:  # plain prose needs no parser, and to import one costs as much as hundreds of articles
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

    from newsgen.content.directives import Directive

SCHEMES: Final = frozenset(
    ("http", "https", "mailto", "tel", "sms", "ftp", "ftps", "geo", "irc", "ircs", "matrix", "sip", "xmpp")
)
REFERENCE: Final = "ng-ref:"

TAGS = frozenset(
    "a abbr acronym address article aside audio b bdi bdo blockquote br caption center cite code col colgroup data dd "
    "del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img input ins kbd li main "
    "mark ol p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup table tbody td "
    "tfoot th thead time tr track tt u ul var video wbr".split()
)
# A wide table scrolls in a box of its own, which the keyboard must be able to reach.
_TABLE_BOX = '<div class="table" role="group" tabindex="0" aria-label="Table">'
_ANY = frozenset(("id", "class", "title", "lang", "dir", "role", "hidden"))
_ATTRIBUTES: dict[str, frozenset[str]] = {
    tag: frozenset(names.split())
    for tags, names in (
        ("div", "tabindex"),
        ("a", "href hreflang rel target download name"),
        ("img", "src alt width height loading srcset sizes align border"),
        ("audio", "src controls loop muted preload"),
        ("video", "src controls loop muted preload poster width height"),
        ("source", "src srcset sizes type media"),
        ("track", "src kind srclang label default"),
        ("input", "type checked disabled"),
        ("ol", "start reversed type"),
        ("td", "colspan rowspan headers align style"),
        ("th", "colspan rowspan headers scope align style"),
        ("table", "summary align"),
        ("col colgroup", "span"),
        ("blockquote q", "cite"),
        ("del ins", "cite datetime"),
        ("time", "datetime"),
        ("li data", "value"),
        ("details", "open"),
    )
    for tag in tags.split()
}
_ROW = 50  # characters: what it costs to look at a line
_DEEPEST_HTML = 1000  # elements within one another; the cleaner takes the square of it
# Elements that hold nothing, or end where the next begins.
_FLAT = frozenset(
    "area base br col dd dt embed hr img input li link meta option p rp rt source".split()
    + "tbody td tfoot th thead tr track wbr".split()
)
_LONGEST = 100_000  # characters of a paragraph with signs in it, of which the parser takes the square
_PATIENCE = 4_000_000  # characters that are read in a paragraph for what closes a picture or a note
_DEEPEST = 19  # the level from which on the parser leaves out what a quotation or an item holds: see maxNesting
_CUTS = (("heading_open", "h2"), ("footnote_block_open", ""))
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# URLs of other kinds than http that the parser's normalization leaves as they are: most.
_NORMAL = re.compile(r"(?:/?[A-Za-z0-9._-][A-Za-z0-9/._-]*|mailto:[a-z0-9._-]+@[a-z0-9.-]+|(?=#))(?:#[A-Za-z0-9._-]+)?")
_ORIGIN = re.compile(r"(?i)(https?:)?//(?:[^/?#\s@]*@)?([\w.-]+)(:\d+)?(?=[/?#]|$)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_RAW_TAG = re.compile(r"<\s*(/?)([A-Za-z][\w:-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>?")
_RAW_PART = re.compile(f"{_COMMENT.pattern}|{_RAW_TAG.pattern}", re.S)
_RAW_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:(\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s\"'<>]+))?")
_RAW_URLS = ("href", "src", "cite", "poster")
_ALIGNED = re.compile(r"(?i)\s*text-align\s*:\s*(left|center|right)\s*;?\s*")


class Part(msgspec.Struct, frozen=True):
    """A body from one of its headings of the second level, itself in no other block, to the next; or its footnotes.

    `title` is the HTML within the heading, `html` that of all below it, `line` the heading's. What stands before the
    first heading, and the footnotes, have no title.
    """

    title: str
    html: str
    id: str = ""
    line: int = 0
    footnotes: bool = False

    @property
    def whole(self) -> str:
        anchor = f' id="{self.id}"' if self.id else ""
        return f"<h2{anchor}>{self.title}</h2>\n{self.html}" if self.title else self.html


class Rendered(msgspec.Struct, frozen=True):
    """HTML of a body and what it mentions; `parts` are there where they were asked for. `origins`: see `model.Body`."""

    html: str
    references: tuple[Reference, ...]
    headings: tuple[Heading, ...]
    words: int
    diagnostics: tuple[Diagnostic, ...]
    blocks: tuple[Block, ...] = ()
    parts: tuple[Part, ...] = ()
    origins: tuple[str, ...] = ()


def render(
    path: str, text: str, first_line: int, settings: MarkdownSettings, *, parted: bool = False, locked: bool = False
) -> Rendered:
    """The HTML of `text`, whose first line is line `first_line` of the file `path`; `parted` cuts it into parts too.

    Only a `locked` text has a paywall. Plain prose takes the fast path; `full_markdown` gives the same by the full
    parser alone.
    """
    walk = _Walk(path, text, first_line, settings, locked=locked)
    return walk.parted() if parted else walk.rendered(prose.blocks(text))


def full_markdown(path: str, text: str, first_line: int, settings: MarkdownSettings) -> Rendered:
    """As `render`, without the fast path."""
    walk = _Walk(path, text, first_line, settings)
    return walk.result(walk.full(0, len(walk.lines)))


def commonmark(text: str) -> str:
    """`text` by the letter of the CommonMark specification, on both paths: raw HTML passes, and nothing is added."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    text = text.replace("\0", "\ufffd")
    lines, html = text.split("\n"), list[str]()
    for block in prose.blocks(text):
        if block.html is None or not all(parser.validateLink(url) for url, *_ in block.urls):
            html.append(parser.render("\n".join(lines[block.line : block.end])))
            continue
        first, *pieces = block.html.split("<a>")
        links = [f'<a href="{prose.escaped(parser.normalizeLink(url))}">' for url, *_ in block.urls]
        inner = first + "".join([link + piece for link, piece in zip(links, pieces, strict=True)])
        html.append(f"<h{block.level}>{inner}</h{block.level}>\n" if block.level else inner)
    return "".join(html)


@lru_cache(maxsize=4)
def _markdown(html: str) -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    markdown = MarkdownIt("commonmark", {"html": html != "off"}).enable(["table", "strikethrough"])
    markdown.use(footnote_plugin).use(deflist_plugin).use(directives.plugin)
    markdown.core.ruler.before("inline", "long", _long)
    for name, opening in (("image", "!["), ("footnote_inline", "^["), ("footnote_ref", "[^")):
        rules = markdown.inline.ruler
        rules.at(name, _patient(rules.__rules__[rules.__find__(name)].fn, opening))
    markdown.validateLink = lambda url: True  # ours, with a place to show: _Walk._target
    markdown.add_render_rule("fence", _fence)
    markdown.add_render_rule("table_open", lambda *_: f"{_TABLE_BOX}<table>\n")
    markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")
    for kind in ("open", "body", "close", "stray"):
        markdown.add_render_rule(f"directive_{kind}", _marker)
    return markdown


class _Walk:
    """One pass over a body: resolves what is ours, reports what is refused. `start` is a part's first line, from 0."""

    def __init__(
        self, path: str, text: str, first_line: int, settings: MarkdownSettings, *, locked: bool = False
    ) -> None:
        self.locked = locked
        self.path, self.text, self.first_line, self.settings = path, text, first_line, settings
        self.references: list[Reference] = []
        self.headings: list[Heading] = []
        self.diagnostics: list[Diagnostic] = []
        self.ids: dict[str, int] = {}  # those given, each with the number of the last that was made of it
        self.origins: dict[str, None] = {}
        self.patience = 20 * len(text) + 1_000_000  # characters that are read to tell where things stand
        self.depth, self.hopeless = 0, False  # of raw HTML, and whether it is too much
        self.start = 0
        self.found: tuple[tuple[int, int], int, int] = ((-1, -1), 0, 0)  # a block; the row and end of its last link
        self.words = 0
        self.raw = False
        self.blocks: list[Block] = []
        self.within: list[Directive] = []  # the blocks that hold what is being walked over

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    def rendered(self, blocks: list[prose.Block]) -> Rendered:
        """All blocks in order; those that are more than plain prose by the full parser."""
        html: list[str] = []
        for block in blocks:
            self.words += block.words
            if block.html is None:
                html.append(self.full(block.line, block.end))
            else:
                html.append(self._block(block, block.html) if block.level or block.urls else block.html)
        return self.result("".join(html))

    def result(self, html: str) -> Rendered:
        html = self.safe(html)
        found = tuple(self.references), tuple(self.headings), self.words, tuple(self.diagnostics), tuple(self.blocks)
        return Rendered(html, *found, origins=tuple(sorted(self.origins)))

    def safe(self, html: str) -> str:
        if not self.raw or self.settings.html != "safe":
            return html
        if self.hopeless:
            return ""
        return blocks.cleaned(html, _cleaned, f"ng-{digest.of_text(self.text)}") if self.blocks else _cleaned(html)

    def full(self, start: int, end: int) -> str:
        """The HTML of the lines from `start` to before `end`, by the full parser."""
        self.start = start
        return self.written(self.tokens("\n".join(self.lines[start:end])))

    def tokens(self, text: str) -> list[Token]:
        env: dict[str, Any] = {}
        tokens = _markdown(self.settings.html).parse(text, env)
        for line, long in env.get("long", ()):
            message = f"a paragraph of {long:,} characters is too long to be read"
            place = Place(self.path, line + self.start + self.first_line)
            self.diagnostics.append(error("NG-205", place, message, "Divide it by blank lines."))
        self.over(tokens)
        return tokens

    def written(self, tokens: list[Token]) -> str:
        parser = _markdown(self.settings.html)
        return parser.renderer.render(tokens, parser.options, {"highlight": self.settings.highlight})

    def parted(self) -> Rendered:
        """As `full` of all lines, and cut into parts."""
        tokens = self.tokens(self.text)
        cuts = [n for n, one in enumerate(tokens) if not one.level and (one.type, one.tag) in _CUTS]
        parts: list[Part] = []
        for start, end in pairwise(dict.fromkeys((0, *cuts, len(tokens)))):
            first = tokens[start] if start in cuts else None
            if first is None or not first.map:
                html = self.safe(self.written(tokens[start:end]))
                parts.append(Part("", html, footnotes=first is not None))
                continue
            title, html = self.written(tokens[start + 1 : start + 2]), self.written(tokens[start + 3 : end])
            id, line = str(first.attrGet("id") or ""), first.map[0] + self.first_line
            parts.append(Part(self.safe(title), self.safe(html), id, line))
        rendered = self.result("".join([part.whole for part in parts]))
        return msgspec.structs.replace(rendered, parts=tuple(parts))

    def _block(self, block: prose.Block, html: str) -> str:
        """The HTML of a heading, or of a block with links of ours, of plain prose."""
        self.start = 0
        pieces = html.split("<a>")
        for index, (url, start, end) in enumerate(block.urls, 1):
            normal = url if _NORMAL.fullmatch(url) else _markdown("safe").normalizeLink(url)
            target = self.target(normal, (start, end))
            opening = "<a>" if target is None else f'<a href="{prose.escaped(target)}">'
            pieces[index] = opening + pieces[index]
        html = "".join(pieces)
        if not block.level:
            return html
        level = max(block.level, 2)
        slug = self._anchor(level, block.text)
        anchor = f' id="{slug}"' if slug else ""
        return f"<h{level}{anchor}>{html}</h{level}>\n"

    def over(self, tokens: list[Token]) -> None:
        block = (0, 0)
        for index, token in enumerate(tokens):
            if token.map:
                block = (token.map[0], token.map[1])
            if token.level >= _DEEPEST and token.type in ("blockquote_open", "list_item_open", "dd_open"):
                self.diagnostics.append(too_hard(self.path, block[0] + self.start + self.first_line))
            if self.within and token.type not in ("directive_body", "directive_close"):
                self._noted(token)
            if token.type in ("html_block", "inline") and paywall.WRITTEN.fullmatch(token.content):
                self._paywall(tokens, index, block)
            elif token.type == "html_block":
                token.content = self._raw_html(token.content, block)
            elif token.type == "heading_open":
                self._heading(tokens[index : index + 3])
            elif token.type == "inline" and token.children:
                self._inline(token.children, block)
                if self.within and self.within[-1].name in blocks.PICTURED:
                    _pictures(tokens, index, framed=self.within[-1].name == "gallery")
            elif token.type in ("th_open", "td_open") and (aligned := _ALIGNED.fullmatch(str(token.attrGet("style")))):
                token.attrs = {"class": f"align-{aligned[1]}"}
            elif token.type in ("fence", "code_block"):
                self.words += len(token.content.split())
            elif token.type.startswith("directive_"):
                self._directive(token.type, token.meta["directive"], block)

    def _directive(self, kind: str, directive: Directive, block: tuple[int, int]) -> None:
        """Notes a block where it begins; says what is wrong with it where it ends."""
        line = block[0] + self.start + self.first_line
        if kind == "directive_open":
            directive.number = len(self.blocks)
            self.within.append(directive)
            given = [(one.name, one.value) for one in directive.attributes]
            said = [(name, (self._named(name, url, block) or "")) for name, url in given]
            if directive.name in directives.LINKING:
                said.append(("url", directive.label))
            id = self._free_id(directive.id) if directive.id else ""
            self.blocks.append(Block(directive.name, line, directive.column, id, directive.classes, tuple(said)))
        elif kind == "directive_body":
            directive.holds.clear()  # what the label is made of
        elif kind == "directive_close":
            self.within.pop()
            line = self.blocks[directive.number].line
        if kind in ("directive_close", "directive_stray"):
            self.diagnostics += blocks.mistakes(directive, self.path, line)

    def _named(self, name: str, value: str, block: tuple[int, int]) -> str | None:
        """The value of an attribute of a block."""
        if name not in blocks.URLS:
            return value
        if name in blocks.SHOWN:
            self._shows(value)
        return self.target(value, block)

    def _noted(self, token: Token) -> None:
        """Notes what the innermost block holds. A timeline has an order."""
        if token.type == "tr_open" and token.map and self.within[-1].name == "table":
            self._ragged(token.map[0])
        if token.tag == "ul" and self.within[-1].name == "timeline" and token.level == self.within[-1].level + 1:
            token.tag = "ol"
        self.within[-1].holds.update((token.type, *[child.type for child in token.children or ()]))

    def _ragged(self, row: int) -> None:
        """A warning where a row of a table has more or fewer cells than the first."""
        from markdown_it.rules_block.table import escapedSplit

        block, line = self.within[-1], row + self.start
        text = self.lines[line].strip()
        cells = len(escapedSplit(text.removeprefix("|"))) - (text.endswith("|") and not text.endswith("\\|"))
        block.columns = block.columns or cells
        if cells != block.columns and not block.level:
            message = f"the row has {cells} cells, the first has {block.columns}"
            help = "Cells are divided by |; write \\| for the sign itself. An empty cell is | |."
            self.diagnostics.append(warning("NG-232", Place(self.path, line + self.first_line, 1), message, help))

    def _paywall(self, tokens: list[Token], index: int, block: tuple[int, int]) -> None:
        """Puts the marker of the paywall in the place of a comment, or of its paragraph where there is no raw HTML."""
        token, marker = tokens[index], paywall.MARKER if self.locked else ""
        if token.level - (token.type == "inline"):
            self._lost_paywall(block)
            marker = ""
        elif not self.locked:
            help = "Add access: paid (or metered) to the front matter, or take the comment out."
            self._warn("NG-411", block, "<!--", "a paywall in an article that is free", help)
        if token.type == "inline":
            for around in (tokens[index - 1], tokens[index + 1]):
                around.type, around.content = "html_block", ""
        token.type, token.content, token.children = "html_block", marker, None

    def _lost_paywall(self, block: tuple[int, int]) -> None:
        message = "a paywall inside a paragraph, a list or a quotation has no effect"
        self._warn("NG-410", block, "<!--", message, "Put it on a line of its own between two paragraphs.")

    def _heading(self, tokens: list[Token]) -> None:
        """The title of a page is its h1, so a heading of a body begins at h2."""
        start, inline, end = tokens
        if start.tag == "h1":
            start.tag = end.tag = "h2"
        if slug := self._anchor(int(start.tag[1]), _text(inline.children or ())):
            start.attrSet("id", slug)

    def _anchor(self, level: int, text: str) -> str:
        """The id of a heading; empty where the settings want none."""
        if not self.settings.heading_anchors:
            return ""
        slug = self._free_id(text)
        self.headings.append(Heading(level, text, slug))
        return slug

    def _free_id(self, text: str) -> str:
        base = re.sub(r"[^\w]+", "-", text.lower()).strip("-")[:80] or "section"
        slug, number = base, self.ids.get(base, 1)
        while slug in self.ids:
            number += 1
            slug = f"{base}-{number}"
        self.ids[base] = number
        self.ids.setdefault(slug, 1)
        return slug

    def _inline(self, children: list[Token], block: tuple[int, int]) -> None:
        for token in children:
            if token.type in ("text", "code_inline"):
                self.words += len(token.content.split())
            elif token.type == "link_open":
                if (target := self.target(str(token.attrGet("href") or ""), block)) is None:
                    token.attrs.pop("href", None)
                else:
                    token.attrSet("href", target)
            elif token.type == "image":
                self._image(token, block)
            elif token.type == "html_inline":
                if paywall.WRITTEN.fullmatch(token.content):
                    self._lost_paywall(block)
                token.content = self._raw_html(token.content, block)

    def _image(self, token: Token, block: tuple[int, int]) -> None:
        source = str(token.attrGet("src") or "")
        if not token.content.strip():
            help = "Say in the square brackets what the picture shows: ![A cargo ship at dawn](ship.jpg)"
            self._warn("NG-204", block, source, "image without alternative text", help)
        if (target := self.target(source, block, image=True, picture=True)) is None:
            token.type, token.tag, token.attrs = "text", "", {}
        else:
            token.attrSet("src", target)
            token.attrSet("loading", "lazy")

    def target(self, url: str, block: tuple[int, int], *, image: bool = False, picture: bool = False) -> str | None:
        """The URL to write: as it is, as a reference, or None where its scheme is refused."""
        decoded = _decoded(url)
        bare = re.sub(r"[\x00-\x20]", "", decoded) if ":" in decoded else url
        if scheme := _SCHEME.match(bare):
            if scheme[1].lower() in SCHEMES:
                self._shows(url if image else "")
                return url
            self._refuse(bare, url, block)
            return None
        if url.startswith(("#", "//")) or not url:
            self._shows(url if image else "")
            return url
        return self._reference(url, block, image=image, picture=picture)

    def _shows(self, url: str) -> None:
        """Notes of which other site something is shown."""
        if origin := origin_of(url):
            self.origins[origin] = None

    def _reference(self, url: str, block: tuple[int, int], *, image: bool, picture: bool = False) -> str:
        self.references.append(Reference(url, *self._next(url, block), image=image, picture=picture))
        return f"{REFERENCE}{len(self.references) - 1}"

    def _refuse(self, url: str, written: str, block: tuple[int, int]) -> None:
        help = f"The text stays, the link goes. Links may begin with: {', '.join(sorted(SCHEMES))}."
        message = f'link to "{url[:60]}" refused: its scheme is not allowed'
        self.diagnostics.append(warning("NG-202", Place(self.path, *self._next(written, block)), message, help))

    def _next(self, url: str, block: tuple[int, int]) -> tuple[int, int]:
        """As `_find`, and what is asked for next is looked for after it."""
        line, column = self._find(url, block)
        if column:
            self.found = (block, line - self.first_line, column)
        return line, column

    def _find(self, needle: str, block: tuple[int, int]) -> tuple[int, int]:
        """Line and column (from 1) of `needle` in the block, as written or percent-decoded, after the last link found.

        The block's line, and 0, where it is not there (a link by reference, an entity) or patience is at its end.
        """
        first, end = block[0] + self.start, min(block[1] + self.start, len(self.lines))
        known, at, after = self.found
        starts = [(at, after)] if known == block and first <= at < end else []
        forms = "|".join(re.escape(form) for form in dict.fromkeys((needle, _decoded(needle))) if form)
        for pattern in (rf"(?<=[(<\"'=])(?:{forms})(?=[\s)>\"'}}]|$)", rf"(?<![^\s(<])(?:{forms})") if forms else ():
            search = re.compile(pattern).search
            for start, column in (*starts, (first, 0)):
                for row in range(start, end):
                    self.patience -= len(self.lines[row]) + _ROW
                    if self.patience < 0:
                        return first + self.first_line, 0
                    if found := search(self.lines[row], column if row == start else 0):
                        return row + self.first_line, found.start() + 1
        return first + self.first_line, 0

    def _warn(self, code: str, block: tuple[int, int], needle: str, message: str, help: str) -> None:
        self.diagnostics.append(warning(code, Place(self.path, *self._find(needle, block)), message, help))

    def _raw_html(self, html: str, block: tuple[int, int]) -> str:
        self.raw = True
        html = blocks.unmarked(html)
        if self.settings.html == "safe":
            for offence, needle in _offences(html):
                help = 'It is not on the allow-list. markdown.html = "trusted" in newsgen.toml lets all HTML pass.'
                self._warn("NG-201", block, needle, f"raw HTML removed: {offence}", help)
        return _RAW_PART.sub(lambda found: self._raw_part(found, block), html)

    def _raw_part(self, found: re.Match[str], block: tuple[int, int]) -> str:
        """A comment as it is; a tag with its URLs resolved."""
        if found[2] and found[2].lower() not in _FLAT:
            self.depth = max(0, self.depth + (-1 if found[1] else 1))
            if self.depth > _DEEPEST_HTML and not self.hopeless:
                self.hopeless = True
                self.diagnostics.append(too_hard(self.path, block[0] + self.start + self.first_line))
        if not found[3]:
            return found[0]
        start, end = found.start(3) - found.start(), found.end(3) - found.start()
        cell = self.settings.html == "safe" and found[2].lower() in ("td", "th")
        attributes = _RAW_ATTRIBUTE.sub(lambda one: self._raw_attribute(one, block, cell=cell), found[3])
        return found[0][:start] + attributes + found[0][end:]

    def _raw_attribute(self, found: re.Match[str], block: tuple[int, int], *, cell: bool) -> str:
        from html import unescape

        name, value = found[1].lower(), found[3] or ""
        if cell and name == "style" and (aligned := _ALIGNED.fullmatch(value.strip("\"'"))):
            return f'class="align-{aligned[1].lower()}"'
        if name not in (*_RAW_URLS, "srcset") or not value:
            return found[0]
        written = value[1:-1] if value[0] in "\"'" else value
        if name == "srcset":
            for one in written.split(","):
                self._shows(one.strip().partition(" ")[0])
            return found[0]
        url = unescape(written)
        scheme = _SCHEME.match(re.sub(r"[\x00-\x20]", "", url))
        ours = scheme is not None and scheme[0].lower() == REFERENCE
        if scheme and scheme[1].lower() not in SCHEMES and (ours or self.settings.html == "safe"):
            self._refuse(url, written, block)
            return ""
        if scheme or name not in ("href", "src") or not url or url.startswith(("#", "//")):
            self._shows(url if name in ("src", "poster") else "")
            return found[0]
        return f'{found[1]}{found[2]}"{self._reference(url, block, image=name == "src")}"'


def origin_of(url: str) -> str:
    """Scheme, host and port of what is on another site; empty of all else, and where the host is none."""
    if not (found := _ORIGIN.match(url)):
        return ""
    try:
        host = found[2].encode("idna").decode().lower()
    except ValueError:
        return ""
    return f"{(found[1] or 'https:').lower()}//{host}{found[3] or ''}"


def _decoded(url: str) -> str:
    if "%" not in url:
        return url
    from urllib.parse import unquote

    return unquote(url)


def _text(children: Iterable[Token]) -> str:
    return "".join(child.content for child in children if child.type in ("text", "code_inline")).strip()


def _offences(html: str) -> Iterator[tuple[str, str]]:
    """What the allow-list will remove: a name for it, and the text to look for in the source."""
    for closing, name, attributes in _RAW_TAG.findall(_COMMENT.sub("", html)):
        tag = name.lower()
        if tag not in TAGS:
            if not closing:
                yield f"<{tag[:30]}>", f"<{name}"
            continue
        for attribute, _, value in _RAW_ATTRIBUTE.findall(attributes):
            key = attribute.lower()
            allowed = key in _ANY or key in _ATTRIBUTES.get(tag, ()) or key.startswith(("data-", "aria-"))
            if not allowed or (key == "style" and not _ALIGNED.fullmatch(value.strip("\"'"))):
                yield f'attribute "{key[:30]}" of <{tag}>', attribute


def _cleaned(html: str) -> str:
    import nh3

    attributes = {tag: set(names) - {"style"} for tag, names in _ATTRIBUTES.items()}
    attributes["*"] = set(_ANY)
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes=attributes,
        generic_attribute_prefixes={"data-", "aria-"},
        url_schemes={*SCHEMES, REFERENCE.rstrip(":")},
        link_rel=None,
    )


def _long(state: StateCore) -> None:
    """Takes out what is too long to be read, and notes its line and how long it is."""
    for token in state.tokens:
        if token.type == "inline" and len(token.content) > _LONGEST:
            line = token.map[0] if token.map else 0
            state.env.setdefault("long", []).append((line, len(token.content)))
            token.content = ""


def _patient(rule: Callable[[StateInline, bool], bool], opening: str) -> Callable[[StateInline, bool], bool]:
    """A rule that each time reads to the end for what closes its `opening`; where that never comes it is given up."""

    def tried(state: StateInline, silent: bool) -> bool:
        if not state.src.startswith(opening, state.pos) or (left := state.cache.get(-1, _PATIENCE)) < 0:
            return False
        done = rule(state, silent)
        if not done:
            state.cache[-1] = left - (state.posMax - state.pos)  # the keys of the parser's own are places
        return done

    return tried


def _marker(_: Any, tokens: list[Token], index: int, __: Any, ___: Any) -> str:
    kind, directive = tokens[index].type.removeprefix("directive_"), tokens[index].meta["directive"]
    return blocks.marker(kind, directive.number) if directive.name else ""


def _pictures(tokens: list[Token], index: int, *, framed: bool) -> None:
    """Takes the paragraph away from around pictures that stand alone in it, and frames each with its title."""
    paragraph, children = tokens[index - 1], tokens[index].children or []
    kinds = {child.type for child in children if child.content.strip() or child.type != "text"}
    if paragraph.type != "paragraph_open" or not kinds <= {"image", "softbreak", "link_open", "link_close"}:
        return
    paragraph.hidden = tokens[index + 1].hidden = True
    if framed:
        tokens[index].children = [piece for child in children for piece in _framed(child)]


def _framed(child: Token) -> Iterator[Token]:
    if child.type != "image":
        yield child
        return
    title = prose.escaped(str(child.attrs.pop("title", "")))
    caption = f"<figcaption>{title}</figcaption>" if title else ""
    yield type(child)("html_inline", "", 0, content="<figure>")
    yield child
    yield type(child)("html_inline", "", 0, content=f"{caption}</figure>")


def _fence(_: Any, tokens: list[Token], index: int, __: Any, env: dict[str, Any]) -> str:
    token = tokens[index]
    language = (token.info.split() or [""])[0]
    code = _highlighted(token.content, language) if language and env.get("highlight") else prose.escaped(token.content)
    name = f' class="language-{prose.escaped(language)}"' if language else ""
    return f'<div class="highlight"><pre><code{name}>{code}</code></pre></div>\n'


def _highlighted(code: str, language: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name  # pyright: ignore[reportUnknownVariableType]
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return prose.escaped(code)
    formatted: str = highlight(code, lexer, HtmlFormatter(nowrap=True))
    return formatted


def too_hard(path: str, line: int) -> Diagnostic:
    """What is said of a body on which the parser would give up."""
    message = "the text is nested too deeply to be rendered"
    return error("NG-205", Place(path, line), message, "Flatten its quotes, lists and HTML.")

"""The text of a WordPress post as Markdown: shortcodes, blocks, addresses that WordPress embeds, notes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from html import escape, unescape
from typing import Final, cast

import msgspec
from msgspec.structs import replace

from newsgen.importers.boilerplate import Cut, noted
from newsgen.importers.markup import Marked, markdown

FILM: Final = re.compile(
    r"https?://(?:(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:watch\?|shorts/|live/|embed/)|youtu\.be/|(?:www\.)?vimeo\.com/\d)\S+"
)
_QUOTED = r"\"[^\"]*\"|'[^']*'"
_SHORTCODE = re.compile(rf"(\[?)\[(/?)([A-Za-z][\w-]*)((?:(?:[\s=]|(?<=[\s=\w]))(?:[^\[\]\"']|{_QUOTED})*+)?)\](\]?)")
_ATTRIBUTE = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"']+))|\"([^\"]*)\"|'([^']*)'|([^\s\"']+)")
_CODE = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>)", re.I | re.S)
_LONE = re.compile(r"(?m)^[ \t]*(<p>)?[ \t]*(https?://[^\s<>\"]+)[ \t]*(</p>)?[ \t]*$")
_COMMENT = re.compile(r"<!--\s*(/?)(.*?)-->", re.S)
_PICTURE = re.compile(r"\s*((?:<a\s[^>]*>\s*)?<img\s[^>]*>(?:\s*</a>)?)(.*)", re.S)
_NOTE = re.compile(r"<sup\s[^>]*data-fn=\"([^\"]+)\"[^>]*>.*?</sup>", re.S)
_PROSE: Final = frozenset(("sic", "citation", "update", "updated", "edit", "note", "video", "audio", "photo", "laughs"))
_SOURCES: Final = {
    "video": ("src", "mp4", "m4v", "webm", "ogv", "flv"),
    "audio": ("src", "mp3", "m4a", "ogg", "wav", "wma"),
}
_PLAIN_BLOCKS: Final = ("more", "nextpage", "spacer", "separator", "paragraph", "html", "freeform", "footnotes")


class Attachment(msgspec.Struct, frozen=True):
    """A file of the media library: where it is, what it shows, and the post that it was put into."""

    url: str
    alt: str = ""
    caption: str = ""
    parent: str = ""


class Texts(msgspec.Struct, frozen=True):
    """What a post's text may refer to: files of the library, and texts of reusable blocks, by id."""

    attachments: Mapping[str, Attachment] = {}
    reusable: Mapping[str, str] = {}


def text(html: str, line: int, id: str, meta: Mapping[str, str], texts: Texts, link: Callable[[str], str]) -> Marked:
    """The Markdown of the post `id`, whose text begins on line `line` of the export."""
    html = html.replace("\r\n", "\n")
    page = _Text(id, texts, line, html)
    notes, html = _noted(html, meta.get("footnotes", ""))
    blocks = "<!-- wp:" in html
    html = _COMMENT.sub(page.comment, html)
    parts = _CODE.split(html)
    parts[::2] = [_LONE.sub(_embedded, page.shortcodes(part)) for part in parts[::2]]
    made = markdown("".join(parts), line, breaks=not blocks, link=link)
    written = [made.text, *(f"[^{n}]: {markdown(note, link=link).text}" for n, note in enumerate(notes, 1) if note)]
    return replace(
        made,
        text="\n\n".join(filter(None, written)),
        cuts=(*page.cuts, *made.cuts),
        losses=(*page.losses, *made.losses),
    )


class _Text:
    """One text, and what its shortcodes and comments lose."""

    def __init__(self, id: str, texts: Texts, line: int, html: str) -> None:
        self.id, self.texts, self.line, self.html = id, texts, line, html
        self.cuts: list[Cut] = []
        self.losses: list[Cut] = []

    def note(self, where: list[Cut], written: str, reason: str) -> None:
        number = self.line + self.html.count("\n", 0, max(0, self.html.find(written)))
        where.append(noted(number, written, reason))

    def comment(self, found: re.Match[str]) -> str:
        """A comment of the block editor: its text is between the two, if it has any."""
        name = re.match(r"wp:([\w/-]+)\s*(\{.*\})?\s*(/?)$", found[2].strip(), re.S)
        if name is None or found[1]:
            if re.match(r"more\b|nextpage", found[2]):
                self.note(self.cuts, found[0], "the end of a teaser" if found[2][0] == "m" else "a division into pages")
            return ""
        if name[3] and name[1] not in _PLAIN_BLOCKS:
            ref = re.search(r'"ref":\s*(\d+)', name[2] or "")
            if name[1] == "block" and ref and (inner := self.texts.reusable.get(ref[1])):
                return re.sub(r"<!--.*?-->", "", inner, flags=re.S)
            self.note(self.cuts, found[0], f'a block that WordPress fills when a page is shown: "{name[1]}"')
        return ""

    def shortcodes(self, html: str) -> str:
        written: list[str] = []
        at = 0
        while found := _SHORTCODE.search(html, at):
            written.append(html[at : found.start()])
            name, at = found[3].lower(), found.end()
            if found[1] and found[5]:  # [[name]] is what it looks like
                written.append(found[0][1:-1])
                continue
            written.append(found[1])
            at -= len(found[5])
            end = (
                re.compile(rf"\[/{re.escape(name)}\]", re.I).search(html, at)
                if not found[2] and name in _CLOSED
                else None
            )
            inner = html[at : end.start()] if end else ""
            made = "" if found[2] else self.made(name, _attributes(found[4]), inner)
            if made:
                at = end.end() if end else at
                written.append(made)
                continue
            shortcode = html[found.start() + len(found[1]) : at]
            written.append(shortcode)
            if not found[2] and _looks_like_one(html, found, name):
                self.note(self.losses, shortcode, f'an unknown shortcode: "{name}"')
        return "".join([*written, html[at:]])

    def made(self, name: str, attributes: dict[str, str], inner: str) -> str:
        """The HTML of a shortcode; empty where it is not known, or lacks what it shows."""
        first = attributes.get("0", "")
        if name in ("caption", "wp_caption") and (found := _PICTURE.match(inner)):
            return (
                f"<figure>{found[1]}<figcaption>{attributes.get('caption') or found[2].strip()}</figcaption></figure>"
            )
        if name == "gallery":
            return self._gallery(attributes.get("ids") or attributes.get("include", ""))
        if name in _SOURCES:
            src = next((attributes[key] for key in _SOURCES[name] if attributes.get(key)), first or inner.strip())
            poster = f' poster="{escape(attributes["poster"])}"' if attributes.get("poster") else ""
            return f'<{name} src="{escape(unescape(src))}"{poster}></{name}>' if src else ""
        if name in ("embed", "youtube", "vimeo", "dailymotion", "ted", "soundcloud", "tweet", "instagram"):
            return _framed(name, unescape(attributes.get("url") or attributes.get("id") or first or inner.strip()))
        if name in ("code", "sourcecode", "highlight") and inner:
            language = attributes.get("language") or attributes.get("lang", "")
            return f'<pre><code class="language-{escape(language)}">{escape(unescape(inner))}</code></pre>'
        return ""

    def _gallery(self, ids: str) -> str:
        names = re.findall(r"\d+", ids) or [id for id, one in self.texts.attachments.items() if one.parent == self.id]
        found = [(id, self.texts.attachments.get(id)) for id in names]
        for id in [id for id, one in found if one is None]:
            self.note(self.cuts, "[gallery", f"picture {id} of a gallery is not in the export")
        shown = [
            f'<figure><img src="{escape(one.url)}" alt="{escape(one.alt)}">'
            f"<figcaption>{one.caption}</figcaption></figure>"
            for _, one in found
            if one
        ]
        return f'<figure class="gallery">{"".join(shown)}</figure>' if shown else ""


_CLOSED: Final = frozenset(
    "caption wp_caption embed video audio code sourcecode highlight youtube vimeo dailymotion ted soundcloud".split()
)


def _looks_like_one(html: str, found: re.Match[str], name: str) -> bool:
    """Whether a word in brackets is a shortcode: it has attributes or an end, or stands alone on its line."""
    if found[4].strip():
        return "=" in found[4] or f"[/{name}]" in html.lower()
    if name in _PROSE:
        return False
    before, after = html[: found.start()].rpartition("\n")[2], html[found.end() :].partition("\n")[0]
    alone = not re.sub(r"</?p>", "", before + after).strip()
    return alone or "_" in name or "-" in name or f"[/{name}]" in html.lower()


def _attributes(text: str) -> dict[str, str]:
    """The attributes of a shortcode; the first without a name is "0"."""
    found: dict[str, str] = {}
    for name, *values in cast("list[tuple[str, ...]]", _ATTRIBUTE.findall(text.strip().removeprefix("="))):
        value = next((value for value in values if value), "")
        found.setdefault(name.lower() or "0", value)
    return found


def _framed(name: str, url: str) -> str:
    if name == "youtube" and re.fullmatch(r"[\w-]{11}", url):
        url = f"https://www.youtube.com/watch?v={url}"
    if name == "vimeo" and url.isdigit():
        url = f"https://vimeo.com/{url}"
    return f'<iframe src="{escape(url)}"></iframe>' if re.match(r"https?://", url) else ""


def _embedded(found: re.Match[str]) -> str:
    """An address on a line of its own: a film is shown, all else is a link."""
    url = unescape(found[2])
    if FILM.fullmatch(url):
        return f'<iframe src="{escape(url)}"></iframe>'
    return f'{found[1] or ""}<a href="{escape(url)}">{escape(url)}</a>{found[3] or ""}'


def _noted(html: str, stated: str) -> tuple[Sequence[str], str]:
    """The notes of a text, numbered as they are first named, and the text with their numbers."""
    try:
        known = {one["id"]: one["content"] for one in json.loads(stated or "[]")}
    except (ValueError, TypeError, KeyError):
        known = {}
    order: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        if found[1] not in known:
            return found[0]
        return f'<sup data-fn="{order.setdefault(found[1], len(order) + 1)}"></sup>'

    html = _NOTE.sub(number, html)
    return [str(known[id]) for id in order], html

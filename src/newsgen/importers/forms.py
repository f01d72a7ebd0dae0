"""Known forms of lines that are no text of an article, by language: the promises, buttons and lists of a web page.

A pattern must fit the whole line, folded and stripped of bullets, arrows and final colons. A form says where in a text
its lines are cut: "head" is above the first real paragraph, "tail" below the last, "middle" between them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

import msgspec

from newsgen.importers.text import folded

Zone = Literal["head", "middle", "tail"]

LONGEST: Final = 120  # characters: what is longer is prose, whatever it begins with

_EDGES: Final[tuple[Zone, ...]] = ("head", "tail")
_ANYWHERE: Final[tuple[Zone, ...]] = ("head", "middle", "tail")


class Form(msgspec.Struct, frozen=True):
    """A known form. `opens` is true of a heading below which, at the tail, a list of other articles follows."""

    name: str
    zones: tuple[Zone, ...]
    patterns: tuple[str, ...]
    opens: bool = False

    def fits(self, line: str) -> bool:
        return _compiled(self.patterns).fullmatch(line) is not None


_MAILING = r"\b(?:newsletters?|e-?mails?|inbox|alerts?|briefings?|bulletins?|digest)\b"
_LETTER = r"\b(?:newsletters?|e-?mails?|inbox|updates?|alerts?|briefings?|bulletins?|digest|letter|edition)\b"
_NETWORK = (
    r"(?:facebook|twitter|x|whatsapp|linkedin|reddit|telegram|pinterest|instagram|tiktok|threads|mastodon|bluesky|"
    r"youtube|flipboard|messenger|e-?mail|mail|sms|print|copy link|link|social media|google news|rss)"
)
_NETWORKS = rf"(?:{_NETWORK}(?:[ ,|/·•&]+(?:and )?|$))+"
_WORK = r"(?:journalism|journalists|reporting|work|newsroom|news)"
_PIECE = r"(?:articles?|story|stories|posts?|page|report|video|news|topics?|content|coverage|links?|reading)"

ENGLISH: Final = (
    Form(
        "newsletter",
        _EDGES,
        (
            r"(?:stay|keep) (?:up[ -]to[ -]date|informed|in the loop|ahead)(?: (?:with|on|of) .+)?",
            r"(?:sign|signing) up(?: (?:now|here|today|free|for free))?(?: (?:for|to) .+)?",
            r"subscribe(?: (?:now|here|today|free|for free))?(?: (?:to|for) .+)?",
            r"(?:our|the|free|daily|weekly|morning|evening|e-?mail) newsletters?",
        ),
    ),
    Form(
        "newsletter",
        _ANYWHERE,
        (
            rf"(?:sign|signing) up .*{_LETTER}.*",
            rf"(?:subscribe|register) .*{_LETTER}.*",
            rf"(?:get|receive|join|try|want|don't miss|enter) .*{_MAILING}.*",
        ),
    ),
    Form(
        "subscription",
        _EDGES,
        (
            r"(?:subscribe|register|sign in|log in) to (?:continue|keep|read)\b.*",
            r"(?:register|create (?:a|your) (?:free )?account)(?: (?:now|here|for free|free))?",
            r"already (?:a subscriber|a member|registered|have an account)\??(?: (?:sign|log) ?in(?: here)?)?",
            r"(?:sign|log) ?in(?: here)?",
            r"(?:enter )?your e-?mail(?: address)?",
        ),
    ),
    Form(
        "support",
        _EDGES,
        (
            rf"(?:please )?support (?:us|(?:our|independent|local|quality|free) {_WORK})(?: .+)?",
            r"(?:donate|make a donation)(?: (?:now|today|here))?",
            r"become a (?:member|supporter|subscriber|patron)(?: (?:now|today|here))?",
        ),
    ),
    Form("share", _ANYWHERE, (rf"share (?:this|the) {_PIECE}(?: .+)?",)),
    Form(
        "share",
        _EDGES,
        (
            r"sharing is caring",
            rf"share(?: (?:this|it))?(?: (?:on|via|with|to|by) .+|[: ]+{_NETWORKS})?",
            r"pass it on|spread the word|tell (?:a friend|your friends)|like this|shares?",
            _NETWORKS,
            r"copy (?:the )?link",
            rf"(?:e-?mail|print|save|bookmark|tweet|like|gift)(?: (?:this|the))?(?: {_PIECE})?",
            r"\d[\d.,]*k? (?:shares?|likes?|views?|reads?)",
        ),
    ),
    Form("follow", _EDGES, (rf"(?:follow|like|find|join) [@\w .]{{1,30}} (?:on|at) {_NETWORKS}", r"follow us")),
    Form(
        "comments",
        _EDGES,
        (
            r"(?:leave|post|add|write|make|submit) (?:a|your) (?:comment|reply|response)",
            r"(?:view|show|read|hide|see|load) (?:all |the |more |\d+ )*comments?(?: ?\(\d+\))?",
            r"(?:comments?|replies|responses|discussion|reader comments)(?: ?[(\[]?\d+[)\]]?)?",
            r"(?:\d+|no) (?:comments?|repl(?:y|ies)|responses?)(?: yet)?",
            r"(?:join|start) the (?:conversation|discussion|debate)",
            r"comments? (?:are|is) (?:now )?(?:closed|off|disabled)(?: .+)?",
            r"be the first to (?:comment|reply)|have your say|what do you think\??|cancel reply",
            r"your e-?mail address will not be published(?: .+)?",
        ),
    ),
    Form(
        "contact",
        ("tail",),
        (
            r"(?:write|send a letter) to (?:the editors?|us)|letters? to the editors?",
            r"(?:contact|e-?mail) (?:us|the (?:editors?|authors?|reporters?|newsroom))|got a (?:news )?tip\??",
        ),
    ),
    Form(
        "related",
        _ANYWHERE,
        (
            rf"related(?: {_PIECE})?: .+",
            r"(?:also read|read also|read more|read next|see also|don't miss|up next): .+",
        ),
    ),
    Form(
        "related",
        ("tail",),
        (
            rf"related(?: {_PIECE})?",
            r"also read|read (?:also|more|next)|see (?:also|more)|don't miss|up next|what to read next",
            rf"more (?:on|about) (?:this|the)(?: {_PIECE})?|more (?:from|in|on) .+|more {_PIECE}",
            r"(?:most|top) (?:read|popular|viewed|shared|commented|stories|news)(?: .+)?",
            r"you (?:may|might) (?:also )?(?:like|be interested in|have missed)(?: .+)?",
            rf"(?:recommended|trending|popular|latest|in other news)(?: (?:now|for you|{_PIECE}))?",
            r"editor'?s'? (?:picks?|choice)",
        ),
        opens=True,
    ),
    Form("related", ("tail",), (r"(?:previous|next|older|newer) (?:article|story|post)s?(?:: .+)?",)),
    Form("topics", ("tail",), (r"(?:topics?|tags?|tagged|filed under|categor(?:y|ies)|posted in|keywords)(?:: .+)?",)),
    Form(
        "advertisement",
        _ANYWHERE,
        (
            r"advertisements?(?: ?[-|] ?(?:continue|scroll|story|article|keep)\b.*)?|advertising|ad",
            r"(?:story|article|text) continues (?:below|after|underneath)\b.*",
            r"(?:continue reading|keep reading|scroll(?: down)? to continue)(?: .+)?",
            r"(?:sponsored|promoted)(?: (?:content|links?|stories))?",
        ),
    ),
    Form(
        "photo credit",
        _ANYWHERE,
        (
            r"(?:file )?(?:photo|image|picture|photograph|illustration|graphic)s?: .+",
            r"(?:photo|image|picture) (?:credit|source|courtesy|by)s?: .+",
            r"(?:photo|image|picture)s? (?:by|courtesy of|credit)(?: [^ ]+){1,4}",
            r"image (?:source|caption)s?\b.*|credits?: .+|file (?:photo|image|picture)",
        ),
    ),
    Form(
        "navigation",
        _EDGES,
        (
            r"skip to (?:main )?(?:content|navigation|article)|(?:main )?menu|home|search|navigation|close",
            r"back to (?:top|home|news|the top)|next|previous|loading|breadcrumbs?",
            r"listen(?: to (?:this |the )?(?:article|story)(?: .+)?)?",
        ),
    ),
    Form("navigation", ("head",), (r"(?:home|news) [>/»›|] .+",)),
    Form(
        "reading time",
        _EDGES,
        (
            r"(?:reading time:? )?(?:\d+|one|two|three)[ -]?min(?:ute)?s?(?: (?:read|reading time))?",
            r"reading time: .+",
        ),
    ),
    Form("reading time", ("head",), (r"\d+ (?:min(?:ute)?|hour|day|week)s? ago",)),
    Form(
        "legal",
        _EDGES,
        (r"(?:we use cookies|this (?:web)?site uses cookies)\b.*|accept(?: all)?(?: cookies)?",),
    ),
    Form(
        "legal",
        ("tail",),
        (
            r"(?:©|\(c\)|copyright)(?: |©).*|(?:.{0,40}\b)?all rights reserved",
            r"(?:privacy|cookie) (?:policy|notice|settings)|terms (?:of|and|&) (?:use|service|conditions)|about us",
        ),
    ),
)

BY_LANGUAGE: Final[dict[str, tuple[Form, ...]]] = {"en": ENGLISH}

_TRIM = " :;.!»›>→↓*•·-–—|"


def forms_of(language: str) -> tuple[Form, ...]:
    """The forms known for a language tag ("pt-BR" reads as "pt"); English ones are looked for on every page."""
    own = BY_LANGUAGE.get(language.split("-")[0].lower(), ENGLISH)
    return own if own is ENGLISH else (*own, *ENGLISH)


def form_of(text: str, zone: Zone, language: str) -> Form | None:
    """The known form that the line has, of those that are cut in `zone`."""
    if len(text) > LONGEST:
        return None
    line = folded(text.strip(_TRIM)).strip(_TRIM)
    if _any_of(zone, language).fullmatch(line) is None:
        return None
    return next(form for form in forms_of(language) if zone in form.zones and form.fits(line))


@lru_cache(maxsize=32)
def _any_of(zone: Zone, language: str) -> re.Pattern[str]:
    """One pattern for all forms of a zone: nearly every line of a text is none of them."""
    return _compiled(tuple(one for form in forms_of(language) if zone in form.zones for one in form.patterns))


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))

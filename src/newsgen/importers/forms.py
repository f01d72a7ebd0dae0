"""Known forms of lines that are no text of an article, by language: the promises, buttons and lists of a web page.

A pattern must fit the whole line, folded and stripped of bullets, arrows and final colons. A form says where in a text
its lines are cut: "head" is above the first real paragraph, "tail" below the last, "middle" between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal

import msgspec

from newsgen.importers.text import folded

Zone = Literal["head", "middle", "tail"]

LONGEST: Final = 120  # characters: what is longer is prose, whatever it begins with


class Form(msgspec.Struct, frozen=True):
    """A known form. `opens` is true of a heading below which, at the tail, a list of other articles follows."""

    name: str
    zones: frozenset[str]
    pattern: str
    opens: bool


_MAILING = r"\b(?:newsletters?|e-?mails?|inbox|alerts?|briefings?|bulletins?|digest)\b"
_LETTER = r"\b(?:newsletters?|e-?mails?|inbox|updates?|alerts?|briefings?|bulletins?|digest|letter|edition)\b"
_NETWORK = (
    r"(?:facebook|twitter|x|whatsapp|linkedin|reddit|telegram|pinterest|instagram|tiktok|threads|mastodon|bluesky|"
    r"youtube|flipboard|messenger|e-?mail|mail|sms|print|copy link|link|social media|google news|rss)"
)
_NETWORKS = rf"(?:{_NETWORK}(?:[ ,|/·•&]+(?:and )?|$))+"
_WORK = r"(?:journalism|journalists|reporting|work|newsroom|news)"
_PIECE = r"(?:articles?|story|stories|posts?|page|report|video|news|topics?|content|coverage|links?|reading)"

# A line for each form with its zones, and below it its patterns. "opens" is said of a heading: see `Form`.
_ENGLISH: Final = rf"""
# newsletter: head tail
(?:stay|keep) (?:up[ -]to[ -]date|informed|in the loop|ahead)(?: (?:with|on|of) .+)?
(?:sign|signing) up(?: (?:now|here|today|free|for free))?(?: (?:for|to) .+)?
subscribe(?: (?:now|here|today|free|for free))?(?: (?:to|for) .+)?
(?:our|the|free|daily|weekly|morning|evening|e-?mail) newsletters?
# newsletter: head middle tail
(?:sign|signing) up .*{_LETTER}.*
(?:subscribe|register) .*{_LETTER}.*
(?:get|receive|join|try|want|don't miss|enter) .*{_MAILING}.*
# subscription: head tail
(?:subscribe|register|sign in|log in) to (?:continue|keep|read)\b.*
(?:register|create (?:a|your) (?:free )?account)(?: (?:now|here|for free|free))?
already (?:a subscriber|a member|registered|have an account)\??(?: (?:sign|log) ?in(?: here)?)?
(?:sign|log) ?in(?: here)?
(?:enter )?your e-?mail(?: address)?
# support: head tail
(?:please )?support (?:us|(?:our|independent|local|quality|free) {_WORK})(?: .+)?
(?:donate|make a donation)(?: (?:now|today|here))?
become a (?:member|supporter|subscriber|patron)(?: (?:now|today|here))?
# share: head middle tail
share (?:this|the) {_PIECE}(?: .+)?
# share: head tail
sharing is caring
share(?: (?:this|it))?(?: (?:on|via|with|to|by) .+|[: ]+{_NETWORKS})?
pass it on|spread the word|tell (?:a friend|your friends)|like this|shares?
{_NETWORKS}
copy (?:the )?link
(?:e-?mail|print|save|bookmark|tweet|like|gift)(?: (?:this|the))?(?: {_PIECE})?
\d[\d.,]*k? (?:shares?|likes?|views?|reads?)
# follow: head tail
(?:follow|like|find|join) [@\w .]{{1,30}} (?:on|at) {_NETWORKS}
follow us
# comments: head tail
(?:leave|post|add|write|make|submit) (?:a|your) (?:comment|reply|response)
(?:view|show|read|hide|see|load) (?:all |the |more |\d+ )*comments?(?: ?\(\d+\))?
(?:comments?|replies|responses|discussion|reader comments)(?: ?[(\[]?\d+[)\]]?)?
(?:\d+|no) (?:comments?|repl(?:y|ies)|responses?)(?: yet)?
(?:join|start) the (?:conversation|discussion|debate)
comments? (?:are|is) (?:now )?(?:closed|off|disabled)(?: .+)?
be the first to (?:comment|reply)|have your say|what do you think\??|cancel reply
your e-?mail address will not be published(?: .+)?
# contact: tail
(?:write|send a letter) to (?:the editors?|us)|letters? to the editors?
(?:contact|e-?mail) (?:us|the (?:editors?|authors?|reporters?|newsroom))|got a (?:news )?tip\??
# related: head middle tail
related(?: {_PIECE})?: .+
(?:also read|read also|read more|read next|see also|don't miss|up next): .+
# related: tail opens
related(?: {_PIECE})?
also read|read (?:also|more|next)|see (?:also|more)|don't miss|up next|what to read next
more (?:on|about) (?:this|the)(?: {_PIECE})?|more (?:from|in|on) .+|more {_PIECE}
(?:most|top) (?:read|popular|viewed|shared|commented|stories|news)(?: .+)?
you (?:may|might) (?:also )?(?:like|be interested in|have missed)(?: .+)?
(?:recommended|trending|popular|latest|in other news)(?: (?:now|for you|{_PIECE}))?
editor'?s'? (?:picks?|choice)
# related: tail
(?:previous|next|older|newer) (?:article|story|post)s?(?:: .+)?
# topics: tail
(?:topics?|tags?|tagged|filed under|categor(?:y|ies)|posted in|keywords)(?:: .+)?
# advertisement: head middle tail
advertisements?(?: ?[-|] ?(?:continue|scroll|story|article|keep)\b.*)?|advertising|ad
(?:story|article|text) continues (?:below|after|underneath)\b.*
(?:continue reading|keep reading|scroll(?: down)? to continue)(?: .+)?
(?:sponsored|promoted)(?: (?:content|links?|stories))?
# photo credit: head middle tail
(?:file )?(?:photo|image|picture|photograph|illustration|graphic)s?: .+
(?:photo|image|picture) (?:credit|source|courtesy|by)s?: .+
(?:photo|image|picture)s? (?:by|courtesy of|credit)(?: [^ ]+){{1,4}}
image (?:source|caption)s?\b.*|credits?: .+|file (?:photo|image|picture)
# navigation: head tail
skip to (?:main )?(?:content|navigation|article)|(?:main )?menu|home|search|navigation|close
back to (?:top|home|news|the top)|next|previous|loading|breadcrumbs?
listen(?: to (?:this |the )?(?:article|story)(?: .+)?)?
# navigation: head
(?:home|news) [>/»›|] .+
# reading time: head tail
(?:reading time:? )?(?:\d+|one|two|three)[ -]?min(?:ute)?s?(?: (?:read|reading time))?
reading time: .+
# reading time: head
\d+ (?:min(?:ute)?|hour|day|week)s? ago
# legal: head tail
(?:we use cookies|this (?:web)?site uses cookies)\b.*|accept(?: all)?(?: cookies)?
# legal: tail
(?:©|\(c\)|copyright)(?: |©).*|(?:.{{0,40}}\b)?all rights reserved
(?:privacy|cookie) (?:policy|notice|settings)|terms (?:of|and|&) (?:use|service|conditions)|about us
"""


def _forms(table: str) -> Iterator[Form]:
    for part in table.strip("# \n").split("\n# "):
        head, *patterns = part.split("\n")
        name, zones = head.split(": ")
        yield Form(name, frozenset(zones.split()), "|".join(patterns), "opens" in zones)


BY_LANGUAGE: Final = {"en": tuple(_forms(_ENGLISH))}

_TRIM = " :;.!»›>→↓*•·-–—|"


def forms_of(language: str) -> tuple[Form, ...]:
    """The forms known for a language tag ("pt-BR" reads as "pt"); English ones are looked for on every page."""
    own, english = BY_LANGUAGE.get(language.split("-")[0].lower(), ()), BY_LANGUAGE["en"]
    return english if own is english else (*own, *english)


def form_of(text: str, zone: Zone, language: str) -> Form | None:
    """The known form that the line has, of those that are cut in `zone`."""
    if len(text) > LONGEST:
        return None
    line = folded(text.strip(_TRIM)).strip(_TRIM)
    if _compiled(_any_of(zone, language)).fullmatch(line) is None:
        return None
    return next(one for one in forms_of(language) if zone in one.zones and _compiled(one.pattern).fullmatch(line))


@lru_cache(maxsize=32)
def _any_of(zone: Zone, language: str) -> str:
    """One pattern for all forms of a zone: nearly every line of a text is none of them."""
    return "|".join(form.pattern for form in forms_of(language) if zone in form.zones)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)

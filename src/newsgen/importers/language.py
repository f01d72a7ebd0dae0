"""The language of a text: by its script, its letters, or the small words that make up a third of any text."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from typing import Final

ENOUGH: Final = 25  # words, or signs of a script, from which a text tells its language
SHARE: Final = 0.1  # of its words that must be small words of the language
LEAD: Final = 1.25  # times as many as of any other

_SMALL: Final = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to in is was for that on with as he it at by from his an were which are this had not but",
        "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus",
        "fr": "de la le et les des en un une du est dans que qui pour au par sur il pas plus ne se a été avec son ce",
        "es": "de la que el en y los del se las por un para con no una su al es lo como más fue pero sus ha este",
        "pt": "de que e do da em um para com não uma os no se na por mais as dos como mas foi ao ele das tem seu sua",
        "it": "di e il la che in un per del è una della con non i si da al sono le più dei ha alla nel gli lo ma",
        "nl": "de van een het en in is dat op te zijn met voor niet aan er om ook als door maar bij naar uit was hij",
        "sv": "och i att en som det på är av för med till den har inte om ett de var från men vid så kan ska",
        "da": "og i at en af er det til på som med for den der ikke har et de var fra men ved han kan skal blev",
        "nb": "og i at en av er det til på som med for den ikke har et de var fra men ved han kan skal ble etter",
        "fi": "ja on ei että se oli hän mutta ovat joka myös kun kuin sen tai niin mukaan jo vain ole",
        "pl": "w i na z się do nie że jest to o jak za po od przez dla ale był są przy oraz tym ma jego",
        "cs": "a v se na je že s z do o k i za by po ale jako pro ve které jsou byl od tak při",
        "tr": "ve bir bu da de için ile olarak olan daha çok gibi sonra kadar olduğu ise en ne ama göre",
        "ro": "de și în a la cu pe nu o din că un să care mai este pentru au fost ce sunt prin după",
        "hu": "a az és hogy nem is egy van volt de ez meg már csak azt mint el kell lehet vagy még",
        "id": "yang dan di dari untuk dengan pada ini itu dalam tidak akan ke oleh juga sebagai telah adalah",
        "vi": "và của là các có không được cho một trong người với đã những này để khi cũng từ theo",
    }.items()
}
_OF: Final = {word: [of for of, small in _SMALL.items() if word in small] for some in _SMALL.values() for word in some}
TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
"""A language as front matter names it."""

_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS: Final = (  # the first that fits, with the share of its signs among the letters
    ("ja", r"[\u3040-\u30ff]", 0.1),
    ("zh", r"[\u3400-\u9fff]", 0.3),
    ("ko", r"[\uac00-\ud7af]", 0.3),
    ("ur", r"[ٹڈڑےں]", 0.02),
    ("fa", r"[پچژگ]", 0.02),
    ("ar", r"[\u0600-\u06ff]", 0.3),
    ("he", r"[\u0590-\u05ff]", 0.3),
    ("el", r"[\u0370-\u03ff]", 0.3),
    ("th", r"[\u0e00-\u0e7f]", 0.3),
    ("hi", r"[\u0900-\u097f]", 0.3),
    ("uk", r"[іїєґ]", 0.02),
    ("sr", r"[ђјљњћџ]", 0.02),
    ("ru", r"[ыэ]", 0.005),
    ("bg", r"[\u0400-\u04ff]", 0.3),
)
_COMPILED: Final = tuple((language, re.compile(pattern), share) for language, pattern, share in _SCRIPTS)


def language_of(text: str) -> str:
    """The language tag of a text; empty where it does not tell."""
    words = _WORD.findall(text.lower())
    if len(text.encode("utf-8", "replace")) > 1.25 * len(text):  # most letters of other scripts have two or three bytes
        letters = "".join(words)
        for language, pattern, share in _COMPILED:
            if letters and len(letters) >= ENOUGH and len(pattern.findall(letters)) >= share * len(letters):
                return language
    if len(words) < ENOUGH:
        return ""
    counts = Counter(chain.from_iterable(_OF[word] for word in words if word in _OF))
    if not counts:
        return ""
    (language, most), (_, next_most) = (*counts.most_common(2), ("", 0))[:2]
    return language if most >= SHARE * len(words) and most >= LEAD * next_most else ""

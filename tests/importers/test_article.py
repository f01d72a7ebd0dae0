"""Whole raw texts: what is stated, what is cut, and why. All texts are invented."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.importers import ballot
from newsgen.importers.article import Statement, headed, lines, statement
from newsgen.importers.boilerplate import Votes

FIRST = "The ferry to Holm was late again on Monday, the harbour office said, and nobody minded."
SECOND = "“We had the sun,” said its captain. “That is rare enough.”"
THIRD = "Holm has had a ferry since 1911, and a second one, which is mostly in repair, since 1974."


class Case(msgspec.Struct, kw_only=True):
    """A raw text without its three paragraphs (written ¶), and what it must come to."""

    text: str
    batch: Sequence[str] = ()
    file: str = "story.txt"
    title: str = "Ferry is late again"
    outlet: str = ""
    cut: Sequence[str] = ()
    authors: Sequence[str] = ()
    date: str = ""
    date_source: str = ""
    also_kept: Sequence[str] = ()
    said: Sequence[str] = ()


CASES = {
    "suffix proven by the repeated headline": Case(
        text="Ferry is late again - Coast News\n\nFerry is late again\n\n¶",
        outlet="Coast News",
        cut=["0-suffix", "Ferry is late again"],
    ),
    "suffix proven though quotes, case and spaces differ": Case(
        text='"Ferry" is  late again | Coast News\n“FERRY” is late again\n¶',
        title='"Ferry" is late again',
        outlet="Coast News",
        cut=["0-suffix", "“FERRY” is late again"],
    ),
    "suffix with a section before the outlet": Case(
        text="Ferry is late again | Transport | Coast News\n\nFerry is late again\n\n¶",
        outlet="Coast News",
        cut=["0-suffix", "Ferry is late again"],
    ),
    "outlet before the headline": Case(
        text="Coast News | Ferry is late again\n\nFerry is late again\n\n¶",
        outlet="Coast News",
        cut=["0-prefix", "Ferry is late again"],
    ),
    "a dash of the headline's own stays": Case(
        text="Ferry is late again - and nobody minds\n\n¶", title="Ferry is late again - and nobody minds"
    ),
    "a lone text proves no suffix": Case(
        text="Ferry is late again - Coast News\n\n¶", title="Ferry is late again - Coast News"
    ),
    "a label below the page's title is no headline": Case(
        text="Holm Bay: ferry is late again\n\nHolm Bay\n\n¶",
        title="Holm Bay: ferry is late again",
        also_kept=["Holm Bay"],
    ),
    "suffix told by the vote of the batch": Case(
        text="Ferry is late again — and nobody minds — Coast News\n\n¶",
        batch=["Bus is early — Coast News\n\n¶", "Tram is lost — Coast News\n\n¶"],
        title="Ferry is late again — and nobody minds",
        outlet="Coast News",
        cut=["0-suffix"],
    ),
    "a repeated headline that carries the suffix": Case(
        text="Ferry is late again — Coast News\n\nFerry is late again — Coast News\n\n¶",
        batch=["Bus is early — Coast News\n\n¶", "Tram is lost — Coast News\n\n¶"],
        outlet="Coast News",
        cut=["0-suffix", "Ferry is late again — Coast News"],
    ),
    "the headline keeps a part that only some of an outlet's titles carry": Case(
        text="Ferry is late again | Harbour Notes | Coast News\n\n¶",
        batch=[
            *["Bus is early | Harbour Notes | Coast News\n\n¶"] * 2,
            *["Tram is lost | Coast News\n\n¶"] * 2,
        ],
        title="Ferry is late again | Harbour Notes",
        outlet="Coast News",
        cut=["0-suffix"],
    ),
    "labels that recur are no outlets": Case(
        text="Ferry is late again | Q&A\n\n¶",
        batch=["Bus is early | Q&A\n\n¶", "Tram is lost | Q&A\n\n¶"],
        title="Ferry is late again | Q&A",
    ),
    "endings in small letters are no outlets": Case(
        text="Ferry is late again – what we know\n\n¶",
        batch=["Bus is early – what we know\n\n¶", "Tram is lost – what we know\n\n¶"],
        title="Ferry is late again – what we know",
    ),
    "promotions, buttons and headings of lists by their form": Case(
        text="Ferry is late again\n\nStay up to date with free updates\n\n¶\n\nSharing Is Caring:\n\n"
        "Related stories\n\nBus is early in Holm\n\nWhere is the tram?\n\nLeave a Comment",
        cut=[
            *("Stay up to date with free updates", "Sharing Is Caring:", "Related stories"),
            *("Bus is early in Holm", "Where is the tram?", "Leave a Comment"),
        ],
    ),
    "navigation above the headline": Case(
        text="Skip to main content\n\nFerry is late again\n\n¶", cut=["Skip to main content"]
    ),
    "a headline that looks like a promotion": Case(
        text="Subscribe to the ferry, says Holm\n\n¶", title="Subscribe to the ferry, says Holm"
    ),
    "between paragraphs only exact forms are cut": Case(
        text=f"Ferry is late again\n\n{FIRST}\n\nAdvertisement\n\n{SECOND}\n\nRelated: The bus is early\n\n"
        f"Share the sun\n\nPhoto: Ada Berg\n\n{THIRD}",
        cut=["Advertisement", "Related: The bus is early", "Photo: Ada Berg"],
        also_kept=["Share the sun"],
    ),
    "a sentence is never cut": Case(
        text="Ferry is late again\n\nSign up to be a captain, the harbour office said, and you will see the sun.\n\n"
        "¶\n\nShare this with your neighbours, said the captain, or they will never believe it.",
        also_kept=[
            "Sign up to be a captain, the harbour office said, and you will see the sun.",
            "Share this with your neighbours, said the captain, or they will never believe it.",
        ],
    ),
    "lines that recur over the batch at head and tail": Case(
        text="Ferry is late again\n\nThe paper of the bay\n\n¶\n\nWind: 12 knots\n\nHear it first",
        batch=["Bus is early\n\nThe paper of the bay\n\n¶\n\nWind: 7 knots\n\nHear it first"] * 2,
        cut=["The paper of the bay", "Wind: 12 knots", "Hear it first"],
    ),
    "a subheading that recurs here and there stays": Case(
        text=f"Ferry is late again\n\n{FIRST}\n\n{SECOND}\n\nWhat happens next\n\n{THIRD}",
        batch=[
            f"Bus is early\n\n{FIRST}\n\nWhat happens next\n\n{SECOND}\n\n{THIRD}",
            f"Tram is lost\n\n{FIRST}\n\nWhat happens next\n\n{THIRD}",
        ],
        also_kept=["What happens next"],
    ),
    "a byline and a date": Case(
        text="Ferry is late again\n\nBy Ada Berg and Bo Ek\n\nPublished 28 October 2026\n\n¶",
        cut=["By Ada Berg and Bo Ek", "Published 28 October 2026"],
        authors=["Ada Berg", "Bo Ek"],
        date="2026-10-28",
        date_source="line 2",
    ),
    "a sentence that begins with By": Case(
        text="Ferry is late again\n\nBy Monday the sun was gone\n\n¶", also_kept=["By Monday the sun was gone"]
    ),
    "a dateline gives the date and stays in the text": Case(
        text="Ferry is late again\n\nHOLM, 3 November 2026 — The boat was late, as it is whenever the sun is out.\n\n¶",
        also_kept=["HOLM, 3 November 2026 — The boat was late, as it is whenever the sun is out."],
        date="2026-11-03",
        date_source="dateline",
    ),
    "the name of the file gives the date": Case(
        text="Ferry is late again\n\n¶", file="seeds/2026-11-04-ferry.txt", date="2026-11-04", date_source="file name"
    ),
    "dates that differ are reported": Case(
        text="Ferry is late again\n\n5 November 2026\n\n¶",
        file="2026-11-04-ferry.txt",
        cut=["5 November 2026"],
        date="2026-11-05",
        date_source="line 1",
        said=["NG-115 file name says 2026-11-04, line 1 2026-11-05"],
    ),
    "a date that can be read two ways is none": Case(
        text="Ferry is late again\n\nPublished 03/04/2026\n\n¶",
        also_kept=["Published 03/04/2026"],
        said=['NG-112 "Published 03/04/2026" can be read as two dates'],
    ),
    "relative dates are no dates": Case(
        text="Ferry is late again\n\nOn Thursday, in the week of 3 May, it will be 43 years.\n\n¶",
        also_kept=["On Thursday, in the week of 3 May, it will be 43 years."],
    ),
    "a date of an update alone stays": Case(
        text="Ferry is late again\n\nUpdated 5 November 2026\n\n¶", also_kept=["Updated 5 November 2026"]
    ),
}


OTHERS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "de": (
        "Die Fähre kommt wieder zu spät",
        ("Jetzt unseren Newsletter abonnieren", "Artikel teilen", "Foto: Ada Berg/dpa", "Lesezeit: 3 Minuten"),
        ("Mehr zum Thema", "Der Bus war zu früh", "Kommentare (12)", "Folgen Sie uns auf Mastodon", "Impressum"),
    ),
    "fr": (
        "Le bac est encore en retard",
        ("Inscrivez-vous à notre newsletter", "Partager sur Facebook", "Publicité", "Temps de lecture : 3 min"),
        ("Sur le même sujet", "Le bus était en avance", "Laisser un commentaire", "Lire aussi : Le tram est perdu"),
    ),
    "es": (
        "El barco llega tarde otra vez",
        ("Suscríbete a nuestro boletín", "Compartir en WhatsApp", "Foto: Ada Berg", "Publicidad"),
        ("Te puede interesar", "El autobús llegó pronto", "3 comentarios", "Síguenos en Telegram"),
    ),
    "ru": (
        "Паром снова опоздал",
        ("Подпишитесь на нашу рассылку", "Поделиться в Телеграме", "Фото: Ада Берг", "Реклама"),
        ("Читайте также", "Автобус пришёл раньше", "Оставить комментарий", "Теги: паром, порт"),
    ),
}
PROSE = {
    "de": ("Teilen wollte der Kapitän die Nachricht nicht, sagte er am Montag im Hafen.", "Das Wetter war gut."),
    "fr": ("Partager la nouvelle n'était pas le souhait du capitaine, a-t-il dit au port.", "Le temps était beau."),
    "es": ("Compartir la noticia no era lo que quería el capitán, dijo el lunes.", "El tiempo era bueno."),
    "ru": ("Поделиться новостью капитан не хотел, сказал он в понедельник в порту.", "Погода была хорошей."),
}


@pytest.mark.parametrize("language", OTHERS)
def test_promotions_and_buttons_in_other_languages_are_cut_and_prose_is_not(language: str) -> None:
    title, above, below = OTHERS[language]
    text = "\n\n".join((title, *above, *PROSE[language], *below))
    found = statement("a.txt", lines(text, language), votes([text])[0], language).value
    assert found is not None
    assert [one.text for one in found.paragraphs] == list(PROSE[language])
    assert [one.text for one in found.cuts] == [*above, *below]


def told(text: str) -> str:
    return text.replace("¶", f"{FIRST}\n\n{SECOND}\n\n{THIRD}")


def votes(texts: Sequence[str]) -> list[Votes]:
    """The votes that count for each of the texts."""
    read = [headed(lines(told(text), "en")) for text in texts]
    ballots = [ballot.ballot(f"{n}.txt", one.title, one.body, one.link, "") for n, one in enumerate(read)]
    counted = ballot.count(ballots)
    return [counted.of(one.title, ballot.home("x", one.link)) for one in read]


def stated(case: Case) -> tuple[Statement, list[str]]:
    counted = votes([case.text, *case.batch])[0]
    outcome = statement(case.file, lines(told(case.text), "en"), counted, "en")
    assert outcome.value is not None
    return outcome.value, [f"{one.code} {one.message}" for one in outcome.diagnostics]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_a_text_states(case: Case) -> None:
    found, said = stated(case)
    kept = [line.text for line in found.paragraphs]
    assert {
        "title": found.headline.text,
        "outlet": found.headline.outlet,
        "cut": [f"{one.lines[0]}-{one.part}" if one.part else one.text for one in found.cuts],
        "authors": list(found.authors),
        "date": str(found.date or ""),
        "date_source": found.date_source,
        "also_kept": [text for text in kept if text not in (FIRST, SECOND, THIRD)],
        "own": [text for text in kept if text in (FIRST, SECOND, THIRD)],
        "said": said,
    } == {
        "title": case.title,
        "outlet": case.outlet,
        "cut": list(case.cut),
        "authors": list(case.authors),
        "date": case.date,
        "date_source": case.date_source,
        "also_kept": list(case.also_kept),
        "own": [FIRST, SECOND, THIRD],
        "said": list(case.said),
    }


LINES = (
    st.sampled_from(
        [
            *(
                FIRST,
                SECOND,
                THIRD,
                "Ferry is late again",
                "Ferry is late again - Coast News",
                "Coast News",
                "By Ada Berg",
            ),
            *(
                "28 October 2026",
                "03/04/2026",
                "Advertisement",
                "Related stories",
                "Share this",
                "Leave a comment",
                "Home",
            ),
            *("What happens next", "- one", "1990. Then", "By Monday", "¶", "HOLM, 3 November 2026 — It rained.", ""),
        ]
    )
    | st.text(max_size=30)
    | st.text(alphabet="Ab .,|-—:’\n", max_size=60)
)


@given(st.lists(st.lists(LINES, max_size=9).map("\n".join) | st.lists(LINES, max_size=9).map("\n\n".join), max_size=4))
def test_each_line_of_any_text_is_headline_kept_or_cut_exactly_once(texts: list[str]) -> None:
    read = [lines(text, "en") for text in texts]
    for one, counted in zip(read, votes(texts), strict=True):
        outcome = statement("story.txt", one, counted, "en")
        if (found := outcome.value) is None:
            assert [said.severity for said in outcome.diagnostics] == ["error"]
            continue
        cut = [number for part in found.cuts if not part.part for number in part.lines]
        kept = [number for line in found.paragraphs for number in line.lines]
        title = {number for line in one for number in line.lines} - {*cut, *kept}
        assert sorted([*cut, *kept, *title]) == [number for line in one for number in line.lines]
        assert [line.lines for line in one if title.issuperset(line.lines)] == [tuple(sorted(title))]
        assert [line for line in one if line in found.paragraphs] == list(found.paragraphs)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "NG-704 no text in the file"),
        ("Only a headline", "NG-704 a headline but no text"),
        ("A headline\n\nSubscribe now\n\nLeave a comment", "NG-704 a headline but no text"),
        ("A headline\n\nA headline", "NG-704 a headline but no text"),
        (f"{FIRST} {SECOND}\n\n{THIRD}", "NG-702 the first line is a paragraph, not a headline"),
    ],
)
def test_what_cannot_be_imported(text: str, said: str) -> None:
    outcome = statement("story.txt", lines(text, "en"), votes([text])[0], "en")
    assert outcome.value is None
    assert [f"{one.code} {one.message}" for one in outcome.diagnostics] == [said]
    assert all(one.help for one in outcome.diagnostics)


@pytest.mark.parametrize(
    ("count", "texts", "recurs"),
    [(1, 1, False), (2, 2, True), (2, 10, True), (2, 11, False), (3, 199, True), (3, 200, False), (4, 200, True)],
)
def test_a_line_recurs_in_three_texts_of_an_outlet_and_in_one_of_fifty(count: int, texts: int, recurs: bool) -> None:
    assert Votes(texts).recurs(count) is recurs


def test_the_evidence_is_said() -> None:
    found, _ = stated(CASES["suffix told by the vote of the batch"])
    assert found.headline.evidence == '"Coast News" ends 3 of 3 titles'
    found, _ = stated(CASES["lines that recur over the batch at head and tail"])
    assert [one.reason for one in found.cuts] == ["recurs in 3 of 3 texts"] * 3
    found, _ = stated(CASES["navigation above the headline"])
    assert [one.reason for one in found.cuts] == ["above the headline"]

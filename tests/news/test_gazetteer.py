"""The starter gazetteer: fit to be a registry, honest about what is mistaken for what, and right on newswire."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from newsgen.cli.gazetteer import files
from newsgen.config import ImportSettings, ParseSettings, Settings
from newsgen.content.parse import parse_content
from newsgen.content.slugs import identity
from newsgen.diagnostics import Place
from newsgen.model import Term
from newsgen.news.tagging import Gazetteer, chosen, evidence, gazetteer
from newsgen.news.taxonomy import claims_of, vocabulary

COUNTRIES = frozenset(
    "United Kingdom,Japan,Germany,France,Canada,China,Australia,Brazil,Switzerland,Italy,Hong Kong,Belgium,Netherlands,"
    "Mexico,South Korea,Taiwan,Iran,India,Russia,Saudi Arabia,Philippines,New Zealand,Argentina,Spain".split(",")
)


@cache
def terms() -> tuple[Term, ...]:
    settings = Settings()
    parsed = [parse_content(path, text.encode(), ParseSettings.of(settings), settings.zone()) for path, text in files()]
    assert [one.diagnostics for one in parsed if one.diagnostics] == []
    return tuple(one.content for one in parsed if isinstance(one.content, Term))


@cache
def names() -> Gazetteer:
    return gazetteer(terms())


def tags(title: str, *paragraphs: str) -> set[str]:
    return {*chosen(evidence(names(), title, paragraphs), ImportSettings(max_tags=99))}


def test_it_is_a_registry_without_a_mistake() -> None:
    _, found = vocabulary("tag", terms(), (), {}, lambda *_: Place("x"), known_only=False)
    assert (len(terms()) > 350, [str(one) for one in found]) == (True, [])
    assert len({path for path, _ in files()}) == len(terms())


def test_it_holds_the_four_tags_of_a_new_site_with_all_their_names() -> None:
    from newsgen.cli.new_command import SITE

    known = {term.id: {*map(identity, (*claims_of(term), *term.case_sensitive))} for term in terms()}
    for path, text in SITE.items():
        if path.startswith("content/tags/"):
            settings = Settings()
            term = parse_content(path, text.encode(), ParseSettings.of(settings), settings.zone()).content
            assert isinstance(term, Term)
            assert {identity(name) for name in claims_of(term)} <= known[path]


# "+" is a tag that the headline and the text bear out, "-" one that they do not.
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Georgia governor signs budget | ATLANTA, May 3 - Georgia Gov. Ann Lee signed it on Monday.", "-Georgia"),
        ("Georgia recounts its votes | Voters in Georgia, Alabama and Florida waited for hours.", "-Georgia"),
        ("Georgia's parliament passes law | TBILISI, May 3 - The parliament of Georgia passed it.", "+Georgia"),
        ("Georgia and Armenia sign pact | The two countries will open a border crossing.", "+Georgia -United States"),
        ("A Georgian townhouse for sale | The house was built under George III.", "-Georgia"),
        ("Turkey raises rates | ANKARA, May 3 - The central bank raised rates.", "+Turkey"),
        ("TURKEY RAISES RATES | The central bank raised rates.", "+Turkey"),
        ("Turkey prices rise before Thanksgiving | Farmers lost many turkeys.", "-Turkey"),
        ("How to roast a turkey | Wash the turkey and dry it. Turkey breast is done first.", "-Turkey"),
        ("Jordan closes a border crossing | AMMAN, May 3 - Jordan closed it on Sunday.", "+Jordan"),
        ("King of Jordan meets pope | The king of Jordan was received on Monday.", "+Jordan"),
        ("Jordan sells his team | Michael Jordan sold it. Jordan had owned it since 2010.", "-Jordan"),
        ("Lecture cancelled | Jordan Peterson will not speak in May, he said. Jordan thanked them.", "-Jordan"),
        ("Speaker vote fails | Rep. Jim Jordan lost. Jordan, R-Ohio, will try again.", "-Jordan"),
        ("Chad votes on constitution | N'DJAMENA, May 3 - Chad began to vote on Sunday.", "+Chad"),
        ("Chad's army repels rebels | The army of Chad said so.", "+Chad"),
        ("Drummer takes a break | Chad Smith said he was tired. Chad will be back in May.", "-Chad"),
        ("A hanging chad decides | The chad was counted.", "-Chad"),
        ("China cabinet names minister | BEIJING, May 3 - The cabinet named him on Monday.", "+China"),
        ("Fine china goes under the hammer | A set of bone china made the highest price.", "-China"),
        (
            "Ships meet in South China Sea | Two ships met near a reef in the South China Sea.",
            "-China +South China Sea",
        ),
        ("Nail polish recalled | Polish your nails with care. The polish may burn.", "-Poland"),
        ("How to Polish Your Silver | Use a soft cloth to polish it.", "-Poland"),
        ("POLISH COAL OUTPUT UP | WARSAW, May 3 - Output rose.", "+Poland"),
        ("Polish farmers block border | They want an end to imports, Polish radio said.", "+Poland"),
        ("Trucks return to Polish border | They came back at night.", "+Poland"),
        ("New Mexico burns | A fire in New Mexico killed two.", "-Mexico"),
        ("New Mexico and Mexico talk | The governor went to Mexico.", "+Mexico"),
        ("Niger expels envoy | NIAMEY, May 3 - Niger's rulers expelled him.", "+Niger -Nigeria"),
        ("Nigeria floats naira | LAGOS, May 3 - It fell by a third.", "+Nigeria -Niger"),
        ("Oil spill in Niger Delta | It reached the Niger Delta's creeks.", "+Nigeria -Niger"),
        ("Papua New Guinea votes | Counting began in Papua New Guinea.", "+Papua New Guinea -Guinea"),
        (
            "Equatorial Guinea bans exports | The ban holds for Equatorial Guinea's timber.",
            "+Equatorial Guinea -Guinea",
        ),
        ("Guinea-Bissau calls poll | Guinea-Bissau will vote in May.", "+Guinea-Bissau -Guinea"),
        ("Guinea mine opens | CONAKRY, May 3 - Guinea opened a mine.", "+Guinea"),
        ("Guinea pig show draws crowds | A guinea pig won.", "-Guinea"),
        ("Dominica elects president | Dominica's parliament met.", "+Dominica -Dominican Republic"),
        (
            "Dominican Republic shuts border | SANTO DOMINGO, May 3 - It shut on Friday.",
            "+Dominican Republic -Dominica",
        ),
        ("DR Congo army fights rebels | KINSHASA, May 3 - Congolese troops fought.", "+Democratic Republic of Congo"),
        (
            "Congo Republic repays loan | BRAZZAVILLE, May 3 - It repaid.",
            "+Republic of Congo -Democratic Republic of Congo",
        ),
        ("North Korea fires missile | PYONGYANG, May 3 - It flew far.", "+North Korea -South Korea"),
        ("S. Korea exports rise | SEOUL, May 3 - Exports rose.", "+South Korea -North Korea"),
        ("Northern Ireland gets leader | BELFAST, May 3 - She took office.", "+United Kingdom -Ireland"),
        ("Ireland to vote | DUBLIN, May 3 - Ireland votes in June.", "+Ireland -United Kingdom"),
        ("Washington warns Tehran | The White House said so.", "+United States +Iran"),
        ("Denzel Washington wins prize | Denzel Washington thanked his wife.", "-United States"),
        ("Apples late in Washington state | Growers in Washington state wait.", "-United States"),
        ("Panama Papers trial ends | The court cleared all in the Panama Papers case.", "-Panama"),
        ("Panama Canal cuts transits | Drought struck the Panama Canal.", "+Panama"),
        ("Brazil nut harvest fails | Pickers found few Brazil nuts.", "-Brazil"),
        ("Cuba Gooding settles case | Cuba Gooding Jr. settled.", "-Cuba"),
        ("Paris Hilton sells house | Paris Hilton moved out.", "-France"),
        ("Fire in Lebanon, Pa. | LEBANON, Pa., May 3 - A fire burned a barn near Lebanon.", "-Lebanon"),
        ("Lebanon names premier | BEIRUT, May 3 - Lebanon has a premier.", "+Lebanon"),
        ("Band from Athens, Ga. | The band began in Athens, Ga., in 1980.", "-Greece -Georgia"),
        ("Murders in Moscow, Idaho | MOSCOW, Idaho, May 3 - Police in Moscow, Idaho, said so.", "-Russia"),
        ("New Delhi chokes | The air in New Delhi was bad.", "+India"),
        ("New England storm | A storm hit New England.", "-United Kingdom"),
        ("Oman mediates | MUSCAT, May 3 - Oman offered to help.", "+Oman"),
        ("Woman held | A woman was held in Romania.", "-Oman +Romania"),
        ("Man who sold us a car | He told us that who paid was he.", "-United States -World Health Organization"),
        ("MAN WHO TOLD US | He told us that who paid was he.", "-United States -World Health Organization"),
        ("WHO warns of flu | The WHO said so.", "+World Health Organization"),
    ],
)
def test_what_is_mistaken_for_what(text: str, told: str) -> None:
    found = tags(*text.split(" | "))
    wanted = told.replace(" +", "\n+").replace(" -", "\n-").split("\n")
    assert [f"{'+' if one[1:] in found else '-'}{one[1:]}" for one in wanted] == wanted


def newswire() -> list[tuple[str, str, frozenset[str]]]:
    lines = Path(__file__).with_name("newswire.txt").read_text("utf-8").splitlines()
    parts = [f"{line} | ".split("|")[:3] for line in lines if not line.startswith("#")]
    return [
        (title.strip(), text.strip(), frozenset(filter(None, map(str.strip, about.split(",")))))
        for title, text, about in parts
    ]


def test_countries_on_newswire_that_was_invented_for_it() -> None:
    items = newswire()
    assert len(items) > 120
    assert frozenset().union(*(about for _, _, about in items)) == COUNTRIES
    found = [(tags(title, text) & COUNTRIES, about) for title, text, about in items]
    right = sum(len(named & about) for named, about in found)
    precision = right / sum(len(named) for named, _ in found)
    recall = right / sum(len(about) for _, about in found)
    assert (precision >= 0.88, recall >= 0.85) == (True, True), (precision, recall)

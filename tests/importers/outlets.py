"""A generated batch of raw texts of five invented outlets, and what is true of each. All words are invented here."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Callable, Iterator, Sequence

import msgspec

ENGLISH = (
    "harbour ferry council captain bridge tariff budget minister court union school hospital market wind tide river "
    "engine signal station platform inquiry vote report letter plan price storm winter repair contract permit island",
    "said told asked agreed refused hoped promised warned decided reported found built closed opened sold lost",
    "late new old public local quiet costly narrow northern steady early careful stubborn empty crowded brief",
    "the of to in on for with after before without under because while and from that its their a more than",
)
_FRENCH = (
    "port navire conseil maire pont marché budget ministre grève école hôpital vent marée rivière gare enquête vote",
    "a annoncé a refusé a promis a signé a perdu a vendu a fermé a ouvert a décidé a trouvé",
    "tardif nouveau public calme étroit coûteux prudent discret fragile",
    "le la les de du des dans pour avec sans après avant sur que qui une un et à été",
)
RUSSIAN = (
    "порт корабль совет мэр мост рынок бюджет министр школа больница ветер река станция отчёт договор остров капитан",
    "сообщил отказал обещал решил закрыл открыл продал потерял нашёл построил заявил",
    "новый старый тихий узкий местный дорогой ранний осторожный",
    "и в на с по для после перед без что который из за о не его их был уже",
)
_CHINESE = "港口渡船议会市长桥梁市场预算部长学校医院海风潮水河流车站报告合同岛屿船长表示宣布决定关闭开放出售修理新的旧的公共地方安静冬天风暴价格计划工人信号"
NAMES = (
    "Ada Bo Cy Dina Edvin Frida Goran Hanna Ivo Judit".split(),
    "Berg Ek Holm Lind Marsh Novak Okoye Petrov Quist Rask".split(),
)
_PLACES = "HOLM NORDHAVN VIKA SANDNES KELBY".split()
MONTHS = "January February March April May June July August September October November December".split()
# What papers put into a text and a careless importer would cut: subheadings that come again in other texts.
_SUBHEADINGS = ("What happens next", "Background", "A long road", "The price of waiting", "Who pays")


class Truth(msgspec.Struct, frozen=True, kw_only=True):
    """A raw text and what is true of it: `own` are its paragraphs, `cut` the lines that are none of it."""

    name: str
    data: bytes
    outlet: str
    encoding: str
    lang: str
    title: str
    own: tuple[str, ...]
    cut: tuple[str, ...]
    suffix: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""


class Draft(msgspec.Struct):
    title: str
    head: list[str]
    own: list[str]
    tail: list[str]
    first: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    suffix: str = ""
    between: Sequence[str] = ()  # lines that stand between paragraphs and are none


def batch(count: int, seed: int = 1) -> Iterator[Truth]:
    """So many texts, the outlets mixed."""
    for number in range(count):
        chance = random.Random(seed * 1_000_003 + number)
        yield _OUTLETS[number % len(_OUTLETS)](chance, number)


def _sentence(chance: random.Random, words: Sequence[str], least: int = 9) -> str:
    nouns, verbs, kinds, small = (part.split() for part in words)
    of = [nouns, verbs, small, kinds, nouns, small, small, nouns]
    said = [chance.choice(of[n % len(of)]) for n in range(chance.randint(least, least + 14))]
    return f"{said[0].capitalize()} {' '.join(said[1:])}."


def prose(chance: random.Random, words: Sequence[str], paragraphs: tuple[int, int] = (4, 14)) -> list[str]:
    return [
        " ".join(_sentence(chance, words) for _ in range(chance.randint(1, 4)))
        for _ in range(chance.randint(*paragraphs))
    ]


def titled(chance: random.Random, words: Sequence[str]) -> str:
    nouns, verbs, kinds, small = (part.split() for part in words)
    said = [chance.choice(nouns).capitalize(), chance.choice(verbs), chance.choice(small), chance.choice(kinds)]
    said += [chance.choice(nouns), chance.choice(small), chance.choice(nouns)]
    return " ".join(said)


def _with_subheadings(chance: random.Random, own: list[str]) -> list[str]:
    for _ in range(chance.choice((0, 0, 1, 2))):
        own.insert(chance.randint(1, len(own) - 1), chance.choice(_SUBHEADINGS))
    return own


def _coast(chance: random.Random, number: int) -> Truth:
    """The page's title, then the headline again; promotions above, widgets below; blank lines."""
    title = titled(chance, ENGLISH)
    if chance.random() < 0.2:
        title += chance.choice((" - Minister", " – Police", ": What We Know", " - and who pays"))
    head = [chance.choice(("Stay up to date with free updates", "Sign up for the Coast briefing", "Wind and tide now"))]
    if chance.random() < 0.7:
        head.insert(0, title)
    tail = ["Sharing Is Caring:", f"{chance.randint(0, 40)} comments", "The Coast News app: wind, tide and timetable"]
    if chance.random() < 0.4:
        heading = chance.choice(("Related stories", "Also on the quay"))
        tail[1:1] = [heading, titled(chance, ENGLISH), titled(chance, ENGLISH)]
    own = _with_subheadings(chance, prose(chance, ENGLISH))
    if chance.random() < 0.2:
        own.append(f"{chance.choice(NAMES[0])} {chance.choice(NAMES[1])} writes about the coast.")
    draft = Draft(title, head, own, tail, f"{title} - Coast News", suffix=" - Coast News")
    return made(draft, f"coast/{number}.txt", "Coast News", "utf-8", "en", "\n\n".join)


def _tribune(chance: random.Random, number: int) -> Truth:
    """Headers, a byline and a dateline; wrapped by hand; no suffix at all."""
    title = titled(chance, ENGLISH)
    name = f"{chance.choice(NAMES[0])} {chance.choice(NAMES[1])}"
    day = f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    year, month, of_month = day.split("-")
    place = chance.choice(_PLACES)
    own = _with_subheadings(chance, prose(chance, ENGLISH))
    own[0] = f"{place}, {int(of_month)} {MONTHS[int(month) - 1]} {year} — “{own[0]}”"
    tail = ["© 2026 Nordhavn Tribune", "Tips for the night desk: call the harbour"]
    link = f"LINK: https://www.tribune.example/{year}/{month}/{number}"
    first = f"TITLE: {title}" if chance.random() < 0.7 else title
    head = [link, f"By {name}"] if first != title else [f"By {name}"]
    draft = Draft(title, head, own, tail, first, (name,), day)

    def wrapped(lines: list[str]) -> str:
        inside = {*draft.own} - {*_SUBHEADINGS}
        parts = [textwrap.fill(line, 72, break_on_hyphens=False) if line in inside else line for line in lines]
        return (
            "\r\n".join(parts[:2]) + "\r\n\r\n" + "\r\n\r\n".join(parts[2:]).replace("\n", "\r\n").replace("\r\r", "\r")
        )

    return made(draft, f"tribune/{number}.txt", "", "cp1252", "en", wrapped)


def _courrier(chance: random.Random, number: int) -> Truth:
    """French, of which no forms are known: the vote of the batch alone; a line for each paragraph."""
    title = titled(chance, _FRENCH)
    head = ["Le quotidien de la côte", "Écouter l’article" if chance.random() < 0.5 else "Lecture : 3 min"]
    tail = ["Partager cet article", "Le port en direct", f"Réactions ({chance.randint(0, 99)})"]
    suffix = " | Le Courrier du Port"
    draft = Draft(title, head, prose(chance, _FRENCH), tail, title + suffix, suffix=suffix)
    return made(draft, f"courrier/{number}.txt", "Le Courrier du Port", "cp1252", "fr", "\n".join)


def _vestnik(chance: random.Random, number: int) -> Truth:
    """Russian; a section before the outlet's name."""
    title = titled(chance, RUSSIAN)
    section = chance.choice(("Город", "Море", "Экономика"))
    suffix = f" | {section} | Вестник Залива"
    tail = ["Подписывайтесь на наш канал", "Читайте также", titled(chance, RUSSIAN), "Наверх"]
    if chance.random() < 0.5:
        del tail[1:3]
    draft = Draft(title, [], prose(chance, RUSSIAN), tail, title + suffix, suffix=suffix)
    encoding = chance.choice(("koi8-r", "koi8-r", "utf-8", "utf-16"))
    return made(draft, f"vestnik/{number}.txt", "Вестник Залива", encoding, "ru", "\n\n".join)


def _haiwan(chance: random.Random, number: int) -> Truth:
    """Chinese, without spaces; the outlet behind an underscore."""

    def said(least: int, most: int) -> str:
        return "".join(chance.choice(_CHINESE) for _ in range(chance.randint(least, most)))

    title = said(10, 18)
    own = [
        "".join(f"{said(6, 20)}，{said(5, 15)}。" for _ in range(chance.randint(1, 4)))
        for _ in range(chance.randint(3, 9))
    ]
    tail = ["责任编辑：海湾编辑部", "分享到朋友圈", "海湾日报版权所有"]
    draft = Draft(title, ["来源：海湾日报"], own, tail, f"{title}_海湾日报", suffix="_海湾日报")
    return made(draft, f"haiwan/{number}.txt", "海湾日报", "gb18030", "zh", "\n".join)


def made(draft: Draft, name: str, outlet: str, encoding: str, lang: str, joined: Callable[[list[str]], str]) -> Truth:
    inner = list(draft.own)
    for n, line in enumerate(draft.between, 1):
        inner.insert(n * len(inner) // (len(draft.between) + 1), line)
    text = joined([draft.first, *draft.head, *inner, *draft.tail])
    return Truth(
        name=name,
        data=text.encode(encoding),
        outlet=outlet,
        encoding=encoding,
        lang=lang,
        title=draft.title,
        own=tuple(draft.own),
        cut=(*draft.head, *draft.between, *draft.tail),
        suffix=draft.suffix,
        authors=draft.authors,
        date=draft.date,
    )


_OUTLETS = (_coast, _tribune, _courrier, _vestnik, _haiwan)

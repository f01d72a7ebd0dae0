"""Five more invented outlets, with other furniture than those of `outlets`, written before the rules were looked at."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Iterator

from tests.importers.outlets import ENGLISH, MONTHS, NAMES, RUSSIAN, Draft, Truth, made, prose, titled

_GERMAN = (
    "Hafen Fähre Rat Brücke Markt Haushalt Ministerin Schule Klinik Wind Fluss Bahnhof Bericht Vertrag Insel Kapitän "
    "Werft Gewerkschaft Straße Börse",
    "sagte teilte verkaufte verlor fand baute schloss öffnete forderte prüfte",
    "neue alte leise schmale teure frühe vorsichtige öffentliche",
    "der die das in mit für ohne nach vor über und aber weil während dass ihre seine nicht auch noch wieder",
)
_HEBREW = (
    "נמל מעבורת מועצה גשר שוק תקציב שרה ספר בריאות רוח נהר תחנה דוח חוזה אי קברניט מספנה איגוד רחוב בורסה",
    "אמרה הודיע מכר הפסיד מצא בנה סגר פתח דרש בדק",
    "חדש ישן שקט צר יקר מוקדם זהיר ציבורי",
    "של על עם בלי אחרי לפני את כי גם לא אבל שלהם היא הוא זה בין עוד שוב",
)
_RUSSIAN_NAMES = ("Ада Борис Вера Глеб Дина".split(), "Берг Ек Лунд Орлова Раск".split())
_HEBREW_NAMES = ("עדה בועז דינה חנה יונתן".split(), "ברג לב מור רוזן שלו".split())
_RUSSIAN_MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()


def papers(count: int, seed: int = 1) -> Iterator[Truth]:
    """So many texts, the outlets mixed."""
    for number in range(count):
        yield PAPERS[number % len(PAPERS)](random.Random(seed * 1_000_003 + number), number)


def _name(chance: random.Random, names: tuple[list[str], list[str]] = NAMES) -> str:
    return f"{chance.choice(names[0])} {chance.choice(names[1])}"


def _day(chance: random.Random) -> tuple[int, int, str]:
    month, day = chance.randint(1, 12), chance.randint(13, 28)
    return month, day, f"2026-{month:02}-{day:02}"


def _quarry(chance: random.Random, number: int) -> Truth:
    """American; share buttons above, a byline in capitals with a role, advertisements between paragraphs."""
    title, name = titled(chance, ENGLISH), _name(chance)
    month, day, iso = _day(chance)
    head = ["Share on Facebook", "Share on X", "Print", "Email this article"][: chance.randint(2, 4)]
    head += [f"By {name.upper()}, Staff Writer", f"Published: {MONTHS[month - 1]} {day}, 2026 at 9:12 a.m."]
    own = prose(chance, ENGLISH, (6, 14))
    between = [chance.choice(("ADVERTISEMENT", "Article continues below this ad"))] * chance.randint(0, 2)
    tail = [f"Contact the writer: {name.split()[0][0].lower()}{name.split()[1].lower()}@quarry.example"]
    if chance.random() < 0.6:
        tail += ["More from the Quarry Post", titled(chance, ENGLISH), titled(chance, ENGLISH), titled(chance, ENGLISH)]
    tail += ["© 2026 Quarry Post Media. All rights reserved."]
    suffix = " • Quarry Post"
    draft = Draft(title, head, own, tail, title + suffix, (name.upper(),), iso, suffix, between)
    return made(draft, f"quarry/{number}.txt", "Quarry Post", "utf-8", "en", "\n\n".join)


def _wire(chance: random.Random, number: int) -> Truth:
    """A news agency: topics and a time to read above, its sign in the dateline, wrapped by hand."""
    title = titled(chance, ENGLISH)
    first, second = _name(chance), _name(chance)
    month, day, iso = _day(chance)
    authors = (first,) if chance.random() < 0.5 or first == second else (first, second)
    head = [f"By {' and '.join(authors)}", f"{MONTHS[month - 1]} {day}, 2026", f"{chance.randint(2, 9)} min read"]
    own = prose(chance, ENGLISH, (6, 16))
    own[0] = f"{chance.choice(('KELBY', 'HOLM', 'SANDNES'))}, {MONTHS[month - 1][:3]} {day} (Baltic Wire) - {own[0]}"
    own.append(f"(Reporting by {authors[0]}; editing by {_name(chance)})")
    tail = ["Our standards: the Baltic Wire principles.", "Purchase licensing rights"]

    def wrapped(lines: list[str]) -> str:
        return "\n\n".join(textwrap.fill(line, 68, break_on_hyphens=False) for line in lines) + "\n"

    draft = Draft(title, head, own, tail, title, authors, iso)
    return made(draft, f"wire/{number}.txt", "", "utf-8", "en", wrapped)


def _courier(chance: random.Random, number: int) -> Truth:
    """Russian; a path of the page, a day in words, the credit of a photo; what readers are to do about mistakes."""
    title, name = titled(chance, RUSSIAN), _name(chance, _RUSSIAN_NAMES)
    month, day, iso = _day(chance)
    head = ["Главная » Новости", f"{day} {_RUSSIAN_MONTHS[month - 1]} 2026, {chance.randint(8, 20)}:30"]
    head += [f"Автор: {name}"] if (signed := chance.random() < 0.7) else []
    tail = ["Поделиться", f"Комментарии ({chance.randint(0, 40)})"]
    if chance.random() < 0.5:
        tail += ["Материалы по теме:", titled(chance, RUSSIAN), titled(chance, RUSSIAN)]
    tail += ["Нашли ошибку? Выделите её и нажмите Ctrl+Enter", "© Северный курьер, 2026"]
    suffix = " — Северный курьер"
    draft = Draft(title, head, prose(chance, RUSSIAN), tail, title + suffix, (name,) if signed else (), iso, suffix)
    encoding = chance.choice(("cp1251", "utf-8"))
    return made(draft, f"courier/{number}.txt", "Северный курьер", encoding, "ru", "\n\n".join)


def _bote(chance: random.Random, number: int) -> Truth:
    """German; a line for each paragraph, the day in figures, a teaser between paragraphs."""
    title, name = titled(chance, _GERMAN), _name(chance)
    month, day, iso = _day(chance)
    head = [f"Stand: {day:02}.{month:02}.2026, 14:20 Uhr", f"Von {name}", "Kommentare", "Drucken", "Teilen"]
    between = ["Lesen Sie auch: Der Hafenbote am Morgen"] * chance.randint(0, 1)
    tail = ["Zur Startseite"]
    if chance.random() < 0.5:
        tail += ["Das könnte Sie auch interessieren", titled(chance, _GERMAN), titled(chance, _GERMAN)]
    tail += ["Jetzt vier Wochen kostenlos testen", f"Rubriklistenbild: © {_name(chance)}/dpa"]
    section = chance.choice(("Wirtschaft", "Politik", "Lokales"))
    suffix = f" | {section} | Hafenbote"
    draft = Draft(title, head, prose(chance, _GERMAN), tail, title + suffix, (name,), iso, suffix, between)
    return made(draft, f"bote/{number}.txt", "Hafenbote", chance.choice(("cp1252", "utf-8")), "de", "\n".join)


def _kol(chance: random.Random, number: int) -> Truth:
    """Hebrew, from right to left; who wrote it, when it was updated, comments."""
    title, name = titled(chance, _HEBREW), _name(chance, _HEBREW_NAMES)
    month, day, iso = _day(chance)
    head = [f"מאת: {name}", f"פורסם: {day:02}.{month:02}.2026, 14:20", "האזינו לכתבה"]
    tail = ["שתפו בפייסבוק", f"תגובות ({chance.randint(0, 30)})"]
    if chance.random() < 0.5:
        tail += ["עוד בנושא", titled(chance, _HEBREW), titled(chance, _HEBREW)]
    tail += ["כל הזכויות שמורות לקול המפרץ"]
    suffix = " | קול המפרץ"
    draft = Draft(title, head, prose(chance, _HEBREW), tail, title + suffix, (name,), iso, suffix)
    return made(draft, f"kol/{number}.txt", "קול המפרץ", chance.choice(("cp1255", "utf-8")), "he", "\n\n".join)


PAPERS = (_quarry, _wire, _courier, _bote, _kol)

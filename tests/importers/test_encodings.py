"""The text of bytes in any encoding: what is told by marks, by letters, or not at all. The texts are invented."""

from __future__ import annotations

import pytest

from newsgen.importers.encodings import decoded
from newsgen.importers.language import language_of

TEXTS = {
    "en": "The council said on Friday that the ferry’s new timetable – the third this year – would “probably” hold until spring. A café on the quay, Zoë’s, has lost half its trade. The cost is £3m.",
    "fr": "La ville a rouvert vendredi le marché couvert, fermé depuis l’été à cause d’une fuite. Les commerçants, déçus par la durée des travaux, espèrent retrouver leurs clients avant Noël. Le coût dépasse de 2 millions d’euros le budget prévu.",
    "de": "Der Stadtrat hat am Dienstag über die neue Fähre beraten. Für den Bürgermeister ist das größte Problem der Wind, für die Händler sind es die Gebühren. „Wir hätten früher fragen müssen“, sagte er. Die Brücke bleibt über den Winter geschlossen.",
    "es": "El alcalde anunció ayer que el puente cerrará mañana. ¿Quién pagará la reparación? Según el ministerio, la inversión será de 3 millones de euros. Los vecinos piden más información y una solución rápida antes del otoño.",
    "sv": "Färjan till ön blev försenad igen på måndagen, sade hamnkontoret. Kommunen vill bygga en ny brygga nästa år, men ingen vet vem som skall betala för den. Åtta båtar låg kvar vid kajen över natten.",
    "ru": "Городской совет в пятницу утвердил новое расписание паромов. По словам мэра, мост останется закрытым до весны, а рынок откроют раньше. Жители надеются, что цены на билеты не вырастут.",
    "uk": "Міська рада у п’ятницю затвердила новий розклад поромів. За словами мера, міст залишиться зачиненим до весни, а ринок відкриють раніше.",
    "zh": "市议会星期五批准了新的渡轮时刻表。市长表示，大桥将关闭到春天，而市场会提前开放。居民希望票价不会上涨。港口部门说，风暴损坏了码头，修理费用约为三百万元。",
    "ja": "市議会は金曜日に新しいフェリーの時刻表を承認した。市長によると、橋は春まで閉鎖されるが、市場は早く開く予定だ。住民は運賃が上がらないことを望んでいる。",
    "ko": "시의회는 금요일에 새로운 여객선 시간표를 승인했다. 시장에 따르면 다리는 봄까지 폐쇄되지만 시장은 더 일찍 문을 열 예정이다.",
    "ar": "وافق مجلس المدينة يوم الجمعة على الجدول الجديد للعبارات. وقال رئيس البلدية إن الجسر سيبقى مغلقا حتى الربيع، بينما سيفتح السوق في وقت أبكر.",
    "el": "Το δημοτικό συμβούλιο ενέκρινε την Παρασκευή το νέο δρομολόγιο των πλοίων. Ο δήμαρχος είπε ότι η γέφυρα θα μείνει κλειστή ως την άνοιξη.",
    "he": "מועצת העיר אישרה ביום שישי את לוח הזמנים החדש של המעבורות. לדברי ראש העיר, הגשר יישאר סגור עד האביב.",
    "pl": "Rada miasta zatwierdziła w piątek nowy rozkład promów. Burmistrz powiedział, że most będzie zamknięty do wiosny, a targ zostanie otwarty wcześniej. Mieszkańcy mają nadzieję, że ceny biletów nie wzrosną.",
}
ENCODED = [
    *((language, "cp1252") for language in ("en", "fr", "de", "es", "sv")),
    *((language, "latin-1") for language in ("fr", "de", "es", "sv")),
    *((language, "koi8-r") for language in ("ru",)),
    *((language, "cp1251") for language in ("ru", "uk")),
    *(("zh", one) for one in ("gb18030", "big5", "utf-16")),
    *(("ja", one) for one in ("cp932", "euc_jp")),
    *(("ko", "euc_kr"), ("ar", "cp1256"), ("el", "cp1253"), ("he", "cp1255"), ("uk", "koi8_u")),
    *(("ru", "utf-16-le"), ("en", "utf-16-be")),
]
PARTS = {"a headline": 40, "two sentences": 120, "a text": 10_000}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(("language", "encoding"), ENCODED, ids=[f"{of} {name}" for of, name in ENCODED])
def test_the_letters_of_a_text_tell_its_encoding(language: str, encoding: str, part: str) -> None:
    whole = f"{TEXTS[language]}\n\n{TEXTS[language]}\n" if PARTS[part] > 200 else TEXTS[language][: PARTS[part]]
    text = whole.encode(encoding, "ignore").decode(encoding)
    if text.isascii():
        return
    read = decoded("a.txt", text.encode(encoding)).value
    assert read is not None
    assert read.text == text.removeprefix("\ufeff")
    assert read.why in ("its letters", "byte order mark")


def test_utf8_is_told_by_itself_and_needs_no_word() -> None:
    for text, why in (("Grüße", ""), ("\ufeffGrüße", "byte order mark"), ("", "")):
        read = decoded("a.txt", text.encode()).value
        assert read is not None
        assert (read.text, read.encoding, read.why) == (text.removeprefix("\ufeff"), "utf-8", why)


def test_what_the_user_says_is_believed() -> None:
    read = decoded("a.txt", TEXTS["pl"].encode("cp1250"), "cp1250").value
    assert read is not None
    assert (read.text, read.why) == (TEXTS["pl"], "--encoding")


def test_a_code_page_that_only_its_readers_know_is_refused_with_what_is_odd() -> None:
    (said,) = decoded("a.txt", b"One\n" + TEXTS["pl"].encode("cp1250")).diagnostics
    assert (said.code, said.place.line, "is in no word" in said.message) == ("NG-704", 2, True)
    assert "--encoding" in said.help


@pytest.mark.parametrize(
    ("data", "encoding", "said"),
    [
        (b"One\nT\x1bwo", "", "control character U+001B in the text"),
        (b"%PDF-1.7 ...", "", "a document of an office program, a picture or an archive, not text"),
        (b"\x89PNG\r\n", "", "a document of an office program, a picture or an archive, not text"),
        (b"\x00\x01\x02\xff\xfe\xfa\x00" * 9, "", "not UTF-8 text (wrong at byte 3), nor of another known encoding"),
        (b"\xff\xfeT", "", "not utf-16 text, though it is marked so: wrong at byte 2"),
        (b"Gr\xfc\xdfe", "utf-8", "not utf-8 text: wrong at byte 2"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, encoding: str, said: str) -> None:
    outcome = decoded("a.txt", data, encoding)
    assert outcome.value is None
    assert [one.message for one in outcome.diagnostics] == [said]
    assert all(one.help for one in outcome.diagnostics)


def test_a_control_character_is_shown_with_its_place() -> None:
    place = decoded("a.txt", b"One\nT\x1bwo").diagnostics[0].place
    assert (place.path, place.line, place.column) == ("a.txt", 2, 2)


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_tells_its_language(language: str) -> None:
    assert language_of(f"{TEXTS[language]} {TEXTS[language]}") == language


@pytest.mark.parametrize("text", ["", "Ferry is late again", "1990 2000 2010", "Wind Tide Holm Vika " * 20, "🚢" * 40])
def test_a_text_that_does_not_tell_its_language_has_none(text: str) -> None:
    assert language_of(text) == ""

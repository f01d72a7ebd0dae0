"""Social cards of a site: who has one, what pages say of it, when it is drawn anew, and what they never tell."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from newsgen import build
from newsgen.content import social_cards
from newsgen.engine import pool, toolchain
from newsgen.pages import articles
from newsgen.pages.plan import plan
from newsgen.verify import verified
from newsgen.work import picturing, planning
from tests.build.prove import Prover
from tests.pictures import opened, png
from tests.site import MOMENT, Site, article, codes, dead_links, said

TOML = 'title = "Paper"\nbase_url = "https://example.org/sub"\n'
ON = f"{TOML}[social_cards]\nenabled = true\n"
A, B = "content/world/a.md", "content/world/b.md"
PAPER: dict[str, str | bytes] = {
    "newsgen.toml": ON,
    A: article("Harbour shut", "Of a."),
    B: article("Bridge opens", "Of b.", image="{src: x.png, alt: A bridge}"),
    "content/world/x.png": png(),
}


def cards(site: Site) -> list[str]:
    return sorted(path for path in site.tree() if path.startswith("assets/cards/"))


def told(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="((?:og:image|twitter:card)[^"]*)" content="([^"]*)"', page))


def font(name: str) -> bytes:
    return Path(toolchain.fonts()[name][0]).read_bytes()


# ---- who has one ----------------------------------------------------------------------------------------------------


def test_there_are_none_unless_a_site_asks_for_them(make_site: Callable[..., Site]) -> None:
    site = make_site(PAPER | {"newsgen.toml": TOML})
    site.good()
    assert cards(site) == []
    assert told(site.page("world/a/index.html")) == {"twitter:card": "summary"}


def test_an_article_is_shared_with_its_own_picture_else_with_its_card(make_site: Callable[..., Site]) -> None:
    site = make_site(PAPER)
    assert said(site.good()) == []
    (card,) = cards(site)
    assert told(site.page("world/a/index.html")) == {
        "og:image": f"https://example.org/sub/{card}",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Harbour shut",
        "twitter:card": "summary_large_image",
    }
    assert told(site.page("world/b/index.html"))["og:image"] == "https://example.org/sub/world/b/x.png"
    assert opened((site.out / card).read_bytes()).size == (1200, 630)
    assert dead_links(site.out, "/sub/", "https://example.org") == []


def test_a_card_is_no_picture_of_the_news(make_site: Callable[..., Site]) -> None:
    site = make_site(PAPER)
    site.good()
    page = site.page("world/a/index.html")
    graph = json.loads(page[page.index('ld+json">') + 9 : page.index("</script>", page.index('ld+json">'))])
    assert "image" not in graph["@graph"][0]
    assert "assets/cards" not in site.page("feed.xml") + site.page("index.html")


def test_a_picture_that_cannot_be_shown_gives_way(make_site: Callable[..., Site]) -> None:
    missing = article("Bridge opens", image="{src: no.png, alt: A bridge}")
    broken = article("Canal dry", image="{src: broken.png, alt: A canal}")
    far = article("Dam holds", image="{src: https://e.example/x.png, alt: A dam}")
    files = {B: missing, "content/world/c.md": broken, "content/world/d.md": far}
    site = make_site(PAPER | files | {"content/world/broken.png": png()[:40]})
    assert codes(site.good()) == ["NG-203", "NG-206"]
    assert len(cards(site)) == 3
    assert told(site.page("world/d/index.html"))["og:image"] == "https://e.example/x.png"


def test_two_articles_of_one_headline_have_a_card_each(make_site: Callable[..., Site]) -> None:
    site = make_site({"newsgen.toml": ON, A: article("Harbour shut"), B: article("Harbour shut")})
    assert said(site.good()) == []
    one, two = ((site.out / path).read_bytes() for path in cards(site))
    assert one == two


def test_each_edition_draws_in_its_language(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    found: dict[str, tuple[str, ...]] = {}
    real = social_cards.drawn

    def seen(card: social_cards.SocialCard, fonts: social_cards.Fonts) -> bytes:
        found[card.language] = (card.name.text, card.kicker.text, card.title.text, card.date.text, str(card.rtl))
        return real(card, fonts)

    monkeypatch.setattr(social_cards, "drawn", seen)
    arabic = '[languages.de]\ntitle = "Blatt"\n[languages.ar]\ntitle = "بريد"\n'
    make_site(
        {
            "newsgen.toml": ON + arabic,
            A: article("Harbour shut", kind="opinion"),
            "content/de/welt/a.md": article("Hafen zu", kind="opinion"),
            "content/ar/alam/a.md": article("الميناء مغلق"),
            "content/world/u.md": article("Undated", date=None),
            "content/world/r.md": article("Порт закрыт", lang="ru"),
        }
    ).good(jobs=1)
    assert found["de"] == ("Blatt", "welt · Meinung", "Hafen zu", "1. Mai 2026", "False")
    assert found["ar"][0] == "بريد"
    assert found["ar"][2:] == ("الميناء مغلق", "1 مايو 2026", "True")
    assert found["ru"][2:] == ("Порт закрыт", "1 мая 2026\u00a0г.", "False")
    assert found["en"] in {
        ("Paper", "world · Opinion", "Harbour shut", "1 May 2026", "False"),
        ("Paper", "world", "Undated", "", "False"),
    }


def test_hosts_are_told_to_let_cards_be_kept(make_site: Callable[..., Site]) -> None:
    site = make_site(PAPER | {"newsgen.toml": f'{ON}[headers]\nformats = ["netlify"]\n'})
    site.good()
    assert "/sub/assets/cards/*\n" in site.page("_headers")
    site.edit("newsgen.toml", "enabled = true", "enabled = false")
    site.good()
    assert "cards" not in site.page("_headers")


# ---- when -----------------------------------------------------------------------------------------------------------


def test_a_card_is_drawn_anew_when_what_it_shows_changes_and_only_then(
    make_site: Callable[..., Site], tmp_path: Path
) -> None:
    prover = Prover(make_site(PAPER | {"content/world/c.md": article("Canal dry")}), tmp_path)
    site = prover.site
    prover.build()
    first = cards(site)
    for old, new in (
        ("Of a.", "Of another."),
        ("title:", "description: More of it\ntitle:"),
        ("---\n\n", "tags: [Sea]\n---\n\n"),
    ):
        site.edit(A, old, new)
        report = prover.build()
        assert cards(site) == first
        assert not [one.path for one in report.rendered if "assets/cards" in one.path]
    for old, new in (
        ("Harbour shut", "Harbour open"),
        ("2026-05-01", "2026-05-02"),
        ("title:", "kind: opinion\ntitle:"),
    ):
        site.edit(A, old, new)
        report = prover.build()
        assert len([path for path in report.written if "assets/cards" in path]) == 1
        assert len([path for path in report.removed if "assets/cards" in path]) == 1
    for setting in ('[theme]\naccent = "#0a5c66"\n', '[social_cards]\nbackground = "#14202b"\n'):
        site.write(
            "newsgen.toml",
            ON.replace("[social_cards]\n", setting if "background" in setting else f"{setting}[social_cards]\n"),
        )
        report = prover.build()
        assert len([path for path in report.written if "assets/cards" in path]) == 2
    site.write("newsgen.toml", TOML)
    prover.build()
    assert cards(site) == []


def test_a_picture_that_comes_takes_the_place_of_the_card(make_site: Callable[..., Site], tmp_path: Path) -> None:
    prover = Prover(make_site(PAPER), tmp_path)
    prover.build()
    prover.site.edit(A, "title:", "image: {src: x.png, alt: A harbour}\ntitle:")
    prover.build()
    assert cards(prover.site) == []
    prover.site.edit(A, "image: {src: x.png, alt: A harbour}\n", "")
    prover.build()
    assert len(cards(prover.site)) == 1


def test_the_picture_that_a_page_is_shared_with_is_in_its_key(
    make_site: Callable[..., Site], tmp_path: Path, plain_theme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = {"templates/article.html": "{{ social_image and social_image.src }}"}
    prover = Prover(make_site(PAPER | template), tmp_path)
    monkeypatch.setattr(planning, "plan", plan)  # whose watch would see it first
    blank = articles.OFFERED["social_image"]._replace(digest=lambda _, __: "0" * 32)
    monkeypatch.setitem(articles.OFFERED, "social_image", blank)
    prover.build()
    prover.site.edit("newsgen.toml", "enabled = true", 'enabled = true\nbackground = "#ffffff"')
    with pytest.raises(AssertionError, match=r"world/a/index\.html"):
        prover.build()


@pytest.mark.parametrize("options", [{"jobs": 2}, {"cache": False}, {"jobs": 1, "executor": "inline"}])
def test_the_bytes_are_the_same_however_they_are_made(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch, options: dict[str, object]
) -> None:
    many = {f"content/world/{number}.md": article(f"Headline number {number}") for number in range(6)}
    one = make_site(PAPER | many, "one")
    one.good()
    monkeypatch.setattr(pool, "WORTH", 2)
    other = make_site(PAPER | many, "other")
    other.good(**options)
    assert len(cards(one)) == 7
    assert one.tree() == other.tree()


def test_a_second_build_reads_no_font(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site(PAPER)
    report = site.good()
    assert verified(site.root, build.BuildOptions(at=MOMENT), report).ok

    def never(*_: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(picturing.lettering, "read_font", never)
    monkeypatch.setattr(social_cards, "drawn", never)
    site.edit(A, "Of a.", "Of another.")
    site.edit(B, "Bridge opens", "Bridge closes")
    assert site.good().written


def test_a_card_that_is_missing_or_damaged_is_drawn_again(make_site: Callable[..., Site]) -> None:
    site = make_site(PAPER)
    site.good()
    (path,) = cards(site)
    data = (site.out / path).read_bytes()
    (site.out / path).unlink()
    assert site.good().written == (path,)
    (site.out / path).write_bytes(b"damaged")
    assert site.good().written == (path,)
    assert (site.out / path).read_bytes() == data


def test_another_letterer_draws_them_again(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site(PAPER)
    site.good()
    monkeypatch.setattr(build, "letterer", lambda: "another")
    report = site.good()
    assert {one.path: one.reason for one in report.rendered}[cards(site)[0]] == "what draws social cards changed"
    assert report.written == ()


# ---- what they never tell -------------------------------------------------------------------------------------------


def test_what_is_withheld_has_no_card(make_site: Callable[..., Site], tmp_path: Path) -> None:
    withheld = {
        "content/world/draft.md": article("Secret", draft="true"),
        "content/world/early.md": article("Soon", embargo_until="2026-07-01"),
        "content/world/later.md": article("Later", date="2026-07-02"),
        "content/world/past.md": article("Past", expires="2026-05-20"),
        "content/world/gone.md": article("Gone", status="withdrawn"),
    }
    prover = Prover(make_site(PAPER | withheld), tmp_path)
    prover.build()
    bare = make_site(PAPER, "bare")
    bare.good()
    assert cards(prover.site) == cards(bare)
    prover.build(dt.datetime(2026, 7, 3, tzinfo=dt.UTC))
    assert len(cards(prover.site)) == 3
    prover.site.edit(A, "title:", "status: withdrawn\ntitle:")
    prover.build()
    assert cards(prover.site) == []
    assert told(prover.site.page("world/a/index.html")) == {"twitter:card": "summary"}


# ---- what can be wrong ----------------------------------------------------------------------------------------------

HOSTILE = [
    "x" * 10_000,
    "Words " * 2000,
    "A\u0301\u0302\u0303" * 90,
    "a\u202eb\u2066c",
    "<b>&amp; {{ x }} {% y %}",
    "()" * 300,
]


def test_a_hostile_headline_is_drawn(make_site: Callable[..., Site]) -> None:
    files = {f"content/world/h{number}.md": article(json.dumps(title)) for number, title in enumerate(HOSTILE)}
    site = make_site(PAPER | files)
    assert "NG-208" not in codes(site.good())
    assert len(cards(site)) == len(HOSTILE) + 1


def test_a_headline_of_nothing_that_shows_has_no_card(make_site: Callable[..., Site]) -> None:
    site = make_site(PAPER | {B: article(json.dumps("\u200b\u2060\u200d"))})
    assert "NG-208" not in codes(site.build())
    assert len(cards(site)) <= 1


def test_characters_that_no_font_has_are_told_once(make_site: Callable[..., Site]) -> None:
    site = make_site(PAPER | {f"content/world/z{n}.md": article(f"北京 🎉 {n}") for n in range(3)})
    report = site.good()
    (one,) = report.diagnostics
    assert (one.code, str(one.place)) == ("NG-208", "content/world/z0.md:2:8")
    assert one.message == "no font of social cards has 京 北 🎉: this article has no card, nor have 2 more articles"
    assert 'social_cards.fonts = ["default", ' in one.help
    assert told(site.page("world/z0/index.html")) == {"twitter:card": "summary"}
    assert len(cards(site)) == 1


def test_a_font_of_the_site_draws_what_it_has(make_site: Callable[..., Site], tmp_path: Path) -> None:
    toml = ON + 'fonts = ["content/fonts/own.ttf", "default"]\n'
    prover = Prover(
        make_site(PAPER | {"newsgen.toml": toml, "content/fonts/own.ttf": font("FrankRuhlLibre")}), tmp_path
    )
    site = prover.site
    prover.build()
    assert not [path for path in site.tree() if "own" in path]
    (own,) = cards(site)
    data = (site.out / own).read_bytes()
    site.edit("newsgen.toml", '"content/fonts/own.ttf", "default"', '"default", "content/fonts/own.ttf"')
    prover.build()
    assert (site.out / cards(site)[0]).read_bytes() != data
    site.edit("newsgen.toml", '"default", ', "")
    prover.build()
    assert cards(site) == [own]
    site.write("content/fonts/own.ttf", font("SourceSans3"))
    prover.build()
    assert cards(site) != [own]


@pytest.mark.parametrize(
    ("named", "data", "why"),
    [
        ("static/no.ttf", b"", "it does not exist"),
        ("no.ttf", b"", "it does not exist"),
        ("../x.ttf", b"", "it does not exist"),
        ("static/bad.ttf", b"bad", "it is no TrueType or OpenType font"),
    ],
)
def test_a_font_that_cannot_be_used_is_an_error(
    make_site: Callable[..., Site], named: str, data: bytes, why: str
) -> None:
    toml = ON + f'fonts = ["default", "{named}"]\n'
    report = make_site(PAPER | {"newsgen.toml": toml, **({named: data} if data else {})}).build()
    assert not report.ok
    assert said(report) == [f'NG-509 newsgen.toml:5:1 font "{named}" cannot be used: {why}']


def test_without_the_fonts_nothing_is_published(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolchain, "fonts", dict)
    report = make_site(PAPER).build()
    assert not report.ok
    assert codes(report) == ["NG-508"]
    assert "pip install 'newsgen[cards]'" in report.diagnostics[0].help

"""Pictures of a site: what its pages name, what is made and published of them, and when."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsgen import build
from newsgen.content import pictures
from newsgen.engine import pool
from newsgen.work import picturing
from tests.pictures import GPS, opened, photo, png, saved, telling
from tests.site import Site, article, codes, dead_links, said

TOML = 'title = "Paper"\nbase_url = "https://example.org/sub"\nauthors = {known_only = true}\n'
LEAD = "{src: ship.jpg, alt: A ship, caption: C, credit: Ann, focus: 30% 70%}"


def paper() -> dict[str, str | bytes]:
    return {
        "newsgen.toml": TOML + "[images]\nwidths = [16, 320, 1600]\n",
        "content/world/a.md": article(
            "A", "Text ![Two > one](crane.png 'T') and ![far](https://e.org/x.png).", image=LEAD
        ),
        "content/world/b.md": article(
            "B", '<img src="crane.png" alt="raw"> ![A](/art.svg)', date="2026-04-01", author="Ann"
        ),
        "content/world/ship.jpg": saved(photo(1400, 700), "JPEG"),
        "content/world/crane.png": png(width=20, height=10),
        "content/authors/ann.md": "---\ntitle: Ann\nimage: {src: ship.jpg, alt: Ann}\n---\n",
        "content/authors/ship.jpg": saved(photo(), "JPEG"),
        "static/art.svg": '<svg viewBox="0 0 30 20"/>',
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("pictures") / "paper", paper())
    report = site.good()
    assert said(report) == []
    return site


def made(site: Site) -> list[str]:
    return sorted(path for path in site.tree() if path.startswith("assets/pictures/"))


# ---- what pages say -------------------------------------------------------------------------------------------------


def test_the_lead_picture_is_named_in_all_its_formats_and_comes_first(built: Site) -> None:
    page = built.page("world/a/index.html")
    figure = page[page.index('<figure class="article-picture">') : page.index("</figure>")]
    types = re.findall(r'<source type="([^"]+)" srcset="([^"]+)" sizes="([^"]+)"', figure)
    assert [one[0] for one in types] == ["image/avif", "image/webp"]
    assert [re.findall(r" (\d+)w", one[1]) for one in types] == [["16", "320", "1400"]] * 2
    assert "auto" not in types[0][2]
    assert re.search(
        r'<img src="/sub/assets/pictures/[0-9a-f]{12}-1280-[0-9a-f]{8}\.jpg" width="1280" height="640" alt="A ship" '
        r'data-tone="(?:[rgb][421] ?)*" data-crop="x2 x1 y4 y2 y1" fetchpriority="high"></picture>',
        figure,
    )


def test_a_picture_of_a_text_waits_and_moves_nothing(built: Site) -> None:
    page = built.page("world/a/index.html")
    assert re.search(
        r'<picture><source type="image/avif" srcset="[^"]+ 16w, [^"]+ 20w" sizes="[^"]+"><source [^>]+>'
        r'<img src="/sub/world/a/crane.png" width="20" height="10" decoding="async" data-tone="r1 g2 b2 b1"'
        r' alt="Two &gt; one" title="T" loading="lazy" /></picture>',
        page,
    )
    assert '<img src="https://e.org/x.png" alt="far" loading="lazy" />' in page


def test_an_svg_and_raw_html_are_left_alone(built: Site) -> None:
    page = built.page("world/b/index.html")
    assert '<img src="/sub/world/b/crane.png" alt="raw">' in page
    assert '<img src="/sub/art.svg" width="30" height="20" decoding="async" alt="A" loading="lazy">' in page


def test_lists_wait_but_for_their_lead(built: Site) -> None:
    front = built.page("index.html")
    assert front.count("<picture>") == front.count('class="card-picture"') == front.count('fetchpriority="high"') == 1
    assert '<img class="portrait"' in built.page("authors/ann/index.html")


def test_machines_are_told_of_one_that_all_understand(built: Site) -> None:
    page, feed = built.page("world/a/index.html"), built.page("feed.xml")
    (url,) = re.findall(r'<meta property="og:image" content="([^"]+)"', page)
    assert re.fullmatch(r"https://example\.org/sub/assets/pictures/\S+-1280-\S+\.jpg", url)
    assert '<meta property="og:image:width" content="1280">\n<meta property="og:image:height" content="640">' in page
    graph = json.loads(page[page.index('ld+json">') + 9 : page.index("</script>", page.index('ld+json">'))])
    found = graph["@graph"][0]["image"][0]
    assert (found["url"], found["width"]["value"], found["height"]["value"]) == (url, 1280, 640)
    assert f'<media:content url="{url}" type="image/jpeg"' in feed
    assert "srcset" not in feed
    assert 'img src="https://example.org/sub/world/a/crane.png" width="20" height="10"' in feed.replace(
        "&lt;", ""
    ).replace("&quot;", '"')


def test_no_address_of_a_picture_is_dead(built: Site) -> None:
    assert dead_links(built.out, "/sub/", "https://example.org") == []
    named = "".join(data.decode() for path, data in built.tree().items() if path.endswith((".html", ".xml")))
    assert [path for path in made(built) if path not in named] == []


def test_each_is_what_its_name_says(built: Site) -> None:
    assert len(made(built)) == 2 * (3 + 2 + 2) + 1
    for path in made(built):
        width, format = int(path.split("-")[1]), path.rpartition(".")[2]
        found = opened((built.out / path).read_bytes())
        assert (found.width, found.format) == (width, {"jpg": "JPEG"}.get(format, format.upper()))


# ---- what is published ----------------------------------------------------------------------------------------------


def bearing(setting: str) -> dict[str, str | bytes]:
    """A site with every picture that tells something, once in static/ and once in a text."""
    names = telling()
    body = " ".join(f"![x]({name})" for name in names)
    files: dict[str, str | bytes] = {
        "newsgen.toml": TOML + setting,
        "content/world/a.md": article("A", body, image="{src: exif.jpg, alt: x}"),
    }
    for turn, folder in ((1, "content/world"), (6, "static")):
        files |= {f"{folder}/{name}": data for name, data in telling(turn).items()}
    return files


@pytest.mark.parametrize("setting", ["", '[images]\nmetadata = "credit"\n', "[images]\nenabled = false\n"])
def test_no_byte_of_the_output_tells_where_a_picture_was_taken(make_site: Callable[..., Site], setting: str) -> None:
    site = make_site(bearing(setting))
    site.good()
    assert [path for path, data in site.tree().items() if GPS in data] == []
    credited = [path for path, data in site.tree().items() if b"Jane Doe" in data]
    assert bool(credited) == ("credit" in setting)


def test_pictures_keep_what_they_tell_where_that_is_asked_for(make_site: Callable[..., Site]) -> None:
    site = make_site(bearing('[images]\nmetadata = "keep"\n'))
    site.good()
    assert (site.out / "exif.jpg").read_bytes() == telling(6)["exif.jpg"]
    assert [path for path in made(site) if GPS in (site.out / path).read_bytes()] == []


def test_what_may_hide_metadata_stops_the_build(make_site: Callable[..., Site]) -> None:
    site = make_site({"newsgen.toml": TOML, "static/press/ship.tif": saved(photo(), "TIFF")})
    assert said(site.build()) == [
        "NG-207 static/press/ship.tif metadata cannot be taken out: TIFF may hold metadata, which newsgen cannot take out"
    ]
    assert not site.out.exists()
    site.write("newsgen.toml", TOML + '[images]\nmetadata = "keep"\n')
    site.good()


FLAWS: dict[str, bytes] = {
    "empty.jpg": b"",
    "text.jpg": b"text",
    "cut.jpg": saved(photo(), "JPEG")[:700],
    "large.png": png(width=1200, height=1000),
    "scan.bmp": saved(photo(), "BMP"),
}


def test_a_picture_that_cannot_be_shown_is_left_out_and_told_of(make_site: Callable[..., Site]) -> None:
    files: dict[str, str | bytes] = {"newsgen.toml": TOML + "[images]\nmax_megapixels = 1\n"}
    for name, data in FLAWS.items():
        files[f"content/world/{name}"] = data
        text = article(name, f"![Words]({name})", slug=name[:3], image=f"{{src: {name}, alt: W}}")
        files[f"content/world/{name}.md"] = text
    site = make_site(files)
    report = site.good()
    assert codes(report) == ["NG-206"] * 2 * len(FLAWS)
    assert [str(one.place).split(".md")[1] for one in report.diagnostics] == [":5:8", ":8:10"] * len(FLAWS)
    assert made(site) == []
    for name in FLAWS:
        page = site.page(f"world/{name[:3]}/index.html")
        assert '<img alt="Words" loading="lazy"' in page
        assert "<figure" not in page


# ---- when -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{"jobs": 2}, {"cache": False}, {"jobs": 1, "executor": "inline"}])
def test_the_bytes_are_the_same_however_they_are_made(
    built: Site, make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch, options: dict[str, object]
) -> None:
    monkeypatch.setattr(pool, "WORTH", 2)
    site = make_site(paper())
    site.good(**options)
    assert site.tree() == built.tree()


def test_an_unchanged_picture_is_not_opened_again(
    make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site(paper())
    site.good()

    def never(*_: object) -> Iterator[bytes]:
        raise AssertionError("opened again")

    monkeypatch.setattr(pictures, "measure", never)
    monkeypatch.setattr(pictures, "made", never)
    site.edit("content/world/a.md", "Text", "Another text")
    site.edit("content/world/b.md", "title: B", "title: Bee")
    site.move("content/world/ship.jpg", "content/world/boat.jpg")
    site.edit("content/world/a.md", "ship.jpg", "boat.jpg")
    site.edit("newsgen.toml", "[images]", "[images]\nrequire_credit = true")
    assert said(site.good()) == []


def test_another_encoder_makes_them_again(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_site(paper())
    site.good()
    monkeypatch.setattr(build, "encoder", lambda: "another")
    report = site.good()
    again = {one.path: one.reason for one in report.rendered}
    assert {again.get(path) for path in made(site)} == {"what opens and writes pictures changed"}
    assert report.written == ()


def test_a_picture_that_fails_late_is_told_of(make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> Iterator[bytes]:
        raise OSError("no such codec")

    monkeypatch.setattr(picturing.pictures, "made", fails)
    site = make_site(paper())
    report = site.build()
    assert (report.ok, {*codes(report)}) == (False, {"NG-206"})


PROBE = """
import datetime, sys
from pathlib import Path
from newsgen.build import BuildOptions, build
report = build(Path(sys.argv[1]), BuildOptions(at=datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)))
assert report.ok, report
print(len(report.written), "PIL" in sys.modules)
"""


def imports_pillow(root: Path) -> str:
    ended = subprocess.run([sys.executable, "-c", PROBE, root], capture_output=True, text=True, check=True)
    return ended.stdout.strip()


def test_pillow_is_imported_for_pictures_alone(make_site: Callable[..., Site]) -> None:
    site = make_site(paper())
    assert imports_pillow(site.root).endswith(" True")
    assert imports_pillow(site.root) == "0 False"
    site.edit("content/world/a.md", "Text", "Another text")
    assert imports_pillow(site.root).endswith(" False")
    words = make_site({"content/a.md": article("A"), "static/logo.svg": "<svg/>"}, name="words")
    assert imports_pillow(words.root).endswith(" False")

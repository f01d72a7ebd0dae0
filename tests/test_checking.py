"""`newsgen check`: what is found on finished pages, and how other sites are asked."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsgen import external
from newsgen.build import BuildOptions
from newsgen.checking import Checked, checked
from newsgen.cli.main import cli
from tests.site import MOMENT, Site, article, tree
from tests.web import listening

LONG = "A description that tells in a sentence what the story is about, and no less."
HEAD = (
    '<!doctype html><html lang="en"><head><title>{{ meta.title }}</title><link rel="canonical" href="{{ meta.canonical }}">'
    '<meta name="description" content="{{ meta.description }}"></head><body>'
)
PAGE = f"{HEAD}<h1>A</h1>{{{{ page.body }}}}"
LIST = f'{HEAD}<h1>A</h1><a href="/">Home</a><a href="/about/#who">x</a><a href="/tags/"></a><a href="/authors/"></a>'
FILES: dict[str, str | bytes] = {
    "content/a.md": article("A", description=LONG),
    "content/pages/about.md": "---\ntitle: About\n---\n\n## Who\n\n[Home](/)\n",
    "templates/home.html": f'{LIST}{{% for a in listing.articles %}}<a href="{{{{ a.url }}}}">{{{{ a.title }}}}</a>{{% endfor %}}'
    '<a href="/news/">N</a>',
    "templates/article.html": f"{HEAD}<h1>A</h1>{{{{ article.body }}}}",
    "templates/page.html": PAGE,
    "templates/404.html": LIST,
    **{f"templates/{name}.html": LIST for name in ("section", "tag", "author", "list", "archive")},
}


@pytest.fixture
def site(make_site: Callable[..., Site], plain_theme: Path) -> Site:
    site = make_site(FILES)
    site.write("newsgen.toml", 'base_url = "https://example.org"\n[feeds]\nformats = []\n[archives]\nby = []\n')
    return site


def look(site: Site, **options: object) -> Checked:
    return checked(site.root, BuildOptions(at=MOMENT), **options)


def said(found: Checked) -> list[str]:
    return [f"{one.severity} {one.code} {one.place} {one.message}" for one in found.diagnostics]


def test_a_site_without_fault_passes_and_nothing_is_published(site: Site) -> None:
    found = look(site)
    assert (said(found), found.ok, site.out.exists()) == ([], True, False)
    assert (found.pages, found.external, found.links > 10) == (7, 0, True)


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (
            "templates/home.html",
            '"/news/"',
            '"/gone/?a#b"',
            ['error NG-801 site/index.html a link leads nowhere: "/gone/?a#b"', "warning NG-805 site/news/index.html no page links to /news/"],
        ),
        ("templates/home.html", '"/news/"', '"https://example.org/news/"', []),
        ("templates/home.html", '"/news/"', '"/news"', []),
        ("templates/home.html", '"/news/"', '"news/#:~:text=a"', []),
        (
            "content/a.md",
            "Words.",
            "Words.\n\nSee [who](pages/about.md#whom) and [here](#nowhere).",
            [
                'error NG-802 content/a.md:9:25 a link leads to no place in its page: "/about/#whom"',
                'error NG-802 content/a.md:9:43 a link leads to no place in its page: "#nowhere"',
            ],
        ),
        ("content/a.md", "Words.", "[who](pages/about.md#who) [top](#top)", []),
        ("templates/404.html", "<h1>", '<img src="/x.png"><h1>', [
            'error NG-803 site/404.html a file leads nowhere: "/x.png"',
            'warning NG-804 site/404.html a picture without an alt text: "/x.png"',
        ]),
        ("templates/page.html", "<h1>A</h1>", "", ["warning NG-806 content/pages/about.md the page /about/ lacks one h1"]),
        ("templates/page.html", '"canonical"', '"x"', ["warning NG-806 content/pages/about.md the page /about/ lacks its canonical address"]),
        (
            "templates/article.html",
            "</head>",
            '<meta property="og:type" content="article"><meta property="og:title" content="{{ "x" * 111 }}">'
            '<meta property="og:image" content="x"><meta property="og:image:width" content="600"></head>',
            [
                "warning NG-807 content/a.md the article has a headline of more than 110 characters",
                "warning NG-807 content/a.md the article has a picture of less than 1200 pixels in width",
                "warning NG-807 content/a.md the article has no author",
            ],
        ),
        ("templates/section.html", "</head>", '<meta name="robots" content="noindex"></head>', []),
        ("templates/home.html", "<h1>", '<template><a href="/later/"></a></template><h1>', []),
        ("templates/home.html", "<h1>", '<a href="mailto:a@b.example">x</a><a href="http://[bad">x</a><h1>', []),
    ],
)  # fmt: skip
def test_each_fault_of_a_page_is_told_with_its_place(
    site: Site, path: str, old: str, new: str, expected: list[str]
) -> None:
    site.edit(path, old, new)
    found = look(site)
    assert said(found) == sorted(expected, key=lambda line: line.split()[2])
    assert found.ok == (not any(line.startswith("error") for line in expected))


def test_a_site_that_cannot_be_built_is_not_checked(site: Site) -> None:
    site.write("content/a.md", "---\ntitel: A\n---\n")
    found = look(site)
    assert (found.ok, found.pages, {one.code for one in found.diagnostics}) == (False, 0, {"NG-104", "NG-111"})


# ---- other sites ----------------------------------------------------------------------------------------------------


class _Other(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - emptied by the fixture

    def log_message(self, format: str, *args: object) -> None: ...

    def _answer(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        name = self.path.strip("/")
        if name == "slow":
            self.rfile.read(1)  # which never comes: the other gives up
        code = {"nohead": 405 if self.command == "HEAD" else 200, "moved": 301}.get(name) or (
            int(name) if name.isdigit() else 200
        )
        self.send_response(code)
        self.send_header("Location", "/200") if code == 301 else None
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = _answer  # noqa: N815 - the names that the server calls


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Another site, which answers /404 with 404."""
    _Other.asked.clear()
    monkeypatch.setattr(external, "PAUSE", 0.01)
    monkeypatch.setattr(external, "PATIENCE", 3)
    monkeypatch.setattr(external, "PUBLIC", False)
    with listening(_Other) as address:
        yield address


def test_other_sites_are_asked_when_they_shall_be_and_once(site: Site, other: str) -> None:
    names = ("200", "404", "410", "500", "403", "429", "nohead", "moved", "slow", "200#a", "ö")
    site.edit("content/a.md", "Words.", "\n\n".join(f"[x]({other}/{name})" for name in names))
    assert (look(site).external, _Other.asked) == (0, [])
    found = look(site, external=True)
    assert [line.replace(other, "") for line in said(found)] == [
        'error NG-808 content/a.md:9:5 "/404" answers 404 Not Found',
        'error NG-808 content/a.md:11:5 "/410" answers 410 Gone',
        'error NG-808 content/a.md:13:5 "/500" answers 500 Internal Server Error',
        'warning NG-809 content/a.md:23:5 "/slow" could not be asked: no answer (timed out)',
    ]
    assert (found.external, found.ok) == (10, False)
    assert {"HEAD /nohead", "GET /nohead", "HEAD /moved"} <= {*_Other.asked}
    assert {"GET /404", "GET /410"}.isdisjoint(_Other.asked)
    before = len(_Other.asked)
    look(site, external=True)
    again = {one.split()[1] for one in _Other.asked[before:]}
    assert again == {"/404", "/410", "/500", "/slow"}


def test_a_host_is_asked_one_thing_at_a_time_with_pauses(
    other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(external, "PAUSE", 1.0)
    monkeypatch.setattr(time, "sleep", pauses.append)
    assert external.answers([f"{other}/a{n}" for n in range(5)], tmp_path / "links.json") == {
        f"{other}/a{n}": "" for n in range(5)
    }
    assert pauses == [1.0] * 4
    assert _Other.asked == [f"HEAD /a{n}" for n in range(5)]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": "b"}', "\x00"])
def test_a_cache_that_cannot_be_read_is_none(other: str, tmp_path: Path, text: str) -> None:
    cache = tmp_path / "links.json"
    cache.write_text(text)
    assert external.answers([f"{other}/200"], cache) == {f"{other}/200": ""}
    assert [*json.loads(cache.read_text())] == [f"{other}/200"]


def test_this_machine_and_its_network_are_not_asked(
    other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [f"{other}/200", f"{other}/200".replace("127.0.0.1", "localhost")]
    assert set(external.answers(addresses, tmp_path / "links.json").values()) == {""}
    (tmp_path / "links.json").unlink()
    _Other.asked.clear()
    monkeypatch.setattr(external, "PUBLIC", True)
    found = external.answers(addresses, tmp_path / "links.json")
    assert [*found.values()] == ["no answer (127.0.0.1 is no public address)"] * 2
    assert _Other.asked == []


def test_what_is_no_address_is_no_crash(tmp_path: Path) -> None:
    found = external.answers(["http://", "http://a..b/", "http://127.0.0.1:1/"], tmp_path / "links.json")
    assert all(answer.startswith("no answer") for answer in found.values())


# ---- the command ----------------------------------------------------------------------------------------------------


def test_the_command_tells_and_its_status_is_that_of_the_site(site: Site) -> None:
    run = CliRunner().invoke
    told = run(cli, ["-C", str(site.root), "check", "--at", "2026-06-01"])
    assert told.exit_code == 0
    assert "0 errors, 0 warnings." in told.output
    site.edit("templates/page.html", "<h1>A</h1>", "")
    assert run(cli, ["-C", str(site.root), "check", "--at", "2026-06-01"]).exit_code == 0
    strict = run(cli, ["-C", str(site.root), "check", "--at", "2026-06-01", "--strict", "--format", "github"])
    assert strict.exit_code == 1
    assert "::error file=content/pages/about.md,title=NG-806::the page /about/ lacks one h1" in strict.output
    report = json.loads(run(cli, ["-C", str(site.root), "check", "--at", "2026-06-01", "--format", "json"]).output)
    assert (report["ok"], [one["code"] for one in report["diagnostics"]]) == (True, ["NG-806"])
    assert "site" not in {path.split("/")[0] for path in tree(site.root)}

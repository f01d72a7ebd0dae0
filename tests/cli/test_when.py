"""`newsgen why` and `newsgen next`: each state in words, and the moments at which a build differs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended
from tests.pictures import png
from tests.site import Site, article

pytestmark = pytest.mark.usefixtures("plain_theme")

Run = Callable[..., Ended]
AT = ("--at", "2026-06-01T12:00Z")
TOML = 'title = "Post"\nbase_url = "https://example.org/p"\ntimezone = "Europe/Berlin"\n'

STATES = {
    "live": ({}, "Online (live): its time (date) came on 2026-05-01 11:00 Europe/Berlin (2026-05-01 09:00 UTC)."),
    "undated": ({"date": None}, "Online (live): nothing withholds it; without a date it comes last in lists and is in no feed."),
    "draft": ({"draft": "true"}, "Not online (draft): it is a draft (draft: true)."),
    "withdrawn": ({"status": "withdrawn"}, "Not online (withdrawn): it was withdrawn (status: withdrawn); its address says so in place of the text."),
    "scheduled": ({"publish_at": "2026-07-01 08:00"}, "Not online (scheduled): its time (publish_at) comes on 2026-07-01 08:00 Europe/Berlin (2026-07-01 06:00 UTC)."),
    "embargoed": ({"embargo_until": "2026-12-01 08:00"}, "Not online (embargoed): its embargo (embargo_until) ends on 2026-12-01 08:00 Europe/Berlin (2026-12-01 07:00 UTC)."),
    "expired": ({"expires": "2026-05-20"}, "Not online (expired): it expired (expires) on 2026-05-20 00:00 Europe/Berlin (2026-05-19 22:00 UTC)."),
}  # fmt: skip


@pytest.fixture
def asked(newsgen: Run, make_site: Callable[..., Site]) -> Run:
    """Asks of a site of these files."""

    def ask(files: dict[str, str | bytes], *words: str) -> Ended:
        site = make_site({"newsgen.toml": TOML, **files})
        ended = newsgen("-C", site.root, *words)
        assert not (site.root / "site").exists()
        return ended

    return ask


@pytest.mark.parametrize("name", STATES)
def test_why_says_the_state_of_an_article_on_both_clocks(asked: Run, name: str) -> None:
    fields, said = STATES[name]
    ended = asked({"content/world/a.md": article("A", **fields)}, "why", "content/world/a.md", *AT)
    lines = ended.out.splitlines()
    there = "Address" if said.startswith("Online") or name == "withdrawn" else "Its address would be"
    assert (ended.status, lines[0], lines[1]) == (0, "content/world/a.md: A", said)
    assert lines[2:4] == [
        f"{there}: https://example.org/p/world/a/",
        "Asked for 2026-06-01 14:00 Europe/Berlin (2026-06-01 12:00 UTC).",
    ]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("pages/about.md", "---\ntitle: About\n---\nWho.", "Online (live): nothing withholds it."),
        ("pages/about.md", "---\ntitle: About\ndraft: true\n---\n", "Not online (draft): it is a draft (draft: true)."),
        ("tags/sea.md", "---\ntitle: Sea\n---\n", "Online (live): a page of its own lists its articles."),
        ("world/_index.md", "---\ntitle: World\n---\n", "Online (live): a page of its own lists its articles."),
        ("world/x.png", png(), "Online (copied): a published article or page names it."),
        ("world/y.png", "y", "Not online (unused): no published text names it."),
        ("world/.b.md", "B", "Not online (ignored): names that begin with . or _ are left out."),
        ("world/b.md", "B", "Not online (refused): it has errors."),
        ("world/b.md", "", "Not online (refused): it has no text."),
    ],
)
@pytest.mark.parametrize("start", ["content/", ""])
def test_why_of_any_file(asked: Run, file: str, text: str, said: str, start: str) -> None:
    files = {"content/world/a.md": article("A", "![X](x.png)"), "content/world/x.png": png(), f"content/{file}": text}
    ended = asked(files, "why", f"{start}{file}", *AT)
    assert (ended.status, ended.out.splitlines()[1]) == (0, said)


def test_why_of_a_file_with_a_mistake_shows_it(asked: Run) -> None:
    ended = asked({"content/a.md": article("A", date="yesterday")}, "why", "a.md", *AT)
    assert "NG-112 content/a.md:3:7" in ended.err
    assert ended.out.endswith("The site has 1 error: until they are mended it stays as it was.\n")


@pytest.mark.parametrize("path", ["content/none.md", "../newsgen.toml", "newsgen.toml", "/etc/passwd"])
def test_why_of_no_file_of_content_is_wrong_usage(asked: Run, path: str) -> None:
    ended = asked({"content/a.md": article("A")}, "why", path, *AT)
    assert (ended.status, ended.out) == (2, "")


def test_why_finds_a_file_from_where_one_is(
    newsgen: Run, make_site: Callable[..., Site], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = make_site({"content/world/a.md": article("A")})
    monkeypatch.chdir(site.root / "content/world")
    assert newsgen("-C", site.root, "why", "a.md", *AT).out.startswith("content/world/a.md: A\nOnline")


def test_why_tells_what_is_to_come(asked: Run) -> None:
    text = article(
        "A", embargo_until="2026-06-03T10:00:00Z", publish_at="2026-06-05T10:00Z", expires="2026-06-09 12:00"
    )
    ended = asked({"content/a.md": text}, "why", "a.md", *AT)
    assert ended.out.splitlines()[4:] == [
        "It is no longer under an embargo, and waits for its time on 2026-06-03 12:00 Europe/Berlin (2026-06-03 10:00 UTC).",
        "It is published on 2026-06-05 12:00 Europe/Berlin (2026-06-05 10:00 UTC).",
        "It expires on 2026-06-09 12:00 Europe/Berlin (2026-06-09 10:00 UTC).",
    ]


def test_why_as_json(asked: Run) -> None:
    told = json.loads(asked({"content/a.md": article("A", draft="true")}, "why", "a.md", *AT, "--format", "json").out)
    assert (told["kind"], told["state"], told["online"], told["url"]) == (
        "article", "draft", False, "https://example.org/p/news/a/",
    )  # fmt: skip


def test_next_is_the_first_change_with_all_of_its_minute(asked: Run) -> None:
    files: dict[str, str | bytes] = {
        "content/a.md": article("A", publish_at="2026-06-03T10:00:30Z"),
        "content/b.md": article("B", expires="2026-06-03T10:01:00Z"),
        "content/c.md": article("C", publish_at="2026-06-03T10:01:30Z"),
        "content/d.md": article("D", publish_at="2026-06-02", draft="true"),
    }
    assert asked(files, "next", *AT).out == (
        "2026-06-03 12:01 Europe/Berlin (2026-06-03 10:01 UTC):\n  content/a.md is published\n  content/b.md expires\n"
    )


def test_the_last_minute_of_all_is_due_in_itself(asked: Run) -> None:
    files: dict[str, str | bytes] = {"content/a.md": article("A", expires="9999-12-31T23:59:30+01:00")}
    told = json.loads(asked(files, "next", "--at", "9000-01-01T00:00Z", "--format", "json").out)
    assert told["at"] == "9999-12-31T23:59:00+01:00"


def test_next_as_json_and_where_there_is_none(asked: Run) -> None:
    files: dict[str, str | bytes] = {
        "newsgen.toml": TOML + "old_after_years = 0\n",
        "content/a.md": article("A", publish_at="2026-06-03T10:00:00Z"),
    }
    told = json.loads(asked(files, "next", *AT, "--format", "json").out)
    assert (told["at"], [one["what"] for one in told["changes"]]) == ("2026-06-03T12:00:00+02:00", ["is published"])
    later = ("--at", "2026-07-01")
    assert json.loads(asked(files, "next", *later, "--format", "json").out)["at"] is None
    assert asked(files, "next", *later) == (
        0, "Nothing changes with time: the next build is due after the next edit.\n", "",
    )  # fmt: skip


def test_neither_a_live_blog_that_tells_no_time_nor_a_year_after_all_years_bounds_a_build(asked: Run) -> None:
    files: dict[str, str | bytes] = {
        "newsgen.toml": TOML + "old_after_years = 9000\n",
        "content/a.md": article("A", date=None, kind="live"),
        "content/b.md": article("B"),
    }
    assert json.loads(asked(files, "next", *AT, "--format", "json").out)["at"] is None


def test_a_build_at_the_next_moment_differs_and_one_before_does_not(asked: Run, make_site: Callable[..., Site]) -> None:
    files: dict[str, str | bytes] = {"content/a.md": article("A", publish_at="2026-06-03T10:00:30Z")}
    due = json.loads(asked(files, "next", *AT, "--format", "json").out)["at"]
    site = make_site({"newsgen.toml": TOML, **files})
    moment = dt.datetime.fromisoformat(due)
    site.good()
    assert not site.good(moment - dt.timedelta(minutes=1)).written
    built = site.good(moment - dt.timedelta(minutes=1))
    assert built.coming == moment
    assert site.good(moment).written


@pytest.mark.parametrize("command", ["next", "why"])
def test_a_site_without_settings_is_told(newsgen: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.md").write_text("A")
    ended = newsgen("-C", tmp_path, command, *(["a.md"] if command == "why" else []))
    assert (ended.status, "NG-501" in ended.err) == (1, True)


def test_why_tells_the_address_in_the_edition_of_a_language(
    make_site: Callable[..., Site], newsgen: Callable[..., Ended]
) -> None:
    files = {"content/de/welt/hafen.md": article("Hafen"), "content/de/welt/bald.md": article("Bald", draft="true")}
    site = make_site({"newsgen.toml": 'base_url = "https://example.org"\n[languages.de]\n', **files})
    at = ("-C", site.root, "why", "--at", "2026-06-01")
    assert "\nAddress: https://example.org/de/welt/hafen/\n" in newsgen(*at, "content/de/welt/hafen.md").out
    assert "would be: https://example.org/de/welt/bald/\n" in newsgen(*at, "content/de/welt/bald.md").out


# ---- codes ----------------------------------------------------------------------------------------------------------


def test_why_says_what_a_code_means_anywhere(newsgen: Run, tmp_path: Path) -> None:
    ended = newsgen("-C", tmp_path, "why", "ng-104")
    assert (ended.status, ended.out.splitlines()[0]) == (0, "NG-104: unknown key in front matter")
    told = json.loads(newsgen("-C", tmp_path, "why", "NG-104", "--format", "json").out)
    assert {*told} == {"what", "why", "mend"}


def test_a_code_that_is_none_is_wrong_usage(asked: Run) -> None:
    assert asked({}, "why", "NG-999").status == 2

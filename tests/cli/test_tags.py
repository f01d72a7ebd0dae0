"""`newsgen tags`: the evidence with its places, articles tagged anew, names that no tag covers."""

from __future__ import annotations

import json
import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsgen import tags
from newsgen.importers import files
from newsgen.importers.report import ImportOptions, Tally
from newsgen.importers.run import import_paths, tag_registry
from newsgen.project import read_settings
from tests.cli.conftest import Ended
from tests.site import tree, write_all

Newsgen = Callable[..., Ended]

SITE = {
    "newsgen.toml": 'title = "Paper"\n',
    "content/tags/norland.md": "---\ntitle: Norland\naliases: [Norlander, Nordhavn, Skarholt]\nexclude: [New Norland]\n---\n",
    "content/tags/sudmark.md": "---\ntitle: Sudmark\nunless: [Sudmark Stores]\n---\n",
    "content/tags/tariffs.md": "---\ntitle: tariffs\naliases: [tariff]\n---\n",
    "content/world/ferry.md": (
        '---\ntitle: "Nordhavn shuts its port"  # for now\ntags:\n  - mine  # by hand\n---\n\n'
        "The port closed on Monday. [Tariffs](https://sudmark.example) were the reason, said a Norlander in New\nNorland.\n\n"
        "A tariff is a gift, he said.\n"
    ),
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_all(tmp_path, SITE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_explain_tells_each_name_with_its_place_and_what_it_scored(newsgen: Newsgen, root: Path) -> None:
    ended = newsgen("tags", "explain", "content/world/ferry.md")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "content/world/ferry.md: Nordhavn shuts its port",
        "Its tags: mine.",
        "newsgen tags apply would make them: mine, Norland, tariffs.",
        "",
        "Norland: 8 = title 1 x 5 + lead 1 x 2 + paragraphs 1 x 1; tagged",
        "    content/world/ferry.md:2:9: Nordhavn (title)",
        "    content/world/ferry.md:7:87: Norlander (lead)",
        "",
        "tariffs: 4 = lead 1 x 2 + paragraphs 2 x 1; tagged",
        "    content/world/ferry.md:7:29: Tariffs (lead)",
        "    content/world/ferry.md:10:3: tariff (text)",
        "",
        "Counted for nothing:",
        "    content/world/ferry.md:7:100: New Norland (lead): not Norland",
    ]


@pytest.mark.parametrize("path", ["world/ferry.md", "content/world/../world/ferry.md"])
def test_paths_are_seen_from_the_site_and_from_content(newsgen: Newsgen, root: Path, path: str) -> None:
    assert newsgen("tags", "explain", path).out.startswith("content/world/ferry.md: ")


def verdicts(newsgen: Newsgen, path: str) -> dict[str, tuple[bool, str]]:
    found = json.loads(newsgen("tags", "explain", path, "--format", "json").out)
    return {one["evidence"]["tag"]: (one["tagged"], one["why"]) for one in found["verdicts"]}


def test_explain_weighs_as_apply_does(root: Path) -> None:
    line = "Nordhavn shut its port on Monday, and nobody there knew why it had. A tariff was named, by Sudmark of all."
    body = "\n\n".join(["NORDHAVN, May 3 -", *[line] * 3, " ".join([line] * 12), "Sudmark."])
    write_all(root, {"content/a.md": f"---\ntitle: A day\n---\n\n{body}\n"})
    configured = read_settings(root)
    registries = tags.registries(root, configured).value
    text = tags.read_text("content/a.md", (root / "content/a.md").read_bytes(), configured).value
    assert text
    assert registries
    told = tags.explained(text, registries[""], configured.import_)
    assert tuple(one.evidence for one in told.verdicts) == tags.evidence(text, registries[""])
    assert {(one.phrase, one.part) for one in told.mentions if one.place.line == 7} == {
        ("Nordhavn", "lead"),
        ("tariff", "text"),
        ("Sudmark", "text"),
    }


def test_explain_says_why_a_tag_stays_out(newsgen: Newsgen, root: Path) -> None:
    aside = "Nobody said a word that would be worth a line of its own here, and the long day went by."
    head = "---\ntitle: Nordhavn and tariffs\n{}---\n\n" + f"{aside}\n\nSudmark.\n"
    cases = {
        "tags: [Norland]\n": {"Norland": (True, "a person's tag"), "tariffs": (True, "")},
        "tags: [tariffs]\ntags_evidence: {Norland: {title: 1, body: 0}}\n": {
            "Norland": (False, "a person took it out"),
            "tariffs": (True, "a person's tag"),
        },
        "tags_locked: true\n": {
            "Norland": (False, "tags_locked: true"),
            "tariffs": (False, "tags_locked: true"),
            "Sudmark": (False, "tags_locked: true"),
        },
    }
    for keys, told in cases.items():
        write_all(root, {"content/a.md": head.format(keys)})
        assert verdicts(newsgen, "a.md") == {"Sudmark": (False, "below the threshold of 3"), **told}
    write_all(root, {"newsgen.toml": "[import]\nmax_tags = 1\n", "content/a.md": head.format("")})
    assert verdicts(newsgen, "a.md")["tariffs"] == (False, "others score higher, and max_tags is 1")


def test_explain_says_what_rules_a_title_out(newsgen: Newsgen, root: Path) -> None:
    write_all(root, {"content/a.md": "---\ntitle: Sudmark grows\n---\n\nThe Sudmark Stores are full.\n"})
    assert (
        "Sudmark (title): something else is meant: the text names what rules out Sudmark"
        in newsgen("tags", "explain", "a.md").out
    )


def test_places_count_signs_as_they_are_seen(newsgen: Newsgen, root: Path) -> None:
    text = unicodedata.normalize("NFD", "---\ntitle: A\n---\n\n„Québec é“:  Nordhavn\n")
    write_all(root, {"content/a.md": text})
    assert "content/a.md:5:14: Nordhavn (lead)" in newsgen("tags", "explain", "a.md").out


def test_what_is_no_article_is_said_in_a_line(newsgen: Newsgen, root: Path) -> None:
    assert "there is no x.md under content/" in newsgen("tags", "explain", "x.md").err
    assert "is no article" in newsgen("tags", "explain", "content/tags/norland.md").err
    write_all(root, {"content/bad.md": "---\ntitle: [\n---\n", "content/odd.md": b"\xff\xfe"})
    assert (newsgen("tags", "explain", "bad.md").status, "NG-106" in newsgen("tags", "explain", "bad.md").err) == (
        1,
        True,
    )
    assert "NG-101" in newsgen("tags", "explain", "odd.md").err


def test_a_registry_with_errors_tags_nothing(newsgen: Newsgen, root: Path) -> None:
    write_all(root, {"content/tags/bad.md": "---\ntitel: Bad\n---\n"})
    before = tree(root)
    for words in (["apply", "--write"], ["suggest"], ["explain", "world/ferry.md"]):
        ended = newsgen("tags", *words)
        assert (ended.status, "NG-104 content/tags/bad.md:2:8" in ended.err) == (1, True)
    assert tree(root) == before


def test_apply_shows_a_diff_and_writes_nothing(newsgen: Newsgen, root: Path) -> None:
    before = tree(root)
    ended = newsgen("tags", "apply")
    assert tree(root) == before
    assert (ended.status, ended.out.splitlines()) == (
        0,
        [
            "--- content/world/ferry.md",
            "+++ content/world/ferry.md (tagged anew)",
            "@@ -4,2 +4,5 @@",
            "   - mine  # by hand",
            "+  - Norland",
            "+  - tariffs",
            "+tags_evidence: {Norland: {title: 1, body: 1}, tariffs: {title: 0, body: 2}}",
            " ---",
            "1 article read: 1 would be tagged anew. --write writes them.",
        ],
    )


def test_apply_writes_and_a_second_time_changes_nothing(newsgen: Newsgen, root: Path) -> None:
    ended = newsgen("tags", "apply", "--write")
    assert ended.out.splitlines() == ["content/world/ferry.md: +Norland, +tariffs", "1 article read: 1 tagged anew."]
    once = tree(root)
    assert newsgen("tags", "apply", "--write").out == "1 article read: 0 tagged anew.\n"
    assert tree(root) == once
    assert newsgen("build").status == 0


def test_a_tag_that_a_person_takes_out_stays_out_and_one_that_the_text_lost_goes(newsgen: Newsgen, root: Path) -> None:
    newsgen("tags", "apply", "--write")
    path = root / "content/world/ferry.md"
    path.write_text(path.read_text().replace("  - Norland\n", ""))
    assert "0 tagged anew" in newsgen("tags", "apply", "--write").out
    path.write_text(path.read_text().replace("ariff", "oll"))
    assert "content/world/ferry.md: -tolls" not in newsgen("tags", "apply").out
    write_all(
        root,
        {
            "content/world/ferry.md": "---\ntitle: A\ntags: [mine, tariffs]\ntags_evidence: {tariffs: {title: 1, body: 0}}\n---\n\nText.\n"
        },
    )
    assert "content/world/ferry.md: -tariffs" in newsgen("tags", "apply", "--write").out
    assert path.read_text() == "---\ntitle: A\ntags: [mine]\n---\n\nText.\n"


def test_locked_tags_are_left_alone(newsgen: Newsgen, root: Path) -> None:
    write_all(root, {"content/world/ferry.md": "---\ntitle: Nordhavn\ntags_locked: true\n---\n\nText.\n"})
    assert "0 would be" in newsgen("tags", "apply").out


@pytest.mark.parametrize(("mark", "newline"), [("", "\n"), ("\ufeff", "\r\n"), ("", "\r\n"), ("\ufeff", "\n")])
def test_line_ends_and_marks_stay(newsgen: Newsgen, root: Path, mark: str, newline: str) -> None:
    text = mark + "---\ntitle: Nordhavn\n---\n\nText.\n"
    path = root / "content/a.md"
    path.write_bytes(text.replace("\n", newline).encode())
    newsgen("tags", "apply", "--write", "content/a.md")
    added = "title: Nordhavn\ntags: [Norland]\ntags_evidence: {Norland: {title: 1, body: 0}}\n"
    assert path.read_bytes() == text.replace("title: Nordhavn\n", added).replace("\n", newline).encode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("---\ntitle: Nordhavn\ntags: &x [a]\n---\n\nText.\n", ("NG-109 content/a.md:3:7", "anchor")),
        (
            "---\ntitle: Nordhavn\ntags: [a, # one\n  b]\n---\n\nText.\n",
            ("NG-720 content/a.md:3:7", "Write them on one line: tags: [a, b, Norland]"),
        ),
        ("---\ntitle: Nordhavn\r\n---\n\nText.\n", ("NG-720 content/a.md:1", "the lines end in two ways")),
    ],
)
def test_what_cannot_be_set_in_place_is_said_with_its_line_and_left(
    newsgen: Newsgen, root: Path, text: str, says: tuple[str, str]
) -> None:
    (root / "content/a.md").write_bytes(text.encode())
    ended = newsgen("tags", "apply", "--write")
    assert (ended.status, [one for one in says[:1] if one not in ended.err]) == (1, [])
    assert says[1] in ended.err or "NG-109" in says[0]
    assert (root / "content/a.md").read_bytes() == text.encode()
    assert "1 tagged anew" in ended.out  # the other


def test_a_file_that_cannot_be_written_is_said_and_whole(
    newsgen: Newsgen, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "write", refuse)
    before = tree(root)
    ended = newsgen("tags", "apply", "--write")
    assert (ended.status, "NG-602 content/world/ferry.md" in ended.err, tree(root)) == (1, True, before)


def test_an_edition_has_the_names_of_its_own_tags(newsgen: Newsgen, root: Path) -> None:
    write_all(
        root,
        {
            "newsgen.toml": '[languages.de]\ntitle = "Blatt"\n',
            "content/de/tags/zoelle.md": "---\ntitle: Zölle\nslug: tariffs\naliases: [Zoll]\n---\n",
            "content/de/a.md": "---\ntitle: Zoll auf Stahl\n---\n\nNordhavn erhebt ihn.\n",
        },
    )
    assert "content/de/a.md: +Norland, +Zölle" in newsgen("tags", "apply", "--write").out


def test_suggest_lists_what_no_tag_covers(newsgen: Newsgen, root: Path) -> None:
    for name in "abc":
        write_all(
            root,
            {
                f"content/{name}.md": f"---\ntitle: {name}\n---\n\nSo said Ada Berg of Nordhavn on Monday, and Ada Berg left.\n"
            },
        )
    ended = newsgen("tags", "suggest")
    assert ended.out.splitlines() == [
        "Names (articles, mentions, first place):",
        "      3       6  Ada Berg  content/a.md:5:9",
    ]
    told = json.loads(newsgen("tags", "suggest", "--format", "json").out)
    assert told["names"] == [
        {"phrase": "Ada Berg", "articles": 3, "mentions": 6, "place": {"path": "content/a.md", "line": 5, "column": 9}}
    ]
    assert newsgen("tags", "suggest", "--least", "9").out == "Nothing that no tag covers stands in 9 articles.\n"


def test_help_tells_how_tags_are_told(newsgen: Newsgen) -> None:
    help = " ".join(newsgen("tags", "--help").out.split())
    assert "newsgen tags apply --write" in help
    assert "from a score of 3 on" in help


RAW = (
    "Nordhavn shuts its port\n\nBy Ada Berg\n\nThe port of *Nordhavn* closed on Monday because of a new tariff, its office said.\n\n"
    "[Sudmark] did nothing_at_all <SDM.X> about it.\n\nA tariff is a tariff, and R&D;\n"
)


def test_what_was_imported_needs_no_new_tags_and_stays_the_importers(newsgen: Newsgen, root: Path) -> None:
    shutil.rmtree(root / "content/world")
    write_all(root, {"texts/a.txt": RAW})
    assert "tags: Norland, tariffs" in newsgen("import", "texts").out
    assert "0 would be tagged anew" in newsgen("tags", "apply").out
    (root / "content/tags/sudmark.md").write_text("---\ntitle: port\n---\n")
    assert "+port" in newsgen("tags", "apply", "--write").out
    assert "tags: [Norland, tariffs, port]" in next(root.glob("content/*.md")).read_text()
    write_all(root, {"texts/a.txt": RAW.replace("its office", "the office")})
    assert "rewritten" in newsgen("import", "texts").out  # for nobody but newsgen has changed it


WORDS = st.lists(
    st.sampled_from(
        "Nordhavn Sudmark tariff the *port* _of_ [x] <b> said. New Norland `x` A&B # 1. \\ - > --- “so”".split(" ")
    ),
    min_size=1,
    max_size=30,
).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, min_size=1, max_size=5))
def test_import_and_apply_agree(tmp_path: Path, paragraphs: list[str]) -> None:
    root = tmp_path
    shutil.rmtree(root / "content", ignore_errors=True)
    text = "A quiet day on the coast\n\n" + "\n\n".join(f"{one}, he said on the day." for one in paragraphs) + "\n"
    write_all(root, {path: data for path, data in SITE.items() if "world" not in path} | {"a.txt": text})
    configured = read_settings(root)
    registry = tag_registry(root, configured).value or ()
    with Tally() as tally:
        import_paths(root, configured, registry, [root / "a.txt"], ImportOptions(), tally)
    registries = tags.registries(root, configured).value
    assert registries
    for outcome in tags.texts(root, configured, ()):
        if outcome.value:
            assert tags.retagged(outcome.value, registries[""], configured.import_).value is None


def test_the_temporary_file_of_a_write_is_gone(newsgen: Newsgen, root: Path) -> None:
    newsgen("tags", "apply", "--write")
    assert not [name for _, _, names in os.walk(root) for name in names if name.endswith(".tmp")]

"""JSON Schemas of newsgen.toml and of front matter: what is right passes, what newsgen refuses does not."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from newsgen import schema
from newsgen.build import BuildReport
from newsgen.checking import Checked
from newsgen.cli.main import cli
from newsgen.content.parse import KEYS
from tests.site import Site, article
from tests.test_config import FULL

ROOT = Path(__file__).parents[1]
CONFIG = Draft202012Validator(schema.config())
FRONT_MATTER = Draft202012Validator(schema.front_matter())


def wrong(validator: Draft202012Validator, value: Any) -> list[str]:
    return sorted("/".join(map(str, one.absolute_path)) for one in validator.iter_errors(value))


def test_both_are_schemas() -> None:
    for one in (CONFIG, FRONT_MATTER):
        Draft202012Validator.check_schema(one.schema)


def test_the_settings_of_the_sample_and_all_settings_pass() -> None:
    assert wrong(CONFIG, tomllib.loads((ROOT / "newsgen.toml").read_text("utf-8"))) == []
    full = json.loads(json.dumps(tomllib.loads(FULL), default=str))
    assert wrong(CONFIG, full) == []


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("titel = 'A'", ""),
        ("per_page = 'x'", "per_page"),
        ("[tags]\nknown = true", "tags"),
        ("[headers]\nformats = ['html']", "headers/formats/0"),
        ("[feeds]\ncontent = 'none'", "feeds/content"),
        ("[collections.x]\norder = 'random'", "collections/x/order"),
        ("edition = 'x'", ""),
    ],
)
def test_a_mistake_in_settings_does_not_pass(text: str, where: str) -> None:
    assert wrong(CONFIG, tomllib.loads(text)) == [where]


def test_the_front_matter_of_the_sample_passes() -> None:
    found = [path for path in (ROOT / "content").rglob("*.md") if path.read_text("utf-8").startswith("---\n")]
    bad = {}
    for path in found:
        text = path.read_text("utf-8").split("\n---", 1)[0].removeprefix("---\n")
        value = json.loads(json.dumps(yaml.safe_load(text) or {}, default=str))
        if said := wrong(FRONT_MATTER, value):
            bad[path.name] = said
    assert (len(found) > 60, bad) == (True, {})


def test_every_key_is_in_the_schema() -> None:
    assert {*FRONT_MATTER.schema["properties"]} == {key for _, known in KEYS.values() for key in known}


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"titel": "A"}, ""),
        ({"draft": "perhaps"}, "draft"),
        ({"tags": {"a": "b"}}, "tags"),
        ({"status": "gone"}, "status"),
        ({"image": {"alt": "x"}}, "image"),
        ({"corrections": ["x"]}, "corrections/0"),
        ({"part": 0}, "part"),
    ],
)
def test_a_mistake_in_front_matter_does_not_pass(value: dict[str, Any], where: str) -> None:
    assert wrong(FRONT_MATTER, value) == [where]


REPORTS = {"build": BuildReport, "check": Checked}


@pytest.mark.parametrize("command", REPORTS)
@pytest.mark.parametrize("name", ["good", "bad", "no site"])
def test_what_is_reported_is_what_its_schema_says(make_site: Callable[..., Site], command: str, name: str) -> None:
    """Validated as printed, with all that a schema leaves open forbidden, so that it names each value."""
    fields = {"good": {"date": None}, "bad": {"tgas": "x"}, "no site": {}}[name]
    site = make_site({"content/world/a.md": article("A", **fields)})
    if name == "no site":
        (site.root / "newsgen.toml").unlink()
    told = CliRunner().invoke(cli, ["-C", str(site.root), command, "--format", "json"])
    document = json.loads(told.stdout)
    of_report = schema.report(REPORTS[command])
    for one in of_report["$defs"].values():
        one["additionalProperties"] = False
    assert (told.exit_code, document["ok"], bool(document["diagnostics"])) == (
        int(name != "good"),
        name == "good",
        True,
    )
    assert wrong(Draft202012Validator(of_report), document) == []
    assert wrong(Draft202012Validator(of_report), {**document, "ok": "yes"}) == ["ok"]


@pytest.mark.parametrize(
    ("what", "made"),
    [
        ("config", schema.config),
        ("front-matter", schema.front_matter),
        ("build", lambda: schema.report(BuildReport)),
        ("check", lambda: schema.report(Checked)),
    ],
)
def test_the_command_prints_it(what: str, made: Any) -> None:
    told = CliRunner().invoke(cli, ["schema", what])
    assert (told.exit_code, json.loads(told.output)) == (0, json.loads(json.dumps(made())))

"""Tags set in place: in every form of front matter, and nothing else of a file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.content import frontmatter
from newsgen.content.amend import amended

RECORD = {"Xu": {"title": 1, "body": 2}}
SAID = "tags_evidence: {Xu: {title: 1, body: 2}}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: A  # why\ndraft: true", f"title: A  # why\ndraft: true\ntags: [b, Xu]\n{SAID}"),
        ("tags: [a, b] # mine\ntitle: A", f"tags: [b, Xu] # mine\ntitle: A\n{SAID}"),
        ("tags: [\"a\", 'b']\ntitle: A", f"tags: [b, Xu]\ntitle: A\n{SAID}"),
        ("tags: a, b\ntitle: A", f"tags: [b, Xu]\ntitle: A\n{SAID}"),
        ("tags:\ntitle: A", f"tags: [b, Xu]\ntitle: A\n{SAID}"),
        ("tags: [a,\n  b]\ntitle: A", f"tags: [b, Xu]\ntitle: A\n{SAID}"),
        (
            "tags:\n  - a\n  # about b\n  - b  # kept\n\ntitle: A",
            f"tags:\n  # about b\n  - b  # kept\n  - Xu\n\ntitle: A\n{SAID}",
        ),
        ("tags:\n- b\ntitle: A", f"tags:\n- b\n- Xu\ntitle: A\n{SAID}"),
        ("title: A\ntags_evidence: {a: {title: 1, body: 1}}\ntags: [a]", f"title: A\n{SAID}\ntags: [b, Xu]"),
        ("title: A\nextra:\n  tags: [z]", f"title: A\nextra:\n  tags: [z]\ntags: [b, Xu]\n{SAID}"),
    ],
)
def test_yaml_keeps_comments_order_and_style(before: str, after: str) -> None:
    body = "\nText\n---\ntags: [a]\n"
    assert amended("a.md", f"---\n{before}\n---\n{body}", ["b", "Xu"], RECORD) == f"---\n{after}\n---\n{body}"


TOML = '+++\ntitle = "A" # why\ntags = ["a", \'b\'] # mine\n\n[extra]\ntags = ["z"]\n+++\nText\n'
JSON = '{\n  "title": "A",\n  "tags": ["a", "b"],\n  "draft": true\n}\nText\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            TOML,
            '+++\ntags_evidence = {"Xu" = {"title" = 1, "body" = 2}}\ntitle = "A" # why\ntags = ["b", "Xu"] # mine\n\n'
            '[extra]\ntags = ["z"]\n+++\nText\n',
        ),
        (
            JSON,
            '{\n  "tags_evidence": {"Xu": {"title": 1, "body": 2}},\n  "title": "A",\n  "tags": ["b", "Xu"],\n'
            '  "draft": true\n}\nText\n',
        ),
        (
            '{\n"title": "A"\n}\n',
            '{\n  "tags_evidence": {"Xu": {"title": 1, "body": 2}},\n  "tags": ["b", "Xu"],\n"title": "A"\n}\n',
        ),
    ],
)
def test_toml_and_json(before: str, after: str) -> None:
    assert amended("a.md", before, ["b", "Xu"], RECORD) == after
    emptied = amended("a.md", after, ["b"], {})
    assert emptied
    assert "tags_evidence" not in emptied


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: A\ntags: &x [a]\n---\n",
        "---\ntitle: A\ntags: [a, # the first\n  b]\n---\n",
        "---\ntitle: A\ntags: !!seq [a]\n---\n",
        "---\ntitle: A\ntags:\n  [a]\n---\n",
        '---\ntitle: A\n"tags": [a]\n---\n',
        "---\ntitle: A\ntags_evidence:\n  a: {title: 1, body: 1}\ntags: [a]\n---\n",
        '{\n"extra": {"tags": ["a"]}, "tags": ["a"],\n"title": "A"\n}\n',
        "No front matter\n",
    ],
)
def test_what_cannot_be_set_with_certainty_is_left(text: str) -> None:
    assert amended("a.md", text, ["b", "Xu"], RECORD) is None


NAME = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn")), min_size=1, max_size=12)
    .map(lambda name: " ".join(name.split()))
    .filter(bool)
)
FORMS = {
    "yaml": lambda tags: f"---\ntitle: A # x\n{frontmatter.dump({'tags': tags}, '').split(chr(10))[1]}\n---\nText\n",
    "entries": lambda tags: (
        "---\ntags:\n" + "".join(f"- {json.dumps(tag)} # x\n" for tag in tags) + "title: A\n---\nText\n"
    ),
    "toml": lambda tags: f"+++\ntags = {json.dumps(tags, ensure_ascii=False)}\ntitle = 'A'\n+++\nText\n",
    "json": lambda tags: f'{{\n"title": "A",\n"tags": {json.dumps(tags)}\n}}\nText\n',
}


@given(
    st.lists(NAME, unique=True, min_size=1, max_size=4),
    st.lists(NAME, unique=True, min_size=1, max_size=4),
    st.sampled_from([*FORMS]),
)
def test_whatever_the_names_they_are_read_again_and_setting_them_again_changes_nothing(
    old: list[str], new: list[str], form: str
) -> None:
    record = {tag: {"title": 0, "body": 1} for tag in new}
    text = FORMS[form](old)
    if frontmatter.read("a.md", text).value is None:
        return
    after = amended("a.md", text, new, record)
    if after is None:  # brackets and the like in a list that was written otherwise
        assert (
            any(set(tag) & set("[]{}#\"'\\&*!|>%@`,:?-") or not tag.isprintable() for tag in [*old, *new])
            or form != "yaml"
        )
        return
    matter = frontmatter.read("a.md", after).value
    assert matter
    names = matter.fields["tags"].value
    assert {field.value for field in names} == {*new}  # type: ignore[union-attr]
    assert amended("a.md", after, [field.value for field in names], record) == after  # type: ignore[union-attr,misc]

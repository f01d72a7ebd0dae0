"""Templates: what their closures hold, how strict they are, and what is said of each mistake in them."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable

import pytest

from newsgen import digest
from newsgen.config import RenderSettings, Settings
from newsgen.diagnostics import Place
from newsgen.model import Extra, PageSpec
from newsgen.pages import environment as environments
from newsgen.pages import templates
from newsgen.pages.environment import NewsEnvironment
from newsgen.pages.render import Renderer, mistake_of
from newsgen.pages.templates import Analysis, Closure, TemplateSource, Theme
from tests.site import Site, article, said, tree, write_all


def theme(files: dict[str, str], own: dict[str, str] | None = None) -> Theme:
    """A theme of the site's `files` over newsgen's `own`."""

    def sources(texts: dict[str, str], folder: str) -> list[TemplateSource]:
        return [TemplateSource(name, folder + name, text, digest.of_text(text)) for name, text in texts.items()]

    return Theme.of(sources(own or {}, "theme/"), sources(files, "templates/"))


def environment(of: Theme) -> NewsEnvironment:
    return environments.environment(of, RenderSettings.of(Settings()))


def analyses(of: Theme) -> dict[str, Analysis]:
    found = {name: environments.analyse(source, environment(of)).value for name, source in of.sources.items()}
    return {name: one for name, one in found.items() if one is not None}


def closure(name: str, files: dict[str, str], own: dict[str, str] | None = None) -> Closure:
    made = theme(files, own)
    return templates.closures(made, analyses(made))[name]


# ---- analysis -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "references", "computed"),
    [
        ("plain", (), False),
        ('{% extends "base.html" %}', ("base.html",), False),
        ('{% include "a.html" %}{% include "b.html" ignore missing %}', ("a.html", "b.html"), False),
        ('{% include ["a.html", "b.html"] %}', ("a.html", "b.html"), False),
        ('{% from "m.html" import x %}{% import "n.html" as n %}', ("m.html", "n.html"), False),
        ("{% include name %}", (), True),
        ('{% include "kinds/" ~ article.kind ~ ".html" %}', (), True),
        ('{% extends layout or "base.html" %}', (), True),
        ('{% include ["a.html", name] %}', ("a.html",), True),
        ('{% if false %}{% include "never.html" %}{% endif %}', ("never.html",), False),
        ('{% block b %}{% include "inner.html" %}{% endblock %}', ("inner.html",), False),
        ('{% macro m() %}{% include "in-macro.html" %}{% endmacro %}', ("in-macro.html",), False),
        ('{# {% include "comment.html" %} #}{% raw %}{% include "raw.html" %}{% endraw %}', (), False),
    ],
)
def test_references_are_read_off_the_text_whether_or_not_they_run(
    text: str, references: tuple[str, ...], computed: bool
) -> None:
    found = analyses(theme({"x.html": text}))["x.html"]
    assert (found.references, found.computed) == (references, computed)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ site.title }}{% for a in latest %}{{ a.url }}{% endfor %}", ("latest", "site")),
        ("{% set x = 1 %}{{ x }}", ()),
        ("{% macro m(a) %}{{ a }}{{ tags }}{% endmacro %}", ("tags",)),
        ("{% block b %}{{ meta.title }}{% endblock %}", ("meta",)),
        ("{{ 'x' if false else sections }}", ("sections",)),
    ],
)
def test_the_names_that_a_template_reads_are_those_that_it_does_not_make(text: str, names: tuple[str, ...]) -> None:
    assert analyses(theme({"x.html": text}))["x.html"].names == names


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        ("{{ fragments.header }}{{ fragments['foot-er'] }}", ("foot-er", "header")),
        ("{{ fragments[name] }}{{ fragments.header }}", ("*", "header")),
        ("{{ article.fragments.header }}", ()),
    ],
)
def test_placed_fragments_are_read_off_the_text(text: str, fragments: tuple[str, ...]) -> None:
    assert analyses(theme({"x.html": text}))["x.html"].fragments == fragments


# ---- closures -------------------------------------------------------------------------------------------------------

FILES = {
    "article.html": '{% extends "base.html" %}{% include "byline.html" %}{% include "maybe.html" ignore missing %}',
    "base.html": '{% from "macros.html" import m %}{{ site.title }}',
    "byline.html": "{{ article.authors }}",
    "macros.html": "{% macro m() %}{{ latest }}{% endmacro %}",
    "other.html": "{{ tags }}",
    "computed.html": "{% include what %}",
}


@pytest.mark.parametrize(
    ("edited", "changed"),
    [
        ("article.html", {"article.html", "computed.html"}),
        ("base.html", {"article.html", "base.html", "computed.html"}),
        ("byline.html", {"article.html", "byline.html", "computed.html"}),
        ("macros.html", {"article.html", "base.html", "macros.html", "computed.html"}),
        ("other.html", {"other.html", "computed.html"}),
        ("maybe.html", {"article.html", "computed.html", "maybe.html"}),
        ("unrelated.html", {"computed.html", "unrelated.html"}),
    ],
)
def test_an_edit_changes_exactly_the_closures_that_may_reach_it(edited: str, changed: set[str]) -> None:
    """An absent name counts as absent, so its coming is seen; a computed name may be any template."""
    made = theme(FILES), theme({**FILES, edited: FILES.get(edited, "") + "new"})
    before, after = (templates.closures(one, analyses(one)) for one in made)
    differ = {name for name in after if name not in before or before[name].digest != after[name].digest}
    assert differ == changed


def test_a_closure_reads_the_names_of_all_that_it_reaches() -> None:
    assert closure("article.html", FILES).names == {"site", "article", "latest"}
    assert closure("computed.html", FILES).names == {"what", "site", "article", "latest", "tags"}


def test_a_computed_fragment_places_them_all() -> None:
    files = {"x.html": "{{ fragments[y] }}", "fragments/a.html": "", "fragments/b.html": "", "partials/c.html": ""}
    assert closure("x.html", files).fragments == ("a", "b")


def test_a_site_may_extend_the_template_that_it_overrides() -> None:
    own = {"article.html": "{% block a %}own{% endblock %}"}
    made = theme(
        {"article.html": '{% extends "theme/article.html" %}{% block a %}site, {{ super() }}{% endblock %}'}, own
    )
    assert environment(made).get_template("article.html").render() == "site, own"
    assert templates.closures(made, analyses(made))["theme/article.html"].names == frozenset()


# ---- how they render ------------------------------------------------------------------------------------------------


def rendered(text: str, files: dict[str, str] | None = None, **names: object) -> str:
    return environment(theme({"x.html": text, **(files or {})})).get_template("x.html").render(**names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ nothing }}|{{ [nothing] | first }}", "|"),
        ("{{ '<b>' }}", "&lt;b&gt;"),
        ("{{ extra.here }}{{ extra.missing }}{% if extra.missing %}yes{% else %}no{% endif %}", "1no"),
        ("{{ extra['missing'] }}{{ extra.deep.missing }}{{ extra.deep.is }}", "True"),
        ("{% for k, v in extra.deep.items() %}{{ k }}={{ v }}{% endfor %}", "is=True"),
        ('{% import "m.html" as m %}{{ m.page() }}', "the page"),
        ('{% from "m.html" import page %}{{ page() }}', "the page"),
        ('{% from "m.html" import page without context %}{{ page() }}', "the page"),
        ("{% block a %}one{% endblock %}{{ self.a() }}", "oneone"),
        ("{{ counted.items }}{{ counted.title }}{{ counted['keys'] }}{{ counted.lost | default(3) }}", "1a&amp;b23"),
        ("{{ {'a': '<'}.a }}{{ title.lost is defined }}{{ nobody is defined }}", "&lt;FalseFalse"),
        (
            "{% autoescape false %}{{ '<b>' ~ title }}{{ nothing }}{% endautoescape %}{{ '<b>' }}",
            "<b>the page&lt;b&gt;",
        ),
        (
            "{% set x %}{{ '<' }}{% endset %}{{ x }}{{ x | length }}{{ '<' | safe }}{{ 1.5 }}{{ [1, '<'] }}",
            "&lt;4<1.5[1, &#39;&lt;&#39;]",
        ),
        (
            "{% macro m(a, b=title) %}{{ a }}{{ b }}{{ caller() }}{% endmacro %}{% call m('<') %}>{% endcall %}",
            "&lt;the page>",
        ),
        ("{% for a in [extra, counted] if a.here %}{{ loop.index }}{{ a.here }}{% endfor %}", "11"),
    ],
)
def test_values_print_as_an_author_of_templates_expects(text: str, expected: str) -> None:
    extra = Extra({"here": 1, "deep": {"is": True}})
    files = {"m.html": "{% macro page() %}{{ title }}{% endmacro %}"}
    counted = Extra({"items": 1, "title": "a&b", "keys": 2})
    assert rendered(text, files, extra=extra, counted=counted, title="the page", nothing=None) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ article.titel }}", "has no attribute 'titel'"),
        ("{{ nobody }}", "'nobody' is undefined"),
        ("{% if nobody %}{% endif %}", "'nobody' is undefined"),
        ("{{ extra.missing.deeper }}", "'missing' is undefined"),
        ("{{ lipsum() }}", "'lipsum' is undefined"),
        ("{{ title.upper }}", "upper is printed without being called"),
        ("{{ extra.get }}", "get is printed without being called"),
        ("{{ 1 / 0 }}", "division by zero"),
    ],
)
def test_a_mistake_is_an_error_and_never_prints_something(text: str, says: str) -> None:
    with pytest.raises(Exception, match=says):
        rendered(text, article=object(), title="t", extra=Extra())


def test_no_page_sees_what_another_did_to_an_imported_macro() -> None:
    counting = (
        "{% set seen = namespace(n=0) %}{% macro next() %}{% set seen.n = seen.n + 1 %}{{ seen.n }}{% endmacro %}"
    )
    made = environment(theme({"m.html": counting, "x.html": '{% import "m.html" as m %}{{ m.next() }}{{ m.next() }}'}))
    assert [made.get_template("x.html").render() for _ in range(3)] == ["12"] * 3


@pytest.mark.parametrize("text", ["{{ extra.list.append(1) }}", "{{ extra.map.update({'a': 1}) }}"])
def test_no_template_can_change_a_value(text: str) -> None:
    extra = Extra({"list": [1], "map": {"b": 2}})
    with pytest.raises(Exception, match=r"append|update"):
        rendered(text, extra=extra)
    assert extra == Extra({"list": [1], "map": {"b": 2}})


@pytest.mark.parametrize(
    ("hour", "offset", "expected"),
    [
        (22, 0, "May 9, 2026|9 May 2026, 22:30 UTC|22:30:00|2026-05-09T22:30:00+00:00"),
        (23, 1, "May 9, 2026|9 May 2026, 23:30 UTC+1|23:30:00|2026-05-09T23:30:00+01:00"),
        (0, 2, "May 10, 2026|10 May 2026, 00:30 UTC+2|00:30:00|2026-05-10T00:30:00+02:00"),
    ],
)
def test_moments_that_are_equal_are_shown_each_on_its_own_clock(hour: int, offset: int, expected: str) -> None:
    made = environment(
        theme({"x.html": "{{ d | date('MMM d, y') }}|{{ d | datetime }}|{{ d | time('medium') }}|{{ d | isoformat }}"})
    )
    zone = dt.timezone(dt.timedelta(hours=offset))
    moment = dt.datetime(2026, 5, 9 if hour else 10, hour, 30, tzinfo=zone)
    shown = [made.get_template("x.html").render(d=one) for one in (moment.astimezone(dt.UTC), moment)]
    assert shown[1] == expected


def test_days_and_times_without_each_other_are_shown_too() -> None:
    assert (
        rendered("{{ day | date }} {{ clock | time }}", day=dt.date(2026, 5, 9), clock=dt.time(8, 5))
        == "9 May 2026 08:05"
    )


@pytest.mark.usefixtures("plain_theme")
def test_no_page_sees_what_another_did_to_its_fragments(make_site: Callable[..., Site]) -> None:
    text = "{{ fragments.x }}{{ fragments | length }}{% set _ = fragments.update({article.title: 1}) %}"
    files = {"templates/fragments/x.html": "x", "templates/article.html": text}
    site = make_site({f"content/world/{name}.md": article(name) for name in "abc"} | files)
    site.good()
    assert [site.page(f"world/{name}/index.html") for name in "abc"] == ["x1"] * 3


# ---- compiled once --------------------------------------------------------------------------------------------------

SETTINGS = RenderSettings.of(Settings())


def from_code(of: Theme, compiled: dict[str, bytes], settings: RenderSettings = SETTINGS) -> str:
    """The page of an environment that cannot compile. Raises TypeError where it would have to."""
    made = environments.environment(of, settings, compiled)
    made.code_generator_class = None  # pyright: ignore[reportAttributeAccessIssue]
    return made.get_template("x.html").render()


@pytest.fixture
def compiled() -> dict[str, bytes]:
    kept: dict[str, bytes] = {}
    environments.environment(COMPILED, SETTINGS, kept).get_template("x.html").render()
    return kept


COMPILED = theme({"x.html": '{% extends "y.html" %}', "y.html": "{{ 'a.css' | asset }}"})


def test_another_process_compiles_no_template_again(compiled: dict[str, bytes]) -> None:
    assert (from_code(COMPILED, compiled), len(compiled)) == ("/assets/a.css", 2)


@pytest.mark.parametrize("damage", [b"", b"x", b"\0" * 99, "cut", "flipped"])
def test_damaged_code_is_compiled_anew(compiled: dict[str, bytes], damage: bytes | str) -> None:
    sound = dict(compiled)
    for key, data in sound.items():
        changed = {"cut": data[:-1], "flipped": data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]}
        compiled[key] = changed[damage] if isinstance(damage, str) else damage
    with pytest.raises(TypeError):
        from_code(COMPILED, dict(compiled))
    environments.environment(COMPILED, SETTINGS, compiled).get_template("x.html").render()
    assert compiled == sound


@pytest.mark.parametrize(
    ("of", "settings"),
    [
        (theme({"x.html": '{% extends "y.html" %}', "y.html": "{{ 'b.css' | asset }}"}), SETTINGS),
        (theme({}, {"x.html": '{% extends "y.html" %}', "y.html": "{{ 'a.css' | asset }}"}), SETTINGS),
        (COMPILED, RenderSettings.of(Settings(base_url="https://example.org/paper/"))),
    ],
    ids=["text", "path", "settings"],
)
def test_code_is_that_of_one_text_path_and_settings(
    compiled: dict[str, bytes], of: Theme, settings: RenderSettings
) -> None:
    with pytest.raises(TypeError):
        from_code(of, compiled, settings)


def test_a_mistake_in_kept_code_has_its_file_and_line() -> None:
    of = theme({"x.html": "one\n{{ 1 / zero }}"})
    environments.environment(of, SETTINGS, kept := {}).get_template("x.html")
    made = Renderer(of, SETTINGS, dict(kept))
    spec = PageSpec(path="x", renderer="template", owner="a", template="x.html", context={"zero": 0})
    with pytest.raises(ZeroDivisionError) as failure:
        made.render(spec, str)
    assert mistake_of(failure.value, spec, of).place == Place("templates/x.html", 2, 1)


def test_planning_loads_no_template_engine() -> None:
    late = "jinja2 markupsafe babel email xml"
    code = f"import sys, newsgen.pages.planner; print([name for name in {late.split()} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


# ---- what is said of mistakes, as a build says it -------------------------------------------------------------------

BYE = {"templates/signature.html": "line one\n{{ article.nobody }}\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"templates/article.html": "one\n{% if %}"},
            ["NG-301 templates/article.html:2:1 template syntax: Expected an expression, got 'end of statement block'"],
        ),
        (
            {"templates/article.html": "one\n\n{{ 'x' | shout }}"},
            ["NG-301 templates/article.html:3:1 template syntax: No filter named 'shout'."],
        ),
        (
            {"templates/article.html": "{{ [1] | random }}"},
            ["NG-301 templates/article.html:1:1 template syntax: No filter named 'random'."],
        ),
        (
            {"templates/article.html": "one\n{% for a in b %}"},
            [
                "NG-301 templates/article.html:2:1 template syntax: Unexpected end of template. Jinja was looking for "
                "the following tags: 'endfor' or 'else'. The innermost block that needs to be closed is 'for'."
            ],
        ),
        (
            {"templates/article.html": "one\ntwo {{ nobody }}"},
            ["NG-303 templates/article.html:2:1 undefined name: 'nobody' is undefined"],
        ),
        (
            {"templates/article.html": '{% include "signature.html" %}', **BYE},
            ["NG-303 templates/signature.html:2:1 undefined name: the value before the dot has no 'nobody'"],
        ),
        (
            {"templates/article.html": '\n{% include "lost.html" %}'},
            ['NG-302 templates/article.html:2:1 template "lost.html" does not exist'],
        ),
        (
            {"templates/article.html": '\n{% extends "lost.html" %}'},
            ['NG-302 templates/article.html:2:1 template "lost.html" does not exist'],
        ),
        (
            {"templates/article.html": '{% include "article.html" %}'},
            ["NG-304 templates/article.html:1:1 templates or macros call each other without end"],
        ),
        (
            {"templates/article.html": "{% macro m() %}{{ m() }}{% endmacro %}\n{{ m() }}"},
            ["NG-304 templates/article.html:1:1 templates or macros call each other without end"],
        ),
        (
            {"templates/article.html": "\n{{ 1 / 0 }}"},
            ["NG-304 templates/article.html:2:1 ZeroDivisionError: division by zero"],
        ),
        (
            {"templates/article.html": "{{ article.title.upper }}"},
            ["NG-304 templates/article.html:1:1 TemplateRuntimeError: upper is printed without being called"],
        ),
        ({"templates/article.html": b"\xff"}, ["NG-101 templates/article.html not UTF-8 text: wrong at byte 0"]),
        (
            {"templates/unused.html": "{{ 'x' | shout }}"},
            ["NG-301 templates/unused.html:1:1 template syntax: No filter named 'shout'."],
        ),
        ({"templates/unused.html": "{{ 1 / 0 }}{{ nobody }}"}, []),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("plain_theme")
def test_a_mistake_in_a_template_is_told_with_its_file_and_line(
    make_site: Callable[..., Site], files: dict[str, str | bytes], expected: list[str]
) -> None:
    site = make_site({"content/world/a.md": article("A"), "content/world/b.md": article("B"), **files})
    report = site.build()
    assert said(report) == expected
    assert (report.ok, site.out.exists()) == (not expected, not expected)


@pytest.mark.parametrize(
    ("template", "help"),
    [
        ("artcle.html", 'Did you mean "article.html"?'),
        ("long-read.htm", 'Did you mean "long-read.html"?'),
        ("xyzzy", "Name a file under templates/, or leave the key out."),
        ("../../../../../../../etc/passwd", "Name a file under templates/, or leave the key out."),
        ("/etc/passwd", "Name a file under templates/, or leave the key out."),
    ],
)
@pytest.mark.usefixtures("plain_theme")
def test_a_template_that_front_matter_names_must_exist(
    make_site: Callable[..., Site], template: str, help: str
) -> None:
    site = make_site(
        {"content/world/a.md": article("A", template=template), "templates/long-read.html": "{{ article.title }}"}
    )
    report = site.build()
    assert said(report) == [f'NG-302 content/world/a.md:4:11 template "{template}" does not exist']
    assert [one.help for one in report.diagnostics] == [help]


@pytest.mark.parametrize("name", ["../../secret.txt", "/etc/passwd", "../outside/secret.txt", "theme/../../secret.txt"])
@pytest.mark.usefixtures("plain_theme")
def test_no_template_reads_a_file_outside_the_templates(make_site: Callable[..., Site], name: str) -> None:
    site = make_site({"content/world/a.md": article("A"), "templates/article.html": f'{{% include "{name}" %}}'})
    write_all(site.root.parent, {"secret.txt": "secret", "outside/secret.txt": "secret"})
    assert said(site.build()) == [f'NG-302 templates/article.html:1:1 template "{name}" does not exist']


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ latest | length }}", "latest"),
        ("{{ articles | length }}{{ tags | length }}", "articles, tags"),
        ('{% include "all.html" %}', "section_fronts"),
        ("{{ site.title }}{{ fragments.all }}", ""),
    ],
)
@pytest.mark.usefixtures("plain_theme")
def test_a_whole_site_list_in_an_articles_template_is_warned_of_once(
    make_site: Callable[..., Site], text: str, expected: str
) -> None:
    files = {
        "templates/all.html": "{{ section_fronts | length }}",
        "templates/fragments/all.html": "{{ latest | length }}",
    }
    site = make_site({f"content/world/{name}.md": article(name) for name in "abc"})
    write_all(site.root, {**files, "templates/article.html": text})
    message = f"{expected} in an article's template: every article is rebuilt when one is added"
    assert said(site.good()) == ([f"NG-305 templates/article.html {message}"] if expected else [])


def test_the_themes_own_article_template_names_no_whole_site_list(make_site: Callable[..., Site]) -> None:
    site = make_site({"content/world/a.md": article("A")})
    assert said(site.good()) == []


# ---- fragments ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("plain_theme")
def test_a_fragment_is_rendered_for_each_section_that_is_active(make_site: Callable[..., Site]) -> None:
    site = make_site(
        {
            "templates/fragments/nav.html": "<{% for s in sections %}{{ s.slug }}"
            "{{ '*' if s.slug == active_section }} {% endfor %}>",
            "templates/fragments/foot.html": "({{ latest[0].title }})",
            "templates/article.html": "{{ fragments.nav }}{{ fragments.foot }}",
            "templates/home.html": "{{ fragments.nav }}",
            "templates/section.html": "{{ fragments.nav }}",
            "templates/404.html": "{{ fragments.nav }}{{ fragments.lost is defined }}",
            "content/arts/a.md": article("A & B", date="2026-05-03"),
            "content/world/b.md": article("B"),
        }
    )  # fmt: skip
    site.good()
    found = {
        path: site.page(path) for path in tree(site.out) if path.endswith(".html") and b"<" in tree(site.out)[path]
    }
    assert found == {
        "404.html": "<arts world >False",
        "index.html": "<arts world >",
        "arts/index.html": "<arts* world >",
        "arts/a/index.html": "<arts* world >(A &amp; B)",
        "world/index.html": "<arts world* >",
        "world/b/index.html": "<arts world* >(A &amp; B)",
    }


@pytest.mark.usefixtures("plain_theme")
def test_a_page_sees_only_what_is_its_own(make_site: Callable[..., Site]) -> None:
    site = make_site(
        {"content/world/a.md": article("A"), "templates/tag.html": "x", "templates/home.html": "{{ article }}"}
    )
    assert said(site.build()) == ["NG-303 templates/home.html:1:1 undefined name: 'article' is undefined"]

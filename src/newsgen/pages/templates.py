"""Templates: what each one reads, what its closure is, and the environment that renders it.

The closure and the names come from the syntax tree, never from watching a render: a cached template or a macro's module
would be missed. Jinja facts that this rests on stand in ARCHITECTURE.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec
from jinja2 import Environment, StrictUndefined, TemplateRuntimeError, TemplateSyntaxError, Undefined, meta, nodes
from jinja2.loaders import FunctionLoader

from newsgen import digest
from newsgen.diagnostics import Diagnostic, Outcome, Place, error
from newsgen.model import Extra

THEME: Final = "theme/"

# Names that change whenever any article does: an article's page that reads one is rebuilt with all the others.
WHOLE_SITE: Final = ("articles", "latest", "section_fronts", "tags", "authors", "sections")


class TemplateSource(msgspec.Struct, frozen=True):
    """A template's text; `path` is what a user is told, `digest` that of the text."""

    name: str
    path: str
    text: str
    digest: str


class Analysis(msgspec.Struct, frozen=True):
    """What a template's own text refers to. `computed`: it includes or extends a name known only when it runs."""

    references: tuple[str, ...]
    computed: bool
    names: tuple[str, ...]
    fragments: tuple[str, ...]


class Closure(msgspec.Struct, frozen=True):
    """A template with all that it may reach: their digest, the names they read, the fragments they place."""

    digest: str
    names: frozenset[str]
    fragments: tuple[str, ...]


class Theme(msgspec.Struct, frozen=True):
    """All templates of a site by name: the theme's, those of the site over them, and the theme's as theme/NAME."""

    sources: dict[str, TemplateSource]

    @classmethod
    def of(cls, theme: Iterable[TemplateSource], site: Iterable[TemplateSource]) -> Theme:
        sources: dict[str, TemplateSource] = {}
        for source in theme:
            sources[source.name] = sources[THEME + source.name] = source
        sources.update((source.name, source) for source in site)
        return Theme(dict(sorted(sources.items())))


class NewsEnvironment(Environment):
    """Jinja with frozen values, strict names, imports always with context, and `extra` whose missing keys are falsy."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all((nodes.Import, nodes.FromImport)):
            node.with_context = True
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        return _of_extra(obj, attribute) if isinstance(obj, Extra) else super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return _of_extra(obj, argument) if isinstance(obj, Extra) else super().getitem(obj, argument)


def _of_extra(extra: Extra, key: Any) -> Any:
    if key in extra:
        return extra[key]
    if key in ("items", "keys", "values", "get"):
        return getattr(extra, key)
    return Undefined(name=str(key))


def environment(theme: Theme, filters: Mapping[str, Callable[..., Any]]) -> NewsEnvironment:
    """The environment that renders the templates of `theme`: no clock, no chance, no file system."""
    made = NewsEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(lambda name: _load(theme, name)),
        finalize=_finalize,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    known: dict[str, Any] = made.filters  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    del known["random"], made.globals["lipsum"]  # pyright: ignore[reportUnknownMemberType]
    known.update(filters)
    return made


def _load(theme: Theme, name: str) -> tuple[str, str, Callable[[], bool]] | None:
    source = theme.sources.get(name)
    return (source.text, source.path, lambda: True) if source else None


def _finalize(value: Any) -> Any:
    if value is None:
        return ""
    if callable(value) and not isinstance(value, Undefined):
        raise TemplateRuntimeError(f"{getattr(value, '__name__', 'a function')} is printed without being called")
    return value


def analyse(source: TemplateSource, parser: Environment) -> Outcome[Analysis]:
    """What the text of `source` refers to, or where it breaks Jinja's syntax."""
    try:
        tree = parser.parse(source.text, source.name, source.path)
        names = tuple(sorted(meta.find_undeclared_variables(tree)))
    except TemplateSyntaxError as mistake:
        return Outcome(None, (syntax_mistake(mistake, source.path),))
    found = list(meta.find_referenced_templates(tree))
    references = tuple(sorted({name for name in found if name is not None}))
    return Outcome(Analysis(references, None in found, names, _fragments(tree)))


def syntax_mistake(mistake: TemplateSyntaxError, path: str) -> Diagnostic:
    """The diagnostic for a template that Jinja cannot read."""
    help = "Every {% block %}, {% if %} and {% for %} is closed by its {% end… %}; {{ }} holds one expression."
    return error("NG-301", Place(path, mistake.lineno, 1), f"template syntax: {mistake.message}", help)


def _fragments(tree: nodes.Template) -> tuple[str, ...]:
    """The names after `fragments.`; all of them ("*") where one is computed."""
    found: set[str] = set()
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        if isinstance(node.node, nodes.Name) and node.node.name == "fragments":
            if isinstance(node, nodes.Getattr):
                found.add(node.attr)
            else:
                constant = isinstance(node.arg, nodes.Const)
                found.add(str(node.arg.value) if constant else "*")  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]
    return tuple(sorted(found))


def closures(theme: Theme, analyses: Mapping[str, Analysis]) -> dict[str, Closure]:
    """The closure of every template. An absent name stays in the digest as absent, so that its coming is seen."""
    return {name: _closure(name, theme, analyses) for name in theme.sources}


def _closure(name: str, theme: Theme, analyses: Mapping[str, Analysis]) -> Closure:
    reached: dict[str, str] = {}
    names: set[str] = set()
    fragments: set[str] = set()
    queue = [name]
    while queue:
        one = queue.pop()
        if one in reached:
            continue
        source, analysis = theme.sources.get(one), analyses.get(one)
        reached[one] = source.digest if source else "absent"
        if analysis:
            names.update(analysis.names)
            fragments.update(analysis.fragments)
            queue.extend(theme.sources if analysis.computed else analysis.references)
    placed = _all_fragments(theme) if "*" in fragments else tuple(sorted(fragments))
    return Closure(digest.of_value(sorted(reached.items())), frozenset(names), placed)


def _all_fragments(theme: Theme) -> tuple[str, ...]:
    prefix, suffix = "fragments/", ".html"
    return tuple(
        name[len(prefix) : -len(suffix)] for name in theme.sources if name.startswith(prefix) and name.endswith(suffix)
    )

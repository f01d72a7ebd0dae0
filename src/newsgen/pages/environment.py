"""The environment that analyses and renders templates; imported only when one must be, for Jinja is dear to load.

Jinja facts that this rests on stand in ARCHITECTURE.md.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from functools import partial
from typing import Any, Final

import markupsafe
from jinja2 import Environment, StrictUndefined, TemplateRuntimeError, TemplateSyntaxError, Undefined, meta, nodes
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import InternationalizationExtension
from jinja2.loaders import FunctionLoader
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from newsgen import digest
from newsgen.config import RenderSettings
from newsgen.diagnostics import Diagnostic, Outcome, Place, error
from newsgen.model import Extra
from newsgen.pages.filters import filters
from newsgen.pages.languages import Language, digest_of, language, texts_of
from newsgen.pages.templates import Analysis, TemplateSource, Theme

# The function in C below `escape`: a page is joined to plain text at once, so a Markup of each piece gains nothing.
escaped: Callable[[str], str] = getattr(markupsafe, "_escape_inner", escape)

_OF_EXTRA: Final = frozenset(dir(Extra))
_SEAL: Final = 2 * digest.LENGTH


class _Compiler(CodeGenerator):
    """Jinja's compiler with what most of a page is written inline: the attribute of a value, and plain text printed."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        self.writeline(f"from {__name__} import escaped, printed")
        super().visit_Template(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """An attribute, else what `NewsEnvironment.getattr` makes of it: the key of an `Extra`, or undefined."""
        if node.attr in _OF_EXTRA:
            super().visit_Getattr(node, frame)
            return
        owner, found = self.temporary_identifier(), self.temporary_identifier()
        self.write(f"({found} if ({found} := getattr(({owner} := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr({owner}, {node.attr!r}))")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("(escaped(t_0) if type(t_0 := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_post(node, frame, finalize)
        else:
            self.write(") is str else printed(t_0))")


def printed(value: Any) -> str:
    """What an expression prints whose value is no plain text."""
    return value if type(value) is Markup else escape(_finalize(value))


class _Context(Context):
    """Jinja's context, which calls a macro without asking first what kind of function it is."""

    def call(self, callee: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if type(callee) is not Macro:
            return super().call(callee, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return callee(self.eval_ctx, *args, **kwargs)


def gettext(language: Language, text: str, **values: Any) -> Markup:
    """`text` in a language. Markup is a template's own, with %(name)s for values; all else is data, such as a label."""
    found = language.say(text)
    return Markup(found) % values if isinstance(text, Markup) else escape(found)  # noqa: S704 - of a catalogue


def ngettext(language: Language, one: str, many: str, count: int, **values: Any) -> Markup:
    """`one` or `many`, in as many forms as the language has, with %(num)s for the count."""
    return Markup(language.plural(one, many, count)) % {"num": language.number(count), **values}  # noqa: S704 - as above


class _Translator(NodeTransformer):
    """Puts the words of a language in the place of those that a template marks, so that a page looks none up."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name not in ("_", "gettext", "ngettext"):
            return node
        for text in node.args:
            if isinstance(text, nodes.Const) and isinstance(text.value, str):
                text.value = Markup(text.value)  # noqa: S704 - the template's own, not data
        given = node.args[0] if len(node.args) == 1 and not node.kwargs else None
        if isinstance(given, nodes.Const) and isinstance(given.value, Markup):
            return nodes.Const(gettext(self._language, given.value), lineno=node.lineno)
        return node


class NewsEnvironment(Environment):
    """Jinja with frozen values, strict names, imports always with context, and `extra` whose missing keys are falsy."""

    code_generator_class = _Compiler
    context_class = _Context
    language: Language

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dict, for each page copies it: Jinja's ChainMap serves globals that change."""
        return {**self.globals, **(d or {})}  # pyright: ignore[reportUnknownMemberType]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all((nodes.Import, nodes.FromImport)):
            node.with_context = True
        _Translator(self.language).visit(tree)
        tree.set_environment(self)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        return _of_extra(obj, attribute) if type(obj) is Extra else super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return _of_extra(obj, argument) if type(obj) is Extra else super().getitem(obj, argument)


def _of_extra(extra: Extra, key: Any) -> Any:
    if key in extra:
        return extra[key]
    if key in ("items", "keys", "values", "get"):
        return getattr(extra, key)
    return Undefined(name=str(key))


def environment(
    theme: Theme, settings: RenderSettings, compiled: MutableMapping[str, bytes] | None = None, tag: str = "en"
) -> NewsEnvironment:
    """The environment that renders the templates of `theme` in the language `tag`: no clock, no chance, no file system.

    `compiled` keeps the templates' code for other processes and builds: it is read and added to.
    """
    spoken = digest_of(tag, theme.catalogues)
    made = NewsEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=FunctionLoader(lambda name: _load(theme, name)),
        bytecode_cache=None
        if compiled is None
        else _Compiled(compiled, digest.of_value((settings, spoken, theme.assets))),
        extensions=[InternationalizationExtension],
        finalize=_finalize,
        auto_reload=False,
        cache_size=-1,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.language = language(tag, texts_of(tag, theme.catalogues))
    made.newstyle_gettext = True  # pyright: ignore[reportAttributeAccessIssue]
    made.policies["ext.i18n.trimmed"] = True
    known: dict[str, Any] = made.filters  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    del known["random"], made.globals["lipsum"]  # pyright: ignore[reportUnknownMemberType]
    known.update(filters(settings, made.language, theme.assets))
    words = partial(gettext, made.language)
    made.globals.update(_=words, gettext=words, ngettext=partial(ngettext, made.language))  # pyright: ignore[reportUnknownMemberType]
    return made


class _Compiled(BytecodeCache):
    """Code by its template's name, path and text, the settings and the language: what is constant is folded into it.

    Behind its own digest, for marshal may crash on bytes that it did not write.
    """

    def __init__(self, kept: MutableMapping[str, bytes], settings: str) -> None:
        self._kept, self._settings = kept, settings

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return digest.of_value([name, filename, self._settings])

    def load_bytecode(self, bucket: Bucket) -> None:
        data = self._kept.get(bucket.key, b"")
        if digest.of_bytes(data[_SEAL:]).encode() == data[:_SEAL]:
            bucket.bytecode_from_string(data[_SEAL:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        data = bucket.bytecode_to_string()
        self._kept[bucket.key] = digest.of_bytes(data).encode() + data


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
    fragments, collections = _named_under(tree, "fragments"), _named_under(tree, "collections")
    lists = tuple(collections.items()), tuple(_assets(tree).items())
    return Outcome(Analysis(references, None in found, names, tuple(fragments), *lists))


def syntax_mistake(mistake: TemplateSyntaxError, path: str) -> Diagnostic:
    """The diagnostic for a template that Jinja cannot read."""
    help = "Every {% block %}, {% if %} and {% for %} is closed by its {% end… %}; {{ }} holds one expression."
    return error("NG-301", Place(path, mistake.lineno, 1), f"template syntax: {mistake.message}", help)


def _assets(tree: nodes.Template) -> dict[str, int]:
    """The names that are given to the filter `asset`, each with its first line; "*" where one is computed."""
    found: dict[str, int] = {}
    for node in tree.find_all(nodes.Filter):
        if node.name == "asset":
            given = node.node
            name = given.value if isinstance(given, nodes.Const) and isinstance(given.value, str) else "*"
            found[name] = min(found.get(name, node.lineno), node.lineno)
    return dict(sorted(found.items()))


def _named_under(tree: nodes.Template, owner: str) -> dict[str, int]:
    """The names after `owner.`, each with its first line; "*", which stands for all, where one is computed."""
    found: dict[str, int] = {}
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        if isinstance(node.node, nodes.Name) and node.node.name == owner:
            if isinstance(node, nodes.Getattr):
                name = node.attr
            else:
                constant = isinstance(node.arg, nodes.Const)
                name = str(node.arg.value) if constant else "*"  # pyright: ignore[reportAttributeAccessIssue, reportUnknownArgumentType, reportUnknownMemberType]
            found[name] = min(found.get(name, node.lineno), node.lineno)
    return dict(sorted(found.items()))

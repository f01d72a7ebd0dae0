"""From a planned page to its bytes: `render` sees a page's context and the bodies that it names, and nothing else."""

from __future__ import annotations

import html as html_module
import re
from collections.abc import Callable, MutableMapping, Sequence
from functools import partial
from typing import Final

from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError
from markupsafe import Markup

from newsgen.config import RenderSettings
from newsgen.content import paywall
from newsgen.content.markdown import REFERENCE
from newsgen.diagnostics import Diagnostic, Place, error
from newsgen.model import ArticleRef, Channel, PageSpec, PlannedBody
from newsgen.pages import blocks, feeds, live, sitemaps
from newsgen.pages.environment import NewsEnvironment, environment, syntax_mistake
from newsgen.pages.links import NO_LINK
from newsgen.pages.pictures import in_text
from newsgen.pages.templates import Theme

ReadBody = Callable[[PlannedBody], str]
"""Gives the HTML of a body, its references not yet resolved."""

_REFERENCE: Final = re.compile(rf'( (?:href|src)=)"{REFERENCE}(\d+)"')


class Renderer:
    """Renders pages of one theme; made once in each process. `compiled`: see `environment`."""

    def __init__(
        self, theme: Theme, settings: RenderSettings, compiled: MutableMapping[str, bytes] | None = None
    ) -> None:
        self.theme, self.settings, self.compiled = theme, settings, compiled
        self.entries = feeds.Entries(settings.origin)
        self._environments: dict[str, NewsEnvironment] = {}
        self._fragments: tuple[dict[str, str], dict[str, Markup]] = ({}, {})

    def environment(self, language: str) -> NewsEnvironment:
        """The environment of the pages in a language."""
        if language not in self._environments:
            self._environments[language] = environment(self.theme, self.settings, self.compiled, language)
        return self._environments[language]

    def render(self, spec: PageSpec, read_body: ReadBody) -> bytes:
        """The bytes of the page. Raises what a template raises: see `mistake_of`."""
        return _RENDERERS[spec.renderer](self, spec, read_body)

    def fragments(self, html: dict[str, str]) -> dict[str, Markup]:
        """Fragments as a template places them: a dict of its own; pages in a row mostly share the HTML."""
        if self._fragments[0] is not html:
            self._fragments = (html, {name: Markup(one) for name, one in html.items()})  # noqa: S704 - rendered with autoescape
        return dict(self._fragments[1])


def resolved(renderer: Renderer, html: str, body: PlannedBody, *, sources: bool = True) -> str:
    """Some HTML of a body with its references resolved and its blocks rendered; its pictures in all their `sources`, or
    in one for feeds."""
    if body.pictures:
        html = in_text(html, body.pictures, sources=sources)
    if body.urls:
        html = _REFERENCE.sub(lambda found: _resolved(found, body.urls), html)
    if not body.blocks:
        return html
    templates = renderer.environment(body.language)
    return blocks.expanded(
        html, body, lambda one: templates.get_template(blocks.template_of(one.name)).render(block=one)
    )


def _resolved(found: re.Match[str], urls: tuple[str, ...]) -> str:
    number = int(found[2])
    if number >= len(urls):
        return found[0]
    url = urls[number]
    return "" if url == NO_LINK else f'{found[1]}"{html_module.escape(url)}"'


def _template(renderer: Renderer, spec: PageSpec, read_body: ReadBody) -> bytes:
    context = dict(spec.context)
    if "fragments" in context:
        context["fragments"] = renderer.fragments(context["fragments"])
    if "structured_data" in context:
        context["structured_data"] = Markup(context["structured_data"])  # noqa: S704 - no text in it can end a script
    if spec.subject in context:
        html = resolved(renderer, read_body(spec.bodies[0]), spec.bodies[0]) if spec.bodies else ""
        if getattr(context[spec.subject], "access", "") in paywall.LOCKED:
            html = paywall.walled(html)
        context[spec.subject] = live.Seen(context[spec.subject], body=Markup(html))  # noqa: S704 - Markdown's own HTML
    if context.get("live"):
        body = spec.bodies[0]
        context["live"] = live.seen(context["live"], read_body(body), partial(resolved, renderer, body=body))
    return renderer.environment(spec.language).get_template(spec.template).render(context).encode()


def _feed(write: Callable[[Channel, Sequence[feeds.Entry]], bytes]) -> _Render:
    def rendered(renderer: Renderer, spec: PageSpec, read_body: ReadBody) -> bytes:
        articles = spec.context["articles"]
        bodies = spec.bodies or (None,) * len(articles)
        entries = [
            renderer.entries.of(article, body, partial(_free_html, renderer, article, read_body))
            for article, body in zip(articles, bodies, strict=True)
        ]
        return write(spec.context["channel"], entries)

    return rendered


def _updates(renderer: Renderer, spec: PageSpec, read_body: ReadBody) -> bytes:
    body = spec.bodies[0]
    settle = partial(resolved, renderer, body=body, sources=False)
    return live.updates(spec, read_body(body), settle, renderer.settings.origin)


def _free_html(renderer: Renderer, article: ArticleRef, read_body: ReadBody, body: PlannedBody) -> str:
    """The body as a feed carries it: a feed is for everyone."""
    html = read_body(body)
    html = paywall.free(html) if article.access in paywall.LOCKED else html
    return resolved(renderer, html, body, sources=False)


def _redirect(_: Renderer, spec: PageSpec, __: ReadBody) -> bytes:
    url, canonical = html_module.escape(spec.context["url"]), html_module.escape(spec.context["canonical"])
    language = html_module.escape(spec.context["language"])
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{canonical}</title>
<link rel="canonical" href="{canonical}">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={url}">
</head>
<body><p><a href="{url}">{canonical}</a></p></body>
</html>
""".encode()


_Render = Callable[[Renderer, PageSpec, ReadBody], bytes]
_RENDERERS: dict[str, _Render] = {
    "template": _template,
    "fragment": _template,
    **{one.name: _feed(one.write) for one in feeds.FORMATS.values()},
    "sitemap": lambda _, spec, __: sitemaps.sitemap(spec.context["entries"]),
    "sitemap index": lambda _, spec, __: sitemaps.sitemap_index(spec.context["parts"]),
    "news sitemap": lambda _, spec, __: sitemaps.news_sitemap(spec.context["entries"], spec.context["publication"]),
    "lines": lambda _, spec, __: spec.context["lines"].encode(),
    "redirect": _redirect,
    "updates": _updates,
}


# ---- what a template's failure means --------------------------------------------------------------------------------


def mistake_of(failure: Exception, spec: PageSpec, theme: Theme) -> Diagnostic:
    """The diagnostic for an exception that a template raised. Raises it again where no template was running."""
    if isinstance(failure, TemplateSyntaxError):
        return syntax_mistake(failure, failure.filename or f"templates/{spec.template}")
    place = _place_in_template(failure, spec, theme)
    seen = f"Seen while rendering {spec.owner}."
    if isinstance(failure, UndefinedError):
        help = f"Mend the name, or write {{% if … is defined %}}. {seen}"
        return error("NG-303", place, f"undefined name: {_undefined(failure)}", help)
    if isinstance(failure, TemplateNotFound):
        return error("NG-302", place, f'template "{failure.name}" does not exist', f"Mend the name. {seen}")
    if isinstance(failure, RecursionError):
        return error("NG-304", place, "templates or macros call each other without end", f"Break the circle. {seen}")
    if not place.line:
        raise failure
    return error("NG-304", place, f"{type(failure).__name__}: {_first_line(failure)}", f"Mend the expression. {seen}")


def _place_in_template(failure: Exception, spec: PageSpec, theme: Theme) -> Place:
    """The innermost line of a template in the traceback."""
    paths = {source.path for source in theme.sources.values()}
    found = Place(theme.sources[spec.template].path if spec.template in theme.sources else spec.template)
    trace = failure.__traceback__
    while trace is not None:
        if (path := trace.tb_frame.f_code.co_filename) in paths:
            found = Place(path, trace.tb_lineno, 1)
        trace = trace.tb_next
    return found


def _undefined(failure: UndefinedError) -> str:
    """What is undefined, without the names of newsgen's own classes."""
    found = re.fullmatch(r"'newsgen\.[\w.]+ object' has no attribute '(.*)'", _first_line(failure))
    return f"the value before the dot has no '{found[1]}'" if found else _first_line(failure)


def _first_line(failure: Exception) -> str:
    return (str(failure).splitlines() or [type(failure).__name__])[0][:200]

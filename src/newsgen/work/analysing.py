"""The work of `analyse`: all templates, what each may reach, and the catalogues of their words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from operator import attrgetter
from pathlib import Path

import msgspec

from newsgen import model
from newsgen.config import RenderSettings, Settings
from newsgen.diagnostics import Diagnostic, Place, did_you_mean, error
from newsgen.engine import sources
from newsgen.engine.sources import SourceFile
from newsgen.engine.store import Store
from newsgen.engine.toolchain import toolchain
from newsgen.model import StaticFile
from newsgen.pages import templates
from newsgen.pages.assets import tokens
from newsgen.pages.templates import Analysis, Closure, TemplateSource, Theme
from newsgen.work import copies


def analyse(
    root: Path,
    theme_folder: Path,
    own: Iterable[SourceFile],
    static: Mapping[str, StaticFile],
    store: Store,
    settings: Settings,
    said: list[Diagnostic],
    *,
    fingerprints: bool = True,
) -> tuple[Theme, dict[str, Closure]]:
    """All templates and what each may reach; what a text refers to comes from the memo where it is the same.

    `own` are those of the site at `root`, `static` all files by output path. What is wrong with any is added to `said`.
    """
    folder = theme_folder / "templates"
    of_theme = [_template(file, folder, file.id, f"theme/{file.id}") for file in sources.theme_files(folder)]
    of_site = [_template(file, root, file.id[len("templates/") :], file.id) for file in own]
    before = store.memos("template")
    memos: dict[str, bytes] = {}
    said += [one for one in of_site if isinstance(one, Diagnostic)]
    site = [one for one in of_site if isinstance(one, TemplateSource) and _usable(one, before, memos, said)]
    theme = Theme.of([one for one in of_theme if isinstance(one, TemplateSource)], site)
    analyses: dict[str, Analysis] = {}
    decode = model.decoder(Analysis).decode
    parser = None
    for name, source in theme.sources.items():
        key = f"{source.digest} {toolchain()}"
        if (data := memos.get(key) or before.get(key)) is not None:
            memos[key] = data
            analyses[name] = decode(data)
            continue
        from newsgen.pages import environment

        parser = parser or environment.environment(theme, RenderSettings.of(settings))
        outcome = environment.analyse(source, parser)
        said += outcome.diagnostics
        if outcome.value is not None:
            memos[key] = model.encode(outcome.value)
            analyses[name] = outcome.value
    store.save_memos("template", memos, before)
    told = ("NG-427", "collection", "Add [collections.{}] to newsgen.toml.")
    said += _unknown(theme, analyses, attrgetter("collections"), settings.collections, told)
    closures = templates.closures(theme, analyses)
    named = {name for of, one in closures.items() if not of.startswith(templates.THEME) for name in one.assets}
    names = copies.published(static, named, tokens(settings.theme) if fingerprints else None)
    known = {path.removeprefix(copies.ASSETS) for path in static if path.startswith(copies.ASSETS)}
    told = ("NG-306", "asset", "Put it under static/assets/: static/assets/{}")
    said += _unknown(theme, analyses, attrgetter("assets"), known, told)
    theme = msgspec.structs.replace(theme, assets=names)
    return theme, {name: templates.with_assets(one, names) for name, one in closures.items()}


def is_read(name: str, closures: Mapping[str, Closure]) -> bool:
    """Whether a template of the site, or one of the theme's that it does not replace, reads a name."""
    return any(name in one.names for of, one in closures.items() if not of.startswith(templates.THEME))


def _template(file: SourceFile, folder: Path, name: str, path: str) -> TemplateSource | Diagnostic:
    data = sources.read_bytes(folder / file.id)
    try:
        return TemplateSource(name, path, data.decode("utf-8-sig").replace("\r\n", "\n"), file.digest)
    except UnicodeDecodeError as mistake:
        return error("NG-101", Place(path), f"not UTF-8 text: wrong at byte {mistake.start}", "Save the file as UTF-8.")


def _usable(
    source: TemplateSource, before: Mapping[str, bytes], memos: dict[str, bytes], said: list[Diagnostic]
) -> bool:
    """Whether a file is no catalogue with a mistake, which is said; one that is known to be good is not read."""
    if not (tag := templates.catalogue_tag(source.name)):
        return True
    key = f"{source.name} {source.digest} {toolchain()}"
    if key not in before:
        from newsgen.pages.languages import mistake

        if found := mistake(tag, source.text):
            help = "Mend it with an editor of PO files; those of the theme show the form."
            place = Place(source.path, found[0], 1 if found[0] else 0)
            said.append(error("NG-450", place, f"catalogue: {found[1]}", help))
            return False
    memos[key] = b""
    return True


def _unknown(
    theme: Theme,
    analyses: Mapping[str, Analysis],
    named: Callable[[Analysis], Iterable[tuple[str, int]]],
    known: Collection[str],
    told: tuple[str, str, str],
) -> Iterator[Diagnostic]:
    """An error for each name that a template gives and that is not `known`: `told` are code, kind and advice."""
    code, kind, advice = told
    for template, analysis in analyses.items():
        for name, line in named(analysis):
            if name not in known and name != "*":
                help = did_you_mean(name, known) or advice.format(name)
                yield error(code, Place(theme.sources[template].path, line, 1), f'there is no {kind} "{name}"', help)

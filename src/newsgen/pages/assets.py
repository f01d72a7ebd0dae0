"""The maker of assets: what templates name by the filter `asset`, under names that tell their bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from newsgen.config import ThemeSettings
from newsgen.pages.catalogue import plain
from newsgen.pages.planner import Address, Draft, Drafts, Planner

STYLE: Final = "assets/style.css"
_ASPECTS: Final = {"serif": ".48", "sans": "none"}


def pages(planner: Planner) -> Iterator[Address]:
    for path, file in planner.catalogue.library.assets.items() if not planner.edition else ():
        yield Address("asset", path, file.id, file.id)


def _asset(planner: Planner, at: Address) -> Draft:
    file = planner.catalogue.library.assets[at.path]
    if not at.path.endswith(".css"):
        return planner.copy(at.path, file)
    names = {"id": plain(file.id), "digest": plain(file.digest)}
    style = tokens(planner.settings.theme) if file.path == STYLE else ""
    return Draft(at.path, "style sheet", at.what, {**names, "style": plain(style)})


def tokens(theme: ThemeSettings) -> str:
    """The settings of the theme as CSS, to stand at the end of its style sheet; empty where all are its own."""
    rules: list[str] = []
    if theme.accent:
        dark = theme.accent_dark or f"color-mix(in oklab, {theme.accent}, white 45%)"
        rules += [f"--accent: {theme.accent};", f"--accent: light-dark({theme.accent}, {dark});"]
    for name in ("headlines", "text"):
        if font := getattr(theme, name):
            rules.append(f"--font-{name}: var(--{font}); --aspect-{name}: {_ASPECTS[font]};")
    return f"@layer tokens {{ :root {{ {' '.join(rules)} }} }}\n" if rules else ""


def style_sheet(css: bytes, style: str) -> bytes:
    """A style sheet with `style` at its end, minified; as it is where it breaks the rules of CSS."""
    from lightningcss import process_stylesheet

    try:
        return f"{process_stylesheet(f'{css.decode()} {style}', minify=True)}\n".encode()
    except ValueError:  # it is no UTF-8, too
        return css


DRAFTS: Drafts = {"asset": _asset}

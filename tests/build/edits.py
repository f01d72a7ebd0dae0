"""Edits of a site by two numbers, so that chance may choose them: every kind of source, the output and the state."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from tests.build.damage import BYTES, flip
from tests.pictures import png
from tests.site import MOMENT, Site

T = TypeVar("T")
Edit = Callable[[Site, int, int], object]

MOMENTS: Final = tuple(MOMENT + dt.timedelta(hours=hours) for hours in (0, 0, 0, 5, 24, 30 * 24, -15 * 24))

NAMES: Final = ("ships", "Ships", "trade", "C++", "C#", "Türkiye", "日本", "x y")
FIELDS: Final[dict[str, Sequence[str | None]]] = {
    "title": ("Alpha", "Beta", '"C++: <b>&amp;"', None),
    "date": ("2026-05-03", "2026-05-20", "2026-06-01T12:30:00+02:00", "2026-06-02", None, "yesterday"),
    "updated": ("2026-05-30", None),
    "tags": (
        *(f'["{one}", "{two}"]' for one, two in zip(NAMES, NAMES[3:], strict=False)),
        "[mills]",
        '["#front", mills]',
        "[]",
        None,
    ),
    "author": (*NAMES[:6], None),
    "authors": ("[Ann, Bo]", None),
    "section": ("world", "business", "Arts", None),
    "slug": ("first", "harbour", None),
    "permalink": ("/one/two/", "/world/ferry/", None),
    "aliases": ("[/old/]", "[/old/, /world/old.html]", None),
    "description": ("Short.", "Longer <i>than</i> that.", None),
    "draft": ("true", "false", None),
    "publish_at": ("2026-06-02", None),
    "embargo_until": ("2026-06-01T14:00:00Z", "2026-05-01", None),
    "expires": ("2026-06-01T13:00:00Z", "2026-06-20", None),
    "status": ("withdrawn", None),
    "withdrawal": ("It was wrong.", None),
    "corrections": (
        "[{date: 2026-05-20, text: Late.}, {date: 2026-05-10, text: Early.}]",
        "[{date: 2026-05-21, text: x}]",
        None,
    ),
    "image": ("{src: crane.png, alt: A crane, focus: 10% 20%}", "{src: /logo.svg}", "{src: lost.png}", None),
    "template": ("wide.html", "article.html", None),
    "kind": ("opinion", "letter", "live", "live", None),
    "live_until": ("2026-06-01T14:00:00Z", "2026-05-20", None),
    "noindex": ("true", None),
    "lang": ("de", "de-AT", "en-gb", None),
    "translation_of": ("ferry.md", "/world/harbour.md", None),
    "order": ("1", None),
    "series": ("The sea", "The Sea", "ships", None),
    "part": ("1", "2", "0", None),
    "extra": ("{mood: calm, list: [1, 2]}", "{mood: loud}", None),
    "tilte": ("x", None),
}
BODIES: Final = (
    "Short.",
    "Longer words than those before.\n\n## And a heading",
    "See [rates](../business/rates.md), [the ferry](ferry.md) and [about](/about/).",
    "![A crane](crane.png) and ![](lost.png)",
    "<b>Bold</b><script>x</script> [up](javascript:x)",
    "[old](/old/) [tag](../tags/trade.md) [file](/x/y.txt)",
    "Intro [r](../business/rates.md).\n\n## 12:05 B {key}\n\n[f](ferry.md)\n\n## 11:30 A {pin}\n\n![A crane](crane.png)",
    "## 23:10 C\n\n## 11:10 B\n\n## 11:10 A\n\n## What",
    "```python\nx = 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    ":::pullquote[Ann]{cite=ferry.md}\nSee [rates](../business/rates.md).\n:::\n\n::chart{src=levels.csv type=line}",
    "::::facts[In brief]\n:::takeaways\n- One\n:::\n::::\n\n::chart{src=levels.csv}\n\n::embed[https://maps.example/]",
    ":::pullqoute\nx\n:::",
    ":::facts\nx",
    "",
)
FILES: Final = (
    "content/world/harbour.md", "content/world/Harbour.md", "content/business/rates.md", "content/business/deep/mill.md",
    "content/arts/2026-05-09-opera.md", "content/news.md", "content/pages/about.md", "content/pages/legal.md",
    "content/de/welt/hafen.md", "content/de/hafen.md", "content/de/pages/impressum.md",
)  # fmt: skip
TERMS: Final = (
    "content/tags/one.md", "content/tags/two.md", "content/authors/ann.md", "content/world/_index.md",
    "content/Arts/_index.md", "content/series/sea.md", "content/de/welt/_index.md", "content/de/tags/eins.md",
)  # fmt: skip
TERM_LINES: Final = ("aliases: [mills]", "aliases: [SHIPS, boats]", "slug: other", "parents: [trade]", "order: 2", "")
SETTINGS: Final = {
    "old_after_years": ("0", "1"),
    "images": (
        "{widths = [16]}",
        '{formats = ["webp"], metadata = "keep"}',
        "{enabled = false}",
        "{max_megapixels = 0}",
    ),
    "policies": ('{ethics = "/about/"}', '{ethics = "/none/"}', "{}"),
    "per_page": ("1", "2", "3", "20"),
    "title": ('"Paper"', '"Journal & Co"'),
    "base_url": ('"https://example.org"', '"https://example.net/sub"', '""', '"nonsense"'),
    "language": ('"en"', '"de"'),
    "timezone": ('"UTC"', '"Asia/Tokyo"', '"Nowhere"'),
    "feeds": ('{content = "summary"}', '{content = "full"}', "{entries = 2}"),
    "markdown": ('{html = "off"}', '{html = "trusted"}', '{html = "safe"}'),
    "permalinks": ('{article = "/{year}/{slug}/"}', '{sections = {world = "/{slug}.html"}}', '{article = "/{slug}"}'),
    "redirects": ('{formats = ["netlify"]}', '{formats = ["html", "nginx"]}'),
    "robots": ('{ai = "block"}', '{extra = ["Disallow: /x/"]}'),
    "sitemap": ("{news = false}", "{news = true}"),
    "tags": ("{known_only = true}", "{combine = 1}", "{min_articles = 2, combine = 2}"),
    "related": ("{limit = 1}", "{limit = 0}", "{limit = 99}"),
    "kinds": ('{letter = {label = "Letter"}}', "{}"),
    "breaking": (
        '{text = "A", url = "/world/ferry/", until = "2026-06-01 14:00"}',
        '{text = "A", until = 2026-06-02T00:00:00}',
        '{text = "A"}',
        '{text = "B", url = "/x/", until = "2026-07-01 00:00"}',
    ),
    "archives": ('{by = ["year"]}', '{by = ["year", "month"]}', '{by = ["year", "month", "day"]}', "{by = []}"),
    "collections": (
        '{one = {tag = "ships", page = true, order = "title"}, two = {days = 20, limit = 1}}',
        '{one = {kind = "opinion", feed = true}, two = {section = "world", author = "Ann", page = true}}',
        '{one = {tag = "#front"}, two = {order = "oldest", days = 30}}',
        '{two = {series = "Docks"}}',
    ),
    "languages": (
        '{de = {title = "Blatt", collections = {one = {tag = "ships", feed = true}}}}',
        '{de = {breaking = {text = "A", url = "/world/ferry/", until = "2026-06-01 14:00"}}, fr = {}}',
        "{en-GB = {}}",
        "{nonsense = {}}",
    ),
    "embeds": ('{allow = ["maps.example"]}', "{}"),
    "per_pgae": ("2",),
}
TEMPLATES: Final = {
    "templates/article.html": (
        "title }}",
        "title }}<hr>",
        "titel }}",
        "title }}{% for r in related %}{{ r.title }}{% endfor %}",
        "title }}{% if series %}{{ series.number }}/{{ series.total }}{{ series.title }}{% endif %}",
    ),
    "templates/home.html": ("line(a)", "line(a) ~ '!'", "line(a) ~ latest[0].title"),
    "templates/tag.html": ("{{ tag.title", "{{ tag.count }}{{ tag.title", "{{ tag.title }}{% if %}{{"),
    "templates/macros/line.html": ("'short'", "'long'", "'iso'"),
    "templates/404.html": ("Not", "{{ collections.one | length }}", "{{ collections['two'].articles | length }}"),
    "templates/base.html": ("[{{", "<{{", "{% include 'macros/' ~ meta.kind ~ '.html' ignore missing %}[{{"),
    "templates/fragments/nav.html": ("s.title", "s.slug", "s.title ~ active_section ~ latest | length"),
    "templates/blocks/pullquote.html": ("block.label", "block.attributes.cite", "block.body", "site.title"),
    "templates/blocks/chart.html": ("block.table", "block.table.head", "block.attributes.src"),
    "templates/signature.html": ("by", "By", "by {{ site.extra.motto }}"),
}
WHOLE: Final = ("templates/part.html", "templates/404.html", "templates/wide.html", "templates/macros/home.html")
STATIC: Final = ("static/logo.svg", "static/Logo.svg", "static/x", "static/x/y.txt", "static/world/harbour/crane.png")
PICTURES: Final = ("content/world/crane.png", "content/business/crane.png", "content/world/lost.png")


FEEDS: Final = (
    'formats = ["rss"]', "", 'formats = ["json", "atom"]\nhub = "https://hub.example/"', 'formats = []\nentries = 1',
    'content = "summary"', 'formats = ["xml"]',
)  # fmt: skip


def of(choices: Sequence[T], number: int) -> T:
    return choices[number % len(choices)]


def documents(site: Site) -> list[str]:
    found = (path.relative_to(site.root).as_posix() for path in (site.root / "content").rglob("*.md"))
    return sorted(found) or [_write(site, FILES[0])]


def _write(site: Site, path: str, text: str | bytes = "---\ntitle: New\ndate: 2026-05-15\n---\n\nNew.\n") -> str:
    """Writes a file, for which what is in its way goes."""
    for above in [*reversed(Path(path).parents), Path(path)]:
        there = site.root / above
        if (there.is_file() and above != Path(path)) or (there.is_dir() and above == Path(path)):
            _delete(there)
    site.write(path, text)
    return path


def _delete(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def field(site: Site, a: int, b: int) -> None:
    """Sets or takes away one line of front matter."""
    path = of(documents(site), a)
    key = of(list(FIELDS), b)
    value = of(FIELDS[key], a // 7)
    text = re.sub(rf"(?m)^{key}:.*\n", "", site.read(path), count=1)
    site.write(path, text if value is None else text.replace("---\n", f"---\n{key}: {value}\n", 1))


def comment(site: Site, a: int, b: int) -> None:
    """Moves the lines of a file's front matter and changes nothing that they say."""
    path = of(documents(site), a)
    text = site.read(path)
    site.write(
        path, text.replace("# moved\n", "", 1) if "# moved\n" in text else text.replace("---\n", "---\n# moved\n", 1)
    )


def body(site: Site, a: int, b: int) -> None:
    path = of(documents(site), a)
    head = site.read(path).split("\n---\n")[0]
    site.write(path, f"{head}\n---\n\n{of(BODIES, b)}\n")


def add(site: Site, a: int, b: int) -> None:
    _write(site, of(FILES, a), f"---\ntitle: New {b}\ndate: 2026-05-{b % 28 + 1:02}\n---\n\n{of(BODIES, b)}\n")


def delete(site: Site, a: int, b: int) -> None:
    _delete(site.root / of(documents(site), a))


def move(site: Site, a: int, b: int) -> None:
    path, to = of(documents(site), a), of(FILES, b)
    text = site.read(path)
    _delete(site.root / path)
    _write(site, to, text)


def swap(site: Site, a: int, b: int) -> None:
    one, two = of(documents(site), a), of(documents(site), b)
    first, second = site.read(one), site.read(two)
    site.write(one, second)
    site.write(two, first)


def term(site: Site, a: int, b: int) -> None:
    path = of(TERMS, a)
    if (site.root / path).exists() and b % 4 == 0:
        return _delete(site.root / path)
    site.write(path, f'---\ntitle: "{of(NAMES, b)}"\n{of(TERM_LINES, a // 5)}\n---\n\nHub {b % 3}.\n')
    return None


def template(site: Site, a: int, b: int) -> None:
    """Puts one variant of a template in the place of another; the last of some is a mistake."""
    path = of(list(TEMPLATES), a)
    text = site.read(path) if (site.root / path).exists() else ""
    there = [one for one in TEMPLATES[path] if one in text]
    if there:
        site.write(path, text.replace(max(there, key=len), of(TEMPLATES[path], b)))


def whole_template(site: Site, a: int, b: int) -> None:
    path = of(WHOLE, a)
    if (site.root / path).exists() and b % 2:
        _delete(site.root / path)
    else:
        site.write(path, f"{{{{ site.title }}}} {b % 3}\n")


def setting(site: Site, a: int, b: int) -> None:
    key = of(list(SETTINGS), a)
    text = re.sub(rf"(?m)^{key} =.*\n", "", site.read("newsgen.toml"), count=1)
    site.write("newsgen.toml", text if b % 5 == 4 else f"{key} = {of(SETTINGS[key], b)}\n{text}")


def feeds(site: Site, a: int, b: int) -> None:
    """Sets what there is under [feeds], one table with the publisher, whose logo may be missing."""
    text = re.sub(r"(?m)^\[feeds\]\n(?:.+\n)*?(?=\[|\Z)|^publisher =.*\n", "", site.read("newsgen.toml"))
    logo = of(("/logo.svg", "/lost.svg"), b // 3)
    site.write("newsgen.toml", f'publisher = {{logo = "{logo}"}}\n{text}\n[feeds]\n{of(FEEDS, a)}\n')


def static(site: Site, a: int, b: int) -> None:
    path = of((*STATIC, *PICTURES, "content/world/levels.csv"), a)
    if (site.root / path).exists() and b % 3 == 0:
        _delete(site.root / path)
    else:
        text = f"day,level\nx,{b % 4}\n" if path.endswith(".csv") else f"{b % 3}"
        _write(site, path, png(f"{b % 5:06}") if path.endswith(".png") and b % 4 else text)


def output(site: Site, a: int, b: int) -> None:
    """Edits, turns round, empties or deletes a file of the output, or the folder it is in; at times all of it."""
    files = [path for path in sorted(site.out.rglob("*")) if path.is_file()]
    if files:
        path = of(files, a)
        spoil: tuple[Callable[[], object], ...] = (
            lambda: path.write_bytes(b"by hand"),
            lambda: path.write_bytes(path.read_bytes()[::-1]),
            lambda: path.write_bytes(b""),
            path.unlink,
            lambda: _delete(path.parent),
            lambda: _delete(site.out),
        )
        of(spoil, b)()


def own_file(site: Site, a: int, b: int) -> None:
    """A file of the user's own in the output, once in the way of a page; or it goes again."""
    path = site.out / of(("CNAME", "old/mine.txt", "one/two/index.html"), a)
    if b % 2 and not path.exists():
        site.write(path.relative_to(site.root).as_posix(), "mine")
    elif path.exists() and path.read_bytes() == b"mine":
        _delete(path)


def cache(site: Site, a: int, b: int) -> None:
    path = site.root / ".newsgen/cache.db"
    if path.is_file() and path.stat().st_size > 5000:
        flip(path, b) if a % 2 else of(list(BYTES.values()), b)(path)


def state(site: Site, a: int, b: int) -> None:
    _delete(site.root / ".newsgen")


def nothing(site: Site, a: int, b: int) -> None:
    """No edit: time passes, or the options differ."""


EDITS: Final[tuple[Edit, ...]] = (
    nothing, field, field, field, body, body, comment, add, delete, move, swap, term, template, template, whole_template,
    setting,
    feeds, static, output, own_file, cache, state,
)  # fmt: skip
"""The simplest first, the likelier ones more than once."""

"""The headers with which hosts send a site: what they say, and that each kind of host reads the same of its file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.site import Site, article, pages, said

FORMS = '["netlify", "nginx", "apache", "caddy"]'
FILES: dict[str, str | bytes] = {
    "newsgen.toml": f'base_url = "https://example.org/pa%20per"\n[headers]\nformats = {FORMS}\n',
    "content/world/harbour.md": article("Harbour", aliases="[/old/]"),
    "static/assets/own.txt": "as it is",
    "templates/404.html": '{{ "plain.css" | asset }}\n',
}
CSP, KEPT = "Content-Security-Policy", "Cache-Control"
SELF = "default-src 'self'"
REST = "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; upgrade-insecure-requests"
FRAMES = "https://player.vimeo.com https://www.youtube-nocookie.com"

Headers = dict[str, str]


@pytest.fixture
def site(make_site: Callable[..., Site], plain_theme: Path) -> Site:
    return make_site(FILES)


# ---- as hosts read them ---------------------------------------------------------------------------------------------


def netlify(text: str, path: str, *, joined: bool = False) -> Headers:
    """As Netlify reads it, where a later rule is the more special; Cloudflare joins the values of all rules."""
    found: Headers = {}
    applies = False
    for line in text.splitlines():
        if not line.startswith((" ", "#")):
            applies = re.fullmatch(re.escape(line).replace(r"\*", ".*"), quote(path)) is not None
        elif applies and line.startswith("  ! "):
            assert joined
            del found[line.removeprefix("  ! ")]
        elif applies and not line.startswith("#"):
            name, _, value = line.strip().partition(": ")
            found[name] = f"{found[name]}, {value}" if joined and name in found else value
    return found


def _nginx(text: str, path: str) -> Headers:
    """As nginx reads it, which compares decoded paths."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    variables: Headers = {}
    found: Headers = {}
    for line in lines:
        if one := re.fullmatch(r'set (\$\w+) ("(?:[^"\\$]|\\")*");', line):
            variables[one[1]] = _unquoted(one[2])
        elif one := re.fullmatch(r'if \(\$uri ~ "([^"]*)"\) { set (\$\w+) ("(?:[^"\\$]|\\")*"); }', line):
            if re.search(one[1], path):
                variables[one[2]] = _unquoted(one[3])
        else:
            one = re.fullmatch(r"add_header ([\w-]+) (\$\w+) always;", line)
            assert one, line
            found[one[1]] = variables[one[2]]
    return found


def _apache(text: str, path: str) -> Headers:
    """As mod_headers reads it: `%` begins a format."""
    lines = text.partition("<IfModule mod_headers.c>\n")[2].partition("</IfModule>")[0].splitlines()
    found: Headers = {}
    for line in lines:
        one = re.fullmatch(
            r'Header always set ([\w-]+) ("(?:[^"\\]|\\")*")(?: "expr=%{REQUEST_STATUS} -lt 400 && %{REQUEST_URI} =~ m#([^"#]*)#")?',
            line,
        )
        assert one, line
        if one[3] is None or re.search(one[3], path):
            assert "%" not in one[2].replace("%%", "")
            found[one[1]] = _unquoted(one[2]).replace("%%", "%")
    return found


def _caddy(text: str, path: str) -> Headers:
    """As Caddy reads it: the order of its lines means nothing."""
    matches: dict[str, bool] = {"": True}
    found: Headers = {}
    for line in re.sub(r"{\n\tpath (.*)\n\tfile {path} {path}/index\.html\n}", r"\1", text).splitlines():
        if one := re.fullmatch(r"(@\w+) (not )?(.+)", line):
            paths = re.findall(r'"([^"]*)"', one[3])
            inside = any(path.startswith(of[:-1]) if of.endswith("*") else path == of for of in paths)
            matches[one[1]] = inside is not bool(one[2])
        elif not line.startswith("#"):
            one = re.fullmatch(r'header (?:(@\w+) )?([\w-]+) ("(?:[^"\\{}]|\\["{}])*")', line)
            assert one, line
            if matches[one[1] or ""]:
                assert one[2] not in found
                found[one[2]] = re.sub(r"\\([{}])", r"\1", _unquoted(one[3]))
    return found


def _unquoted(text: str) -> str:
    return text[1:-1].replace('\\"', '"')


READERS = {"_headers": netlify, "headers.conf": _nginx, ".htaccess": _apache, "headers.caddy": _caddy}


def read(site: Site, path: str) -> Headers:
    """The headers of a path, not encoded, of which all hosts must be of one mind."""
    found = [reader(site.page(name), f"/pa per{path}") for name, reader in READERS.items()]
    assert all(one == found[0] for one in found)
    return found[0]


# ---- what they say --------------------------------------------------------------------------------------------------


def test_every_page_has_a_policy_and_is_asked_for_anew(site: Site) -> None:
    site.good()
    assert read(site, "/world/harbour/") == {
        CSP: f"{SELF}; frame-src 'self' {FRAMES}; {REST}",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        KEPT: "public, max-age=0, must-revalidate",
    }


def test_what_is_named_after_its_bytes_is_kept_for_ever_and_nothing_else(site: Site) -> None:
    site.good()
    (style,) = [path for path in pages(site.out) if re.fullmatch(r"assets/plain\.\w+\.css", path)]
    for path in (style, "assets/pictures/dbd58dad08a9-480-9a9b5ac8.webp"):
        assert read(site, f"/{path}")[KEPT] == "public, max-age=31536000, immutable"
        assert CSP in read(site, f"/{path}")
    for path in ("/assets/own.txt", "/assets/plain.css", f"/{style}.map", "/assets/pictures", "/feed.xml", "/"):
        assert "immutable" not in read(site, path)[KEPT]
    site.write("static/assets/pictures/own.jpg", "as it is")
    site.good()
    assert "immutable" not in read(site, "/assets/pictures/own.jpg")[KEPT]


def test_the_search_alone_may_compile(site: Site) -> None:
    site.write("newsgen.toml", f"{site.read('newsgen.toml')}[search]\nenabled = true\n[languages.de]\n")
    site.write("templates/search.html", "Search\n")
    site.good()
    for path in ("/search/", "/search/pagefind/pagefind.js", "/de/search/"):
        assert f"{SELF}; script-src 'self' 'wasm-unsafe-eval'; " in read(site, path)[CSP]
    for path in ("/", "/search", "/de/", "/world/search/"):
        assert "wasm" not in read(site, path)[CSP]
    for part in ("fragment/en_1.pf_fragment", "index/en_1.pf_index", "filter/en_1.pf_filter"):
        assert "immutable" in read(site, f"/de/search/pagefind/{part}")[KEPT]
    assert "immutable" not in read(site, "/search/pagefind/pagefind-entry.json")[KEPT]


def test_cloudflare_joins_values_so_that_the_earlier_is_taken_away(site: Site) -> None:
    settings = site.read("newsgen.toml").replace(FORMS, '["cloudflare"]')
    site.write("newsgen.toml", f"{settings}[search]\nenabled = true\n")
    site.write("templates/search.html", "Search\n")
    site.good()
    for path in ("/", "/search/", "/search/pagefind/index/en_1.pf_index"):
        found = netlify(site.page("_headers"), f"/pa per{path}", joined=True)
        assert ("wasm" in found[CSP], found[CSP].count("default-src")) == ("search" in path, 1)
        assert ("immutable" in found[KEPT], found[KEPT].count("max-age")) == ("index" in path, 1)
    assert max(map(len, site.page("_headers").splitlines())) < 2000


SHOWN = """![far](https://one.example:8443/a.png) ![far](//two.example/b.png) ![near](/c.png)

<img src="HTTP://Three.example/x" srcset="https://four.example/s 1x, /near 2x"> <a href="https://link.example">x</a>

::video[Film]{src=https://five.example/a.mp4 poster=https://six.example/a.jpg transcript=https://text.example/}

::audio[Talk]{src=https://bücher.example/a.mp3}

:::live

![odd](https://a..b/x.png) ![odd](https://x;y.example/a.png) ![odd](https://me@seven.example/a.png)
"""


def test_of_other_sites_what_documents_show_may_be_loaded(site: Site) -> None:
    site.write("content/world/far.md", article("Far", SHOWN.replace(":::live\n", ""), image="https://eight.example/x"))
    site.write("content/pages/about.md", "---\ntitle: About\n---\n![far](https://nine.example/x)\n")
    site.write("content/authors/ann.md", "---\ntitle: Ann\nimage: https://ten.example/ann.jpg\n---\n")
    site.write("content/world/soon.md", article("Soon", "![secret](https://secret.example/x)", date="2027-01-01"))
    for name in ("video", "audio"):
        site.write(f"templates/blocks/{name}.html", "{{ block.body }}")
    site.good()
    names = {
        "https://one.example:8443", "https://two.example", "http://three.example", "https://four.example",
        "https://five.example", "https://six.example", "https://xn--bcher-kva.example", "https://seven.example",
        "https://eight.example", "https://nine.example", "https://ten.example",
    }  # fmt: skip
    policy = read(site, "/")[CSP]
    for name in ("img-src", "media-src"):
        (sources,) = re.findall(f"{name} 'self' ([^;]*);", policy)
        assert sources.split() == sorted(names)
    site.edit("content/world/harbour.md", "Words.", "![far](https://late.example/x)")
    site.good()
    assert "https://late.example" in read(site, "/")[CSP]


def test_of_very_many_sites_none_is_named(site: Site) -> None:
    site.write("content/world/far.md", article("Far", "".join(f"![a](https://s{n}.example/a)\n" for n in range(25))))
    site.good()
    assert "img-src 'self' https: http:; media-src 'self' https: http:;" in read(site, "/")[CSP]


def test_frames_are_those_of_allowed_hosts(site: Site) -> None:
    site.write("newsgen.toml", f'{site.read("newsgen.toml")}[embeds]\nallow = ["maps.example", "www.films.example"]\n')
    site.good()
    own = "https://maps.example https://player.vimeo.com https://www.films.example https://www.maps.example"
    assert f"frame-src 'self' {own} https://www.youtube-nocookie.com;" in read(site, "/")[CSP]


OWN = """[headers.csp]
script-src = ["https://count.example"]
connect-src = ["https://count.example"]
object-src = ["https://o.example"]
report-to = ["csp"]
[headers.extra]
Reporting-Endpoints = 'csp="https://r.example/{a}?b=100%"'
referrer-policy = "no-referrer"
X-Content-Type-Options = ""
"""


def test_a_site_may_allow_more_and_say_more(site: Site) -> None:
    site.write("newsgen.toml", site.read("newsgen.toml") + OWN)
    site.good()
    found = read(site, "/")
    assert found["Reporting-Endpoints"] == 'csp="https://r.example/{a}?b=100%"'
    assert found["Referrer-Policy"] == "no-referrer"
    assert "X-Content-Type-Options" not in found
    for directive in (
        "script-src 'self' https://count.example;", "connect-src 'self' https://count.example;",
        "object-src https://o.example;", "report-to csp;",
    ):  # fmt: skip
        assert directive in found[CSP]


@pytest.mark.parametrize(("settings", "base"), [("hsts_days = 0", "https"), ("", "http")])
def test_https_is_asked_for_where_it_is_there_and_wanted(site: Site, settings: str, base: str) -> None:
    site.write(
        "newsgen.toml", f'base_url = "{base}://example.org/pa%20per"\n[headers]\nformats = {FORMS}\n{settings}\n'
    )
    site.good()
    assert "Strict-Transport-Security" not in read(site, "/")
    assert ("upgrade-insecure-requests" in read(site, "/")[CSP]) == (base == "https")


# ---- which files there are ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formats", "files"),
    [
        ("[]", set()),
        ('["netlify"]', {"_headers"}),
        ('["cloudflare", "nginx"]', {"_headers", "headers.conf"}),
        ('["apache", "caddy"]', {".htaccess", "headers.caddy"}),
    ],
)
def test_only_what_is_asked_for_is_written(site: Site, formats: str, files: set[str]) -> None:
    site.write("newsgen.toml", f"[headers]\nformats = {formats}\n")
    site.good()
    assert {"_headers", "headers.conf", ".htaccess", "headers.caddy"} & pages(site.out) == files
    if ".htaccess" in files:
        assert "RewriteRule" not in site.page(".htaccess")


def test_apache_reads_redirects_and_headers_from_one_file(site: Site) -> None:
    site.write("newsgen.toml", site.read("newsgen.toml") + '[redirects]\nformats = ["apache"]\n')
    site.good()
    assert "RewriteRule" in site.page(".htaccess")
    assert CSP in _apache(site.page(".htaccess"), "/pa per/")


def test_a_file_of_the_sites_own_by_that_name_is_told_of(site: Site) -> None:
    site.write("static/_headers", "/*\n  X: y\n")
    (found,) = [line for line in said(site.build()) if line.startswith("NG-401")]
    assert found.endswith("_headers and static/_headers")

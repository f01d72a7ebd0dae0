"""Hostile text in a real browser: what becomes of it on a page is judged by the parser that readers have."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from newsgen.config import MarkdownSettings
from newsgen.content import markdown
from tests.site import Site, article

from .test_browser import browser, page

__all__ = ["browser", "page"]

pytestmark = pytest.mark.browser

# The families of OWASP's collection of filter evasions, and of those by which DOM clobbering and mutations are done.
TAGS = [
    "<script>hit(1)</script>", "<SCRIPT SRC=//e.example/x.js></SCRIPT>", "<script/x>hit(1)</script>",
    "<script\t\n>hit(1)</script >", "<<script>hit(1);//<</script>", "<scr<script>ipt>hit(1)</scr</script>ipt>",
    "<script src=//e.example/x.js?<b>", "<script a='>' src=//e.example/x.js></script>", "</title><script>hit(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=hit(1)>'>", "<template><script>hit(1)</script></template>",
    "<svg onload=hit(1)>", "<svg/onload=hit(1)>", "<svg><script>hit(1)</script></svg>",
    "<svg><style><img src=x onerror=hit(1)></style></svg>", "<svg><a xlink:href='javascript:hit(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=hit(1)></style>", "<math href='javascript:hit(1)'>x</math>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=hit(1) src=x>'>",
    "<iframe src='javascript:hit(1)'></iframe>", "<iframe srcdoc='<script>parent.hit(1)</script>'></iframe>",
    "<object data='data:text/html,<script>hit(1)</script>'></object>", "<embed src='javascript:hit(1)'>",
    "<applet code=x.class></applet>", "<frameset onload=hit(1)></frameset>", "<base href='javascript:/'>",
    "<meta http-equiv=refresh content='0;url=javascript:hit(1)'>", "<link rel=stylesheet href=//e.example/x.css>",
    "<style>@import '//e.example/x.css';</style>", "<style>*{background:url(javascript:hit(1))}</style>",
    "<xml><i><b><img src=x onerror=hit(1)></b></i></xml>", "<isindex action=javascript:hit(1) type=image>",
    "<form action='javascript:hit(1)'><button>x</button></form>", "<button formaction=javascript:hit(1)>x</button>",
    "<marquee onstart=hit(1)>x</marquee>", "<dialog open onfocus=hit(1)>x</dialog>", "<bgsound src=javascript:hit(1)>",
    "<layer src=//e.example/x.html></layer>", "<my-element onclick=hit(1)>x</my-element>", "<plaintext>",
]  # fmt: skip
ATTRIBUTES = [
    "<img src=x onerror=hit(1)>", "<img src=x onerror='hit(1)'>", '<img src="x" onerror="hit(1)">', "<img/src=x/onerror=hit(1)>",
    "<img src=x OnErRoR=hit(1)>", "<img src=x\nonerror\n=\nhit(1)>", '<img """><script>hit(1)</script>">',
    "<img src='x'onerror=hit(1)>", "<img src=`x`onerror=hit(1)>", "<img src=x onerror=&#104;&#105;&#116;(1)>",
    "<img src=x:x onerror=hit(1)//", "<img src= onmouseover='hit(1)'>", "<img dynsrc='javascript:hit(1)'>",
    "<img lowsrc='javascript:hit(1)'>", "<input type=image src='javascript:hit(1)'>", "<body onload=hit(1)>",
    "<video><source onerror=hit(1) src=x></video>", "<audio src=x onerror=hit(1)>", "<video poster=javascript:hit(1)>",
    "<details open ontoggle=hit(1)>x</details>", "<a href=x onfocus=hit(1) autofocus>x</a>", "<p onpointerenter=hit(1)>x</p>",
    "<div style='width:expression(hit(1))'>x</div>", "<div style='background:url(javascript:hit(1))'>x</div>",
    "<td background='javascript:hit(1)'>", "<table background='javascript:hit(1)'><tr><td>x</table>",
    "<a href='//e.example' style='-moz-binding:url(//e.example/x.xml#a)'>x</a>", "<b data-x='\"><img src=x onerror=hit(1)>'>x</b>",
    "<abbr title='--><img src=x onerror=hit(1)>'>x</abbr>", "<p id=body><p id=cookie><a name=defaultView>x</a>",
]  # fmt: skip
LINKS = [
    "javascript:hit(1)", "JaVaScRiPt:hit(1)", "java\tscript:hit(1)", "java&#x09;script:hit(1)", "java&#x0A;script:hit(1)",
    "java&Tab;script:hit(1)", "java&NewLine;script&colon;hit(1)", " &#14;  javascript:hit(1)", "&#1;javascript:hit(1)",
    "&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;hit(1)", "&#x6A;avascript:hit(1)", "&#0000106avascript:hit(1)",
    "javascript&#58;hit(1)", "javascript%3Ahit(1)", "%6aavascript:hit(1)", "vbscript:hit(1)", "livescript:hit(1)",
    "data:text/html,<script>hit(1)</script>", "data:text/html;base64,PHNjcmlwdD5oaXQoMSk8L3NjcmlwdD4=", "DATA:image/svg+xml,x",
    "javascript://e.example/%0Ahit(1)", "feed:javascript:hit(1)", "view-source:javascript:hit(1)", "blob:x", "file:///etc/passwd",
    "jar:javascript:hit(1)!/", "ng-ref:0", "x'onmouseover='hit(1)", 'x"onmouseover="hit(1)', "x`onmouseover=`hit(1)", "\x01javascript:hit(1)",
]  # fmt: skip
MARKDOWN = [
    *(form.format(url) for url in LINKS for form in ("[x]({})", "[x](<{}>)", "![x]({})", "<{}>", "[x][r]\n\n[r]: {}")),
    *(f"<a href='{url}'>x</a>" for url in LINKS), *(f'<img src="{url}">' for url in LINKS), *(f"<a href={url}>x</a>" for url in LINKS),
    '[x](y "t\\" onmouseover=\\"hit(1)")', "![\" onerror=hit(1) x=\"](x)", "![x](x '\" onerror=\"hit(1)')", "`<img src=x onerror=hit(1)>`",
    "```\"onmouseover=hit(1)\nx\n```", "```html\n</code></pre><img src=x onerror=hit(1)>\n```", "# <img src=x onerror=hit(1)>",
    "# \" onmouseover=hit(1) x=\"", "[^\"onload=hit(1)]\n\n[^\"onload=hit(1)]: x", "| \"><img src=x onerror=hit(1)> |\n|---|\n| x |",
    "x\n: <img src=x onerror=hit(1)>", "<!--><img src=x onerror=hit(1)>-->", "<!--- --!><img src=x onerror=hit(1)>", "<![CDATA[><img src=x onerror=hit(1)>]]>",
    "<?xml ?><img src=x onerror=hit(1)>", "<!x ><img src=x onerror=hit(1)>", "*<a href=\"x*\" onclick=hit(1)>x</a>", "<a\n\nhref=javascript:hit(1)>x</a>",
]  # fmt: skip
ALL = [*TAGS, *ATTRIBUTES, *(f"a {one} b" for one in (*TAGS, *ATTRIBUTES)), *MARKDOWN]

LOOK = """() => {
  const bad = [], ours = ["http:", "https:", "mailto:", "tel:", "sms:", "ftp:", "ftps:", "geo:", "irc:", "ircs:", "matrix:", "sip:", "xmpp:", "ng-ref:"];
  const root = document.querySelector("#hostile") ?? document.body;
  for (const one of root.querySelectorAll("*")) {
    const name = one.localName;
    if (/^(script|style|iframe|object|embed|applet|form|button|link|meta|base|template|frame|frameset|math|plaintext|noscript)$/.test(name)
        || name.includes("-") || one.namespaceURI !== "http://www.w3.org/1999/xhtml") bad.push(`<${name}>`);
    for (const { name: key, value } of one.attributes) {
      if (/^(on|xlink|xmlns|srcdoc|formaction|action|background|dynsrc|lowsrc|style$|autofocus)/i.test(key)) bad.push(`${name} ${key}`);
      if (!["href", "src", "poster", "cite"].includes(key)) continue;
      let to; try { to = new URL(value, "https://here.example/") } catch { continue }
      if (!ours.includes(to.protocol)) bad.push(`${name} ${key}=${value}`);
    }
  }
  return bad;
}"""


@pytest.fixture
def hits(page: Page) -> list[object]:
    """What hostile code did: nothing."""
    found: list[object] = []
    page.expose_function("hit", lambda *given: found.append(given))
    page.on("dialog", lambda dialog: (found.append(dialog.message), dialog.dismiss()))
    page.route("**/*", lambda route: route.abort() if "e.example" in route.request.url else route.fallback())
    return found


@pytest.mark.parametrize("setting", ["safe", "off"])
def test_no_text_becomes_code(page: Page, hits: list[object], setting: str) -> None:
    shown = {text: markdown.render("a.md", text, 1, MarkdownSettings(html=setting)).html for text in ALL}
    found = {text: bad for text, html in shown.items() if (bad := _judged(page, html))}
    page.wait_for_timeout(100)
    assert (found, hits) == ({}, [])


def test_the_look_that_finds_no_code_would_find_it(page: Page, hits: list[object]) -> None:
    trusted = MarkdownSettings(html="trusted")
    bad = [text for text in (*TAGS, *ATTRIBUTES) if _judged(page, markdown.render("a.md", text, 1, trusted).html)]
    assert len(bad) > len(TAGS + ATTRIBUTES) // 2, bad
    assert len(_judged(page, "".join(f"<a href='{url}'>x</a>" for url in LINKS[:12]))) == 12
    assert hits


def _judged(page: Page, html: str) -> list[str]:
    """What is wrong with HTML, once the browser has it in the place of an article's body."""
    page.set_content(f"<!doctype html><div id=hostile>{html}</div>", wait_until="domcontentloaded")
    return page.evaluate(LOOK)


BREAKING = ('"><img src=x onerror=hit(1)>', "' onmouseover='hit(1)", "</figure><script>hit(1)</script>", "--><svg onload=hit(1)>",
    "<!--ng-close:0--><b>", "\\]\\]><script>hit(1)</script>", "&quot;&gt;&lt;script&gt;hit(1)&lt;/script&gt;", "javascript:hit(1)")  # fmt: skip
BLOCKS = (
    ":::facts[{0}]{{#{1} .{1} data-x={2}}}\nx\n:::", ":::pullquote[{0}]{{cite={2}}}\nx\n:::", ":::figure[{0}]{{credit={2}}}\n![{0}](/a.png)\n:::",
    ":::table[{0}]{{source={2}}}\n| {0} |\n|---|\n| x |\n:::", "::embed[https://www.youtube.com/watch?v=abcdefghijk]{{title={2}}}",
    "::audio[{0}]{{src={2} transcript={2}}}", "::video[{0}]{{src={2} poster={2} captions={2}}}", "## {0} {{#{1}}}", ":::qa[{0}]\n### {0}\n\n{0}\n:::",
)  # fmt: skip


def test_no_attribute_label_or_heading_breaks_out_of_its_place(
    make_site: Callable[..., Site], page: Page, hits: list[object]
) -> None:
    written = [
        block.format(text, "a" + "".join(c for c in text if c.isalnum()), json.dumps(text, ensure_ascii=False))
        for text in BREAKING
        for block in BLOCKS
    ]
    site = make_site({f"content/world/a{n}.md": article(f"A{n}", text) for n, text in enumerate(written)})
    report = site.good()
    assert {one.code for one in report.diagnostics} <= {"NG-201", "NG-202", "NG-203", "NG-204", "NG-224", "NG-229"}
    found: dict[str, list[str]] = {}
    for number, text in enumerate(written):
        html = site.page(f"world/a{number}/index.html")
        body = html[html.index('<div class="prose">') : html.index('<footer class="article-foot">')]
        if bad := [one for one in _judged(page, body) if one not in ("<button>", "<svg>")]:
            found[text] = bad
    page.wait_for_timeout(100)
    assert (found, hits) == ({}, [])

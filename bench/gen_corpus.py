"""A corpus of invented news articles, the same for the same number and seed.

gen_corpus.py N FOLDER [--form yaml|meta|zola|blog]   writes FOLDER/content/articles/SLUG.md, N of them; see `write`
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

SEED = 20240601
START = dt.datetime(2019, 1, 1, 6, tzinfo=dt.UTC)
SPAN_MINUTES = 6.5 * 365 * 1440
ARTICLES = "content/articles"
WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Article:
    """One article: `body` is Markdown of 400 to 700 words with headings, links, emphasis, a quotation, some lists."""

    title: str
    slug: str
    date: dt.datetime
    author: str
    tags: list[str]
    section: str
    description: str
    body: str


def articles(count: int, seed: int = SEED) -> Iterator[Article]:
    """`count` articles by 40 authors in 8 sections under 200 tags, oldest first."""
    authors, tags = _authors(), _tags()
    for number in range(count):
        yield _article(number, count, seed, authors, tags)


def newest(of: Article) -> Article:
    """An article like `of` under an address of its own that is newer than all of the corpus."""
    return replace(of, slug="newest-of-all", title="The Newest of All", date=START + dt.timedelta(days=7 * 365))


def write(article: Article, site: Path, form: str) -> Path:
    """The file of `article` in the site at `site`, written in `form`.

    Forms: yaml; Pelican's meta; zola, where sections are folders; Material's blog.
    """
    path = site / _FOLDERS.get(form, ARTICLES).format(_slug(article.section)) / f"{article.slug}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_FORMS[form](article) + article.body, encoding="utf-8", newline="\n")
    return path


def _yaml(article: Article) -> str:
    """Front matter that newsgen, Hugo and Eleventy read alike."""
    terms = {"authors": [article.author], "tags": article.tags, "section": article.section}
    return _front_matter(article, terms)


def _zola(article: Article) -> str:
    terms = {"authors": [article.author], "tags": article.tags}
    return _front_matter(article, {"taxonomies": terms, "extra": {"section": article.section}})


def _blog(article: Article) -> str:
    """What lists show of a post is above the mark: nothing, so that they need not render it again."""
    terms = {"authors": [_slug(article.author)], "categories": article.tags, "slug": article.slug}
    return _front_matter(article, terms) + "<!-- more -->\n\n"


def _front_matter(article: Article, terms: Mapping[str, object]) -> str:
    """YAML; the texts, lists and mappings of JSON are YAML's too."""
    fields = {"title": article.title, **terms, "description": article.description}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in fields.items()]
    return f"---\n{lines[0]}date: {article.date:%Y-%m-%dT%H:%M:%SZ}\n{''.join(lines[1:])}---\n\n"


def _meta(article: Article) -> str:
    return (
        f"Title: {article.title}\nDate: {article.date:%Y-%m-%d %H:%M:%S}\nAuthor: {article.author}\n"
        f"Tags: {', '.join(article.tags)}\nCategory: {article.section}\nSlug: {article.slug}\n"
        f"Summary: {article.description}\n\n"
    )


_FORMS: dict[str, Callable[[Article], str]] = {"yaml": _yaml, "meta": _meta, "zola": _zola, "blog": _blog}
_FOLDERS = {"zola": "content/{}", "blog": "docs/posts"}


# ---- the text -------------------------------------------------------------------------------------------------------


def _authors() -> list[str]:
    first, last = WORDS["first_names"], WORDS["last_names"]
    return [f"{first[i % 20]} {last[(i * 7 + i // 20) % 20]}" for i in range(40)]


def _tags() -> list[str]:
    pairs = [f"{first} {second}" for second in WORDS["tag_second"] for first in WORDS["tag_first"]]
    return [*WORDS["hot_tags"], *pairs[:196]]


def _article(number: int, count: int, seed: int, authors: list[str], tags: list[str]) -> Article:
    r = random.Random((seed << 32) | number)  # noqa: S311 - nothing secret
    subject, verb, object = (r.choice(WORDS[f"headline_{part}"]) for part in ("subjects", "verbs", "objects"))
    title = f"{subject} {verb} {object}"
    date = START + dt.timedelta(minutes=int((number + r.random() * 0.9) * SPAN_MINUTES / count))
    words = r.randrange(400, 701)
    size = r.randrange(8, 15)
    paragraphs = [_paragraph(r, words / size) for _ in range(size)]
    description = _sentence(r)
    body = "\n\n".join(_blocks(r, paragraphs)) + "\n"
    hot = r.sample(WORDS["hot_tags"], r.choice((1, 1, 2)))
    more = r.sample(tags[4:], r.randrange(1 if len(hot) == 1 else 0, 6 - len(hot)))
    return Article(
        title=title,
        slug=f"{_slug(title)}-{number:05d}",
        date=date,
        author=r.choice(authors),
        tags=hot + more,
        section=r.choice(WORDS["sections"]),
        description=description,
        body=body,
    )


def _slug(text: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in text.lower()).strip("-")


def _sentence(r: random.Random) -> str:
    text = f"{r.choice(WORDS['subjects'])} {r.choice(WORDS['verbs'])} that {r.choice(WORDS['clauses'])}"
    if r.random() < 0.45:
        text += f", {r.choice(WORDS['tails'])}"
    if r.random() < 0.3:
        text = f"{r.choice(WORDS['openings'])} {text}"
    elif r.random() < 0.12:
        text = f"“It is not where we wanted to be,” {text}"
    return text[0].upper() + text[1:] + "."


def _paragraph(r: random.Random, words: float) -> str:
    sentences: list[str] = []
    while sum(len(one.split()) for one in sentences) < words - 15:
        sentences.append(_sentence(r))
    return " ".join(sentences)


def _blocks(r: random.Random, paragraphs: list[str]) -> Iterator[str]:
    """The paragraphs with links and emphasis, between them headings, a quotation and in every third article a list."""
    size = len(paragraphs)
    links = [r.randrange(size) for _ in range(r.randrange(3, 6))]
    headings = r.sample(range(2, size - 1), r.randrange(1, 3))
    quotation = r.randrange(1, size - 1)
    listed = r.randrange(2, size) if r.random() < 0.35 else -1
    for number, paragraph in enumerate(paragraphs):
        if number in headings:
            yield "## " + r.choice(WORDS["subheadings"])
        yield _decorated(r, paragraph, links.count(number), r.choice((0, 0, 1, 1, 2)))
        if number == quotation:
            yield "> " + _sentence(r) + " " + _sentence(r)
        if number == listed:
            yield "\n".join("- " + r.choice(WORDS["clauses"]).capitalize() for _ in range(r.randrange(3, 6)))


def _decorated(r: random.Random, paragraph: str, links: int, emphases: int) -> str:
    words = paragraph.split(" ")
    for _ in range(links):
        at = r.randrange(3, max(4, len(words) - 4))
        if not any(c in words[at] for c in "[*(“”"):
            words[at] = f"[{r.choice(WORDS['link_texts'])}]({_address(r)}) {words[at]}"
    for _ in range(emphases):
        at = r.randrange(2, max(3, len(words) - 3))
        if not any(c in words[at] for c in "[]*(“”.,"):
            mark = "**" if r.random() < 0.5 else "*"
            words[at] = f"{mark}{words[at]}{mark}"
    return " ".join(words)


def _address(r: random.Random) -> str:
    return f"https://www.example.org/{r.randrange(2018, 2026)}/{r.randrange(1, 13):02d}/{r.randrange(10**6)}.html"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--form", choices=sorted(_FORMS), default="yaml")
    options = parser.parse_args()
    for article in articles(options.count):
        write(article, options.folder, options.form)


if __name__ == "__main__":
    main()

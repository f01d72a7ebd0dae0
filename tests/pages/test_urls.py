"""Output files and URLs: each leads back to the other, and none leaves the site."""

from __future__ import annotations

import posixpath
import unicodedata
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsgen.content.slugs import offence, path_offence
from newsgen.pages.urls import file_of, numbered, page_file, url_of


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/", "index.html"),
        ("/a", "a/index.html"),
        ("/a/", "a/index.html"),
        ("/a/b/", "a/b/index.html"),
        ("/a/b.html", "a/b.html"),
        ("/a/b.html/", "a/b.html/index.html"),
        ("/a/index.html", "a/index.html"),
        ("/feed.xml", "feed.xml"),
        ("/v1.2", "v1.2"),
        ("/v1.2/", "v1.2/index.html"),
        ("/a.b/c", "a.b/c/index.html"),
        ("/report.final-version", "report.final-version/index.html"),
        ("/日本/", "日本/index.html"),
        ("/Zu\u0308rich/", "Zürich/index.html"),
    ],
)
def test_the_file_of_a_path(path: str, file: str) -> None:
    assert file_of(path) == file


@pytest.mark.parametrize(
    ("file", "base", "url"),
    [
        ("index.html", "/", "/"),
        ("index.html", "/paper/", "/paper/"),
        ("a/index.html", "/", "/a/"),
        ("a/b.html", "/paper/", "/paper/a/b.html"),
        ("myindex.html", "/", "/myindex.html"),
        ("a/myindex.html", "/", "/a/myindex.html"),
        ("feed.xml", "/", "/feed.xml"),
        ("日本/index.html", "/", "/%E6%97%A5%E6%9C%AC/"),
        ("c++/index.html", "/", "/c++/"),
        ("a b/index.html", "/", "/a%20b/"),
        ("a?b#c%d/index.html", "/", "/a%3Fb%23c%25d/"),
        ('"<>\\/index.html', "/", "/%22%3C%3E%5C/"),
        ("a:b.html", "/", "/a%3Ab.html"),
    ],
)
def test_the_url_of_a_file(file: str, base: str, url: str) -> None:
    assert url_of(file, base) == url


@pytest.mark.parametrize(
    ("folder", "number", "file"),
    [
        ("", 1, "index.html"),
        ("", 2, "page/2/index.html"),
        ("tags/russia", 1, "tags/russia/index.html"),
        ("tags/russia", 12, "tags/russia/page/12/index.html"),
    ],
)
def test_the_pages_of_a_list(folder: str, number: int, file: str) -> None:
    assert numbered(folder, number) == file


@pytest.mark.parametrize(
    ("segments", "file"),
    [((), "index.html"), (("about",), "about/index.html"), (("world", "story"), "world/story/index.html")],
)
def test_the_file_of_a_page(segments: tuple[str, ...], file: str) -> None:
    assert page_file(*segments) == file


SEGMENT = st.text("abcZ019.-_~+()@&é日я\u0308\u200d😀", min_size=1, max_size=8).filter(lambda text: offence(text) == "")
PATH = st.builds(
    lambda parts, end: "/" + "/".join(parts) + end,
    st.lists(SEGMENT, min_size=1, max_size=3),
    st.sampled_from(["", "/"]),
)
BASE = st.sampled_from(["/", "/paper/", "/a/b/"])


@given(PATH)
def test_the_file_of_an_allowed_path_lies_inside_the_site(path: str) -> None:
    assert path_offence(path) == ""
    file = file_of(path)
    assert (posixpath.normpath(file), file.startswith("/")) == (file, False)
    assert not file.startswith("../")
    assert unicodedata.is_normalized("NFC", file)


@given(PATH, BASE)
def test_a_url_says_in_plain_letters_where_its_file_is(path: str, base: str) -> None:
    file = file_of(path)
    url = url_of(file, base)
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert (url.isascii(), url.startswith(base)) == (True, True)
    back = unquote(url).removeprefix(base)
    assert f"{back}index.html" == file if url.endswith("/") else back == file


@given(PATH)
def test_a_url_is_a_path_of_the_same_file(path: str) -> None:
    assert file_of(unquote(url_of(file_of(path), "/"))) == file_of(path)

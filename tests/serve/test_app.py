"""Requests and their answers, over a folder that looks like a built site."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any

import msgspec
import pytest

from newsgen.diagnostics import Place, error
from newsgen.serve import server
from newsgen.serve.app import Folders, application, content_type, servable
from newsgen.serve.reload import Live

from .harness import Answer, ask, write

SECRET = "canary"
CLIENT = '<script src="/__newsgen/client.js" data-epoch="run-1"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built site with secrets beside it, in it and behind links that lead out of it."""
    built = tmp_path / "serve"
    write(built / "index.html", "<html><body>Front</body></html>")
    write(built / "world/index.html", "<html><body>World</BODY></html>")
    write(built / "404.html", "<html><body>Nothing here</body></html>")
    write(built / "a b/ü.txt", "odd name")
    write(built / "feed.xml", "<rss/>")
    write(built / "empty/notes.txt", "0123456789")
    write(built / ".newsgen-manifest", SECRET)
    write(built / ".well-known/security.txt", "Contact: desk")
    write(tmp_path / "secret.txt", SECRET)
    write(tmp_path / "serve-private/secret.txt", SECRET)
    (built / "out.txt").symlink_to(tmp_path / "secret.txt")
    (built / "out").symlink_to(tmp_path / "serve-private")
    return built


def shown(folder: Path, **edition: Any) -> Any:
    """The app over `folder`, in an edition that is ready."""
    live = known("run")
    live.edition = msgspec.structs.replace(live.edition, **({"number": 1, "ready": True} | edition))
    return application(live, Folders(folder, folder.with_name("stage")), server.names("127.0.0.1"), deque())


def known(run: str) -> Live:
    """What is shown when a build has looked at all."""
    live = Live(run)
    live.begun(live.ask())
    live.compared((), ())
    return live


def get(folder: Path, path: str = "/", **headers: str) -> Answer:
    return ask(shown(folder), path, **headers)


@pytest.mark.parametrize(
    ("path", "status", "has"),
    [
        ("/", 200, "Front"),
        ("/index.html", 200, "Front"),
        ("/world/", 200, "World"),
        ("/world/?page=2", 200, "World"),
        ("/a b/ü.txt", 200, "odd name"),
        ("/.well-known/security.txt", 200, "desk"),
        ("/nowhere/", 404, "Nothing here"),
        ("/empty/", 404, "Nothing here"),
        ("/empty", 404, "Nothing here"),
        ("/index.html/", 404, "Nothing here"),
        ("/feed.xml/", 404, "Nothing here"),
        ("/__newsgen/other", 404, "Nothing here"),
    ],
)
def test_addresses(folder: Path, path: str, status: int, has: str) -> None:
    answer = get(folder, path)
    assert (answer.status, has in answer.text) == (status, True), answer


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/world/../../secret.txt",
        "/../serve-private/secret.txt",
        "/..\\secret.txt",
        "//../secret.txt",
        "/....//secret.txt",
        "/\0/../../secret.txt",
        "/secret.txt\0.html",
        "/out.txt",
        "/out/secret.txt",
        "/.newsgen-manifest",
        "/world/../.newsgen-manifest",
        "/.git/HEAD",
        "..",
        "*",
        "/..\ufffd\ufffdsecret.txt",
        "/" + "a" * 5000,
        "/" + "a/" * 3000,
        "http://127.0.0.1:8000/../secret.txt",
    ],
)
def test_nothing_hidden_or_outside_the_folder_is_served(folder: Path, path: str) -> None:
    answer = get(folder, path)
    assert (answer.status, SECRET in answer.text) == (404, False), answer


def test_an_absolute_path_below_the_address_is_no_path_of_the_machine(folder: Path) -> None:
    assert SECRET not in get(folder, f"/{folder.parent}/secret.txt").text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("127.0.0.1", 200),
        ("localhost:8000", 200),
        ("LOCALHOST", 200),
        ("localhost:9999", 200),  # a forwarded port
        ("[::1]:8000", 200),
        ("evil.example", 400),
        ("evil.example:8000", 400),
        ("127.0.0.1.evil.example:8000", 400),
        ("localhost.evil.example:8000", 400),
        ("evil.example@localhost", 400),
        ("localhost.", 400),
        ("169.254.169.254", 400),
        ("[::2]", 400),
        ("127.0.0.1:8000, evil.example", 400),
        ("", 400),
    ],
)
def test_only_this_machine_s_names_are_answered(folder: Path, host: str, status: int) -> None:
    answer = get(folder, host=host)
    assert (answer.status, "Front" in answer.text) == (status, status == 200)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("", 200),
        ("http://127.0.0.1:8000", 200),
        ("http://127.0.0.1:8001", 403),
        ("http://127.0.0.1", 403),
        ("http://localhost:8000", 403),  # another origin than the one whose Host was asked
        ("https://127.0.0.1:8000", 403),
        ("http://evil.example", 403),
        ("http://127.0.0.1.evil.example:8000", 403),
        ("null", 403),
    ],
)
def test_the_reload_client_is_for_this_origin_only(folder: Path, origin: str, status: int) -> None:
    answer = get(folder, "/__newsgen/client.js", origin=origin)
    assert (answer.status, "access-control-allow-origin" in answer.headers) == (status, False)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("path", ["/", "/__newsgen/events"])
def test_only_reading_is_allowed(folder: Path, method: str, path: str) -> None:
    assert ask(shown(folder), path, method).status == 405


def test_two_hosts_are_refused(folder: Path) -> None:
    from starlette.datastructures import Headers

    from newsgen.serve.app import refusal

    twice = Headers(raw=[(b"host", b"localhost"), (b"host", b"localhost")])
    answer = refusal("GET", "/", twice)
    assert answer is not None
    assert answer.status_code == 400


def test_every_page_gets_the_client_before_the_end_of_its_body(folder: Path) -> None:
    for path, text, end, page in (
        ("/world/", "World", "BODY", "world/index.html"),
        ("/nowhere", "Nothing here", "body", "nowhere"),
    ):
        client = f'{CLIENT} data-page="{page}"></script>'
        assert get(folder, path).text == f"<html><body>{text}{client}</{end}></html>"


def test_a_folder_without_its_slash_is_redirected(folder: Path) -> None:
    answer = get(folder, "/world")
    assert (answer.status, answer.headers["location"]) == (307, "http://127.0.0.1:8000/world/")


@pytest.mark.parametrize(
    ("path", "status", "has"),
    [
        ("/project/", 200, "Front"),
        ("/project/world/", 200, "World"),
        ("/project/nowhere/", 404, "Nothing here"),
        ("/world/", 404, "Nothing here"),
        ("/projects/", 404, "Nothing here"),
        ("/project/../index.html", 404, "Nothing here"),
        ("/", 307, ""),
        ("/project", 307, ""),
    ],
)
def test_the_site_is_mounted_where_its_base_url_says(folder: Path, path: str, status: int, has: str) -> None:
    answer = ask(shown(folder, base_path="/project/"), path)
    assert (answer.status, has in answer.text) == (status, True)
    if status == 307:
        assert answer.headers["location"] == "/project/"


def test_a_redirect_below_the_base_keeps_the_base(folder: Path) -> None:
    answer = ask(shown(folder, base_path="/project/"), "/project/world")
    assert answer.headers["location"] == "http://127.0.0.1:8000/project/world/"


def test_a_page_that_is_known_is_not_sent_again_until_the_edition_changes(folder: Path) -> None:
    tag = get(folder).headers["etag"]
    assert get(folder, if_none_match=tag).status == 304
    assert ask(shown(folder, number=2), if_none_match=tag).status == 200


def test_a_file_that_is_known_is_not_sent_again_until_it_changes(folder: Path) -> None:
    tag = get(folder, "/feed.xml").headers["etag"]
    assert get(folder, "/feed.xml", if_none_match=tag).status == 304
    fresh = write(folder / "fresh", "<sss/>")
    fresh.replace(folder / "feed.xml")
    assert get(folder, "/feed.xml", if_none_match=tag).status == 200


def test_a_part_of_a_file_can_be_asked_for(folder: Path) -> None:
    answer = get(folder, "/empty/notes.txt", range="bytes=2-4")
    assert (answer.status, answer.text, answer.headers["content-range"]) == (206, "234", "bytes 2-4/10")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("index.html", "text/html"),
        ("feed.xml", "application/xml"),
        ("feed.json", "application/json"),
        ("logo.SVG", "image/svg+xml"),
        ("style.css", "text/css"),
        ("photo.webp", "image/webp"),
        ("photo.avif", "image/avif"),
        ("photo.jpg", "image/jpeg"),
        ("font.woff2", "font/woff2"),
        ("CNAME", "application/octet-stream"),
    ],
)
def test_types(name: str, kind: str) -> None:
    assert content_type(name) == kind


def test_every_answer_forbids_keeping_and_guessing(folder: Path) -> None:
    for path in ("/", "/feed.xml", "/nowhere", "/__newsgen/client.js"):
        headers = get(folder, path).headers
        assert headers["cache-control"] == "no-cache", path
        assert headers["x-content-type-options"] == "nosniff", path
    assert get(folder).headers["content-type"] == "text/html; charset=utf-8"


MISTAKE = msgspec.structs.replace(
    error("NG-106", Place("content/<b>.md", 2, 8), "cannot read <script>xss()</script>", 'Write "title".'),
    source="title: [<script>xss()</script>",
)


def test_while_the_build_fails_each_page_says_why_in_text_that_is_no_markup(folder: Path) -> None:
    text = ask(shown(folder, failed=True, diagnostics=(MISTAKE,))).text
    assert "Front" in text
    assert "content/&lt;b&gt;.md:2:8" in text
    assert "title: [&lt;script&gt;xss()" in text
    assert "Write &quot;title&quot;." in text
    assert "<script>xss" not in text


def test_nothing_is_added_to_a_page_that_a_strict_content_security_policy_would_stop(folder: Path) -> None:
    text = ask(shown(folder, failed=True, diagnostics=(MISTAKE,))).text
    assert " style=" not in text
    assert "<style" not in text
    assert "<script>" not in text


def test_ten_thousand_mistakes_do_not_make_a_page_of_ten_megabytes(folder: Path) -> None:
    text = ask(shown(folder, failed=True, diagnostics=(MISTAKE,) * 10_000)).text
    assert len(text) < 200_000
    assert "9800 more" in text


def test_a_site_that_was_never_built_is_a_503_that_says_why_and_waits_for_the_mending(folder: Path) -> None:
    answer = ask(shown(folder, ready=False, failed=True, diagnostics=(MISTAKE,)), "/anything/")
    assert answer.status == 503
    assert "content/&lt;b&gt;.md:2:8" in answer.text
    assert CLIENT in answer.text


def test_a_bug_of_newsgen_is_shown_as_one(folder: Path) -> None:
    text = ask(shown(folder, failed=True, failure="TypeError: <x>")).text
    assert "this is a bug" in text
    assert "TypeError: &lt;x&gt;" in text


@pytest.mark.parametrize(
    ("path", "good"),
    [("", True), ("a/b.html", True), (".well-known/x", True), ("a/.x", False), ("/etc/passwd", False), ("a\\b", False)],
)
def test_servable(path: str, good: bool) -> None:
    assert servable(path) is good

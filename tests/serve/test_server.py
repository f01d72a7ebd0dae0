"""The server as a person starts it: ports, names, an editor's day, the end."""

from __future__ import annotations

import datetime as dt
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from newsgen.build import BuildOptions, build
from newsgen.diagnostics import Place, error
from newsgen.serve import server
from newsgen.serve.history import line
from newsgen.serve.reload import Rebuilt

from .harness import Served, article, everything, until, write

Serve = Callable[..., Served]


# ---- ports and names ------------------------------------------------------------------------------------------------


def test_a_taken_port_gives_the_next_free_one() -> None:
    with server.listen("127.0.0.1", 0) as taken, server.listen("127.0.0.1", taken.getsockname()[1]) as other:
        assert other.getsockname()[1] > taken.getsockname()[1]


def test_with_no_free_port_the_refusal_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "TRIES", 0)
    with server.listen("127.0.0.1", 0) as taken, pytest.raises(OSError, match="no port from"):
        server.listen("127.0.0.1", taken.getsockname()[1])


def test_a_host_of_another_machine_is_refused() -> None:
    with pytest.raises(OSError, match="address"):
        server.listen("192.0.2.1", 0)


@pytest.mark.parametrize(
    ("host", "exposed", "named"),
    [
        ("127.0.0.1", False, "127.0.0.1"),
        ("localhost", False, "localhost"),
        ("::1", False, "[::1]"),
        ("192.0.2.7", True, "192.0.2.7"),
        ("desk.local", True, "desk.local"),
        ("2001:db8::7", True, "[2001:db8::7]"),
        ("0.0.0.0", True, "127.0.0.1"),
    ],
)
def test_what_is_told_of_a_host(host: str, exposed: bool, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_own_addresses", lambda: ("192.0.2.99",))
    setup = server.Setup(root=Path(), host=host, port=8000, options=BuildOptions())
    told = server.listening(setup, 8001)
    assert (told.url, told.exposed, told.taken) == (f"http://{named}:8001/", exposed, True)
    assert named in server.names(host)
    assert ("192.0.2.99" in server.names(host)) is (host == "0.0.0.0")
    assert "0.0.0.0" not in server.names(host)


# ---- lines ----------------------------------------------------------------------------------------------------------

MISTAKE = error("NG-111", Place("content/a.md"), "title is missing")


@pytest.mark.parametrize(
    ("rebuilt", "said"),
    [
        (Rebuilt(written=1234, seconds=1.5), "1,234 written, 1,500 ms"),
        (Rebuilt(changed=("content/a.md",), seconds=0.0421), "content/a.md: nothing to write, 42 ms"),
        (
            Rebuilt(changed=tuple("abcde"), written=1, removed=1, seconds=0.01, first=0.004),
            "a, b, c and 2 more: 1 written, 1 removed, 10 ms, the open page after 4 ms",
        ),
        (
            Rebuilt(changed=("content/a.md",), ok=False, diagnostics=(MISTAKE,)),
            "content/a.md: not built: 1 error. The last good site is still served.",
        ),
        (
            Rebuilt(ok=False, failure="Traceback"),
            "not built: newsgen itself failed, which is a bug. The last good site is still served.",
        ),
    ],
    ids=["first", "nothing", "many", "mistake", "bug"],
)
def test_the_line_of_a_build(rebuilt: Rebuilt, said: str) -> None:
    assert line(rebuilt) == said


# ---- a day ----------------------------------------------------------------------------------------------------------


def test_an_edit_a_new_article_a_rename_and_a_deletion_are_served(serve: Serve, site: Path) -> None:
    running = serve()
    file = site / "content/world/harbour.md"
    assert "First words" in running.get("/world/harbour/").text

    file.write_text(file.read_text().replace("First words", "Second words"))
    assert until(lambda: "Second words" in running.get("/world/harbour/").text)

    write(site / "content/world/fair.md", article("Fair opens", "Wheels turn."))
    assert until(lambda: "Wheels turn" in running.get("/world/fair/").text)
    assert "Fair opens" in running.get("/").text

    file.rename(site / "content/world/port.md")
    assert until(lambda: running.get("/world/port/").status == 200)
    assert running.get("/world/harbour/").status == 404

    (site / "content/world/port.md").unlink()
    assert until(lambda: running.get("/world/port/").status == 404)


def test_what_is_served_is_what_a_clean_build_makes_and_site_is_left_alone(serve: Serve, site: Path) -> None:
    assert build(site, BuildOptions()).ok
    published = everything(site / "site")
    running = serve()
    assert until(lambda: " written, " in running.told())
    write(site / "content/world/fair.md", article("Fair opens", "Wheels turn."))
    assert until(lambda: running.get("/world/fair/").status == 200)
    assert until(lambda: "content/world/fair.md: " in running.told())
    running.end()
    assert everything(site / "site") == published
    assert build(site, BuildOptions(cache=False, fingerprints=False)).ok
    served = {path: data for path, (data, _) in everything(site / ".newsgen/serve").items()}
    assert served == {path: data for path, (data, _) in everything(site / "site").items()}


def test_a_site_that_cannot_be_built_yet_says_so_until_it_can(serve: Serve, site: Path) -> None:
    broken = write(site / "content/world/broken.md", "---\ntitle: [<b>\n---\n")
    running = serve()
    answer = running.get("/world/harbour/")
    assert (answer.status, "content/world/broken.md:" in answer.text) == (503, True)
    assert "<b>" not in answer.text
    assert until(lambda: "content/world/broken.md:" in running.told())
    broken.unlink()
    assert until(lambda: running.get("/world/harbour/").status == 200)


def test_settings_are_followed_when_they_change(serve: Serve, site: Path) -> None:
    running = serve()
    assert "The Paper" in running.get("/").text
    write(site / "newsgen.toml", 'title = "The Post"\nbase_url = "https://example.org/project"\n')
    assert until(lambda: "The Post" in running.get("/project/").text)
    assert "First words" in running.get("/project/world/harbour/").text
    assert running.get("/world/harbour/").status == 404
    assert "The Post" in running.get("/").text  # by a redirect

    write(site / "newsgen.toml", 'titel = "The Pest"\n')
    assert until(lambda: "newsgen.toml:1:1" in running.get("/project/").text)
    assert "The Post" in running.get("/project/").text


def test_what_a_setting_lets_links_lead_to_is_watched(serve: Serve, site: Path) -> None:
    far, farther = site.parent / "far", site.parent / "farther"
    write(far / "map.txt", "one")
    write(farther / "plan.txt", "one")
    (site / "static").mkdir(exist_ok=True)
    (site / "static/far").symlink_to(far)
    settings = (site / "newsgen.toml").read_text()
    write(site / "newsgen.toml", f'{settings}[sources]\nfollow = ["../far"]\n')
    running = serve()
    assert until(lambda: running.get("/far/map.txt").text == "one")
    write(far / "map.txt", "the other")
    assert until(lambda: running.get("/far/map.txt").text == "the other")
    (site / "static/farther").symlink_to(farther)
    write(site / "newsgen.toml", f'{settings}[sources]\nfollow = ["../far", "../farther"]\n')
    assert until(lambda: running.get("/farther/plan.txt").text == "one")
    write(farther / "plan.txt", "the other")
    assert until(lambda: running.get("/farther/plan.txt").text == "the other")


def test_drafts_and_moments_are_the_build_s(serve: Serve, site: Path) -> None:
    write(site / "content/world/secret.md", article("Secret", "Not yet.").replace("date:", "draft: true\ndate:"))
    assert serve("--online").get("/world/secret/").status == 404
    assert serve("--no-drafts").get("/world/secret/").status == 404
    assert "Not online: it is a draft" in serve().get("/world/secret/").text
    early = serve("--at", "2026-11-01")
    assert "Not online: its time (date) comes on" in early.get("/world/harbour/").text
    assert serve("--at", "2026-11-01", "--online").get("/world/harbour/").status == 404


def test_two_servers_of_one_site_are_out_of_each_other_s_way(serve: Serve, site: Path) -> None:
    one, two = serve(), serve()
    file = site / "content/world/harbour.md"
    file.write_text(file.read_text().replace("First words", "Second words"))
    for running in (one, two):
        assert until(lambda: "Second words" in running.get("/world/harbour/").text)  # noqa: B023 - called here
    assert until((site / ".newsgen/serve/index.html").is_file)
    assert until((site / ".newsgen/serve-2/index.html").is_file)


def test_what_time_changes_is_built_when_it_comes(serve: Serve, site: Path) -> None:
    soon = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=3)
    late = article("Late", "It is out.").replace("date:", f"publish_at: {soon.isoformat()}\ndate:")
    write(site / "content/world/late.md", late)
    running = serve("--online")
    assert running.get("/world/late/").status == 404
    assert until(lambda: running.get("/world/late/").status == 200, 90)
    assert until(lambda: "the clock: " in running.told())
    assert running.told().count("the clock: ") == 1  # though a build knows of minutes alone


def test_a_folder_that_is_taken_away_is_made_again(serve: Serve, site: Path) -> None:
    running = serve()
    assert running.get("/world/harbour/").status == 200
    shutil.rmtree(site / ".newsgen/serve")
    assert until(lambda: running.get("/world/harbour/").status == 200)


EDITOR = "import sys, pathlib; pathlib.Path(sys.argv[1]).write_text(' '.join(sys.argv[2:]))"


def test_a_mistake_opens_in_the_editor_and_nothing_else_does(serve: Serve, site: Path, tmp_path: Path) -> None:
    opened = tmp_path / "opened"
    running = serve("--editor", shlex.join([sys.executable, "-c", EDITOR, str(opened), "{file}", "{line}"]))
    broken = write(site / "content/world/harbour.md", "---\ntitle: Harbour: open\n---\n\nText.\n")
    place = "content/world/harbour.md:2:15"
    assert until(lambda: f'data-place="{place}"' in running.get("/").text)

    def post(place: str, origin: str) -> int:
        request = urllib.request.Request(f"{running.url}/__newsgen/edit", place.encode(), {"origin": origin})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code

    assert post("newsgen.toml:1:1", running.url) == 404
    assert post(place, "http://evil.example") == 403
    assert post(place, "null") == 403
    assert not opened.exists()
    assert post(place, running.url) == 204
    assert until(lambda: opened.exists() and opened.read_text() == f"{broken} 2")


def test_the_history_tells_what_was_built_and_why(serve: Serve, site: Path) -> None:
    running = serve()
    assert until(lambda: " written, " in running.told())
    file = site / "content/world/harbour.md"
    file.write_text(file.read_text().replace("First words", "Second words"))
    assert until(lambda: "content/world/harbour.md: " in running.get("/__newsgen/").text)
    told = running.get("/__newsgen/").text
    assert "the text of an article that it carries changed" in told
    assert "<code>world/harbour/index.html</code>" in told


def test_a_rude_request_is_refused_and_others_are_served(serve: Serve) -> None:
    running = serve()
    address = running.url.removeprefix("http://").split(":")
    for junk in (b"GET / HTTP/1.1\r\nHost: " + b"a" * 200_000, b"\x16\x03\x01\x02\x00\x01", b"\0" * 4096):
        with socket.create_connection((address[0], int(address[1])), 5) as rude:
            try:
                rude.sendall(junk + b"\r\n\r\n")
                assert b"200 OK" not in rude.recv(65536)
            except ConnectionError:
                continue
    assert running.get("/").status == 200
    assert running.told().count("\n") < 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_at_once_and_quietly_with_a_stream_and_a_download_open(
    serve: Serve, site: Path, number: signal.Signals
) -> None:
    (site / "static").mkdir()
    (site / "static/film.bin").write_bytes(b"0" * 30_000_000)
    running = serve()
    host, port = running.url.removeprefix("http://").split(":")
    with (
        socket.create_connection((host, int(port)), 30) as stream,
        socket.create_connection((host, int(port)), 30) as download,
    ):
        stream.sendall(f"GET /__newsgen/events HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        assert b"text/event-stream" in stream.recv(4096)
        download.sendall(f"GET /film.bin HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        assert b"200 OK" in download.recv(4096)
        start = time.monotonic()
        status = running.end(number)  # which waits for no reader: the download is never taken
        ended = until(lambda: stream.recv(4096).endswith(b"0\r\n\r\n"), 2)
    assert ended, "the stream was cut off, not ended"
    assert (status, time.monotonic() - start < 4) == (0, True)
    assert "Traceback" not in running.told()
    assert running.told().endswith("Stopped.\n")


LONG = """
import sys, time
from pathlib import Path
from newsgen.build import BuildOptions
from newsgen.serve import builder, server

def build(*_, **__):
    print("building", flush=True)
    time.sleep(600)

builder.pipeline.build = build
sock = server.listen("127.0.0.1", 0)
root = Path(sys.argv[1])
setup = server.Setup(root=root, host="127.0.0.1", port=0, options=BuildOptions(out=root / "out"))
server.run(setup, sock, lambda event: None)
"""


def test_a_long_build_does_not_hold_up_the_end(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", LONG, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "building\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files, which needs /proc")
def test_clients_that_come_and_go_leave_nothing_open(serve: Serve) -> None:
    running = serve()
    host, port = running.url.removeprefix("http://").split(":")

    def open_files() -> int:
        return len(os.listdir(f"/proc/{running.process.pid}/fd"))

    assert running.get("/").status == 200
    before = open_files()
    for _ in range(30):
        with socket.create_connection((host, int(port)), 5) as stream:
            stream.sendall(f"GET /__newsgen/events HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
            assert b"200" in stream.recv(4096)
    assert until(lambda: open_files() <= before + 2)

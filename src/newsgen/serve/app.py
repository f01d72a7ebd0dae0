"""The web application: the built site as files, the reload client's own addresses, and the guard before both."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from hashlib import sha256
from http import HTTPStatus
from importlib import resources
from mimetypes import guess_type
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

import anyio.to_thread
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.responses import StreamingResponse as Stream
from starlette.routing import Mount, Route
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsgen.serve import history, overlay
from newsgen.serve.history import Past
from newsgen.serve.reload import EVENTS, Edition, Live, Place

OWN: Final = "/__newsgen/"
EDIT: Final = "/__newsgen/edit"
NOTHING: Final = "404.html"
LONGEST: Final = 4096  # bytes of a place that is to be opened
HTML: Final = "text/html"

# The machine's own tables differ from one system to the next; these must not.
TYPES: Final = {
    ".html": HTML,
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}

HEADERS: Final = {
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}


def application(
    live: Live, folders: Folders, names: Collection[str], past: Past, edit: Callable[[str], bool] | None = None
) -> Starlette:
    """The app that serves the output in `folders` as `live` says, to requests whose Host is one of `names` (IPv6 in
    brackets). `edit` opens a place in a source where the editor is known; its answer is whether there is such a place.
    """

    async def events(request: Request) -> Response:
        asked, kind = request.query_params, "text/event-stream"
        if request.method == "HEAD":
            return Response(media_type=kind)
        return Stream(live.events(asked.get("page"), asked.get("epoch", "")), media_type=kind)

    async def over(_: Request) -> Response:
        return HTMLResponse(overlay.overlay(live.edition, editor=edit is not None))

    async def editing(request: Request) -> Response:
        place = (await request.body())[:LONGEST].decode("utf-8", "replace")
        done = edit is not None and await anyio.to_thread.run_sync(edit, place)
        return Response(status_code=HTTPStatus.NO_CONTENT if done else HTTPStatus.NOT_FOUND)

    async def told(_: Request) -> Response:
        return HTMLResponse(history.page(past, live.edition))

    return Starlette(
        routes=[
            Route(EVENTS, events),
            Route(OWN, told),
            Route(f"{OWN}overlay", over),
            Route(EDIT, editing, methods=["POST"]),
            Route(overlay.CLIENT, _own_file("client.js")),
            Route(overlay.STYLE, _own_file("overlay.css")),
            Mount("/", Site(live, folders, editor=edit is not None)),
        ],
        middleware=[
            Middleware(TrustedHostMiddleware, allowed_hosts=sorted(names), www_redirect=False),
            Middleware(_Guard),
        ],
    )


def _own_file(name: str) -> ASGIApp:
    data = resources.files("newsgen.serve").joinpath(name).read_bytes()
    return Response(data, media_type=TYPES[PurePosixPath(name).suffix])


class _Guard:
    """Refuses what a reader's browser never asks, and puts `HEADERS` on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        if scope["type"] == "http":
            app = refusal(scope["method"], scope["path"], Headers(scope=scope)) or self._app
            await app(scope, receive, sending)


def refusal(method: str, path: str, headers: Headers) -> Response | None:
    """The answer to a request that is none of a reader's; None for a good one. The name in Host was checked before.

    What does something is asked for with POST, for which a browser always says where it comes from.
    """
    if len(headers.getlist("host")) != 1:
        return PlainTextResponse("One Host header, please.", HTTPStatus.BAD_REQUEST)
    allowed = ("POST",) if path == EDIT else ("GET", "HEAD")
    if method not in allowed:
        said = f"Only {' and '.join(allowed)}."
        return PlainTextResponse(said, HTTPStatus.METHOD_NOT_ALLOWED, {"allow": ", ".join(allowed)})
    origins, own = set(headers.getlist("origin")), {f"http://{headers['host']}"}
    if path.startswith(OWN) and (origins - own or (path == EDIT and not origins)):
        return PlainTextResponse("Not for another origin.", HTTPStatus.FORBIDDEN)
    return None


class Folders(NamedTuple):
    """Where output files lie: those that are placed, and those that a build under way has ready."""

    output: Path
    stage: Path


class Site(StaticFiles):
    """The built site under its base path, each file as soon as it is known to be as new as its sources; HTML gets the
    reload client, and the overlay while the build fails."""

    def __init__(self, live: Live, folders: Folders, *, editor: bool) -> None:
        super().__init__(directory=folders.output, html=True, check_dir=False)
        self._live, self._folders, self._editor = live, folders, editor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            path, base = str(scope["path"]), self._live.edition.base_path
            key = self._key(path, base)
            if not await self._live.until_known(key) or not await self._live.gate.enter():
                await PlainTextResponse("The server is ending.", HTTPStatus.SERVICE_UNAVAILABLE)(scope, receive, send)
                return
            with _Visit(self._live, send) as visit:
                place = self._live.place(key)
                if place == "unknown" or base != self._live.edition.base_path:
                    continue  # a change was noticed meanwhile
                self._live.serve(key)
                try:
                    response = await self._answer(self._live.edition, place, key, scope)
                except FileNotFoundError:
                    continue  # what was ready in the stage is no longer wanted
                await response(scope, receive, visit.sending)
                return

    def _key(self, path: str, base: str) -> str:
        """The output file that a path asks for; what no output file can be asked for by is as good as any."""
        inner = path.removeprefix(base)
        if inner.endswith("/") or not inner:
            return f"{inner}index.html"
        page = f"{inner}/index.html"
        is_page = "." not in inner.rpartition("/")[2] and self._live.place(inner) == "output"
        return page if is_page and self._live.place(page) in ("stage", "unknown") else inner

    async def _answer(self, edition: Edition, place: Place, key: str, scope: Scope) -> Response:
        if not edition.ready and edition.failed:
            return HTMLResponse(overlay.unbuilt(edition, editor=self._editor), HTTPStatus.SERVICE_UNAVAILABLE)
        path, base = str(scope["path"]), edition.base_path
        if path in ("/", base.rstrip("/")) and path != base:
            return RedirectResponse(base)
        scope = {**scope, "root_path": base.rstrip("/")}
        if not path.startswith(base) or not servable(path.removeprefix(base)) or place == "nowhere":
            return await self._missing(edition, key)
        if place == "stage":
            if key.endswith("/index.html") and not path.endswith("/") and not path.endswith(".html"):
                return RedirectResponse(f"{path}/")
            data = await anyio.to_thread.run_sync((self._folders.stage / key).read_bytes)
            kind = content_type(key)
            return (
                self._page(data, edition, key, Headers(scope=scope))
                if kind == HTML
                else Response(data, 200, None, kind)
            )
        file = f"{path}index.html" if path.endswith("/") else path
        try:
            response = await self.get_response(self.get_path({**scope, "path": file}), scope)
        except HTTPException as refused:
            if refused.status_code != HTTPStatus.NOT_FOUND:
                raise
            return await self._missing(edition, key)
        if response.status_code == HTTPStatus.NOT_FOUND:
            return await self._missing(edition, key)
        if isinstance(response, FileResponse) and response.media_type == HTML:
            data = await anyio.to_thread.run_sync(Path(response.path).read_bytes)
            return self._page(data, edition, key, Headers(scope=scope))
        return response

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file with its type and an ETag that a change of its bytes cannot leave alone. HTML never as a 304."""
        tag = f"{stat_result.st_ino}-{stat_result.st_mtime_ns}-{stat_result.st_size}"
        headers = {"etag": f'"{tag}"'}
        response = FileResponse(full_path, status_code, headers, content_type(full_path), stat_result=stat_result)
        if response.media_type != HTML and self.is_not_modified(response.headers, Headers(scope=scope)):
            return NotModifiedResponse(response.headers)
        return response

    async def _missing(self, edition: Edition, key: str) -> Response:
        """The 404 page, in whose place that at `key` may come."""
        await self._live.until_known(NOTHING)
        folder = self._folders.stage if self._live.place(NOTHING) == "stage" else self._folders.output
        try:
            data = await anyio.to_thread.run_sync((folder / NOTHING).read_bytes)
        except OSError:
            raise HTTPException(HTTPStatus.NOT_FOUND) from None
        return self._page(data, edition, key, Headers(), HTTPStatus.NOT_FOUND)

    def _page(self, data: bytes, edition: Edition, key: str, asked: Headers, status: int = HTTPStatus.OK) -> Response:
        """The page as this edition shows it. Its ETag is of the bytes sent, so that no browser keeps an older epoch."""
        body = overlay.inject(data, edition, key, editor=self._editor)
        tag = f'"{sha256(body).hexdigest()[:32]}"'
        answer = HTMLResponse(body, status, {"etag": tag})
        if status == HTTPStatus.OK and tag in asked.get("if-none-match", ""):
            return NotModifiedResponse(answer.headers)
        return answer


class _Visit:
    """A reader inside the gate, until the first bytes of the answer: then its file is open, and what a build renames
    into its place is another file."""

    def __init__(self, live: Live, send: Send) -> None:
        self._live, self._send, self._inside = live, send, True

    def __enter__(self) -> _Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave()

    async def sending(self, message: Message) -> None:
        if message["type"] == "http.response.body":
            self._leave()
        await self._send(message)

    def _leave(self) -> None:
        if self._inside:
            self._inside = False
            self._live.gate.leave()


def servable(path: str) -> bool:
    """Whether a path below the base may name a file of a site: no hidden part, no climbing, no odd character."""
    odd = any(mark in path for mark in ("\\", "\0", "\ufffd"))
    hidden = any(part.startswith(".") and part != ".well-known" for part in path.split("/"))
    return not odd and not hidden and not path.startswith("/")


def content_type(path: str | os.PathLike[str]) -> str:
    suffix = Path(path).suffix.lower()
    return TYPES.get(suffix) or guess_type(path)[0] or "application/octet-stream"

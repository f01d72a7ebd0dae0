"""The web application: the built site as files, the reload client's own addresses, and the guard before both."""

from __future__ import annotations

import os
from collections.abc import Collection
from hashlib import sha256
from http import HTTPStatus
from importlib import resources
from mimetypes import guess_type
from pathlib import Path, PurePosixPath
from typing import Final

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

from newsgen.serve import overlay
from newsgen.serve.reload import EVENTS, Edition, Live

OWN: Final = "/__newsgen/"
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


def application(live: Live, folder: Path, names: Collection[str]) -> Starlette:
    """The app that serves `folder` as `live` says, to requests whose Host is one of `names` (IPv6 in brackets)."""

    async def events(request: Request) -> Response:
        kind = "text/event-stream"
        return Response(media_type=kind) if request.method == "HEAD" else Stream(live.events(), media_type=kind)

    return Starlette(
        routes=[
            Route(EVENTS, events),
            Route(overlay.CLIENT, _own_file("client.js")),
            Route(overlay.STYLE, _own_file("overlay.css")),
            Mount("/", _Whole(live, Site(live, folder))),
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
    """The answer to a request that is none of a reader's; None for a good one. The name in Host was checked before."""
    if len(headers.getlist("host")) != 1:
        return PlainTextResponse("One Host header, please.", HTTPStatus.BAD_REQUEST)
    if method not in ("GET", "HEAD"):
        return PlainTextResponse("Only GET and HEAD.", HTTPStatus.METHOD_NOT_ALLOWED, {"allow": "GET, HEAD"})
    strangers = set(headers.getlist("origin")) - {f"http://{headers['host']}"}
    if path.startswith(OWN) and strangers:
        return PlainTextResponse("Not for another origin.", HTTPStatus.FORBIDDEN)
    return None


class _Whole:
    """Lets a request through when no build is publishing, so that it meets one whole edition of the site."""

    def __init__(self, live: Live, app: ASGIApp) -> None:
        self._live = live
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not await self._live.gate.enter():
            await PlainTextResponse("The server is ending.", HTTPStatus.SERVICE_UNAVAILABLE)(scope, receive, send)
            return
        inside = True

        def leave() -> None:
            nonlocal inside
            if inside:
                inside = False
                self._live.gate.leave()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.body":
                leave()  # the file is open: what a build renames into its place now is another file
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            leave()


class Site(StaticFiles):
    """The built site under its base path; HTML gets the reload client, and the overlay while the build fails."""

    def __init__(self, live: Live, folder: Path) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(self._live.edition, scope)
        await response(scope, receive, send)

    async def _answer(self, edition: Edition, scope: Scope) -> Response:
        if not edition.ready:
            return HTMLResponse(overlay.unbuilt(edition), HTTPStatus.SERVICE_UNAVAILABLE)
        path, base = str(scope["path"]), edition.base_path
        if path in ("/", base.rstrip("/")) and path != base:
            return RedirectResponse(base)
        scope = {**scope, "root_path": base.rstrip("/")}
        if not path.startswith(base) or not servable(path.removeprefix(base)):
            return await self._missing(edition)
        file = f"{path}index.html" if path.endswith("/") else path
        response = await self.get_response(self.get_path({**scope, "path": file}), scope)
        if isinstance(response, FileResponse) and response.media_type == HTML:
            return await _injected(response, edition, Headers(scope=scope))
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

    async def _missing(self, edition: Edition) -> Response:
        full_path, found = await anyio.to_thread.run_sync(self.lookup_path, "404.html")
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return await _injected(FileResponse(full_path, HTTPStatus.NOT_FOUND, media_type=HTML), edition, Headers())


def servable(path: str) -> bool:
    """Whether a path below the base may name a file of a site: no hidden part, no climbing, no odd character."""
    odd = any(mark in path for mark in ("\\", "\0", "\ufffd"))
    hidden = any(part.startswith(".") and part != ".well-known" for part in path.split("/"))
    return not odd and not hidden and not path.startswith("/")


def content_type(path: str | os.PathLike[str]) -> str:
    suffix = Path(path).suffix.lower()
    return TYPES.get(suffix) or guess_type(path)[0] or "application/octet-stream"


async def _injected(response: FileResponse, edition: Edition, asked: Headers) -> Response:
    """The page as this edition shows it. Its ETag is of the bytes sent, so that no browser keeps an older epoch."""
    page = await anyio.to_thread.run_sync(Path(response.path).read_bytes)
    body = overlay.inject(page, edition)
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    answer = HTMLResponse(body, response.status_code, {"etag": tag})
    if response.status_code == HTTPStatus.OK and tag in asked.get("if-none-match", ""):
        return NotModifiedResponse(answer.headers)
    return answer

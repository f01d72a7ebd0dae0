"""Where a page lives: one function makes every output path of a page, one every URL."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote

from newsgen.content.slugs import offence

_PLAIN: Final = re.compile(r"[a-z0-9/.-]*")  # nearly every path: nothing in it is quoted


def file_of(path: str) -> str:
    """The output file of a site path: "/a/b/" and "/a/b" are a/b/index.html, "/a/b.html" is itself."""
    bare = unicodedata.normalize("NFC", path).strip("/")
    last = bare.rsplit("/", 1)[-1]
    if not path.endswith("/") and re.search(r"\.[A-Za-z0-9]{1,5}$", last):
        return bare
    return f"{bare}/index.html" if bare else "index.html"


def page_file(*segments: str) -> str:
    """The output file of a page at the path of `segments`, of which empty ones count for nothing."""
    return "/".join((*filter(None, segments), "index.html"))


def folder(*segments: str) -> str:
    """The folder at the path of `segments`, of which empty ones count for nothing."""
    return "/".join(filter(None, segments))


def numbered(folder: str, number: int) -> str:
    """The output file of page `number` of the listing whose first page is `folder`/index.html."""
    first = f"{folder}/" if folder else ""
    return f"{first}index.html" if number == 1 else f"{first}page/{number}/index.html"


def url_of(file: str, base_path: str) -> str:
    """The rooted URL of an output file: percent-encoded, with the path of base_url, without index.html."""
    path = file.removesuffix("index.html") if file.rsplit("/", 1)[-1] == "index.html" else file
    return base_path + (path if _PLAIN.fullmatch(path) else quote(path, safe="/-._~!$&'()*+,;=@"))


def static_offence(path: str) -> str:
    """Why a file of static/ may not be copied to that path, in words; empty where it may."""
    parts = path.split("/")
    return next((why for part in parts if (why := offence(part.lstrip("."))) and part not in (".well-known",)), "")

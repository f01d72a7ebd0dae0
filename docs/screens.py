"""Draws pages of the sample site for docs/screens/ (`make screens`); needs Chromium, fonts for Chinese and Arabic."""

from __future__ import annotations

import http.server
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

ROOT: Final = Path(__file__).parents[1]
OUT: Final = ROOT / "docs" / "screens"
AT: Final = "2026-11-23T08:00:00Z"
SIZES: Final = {"desktop": (1280, 900), "phone": (390, 844)}
SCREENS: Final = (
    ("front", "/", "desktop", "light"),
    ("front", "/", "phone", "dark"),
    ("article", "/world/eu-ministers-back-tanker-register-to-tighten-sanctions-on-russian-oil/", "desktop", "light"),
    ("article", "/world/eu-ministers-back-tanker-register-to-tighten-sanctions-on-russian-oil/", "phone", "light"),
    ("blocks", "/world/how-the-tanker-register-works/", "desktop", "dark"),
    ("section", "/business/", "desktop", "light"),
    ("topic", "/tags/russia/", "phone", "light"),
    ("live", "/climate/storm-ylva-the-night-the-north-sea-barriers-closed/", "phone", "light"),
    ("archive", "/archive/", "desktop", "dark"),
    ("front-ar", "/ar/", "desktop", "light"),
    ("article-ar", "/ar/world/sijil-naqilat-alnaft/", "phone", "dark"),
    ("front-zh", "/zh/", "desktop", "dark"),
    ("article-zh", "/zh/world/tanker-register/", "phone", "light"),
)
"""A name, a page, a size and a colour scheme."""
CARD: Final = "business/rotterdams-queue-is-back-and-this-time-the-ships-wait-for-paperwork"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "newsgen", "-C", str(ROOT), "build", "--out", folder, "--at", AT]
        subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        draw(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    card()


def card() -> None:
    """Writes a social card of the sample site, which has none for want of a font for its Chinese edition."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("content", "static", "templates"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        settings = (ROOT / "newsgen.toml").read_text("utf-8").replace("[search]\nenabled = true", "")
        (Path(folder) / "newsgen.toml").write_text(f"{settings}\n[social_cards]\nenabled = true\n", "utf-8")
        build = [sys.executable, "-m", "newsgen", "-C", folder, "build", "--at", AT]
        subprocess.run(build, check=True, capture_output=True)
        page = (Path(folder) / "site" / CARD / "index.html").read_text("utf-8")
        path = page.partition('"og:image" content="https://courier.example/')[2].partition('"')[0]
        shutil.copyfile(Path(folder) / "site" / path, OUT / "social-card.png")


def draw(site: str) -> None:
    """Writes a picture of each of the screens of the site that is served there."""
    OUT.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        for name, path, size, scheme in SCREENS:
            width, height = SIZES[size]
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(site + path, wait_until="networkidle")
            page.screenshot(path=OUT / f"{name}-{size}-{scheme}.jpg", type="jpeg", quality=72)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()

"""The maker of robots.txt: what crawlers may read, and where the sitemaps are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from newsgen.config import RobotsSettings
from newsgen.pages import sitemaps
from newsgen.pages.catalogue import plain
from newsgen.pages.planner import Address, Draft, Drafts, Planner

# By what their operators say they are for. Google-Extended and Applebot-Extended are no crawlers of their own: search
# goes on where they are refused.
TRAINING: Final = (
    "AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "ClaudeBot", "cohere-ai",
    "cohere-training-data-crawler", "Diffbot", "Google-Extended", "GPTBot", "meta-externalagent", "omgili", "PanguBot",
    "Timpibot", "webzio-extended",
)  # fmt: skip
ANSWERING: Final = (
    "Amzn-SearchBot", "Amzn-User", "ChatGPT-User", "Claude-SearchBot", "Claude-User", "DuckAssistBot",
    "meta-externalfetcher", "MistralAI-User", "OAI-SearchBot", "Perplexity-User", "PerplexityBot", "YouBot",
)  # fmt: skip


def pages(planner: Planner) -> Iterator[Address]:
    if not planner.edition:
        yield Address("robots", "robots.txt")


def _robots(planner: Planner, at: Address) -> Draft:
    maps = [address for one in planner.all.values() for address in sitemaps.addresses(one)]
    text = robots(planner.settings.robots, maps)
    return Draft(at.path, "lines", "robots.txt", {"lines": plain(text)})


def robots(settings: RobotsSettings, addresses: Sequence[str]) -> str:
    """The text of robots.txt. Own lines come after those for all crawlers, which they add to until they name others."""
    blocked = {"allow": (), "block-training": TRAINING, "block": (*TRAINING, *ANSWERING)}[settings.ai]
    lines = ["User-agent: *", "Allow: /", *settings.extra]
    if blocked:
        lines += ["", *[f"User-agent: {name}" for name in sorted(blocked, key=str.casefold)], "Disallow: /", ""]
    lines += [f"Sitemap: {address}" for address in addresses]
    return "\n".join(lines).rstrip() + "\n"


DRAFTS: Drafts = {"robots": _robots}

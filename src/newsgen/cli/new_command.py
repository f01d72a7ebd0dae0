"""newsgen new DIR: a site that builds at once."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Final

import click

from newsgen.cli import console, gazetteer
from newsgen.project import moment_of

EPILOG = """\b
Examples:
  newsgen new my-paper
  newsgen new my-paper --gazetteer
  newsgen -C my-paper build
"""

SITE: Final = {
    "newsgen.toml": """\
title = "My paper"
description = "News from where we are."
base_url = "https://example.org"  # the address at which the site will be read
language = "en"
timezone = "UTC"  # an IANA name, such as "Europe/Berlin": dates without an offset are on this clock
""",
    "content/news/welcome.md": """\
---
title: Welcome to your paper
date: {today}
description: The first article of a new site, ready to be replaced.
---

This article lives in `content/news/welcome.md`. Edit it, and `newsgen serve` shows the change in your browser.

Give it an `author`, `tags` and its own `date` in the lines above the text. Raw article text becomes articles with
`newsgen import`.
""",
    "content/pages/about.md": """\
---
title: About
description: Who we are.
---

Say who publishes this paper and how to reach you.
""",
    "content/tags/russia.md": """\
---
title: Russia
aliases: [Russian, Russians, Moscow, Kremlin, Putin, Vladimir Putin]
description: News about Russia.
---
""",
    "content/tags/china.md": """\
---
title: China
aliases: [Chinese, Beijing, Xi, Xi Jinping]
case_sensitive: [Xi]
exclude: [South China Sea]
description: News about China.
---
""",
    "content/tags/sanctions.md": """\
---
title: sanctions
aliases: [sanction, sanctioned, sanctioning]
description: News about sanctions and how they are kept or dodged.
---
""",
    "content/tags/tariffs.md": """\
---
title: tariffs
aliases: [tariff, customs duty, customs duties, import duty, import duties]
description: News about tariffs and the trade that they change.
---
""",
    "templates/.gitkeep": "",
    "static/.gitkeep": "",
    "seeds/.gitkeep": "",
    ".gitignore": "/site/\n/.newsgen/\n",
}


@click.command("new", epilog=EPILOG)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--gazetteer", "all_tags", is_flag=True, help="Begin with some 370 tags instead of four.")
@click.pass_obj
def command(call: Any, folder: Path, all_tags: bool) -> None:
    """Make a new site in DIR, with a first article and four tags. DIR must be absent or empty.

    With --gazetteer the tags are all countries, with their adjectives, capitals and what they are mistaken for, world
    bodies, and topics of politics and trade: newsgen import then finds them in every text. Delete those that you do
    not want; the page of a tag that no article has is listed nowhere.
    """
    root: Path = call.root / folder
    today = moment_of(os.environ).date().isoformat()
    try:
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            click.echo(f"newsgen: {console.plain(str(folder))} exists and is not empty; name a new folder.", err=True)
            sys.exit(1)
        for name, text in (SITE | _tags() if all_tags else SITE).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("{today}", today), encoding="utf-8", newline="\n")
    except OSError as failure:
        click.echo(f"newsgen: cannot make {console.plain(str(folder))}: {failure.strerror}", err=True)
        sys.exit(1)
    click.echo(f"A new site is in {folder}/. Next:")
    click.echo(f"  newsgen -C {folder} serve")


def _tags() -> dict[str, str]:
    """The files of the gazetteer, and settings that leave room for its countries beside its topics."""
    settings = SITE["newsgen.toml"] + "\n[import]\nmax_tags = 8  # of an article\n"
    return {"newsgen.toml": settings, **dict(gazetteer.files())}

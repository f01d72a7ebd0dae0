"""WordPress exports for tests, in the form that WordPress documents by what it writes; all that they say is invented."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file -->
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/{version}/excerpt/"
	xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
	xmlns:wp="http://wordpress.org/export/{version}/">
<channel>
	<title>The Holm Gazette</title>
	<link>https://gazette.example</link>
	<language>en-GB</language>
	<wp:wxr_version>{version}</wp:wxr_version>
	<wp:base_site_url>https://gazette.example</wp:base_site_url>
	<wp:base_blog_url>https://gazette.example</wp:base_blog_url>
"""
AUTHORS = """	<wp:author><wp:author_id>2</wp:author_id><wp:author_login><![CDATA[rholm]]></wp:author_login>
	<wp:author_email><![CDATA[ruth@gazette.example]]></wp:author_email>
	<wp:author_display_name><![CDATA[Ruth Holm]]></wp:author_display_name></wp:author>
"""
TERMS = """	<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>world-news</wp:category_nicename>
	<wp:category_parent></wp:category_parent><wp:cat_name><![CDATA[World News]]></wp:cat_name></wp:category>
	<wp:category><wp:term_id>4</wp:term_id><wp:category_nicename>europe</wp:category_nicename>
	<wp:category_parent>world-news</wp:category_parent><wp:cat_name><![CDATA[Europe]]></wp:cat_name></wp:category>
	<wp:category><wp:term_id>1</wp:term_id><wp:category_nicename>uncategorized</wp:category_nicename>
	<wp:category_parent></wp:category_parent><wp:cat_name><![CDATA[Uncategorized]]></wp:cat_name></wp:category>
	<wp:tag><wp:term_id>9</wp:term_id><wp:tag_slug>ferries</wp:tag_slug><wp:tag_name><![CDATA[Ferries]]></wp:tag_name>
	<wp:tag_description><![CDATA[Ships that come <em>back</em>.]]></wp:tag_description></wp:tag>
"""


def export(*items: str, version: str = "1.2", head: str = AUTHORS + TERMS) -> bytes:
    return (HEAD.format(version=version) + head + "\n".join(items) + "\n</channel>\n</rss>\n").encode()


def item(
    id: int,
    title: str = "Ferry is late again",
    content: str = "The ferry was late.",
    *,
    kind: str = "post",
    status: str = "publish",
    link: str = "https://gazette.example/2020/11/ferry/",
    name: str = "ferry",
    date: str = "2020-11-23 09:00:00",
    utc: str = "2020-11-23 08:00:00",
    creator: str = "rholm",
    terms: tuple[tuple[str, str, str], ...] = (),
    meta: tuple[tuple[str, str], ...] = (),
    excerpt: str = "",
    more: str = "",
) -> str:
    """An item; `terms` are taxonomy, name in addresses and name, `more` is XML as it is."""
    filed = "".join(
        f"<category domain={quoteattr(d)} nicename={quoteattr(n)}><![CDATA[{t}]]></category>" for d, n, t in terms
    )
    fields = "".join(
        f"<wp:postmeta><wp:meta_key><![CDATA[{k}]]></wp:meta_key><wp:meta_value><![CDATA[{v}]]></wp:meta_value></wp:postmeta>"
        for k, v in meta
    )
    return f"""	<item>
		<title>{escape(title)}</title>
		<link>{escape(link)}</link>
		<dc:creator><![CDATA[{creator}]]></dc:creator>
		<content:encoded><![CDATA[{content}]]></content:encoded>
		<excerpt:encoded><![CDATA[{excerpt}]]></excerpt:encoded>
		<wp:post_id>{id}</wp:post_id>
		<wp:post_date>{date}</wp:post_date>
		<wp:post_date_gmt>{utc}</wp:post_date_gmt>
		<wp:post_name>{name}</wp:post_name>
		<wp:status>{status}</wp:status>
		<wp:post_parent>0</wp:post_parent>
		<wp:post_type>{kind}</wp:post_type>
		{filed}{fields}{more}
	</item>"""


def attachment(id: int, url: str, alt: str = "", caption: str = "", parent: int = 0) -> str:
    meta = (("_wp_attachment_image_alt", alt),) if alt else ()
    more = f"<wp:attachment_url>{url}</wp:attachment_url>"
    made = item(id, "A file", "", kind="attachment", status="inherit", excerpt=caption, meta=meta, more=more)
    return made.replace("<wp:post_parent>0", f"<wp:post_parent>{parent}")

"""The bench site for Pelican."""

SITENAME = "Example News"
SITEURL = FEED_DOMAIN = "https://news.example"
AUTHOR = "Staff"
PATH = "content"
ARTICLE_PATHS = ["articles"]
PAGE_PATHS = STATIC_PATHS = THEME_STATIC_PATHS = PLUGINS = []
OUTPUT_PATH = "output"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "theme"
ARTICLE_URL = "articles/{slug}/"
TAG_URL = "tags/{slug}/"
AUTHOR_URL = "authors/{slug}/"
CATEGORY_URL = "{slug}/"
ARTICLE_SAVE_AS, TAG_SAVE_AS, AUTHOR_SAVE_AS, CATEGORY_SAVE_AS = (
    f"{url}index.html" for url in (ARTICLE_URL, TAG_URL, AUTHOR_URL, CATEGORY_URL)
)
DIRECT_TEMPLATES = ["index", "tags", "authors", "404"]
TAGS_SAVE_AS = "tags/index.html"
AUTHORS_SAVE_AS = "authors/index.html"
TEMPLATE_PAGES = {f"../theme/templates/{name}": name for name in ("sitemap.xml", "robots.txt")}
DEFAULT_PAGINATION = 20
PAGINATED_TEMPLATES = {"index": 20, "tag": 20, "category": 20, "author": 20}
PAGINATION_PATTERNS = (
    (1, "{base_name}/", "{base_name}/index.html"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
)
FEED_ALL_RSS = "feed.xml"
TAG_FEED_RSS, AUTHOR_FEED_RSS, CATEGORY_FEED_RSS = (f"{url}feed.xml" for url in (TAG_URL, AUTHOR_URL, CATEGORY_URL))
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = None
FEED_MAX_ITEMS = 30
RSS_FEED_SUMMARY_ONLY = False
SUMMARY_MAX_LENGTH = None
MARKDOWN = {"extension_configs": {}, "output_format": "html5"}

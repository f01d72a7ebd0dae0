// The bench site for Eleventy 3. Lists are kept in a map of our own: in the data cascade Eleventy would deep-copy them.
module.exports = function (cfg) {
  const slug = (name) => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");
  const human = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const items = new Map();
  cfg.addFilter("slugt", slug);
  cfg.addFilter("iso", (date) => date.toISOString());
  cfg.addFilter("human", (date) => human.format(date));
  cfg.addFilter("rfc", (date) => date.toUTCString());
  cfg.addFilter("itemsOf", (url) => items.get(url));

  const posts = (api) => api.getFilteredByGlob("content/articles/*.md").sort((a, b) => b.date - a.date);
  // Every list of articles: {base, title, kind, found}, the home page first.
  const lists = (api) => {
    const made = new Map([["/", { base: "/", title: "Example News", kind: "", found: posts(api) }]]);
    for (const post of made.get("/").found) {
      const { tags, authors, section } = post.data;
      for (const [kind, folder, names] of [["tags", "/tags/", tags], ["authors", "/authors/", authors], ["", "/", [section]]])
        for (const title of names) {
          const base = `${folder}${slug(title)}/`;
          if (!made.has(base)) made.set(base, { base, title, kind, found: [] });
          made.get(base).found.push(post);
        }
    }
    return [...made.values()];
  };
  cfg.addCollection("posts", posts);
  cfg.addCollection("lists", (api) =>
    lists(api).flatMap(({ base, title, found }) => {
      const total = Math.ceil(found.length / 20);
      const at = (n) => (n < 1 || n > total ? "" : n === 1 ? base : `${base}page/${n}/`);
      return Array.from({ length: total }, (_, i) => {
        items.set(at(i + 1), found.slice(i * 20, i * 20 + 20));
        return { title, number: i + 1, total, url: at(i + 1), newer: at(i), older: at(i + 2) };
      });
    }));
  cfg.addCollection("feeds", (api) =>
    lists(api).map(({ base, title, found }) => {
      items.set(`${base}feed.xml`, found.slice(0, 30));
      return { title, base, url: `${base}feed.xml` };
    }));
  cfg.addCollection("indexes", (api) =>
    [["tags", "Tags"], ["authors", "Authors"]].map(([kind, title]) => {
      const mine = lists(api).filter((list) => list.kind === kind).sort((a, b) => (a.title < b.title ? -1 : 1));
      return { title, url: `/${kind}/`, terms: mine.map((list) => ({ url: list.base, title: list.title, count: list.found.length })) };
    }));
  cfg.setQuietMode(true);
  return {
    dir: { input: ".", output: "_site", includes: "_includes" },
    markdownTemplateEngine: false,
    templateFormats: ["md", "liquid", "11ty.js"],
  };
};

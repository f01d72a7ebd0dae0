module.exports = { layout: "article.liquid", permalink: (data) => `/articles/${data.page.fileSlug}/index.html` };

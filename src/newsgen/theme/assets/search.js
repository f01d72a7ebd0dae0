// The search page over Pagefind's index of the site. What is looked for stands in the address: ?q=words&section=World
const form = document.querySelector("form.search");
const state = document.querySelector(".search-state"), list = document.querySelector(".search-results");
const more = document.querySelector(".search-more"), template = document.querySelector("#found");
const FACETS = ["section", "tag", "author", "year"], PAGE = 10, PAUSE = 250; // results at once; milliseconds of typing
const lang = document.documentElement.lang || undefined;
const day = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "medium", timeZone: "UTC" });
const number = new Intl.NumberFormat(lang), names = new Intl.ListFormat(lang, { type: "conjunction" });
const byName = new Intl.Collator(lang, { numeric: true }).compare;
let loading, run = 0, results = [], shown = 0, timer;

function loaded() {
  loading ??= import(new URL(form.dataset.pagefind, location.href)).then(async (pagefind) => {
    await pagefind.options({ baseUrl: "/", excerptLength: 34 });
    await pagefind.filters(); // searches count only what is loaded
    return pagefind;
  });
  return loading;
}

const asked = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => value.trim()));

function filtersOf(query, without) {
  const chosen = FACETS.filter((name) => name !== without && query.get(name));
  return Object.fromEntries(chosen.map((name) => [name, query.get(name)]));
}

async function look() {
  const mine = ++run, query = asked();
  const words = query.get("q") ?? "", byDate = query.has("sort") || !words;
  try {
    const pagefind = await loaded();
    const find = (without) =>
      pagefind.search(words || null, { filters: filtersOf(query, without), sort: byDate ? { date: "desc" } : {} });
    const found = await find();
    // What a chosen filter would give under its other values is counted without it.
    const counts = await Promise.all(
      FACETS.map(async (name) => (query.get(name) ? await find(name) : found).filters[name] ?? {}),
    );
    if (mine !== run) return;
    FACETS.forEach((name, index) => offer(name, counts[index]));
    const idle = !words && !Object.keys(filtersOf(query)).length;
    results = idle ? [] : found.results;
    const first = await cards(0);
    if (mine !== run) return;
    shown = first.length;
    list.replaceChildren(...first);
    list.hidden = !shown;
    more.hidden = shown >= results.length;
    const { found: some, none } = form.dataset;
    state.textContent = idle ? "" : results.length ? some.replace("{n}", number.format(results.length)) : none;
  } catch (failure) {
    if (mine !== run) return;
    console.error(failure);
    state.textContent = form.dataset.failed;
    list.hidden = more.hidden = true;
    loading = undefined; // another try may do better
  }
}

/** Puts the values of a filter into its list, each with the number of stories that it would leave. */
function offer(name, counts) {
  const select = form.elements[name], chosen = select.value;
  const values = Object.keys(counts).filter((value) => counts[value] || value === chosen);
  if (chosen && !values.includes(chosen)) values.push(chosen);
  values.sort(name === "year" ? (a, b) => byName(b, a) : byName);
  const options = values.map((value) => new Option(`${value} (${number.format(counts[value] ?? 0)})`, value));
  select.replaceChildren(select.options[0], ...options);
  select.value = chosen;
}

async function cards(from) {
  return Promise.all(results.slice(from, from + PAGE).map(async (one) => card(await one.data())));
}

function card({ raw_url: rawUrl, url, meta, filters, excerpt, content }) {
  const made = template.content.cloneNode(true), part = (selector) => made.querySelector(selector);
  part("a").href = rawUrl ?? url;
  part(".kicker").textContent = filters.section?.[0] ?? "";
  part(".found-title").textContent = meta.title;
  part(".card-summary").append(...within(marked(excerpt || meta.summary || ""), content));
  part(".card-by").textContent = names.format(filters.author ?? []);
  if (meta.date) {
    const time = document.createElement("time");
    time.dateTime = meta.date;
    time.textContent = day.format(new Date(meta.date));
    part(".card-meta").append(time);
  }
  return made.firstElementChild;
}

/** An excerpt as nodes: of Pagefind's HTML nothing but <mark> becomes an element. */
function marked(excerpt) {
  const plain = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
  return excerpt.split(/<mark>(.*?)<\/mark>/s).map((text, index) => {
    if (index % 2 === 0) return plain(text);
    const mark = document.createElement("mark");
    mark.textContent = plain(text);
    return mark;
  });
}

/** An excerpt with dots where the text goes on. */
function within(nodes, content) {
  const text = nodes.map((one) => one.textContent ?? one).join("");
  const before = content.includes(text) && !content.startsWith(text) ? "… " : "";
  return [before, ...nodes, content.includes(text) && !content.endsWith(text) ? " …" : ""];
}

/** Looks for what the form says, and keeps it in the address: as a step to go back from, or in place of the last. */
function go(step) {
  clearTimeout(timer);
  const query = String(asked()), address = query ? `?${query}` : location.pathname;
  if (address !== (location.search || location.pathname)) history[step](null, "", address);
  look();
}

function restore() {
  const query = new URLSearchParams(location.search);
  form.elements.q.value = query.get("q") ?? "";
  form.elements.sort.value = query.get("sort") ? "date" : "";
  for (const name of FACETS) {
    const select = form.elements[name], value = query.get(name) ?? "";
    if (value && ![...select.options].some((one) => one.value === value)) select.add(new Option(value, value));
    select.value = value;
  }
  look();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  go("pushState");
});
form.addEventListener("change", (event) => event.target.matches("select") && go("pushState"));
form.elements.q.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(go, PAUSE, "replaceState");
});
more.addEventListener("click", async () => {
  const mine = run, next = await cards(shown);
  if (mine !== run || !next.length) return;
  list.append(...next);
  shown += next.length;
  more.hidden = shown >= results.length;
  next[0].querySelector("a").focus();
});
addEventListener("popstate", restore);
restore();

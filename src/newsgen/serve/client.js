// Keeps this page as the server shows it: swaps what can be swapped, and loads the page anew where its text changed.
// Only a visible page keeps a stream open: browsers allow six connections to a host, and tabs are many.
"use strict";
(() => {
  const { dataset: own, src: self } = document.currentScript;
  const beside = (name) => new URL(name, self).href;
  const kept = "newsgen " + location.pathname;
  let epoch = own.epoch;
  let events = null;

  const rest = () => {
    events?.close();
    events = null;
  };

  const listen = () => {
    if (events || document.hidden) return;
    const page = own.page === undefined ? "" : `?${new URLSearchParams({ page: own.page, epoch })}`;
    events = new EventSource("/__newsgen/events" + page);
    events.onmessage = (message) => {
      const news = JSON.parse(message.data);
      if (own.page === undefined ? news.epoch !== epoch : news.page) return again();
      epoch = news.epoch;
      if (news.assets) swap(new Set(news.assets));
      if (news.overlay) fetch(beside("overlay")).then((answer) => answer.text()).then(show);
    };
  };

  // ---- what changes in place ----

  const path = (url) => new URL(url, location.href).pathname;
  const renewed = (url) => {
    const at = new URL(url, location.href);
    at.searchParams.set("newsgen", epoch);
    return at.href;
  };

  const swap = (assets) => {
    if ([...document.scripts].some((script) => script.src && assets.has(path(script.src)))) return again();
    for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
      if (!assets.has(path(link.href))) continue;
      const next = link.cloneNode();
      next.href = renewed(link.href);
      next.onload = () => link.remove(); // the old one stays until then, so that nothing flashes
      link.after(next);
    }
    for (const image of document.querySelectorAll("img[src], source[srcset], img[srcset], video[poster]")) {
      for (const name of ["src", "poster"]) {
        const url = image.getAttribute(name);
        if (url && assets.has(path(url))) image.setAttribute(name, renewed(url));
      }
      const set = image.getAttribute("srcset");
      if (set) {
        const swapped = set.replace(/[^\s,]+(?=\s|,|$)/g, (url) => (assets.has(path(url)) ? renewed(url) : url));
        if (swapped !== set) image.setAttribute("srcset", swapped);
      }
    }
  };

  const show = (html) => {
    dismiss();
    document.body.insertAdjacentHTML("beforeend", html);
  };

  // ---- what a page that is loaded anew keeps: the place, the focus, what is open, what was typed ----

  const fields = () => [...document.querySelectorAll("input, textarea, select, button, a[href], summary, [tabindex]")];

  const again = () => {
    rest();
    const all = fields();
    const state = {
      x: scrollX,
      y: scrollY,
      open: [...document.querySelectorAll("details")].map((one) => one.open),
      focus: all.indexOf(document.activeElement),
      typed: all.map((one) => (one.matches("input:not([type=password]):not([type=file]), textarea") ? one.value : null)),
      checked: all.map((one) => one.checked ?? null),
    };
    try {
      sessionStorage.setItem(kept, JSON.stringify(state));
    } catch {} // a page without storage is loaded anew all the same
    location.reload();
  };

  const restore = () => {
    let state = null;
    try {
      state = JSON.parse(sessionStorage.getItem(kept));
      sessionStorage.removeItem(kept);
    } catch {}
    if (!state) return;
    document.querySelectorAll("details").forEach((one, n) => (one.open = state.open[n] ?? one.open));
    const all = fields();
    all.forEach((one, n) => {
      if (typeof state.typed[n] === "string" && "value" in one && one.value !== state.typed[n]) one.value = state.typed[n];
      if (typeof state.checked[n] === "boolean") one.checked = state.checked[n];
    });
    all[state.focus]?.focus({ preventScroll: true });
    scrollTo(state.x, state.y);
  };

  // ---- the overlay and the badge ----

  const dismiss = () => document.getElementById("newsgen-overlay")?.remove();
  const edit = (place) => fetch(beside("edit"), { method: "POST", body: place });
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);
  addEventListener("keydown", (key) => key.key === "Escape" && dismiss());
  addEventListener("click", (click) => {
    const button = click.target.closest?.("#newsgen-overlay button");
    if (button) button.dataset.place ? edit(button.dataset.place) : dismiss();
  });
  restore();
  listen();
})();

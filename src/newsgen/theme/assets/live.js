// A live blog tells its reader of new entries, and shows them when asked to. Without this script it is a plain page.
(() => {
  "use strict";
  const FIRST = 30_000, SLOWEST = 300_000; // milliseconds from one look to the next
  const blog = document.querySelector("[data-updates]");
  if (!blog) return;
  const list = blog.querySelector(".live-entries"), place = blog.querySelector(".live-new");
  const button = document.createElement("button");
  button.type = "button";
  let fresh = [], newest, wait = FIRST, timer, looking = false, ended = false;

  const got = async (address) => {
    const answer = await fetch(address, { cache: "no-cache" });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer;
  };
  const missing = (entries) => entries.map((one) => one.id).filter((id) => !document.getElementById(id));

  async function look() {
    if (looking || ended) return;
    looking = true;
    clearTimeout(timer);
    try {
      const told = await (await got(blog.dataset.updates)).json();
      const ids = missing(told.entries);
      if (ids.length > fresh.length || ids.some((id, number) => id !== fresh[number]?.id)) {
        const page = new DOMParser().parseFromString(await (await got(location.pathname)).text(), "text/html");
        fresh = ids.map((id) => page.getElementById(id)).filter((one) => one?.matches(".entry"));
        newest = page.querySelector(".live-updated");
        offer();
        wait = FIRST;
      } else wait = Math.min(wait * 1.25, SLOWEST);
      ended = !told.live;
    } catch {
      wait = Math.min(wait * 2, SLOWEST);
    }
    looking = false;
    plan();
  }

  function plan() {
    clearTimeout(timer);
    if (!document.hidden && !ended) timer = setTimeout(look, wait);
  }

  function offer() {
    if (!fresh.length) return button.remove();
    const { one, many } = blog.dataset;
    button.textContent = fresh.length === 1 ? one : many.replace("{n}", fresh.length);
    place.append(button);
  }

  button.addEventListener("click", () => {
    const shown = fresh.map((one) => document.adoptNode(one));
    fresh = [];
    offer();
    list.prepend(...shown);
    if (newest) blog.querySelector(".live-updated")?.replaceWith(newest);
    shown[0].tabIndex = -1;
    shown[0].focus();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));
  plan();
})();

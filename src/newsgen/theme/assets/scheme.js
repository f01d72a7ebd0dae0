(() => {
  "use strict";
  const KEY = "scheme", root = document.documentElement;
  const show = (scheme) => { root.style.colorScheme = scheme; };
  let chosen = "";
  try { chosen = localStorage.getItem(KEY) ?? ""; } catch {}
  show(chosen);
  addEventListener("DOMContentLoaded", () => {
    const box = document.querySelector(".scheme");
    if (!box) return;
    for (const input of box.querySelectorAll("input")) input.checked = input.value === chosen;
    box.addEventListener("change", ({ target }) => {
      show(target.value);
      try { localStorage.setItem(KEY, target.value); } catch {}
    });
    box.hidden = false;
  });
})();

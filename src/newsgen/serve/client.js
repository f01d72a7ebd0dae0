// Reloads this page when the server shows another edition than the one this page was served from.
// Only a visible page keeps a stream open: browsers allow six connections to a host, and tabs are many.
"use strict";
(() => {
  const epoch = document.currentScript.dataset.epoch;
  let events = null;

  const rest = () => {
    events?.close();
    events = null;
  };

  const listen = () => {
    if (events || document.hidden) return;
    events = new EventSource("/__newsgen/events");
    events.onmessage = (message) => {
      if (message.data === epoch) return;
      rest();
      location.reload();
    };
  };

  const dismiss = () => document.getElementById("newsgen-overlay")?.remove();
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);
  addEventListener("keydown", (key) => key.key === "Escape" && dismiss());
  addEventListener("click", (click) => click.target.closest?.("#newsgen-overlay button") && dismiss());
  listen();
})();

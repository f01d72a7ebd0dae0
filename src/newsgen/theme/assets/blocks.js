(() => {
  "use strict";
  const MAY = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms allow-presentation";

  function offer(box) {
    const { frame, load, note } = box.dataset;
    if (!frame.startsWith("https://")) return;
    const button = document.createElement("button"), told = document.createElement("small");
    button.type = "button";
    button.textContent = load;
    told.textContent = note;
    button.addEventListener("click", () => {
      const shown = document.createElement("iframe");
      Object.assign(shown, { title: box.querySelector("strong")?.textContent ?? "", loading: "lazy", referrerPolicy: "strict-origin", allow: "autoplay; fullscreen; picture-in-picture" });
      shown.setAttribute("sandbox", MAY);
      shown.src = frame;
      told.remove();
      button.replaceWith(shown);
      shown.focus();
    });
    box.firstElementChild.after(button, told);
  }

  function look() {
    for (const box of document.querySelectorAll(".box-embed[data-frame]:not([data-offered])")) {
      box.dataset.offered = "";
      offer(box);
    }
  }
  look();
  const entries = document.querySelector(".live-entries");
  if (entries) new MutationObserver(look).observe(entries, { childList: true });
})();

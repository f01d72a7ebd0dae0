// Breaking news end by themselves: before they are seen where their time is over, else when it comes. They leave their
// place empty then, for nothing moves under the reader's eyes. Stands before them and is not deferred.
(() => {
  "use strict";
  const left = Date.parse(document.currentScript.dataset.until) - Date.now();
  const end = (how) => document.documentElement.classList.add(how);
  if (left <= 0) end("breaking-over");
  else if (left < 2 ** 31) setTimeout(end, left, "breaking-ended");
})();

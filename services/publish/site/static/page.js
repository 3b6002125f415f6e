/* What a page can do where scripts run: the reader's own time beside the site's, copying a link, comments on demand.
   Nothing here is needed to read. */
"use strict";
(() => {
  const words = document.currentScript.dataset;
  const siteZone = document.documentElement.dataset.zone;
  const language = document.documentElement.lang;

  const shown = (moment, zone, date) =>
    new Intl.DateTimeFormat(language, {
      timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23",
      ...(date ? { day: "numeric", month: "short" } : {}),
    }).format(moment);

  const addLocalTime = (time) => {
    const moment = new Date(time.dateTime);
    if (shown(moment, siteZone, true) === shown(moment, undefined, true)) return;
    const sameDay = shown(moment, siteZone, true).replace(/\d\d:\d\d/, "") === shown(moment, undefined, true).replace(/\d\d:\d\d/, "");
    const local = shown(moment, undefined, !sameDay) + " " + words.yourTime;
    if (!time.hasAttribute("data-local")) {
      time.title = local;
      return;
    }
    const beside = document.createElement("span");
    beside.className = "local";
    beside.textContent = ` (${local})`;
    time.after(beside);
  };

  const copyOnClick = (button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.url);
        button.nextElementSibling.textContent = words.copied;
      } catch {
        window.prompt(button.textContent, button.dataset.url); // a page without HTTPS has no clipboard
      }
    });
  };

  const loadOnClick = (button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const script = document.createElement("script");
      script.src = button.dataset.script;
      script.async = true;
      document.getElementById("comments-here").hidden = false;
      document.head.append(script);
      button.parentElement.remove();
    });
  };

  const dress = () => {
    // A time zone that a browser does not know must not cost the rest.
    try { document.querySelectorAll('time[datetime*="T"]').forEach(addLocalTime); } catch { /* the site's time stands */ }
    document.querySelectorAll("button[data-url]").forEach(copyOnClick);
    document.querySelectorAll("button[data-script]").forEach(loadOnClick);
  };
  dress();
  document.addEventListener("shown", dress); // live.js has put new content in
})();

/* What a page can do where scripts run: the reader's own time beside the site's, copying a link, comments on demand.
   Nothing here is needed to read. */
"use strict";
(() => {
  const words = document.currentScript.dataset;
  const { lang, dataset: { zone: siteZone } } = document.documentElement;

  const read = (moment, timeZone) => {
    const form = { timeZone, year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    const parts = Object.fromEntries(new Intl.DateTimeFormat(lang, form).formatToParts(moment).map(({ type, value }) => [type, value]));
    return { day: `${parts.day} ${parts.month}`, hour: `${parts.hour}:${parts.minute}` };
  };

  const addLocalTime = (time) => {
    const moment = new Date(time.dateTime);
    const there = read(moment, siteZone), here = read(moment);
    if (there.day === here.day && there.hour === here.hour) return;
    const local = (there.day === here.day ? "" : `${here.day}, `) + `${here.hour} ${words.yourTime}`;
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
      document.getElementById("comments-here").hidden = false;
      document.head.append(script);
      button.parentElement.remove();
    });
  };

  // A language or a zone that the browser does not know must not cost the rest: the site's time stands.
  try { document.querySelectorAll('time[datetime*="T"]').forEach(addLocalTime); } catch { /* see above */ }
  document.querySelectorAll("button[data-url]").forEach(copyOnClick);
  document.querySelectorAll("button[data-script]").forEach(loadOnClick);
})();

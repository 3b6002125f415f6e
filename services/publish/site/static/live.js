/* What an open page is told: that stories are new, that its own was changed, that one is off the site.
   `data-live` says what the page shows, `data-edition` up to where it is true. Nothing here is needed to read. */
"use strict";
(() => {
  const box = document.getElementById("live");
  if (!box || !window.EventSource) return;
  const { live: shows, edition } = document.body.dataset;
  const words = box.dataset;
  const ours = shows.startsWith("story:") ? shows.slice(6) : "";
  const fresh = new Set();
  let after = edition, source, timer, button, gone = false;

  const main = (page = document) => page.querySelector("main");
  const idOf = (link) => link.pathname.match(/^\/story\/(?:.*-)?([0-9a-z]+)$/)?.[1];
  const cards = (page) => {
    const found = new Map();
    for (const link of main(page).querySelectorAll("a[href]")) {
      const card = link.closest(".body") ? null : link.closest("article:not(.story), li");
      const id = card && idOf(link);
      if (id && id !== ours) found.set(id, [...(found.get(id) ?? []), card]);
    }
    return found;
  };

  /* The bar lies over the page: nothing moves. Its button stays the same one, so that it keeps the focus. */
  const say = (text, label, act) => {
    box.className = label ? "live" : "unseen";
    if (!label) return box.replaceChildren(text);
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      box.replaceChildren(button);
    }
    if (text && !button.previousSibling) button.before(text);
    if (button.textContent !== label) button.textContent = label;
    button.onclick = act;
  };
  const hush = () => (button = box.replaceChildren());
  const sayFresh = () => {
    if (fresh.size) say("", fresh.size > 1 ? words.many.replace("{n}", fresh.size) : words.one, showNew);
  };

  /* Where the focus was in what goes, it goes to what came. */
  const swap = (old, now) => {
    const focused = old.contains(document.activeElement);
    old.replaceWith(now);
    if (focused) (now.querySelector("a, button") ?? now).focus({ preventScroll: true });
  };
  const clear = (card) => {
    const empty = card.cloneNode();
    empty.style.minHeight = `${card.offsetHeight}px`; // its place stays: what is beside it does not move
    empty.tabIndex = -1;
    empty.append(words.gone);
    swap(card, empty);
  };
  const notice = (title, text) => {
    const message = document.createElement("div");
    message.className = "message";
    message.append(document.createElement("h1"), document.createElement("p"));
    message.firstChild.append(title);
    message.lastChild.append(text);
    return message;
  };
  const cover = (title, content) => {
    document.head.querySelectorAll("meta[property], meta[name=description], [type$=json], [rel=canonical]").forEach((tag) => tag.remove());
    const now = main().cloneNode();
    now.append(content);
    document.title = title;
    swap(main(), now);
    gone = true;
    hush();
    say(title);
  };
  const show = (page, url) => {
    gone = false;
    hush();
    fresh.clear();
    document.title = page.title;
    const now = document.adoptNode(main(page));
    main().replaceWith(now);
    history.replaceState(history.state, "", url);
    now.focus({ preventScroll: true });
    scrollTo(0, 0);
    document.dispatchEvent(new Event("shown"));
  };

  const ask = async () => {
    const answer = await fetch(location.href, { cache: "no-cache", signal: AbortSignal.timeout(5000) });
    return [answer, new DOMParser().parseFromString(await answer.text(), "text/html")];
  };
  const showNew = async () => {
    try {
      const [answer, page] = await ask();
      if (answer.ok) return show(page, answer.url);
    } catch { /* the browser then says what is wrong */ }
    location.reload();
  };

  const lookAtStory = (answer, page) => {
    if ([404, 410].includes(answer.status)) return cover(page.querySelector("h1").textContent, main(page).firstElementChild);
    const [was, is] = [document, page].map((one) => one.querySelector(".story"));
    if (!answer.ok || was?.dataset.version === is?.dataset.version) return;
    const [before, now] = [document, page].map((one) => one.querySelectorAll(".correction p").length);
    hush();
    say(now > before ? words.corrected : words.updated, words.show, showNew);
  };
  const isGone = async (card) => {
    const answer = await fetch(card.querySelector("a[href*='/story/']").href, { method: "HEAD", cache: "no-cache" });
    return [404, 410].includes(answer.status);
  };
  const lookAtCards = async (page, missed) => {
    const now = cards(page);
    const was = cards(document);
    for (const [id, list] of was) {
      const others = now.get(id) ?? [];
      list.forEach((card, n) => {
        const other = others[n];
        if (other?.className === card.className && other.textContent !== card.textContent) swap(card, document.adoptNode(other));
      });
      if (missed && !others.length && (await isGone(list[0]))) list.forEach(clear);
    }
    if (missed && !ours) for (const id of now.keys()) if (!was.has(id)) fresh.add(id);
    sayFresh();
  };
  /* `missed`: what moved was not told one by one. */
  const look = async (missed) => {
    try {
      const [answer, page] = await ask();
      if (ours) lookAtStory(answer, page);
      if (answer.ok && !gone) await lookAtCards(page, missed);
    } catch { /* the page stays as it is */ }
  };
  let missedAny = false;
  const lookSoon = (within, missed = false) => {
    missedAny ||= missed;
    clearTimeout(timer);
    timer = setTimeout(() => {
      look(missedAny);
      missedAny = false;
    }, 100 + Math.random() * within); // not all readers at once
  };

  const hear = (event) => {
    after = event.lastEventId || after;
    const told = JSON.parse(event.data);
    const id = told.story_id;
    if (told.status !== "usable") {
      fresh.delete(id) && (fresh.size ? sayFresh() : hush());
      (cards(document).get(id) ?? []).forEach(clear);
      if (id === ours) cover(words[told.status], notice(words[told.status], words[`${told.status}More`]));
    } else if (id === ours) {
      lookSoon(400);
    } else if (cards(document).has(id)) {
      lookSoon(2000);
    } else if (told.is_new && !ours) {
      const lists = ["latest", `section:${told.section}`, ...told.labels.map((label) => label.join(":"))];
      if (lists.includes(shows)) fresh.add(id), sayFresh();
    }
  };

  const open = () => {
    if (document.hidden || source?.readyState < 2) return;
    source = new EventSource(`/live?after=${after}`);
    source.addEventListener("story", hear);
    source.addEventListener("reload", (event) => {
      after = event.lastEventId;
      lookSoon(ours ? 1000 : 5000, true);
    });
    // Refused: browsers do not come back by themselves.
    source.onerror = (event) => event.target.readyState === 2 && setTimeout(open, 3e4 + Math.random() * 3e4);
  };
  const close = () => source?.close();

  /* What the back button brings is what the page once was: it is not seen before it was asked for. */
  const restore = async () => {
    main().style.visibility = "hidden";
    open();
    await look(true);
    main().style.visibility = "";
  };
  addEventListener("pagehide", () => {
    close();
    main().style.visibility = "hidden";
  });
  addEventListener("pageshow", (event) => event.persisted && restore());
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") restore();
  else open();
})();

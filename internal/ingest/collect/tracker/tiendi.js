// tiendi's web tracker: see docs/collect.md. It throws nothing into the page.
((win, doc, nav) => {
  const SESSION = "tiendi.session", USER = "tiendi.user", UNSENT = "tiendi.unsent"; // in localStorage
  const IDLE = 18e5, LONGEST = 864e5; // ms, of a session
  const BATCH = 20, ROOM = 2e4, LINGER = 2e3; // events, characters (a beacon takes 64 KB), ms
  const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

  const safe = (f) => (...args) => {
    try {
      return f(...args);
    } catch (e) {
      console.warn("tiendi:", e);
    }
  };

  // Where storage is forbidden or full, the page remembers for itself.
  const memory = {};
  const get = (name) => {
    try {
      if (!(name in memory)) return localStorage.getItem(name) || "";
    } catch {}
    return memory[name] || "";
  };
  const set = (name, value) => {
    memory[name] = value;
    try {
      localStorage.setItem(name, value);
      delete memory[name];
    } catch {}
  };

  // Pages without TLS have no randomUUID.
  const uuid = () =>
    crypto.randomUUID
      ? crypto.randomUUID()
      : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
          (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

  const session = (now) => {
    let [id, start, last] = get(SESSION).split(" ");
    if (!UUID.test(id) || !(Math.abs(now - last) <= IDLE && now - start < LONGEST)) {
      id = uuid();
      start = now;
    }
    set(SESSION, [id, start, now].join(" "));
    return id;
  };

  // iPads say that they are Macs, which have no touch screens.
  const device = (agent) =>
    /iPad|Tablet|Android(?!.*Mobi)/.test(agent) || (/Macintosh/.test(agent) && nav.maxTouchPoints > 1) ? "tablet"
      : /Mobi|iPhone/.test(agent) ? "mobile" : "desktop";

  const start = (script, before) => {
    const { key, endpoint } = script.dataset;
    const url = new URL("v1/events", endpoint ? endpoint.replace(/\/*$/, "/") : script.src);
    if (key) url.searchParams.set("write_key", key);
    let page = {}, timer, sending, pause = 0, hold = 0, notBefore = 0;
    const queue = []; // events as JSON

    const add = (type, properties) => {
      const now = Date.now();
      queue.push(JSON.stringify({
        event_id: uuid(),
        event_type: "" + type,
        timestamp: new Date(now),
        session_id: session(now),
        user_id: get(USER) || undefined,
        // The collector fills in what the request says: address, system, browser.
        context: { ...page, device_type: device(nav.userAgent), os: "", browser: "" },
        properties: properties || {},
      }));
      if (queue.length >= BATCH) flush();
      else timer ||= setTimeout(flush, LINGER);
    };

    // An event is in one place at a time: queued, under way, or unsent in storage,
    // from where any page takes it.
    const unsent = () => get(UNSENT).split("\n").filter(Boolean);
    const keep = (events) => {
      const all = unsent().concat(events).slice(-100);
      while (all.join("\n").length > 65536) all.shift();
      set(UNSENT, all.join("\n"));
    };
    const take = (events) => {
      let n = 0, size = 0;
      do size += events[n++].length;
      while (n < events.length && n < BATCH && size + events[n].length <= ROOM);
      return events.splice(0, n);
    };
    const next = () => {
      const old = unsent();
      if (!old.length) return queue.length && take(queue);
      const events = take(old);
      set(UNSENT, old.join("\n"));
      return events;
    };
    // sent_at tells how wrong this clock is.
    const lines = (events) =>
      events.map((e) => `{"sent_at":${JSON.stringify(new Date())},${e.slice(1)}`).join("\n");

    const flush = safe(() => {
      clearTimeout(timer);
      timer = 0;
      if (sending) return;
      const wait = notBefore - Date.now();
      if (wait > 0) {
        keep(queue.splice(0));
        timer = setTimeout(flush, wait);
        return;
      }
      const events = next();
      if (!events) return;
      const body = lines(events);
      sending = true;
      // A string goes as text/plain, which needs no preflight.
      fetch(url, { method: "POST", body, keepalive: body.length < ROOM + 1e3, credentials: "omit", signal: AbortSignal.timeout?.(3e4) })
        .then(({ status, headers }) => {
          if (status >= 500 || status == 429 || status == 408) retry(events, headers.get("Retry-After"));
          else pause = 0; // taken, or never will be
        }, () => retry(events))
        .then(() => {
          sending = 0;
          flush();
        });
    });

    const retry = (events, after) => {
      keep(events);
      pause = Math.min(2 * pause || 1e3, 60e3);
      hold = Date.now() + Math.min(+after || 0, 3600) * 1e3;
      notBefore = Math.max(hold, Date.now() + (pause * (1 + Math.random())) / 2);
    };

    // The page may be gone after this.
    const leave = () => {
      while (queue.length) {
        const events = take(queue);
        if (Date.now() < notBefore || !nav.onLine || !nav.sendBeacon(url, lines(events))) keep(events);
      }
    };

    const view = safe((again) => {
      const here = location.href.split("#")[0].slice(0, 8192);
      if (here == page.page_url && !again) return;
      page = { page_url: here, referrer: (page.page_url || doc.referrer).slice(0, 8192), page_view_id: uuid() };
      add("page_view");
    });

    const api = {
      track: safe(add),
      page: safe((properties) => add("page_view", properties)), // more of the same page view
      identify: safe((user) => {
        if (UUID.test(user)) set(USER, user);
        else console.warn("tiendi: a user's id is a UUID, and this is none:", user);
      }),
      reset: safe(() => [USER, SESSION].map((name) => set(name, ""))),
      push: (...calls) => calls.map(safe(([name, ...args]) => api[name](...args))),
    };

    for (const name of ["pushState", "replaceState"]) {
      const original = history[name];
      history[name] = (...args) => {
        original.apply(history, args);
        view();
      };
    }
    const on = (target, name, f) => target.addEventListener(name, safe(f));
    on(win, "popstate", () => view());
    on(win, "pageshow", (e) => e.persisted && view(true));
    on(win, "pagehide", leave);
    on(doc, "visibilitychange", () => doc.hidden && leave());
    on(win, "online", () => {
      notBefore = hold;
      flush();
    });

    // Who it is was said before the page was seen, all else after.
    const who = (call) => call?.[0] == "identify";
    api.push(...before.filter(who));
    view();
    api.push(...before.filter((call) => !who(call)));
    return api;
  };

  safe(() => {
    const script = doc.currentScript || doc.querySelector("script[data-key]");
    if (win.tiendi?.track) return; // it is there already
    const none = { track() {}, page() {}, identify() {}, reset() {}, push() {} };
    const refused = "respectDnt" in script.dataset && (nav.doNotTrack == 1 || nav.globalPrivacyControl);
    const begin = () => (win.tiendi = (!refused && safe(start)(script, win.tiendi || [])) || none);
    // A page made in advance is not seen yet.
    if (doc.prerendering) doc.addEventListener("prerenderingchange", begin, { once: true });
    else begin();
  })();
})(window, document, navigator);

import * as api from "./api.js";
import { h } from "./dom.js";
import { formatter } from "./format.js";
import * as panels from "./panels.js";
import * as reading from "./reports.js";
import { say as inLanguage } from "./words.js";

// What the reader has chosen stays in the address, but for language and theme, which are his.
const chosen = { range: "d30", compare: "previous_period", shown: "gmv", peers: "all", ...Object.fromEntries(new URLSearchParams(location.search)) };
const own = (key, otherwise) => localStorage.getItem("tiendi." + key) ?? otherwise;
let language = own("language", navigator.language.startsWith("en") ? "en" : "es");
let me, linked = [], running = new AbortController();

const main = document.getElementById("main"), tools = document.getElementById("tools"), views = document.getElementById("views");
const say = (key) => inLanguage(language, key);
const iso = (date) => date.toISOString().slice(0, 10);
const shift = (day, by) => iso(new Date(Date.parse(day + "T00:00:00Z") + by * 86400000));

function theme(set) {
  const dark = set ?? own("theme", matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  document.documentElement.dataset.theme = dark;
  reading.paint();
  if (set) localStorage.setItem("tiendi.theme", set);
}

function choose(change) {
  Object.assign(chosen, change);
  history.replaceState(null, "", "?" + new URLSearchParams(Object.entries(chosen).filter(([, v]) => v)));
  draw();
}

// period is the chosen days: end is not included.
function period() {
  if (chosen.range === "own" && chosen.from && chosen.to) return { start: chosen.from, end: shift(chosen.to, 1) };
  const end = shift(me.last_day, 1);
  return { start: shift(end, -Number(chosen.range.slice(1)) || -30), end };
}

function signIn(problem) {
  tools.replaceChildren();
  views.replaceChildren();
  main.setAttribute("aria-busy", "false");
  const field = h("textarea", { id: "token", required: "", autocomplete: "off", spellcheck: "false" });
  main.replaceChildren(h("form", { class: "signin", onsubmit: (e) => { e.preventDefault(); api.signIn(field.value); start(); } },
    h("label", { for: "token" }, say("tokenIs")), field, problem ? h("p", { class: "wrong", role: "alert" }, say("refused") + ": " + problem) : null, h("button", { class: "main" }, say("signIn"))));
  field.focus();
}

const options = (list, current) => list.map(([value, text]) => h("option", { value, selected: value === (current ?? "") ? "" : undefined }, text));

// views are what there is to look at: figures, reports, and other tools' dashboards by name.
const viewOf = () => (chosen.view === "reports" && me.reports) || linked.includes(chosen.view) ? chosen.view : "";

function drawViews() {
  const all = [["", say("figures")], ...(me.reports ? [["reports", say("reports")]] : []), ...linked.map((name) => [name, name])];
  views.setAttribute("aria-label", say("sections"));
  views.replaceChildren(...(all.length < 2 ? [] : all.map(([view, text], i) =>
    h("button", { id: "view-" + i, "aria-current": view === viewOf() ? "page" : undefined, onclick: () => choose({ view }) }, text))));
}

function drawTools() {
  const figures = !viewOf();
  const select = (key, label, list, current = chosen[key]) => h("label", {}, say(label), h("select", { id: "choose-" + key, onchange: (e) => choose({ [key]: e.target.value }) }, options(list, current)));
  const { start, end } = period(), day = (key, value) => h("label", {}, say(key), h("input", { id: "choose-" + key, type: "date", value, onchange: (e) => e.target.value && choose({ range: "own", from: start, to: shift(end, -1), [key]: e.target.value }) }));
  const stores = me.stores.map((s) => [s.id, s.name]);
  tools.replaceChildren(
    ...((me.platform || stores.length > 1) && !linked.includes(viewOf()) ? [select("store", "store", [["", me.platform ? say("platform") : stores.map((s) => s[1]).join(", ").slice(0, 40)], ...stores])] : []),
    ...(figures ? [select("range", "range", [["d7", say("d7")], ["d30", say("d30")], ["d90", say("d90")], ["d365", say("d365")], ["own", say("own")]])] : []),
    ...(figures && chosen.range === "own" ? [day("from", start), day("to", shift(end, -1))] : []),
    ...(figures ? [select("compare", "compare", [["previous_period", say("previous_period")], ["previous_year", say("previous_year")], ["none", say("none")]])] : []),
    h("button", { id: "choose-theme", onclick: () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"), title: say("theme"), "aria-label": say("theme") }, "◐"),
    h("button", { id: "choose-language", onclick: () => { language = language === "es" ? "en" : "es"; localStorage.setItem("tiendi.language", language); draw(); } }, say("language")),
    h("button", { onclick: () => print() }, say("print")),
    h("button", { onclick: () => { running.abort(); api.signOut(); signIn(); } }, say("out")));
}

// draw asks all panels' questions at once, and shows each when its answer is there.
function draw() {
  running.abort();
  running = new AbortController();
  const held = document.activeElement?.id;
  // What had the focus before it was drawn anew has it again.
  const refocus = () => held && document.activeElement === document.body && document.getElementById(held)?.focus();
  const { signal } = running, { start, end } = period(), store = chosen.store;
  document.documentElement.lang = language;
  document.querySelector(".skip").textContent = say("skip");
  document.querySelector(".skip").href = "#main";
  document.getElementById("title").textContent = store || !me.platform ? (me.stores.find((s) => s.id === store) ?? me.stores[0])?.name ?? "tiendi" : say("platform");
  drawViews();
  drawTools();
  refocus();
  const p = {
    say, choose, show: formatter(language, me.currency), platform: me.platform && !store, shown: chosen.shown, compare: chosen.compare === "none" ? "" : chosen.compare,
    days: (Date.parse(end) - Date.parse(start)) / 86400000, yearBefore: shift(end, -365), nothing: () => h("p", { class: "nothing" }, say("nothing")),
    start, end, shift, peers: chosen.peers, store, own: store || (me.platform ? "" : me.stores[0]?.id), language, report: chosen.report, linked: chosen.view, read: (path) => api.read(path, signal), text: (path) => api.text(path, signal),
    query: (question) => api.query({ start, end, stores: store, ...question }, signal),
  };
  const waiting = [];
  const panel = (name, size) => {
    const place = h(name === "cards" ? "div" : "section", { class: name === "cards" ? "cards" : size, id: name });
    const fill = () => (panels[name] ?? reading[name])(p).then((content) => ((name === "cards" ? place.replaceWith(content) : place.replaceChildren(...content)), refocus()), (problem) => {
      if (signal.aborted) return;
      if (problem.status === 401) return signIn(problem.message);
      place.replaceChildren(h("p", { class: "wrong", role: "alert" }, say("failed") + ": " + problem.message), h("button", { onclick: fill }, say("again")));
    });
    waiting.push(fill());
    return place;
  };
  main.setAttribute("aria-busy", "true");
  main.replaceChildren(...viewOf() ? [panel(viewOf() === "reports" ? "reports" : "linked")] : [panel("cards"), ...(me.live ? [livePanel(p, store, signal)] : []), panel("series", "wide"), panel("funnel", "third"),
    ...(me.anomalies ? [panel("unusual", "")] : []), ...(p.platform ? [panel("stores", "half")] : []), panel("products", "half"), panel("categories", "half"), panel("sources", "half"), panel("cohorts", p.platform ? "" : "half"), ...(store || (!me.platform && me.stores.length === 1) ? [panel("benchmark", "")] : [])]);
  Promise.all(waiting).then(() => !signal.aborted && (main.setAttribute("aria-busy", "false"), announce(say("loaded"))));
}

function announce(text) {
  const line = document.getElementById("say");
  line.textContent = text;
  setTimeout(() => (line.textContent = ""), 2500);
}

function livePanel(p, store, signal) {
  const shown = h("div"), minutes = h("details", {}, h("summary", {}, say("table"))), place = h("section", { id: "live" }, shown, minutes);
  (async () => {
    for await (const event of api.follow(store, signal)) {
      const there = event.name === "figures";
      shown.replaceChildren(...(there ? panels.now(p, event.data) : [h("p", { class: "nothing" }, h("span", { class: "dot", "aria-hidden": "true" }), say("away"))]));
      minutes.querySelector("table")?.remove(); // the rest stays, and with it the focus
      minutes.append(...(there ? [panels.byMinute(p, event.data)] : []));
    }
  })();
  return place;
}

async function start() {
  theme();
  if (!api.token()) return signIn();
  try {
    me = await api.read("v1/me");
    linked = me.platform ? (await api.read("v1/dashboards")).dashboards.map((d) => d.name) : [];
  } catch (problem) {
    return signIn(problem.message);
  }
  draw();
}

addEventListener("hashchange", () => location.hash.startsWith("#token=") && start());
start();

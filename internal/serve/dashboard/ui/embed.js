// Draws the one chart of the token in the address. It keeps nothing, and asks for nothing
// else: that token opens nothing else.
import { lines, track } from "./charts.js";
import { h, table } from "./dom.js";
import { formatter } from "./format.js";
import { say as inLanguage } from "./words.js";

const root = document.documentElement, main = document.getElementById("main");
const say = (key) => inLanguage(root.lang, key), show = formatter(root.lang, root.dataset.currency);
root.dataset.theme ||= matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";

const named = (c) => say(c.metric ?? c.name.split("__").pop());
const written = (v, c) => (c.kind === "time" ? show.day(v, c.grain) : c.kind === "metric" ? show.value(v, c.unit) : v || "–");

function drawn({ columns, rows }) {
  const time = columns.findIndex((c) => c.kind === "time"), metrics = columns.map((c, i) => [c, i]).filter(([c]) => c.kind === "metric");
  const heads = columns.map((c) => ({ name: named(c), number: c.kind === "metric" })), cells = rows.map((r) => r.map((v, i) => written(v, columns[i])));
  if (!rows.length) return [h("p", { class: "nothing" }, say("nothing"))];
  if (columns.length === metrics.length) {
    return [h("ul", { class: "cards" }, metrics.map(([c, i]) => h("li", {}, h("div", { class: "name" }, named(c)), h("div", { class: "value" }, cells[0][i]))))];
  }
  if (time === 0 && columns.length === 1 + metrics.length) {
    const chart = ([c, i]) => lines(rows.map((r, at) => ({ label: cells[at][0], value: r[i] })), named(c), {
      value: (v) => show.value(v, c.unit), axis: (v) => (c.unit === "rate" ? show.value(v, c.unit) : show.compact(v)),
    });
    return [...metrics.flatMap((m) => [h("h2", {}, named(m[0])), chart(m)]), h("details", {}, h("summary", {}, say("table")), table(heads, cells))];
  }
  const [, first] = metrics[0], most = Math.max(...rows.map((r) => Number(r[first])), 0) || 1;
  return [table([...heads, { name: "" }], cells.map((r, i) => [...r, track(rows[i][first] / most)]))];
}

async function start() {
  let content;
  try {
    const token = new URLSearchParams(location.search).get("token");
    const reply = await fetch("v1/embed", { headers: { Authorization: "Bearer " + token } });
    const answer = await reply.json();
    if (!reply.ok) throw new Error(answer.detail);
    content = drawn(answer);
  } catch (problem) {
    content = [h("p", { class: "wrong", role: "alert" }, say("failed") + ": " + problem.message)];
  }
  const title = document.title ? h("h1", {}, document.title) : null;
  main.replaceChildren(h("section", { id: "chart" }, title, content));
  main.setAttribute("aria-busy", "false");
  // The page around it may fit its frame to that; no other page can be there.
  if (parent !== window) parent.postMessage({ tiendi: { height: document.getElementById("chart").scrollHeight } }, "*");
}

start();

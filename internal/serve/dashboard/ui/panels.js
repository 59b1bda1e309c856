import { bars, heat, lines, track } from "./charts.js";
import { h, table } from "./dom.js";

// Each panel asks one question and draws its answer. p has the period, store, query, words
// and formats of the page.

const vendorCards = ["gmv", "orders", "aov", "units_sold", "sessions", "conversion_rate", "new_customers", "returning_customers", "bounce_rate", "cart_abandonment_rate"];
const platformCards = ["gmv", "orders", "aov", "active_stores", "commissions", "take_rate", "active_users", "new_stores", "new_users", "conversion_rate", "payment_success_rate", "uptime"];
const worseWhenMore = new Set(["bounce_rate", "cart_abandonment_rate", "api_latency_p95_ms"]);

export async function cards(p) {
  const metrics = p.platform ? platformCards : vendorCards;
  const { rows: [row = {}], units } = await p.query({ metrics, compare: p.compare });
  return h("ul", { class: "cards" }, metrics.map((m) => {
    const change = row[m + "__change"], better = change === null || change === undefined || Math.abs(change) < 0.0005 ? "" : Number(change) > 0 !== worseWhenMore.has(m) ? "up" : "down";
    const arrow = { up: "▲ ", down: "▼ " }[Number(change) > 0 ? "up" : "down"];
    return h("li", {}, h("div", { class: "name" }, p.say(m)), h("div", { class: "value" }, p.show.value(row[m], units[m])),
      p.compare ? h("div", { class: "change " + better }, change === null || change === undefined ? p.say("noPrevious") : (better ? arrow : "") + p.show.change(change, units[m]) + " · " + p.show.value(row[m + "__previous"], units[m])) : null);
  }));
}

export async function series(p) {
  const grain = p.days > 400 ? "month" : p.days > 92 ? "week" : "day", time = "metric_time__" + grain;
  const of = (metric) => h("option", { value: metric, selected: metric === p.shown ? "" : undefined }, p.say(metric));
  const { rows, units } = await p.query({ metrics: p.shown, group_by: time, order_by: time, compare: p.compare });
  const points = rows.map((r) => ({ label: p.show.day(r[time], grain), value: r[p.shown], before: p.compare ? r[p.shown + "__previous"] : undefined }));
  const unit = units[p.shown], show = { value: (v) => p.show.value(v, unit), axis: (v) => (unit === "rate" ? p.show.value(v, unit) : p.show.compact(v)) };
  const choice = h("label", {}, h("select", { onchange: (e) => p.choose({ shown: e.target.value }), "aria-label": p.say("series"), id: "choose-shown" }, ["gmv", "orders", "sessions", "conversion_rate", "new_customers"].map(of)));
  return [h("h2", {}, p.say("series"), choice), rows.length ? lines(points, p.say("series") + ": " + p.say(p.shown), show) : p.nothing(),
    data(p, [{ name: p.say("date") }, { name: p.say(p.shown), number: true }, ...(p.compare ? [{ name: p.say("before"), number: true }] : [])],
      points.map((q) => [q.label, show.value(q.value), ...(p.compare ? [show.value(q.before)] : [])]))];
}

const data = (p, heads, rows) => h("details", {}, h("summary", {}, p.say("table")), table(heads, rows));

export async function funnel(p) {
  const { rows } = await p.query({ metrics: "funnel", group_by: ["funnel__step_number", "funnel__step"], order_by: "funnel__step_number" });
  const first = Number(rows[0]?.funnel ?? 0);
  return [h("h2", {}, p.say("funnel")), first ? h("ol", { class: "steps" }, rows.map((r) => h("li", {},
    h("div", {}, h("span", {}, p.say(r.funnel__step)), h("span", {}, p.show.value(r.funnel) + " · " + p.show.value(r.funnel / first, "rate"))), track(r.funnel / first)))) : p.nothing()];
}

const ranking = (title, dimension, metric, columns, more) => async (p) => {
  const { rows, units } = await p.query({ metrics: columns, group_by: [...more, dimension], order_by: "-" + metric, limit: 10 });
  const shown = rows.filter((r) => Number(r[metric]) > 0), most = Number(shown[0]?.[metric] ?? 1);
  return [h("h2", {}, p.say(title)), shown.length ? table([{ name: p.say("name") }, ...columns.map((c) => ({ name: p.say(c), number: true })), { name: "" }],
    shown.map((r) => [r[dimension] || "–", ...columns.map((c) => p.show.value(r[c], units[c])), track(r[metric] / most)])) : p.nothing()];
};

export const products = ranking("products", "product__name", "gmv", ["gmv", "units_sold"], ["product"]);
export const categories = ranking("categories", "product__category", "gmv", ["gmv", "units_sold"], []);
export const sources = ranking("sources", "session__traffic_source", "sessions", ["sessions", "conversion_rate"], []);
export const stores = ranking("stores", "store__name", "gmv", ["gmv", "orders"], ["store"]);

// What there is a chart of, by the metric that an alert is about.
const charted = { gmv: "gmv", orders: "orders", sessions: "sessions", store_visits: "sessions", conversion_rate: "conversion_rate" };
const listedDays = 8;

// unusual lists the period's days that were not as expected, each with its place in the chart.
export async function unusual(p) {
  const answer = await p.read("v1/anomalies?" + new URLSearchParams({ start: p.start, end: p.end, limit: 500, ...(p.store ? { store: p.store } : {}) }));
  const { searched } = answer, last = p.shift(searched.end, -1), news = answer.alerts.filter((a) => !a.repeated); // a deviation that goes on is told once
  const look = (a) => {
    document.getElementById("choose-shown")?.focus(); // has it again when the chart is drawn
    const to = p.shift(a.date, 7);
    p.choose({ range: "own", from: p.shift(a.since, -21), to: to > last ? last : to, ...(charted[a.metric] ? { shown: charted[a.metric] } : {}), ...(a.store_id ? { store: a.store_id } : {}) });
  };
  const small = (text) => h("small", {}, text), date = (a) => p.show.day(a.date);
  const row = (a, i) => [
    [h("button", { class: "link", id: "unusual-" + i, "aria-label": [date(a), p.say(a.metric), a.store, p.say("inChart")].filter(Boolean).join(", "), onclick: () => look(a) }, date(a)), a.since < a.date ? small(p.say("since") + " " + p.show.day(a.since)) : null],
    [p.say(a.metric), p.platform ? small(a.store ?? p.say("platform")) : null],
    p.show.value(a.value, a.unit), [p.show.value(a.expected, a.unit), small(p.show.value(a.low, a.unit) + " – " + p.show.value(a.high, a.unit))],
    h("span", { class: "change " + (a.good ? "up" : "down") }, a.change === null ? "–" : (a.change > 0 ? "▲ " : "▼ ") + p.show.change(a.change, a.unit)),
  ];
  const outside = p.start >= searched.end || p.end <= searched.start;
  const nothing = outside ? p.say("onlyLast") + " " + p.show.day(searched.start) + " – " + p.show.day(last)
    : answer.tested ? p.say("allExpected") : p.say("tooFewDays");
  return [h("h2", {}, p.say("unusual"), outside ? null : small(p.show.day(p.start > searched.start ? p.start : searched.start) + " – " + p.show.day(p.end < searched.end ? p.shift(p.end, -1) : last))),
    news.length ? table([{ name: p.say("date") }, { name: p.say("figure") }, { name: p.say("seen"), number: true }, { name: p.say("expected"), number: true }, { name: p.say("change"), number: true }], news.slice(0, listedDays).map(row)) : h("p", { class: "nothing" }, nothing),
    news.length > listedDays ? h("p", { class: "nothing" }, p.say("more") + " " + p.show.value(news.length - listedDays)) : null].filter(Boolean);
}

// benchmark says how the store stands among others in the last month that is over.
export async function benchmark(p) {
  const answer = await p.read("v1/benchmark?" + new URLSearchParams({ peers: p.peers, ...(p.store ? { store: p.store } : {}) }));
  const choice = h("label", {}, h("select", { onchange: (e) => p.choose({ peers: e.target.value }), "aria-label": p.say("peers"), id: "choose-peers" },
    ["all", "category", "size"].map((v) => h("option", { value: v, selected: v === p.peers ? "" : undefined }, p.say("peers_" + v)))));
  const told = answer.figures.filter((f) => f.stores > 0);
  const show = (f, v) => p.show.value(v, f.unit), range = (f) => (f.lower === null || f.upper === null ? "–" : show(f, f.lower) + " – " + show(f, f.upper));
  const heads = [{ name: p.say("name") }, { name: p.say("own_store"), number: true }, { name: p.say("median"), number: true }, { name: p.say("middle_half"), number: true }, { name: p.say("above"), number: true }, { name: "" }];
  return [h("h2", {}, h("span", {}, p.say("benchmark"), " ", h("small", {}, p.show.day(answer.month + "-01", "month"))), choice),
    told.length ? h("div", { class: "heat", tabindex: "0", role: "region", "aria-label": p.say("benchmark") }, table(heads, told.map((f) => [p.say(f.metric), show(f, f.own), show(f, f.median), range(f), f.percentile === null ? "–" : f.percentile + " %", track((f.percentile ?? 0) / 100)]))) : h("p", { class: "nothing" }, p.say("fewPeers")),
    told.length ? h("p", { class: "nothing" }, p.say("benchmarkNote") + " " + Math.min(...told.map((f) => f.stores)) + "+") : null].filter(Boolean);
}

// cohorts looks at the year up to the period's end: a cohort of yesterday says nothing.
export async function cohorts(p) {
  const { rows } = await p.query({ metrics: "retention_rate", group_by: ["metric_time__month", "cohort__months_since_first"], order_by: ["metric_time__month", "cohort__months_since_first"], start: p.yearBefore, limit: 1000 });
  const months = new Map();
  for (const r of rows) {
    if (!months.has(r.metric_time__month)) months.set(r.metric_time__month, {});
    if (r.cohort__months_since_first <= 11) months.get(r.metric_time__month)[r.cohort__months_since_first] = r.retention_rate;
  }
  const list = [...months].filter(([, values]) => values[0] !== null && values[0] !== undefined).map(([month, values]) => ({ name: p.show.day(month, "month"), values }));
  const wide = Math.max(...list.map((m) => Math.max(...Object.keys(m.values).map(Number))), 0);
  return [h("h2", {}, p.say("cohorts")), list.length ? heat(list, Array.from({ length: wide + 1 }, (_, i) => i), p.say("month"), (v) => p.show.value(v, "rate")) : p.nothing()];
}

// now draws one snapshot of what happens; the page calls it for each that comes.
export function now(p, figures) {
  const figure = (name, value) => h("div", {}, h("b", {}, value), h("span", {}, name));
  const of = (key, unit) => figure(p.say(key) + " " + p.say("today"), p.show.value(figures.today[key], unit));
  return [h("h2", {}, h("span", {}, h("span", { class: "dot on", "aria-hidden": "true" }), p.say("live")), h("small", {}, figures.day)),
    h("div", { class: "live" }, figure(p.say("sessionsNow"), p.show.value(figures.sessions)), figure(p.say("visitorsToday"), p.show.value(figures.visitors)), of("views"), of("carts"), of("purchases"), of("live_revenue", "money")),
    figures.minutes.some((m) => m.views) ? h("div", { class: "pulse" }, bars(figures.minutes.map((m) => m.views), p.say("minutes"))) : null].filter(Boolean);
}

// byMinute is the pulse as a table, the latest minute first.
export const byMinute = (p, figures) => table([{ name: p.say("date") }, { name: p.say("views"), number: true }],
  figures.minutes.toReversed().map((m) => [p.show.time(m.start), p.show.value(m.views)]));

import { h } from "./dom.js";

const width = 720, height = 240, left = 52, bottom = 24, top = 10;

// scale is a function to pixels, and where its lines are: round numbers, five at most.
function scale(values) {
  const most = Math.max(...values, 0), rough = most / 4 || 1, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const end = Math.max(step, Math.ceil(most / step) * step);
  return { at: (v) => height - bottom - (v / end) * (height - bottom - top), marks: Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step) };
}

// lines draws a series, and beside it the one that it is compared with.
export function lines(points, label, show) {
  const now = points.map((p) => Number(p.value ?? 0)), before = points.map((p) => (p.before === undefined || p.before === null ? null : Number(p.before)));
  const { at, marks } = scale([...now, ...before.filter((v) => v !== null)]);
  const gap = (width - left - 8) / Math.max(1, points.length - 1), x = (i) => left + (points.length === 1 ? (width - left) / 2 : i * gap);
  const path = (list) => list.map((v, i) => (v === null ? "" : `${i === 0 || list[i - 1] === null ? "M" : "L"}${x(i).toFixed(1)} ${at(v).toFixed(1)}`)).join("");
  const each = Math.ceil(points.length / 7);
  return h("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    marks.map((m) => [h("line", { class: "axis", x1: left, x2: width, y1: at(m), y2: at(m) }), h("text", { x: left - 8, y: at(m) + 4, "text-anchor": "end" }, show.axis(m))]),
    points.map((p, i) => (i % each ? null : h("text", { x: x(i), y: height - 6, "text-anchor": i === 0 ? "start" : "middle" }, p.label))),
    before.some((v) => v !== null) ? h("path", { class: "line before", d: path(before) }) : null,
    h("path", { class: "area", d: `${path(now)}L${x(points.length - 1)} ${at(0)}L${x(0)} ${at(0)}Z` }), h("path", { class: "line", d: path(now) }),
    points.map((p, i) => h("rect", { class: "hit", x: x(i) - gap / 2, y: top, width: gap, height: height - bottom - top }, h("title", {}, `${p.label}: ${show.value(p.value)}`))));
}

// bars draws a small row of them, without axes.
export function bars(values, label) {
  const most = Math.max(...values, 1), w = width / values.length;
  return h("svg", { viewBox: `0 0 ${width} 60`, role: "img", "aria-label": label, preserveAspectRatio: "none" },
    values.map((v, i) => h("rect", { class: "bar", x: i * w + 1, width: w - 2, y: 60 - (v / most) * 58, height: (v / most) * 58 })));
}

// track is a bar of a share, beside its number.
export function track(share) {
  const inner = h("i", {});
  inner.style.width = Math.max(0, Math.min(1, share)) * 100 + "%";
  return h("div", { class: "track", "aria-hidden": "true" }, inner);
}

// heat is a table of shares by row and column, darker the more.
export function heat(rows, columns, corner, show) {
  const cell = (v) => {
    const e = h("td", { class: "cell" }, v === undefined || v === null ? "" : show(v));
    if (v !== undefined && v !== null) e.style.background = `rgb(var(--heat) / ${(0.06 + 0.75 * Math.sqrt(v)).toFixed(2)})`;
    return e;
  };
  return h("div", { class: "heat", tabindex: "0", role: "region", "aria-label": corner }, h("table", {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, corner), columns.map((c) => h("th", { scope: "col", class: "n" }, "+" + c)))),
    h("tbody", {}, rows.map((r) => h("tr", {}, h("th", { scope: "row" }, r.name), columns.map((c) => cell(r.values[c])))))));
}

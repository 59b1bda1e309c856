// Elements from values: text is always text, so that no store's name is ever markup.
const svgNames = new Set(["svg", "path", "line", "rect", "text", "g", "title", "polyline"]);

export function h(name, attributes = {}, ...children) {
  const e = svgNames.has(name) && attributes.html !== true ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) e.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false && key !== "html") e.setAttribute(key, value === true ? "" : value);
  }
  e.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined));
  return e;
}

// table has a head and rows of cells; numbers are those columns that say so.
export function table(heads, rows, caption) {
  const cell = (kind, c, i) => { const tag = kind === "th" && c === "" ? "td" : kind; return h(tag, { class: heads[i].number ? "n" : undefined, ...(tag === "th" ? { scope: "col" } : {}) }, c); };
  return h("table", {}, caption ? h("caption", {}, caption) : null,
    h("thead", {}, h("tr", {}, heads.map((c, i) => cell("th", c.name, i)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((c, i) => cell("td", c, i))))));
}

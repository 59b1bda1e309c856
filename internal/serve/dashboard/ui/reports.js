import { h } from "./dom.js";

// What is read besides figures: the reports of `tiendi report`, and another tool's dashboards.

const kinds = ["daily", "weekly", "funnel", "cohorts"];

// parameters of a request for reports.
const about = (p, more = {}) => "?" + new URLSearchParams({ language: p.language, ...(p.own ? { store: p.own } : {}), ...more });

// reports lists what can be read, and shows the chosen one, or the newest.
export async function reports(p) {
  const { reports: list } = await p.read("v1/reports" + about(p));
  if (!list.length) return [h("h2", {}, p.say("reports")), h("p", { class: "nothing" }, p.say("noReports"))];
  const key = (r) => r.report + " " + r.date, shown = list.find((r) => key(r) === p.report) ?? list[0];
  const groups = kinds.filter((kind) => list.some((r) => r.report === kind)).map((kind) => h("optgroup", { label: p.say("report_" + kind) },
    list.filter((r) => r.report === kind).map((r) => h("option", { value: key(r), selected: r === shown ? "" : undefined }, r.title))));
  const choice = h("label", {}, h("select", { id: "choose-report", "aria-label": p.say("reports"), onchange: (e) => p.choose({ report: e.target.value }) }, groups));
  const markup = await p.text("v1/reports/" + shown.report + about(p, { date: shown.date }));
  return [h("h2", {}, p.say("reports"), choice), sheet(markup, shown.title)];
}

// sheet is a frame with the report's page in it. The frame runs nothing, whatever the page has.
function sheet(markup, title) {
  const frame = h("iframe", { src: "report.html", title, sandbox: "allow-same-origin", class: "sheet" });
  frame.addEventListener("load", () => {
    const inside = frame.contentDocument;
    inside.open();
    inside.write(markup);
    inside.close();
    themed = [...inside.styleSheets].flatMap((s) => [...s.cssRules]).filter((r) => r.selectorText === ":root" || r.conditionText?.includes("color-scheme"));
    paint();
    const fit = () => { frame.style.height = "0"; frame.style.height = inside.documentElement.scrollHeight + "px"; };
    let wide = 0; // the height follows from the width alone
    new ResizeObserver(() => wide !== frame.clientWidth && (wide = frame.clientWidth, fit())).observe(frame.parentElement);
  }, { once: true });
  return frame;
}

// themed are the rules of the report that is shown by which it follows the screen's theme.
let themed = [];

// paint has the report follow the dashboard's theme, which the reader may have changed.
export function paint() {
  const dark = document.documentElement.dataset.theme === "dark";
  for (const rule of themed) {
    if (rule.media) rule.media.mediaText = dark ? "all" : "not all";
    else rule.style.colorScheme = dark ? "dark" : "light";
  }
}

// linked shows a dashboard of another tool, by a link that was signed for now.
export async function linked(p) {
  const { dashboards } = await p.read("v1/dashboards"), shown = dashboards.find((d) => d.name === p.linked);
  if (!shown) return [h("p", { class: "nothing" }, p.say("noDashboard"))];
  const theme = document.documentElement.dataset.theme === "dark" ? "&theme=night" : "";
  return [h("iframe", { src: shown.url + "#bordered=false&titled=true" + theme, title: shown.name, class: "linked" })];
}

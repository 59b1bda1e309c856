// Figures as people read them. What is rounded here is rounded nowhere else.
export function formatter(language, currency) {
  const locale = language === "es" ? "es-ES" : "en-US";
  const of = (options) => new Intl.NumberFormat(locale, options);
  const number = of({ maximumFractionDigits: 1, useGrouping: "always" }), compact = of({ notation: "compact", maximumFractionDigits: 1 });
  const percent = of({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const signed = of({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" });
  const money = of({ style: "currency", currency, useGrouping: "always" });
  const value = (v, unit) => {
    if (v === null || v === undefined || v === "") return "–";
    if (unit === "money") return money.format(v); // Intl takes decimal text without losing digits
    if (unit === "rate") return percent.format(v);
    if (unit === "ms") return number.format(v) + " ms";
    if (unit === "seconds") return number.format(v) + " s";
    return number.format(v);
  };
  const day = (text, grain) => {
    const d = new Date(text + "T00:00:00Z");
    if (Number.isNaN(d.getTime())) return text;
    const parts = grain === "month" ? { month: "short", year: "numeric" } : grain === "year" ? { year: "numeric" } : { day: "numeric", month: "short" };
    return new Intl.DateTimeFormat(locale, { ...parts, timeZone: "UTC" }).format(d);
  };
  const time = (text) => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(new Date(text));
  const points = of({ minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" });
  // A rate's change is a difference of rates: percentage points.
  const change = (v, unit) => (unit === "rate" ? points.format(v * 100) + " pp" : signed.format(v));
  return { value, compact: (v) => compact.format(v), change, day, time };
}

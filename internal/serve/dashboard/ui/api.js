// Asks the API with the token of this tab. A shop's own login may hand one over in the
// address's fragment, which no server sees: #token=…
const kept = "tiendi.token";

export function token() {
  const handed = new URLSearchParams(location.hash.slice(1)).get("token");
  if (handed) {
    sessionStorage.setItem(kept, handed);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(kept);
}

export const signIn = (text) => sessionStorage.setItem(kept, text.trim());
export const signOut = () => sessionStorage.removeItem(kept);

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function get(path, signal) {
  const reply = await fetch(path, { headers: { Authorization: "Bearer " + token() }, signal });
  if (reply.ok) return reply;
  const problem = await reply.json().catch(() => ({}));
  throw new Refused(reply.status, problem.detail ?? reply.statusText);
}

export const read = async (path, signal) => (await get(path, signal)).json();
export const text = async (path, signal) => (await get(path, signal)).text();

// query gives the rows of a question as objects, and the units of their columns.
export async function query(question, signal) {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(question)) {
    if (value !== undefined && value !== "" && value !== null) parameters.set(name, Array.isArray(value) ? value.join(",") : value);
  }
  const answer = await read("v1/query?" + parameters, signal);
  const rows = answer.rows.map((row) => Object.fromEntries(row.map((v, i) => [answer.columns[i].name, v])));
  return { rows, units: Object.fromEntries(answer.columns.map((c) => [c.name, c.unit])) };
}

// follow gives each event of the live stream, until the signal. It comes back by itself.
export async function* follow(store, signal) {
  while (!signal.aborted) {
    try {
      const reply = await get("v1/live/stream" + (store ? "?store=" + encodeURIComponent(store) : ""), signal);
      const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const events = (text + value).split("\n\n");
        text = events.pop();
        for (const event of events) {
          const name = /^event: (.*)$/m.exec(event)?.[1], data = /^data: (.*)$/m.exec(event)?.[1];
          if (name) yield { name, data: JSON.parse(data) };
        }
      }
    } catch (problem) {
      if (signal.aborted || (problem instanceof Refused && problem.status < 500 && problem.status !== 429)) return;
      yield { name: "away", data: {} };
    }
    await new Promise((resume) => setTimeout(resume, 3000));
  }
}

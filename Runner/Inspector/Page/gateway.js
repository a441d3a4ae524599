/** What the gateway is asked. The token shows that it is this page that asks. */
const gateway = {
  async ask(path, options = {}) {
    const token = document.querySelector("meta[name=runner-token]").content;
    const answer = await fetch(`/_runner/${path}`, { ...options, headers: { "X-Runner-Token": token, "Content-Type": "application/json" } });
    if (answer.ok) return answer;
    const error = await answer.json().catch(() => ({}));
    throw new Error(error.error?.message ?? `The gateway answered ${answer.status}`);
  },
  list: async (after) => (await gateway.ask(`invocations?after=${after}`)).json(),
  detail: async (number, secrets) => (await gateway.ask(`invocations/${number}${secrets ? "?secrets=1" : ""}`)).json(),
  command: async (number, kind, secrets) => (await gateway.ask(`invocations/${number}/${kind}${secrets ? "?secrets=1" : ""}`)).text(),
  replay: async (number) => (await gateway.ask(`invocations/${number}/replay`, { method: "POST", body: "{}" })).json(),
  send: async (number, envelope) => (await gateway.ask(`invocations/${number}/send`, { method: "POST", body: envelope })).json(),
  clear: () => gateway.ask("clear", { method: "POST", body: "{}" }),

  /** Follows the gateway for as long as the page is open; the browser connects again by itself. */
  follow({ onNews, onState, onChange }) {
    const source = new EventSource("/_runner/events");
    source.addEventListener("open", () => onChange(true));
    source.addEventListener("error", () => onChange(false));
    source.addEventListener("invocations", (event) => onNews(JSON.parse(event.data).invocations));
    source.addEventListener("state", (event) => onState(JSON.parse(event.data)));
  },
};

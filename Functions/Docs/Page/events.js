/** Reads Server-Sent Events (the HTML standard, section 9.2) as they arrive. */
async function* serverEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    for (const block of blocks) {
      const event = { type: "message", data: [] };
      for (const line of block.split(/\r?\n/)) {
        if (line.startsWith("event:")) event.type = line.slice(6).trim();
        if (line.startsWith("data:")) event.data.push(line.slice(5).replace(/^ /, ""));
      }
      yield { type: event.type, data: event.data.join("\n") };
    }
  }
}

const parsed = (text) => {
  try { return JSON.parse(text); } catch { return undefined; }
};

/** Shows a stream: the text as it arrives, its sources, and the events below them. */
async function showStream(response, place) {
  const words = make("div", { class: "words", "aria-label": "The answer so far", "aria-busy": "true" });
  const sources = make("p", { class: "sources" });
  const log = make("code");
  const block = codeBlock("Events", "");
  block.querySelector("pre").replaceChildren(log);
  const all = [];
  block.querySelector(".copy").replaceWith(make("button", { type: "button", class: "copy small", onclick: (event) => copy(all.join("\n"), event.target) }, "Copy"));
  place.append(words, sources, block);
  for await (const event of serverEvents(response.body)) {
    const data = parsed(event.data);
    if (event.type === "delta") words.append(data?.content ?? "");
    if (event.type === "sources") sources.append(...(data?.sources ?? []).map((each) => `[${each.number}] ${each.documentName}  `));
    if (event.type === "error") place.append(make("p", { class: "notice problem" }, data?.error?.message ?? event.data));
    all.push(`event: ${event.type}`, `data: ${event.data}`, "");
    log.append(make("span", { class: "w" }, `event: ${event.type}\n`), `data: ${event.data}\n\n`);
    log.parentElement.scrollTop = log.parentElement.scrollHeight;
  }
  words.setAttribute("aria-busy", "false");
  seenIds.learn(all.join("\n"));
}

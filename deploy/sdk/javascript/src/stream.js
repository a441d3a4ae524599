import { APIConnectionError, errorOf } from "./errors.js";

/**
 * A streamed answer: Server-Sent Events (the HTML standard, section 9.2) as objects with a `type`. Iterate over it
 * once. Leaving early closes the connection and stops the generation.
 */
export class ChatStream {
  #answer;

  constructor(answer) {
    this.#answer = answer;
    this.requestId = answer.requestId;
  }

  async *[Symbol.asyncIterator]() {
    try {
      for await (const { name, data } of messages(this.#answer.chunks())) {
        const event = eventOf(name, data, this.requestId);
        if (event) yield event;
        if (event?.type === "error") throw event.error;
        if (event?.type === "done") return;
      }
    } finally {
      this.close();
    }
    throw new APIConnectionError("The answer broke off before its end", { code: "CONNECTION_ERROR" });
  }

  /** Only the text. Rejects if the answer fails. */
  async *text() {
    for await (const event of this) if (event.type === "delta") yield event.content;
  }

  close() {
    this.#answer.close();
  }
}

/** Undefined for an event that this version does not know. */
function eventOf(name, text, requestId) {
  if (!["start", "sources", "delta", "done", "error"].includes(name)) return undefined;
  let data;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new APIConnectionError("An event of the answer cannot be read", { code: "UNEXPECTED_ANSWER", cause });
  }
  if (name === "error") {
    return { type: name, error: errorOf(undefined, data?.error ? data : { error: data }, { requestId }) };
  }
  if (name === "sources" && Array.isArray(data)) return { type: name, sources: data };
  return { ...data, type: name };
}

/** The name and data of each complete event. */
async function* messages(chunks) {
  let name = "message";
  let data = [];
  for await (const line of lines(chunks)) {
    if (line === "") {
      if (data.length) yield { name, data: data.join("\n") };
      name = "message";
      data = [];
      continue;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
  }
}

/** Lines that end in LF, CR LF or CR; a character may be split between chunks, and so may CR LF. */
async function* lines(chunks) {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    const held = rest.endsWith("\r") ? "\r" : "";
    const ready = rest.slice(0, rest.length - held.length).split(/\r\n|\n|\r/);
    rest = ready.pop() + held;
    yield* ready;
  }
  if (rest.endsWith("\r")) yield rest.slice(0, -1);
}

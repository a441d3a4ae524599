import { APIConnectionError, APITimeoutError } from "./errors.js";

/**
 * What can end one attempt: the caller's signal, a timeout, and the client itself. `wait` starts the timer again, and
 * `rest` stops it, because a caller may take its time before it reads on.
 */
export class Lifeline {
  #controller = new AbortController();
  #outer;
  #timeout;
  #timer;
  #isOver = false;
  #stop = () => this.cut(this.#outer.reason);

  /** @param timeout milliseconds that each wait may take; 0 or undefined for no limit */
  constructor(outer, timeout) {
    this.#outer = outer;
    this.#timeout = timeout;
    if (outer?.aborted) this.cut(outer.reason);
    else outer?.addEventListener("abort", this.#stop, { once: true });
    this.wait();
  }

  get signal() {
    return this.#controller.signal;
  }

  wait() {
    this.rest();
    if (!this.#timeout || this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.cut(new APITimeoutError("The server took longer than the timeout", { code: "TIMEOUT" }));
    }, this.#timeout);
  }

  rest() {
    clearTimeout(this.#timer);
  }

  /** Closes the connection. */
  cut(reason) {
    this.end();
    this.#controller.abort(reason);
  }

  /** The attempt succeeded: from now on nothing can end it. */
  end() {
    this.#isOver = true;
    this.rest();
    this.#outer?.removeEventListener("abort", this.#stop);
  }

  /** What to throw for an error of `fetch` or of a read: the reason why the attempt was ended, if it was. */
  explain(error) {
    if (this.signal.aborted) return this.signal.reason;
    return new APIConnectionError(`No whole answer came: ${error?.cause?.message ?? error?.message ?? error}`, {
      code: "CONNECTION_ERROR", cause: error,
    });
  }
}

/** A response whose body may not have arrived yet. */
export class Answer {
  #response;
  #lifeline;

  constructor(response, lifeline) {
    this.#response = response;
    this.#lifeline = lifeline;
  }

  get status() {
    return this.#response.status;
  }

  get headers() {
    return this.#response.headers;
  }

  get requestId() {
    return this.headers.get("x-request-id") ?? undefined;
  }

  /** The body as it arrives. Leaving early closes the connection. */
  async *chunks() {
    const reader = this.#response.body?.getReader();
    let isWhole = !reader;
    try {
      while (!isWhole) {
        this.#lifeline.wait();
        const { done, value } = await reader.read().catch((error) => {
          throw this.#lifeline.explain(error);
        });
        this.#lifeline.rest();
        isWhole = done;
        if (!done) yield value;
      }
    } finally {
      if (isWhole) this.#lifeline.end();
      else this.close();
    }
  }

  async bytes() {
    const parts = [];
    for await (const chunk of this.chunks()) parts.push(chunk);
    return joined(parts);
  }

  /** The body as JSON; undefined if it is not JSON. */
  async json() {
    try {
      return JSON.parse(new TextDecoder().decode(await this.bytes()));
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  close() {
    this.#lifeline.cut(new APIConnectionError("The answer was closed", { code: "CLOSED" }));
  }
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

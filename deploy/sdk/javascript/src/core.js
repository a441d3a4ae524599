import { AINexLayerError, AuthenticationError, errorOf, unexpectedAnswer } from "./errors.js";
import { Answer, Lifeline } from "./lifeline.js";
import { Pager } from "./pager.js";
import { isNode, randomName } from "./platform.js";
import { orAbort, pause, retryAfterOf, retryDelay } from "./retry.js";
import { VERSION } from "./version.js";

const BASE_PATH = "/api/v1";

/**
 * What every request needs: credentials, retries, and answers.
 *
 * A call is `{ method, path, query, json, form, headers, authenticated = true, repeatable = true }`;
 * `repeatable` says whether the client may repeat it if the outcome is unknown.
 */
export class Core {
  #root;
  #settings;

  /** @param settings `baseUrl, session, retry, timeout, headers, fetch` */
  constructor(settings) {
    const url = new URL(settings.baseUrl);
    if (!["http:", "https:"].includes(url.protocol)) throw new TypeError("baseUrl must begin with http:// or https://");
    this.#root = url.origin + (url.pathname.replace(/\/+$/, "") || BASE_PATH);
    this.#settings = settings;
  }

  get session() {
    return this.#settings.session;
  }

  /** Repeats the request until it succeeds, or fails in a way that a retry does not change. */
  async send(call, options = {}) {
    const { authenticated = true, repeatable = true } = call;
    const policy = { ...this.#settings.retry };
    if (options.maxRetries !== undefined) policy.maxRetries = options.maxRetries;
    const headers = await this.#headers(call, options);
    let renewed = false;
    for (let attempt = 0; ; ) {
      options.signal?.throwIfAborted();
      const bearer = authenticated ? await orAbort(this.session.bearer(), options.signal) : undefined;
      if (bearer) headers.set("Authorization", `Bearer ${bearer}`);
      try {
        return await this.#attempt(call, headers, options);
      } catch (error) {
        // A body that can be read only once has been read.
        if (!(error instanceof AINexLayerError) || call.form?.isSpent) throw error;
        if (error instanceof AuthenticationError && error.code === "TOKEN_EXPIRED" && authenticated && !renewed) {
          renewed = true;
          if (await orAbort(this.session.renew(bearer), options.signal)) continue;
        }
        const delay = retryDelay(policy, error, attempt, repeatable);
        if (delay === undefined) throw error;
        attempt += 1;
        await pause(delay, options.signal);
      }
    }
  }

  async #attempt(call, headers, options) {
    const lifeline = new Lifeline(options.signal, this.#timeout(call, options));
    const init = {
      method: call.method, headers, signal: lifeline.signal, redirect: call.redirect ?? "manual", credentials: "omit",
      ...(call.json === undefined ? {} : { body: JSON.stringify(call.json) }),
      ...(call.form ? call.form.init(() => lifeline.wait()) : {}),
    };
    let response;
    try {
      response = await this.#settings.fetch(this.#url(call), init);
    } catch (error) {
      lifeline.end();
      throw lifeline.explain(error);
    }
    lifeline.rest();
    const answer = new Answer(response, lifeline);
    if (response.status >= 200 && response.status < 300) return answer;
    throw errorOf(response.status, await answer.json(), {
      requestId: answer.requestId, retryAfter: retryAfterOf(response.headers),
    });
  }

  /** If the progress of a form is not visible, the client's timeout would end slow uploads. */
  #timeout(call, options) {
    if (options.timeout !== undefined) return options.timeout;
    return call.form && !call.form.tellsProgress ? 0 : this.#settings.timeout;
  }

  #url(call) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(call.query ?? {})) {
      if (value !== undefined && value !== null) query.set(name, String(value));
    }
    const text = query.toString();
    return this.#root + call.path + (text ? `?${text}` : "");
  }

  async #headers(call, options) {
    const headers = new Headers({ Accept: "application/json", ...(isNode ? { "User-Agent": `ainexlayer-js/${VERSION}` } : {}) });
    for (const more of [this.#settings.headers, call.headers, options.headers]) {
      for (const [name, value] of Object.entries(more ?? {})) headers.set(name, value);
    }
    if (call.json !== undefined) headers.set("Content-Type", "application/json");
    for (const [name, value] of Object.entries(call.form?.headers ?? {})) headers.set(name, value);
    if (options.idempotencyKey !== undefined) headers.set("Idempotency-Key", options.idempotencyKey);
    else if (call.method === "POST" && (call.repeatable ?? true)) headers.set("Idempotency-Key", await randomName());
    if (options.ifMatch !== undefined) headers.set("If-Match", tagOf(options.ifMatch));
    if (options.ifNoneMatch !== undefined) headers.set("If-None-Match", tagOf(options.ifNoneMatch));
    return headers;
  }

  /** The whole JSON of the answer. */
  async envelope(call, options) {
    return envelopeOf(await this.send(call, options));
  }

  /** The answer's `data`, which knows its entity tag (not enumerable, so that it is not sent back). */
  async model(call, options) {
    const answer = await this.send(call, options);
    const { data } = await envelopeOf(answer);
    if (typeof data !== "object" || data === null) throw unexpectedAnswer("The answer brings nothing");
    return note(data, answer);
  }

  /** The message of an answer without data. */
  async acknowledged(call, options) {
    const envelope = await this.envelope(call, options);
    return { message: envelope.message, raw: envelope.data ?? {} };
  }

  pager(path, { page: first, ...query } = {}, options = {}) {
    return new Pager(async (number) => {
      const envelope = await this.envelope({ method: "GET", path, query: { ...query, page: number } }, options);
      const items = envelope.data ?? [];
      const about = envelope.pagination ?? {};
      return {
        items, page: about.page ?? number, limit: about.limit ?? items.length, total: about.total ?? items.length,
        totalPages: about.totalPages ?? 1, hasNext: Boolean(about.hasNext), hasPrev: Boolean(about.hasPrev),
      };
    }, first);
  }
}

async function envelopeOf(answer) {
  const parsed = await answer.json();
  if (typeof parsed === "object" && parsed !== null) return parsed;
  throw unexpectedAnswer("The answer is not the JSON of this API; is baseUrl right?", {
    status: answer.status, requestId: answer.requestId,
  });
}

function note(data, answer) {
  return Object.defineProperties(data, {
    etag: { value: answer.headers.get("etag") ?? undefined, enumerable: false },
    requestId: { value: answer.requestId, enumerable: false },
  });
}

/** `("workspaces", id)` to `/workspaces/…`. Throws for an empty or invalid identifier. */
export function pathOf(...parts) {
  return parts.map((part) => {
    if (typeof part !== "string" || ["", ".", ".."].includes(part)) throw new TypeError("An identifier is missing");
    return `/${encodeURIComponent(part)}`;
  }).join("");
}

/** Throws for a resource without a tag, which could not guard anything. */
function tagOf(match) {
  const tag = typeof match === "string" ? match : match?.etag;
  if (!tag) throw new TypeError("This object has no entity tag; read it with get() first");
  return tag;
}

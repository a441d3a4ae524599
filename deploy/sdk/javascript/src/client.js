import { Core, pathOf } from "./core.js";
import { environment } from "./platform.js";
import { resourcesOf } from "./resources.js";
import { DEFAULT_RETRY } from "./retry.js";
import { MemoryTokenStore, Session } from "./session.js";

export const DEFAULT_BASE_URL = "http://localhost:3001";
const TIMEOUT = 60_000;

/** A client for one installation; see types/index.d.ts for its settings. */
export class AINexLayer {
  #core;
  #session;

  constructor({ baseUrl, apiKey, tokenStore, timeout = TIMEOUT, retry, headers, fetch } = {}) {
    this.baseUrl = baseUrl ?? environment("AINEXLAYER_BASE_URL") ?? DEFAULT_BASE_URL;
    // A store means a login, so a key in the environment must not override it.
    const key = apiKey ?? (tokenStore ? undefined : environment("AINEXLAYER_API_KEY"));
    this.#session = new Session(key, tokenStore ?? new MemoryTokenStore(), (token) => this.#refresh(token));
    this.#core = new Core({
      baseUrl: this.baseUrl, session: this.#session, timeout, headers, retry: { ...DEFAULT_RETRY, ...retry },
      // NB: browsers require `fetch` to be called on the window.
      fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)),
    });
    Object.assign(this, resourcesOf(this.#core));
  }

  /** The session's tokens, or undefined if nobody is logged in. */
  tokens() {
    return this.#session.tokens();
  }

  /**
   * Calls an endpoint that this version does not know, with the usual credentials, retries and errors. `path` follows
   * `/api/v1` and begins with a slash.
   */
  request(method, path, { query, json } = {}, options = {}) {
    return this.#core.envelope({ method, path, query, json }, options);
  }

  /**
   * NB: never repeated if its answer is lost. The server repeats the answer only for half a minute and treats a later
   * use as theft. The client keeps its tokens, so a caller that tries again soon gets the answer.
   */
  #refresh(refreshToken) {
    return this.#core.model({
      method: "POST", path: pathOf("auth", "refresh"), json: { refreshToken }, authenticated: false, repeatable: false,
    });
  }
}

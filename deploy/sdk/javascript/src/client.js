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
    // Who brings a store wants a login; a key of the environment must not get in its way.
    const key = apiKey ?? (tokenStore ? undefined : environment("AINEXLAYER_API_KEY"));
    this.#session = new Session(key, tokenStore ?? new MemoryTokenStore(), (token) => this.#refresh(token));
    this.#core = new Core({
      baseUrl: this.baseUrl, session: this.#session, timeout, headers, retry: { ...DEFAULT_RETRY, ...retry },
      // NB: browsers refuse a `fetch` that is called on another object than the window.
      fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)),
    });
    Object.assign(this, resourcesOf(this.#core));
  }

  /** The session's tokens; undefined when nobody is logged in. */
  tokens() {
    return this.#session.tokens();
  }

  /**
   * Calls an endpoint that this version does not know, with all that the others get: credentials,
   * retries and errors. `path` comes behind `/api/v1` and begins with a slash.
   */
  request(method, path, { query, json } = {}, options = {}) {
    return this.#core.envelope({ method, path, query, json }, options);
  }

  /**
   * NB: not sent a second time by itself when its answer is lost: the server gives the same answer again for half a
   * minute only, and takes a later use for theft. The tokens are kept, so that whoever asks again soon gets it.
   */
  #refresh(refreshToken) {
    return this.#core.model({
      method: "POST", path: pathOf("auth", "refresh"), json: { refreshToken }, authenticated: false, repeatable: false,
    });
  }
}

import { AuthenticationError } from "./errors.js";

/** How many milliseconds before its expiry a token is renewed, but at most a tenth of its lifetime. */
const EARLY = 30_000;

/** Keeps the tokens in memory. */
export class MemoryTokenStore {
  #tokens;

  constructor(tokens) {
    this.#tokens = tokens;
  }

  load() {
    return this.#tokens;
  }

  save(tokens) {
    this.#tokens = tokens;
  }
}

/** The tokens in the answer to a login, with the time until which the client uses the access token. */
export function tokensOf(signedIn) {
  const lifetime = signedIn.expiresIn * 1000;
  return {
    accessToken: signedIn.token,
    refreshToken: signedIn.refreshToken,
    expiresAt: Date.now() + lifetime - Math.min(EARLY, lifetime * 0.1),
  };
}

/** Gives each request its bearer token. If several requests need new tokens, one refresh serves all. */
export class Session {
  #apiKey;
  #store;
  #refresh;
  #tokens;
  #renewal;

  constructor(apiKey, store, refresh) {
    this.#apiKey = apiKey;
    this.#store = store;
    this.#refresh = refresh;
  }

  async tokens() {
    this.#tokens ??= (await this.#store.load()) ?? undefined;
    return this.#tokens;
  }

  async set(tokens) {
    this.#tokens = tokens;
    await this.#store.save(tokens);
  }

  /** The token for the next request, renewed if it is about to expire. Undefined if there is none. */
  async bearer() {
    if (this.#apiKey) return this.#apiKey;
    const tokens = await this.tokens();
    if (tokens && tokens.expiresAt <= Date.now()) await this.renew(tokens.accessToken);
    return this.#tokens?.accessToken;
  }

  /**
   * Gets new tokens to replace `used`, unless another call or process already has. Resolves to whether the tokens
   * changed, and rejects if the refresh fails.
   */
  async renew(used) {
    if (this.#apiKey) return false;
    if (this.#tokens && this.#tokens.accessToken !== used) return true;
    // NB: one promise for all callers during a refresh. It must not end if one of them is aborted.
    this.#renewal ??= this.#renewOnce(used).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewOnce(used) {
    const tokens = (await this.#store.load()) ?? this.#tokens;
    if (!tokens) return false;
    if (tokens.accessToken !== used && tokens.expiresAt > Date.now()) {
      // Another process that shares the store was faster.
      this.#tokens = tokens;
      return true;
    }
    try {
      await this.set(tokensOf(await this.#refresh(tokens.refreshToken)));
    } catch (error) {
      if (error instanceof AuthenticationError) await this.set(undefined);
      throw error;
    }
    return true;
  }
}

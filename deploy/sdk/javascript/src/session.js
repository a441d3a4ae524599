import { AuthenticationError } from "./errors.js";

/** Milliseconds before its end at which a token is renewed; at most a tenth of its life. */
const EARLY = 30_000;

/** Keeps the tokens for as long as the object lives. */
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

/** The tokens of an answer to a login, with the time until which the access token is used. */
export function tokensOf(signedIn) {
  const lifetime = signedIn.expiresIn * 1000;
  return {
    accessToken: signedIn.token,
    refreshToken: signedIn.refreshToken,
    expiresAt: Date.now() + lifetime - Math.min(EARLY, lifetime * 0.1),
  };
}

/** Gives each request its bearer token. Many may ask at once; there is one refresh for all. */
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

  /** The token for the next request, renewed when it is about to end; undefined for nobody. */
  async bearer() {
    if (this.#apiKey) return this.#apiKey;
    const tokens = await this.tokens();
    if (tokens && tokens.expiresAt <= Date.now()) await this.renew(tokens.accessToken);
    return this.#tokens?.accessToken;
  }

  /**
   * Gets new tokens in place of `used`, unless somebody has already. Says whether there are others
   * now; rejects with what the refresh rejected with.
   */
  async renew(used) {
    if (this.#apiKey) return false;
    if (this.#tokens && this.#tokens.accessToken !== used) return true;
    // NB: one promise for all who ask meanwhile. It must not end when one of them loses patience.
    this.#renewal ??= this.#renewOnce(used).finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  async #renewOnce(used) {
    const tokens = (await this.#store.load()) ?? this.#tokens;
    if (!tokens) return false;
    if (tokens.accessToken !== used && tokens.expiresAt > Date.now()) {
      // Another process, with which the store is shared, was faster.
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

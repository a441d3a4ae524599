import { pathOf } from "../core.js";
import { AINexLayerError, AuthenticationError } from "../errors.js";
import { tokensOf } from "../session.js";

/** Registering and logging in. Both leave the client logged in. */
export class Auth {
  #core;

  constructor(core) {
    this.#core = core;
  }

  register({ email, password, name }, options) {
    return this.#signIn("register", { email, password, name }, options);
  }

  login({ email, password }, options) {
    return this.#signIn("login", { email, password }, options);
  }

  /** Renews the tokens now; otherwise that happens by itself when it is time. */
  async refresh() {
    const tokens = await this.#core.session.tokens();
    if (!tokens) throw new AINexLayerError("Nobody is logged in", { code: "NOT_LOGGED_IN" });
    await this.#core.session.renew(tokens.accessToken);
    return this.#core.session.tokens();
  }

  async logout(options) {
    const call = { method: "POST", path: pathOf("auth", "logout") };
    const done = await this.#core.acknowledged(call, options).catch((error) => {
      // Also after a repetition: the first request ended the session, and its answer was lost.
      if (error instanceof AuthenticationError) return { message: "The session had ended", raw: {} };
      throw error;
    });
    await this.#core.session.set(undefined);
    return done;
  }

  async #signIn(how, json, options) {
    const call = { method: "POST", path: pathOf("auth", how), json, authenticated: false };
    const signedIn = await this.#core.model(call, options);
    await this.#core.session.set(tokensOf(signedIn));
    return signedIn;
  }
}

/** The own account, and for administrators and managers those of others. */
export class Users {
  #core;

  constructor(core) {
    this.#core = core;
  }

  me(options) {
    return this.#core.model({ method: "GET", path: pathOf("users", "me") }, options);
  }

  updateMe(changes, options) {
    return this.#core.model({ method: "PUT", path: pathOf("users", "me"), json: changes }, options);
  }

  list(query, options) {
    return this.#core.pager(pathOf("users"), query, options);
  }

  create(user, options) {
    return this.#core.model({ method: "POST", path: pathOf("users"), json: user }, options);
  }

  get(userId, options) {
    return this.#core.model({ method: "GET", path: pathOf("users", userId) }, options);
  }

  update(userId, changes, options) {
    return this.#core.model({ method: "PUT", path: pathOf("users", userId), json: changes }, options);
  }

  delete(userId, options) {
    return this.#core.acknowledged({ method: "DELETE", path: pathOf("users", userId) }, options);
  }
}

/** Keys for programs. Managing them takes a login; a key cannot make keys. */
export class APIKeys {
  #core;

  constructor(core) {
    this.#core = core;
  }

  create(key, options) {
    return this.#core.model({ method: "POST", path: pathOf("api-keys"), json: key }, options);
  }

  list(query, options) {
    return this.#core.pager(pathOf("api-keys"), query, options);
  }

  delete(keyId, options) {
    return this.#core.acknowledged({ method: "DELETE", path: pathOf("api-keys", keyId) }, options);
  }
}

import { pathOf } from "../core.js";
import { unexpectedAnswer } from "../errors.js";

/** The installation itself. */
export class System {
  #core;

  constructor(core) {
    this.#core = core;
  }

  /** Rejects with `ServiceUnavailableError` when it does not work; `details` say what. */
  health(options) {
    return this.#core.model({ method: "GET", path: pathOf("health"), authenticated: false }, options);
  }

  info(options) {
    return this.#core.model({ method: "GET", path: pathOf("system", "info") }, options);
  }

  /** The contract as an OpenAPI document. */
  async openapi(options) {
    const answer = await this.#core.send({ method: "GET", path: pathOf("openapi.json"), authenticated: false }, options);
    const document = await answer.json();
    if (document === undefined) throw unexpectedAnswer("The OpenAPI document is not JSON", { status: answer.status });
    return document;
  }

  /** The page to read and try the contract, as HTML. */
  async docs(options) {
    const call = { method: "GET", path: pathOf("docs"), headers: { Accept: "text/html" }, authenticated: false };
    return new TextDecoder().decode(await (await this.#core.send(call, options)).bytes());
  }
}

import { pathOf } from "../core.js";
import { ChatStream } from "../stream.js";

/** Questions to the assistant of a workspace, which answers from its documents and cites them. */
export class Chat {
  #core;

  constructor(core) {
    this.#core = core;
  }

  /** Asks, and waits for the whole answer. */
  send(workspaceId, message, settings = {}, options = {}) {
    const path = pathOf("workspaces", workspaceId, "chat");
    return this.#core.model({ method: "POST", path, json: { ...settings, message } }, options);
  }

  /**
   * Asks, and gives the answer as it is written. A question that was sent is never sent again by
   * itself, because a stream cannot be replayed: only a server that declines at once (429, 503) is
   * asked a second time.
   */
  async stream(workspaceId, message, settings = {}, options = {}) {
    const answer = await this.#core.send({
      method: "POST", path: pathOf("workspaces", workspaceId, "chat"), json: { ...settings, message, stream: true },
      headers: { Accept: "text/event-stream" }, repeatable: false,
    }, options);
    return new ChatStream(answer);
  }
}

/** The caller's conversations in a workspace. */
export class Conversations {
  #core;

  constructor(core) {
    this.#core = core;
  }

  list(workspaceId, query, options) {
    return this.#core.pager(pathFor(workspaceId), query, options);
  }

  get(workspaceId, conversationId, options) {
    return this.#core.model({ method: "GET", path: pathFor(workspaceId, conversationId) }, options);
  }

  update(workspaceId, conversationId, changes, options) {
    return this.#core.model({ method: "PUT", path: pathFor(workspaceId, conversationId), json: changes }, options);
  }

  delete(workspaceId, conversationId, options) {
    return this.#core.acknowledged({ method: "DELETE", path: pathFor(workspaceId, conversationId) }, options);
  }

  messages(workspaceId, conversationId, query, options) {
    return this.#core.pager(pathFor(workspaceId, conversationId, "messages"), query, options);
  }
}

function pathFor(workspaceId, ...rest) {
  return pathOf("workspaces", workspaceId, "conversations", ...rest);
}

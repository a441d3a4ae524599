import { pathOf } from "../core.js";

/** Places for documents and the conversations about them. */
export class Workspaces {
  #core;

  constructor(core) {
    this.#core = core;
  }

  list(query, options) {
    return this.#core.pager(pathOf("workspaces"), query, options);
  }

  create(workspace, options) {
    return this.#core.model({ method: "POST", path: pathOf("workspaces"), json: workspace }, options);
  }

  get(workspaceId, options) {
    return this.#core.model({ method: "GET", path: pathOf("workspaces", workspaceId) }, options);
  }

  update(workspaceId, changes, options) {
    return this.#core.model({ method: "PUT", path: pathOf("workspaces", workspaceId), json: changes }, options);
  }

  delete(workspaceId, options) {
    return this.#core.acknowledged({ method: "DELETE", path: pathOf("workspaces", workspaceId) }, options);
  }
}

/** Who takes part in a workspace, as `owner`, `editor` or `viewer`. */
export class Members {
  #core;

  constructor(core) {
    this.#core = core;
  }

  list(workspaceId, query, options) {
    return this.#core.pager(pathOf("workspaces", workspaceId, "members"), query, options);
  }

  add(workspaceId, member, options) {
    const path = pathOf("workspaces", workspaceId, "members");
    return this.#core.model({ method: "POST", path, json: member }, options);
  }

  remove(workspaceId, userId, options) {
    const path = pathOf("workspaces", workspaceId, "members", userId);
    return this.#core.acknowledged({ method: "DELETE", path }, options);
  }
}

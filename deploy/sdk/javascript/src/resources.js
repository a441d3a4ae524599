// Made from openapi.json by deploy/scripts/generate_sdks.py: `make build` keeps it current.
// What is written by hand is in custom.js.

import { pathOf } from "./core.js";
import * as custom from "./custom.js";

/** Registering and logging in. Both leave the client logged in. */
export class Auth {
  #core;

  constructor(core) {
    this.#core = core;
  }

  register(...given) {
    return custom.auth.register(this.#core, ...given);
  }

  login(...given) {
    return custom.auth.login(this.#core, ...given);
  }

  refresh(...given) {
    return custom.auth.refresh(this.#core, ...given);
  }

  logout(...given) {
    return custom.auth.logout(this.#core, ...given);
  }
}

/** Your own account and, for administrators and managers, the accounts of others. */
export class Users {
  #core;

  constructor(core) {
    this.#core = core;
  }

  /** List accounts. Needs the role `manager`. An API key needs the scope `admin`. */
  list(query, options) {
    return this.#core.pager(pathOf("users"), query, options);
  }

  /** Create an account for someone. Needs the role `manager`. An API key needs the scope `admin`. */
  create(user, options) {
    return this.#core.model({ method: "POST", path: pathOf("users"), json: user }, options);
  }

  /** Show an account. Needs the role `manager`. An API key needs the scope `admin`. */
  get(userId, options) {
    return this.#core.model({ method: "GET", path: pathOf("users", userId) }, options);
  }

  /**
   * Change an account. The status `suspended` ends the account's sessions and keys at once. Needs the role `manager`.
   * An API key needs the scope `admin`.
   */
  update(userId, changes, options) {
    return this.#core.model({ method: "PUT", path: pathOf("users", userId), json: changes }, options);
  }

  /** Delete an account. Needs the role `manager`. An API key needs the scope `admin`. */
  delete(userId, options) {
    return this.#core.acknowledged({ method: "DELETE", path: pathOf("users", userId) }, options);
  }

  /** Show your account. An API key needs the scope `read`. */
  me(options) {
    return this.#core.model({ method: "GET", path: pathOf("users", "me") }, options);
  }

  /**
   * Change your account. A new `password` needs `currentPassword` and ends your other sessions. A request with
   * `currentPassword` or `email` also counts as an attempt to log in. Needs a login: an API key cannot do this.
   */
  updateMe(changes, options) {
    return this.#core.model({ method: "PUT", path: pathOf("users", "me"), json: changes }, options);
  }
}

/** Keys for programs. You need a login to manage them: a key cannot create keys. */
export class APIKeys {
  #core;

  constructor(core) {
    this.#core = core;
  }

  /** List your API keys. An API key needs the scope `read`. */
  list(query, options) {
    return this.#core.pager(pathOf("api-keys"), query, options);
  }

  /**
   * Create an API key. The answer is the only one that contains the `key`. Needs a login: an API key cannot do this.
   */
  create(key, options) {
    return this.#core.model({ method: "POST", path: pathOf("api-keys"), json: key }, options);
  }

  /** Revoke an API key. It stops working at once. Needs a login: an API key cannot do this. */
  delete(keyId, options) {
    return this.#core.acknowledged({ method: "DELETE", path: pathOf("api-keys", keyId) }, options);
  }
}

/** Places for documents and the conversations about them. */
export class Workspaces {
  #core;

  constructor(core) {
    this.#core = core;
  }

  /** List workspaces. An API key needs the scope `read`. */
  list(query, options) {
    return this.#core.pager(pathOf("workspaces"), query, options);
  }

  /** Create a workspace. An API key needs the scope `write`. */
  create(workspace, options) {
    return this.#core.model({ method: "POST", path: pathOf("workspaces"), json: workspace }, options);
  }

  /** Show a workspace. Needs the role `viewer` in the workspace. An API key needs the scope `read`. */
  get(workspaceId, options) {
    return this.#core.model({ method: "GET", path: pathOf("workspaces", workspaceId) }, options);
  }

  /** Change a workspace. Needs the role `editor` in the workspace. An API key needs the scope `write`. */
  update(workspaceId, changes, options) {
    return this.#core.model({ method: "PUT", path: pathOf("workspaces", workspaceId), json: changes }, options);
  }

  /**
   * Delete a workspace. Its documents, conversations and files are deleted with it. Needs the role `owner` in the
   * workspace. An API key needs the scope `write`.
   */
  delete(workspaceId, options) {
    return this.#core.acknowledged({ method: "DELETE", path: pathOf("workspaces", workspaceId) }, options);
  }

  /**
   * Search several workspaces. Like the search in one workspace. A workspace that does not exist, or that you may not
   * read, is a 404. Each workspace's results are scored by its own statistics. Administrators may read all
   * workspaces. If the search takes too long, the newest workspaces have been searched. An API key needs the scope
   * `read`.
   */
  search(query, settings = {}, options) {
    return this.#core.model({ method: "POST", path: pathOf("search"), json: { ...settings, query } }, options);
  }
}

/** The members of a workspace: `owner`, `editor` or `viewer`. */
export class Members {
  #core;

  constructor(core) {
    this.#core = core;
  }

  /**
   * List members. In the order in which they joined. Owners also see invitations, with the status `pending`. Needs
   * the role `viewer` in the workspace. An API key needs the scope `read`.
   */
  list(workspaceId, query, options) {
    return this.#core.pager(pathOf("workspaces", workspaceId, "members"), query, options);
  }

  /**
   * Add a member. With a `userId`, the account becomes a member at once. With an `email`, you send an invitation. The
   * answer is the same whether or not an account has this address. Its owner becomes a member at the next request, or
   * by creating an account within two weeks. Needs the role `owner` in the workspace. An API key needs the scope
   * `admin`.
   */
  add(workspaceId, member, options) {
    const path = pathOf("workspaces", workspaceId, "members");
    return this.#core.model({ method: "POST", path, json: member }, options);
  }

  /**
   * Remove a member, or leave. The last owner cannot leave. Needs the role `viewer` in the workspace. An API key
   * needs the scope `write`.
   */
  remove(workspaceId, userId, options) {
    const path = pathOf("workspaces", workspaceId, "members", userId);
    return this.#core.acknowledged({ method: "DELETE", path }, options);
  }
}

/** The documents of a workspace. */
export class Documents {
  #core;

  constructor(core) {
    this.#core = core;
  }

  upload(...given) {
    return custom.documents.upload(this.#core, ...given);
  }

  finishUpload(...given) {
    return custom.documents.finishUpload(this.#core, ...given);
  }

  uploadMany(...given) {
    return custom.documents.uploadMany(this.#core, ...given);
  }

  content(...given) {
    return custom.documents.content(this.#core, ...given);
  }

  /** List documents. Newest first. Needs the role `viewer` in the workspace. An API key needs the scope `read`. */
  list(workspaceId, query, options) {
    return this.#core.pager(pathOf("workspaces", workspaceId, "documents"), query, options);
  }

  /** Show a document. Needs the role `viewer` in the workspace. An API key needs the scope `read`. */
  get(workspaceId, documentId, options) {
    const path = pathOf("workspaces", workspaceId, "documents", documentId);
    return this.#core.model({ method: "GET", path }, options);
  }

  /** Change a document. Needs the role `editor` in the workspace. An API key needs the scope `write`. */
  update(workspaceId, documentId, changes, options) {
    const path = pathOf("workspaces", workspaceId, "documents", documentId);
    return this.#core.model({ method: "PUT", path, json: changes }, options);
  }

  /** Delete a document. Needs the role `editor` in the workspace. An API key needs the scope `write`. */
  delete(workspaceId, documentId, options) {
    const path = pathOf("workspaces", workspaceId, "documents", documentId);
    return this.#core.acknowledged({ method: "DELETE", path }, options);
  }

  /** List a document's chunks. Needs the role `viewer` in the workspace. An API key needs the scope `read`. */
  chunks(workspaceId, documentId, query, options) {
    return this.#core.pager(pathOf("workspaces", workspaceId, "documents", documentId, "chunks"), query, options);
  }

  /**
   * Prepare an upload to S3. Needs the role `editor` in the workspace. An API key needs the scope `write`. Counts
   * against the rate limit of the class `upload`.
   */
  createUpload(workspaceId, upload, options) {
    const path = pathOf("workspaces", workspaceId, "documents", "uploads");
    return this.#core.model({ method: "POST", path, json: upload }, options);
  }

  /**
   * List the keys of the metadata. Of the documents that search finds. What you need to offer filters to people.
   * Needs the role `viewer` in the workspace. An API key needs the scope `read`.
   */
  metadataKeys(workspaceId, options) {
    const path = pathOf("workspaces", workspaceId, "documents", "metadata-keys");
    return this.#core.model({ method: "GET", path }, options);
  }

  /**
   * Search the documents. Understands `"exact phrases"` and `-excluded` words. If the search takes longer than the
   * installation allows (`SEARCH_BUDGET_MS`), the answer has the best results found so far, and `partial` is true. A
   * filter that is malformed, such as one with an unknown operator, is a 400 that names the part:
   * `filters.metadata.filters[1].type`. Needs the role `viewer` in the workspace. An API key needs the scope `read`.
   */
  search(workspaceId, query, settings = {}, options) {
    const path = pathOf("workspaces", workspaceId, "search");
    return this.#core.model({ method: "POST", path, json: { ...settings, query } }, options);
  }
}

/** Questions to the assistant of a workspace. It answers from the documents and cites them. */
export class Chat {
  #core;

  constructor(core) {
    this.#core = core;
  }

  stream(...given) {
    return custom.chat.stream(this.#core, ...given);
  }

  /**
   * Ask the assistant. With `stream`, `start` and `sources` come at once, then a `delta` for each piece of the
   * answer, and at the end `done` or `error`. Another `sources` before the first `delta` replaces the first: not all
   * passages fitted into the model's context. While the model thinks, a comment (`: keep-alive`) comes every ten
   * seconds. A model that cannot be reached is a 503 (`LLM_UNAVAILABLE`); what would fail again is a 502
   * (`LLM_REJECTED`). `finishReason` is `length` if the answer was cut off at its longest, and `content_filter` if
   * the provider's filter cut it off. Needs the role `viewer` in the workspace. An API key needs the scope `write`.
   * Counts against the rate limit of the class `chat`.
   */
  send(workspaceId, message, settings = {}, options) {
    const path = pathOf("workspaces", workspaceId, "chat");
    return this.#core.model({ method: "POST", path, json: { ...settings, message } }, options);
  }
}

/** Your conversations in a workspace. */
export class Conversations {
  #core;

  constructor(core) {
    this.#core = core;
  }

  /**
   * List your conversations. Newest first. Needs the role `viewer` in the workspace. An API key needs the scope
   * `read`.
   */
  list(workspaceId, query, options) {
    return this.#core.pager(pathOf("workspaces", workspaceId, "conversations"), query, options);
  }

  /** Show a conversation. Needs the role `viewer` in the workspace. An API key needs the scope `read`. */
  get(workspaceId, conversationId, options) {
    const path = pathOf("workspaces", workspaceId, "conversations", conversationId);
    return this.#core.model({ method: "GET", path }, options);
  }

  /** Rename a conversation. Needs the role `viewer` in the workspace. An API key needs the scope `write`. */
  update(workspaceId, conversationId, changes, options) {
    const path = pathOf("workspaces", workspaceId, "conversations", conversationId);
    return this.#core.model({ method: "PUT", path, json: changes }, options);
  }

  /** Delete a conversation. Needs the role `viewer` in the workspace. An API key needs the scope `write`. */
  delete(workspaceId, conversationId, options) {
    const path = pathOf("workspaces", workspaceId, "conversations", conversationId);
    return this.#core.acknowledged({ method: "DELETE", path }, options);
  }

  /** List messages. Oldest first. Needs the role `viewer` in the workspace. An API key needs the scope `read`. */
  messages(workspaceId, conversationId, query, options) {
    return this.#core.pager(pathOf("workspaces", workspaceId, "conversations", conversationId, "messages"), query, options);
  }
}

/** Addresses that the server sends events to, and the deliveries to each. */
export class Webhooks {
  #core;

  constructor(core) {
    this.#core = core;
  }

  /** List webhooks. An API key needs the scope `read`. */
  list(query, options) {
    return this.#core.pager(pathOf("webhooks"), query, options);
  }

  /** Create a webhook. The answer is the only one that contains the `secret`. An API key needs the scope `admin`. */
  create(webhook, options) {
    return this.#core.model({ method: "POST", path: pathOf("webhooks"), json: webhook }, options);
  }

  /** Show a webhook. An API key needs the scope `read`. */
  get(webhookId, options) {
    return this.#core.model({ method: "GET", path: pathOf("webhooks", webhookId) }, options);
  }

  /** Change a webhook. An API key needs the scope `admin`. */
  update(webhookId, changes, options) {
    return this.#core.model({ method: "PUT", path: pathOf("webhooks", webhookId), json: changes }, options);
  }

  /** Delete a webhook. An API key needs the scope `admin`. */
  delete(webhookId, options) {
    return this.#core.acknowledged({ method: "DELETE", path: pathOf("webhooks", webhookId) }, options);
  }

  /** List deliveries. An API key needs the scope `read`. */
  deliveries(webhookId, query, options) {
    return this.#core.pager(pathOf("webhooks", webhookId, "deliveries"), query, options);
  }

  /** Retry a delivery. Makes it due now, whatever its status. An API key needs the scope `write`. */
  retryDelivery(webhookId, deliveryId, options) {
    const path = pathOf("webhooks", webhookId, "deliveries", deliveryId, "retry");
    return this.#core.model({ method: "POST", path }, options);
  }

  /** Try a webhook out. Sends a test event now and returns the outcome. An API key needs the scope `write`. */
  test(webhookId, options) {
    return this.#core.model({ method: "POST", path: pathOf("webhooks", webhookId, "test") }, options);
  }
}

/** The installation itself. */
export class System {
  #core;

  constructor(core) {
    this.#core = core;
  }

  openapi(...given) {
    return custom.system.openapi(this.#core, ...given);
  }

  docs(...given) {
    return custom.system.docs(this.#core, ...given);
  }

  /** Check the installation. Answers 503 if something that it needs does not work; `details` say what. */
  health(options) {
    return this.#core.model({ method: "GET", path: pathOf("health"), authenticated: false }, options);
  }

  /** Show the installation. Needs the role `admin`. An API key needs the scope `admin`. */
  info(options) {
    return this.#core.model({ method: "GET", path: pathOf("system", "info") }, options);
  }
}

/** All groups, as properties of the client. */
export function resourcesOf(core) {
  return {
    auth: new Auth(core),
    users: new Users(core),
    apiKeys: new APIKeys(core),
    workspaces: new Workspaces(core),
    members: new Members(core),
    documents: new Documents(core),
    chat: new Chat(core),
    conversations: new Conversations(core),
    webhooks: new Webhooks(core),
    system: new System(core),
  };
}

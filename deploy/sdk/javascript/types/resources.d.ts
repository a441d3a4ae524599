// Made from openapi.json by deploy/scripts/generate_sdks.py: `make build` keeps it current.
// It inherits what is written by hand from custom.d.ts.

import type {
  Acknowledged, CustomAuth, CustomChat, CustomDocuments, CustomSystem, FromAnswer, Metadata,
} from "./custom.js";
import type { Pager, RequestOptions } from "./index.js";
import type {
  APIKey, ChatAnswer, ChatMode, Chunk, Conversation, Delivery, Document, DocumentStatus, DocumentType, Health, Member,
  MemberRole, Message, MetadataKeys, NewAPIKey, NewUpload, NewWebhook, Role, Scope, SearchAnswer, SearchMode,
  SystemInfo, User, UserStatus, Webhook, Workspace,
} from "./models.js";

type Answer<T> = Promise<T & FromAnswer>;

/** The first page to read (1), and how many items a page has (1 to 100). */
export interface PageQuery {
  page?: number;
  limit?: number;
}

export interface SettingsInput {
  systemPrompt?: string;
  model?: string;
  temperature?: number;
  chatMode?: ChatMode;
  topK?: number;
  similarityThreshold?: number;
  historyLength?: number;
}

export interface SearchFilters {
  /** An empty list matches nothing. */
  documentIds?: string[];
  /** An empty list matches nothing. */
  types?: DocumentType[];
  /**
   * A comparison of a `key` with a `value` (`type`: eq, ne, gt, gte, lt, lte, in, nin, contains, exists), or several:
   * {"type": "and", "filters": […]}, or, {"type": "not", "filter": …}. May also stand in place of the whole filter.
   * Dots in a key lead into nested objects. Dates compare as points in time, numbers as numbers, texts by code
   * points. A list matches if one of its values does; `contains` finds a value in a list, or a part of a text. `ne`,
   * `nin` and `not` also match documents without the key; `exists` asks for the key, whatever its value, and an empty
   * `in` matches nothing. In the short form {"year": 2024}, every key equals its value as a whole. At most 4096
   * bytes, 100 conditions, 10 levels, 100 values in a list, 50 keys in the short form.
   */
  metadata?: Metadata;
  createdAfter?: string | Date;
  createdBefore?: string | Date;
}

/** Registering and logging in. Both leave the client logged in. */
export interface Auth extends CustomAuth {}

export interface UserQuery extends PageQuery {
  role?: Role;
  status?: UserStatus;
  /** In the name and the e-mail address. */
  search?: string;
}

export interface NewUserInput {
  email: string;
  name: string;
  password: string;
  /** Not above your own; `user` if absent. */
  role?: Role;
}

export interface UserChanges {
  email?: string;
  name?: string;
  /** A new one; it ends all sessions of the account. */
  password?: string;
  /** Not above your own. */
  role?: Role;
  status?: UserStatus;
}

export interface MyChanges {
  name?: string;
  email?: string;
  /** A new one; requires `currentPassword`. */
  password?: string;
  currentPassword?: string;
}

/** Your own account and, for administrators and managers, the accounts of others. */
export interface Users {
  /** List accounts. Needs the role `manager`. An API key needs the scope `admin`. */
  list(query?: UserQuery, options?: RequestOptions): Pager<User>;
  /** Create an account for someone. Needs the role `manager`. An API key needs the scope `admin`. */
  create(user: NewUserInput, options?: RequestOptions): Answer<User>;
  /** Show an account. Needs the role `manager`. An API key needs the scope `admin`. */
  get(userId: string, options?: RequestOptions): Answer<User>;
  /**
   * Change an account. The status `suspended` ends the account's sessions and keys at once. Needs the role `manager`.
   * An API key needs the scope `admin`.
   */
  update(userId: string, changes: UserChanges, options?: RequestOptions): Answer<User>;
  /** Delete an account. Needs the role `manager`. An API key needs the scope `admin`. */
  delete(userId: string, options?: RequestOptions): Promise<Acknowledged>;
  /** Show your account. An API key needs the scope `read`. */
  me(options?: RequestOptions): Answer<User>;
  /**
   * Change your account. A new `password` needs `currentPassword` and ends your other sessions. A request with
   * `currentPassword` or `email` also counts as an attempt to log in. Needs a login: an API key cannot do this.
   */
  updateMe(changes: MyChanges, options?: RequestOptions): Answer<User>;
}

export interface NewAPIKeyInput {
  name: string;
  /** What it may do; each scope includes the ones before it. `read` and `write` by default. */
  scopes?: Scope[];
  /** When it stops working; never, if absent. */
  expiresAt?: string | Date;
}

/** Keys for programs. You need a login to manage them: a key cannot create keys. */
export interface APIKeys {
  /** List your API keys. An API key needs the scope `read`. */
  list(query?: PageQuery, options?: RequestOptions): Pager<APIKey>;
  /**
   * Create an API key. The answer is the only one that contains the `key`. Needs a login: an API key cannot do this.
   */
  create(key: NewAPIKeyInput, options?: RequestOptions): Answer<NewAPIKey>;
  /** Revoke an API key. It stops working at once. Needs a login: an API key cannot do this. */
  delete(keyId: string, options?: RequestOptions): Promise<Acknowledged>;
}

export interface WorkspaceQuery extends PageQuery {
  /** In name and description. */
  search?: string;
  /** `-` for descending. */
  sort?: "name" | "-name" | "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt";
}

export interface NewWorkspaceInput {
  name: string;
  description?: string;
  settings?: SettingsInput;
}

export interface WorkspaceChanges {
  name?: string;
  description?: string;
  /** Fields that are absent stay as they are. */
  settings?: SettingsInput;
}

export interface WorkspacesSearchSettings {
  limit?: number;
  /** Results that score below it are left out. */
  threshold?: number;
  /**
   * By words, by meaning, or by both. Without vectors (`embedding` of documents), by words alone; the answer says so.
   * `semantic` finds only passages that have vectors.
   */
  mode?: SearchMode;
  /** Each result tells why it has its score. */
  explain?: boolean;
  /** Which documents count. */
  filters?: SearchFilters;
  /** All that you may read if absent. An empty list matches nothing. */
  workspaceIds?: string[];
}

/** Places for documents and the conversations about them. */
export interface Workspaces {
  /** List workspaces. An API key needs the scope `read`. */
  list(query?: WorkspaceQuery, options?: RequestOptions): Pager<Workspace>;
  /** Create a workspace. An API key needs the scope `write`. */
  create(workspace: NewWorkspaceInput, options?: RequestOptions): Answer<Workspace>;
  /** Show a workspace. Needs the role `viewer` in the workspace. An API key needs the scope `read`. */
  get(workspaceId: string, options?: RequestOptions): Answer<Workspace>;
  /** Change a workspace. Needs the role `editor` in the workspace. An API key needs the scope `write`. */
  update(workspaceId: string, changes: WorkspaceChanges, options?: RequestOptions): Answer<Workspace>;
  /**
   * Delete a workspace. Its documents, conversations and files are deleted with it. Needs the role `owner` in the
   * workspace. An API key needs the scope `write`.
   */
  delete(workspaceId: string, options?: RequestOptions): Promise<Acknowledged>;
  /**
   * Search several workspaces. Like the search in one workspace. A workspace that does not exist, or that you may not
   * read, is a 404. Each workspace's results are scored by its own statistics. Administrators may read all
   * workspaces. If the search takes too long, the newest workspaces have been searched. An API key needs the scope
   * `read`.
   */
  search(query: string, settings?: WorkspacesSearchSettings, options?: RequestOptions): Answer<SearchAnswer>;
}

/** With either `userId` or `email`. */
export type NewMember = { role: MemberRole } & ({ userId: string } | { email: string });

/** The members of a workspace: `owner`, `editor` or `viewer`. */
export interface Members {
  /**
   * List members. In the order in which they joined. Owners also see invitations, with the status `pending`. Needs
   * the role `viewer` in the workspace. An API key needs the scope `read`.
   */
  list(workspaceId: string, query?: PageQuery, options?: RequestOptions): Pager<Member>;
  /**
   * Add a member. With a `userId`, the account becomes a member at once. With an `email`, you send an invitation. The
   * answer is the same whether or not an account has this address. Its owner becomes a member at the next request, or
   * by creating an account within two weeks. Needs the role `owner` in the workspace. An API key needs the scope
   * `admin`.
   */
  add(workspaceId: string, member: NewMember, options?: RequestOptions): Answer<Member>;
  /**
   * Remove a member, or leave. The last owner cannot leave. Needs the role `viewer` in the workspace. An API key
   * needs the scope `write`.
   */
  remove(workspaceId: string, userId: string, options?: RequestOptions): Promise<Acknowledged>;
}

export interface DocumentQuery extends PageQuery {
  /** In the name. */
  search?: string;
  type?: DocumentType;
  status?: DocumentStatus;
}

export interface DocumentChanges {
  name?: string;
  /** Replaces all metadata. */
  metadata?: Metadata;
}

export interface NewUploadInput {
  /** The size of the file in bytes. */
  size: number;
  /** The SHA-256 of the file, in hexadecimal. */
  sha256: string;
}

export interface SearchSettings {
  limit?: number;
  /** Results that score below it are left out. */
  threshold?: number;
  /**
   * By words, by meaning, or by both. Without vectors (`embedding` of documents), by words alone; the answer says so.
   * `semantic` finds only passages that have vectors.
   */
  mode?: SearchMode;
  /** Each result tells why it has its score. */
  explain?: boolean;
  /** Which documents count. */
  filters?: SearchFilters;
}

/** The documents of a workspace. */
export interface Documents extends CustomDocuments {
  /** List documents. Newest first. Needs the role `viewer` in the workspace. An API key needs the scope `read`. */
  list(workspaceId: string, query?: DocumentQuery, options?: RequestOptions): Pager<Document>;
  /** Show a document. Needs the role `viewer` in the workspace. An API key needs the scope `read`. */
  get(workspaceId: string, documentId: string, options?: RequestOptions): Answer<Document>;
  /** Change a document. Needs the role `editor` in the workspace. An API key needs the scope `write`. */
  update(
    workspaceId: string, documentId: string, changes: DocumentChanges, options?: RequestOptions,
  ): Answer<Document>;
  /** Delete a document. Needs the role `editor` in the workspace. An API key needs the scope `write`. */
  delete(workspaceId: string, documentId: string, options?: RequestOptions): Promise<Acknowledged>;
  /** List a document's chunks. Needs the role `viewer` in the workspace. An API key needs the scope `read`. */
  chunks(workspaceId: string, documentId: string, query?: PageQuery, options?: RequestOptions): Pager<Chunk>;
  /**
   * Prepare an upload to S3. Needs the role `editor` in the workspace. An API key needs the scope `write`. Counts
   * against the rate limit of the class `upload`.
   */
  createUpload(workspaceId: string, upload: NewUploadInput, options?: RequestOptions): Answer<NewUpload>;
  /**
   * List the keys of the metadata. Of the documents that search finds. What you need to offer filters to people.
   * Needs the role `viewer` in the workspace. An API key needs the scope `read`.
   */
  metadataKeys(workspaceId: string, options?: RequestOptions): Answer<MetadataKeys>;
  /**
   * Search the documents. Understands `"exact phrases"` and `-excluded` words. If the search takes longer than the
   * installation allows (`SEARCH_BUDGET_MS`), the answer has the best results found so far, and `partial` is true. A
   * filter that is malformed, such as one with an unknown operator, is a 400 that names the part:
   * `filters.metadata.filters[1].type`. Needs the role `viewer` in the workspace. An API key needs the scope `read`.
   */
  search(
    workspaceId: string, query: string, settings?: SearchSettings, options?: RequestOptions,
  ): Answer<SearchAnswer>;
}

export interface ChatSettings {
  /** Begins one if absent. */
  conversationId?: string;
  mode?: ChatMode;
  topK?: number;
  /** Which documents count. */
  filters?: SearchFilters;
  /** The same as in `filters`. An empty list matches nothing. */
  documentIds?: string[];
  temperature?: number;
  model?: string;
  /** The answer tells why it has its sources, or why there is none. */
  explain?: boolean;
}

/** Questions to the assistant of a workspace. It answers from the documents and cites them. */
export interface Chat extends CustomChat {
  /**
   * Ask the assistant. With `stream`, `start` and `sources` come at once, then a `delta` for each piece of the
   * answer, and at the end `done` or `error`. Another `sources` before the first `delta` replaces the first: not all
   * passages fitted into the model's context. While the model thinks, a comment (`: keep-alive`) comes every ten
   * seconds. A model that cannot be reached is a 503 (`LLM_UNAVAILABLE`); what would fail again is a 502
   * (`LLM_REJECTED`). `finishReason` is `length` if the answer was cut off at its longest, and `content_filter` if
   * the provider's filter cut it off. Needs the role `viewer` in the workspace. An API key needs the scope `write`.
   * Counts against the rate limit of the class `chat`.
   */
  send(workspaceId: string, message: string, settings?: ChatSettings, options?: RequestOptions): Answer<ChatAnswer>;
}

export interface ConversationQuery extends PageQuery {
  /** In the title. */
  search?: string;
}

export interface ConversationChanges {
  title: string;
}

/** Your conversations in a workspace. */
export interface Conversations {
  /**
   * List your conversations. Newest first. Needs the role `viewer` in the workspace. An API key needs the scope
   * `read`.
   */
  list(workspaceId: string, query?: ConversationQuery, options?: RequestOptions): Pager<Conversation>;
  /** Show a conversation. Needs the role `viewer` in the workspace. An API key needs the scope `read`. */
  get(workspaceId: string, conversationId: string, options?: RequestOptions): Answer<Conversation>;
  /** Rename a conversation. Needs the role `viewer` in the workspace. An API key needs the scope `write`. */
  update(
    workspaceId: string, conversationId: string, changes: ConversationChanges, options?: RequestOptions,
  ): Answer<Conversation>;
  /** Delete a conversation. Needs the role `viewer` in the workspace. An API key needs the scope `write`. */
  delete(workspaceId: string, conversationId: string, options?: RequestOptions): Promise<Acknowledged>;
  /** List messages. Oldest first. Needs the role `viewer` in the workspace. An API key needs the scope `read`. */
  messages(workspaceId: string, conversationId: string, query?: PageQuery, options?: RequestOptions): Pager<Message>;
}

export interface WebhookQuery extends PageQuery {
  active?: boolean;
}

export interface NewWebhookInput {
  /** Where to POST to; `https` and a public address. */
  url: string;
  /** Names, `document.*` or `*`. Those of chats tell what was asked and answered, whoever asked. */
  events: string[];
  /** Only events of this workspace; required unless you are a manager. */
  workspaceId?: string;
  description?: string;
  active?: boolean;
}

export interface WebhookChanges {
  url?: string;
  events?: string[];
  description?: string;
  /** An inactive webhook gets no new events. */
  active?: boolean;
}

export interface DeliveryQuery extends PageQuery {
  status?: "pending" | "succeeded" | "failed";
}

/** Addresses that the server sends events to, and the deliveries to each. */
export interface Webhooks {
  /** List webhooks. An API key needs the scope `read`. */
  list(query?: WebhookQuery, options?: RequestOptions): Pager<Webhook>;
  /** Create a webhook. The answer is the only one that contains the `secret`. An API key needs the scope `admin`. */
  create(webhook: NewWebhookInput, options?: RequestOptions): Answer<NewWebhook>;
  /** Show a webhook. An API key needs the scope `read`. */
  get(webhookId: string, options?: RequestOptions): Answer<Webhook>;
  /** Change a webhook. An API key needs the scope `admin`. */
  update(webhookId: string, changes: WebhookChanges, options?: RequestOptions): Answer<Webhook>;
  /** Delete a webhook. An API key needs the scope `admin`. */
  delete(webhookId: string, options?: RequestOptions): Promise<Acknowledged>;
  /** List deliveries. An API key needs the scope `read`. */
  deliveries(webhookId: string, query?: DeliveryQuery, options?: RequestOptions): Pager<Delivery>;
  /** Retry a delivery. Makes it due now, whatever its status. An API key needs the scope `write`. */
  retryDelivery(webhookId: string, deliveryId: string, options?: RequestOptions): Answer<Delivery>;
  /** Try a webhook out. Sends a test event now and returns the outcome. An API key needs the scope `write`. */
  test(webhookId: string, options?: RequestOptions): Answer<Delivery>;
}

/** The installation itself. */
export interface System extends CustomSystem {
  /** Check the installation. Answers 503 if something that it needs does not work; `details` say what. */
  health(options?: RequestOptions): Answer<Health>;
  /** Show the installation. Needs the role `admin`. An API key needs the scope `admin`. */
  info(options?: RequestOptions): Answer<SystemInfo>;
}

/** All groups, as properties of the client. */
export interface Resources {
  readonly auth: Auth;
  readonly users: Users;
  readonly apiKeys: APIKeys;
  readonly workspaces: Workspaces;
  readonly members: Members;
  readonly documents: Documents;
  readonly chat: Chat;
  readonly conversations: Conversations;
  readonly webhooks: Webhooks;
  readonly system: System;
}

import type { ChatStream, DocumentContent, FileInput, Pager, Progress, RequestOptions, Tokens } from "./index.js";
import type {
  Acknowledged, APIKey, ChatAnswer, ChatMode, Chunk, Conversation, Delivery, Document, DocumentStatus, DocumentType,
  FromAnswer, Health, Member, MemberRole, Message, Metadata, NewAPIKey, NewWebhook, Role, Scope, SearchAnswer,
  SearchMode, SignedIn, SystemInfo, Uploaded, User, UserStatus, Webhook, Workspace, WorkspaceSettings,
} from "./models.js";

type Answer<T> = Promise<T & FromAnswer>;

/** Which pages: the number of the first (1) and how many items each has (1 to 100). */
export interface PageQuery {
  page?: number;
  limit?: number;
}

/** Registering and logging in. Both leave the client logged in. */
export interface Auth {
  register(account: { email: string; password: string; name: string }, options?: RequestOptions): Answer<SignedIn>;
  login(account: { email: string; password: string }, options?: RequestOptions): Answer<SignedIn>;
  /** Renews the tokens now; otherwise that happens by itself when it is time. */
  refresh(): Promise<Tokens | undefined>;
  /** Ends the session on the server and forgets its tokens. One that has ended already is fine. */
  logout(options?: RequestOptions): Promise<Acknowledged>;
}

export interface MyChanges {
  name?: string;
  email?: string;
  /** A new one; takes `currentPassword` too, and ends the other sessions. */
  password?: string;
  currentPassword?: string;
}

export interface UserQuery extends PageQuery {
  role?: Role;
  status?: UserStatus;
  search?: string;
}

export interface UserChanges {
  name?: string;
  email?: string;
  role?: Role;
  /** `suspended` ends the user's sessions and keys at once. */
  status?: UserStatus;
  password?: string;
}

/** The own account, and for administrators and managers those of others. */
export interface Users {
  me(options?: RequestOptions): Answer<User>;
  updateMe(changes: MyChanges, options?: RequestOptions): Answer<User>;
  list(query?: UserQuery, options?: RequestOptions): Pager<User>;
  create(user: { email: string; name: string; password: string; role?: Role }, options?: RequestOptions): Answer<User>;
  get(userId: string, options?: RequestOptions): Answer<User>;
  update(userId: string, changes: UserChanges, options?: RequestOptions): Answer<User>;
  delete(userId: string, options?: RequestOptions): Promise<Acknowledged>;
}

/** Keys for programs. Managing them takes a login; a key cannot make keys. */
export interface APIKeys {
  /** The answer's `key` is shown this once. */
  create(key: { name: string; scopes?: Scope[]; expiresAt?: string | Date }, options?: RequestOptions): Answer<NewAPIKey>;
  list(query?: PageQuery, options?: RequestOptions): Pager<APIKey>;
  delete(keyId: string, options?: RequestOptions): Promise<Acknowledged>;
}

export interface WorkspaceQuery extends PageQuery {
  search?: string;
  sort?: "name" | "createdAt" | "updatedAt" | "-name" | "-createdAt" | "-updatedAt";
}

export interface WorkspaceChanges {
  name?: string;
  description?: string;
  settings?: Partial<WorkspaceSettings>;
}

/** Places for documents and the conversations about them. */
export interface Workspaces {
  list(query?: WorkspaceQuery, options?: RequestOptions): Pager<Workspace>;
  create(workspace: WorkspaceChanges & { name: string }, options?: RequestOptions): Answer<Workspace>;
  get(workspaceId: string, options?: RequestOptions): Answer<Workspace>;
  update(workspaceId: string, changes: WorkspaceChanges, options?: RequestOptions): Answer<Workspace>;
  delete(workspaceId: string, options?: RequestOptions): Promise<Acknowledged>;
}

/** Named by identifier or by e-mail address; by address it is an invitation, `pending` until they come. */
export type NewMember = { role: MemberRole } & ({ userId: string } | { email: string });

/** Who takes part in a workspace. */
export interface Members {
  list(workspaceId: string, query?: PageQuery, options?: RequestOptions): Pager<Member>;
  add(workspaceId: string, member: NewMember, options?: RequestOptions): Answer<Member>;
  /** An `invitationId` takes an invitation back. */
  remove(workspaceId: string, userId: string, options?: RequestOptions): Promise<Acknowledged>;
}

export interface DocumentQuery extends PageQuery {
  search?: string;
  type?: DocumentType;
  status?: DocumentStatus;
}

export interface UploadSettings {
  /** Instead of the file's own. */
  name?: string;
  metadata?: Metadata;
  onProgress?: Progress;
}

export interface SearchSettings {
  /** 1 to 50, 10 unless given. */
  limit?: number;
  mode?: SearchMode;
  /** Results that score below it are left out. */
  threshold?: number;
  filters?: {
    documentIds?: string[];
    types?: DocumentType[];
    /** Equal, key by key. */
    metadata?: Metadata;
    createdAfter?: string | Date;
    createdBefore?: string | Date;
  };
}

/** The first and the last byte, both included; without a last to the end, `[-n]` for the last n. */
export type ByteRange = [first: number, last?: number];

/** The documents of a workspace. */
export interface Documents {
  list(workspaceId: string, query?: DocumentQuery, options?: RequestOptions): Pager<Document>;
  upload(workspaceId: string, file: FileInput, settings?: UploadSettings, options?: RequestOptions): Promise<Document>;
  /** Several files in one request. Look at `errors`: files that could not be read do not keep the others out. */
  uploadMany(
    workspaceId: string, files: FileInput[], settings?: Omit<UploadSettings, "name">, options?: RequestOptions,
  ): Promise<Uploaded>;
  get(workspaceId: string, documentId: string, options?: RequestOptions): Answer<Document>;
  /** Begins to download the original bytes. */
  content(
    workspaceId: string, documentId: string, settings?: { range?: ByteRange }, options?: RequestOptions,
  ): Promise<DocumentContent>;
  chunks(workspaceId: string, documentId: string, query?: PageQuery, options?: RequestOptions): Pager<Chunk>;
  update(
    workspaceId: string, documentId: string, changes: { name?: string; metadata?: Metadata }, options?: RequestOptions,
  ): Answer<Document>;
  delete(workspaceId: string, documentId: string, options?: RequestOptions): Promise<Acknowledged>;
  search(workspaceId: string, query: string, settings?: SearchSettings, options?: RequestOptions): Answer<SearchAnswer>;
}

export interface ChatSettings {
  /** A conversation begins without one. */
  conversationId?: string;
  /** `query` answers only from the documents. */
  mode?: ChatMode;
  documentIds?: string[];
  topK?: number;
  temperature?: number;
  model?: string;
}

/** Questions to the assistant of a workspace, which answers from its documents and cites them. */
export interface Chat {
  send(workspaceId: string, message: string, settings?: ChatSettings, options?: RequestOptions): Answer<ChatAnswer>;
  stream(workspaceId: string, message: string, settings?: ChatSettings, options?: RequestOptions): Promise<ChatStream>;
}

/** The caller's conversations in a workspace. */
export interface Conversations {
  list(workspaceId: string, query?: PageQuery & { search?: string }, options?: RequestOptions): Pager<Conversation>;
  get(workspaceId: string, conversationId: string, options?: RequestOptions): Answer<Conversation>;
  update(
    workspaceId: string, conversationId: string, changes: { title: string }, options?: RequestOptions,
  ): Answer<Conversation>;
  delete(workspaceId: string, conversationId: string, options?: RequestOptions): Promise<Acknowledged>;
  /** What was said, the oldest first. */
  messages(workspaceId: string, conversationId: string, query?: PageQuery, options?: RequestOptions): Pager<Message>;
}

export interface WebhookChanges {
  url?: string;
  /** `*` and patterns such as `document.*` are allowed. */
  events?: string[];
  description?: string;
  active?: boolean;
}

export type NewWebhookInput = WebhookChanges & { url: string; events: string[]; workspaceId?: string };

/** Addresses that the server tells of events, and what became of each telling. */
export interface Webhooks {
  list(query?: PageQuery & { active?: boolean }, options?: RequestOptions): Pager<Webhook>;
  /** The answer's `secret` is shown this once. */
  create(webhook: NewWebhookInput, options?: RequestOptions): Answer<NewWebhook>;
  get(webhookId: string, options?: RequestOptions): Answer<Webhook>;
  update(webhookId: string, changes: WebhookChanges, options?: RequestOptions): Answer<Webhook>;
  delete(webhookId: string, options?: RequestOptions): Promise<Acknowledged>;
  /** Sends a trial event now, and tells how that went. */
  test(webhookId: string, options?: RequestOptions): Answer<Delivery>;
  deliveries(webhookId: string, query?: PageQuery & { status?: string }, options?: RequestOptions): Pager<Delivery>;
  /** Makes a delivery due now, whatever became of it before. */
  retryDelivery(webhookId: string, deliveryId: string, options?: RequestOptions): Answer<Delivery>;
}

/** The installation itself. */
export interface System {
  health(options?: RequestOptions): Answer<Health>;
  info(options?: RequestOptions): Answer<SystemInfo>;
  openapi(options?: RequestOptions): Promise<Record<string, unknown>>;
  docs(options?: RequestOptions): Promise<string>;
}

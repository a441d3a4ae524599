/** What the API speaks of. Times are ISO 8601 in UTC; servers may add fields. */

/** How an object came. Not enumerable, so that it is not sent back with the object. */
export interface FromAnswer {
  /** The entity tag of a resource that was read by itself, for `ifMatch` and `ifNoneMatch`. */
  readonly etag?: string;
  readonly requestId?: string;
}

export type Role = "admin" | "manager" | "user";
export type UserStatus = "active" | "suspended";
export type MemberRole = "owner" | "editor" | "viewer";
export type Scope = "read" | "write" | "admin";
export type ChatMode = "chat" | "query";
export type SearchMode = "hybrid" | "keyword" | "semantic";
export type FinishReason = "stop" | "length" | "cancelled";
export type DocumentStatus = "processing" | "processed" | "failed";
export type DocumentType =
  | "pdf" | "docx" | "xlsx" | "pptx" | "odt" | "epub" | "html" | "markdown" | "text" | "csv" | "json" | "rtf" | "eml";
export type Metadata = Record<string, unknown>;

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
  status: UserStatus;
  lastLoginAt: string | null;
  createdAt: string;
  updatedAt: string;
}

/** What registering, logging in and refreshing give. */
export interface SignedIn {
  user: User;
  token: string;
  refreshToken: string;
  /** Seconds for which `token` is good. */
  expiresIn: number;
  tokenType: "Bearer";
}

export interface APIKey {
  id: string;
  name: string;
  prefix: string;
  scopes: Scope[];
  expiresAt: string | null;
  lastUsedAt: string | null;
  createdAt: string;
}

export interface NewAPIKey extends APIKey {
  /** The key in clear. The server shows it this once. */
  key: string;
}

export interface WorkspaceSettings {
  systemPrompt: string;
  model: string;
  temperature: number;
  chatMode: ChatMode;
  topK: number;
  similarityThreshold: number;
  historyLength: number;
}

export interface Workspace {
  id: string;
  name: string;
  slug: string;
  description: string;
  settings: WorkspaceSettings;
  ownerId: string;
  /** The caller's. */
  role: MemberRole;
  documentCount: number;
  conversationCount: number;
  createdAt: string;
  updatedAt: string;
}

/** Someone who takes part in a workspace, or was asked to by e-mail address. */
export interface Member {
  role: MemberRole;
  /** `pending`: asked, and not here yet. Nobody learns whether there is such an account. */
  status: "active" | "pending";
  /** Not of one that is pending. */
  userId?: string;
  name?: string;
  email?: string;
  joinedAt?: string;
  /** What removes one that is pending. */
  invitationId?: string;
  invitedAt?: string;
  expiresAt?: string;
}

export interface Document {
  id: string;
  workspaceId: string;
  name: string;
  type: DocumentType;
  mimeType: string;
  /** In bytes. */
  size: number;
  sha256: string;
  /** `processed`: search finds it. */
  status: DocumentStatus;
  error?: string;
  embedding: { status: "pending" | "done" | "failed" | "off"; done: number; total: number };
  chunkCount: number;
  wordCount: number;
  metadata: Metadata;
  uploadedBy: string;
  createdAt: string;
  updatedAt: string;
  /** After an upload: the workspace had these bytes already, and this is the document that has them. */
  duplicate?: boolean;
}

/** A file that is no document, and why. */
export interface RefusedFile {
  /** Its place among the files of the upload, from 0. */
  index: number;
  name: string;
  code: string;
  message: string;
}

/** What became of several files. */
export interface Uploaded {
  documents: Document[];
  /** Those that could not be read. */
  errors: RefusedFile[];
}

/** Where a passage stands in the extracted text, in Unicode code points. */
export interface Position {
  index: number;
  start: number;
  end: number;
  page?: number;
  heading?: string;
}

/** A passage as it is indexed. */
export interface Chunk {
  id: string;
  content: string;
  documentId?: string;
  position?: Position;
}

export interface SearchResult {
  chunkId: string;
  documentId: string;
  documentName: string;
  type: DocumentType;
  content: string;
  /** HTML: hits in `<mark>`, everything else escaped. */
  highlight: string;
  /** 0 to 1. */
  score: number;
  position: Position;
  metadata: Metadata;
}

export interface SearchAnswer {
  query: string;
  /** The one that was used. */
  mode: SearchMode;
  results: SearchResult[];
  total: number;
  /** The search took more than the installation allows: these are the best results that it found until then. */
  partial: boolean;
  /** Whole milliseconds, rounded up. */
  tookMs: number;
}

/** A passage that an answer cites as `[number]`. */
export interface Source {
  number: number;
  documentId: string;
  documentName: string;
  chunkId: string;
  content: string;
  score: number;
  position: Position;
}

export interface Message {
  id: string;
  role: "user" | "assistant";
  content: string;
  sources: Source[];
  model?: string;
  finishReason?: FinishReason;
  createdAt: string;
}

export interface Usage {
  promptTokens: number;
  completionTokens: number;
  totalTokens: number;
}

export interface ChatAnswer {
  conversationId: string;
  message: Message;
  usage: Usage;
  finishReason: FinishReason;
  /** The search for sources had to end early: the answer is made from the best that it found until then. */
  partial?: true;
}

export interface Conversation {
  id: string;
  title: string;
  messageCount: number;
  lastMessageAt?: string | null;
  createdAt: string;
}

export interface Webhook {
  id: string;
  url: string;
  events: string[];
  active: boolean;
  workspaceId?: string | null;
  description?: string | null;
  /** Whose rights it has: the account that made it or changed it last. */
  ownerId?: string | null;
  /** Why it gets no more events although nobody switched it off. */
  disabledReason?: string | null;
  createdAt: string;
  updatedAt?: string;
}

export interface NewWebhook extends Webhook {
  /** What its deliveries are signed with. The server shows it this once. */
  secret: string;
}

/** One event on its way to one webhook. */
export interface Delivery {
  id: string;
  eventId: string;
  /** What happened: `document.processed`. */
  event: string;
  status: "pending" | "succeeded" | "failed";
  attempts: number;
  /** What the receiver answered last. */
  responseStatus: number | null;
  /** Why the last attempt failed. */
  error: string | null;
  lastAttemptAt: string | null;
  nextAttemptAt: string | null;
  /** The body that is sent. */
  payload: Record<string, unknown>;
  createdAt: string;
}

/** The payload of a webhook. */
export interface WebhookEvent {
  id: string;
  type: string;
  timestamp: string;
  workspaceId?: string;
  data: Record<string, unknown>;
}

export interface Health {
  /** `degraded` when the model cannot be reached. */
  status: "ok" | "degraded";
  version: string;
  checks: Record<string, Record<string, unknown>>;
}

/** What an installation is, what it holds, and how it is set. */
export interface SystemInfo {
  version: string;
  build: string;
  platform: string;
  counts: Record<string, number>;
  bytesStored: number;
  providers: Record<string, string>;
  limits: Record<string, number>;
}

/** What deletions and the like give: nothing but a word. */
export interface Acknowledged {
  message?: string;
  /** What the server tells besides. */
  raw: Record<string, unknown>;
}

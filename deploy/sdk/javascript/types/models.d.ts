/** The resources of the API. Times are ISO 8601 in UTC; servers may add fields. */

// Made from openapi.json by deploy/scripts/generate_sdks.py: `make build` keeps it current.

import type { Metadata } from "./custom.js";

export type Role = "admin" | "manager" | "user";
export type UserStatus = "active" | "suspended";
export type MemberRole = "viewer" | "editor" | "owner";
export type Scope = "read" | "write" | "admin";
export type ChatMode = "chat" | "query";
export type SearchMode = "hybrid" | "keyword" | "semantic";
export type MetadataType = "string" | "number" | "boolean" | "date" | "null" | "array" | "object";
export type FinishReason = "stop" | "length" | "content_filter" | "cancelled" | "error";
export type DocumentStatus = "processing" | "processed" | "failed";
export type DocumentType =
  | "pdf" | "docx" | "xlsx" | "pptx" | "odt" | "odp" | "epub" | "html" | "markdown" | "text" | "csv" | "json" | "rtf" | "eml";

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

/** What you get for registering, logging in and refreshing. */
export interface SignedIn {
  user: User;
  /** The access token: send it as `Authorization: Bearer …`. */
  token: string;
  /** Can be exchanged once for a new pair. */
  refreshToken: string;
  /** Seconds until the access token expires. */
  expiresIn: number;
  tokenType: "Bearer";
}

export interface APIKey {
  id: string;
  name: string;
  /** The first characters of the key. */
  prefix: string;
  scopes: Scope[];
  expiresAt: string | null;
  /** To within a minute. */
  lastUsedAt: string | null;
  createdAt: string;
}

export interface NewAPIKey extends APIKey {
  /** The key in clear. It is shown this once: keep it. */
  key: string;
}

export interface WorkspaceSettings {
  /** What the model is told about its task. */
  systemPrompt: string;
  /** The model to use; empty for the installation's own. */
  model: string;
  /** 0 to 2. Absent until somebody sets one: the model then uses its own. */
  temperature?: number;
  /** `chat` may use general knowledge, `query` answers only from documents. */
  chatMode: ChatMode;
  /** How many passages an answer may use, 1 to 50. */
  topK: number;
  /** Passages that score below this share of the best one's score are not used, 0 to 1. */
  similarityThreshold: number;
  /** How many earlier messages a model is shown, 0 to 100. */
  historyLength: number;
}

export interface Workspace {
  id: string;
  name: string;
  /** The name in lower-case ASCII, for URLs and file names; unique. */
  slug: string;
  description: string;
  settings: WorkspaceSettings;
  ownerId: string;
  /** What the caller may do here. */
  role: MemberRole;
  documentCount: number;
  conversationCount: number;
  createdAt: string;
  updatedAt: string;
}

/** Someone who takes part in a workspace, or was invited by e-mail address. */
export interface Member {
  userId?: string;
  name?: string;
  email?: string;
  role: MemberRole;
  /** `pending`: asked by e-mail address, and not here yet; only owners see these. There may be no such account. */
  status: "active" | "pending";
  joinedAt?: string;
  /** Of one that is pending: what removes it. */
  invitationId?: string;
  invitedAt?: string;
  /** When a pending one is forgotten. */
  expiresAt?: string;
}

/** How many of a document's passages have a vector. */
export interface Embedding {
  /** `off`: the installation has no embedding model, or the document could not be read. */
  status: "pending" | "done" | "failed" | "off";
  /** The passages that have a vector. */
  done: number;
  /** All passages. */
  total: number;
  /** Estimated seconds until all passages have vectors. */
  estimatedSeconds?: number;
}

export interface DocumentWarnings {
  /** The pages, from 1, on which there is no text, such as scanned ones. */
  pagesWithoutText?: number[];
  /** What was left out, in words. */
  skippedParts?: string[];
}

export interface Document {
  id: string;
  workspaceId: string;
  name: string;
  type: DocumentType;
  mimeType: string;
  /** In bytes. */
  size: number;
  /** Of the uploaded bytes. */
  sha256: string;
  /** `processed`: search finds it. */
  status: DocumentStatus;
  /** Why processing or embedding failed. */
  error?: string;
  /** How far search by meaning can find it. Keyword search does not wait for that. */
  embedding: Embedding;
  chunkCount: number;
  wordCount: number;
  /** Of text files: how the file was decoded, as an IANA name. */
  encoding?: string;
  /** Of the text, as its ISO 639-1 code: as stated, or as detected. */
  language?: string;
  /** What is missing from the text; empty if nothing is. */
  warnings: DocumentWarnings;
  /** The uploader's own key-value pairs, and as `frontMatter` those that a file begins with. */
  metadata: Metadata;
  uploadedBy: string;
  createdAt: string;
  updatedAt: string;
  /** After an upload: the workspace had these bytes already, and this is the document that has them. */
  duplicate?: boolean;
}

/** How many documents have a value of a type. */
export interface MetadataTypeCount {
  type: MetadataType;
  /** Documents. */
  count: number;
}

/** How many documents have a value. */
export interface MetadataValueCount {
  value: unknown | null;
  /** Documents. */
  count: number;
}

/** A key of the metadata, and what documents have under it. */
export interface MetadataKey {
  /** As filters name it: dots lead into nested objects. */
  key: string;
  /** How many documents have it. */
  documentCount: number;
  /** `date`: a text that filters compare as a date. */
  types: MetadataTypeCount[];
  /** The most frequent single values, also of lists; at most 10, of at most 200 bytes each. */
  values: MetadataValueCount[];
}

/** Which metadata the documents of a workspace have. */
export interface MetadataKeys {
  /** The documents that are processed. */
  documentCount: number;
  /** Those that most documents have come first; 200 at most. */
  keys: MetadataKey[];
  /** There are more keys or documents than the installation counts, or it took too long. */
  partial: boolean;
}

export interface NewUpload {
  /** Makes the document once the bytes have been sent. */
  uploadId: string;
  /** Send the file there with PUT, without credentials. */
  url: string;
  /** The headers that the PUT needs, besides `Content-Length`. */
  headers: Record<string, string>;
  /** Until when the PUT may begin. */
  expiresAt: string;
}

/** Where a passage stands in the extracted text. */
export interface Position {
  /** 0 for the document's first passage. */
  index: number;
  /** In Unicode code points of the extracted text. */
  start: number;
  end: number;
  /** Where the passage begins, from 1; so are slide, row, message and line. */
  page?: number;
  slide?: number;
  /** The name of the sheet. */
  sheet?: string;
  /** Of a sheet or table, as spreadsheets count; of a file of records, the record. */
  row?: number;
  /** The name of the chapter. */
  chapter?: string;
  /** Of a mailbox. */
  message?: number;
  /** Of source code and logs. */
  line?: number;
  /** The nearest heading above. */
  heading?: string;
  /** The headings above `heading`, outermost first. */
  headingPath?: string[];
}

/** A passage as it is indexed. */
export interface Chunk {
  id: string;
  documentId?: string;
  content: string;
  position?: Position;
}

export interface DuplicatePassage {
  chunkId: string;
  documentId: string;
  documentName: string;
}

export interface FieldShares {
  /** The share of the document's name in the score by words. The three add up to 1, or are all 0. */
  name: number;
  heading: number;
  content: number;
}

export interface Explanation {
  /** The score by words alone, 0 to 1; null if words were not searched. */
  words: number | null;
  /** The score by meaning alone, 0 to 1; null if meaning was not searched, or if the passage has no vector yet. */
  meaning: number | null;
  fields: FieldShares;
  /** What the reranker gives, 0 to 1. Absent if it gave nothing. */
  rerank?: number;
}

export interface SearchResult {
  chunkId: string;
  documentId: string;
  documentName: string;
  workspaceId: string;
  workspaceName: string;
  type: DocumentType;
  content: string;
  /** HTML: hits in `<mark>`, everything else escaped. */
  highlight: string;
  /** 0 to 1, by the statistics of the workspace, or by the reranker if `reranked`. */
  score: number;
  position: Position;
  metadata: Metadata;
  /** Passages that say the same, with the same numbers. They are no results. */
  duplicates?: DuplicatePassage[];
  /** Why it has its score. Only if the request asks for it. */
  explain?: Explanation;
}

/** A workspace, and how many of its passages match. */
export interface WorkspaceMatches {
  id: string;
  name: string;
  /** How many passages its words find, beyond `limit` and below `threshold`, too. */
  count: number;
}

export interface SearchAnswer {
  query: string;
  /** The one that was used. In several workspaces, those without vectors are searched by words. */
  mode: SearchMode;
  /**
   * Best first. Of equal scores, the newest document first; of documents of the same name, the newer first if it
   * scores at most a fifth less.
   */
  results: SearchResult[];
  /** How many results there are here. */
  total: number;
  /**
   * Of a search in several: where the matches are, most first. Workspaces that the request names, and others that
   * have matches or results.
   */
  workspaces?: WorkspaceMatches[];
  /** The search took more than the installation allows: these are the best results that it found until then. */
  partial: boolean;
  /**
   * Whether the installation's reranker scored the results. If it did not answer in time, they keep their order; it
   * is asked for `hybrid` only. Absent without a reranker.
   */
  reranked?: boolean;
  /** Whole milliseconds, rounded up. */
  tookMs: number;
}

/** A passage that an answer cites as `[number]`. */
export interface Source {
  /** The number in the answer's citations. */
  number: number;
  documentId: string;
  documentName: string;
  chunkId: string;
  content: string;
  /** 0 to 1. */
  score: number;
  position: Position;
}

export interface Message {
  id: string;
  role: "user" | "assistant";
  /** Cites its sources as `[1]`, `[2]`. */
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

export interface ExplainedSource {
  /** The number in the answer's citations. */
  number: number;
  explain: Explanation;
}

export interface NearestPassage {
  documentId: string;
  documentName: string;
  chunkId: string;
  /** The sentence that came nearest, or how the passage begins. */
  excerpt: string;
  /** 0 to 1. */
  score: number;
  explain: Explanation;
}

export interface AnswerExplanation {
  /** The sources of the message, in order. */
  sources: ExplainedSource[];
  /** Why the built-in answerer gave no answer, in English. */
  reason?: string;
  /** The passage that came nearest to an answer, if there is none. */
  nearest?: NearestPassage;
}

export interface ChatAnswer {
  conversationId: string;
  message: Message;
  usage: Usage;
  finishReason: FinishReason;
  /**
   * The search for sources took more than the installation allows: the answer is made from the best that it found
   * until then.
   */
  partial?: true;
  /**
   * Whether the installation's reranker ordered the passages that the answer is made from. If it did not answer in
   * time, they keep their order. Absent without a reranker.
   */
  reranked?: boolean;
  /** Only if the request asks for it. */
  explain?: AnswerExplanation;
}

export interface Conversation {
  id: string;
  title: string;
  messageCount: number;
  lastMessageAt?: string;
  createdAt: string;
}

export interface Webhook {
  id: string;
  url: string;
  /** Names, `document.*` or `*`. */
  events: string[];
  /** Only events of this workspace. */
  workspaceId?: string | null;
  description?: string;
  active: boolean;
  /** Whose rights it has: the account that made it or changed it last. */
  ownerId?: string | null;
  /** Why it gets no more events although nobody switched it off. */
  disabledReason?: string | null;
  createdAt: string;
  updatedAt?: string;
}

export interface NewWebhook extends Webhook {
  /** Verifies deliveries (Standard Webhooks). It is shown this once: keep it. */
  secret: string;
}

/** One event on its way to one webhook. */
export interface Delivery {
  id: string;
  eventId: string;
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

export interface Health {
  status: "ok" | "degraded";
  version: string;
  checks: Record<string, Record<string, unknown>>;
}

/** What an installation is, what it holds, and how it is configured. */
export interface SystemInfo {
  version: string;
  build: string;
  platform: string;
  counts: Record<string, number>;
  bytesStored: number;
  providers: Record<string, string>;
  limits: Record<string, number>;
}

/** A file of an upload that became no document, and why. */
export interface RefusedFile {
  /** Its place among the files of the request, from 0. */
  index: number;
  name: string;
  code: string;
  message: string;
}

/** What became of several files. */
export interface Uploaded {
  documents: Document[];
  /** The files that could not be read. */
  errors: RefusedFile[];
}

/** The payload of a webhook. */
export interface WebhookEvent {
  id: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
  workspaceId?: string;
}

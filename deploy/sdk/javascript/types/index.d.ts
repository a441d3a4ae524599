import type { APIError } from "./errors.js";
import type { FromAnswer } from "./custom.js";
import type { FinishReason, Source, Usage, WebhookEvent } from "./models.js";
import type { Resources } from "./resources.js";

export * from "./custom.js";
export * from "./errors.js";
export * from "./models.js";
export * from "./resources.js";

export const VERSION: string;
export const DEFAULT_BASE_URL: string;

/** An entity tag, or a resource that you read by itself, which has one. */
export type Match = string | FromAnswer;

/** Settings of one call, which replace those of the client. */
export interface RequestOptions {
  /** Aborts the call, which rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds for each wait: for the beginning of the answer, and for every read. 0 means no limit. */
  timeout?: number;
  /** Attempts after the first. */
  maxRetries?: number;
  headers?: Record<string, string>;
  /** For calls that create something; generated if absent. */
  idempotencyKey?: string;
  /** Changes or deletes only this version of the resource, otherwise throws `PreconditionFailedError`. */
  ifMatch?: Match;
  /** Throws `NotModified` if the resource still has this version. */
  ifNoneMatch?: Match;
}

/** How often the client repeats failed requests, and how long it waits; times in milliseconds. */
export interface RetryPolicy {
  /** Attempts after the first: 3. */
  maxRetries: number;
  /** The longest first wait, which doubles for each further one: 500. */
  baseDelay: number;
  /** The longest wait that the client chooses: 8,000. */
  maxDelay: number;
  /** The longest wait that a server may ask for; beyond it the client gives up: 60,000. */
  maxRetryAfter: number;
}

/** A session that can be stored between runs of a program. Treat it like a password. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** The time, in milliseconds since 1970, after which the client no longer uses the access token. */
  expiresAt: number;
}

/** Stores the tokens. Several processes may share one: each refresh reads it first. */
export interface TokenStore {
  load(): Tokens | null | undefined | Promise<Tokens | null | undefined>;
  /** Stores new tokens, or deletes them (undefined). */
  save(tokens: Tokens | undefined): void | Promise<void>;
}

/** Keeps the tokens in memory. */
export class MemoryTokenStore implements TokenStore {
  constructor(tokens?: Tokens);
  load(): Tokens | undefined;
  save(tokens: Tokens | undefined): void;
}

export interface ClientSettings {
  /** The address of the installation. `/api/v1` is added unless it has a path. Defaults to
   * `AINEXLAYER_BASE_URL` (Node), else `http://localhost:3001`. */
  baseUrl?: string;
  /** A key (`nxl_…`). Defaults to `AINEXLAYER_API_KEY` (Node). Without one, log in. */
  apiKey?: string;
  /** Stores the tokens of a login; by default in memory. */
  tokenStore?: TokenStore;
  /** Milliseconds for each wait: 60,000. */
  timeout?: number;
  retry?: Partial<RetryPolicy>;
  /** Sent with every request. */
  headers?: Record<string, string>;
  fetch?: typeof globalThis.fetch;
}

/** A client for one installation. */
export interface AINexLayer extends Resources {}
export class AINexLayer {
  constructor(settings?: ClientSettings);
  readonly baseUrl: string;
  /** The session's tokens, or undefined if nobody is logged in. */
  tokens(): Promise<Tokens | undefined>;
  /** Calls an endpoint that this version does not know. `path` follows `/api/v1`. */
  request(
    method: string, path: string, content?: { query?: Record<string, unknown>; json?: unknown }, options?: RequestOptions,
  ): Promise<Record<string, unknown>>;
}

export interface Page<T> {
  items: T[];
  /** 1 for the first. */
  page: number;
  limit: number;
  /** How many items all pages have. */
  total: number;
  totalPages: number;
  hasNext: boolean;
  hasPrev: boolean;
}

/**
 * A listing. It loads each page only when you need it. Pages are
 * numbered, so deleting items while you iterate skips others: collect them with `toArray` first.
 */
export class Pager<T> implements AsyncIterable<T> {
  [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined>;
  pages(): AsyncGenerator<Page<T>, void, undefined>;
  /** One page, by default the first. It also has the `total`. */
  page(number?: number): Promise<Page<T>>;
  toArray(): Promise<T[]>;
}

/** Called with the bytes sent so far and in total: in Node for every block, in browsers at the start and the end. */
export type Progress = (sent: number, total: number | undefined) => void;

/** A path (Node), bytes, a Blob or File, or a stream of bytes. A stream cannot be read twice, so it is not retried. */
export type FileContent =
  | string | Blob | ArrayBuffer | ArrayBufferView | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** A file, optionally with a name and type. */
export type FileInput = FileContent | { content: FileContent; filename?: string; contentType?: string };

/** A download in progress. Read it once, in one of these ways, or close it. */
export class DocumentContent implements AsyncIterable<Uint8Array> {
  private constructor();
  readonly contentType: string;
  readonly filename?: string;
  readonly etag?: string;
  readonly requestId?: string;
  /** The size of this download in bytes: of the range, if there is one. */
  readonly size?: number;
  /** `bytes 0-1023/4096` if the server sent a part. */
  readonly contentRange?: string;
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined>;
  stream(): ReadableStream<Uint8Array>;
  bytes(): Promise<Uint8Array>;
  text(): Promise<string>;
  blob(): Promise<Blob>;
  /** Writes it to a file (Node) and resolves to its length. If it fails, the path does not change. */
  save(path: string, settings?: { onProgress?: Progress }): Promise<number>;
  close(): void;
}

export type ChatEvent =
  | { type: "start"; conversationId: string; messageId: string }
  | { type: "sources"; sources: Source[] }
  | { type: "delta"; content: string }
  | { type: "done"; usage: Usage; finishReason: FinishReason; partial?: true }
  /** The answer failed. The error is thrown when the iteration continues. */
  | { type: "error"; error: APIError };

/** A streamed answer. Iterate over it once. Leaving early stops the generation. */
export class ChatStream implements AsyncIterable<ChatEvent> {
  private constructor();
  readonly requestId?: string;
  [Symbol.asyncIterator](): AsyncGenerator<ChatEvent, void, undefined>;
  /** Only the text. Rejects if the answer fails. */
  text(): AsyncGenerator<string, void, undefined>;
  close(): void;
}

/** `Headers`, or an object with names in any case, as in Node's servers. */
export type WebhookHeaders = { get(name: string): string | null } | Record<string, string | string[] | undefined>;

/**
 * Checks the signature and the age of a webhook (the Standard Webhooks specification), and resolves to its
 * event. Rejects with `WebhookVerificationError`.
 *
 * @param body the request's body exactly as it arrived, not parsed and serialised again
 * @param secret the webhook's (`whsec_…`)
 * @param settings `tolerance`: how many seconds its time may differ from now (300); `now`: Unix seconds, for tests
 */
export function verifyWebhook(
  body: string | ArrayBuffer | Uint8Array, headers: WebhookHeaders, secret: string,
  settings?: { tolerance?: number; now?: number },
): Promise<WebhookEvent>;

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

/** An entity tag, or a resource that was read by itself and so knows its own. */
export type Match = string | FromAnswer;

/** What one call does differently from the client's own settings. */
export interface RequestOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds for each wait: the answer's beginning, and every read. 0 waits for ever. */
  timeout?: number;
  /** Attempts after the first. */
  maxRetries?: number;
  headers?: Record<string, string>;
  /** For calls that create; made automatically if absent. */
  idempotencyKey?: string;
  /** Changes or deletes only what this tag names, else `PreconditionFailedError`. */
  ifMatch?: Match;
  /** Throws `NotModified` when a `get` would bring what this tag names. */
  ifNoneMatch?: Match;
}

/** How often and how patiently failed requests are repeated; times in milliseconds. */
export interface RetryPolicy {
  /** Attempts after the first: 3. */
  maxRetries: number;
  /** The most that the first wait takes, doubled for each further one: 500. */
  baseDelay: number;
  /** What no wait of our own making exceeds: 8,000. */
  maxDelay: number;
  /** A server that wants more patience than this gets no second request: 60,000. */
  maxRetryAfter: number;
}

/** A session, as it is kept between runs of a program. Treat it like a password. */
export interface Tokens {
  accessToken: string;
  refreshToken: string;
  /** Milliseconds since 1970 after which the access token is not used any more. */
  expiresAt: number;
}

/** Where the tokens are kept. Several processes may share one; each refresh reads it first. */
export interface TokenStore {
  load(): Tokens | null | undefined | Promise<Tokens | null | undefined>;
  /** Keeps new tokens, or forgets them (undefined). */
  save(tokens: Tokens | undefined): void | Promise<void>;
}

/** Keeps the tokens for as long as the object lives. */
export class MemoryTokenStore implements TokenStore {
  constructor(tokens?: Tokens);
  load(): Tokens | undefined;
  save(tokens: Tokens | undefined): void;
}

export interface ClientSettings {
  /** Where the installation is. `/api/v1` is added unless the address has a path of its own. Defaults to
   * `AINEXLAYER_BASE_URL` (Node), else `http://localhost:3001`. */
  baseUrl?: string;
  /** A key (`nxl_…`). Defaults to `AINEXLAYER_API_KEY` (Node). Without one, log in. */
  apiKey?: string;
  /** Where the tokens of a login are kept; in memory by default. */
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
  /** The session's tokens; undefined when nobody is logged in. */
  tokens(): Promise<Tokens | undefined>;
  /** Calls an endpoint that this version does not know. `path` comes behind `/api/v1`. */
  request(
    method: string, path: string, content?: { query?: Record<string, unknown>; json?: unknown }, options?: RequestOptions,
  ): Promise<Record<string, unknown>>;
}

export interface Page<T> {
  items: T[];
  /** 1 for the first. */
  page: number;
  limit: number;
  /** Items on all pages together. */
  total: number;
  totalPages: number;
  hasNext: boolean;
  hasPrev: boolean;
}

/**
 * A listing. Nothing is asked for before it is iterated, and no page before it is needed. Pages are
 * numbered, not pointed at: whoever deletes while iterating skips some, so collect with `toArray` first.
 */
export class Pager<T> implements AsyncIterable<T> {
  [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined>;
  pages(): AsyncGenerator<Page<T>, void, undefined>;
  /** One page, the first unless another is named: the way to learn `total`. */
  page(number?: number): Promise<Page<T>>;
  toArray(): Promise<T[]>;
}

/** Told the bytes sent so far and all bytes. Node tells of every block, browsers of the beginning and the end. */
export type Progress = (sent: number, total: number | undefined) => void;

/** A path (Node), bytes, a Blob or File, or a stream of bytes. A stream cannot be sent twice, so it is not retried. */
export type FileContent =
  | string | Blob | ArrayBuffer | ArrayBufferView | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** A file, with a name and type of your own if need be. */
export type FileInput = FileContent | { content: FileContent; filename?: string; contentType?: string };

/** A download that has begun. Read it once, in one of its ways, or close it. */
export class DocumentContent implements AsyncIterable<Uint8Array> {
  private constructor();
  readonly contentType: string;
  readonly filename?: string;
  readonly etag?: string;
  readonly requestId?: string;
  /** Bytes of this download: of the range, when there is one. */
  readonly size?: number;
  /** `bytes 0-1023/4096` when the server gave a part. */
  readonly contentRange?: string;
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined>;
  stream(): ReadableStream<Uint8Array>;
  bytes(): Promise<Uint8Array>;
  text(): Promise<string>;
  blob(): Promise<Blob>;
  /** Writes it to a file (Node) and gives its length. The path gets the whole or is left as it was. */
  save(path: string, settings?: { onProgress?: Progress }): Promise<number>;
  close(): void;
}

export type ChatEvent =
  | { type: "start"; conversationId: string; messageId: string }
  | { type: "sources"; sources: Source[] }
  | { type: "delta"; content: string }
  | { type: "done"; usage: Usage; finishReason: FinishReason; partial?: true }
  /** The answer could not be finished. The error is thrown when the iteration goes on. */
  | { type: "error"; error: APIError };

/** An answer as it is written. Iterate it once; leaving early ends the generation. */
export class ChatStream implements AsyncIterable<ChatEvent> {
  private constructor();
  readonly requestId?: string;
  [Symbol.asyncIterator](): AsyncGenerator<ChatEvent, void, undefined>;
  /** Only the words. Rejects when the answer fails. */
  text(): AsyncGenerator<string, void, undefined>;
  close(): void;
}

/** `Headers`, or an object with names in any case as Node's servers have them. */
export type WebhookHeaders = { get(name: string): string | null } | Record<string, string | string[] | undefined>;

/**
 * Checks the signature and the age of a webhook (the Standard Webhooks specification), and gives its
 * event. Rejects with `WebhookVerificationError`.
 *
 * @param body the request's body exactly as it came, not parsed and written again
 * @param secret the webhook's (`whsec_…`)
 * @param settings `tolerance`: seconds that its time may be away from now (300); `now`: Unix seconds, for tests
 */
export function verifyWebhook(
  body: string | ArrayBuffer | Uint8Array, headers: WebhookHeaders, secret: string,
  settings?: { tolerance?: number; now?: number },
): Promise<WebhookEvent>;

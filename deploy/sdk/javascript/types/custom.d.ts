import type { ChatStream, DocumentContent, FileInput, Progress, RequestOptions, Tokens } from "./index.js";
import type { Document, SignedIn, Uploaded } from "./models.js";
import type { ChatSettings } from "./resources.js";

/** How an object came. The properties are not enumerable, so that they are not sent back with the object. */
export interface FromAnswer {
  /** The entity tag of a resource that you read by itself, for `ifMatch` and `ifNoneMatch`. */
  readonly etag?: string;
  readonly requestId?: string;
}

export type Metadata = Record<string, unknown>;

/** Methods that the generator cannot write. */
export interface CustomAuth {
  /** Creates an account and logs it in. */
  register(
    account: { email: string; password: string; name: string }, options?: RequestOptions,
  ): Promise<SignedIn & FromAnswer>;
  login(account: { email: string; password: string }, options?: RequestOptions): Promise<SignedIn & FromAnswer>;
  /** Renews the tokens now. Otherwise the client does so by itself when it is time. */
  refresh(): Promise<Tokens | undefined>;
  /** Ends the session on the server and forgets its tokens. It is no error if the session has ended already. */
  logout(options?: RequestOptions): Promise<Acknowledged>;
}

/** What deletions and the like return. */
export interface Acknowledged {
  message?: string;
  /** What else the server said. */
  raw: Record<string, unknown>;
}

export interface UploadSettings {
  /** Replaces the file's own. */
  name?: string;
  metadata?: Metadata;
  /** The encoding of text files, such as `windows-1251`; otherwise it is detected. */
  charset?: string;
  /** The language of the text, as its ISO 639-1 code; otherwise it is detected. */
  language?: string;
  onProgress?: Progress;
}

/** The first and the last byte, both included; without a last one to the end, `[-n]` for the last n. */
export type ByteRange = [first: number, last?: number];

export interface CustomDocuments {
  /** If the workspace already has these bytes, returns the document that has them, with `duplicate` set. */
  upload(workspaceId: string, file: FileInput, settings?: UploadSettings, options?: RequestOptions): Promise<Document>;
  /** Makes the document of an upload from `createUpload`, whose bytes have been sent to its URL. */
  finishUpload(
    workspaceId: string, uploadId: string, settings?: Omit<UploadSettings, "onProgress">, options?: RequestOptions,
  ): Promise<Document>;
  /** Several files in one request. A file that cannot be read does not keep the others out: look at `errors`. */
  uploadMany(
    workspaceId: string, files: FileInput[], settings?: Omit<UploadSettings, "name">, options?: RequestOptions,
  ): Promise<Uploaded>;
  /** Starts to download the original bytes. */
  content(
    workspaceId: string, documentId: string, settings?: { range?: ByteRange }, options?: RequestOptions,
  ): Promise<DocumentContent>;
}

export interface CustomChat {
  /** Asks, and returns the answer while it is written. */
  stream(workspaceId: string, message: string, settings?: ChatSettings, options?: RequestOptions): Promise<ChatStream>;
}

export interface CustomSystem {
  openapi(options?: RequestOptions): Promise<Record<string, unknown>>;
  docs(options?: RequestOptions): Promise<string>;
}

import { builtin, isNode, randomName } from "./platform.js";

/** How many bytes to pass on at a time. */
const BLOCK = 64 * 1024;

/**
 * Uploads as multipart/form-data (RFC 7578). Node sends the files as it reads them; browsers get a
 * Blob of Blobs, which they read from the disk themselves.
 */
export class MultipartForm {
  #pieces = [];
  #boundary;
  #onProgress;
  #started = false;

  static async of(files, fields, onProgress) {
    const form = new MultipartForm();
    form.#boundary = `nexlayer-${await randomName()}`;
    form.#onProgress = onProgress;
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) form.#add(fromBytes(encode(`${form.#head(name)}${value}\r\n`)));
    }
    for (const file of files) {
      const source = await sourceOf(file);
      form.#add(fromBytes(encode(form.#head("file", source))));
      form.#add(source);
      form.#add(fromBytes(encode("\r\n")));
    }
    form.#add(fromBytes(encode(`--${form.#boundary}--\r\n`)));
    // Browsers do not send streams over HTTP/1.1. So a stream becomes a Blob, which they may keep on the disk.
    if (!isNode) form.#pieces = await Promise.all(form.#pieces.map(blobbed));
    return form;
  }

  #add(piece) {
    this.#pieces.push(piece);
  }

  #head(name, source) {
    const quoted = (text) => text.replace(/["\\]/g, "\\$&").replace(/[\r\n]/g, " ");
    const file = source ? `; filename="${quoted(source.filename)}"` : "";
    const type = source?.contentType ? `Content-Type: ${source.contentType.replace(/[\r\n]/g, " ")}\r\n` : "";
    return `--${this.#boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n${type}\r\n`;
  }

  /** In bytes; undefined if one of the files is a stream. */
  get size() {
    return this.#pieces.reduce((sum, piece) => sum + (piece.size ?? NaN), 0) || undefined;
  }

  /** Whether the progress of sending is visible. */
  get tellsProgress() {
    return isNode;
  }

  /** Whether it was sent and cannot be repeated. */
  get isSpent() {
    return this.#started && this.#pieces.some((piece) => piece.isOnce);
  }

  get headers() {
    const headers = { "Content-Type": `multipart/form-data; boundary=${this.#boundary}` };
    return isNode && this.size !== undefined ? { ...headers, "Content-Length": String(this.size) } : headers;
  }

  /** What `fetch` needs for one attempt. It calls `moved` for each block that was read. */
  init(moved) {
    if (!isNode) {
      const body = new Blob(this.#pieces.map((piece) => piece.blob));
      this.#onProgress?.(0, body.size);
      return { body };
    }
    const chunks = this.#chunks(moved);
    const pull = async (controller) => {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    };
    return { body: new ReadableStream({ pull, cancel: () => chunks.return() }, { highWaterMark: 0 }), duplex: "half" };
  }

  async *#chunks(moved) {
    this.#started = true;
    let sent = 0;
    for (const piece of this.#pieces) {
      for await (const chunk of piece.chunks()) {
        yield chunk;
        moved();
        sent += chunk.byteLength;
        this.#onProgress?.(sent, this.size);
      }
    }
  }

  /** Reports that everything arrived, where the progress is not visible. */
  finish() {
    if (!isNode && this.size !== undefined) this.#onProgress?.(this.size, this.size);
  }
}

const encode = (text) => new TextEncoder().encode(text);

/** `{ filename, contentType, size, chunks(), isOnce, blob }` of anything that can be uploaded. */
async function sourceOf(upload) {
  const isDescribed = Object.getPrototypeOf(upload) === Object.prototype && "content" in upload;
  const { content, filename, contentType } = isDescribed ? upload : { content: upload };
  const source = await contentOf(content);
  return { ...source, filename: filename ?? source.filename ?? "untitled", contentType: contentType ?? source.contentType };
}

async function contentOf(content) {
  if (typeof content === "string") return fromPath(content);
  if (content instanceof Blob) return fromBlob(content);
  if (content instanceof ArrayBuffer) return fromBytes(new Uint8Array(content));
  if (ArrayBuffer.isView(content)) return fromBytes(new Uint8Array(content.buffer, content.byteOffset, content.byteLength));
  if (content instanceof ReadableStream) return fromIterable(streamed(content));
  if (content?.[Symbol.asyncIterator]) return fromIterable(content);
  throw new TypeError("A file is a path, bytes, a Blob or File, or a stream of bytes");
}

function fromBytes(bytes) {
  return {
    size: bytes.byteLength,
    blob: new Blob([bytes]),
    async *chunks() {
      for (let at = 0; at < bytes.byteLength; at += BLOCK) yield bytes.subarray(at, at + BLOCK);
    },
  };
}

function fromBlob(blob) {
  return {
    filename: blob.name, contentType: blob.type || undefined, size: blob.size, blob,
    chunks: () => streamed(blob.stream()),
  };
}

async function fromPath(path) {
  if (!isNode) throw new TypeError("Paths can be uploaded in Node only; take a File or Blob");
  const [{ createReadStream }, { stat }, { basename }] = await Promise.all(["fs", "fs/promises", "path"].map(builtin));
  const { size } = await stat(path);
  return {
    filename: basename(path), size,
    async *chunks() {
      let left = size;
      // NB: `end` is the last byte, and an empty file has none.
      if (size > 0) {
        for await (const chunk of createReadStream(path, { end: size - 1, highWaterMark: BLOCK })) {
          left -= chunk.byteLength;
          yield chunk;
        }
      }
      if (left !== 0) throw new Error("The file became shorter while it was sent");
    },
  };
}

function fromIterable(iterable) {
  const name = typeof iterable.path === "string" ? iterable.path.split("/").pop() : undefined;
  return { filename: name, isOnce: true, chunks: () => iterable };
}

async function* streamed(stream) {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function blobbed(piece) {
  if (piece.blob) return piece;
  const parts = [];
  for await (const chunk of piece.chunks()) parts.push(chunk);
  return fromBlob(new Blob(parts));
}

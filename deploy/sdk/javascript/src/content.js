import { builtin, randomName } from "./platform.js";

/** A range as HTTP writes it: the first and the last byte, both included; `[-n]` for the last n. */
export function rangeHeader([first, last]) {
  if (first < 0 && last !== undefined) throw new TypeError("A range from the end takes no last byte");
  return first < 0 ? `bytes=${first}` : `bytes=${first}-${last ?? ""}`;
}

/** A download in progress. Read it once, in one of these ways, or close it. */
export class DocumentContent {
  #answer;

  constructor(answer) {
    const { headers } = answer;
    this.#answer = answer;
    this.contentType = headers.get("content-type") ?? "application/octet-stream";
    this.etag = headers.get("etag") ?? undefined;
    this.requestId = answer.requestId;
    this.size = headers.has("content-length") ? Number(headers.get("content-length")) : undefined;
    this.contentRange = headers.get("content-range") ?? undefined;
    this.filename = filenameOf(headers.get("content-disposition") ?? "");
  }

  /** The bytes as they arrive. Leaving early closes the connection. */
  [Symbol.asyncIterator]() {
    return this.#answer.chunks();
  }

  stream() {
    const chunks = this.#answer.chunks();
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => this.close(),
    });
  }

  bytes() {
    return this.#answer.bytes();
  }

  async text() {
    return new TextDecoder().decode(await this.bytes());
  }

  async blob() {
    const parts = [];
    for await (const chunk of this) parts.push(chunk);
    return new Blob(parts, { type: this.contentType });
  }

  /** Writes it to a file (Node). If it fails, the path does not change. */
  async save(path, { onProgress } = {}) {
    const [{ open, rename, rm }, { basename, dirname, join }] = await Promise.all([builtin("fs/promises"), builtin("path")]);
    const partial = join(dirname(path), `.${basename(path)}.${await randomName()}.part`);
    const file = await open(partial, "wx");
    let written = 0;
    try {
      for await (const chunk of this) {
        await file.writeFile(chunk);
        written += chunk.byteLength;
        onProgress?.(written, this.size);
      }
      await file.close();
      await rename(partial, path);
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(partial, { force: true });
      throw error;
    }
    return written;
  }

  close() {
    this.#answer.close();
  }
}

/** RFC 6266: prefers the extended form. Removes folders, so that a name cannot lead elsewhere. */
function filenameOf(disposition) {
  const extended = /filename\*\s*=\s*UTF-8''([^;]+)/i.exec(disposition);
  const plain = /filename\s*=\s*"([^"]*)"/i.exec(disposition);
  return decoded(extended?.[1], plain?.[1] ?? "").split(/[/\\]/).pop() || undefined;
}

function decoded(extended, plain) {
  try {
    return extended === undefined ? plain : decodeURIComponent(extended);
  } catch {
    return plain;
  }
}

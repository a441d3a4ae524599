/** A scripted server, for what a real one does not do on demand. */
import http from "node:http";

import { AINexLayer } from "../src/index.js";
import { QUICK } from "./installation.js";

export const USER = {
  id: "usr_1", email: "a@b.c", name: "A", role: "user", status: "active", lastLoginAt: null,
  createdAt: "2026-11-23T20:45:24.120Z", updatedAt: "2026-11-23T20:45:24.120Z",
};

export function answer(status, body = { success: true, data: {} }, headers = {}) {
  return (seen, response) => response.writeHead(status, headers).end(typeof body === "string" ? body : JSON.stringify(body));
}

export const found = answer(200, { success: true, data: USER });

export function error(status, code, headers = {}) {
  return answer(status, { success: false, error: { code, message: code, requestId: "r1" } }, headers);
}

/** Closes the connection without a word. */
export function drop(seen, response) {
  response.socket.destroy();
}

/** Server-Sent Events in these blocks; without an end the connection breaks after them. */
export function stream(blocks, { ends = true } = {}) {
  return async (seen, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const block of blocks) await new Promise((resolve) => response.write(block, resolve));
    if (ends) response.end();
    else response.socket.destroy();
  };
}

/** Answers each request by the next script, and by the last one from then on. */
export class Stub {
  #scripts;
  #server;
  seen = [];

  static async start(...scripts) {
    const stub = new Stub();
    stub.#scripts = scripts.length ? scripts : [answer(200)];
    stub.#server = http.createServer((request, response) => stub.#serve(request, response));
    await new Promise((resolve) => stub.#server.listen(0, "127.0.0.1", resolve));
    stub.url = `http://127.0.0.1:${stub.#server.address().port}`;
    /** Resolves when a client has closed a connection. */
    stub.closed = new Promise((resolve) => stub.#server.on("connection", (socket) => socket.once("close", resolve)));
    return stub;
  }

  #serve(request, response) {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const seen = { method: request.method, target: request.url, headers: request.headers, body: Buffer.concat(chunks) };
      this.seen.push(seen);
      const script = this.#scripts.length > 1 ? this.#scripts.shift() : this.#scripts[0];
      script(seen, response);
    });
  }

  client(settings = {}) {
    return new AINexLayer({ baseUrl: this.url, apiKey: "nxl_test", retry: QUICK, ...settings });
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A stub that ends with the test. */
export async function stubFor(t, ...scripts) {
  const stub = await Stub.start(...scripts);
  t.after(() => stub.stop());
  return stub;
}

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  AINexLayerError, APIConnectionError, APITimeoutError, RateLimitError, ServerError, ServiceUnavailableError,
} from "../src/index.js";
import { retryAfterOf, retryDelay } from "../src/retry.js";
import { sleep } from "./installation.js";
import { answer, drop, error, found, stubFor } from "./stub.js";

const NEW_USER = { email: "a@b.c", name: "A", password: "12345678" };

test("waits as long as the server wants", async (t) => {
  const stub = await stubFor(t, error(429, "RATE_LIMIT_EXCEEDED", { "retry-after": "1" }), found);
  const start = performance.now();
  assert.equal((await stub.client().users.me()).id, "usr_1");
  assert.ok(performance.now() - start >= 990);
  assert.equal(stub.seen.length, 2);
});

test("gives up when the server wants too much patience", async (t) => {
  const stub = await stubFor(t, error(429, "RATE_LIMIT_EXCEEDED", { "retry-after": "3600" }));
  await assert.rejects(stub.client().users.me(), (raised) => raised instanceof RateLimitError && raised.retryAfter === 3600);
  assert.equal(stub.seen.length, 1);
});

test("repeats 503 and broken connections", async (t) => {
  const stub = await stubFor(t, error(503, "SERVICE_UNAVAILABLE"), drop, found);
  assert.equal((await stub.client().users.me()).name, "A");
  assert.equal(stub.seen.length, 3);
});

test("a repeated POST keeps its idempotency key", async (t) => {
  const stub = await stubFor(t, drop, error(503, "X"), error(409, "CONFLICT", { "retry-after": "0" }), found);
  const client = stub.client();
  await client.users.create(NEW_USER);
  await client.users.create(NEW_USER);
  await client.users.create(NEW_USER, { idempotencyKey: "mine" });
  const keys = stub.seen.map((seen) => seen.headers["idempotency-key"]);
  assert.equal(new Set(keys.slice(0, 4)).size, 1);
  assert.notEqual(keys[3], keys[4]);
  assert.equal(keys[5], "mine");
});

test("does not repeat what would fail again", async (t) => {
  for (const status of [400, 401, 403, 404, 409, 412, 422, 500]) {
    const stub = await stubFor(t, error(status, "X"));
    await assert.rejects(stub.client().users.me(), (raised) => raised.status === status && raised.requestId === "r1");
    assert.equal(stub.seen.length, 1);
  }
});

test("repeats a 502 unless the model rejected the request", async (t) => {
  const lost = await stubFor(t, error(502, "BAD_GATEWAY"), found);
  await lost.client().users.me();
  assert.equal(lost.seen.length, 2);
  const rejected = await stubFor(t, error(502, "LLM_REJECTED"));
  await assert.rejects(rejected.client().users.me(), (raised) => raised.code === "LLM_REJECTED");
  assert.equal(rejected.seen.length, 1);
});

test("gives up after the last retry", async (t) => {
  const stub = await stubFor(t, error(503, "SERVICE_UNAVAILABLE"));
  await assert.rejects(stub.client().users.me({ maxRetries: 2 }), ServiceUnavailableError);
  assert.equal(stub.seen.length, 3);
});

test("a stream is not asked twice", async (t) => {
  const stub = await stubFor(t, drop);
  await assert.rejects(stub.client().chat.stream("ws_1", "Hello?"), APIConnectionError);
  assert.equal(stub.seen.length, 1);
});

test("a slow server is a timeout", async (t) => {
  const stub = await stubFor(t, () => undefined);
  await assert.rejects(stub.client({ timeout: 100 }).users.me({ maxRetries: 0 }), APITimeoutError);
});

test("a timeout inside of an answer", async (t) => {
  const stub = await stubFor(t, (seen, response) => response.writeHead(200).write("{"));
  await assert.rejects(stub.client({ timeout: 100 }).users.me({ maxRetries: 0 }), APITimeoutError);
});

test("a signal ends a request, a wait between two, and one that has not begun", async (t) => {
  const silent = await stubFor(t, () => undefined);
  const waiting = await stubFor(t, error(429, "RATE_LIMIT_EXCEEDED", { "retry-after": "30" }));
  for (const stub of [silent, waiting]) {
    const controller = new AbortController();
    const call = stub.client().users.me({ signal: controller.signal });
    while (stub.seen.length === 0) await sleep(5);
    controller.abort(new Error("enough"));
    await assert.rejects(call, { message: "enough" });
  }
  await assert.rejects(silent.client().users.me({ signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.equal(silent.seen.length, 1);
});

test("nobody there", async (t) => {
  const stub = await stubFor(t);
  const client = stub.client();
  await stub.stop();
  await assert.rejects(client.users.me(), (raised) => raised instanceof APIConnectionError && raised.status === undefined);
});

test("what is no JSON is an error of its own", async (t) => {
  const page = await stubFor(t, answer(200, "<html>"));
  await assert.rejects(page.client().users.me(), { code: "UNEXPECTED_ANSWER" });
  const broken = await stubFor(t, answer(500, "<html>"));
  await assert.rejects(broken.client().users.me(), (raised) => raised instanceof ServerError && raised.code === "HTTP_500");
});

test("identifiers cannot lead elsewhere", async (t) => {
  const stub = await stubFor(t, found);
  for (const wrong of ["", ".", "..", undefined]) assert.throws(() => stub.client().users.get(wrong), TypeError);
  await stub.client().users.get("a/../b?c");
  assert.equal(stub.seen[0].target, "/api/v1/users/a%2F..%2Fb%3Fc");
});

test("a base address with a path of its own", async (t) => {
  const stub = await stubFor(t, found);
  await stub.client({ baseUrl: `${stub.url}/behind/a/proxy/` }).users.me();
  assert.equal(stub.seen[0].target, "/behind/a/proxy/users/me");
});

test("backoff doubles with jitter up to its limit", () => {
  const policy = { maxRetries: 10, baseDelay: 100, maxDelay: 400, maxRetryAfter: 1000 };
  const problem = new APIConnectionError("", { code: "CONNECTION_ERROR" });
  [100, 200, 400, 400].forEach((longest, attempt) => {
    const delays = Array.from({ length: 200 }, () => retryDelay(policy, problem, attempt, true));
    assert.ok(delays.every((delay) => delay >= longest / 2 && delay <= longest));
    assert.ok(new Set(delays).size > 100);
  });
  assert.equal(retryDelay(policy, problem, 10, true), undefined);
  assert.equal(retryDelay(policy, new AINexLayerError("", { status: 409 }), 0, true), undefined);
});

test("Retry-After is a number or a date", () => {
  const read = (value) => retryAfterOf(new Headers(value === undefined ? {} : { "retry-after": value }));
  assert.equal(read("7"), 7);
  const inAMinute = read(new Date(Date.now() + 60_000).toUTCString());
  assert.ok(inAMinute > 55 && inAMinute <= 60);
  assert.equal(read(new Date(0).toUTCString()), 0);
  assert.equal(read("soon"), undefined);
  assert.equal(read(undefined), undefined);
});

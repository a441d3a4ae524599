import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { WebhookVerificationError, verifyWebhook } from "../src/index.js";

const KEY = Buffer.from("a secret of twenty-four!");
const SECRET = `whsec_${KEY.toString("base64")}`;
const EVENT = {
  id: "evt_1", type: "document.processed", timestamp: "2026-11-23T20:45:24.120Z", workspaceId: "ws_1", data: { name: "Größe" },
};
const BODY = JSON.stringify(EVENT);
const NOW = 1_800_000_000;

function signed({ body = BODY, timestamp = String(NOW), key = KEY } = {}) {
  const signature = createHmac("sha256", key).update(`msg_1.${timestamp}.${body}`).digest("base64");
  return { "Webhook-Id": "msg_1", "webhook-timestamp": timestamp, "WEBHOOK-SIGNATURE": `v1,${signature}` };
}

test("the specification's own example", async () => {
  const headers = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  };
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const event = await verifyWebhook('{"test": 2432232314}', headers, secret, { now: 1614265330 });
  assert.deepEqual(event, { test: 2432232314 });
});

test("a good one, as text or bytes, with headers of every kind", async () => {
  assert.deepEqual(await verifyWebhook(BODY, signed(), SECRET, { now: NOW }), EVENT);
  assert.deepEqual(await verifyWebhook(new TextEncoder().encode(BODY), new Headers(signed()), SECRET, { now: NOW + 300 }), EVENT);
});

test("one of several signatures is enough", async () => {
  const headers = signed();
  headers["WEBHOOK-SIGNATURE"] = `v1a,xyz v1,AAAA nonsense ${headers["WEBHOOK-SIGNATURE"]}`;
  assert.equal((await verifyWebhook(BODY, headers, SECRET, { now: NOW })).id, "evt_1");
});

test("what is refused", async (t) => {
  const cases = {
    body: [`${BODY} `, signed(), NOW],
    secret: [BODY, signed({ key: Buffer.from("another secret of ours!!") }), NOW],
    old: [BODY, signed(), NOW + 301],
    future: [BODY, signed(), NOW - 301],
    "moved time": [BODY, { ...signed(), "webhook-timestamp": String(NOW + 1) }, NOW],
    "no time": [BODY, signed({ timestamp: "now" }), NOW],
    nothing: [BODY, {}, NOW],
    "not JSON": ["{", signed({ body: "{" }), NOW],
  };
  for (const [name, [body, headers, now]] of Object.entries(cases)) {
    await t.test(name, () => assert.rejects(verifyWebhook(body, headers, SECRET, { now }), WebhookVerificationError));
  }
});

test("a secret that is none", async () => {
  for (const secret of ["", "whsec_", "whsec_%%%"]) {
    await assert.rejects(verifyWebhook(BODY, signed(), secret, { now: NOW }), TypeError);
  }
});

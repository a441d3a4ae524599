import { WebhookVerificationError } from "./errors.js";
import { webCrypto } from "./platform.js";

/** How many seconds the sender's clock and ours may differ. */
const TOLERANCE = 300;

/**
 * Checks the signature and the age of a webhook (the Standard Webhooks specification), and resolves to its
 * event. Rejects with `WebhookVerificationError`.
 */
export async function verifyWebhook(body, headers, secret, { tolerance = TOLERANCE, now = Date.now() / 1000 } = {}) {
  const raw = typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
  const given = reader(headers);
  const [id, timestamp, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(given);
  if (!id || !timestamp || !signatures) refuse("webhook-id, webhook-timestamp or webhook-signature is missing");
  if (!/^\d+$/.test(timestamp)) refuse("webhook-timestamp is not a time");
  const signed = await new Blob([`${id}.${timestamp}.`, raw]).arrayBuffer();
  if (!(await isSigned(signed, signatures, secret))) refuse("No signature is right");
  // After the signature, so that a stranger learns nothing about our clock.
  if (Math.abs(now - Number(timestamp)) > tolerance) refuse("It is too old, or from the future");
  try {
    return JSON.parse(new TextDecoder().decode(raw));
  } catch {
    return refuse("The body is not JSON");
  }
}

async function isSigned(signed, signatures, secret) {
  const { subtle } = await webCrypto();
  const key = await subtle.importKey("raw", keyOf(secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  let isRight = false;
  for (const signature of signatures.split(" ")) {
    const value = signature.startsWith("v1,") ? fromBase64(signature.slice(3)) : undefined;
    // Web Crypto compares in constant time.
    if (value && (await subtle.verify("HMAC", key, value, signed))) isRight = true;
  }
  return isRight;
}

function keyOf(secret) {
  const key = fromBase64(secret.replace(/^whsec_/, ""));
  if (!key?.byteLength) throw new TypeError("The secret of a webhook is whsec_ and base64");
  return key;
}

function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** Reads `Headers`, or an object with names in any case, as in Node's servers. */
function reader(headers) {
  if (typeof headers.get === "function") return (name) => headers.get(name);
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return (name) => (Array.isArray(lower[name]) ? lower[name][0] : lower[name]);
}

function refuse(why) {
  throw new WebhookVerificationError(`The webhook is refused: ${why}`, { code: "WEBHOOK_INVALID" });
}

import { APIConnectionError } from "./errors.js";

/** The server says that it has not done it: always safe to send again. */
const DECLINED = new Set([429, 503]);
/** Something in between gave up, and what happened behind it is unknown. */
const LOST = new Set([502, 504]);

/** Times in milliseconds: attempts after the first, the longest first wait (it doubles), the longest
 * wait of our own making, and the most patience that a server may ask for. */
export const DEFAULT_RETRY = Object.freeze({ maxRetries: 3, baseDelay: 500, maxDelay: 8_000, maxRetryAfter: 60_000 });

/**
 * Milliseconds until the next attempt, undefined when there must be none.
 *
 * @param attempt counts from 0
 * @param repeatable doing it twice is as good as doing it once
 */
export function retryDelay(policy, error, attempt, repeatable) {
  if (attempt >= policy.maxRetries || !isWorthIt(error, repeatable)) return undefined;
  // Full jitter over the upper half, so that clients that failed together do not return together.
  const backoff = Math.min(policy.maxDelay, policy.baseDelay * 2 ** attempt) * (0.5 + Math.random() / 2);
  if (error.retryAfter === undefined) return backoff;
  const wanted = error.retryAfter * 1000;
  if (wanted > policy.maxRetryAfter) return undefined;
  return wanted > 0 ? wanted + backoff * 0.1 : backoff;
}

function isWorthIt(error, repeatable) {
  if (error instanceof APIConnectionError) return repeatable;
  if (DECLINED.has(error.status)) return true;
  // 409 with Retry-After: the first request with this idempotency key is still being worked on.
  const inWork = error.status === 409 && error.retryAfter !== undefined;
  return repeatable && (LOST.has(error.status) || inWork);
}

/** `Retry-After` in seconds (RFC 9110 section 10.2.3): a number, or a date. */
export function retryAfterOf(headers) {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

/** Waits; rejects with the signal's reason when that comes first. */
export function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

/** The promise's outcome, unless the signal comes first. What the promise does goes on. */
export function orAbort(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

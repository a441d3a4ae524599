import { APIConnectionError } from "./errors.js";

/** The server did nothing, so a retry is always safe. */
const DECLINED = new Set([429, 503]);
/** A gateway gave up, and the outcome is unknown. */
const LOST = new Set([502, 504]);
/** The provider of the language model would reject the request again. */
const REJECTED = "LLM_REJECTED";

/** Attempts after the first, the longest first wait (it doubles), the longest wait that the client chooses, and the
 * longest that a server may ask for. Times are in milliseconds. */
export const DEFAULT_RETRY = Object.freeze({ maxRetries: 3, baseDelay: 500, maxDelay: 8_000, maxRetryAfter: 60_000 });

/**
 * Milliseconds until the next attempt, or undefined if there must not be one.
 *
 * @param attempt counts from 0
 * @param repeatable whether doing it twice has the same effect as doing it once
 */
export function retryDelay(policy, error, attempt, repeatable) {
  if (attempt >= policy.maxRetries || !isWorthIt(error, repeatable)) return undefined;
  // Random over the upper half, so that clients that failed at the same time do not retry at the same time.
  const backoff = Math.min(policy.maxDelay, policy.baseDelay * 2 ** attempt) * (0.5 + Math.random() / 2);
  if (error.retryAfter === undefined) return backoff;
  const wanted = error.retryAfter * 1000;
  if (wanted > policy.maxRetryAfter) return undefined;
  return wanted > 0 ? wanted + backoff * 0.1 : backoff;
}

function isWorthIt(error, repeatable) {
  if (error instanceof APIConnectionError) return repeatable;
  if (DECLINED.has(error.status)) return true;
  // 409 with Retry-After: the first request with this idempotency key is still in progress.
  const inWork = error.status === 409 && error.retryAfter !== undefined;
  const isLost = LOST.has(error.status) && error.code !== REJECTED;
  return repeatable && (isLost || inWork);
}

/** `Retry-After` in seconds (RFC 9110 section 10.2.3): a number, or a date. */
export function retryAfterOf(headers) {
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

/** Waits. Rejects with the signal's reason if that comes first. */
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

/** The outcome of the promise, unless the signal comes first. The promise itself continues. */
export function orAbort(promise, signal) {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

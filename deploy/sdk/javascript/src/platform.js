/** What differs between Node and browsers. */

export const isNode = typeof globalThis.process?.versions?.node === "string";

/** An environment variable; undefined in browsers. */
export function environment(name) {
  return globalThis.process?.env?.[name] || undefined;
}

/** One of Node's modules, hidden from bundlers for browsers. */
export function builtin(name) {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ `node:${name}`);
}

/** Web Crypto. Node 18 has it, but not as a global. */
export async function webCrypto() {
  return globalThis.crypto ?? (await builtin("crypto")).webcrypto;
}

/** 32 random hexadecimal digits. */
export async function randomName() {
  const bytes = (await webCrypto()).getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

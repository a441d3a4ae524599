/** The real runner over the built functions, on a data folder of its own. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { AINexLayer } from "../src/index.js";

export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const RUNNER = process.env.RUNNER ?? join(ROOT, "build/bin/runner");
export const FUNCTIONS = process.env.FUNCTIONS_DIR ?? join(ROOT, "build/functions");
export const PASSWORD = "correct horse battery";
/** Waits that tests can afford. */
export const QUICK = { baseDelay: 10, maxDelay: 50 };

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What `test` needs to know of functions that are not built here: the reason to skip, or false. */
export function without(...functions) {
  const missing = functions.filter((name) => !existsSync(join(FUNCTIONS, name)));
  return { skip: missing.length ? `not built: ${missing.join(", ")}` : false };
}

/** A running installation without rate limits, unless the environment says otherwise. */
export class Installation {
  #runner;
  #folder;
  #people = 0;

  static async start(environment = {}) {
    const installation = new Installation();
    await installation.#start(environment);
    return installation;
  }

  async #start(environment) {
    this.#folder = await mkdtemp(join(tmpdir(), "nexlayer-sdk-"));
    const port = join(this.#folder, "port");
    const limits = { RATE_LIMIT_AUTH: "0", RATE_LIMIT_GENERAL: "0", RATE_LIMIT_UPLOAD: "0", RATE_LIMIT_CHAT: "0" };
    this.#runner = spawn(RUNNER, ["serve", "--port", "0", "--port-file", port, "--functions", FUNCTIONS, "--quiet"], {
      cwd: this.#folder, stdio: "ignore",
      env: { PATH: process.env.PATH, DATA_DIR: join(this.#folder, "data"), ...limits, ...environment },
    });
    for (let tries = 0; tries < 1500 && this.#runner.exitCode === null; tries += 1) {
      const text = existsSync(port) ? (await readFile(port, "utf8")).trim() : "";
      if (text) {
        this.url = `http://127.0.0.1:${text}`;
        return;
      }
      await sleep(10);
    }
    throw new Error("The runner did not start");
  }

  /** A client of somebody new; the first is the administrator. */
  async client(settings = {}) {
    const client = new AINexLayer({ baseUrl: this.url, retry: QUICK, ...settings });
    this.#people += 1;
    const email = `user${this.#people}@example.com`;
    await client.auth.register({ email, password: PASSWORD, name: `User ${this.#people}` });
    return client;
  }

  async stop() {
    const ended = new Promise((resolve) => this.#runner.once("exit", resolve));
    if (this.#runner.exitCode === null) {
      this.#runner.kill("SIGTERM");
      const patience = setTimeout(() => this.#runner.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(patience);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

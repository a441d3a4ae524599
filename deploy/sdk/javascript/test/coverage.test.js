import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import * as sdk from "../src/index.js";
import { FUNCTIONS, Installation, QUICK, ROOT, without } from "./installation.js";
import { stubFor } from "./stub.js";

// What the contract names a method for.
const { paths } = JSON.parse(readFileSync(join(ROOT, "deploy/openapi.json"), "utf8"));
const OPERATIONS = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods)
  .filter(([, operation]) => operation["x-sdk"])
  .map(([method, operation]) => ({
    function: operation.operationId.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    method: method.toUpperCase(), path, call: operation["x-sdk"].method,
  })));
const WITHOUT_ROUTE = ["backup", "check-index", "run-jobs", "transfer"];
const ACCOUNT = { email: "a@b.c", password: "12345678", name: "A" };
const ARGUMENTS = {
  register: [ACCOUNT], login: [ACCOUNT], "upload-document": ["1", new Uint8Array([1])], "search-documents": ["1", "words"],
  "send-message": ["1", "words"], "create-user": [ACCOUNT],
};

test("every method calls its endpoint", async (t) => {
  for (const { function: name, method, path, call } of OPERATIONS) {
    await t.test(name, async (t) => {
      const stub = await stubFor(t);
      const tokens = { accessToken: "access", refreshToken: "refresh", expiresAt: Date.now() + 1e9 };
      const client = new sdk.AINexLayer({ baseUrl: stub.url, tokenStore: new sdk.MemoryTokenStore(tokens), retry: QUICK });
      const [group, operation] = call.split(".");
      const identifiers = Array.from(path.matchAll(/\{/g), (_, index) => String(index));
      const result = client[group][operation](...(ARGUMENTS[name] ?? [...identifiers, {}]));
      // The stub's empty answer is no model; what was asked is what counts.
      await Promise.resolve(result.page ? result.page() : result).catch(() => undefined);
      const pattern = new RegExp(`^/api/v1${path.replace(/\{\w+\}/g, "[^/?]+").replace(".", "\\.")}(\\?.*)?$`);
      assert.equal(stub.seen[0].method, method);
      assert.match(stub.seen[0].target, pattern);
    });
  }
});

test("every built function is an operation", () => {
  const known = new Map(OPERATIONS.map((operation) => [operation.function, operation]));
  const built = readdirSync(FUNCTIONS).filter((name) => !WITHOUT_ROUTE.includes(name));
  assert.ok(built.length > 0);
  for (const name of built) {
    const described = JSON.parse(execFileSync(join(FUNCTIONS, name), ["--describe"], { encoding: "utf8" }));
    assert.deepEqual([known.get(name)?.method, known.get(name)?.path], [described.method, described.path]);
  }
});

test("the OpenAPI document has no more", without("openapi"), async (t) => {
  const installation = await Installation.start();
  t.after(() => installation.stop());
  const document = await new sdk.AINexLayer({ baseUrl: installation.url }).system.openapi();
  const ours = new Set(OPERATIONS.map(({ method, path }) => `${method} ${path}`));
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of Object.keys(methods).filter((name) => ["get", "post", "put", "delete"].includes(name))) {
      assert.ok(ours.has(`${method.toUpperCase()} ${path.replace(/^\/api\/v1/, "")}`), `${method} ${path}`);
    }
  }
});

test("the types name what is exported, and nothing else", () => {
  const types = ["index", "errors"].map((name) => readFileSync(join(ROOT, `deploy/sdk/javascript/types/${name}.d.ts`), "utf8"));
  const declared = types.join("\n").matchAll(/^export (?:class|const|function) (\w+)/gm);
  assert.deepEqual(Array.from(declared, ([, name]) => name).sort(), Object.keys(sdk).sort());
});

test("the types have every operation", () => {
  const types = ["resources", "custom"].map(
    (name) => readFileSync(join(ROOT, `deploy/sdk/javascript/types/${name}.d.ts`), "utf8")).join("\n");
  for (const { call } of OPERATIONS) {
    const [group, operation] = call.split(".");
    const name = group === "apiKeys" ? "APIKeys" : group[0].toUpperCase() + group.slice(1);
    const bodies = Array.from(types.matchAll(new RegExp(`export interface (?:Custom)?${name} [^{]*\\{([^]*?)\\n\\}`, "g")));
    assert.match(bodies.map(([, body]) => body).join("\n"), new RegExp(`^  ${operation}\\(`, "m"), call);
  }
});

test("the first lines of the README run", async (t) => {
  const readme = readFileSync(join(ROOT, "deploy/sdk/javascript/README.md"), "utf8");
  const [, lines] = /```js\n([^]*?)```/.exec(readme);
  assert.ok(lines.trim().split("\n").length <= 10);
  const installation = await Installation.start();
  t.after(() => installation.stop());
  const program = lines.replace("http://localhost:3001", installation.url);
  // In this folder the package knows itself by its name.
  const cwd = join(ROOT, "deploy/sdk/javascript");
  const said = execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8", cwd });
  assert.match(said, /Dogs bark at night/);
});

test("the versions agree", () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, "deploy/sdk/javascript/package.json"), "utf8"));
  const python = readFileSync(join(ROOT, "deploy/sdk/python/src/ainexlayer/_version.py"), "utf8");
  assert.equal(sdk.VERSION, version);
  assert.match(python, new RegExp(`VERSION = "${version}"`));
});

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";

import { Installation } from "./installation.js";

/** Without `process` the SDK takes the paths that it takes in browsers. */
const PROGRAM = `
  const { argv, stdout } = process;
  delete globalThis.process;
  const { AINexLayer } = await import(argv[1]);
  const client = new AINexLayer({ baseUrl: argv[2] });
  await client.auth.register({ email: "ada@example.com", password: "correct horse", name: "Ada" });
  const { id } = await client.workspaces.create({ name: "Handbook" });
  const progress = [];
  const text = "# Pets\\n\\nDogs bark at night.";
  const { documents: [first, second] } = await client.documents.uploadMany(id, [
    { content: new Blob([text]), filename: "say \\"hi\\".md" }, new Blob(["streamed"]).stream(),
  ], { onProgress: (sent, total) => progress.push(sent / total) });
  const isRefused = await client.documents.upload(id, "/etc/hostname").then(() => false, (error) => error instanceof TypeError);
  const content = await (await client.documents.content(id, first.id)).text();
  let said = "";
  for await (const words of (await client.chat.stream(id, "When do dogs bark?")).text()) said += words;
  stdout.write(JSON.stringify({ names: [first.name, second.name], isSame: content === text, progress, isRefused, said }));
`;

test("what browsers do", async (t) => {
  const installation = await Installation.start();
  t.after(() => installation.stop());
  const module = new URL("../src/index.js", import.meta.url).href;
  const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM, module, installation.url]);
  let [out, wrong] = ["", ""];
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (wrong += data));
  await new Promise((resolve) => child.once("close", resolve));
  assert.equal(wrong, "");
  const { said, ...rest } = JSON.parse(out);
  assert.deepEqual(rest, { names: ['say "hi".md', "untitled"], isSame: true, progress: [0, 1], isRefused: true });
  assert.match(said, /Dogs bark at night/);
});

test("browsers may call and read what the SDK needs", async (t) => {
  const origin = "https://app.example.com";
  const installation = await Installation.start({ CORS_ORIGINS: origin });
  t.after(() => installation.stop());
  const wanted = "authorization,content-type,idempotency-key,if-match,if-none-match,range";
  const response = await fetch(`${installation.url}/api/v1/workspaces`, {
    method: "OPTIONS",
    headers: { Origin: origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": wanted },
  });
  const allowed = response.headers.get("access-control-allow-headers")?.toLowerCase().split(/, */) ?? [];
  if (allowed.length === 0) return t.skip("the gateway answers preflights without CORS headers");
  assert.equal(response.headers.get("access-control-allow-origin"), origin);
  for (const name of wanted.split(",")) assert.ok(allowed.includes(name), name);
  const health = await fetch(`${installation.url}/api/v1/health`, { headers: { Origin: origin } });
  const exposed = health.headers.get("access-control-expose-headers").toLowerCase().split(/, */);
  for (const name of ["etag", "retry-after", "content-disposition", "content-range", "x-request-id"]) {
    assert.ok(exposed.includes(name), name);
  }
});

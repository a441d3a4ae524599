import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { mkdtemp, open, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";

import { AINexLayerError, NotFoundError, PayloadTooLargeError, RangeNotSatisfiableError, ValidationError } from "../src/index.js";
import { Installation, without } from "./installation.js";
import { answer, error, stubFor } from "./stub.js";

const TEXT = "# Pets\n\nCats sleep all day.\n\nDogs bark at night.\n";
const bytes = (text) => new TextEncoder().encode(text);

describe("documents", () => {
  let installation, admin, documents, space, folder;
  before(async () => {
    installation = await Installation.start();
    admin = await installation.client();
    documents = admin.documents;
    folder = await mkdtemp(join(tmpdir(), "nexlayer-sdk-"));
  });
  after(async () => {
    await installation.stop();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => (space = (await admin.workspaces.create({ name: "Handbook" })).id));

  test("upload from everything", async () => {
    const path = join(folder, "pets.md");
    await writeFile(path, TEXT);
    assert.equal((await documents.upload(space, path)).name, "pets.md");
    assert.equal((await documents.upload(space, bytes("bytes"))).size, 5);
    assert.equal((await documents.upload(space, bytes("a buffer").buffer)).size, 8);
    assert.equal((await documents.upload(space, new Blob(["a blob"]))).size, 6);
    const file = await documents.upload(space, createReadStream(path, { start: 8 }));
    assert.deepEqual([file.name, file.size], ["pets.md", TEXT.length - 8]);
    assert.equal((await documents.upload(space, new Blob(["streamed"]).stream())).size, 8);
    if (globalThis.File) assert.equal((await documents.upload(space, new File(["x"], "named.txt"))).name, "named.txt");
    await assert.rejects(documents.upload(space, 7), TypeError);
  });

  test("names arrive as they are", async () => {
    for (const filename of ['say "hi".txt', "naïve Größe 猫.txt", "semi;colon=.txt", "100%25.txt"]) {
      assert.equal((await documents.upload(space, { content: bytes(filename), filename })).name, filename);
    }
  });

  test("name, metadata and progress", async () => {
    const seen = [];
    const document = await documents.upload(space, bytes(TEXT.repeat(5000)), {
      name: "Pets", metadata: { team: "ä", n: 1 }, onProgress: (sent, total) => seen.push([sent, total]),
    });
    assert.deepEqual([document.name, document.metadata], ["Pets", { team: "ä", n: 1 }]);
    assert.equal(seen.at(-1)[0], seen.at(-1)[1]);
    assert.ok(seen.at(-1)[1] > TEXT.length * 5000 && seen.length > 4);
  });

  test("the encoding of a text", async () => {
    // "Да" in KOI8-R.
    const document = await documents.upload(space, new Uint8Array([0xe4, 0xc1]), { charset: "koi8-r" });
    assert.deepEqual([document.encoding, document.warnings], ["koi8-r", {}]);
  });

  test("several files and duplicates", async () => {
    const { documents: [first, second] } = await documents.uploadMany(space, [
      { content: bytes(TEXT), filename: "a.md" }, { content: bytes('{"a": 1}'), filename: "b.json", contentType: "application/json" },
    ]);
    assert.deepEqual([first.name, first.type, second.name, second.type], ["a.md", "markdown", "b.json", "json"]);
    const again = await documents.upload(space, bytes(TEXT));
    assert.deepEqual([again.id, again.duplicate, first.duplicate], [first.id, true, false]);
    const { documents: mixed } = await documents.uploadMany(space, [
      { content: bytes(TEXT), filename: "a.md" }, { content: bytes("news"), filename: "c.txt" },
    ]);
    assert.deepEqual(mixed.map((document) => document.duplicate), [true, false]);
    assert.deepEqual(await documents.uploadMany(space, []), { documents: [], errors: [] });
  });

  test("a file that cannot be read does not keep the others out", async (t) => {
    const content = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, ...new Uint8Array(100));
    const picture = { content, filename: "photo.png" };
    await assert.rejects(documents.upload(space, picture), AINexLayerError);
    const uploaded = await documents.uploadMany(space, [picture, bytes("words")]).catch(() => undefined);
    if (!uploaded) return t.skip("this build refuses all files for one");
    const [{ index, name, code }] = uploaded.errors;
    assert.deepEqual([uploaded.documents.length, index, name, code], [1, 0, "photo.png", "UNSUPPORTED_MEDIA_TYPE"]);
  });

  test("a large file is not read into memory", async () => {
    const path = join(folder, "large.txt");
    const file = await open(path, "w");
    await file.truncate(200 << 20);
    await file.close();
    const known = process.resourceUsage().maxRSS;
    await assert.rejects(documents.upload(space, path), PayloadTooLargeError);
    assert.ok(process.resourceUsage().maxRSS - known < 64 * 1024);
  });

  test("download", async () => {
    const document = await documents.upload(space, bytes(TEXT), { name: "pets ☕.md" });
    const content = await documents.content(space, document.id);
    assert.deepEqual([content.filename, content.contentType, content.size], ["pets ☕.md", "text/markdown", TEXT.length]);
    assert.equal(await content.text(), TEXT);
    const target = join(folder, "copy.md");
    assert.equal(await (await documents.content(space, document.id)).save(target), TEXT.length);
    assert.equal(await readFile(target, "utf8"), TEXT);
    assert.equal(await (await (await documents.content(space, document.id)).blob()).text(), TEXT);
    assert.equal(await new Response((await documents.content(space, document.id)).stream()).text(), TEXT);
  });

  test("ranges", async (t) => {
    const document = await documents.upload(space, bytes(TEXT));
    const part = (range) => documents.content(space, document.id, { range });
    const first = await part([2, 5]);
    if (!first.contentRange) return t.skip("this build knows no ranges");
    assert.deepEqual([first.contentRange, await first.text()], [`bytes 2-5/${TEXT.length}`, "Pets"]);
    assert.equal(await (await part([TEXT.length - 3])).text(), TEXT.slice(-3));
    assert.equal(await (await part([-3])).text(), TEXT.slice(-3));
    await assert.rejects(part([10_000]), RangeNotSatisfiableError);
    await assert.rejects(part([-3, 2]), TypeError);
  });

  test("listing and deleting", async () => {
    const names = [0, 1, 2, 3, 4].map((number) => `file ${number}.txt`);
    await documents.uploadMany(space, names.map((filename) => ({ content: bytes(filename), filename })));
    const pages = [];
    for await (const page of documents.list(space, { limit: 2 }).pages()) pages.push(page);
    assert.deepEqual(pages.map((page) => page.items.length), [2, 2, 1]);
    assert.deepEqual([pages[0].total, pages[0].hasPrev, pages[2].hasNext], [5, false, false]);
    const all = await documents.list(space, { limit: 2 }).toArray();
    assert.deepEqual(all.map((document) => document.name).sort(), names);
    assert.equal((await documents.list(space, { search: "file 3" }).page()).total, 1);
    for (const document of all) await documents.delete(space, document.id);
    assert.deepEqual(await documents.list(space).toArray(), []);
    await assert.rejects(documents.get(space, all[0].id), NotFoundError);
    // Nothing is asked before it is needed.
    const nowhere = documents.list("ws_nobody");
    await assert.rejects(nowhere.toArray(), NotFoundError);
  });

  test("search", async () => {
    const document = await documents.upload(space, bytes(TEXT), { name: "pets.md", metadata: { team: "a" } });
    const result = await documents.search(space, '"bark at night"', { limit: 3, mode: "keyword" });
    assert.deepEqual(result.results.map((hit) => hit.documentId), [document.id]);
    assert.match(result.results[0].highlight, /<mark>/);
    const hour = (hours) => new Date(Date.now() + hours * 3_600_000);
    const total = async (filters) => (await documents.search(space, "dogs", { filters })).total;
    assert.equal(await total({ types: ["markdown"], metadata: { team: "a" }, createdAfter: hour(-1) }), 1);
    assert.equal(await total({ createdAfter: hour(1) }), 0);
    assert.equal(await total({ metadata: { type: "in", key: "team", value: ["a", "b"] } }), 1);
    assert.equal(await total({ documentIds: [] }), 0);
    const [key] = (await documents.metadataKeys(space)).keys;
    assert.deepEqual([key.key, key.values[0].value, key.types[0].type], ["team", "a", "string"]);
    const everywhere = await admin.workspaces.search("dogs", { workspaceIds: [space] });
    assert.deepEqual(everywhere.results.map((hit) => hit.workspaceId), [space]);
    assert.equal(everywhere.workspaces[0].count, 1);
    const isNamed = (raised) => raised instanceof ValidationError && "query" in raised.fieldErrors;
    await assert.rejects(documents.search(space, ""), isNamed);
  });

  test("changing", without("update-document"), async () => {
    const document = await documents.upload(space, bytes(TEXT));
    const changed = await documents.update(space, document.id, { name: "Renamed", metadata: { a: [1] } });
    assert.deepEqual([changed.name, changed.metadata], ["Renamed", { a: [1] }]);
  });

  test("chunks", without("list-document-chunks"), async () => {
    const document = await documents.upload(space, bytes(TEXT));
    assert.equal((await documents.chunks(space, document.id).toArray()).length, document.chunkCount);
  });
});

test("a repeated upload sends everything again", async (t) => {
  const stub = await stubFor(t, error(503, "SERVICE_UNAVAILABLE"), answer(400));
  await assert.rejects(stub.client().documents.upload("ws_1", bytes("content")), AINexLayerError);
  const [first, second] = stub.seen;
  assert.deepEqual(first.body, second.body);
  assert.match(first.body.toString(), /\r\n\r\ncontent\r\n/);
  assert.equal(first.headers["idempotency-key"], second.headers["idempotency-key"]);
  assert.equal(Number(first.headers["content-length"]), first.body.length);
});

test("an uploaded stream is gone, so it is not sent again", async (t) => {
  const stub = await stubFor(t, error(503, "SERVICE_UNAVAILABLE"));
  await assert.rejects(stub.client().documents.upload("ws_1", new Blob(["x"]).stream()), { status: 503 });
  assert.equal(stub.seen.length, 1);
});

test("a download that breaks leaves no file", async (t) => {
  const stub = await stubFor(t, (seen, response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write("half", () => response.socket.destroy());
  });
  const folder = await mkdtemp(join(tmpdir(), "nexlayer-sdk-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "kept"), "before");
  const content = await stub.client().documents.content("ws_1", "doc_1");
  await assert.rejects(content.save(join(folder, "kept")), AINexLayerError);
  assert.deepEqual([await readdir(folder), await readFile(join(folder, "kept"), "utf8")], [["kept"], "before"]);
});

test("a name of the server's cannot lead out of a folder", async (t) => {
  const disposition = "attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd";
  const stub = await stubFor(t, answer(200, "x", { "content-disposition": disposition }));
  const content = await stub.client().documents.content("ws_1", "doc_1");
  assert.equal(content.filename, "passwd");
  await content.text();
});

test("an upload that went to the store is finished", async (t) => {
  const stub = await stubFor(t, answer(201, { success: true, data: { id: "doc_1" } }));
  const made = await stub.client().documents.finishUpload("ws_1", "upl_1", { name: "a.md", metadata: { of_mine: 1 } });
  assert.equal(made.id, "doc_1");
  assert.deepEqual(JSON.parse(stub.seen[0].body), { uploadId: "upl_1", name: "a.md", metadata: { of_mine: 1 } });
});

test("a download from elsewhere gets no credentials", async (t) => {
  const elsewhere = await stubFor(t, answer(206, "large"));
  const stub = await stubFor(t, answer(307, "", { location: `${elsewhere.url}/bucket/key?X-Amz-Signature=1` }));
  const content = await stub.client().documents.content("ws_1", "doc_1", { range: [0, 4] });
  assert.equal(await content.text(), "large");
  const [seen] = elsewhere.seen;
  assert.deepEqual([seen.headers.range, seen.headers.authorization], ["bytes=0-4", undefined]);
});

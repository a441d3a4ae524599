import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";

import { APIConnectionError, APIError, NotFoundError } from "../src/index.js";
import { Installation } from "./installation.js";
import { stream, stubFor } from "./stub.js";

const TEXT = "# Pets\n\nCats sleep all day.\n\nDogs bark at night.\n";
const START = 'event: start\ndata: {"conversationId": "c", "messageId": "m"}\n\n';
const DONE = [
  "event: done", 'data: {"usage": {"promptTokens": 1, "completionTokens": 2, "totalTokens": 3},',
  'data: "finishReason": "stop"}', "\n",
].join("\n");

async function collect(iterable) {
  const items = [];
  for await (const item of iterable) items.push(item);
  return items;
}

describe("chat", () => {
  let installation, admin, space;
  before(async () => {
    installation = await Installation.start();
    admin = await installation.client();
  });
  after(() => installation.stop());
  beforeEach(async () => {
    space = (await admin.workspaces.create({ name: "Handbook" })).id;
    await admin.documents.upload(space, new Blob([TEXT]), { name: "pets.md" });
  });

  test("a whole answer cites its sources", async () => {
    const answer = await admin.chat.send(space, "When do dogs bark?", { mode: "query", topK: 2 });
    assert.match(answer.message.content, /\[1\]/);
    assert.equal(answer.message.sources[0].documentName, "pets.md");
    assert.equal(answer.finishReason, "stop");
  });

  test("a streamed answer", async () => {
    const events = await collect(await admin.chat.stream(space, "When do dogs bark?"));
    const [start, sources] = events;
    assert.deepEqual([start.type, sources.type, events.at(-1).type], ["start", "sources", "done"]);
    assert.equal(sources.sources[0].documentName, "pets.md");
    const text = events.filter((event) => event.type === "delta").map((event) => event.content).join("");
    assert.match(text, /Dogs bark at night/);
    const history = await admin.conversations.messages(space, start.conversationId).toArray();
    assert.deepEqual([history[1].role, history[1].content], ["assistant", text]);
    const words = await collect((await admin.chat.stream(space, "When do dogs bark?")).text());
    assert.equal(words.join(""), text);
  });

  test("conversations", async () => {
    const { conversationId: first } = await admin.chat.send(space, "When do dogs bark?");
    await admin.chat.send(space, "And cats?", { conversationId: first });
    const { conversations } = admin;
    assert.equal((await conversations.get(space, first)).messageCount, 4);
    assert.equal((await conversations.update(space, first, { title: "Pets" })).title, "Pets");
    assert.deepEqual((await conversations.list(space, { search: "Pets" }).toArray()).map((item) => item.id), [first]);
    const roles = (await conversations.messages(space, first, { limit: 1 }).toArray()).map((said) => said.role);
    assert.deepEqual(roles, ["user", "assistant", "user", "assistant"]);
    await conversations.delete(space, first);
    await assert.rejects(conversations.get(space, first), NotFoundError);
  });

  test("errors come before the stream", async () => {
    await assert.rejects(admin.chat.stream("ws_nobody", "Hello?"), NotFoundError);
  });
});

test("events may be cut anywhere", async (t) => {
  const delta = 'event: delta\r\ndata: {"content": "Grüße 猫"}\r\n\r\n';
  const whole = Buffer.from(`${START}${delta}: a comment\n\nevent: new\ndata: {}\n\n${DONE}`);
  const stub = await stubFor(t, stream(Array.from(whole, (byte) => Buffer.from([byte]))));
  const events = await collect(await stub.client().chat.stream("ws_1", "Hello?"));
  assert.deepEqual(events.map((event) => event.type), ["start", "delta", "done"]);
  assert.deepEqual(events[1], { type: "delta", content: "Grüße 猫" });
  assert.deepEqual(events[2].usage, { promptTokens: 1, completionTokens: 2, totalTokens: 3 });
});

test("an error is an event and then thrown", async (t) => {
  const failed = 'event: error\ndata: {"error": {"code": "LLM_UNAVAILABLE", "message": "Gone"}}\n\n';
  const stub = await stubFor(t, stream([START, failed]));
  const seen = [];
  await assert.rejects(async () => {
    for await (const event of await stub.client().chat.stream("ws_1", "Hello?")) seen.push(event);
  }, (raised) => raised instanceof APIError && raised.code === "LLM_UNAVAILABLE");
  assert.equal(seen.at(-1).type, "error");
  await assert.rejects(collect((await stub.client().chat.stream("ws_1", "Hello?")).text()), APIError);
});

test("a stream that breaks is an error", async (t) => {
  for (const ends of [true, false]) {
    const stub = await stubFor(t, stream([START], { ends }));
    await assert.rejects(stub.client().chat.stream("ws_1", "Hello?").then(collect), APIConnectionError);
  }
});

test("leaving early closes the connection", async (t) => {
  for (const leave of ["break", "close", "abort"]) {
    const stub = await stubFor(t, (seen, response) => response.writeHead(200).write(START));
    const controller = new AbortController();
    const opened = await stub.client().chat.stream("ws_1", "Hello?", {}, { signal: controller.signal });
    const reading = (async () => {
      for await (const event of opened) {
        assert.equal(event.type, "start");
        if (leave === "break") break;
        if (leave === "close") opened.close();
        if (leave === "abort") controller.abort();
      }
    })();
    if (leave === "break") await reading;
    else await assert.rejects(reading, leave === "abort" ? { name: "AbortError" } : { code: "CLOSED" });
    await stub.closed;
  }
});

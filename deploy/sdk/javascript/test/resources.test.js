import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import {
  AINexLayer, ConflictError, NotFoundError, NotModified, PermissionDeniedError, PreconditionFailedError, ValidationError,
  WebhookVerificationError, verifyWebhook,
} from "../src/index.js";
import { Installation, PASSWORD, without } from "./installation.js";
import { stubFor } from "./stub.js";

const received = (seen, response) => response.writeHead(204).end();

describe("resources", () => {
  let installation, admin;
  before(async () => {
    installation = await Installation.start({ WEBHOOK_ALLOW_PRIVATE: "1" });
    admin = await installation.client();
  });
  after(() => installation.stop());

  test("the life of a workspace", async () => {
    const { workspaces } = admin;
    const settings = { topK: 3, chatMode: "query" };
    const made = await workspaces.create({ name: "Handbook", description: "All of it", settings });
    assert.deepEqual([made.settings.topK, made.settings.chatMode, made.role], [3, "query", "owner"]);
    const changed = await workspaces.update(made.id, { description: "Half of it", settings: { temperature: 0 } });
    assert.deepEqual([changed.name, changed.settings.temperature, changed.settings.topK], ["Handbook", 0, 3]);
    await workspaces.delete(made.id);
    await assert.rejects(workspaces.get(made.id), { name: "NotFoundError", status: 404, code: "NOT_FOUND" });
  });

  test("listing", async () => {
    const client = await installation.client();
    for (const name of ["b", "a", "c"]) await client.workspaces.create({ name });
    const found = await client.workspaces.list({ sort: "name", limit: 2 }).toArray();
    assert.deepEqual(found.map((workspace) => workspace.name), ["a", "b", "c"]);
    assert.equal((await client.workspaces.list({ limit: 2 }).page(2)).page, 2);
    await assert.rejects(client.workspaces.list({ limit: 1000 }).page(), { name: "BadRequestError", status: 400 });
  });

  test("invalid fields are named", async () => {
    const create = admin.workspaces.create({ name: "" });
    await assert.rejects(create, (raised) => raised instanceof ValidationError && Object.keys(raised.fieldErrors)[0] === "name");
  });

  test("entity tags", async (t) => {
    const { workspaces } = admin;
    const read = await workspaces.get((await workspaces.create({ name: "Handbook" })).id);
    if (!read.etag) return t.skip("this build knows no entity tags");
    assert.ok(!Object.keys(read).includes("etag"));
    await assert.rejects(workspaces.get(read.id, { ifNoneMatch: read }), NotModified);
    const changed = await workspaces.update(read.id, { name: "Mine" }, { ifMatch: read });
    await assert.rejects(workspaces.update(read.id, { name: "Theirs" }, { ifMatch: read.etag }), PreconditionFailedError);
    await assert.rejects(workspaces.delete(read.id, { ifMatch: changed }), TypeError);
    await workspaces.delete(read.id, { ifMatch: await workspaces.get(read.id) });
  });

  test("an idempotency key makes one workspace", async (t) => {
    const options = { idempotencyKey: "import-7" };
    const first = await admin.workspaces.create({ name: "Once" }, options);
    const second = await admin.workspaces.create({ name: "Once" }, options);
    if (first.id !== second.id) return t.skip("this build knows no idempotency keys");
    await assert.rejects(admin.workspaces.create({ name: "Twice" }, options), { code: "IDEMPOTENCY_KEY_REUSED" });
  });

  test("members", without("add-member", "list-members", "remove-member"), async () => {
    const guest = await installation.client();
    const space = (await admin.workspaces.create({ name: "Handbook" })).id;
    const user = await guest.users.me();
    const asked = await admin.members.add(space, { email: user.email, role: "viewer" });
    assert.deepEqual([asked.email, asked.status, asked.userId], [user.email, "pending", undefined]);
    assert.equal((await guest.workspaces.get(space)).role, "viewer");
    await assert.rejects(guest.workspaces.update(space, { name: "Mine" }), PermissionDeniedError);
    assert.deepEqual((await admin.members.list(space).toArray()).map((each) => each.userId).slice(1), [user.id]);
    const nobody = await admin.members.add(space, { email: "nobody-yet@example.com", role: "viewer" });
    assert.deepEqual(Object.keys(nobody), Object.keys(asked));
    await admin.members.remove(space, nobody.invitationId);
    await admin.members.remove(space, user.id);
    await assert.rejects(guest.workspaces.get(space), NotFoundError);
    await assert.rejects(admin.members.remove(space, (await admin.users.me()).id), ConflictError);
  });

  test("users", without("create-user", "list-users", "get-user", "update-user", "delete-user"), async () => {
    const { users } = admin;
    const made = await users.create({ email: "grace@example.com", name: "Grace", password: PASSWORD, role: "manager" });
    assert.deepEqual([made.role, (await users.get(made.id)).email], ["manager", "grace@example.com"]);
    assert.deepEqual((await users.list({ search: "grace", role: "manager" }).toArray()).map((user) => user.id), [made.id]);
    assert.equal((await users.update(made.id, { status: "suspended" })).status, "suspended");
    await users.delete(made.id);
    await assert.rejects(users.get(made.id), NotFoundError);
  });

  test("webhooks", without("create-webhook", "list-webhooks", "get-webhook", "update-webhook", "delete-webhook"), async () => {
    const { webhooks } = admin;
    const made = await webhooks.create({ url: "https://example.com/hook", events: ["document.*"], description: "All" });
    assert.match(made.secret, /^whsec_/);
    assert.deepEqual((await webhooks.get(made.id)).events, ["document.*"]);
    assert.equal((await webhooks.update(made.id, { active: false })).active, false);
    assert.deepEqual((await webhooks.list({ active: false }).toArray()).map((webhook) => webhook.id), [made.id]);
    await webhooks.delete(made.id);
    await assert.rejects(webhooks.get(made.id), NotFoundError);
  });

  test("trying a webhook", without("create-webhook", "test-webhook"), async (t) => {
    const receiver = await stubFor(t, received);
    const made = await admin.webhooks.create({ url: `${receiver.url}/hook`, events: ["*"] });
    assert.equal((await admin.webhooks.test(made.id)).status, "succeeded");
    const [seen] = receiver.seen;
    assert.match((await verifyWebhook(seen.body, seen.headers, made.secret)).id, /^evt_/);
    await assert.rejects(verifyWebhook(`${seen.body} `, seen.headers, made.secret), WebhookVerificationError);
    await admin.webhooks.delete(made.id);
  });

  test("deliveries", without("create-webhook", "list-deliveries", "retry-delivery"), async (t) => {
    const receiver = await stubFor(t, received);
    const made = await admin.webhooks.create({ url: receiver.url, events: ["workspace.created"] });
    const { id } = await admin.workspaces.create({ name: "Told of" });
    const [delivery] = await admin.webhooks.deliveries(made.id).toArray();
    assert.deepEqual([delivery.event, delivery.payload.workspaceId], ["workspace.created", id]);
    assert.equal((await admin.webhooks.retryDelivery(made.id, delivery.id)).id, delivery.id);
    await admin.webhooks.delete(made.id);
  });

  test("health", async () => {
    const health = await new AINexLayer({ baseUrl: installation.url }).system.health();
    assert.deepEqual([health.status, health.checks.database.status], ["ok", "ok"]);
  });

  test("system info", without("system-info"), async () => {
    assert.ok((await admin.system.info()).counts.users >= 1);
  });

  test("the contract", without("openapi", "docs"), async () => {
    assert.ok((await admin.system.openapi()).paths);
    assert.match((await admin.system.docs()).toLowerCase(), /<html/);
  });

  test("any request", async () => {
    assert.equal((await admin.request("POST", "/workspaces", { json: { name: "Raw" } })).data.name, "Raw");
    assert.equal((await admin.request("GET", "/workspaces", { query: { limit: 1 } })).pagination.limit, 1);
  });
});

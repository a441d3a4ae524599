import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { AINexLayer, AINexLayerError, APIConnectionError, AuthenticationError, MemoryTokenStore } from "../src/index.js";
import { Installation, PASSWORD, QUICK, sleep, without } from "./installation.js";
import { answer, drop, error, found, stubFor } from "./stub.js";

/** Remembers all that it was given, and takes its time. */
class ListStore {
  constructor(tokens) {
    this.saved = [tokens];
  }

  async load() {
    await sleep(1);
    return this.saved.at(-1);
  }

  async save(tokens) {
    await sleep(1);
    this.saved.push(tokens);
  }
}

const tokens = (name, expiresAt) => ({ accessToken: name, refreshToken: `${name}-refresh`, expiresAt });

describe("with short sessions", () => {
  let installation;
  before(async () => (installation = await Installation.start({ ACCESS_TOKEN_TTL: "3" })));
  after(() => installation.stop());

  test("many calls share one refresh", async () => {
    const tokenStore = new ListStore();
    const client = await installation.client({ tokenStore });
    await sleep(3200);
    const people = await Promise.all(Array.from({ length: 16 }, () => client.users.me()));
    assert.equal(people.length, 16);
    // The empty beginning, the registration, and one refresh: a second would have ended the session.
    assert.equal(tokenStore.saved.length, 3);
  });

  test("an expired token is renewed when the server says so, once for many", async () => {
    const first = await installation.client();
    const known = { ...(await first.tokens()), expiresAt: Date.now() + 3_600_000 };
    const late = new AINexLayer({ baseUrl: installation.url, retry: QUICK, tokenStore: new ListStore(known) });
    await sleep(3200);
    await Promise.all(Array.from({ length: 8 }, () => late.users.me()));
    assert.notEqual((await late.tokens()).accessToken, known.accessToken);
  });

  test("who loses patience does not end the refresh for the others", async () => {
    const client = await installation.client();
    await sleep(3200);
    const controller = new AbortController();
    const impatient = client.users.me({ signal: controller.signal });
    const patient = client.users.me();
    controller.abort();
    await assert.rejects(impatient, { name: "AbortError" });
    assert.equal((await patient).status, "active");
  });
});

describe("sessions", () => {
  let installation, admin;
  before(async () => {
    installation = await Installation.start();
    admin = await installation.client();
  });
  after(() => installation.stop());

  test("login keeps the tokens and logout forgets them", async () => {
    const tokenStore = new ListStore();
    await installation.client({ tokenStore });
    const kept = await tokenStore.load();
    const again = new AINexLayer({ baseUrl: installation.url, tokenStore: new MemoryTokenStore(kept) });
    assert.equal((await again.users.me()).role, "user");
    await again.auth.logout();
    assert.equal(await again.tokens(), undefined);
    const late = new AINexLayer({ baseUrl: installation.url, tokenStore: new MemoryTokenStore(kept) });
    await assert.rejects(late.users.me(), (raised) => raised instanceof AuthenticationError && raised.code === "TOKEN_REVOKED");
  });

  test("wrong password", async () => {
    const client = new AINexLayer({ baseUrl: installation.url });
    const login = client.auth.login({ email: "user1@example.com", password: "something else" });
    await assert.rejects(login, { name: "AuthenticationError", status: 401, code: "INVALID_CREDENTIALS" });
    assert.equal(await client.tokens(), undefined);
  });

  test("explicit refresh changes the tokens", async () => {
    const client = await installation.client();
    const known = await client.tokens();
    assert.notEqual((await client.auth.refresh()).accessToken, known.accessToken);
    await assert.rejects(new AINexLayer({ baseUrl: installation.url }).auth.refresh(), AINexLayerError);
  });

  test("own account", async () => {
    const client = await installation.client();
    assert.equal((await client.users.updateMe({ name: "Grace" })).name, "Grace");
    await client.users.updateMe({ password: "another good one", currentPassword: PASSWORD });
    const { email } = await client.users.me();
    await new AINexLayer({ baseUrl: installation.url }).auth.login({ email, password: "another good one" });
  });

  test("API keys", without("create-api-key", "list-api-keys", "delete-api-key"), async () => {
    const key = await admin.apiKeys.create({ name: "Nightly", scopes: ["read"], expiresAt: new Date(Date.now() + 60_000) });
    const program = new AINexLayer({ baseUrl: installation.url, apiKey: key.key });
    assert.equal((await program.users.me()).id, (await admin.users.me()).id);
    await assert.rejects(program.workspaces.create({ name: "No" }), { name: "PermissionDeniedError", status: 403 });
    assert.ok((await admin.apiKeys.list().toArray()).some((listed) => listed.id === key.id));
    await admin.apiKeys.delete(key.id);
    await assert.rejects(program.users.me(), AuthenticationError);
  });
});

test("a lost refresh is not repeated and the session is kept", async (t) => {
  const tokenStore = new ListStore(tokens("old", 0));
  const stub = await stubFor(t, drop);
  const client = new AINexLayer({ baseUrl: stub.url, tokenStore, retry: QUICK });
  await assert.rejects(client.auth.refresh(), APIConnectionError);
  assert.equal(stub.seen.length, 1);
  assert.ok(await tokenStore.load());
});

test("a logout whose answer is lost is done", async (t) => {
  const tokenStore = new ListStore(tokens("old", Date.now() + 3_600_000));
  const stub = await stubFor(t, drop, error(401, "TOKEN_REVOKED"));
  await new AINexLayer({ baseUrl: stub.url, tokenStore, retry: QUICK }).auth.logout();
  assert.deepEqual([stub.seen.length, await tokenStore.load()], [2, undefined]);
});

test("a session that the server ended is forgotten", async (t) => {
  const tokenStore = new ListStore(tokens("old", 0));
  const stub = await stubFor(t, error(401, "TOKEN_REVOKED"));
  await assert.rejects(new AINexLayer({ baseUrl: stub.url, tokenStore, retry: QUICK }).users.me(), AuthenticationError);
  assert.equal(await tokenStore.load(), undefined);
});

test("tokens of another process are taken over", async (t) => {
  const tokenStore = new ListStore(tokens("old", Date.now() + 3_600_000));
  const stub = await stubFor(t, (seen, response) => {
    const script = seen.headers.authorization === "Bearer theirs" ? found : error(401, "TOKEN_EXPIRED");
    script(seen, response);
  });
  const client = new AINexLayer({ baseUrl: stub.url, tokenStore, retry: QUICK });
  await client.tokens();
  await tokenStore.save(tokens("theirs", Date.now() + 3_600_000));
  assert.equal((await client.users.me()).id, "usr_1");
  assert.deepEqual(stub.seen.map((seen) => seen.target), ["/api/v1/users/me", "/api/v1/users/me"]);
});

test("an API key is never refreshed", async (t) => {
  const stub = await stubFor(t, error(401, "TOKEN_EXPIRED"));
  await assert.rejects(stub.client().users.me(), AuthenticationError);
  assert.equal(stub.seen.length, 1);
});

test("nobody's requests carry no token", async (t) => {
  const stub = await stubFor(t, answer(200));
  await new AINexLayer({ baseUrl: stub.url, tokenStore: new MemoryTokenStore() }).system.health();
  assert.equal(stub.seen[0].headers.authorization, undefined);
});

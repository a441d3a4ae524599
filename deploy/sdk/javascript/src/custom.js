// Methods that do more than send one request and read its answer. resources.js has the others.

import { DocumentContent, rangeHeader } from "./content.js";
import { pathOf } from "./core.js";
import { AINexLayerError, AuthenticationError, unexpectedAnswer } from "./errors.js";
import { tokensOf } from "./session.js";
import { ChatStream } from "./stream.js";
import { MultipartForm } from "./upload.js";

/** Sessions: each method also changes the tokens that the client has. */
export const auth = {
  register(core, { email, password, name }, options) {
    return signIn(core, "register", { email, password, name }, options);
  },

  login(core, { email, password }, options) {
    return signIn(core, "login", { email, password }, options);
  },

  /** Renews the tokens now. Otherwise the client does so by itself when it is time. */
  async refresh(core) {
    const tokens = await core.session.tokens();
    if (!tokens) throw new AINexLayerError("Nobody is logged in", { code: "NOT_LOGGED_IN" });
    await core.session.renew(tokens.accessToken);
    return core.session.tokens();
  },

  async logout(core, options) {
    const call = { method: "POST", path: pathOf("auth", "logout") };
    const done = await core.acknowledged(call, options).catch((error) => {
      // This also happens after a retry: the first request ended the session, and its answer was lost.
      if (error instanceof AuthenticationError) return { message: "The session had ended", raw: {} };
      throw error;
    });
    await core.session.set(undefined);
    return done;
  },
};

async function signIn(core, how, json, options) {
  const call = { method: "POST", path: pathOf("auth", how), json, authenticated: false };
  const signedIn = await core.model(call, options);
  await core.session.set(tokensOf(signedIn));
  return signedIn;
}

/** Uploads and downloads. */
export const documents = {
  async upload(core, workspaceId, file, { name, metadata, charset, language, onProgress } = {}, options = {}) {
    const { documents: made } = await upload(core, workspaceId, [file], { name, metadata, charset, language, onProgress }, options);
    return made[0];
  },

  async finishUpload(core, workspaceId, uploadId, { name, metadata, charset, language } = {}, options = {}) {
    const json = { uploadId, name, metadata, charset, language };
    const call = { method: "POST", path: pathOf("workspaces", workspaceId, "documents"), json };
    return documentsOf(await core.envelope(call, options)).documents[0];
  },

  async uploadMany(core, workspaceId, files, { metadata, charset, language, onProgress } = {}, options = {}) {
    if (files.length === 0) return { documents: [], errors: [] };
    return upload(core, workspaceId, files, { metadata, charset, language, onProgress }, options);
  },

  async content(core, workspaceId, documentId, { range } = {}, options = {}) {
    const headers = { Accept: "*/*", ...(range ? { Range: rangeHeader(range) } : {}) };
    const path = pathOf("workspaces", workspaceId, "documents", documentId, "content");
    // NB: large documents may be in S3. `fetch` does not tell another origin the credentials.
    return new DocumentContent(await core.send({ method: "GET", path, headers, redirect: "follow" }, options));
  },
};

async function upload(core, workspaceId, files, { name, metadata, charset, language, onProgress }, options) {
  const fields = { name, metadata: metadata === undefined ? undefined : JSON.stringify(metadata), charset, language };
  const form = await MultipartForm.of(files, fields, onProgress);
  const call = { method: "POST", path: pathOf("workspaces", workspaceId, "documents"), form };
  const envelope = await core.envelope(call, options);
  form.finish();
  return documentsOf(envelope);
}

function documentsOf({ data, errors = [], duplicate = false, duplicates = [] }) {
  const made = [data].flat().map((document) => (
    { duplicate: duplicate || duplicates.includes(document.id), ...document }));
  return { documents: made, errors };
}

/** Answers as they are written. */
export const chat = {
  /**
   * The client never repeats a question that was sent, because a stream cannot be replayed. Only if the server
   * declines at once (429, 503) does it ask again.
   */
  async stream(core, workspaceId, message, settings = {}, options = {}) {
    const answer = await core.send({
      method: "POST", path: pathOf("workspaces", workspaceId, "chat"), json: { ...settings, message, stream: true },
      headers: { Accept: "text/event-stream" }, repeatable: false,
    }, options);
    return new ChatStream(answer);
  },
};

/** Answers that are not in the API's envelope. */
export const system = {
  async openapi(core, options) {
    const answer = await core.send({ method: "GET", path: pathOf("openapi.json"), authenticated: false }, options);
    const document = await answer.json();
    if (document === undefined) throw unexpectedAnswer("The OpenAPI document is not JSON", { status: answer.status });
    return document;
  },

  async docs(core, options) {
    const call = { method: "GET", path: pathOf("docs"), headers: { Accept: "text/html" }, authenticated: false };
    return new TextDecoder().decode(await (await core.send(call, options)).bytes());
  },
};

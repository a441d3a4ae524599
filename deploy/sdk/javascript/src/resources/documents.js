import { DocumentContent, rangeHeader } from "../content.js";
import { pathOf } from "../core.js";
import { MultipartForm } from "../upload.js";

/** The documents of a workspace. */
export class Documents {
  #core;

  constructor(core) {
    this.#core = core;
  }

  list(workspaceId, query, options) {
    return this.#core.pager(pathFor(workspaceId), query, options);
  }

  async upload(workspaceId, file, { name, metadata, onProgress } = {}, options = {}) {
    const { documents } = await this.#upload(workspaceId, [file], { name, metadata, onProgress }, options);
    return documents[0];
  }

  async uploadMany(workspaceId, files, { metadata, onProgress } = {}, options = {}) {
    if (files.length === 0) return { documents: [], errors: [] };
    return this.#upload(workspaceId, files, { metadata, onProgress }, options);
  }

  async #upload(workspaceId, files, { name, metadata, onProgress }, options) {
    const fields = { name, metadata: metadata === undefined ? undefined : JSON.stringify(metadata) };
    const form = await MultipartForm.of(files, fields, onProgress);
    const call = { method: "POST", path: pathFor(workspaceId), form };
    const { data, errors = [], duplicate = false, duplicates = [] } = await this.#core.envelope(call, options);
    form.finish();
    const documents = [data].flat().map((document) => (
      { duplicate: duplicate || duplicates.includes(document.id), ...document }));
    return { documents, errors };
  }

  get(workspaceId, documentId, options) {
    return this.#core.model({ method: "GET", path: pathFor(workspaceId, documentId) }, options);
  }

  async content(workspaceId, documentId, { range } = {}, options = {}) {
    const headers = { Accept: "*/*", ...(range ? { Range: rangeHeader(range) } : {}) };
    const path = pathFor(workspaceId, documentId, "content");
    return new DocumentContent(await this.#core.send({ method: "GET", path, headers }, options));
  }

  chunks(workspaceId, documentId, query, options) {
    return this.#core.pager(pathFor(workspaceId, documentId, "chunks"), query, options);
  }

  update(workspaceId, documentId, changes, options) {
    return this.#core.model({ method: "PUT", path: pathFor(workspaceId, documentId), json: changes }, options);
  }

  delete(workspaceId, documentId, options) {
    return this.#core.acknowledged({ method: "DELETE", path: pathFor(workspaceId, documentId) }, options);
  }

  search(workspaceId, query, settings = {}, options = {}) {
    const path = pathOf("workspaces", workspaceId, "search");
    return this.#core.model({ method: "POST", path, json: { ...settings, query } }, options);
  }
}

function pathFor(workspaceId, ...rest) {
  return pathOf("workspaces", workspaceId, "documents", ...rest);
}

/** The OpenAPI document, once it is read. */
let contract = {};

/** Where the API is: next to this page, whatever the installation's base path. */
const BASE = new URL(".", location.href).href.replace(/\/$/, "");
const METHODS = ["get", "post", "put", "patch", "delete"];
const RESOLVE_LIMIT = 20;

/** What a reference points to; keywords next to `$ref` win (OpenAPI 3.1). */
function resolve(value, depth = 0) {
  if (!value?.$ref || depth > RESOLVE_LIMIT) return value ?? {};
  const { $ref, ...own } = value;
  const found = $ref.split("/").slice(1).reduce(
    (place, key) => place?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], contract);
  return { ...resolve(found, depth + 1), ...own };
}

/** All operations, in the document's order. A `PATCH` that means the same as `PUT` becomes its alias. */
function operationsOf(document) {
  const all = [];
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const operation = { ...item[method], id: item[method].operationId, path, method, aliases: [] };
      operation.parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((each) => resolve(each));
      const original = all.find((other) => other.path === path && operation.id === `${other.id}ByPatch`);
      if (original) original.aliases.push(operation);
      else all.push(operation);
    }
  }
  return all;
}

/** `listWorkspaces` → `list-workspaces`, the name of the executable. */
const functionName = (operation) => operation.id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Whether it needs a token. */
const isProtected = (operation) => (operation.security ?? contract.security ?? []).some((way) => Object.keys(way).length);

function bodyOf(operation) {
  const [type, content] = Object.entries(resolve(operation.requestBody).content ?? {})[0] ?? [];
  return type && { type, schema: resolve(content.schema), isForm: type === "multipart/form-data" };
}

/** Whether it can answer with Server-Sent Events. */
const canStream = (operation) => Object.values(operation.responses)
  .some((response) => resolve(response).content?.["text/event-stream"]);

const successOf = (operation) => Object.entries(operation.responses).find(([status]) => status.startsWith("2")) ?? [];

/** The method of the SDKs for an operation: `documents.search`. Without one, snippets use `client.request`. */
const sdkMethod = (operation) => operation["x-sdk"]?.method;

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const isRequestedAsPages = (operation) => operation.parameters.some((each) => each.name === "page");
const needsLogin = (operation) => /API key cannot/.test(operation.description ?? "");

/** The arguments of a call: positional ones and named ones. */
function sdkArguments(operation, given) {
  const alone = operation.parameters.filter((each) => each.in === "path").map((each) => given.path[each.name]);
  const named = { ...given.query };
  const body = bodyOf(operation);
  if (body && !body.isForm && operation["x-sdk"]?.body !== false) Object.assign(named, given.body);
  const leading = operation["x-sdk"]?.positional;
  if (leading) {
    alone.push(named[leading] ?? "");
    delete named[leading];
  }
  delete named.stream;
  return { alone, named };
}

// MARK: JavaScript

const scriptKey = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

function scriptValue(value, indent = "") {
  if (Array.isArray(value)) return `[${value.map((each) => scriptValue(each, indent)).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const parts = Object.entries(value).map(([key, each]) => `${scriptKey(key)}: ${scriptValue(each, `${indent}  `)}`);
  const line = parts.length ? `{ ${parts.join(", ")} }` : "{}";
  return line.length < 60 ? line : `{\n${parts.map((part) => `${indent}  ${part},\n`).join("")}${indent}}`;
}

function scriptSnippet(operation, given) {
  const head = ['import { AINexLayer } from "ainexlayer";', ""];
  const url = scriptValue(location.origin);
  const signIn = needsLogin(operation) && 'await client.auth.login({ email: "ada@example.com", password: process.env.PASSWORD });';
  const client = isProtected(operation) && !signIn
    ? `const client = new AINexLayer({ baseUrl: ${url}, apiKey: process.env.TOKEN });` : `const client = new AINexLayer({ baseUrl: ${url} });`;
  return [...head, client, ...(signIn ? [signIn] : []), ...scriptCall(operation, given)].join("\n");
}

function scriptCall(operation, given) {
  const { alone, named } = sdkArguments(operation, given);
  const options = Object.keys(named).length ? [scriptValue(named)] : [];
  const call = (name, ...more) => `client.${name}(${[...alone.map((each) => scriptValue(each)), ...more].join(", ")})`;
  const name = sdkMethod(operation);
  if (!name) {
    const content = { query: given.query, ...(given.body === undefined ? {} : { json: given.body }) };
    return [`const answer = await client.request("${operation.method.toUpperCase()}", ${scriptValue(filledPath(operation, given))}, ${scriptValue(content)});`];
  }
  if (operation.id === "uploadDocument") {
    return [`const document = await ${call(name, scriptValue(given.file))};`, "console.log(document.id, document.status);"];
  }
  if (operation.id === "getDocumentContent") return [`const content = await ${call(name)};`, 'await content.save("handbook.md");'];
  if (operation.id === "sendMessage" && given.isStreamed) {
    return [`const answer = await ${call("chat.stream", ...options)};`, "for await (const words of answer.text()) process.stdout.write(words);"];
  }
  if (isRequestedAsPages(operation)) return [`for await (const item of ${call(name, ...options)}) {`, "  console.log(item);", "}"];
  return [`const answer = await ${call(name, ...options)};`, "console.log(answer);"];
}

// MARK: Python

function pythonValue(value, indent = "", key = "") {
  if (value === true) return "True";
  if (value === false) return "False";
  if (value === null) return "None";
  if (typeof value === "string" && /^(expires|created)/.test(key) && !Number.isNaN(Date.parse(value))) {
    return `datetime.fromisoformat(${JSON.stringify(value.replace(/Z$/, "+00:00"))})`;
  }
  if (Array.isArray(value)) return `[${value.map((each) => pythonValue(each, indent)).join(", ")}]`;
  if (typeof value !== "object") return JSON.stringify(value);
  // The keys of metadata are the user's own.
  const name = (each) => (key === "metadata" ? each : snake(each));
  const parts = Object.entries(value).map(([each, inner]) => `${JSON.stringify(name(each))}: ${pythonValue(inner, `${indent}    `, each)}`);
  const line = `{${parts.join(", ")}}`;
  return line.length < 60 ? line : `{\n${parts.map((part) => `${indent}    ${part},\n`).join("")}${indent}}`;
}

function pythonSnippet(operation, given) {
  const url = pythonValue(location.origin);
  const signIn = needsLogin(operation) && 'client.auth.login(email="ada@example.com", password=os.environ["PASSWORD"])';
  const key = isProtected(operation) && !signIn ? ', api_key=os.environ["TOKEN"]' : "";
  const lines = [`client = AINexLayer(${url}${key})`, ...(signIn ? [signIn] : []), ...pythonCall(operation, given)];
  const modules = [
    /os\.environ/.test(lines.join()) && "import os", /datetime\./.test(lines.join()) && "from datetime import datetime",
  ].filter(Boolean);
  return [...modules, ...(modules.length ? [""] : []), "from ainexlayer import AINexLayer", "", ...lines].join("\n");
}

function pythonCall(operation, given) {
  const { alone, named } = sdkArguments(operation, given);
  const options = Object.entries(named).map(([key, value]) => `${snake(key)}=${pythonValue(value, "    ", key)}`);
  const call = (name, ...more) => {
    const parts = [...alone.map((each) => pythonValue(each)), ...more];
    const line = `client.${snake(name)}(${parts.join(", ")})`;
    return line.length < 90 ? line : `client.${snake(name)}(\n${parts.map((part) => `    ${part},\n`).join("")})`;
  };
  const name = sdkMethod(operation);
  if (!name) {
    const json = given.body === undefined ? "" : `, json=${JSON.stringify(given.body) === "{}" ? "{}" : pythonValue(given.body, "", "metadata")}`;
    return [`answer = client.request("${operation.method.toUpperCase()}", ${pythonValue(filledPath(operation, given))}, query=${pythonValue(given.query, "", "metadata")}${json})`];
  }
  if (operation.id === "uploadDocument") return [`document = ${call(name, pythonValue(given.file))}`, "print(document.id, document.status)"];
  if (operation.id === "getDocumentContent") return [`with ${call(name)} as content:`, '    content.save("handbook.md")'];
  if (operation.id === "sendMessage" && given.isStreamed) {
    return [`for words in ${call("chat.stream", ...options)}.text():`, '    print(words, end="", flush=True)'];
  }
  if (isRequestedAsPages(operation)) return [`for item in ${call(name, ...options)}:`, "    print(item)"];
  return [`answer = ${call(name, ...options)}`, "print(answer)"];
}

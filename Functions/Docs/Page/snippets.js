const SNIPPETS = { curl: curlSnippet, JavaScript: scriptSnippet, Python: pythonSnippet, Pipe: pipeSnippet };
const FORM_BOUNDARY = "XX";

/** For a POSIX shell. The shell fills in `$TOKEN`. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''").replaceAll("$TOKEN", "'\"$TOKEN\"'")}'`;

const filledPath = (operation, given) => operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(given.path[name] ?? ""));

function queryText(query) {
  const text = new URLSearchParams(query).toString();
  return text && `?${text}`;
}

function curlSnippet(operation, given) {
  const body = bodyOf(operation);
  const url = BASE + filledPath(operation, given) + queryText(given.query);
  const method = operation.method.toUpperCase();
  const lines = [`curl${given.isStreamed ? " -N" : ""}${method === "GET" || (body && method === "POST") ? "" : ` -X ${method}`} ${/[?&]/.test(url) ? quoted(url) : url}`];
  const header = (name, value) => lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (isProtected(operation)) lines.push('-H "Authorization: Bearer $TOKEN"');
  if (given.isStreamed) header("Accept", "text/event-stream");
  Object.entries(given.headers).forEach(([name, value]) => header(name, value));
  if (body?.isForm) {
    lines.push(`-F ${quoted(`file=@${given.file}`)}`);
    Object.entries(given.form).forEach(([name, value]) => lines.push(`-F ${quoted(`${name}=${value}`)}`));
  } else if (body && given.body !== undefined) {
    header("Content-Type", "application/json");
    lines.push(`-d ${quoted(JSON.stringify(given.body, null, 2))}`);
  }
  if (bodyless(operation)) lines.push("-O -J");
  return lines.join(" \\\n  ");
}

/** Whether the answer is a file. */
const bodyless = (operation) => "application/octet-stream" in (resolve(successOf(operation)[1]).content ?? {});

/** A call of the executable in a shell, with the line that a gateway would write. */
function pipeSnippet(operation, given) {
  const headers = { ...(isProtected(operation) ? { authorization: "Bearer $TOKEN" } : {}) };
  if (given.isStreamed) headers.accept = "text/event-stream";
  Object.entries(given.headers).forEach(([name, value]) => { headers[name.toLowerCase()] = value; });
  const envelope = { headers, pathParameters: given.path, queryStringParameters: given.query };
  for (const [name, value] of Object.entries(envelope)) if (!Object.keys(value).length) delete envelope[name];
  const program = `build/functions/${functionName(operation)}`;
  if (bodyOf(operation)?.isForm) return formPipe(envelope, given, program);
  if (given.body !== undefined) envelope.body = given.body;
  const text = JSON.stringify(envelope);
  // The echo of some shells interprets backslashes.
  return `${text.includes("\\") ? "printf '%s\\n'" : "echo"} ${quoted(text)} |\n  ${program}`;
}

function formPipe(envelope, given, program) {
  envelope.headers["content-type"] = `multipart/form-data; boundary=${FORM_BOUNDARY}`;
  const head = JSON.stringify({ ...envelope, isBase64Encoded: true }).replace(/\}$/, ',"body":"');
  const disposition = `Content-Disposition: form-data; name="file"; filename="${given.file.replaceAll(/["%\\]/g, "_")}"`;
  return [
    `{ printf '%s' ${quoted(head)}`,
    `  { printf '%s\\r\\n' '--${FORM_BOUNDARY}' ${quoted(disposition)} ''`,
    `    cat ${quoted(given.file)}; printf '\\r\\n--${FORM_BOUNDARY}--\\r\\n'; } | base64 -w0`,
    `  echo '"}'; } |`, `  ${program}`,
  ].join("\n");
}

let chosenSnippet = "curl";

/** The snippets of an operation. `update` rewrites them for other values. */
function snippetPanel(operation, given) {
  const code = make("code");
  const pre = make("pre", { tabindex: "0", role: "tabpanel", "aria-label": "Example call" }, code);
  const button = make("button", { type: "button", class: "copy small", "aria-label": "Copy the example call" }, "Copy");
  let name = chosenSnippet;
  let text = "";
  const write = () => {
    text = SNIPPETS[name](operation, given);
    code.replaceChildren(...(name === "curl" || name === "Pipe" ? [text] : coloured(text)));
  };
  const strip = tabs("Language", Object.keys(SNIPPETS), name, (chosen, byUser) => {
    name = chosen;
    write();
    if (!byUser) return;
    chosenSnippet = chosen;
    document.dispatchEvent(new CustomEvent("snippet", { detail: panel }));
  });
  button.addEventListener("click", () => copy(text, button));
  const panel = make("figure", { class: "code snippet" }, make("header", {}, strip.list, button), pre);
  strip.start();
  document.addEventListener("snippet", (event) => {
    if (event.detail !== panel) strip.select(chosenSnippet, false);
  });
  return { panel, update: (changed) => { given = changed; write(); } };
}

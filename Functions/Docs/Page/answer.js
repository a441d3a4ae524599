const SHOWN_LIMIT = 200_000;

const sizeText = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1 << 20 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`);

function statusLine(response, milliseconds, bytes) {
  const left = response.headers.get("x-ratelimit-remaining");
  return make("p", { class: `line ${response.ok ? "ok" : response.status < 400 ? "redirect" : "broken"}` },
    make("span", { class: "state" }, `${response.status} ${response.statusText}`),
    make("span", {}, `${Math.round(milliseconds)} ms`), bytes !== undefined && make("span", {}, sizeText(bytes)),
    left && make("span", {}, `${left} of ${response.headers.get("x-ratelimit-limit")} requests left`));
}

function headerList(response) {
  const list = make("dl", { class: "heads" }, [...response.headers].map(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
  return make("figure", { class: "code" }, make("header", {}, make("span", { class: "name" }, "Headers")), list);
}

/** What went wrong, and what to do about it. */
function advice(response, error, operation) {
  const lines = [make("p", {}, make("b", {}, error?.code ?? response.status), ` ${error?.message ?? ""}`)];
  const problems = error?.details?.errors ?? [];
  if (problems.length) lines.push(make("ul", {}, problems.map((each) => make("li", {}, make("code", {}, each.field), ` ${each.reason}`))));
  const wait = response.headers.get("retry-after");
  if (wait) lines.push(make("p", {}, `Try again in ${wait} seconds.`));
  if (response.status === 401 && isProtected(operation)) {
    lines.push(make("p", {}, session.token ? "Your token is no longer valid." : "This needs a token."),
      make("button", { type: "button", class: "small", onclick: () => openSignIn() }, "Sign in"));
  }
  if (response.status === 404) lines.push(make("p", {}, "The ids of the examples do not exist, and ids that belong to others look as if they did not exist."));
  if (response.status === 405) lines.push(make("p", {}, `Allowed: ${response.headers.get("allow")}`));
  return make("div", { class: "notice problem", role: "alert" }, lines);
}

function download(blob, response) {
  const disposition = response.headers.get("content-disposition") ?? "";
  const name = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="?([^";]+)/i.exec(disposition)?.[1];
  const url = URL.createObjectURL(blob);
  const fileName = name ? decodeURIComponent(name) : plain ?? "answer";
  return make("p", {}, make("a", { href: url, download: fileName }, `Download ${fileName}`), ` (${sizeText(blob.size)})`);
}

/** Shows an answer that was not streamed. */
async function showWhole(response, start, place, operation) {
  const type = response.headers.get("content-type") ?? "";
  const blob = await response.blob();
  const isText = /json|^text\//.test(type);
  const isFile = response.headers.has("content-disposition");
  place.append(statusLine(response, performance.now() - start, blob.size));
  const text = isText ? await blob.text() : "";
  const json = /json/.test(type) ? parsed(text) : undefined;
  if (response.status >= 400) place.append(advice(response, json?.error, operation));
  if (isFile || (blob.size && !isText) || text.length > SHOWN_LIMIT) place.append(download(blob, response));
  if (text) {
    const shown = json === undefined ? text : JSON.stringify(json, null, 2);
    const cut = shown.length > SHOWN_LIMIT ? `${shown.slice(0, SHOWN_LIMIT)}\n… (the rest is in the download)` : shown;
    place.append(codeBlock("Body", cut));
  }
  place.append(headerList(response));
  if (json && response.ok) seenIds.learn(text);
  return json;
}

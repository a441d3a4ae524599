let showsSecrets = false;

const pretty = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

function timing(invocation) {
  return make("section", { class: "timing" }, make("h3", {}, "Time"), timeBar(invocation),
    make("dl", {}, timeParts(invocation).map(([name, label, ms]) =>
      make("div", {}, make("dt", {}, make("i", { class: name, "aria-hidden": "true" }), label), make("dd", {}, duration(ms)))),
      make("div", {}, make("dt", {}, "Total"), make("dd", {}, duration(invocation.totalMs)))));
}

function about(invocation) {
  const facts = [
    make("span", { class: `status s${String(invocation.status)[0]}` }, String(invocation.status)),
    invocation.function && make("span", {}, make("code", {}, invocation.function)),
    invocation.function && make("span", { class: invocation.cold ? "chip cold" : "chip" }, invocation.cold ? "cold" : "warm"),
    invocation.origin && make("a", { href: `#${invocation.origin}` }, `again #${invocation.origin}`),
    make("span", {}, new Date(invocation.time).toLocaleString()),
    make("span", {}, `${size(invocation.requestBytes) || "0 B"} in, ${size(invocation.responseBytes) || "0 B"} out`),
    invocation.memory > 0 && make("span", {}, `${size(invocation.memory)} memory`),
    make("span", {}, "id ", make("code", {}, invocation.requestId)),
  ];
  return make("p", { class: "about" }, facts.filter(Boolean));
}

function actions(invocation, detail, say) {
  const button = (id, label, act) => {
    const element = make("button", { type: "button", id }, label);
    element.disabled = !invocation.canReplay && id !== "secretsLabel";
    element.addEventListener("click", () => act(element).catch((error) => say(error.message, "bad")));
    return element;
  };
  const went = ({ number }) => { location.hash = `#${number}`; };
  const check = make("input", { type: "checkbox", id: "secrets" });
  check.checked = showsSecrets;
  check.addEventListener("change", () => { showsSecrets = check.checked; showDetail(invocation.number); });
  const copied = async (kind, element) => copy(await gateway.command(invocation.number, kind, showsSecrets), element);
  return make("div", { class: "actions" },
    button("replay", "Replay", async () => went(await gateway.replay(invocation.number))),
    button("edit", "Edit and send", async () => {
      byId("editor")?.remove();
      byId("detail").querySelector(".actions").after(editor(invocation, detail, went));
      byId("envelope").focus();
    }),
    button("pipe", "Copy as a pipe", (element) => copied("pipe", element)),
    button("curl", "Copy as curl", (element) => copied("curl", element)),
    make("label", { class: "check" }, check, "Show secrets"));
}

function answerBlocks(detail) {
  if (detail.response === undefined) return [];
  if (detail.response === null && detail.omittedResponseBytes) return [make("p", { class: "notice" }, `${size(detail.omittedResponseBytes)} of answer were too much to be kept.`)];
  if (detail.response === null) return [make("p", { class: "notice" }, "The function did not respond; the gateway answered instead.")];
  const blocks = [codeBlock("Response envelope", pretty(detail.response))];
  if (detail.stream) {
    blocks.push(codeBlock(`Stream: ${detail.stream.length} parts`, detail.stream.map((part) => (part.chunk ?? pretty(part))).join("")));
  }
  if (detail.omittedResponseBytes) blocks.push(make("p", { class: "notice" }, `${size(detail.omittedResponseBytes)} more were not kept.`));
  return blocks;
}

function errorBlocks(detail) {
  if (!detail.stderr?.length) return [];
  const more = detail.omittedErrorLines ? `\n… and ${detail.omittedErrorLines} more lines` : "";
  const block = codeBlock("stderr", detail.stderr.join("\n") + more);
  block.classList.add("errors");
  return [make("h3", {}, "stderr"), block];
}

/** Shows one invocation; 0 closes. */
async function showDetail(number) {
  const pane = byId("detail");
  markChosen(number);
  byId("work").classList.toggle("open", number > 0);
  pane.hidden = !number;
  if (!number) return pane.replaceChildren();
  const close = make("button", { type: "button", class: "quiet close", "aria-label": "Close" }, "×");
  close.addEventListener("click", () => { location.hash = "#invocations"; });
  let detail;
  try {
    detail = await gateway.detail(number, showsSecrets);
  } catch (error) {
    if (number === chosen) pane.replaceChildren(make("header", {}, make("h2", {}, `#${number}`), close), make("p", { class: "notice bad" }, error.message));
    return;
  }
  if (number !== chosen) return;
  const message = make("p", { class: "notice", role: "status", hidden: true });
  const say = (text, kind) => { message.hidden = false; message.className = `notice ${kind}`; message.textContent = text; };
  const query = detail.request?.rawQueryString;
  pane.dataset.number = number;
  pane.replaceChildren(
    make("header", {}, make("h2", {}, make("span", { class: `method ${detail.method.toLowerCase()}` }, detail.method), " ", detail.path, query ? `?${query}` : ""), close),
    about(detail), actions(detail, detail, say), message,
    ...(detail.omittedRequestBytes ? [make("p", { class: "notice" }, `The request's body (${size(detail.omittedRequestBytes)}) was too large to be kept, or did not come to its end, so it cannot be sent again.`)] : []),
    timing(detail),
    ...(detail.request ? [make("h3", {}, "Request"), codeBlock("Request envelope", pretty(detail.request))] : []),
    ...(detail.response !== undefined ? [make("h3", {}, "Response"), ...answerBlocks(detail)] : [make("p", { class: "notice" }, "The gateway answered this itself; no function received it.")]),
    ...errorBlocks(detail));
  pane.scrollTop = 0;
}

/** A field for a parameter, with its possible values. */
function parameterField(parameter, changed) {
  const schema = resolve(parameter.schema);
  const { types } = alternatives(schema);
  const choices = schema.enum ?? (types[0] === "boolean" ? [true, false] : undefined);
  const isRequired = parameter.in === "path" || parameter.required;
  const input = choices
    ? make("select", {}, !isRequired && make("option", { value: "" }, "–"), choices.map((each) => make("option", { value: String(each) }, String(each))))
    : make("input", { autocomplete: "off", spellcheck: "false", inputmode: types[0] === "integer" ? "numeric" : undefined,
        placeholder: idPrefix(schema) ? `${idPrefix(schema)}…` : String(schema.default ?? schema.examples?.[0] ?? "") });
  if (isRequired) input.required = true;
  const prefix = idPrefix(schema);
  if (prefix) {
    input.value = seenIds.of(prefix);
    document.addEventListener("ids", () => {
      if (input.dataset.touched) return;
      input.value = seenIds.of(prefix) || input.value;
      changed();
    });
  }
  input.addEventListener("input", () => {
    input.dataset.touched = input.value ? "yes" : "";
    changed();
  });
  return { parameter, input, prefix, element: labelled(parameter.name, input, isRequired ? "required" : parameter.in === "path" ? "" : parameter.in) };
}

/** The JSON body: a text area that checks while you type. */
function bodyField(schema, changed) {
  const area = make("textarea", { rows: "6", spellcheck: "false", autocapitalize: "off", id: `body-${bodyField.count = (bodyField.count ?? 0) + 1}` });
  const wrong = make("p", { class: "wrong", role: "status" });
  const write = (value) => {
    area.value = JSON.stringify(value, null, 2);
    area.rows = Math.min(18, Math.max(3, area.value.split("\n").length + 1));
    check();
    changed();
  };
  const check = () => {
    const value = parsed(area.value);
    const missing = (schema.required ?? []).filter((name) => value && !(name in value));
    const unknown = Object.keys(value ?? {}).filter((name) => schema.properties && !(name in schema.properties));
    wrong.textContent = value === undefined ? `Not JSON yet: ${jsonProblem(area.value)}`
      : missing.length ? `Missing: ${missing.join(", ")}` : unknown.length ? `Unknown, and ignored: ${unknown.join(", ")}` : "";
    area.setAttribute("aria-invalid", String(value === undefined));
  };
  area.addEventListener("input", () => { check(); changed(); });
  const sample = (label, value) => make("button", { type: "button", class: "small quiet", onclick: () => write(value()) }, label);
  const element = make("div", { class: "field" },
    make("div", { class: "label" }, make("label", { for: area.id }, "Body", make("small", {}, "JSON")),
      make("span", {}, sample("Shortest", () => shortBody(schema)), sample("All fields", () => exampleOf(schema)))),
    area, wrong);
  return { element, area, write, value: () => parsed(area.value) };
}

function jsonProblem(text) {
  try {
    JSON.parse(text);
    return "";
  } catch (error) {
    return error.message.replace(/^JSON\.parse: /, "");
  }
}

function formFields(schema, changed) {
  const file = make("input", { type: "file", multiple: true, required: true });
  file.addEventListener("change", changed);
  const others = Object.entries(schema.properties ?? {}).filter(([, value]) => resolve(value).format !== "binary").map(([name, value]) => {
    const isObject = resolve(value).type === "object";
    const input = make("input", { autocomplete: "off", placeholder: isObject ? '{"topic": "travel"}' : String(resolve(value).examples?.[0] ?? "") });
    input.addEventListener("input", changed);
    return { name, input, element: labelled(name, input, isObject ? "JSON" : "") };
  });
  return { file, others, elements: [labelled("file", file, "one or several"), ...others.map((each) => each.element)] };
}

/** The form to try an operation. It calls `changed` with the values, for the snippets. */
function attemptForm(operation, changed) {
  const body = bodyOf(operation);
  const tell = () => changed(values());
  const fields = operation.parameters.map((parameter) => parameterField(parameter, () => tell()));
  const text = body && !body.isForm ? bodyField(body.schema, () => tell()) : undefined;
  const form = body?.isForm ? formFields(body.schema, () => tell()) : undefined;
  const streams = canStream(operation) ? make("input", { type: "checkbox", checked: true }) : undefined;
  streams?.addEventListener("change", tell);
  const method = operation.aliases.length ? make("select", { "aria-label": "Method" }, [operation, ...operation.aliases].map((each) => make("option", {}, each.method.toUpperCase()))) : undefined;
  const filled = (place) => fields.filter((each) => each.parameter.in === place && each.input.value !== "");
  const pairs = (place) => Object.fromEntries(filled(place).map((each) => [each.parameter.name, each.input.value]));

  function values() {
    const path = pairs("path");
    for (const each of fields) {
      if (each.parameter.in === "path") path[each.parameter.name] ||= exampleOf(each.parameter.schema);
    }
    return {
      path, query: pairs("query"), headers: pairs("header"), body: text ? text.value() ?? {} : undefined,
      isStreamed: Boolean(streams?.checked), file: form?.file.files[0]?.name ?? "handbook.md",
      form: Object.fromEntries((form?.others ?? []).filter((each) => each.input.value).map((each) => [each.name, each.input.value])),
    };
  }

  const place = make("div", { class: "answer", "aria-live": "polite" });
  const send = make("button", { class: "main" }, "Send");
  const stop = make("button", { type: "button", hidden: true }, "Stop");
  const optional = fields.filter((each) => each.parameter.in === "header");
  const element = make("form", { novalidate: true, "aria-label": `Try ${operation.summary}`, onsubmit: (event) => {
    event.preventDefault();
    run({ operation, values: values(), form, place, send, stop, method: method?.value ?? operation.method.toUpperCase(), fields, text });
  } },
    fields.filter((each) => each.parameter.in !== "header").map((each) => each.element),
    text?.element, form?.elements,
    streams && make("label", { class: "check" }, streams, "Stream the answer"),
    optional.length > 0 && make("details", { class: "more" }, make("summary", {}, "Headers"), make("div", {}, optional.map((each) => each.element))),
    make("div", { class: "send" }, method, send, stop, make("span", { class: "of" }, isProtected(operation) ? "with your token" : "needs no token")));
  text?.write(shortBody(body.schema));
  return { element, place, values };
}

/** The first field that is not valid. */
function firstProblem({ fields, form, text }) {
  const empty = fields.find((each) => each.input.required && !each.input.value)?.input;
  if (empty) return [empty, `${empty.labels[0].firstChild.data} is required`];
  if (form && !form.file.files.length) return [form.file, "Choose a file first"];
  if (text && text.value() === undefined) return [text.area, `The body is not JSON: ${jsonProblem(text.area.value)}`];
  return undefined;
}

function request(attempt, signal) {
  const { operation, values, form, method } = attempt;
  const headers = { ...values.headers };
  if (session.token && isProtected(operation)) headers.Authorization = `Bearer ${session.token}`;
  if (values.isStreamed) headers.Accept = "text/event-stream";
  let body;
  if (form) {
    body = new FormData();
    for (const [name, value] of Object.entries(values.form)) body.append(name, value);
    for (const file of form.file.files) body.append("file", file);
  } else if (values.body !== undefined) {
    headers["Content-Type"] = "application/json";
    body = attempt.text.area.value;
  }
  return fetch(BASE + filledPath(operation, values) + queryText(values.query), { method, headers, body, signal, cache: "no-store" });
}

async function run(attempt) {
  const { place, send, stop, operation, values } = attempt;
  place.replaceChildren();
  const problem = firstProblem(attempt);
  for (const each of attempt.fields) each.input.removeAttribute("aria-invalid");
  if (problem) {
    problem[0].setAttribute("aria-invalid", "true");
    problem[0].focus();
    place.append(make("p", { class: "notice problem", role: "alert" }, problem[1]));
    return;
  }
  const controller = new AbortController();
  stop.onclick = () => controller.abort();
  send.disabled = true;
  stop.hidden = false;
  const start = performance.now();
  try {
    const response = await request(attempt, controller.signal);
    if (/event-stream/.test(response.headers.get("content-type") ?? "")) {
      place.append(statusLine(response, performance.now() - start));
      await showStream(response, place);
      place.append(headerList(response));
    } else {
      const json = await showWhole(response, start, place, operation);
      if (response.ok) afterSuccess(operation, values, json);
    }
  } catch (error) {
    place.append(make("p", { class: "notice problem", role: "alert" },
      error.name === "AbortError" ? "Stopped." : `No answer came from ${location.host}: ${error.message}. Is the server still running?`));
  } finally {
    send.disabled = false;
    stop.hidden = true;
  }
}

/** Keeps the token of a login, and forgets the ids of what was deleted. */
function afterSuccess(operation, values, json) {
  if (typeof json?.data?.token === "string") session.token = json.data.token;
  if (operation.id === "logout") session.token = "";
  if (operation.method === "delete") Object.values(values.path).slice(-1).forEach(seenIds.forget);
}

const methodBadge = (method) => make("span", { class: `method ${method}` }, method.toUpperCase());

function parameterTables(operation) {
  return [["path", "Path"], ["query", "Query"], ["header", "Headers"]].flatMap(([place, title]) => {
    const found = operation.parameters.filter((each) => each.in === place);
    return found.length === 0 ? [] : [
      make("h4", {}, title),
      make("ul", { class: "rows" }, found.map((each) => schemaRow(each.name, each.schema, each.required, { about: each.description }))),
    ];
  });
}

function responseBody(response) {
  const content = Object.entries(response.content ?? {});
  const headers = Object.entries(response.headers ?? {});
  return make("div", {},
    content.map(([type, { schema }]) => [make("p", { class: "of" }, type), innerSchema(schema) ? schemaTable(schema, { open: ["data", "error"] }) : undefined]),
    headers.length > 0 && make("details", { class: "inner" }, make("summary", {}, "headers"),
      make("ul", { class: "rows" }, headers.map(([name, header]) => schemaRow(name, resolve(header).schema, false, { about: resolve(header).description })))));
}

function responseList(operation) {
  return Object.entries(operation.responses).map(([status, source]) => {
    const response = resolve(source);
    const kind = status < 300 ? "ok" : status < 400 ? "redirect" : "broken";
    return fold({ class: `status ${kind}` }, [make("b", {}, status), make("span", {}, prose(response.description))], () => responseBody(response));
  });
}

/** An example of the answer. */
function exampleAnswer(operation) {
  const [status, response] = successOf(operation);
  const schema = resolve(response).content?.["application/json"]?.schema;
  if (!schema) return undefined;
  const text = JSON.stringify(exampleOf(schema, (name) => name !== "message"), null, 2);
  return text.length > 4 ? codeBlock(`Answer, ${status}`, text) : undefined;
}

function operationSide(operation) {
  const snippets = { update: () => {} };
  const attempt = attemptForm(operation, (values) => snippets.update(values));
  Object.assign(snippets, snippetPanel(operation, attempt.values()));
  const form = make("details", { class: "try" },
    make("summary", {}, "Try it", make("span", { class: "chip" }, isProtected(operation) ? "token" : "no token")), attempt.element, attempt.place);
  return make("div", { class: "side", role: "group", "aria-label": "Example and form" }, snippets.panel, form, exampleAnswer(operation));
}

/** Everything about an operation. */
function operationArticle(operation) {
  const body = bodyOf(operation);
  const about = [
    operation.description && paragraphs(operation.description), parameterTables(operation),
    body && [make("h4", {}, "Body"), make("p", { class: "of" }, body.type), schemaTable(body.schema)],
    make("h4", {}, "Responses"), responseList(operation),
  ];
  return make("article", { class: "operation", id: operation.id, "data-operation": operation.id, "aria-labelledby": `${operation.id}-title` },
    make("header", {},
      make("h3", { id: `${operation.id}-title` }, operation.summary,
        make("a", { href: `#${operation.id}`, "aria-label": `Link to ${operation.summary}` }, "#")),
      make("p", { class: "route" }, methodBadge(operation.method),
        operation.aliases.map((alias) => make("span", { id: alias.id, "data-operation": alias.id }, methodBadge(alias.method))),
        make("code", {}, operation.path), make("span", { class: "chip" }, functionName(operation)))),
    make("div", { class: "said" }, about), operationSide(operation));
}

/** The named schemas, each folded. */
function schemaSection() {
  const all = Object.entries(contract.components?.schemas ?? {});
  return all.length > 0 && make("section", { class: "tag", id: "objects" }, make("h2", {}, "Objects"),
    make("p", {}, "The objects in requests and answers."),
    all.map(([name, schema]) => fold({ class: "status", id: `object-${name}` },
      [make("b", {}, name), make("span", {}, Object.keys(schema.properties ?? {}).slice(0, 5).join(", "))],
      () => make("div", {}, schemaTable(schema)))));
}

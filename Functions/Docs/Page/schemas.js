/** A type in a few words: `string`, `Workspace[]`, `integer | null`. */
function typeName(source) {
  const schema = resolve(source);
  const { real, types, isNullable } = alternatives(schema);
  const base = real.length ? real.map(typeName).join(" | ")
    : idPrefix(schema) ? `id ${idPrefix(schema)}…`
    : types[0] === "array" ? `${schema.items ? typeName(schema.items).replace(/^(.* \| .*)$/, "($1)") : "any"}[]`
    : schema.title ?? (schema.format && types[0] === "string" ? schema.format : types.join(" | "))
    ?? "any";
  return (base || (schema.const !== undefined ? "constant" : "any")) + (isNullable ? " | null" : "");
}

/** The rules of a schema: lengths, bounds, allowed values. */
function rulesOf(schema) {
  const between = (low, high, unit) => {
    if (low === undefined && high === undefined) return undefined;
    if (low === high) return `exactly ${low}${unit}`;
    if (high === undefined) return `at least ${low}${unit}`;
    return (low === undefined ? `at most ${high.toLocaleString("en")}` : `${low} to ${high.toLocaleString("en")}`) + unit;
  };
  const values = (schema.enum ?? (schema.const === undefined ? [] : [schema.const])).map((value) => make("code", {}, JSON.stringify(value)));
  const simple = schema.pattern && !idPrefix(schema) && schema.pattern.length < 40;
  return [
    between(schema.minLength, schema.maxLength, " characters"),
    between(schema.minItems, schema.maxItems, " items"),
    between(schema.minimum, schema.maximum, ""),
    schema.exclusiveMinimum !== undefined && `more than ${schema.exclusiveMinimum}`,
    schema.uniqueItems && "no item twice",
    values.length > 0 && [schema.const === undefined ? "one of " : "always ", ...values.flatMap((value) => [value, " "])],
    schema.default !== undefined && ["default ", make("code", {}, JSON.stringify(schema.default))],
    simple && ["matches ", make("code", {}, schema.pattern)],
    schema.pattern && !simple && !idPrefix(schema) && "no control characters, and not only spaces",
    values.length === 0 && ![undefined, "text"].includes(schema.examples?.[0]) && ["such as ", make("code", {}, JSON.stringify(schema.examples[0]))],
  ].filter(Boolean).map((rule) => make("span", {}, rule));
}

/** What a schema unfolds to: its properties, those of its items, or its alternatives. */
function innerSchema(source) {
  const schema = resolve(source);
  const { real } = alternatives(schema);
  if (real.length === 1) return innerSchema(real[0]);
  if (real.length > 1) return real.some(innerSchema) ? schema : undefined;
  if (schema.properties) return schema;
  return schema.items && innerSchema(schema.items);
}

/** One line of a table: a parameter, or a property. */
function schemaRow(name, source, isRequired, { about, open } = {}) {
  const schema = resolve(source);
  const inner = innerSchema(schema);
  const items = schema.items ? resolve(schema.items) : undefined;
  const rules = [...rulesOf(schema), ...(items && !inner ? rulesOf(items) : [])];
  const text = about ?? schema.description;
  return make("li", {},
    make("span", { class: "name" }, name), make("span", { class: "type" }, typeName(schema)),
    isRequired && make("span", { class: "must" }, "required"),
    text && make("p", {}, prose(text)),
    rules.length > 0 && make("div", { class: "rules" }, rules),
    inner && fold({ class: "inner", open }, `${inner.title ?? "fields"}`, () => schemaTable(inner)));
}

/** A schema as a table of its properties. */
function schemaTable(source, { open = [] } = {}) {
  const schema = resolve(source);
  const { real } = alternatives(schema);
  if (real.length) {
    return make("ul", { class: "rows" }, real.map((each, index) => schemaRow(index ? "or" : "either", each, false, { open: index === 0 })));
  }
  const properties = Object.entries(schema.properties ?? {});
  if (!properties.length) return make("p", { class: "of" }, typeName(schema));
  const choices = fieldChoices(schema).map((names) => names.join(" and "));
  return make("div", {},
    choices.length > 0 && make("p", { class: "of" }, `${schema.oneOf ? "Exactly" : "At least"} one of ${choices.join(", ")}.`),
    make("ul", { class: "rows" }, properties.map(([name, value]) =>
      schemaRow(name, value, schema.required?.includes(name), { open: open.includes(name) }))));
}

const ULID = "01JD8XKQ5Z7V3M9N2R4T6W8Y0A";
const EXAMPLE_DEPTH = 6;

/** The prefix of the ids that a pattern accepts: `ws_` of `^ws_[0-7]…$`. */
const idPrefix = (schema) => /^\^([a-z]+_)\[0-7\]/.exec(schema?.pattern ?? "")?.[1];

const isChoiceOfFields = (schema) => schema.required && !schema.type;

/** Fields of which a schema needs exactly one: `userId` or `email`. */
const fieldChoices = (schema) => [schema.oneOf ?? schema.anyOf ?? []].flat().filter(isChoiceOfFields).map((each) => each.required);

/** The alternatives of a schema without `null`, and whether `null` is allowed. */
function alternatives(schema) {
  const types = [schema.type ?? []].flat();
  // An alternative that only lists required fields chooses among the schema's own properties.
  const choices = (schema.oneOf ?? schema.anyOf ?? []).map((each) => resolve(each)).filter((each) => !isChoiceOfFields(each));
  const real = choices.filter((each) => each.type !== "null");
  return { real, types: types.filter((type) => type !== "null"), isNullable: types.includes("null") || real.length < choices.length };
}

function exampleText(schema) {
  if (idPrefix(schema)) return idPrefix(schema) + ULID;
  const formats = { "date-time": "2099-12-31T23:59:59.000Z", email: "ada@example.com", uri: "https://example.com/hooks", binary: "" };
  return (formats[schema.format] ?? "text").padEnd(schema.minLength ?? 0, "x");
}

/** A value that fits the schema. `keep` decides which properties of the outermost object are shown. */
function exampleOf(source, keep = () => true, depth = 0) {
  const schema = resolve(source);
  for (const given of [schema.examples?.[0], schema.example, schema.const, schema.default, schema.enum?.[0]]) {
    if (given !== undefined) return given;
  }
  const { real, types } = alternatives(schema);
  if (real.length) return exampleOf(real[0], keep, depth);
  if (depth > EXAMPLE_DEPTH) return null;
  if (types[0] === "object" || schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties ?? {})
      .filter(([name]) => keep(name, schema)).map(([name, value]) => [name, exampleOf(value, undefined, depth + 1)]));
  }
  if (types[0] === "array") return schema.items ? [exampleOf(schema.items, undefined, depth + 1)] : [];
  if (types[0] === "integer" || types[0] === "number") return schema.minimum ?? 1;
  if (types[0] === "boolean") return true;
  return types.length ? exampleText(schema) : {};
}

/** The required fields; if there are none, one optional field. */
function shortBody(schema) {
  const first = Object.keys(schema.properties ?? {}).slice(0, 1);
  const wanted = schema.required?.length ? [...schema.required, ...(fieldChoices(schema).at(-1) ?? [])] : first;
  return exampleOf(schema, (name) => wanted.includes(name));
}

/** Which invocations are shown. */
const filter = { text: "", function: "", statuses: new Set() };

function isShown(invocation) {
  if (filter.function && (invocation.function ?? "-") !== filter.function) return false;
  if (filter.statuses.size && !filter.statuses.has(String(invocation.status)[0])) return false;
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${invocation.method} ${invocation.path} ${invocation.function ?? ""} ${invocation.status} ${invocation.requestId}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function startFilter(onChange) {
  byId("tools").addEventListener("submit", (event) => event.preventDefault());
  byId("text").addEventListener("input", (event) => { filter.text = event.target.value; onChange(); });
  byId("function").addEventListener("change", (event) => { filter.function = event.target.value; onChange(); });
  for (const button of document.querySelectorAll("[data-status]")) {
    button.addEventListener("click", () => {
      const { status } = button.dataset;
      if (!filter.statuses.delete(status)) filter.statuses.add(status);
      button.setAttribute("aria-pressed", String(filter.statuses.has(status)));
      onChange();
    });
  }
}

/** Offers every function that has been seen. */
function offerFunction(name) {
  const select = byId("function");
  if ([...select.options].some((option) => option.value === name)) return;
  const later = [...select.options].slice(1).find((option) => option.value > name);
  select.insertBefore(make("option", { value: name }, name === "-" ? "No function" : name), later ?? null);
}

function chooseFunction(name) {
  offerFunction(name);
  byId("function").value = filter.function = name;
}

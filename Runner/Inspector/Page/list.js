const invocations = new Map();  // by number, oldest first
const MAXIMUM_ROWS = 500;
let isPaused = false;
let chosen = 0;

/** Without the part that all paths have, where room is scarce. */
function pathParts(path) {
  const base = state?.basePath;
  return base && path.startsWith(`${base}/`) ? [make("span", { class: "base" }, base), path.slice(base.length)] : path;
}

function row(invocation, isFresh) {
  const element = make("tr", { tabindex: "0", "data-number": invocation.number, class: isFresh ? "fresh" : undefined,
    "aria-current": invocation.number === chosen ? "true" : undefined },
    make("td", { class: "time" }, clock(invocation.time)),
    make("td", { class: "state" }, make("span", { class: `status s${String(invocation.status)[0]}` }, String(invocation.status))),
    make("td", { class: "request", title: `${invocation.method} ${invocation.path}` },
      make("span", { class: `method ${invocation.method.toLowerCase()}` }, invocation.method),
      make("span", { class: "path" }, pathParts(invocation.path))),
    make("td", { class: "function" },
      invocation.function ?? make("span", { class: "none" }, "none"),
      invocation.cold && make("span", { class: "chip cold" }, "cold"),
      invocation.origin && make("span", { class: "chip again" }, `again #${invocation.origin}`),
      invocation.errorLines > 0 && make("span", { class: "chip said", title: "Lines on stderr" }, `${invocation.errorLines} stderr`)),
    make("td", { class: "right duration took" }, duration(invocation.totalMs)),
    make("td", { class: "parts split-cell" }, timeBar(invocation)),
    make("td", { class: "right size" }, size(invocation.requestBytes)),
    make("td", { class: "right size" }, size(invocation.responseBytes)),
    make("td", { class: "right size memory" }, size(invocation.memory)));
  element.addEventListener("click", () => { location.hash = `#${invocation.number}`; });
  element.addEventListener("keydown", (event) => rowKey(event, element));
  return element;
}

function rowKey(event, element) {
  const move = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (move) {
    event.preventDefault();
    element[move]?.focus();
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    element.click();
  }
}

/** Takes in what is new, newest on top. */
function addInvocations(news, isFresh) {
  for (const invocation of news) {
    if (invocations.has(invocation.number)) continue;
    invocations.set(invocation.number, invocation);
    offerFunction(invocation.function ?? "-");
    if (!isPaused && isShown(invocation)) byId("rows").prepend(row(invocation, isFresh));
  }
  while (invocations.size > MAXIMUM_ROWS) invocations.delete(invocations.keys().next().value);
  while (byId("rows").children.length > MAXIMUM_ROWS) byId("rows").lastElementChild.remove();
  showEmpty();
}

function showAll() {
  const shown = [...invocations.values()].filter(isShown).reverse();
  byId("rows").replaceChildren(...shown.map((invocation) => row(invocation, false)));
  showEmpty();
}

function showEmpty() {
  const empty = byId("empty");
  empty.hidden = byId("rows").children.length > 0;
  empty.textContent = invocations.size > 0 ? "No invocation matches the filter." : "Nothing yet. Call the API: every request appears here at once.";
}

function markChosen(number) {
  chosen = number;
  for (const each of byId("rows").querySelectorAll("[aria-current]")) each.removeAttribute("aria-current");
  byId("rows").querySelector(`[data-number="${number}"]`)?.setAttribute("aria-current", "true");
}

function startList() {
  startFilter(showAll);
  byId("pause").addEventListener("click", () => {
    isPaused = !isPaused;
    byId("pause").setAttribute("aria-pressed", String(isPaused));
    byId("pause").textContent = isPaused ? "Resume" : "Pause";
    if (!isPaused) showAll();
  });
  byId("clear").addEventListener("click", async () => {
    await gateway.clear();
    invocations.clear();
    showAll();
    if (chosen) location.hash = "#invocations";
  });
  showEmpty();
}

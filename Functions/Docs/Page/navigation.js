/** The list of operations by tag. */
function contentsList(groups) {
  return groups.map(([tag, operations]) => make("section", {}, make("h2", {}, tag),
    make("ul", {}, operations.map((operation) => make("li", { "data-for": operation.id },
      make("a", { href: `#${operation.id}` }, methodBadge(operation.method), make("span", {}, operation.summary)))))));
}

const textOf = (operation) => [operation.id, functionName(operation), operation.method, ...operation.aliases.map((each) => each.method), operation.path, operation.summary,
  operation.tags?.join(" "), operation.description].join(" ").toLowerCase();

/** Hides the operations that do not match the filter. */
function startFilter(operations) {
  const input = byId("filter");
  const texts = new Map(operations.map((operation) => [operation.id, textOf(operation)]));
  const none = make("p", { class: "notice", hidden: true }, "No operation matches. ", make("button", { type: "button", class: "small", onclick: () => { input.value = ""; apply(); input.focus(); } }, "Show all"));
  byId("main").prepend(none);
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = new Set(operations.map((each) => each.id).filter((id) => words.every((word) => texts.get(id).includes(word))));
    for (const id of texts.keys()) {
      byId(id).hidden = !shown.has(id);
      document.querySelector(`[data-for="${CSS.escape(id)}"]`).hidden = !shown.has(id);
    }
    for (const group of document.querySelectorAll(".contents section, .tag")) {
      const members = group.querySelectorAll("[data-for], .operation");
      group.hidden = members.length ? [...members].every((each) => each.hidden) : words.length > 0;
    }
    document.querySelector(".intro").hidden = words.length > 0;
    none.hidden = shown.size > 0;
    if (words.length) announce(`${shown.size} operations`);
    return shown;
  };
  input.addEventListener("input", () => { apply(); scrollTo({ top: 0, behavior: "instant" }); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { input.value = ""; apply(); }
    if (event.key === "Enter") {
      const [first] = apply();
      if (first) location.hash = first;
    }
  });
  document.addEventListener("keydown", (event) => {
    const isWriting = event.target.closest("input, textarea, select, dialog");
    if (event.key !== "/" || isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });
  return () => { input.value = ""; apply(); };
}

/** Marks the operation that is on the screen. */
function startFollowing() {
  const visible = new Set();
  const links = new Map([...document.querySelectorAll(".contents [data-for]")].map((item) => [item.dataset.for, item.firstChild]));
  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) visible[entry.isIntersecting ? "add" : "delete"](entry.target);
    const [first] = [...visible].sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
    document.querySelector(".contents [aria-current]")?.removeAttribute("aria-current");
    const link = first && links.get(first.id);
    if (!link) return;
    link.setAttribute("aria-current", "location");
    const list = byId("contents");
    const { top, bottom } = link.getBoundingClientRect();
    const frame = list.getBoundingClientRect();
    if (top < frame.top || bottom > frame.bottom) list.scrollTop += top - frame.top - frame.height / 3;
  }, { rootMargin: "-12% 0px -70% 0px" });
  document.querySelectorAll(".operation").forEach((article) => observer.observe(article));
}

function startMenu() {
  const [button, list] = [byId("menu"), byId("contents")];
  const set = (open) => {
    list.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => set(!list.classList.contains("open")));
  list.addEventListener("click", (event) => { if (event.target.closest("a")) set(false); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !list.classList.contains("open")) return;
    set(false);
    button.focus();
  });
  byId("filter").addEventListener("focus", () => set(false));
}

/** Goes to the operation in the address, even if the filter hides it. */
function startLinks(showAll) {
  const go = () => {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const article = target.closest(".operation, .tag") ?? target;
    if (article.hidden) showAll();
    if (target.matches("details")) target.open = true;
    (target.closest(".operation") ?? target).scrollIntoView({ behavior: "instant" });
  };
  addEventListener("hashchange", go);
  go();
}

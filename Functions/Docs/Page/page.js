function introduction() {
  const { title, description = "", license } = contract.info;
  return make("section", { class: "intro", id: "top" }, make("h1", {}, `${title} API`), paragraphs(description),
    make("dl", { class: "facts" },
      make("div", {}, make("dt", {}, "Base"), make("dd", {}, make("code", {}, BASE))),
      make("div", {}, make("dt", {}, "Contract"), make("dd", {}, make("a", { href: "openapi.json" }, `OpenAPI ${contract.openapi}`))),
      license && make("div", {}, make("dt", {}, "Licence"), make("dd", {}, license.name))));
}

function grouped(operations) {
  const names = [...new Set([...(contract.tags ?? []).map((tag) => tag.name), ...operations.map((each) => each.tags?.[0] ?? "Other")])];
  return names.map((name) => [name, operations.filter((each) => (each.tags?.[0] ?? "Other") === name)]).filter(([, found]) => found.length);
}

function show(document_) {
  contract = document_;
  const operations = operationsOf(contract);
  const groups = grouped(operations);
  const about = Object.fromEntries((contract.tags ?? []).map((tag) => [tag.name, tag.description]));
  document.title = `${contract.info.title} API reference`;
  byId("title").textContent = contract.info.title;
  byId("version").textContent = contract.info.version;
  byId("contents").append(...contentsList(groups), make("section", {}, make("h2", {}, make("a", { href: "#objects" }, "Objects"))));
  byId("notice").remove();
  byId("main").append(introduction(), ...groups.map(([tag, found]) => make("section", { class: "tag", "aria-label": tag },
    make("h2", {}, tag), about[tag] && make("p", {}, prose(about[tag])), found.map(operationArticle))), schemaSection() || "");
  const showAll = startFilter(operations);
  startFollowing();
  startMenu();
  startLinks(showAll);
}

async function start() {
  startTheme(byId("theme"));
  startSession();
  try {
    const response = await fetch("openapi.json");
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    show(await response.json());
  } catch (error) {
    console.error(error);
    const notice = byId("notice") ?? byId("main").appendChild(make("p", { id: "notice" }));
    notice.className = "notice problem";
    notice.replaceChildren(`The page cannot read openapi.json: ${error.message}. `,
      make("button", { type: "button", class: "small", onclick: () => location.reload() }, "Try again"));
  }
}

document.addEventListener("DOMContentLoaded", start);

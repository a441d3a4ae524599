/** Makes an element. Text only ever becomes text: what a server says is never read as HTML. */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

const byId = (id) => document.getElementById(id);

/** Tells those who listen rather than look. */
function announce(text) {
  byId("said").textContent = text;
}

/** Text with `code` in it. */
function prose(text) {
  return text.split("`").map((part, index) => (index % 2 ? make("code", {}, part) : part));
}

/** Paragraphs of such text. */
const paragraphs = (text) => text.trim().split(/\n\s*\n/).map((part) => make("p", {}, prose(part)));

/** A `details` whose content is made when it is first opened. */
function fold(attributes, summary, content) {
  const element = make("details", attributes, make("summary", {}, summary));
  const fill = () => {
    if (!element.open || element.dataset.filled) return;
    element.dataset.filled = "yes";
    element.append(content());
  };
  element.addEventListener("toggle", fill);
  fill();
  return element;
}

async function copy(text, button) {
  let copied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {  // no permission, or no secure context
    const area = make("textarea", { class: "hidden" });
    area.value = text;
    document.body.append(area);
    area.select();
    copied = document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const label = button.textContent;
  button.textContent = copied ? "Copied" : "Select and copy it by hand";
  announce(button.textContent);
  setTimeout(() => { button.textContent = label; }, 1500);
}

const TOKENS = /("(?:[^"\\]|\\.)*"(?=\s*:))|("(?:[^"\\]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\b(true|false|null|True|False|None|const|await|for|of|in|import|from|new|as|with|print)\b|(-?\b\d+(?:\.\d+)?\b)|((?:#|\/\/) .*)/g;
const COLOUR_LIMIT = 100_000;

/** JSON, or a snippet, in colours. */
function coloured(text) {
  if (text.length > COLOUR_LIMIT) return [text];
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    const kind = ["k", "s", "w", "n", "c"][match.slice(1).findIndex((group) => group !== undefined)];
    parts.push(text.slice(end, match.index), make("span", { class: kind }, match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}

/** A block of code with a name and a button to copy it. */
function codeBlock(name, text, extra) {
  const button = make("button", { type: "button", class: "copy small", "aria-label": `Copy: ${name}` }, "Copy");
  button.addEventListener("click", () => copy(text, button));
  return make("figure", { class: "code" },
    make("header", {}, make("span", { class: "name" }, name), make("span", {}, extra, " ", button)),
    make("pre", { tabindex: "0", role: "region", "aria-label": name }, make("code", {}, coloured(text))));
}

/** Tabs as the ARIA Authoring Practices describe them: arrows move, one is in the order of tabbing. */
function tabs(label, names, chosen, choose) {
  const buttons = names.map((name) => make("button", { type: "button", role: "tab" }, name));
  const select = (index, byUser) => {
    buttons.forEach((button, at) => {
      button.setAttribute("aria-selected", String(at === index));
      button.tabIndex = at === index ? 0 : -1;
    });
    choose(names[index], byUser);
  };
  buttons.forEach((button, index) => {
    button.addEventListener("click", () => select(index, true));
    button.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = (index + step + names.length) % names.length;
      event.preventDefault();
      select(next, true);
      buttons[next].focus();
    });
  });
  const list = make("span", { role: "tablist", "aria-label": label }, buttons);
  return { list, select: (name, byUser) => select(Math.max(0, names.indexOf(name)), byUser), start: () => select(Math.max(0, names.indexOf(chosen)), false) };
}

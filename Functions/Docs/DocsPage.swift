// Made by deploy/scripts/embed_page.py from the files in Page: `make build` keeps it current.
// swift-format-ignore-file

/// The page, and what its headers say of it.
enum DocsPage {
    static let tag = "0951e78a7a80e62da0580433d3f9c688"
    static let scriptHash = "sha256-OQQJ7k3UqDtoS+MfjMGn3rjMNhYtFGPjmzV0Q3vSlBk="
    static let styleHash = "sha256-P3R/j8tbRmkDmtsBQ5//Q4+eYxP5k3AUXA8o98ic6mw="
    static let html: StaticString = ####"""
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>API reference</title>
<link rel="icon" href="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAYAAABzenr0AAAAoElEQVR42sXXSwqAMAxF0e5VcGfuwI05FxSFdlJr83kvCWR87jApZTLLelyeLZbxouYYFiwKicK3/Xw3JaDiXUA03kVk4GEBI7wFZOEtIhOnBUhxSoAGhwdocWiABYcFWHFIgAd3B3hxVwACNwegcFMAElcHoHFVAAMXB7BwUQATn94EIfgogI3/BkTgw8s4Ba8BUfhnwDOpeESI6VNmozf0RQwv10ut7gAAAABJRU5ErkJggg==">
<style>/* Each colour for light and for dark; the contrast of every pair is at least 4.5 (WCAG 2.2, AA). */
:root {
color-scheme: light dark;
--paper: light-dark(#ffffff, #0f1218);
--tint: light-dark(#f5f6f9, #161a22);
--card: light-dark(#ffffff, #141820);
--line: light-dark(#e0e3ea, #2a303c);
--edge: light-dark(#8a93a3, #68748a);
--ink: light-dark(#171a21, #e8ebf1);
--soft: light-dark(#525b6b, #a2adbf);
--accent: light-dark(#4338ca, #a5b0ff);
--accent-tint: light-dark(#ecebfd, #23264a);
--on-accent: light-dark(#ffffff, #10132a);
--good: light-dark(#0b6637, #6fe3a6);
--good-tint: light-dark(#e1f5ea, #12291d);
--bad: light-dark(#a8161d, #ff9d9d);
--bad-tint: light-dark(#fdeaea, #371a1c);
--warm: light-dark(#8a3f0a, #fbc06a);
--warm-tint: light-dark(#fdf1dd, #2f2411);
--blue: light-dark(#1b4fc4, #9bbcff);
--blue-tint: light-dark(#e6eefd, #17233f);
--plum: light-dark(#6527c2, #cab3ff);
--plum-tint: light-dark(#f1eafe, #281d43);
--code: light-dark(#1a2030, #0a0d12);
--code-ink: #dfe5f0;
--code-soft: #9aa7bd;
--code-key: #9cc4ff;
--code-text: #a8e6b4;
--code-number: #ffca85;
--code-word: #d9b8ff;
--mono: ui-monospace, "SF Mono", SFMono-Regular, "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
--sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
--bar: 3.5rem;
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }
.get { --method: var(--good); --method-tint: var(--good-tint); }
.post { --method: var(--blue); --method-tint: var(--blue-tint); }
.put { --method: var(--warm); --method-tint: var(--warm-tint); }
.patch { --method: var(--plum); --method-tint: var(--plum-tint); }
.delete { --method: var(--bad); --method-tint: var(--bad-tint); }
*, ::before, ::after { box-sizing: border-box; }
html { scroll-padding-top: var(--bar); -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.6 var(--sans); }
h1, h2, h3, h4, p, ul, dl, dd, pre, figure { margin: 0; padding: 0; }
ul { list-style: none; }
a { color: var(--accent); text-underline-offset: .18em; }
code, pre, kbd, textarea { font-family: var(--mono); font-size: .875em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }
.skip { position: fixed; z-index: 9; inset: .5rem auto auto .5rem; padding: .5rem 1rem; background: var(--accent); color: var(--on-accent); border-radius: 6px; transform: translateY(-200%); }
.skip:focus { transform: none; }
.bar { position: sticky; z-index: 5; top: 0; display: flex; align-items: center; gap: .75rem; height: var(--bar); padding: 0 1.25rem; background: var(--paper); border-bottom: 1px solid var(--line); }
.brand { display: flex; align-items: center; gap: .55rem; color: var(--ink); font-weight: 650; letter-spacing: -.01em; text-decoration: none; white-space: nowrap; }
.mark { width: 1.25rem; height: 1.25rem; border-radius: 6px; background: linear-gradient(135deg, #6366f1 0 48%, #a5b4fc 52%); }
.version { color: var(--soft); font: 500 .75rem var(--mono); }
.find { position: relative; flex: 1; max-width: 30rem; margin: 0 auto; }
.find input { width: 100%; padding-right: 2.4rem; }
.find kbd { position: absolute; right: .6rem; top: 50%; translate: 0 -50%; padding: 0 .4rem; border: 1px solid var(--line); border-radius: 4px; color: var(--soft); background: var(--tint); }
.find input:focus + kbd { display: none; }
.menu { display: none; }
.page { display: grid; grid-template-columns: 17.5rem minmax(0, 1fr); max-width: 100rem; margin: 0 auto; }
.contents { position: sticky; top: var(--bar); height: calc(100vh - var(--bar)); height: calc(100dvh - var(--bar)); overflow-y: auto; padding: 1.25rem .75rem 3rem 1.25rem; border-right: 1px solid var(--line); scrollbar-width: thin; }
.contents h2 { margin: 1.1rem 0 .25rem; padding: 0 .5rem; color: var(--soft); font-size: .72rem; font-weight: 650; letter-spacing: .06em; text-transform: uppercase; }
.contents section:first-child h2 { margin-top: 0; }
.contents a { display: flex; align-items: baseline; gap: .5rem; padding: .22rem .5rem; border-radius: 6px; color: var(--ink); font-size: .86rem; line-height: 1.4; text-decoration: none; }
.contents a:hover { background: var(--tint); }
.contents a[aria-current] { background: var(--accent-tint); color: var(--accent); font-weight: 600; }
.contents .method { flex: none; width: 3rem; padding: 0; background: none; font-size: .62rem; text-align: left; }
main { min-width: 0; padding: 2rem clamp(1rem, 3vw, 3rem) 40vh; }
.intro { max-width: 50rem; margin-bottom: 3rem; }
.intro h1 { font-size: 2.1rem; line-height: 1.15; letter-spacing: -.025em; margin-bottom: .9rem; }
.intro p { margin-bottom: .8rem; color: var(--soft); font-size: 1.02rem; }
.intro .facts { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; margin-top: 1.2rem; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: 10px; background: var(--tint); }
.facts div { display: flex; gap: .5rem; align-items: baseline; min-width: 0; overflow-wrap: anywhere; }
.facts dt { color: var(--soft); font-size: .82rem; }
.tag > h2 { margin-top: 3.5rem; font-size: 1.5rem; letter-spacing: -.02em; }
.tag > p { color: var(--soft); }
.operation { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 30rem); gap: 0 2.5rem; padding: 2rem 0 2.5rem; border-bottom: 1px solid var(--line); }
.operation > header { grid-column: 1 / -1; margin-bottom: 1.1rem; }
.operation > .side { position: sticky; top: calc(var(--bar) + 1rem); align-self: start; max-height: calc(100vh - var(--bar) - 2rem); overflow-y: auto; scrollbar-width: thin; padding: 2px; }
.operation h3 { font-size: 1.18rem; line-height: 1.35; letter-spacing: -.012em; }
.operation h3 a { margin-left: .35rem; color: var(--soft); font-weight: 400; text-decoration: none; opacity: 0; }
.operation h3:hover a, .operation h3 a:focus-visible { opacity: 1; }
.operation h4 { margin: 1.4rem 0 .35rem; font-size: .78rem; font-weight: 650; letter-spacing: .05em; text-transform: uppercase; color: var(--soft); }
.operation .said > h4:first-child, .operation .said > p:first-child { margin-top: 0; }
.route { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .6rem; margin-top: .45rem; }
.route > code { font-size: .95rem; overflow-wrap: anywhere; }
@media (max-width: 1180px) {
.operation { grid-template-columns: minmax(0, 1fr); }
.operation > .side { position: static; max-height: none; margin-top: 1.5rem; }
}
@media (max-width: 820px) {
.menu { display: inline-flex; }
.page { grid-template-columns: minmax(0, 1fr); }
.contents { position: fixed; z-index: 4; inset: var(--bar) 0 0 0; height: auto; border: 0; background: var(--paper); display: none; }
.contents.open { display: block; }
.contents a { padding: .5rem; font-size: .95rem; }
.bar { gap: .45rem; padding: 0 .6rem; }
.brand, .find kbd { display: none; }
.account.in { max-width: 6.5rem; padding: .38rem .5rem; }
.find input { padding-right: .6rem; }
main { padding-top: 1.25rem; }
.intro h1 { font-size: 1.7rem; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print { .bar, .contents, .side { display: none; } .page, .operation { display: block; } }
button, input, select, textarea { font: inherit; color: inherit; }
button { display: inline-flex; align-items: center; gap: .4rem; padding: .38rem .8rem; border: 1px solid var(--edge); border-radius: 7px; background: var(--card); cursor: pointer; font-size: .86rem; font-weight: 550; white-space: nowrap; }
button:hover { border-color: var(--accent); color: var(--accent); }
button.main { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
button.main:hover { filter: brightness(1.08); color: var(--on-accent); }
button.quiet { border-color: var(--line); }
button.small { padding: .12rem .55rem; font-size: .76rem; }
button:disabled { opacity: .6; cursor: default; }
.account.in { border-color: var(--good); color: var(--good); max-width: 14rem; overflow: hidden; text-overflow: ellipsis; display: block; }
input, select, textarea { width: 100%; padding: .38rem .6rem; border: 1px solid var(--edge); border-radius: 7px; background: var(--paper); font-size: .88rem; }
input[type="checkbox"] { width: 1rem; height: 1rem; accent-color: var(--accent); }
textarea { display: block; font-family: var(--mono); font-size: .82rem; line-height: 1.5; resize: vertical; tab-size: 2; }
::placeholder { color: var(--soft); opacity: 1; }
[aria-invalid="true"] { border-color: var(--bad); }
.method { display: inline-block; padding: .1rem .5rem; border-radius: 5px; background: var(--method-tint); color: var(--method); font: 700 .74rem/1.6 var(--mono); letter-spacing: .02em; }
.chip { display: inline-block; padding: 0 .45rem; border: 1px solid var(--line); border-radius: 99px; color: var(--soft); font-size: .76rem; }
.notice { padding: .6rem .9rem; border-radius: 8px; background: var(--tint); border: 1px solid var(--line); }
.problem { background: var(--bad-tint); color: var(--bad); border-color: transparent; }
.problem a, .problem button { color: inherit; background: none; border-color: currentColor; }
.problem p + p, .problem p + ul, .problem ul + p, .problem button { margin-top: .35rem; }
.problem li { font-size: .87rem; }
.rows > li, .rows > details { border-top: 1px solid var(--line); }
.rows > li { padding: .5rem 0; }
.rows > li:last-child { border-bottom: 1px solid var(--line); }
.rows .name { font: 600 .86rem var(--mono); overflow-wrap: anywhere; }
.rows .type { margin-left: .5rem; color: var(--soft); font-size: .8rem; }
.rows .must { margin-left: .5rem; color: var(--bad); font-size: .74rem; font-weight: 600; }
.rows p { color: var(--soft); font-size: .88rem; }
.rules { display: flex; flex-wrap: wrap; gap: .2rem .9rem; margin-top: .2rem; font-size: .78rem; color: var(--soft); }
.rules code { padding: 0 .35rem; border-radius: 4px; background: var(--tint); color: var(--ink); overflow-wrap: anywhere; }
details.inner { margin: .3rem 0 .1rem; padding-left: .8rem; border-left: 2px solid var(--line); }
summary { cursor: pointer; }
details.inner > summary { color: var(--accent); font-size: .82rem; }
details.status > summary { display: flex; align-items: baseline; gap: .6rem; padding: .42rem 0; list-style-position: inside; }
details.status > summary::before, details.try > summary::before { content: "›"; color: var(--soft); font-weight: 700; transition: rotate .1s; }
details[open].status > summary::before, details[open].try > summary::before { rotate: 90deg; }
details.status > summary b { font: 700 .84rem var(--mono); }
details.status > summary span { color: var(--soft); font-size: .88rem; }
details.status > div { padding: 0 0 1rem 1rem; }
.ok b, .ok .state { color: var(--good); }
.redirect b { color: var(--blue); }
.broken b, .broken .state { color: var(--bad); }
.of { color: var(--soft); font-size: .82rem; }
.code { margin-bottom: .9rem; border-radius: 10px; background: var(--code); color: var(--code-ink); border: 1px solid light-dark(transparent, #262d3a); overflow: hidden; }
.code header { display: flex; align-items: center; gap: .1rem; padding: .35rem .5rem .35rem .8rem; border-bottom: 1px solid #333c4e; font-size: .78rem; color: var(--code-soft); }
.code header > :last-child { margin-left: auto; }
.code header .name { padding: .15rem 0; }
.code [role="tab"] { padding: .15rem .55rem; border: 0; background: none; color: var(--code-soft); font-size: .8rem; }
.code [role="tab"]:first-child { margin-left: -.4rem; }
.code [role="tab"][aria-selected="true"] { background: #343f57; color: #fff; }
.code .copy { border-color: #46516a; background: none; color: var(--code-ink); }
.code :focus-visible { outline-color: #a5b0ff; }
.code button:hover { color: #fff; border-color: #a5b0ff; }
.code pre, .code dl { color-scheme: dark; }
pre { overflow: auto; max-height: 24rem; padding: .8rem; font-size: .8rem; line-height: 1.55; tab-size: 2; scrollbar-width: thin; }
pre.wrap { white-space: pre-wrap; overflow-wrap: anywhere; }
.k { color: var(--code-key); } .s { color: var(--code-text); } .n { color: var(--code-number); } .w { color: var(--code-word); } .c { color: var(--code-soft); }
.try { margin-bottom: .9rem; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
.try > summary { display: flex; align-items: center; gap: .6rem; padding: .55rem .8rem; font-weight: 600; list-style: none; border-radius: 10px; }
.try > summary::-webkit-details-marker, .status > summary::-webkit-details-marker { display: none; }
.try > summary:hover { color: var(--accent); }
.try > summary .chip { margin-left: auto; font-weight: 400; }
.try form { display: grid; gap: .7rem; padding: .2rem .8rem .8rem; }
.field label, .field .label { display: flex; align-items: baseline; gap: .4rem; margin-bottom: .15rem; font-size: .82rem; font-weight: 600; }
.field label small, .field .label small { color: var(--soft); font-weight: 400; }
.field .label > span:last-child { margin-left: auto; display: flex; gap: .3rem; }
.field .wrong { color: var(--bad); font-size: .8rem; }
.check { display: flex; align-items: center; gap: .5rem; font-size: .86rem; }
.more > summary { color: var(--accent); font-size: .83rem; }
.more > div { display: grid; gap: .7rem; padding-top: .5rem; }
.send { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
.answer { display: grid; gap: .7rem; padding: 0 .8rem .8rem; }
.answer:empty { display: none; }
.answer .code { margin: 0; }
.line { display: flex; flex-wrap: wrap; gap: .1rem .8rem; align-items: baseline; font-size: .84rem; color: var(--soft); }
.line .state { font: 700 .92rem var(--mono); }
.words { padding: .7rem .9rem; border-radius: 8px; background: var(--tint); white-space: pre-wrap; overflow-wrap: anywhere; }
.sources { font-size: .84rem; color: var(--soft); }
dl.heads { display: grid; grid-template-columns: auto 1fr; gap: .1rem .9rem; padding: .8rem; font: .78rem/1.6 var(--mono); max-height: 20rem; overflow: auto; }
dl.heads dt { color: var(--code-key); }
dl.heads dd { overflow-wrap: anywhere; }
dialog { width: min(26rem, calc(100vw - 2rem)); padding: 1.3rem; border: 1px solid var(--line); border-radius: 14px; background: var(--card); color: var(--ink); box-shadow: 0 20px 60px #0007; }
dialog::backdrop { background: #0008; }
dialog h2 { font-size: 1.15rem; }
dialog form { display: grid; gap: .7rem; margin-top: .9rem; }
dialog form + form { padding-top: .9rem; border-top: 1px solid var(--line); }
dialog p { color: var(--soft); font-size: .86rem; }
dialog .problem { color: var(--bad); }
dialog .top { display: flex; justify-content: space-between; align-items: center; }
</style>
<script>"use strict";
// Before anything is painted, so that nobody sees the other theme first.
const THEMES = { system: "System", light: "Light", dark: "Dark" };
function rememberedTheme() {
try {
return localStorage.getItem("theme") in THEMES ? localStorage.getItem("theme") : "system";
} catch {
return "system";  // storage can be forbidden
}
}
function applyTheme(name) {
document.documentElement.dataset.theme = name;
try {
localStorage.setItem("theme", name);
} catch { /* it holds until the page is left */ }
}
applyTheme(rememberedTheme());
function startTheme(button) {
const show = () => {
const name = document.documentElement.dataset.theme;
button.textContent = { system: "◐", light: "☀", dark: "☾" }[name];
button.setAttribute("aria-label", `Theme: ${THEMES[name]}. Switch`);
button.title = `Theme: ${THEMES[name]}`;
};
button.addEventListener("click", () => {
const names = Object.keys(THEMES);
applyTheme(names[(names.indexOf(document.documentElement.dataset.theme) + 1) % names.length]);
show();
});
show();
}
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
/** The OpenAPI document, once it is read. */
let contract = {};
/** Where the API is: next to this page, whatever the installation's base path. */
const BASE = new URL(".", location.href).href.replace(/\/$/, "");
const METHODS = ["get", "post", "put", "patch", "delete"];
const RESOLVE_LIMIT = 20;
/** What a reference points to; keywords next to `$ref` win (OpenAPI 3.1). */
function resolve(value, depth = 0) {
if (!value?.$ref || depth > RESOLVE_LIMIT) return value ?? {};
const { $ref, ...own } = value;
const found = $ref.split("/").slice(1).reduce(
(place, key) => place?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], contract);
return { ...resolve(found, depth + 1), ...own };
}
/** All operations, in the document's order. A `PATCH` that means the same as `PUT` becomes its alias. */
function operationsOf(document) {
const all = [];
for (const [path, item] of Object.entries(document.paths)) {
for (const method of METHODS.filter((name) => item[name])) {
const operation = { ...item[method], id: item[method].operationId, path, method, aliases: [] };
operation.parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((each) => resolve(each));
const original = all.find((other) => other.path === path && operation.id === `${other.id}ByPatch`);
if (original) original.aliases.push(operation);
else all.push(operation);
}
}
return all;
}
/** `listWorkspaces` → `list-workspaces`, the name of the executable. */
const functionName = (operation) => operation.id.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
/** Whether it needs a token. */
const isProtected = (operation) => (operation.security ?? contract.security ?? []).some((way) => Object.keys(way).length);
function bodyOf(operation) {
const [type, content] = Object.entries(resolve(operation.requestBody).content ?? {})[0] ?? [];
return type && { type, schema: resolve(content.schema), isForm: type === "multipart/form-data" };
}
/** Whether it can answer with Server-Sent Events. */
const canStream = (operation) => Object.values(operation.responses)
.some((response) => resolve(response).content?.["text/event-stream"]);
const successOf = (operation) => Object.entries(operation.responses).find(([status]) => status.startsWith("2")) ?? [];
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
/** The method of the SDKs for an operation: `documents.search`. Without one, snippets use `client.request`. */
const sdkMethod = (operation) => operation["x-sdk"]?.method;
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const isRequestedAsPages = (operation) => operation.parameters.some((each) => each.name === "page");
const needsLogin = (operation) => /API key cannot/.test(operation.description ?? "");
/** The arguments of a call: positional ones and named ones. */
function sdkArguments(operation, given) {
const alone = operation.parameters.filter((each) => each.in === "path").map((each) => given.path[each.name]);
const named = { ...given.query };
const body = bodyOf(operation);
if (body && !body.isForm && operation["x-sdk"]?.body !== false) Object.assign(named, given.body);
const leading = operation["x-sdk"]?.positional;
if (leading) {
alone.push(named[leading] ?? "");
delete named[leading];
}
delete named.stream;
return { alone, named };
}
// MARK: JavaScript
const scriptKey = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
function scriptValue(value, indent = "") {
if (Array.isArray(value)) return `[${value.map((each) => scriptValue(each, indent)).join(", ")}]`;
if (value === null || typeof value !== "object") return JSON.stringify(value);
const parts = Object.entries(value).map(([key, each]) => `${scriptKey(key)}: ${scriptValue(each, `${indent}  `)}`);
const line = parts.length ? `{ ${parts.join(", ")} }` : "{}";
return line.length < 60 ? line : `{\n${parts.map((part) => `${indent}  ${part},\n`).join("")}${indent}}`;
}
function scriptSnippet(operation, given) {
const head = ['import { AINexLayer } from "ainexlayer";', ""];
const url = scriptValue(location.origin);
const signIn = needsLogin(operation) && 'await client.auth.login({ email: "ada@example.com", password: process.env.PASSWORD });';
const client = isProtected(operation) && !signIn
? `const client = new AINexLayer({ baseUrl: ${url}, apiKey: process.env.TOKEN });` : `const client = new AINexLayer({ baseUrl: ${url} });`;
return [...head, client, ...(signIn ? [signIn] : []), ...scriptCall(operation, given)].join("\n");
}
function scriptCall(operation, given) {
const { alone, named } = sdkArguments(operation, given);
const options = Object.keys(named).length ? [scriptValue(named)] : [];
const call = (name, ...more) => `client.${name}(${[...alone.map((each) => scriptValue(each)), ...more].join(", ")})`;
const name = sdkMethod(operation);
if (!name) {
const content = { query: given.query, ...(given.body === undefined ? {} : { json: given.body }) };
return [`const answer = await client.request("${operation.method.toUpperCase()}", ${scriptValue(filledPath(operation, given))}, ${scriptValue(content)});`];
}
if (operation.id === "uploadDocument") {
return [`const document = await ${call(name, scriptValue(given.file))};`, "console.log(document.id, document.status);"];
}
if (operation.id === "getDocumentContent") return [`const content = await ${call(name)};`, 'await content.save("handbook.md");'];
if (operation.id === "sendMessage" && given.isStreamed) {
return [`const answer = await ${call("chat.stream", ...options)};`, "for await (const words of answer.text()) process.stdout.write(words);"];
}
if (isRequestedAsPages(operation)) return [`for await (const item of ${call(name, ...options)}) {`, "  console.log(item);", "}"];
return [`const answer = await ${call(name, ...options)};`, "console.log(answer);"];
}
// MARK: Python
function pythonValue(value, indent = "", key = "") {
if (value === true) return "True";
if (value === false) return "False";
if (value === null) return "None";
if (typeof value === "string" && /^(expires|created)/.test(key) && !Number.isNaN(Date.parse(value))) {
return `datetime.fromisoformat(${JSON.stringify(value.replace(/Z$/, "+00:00"))})`;
}
if (Array.isArray(value)) return `[${value.map((each) => pythonValue(each, indent)).join(", ")}]`;
if (typeof value !== "object") return JSON.stringify(value);
// The keys of metadata are the user's own.
const name = (each) => (key === "metadata" ? each : snake(each));
const parts = Object.entries(value).map(([each, inner]) => `${JSON.stringify(name(each))}: ${pythonValue(inner, `${indent}    `, each)}`);
const line = `{${parts.join(", ")}}`;
return line.length < 60 ? line : `{\n${parts.map((part) => `${indent}    ${part},\n`).join("")}${indent}}`;
}
function pythonSnippet(operation, given) {
const url = pythonValue(location.origin);
const signIn = needsLogin(operation) && 'client.auth.login(email="ada@example.com", password=os.environ["PASSWORD"])';
const key = isProtected(operation) && !signIn ? ', api_key=os.environ["TOKEN"]' : "";
const lines = [`client = AINexLayer(${url}${key})`, ...(signIn ? [signIn] : []), ...pythonCall(operation, given)];
const modules = [
/os\.environ/.test(lines.join()) && "import os", /datetime\./.test(lines.join()) && "from datetime import datetime",
].filter(Boolean);
return [...modules, ...(modules.length ? [""] : []), "from ainexlayer import AINexLayer", "", ...lines].join("\n");
}
function pythonCall(operation, given) {
const { alone, named } = sdkArguments(operation, given);
const options = Object.entries(named).map(([key, value]) => `${snake(key)}=${pythonValue(value, "    ", key)}`);
const call = (name, ...more) => {
const parts = [...alone.map((each) => pythonValue(each)), ...more];
const line = `client.${snake(name)}(${parts.join(", ")})`;
return line.length < 90 ? line : `client.${snake(name)}(\n${parts.map((part) => `    ${part},\n`).join("")})`;
};
const name = sdkMethod(operation);
if (!name) {
const json = given.body === undefined ? "" : `, json=${JSON.stringify(given.body) === "{}" ? "{}" : pythonValue(given.body, "", "metadata")}`;
return [`answer = client.request("${operation.method.toUpperCase()}", ${pythonValue(filledPath(operation, given))}, query=${pythonValue(given.query, "", "metadata")}${json})`];
}
if (operation.id === "uploadDocument") return [`document = ${call(name, pythonValue(given.file))}`, "print(document.id, document.status)"];
if (operation.id === "getDocumentContent") return [`with ${call(name)} as content:`, '    content.save("handbook.md")'];
if (operation.id === "sendMessage" && given.isStreamed) {
return [`for words in ${call("chat.stream", ...options)}.text():`, '    print(words, end="", flush=True)'];
}
if (isRequestedAsPages(operation)) return [`for item in ${call(name, ...options)}:`, "    print(item)"];
return [`answer = ${call(name, ...options)}`, "print(answer)"];
}
const SNIPPETS = { curl: curlSnippet, JavaScript: scriptSnippet, Python: pythonSnippet, Pipe: pipeSnippet };
const FORM_BOUNDARY = "XX";
/** For a POSIX shell. The shell fills in `$TOKEN`. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''").replaceAll("$TOKEN", "'\"$TOKEN\"'")}'`;
const filledPath = (operation, given) => operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(given.path[name] ?? ""));
function queryText(query) {
const text = new URLSearchParams(query).toString();
return text && `?${text}`;
}
function curlSnippet(operation, given) {
const body = bodyOf(operation);
const url = BASE + filledPath(operation, given) + queryText(given.query);
const method = operation.method.toUpperCase();
const lines = [`curl${given.isStreamed ? " -N" : ""}${method === "GET" || (body && method === "POST") ? "" : ` -X ${method}`} ${/[?&]/.test(url) ? quoted(url) : url}`];
const header = (name, value) => lines.push(`-H ${quoted(`${name}: ${value}`)}`);
if (isProtected(operation)) lines.push('-H "Authorization: Bearer $TOKEN"');
if (given.isStreamed) header("Accept", "text/event-stream");
Object.entries(given.headers).forEach(([name, value]) => header(name, value));
if (body?.isForm) {
lines.push(`-F ${quoted(`file=@${given.file}`)}`);
Object.entries(given.form).forEach(([name, value]) => lines.push(`-F ${quoted(`${name}=${value}`)}`));
} else if (body && given.body !== undefined) {
header("Content-Type", "application/json");
lines.push(`-d ${quoted(JSON.stringify(given.body, null, 2))}`);
}
if (bodyless(operation)) lines.push("-O -J");
return lines.join(" \\\n  ");
}
/** Whether the answer is a file. */
const bodyless = (operation) => "application/octet-stream" in (resolve(successOf(operation)[1]).content ?? {});
/** A call of the executable in a shell, with the line that a gateway would write. */
function pipeSnippet(operation, given) {
const headers = { ...(isProtected(operation) ? { authorization: "Bearer $TOKEN" } : {}) };
if (given.isStreamed) headers.accept = "text/event-stream";
Object.entries(given.headers).forEach(([name, value]) => { headers[name.toLowerCase()] = value; });
const envelope = { headers, pathParameters: given.path, queryStringParameters: given.query };
for (const [name, value] of Object.entries(envelope)) if (!Object.keys(value).length) delete envelope[name];
const program = `build/functions/${functionName(operation)}`;
if (bodyOf(operation)?.isForm) return formPipe(envelope, given, program);
if (given.body !== undefined) envelope.body = given.body;
const text = JSON.stringify(envelope);
// The echo of some shells interprets backslashes.
return `${text.includes("\\") ? "printf '%s\\n'" : "echo"} ${quoted(text)} |\n  ${program}`;
}
function formPipe(envelope, given, program) {
envelope.headers["content-type"] = `multipart/form-data; boundary=${FORM_BOUNDARY}`;
const head = JSON.stringify({ ...envelope, isBase64Encoded: true }).replace(/\}$/, ',"body":"');
const disposition = `Content-Disposition: form-data; name="file"; filename="${given.file.replaceAll(/["%\\]/g, "_")}"`;
return [
`{ printf '%s' ${quoted(head)}`,
`  { printf '%s\\r\\n' '--${FORM_BOUNDARY}' ${quoted(disposition)} ''`,
`    cat ${quoted(given.file)}; printf '\\r\\n--${FORM_BOUNDARY}--\\r\\n'; } | base64 -w0`,
`  echo '"}'; } |`, `  ${program}`,
].join("\n");
}
let chosenSnippet = "curl";
/** The snippets of an operation. `update` rewrites them for other values. */
function snippetPanel(operation, given) {
const code = make("code");
const pre = make("pre", { tabindex: "0", role: "tabpanel", "aria-label": "Example call" }, code);
const button = make("button", { type: "button", class: "copy small", "aria-label": "Copy the example call" }, "Copy");
let name = chosenSnippet;
let text = "";
const write = () => {
text = SNIPPETS[name](operation, given);
code.replaceChildren(...(name === "curl" || name === "Pipe" ? [text] : coloured(text)));
};
const strip = tabs("Language", Object.keys(SNIPPETS), name, (chosen, byUser) => {
name = chosen;
write();
if (!byUser) return;
chosenSnippet = chosen;
document.dispatchEvent(new CustomEvent("snippet", { detail: panel }));
});
button.addEventListener("click", () => copy(text, button));
const panel = make("figure", { class: "code snippet" }, make("header", {}, strip.list, button), pre);
strip.start();
document.addEventListener("snippet", (event) => {
if (event.detail !== panel) strip.select(chosenSnippet, false);
});
return { panel, update: (changed) => { given = changed; write(); } };
}
// The token is kept in sessionStorage: it goes away with the tab, and other tabs cannot see it.
const session = {
read(name) {
try { return sessionStorage.getItem(name) ?? ""; } catch { return this.memory[name] ?? ""; }
},
write(name, value) {
this.memory[name] = value;
try { value ? sessionStorage.setItem(name, value) : sessionStorage.removeItem(name); } catch { /* memory has it */ }
},
memory: {},
get token() { return this.read("token"); },
set token(value) {
this.write("token", value);
showAccount();
},
};
/** Ids from earlier answers, by prefix. They fill in the fields of other operations. */
const seenIds = {
of: (prefix) => session.read(`id:${prefix}`),
forget: (id) => {
const prefix = /^[a-z]+_/.exec(id)?.[0];
if (prefix && seenIds.of(prefix) === id) session.write(`id:${prefix}`, "");
},
/** Takes the first id of each kind: a resource's own id comes before those that it refers to. */
learn(text) {
const found = {};
for (const [id, prefix] of text.slice(0, COLOUR_LIMIT).matchAll(/\b([a-z]+_)[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g)) found[prefix] ??= id;
for (const [prefix, id] of Object.entries(found)) session.write(`id:${prefix}`, id);
if (Object.keys(found).length) document.dispatchEvent(new CustomEvent("ids"));
},
};
async function showAccount() {
const button = byId("account");
const token = session.token;
button.classList.toggle("in", Boolean(token));
button.textContent = token ? "Token set" : "Sign in";
if (!token) return;
const answer = await fetch(`${BASE}/users/me`, { headers: { Authorization: `Bearer ${token}` } }).catch(() => undefined);
if (token !== session.token) return;
const user = answer?.ok ? (await answer.json()).data : undefined;
button.textContent = user ? `${user.name} · ${user.role}` : answer?.status === 401 ? "Token expired" : "Token set";
button.classList.toggle("in", answer?.status !== 401);
}
function labelled(label, input, about) {
input.id ||= `field-${labelled.count = (labelled.count ?? 0) + 1}`;
return make("div", { class: "field" }, make("label", { for: input.id }, label, about && make("small", {}, about)), input);
}
/** The dialog: log in, register, or paste a token. */
function startSession() {
const email = make("input", { type: "email", name: "email", autocomplete: "username", required: true, autofocus: true });
const password = make("input", { type: "password", name: "password", autocomplete: "current-password", required: true, minlength: "1" });
const name = make("input", { name: "name", autocomplete: "name" });
const token = make("input", { name: "token", autocomplete: "off", spellcheck: "false", placeholder: "eyJ… or nxl_…" });
const problem = make("p", { class: "problem", role: "alert", hidden: true });
const dialog = make("dialog", { id: "sign-in", "aria-labelledby": "sign-in-title" });
const fail = (text) => {
problem.textContent = text;
problem.hidden = !text;
};
const finish = (value) => {
session.token = value;
password.value = "";
dialog.close();
announce(value ? "The token is set" : "The token was removed");
};
const enter = async (path, body) => {
fail("");
try {
const answer = await fetch(BASE + path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
const json = await answer.json();
if (answer.ok) return finish(json.data.token);
const fields = (json.error?.details?.errors ?? []).map((each) => `${each.field}: ${each.reason}`).join("; ");
fail(fields || json.error?.message || `The server answered ${answer.status}.`);
} catch {
fail("The server did not answer. Is it still running?");
}
};
const logIn = make("form", { method: "dialog", onsubmit: (event) => {
event.preventDefault();
const isNew = event.submitter?.value === "register";
const account = { email: email.value, password: password.value };
enter(isNew ? "/auth/register" : "/auth/login", isNew ? { ...account, name: name.value || email.value.split("@")[0] } : account);
} },
labelled("E-mail", email), labelled("Password", password), labelled("Name", name, "to register"), problem,
make("div", { class: "send" }, make("button", { class: "main", value: "login" }, "Log in"), make("button", { value: "register" }, "Register")));
const paste = make("form", { method: "dialog", onsubmit: (event) => {
event.preventDefault();
finish(token.value.trim().replace(/^Bearer\s+/i, ""));
} },
labelled("Token or API key", token),
make("div", { class: "send" }, make("button", {}, "Use it"),
make("button", { type: "button", onclick: () => { token.value = ""; finish(""); } }, "Forget it")),
make("p", {}, "Your token stays in this tab and goes only to ", make("code", {}, location.host), "."));
dialog.append(
make("div", { class: "top" }, make("h2", { id: "sign-in-title" }, "Sign in"),
make("button", { type: "button", class: "quiet small", "aria-label": "Close", onclick: () => dialog.close() }, "✕")),
logIn, paste);
document.body.append(dialog);
byId("account").addEventListener("click", () => openSignIn());
showAccount();
openSignIn = () => {
token.value = session.token;
fail("");
dialog.showModal();
};
}
let openSignIn = () => {};
/** Reads Server-Sent Events (the HTML standard, section 9.2) as they arrive. */
async function* serverEvents(body) {
const reader = body.pipeThrough(new TextDecoderStream()).getReader();
let rest = "";
for (;;) {
const { value, done } = await reader.read();
if (done) return;
const blocks = (rest + value).split(/\r?\n\r?\n/);
rest = blocks.pop();
for (const block of blocks) {
const event = { type: "message", data: [] };
for (const line of block.split(/\r?\n/)) {
if (line.startsWith("event:")) event.type = line.slice(6).trim();
if (line.startsWith("data:")) event.data.push(line.slice(5).replace(/^ /, ""));
}
yield { type: event.type, data: event.data.join("\n") };
}
}
}
const parsed = (text) => {
try { return JSON.parse(text); } catch { return undefined; }
};
/** Shows a stream: the text as it arrives, its sources, and the events below them. */
async function showStream(response, place) {
const words = make("div", { class: "words", "aria-label": "The answer so far", "aria-busy": "true" });
const sources = make("p", { class: "sources" });
const log = make("code");
const block = codeBlock("Events", "");
block.querySelector("pre").replaceChildren(log);
const all = [];
block.querySelector(".copy").replaceWith(make("button", { type: "button", class: "copy small", onclick: (event) => copy(all.join("\n"), event.target) }, "Copy"));
place.append(words, sources, block);
for await (const event of serverEvents(response.body)) {
const data = parsed(event.data);
if (event.type === "delta") words.append(data?.content ?? "");
if (event.type === "sources") sources.append(...(data?.sources ?? []).map((each) => `[${each.number}] ${each.documentName}  `));
if (event.type === "error") place.append(make("p", { class: "notice problem" }, data?.error?.message ?? event.data));
all.push(`event: ${event.type}`, `data: ${event.data}`, "");
log.append(make("span", { class: "w" }, `event: ${event.type}\n`), `data: ${event.data}\n\n`);
log.parentElement.scrollTop = log.parentElement.scrollHeight;
}
words.setAttribute("aria-busy", "false");
seenIds.learn(all.join("\n"));
}
const SHOWN_LIMIT = 200_000;
const sizeText = (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1 << 20 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`);
function statusLine(response, milliseconds, bytes) {
const left = response.headers.get("x-ratelimit-remaining");
return make("p", { class: `line ${response.ok ? "ok" : response.status < 400 ? "redirect" : "broken"}` },
make("span", { class: "state" }, `${response.status} ${response.statusText}`),
make("span", {}, `${Math.round(milliseconds)} ms`), bytes !== undefined && make("span", {}, sizeText(bytes)),
left && make("span", {}, `${left} of ${response.headers.get("x-ratelimit-limit")} requests left`));
}
function headerList(response) {
const list = make("dl", { class: "heads" }, [...response.headers].map(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
return make("figure", { class: "code" }, make("header", {}, make("span", { class: "name" }, "Headers")), list);
}
/** What went wrong, and what to do about it. */
function advice(response, error, operation) {
const lines = [make("p", {}, make("b", {}, error?.code ?? response.status), ` ${error?.message ?? ""}`)];
const problems = error?.details?.errors ?? [];
if (problems.length) lines.push(make("ul", {}, problems.map((each) => make("li", {}, make("code", {}, each.field), ` ${each.reason}`))));
const wait = response.headers.get("retry-after");
if (wait) lines.push(make("p", {}, `Try again in ${wait} seconds.`));
if (response.status === 401 && isProtected(operation)) {
lines.push(make("p", {}, session.token ? "Your token is no longer valid." : "This needs a token."),
make("button", { type: "button", class: "small", onclick: () => openSignIn() }, "Sign in"));
}
if (response.status === 404) lines.push(make("p", {}, "The ids of the examples do not exist, and ids that belong to others look as if they did not exist."));
if (response.status === 405) lines.push(make("p", {}, `Allowed: ${response.headers.get("allow")}`));
return make("div", { class: "notice problem", role: "alert" }, lines);
}
function download(blob, response) {
const disposition = response.headers.get("content-disposition") ?? "";
const name = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
const plain = /filename="?([^";]+)/i.exec(disposition)?.[1];
const url = URL.createObjectURL(blob);
const fileName = name ? decodeURIComponent(name) : plain ?? "answer";
return make("p", {}, make("a", { href: url, download: fileName }, `Download ${fileName}`), ` (${sizeText(blob.size)})`);
}
/** Shows an answer that was not streamed. */
async function showWhole(response, start, place, operation) {
const type = response.headers.get("content-type") ?? "";
const blob = await response.blob();
const isText = /json|^text\//.test(type);
const isFile = response.headers.has("content-disposition");
place.append(statusLine(response, performance.now() - start, blob.size));
const text = isText ? await blob.text() : "";
const json = /json/.test(type) ? parsed(text) : undefined;
if (response.status >= 400) place.append(advice(response, json?.error, operation));
if (isFile || (blob.size && !isText) || text.length > SHOWN_LIMIT) place.append(download(blob, response));
if (text) {
const shown = json === undefined ? text : JSON.stringify(json, null, 2);
const cut = shown.length > SHOWN_LIMIT ? `${shown.slice(0, SHOWN_LIMIT)}\n… (the rest is in the download)` : shown;
place.append(codeBlock("Body", cut));
}
place.append(headerList(response));
if (json && response.ok) seenIds.learn(text);
return json;
}
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
</script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
<button type="button" class="quiet menu" id="menu" aria-expanded="false" aria-controls="contents" aria-label="Contents">☰</button>
<a class="brand" href="#top"><span class="mark" aria-hidden="true"></span><span id="title">API</span> <span class="version" id="version"></span></a>
<label class="find">
<span class="hidden">Filter operations</span>
<input type="search" id="filter" placeholder="Filter: upload, DELETE, /chat …" autocomplete="off" spellcheck="false" aria-keyshortcuts="/">
<kbd aria-hidden="true">/</kbd>
</label>
<button type="button" class="account" id="account">Sign in</button>
<button type="button" class="quiet" id="theme">Theme</button>
</header>
<div class="page">
<nav class="contents" id="contents" aria-label="Operations"></nav>
<main id="main" tabindex="-1">
<p class="notice" id="notice" role="status">Loading <code>openapi.json</code> …</p>
<noscript><p class="notice problem">This page needs JavaScript. Without it, read <a href="openapi.json">openapi.json</a>.</p></noscript>
</main>
</div>
<p class="hidden" id="said" role="status" aria-live="polite"></p>
</body>
</html>
"""####
}

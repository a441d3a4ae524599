// Made by deploy/scripts/embed_page.py from the files in Page: `make build` keeps it current.
// swift-format-ignore-file

/// The page, and what its headers say of it.
enum InspectorPage {
    static let tag = "9e874d4cd3332ed26ad4d30b533f35c1"
    static let scriptHash = "sha256-DZS9bLStw54uYcywFzH1BngeIW4Cl5XCe9s/rLFHkv4="
    static let styleHash = "sha256-cOEVpC3W+dSjIUNZqPcrmGYQSHjVLUs7LDn0e1a18fo="
    static let html: StaticString = ####"""
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="runner-token" content="{{token}}">
<title>Inspector</title>
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
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.5 var(--sans); display: flex; flex-direction: column; height: 100vh; height: 100dvh; }
h1, h2, h3, h4, p, ul, ol, dl, dd, pre, figure, form { margin: 0; padding: 0; }
ul, ol { list-style: none; }
a { color: var(--accent); text-underline-offset: .18em; }
code, pre, kbd, textarea { font-family: var(--mono); font-size: .9em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
[tabindex="-1"]:focus { outline: none; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }
.skip { position: fixed; z-index: 9; inset: .5rem auto auto .5rem; padding: .5rem 1rem; background: var(--accent); color: var(--on-accent); border-radius: 6px; transform: translateY(-200%); }
.skip:focus { transform: none; }
button, input, select, textarea { font: inherit; color: inherit; }
button { display: inline-flex; align-items: center; gap: .4rem; padding: .32rem .75rem; border: 1px solid var(--edge); border-radius: 7px; background: var(--card); cursor: pointer; font-size: .84rem; font-weight: 550; white-space: nowrap; }
button:hover { border-color: var(--accent); color: var(--accent); }
button.main { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
button.main:hover { filter: brightness(1.08); color: var(--on-accent); }
button.quiet { border-color: var(--line); }
button.small { padding: .1rem .55rem; font-size: .76rem; }
button:disabled { opacity: .55; cursor: default; }
button[aria-pressed="true"] { border-color: var(--accent); background: var(--accent-tint); color: var(--accent); }
input, select, textarea { width: 100%; padding: .32rem .6rem; border: 1px solid var(--edge); border-radius: 7px; background: var(--paper); font-size: .84rem; }
input[type="checkbox"] { width: .95rem; height: .95rem; accent-color: var(--accent); }
::placeholder { color: var(--soft); opacity: 1; }
.bar { flex: none; display: flex; align-items: center; gap: 1.2rem; height: var(--bar); padding: 0 1.1rem; border-bottom: 1px solid var(--line); }
.brand { display: flex; align-items: center; gap: .55rem; color: var(--ink); font-size: 1rem; font-weight: 650; letter-spacing: -.01em; text-decoration: none; white-space: nowrap; }
.mark { width: 1.25rem; height: 1.25rem; border-radius: 6px; background: linear-gradient(135deg, #6366f1 0 48%, #a5b4fc 52%); }
.views { display: flex; gap: .2rem; }
.views a { padding: .3rem .7rem; border-radius: 7px; color: var(--soft); font-weight: 550; text-decoration: none; }
.views a:hover { color: var(--ink); background: var(--tint); }
.views a[aria-current] { color: var(--accent); background: var(--accent-tint); }
.live { margin-left: auto; display: flex; align-items: center; gap: .45rem; color: var(--soft); font-size: .82rem; white-space: nowrap; }
.dot { width: .55rem; height: .55rem; border-radius: 50%; background: var(--edge); }
.live.on .dot { background: light-dark(#16a05a, #4ade94); box-shadow: 0 0 0 3px light-dark(#16a05a33, #4ade9433); }
.live.off { color: var(--bad); } .live.off .dot { background: var(--bad); }
.facts { flex: none; display: flex; gap: 0 2rem; overflow-x: auto; padding: .55rem 1.1rem; border-bottom: 1px solid var(--line); background: var(--tint); scrollbar-width: none; }
.facts div { display: flex; align-items: baseline; gap: .45rem; white-space: nowrap; }
.facts b { font: 600 .95rem var(--mono); font-variant-numeric: tabular-nums; }
.facts span { color: var(--soft); font-size: .78rem; }
.facts .alarm b { color: var(--bad); }
.work { flex: 1; min-height: 0; display: grid; grid-template-columns: minmax(0, 1fr); }
.work.open { grid-template-columns: minmax(0, 1fr) minmax(26rem, 46%); }
.method { font: 700 .74rem var(--mono); color: var(--method, var(--soft)); }
.chip { display: inline-block; padding: 0 .42rem; border: 1px solid var(--line); border-radius: 99px; color: var(--soft); font-size: .72rem; line-height: 1.5; white-space: nowrap; }
.chip.cold { border-color: transparent; background: var(--blue-tint); color: var(--blue); }
.chip.again { border-color: transparent; background: var(--plum-tint); color: var(--plum); }
.chip.said { border-color: transparent; background: var(--warm-tint); color: var(--warm); }
.status { display: inline-block; min-width: 2.6rem; padding: 0 .4rem; border-radius: 5px; font: 700 .8rem/1.55 var(--mono); text-align: center; background: var(--tint); color: var(--soft); }
.status.s2 { background: var(--good-tint); color: var(--good); }
.status.s3 { background: var(--blue-tint); color: var(--blue); }
.status.s4 { background: var(--warm-tint); color: var(--warm); }
.status.s5 { background: var(--bad-tint); color: var(--bad); }
@media (max-width: 1000px) {
.work.open { grid-template-columns: minmax(0, 1fr); }
.work.open .invocations { display: none; }
}
@media (max-width: 640px) {
.bar { gap: .5rem; padding: 0 .6rem; }
.brand span:last-child, #liveText { display: none; }
.views a { padding: .3rem .5rem; }
.facts { gap: 0 1.2rem; padding: .5rem .6rem; }
}
.invocations { min-width: 0; min-height: 0; display: flex; flex-direction: column; }
.tools { flex: none; display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; padding: .6rem 1.1rem; border-bottom: 1px solid var(--line); }
.find { position: relative; flex: 1 1 14rem; max-width: 24rem; }
.find kbd { position: absolute; right: .5rem; top: 50%; translate: 0 -50%; padding: 0 .4rem; border: 1px solid var(--line); border-radius: 4px; color: var(--soft); background: var(--tint); font-size: .74rem; }
.find input:focus + kbd { display: none; }
.tools select { max-width: 14rem; }
.statuses { display: flex; }
.statuses button { border-radius: 0; margin-left: -1px; padding: .32rem .6rem; border-color: var(--line); }
.statuses button:first-child { border-radius: 7px 0 0 7px; } .statuses button:last-child { border-radius: 0 7px 7px 0; }
.statuses button[aria-pressed="true"] { position: relative; border-color: var(--accent); }
.acts { margin-left: auto; display: flex; gap: .4rem; }
.frame { flex: 1; min-height: 0; overflow: auto; scrollbar-width: thin; }
table { width: 100%; border-collapse: collapse; font-size: .84rem; }
th.size { font: 600 .74rem var(--sans); }
th { position: sticky; top: 0; z-index: 1; padding: .4rem .6rem; background: var(--paper); box-shadow: inset 0 -1px var(--line); color: var(--soft); font-size: .74rem; font-weight: 600; text-align: left; white-space: nowrap; }
td { padding: .32rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { padding-left: 1.1rem; }
.right { text-align: right; }
tbody tr { cursor: pointer; }
tbody tr:hover { background: var(--tint); }
tbody tr[aria-current] { background: var(--accent-tint); }
tbody tr:focus-visible { outline-offset: -2px; }
tbody tr.fresh { animation: arrive 1.2s ease-out; }
@keyframes arrive { from { background: var(--accent-tint); } }
@media (prefers-reduced-motion: reduce) { tbody tr.fresh { animation: none; } }
.time, .size { font: .78rem var(--mono); color: var(--soft); font-variant-numeric: tabular-nums; }
.duration { font: 600 .8rem var(--mono); font-variant-numeric: tabular-nums; }
.request { width: 40%; max-width: 0; overflow: hidden; text-overflow: ellipsis; }
.request .path { margin-left: .5rem; font: .82rem var(--mono); }
.function { max-width: 12rem; overflow: hidden; text-overflow: ellipsis; }
.function .chip { margin-left: .4rem; }
.none { color: var(--soft); }
.split { display: flex; width: 7.5rem; height: .5rem; border-radius: 3px; overflow: hidden; background: var(--tint); }
.split i { display: block; height: 100%; min-width: 1px; }
.in-receive { background: light-dark(#9aa3b2, #5d6779); } .in-queue { background: light-dark(#e8973a, #f0a54a); }
.in-function { background: light-dark(#6366f1, #8b93ff); } .in-gateway { background: light-dark(#14a38b, #3fd0b6); }
.empty { padding: 3rem 1.5rem; color: var(--soft); text-align: center; }
.open .parts, .open .memory, .open .size { display: none; }
.open .request { width: 70%; }
.open .function { max-width: 9rem; }
.open .base { display: none; }
.open .function .chip { display: none; }
.open td.time { display: table-cell; }
@media (max-width: 900px) { .parts, td .split, .memory, .size:not(.time) { display: none; } }
@media (max-width: 640px) {
.tools { padding: .5rem .6rem; gap: .4rem; }
.find { flex-basis: 100%; max-width: none; } .find kbd { display: none; }
.tools > label:nth-child(2) { flex: 1; } .tools select { max-width: none; }
thead { display: none; }
tbody tr { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: .1rem .6rem; padding: .5rem .6rem; border-bottom: 1px solid var(--line); align-items: center; }
td, td:first-child { display: block; padding: 0; border: 0; }
td.time { grid-column: 1; grid-row: 2; } td.state { grid-column: 1; grid-row: 1; }
td.request { grid-column: 2 / 4; grid-row: 1; width: auto; max-width: none; }
td.function { grid-column: 2; grid-row: 2; max-width: none; } td.took { grid-column: 3; grid-row: 2; }
td.split-cell { display: none; }
}
.detail { min-width: 0; min-height: 0; overflow-y: auto; border-left: 1px solid var(--line); padding: 1rem 1.2rem 4rem; scrollbar-width: thin; }
.detail > header { display: flex; align-items: flex-start; gap: .7rem; }
.detail h2 { flex: 1; min-width: 0; font: 600 .98rem/1.45 var(--mono); overflow-wrap: anywhere; }
.detail h2 .method { margin-right: .35rem; font-size: .86rem; }
.detail h3 { display: flex; align-items: center; gap: .6rem; margin: 1.3rem 0 .45rem; font-size: .76rem; font-weight: 650; letter-spacing: .05em; text-transform: uppercase; color: var(--soft); }
.detail .close { padding: .1rem .55rem; font-size: 1rem; line-height: 1.4; }
.about { display: flex; flex-wrap: wrap; gap: .3rem .5rem; align-items: center; margin-top: .55rem; color: var(--soft); font-size: .82rem; }
.about code { color: var(--ink); overflow-wrap: anywhere; }
.actions { display: flex; flex-wrap: wrap; gap: .45rem; margin-top: .9rem; padding: .7rem 0; border-block: 1px solid var(--line); }
.check { display: flex; align-items: center; gap: .45rem; margin-left: auto; font-size: .82rem; cursor: pointer; }
.notice { margin-top: .7rem; padding: .5rem .8rem; border-radius: 8px; background: var(--tint); border: 1px solid var(--line); font-size: .84rem; }
.notice.bad { background: var(--bad-tint); color: var(--bad); border-color: transparent; }
.notice.good { background: var(--good-tint); color: var(--good); border-color: transparent; }
.timing .split { width: 100%; height: .8rem; }
.timing dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.4rem, 1fr)); gap: .5rem; margin-top: .55rem; }
.timing dt { display: flex; align-items: center; gap: .4rem; color: var(--soft); font-size: .76rem; }
.timing dt i { width: .6rem; height: .6rem; border-radius: 2px; }
.timing dd { font: 600 .88rem var(--mono); font-variant-numeric: tabular-nums; }
.code { border-radius: 10px; background: var(--code); color: var(--code-ink); border: 1px solid light-dark(transparent, #262d3a); overflow: hidden; }
.code + .code { margin-top: .6rem; }
.code header { display: flex; align-items: center; padding: .25rem .45rem .25rem .8rem; border-bottom: 1px solid #333c4e; font-size: .76rem; color: var(--code-soft); }
.code header > :last-child { margin-left: auto; }
.code .copy { border-color: #46516a; background: none; color: var(--code-ink); }
.code .copy:hover { color: #fff; border-color: #a5b0ff; }
.code :focus-visible { outline-color: #a5b0ff; }
.code pre { color-scheme: dark; }
pre { overflow: auto; max-height: 30rem; padding: .7rem .8rem; font-size: .78rem; line-height: 1.55; tab-size: 2; scrollbar-width: thin; white-space: pre-wrap; overflow-wrap: anywhere; }
.k { color: var(--code-key); } .s { color: var(--code-text); } .n { color: var(--code-number); } .w { color: var(--code-word); } .c { color: var(--code-soft); }
.code.errors pre { color: #ffca85; }
.editor { margin-top: .9rem; padding: .8rem; border: 1px solid var(--accent); border-radius: 10px; background: var(--card); }
.editor h3 { margin-top: 0; }
.editor p { margin: .3rem 0 .5rem; color: var(--soft); font-size: .82rem; }
.editor textarea { display: block; font-family: var(--mono); min-height: 18rem; font-size: .78rem; line-height: 1.5; resize: vertical; tab-size: 2; }
.editor [aria-invalid="true"] { border-color: var(--bad); }
.editor .send { display: flex; gap: .5rem; margin-top: .6rem; align-items: center; }
.editor .wrong { color: var(--bad); font-size: .82rem; }
@media (max-width: 1000px) { .detail { border-left: 0; padding: .8rem .8rem 4rem; } .check { margin-left: 0; } }
.pools { position: relative; flex: 1; min-height: 0; overflow-y: auto; padding: 1rem 1.1rem 4rem; scrollbar-width: thin; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 23rem), 1fr)); gap: .8rem; }
.card { padding: .8rem .9rem; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
.card h3 { display: flex; align-items: center; gap: .5rem; font: 650 .92rem var(--mono); }
.card h3 button { margin-left: auto; }
.numbers { display: flex; flex-wrap: wrap; gap: .1rem .9rem; margin-top: .35rem; font-size: .8rem; color: var(--soft); }
.numbers b { color: var(--ink); font-family: var(--mono); font-weight: 600; }
.numbers .alarm, .numbers .alarm b { color: var(--bad); }
.bars { display: flex; align-items: flex-end; gap: 2px; height: 4.2rem; margin-top: .7rem; border-bottom: 1px solid var(--edge); }
.bars i { flex: 1; min-width: 0; max-width: 3.2rem; background: light-dark(#6366f1, #8b93ff); border-radius: 2px 2px 0 0; min-height: 0; }
.bars i.some { min-height: 3px; }
.scale { display: flex; justify-content: space-between; margin-top: .15rem; color: var(--soft); font: .68rem var(--mono); }
.processes { position: relative; display: flex; flex-wrap: wrap; gap: .3rem; margin-top: .6rem; }
.process { display: inline-flex; align-items: center; gap: .35rem; padding: .05rem .5rem; border: 1px solid var(--line); border-radius: 6px; font: .74rem/1.6 var(--mono); color: var(--soft); }
.process i { width: .5rem; height: .5rem; border-radius: 50%; background: light-dark(#16a05a, #4ade94); }
.process.busy i { background: light-dark(#e8973a, #f0a54a); } .process.ending i { background: var(--edge); }
.pools h2 { margin: 1.4rem 0 .6rem; font-size: .8rem; font-weight: 650; letter-spacing: .05em; text-transform: uppercase; color: var(--soft); }
.pools h2:first-child { margin-top: 0; }
.asleep { display: flex; flex-wrap: wrap; gap: .35rem; }
.asleep li { padding: .1rem .6rem; border: 1px solid var(--line); border-radius: 99px; font: .78rem/1.6 var(--mono); color: var(--soft); }
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
/** What the gateway has told last of its pools. */
let state = null;
/** `0.42 ms`, `12.3 ms`, `1.20 s`. */
function duration(ms) {
if (ms === null || ms === undefined) return "–";
if (ms >= 1000) return `${(ms / 1000).toFixed(ms >= 10000 ? 1 : 2)} s`;
return `${ms.toFixed(ms >= 100 ? 0 : ms >= 10 ? 1 : 2)} ms`;
}
/** `512 B`, `4.1 KB`, `9.8 MB`; nothing for nothing. */
function size(bytes) {
if (!bytes) return "";
for (const unit of ["B", "KB", "MB", "GB"]) {
if (bytes < 1000 || unit === "GB") return `${unit === "B" || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)} ${unit}`;
bytes /= 1024;
}
}
/** The time of day with milliseconds, where the reader is. */
function clock(time) {
const date = new Date(time);
const two = (number) => String(number).padStart(2, "0");
return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
/** `3 d`, `2 h`, `5 min`, `12 s`. */
function span(milliseconds) {
const seconds = Math.max(0, Math.round(milliseconds / 1000));
for (const [unit, length] of [["d", 86400], ["h", 3600], ["min", 60]]) {
if (seconds >= length) return `${Math.floor(seconds / length)} ${unit}`;
}
return `${seconds} s`;
}
/** What the gateway is asked. The token shows that it is this page that asks. */
const gateway = {
async ask(path, options = {}) {
const token = document.querySelector("meta[name=runner-token]").content;
const answer = await fetch(`/_runner/${path}`, { ...options, headers: { "X-Runner-Token": token, "Content-Type": "application/json" } });
if (answer.ok) return answer;
const error = await answer.json().catch(() => ({}));
throw new Error(error.error?.message ?? `The gateway answered ${answer.status}`);
},
list: async (after) => (await gateway.ask(`invocations?after=${after}`)).json(),
detail: async (number, secrets) => (await gateway.ask(`invocations/${number}${secrets ? "?secrets=1" : ""}`)).json(),
command: async (number, kind, secrets) => (await gateway.ask(`invocations/${number}/${kind}${secrets ? "?secrets=1" : ""}`)).text(),
replay: async (number) => (await gateway.ask(`invocations/${number}/replay`, { method: "POST", body: "{}" })).json(),
send: async (number, envelope) => (await gateway.ask(`invocations/${number}/send`, { method: "POST", body: envelope })).json(),
clear: () => gateway.ask("clear", { method: "POST", body: "{}" }),
/** Follows the gateway for as long as the page is open; the browser connects again by itself. */
follow({ onNews, onState, onChange }) {
const source = new EventSource("/_runner/events");
source.addEventListener("open", () => onChange(true));
source.addEventListener("error", () => onChange(false));
source.addEventListener("invocations", (event) => onNews(JSON.parse(event.data).invocations));
source.addEventListener("state", (event) => onState(JSON.parse(event.data)));
},
};
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
/** The parts of an invocation's time: their class, their name, and milliseconds. */
function timeParts(invocation) {
const receive = invocation.receiveMs ?? 0;
return [
["in-receive", "Receiving", receive],
["in-queue", "Queue", invocation.queueMs ?? 0],
["in-function", "Function", invocation.functionMs ?? 0],
["in-gateway", "Gateway", Math.max(0, invocation.gatewayMs - receive)],
];
}
/** Those parts as one bar. */
function timeBar(invocation) {
const parts = timeParts(invocation);
const total = parts.reduce((sum, [, , ms]) => sum + ms, 0) || 1;
const bar = make("div", { class: "split", title: parts.map(([, name, ms]) => `${name} ${duration(ms)}`).join(", ") });
for (const [name, , ms] of parts) {
if (ms <= 0) continue;
const part = make("i", { class: name });
part.style.width = `${(ms / total) * 100}%`;
bar.append(part);
}
return bar;
}
/** A form in which the request's envelope is changed and sent to the same function. */
function editor(invocation, detail, onSent) {
const area = make("textarea", { id: "envelope", spellcheck: "false", "aria-label": "Envelope", "aria-describedby": "hint" });
area.value = JSON.stringify(detail.request, null, 2);
area.setSelectionRange(0, 0);
const wrong = make("span", { class: "wrong", role: "alert" });
const send = make("button", { type: "submit", class: "main" }, "Send");
const cancel = make("button", { type: "button" }, "Cancel");
const form = make("form", { class: "editor", id: "editor" },
make("h3", {}, "Edit and send"),
make("p", { id: "hint" }, `Goes to ${invocation.function} under a request id of its own. Masked secrets are put back where you leave them as they are.`),
area, make("div", { class: "send" }, send, cancel, wrong));
const complain = (text) => {
wrong.textContent = text;
area.setAttribute("aria-invalid", String(Boolean(text)));
};
area.addEventListener("input", () => complain(""));
area.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(); });
cancel.addEventListener("click", () => { form.remove(); byId("edit")?.focus(); });
form.addEventListener("submit", async (event) => {
event.preventDefault();
try {
JSON.parse(area.value);
} catch (error) {
return complain(`Not JSON: ${error.message}`);
}
send.disabled = true;
try {
onSent(await gateway.send(invocation.number, area.value));
} catch (error) {
complain(error.message);
} finally {
send.disabled = false;
}
});
return form;
}
let showsSecrets = false;
const pretty = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));
function timing(invocation) {
return make("section", { class: "timing" }, make("h3", {}, "Time"), timeBar(invocation),
make("dl", {}, timeParts(invocation).map(([name, label, ms]) =>
make("div", {}, make("dt", {}, make("i", { class: name, "aria-hidden": "true" }), label), make("dd", {}, duration(ms)))),
make("div", {}, make("dt", {}, "Total"), make("dd", {}, duration(invocation.totalMs)))));
}
function about(invocation) {
const facts = [
make("span", { class: `status s${String(invocation.status)[0]}` }, String(invocation.status)),
invocation.function && make("span", {}, make("code", {}, invocation.function)),
invocation.function && make("span", { class: invocation.cold ? "chip cold" : "chip" }, invocation.cold ? "cold" : "warm"),
invocation.origin && make("a", { href: `#${invocation.origin}` }, `again #${invocation.origin}`),
make("span", {}, new Date(invocation.time).toLocaleString()),
make("span", {}, `${size(invocation.requestBytes) || "0 B"} in, ${size(invocation.responseBytes) || "0 B"} out`),
invocation.memory > 0 && make("span", {}, `${size(invocation.memory)} memory`),
make("span", {}, "id ", make("code", {}, invocation.requestId)),
];
return make("p", { class: "about" }, facts.filter(Boolean));
}
function actions(invocation, detail, say) {
const button = (id, label, act) => {
const element = make("button", { type: "button", id }, label);
element.disabled = !invocation.canReplay && id !== "secretsLabel";
element.addEventListener("click", () => act(element).catch((error) => say(error.message, "bad")));
return element;
};
const went = ({ number }) => { location.hash = `#${number}`; };
const check = make("input", { type: "checkbox", id: "secrets" });
check.checked = showsSecrets;
check.addEventListener("change", () => { showsSecrets = check.checked; showDetail(invocation.number); });
const copied = async (kind, element) => copy(await gateway.command(invocation.number, kind, showsSecrets), element);
return make("div", { class: "actions" },
button("replay", "Replay", async () => went(await gateway.replay(invocation.number))),
button("edit", "Edit and send", async () => {
byId("editor")?.remove();
byId("detail").querySelector(".actions").after(editor(invocation, detail, went));
byId("envelope").focus();
}),
button("pipe", "Copy as a pipe", (element) => copied("pipe", element)),
button("curl", "Copy as curl", (element) => copied("curl", element)),
make("label", { class: "check" }, check, "Show secrets"));
}
function answerBlocks(detail) {
if (detail.response === undefined) return [];
if (detail.response === null && detail.omittedResponseBytes) return [make("p", { class: "notice" }, `${size(detail.omittedResponseBytes)} of answer were too much to be kept.`)];
if (detail.response === null) return [make("p", { class: "notice" }, "The function did not respond; the gateway answered instead.")];
const blocks = [codeBlock("Response envelope", pretty(detail.response))];
if (detail.stream) {
blocks.push(codeBlock(`Stream: ${detail.stream.length} parts`, detail.stream.map((part) => (part.chunk ?? pretty(part))).join("")));
}
if (detail.omittedResponseBytes) blocks.push(make("p", { class: "notice" }, `${size(detail.omittedResponseBytes)} more were not kept.`));
return blocks;
}
function errorBlocks(detail) {
if (!detail.stderr?.length) return [];
const more = detail.omittedErrorLines ? `\n… and ${detail.omittedErrorLines} more lines` : "";
const block = codeBlock("stderr", detail.stderr.join("\n") + more);
block.classList.add("errors");
return [make("h3", {}, "stderr"), block];
}
/** Shows one invocation; 0 closes. */
async function showDetail(number) {
const pane = byId("detail");
markChosen(number);
byId("work").classList.toggle("open", number > 0);
pane.hidden = !number;
if (!number) return pane.replaceChildren();
const close = make("button", { type: "button", class: "quiet close", "aria-label": "Close" }, "×");
close.addEventListener("click", () => { location.hash = "#invocations"; });
let detail;
try {
detail = await gateway.detail(number, showsSecrets);
} catch (error) {
if (number === chosen) pane.replaceChildren(make("header", {}, make("h2", {}, `#${number}`), close), make("p", { class: "notice bad" }, error.message));
return;
}
if (number !== chosen) return;
const message = make("p", { class: "notice", role: "status", hidden: true });
const say = (text, kind) => { message.hidden = false; message.className = `notice ${kind}`; message.textContent = text; };
const query = detail.request?.rawQueryString;
pane.dataset.number = number;
pane.replaceChildren(
make("header", {}, make("h2", {}, make("span", { class: `method ${detail.method.toLowerCase()}` }, detail.method), " ", detail.path, query ? `?${query}` : ""), close),
about(detail), actions(detail, detail, say), message,
...(detail.omittedRequestBytes ? [make("p", { class: "notice" }, `The request's body (${size(detail.omittedRequestBytes)}) was too large to be kept, or did not come to its end, so it cannot be sent again.`)] : []),
timing(detail),
...(detail.request ? [make("h3", {}, "Request"), codeBlock("Request envelope", pretty(detail.request))] : []),
...(detail.response !== undefined ? [make("h3", {}, "Response"), ...answerBlocks(detail)] : [make("p", { class: "notice" }, "The gateway answered this itself; no function received it.")]),
...errorBlocks(detail));
pane.scrollTop = 0;
}
const fact = (value, label, isAlarm) => make("div", { class: isAlarm ? "alarm" : undefined }, make("b", {}, String(value)), make("span", {}, label));
function showFacts() {
const sum = (key) => state.functions.reduce((total, each) => total + each[key], 0);
const processes = state.functions.flatMap((each) => each.processes);
byId("facts").replaceChildren(
fact(state.requests.toLocaleString(), "requests"),
fact(state.connections, "connections"),
fact(sum("busy"), "busy"), fact(sum("idle"), "idle"),
fact(state.waiting, "waiting", state.waiting > 0),
fact(sum("crashes"), "crashes", sum("crashes") > 0), fact(sum("timeouts"), "timeouts", sum("timeouts") > 0),
fact(size(state.memory), "gateway"), fact(size(processes.reduce((total, each) => total + each.memory, 0)) || "0 B", "functions"),
fact(span(new Date(state.time) - new Date(state.startedAt)), "up"), fact(state.version, "version"));
}
/** Bars on a logarithmic scale of time; the first and last empty ranges are left out. */
function histogram(counts, bounds) {
let first = Math.max(0, counts.findIndex((count) => count > 0) - 1);
let last = Math.min(counts.length - 1, counts.findLastIndex((count) => count > 0) + 1);
for (; last - first < 9 && last - first < counts.length - 1; last = Math.min(counts.length - 1, last + 1)) first = Math.max(0, first - 1);
const most = Math.max(...counts, 1);
const label = (index) => (index < bounds.length ? `≤ ${duration(bounds[index])}` : `> ${duration(bounds[bounds.length - 1])}`);
const bars = counts.slice(first, last + 1).map((count, at) => {
const bar = make("i", { class: count ? "some" : undefined, title: `${label(first + at)}: ${count}` });
bar.style.height = `${(count / most) * 100}%`;
return bar;
});
const words = counts.map((count, index) => count && `${label(index)}: ${count}`).filter(Boolean).join(", ");
return [make("div", { class: "bars", role: "img", "aria-label": `Durations: ${words}` }, bars),
make("div", { class: "scale", "aria-hidden": "true" }, make("span", {}, label(first)), make("span", {}, label(last)))];
}
function card(each, bounds) {
const only = make("button", { type: "button", class: "small", "aria-label": `Show the invocations of ${each.name}` }, "Show");
only.addEventListener("click", () => { chooseFunction(each.name); showAll(); location.hash = "#invocations"; });
const number = (value, label, isAlarm) => make("span", { class: isAlarm ? "alarm" : undefined }, make("b", {}, String(value)), ` ${label}`);
return make("section", { class: "card", "data-function": each.name },
make("h3", {}, each.name, only),
make("p", { class: "numbers" }, number(each.requests, "requests"), number(each.starts, "starts"), number(each.coldStarts, "cold"),
[["waiting", "waiting"], ["failures", "5xx"], ["crashes", "crashes"], ["timeouts", "timeouts"]].filter(([key]) => each[key] > 0)
.map(([key, label]) => number(each[key], label, true))),
each.total ? [histogram(each.total.counts, bounds),
make("p", { class: "numbers" }, number(duration(each.total.meanMs), "mean"), number(`≤ ${duration(each.total.p50Ms)}`, "p50"),
number(`≤ ${duration(each.total.p95Ms)}`, "p95"), number(`≤ ${duration(each.total.p99Ms)}`, "p99"),
number(duration(each.queue.meanMs), "queue"), number(duration(each.function.meanMs), "function"))] : [],
make("p", { class: "processes" }, each.processes.map((process) => make("span", { class: `process ${process.state}`, title: `${process.state}, served ${process.served}` },
make("i", { "aria-hidden": "true" }), make("span", { class: "hidden" }, process.state), `${process.pid} · ${process.served} · ${size(process.memory)}`))));
}
function showPools() {
const awake = state.functions.filter((each) => each.requests > 0 || each.processes.length > 0);
const asleep = state.functions.filter((each) => !awake.includes(each));
byId("pools").replaceChildren(
make("h2", {}, `Called (${awake.length})`),
make("div", { class: "cards" }, awake.map((each) => card(each, state.bounds))),
make("h2", {}, `Not called yet (${asleep.length})`),
make("ul", { class: "asleep" }, asleep.map((each) => make("li", {}, each.name))));
}
function takeState(news) {
// A gateway that was started anew has given out another token, and counts from 1 again.
if (state && state.startedAt !== news.startedAt) return location.reload();
const wasFocused = byId("pools").contains(document.activeElement);
const isFirst = !state;
state = news;
if (isFirst) showAll();
showFacts();
// What somebody has reached with the keyboard is not taken away from under them.
if (!byId("pools").hidden && !wasFocused) showPools();
}
/** `#12` is an invocation, `#functions` the pools, everything else the list. */
function goTo(hash) {
const number = /^#\d+$/.test(hash) ? Number(hash.slice(1)) : 0;
const isPools = hash === "#functions";
byId("work").hidden = isPools;
byId("pools").hidden = !isPools;
byId("toPools").toggleAttribute("aria-current", isPools);
byId("toList").toggleAttribute("aria-current", !isPools);
if (isPools && state) showPools();
showDetail(isPools ? 0 : number);
}
function startKeys() {
document.addEventListener("keydown", (event) => {
if (event.ctrlKey || event.metaKey || event.altKey) return;
const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
if (event.key === "/" && !isTyping) {
event.preventDefault();
byId("text").focus();
} else if (event.key === "Escape") {
if (document.activeElement === byId("text")) {
byId("text").value = filter.text = "";
showAll();
byId("text").blur();
} else if (byId("editor")) {
byId("editor").remove();
} else if (chosen) {
const number = chosen;
location.hash = "#invocations";
byId("rows").querySelector(`[data-number="${number}"]`)?.focus();
}
} else if ((event.key === "j" || event.key === "k") && !isTyping) {
const rows = [...byId("rows").children];
const at = rows.findIndex((each) => Number(each.dataset.number) === chosen);
rows[Math.min(rows.length - 1, Math.max(0, at + (event.key === "j" ? 1 : -1)))]?.click();
}
});
}
async function catchUp() {
const known = [...invocations.keys()].pop() ?? 0;
addInvocations((await gateway.list(known)).invocations, false);
}
function showConnection(isOn) {
byId("live").className = `live ${isOn ? "on" : "off"}`;
byId("liveText").textContent = isOn ? "Live" : "The gateway does not answer";
if (isOn) catchUp().catch(() => {});
}
document.addEventListener("DOMContentLoaded", () => {
startTheme(byId("theme"));
startList();
startKeys();
gateway.follow({ onNews: (news) => addInvocations(news, true), onState: takeState, onChange: showConnection });
window.addEventListener("hashchange", () => goTo(location.hash));
goTo(location.hash);
});
</script>
</head>
<body>
<a class="skip" href="#list">Skip to the invocations</a>
<header class="bar">
<a class="brand" href="#"><span class="mark" aria-hidden="true"></span><span>Inspector</span></a>
<nav class="views" aria-label="Views">
<a href="#invocations" id="toList" aria-current="page">Invocations</a>
<a href="#functions" id="toPools">Functions</a>
</nav>
<p class="live" id="live" role="status"><span class="dot" aria-hidden="true"></span><span id="liveText">Connecting</span></p>
<button type="button" class="quiet" id="theme">Theme</button>
</header>
<section class="facts" id="facts" aria-label="The gateway"></section>
<div class="work" id="work">
<main class="invocations" id="list" tabindex="-1" aria-label="Invocations">
<form class="tools" id="tools" role="search">
<label class="find"><span class="hidden">Filter by text</span>
<input type="search" id="text" placeholder="Path, id, function …" autocomplete="off" spellcheck="false" aria-keyshortcuts="/"><kbd aria-hidden="true">/</kbd></label>
<label><span class="hidden">Function</span><select id="function"><option value="">Every function</option></select></label>
<span class="statuses" role="group" aria-label="Status">
<button type="button" data-status="2" aria-pressed="false">2xx</button>
<button type="button" data-status="3" aria-pressed="false">3xx</button>
<button type="button" data-status="4" aria-pressed="false">4xx</button>
<button type="button" data-status="5" aria-pressed="false">5xx</button>
</span>
<span class="acts">
<button type="button" class="quiet" id="pause" aria-pressed="false">Pause</button>
<button type="button" class="quiet" id="clear">Clear</button>
</span>
</form>
<div class="frame"><table>
<thead><tr><th scope="col">Time</th><th scope="col">Status</th><th scope="col">Request</th><th scope="col">Function</th><th scope="col" class="right">Duration</th><th scope="col" class="parts">Queue · function · gateway</th><th scope="col" class="right size">In</th><th scope="col" class="right size">Out</th><th scope="col" class="right size memory">Memory</th></tr></thead>
<tbody id="rows"></tbody>
</table></div>
<p class="empty" id="empty">Nothing yet. Call the API: every request appears here at once.</p>
<noscript><p class="empty">The inspector requires JavaScript. Without it, see <a href="/_runner/metrics">the metrics</a>.</p></noscript>
</main>
<aside class="detail" id="detail" aria-label="Invocation" tabindex="-1" hidden></aside>
</div>
<main class="pools" id="pools" aria-label="Functions" hidden></main>
<p class="hidden" id="said" role="status" aria-live="polite"></p>
</body>
</html>
"""####
}

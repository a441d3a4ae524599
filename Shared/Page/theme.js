"use strict";
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

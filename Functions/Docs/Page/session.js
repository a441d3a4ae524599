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

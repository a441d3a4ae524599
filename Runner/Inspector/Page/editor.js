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

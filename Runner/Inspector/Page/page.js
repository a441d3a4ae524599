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

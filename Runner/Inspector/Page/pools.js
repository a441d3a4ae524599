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

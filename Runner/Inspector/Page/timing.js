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

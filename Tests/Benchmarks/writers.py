"""Many clients that write through the runner at the same time: how many a second, and how long the slowest wait.

SQLite has one writer at a time. The others should wait in the order in which they arrived, so that the slowest hundredth
is not far from the median.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

from bench import Installation, show
from runner import RUNNER, free_port, server

# Prints requests a second, the median and the 99th percentile in milliseconds, and how many failed.
SCRIPT = """
wrk.method = "POST"
wrk.path = "{path}"
wrk.body = [==[{body}]==]
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer {token}"
done = function(summary, latency)
    io.write(string.format("figures %f %f %f %d\\n", summary.requests / summary.duration * 1e6,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000,
        summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


def load(folder, port, token, path, body, connections, seconds=5):
    """Requests a second, median and 99th percentile in milliseconds."""
    script = folder / "script.lua"
    script.write_text(SCRIPT.format(path=path, body=json.dumps(body), token=token))
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", script,
               f"http://127.0.0.1:{port}"]
    subprocess.run([*command[:3], "-d1s", *command[4:]], stdout=subprocess.DEVNULL, check=True)
    output = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    rate, median, slowest, failed = map(float, output.split("figures ")[1].split())
    if failed:
        print(f"        {failed:.0f} requests to {path} failed")
    return rate, median, slowest


def main():
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        installation = Installation(folder / "data", {"RATE_LIMIT_LOGIN_ADDRESS": "0"})
        workspace = installation.call("create-workspace", body={"name": "Writers"})["id"]
        installation.upload(workspace, "lamp.txt", "The keeper lights the lamp at dusk. " * 20)
        environment = {**os.environ, **installation.environment}
        with server([RUNNER, "serve", "--port", str(port), "--quiet"], environment, port, installation.token):
            def run(path, body, connections):
                return load(folder, port, installation.token, f"/api/v1{path}", body, connections)

            rate, median, slowest = run("/workspaces", {"name": "Another"}, 16)
            show("creates, 16 at once", f"{rate:,.0f}/s, p99 {slowest:.1f} ms = {slowest / median:.1f} × median",
                 "2,700/s, 5 ×", rate >= 2700 and slowest <= 5 * median)
            credentials = {"email": "bench@example.com", "password": "correct horse"}
            rate, median, slowest = run("/auth/login", credentials, 8)
            show("logins, 8 at once", f"{rate:,.0f}/s, p99 {slowest:.0f} ms = {slowest / median:.1f} × median",
                 "150/s, 3 ×", rate >= 150 and slowest <= 3 * median)
            rate, median, slowest = run(f"/workspaces/{workspace}/chat", {"message": "Who lights the lamp?"}, 8)
            show("chats, 8 at once", f"{rate:,.0f}/s, p99 {slowest:.1f} ms", "p99 30 ms", slowest <= 30)


if __name__ == "__main__":
    main()

"""Speed and memory of the runner, each next to a baseline in the same minute with the same load generator.

The baselines are a FastAPI application with uvicorn, which is installed from PyPI into `build`, and nginx with fcgiwrap,
which starts the same function as a CGI program for each request.
"""

import json
import os
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from bench import FUNCTIONS, ROOT, Installation, show

RUNNER = Path(os.environ.get("RUNNER", ROOT / "build" / "bin" / "runner"))
PEER = ROOT / "Tests" / "Benchmarks" / "peer"
SECRET = "a secret that both of the peers know, and nobody else"
TARGET = "/api/v1/workspaces"
ROUNDS = 3
# Debian installs servers there, and not every user has it in the path.
os.environ["PATH"] += ":/usr/sbin"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port, token):
    """The body of a server's answer, or None for any status but 200. Waits until the server answers."""
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(f"GET {TARGET} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
                                   "Connection: close\r\n\r\n".encode())
                answer = b"".join(iter(lambda: connection.recv(65536), b""))
            head, _, body = answer.partition(b"\r\n\r\n")
            return body if b" 200 " in head.split(b"\r\n")[0] else None
        except OSError:
            time.sleep(0.05)
    return None


@contextmanager
def server(command, environment, port, token):
    """A server that answers the measured request, until the end of the block."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        if answers(port, token) is None:
            raise SystemExit(f"{command[0]} does not answer {TARGET} with 200")
        yield process
    finally:
        process.terminate()
        process.wait()


class Load:
    """The report of `wrk` for some seconds of load."""

    def __init__(self, port, token, connections, seconds=2):
        said = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", "-s", PEER / "report.lua", "-H",
             f"Authorization: Bearer {token}", f"http://127.0.0.1:{port}{TARGET}"],
            stdout=subprocess.PIPE, text=True, check=True).stdout
        report = json.loads(said.splitlines()[-1])
        if report["errors"]:
            raise SystemExit(f"{report['errors']} of {report['requests']} requests on port {port} failed")
        self.rate, self.median = report["rate"], report["median"]


def alternately(token, ours, theirs, connections):
    """The median rates of two servers, and the median of their ratio."""
    pairs = [(Load(ours, token, connections).rate, Load(theirs, token, connections).rate) for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*((a, b, a / b) for a, b in pairs))]


def peer_python():
    environment = ROOT / "build" / "bench-peer"
    wanted = PEER / "requirements.txt"
    if not (environment / wanted.name).exists() or (environment / wanted.name).read_bytes() != wanted.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
        subprocess.run([environment / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check",
                        "--requirement", wanted], check=True)
        shutil.copy(wanted, environment)
    return environment / "bin" / "python"


def bench_fastapi(runner, installation, token):
    python = peer_python()
    for workers, target in ((1, 20), (2, None)):
        port = free_port()
        command = [python, "-m", "uvicorn", "app:app", "--app-dir", PEER, "--port", str(port), "--workers",
                   str(workers), "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "error"]
        environment = {**os.environ, **installation.environment}
        with server(command, environment, port, token):
            ours, theirs, ratio = alternately(token, runner, port, 16)
        named = "FastAPI + uvicorn" + (f", {workers} workers" if workers > 1 else "")
        show(f"16 connections: runner against {named}", f"{ours:,.0f}/s, {ratio:.1f} × {theirs:,.0f}/s",
             f"{target} ×" if target else "told, not judged", target is None or ratio >= target)


def bench_cgi(runner, installation, token, folder):
    port, function = free_port(), FUNCTIONS / "list-workspaces"
    backend = folder / "fcgiwrap.sock"
    parameters = "".join(f"fastcgi_param {name} {value};\n" for name, value in {
        "GATEWAY_INTERFACE": "CGI/1.1", "SCRIPT_FILENAME": function, "REQUEST_METHOD": "$request_method",
        "REQUEST_URI": "$request_uri", "QUERY_STRING": "$query_string", "CONTENT_TYPE": "$content_type",
        "CONTENT_LENGTH": "$content_length", "REMOTE_ADDR": "$remote_addr", "SERVER_PROTOCOL": "$server_protocol",
        "SERVER_NAME": "localhost", "SERVER_PORT": port}.items())
    configuration = folder / "nginx.conf"
    configuration.write_text(f"""
        worker_processes auto; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log;
        user root;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; client_body_temp_path {folder}/b; fastcgi_temp_path {folder}/f; proxy_temp_path {folder}/p;
            uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
            server {{ listen 127.0.0.1:{port}; location / {{ {parameters} fastcgi_pass unix:{backend}; }} }}
        }}""")
    wrapper = subprocess.Popen(
        ["fcgiwrap", "-c", "16", "-s", f"unix:{backend}"], env={**os.environ, **installation.environment},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        with server(["nginx", "-c", configuration], os.environ, port, token):
            ours, theirs, ratio = alternately(token, runner, port, 16)
        show("16 connections: runner against fcgiwrap", f"{ours:,.0f}/s, {ratio:.1f} × {theirs:,.0f}/s", "10 ×",
             ratio >= 10)
    finally:
        # Its workers survive it unless the whole group is ended.
        os.killpg(wrapper.pid, signal.SIGTERM)
        wrapper.wait()


def bench_round_trip(runner, installation, token, folder):
    """What the runner adds to the median time of the warm function itself."""
    pipe, line = folder / "pipe", folder / "line"
    subprocess.run(["cc", "-O2", "-D_GNU_SOURCE", "-o", pipe, ROOT / "Tests/Benchmarks/pipe.c"], check=True)
    # The envelope that the runner would write for the request of wrk.
    line.write_text(json.dumps({
        "version": "2.0", "routeKey": "GET /workspaces", "rawPath": TARGET, "rawQueryString": "",
        "headers": {"host": f"127.0.0.1:{runner}", "authorization": f"Bearer {token}"},
        "requestContext": {
            "requestId": "01M8897394AYZ8XHQNCE9MFQXD", "stage": "$default", "timeEpoch": 1795574496000,
            "http": {"method": "GET", "path": TARGET, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1",
                     "userAgent": ""}}, "isBase64Encoded": False}, separators=(",", ":")) + "\n")

    def through_pipe():
        said = subprocess.run([pipe, FUNCTIONS / "list-workspaces", line, "10000"], env=installation.environment,
                              stdout=subprocess.PIPE, text=True, check=True).stdout
        return float(said)

    pairs = [(Load(runner, token, 1).median, through_pipe()) for _ in range(ROUNDS)]
    http, alone = (statistics.median(column) for column in zip(*pairs))
    added = statistics.median(a - b for a, b in pairs)
    show("one connection: what the runner adds", f"{added:.0f} µs ({http:.0f} - {alone:.0f})", "100 µs", added <= 100)


def bench_idle_connections(process, port):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(1000)]
    for connection in connections:
        connection.sendall(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    served = sum(connection.recv(65536).startswith(b"HTTP/1.1 200") for connection in connections)
    status = Path(f"/proc/{process.pid}/status").read_text()
    size = int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1e6
    for connection in connections:
        connection.close()
    show("memory of the runner, 1000 idle connections", f"{size:.1f} MB, {served} served", "40 MB",
         size < 40 and served == 1000)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        installation = Installation(folder / "data", {"JWT_SECRET": SECRET})
        installation.run("create-workspace", "".join(
            installation.envelope(body={"name": f"Workspace {number}"}) for number in range(20)))
        token, port = installation.token, free_port()
        command = [RUNNER, "serve", "--port", str(port), "--quiet", "--functions", FUNCTIONS]
        with server(command, {**os.environ, **installation.environment}, port, token) as process:
            bench_fastapi(port, installation, token)
            bench_cgi(port, installation, token, folder)
            bench_round_trip(port, installation, token, folder)
            bench_idle_connections(process, port)


if __name__ == "__main__":
    main()

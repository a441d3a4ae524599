"""The transports. Each takes a request to a function and gives back its answer; what a gateway cannot do is said here,
so that the cases can be the same for all."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import time
import urllib.request
from pathlib import Path

from exchange import Answer, Request, envelope, opened, over_http
from place import RUNNER, Place, free_port

from generator import apache, lighttpd, nginx

APACHE_MODULES = Path("/usr/lib/apache2/modules")


class Transport:
    """Started by its making, on a place of its own."""

    programs: tuple[str, ...] = ()
    """What must be installed, below /usr."""
    streams = False
    """Passes an answer on in the parts in which it comes."""
    upload = 5_000_000
    """Bytes of the upload that it must be able to carry."""

    def __init__(self, *further: Path) -> None:
        self.place = Place(*further)
        try:
            self.begin()
        except BaseException:
            self.place.close()
            raise

    @classmethod
    def missing(cls) -> list[str]:
        return [program for program in cls.programs if not (Path("/usr") / program).exists()]

    def begin(self) -> None:
        """Starts what has to run before the first request."""

    def send(self, request: Request) -> Answer:
        return over_http(self.place.address, request)

    def close(self) -> None:
        self.place.close()


class Runner(Transport):
    streams = True

    def begin(self) -> None:
        place = self.place
        place.start(RUNNER, "serve", "--port", str(place.port), "--functions", str(place.functions), "--quiet",
                    **place.environment)
        place.wait(lambda: place.listens(place.port))


class Pipe(Transport):
    """A process for each request, with the envelope on its stdin."""

    streams = True

    def send(self, request: Request) -> Answer:
        name = self.place.function(request)
        process = subprocess.Popen(
            [self.place.functions / name], env=self.place.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        with process, process.stdin as stdin, process.stdout as stdout:
            stdin.write(json.dumps(envelope(request)).encode() + b"\n")
            stdin.close()
            head = json.loads(stdout.readline())
            if not head.get("stream"):
                return opened(head)
            parts, start = [], 0.0
            for line in map(json.loads, stdout):
                start = start or time.monotonic()
                parts.append(line.get("chunk", ""))
            return opened(head, "".join(parts).encode(), time.monotonic() - start)


class Server(Transport):
    """A web server with the configuration that is generated for it, and as little of another as it starts with."""


class Nginx(Server):
    def begin(self) -> None:
        self.begin_upstream()
        place = self.place
        (name, text), = self.configuration().items()
        place.write(name, text)
        temporary = "".join(
            f"{kind}_temp_path {place.folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;\n" if os.geteuid() == 0 else ""
        main = place.write("nginx.conf", (
            f"daemon off;\n{user}pid {place.folder}/nginx.pid;\nerror_log stderr warn;\nworker_processes 1;\nevents {{}}\n"
            f"http {{\naccess_log off;\n{temporary}include {place.folder}/{name};\n}}\n"))
        place.start("/usr/sbin/nginx", "-e", "stderr", "-c", main)
        place.wait(lambda: place.listens(place.port))

    def begin_upstream(self) -> None:
        raise NotImplementedError

    def configuration(self) -> dict[str, str]:
        raise NotImplementedError

    def spawn(self, socket: str, program: str, **environment: str) -> None:
        self.place.start("/usr/bin/spawn-fcgi", "-n", "-s", socket, "--", program, **environment)


class NginxFcgiwrap(Nginx):
    programs = ("sbin/nginx", "sbin/fcgiwrap", "bin/spawn-fcgi")

    def begin_upstream(self) -> None:
        self.spawn(self.place.installation.fcgiwrap, "/usr/sbin/fcgiwrap")
        self.place.wait(lambda: Path(self.place.installation.fcgiwrap).exists())

    def configuration(self) -> dict[str, str]:
        return nginx.fcgiwrap(self.place.table, self.place.installation)


class NginxFastCGI(Nginx):
    programs = ("sbin/nginx", "bin/spawn-fcgi")
    streams = True

    def begin_upstream(self) -> None:
        names = self.place.table.names
        for name in names:
            self.spawn(f"{self.place.sockets}/{name}.sock", str(self.place.functions / name), **self.place.environment)
        self.place.wait(lambda: all((self.place.sockets / f"{name}.sock").exists() for name in names))

    def configuration(self) -> dict[str, str]:
        return nginx.fastcgi(self.place.table, self.place.installation)


class Lighttpd(Server):
    programs = ("sbin/lighttpd",)
    streams = True

    def begin(self) -> None:
        place = self.place
        (name, text), = lighttpd.cgi(place.table, place.installation).items()
        place.write(name, text)
        main = place.write("lighttpd.conf", (
            f'server.document-root = "{place.folder}"\nserver.bind = "127.0.0.1"\nserver.port = {place.port}\n'
            f'server.upload-dirs = ( "{place.folder}" )\ninclude "{place.folder}/{name}"\n'))
        place.start("/usr/sbin/lighttpd", "-D", "-f", main)
        place.wait(lambda: place.listens(place.port))


class Apache(Server):
    programs = ("sbin/apache2",)
    streams = True

    def begin(self) -> None:
        place = self.place
        (name, text), = apache.cgi(place.table, place.installation).items()
        place.write(name, text)
        modules = "".join(
            f"LoadModule {module}_module {APACHE_MODULES}/mod_{module}.so\n"
            for module in ("mpm_event", "authz_core", "cgid", "rewrite", "headers", "env"))
        user = ""
        if os.geteuid() == 0:  # As root it only starts; who serves must get at the data.
            account = pwd.getpwnam("www-data")
            os.chown(place.data, account.pw_uid, account.pw_gid)
            user = "User www-data\nGroup www-data\n"
        main = place.write("apache2.conf", (
            f"ServerRoot {place.folder}\nServerName localhost\nPidFile {place.folder}/apache2.pid\n"
            f"DefaultRuntimeDir {place.folder}\nErrorLog /dev/stderr\n"
            f"Listen 127.0.0.1:{place.port}\nServerLimit 1\nStartServers 1\nThreadsPerChild 8\nMaxRequestWorkers 8\n"
            f"{modules}{user}Include {place.folder}/{name}\n"))
        place.start("/usr/sbin/apache2", "-DFOREGROUND", "-f", main)
        place.wait(lambda: place.listens(place.port))


class Lambda(Transport):
    """AWS's own emulator of Lambda's runtime, one for each function, started when the function is first asked for."""

    upload = 3_000_000  # Lambda takes 6 MiB, and what is not text comes as base64.

    def begin(self) -> None:
        self.emulators: dict[str, int] = {}

    def send(self, request: Request) -> Answer:
        name = self.place.function(request)
        if name not in self.emulators:
            self.emulators[name] = self.emulate(name)
        invocation = urllib.request.Request(
            f"http://127.0.0.1:{self.emulators[name]}/2015-03-31/functions/function/invocations",
            json.dumps(envelope(request)).encode(), method="POST")
        with urllib.request.urlopen(invocation, timeout=60) as response:
            answer = json.load(response)
        if "statusCode" not in answer:
            raise AssertionError(f"{name} failed: {answer}")
        return opened(answer)

    def emulate(self, name: str) -> int:
        place, port = self.place, free_port()
        place.start(
            os.environ["LAMBDA_EMULATOR"], "--runtime-interface-emulator-address", f"127.0.0.1:{port}",
            "--runtime-api-address", f"127.0.0.1:{free_port()}", str(place.functions / name),
            **place.environment, AWS_LAMBDA_FUNCTION_NAME=name, AWS_LAMBDA_FUNCTION_TIMEOUT="60")
        place.wait(lambda: place.listens(port))
        return port

"""The committed configurations: the programs that they are for accept them, and they are what would be made today."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import Any, Callable

from place import FUNCTIONS, ROOT
from transports import APACHE_MODULES

from generator import descriptions, routes

DEPLOY = ROOT / "deploy"


def table() -> routes.RouteTable:
    return routes.table(descriptions.read(FUNCTIONS))


def needs(program: str) -> Callable[[Any], Any]:
    found = shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin")
    return unittest.skipUnless(found, f"{program} is not installed")


class ConfigurationTests(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="nexlayer-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def accept(self, *command: str, **environment: str) -> str:
        run = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, env={**os.environ, **environment})
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text)
        return str(self.folder / name)

    def test_they_are_current(self) -> None:
        self.accept(sys.executable, str(DEPLOY / "scripts" / "generate_configurations.py"), "--check")
        self.accept(sys.executable, str(DEPLOY / "scripts" / "generate_openapi.py"), "--check")
        self.accept(sys.executable, str(DEPLOY / "scripts" / "generate_sdks.py"), "--check")

    @needs("nginx")
    def test_nginx(self) -> None:
        for kind in ("nginx-fcgiwrap", "nginx-fastcgi"):
            main = self.write("nginx.conf", (
                f"pid {self.folder}/pid;\nevents {{}}\nhttp {{\naccess_log off;\ninclude {DEPLOY}/{kind}/*.conf;\n}}\n"))
            self.assertNotIn("[warn]", self.accept("/usr/sbin/nginx", "-t", "-e", "stderr", "-c", main))

    @needs("nginx")
    def test_nginx_in_front_of_two_runners(self) -> None:
        text = (DEPLOY / "compose" / "nginx.conf").read_text()
        # Names that only the containers know.
        for number in (1, 2):
            self.assertIn(f"server runner-{number}:8080;", text)
            text = text.replace(f"runner-{number}:8080", f"127.0.0.1:{number}")
        main = self.write("nginx.conf", f"pid {self.folder}/pid;\n{text}")
        self.assertNotIn("[warn]", self.accept("/usr/sbin/nginx", "-t", "-e", "stderr", "-c", main))

    @needs("docker-compose")
    def test_compose(self) -> None:
        compose = ("docker-compose", "--file", str(DEPLOY / "compose" / "compose.yaml"), "config", "--quiet")
        self.accept(*compose, DATABASE_PASSWORD="secret")
        self.assertIn("DATABASE_PASSWORD", subprocess.run(compose, capture_output=True, text=True).stderr)

    @needs("apache2")
    def test_apache(self) -> None:
        modules = "".join(f"LoadModule {name}_module {APACHE_MODULES}/mod_{name}.so\n" for name in (
            "mpm_event", "authz_core", "cgid", "rewrite", "headers", "env"))
        main = self.write("apache2.conf", (
            f"ServerRoot {self.folder}\nServerName localhost\nPidFile {self.folder}/pid\nUser www-data\nListen 127.0.0.1:1\n"
            f"ErrorLog /dev/stderr\n{modules}Include {DEPLOY}/apache/*.conf\n"))
        self.accept("/usr/sbin/apache2", "-t", "-f", main)

    @needs("lighttpd")
    def test_lighttpd(self) -> None:
        main = self.write("lighttpd.conf", f'server.document-root = "/"\ninclude "{DEPLOY}/lighttpd/ainexlayer.conf"\n')
        self.accept("/usr/sbin/lighttpd", "-tt", "-f", main)

    @needs("systemd-analyze")
    @needs("multiwatch")
    def test_systemd(self) -> None:
        units = self.folder / "units"
        shutil.copytree(DEPLOY / "systemd", units)
        for unit in units.glob("*.service"):  # With programs that exist, so that they can be looked for.
            unit.write_text(unit.read_text().replace("/usr/lib/ainexlayer", str(ROOT / "build")))
        names = ["ainexlayer-runner.service", "ainexlayer-jobs.service", "ainexlayer-jobs.timer",
                 "ainexlayer-fastcgi@health.socket", "ainexlayer-fastcgi@health.service", "ainexlayer-fastcgi.target"]
        self.accept("systemd-analyze", "verify", *(str(units / name) for name in names), SYSTEMD_UNIT_PATH=f"{units}:")
        said = self.accept("systemd-analyze", "security", "--offline=yes", str(units / names[0]), SYSTEMD_UNIT_PATH=f"{units}:")
        exposure = float(re.search(r"exposure level for .*: ([\d.]+)", said)[1])
        self.assertLessEqual(exposure, 2, "the walls around the runner have got lower")

    def test_what_the_containerfile_copies_is_there(self) -> None:
        stages: set[str] = set()
        for line in (DEPLOY / "container" / "Containerfile").read_text().splitlines():
            words = line.split()
            if words[:1] == ["FROM"]:
                self.assertIn(words[1], stages | {"scratch", "debian:bookworm-slim", "${WATCHDOG}"})
                stages.add(words[3])
            if words[:1] == ["COPY"]:
                origin = words[1].removeprefix("--from=") if words[1].startswith("--from=") else None
                if origin:
                    self.assertIn(origin, stages)
                else:
                    source = words[1].replace("${BUILD}", "build")
                    self.assertTrue((ROOT / source).exists(), source)

    def test_every_folder_says_what_it_is(self) -> None:
        for folder in ("apache", "aws", "caddy", "compose", "container", "knative", "kubernetes", "lighttpd",
                       "nginx-fastcgi", "nginx-fcgiwrap", "openfaas", "postgres", "systemd"):
            readme = (DEPLOY / folder / "README.md").read_text()
            self.assertRegex(readme, r"```sh\n", folder)
            self.assertIn(f"[{folder}]({folder})", (DEPLOY / "README.md").read_text())
            if folder not in ("caddy", "container"):
                self.assertRegex(readme, "(?i)cannot|only", folder)


class RouteTableTests(unittest.TestCase):
    def test_fixed_segments_win(self) -> None:
        found = table()
        self.assertEqual(found.find("GET", "/api/v1/users/me"), "get-me")
        self.assertEqual(found.find("GET", "/api/v1/users/usr_1"), "get-user")
        self.assertEqual(found.find("PATCH", "/api/v1/users/usr_1"), "update-user")
        self.assertIn(found.find("DELETE", "/api/v1/users/me"), ("get-me", "update-me"))

    def test_methods(self) -> None:
        found = table()
        self.assertEqual(found.find("HEAD", "/api/v1/workspaces"), "list-workspaces")
        self.assertEqual(found.find("OPTIONS", "/api/v1/workspaces", "POST"), "create-workspace")
        self.assertEqual(found.find("GET", "/api/v1/workspaces/a/b/c/d"), "health")

    def test_every_function_with_a_route_is_found(self) -> None:
        found = table()
        for each in descriptions.read(FUNCTIONS):
            if "path" in each:
                path = routes.BASE_PATH + re.sub(r"\{.*?\}", "x", each["path"])
                self.assertEqual(found.find(each["method"], path), each["name"])


if "SAM" in os.environ:  # Set by run.sh, unless it is to work without PyPI; PyYAML comes with it.
    import yaml

    from generator.yaml import dump

    class ManifestTests(unittest.TestCase):
        def load(self, path: str) -> list:
            return list(yaml.safe_load_all((DEPLOY / path).read_text()))

        def test_our_yaml_is_yaml(self) -> None:
            value = {"a": ["x y", "1", 1, True, "yes", "", None, "a: b", "# c", "é\"\\\n", [], {}, "10Gi", "1e3", "0x1"],
                     "b": {"c": {"d": [{"e": 1, "f": ["g"]}, "2026-01-01"]}}, "*": "&x", "${A}/b:c": "@"}
            self.assertEqual(yaml.safe_load(dump(value)), value)

        def test_openfaas(self) -> None:
            (stack,) = self.load("openfaas/stack.yml")
            self.assertEqual(stack["provider"]["name"], "openfaas")
            self.assertEqual(sorted(stack["functions"]), table().names)
            for name, function in stack["functions"].items():
                # https://docs.openfaas.com/reference/yaml/
                self.assertLessEqual(set(function), {
                    "skip_build", "image", "environment", "annotations", "limits", "requests"})
                self.assertEqual(function["environment"]["RUNNER_FUNCTION"], name)
                self.assertTrue(all(isinstance(value, str) for value in function["environment"].values()))

        def test_knative(self) -> None:
            names = ["ainexlayer-" + name for name in table().names]
            for path, expected in (("knative/service.yaml", ["ainexlayer"]), ("knative/functions.yaml", names)):
                claim, *services = self.load(path)
                self.assertEqual((claim["kind"], claim["spec"]["accessModes"]), ("PersistentVolumeClaim", ["ReadWriteOnce"]))
                self.assertEqual([each["metadata"]["name"] for each in services], expected)
                for service in services:
                    self.assertEqual((service["apiVersion"], service["kind"]), ("serving.knative.dev/v1", "Service"))
                    spec = service["spec"]["template"]["spec"]
                    (container,) = spec["containers"]
                    # The runtime contract: one port at most, and it is not among the reserved ones.
                    self.assertEqual(container["ports"], [{"containerPort": 8080}])
                    self.assertTrue(all(isinstance(each["value"], str) for each in container["env"]))
                    mounts = {each["name"] for each in container["volumeMounts"]}
                    self.assertEqual(mounts, {each["name"] for each in spec["volumes"]})
                    self.assertRegex(service["metadata"]["name"], "^[a-z0-9-]{1,63}$")

        def test_kubernetes_accepts_the_manifests(self) -> None:
            validate = Path(sys.executable).with_name("kubernetes-validate")
            for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")):
                run = subprocess.run([validate, "--strict", path], capture_output=True, text=True)
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

        def test_what_several_machines_need(self) -> None:
            deployment, service, budget, scaler = self.load("kubernetes/ainexlayer.yaml")
            (job,) = self.load("kubernetes/migrate.yaml")
            (compose,) = self.load("compose/compose.yaml")
            labels = deployment["spec"]["template"]["metadata"]["labels"]
            self.assertEqual(service["spec"]["selector"], labels)
            self.assertEqual(budget["spec"]["selector"]["matchLabels"], labels)
            self.assertEqual(scaler["spec"]["scaleTargetRef"]["name"], deployment["metadata"]["name"])
            pods = [each["spec"]["template"]["spec"] for each in (deployment, job)]
            for pod in pods:
                (container,) = pod["containers"]
                self.assertIn("DATABASE_URL", {each["name"] for each in container["env"]})
                mounts = {each["name"] for each in container["volumeMounts"]}
                self.assertEqual(mounts, {each["name"] for each in pod["volumes"]})
                # Nothing that one machine has and another has not.
                self.assertTrue(all("emptyDir" in each for each in pod["volumes"]))
            self.assertEqual(compose["services"]["runner-1"], compose["services"]["runner-2"])
            self.assertIn("DATABASE_URL", compose["services"]["runner-1"]["environment"])

        def test_aws_accepts_the_template(self) -> None:
            run = subprocess.run(
                [os.environ["SAM"], "validate", "--lint", "--template", DEPLOY / "aws" / "template.yaml"],
                capture_output=True, text=True, env={**os.environ, "AWS_DEFAULT_REGION": "eu-central-1"})
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

        def test_aws_has_every_function_and_route(self) -> None:
            (template,) = self.load("aws/template.yaml")
            resources = template["Resources"].values()
            functions = {
                each["Properties"]["CodeUri"].split("/")[-1]: each["Properties"]
                for each in resources if each["Type"] == "AWS::Serverless::Function" and "Events" in each["Properties"]}
            self.assertEqual(
                sorted(functions),
                sorted(f"{each['name']}.zip" for each in descriptions.read(FUNCTIONS)
                       if "path" in each or each["name"] == "run-jobs"))
            events = [event for each in functions.values() for event in each["Events"].values()]
            taken = [(event["Properties"]["Method"], event["Properties"]["Path"]) for event in events
                     if "Path" in event["Properties"]]
            self.assertEqual(len(taken), len(set(taken)))
            for route in table().routes:
                self.assertLessEqual({(method, route.path) for method in route.functions}, set(taken))
            self.assertEqual([event["Type"] for event in functions["run-jobs.zip"]["Events"].values()], ["Schedule"])

"""Knative: one service that serves all functions, or one for each function."""

from __future__ import annotations

from typing import Any

from . import MADE, yaml
from .installation import Installation

ABOUT = f"""\
{MADE}
README.md next to it says which of the two files to use, and what they need."""

DATA = "/data"
CLAIM = "ainexlayer-data"
# The runner gives requests ten seconds to finish after SIGTERM.
# Clusters accept no more, unless `max-revision-timeout-seconds` is raised.
LONGEST = 600
HEALTH = {"httpGet": {"path": "/api/v1/health"}, "periodSeconds": 10}


def service(name: str, timeout: int, variables: dict[str, str], probe: dict[str, Any]) -> dict[str, Any]:
    """At most one pod: the volume belongs to one node, and one process counts the connections."""
    return {
        "apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": name},
        "spec": {"template": {
            "metadata": {"annotations": {"autoscaling.knative.dev/max-scale": "1"}},
            "spec": {
                "timeoutSeconds": min(timeout, LONGEST), "enableServiceLinks": False,
                "securityContext": {"runAsNonRoot": True, "runAsUser": 65532, "fsGroup": 65532},
                "containers": [{
                    "image": "ainexlayer:latest", "ports": [{"containerPort": 8080}],
                    "env": [{"name": key, "value": value} for key, value in variables.items()],
                    "readinessProbe": probe,
                    "resources": {"requests": {"memory": "32Mi"}, "limits": {"memory": "1Gi"}},
                    "securityContext": {
                        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                        "capabilities": {"drop": ["ALL"]}, "seccompProfile": {"type": "RuntimeDefault"}},
                    "volumeMounts": [{"name": "data", "mountPath": DATA}]}],
                "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": CLAIM}}]}}}}


def claim() -> dict[str, Any]:
    """A volume on one node: SQLite's log uses memory that processes of one machine share."""
    return {
        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": CLAIM},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}}}


def documents(parts: list[dict[str, Any]]) -> str:
    return yaml.dump(parts[0], ABOUT) + "".join("---\n" + yaml.dump(part) for part in parts[1:])


def services(descriptions: list[dict[str, Any]], place: Installation) -> dict[str, str]:
    longest = max(each["timeoutSeconds"] for each in descriptions if "path" in each)
    everything = service("ainexlayer", longest + 5, {"DATA_DIR": DATA}, HEALTH)
    # Only `health` has a path that answers without a token. The others count as ready if they accept a connection.
    probe = {"tcpSocket": {"port": 0}, "periodSeconds": 10}
    one_each = [
        service(f"ainexlayer-{each['name']}", each["timeoutSeconds"] + 5,
                {"DATA_DIR": DATA, "RUNNER_FUNCTION": each["name"]}, probe) for each in descriptions if "path" in each]
    return {
        "service.yaml": documents([claim(), everything]),
        "functions.yaml": documents([claim(), *one_each])}

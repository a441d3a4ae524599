"""OpenFaaS: one function for each of ours. In each, of-watchdog forwards to the runner, which serves that one."""

from __future__ import annotations

from typing import Any

from . import MADE, yaml
from .installation import Installation

ABOUT = f"""\
{MADE}
README.md next to it says how to build the image, and what this cannot do."""


def function(description: dict[str, Any]) -> dict[str, Any]:
    timeout = f"{description['timeoutSeconds'] + 5}s"
    return {
        "skip_build": True, "image": "${IMAGE}",
        "environment": {
            "RUNNER_FUNCTION": description["name"], "read_timeout": timeout, "write_timeout": timeout, "exec_timeout": timeout},
        "annotations": {"description": description["summary"]},
        "limits": {"memory": "256Mi"}, "requests": {"memory": "32Mi"}}


def stack(descriptions: list[dict[str, Any]], place: Installation) -> dict[str, str]:
    document = {
        "version": "1.0", "provider": {"name": "openfaas", "gateway": "http://127.0.0.1:8080"},
        "functions": {each["name"]: function(each) for each in descriptions if "path" in each}}
    return {"stack.yml": yaml.dump(document, ABOUT)}

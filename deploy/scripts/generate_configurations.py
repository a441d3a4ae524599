#!/usr/bin/env python3
"""Writes the configurations of gateways and platforms from the functions' descriptions of themselves (`--describe`).

    deploy/scripts/generate_configurations.py            writes those below deploy/ that are not current
    deploy/scripts/generate_configurations.py --check    says which are not current, and exits with 1
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from generator import apache, descriptions, files, knative, lighttpd, nginx, openfaas, routes, sam, systemd
from generator.installation import Installation

DEPLOY = Path(__file__).resolve().parent.parent
# What writes each folder: from the routes, or from the list of functions.
ROUTING = {
    "nginx-fcgiwrap": nginx.fcgiwrap, "nginx-fastcgi": nginx.fastcgi, "apache": apache.cgi, "lighttpd": lighttpd.cgi,
    "systemd": systemd.target}
LISTING = {"aws": sam.template, "openfaas": openfaas.stack, "knative": knative.services}


def everything(described: list[dict[str, Any]], place: Installation) -> dict[str, str]:
    """All files, by their paths below deploy/."""
    table = routes.table(described)
    made = {folder: make(table, place) for folder, make in ROUTING.items()}
    made.update({folder: make(described, place) for folder, make in LISTING.items()})
    return {f"{folder}/{name}": text for folder, part in made.items() for name, text in part.items()}


def main() -> int:
    made = everything(descriptions.read(), Installation())
    return files.keep({DEPLOY / path: text for path, text in made.items()}, only_check="--check" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

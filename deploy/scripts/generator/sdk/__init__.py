"""Writes the SDKs from the OpenAPI document."""

MADE = "Made from openapi.json by deploy/scripts/generate_sdks.py: `make build` keeps it current."

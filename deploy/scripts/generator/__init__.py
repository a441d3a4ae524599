"""Writes what other programs need to know about the functions, from the functions' descriptions of themselves."""

MADE = "Made from the functions' descriptions of themselves. `make build` keeps it current."

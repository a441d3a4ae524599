"""The routes, in an order in which the first match is the right one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Iterable

BASE_PATH = "/api/v1"
PARAMETER = re.compile(r"\{[^}]+\}")
# NB: gateways match this in the decoded path. A function parses the path again as the client sent it, and refuses one
# that is not its own, so it does not matter how a gateway decodes `%2F`.
ANYTHING = "[^/]+"


@dataclass(frozen=True)
class Route:
    """One path and everything that serves it."""

    path: str
    """With the base path and named parameters: /api/v1/users/{userId}"""
    functions: dict[str, str] = field(default_factory=dict)
    """Which function serves which method, with aliases such as PATCH, but without HEAD and OPTIONS."""
    streams: bool = False
    """Whether one of its functions streams its answer."""

    @property
    def pattern(self) -> str:
        """A regular expression (PCRE) for the whole path, with or without a slash at its end."""
        return "^" + ANYTHING.join(re.escape(part).replace(r"\-", "-") for part in PARAMETER.split(self.path)) + "/?$"

    @property
    def allow(self) -> str:
        """Every method of the path, as a value of `Allow`."""
        methods = [*self.functions, *(["HEAD"] if "GET" in self.functions else []), "OPTIONS"]
        return ", ".join(methods)

    @property
    def first(self) -> str:
        """The function that answers 405 to methods that the path does not have. Any of them would do."""
        return next(iter(self.functions.values()))

    @property
    def order(self) -> list[tuple[bool, str]]:
        """Fixed segments sort before parameters, from the left: /users/me before /users/{userId}."""
        return [(bool(PARAMETER.fullmatch(segment)), segment) for segment in self.path.split("/")]


@dataclass(frozen=True)
class RouteTable:
    routes: list[Route]
    largest_body: int
    """The largest limit for a body, in bytes."""
    longest: int
    """The longest timeout, in seconds."""

    # Serves unknown paths: it sees that the path is not its own and answers 404 in JSON.
    fallback = "health"

    @property
    def methods(self) -> list[str]:
        return sorted({method for route in self.routes for method in route.functions})

    @property
    def names(self) -> list[str]:
        """The functions that have a route."""
        return sorted({name for route in self.routes for name in route.functions.values()})

    def taking(self, method: str) -> list[tuple[Route, str]]:
        """The routes that have a method, each with the function that serves it."""
        return [(route, route.functions[method]) for route in self.routes if method in route.functions]

    def find(self, method: str, path: str, asked: str = "") -> str:
        """The function that every gateway should choose for a request.

        - asked: the method in a preflight's `Access-Control-Request-Method`.
        """
        wanted = {"HEAD": "GET", "OPTIONS": asked}.get(method, method)
        for route in self.routes:
            if re.match(route.pattern, path):
                return route.functions.get(wanted, route.first)
        return self.fallback


def table(descriptions: Iterable[dict[str, Any]]) -> RouteTable:
    """The table of all functions that have a route."""
    routes: dict[str, Route] = {}
    reachable = [each for each in descriptions if "path" in each]
    for each in sorted(reachable, key=lambda each: (each["path"], each["method"])):
        path = BASE_PATH + each["path"]
        route = routes.get(path, Route(path))
        taken = {method: each["name"] for method in (each["method"], *each.get("aliases", []))}
        routes[path] = Route(path, {**route.functions, **taken}, route.streams or each["streams"])
    return RouteTable(
        sorted(routes.values(), key=lambda route: route.order),
        max(each["maxBodyBytes"] for each in reachable),
        max(each["timeoutSeconds"] for each in reachable))

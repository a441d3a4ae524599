"""lighttpd with mod_cgi."""

from __future__ import annotations

import re

from . import MADE
from .installation import Installation
from .routes import BASE_PATH, Route, RouteTable

# Where the functions lie among the URLs, once a request was given to one.
PRIVATE = "/.ainexlayer/"


def rewrite(function: str, indent: str) -> str:
    return f'{indent}url.rewrite-once = ( "" => "{PRIVATE}{function}${{qsa}}" )\n'


def choice(route: Route) -> str:
    """Which function serves a path. Methods that it does not take go to one that says so."""
    text = f'$HTTP["url"] =~ "{route.pattern}" {{\n' + rewrite(route.first, "    ")
    for method, function in route.functions.items():
        names = "GET|HEAD" if method == "GET" else method
        text += f'    $HTTP["request-method"] =~ "^({names})$" {{\n{rewrite(function, " " * 8)}    }}\n'
        # A preflight is served by the function for the method that it asks leave for.
        text += (f'    $HTTP["request-method"] == "OPTIONS" {{\n'
                 f'        $REQUEST_HEADER["access-control-request-method"] == "{method}" {{\n'
                 f'{rewrite(function, " " * 12)}        }}\n    }}\n')
    return text + "}\n"


def allow(route: Route) -> str:
    """A function knows its own methods; the path may have more."""
    functions = "|".join(dict.fromkeys(route.functions.values()))
    own = "|".join([*route.functions, *(["HEAD"] if "GET" in route.functions else [])])
    return (f'$HTTP["url"] =~ "^{re.escape(PRIVATE)}({functions})$" {{\n'
            f'    $HTTP["request-method"] !~ "^({own})$" {{\n'
            f'        setenv.set-response-header = ( "Allow" => "{route.allow}" )\n    }}\n}}\n')


def cgi(table: RouteTable, place: Installation) -> dict[str, str]:
    # lighttpd gives CGI programs no PATH of its own; documents may be PDF (pdftotext), webhooks are sent (curl).
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", **place.environment}
    variables = ", ".join(f'"{name}" => "{value}"' for name, value in environment.items())
    private = re.escape(PRIVATE)
    text = f"""\
# {MADE}
server.modules += ( "mod_rewrite", "mod_alias", "mod_cgi", "mod_setenv" )

# Unknown paths go to a function that answers that they are not its own; so do clients that ask for where
# the functions lie.
$HTTP["url"] =~ "^({BASE_PATH}|{private})" {{
{rewrite(table.fallback, "    ")}}}

# Of several blocks that match, the last one counts.
{"".join(choice(route) for route in reversed(table.routes))}
$HTTP["url"] =~ "^{private}" {{
    alias.url = ( "{PRIVATE}" => "{place.functions}/" )
    cgi.assign = ( "" => "" )
    setenv.add-environment = ( {variables} )
    # What a function sends in parts is passed on in parts.
    server.stream-response-body = 1
    server.max-request-size = {(table.largest_body >> 10) + 1024}
}}

{"".join(allow(route) for route in table.routes)}"""
    return {"ainexlayer.conf": text}

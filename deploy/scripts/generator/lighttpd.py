"""lighttpd with mod_cgi."""

from __future__ import annotations

import re

from . import MADE
from .installation import Installation
from .routes import BASE_PATH, Route, RouteTable

# The path that requests are rewritten to, with the function that serves them.
PRIVATE = "/.ainexlayer/"


def rewrite(function: str, indent: str) -> str:
    return f'{indent}url.rewrite-once = ( "" => "{PRIVATE}{function}${{qsa}}" )\n'


def choice(route: Route) -> str:
    """Which function serves a path. Any other method goes to a function that answers 405."""
    text = f'$HTTP["url"] =~ "{route.pattern}" {{\n' + rewrite(route.first, "    ")
    for method, function in route.functions.items():
        names = "GET|HEAD" if method == "GET" else method
        text += f'    $HTTP["request-method"] =~ "^({names})$" {{\n{rewrite(function, " " * 8)}    }}\n'
        # A preflight goes to the function for the method in its Access-Control-Request-Method.
        text += (f'    $HTTP["request-method"] == "OPTIONS" {{\n'
                 f'        $REQUEST_HEADER["access-control-request-method"] == "{method}" {{\n'
                 f'{rewrite(function, " " * 12)}        }}\n    }}\n')
    return text + "}\n"


def allow(route: Route) -> str:
    """A function knows only its own method, but the path may have more."""
    functions = "|".join(dict.fromkeys(route.functions.values()))
    own = "|".join([*route.functions, *(["HEAD"] if "GET" in route.functions else [])])
    return (f'$HTTP["url"] =~ "^{re.escape(PRIVATE)}({functions})$" {{\n'
            f'    $HTTP["request-method"] !~ "^({own})$" {{\n'
            f'        setenv.set-response-header = ( "Allow" => "{route.allow}" )\n    }}\n}}\n')


def cgi(table: RouteTable, place: Installation) -> dict[str, str]:
    # lighttpd gives CGI programs no PATH. They need one for pdftotext and curl.
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", **place.environment}
    variables = ", ".join(f'"{name}" => "{value}"' for name, value in environment.items())
    private = re.escape(PRIVATE)
    text = f"""\
# {MADE}
server.modules += ( "mod_rewrite", "mod_alias", "mod_cgi", "mod_setenv" )

# Unknown paths go to a function that answers 404. So do requests for the path of the functions themselves.
$HTTP["url"] =~ "^({BASE_PATH}|{private})" {{
{rewrite(table.fallback, "    ")}}}

# The last matching block wins.
{"".join(choice(route) for route in reversed(table.routes))}
$HTTP["url"] =~ "^{private}" {{
    alias.url = ( "{PRIVATE}" => "{place.functions}/" )
    cgi.assign = ( "" => "" )
    setenv.add-environment = ( {variables} )
    # Pass an answer on as it arrives.
    server.stream-response-body = 1
    server.max-request-size = {(table.largest_body >> 10) + 1024}
}}

{"".join(allow(route) for route in table.routes)}"""
    return {"ainexlayer.conf": text}

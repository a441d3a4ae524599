"""Apache with mod_cgid."""

from __future__ import annotations

from . import MADE
from .installation import Installation
from .routes import BASE_PATH, RouteTable

# Sets the method that chooses the function: for HEAD it is GET, for a preflight the method in its
# Access-Control-Request-Method.
METHOD = """\
    RewriteEngine On
    RewriteRule ^ - [E=AINEXLAYER_METHOD:%{REQUEST_METHOD}]
    RewriteCond %{REQUEST_METHOD} =HEAD
    RewriteRule ^ - [E=AINEXLAYER_METHOD:GET]
    RewriteCond %{REQUEST_METHOD} =OPTIONS
    RewriteRule ^ - [E=AINEXLAYER_METHOD:%{HTTP:Access-Control-Request-Method}]
"""


def rules(table: RouteTable, functions: str) -> str:
    text = METHOD
    for route in table.routes:
        for method, function in route.functions.items():
            text += (f"    RewriteCond %{{ENV:AINEXLAYER_METHOD}} ={method}\n"
                     f'    RewriteRule "{route.pattern}" "{functions}/{function}" [L]\n')
        # Any other method goes to a function that answers 405.
        text += f'    RewriteRule "{route.pattern}" "{functions}/{route.first}" [L]\n'
    return text + ("    # Unknown paths go to a function that answers 404.\n"
                   f'    RewriteRule "^{BASE_PATH}/" "{functions}/{table.fallback}" [L]\n')


def allow(table: RouteTable) -> str:
    """A function knows only its own method, but the path may have more. The last matching section wins."""
    return "".join(
        f'    <LocationMatch "{route.pattern}">\n        Header always edit Allow "^.*$" "{route.allow}"\n    </LocationMatch>\n'
        for route in reversed(table.routes))


def cgi(table: RouteTable, place: Installation) -> dict[str, str]:
    variables = "".join(f'    SetEnv {name} "{value}"\n' for name, value in place.environment.items())
    text = f"""\
# {MADE}
# Needs: a2enmod cgid rewrite headers env
<VirtualHost {place.address or "*"}:{place.port}>
    # Keep a %2F in a name as it is.
    AllowEncodedSlashes NoDecode
    AcceptPathInfo On
    TimeOut {table.longest + 10}
    LimitRequestBody {table.largest_body + (1 << 20)}
{variables}    # Trust the Content-Length that a function sends.
    SetEnv ap_trust_cgilike_cl 1

{rules(table, place.functions)}
    <Directory "{place.functions}">
        AllowOverride None
        Require all granted
        Options +ExecCGI +FollowSymLinks
        SetHandler cgi-script
        # Without this, Apache does not pass Authorization to CGI programs.
        CGIPassAuth On
    </Directory>

{allow(table)}</VirtualHost>
"""
    return {"ainexlayer.conf": text}

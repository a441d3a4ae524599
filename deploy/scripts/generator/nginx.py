"""nginx in front of fcgiwrap (CGI) or of the functions' own sockets (FastCGI)."""

from __future__ import annotations

from . import MADE
from .installation import Installation
from .routes import BASE_PATH, Route, RouteTable

PARAMETERS = """\
    fastcgi_param GATEWAY_INTERFACE CGI/1.1;
    fastcgi_param SERVER_SOFTWARE nginx/$nginx_version;
    fastcgi_param SERVER_PROTOCOL $server_protocol;
    fastcgi_param SERVER_NAME $host;
    fastcgi_param SERVER_ADDR $server_addr;
    fastcgi_param SERVER_PORT $server_port;
    fastcgi_param REMOTE_ADDR $remote_addr;
    fastcgi_param REMOTE_PORT $remote_port;
    fastcgi_param REQUEST_SCHEME $scheme;
    fastcgi_param HTTPS $https if_not_empty;
    fastcgi_param REQUEST_METHOD $request_method;
    fastcgi_param REQUEST_URI $request_uri;
    fastcgi_param QUERY_STRING $query_string;
    fastcgi_param CONTENT_TYPE $content_type if_not_empty;
    fastcgi_param CONTENT_LENGTH $content_length;
    # Without this, programs would take a client's `Proxy:` header for a proxy (httpoxy).
    fastcgi_param HTTP_PROXY "" if_not_empty;
"""


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def maps(table: RouteTable) -> str:
    """Which function serves a request, by method and path, and the value of `Allow` for each path."""
    functions = [
        f"    {quoted(f'~^{method} {route.pattern[1:]}')} {function};"
        for route in table.routes for method, function in (*route.functions.items(), ("[^ ]*", route.first))]
    allowed = [f"    {quoted(f'~{route.pattern}')} {quoted(route.allow)};" for route in table.routes]
    return "\n".join([
        f"# {MADE}", "",
        "# A HEAD goes to the function for GET, a preflight to the one for the method in Access-Control-Request-Method.",
        "map $request_method $ainexlayer_method {",
        "    default $request_method;", "    HEAD GET;", "    OPTIONS $http_access_control_request_method;", "}", "",
        "# The first match wins. Methods that a path does not have go to a function that answers 405, and unknown paths",
        f"# to `{table.fallback}`, which answers 404.",
        'map "$ainexlayer_method $uri" $ainexlayer_function {',
        f"    default {table.fallback};", *functions, "}", "",
        "# A function knows only its own method, but the path may have more.",
        "map $uri $ainexlayer_path_allows {", '    default "";', *allowed, "}",
        "map $upstream_http_allow $ainexlayer_allow {", '    "" "";', "    default $ainexlayer_path_allows;", "}", ""])


def error(name: str, status: int, code: str, message: str, *headers: str) -> str:
    """An answer of nginx itself, in the form of the API."""
    lines = "".join(f"        add_header {header} always;\n" for header in ("X-Request-Id $request_id", *headers))
    body = f'{{"success":false,"error":{{"code":"{code}","message":"{message}","requestId":"$request_id"}}}}'
    return (f"    location {name} {{\n        internal;\n        default_type application/json;\n"
            f"{lines}        return {status} '{body}';\n    }}\n")


def locations(table: RouteTable, upstream: str, streaming: list[Route]) -> str:
    """One location for all functions, and one for each path that streams."""
    text = f"    location {BASE_PATH}/ {{\n        fastcgi_pass {upstream};\n    }}\n"
    for route in streaming:
        text += (f"    location ~ {quoted(route.pattern)} {{\n        fastcgi_buffering off;\n"
                 f"        fastcgi_pass {upstream};\n    }}\n")
    return text


def server(table: RouteTable, place: Installation, upstream: str, parameters: str, streaming: list[Route]) -> str:
    address = f"{place.address}:{place.port}" if place.address else str(place.port)
    return (
        f"server {{\n    listen {address};\n    server_name _;\n    server_tokens off;\n\n"
        "    # A little more than the largest upload: the functions themselves refuse what is too large, in JSON.\n"
        f"    client_max_body_size {table.largest_body + (1 << 20)};\n"
        f"    fastcgi_read_timeout {table.longest + 10}s;\n    fastcgi_keep_conn off;\n\n{PARAMETERS}{parameters}\n"
        "    fastcgi_hide_header Allow;\n    add_header Allow $ainexlayer_allow always;\n\n"
        f"{locations(table, upstream, streaming)}"
        "    error_page 413 @too_large;\n    error_page 502 503 =503 @unavailable;\n    error_page 504 @overdue;\n"
        f"{error('@too_large', 413, 'PAYLOAD_TOO_LARGE', 'The body is too large')}"
        f"{error('@unavailable', 503, 'SERVICE_UNAVAILABLE', 'The function cannot be reached', 'Retry-After 1')}"
        f"{error('@overdue', 504, 'GATEWAY_TIMEOUT', 'The function took too long')}}}\n")


def fcgiwrap(table: RouteTable, place: Installation) -> dict[str, str]:
    """fcgiwrap buffers every answer, so no path needs a location of its own."""
    parameters = f'    fastcgi_param SCRIPT_FILENAME "{place.functions}/$ainexlayer_function";\n' + "".join(
        f"    fastcgi_param {name} {quoted(value)};\n" for name, value in place.environment.items())
    return {"ainexlayer.conf": maps(table) + "\n" + server(
        table, place, quoted(f"unix:{place.fcgiwrap}"), parameters, streaming=[])}


def fastcgi(table: RouteTable, place: Installation) -> dict[str, str]:
    """The processes of the functions have their own environment, so nginx sets no variables."""
    upstream = quoted(f"unix:{place.sockets}/$ainexlayer_function.sock")
    streaming = [route for route in table.routes if route.streams]
    return {"ainexlayer.conf": maps(table) + "\n" + server(table, place, upstream, "", streaming)}

"""systemd: the list of FastCGI sockets. The other units are the same for every function."""

from __future__ import annotations

from . import MADE
from .installation import Installation
from .routes import RouteTable


def target(table: RouteTable, place: Installation) -> dict[str, str]:
    wants = "".join(f"Wants=ainexlayer-fastcgi@{name}.socket\n" for name in table.names)
    return {"ainexlayer-fastcgi.target": (
        f"# {MADE}\n[Unit]\nDescription=AINexLayer: the sockets of all functions\n{wants}\n"
        "[Install]\nWantedBy=multi-user.target\n")}

"""Where things are on the machine that a configuration is for."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Installation:
    """The defaults are where the READMEs below deploy/ install things. Tests use other folders."""

    functions: str = "/usr/lib/ainexlayer/functions"
    data: str = "/var/lib/ainexlayer"
    sockets: str = "/run/ainexlayer"
    """The folder of the FastCGI sockets, one for each function."""
    fcgiwrap: str = "/run/fcgiwrap.socket"
    address: str = ""
    """Empty for every interface."""
    port: int = 80
    variables: dict[str, str] = field(default_factory=dict)
    """Environment variables of CGI functions, besides DATA_DIR."""

    @property
    def environment(self) -> dict[str, str]:
        return {"DATA_DIR": self.data, **self.variables}

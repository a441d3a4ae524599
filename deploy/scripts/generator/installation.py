"""Where things lie on the machine that a configuration is for."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Installation:
    """The defaults are what the READMEs below deploy/ install; tests give folders of their own."""

    functions: str = "/usr/lib/ainexlayer/functions"
    data: str = "/var/lib/ainexlayer"
    sockets: str = "/run/ainexlayer"
    """The folder of the FastCGI sockets, one a function."""
    fcgiwrap: str = "/run/fcgiwrap.socket"
    address: str = ""
    """Empty for every interface."""
    port: int = 80
    variables: dict[str, str] = field(default_factory=dict)
    """What CGI functions find in their environment, besides DATA_DIR."""

    @property
    def environment(self) -> dict[str, str]:
        return {"DATA_DIR": self.data, **self.variables}

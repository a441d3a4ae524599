"""The installation itself."""

from __future__ import annotations

import json
from typing import Any, Dict, Optional

from .._core import Call, Core, RequestOptions, path_of
from ..models import Health, SystemInfo


class System:
    """Health, figures and the contract."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def health(self, *, options: Optional[RequestOptions] = None) -> Health:
        """Whether it works. Raises ``ServiceUnavailableError`` when it does not; ``details`` say what."""
        return self._core.model(Health, Call("GET", path_of("health"), authenticated=False), options)

    def info(self, *, options: Optional[RequestOptions] = None) -> SystemInfo:
        """Version, counts, providers and limits, for administrators."""
        return self._core.model(SystemInfo, Call("GET", path_of("system", "info")), options)

    def openapi(self, *, options: Optional[RequestOptions] = None) -> Dict[str, Any]:
        """The contract as an OpenAPI document."""
        answer = self._core.send(Call("GET", path_of("openapi.json"), authenticated=False), options)
        document: Dict[str, Any] = json.loads(answer.read())
        return document

    def docs(self, *, options: Optional[RequestOptions] = None) -> str:
        """The page to read and try the contract, as HTML."""
        call = Call("GET", path_of("docs"), headers={"Accept": "text/html"}, authenticated=False)
        return self._core.send(call, options).read().decode()

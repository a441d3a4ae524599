"""Being told of what happens. For checking what arrives see ``ainexlayer.verify_webhook``."""

from __future__ import annotations

from typing import Optional, Sequence

from .._core import Call, Core, Match, RequestOptions, json_body, match_headers, path_of
from .._pager import Pager
from ..events import Delivery, NewWebhook, Webhook
from ..models import Acknowledged


class Webhooks:
    """Addresses that the server tells of events, and what became of each telling."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(
        self, *, page: Optional[int] = None, limit: Optional[int] = None, active: Optional[bool] = None,
        options: Optional[RequestOptions] = None,
    ) -> Pager[Webhook]:
        """The webhooks that the caller may see."""
        return self._core.pager(Webhook, path_of("webhooks"), {"limit": limit, "active": active}, page, options)

    def create(
        self, *, url: str, events: Sequence[str], workspace_id: Optional[str] = None,
        description: Optional[str] = None, active: Optional[bool] = None,
        options: Optional[RequestOptions] = None,
    ) -> NewWebhook:
        """Makes a webhook; its ``secret`` is shown this once. Events may be ``*`` or ``document.*``."""
        body = json_body(url=url, events=events, workspace_id=workspace_id, description=description, active=active)
        return self._core.model(NewWebhook, Call("POST", path_of("webhooks"), body=body), options)

    def get(self, webhook_id: str, *, options: Optional[RequestOptions] = None) -> Webhook:
        """One webhook, without its secret."""
        return self._core.model(Webhook, Call("GET", path_of("webhooks", webhook_id)), options)

    def update(
        self, webhook_id: str, *, url: Optional[str] = None, events: Optional[Sequence[str]] = None,
        description: Optional[str] = None, active: Optional[bool] = None, if_match: Match = None,
        options: Optional[RequestOptions] = None,
    ) -> Webhook:
        """Changes what is given."""
        call = Call(
            "PUT", path_of("webhooks", webhook_id), headers=match_headers(if_match),
            body=json_body(url=url, events=events, description=description, active=active))
        return self._core.model(Webhook, call, options)

    def delete(
        self, webhook_id: str, *, if_match: Match = None, options: Optional[RequestOptions] = None
    ) -> Acknowledged:
        """Removes a webhook."""
        call = Call("DELETE", path_of("webhooks", webhook_id), headers=match_headers(if_match))
        return self._core.acknowledged(call, options)

    def test(self, webhook_id: str, *, options: Optional[RequestOptions] = None) -> Delivery:
        """Sends a trial event now, and tells how that went."""
        return self._core.model(Delivery, Call("POST", path_of("webhooks", webhook_id, "test")), options)

    def deliveries(
        self, webhook_id: str, *, page: Optional[int] = None, limit: Optional[int] = None,
        status: Optional[str] = None, options: Optional[RequestOptions] = None,
    ) -> Pager[Delivery]:
        """What was sent, or is going to be."""
        path = path_of("webhooks", webhook_id, "deliveries")
        return self._core.pager(Delivery, path, {"limit": limit, "status": status}, page, options)

    def retry_delivery(
        self, webhook_id: str, delivery_id: str, *, options: Optional[RequestOptions] = None
    ) -> Delivery:
        """Makes a delivery due now, whatever became of it before."""
        path = path_of("webhooks", webhook_id, "deliveries", delivery_id, "retry")
        return self._core.model(Delivery, Call("POST", path), options)

"""Webhooks, and what they send."""

from .models import Delivery, NewWebhook, Webhook, WebhookEvent

__all__ = ["Delivery", "NewWebhook", "Webhook", "WebhookEvent"]

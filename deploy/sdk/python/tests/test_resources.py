"""Workspaces, members, users, webhooks and the system against the real thing."""

from __future__ import annotations

from ainexlayer import (
    AINexLayer, AINexLayerError, ConflictError, NotFoundError, NotModified, PermissionDeniedError,
    PreconditionFailedError, RequestOptions, ValidationError, WebhookVerificationError, verify_webhook,
)

from .installation import PASSWORD, RealTest, needs
from .stub import Stub, answer


class WorkspaceTests(RealTest):
    def test_the_life_of_a_workspace(self) -> None:
        workspaces = self.admin.workspaces
        made = workspaces.create(name="Handbook", description="All of it", settings={"top_k": 3, "chat_mode": "query"})
        self.assertEqual((made.settings.top_k, made.settings.chat_mode, made.role), (3, "query", "owner"))
        changed = workspaces.update(made.id, description="Half of it", settings={"temperature": 0})
        self.assertEqual((changed.name, changed.settings.temperature, changed.settings.top_k), ("Handbook", 0, 3))
        workspaces.delete(made.id)
        with self.assertRaises(NotFoundError) as raised:
            workspaces.get(made.id)
        self.assertEqual((raised.exception.status, raised.exception.code), (404, "NOT_FOUND"))
        self.assertTrue(raised.exception.request_id)

    def test_listing(self) -> None:
        client = self.installation.client()
        for name in ("b", "a", "c"):
            client.workspaces.create(name=name)
        self.assertEqual([found.name for found in client.workspaces.list(sort="name", limit=2)], ["a", "b", "c"])
        self.assertEqual(client.workspaces.list(limit=2).page(2).page, 2)
        with self.assertRaises(AINexLayerError) as raised:
            client.workspaces.list(limit=1000).page()
        self.assertEqual(raised.exception.status, 400)

    def test_invalid_fields_are_named(self) -> None:
        with self.assertRaises(ValidationError) as raised:
            self.admin.workspaces.create(name="")
        self.assertEqual(list(raised.exception.field_errors), ["name"])

    def test_entity_tags(self) -> None:
        workspaces = self.admin.workspaces
        read = workspaces.get(self.workspace())
        if read.etag is None:
            self.skipTest("this build knows no entity tags")
        with self.assertRaises(NotModified):
            workspaces.get(read.id, options=RequestOptions(if_none_match=read))
        changed = workspaces.update(read.id, name="Mine", if_match=read)
        with self.assertRaises(PreconditionFailedError):
            workspaces.update(read.id, name="Theirs", if_match=read.etag)
        with self.assertRaises(ValueError):
            workspaces.delete(read.id, if_match=changed)
        workspaces.delete(read.id, if_match=workspaces.get(read.id))

    def test_an_idempotency_key_makes_one_workspace(self) -> None:
        options = RequestOptions(idempotency_key="import-7")
        first = self.admin.workspaces.create(name="Once", options=options)
        second = self.admin.workspaces.create(name="Once", options=options)
        if first.id != second.id:
            self.skipTest("this build knows no idempotency keys")
        with self.assertRaises(AINexLayerError) as raised:
            self.admin.workspaces.create(name="Twice", options=options)
        self.assertEqual(raised.exception.code, "IDEMPOTENCY_KEY_REUSED")

    def test_members(self) -> None:
        needs("add-member", "list-members", "remove-member")
        guest, space = self.installation.client(), self.workspace()
        user = guest.users.me()
        asked = self.admin.members.add(space, email=user.email, role="viewer")
        self.assertEqual((asked.email, asked.status, asked.user_id), (user.email, "pending", None))
        self.assertEqual([each.status for each in self.admin.members.list(space)], ["active", "pending"])
        self.assertEqual(guest.workspaces.get(space).role, "viewer")
        with self.assertRaises(PermissionDeniedError):
            guest.workspaces.update(space, name="Mine")
        self.assertEqual([each.user_id for each in self.admin.members.list(space)][1:], [user.id])
        nobody = self.admin.members.add(space, email="nobody-yet@example.com", role="viewer")
        self.assertEqual(set(nobody.raw), set(asked.raw))
        self.admin.members.remove(space, nobody.invitation_id or "")
        self.admin.members.remove(space, user.id)
        with self.assertRaises(NotFoundError):
            guest.workspaces.get(space)
        with self.assertRaises(ConflictError):
            self.admin.members.remove(space, self.admin.users.me().id)


class AdministrationTests(RealTest):
    environment = {"WEBHOOK_ALLOW_PRIVATE": "1"}

    def test_users(self) -> None:
        needs("create-user", "list-users", "get-user", "update-user", "delete-user")
        users = self.admin.users
        made = users.create(email="grace@example.com", name="Grace", password=PASSWORD, role="manager")
        self.assertEqual((made.role, users.get(made.id).email), ("manager", "grace@example.com"))
        self.assertEqual([found.id for found in users.list(search="grace", role="manager")], [made.id])
        grace = AINexLayer(self.installation.url)
        grace.auth.login(email="grace@example.com", password=PASSWORD)
        self.assertEqual(users.update(made.id, status="suspended").status, "suspended")
        with self.assertRaises(AINexLayerError) as raised:
            grace.users.me(options=RequestOptions(max_retries=0))
        self.assertIn(raised.exception.status, (401, 403))
        users.delete(made.id)
        with self.assertRaises(NotFoundError):
            users.get(made.id)

    def test_webhooks(self) -> None:
        needs("create-webhook", "list-webhooks", "get-webhook", "update-webhook", "delete-webhook", "list-deliveries")
        webhooks = self.admin.webhooks
        made = webhooks.create(url="https://example.com/hook", events=["document.*"], description="All")
        self.assertTrue(made.secret.startswith("whsec_"))
        self.assertEqual(webhooks.get(made.id).events, ["document.*"])
        self.assertFalse(webhooks.update(made.id, active=False).active)
        self.assertEqual([found.id for found in webhooks.list(active=False)], [made.id])
        self.assertEqual(list(webhooks.deliveries(made.id)), [])
        webhooks.delete(made.id)
        with self.assertRaises(NotFoundError):
            webhooks.get(made.id)

    def test_trying_a_webhook(self) -> None:
        needs("create-webhook", "test-webhook", "list-deliveries")
        with Stub(answer(204, b"")) as receiver:
            made = self.admin.webhooks.create(url=receiver.url + "/hook", events=["*"])
            self.assertEqual(self.admin.webhooks.test(made.id).status, "succeeded")
            [seen] = receiver.seen
            event = verify_webhook(seen.body, seen.headers, made.secret)
            self.assertTrue(event.id.startswith("evt_"))
            with self.assertRaises(WebhookVerificationError):
                verify_webhook(seen.body + b" ", seen.headers, made.secret)
            self.admin.webhooks.delete(made.id)

    def test_deliveries(self) -> None:
        needs("create-webhook", "list-deliveries", "retry-delivery")
        with Stub(answer(204, b"")) as receiver:
            made = self.admin.webhooks.create(url=receiver.url, events=["workspace.created"])
            space = self.workspace()
            [delivery] = self.admin.webhooks.deliveries(made.id)
            self.assertEqual((delivery.event, delivery.payload["workspaceId"]), ("workspace.created", space))
            self.assertEqual(self.admin.webhooks.retry_delivery(made.id, delivery.id).id, delivery.id)
            self.admin.webhooks.delete(made.id)

    def test_health(self) -> None:
        health = AINexLayer(self.installation.url).system.health()
        self.assertEqual((health.status, health.checks["database"]["status"]), ("ok", "ok"))

    def test_system_info(self) -> None:
        needs("system-info")
        self.assertTrue(self.admin.system.info().version)

    def test_the_contract(self) -> None:
        needs("openapi", "docs")
        self.assertIn("paths", self.admin.system.openapi())
        self.assertIn("<html", self.admin.system.docs().lower())

    def test_any_request(self) -> None:
        answer = self.admin.request("POST", "/workspaces", json={"name": "Raw"})
        self.assertEqual(answer["data"]["name"], "Raw")
        listed = self.admin.request("GET", "/workspaces", query={"limit": 1})
        self.assertEqual(listed["pagination"]["limit"], 1)

import Foundation
import TestSupport
import Testing

/// A webhook has the rights of the account that created or last changed it, and is disabled when that account loses
/// them.
@Suite struct WebhookRightsTests {
    private let installation: Installation
    private let receiver: WebhookReceiver
    private let admin: String
    private let owner: String
    private let space: String
    private let leaver: String
    private let leaverId: String

    init() throws {
        receiver = try WebhookReceiver()
        installation = try Installation(environment: Installation.webhooksToMyself)
        admin = try installation.register("admin@example.com")
        owner = try installation.register("owner@example.com")
        space = try installation.makeWorkspace(owner)
        leaver = try installation.register("leaver@example.com")
        leaverId = try #require(try installation.call("get-me", token: leaver).data["id"] as? String)
        try join()
    }

    private func join() throws {
        let path = ["workspaceId": space]
        let body = ["userId": leaverId, "role": "owner"]
        let answer = try installation.call("add-member", token: owner, path: path, body: body)
        #expect(answer.status < 300, "\(answer.line)")
    }

    private func loseRights(_ change: String) throws {
        let answer =
            switch change {
            case "removed":
                try installation.call(
                    "remove-member", token: owner, path: ["workspaceId": space, "userId": leaverId])
            case "made an editor":
                try installation.call(
                    "add-member", token: owner, path: ["workspaceId": space],
                    body: ["userId": leaverId, "role": "editor"])
            case "deleted": try installation.call("delete-user", token: admin, path: ["userId": leaverId])
            default:
                try installation.call(
                    "update-user", token: admin, path: ["userId": leaverId], body: ["status": "suspended"])
            }
        #expect(answer.status < 300, "\(change): \(answer.line)")
    }

    @Test(arguments: ["removed", "made an editor", "suspended", "deleted"])
    func aWebhookEndsWithTheRightsOfItsMaker(change: String) throws {
        let id = try installation.makeWebhook(receiver.url("/"), for: space, token: leaver)
        try installation.updateWorkspace(space, token: owner)
        try loseRights(change)
        let shown = try installation.webhook(id, token: owner)
        #expect(shown.data["active"] as? Bool == false)
        #expect((shown.data["disabledReason"] as? String)?.contains("lost the right") == true)
        #expect(shown.data["ownerId"] as? String == leaverId)

        try installation.updateWorkspace(space, token: owner)
        let report = try installation.call("run-jobs")
        #expect(report.data["succeeded"] as? Int == 0 && report.data["nextDueAt"] is NSNull)
        #expect(try receiver.received(at: "/").isEmpty)
        let deliveries = try installation.deliveries(of: id, token: owner)
        #expect(deliveries.map { $0["status"] as? String } == ["failed"], "what came later was not even noted")
        #expect(deliveries.first?["error"] as? String == shown.data["disabledReason"] as? String)
    }

    @Test func rightsThatComeBackDoNotBringItBack() throws {
        let id = try installation.makeWebhook(receiver.url("/"), for: space, token: leaver)
        try loseRights("removed")
        try installation.updateWorkspace(space, token: owner)
        try join()
        try installation.updateWorkspace(space, token: owner)
        _ = try installation.call("run-jobs")
        #expect(try installation.webhook(id, token: owner).data["active"] as? Bool == false)
        #expect(try receiver.received(at: "/").isEmpty)
        // Somebody with the right enables it again. From then on, it has their rights.
        let changed = try installation.call(
            "update-webhook", token: owner, path: ["webhookId": id], body: ["active": true])
        #expect(changed.data["active"] as? Bool == true && changed.data["disabledReason"] is NSNull)
        try loseRights("removed")
        try installation.updateWorkspace(space, token: owner)
        #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 1)
    }

    @Test func aURLDoesNotOutliveTheRightsOfWhoChoseIt() throws {
        let id = try installation.makeWebhook(receiver.url("/owners"), for: space, token: owner)
        let changed = try installation.call(
            "update-webhook", token: leaver, path: ["webhookId": id], body: ["url": receiver.url("/leavers")])
        #expect(changed.data["ownerId"] as? String == leaverId)
        try loseRights("removed")
        try installation.updateWorkspace(space, token: owner)
        #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 0)
    }

    @Test func managersHaveTheWebhooksOfTheInstallation() throws {
        func become(_ role: String) throws {
            let answer = try installation.call(
                "update-user", token: admin, path: ["userId": leaverId], body: ["role": role])
            #expect(answer.status == 200, "\(answer.line)")
        }
        try become("manager")
        let id = try installation.makeWebhook(receiver.url("/"), token: leaver)
        try installation.updateWorkspace(space, token: owner)
        #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 1)
        try become("user")
        try installation.updateWorkspace(space, token: owner)
        #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 0)
        #expect(try installation.webhook(id, token: admin).data["active"] as? Bool == false)
        let listed = try installation.call("list-webhooks", token: admin, query: ["active": "false"])
        #expect(listed.list.map { $0["id"] as? String } == [id])
    }

    @Test func theEndOfAWorkspaceIsDelivered() throws {
        let body: [String: Any] = ["url": receiver.url("/"), "events": ["*"], "workspaceId": space]
        let made = try installation.call("create-webhook", token: owner, body: body)
        #expect(made.status == 201)
        #expect(try installation.call("delete-workspace", token: owner, path: ["workspaceId": space]).status == 200)
        #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 1)
        #expect(try receiver.received(at: "/").map { $0["type"] as? String } == ["workspace.deleted"])
    }

    @Test func aWebhookWhoseMakerIsNotKnownHasNoRights() throws {
        let id = try installation.makeWebhook(receiver.url("/"), for: space, token: leaver)
        _ = try installation.query("UPDATE webhooks SET owner_id = NULL")
        try installation.updateWorkspace(space, token: owner)
        #expect(try installation.call("run-jobs").data["succeeded"] as? Int == 0)
        #expect(try installation.webhook(id, token: owner).data["active"] as? Bool == false)
    }
}

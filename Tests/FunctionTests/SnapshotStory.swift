import Foundation
import Testing

/// One installation from its first account to its last deletion. Ada administers it, Bob works in it, and Carol is an
/// outsider.
struct SnapshotStory {
    let recorder: SnapshotRecorder

    private static let password = "correct horse battery"
    private static let unknown = "01JD8Q3W5X7Y9Z1A3B5C7D9E0F"

    func tell() throws {
        let bob = try accounts()
        try keys()
        let workspace = try workspaces(bob: bob)
        let document = try documents(in: workspace)
        let conversation = try chat(in: workspace, document: document)
        try webhooks(in: workspace)
        try operations()
        try additions(to: workspace)
        try endings(of: workspace, document: document, conversation: conversation, bob: bob)
    }

    private func id(_ answer: Answer) throws -> String { try #require(answer.data["id"] as? String, "\(answer.line)") }
    private func tag(_ answer: Answer) throws -> String { try #require(answer.headers["etag"]) }

    /// The id of Bob's account.
    private func accounts() throws -> String {
        let ada = #"{"email": "ada@example.com", "password": "\#(Self.password)", "name": "Ada"}"#
        let registered = try recorder.call(
            "register", "The first account administers the installation", headers: ["idempotency-key": "one"], body: ada
        )
        try recorder.know("ada", by: registered)
        try recorder.call(
            "register", "Sent again, it is answered from memory", headers: ["idempotency-key": "one"], body: ada)
        try recorder.call("register", "The address is taken", body: ada)
        try recorder.call("register", "Every broken field is named", body: #"{"email": "ada", "password": "short"}"#)
        try recorder.call("register", "The body is not JSON", body: "{")

        let login = try recorder.call(
            "login", "Logging in", body: #"{"email": "ADA@example.com", "password": "\#(Self.password)"}"#)
        try recorder.know("ada", by: login)
        try recorder.know("refresh", by: login, member: "refreshToken")
        try recorder.call(
            "login", "A wrong password", body: #"{"email": "ada@example.com", "password": "wrong horse"}"#)

        let me = try recorder.call("get-me", "The caller", as: "ada")
        try recorder.call(
            "get-me", "What the client has is not sent again", as: "ada", headers: ["if-none-match": try tag(me)])
        try recorder.call("get-me", "Nobody is logged in")
        try recorder.call("update-me", "A new name", as: "ada", body: #"{"name": "Ada Lovelace"}"#)
        try recorder.call("update-me", "A name must be seen", as: "ada", body: #"{"name": " "}"#)

        let account = #"{"email": "bob@example.com", "name": "Bob", "password": "\#(Self.password)"}"#
        let bob = try id(try recorder.call("create-user", "An account", as: "ada", body: account))
        try recorder.call("create-user", "The address is taken", as: "ada", body: account)
        try recorder.know(
            "bob",
            by: try recorder.call(
                "login", "Another account", body: #"{"email": "bob@example.com", "password": "\#(Self.password)"}"#))
        try recorder.know(
            "carol",
            by: try recorder.call(
                "register", "Later accounts are users",
                body: #"{"email": "carol@example.com", "password": "\#(Self.password)", "name": "Carol"}"#))
        try recorder.call("list-users", "All accounts", as: "ada", query: "limit=2")
        try recorder.call("list-users", "Only managers may look", as: "bob")
        try recorder.call("get-user", "One account", as: "ada", ["userId": bob])
        try recorder.call("get-user", "No such account", as: "ada", ["userId": "usr_\(Self.unknown)"])
        try recorder.call("update-user", "A new role", as: "ada", ["userId": bob], body: #"{"role": "manager"}"#)
        try recorder.call("update-user", "No such role", as: "ada", ["userId": bob], body: #"{"role": "king"}"#)
        return bob
    }

    private func keys() throws {
        let made = try recorder.call(
            "create-api-key", "A key", as: "ada",
            body: #"{"name": "CI", "scopes": ["read"], "expiresAt": "2100-01-01T00:00:00.000Z"}"#)
        try recorder.know("key", by: made, member: "key")
        try recorder.call("create-api-key", "A key cannot make keys", as: "key", body: #"{"name": "Another"}"#)
        try recorder.call("list-api-keys", "The caller's keys", as: "ada")
        try recorder.call("list-api-keys", "No such page", as: "ada", query: "page=0")
        let path = ["keyId": try id(made)]
        try recorder.call("delete-api-key", "A key ends", as: "ada", path)
        try recorder.call("delete-api-key", "It is gone", as: "ada", path)
    }

    /// The id of the workspace in which the rest happens.
    private func workspaces(bob: String) throws -> String {
        let made = try recorder.call(
            "create-workspace", "A workspace", as: "ada",
            body: #"{"name": "Handbook", "description": "How we work", "settings": {"topK": 3}}"#)
        let workspace = ["workspaceId": try id(made)]
        try recorder.call(
            "create-workspace", "Broken settings", as: "ada",
            body: #"{"name": "", "settings": {"topK": 0, "chatMode": "x"}}"#)
        try recorder.call(
            "create-workspace", "A form is not JSON", as: "ada", body: "name=Handbook", type: "text/plain")
        try recorder.call("list-workspaces", "The caller's workspaces", as: "ada", query: "limit=1&sort=name")
        try recorder.call("list-workspaces", "A limit that is too high", as: "ada", query: "limit=101")
        let shown = try recorder.call("get-workspace", "One workspace", as: "ada", workspace)
        try recorder.call("get-workspace", "A stranger learns nothing", as: "carol", workspace)
        try recorder.call(
            "update-workspace", "A change of what was seen", as: "ada", workspace,
            headers: ["if-match": try tag(shown)],
            body: #"{"name": "The handbook"}"#)
        try recorder.call(
            "update-workspace", "It has changed since", as: "ada", workspace, headers: ["if-match": try tag(shown)],
            body: #"{"name": "A handbook"}"#)
        try recorder.call(
            "add-member", "A member", as: "ada", workspace, body: #"{"userId": "\#(bob)", "role": "viewer"}"#)
        try recorder.call(
            "add-member", "Only owners add", as: "bob", workspace, body: #"{"userId": "\#(bob)", "role": "owner"}"#)
        try recorder.call("list-members", "Who takes part", as: "bob", workspace)
        try recorder.call("list-members", "A stranger learns nothing", as: "carol", workspace)
        return try id(made)
    }

    /// The id of an uploaded document.
    private func documents(in workspace: String) throws -> String {
        let here = ["workspaceId": workspace]
        let form = """
            --XX\r
            Content-Disposition: form-data; name="file"; filename="otters.md"\r
            Content-Type: text/markdown\r
            \r
            # Otters

            The sea otter keeps a favourite stone in a pouch under its arm. It opens shells with that stone.\r
            --XX\r
            Content-Disposition: form-data; name="metadata"\r
            \r
            {"topic": "animals"}\r
            --XX--\r

            """
        let type = "multipart/form-data; boundary=XX"
        let made = try recorder.call("upload-document", "A document", as: "ada", here, body: form, type: type)
        try recorder.call("upload-document", "The same again", as: "ada", here, body: form, type: type)
        try recorder.call("upload-document", "A form without a file", as: "ada", here, body: "--XX--", type: type)
        try recorder.call("upload-document", "Viewers may not", as: "bob", here, body: form, type: type)
        let store = [
            "BLOBS": "s3://bucket/team?region=eu-central-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "secret",
        ]
        let announced = #"{"size": 5, "sha256": "\#(String(repeating: "0a", count: 32))"}"#
        try recorder.call(
            "create-upload", "An upload to S3", as: "ada", here, body: announced, variables: store)
        try recorder.call("create-upload", "Files are in a folder", as: "ada", here, body: announced)
        try recorder.call(
            "upload-document", "An upload that nobody began", as: "ada", here,
            body: #"{"uploadId": "upl_\#(Self.unknown)"}"#)
        let there = here.merging(["documentId": try id(made)]) { own, _ in own }
        let nowhere = here.merging(["documentId": "doc_\(Self.unknown)"]) { own, _ in own }
        try recorder.call("list-documents", "All documents", as: "bob", here, query: "type=markdown&search=otter")
        try recorder.call("list-documents", "No such type", as: "bob", here, query: "type=exe")
        try recorder.call("get-document", "One document", as: "bob", there)
        try recorder.call("get-document", "No such document", as: "bob", nowhere)
        try recorder.call("get-document-content", "The file", as: "bob", there)
        try recorder.call("get-document-content", "Part of it", as: "bob", there, headers: ["range": "bytes=2-7"])
        try recorder.call(
            "get-document-content", "A part that is not there", as: "bob", there, headers: ["range": "bytes=9999-"])
        try recorder.call("list-document-chunks", "Its passages", as: "bob", there)
        try recorder.call("list-document-chunks", "Of no document", as: "bob", nowhere)
        try recorder.call("update-document", "A new name", as: "ada", there, body: #"{"name": "sea otters.md"}"#)
        try recorder.call("update-document", "Metadata is an object", as: "ada", there, body: #"{"metadata": 5}"#)
        return try id(made)
    }

    /// The id of a conversation.
    private func chat(in workspace: String, document: String) throws -> String {
        let here = ["workspaceId": workspace]
        try recorder.call(
            "search-documents", "Passages with highlights", as: "bob", here,
            body: #"{"query": "otter stone", "filters": {"metadata": {"topic": "animals"}}}"#)
        try recorder.call("search-documents", "A search for nothing", as: "bob", here, body: #"{"query": " "}"#)
        try recorder.call(
            "search-workspaces", "All that the caller may read", as: "bob",
            body: #"{"query": "otter stone", "filters": {"type": "eq", "key": "topic", "value": "animals"}}"#)
        try recorder.call(
            "search-workspaces", "A workspace that the caller may not read", as: "carol",
            body: #"{"query": "otter", "workspaceIds": ["\#(workspace)"]}"#)
        try recorder.call("list-metadata-keys", "What filters can name", as: "bob", here)
        try recorder.call("list-metadata-keys", "A stranger learns nothing", as: "carol", here)
        let answer = try recorder.call(
            "send-message", "An answer that cites", as: "bob", here,
            body: #"{"message": "What does the sea otter keep?"}"#)
        try recorder.call(
            "send-message", "The same as a stream", as: "bob", here,
            body: #"{"message": "What does the sea otter keep?", "stream": true}"#)
        try recorder.call("send-message", "No message", as: "bob", here, body: #"{"message": "", "topK": 100}"#)
        let conversation = try #require(answer.data["conversationId"] as? String)
        let there = here.merging(["conversationId": conversation]) { own, _ in own }
        let nowhere = here.merging(["conversationId": "cnv_\(Self.unknown)"]) { own, _ in own }
        try recorder.call("list-conversations", "The caller's conversations", as: "bob", here)
        try recorder.call("list-conversations", "A stranger learns nothing", as: "carol", here)
        try recorder.call("get-conversation", "One conversation", as: "bob", there)
        try recorder.call("get-conversation", "Somebody else's", as: "ada", there)
        try recorder.call("list-messages", "Its messages", as: "bob", there)
        try recorder.call("list-messages", "Of no conversation", as: "bob", nowhere)
        try recorder.call("update-conversation", "A new title", as: "bob", there, body: #"{"title": "Otters"}"#)
        try recorder.call("update-conversation", "A title is text", as: "bob", there, body: #"{"title": 1}"#)
        return conversation
    }

    private func webhooks(in workspace: String) throws {
        let body = #"{"url": "https://hooks.invalid/in", "events": ["workspace.*"], "workspaceId": "\#(workspace)"}"#
        let made = try recorder.call("create-webhook", "A webhook", as: "ada", body: body)
        try recorder.call(
            "create-webhook", "Only public addresses", as: "ada",
            body: #"{"url": "https://127.0.0.1/", "events": ["*"], "workspaceId": "\#(workspace)"}"#)
        let there = ["webhookId": try id(made)]
        let nowhere = ["webhookId": "whk_\(Self.unknown)"]
        try recorder.call("list-webhooks", "The caller's webhooks", as: "ada")
        try recorder.call("list-webhooks", "Active is true or false", as: "ada", query: "active=maybe")
        try recorder.call("get-webhook", "One webhook", as: "ada", there)
        try recorder.call("get-webhook", "Somebody else's", as: "carol", there)
        try recorder.call(
            "update-webhook", "Another address", as: "ada", there, body: #"{"url": "https://other.invalid/"}"#)
        try recorder.call("update-webhook", "Events have names", as: "ada", there, body: #"{"events": ["x"]}"#)
        try recorder.call(
            "update-workspace", "An event happens", as: "ada", ["workspaceId": workspace], body: #"{"name": "Book"}"#)
        let deliveries = try recorder.call("list-deliveries", "What is to be sent", as: "ada", there)
        try recorder.call("list-deliveries", "Of no webhook", as: "ada", nowhere)
        let delivery = try #require(deliveries.list.first?["id"] as? String)
        try recorder.call(
            "retry-delivery", "Sent again", as: "ada", there.merging(["deliveryId": delivery]) { own, _ in own })
        try recorder.call(
            "retry-delivery", "No such delivery", as: "ada",
            there.merging(["deliveryId": "dlv_\(Self.unknown)"]) { own, _ in own })
        try recorder.call("test-webhook", "A test that is not received", as: "ada", there)
        try recorder.call("test-webhook", "Of no webhook", as: "ada", nowhere)
        try recorder.call("delete-webhook", "A webhook ends", as: "ada", there)
        try recorder.call("delete-webhook", "It is gone", as: "ada", there)
    }

    private func operations() throws {
        try recorder.call("run-jobs", "Nothing is due", body: #"{"limit": 1, "seconds": 0}"#)
        try recorder.call("run-jobs", "A limit that is too low", body: #"{"limit": 0}"#)
        try recorder.call("backup", "There was none yet", body: #"{"action": "status"}"#)
        try recorder.call("backup", "It does not say where", body: "{}")
        try recorder.call("check-index", "The index has the documents", body: "{}")
        try recorder.call(
            "check-index", "Of no workspace", body: #"{"workspaceId": "ws_\#(Self.unknown)", "repair": true}"#)
        try recorder.call("transfer", "It was not moved", body: #"{"reopen": true}"#)
        try recorder.call("transfer", "It does not say where", body: "{}")
        try recorder.call("health", "Everything works")
        try recorder.call("health", "Another method", method: "POST")
        try recorder.call("system-info", "What is installed", as: "ada")
        try recorder.call("system-info", "Only administrators may look", as: "carol")
        for name in ["openapi", "docs"] {
            try recorder.call(name, "For everybody")
            try recorder.call(name, "Another method", method: "DELETE")
        }
    }

    /// `make new` adds the calls of an endpoint here.
    private func additions(to workspace: String) throws {
    }

    private func endings(of workspace: String, document: String, conversation: String, bob: String) throws {
        let here = ["workspaceId": workspace]
        let talk = here.merging(["conversationId": conversation]) { own, _ in own }
        try recorder.call("delete-conversation", "A conversation ends", as: "bob", talk)
        try recorder.call("delete-conversation", "It is gone", as: "bob", talk)
        let file = here.merging(["documentId": document]) { own, _ in own }
        try recorder.call(
            "delete-document", "It is not what was seen", as: "ada", file, headers: ["if-match": "\"other\""])
        try recorder.call("delete-document", "A document ends", as: "ada", file)
        let member = here.merging(["userId": bob]) { own, _ in own }
        try recorder.call("remove-member", "A member leaves", as: "bob", member)
        try recorder.call("remove-member", "A stranger learns nothing", as: "bob", member)
        try recorder.call("delete-workspace", "Only owners may", as: "carol", here)
        try recorder.call("delete-workspace", "A workspace ends", as: "ada", here)
        try recorder.call("delete-user", "An account ends", as: "ada", ["userId": bob])
        try recorder.call("delete-user", "It is gone", as: "ada", ["userId": bob])
        try recorder.call("refresh-token", "A new pair of tokens", body: #"{"refreshToken": "<refresh>"}"#)
        try recorder.call("logout", "A session ends", as: "ada")
        try recorder.call("logout", "It has ended", as: "ada")
        try recorder.call("refresh-token", "A token that is none", body: #"{"refreshToken": "none"}"#)
    }
}

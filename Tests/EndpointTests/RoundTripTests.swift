import Foundation
import FunctionRuntime
import Models
import TestSupport
import Testing
import Wire

@testable import Endpoint
@testable import create_workspace
@testable import get_workspace
@testable import list_workspaces
@testable import search_documents
@testable import send_message
@testable import update_workspace
@testable import upload_document

/// How often a warm function waits for the PostgreSQL server: on a network, each time takes as long as the rest of a small
/// request. `deploy/SCALE.md` has these numbers.
@Suite(.enabled(if: PostgresServer.isInstalled), .serialized) final class RoundTripTests {
    private let installation: Installation
    private let token: String
    private let workspace: Workspace.ID
    private let folder = "/tmp/trips-\(UInt64.random(in: 0...UInt64.max))"
    private var uploads = 0

    init() throws {
        let server = try PostgresServer.shared.get()
        let variables = [
            "DATA_DIR": folder, "DATABASE_URL": server.url(database: try server.createDatabase()), "EMBEDDING": "off",
        ]
        installation = Installation(configuration: try Configuration { variables[$0] })
        let email = try #require(EmailAddress("ada@example.com"))
        let signedIn = try installation.authenticator.register(
            email: email, password: "correct horse", name: "Ada", at: .now())
        token = signedIn.token
        workspace = try installation.store.workspaces.create(
            name: "W", description: "", settings: WorkspaceSettings(), owner: signedIn.user.id, at: .now()
        ).id
        for number in 0..<3 { try upload("The lamp of harbour \(number) is lit by its keeper every evening. ") }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The round trips of a request; fails if it does.
    @discardableResult
    private func trips<F: Function>(
        _: F.Type, _ body: String = "", type: String = "application/json", headers: [(String, String)] = []
    ) throws -> Int {
        var request = Request()
        request.method = F.route.method
        request.pathParameters = [("workspaceId", workspace.text)]
        request.headers = [("authorization", "Bearer \(token)"), ("content-type", type)] + headers
        request.body = Array(body.utf8)
        let before = try installation.store.roundTrips
        let response = try F.respond(to: request, as: "test", F.route, in: installation)
        _ = response.body.rendered()
        #expect(response.status < 300)
        return try installation.store.roundTrips - before
    }

    /// The same of the last of several requests.
    private func warm<F: Function>(
        _ function: F.Type, _ body: (Int) -> String = { _ in "" }, headers: (Int) -> [(String, String)] = { _ in [] }
    ) throws -> Int {
        for number in 0..<3 { try trips(function, body(number), headers: headers(number)) }
        return try trips(function, body(3), headers: headers(3))
    }

    @discardableResult
    private func upload(_ text: String, headers: [(String, String)] = []) throws -> Int {
        uploads += 1
        let head = "Content-Disposition: form-data; name=\"file\"; filename=\"\(uploads).txt\""
        let form = "--XX\r\n\(head)\r\n\r\n\(text)\r\n--XX--\r\n"
        return try trips(UploadDocument.self, form, type: "multipart/form-data; boundary=XX", headers: headers)
    }

    @Test func reads() throws {
        #expect(try warm(ListWorkspaces.self) == 2)
        #expect(try warm(GetWorkspace.self) == 2)
    }

    @Test func writes() throws {
        #expect(try warm(CreateWorkspace.self) { #"{"name": "N\#($0)"}"# } == 4)
        #expect(
            try warm(CreateWorkspace.self) {
                #"{"name": "N\#($0)"}"#
            } headers: {
                [("idempotency-key", "w\($0)")]
            } == 5)
        #expect(try warm(UpdateWorkspace.self) { #"{"name": "N\#($0)"}"# } == 5)
    }

    @Test func search() throws {
        #expect(try warm(SearchDocuments.self) { _ in #"{"query": "lamp keeper", "limit": 3}"# } == 3)
    }

    /// Of an index that is too large for the rows of its segments.
    @Test func searchInALargeWorkspace() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2 {
            let words = (0..<60_000).map { _ in String(UInt16.random(in: 0...9999, using: &random), radix: 26) }
            try upload("lamp " + words.joined(separator: " ") + " lamp keeper")
        }
        let stored = try installation.store.counts().passages
        #expect(stored > 100)
        #expect(try warm(SearchDocuments.self) { _ in #"{"query": "lamp keeper", "limit": 3}"# } <= 6)
    }

    @Test func chat() throws {
        func body(_: Int) -> String { #"{"message": "Who lights the lamp of the harbour?"}"# }
        #expect(try warm(SendMessage.self, body) == 9)
        #expect(try warm(SendMessage.self, body) { [("idempotency-key", "c\($0)")] } == 15)
    }

    @Test func anUpload() throws {
        try upload("Warm ")
        #expect(try upload("An anchor holds a ship. ") == 8)
        #expect(try upload("A chain holds an anchor. ", headers: [("idempotency-key", "u")]) == 14)
    }
}

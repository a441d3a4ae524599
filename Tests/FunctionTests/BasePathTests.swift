import Foundation
import Testing

/// An installation with a base path other than `/api/v1`.
@Suite struct BasePathTests {
    @Test(arguments: [("/v2", "/v2"), ("/a/b-c/", "/a/b-c"), ("/", "")], Transport.allCases)
    func everyPathBeginsWithIt(_ paths: (set: String, found: String), _ transport: Transport) throws {
        let client = try TestClient(transport, environment: ["BASE_PATH": paths.set], basePath: paths.found)
        let token = try client.installation.register()
        let made = try client.call("create-workspace", token: token, body: ["name": "Handbook"])
        let id = try #require(made.data["id"] as? String)
        #expect(made.headers["location"] == "\(paths.found)/workspaces/\(id)")
        let uploaded = try client.upload("text", named: "a.txt", to: id, token: token)
        let document = try #require(uploaded.data["id"] as? String)
        #expect(uploaded.headers["location"] == "\(paths.found)/workspaces/\(id)/documents/\(document)")
        let servers = try client.call("openapi").json["servers"] as? [[String: String]]
        #expect(servers == [["url": paths.found.isEmpty ? "/" : paths.found]])
    }

    @Test func aPathIsTakenApartBelowIt() throws {
        let installation = try Installation(environment: ["BASE_PATH": "/v2"])
        let token = try installation.register()
        let id = try installation.makeWorkspace(token)
        func status(_ path: String) throws -> Int {
            let envelope: [String: Any] = [
                "headers": ["authorization": "Bearer \(token)"],
                "requestContext": ["http": ["method": "GET", "path": path]],
            ]
            return try #require(try installation.batch("get-workspace", [envelope]).first).status
        }
        #expect(try status("/v2/workspaces/\(id)") == 200)
        #expect(try status("/workspaces/\(id)") == 200, "a gateway may have taken it away")
        #expect(try status("/v2workspaces/\(id)") == 404)
        #expect(try status("/api/v1/workspaces/\(id)") == 404)
    }
}

import Foundation
import FunctionRuntime
import HTTP
import Testing

@testable import Endpoint

/// Cross-origin requests (the Fetch standard): which answers browsers hand to which pages.
struct CORSTests {
    private static let route = Route.put("/things/{id}", tag: "Things", summary: "Update a thing")

    private func headers(_ origins: [String], method: String = "GET", origin: String?) -> [String: String] {
        var response = Response(status: 200)
        var request = Request()
        request.method = method
        if let origin { request.headers = [("origin", origin)] }
        CORS(origins: AllowedOrigins(origins)).apply(to: &response, for: request, route: Self.route)
        return Dictionary(response.headers.map { ($0.name, $0.value) }) { "\($0) and \($1)" }
    }

    @Test(
        arguments: [
            ([], "https://a.example", nil, nil), (["*"], "https://a.example", "*", nil), (["*"], nil, nil, nil),
            (["https://a.example"], "https://a.example", "https://a.example", "Origin"),
            (["https://a.example"], "https://A.Example", "https://A.Example", "Origin"),
            (["https://a.example"], "https://b.example", nil, "Origin"), (["https://a.example"], nil, nil, "Origin"),
            (["https://a.example"], "https://a.example.evil", nil, "Origin"),
            (["https://a.example"], "null", nil, "Origin"),
            (["https://b.example", "https://a.example"], "https://a.example", "https://a.example", "Origin"),
        ] as [([String], String?, String?, String?)])
    func onlyTheOriginsOfTheInstallationMayRead(
        _ origins: [String], _ origin: String?, _ allowed: String?, _ vary: String?
    ) {
        let headers = headers(origins, origin: origin)
        #expect(headers["access-control-allow-origin"] == allowed)
        #expect(headers["vary"] == vary)
        #expect((headers["access-control-expose-headers"] != nil) == (allowed != nil))
        #expect(headers["access-control-allow-credentials"] == nil)
    }

    @Test func aPreflightLearnsMethodsAndHeaders() throws {
        let headers = headers(["*"], method: "OPTIONS", origin: "https://a.example")
        #expect(headers["access-control-allow-methods"] == "PUT, PATCH, OPTIONS")
        let allowed = try #require(headers["access-control-allow-headers"]).components(separatedBy: ", ")
        for name in ["authorization", "content-type", "if-match", "idempotency-key", "range"] {
            #expect(allowed.contains(name), "\(name)")
        }
        #expect(headers["access-control-max-age"] != nil)
        #expect(headers["access-control-expose-headers"] == nil)
    }

    @Test func aPreflightOfAnotherOriginLearnsNothing() {
        #expect(headers(["https://a.example"], method: "OPTIONS", origin: "https://b.example") == ["vary": "Origin"])
    }

    /// Every header that pages need to read is exposed.
    @Test(arguments: [
        "etag", "location", "retry-after", "x-request-id", "x-ratelimit-remaining", "idempotent-replayed",
    ])
    func headersAreExposed(_ name: String) throws {
        let exposed = try #require(headers(["*"], origin: "https://a.example")["access-control-expose-headers"])
        #expect(exposed.components(separatedBy: ", ").contains(name))
    }
}

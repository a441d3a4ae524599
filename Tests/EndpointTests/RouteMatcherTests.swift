import Endpoint
import Models
import Testing

@testable import FunctionRuntime

/// Which requests belong to the one route of a function.
struct RouteMatcherTests {
    private static let route = Route.put("/things/{thingId}/parts/{partId}", tag: "Things", summary: "Update a part")
    private static let whole = Route.get("/things", tag: "Things", summary: "List things")

    private func matched(
        _ path: String, method: String = "", route: Route = route, stage: String = "",
        parameters: [(String, String)] = []
    ) throws -> [String: String] {
        var request = Request()
        request.method = method
        request.path = path
        request.stage = stage
        request.pathParameters = parameters.map { (name: $0.0, value: $0.1) }
        try RouteMatcher(methods: route.methods, path: route.path, basePath: "/api/v1").match(&request)
        return Dictionary(request.pathParameters.map { ($0.name, $0.value) }) { first, _ in first }
    }

    @Test(arguments: [
        "/api/v1/things/1/parts/2", "/things/1/parts/2", "/api/v1/things/1/parts/2/", "/api/v1/things/%31/parts/2",
        "/api/v1/%74hings/1/parts/2",
    ])
    func aPathIsTakenApart(_ path: String) throws {
        #expect(try matched(path) == ["thingId": "1", "partId": "2"])
    }

    @Test func parametersAreDecodedOnce() throws {
        #expect(try matched("/things/a%2Fb/parts/%2525") == ["thingId": "a/b", "partId": "%25"])
    }

    @Test(arguments: [
        "/api/v1/things/1/parts", "/api/v1/things/1/parts/2/3", "/api/v1/things//parts/2", "/api/v1//things/1/parts/2",
        "/api/v1/Things/1/parts/2", "/api/v2/things/1/parts/2", "things/1/parts/2", "/api/v1things/1/parts/2", "/",
        "/api/v1/things/1/parts/2//", "/api/v1/things\u{301}/1/parts/2",
    ])
    func anotherPathIsNotFound(_ path: String) throws {
        let error = try #require(throws: APIError.self) { try matched(path) }
        #expect(error.code == .notFound)
    }

    @Test(arguments: ["PUT", "PATCH", "OPTIONS", ""]) func itsMethodsAreAllowed(_ method: String) throws {
        #expect(try matched("/things/1/parts/2", method: method).count == 2)
    }

    @Test(arguments: ["GET", "HEAD", "POST", "DELETE", "put", "TRACE"]) func otherMethodsAreNot(_ method: String) throws
    {
        let error = try #require(throws: APIError.self) { try matched("/things/1/parts/2", method: method) }
        #expect(error.code == .methodNotAllowed)
        #expect(error.headers.contains { $0 == ("allow", "PUT, PATCH, OPTIONS") })
    }

    @Test func aPathOfAnotherFunctionIsNotFoundWhateverItsMethod() throws {
        let error = try #require(throws: APIError.self) { try matched("/api/v1/other", method: "TRACE") }
        #expect(error.code == .notFound)
    }

    @Test func aRouteWithoutParametersIsComparedWhole() throws {
        #expect(try matched("/api/v1/things", route: Self.whole).isEmpty)
        #expect(try matched("/api/v1/things/", route: Self.whole).isEmpty)
        #expect(throws: APIError.self) { try matched("/api/v1/thing", route: Self.whole) }
    }

    /// A gateway that has taken the path apart is believed; one that routes by `{proxy+}` has not.
    @Test func theParametersOfAGatewayAreTaken() throws {
        let given = [("thingId", "7"), ("partId", "8")]
        #expect(try matched("/anything", parameters: given) == ["thingId": "7", "partId": "8"])
        let proxy = [("proxy", "api/v1/things/1/parts/2")]
        #expect(try matched("/api/v1/things/1/parts/2", parameters: proxy) == ["thingId": "1", "partId": "2"])
        #expect(try matched("", parameters: given) == ["thingId": "7", "partId": "8"])
    }

    /// An HTTP API puts its stage before the path, and a custom domain leaves it out.
    @Test func aStageIsTakenAway() throws {
        #expect(try matched("/prod/api/v1/things/1/parts/2", stage: "prod").count == 2)
        #expect(try matched("/api/v1/things/1/parts/2", stage: "prod").count == 2)
        #expect(try matched("/api/v1/things/1/parts/2", stage: "api").count == 2)
        #expect(throws: APIError.self) { try matched("/prod/api/v1/things/1/parts/2") }
        #expect(throws: APIError.self) { try matched("/production/things/1/parts/2", stage: "prod") }
    }
}

import Endpoint
import FunctionRuntime
import Models
import Testing
import Wire

/// What an endpoint takes is written once: the same initialiser reads a request and describes it.
struct FieldsTests {
    private struct Input: FunctionInput {
        let id: Int
        let page: PageRequest
        let search: String?
        let ifMatch: String?
        let name: String
        let size: Int?
        let tags: [String]?

        init(from fields: inout Fields) {
            id = fields.path("thingId", .integer(1...1000), named: "Thing")
            page = fields.pageRequest()
            search = fields.query("search", .searchText, "A piece of the name.")
            ifMatch = fields.header("If-Match", "The state that is changed.")
            name = fields.required("name", .name(1...10), "What it is called.")
            size = fields.optional("size", .integer(0...100))
            tags = fields.optional("tags", .list(of: .text(1...5), count: 0...2))
        }
    }

    private func request(
        _ body: String = "{\"name\": \"a\"}", id: String = "7", query: [(String, String)] = [], type: String? = nil,
        method: String = "PUT", isBare: Bool = true
    ) -> Request {
        var request = Request()
        request.method = method
        request.pathParameters = [(name: "thingId", value: id)]
        request.query = query.map { (name: $0.0, value: $0.1) }
        request.headers = [("if-match", "\"a\"")] + (type.map { [("content-type", $0)] } ?? [])
        request.body = Array(body.utf8)
        request.isBare = isBare
        return request
    }

    private func read(_ request: Request) throws -> Input {
        try Fields.read(Input.self, from: request, expecting: .json)
    }

    private func error(_ request: Request) throws -> APIError {
        try #require(throws: APIError.self) { try read(request) }
    }

    @Test func everyPartOfARequestIsRead() throws {
        let body = "{\"name\": \" Ada \", \"size\": 5, \"tags\": [\"x\", \"y\"], \"unknown\": true}"
        let input = try read(request(body, query: [("page", "3"), ("limit", "50"), ("search", "ad"), ("other", "x")]))
        #expect((input.id, input.name, input.size) == (7, "Ada", 5))
        #expect((input.page.page, input.page.limit) == (3, 50))
        #expect((input.search, input.ifMatch) == ("ad", "\"a\""))
        #expect(input.tags == ["x", "y"])
    }

    @Test func whatIsAbsentHasItsDefault() throws {
        let input = try read(request("{\"name\": \"a\", \"size\": null}"))
        #expect((input.page.page, input.page.limit) == (1, 20))
        #expect((input.search, input.size) == (nil, nil))
        #expect(input.tags == nil)
    }

    @Test(arguments: ["0", "1001", "x", "", "07x", "-1", "1.0", "1\u{301}"]) func anImpossiblePathIsNotFound(
        _ id: String
    ) throws {
        let error = try error(request("{}", id: id, query: [("page", "0")]))
        #expect(error.code == .notFound)
        #expect(error.message.contains("Thing"))
    }

    @Test(arguments: [
        ("page", "0"), ("page", "x"), ("limit", "101"), ("limit", ""), ("page", "+1"), ("search", "\u{0}"),
    ])
    func aQueryThatIsNotUnderstoodIsNamed(_ name: String, _ value: String) throws {
        let error = try error(request("{}", query: [(name, value)]))
        #expect(error.code == .badRequest)
        #expect(error.details?.object?["field"]?.string == name)
    }

    @Test func everyBrokenFieldOfTheBodyIsNamed() throws {
        let error = try error(request("{\"size\": 101, \"tags\": [\"x\", \"y\", \"z\"]}"))
        #expect(error.code == .validation)
        let fields = error.details?.object?["errors"]?.array?.compactMap { $0.object?["field"]?.string }
        #expect(fields == ["name", "size", "tags"])
        #expect(error.details?.object?["field"]?.string == "name")
    }

    @Test(arguments: [
        ("{\"name\": null}", "name"), ("{\"name\": 1}", "name"), ("{\"name\": \"\"}", "name"),
        ("{\"name\": \"12345678901\"}", "name"),
        ("{\"name\": \"a\", \"size\": \"5\"}", "size"), ("{\"name\": \"a\", \"size\": 1.5}", "size"),
        ("{\"name\": \"a\", \"size\": -1}", "size"), ("{\"name\": \"a\", \"tags\": {}}", "tags"),
        ("{\"name\": \"a\", \"tags\": [1]}", "tags"), ("[]", "body"), ("\"name\"", "body"), ("null", "body"),
    ])
    func aBodyThatIsNotRightIsInvalid(_ body: String, _ field: String) throws {
        let error = try error(request(body))
        #expect(error.code == .validation)
        #expect(error.details?.object?["field"]?.string == field)
    }

    @Test(arguments: ["{", "{\"name\":}", "name=a", "{\"name\": \"a\"} x", "\u{FEFF}x"])
    func whatIsNotJSONIsABadRequest(_ body: String) throws {
        #expect(try error(request(body)).code == .badRequest)
    }

    /// HTTP's formalities are for what came over HTTP.
    @Test(
        arguments: [
            (nil, true, true), (nil, false, false), ("application/json", false, true),
            ("Application/JSON; charset=utf-8", false, true),
            ("application/merge-patch+json", false, true), ("text/plain", false, false), ("text/plain", true, false),
            ("application/x-www-form-urlencoded", false, false), ("application/jsonx", false, false),
        ] as [(String?, Bool, Bool)])
    func aBodyMustBeSentAsJSON(_ type: String?, _ isBare: Bool, _ isTaken: Bool) throws {
        let request = request(type: type, isBare: isBare)
        if isTaken {
            #expect(try read(request).name == "a")
        } else {
            #expect(try error(request).code == .unsupportedMediaType)
        }
    }

    /// A GET's body means nothing (RFC 9110 section 9.3.1), and none at all names the fields that are wanted.
    @Test func aBodyMayBeMissing() throws {
        for request in [request(""), request("{", method: "GET")] {
            let error = try error(request)
            #expect(error.code == .validation)
            #expect(error.details?.object?["field"]?.string == "name")
        }
    }

    @Test func theDescriptionHasEveryField() throws {
        var operation = Operation(
            name: "update-thing", route: .put("/things/{thingId}", tag: "Things", summary: "Update a thing"),
            access: "user")
        Fields.describe(Input.self, in: &operation)
        #expect(operation.parameters.map(\.name) == ["thingId", "page", "limit", "search", "If-Match"])
        #expect(operation.parameters.map(\.place) == [.path, .query, .query, .query, .header])
        #expect(operation.parameters.map(\.isRequired) == [true, false, false, false, false])
        let body = try #require(operation.requestBody)
        #expect(body.contentType == "application/json")
        #expect(body.isRequired)
        let schema = try #require(body.schema.object)
        #expect(schema["required"]?.array?.compactMap(\.string) == ["name"])
        #expect(schema["properties"]?.object?.members.map(\.key) == ["name", "size", "tags"])
    }
}

import Models
import Wire

/// What a function says of itself: enough for a gateway to route to it, for a reader to call it,
/// and for tests to know its cases. `--describe` prints it as JSON.
public struct Operation: Sendable {
    /// In kebab-case, the name of the executable.
    public var name: String
    public var route: Route
    /// Who may call it: `anyone`, `user`, `member:editor`, …
    public var access: String
    public var parameters: [Parameter] = []
    /// The JSON body's schema, if it takes one.
    public var requestBody: RequestBody?
    public var responses: [ResponseDescription] = []

    public struct Parameter: Sendable {
        public enum Place: String, Sendable { case path, query, header }
        public var name: String
        public var place: Place
        public var isRequired: Bool
        public var schema: JSON

        public init(name: String, place: Place, isRequired: Bool, schema: JSON) {
            self.name = name
            self.place = place
            self.isRequired = isRequired
            self.schema = schema
        }
    }

    public struct RequestBody: Sendable {
        public var contentType: String
        public var schema: JSON
        public var isRequired: Bool

        public init(contentType: String, schema: JSON, isRequired: Bool) {
            self.contentType = contentType
            self.schema = schema
            self.isRequired = isRequired
        }
    }

    public struct ResponseDescription: Sendable {
        public var status: Int
        public var description: String
        public var contentType: String?
        public var schema: JSON?

        public init(status: Int, description: String, contentType: String? = nil, schema: JSON? = nil) {
            self.status = status
            self.description = description
            self.contentType = contentType
            self.schema = schema
        }
    }

    public init(name: String, route: Route, access: String) {
        self.name = name
        self.route = route
        self.access = access
    }

    /// `list-workspaces` → `listWorkspaces`.
    public var operationId: String {
        let words = name.split(atByte: "-")
        return words.prefix(1).joined()
            + words.dropFirst().map { $0.prefix(1).uppercasedASCII + $0.dropFirst() }.joined()
    }
}

/// Where a function is reached, and how it behaves there.
public struct Route: Sendable {
    public var method: String
    /// Other methods with the same meaning: `PATCH` beside `PUT`.
    public var aliases: [String] = []
    /// Below the base path, with parameters in braces.
    public var path: String
    public var summary: String
    public var tag: String
    /// After that time the gateway ends the call.
    public var timeoutSeconds = 30
    public var streams = false
    public var bodyKind = BodyKind.json
    /// The largest body it takes, in bytes; the installation's configuration decides.
    public var maxBodyBytes = 1 << 20

    /// In which class requests are counted.
    public var limit = LimitClass.general
    /// It changes nothing, although it is no GET: a search.
    public var onlyReads = false
    /// It could let others in or lead data out, so an API key needs the scope `admin` for it.
    public var isDelicate = false
    /// It heeds `If-Match`.
    public var isConditional = false

    /// The classes of rate limits, each with a limit of its own.
    public enum LimitClass: String, Sendable { case none, authentication, general, upload, chat }

    /// What kind of body it takes, and so which of the configured limits holds for it.
    public enum BodyKind: Sendable { case json, upload }

    public init(_ method: String, aliases: [String] = [], _ path: String, tag: String, summary: String) {
        self.method = method
        self.aliases = aliases
        self.path = path
        self.tag = tag
        self.summary = summary
    }

    /// For a function that no path leads to.
    public static func `internal`(summary: String) -> Route {
        Route("", "", tag: "", summary: summary).limited(as: .none)
    }

    /// Whether a path leads to it.
    public var isReachable: Bool { !path.isEmpty }

    public static func get(_ path: String, tag: String, summary: String) -> Route {
        Route("GET", path, tag: tag, summary: summary)
    }
    public static func post(_ path: String, tag: String, summary: String) -> Route {
        Route("POST", path, tag: tag, summary: summary)
    }
    /// An update of the fields that are given; `PATCH` means the same.
    public static func put(_ path: String, tag: String, summary: String) -> Route {
        Route("PUT", aliases: ["PATCH"], path, tag: tag, summary: summary)
    }
    public static func delete(_ path: String, tag: String, summary: String) -> Route {
        Route("DELETE", path, tag: tag, summary: summary)
    }

    public func accepting(_ kind: BodyKind) -> Route { with { $0.bodyKind = kind } }
    public func limited(as limit: LimitClass) -> Route { with { $0.limit = limit } }
    public func reading() -> Route { with { $0.onlyReads = true } }
    public func conditional() -> Route { with { $0.isConditional = true } }
    public func delicate() -> Route { with { $0.isDelicate = true } }
    public func lasting(seconds: Int) -> Route { with { $0.timeoutSeconds = seconds } }
    public func streaming() -> Route { with { $0.streams = true } }

    private func with(_ change: (inout Route) -> Void) -> Route {
        var copy = self
        change(&copy)
        return copy
    }

    /// What an API key must be allowed to do to call it.
    public var keyScope: APIKey.Scope {
        if isDelicate { return .admin }
        return method == "GET" || onlyReads ? .read : .write
    }

    /// Every method that leads here. HEAD is GET without the body (RFC 9110 section 9.3.2), OPTIONS
    /// asks which there are.
    public var methods: [String] { [method] + aliases + (method == "GET" ? ["HEAD", "OPTIONS"] : ["OPTIONS"]) }
}

extension Operation: JSONRepresentable {
    public static var schema: JSON { ["type": "object"] }

    public func write(to writer: inout JSONWriter) { writer.value(json) }

    private var json: JSON {
        var object: JSONObject = ["name": .string(name), "operationId": .string(operationId)]
        if route.isReachable {
            object["method"] = .string(route.method)
            if !route.aliases.isEmpty { object["aliases"] = .array(route.aliases.map { .string($0) }) }
            object["path"] = .string(route.path)
            object["tag"] = .string(route.tag)
        }
        object["summary"] = .string(route.summary)
        object["timeoutSeconds"] = .int(Int64(route.timeoutSeconds))
        object["streams"] = .bool(route.streams)
        object["rateLimit"] = .string(route.limit.rawValue)
        object["maxBodyBytes"] = .int(Int64(route.maxBodyBytes))
        object["access"] = .string(access)
        object["keyScope"] = .string(route.keyScope.rawValue)
        object["parameters"] = .array(parameters.map(\.json))
        if let requestBody {
            object["requestBody"] = [
                "contentType": .string(requestBody.contentType), "required": .bool(requestBody.isRequired),
                "schema": requestBody.schema,
            ]
        }
        object["responses"] = .array(responses.map(\.json))
        return .object(object)
    }
}

extension Operation.Parameter {
    fileprivate var json: JSON {
        ["name": .string(name), "in": .string(place.rawValue), "required": .bool(isRequired), "schema": schema]
    }
}

extension Operation.ResponseDescription {
    fileprivate var json: JSON {
        var object: JSONObject = ["status": .int(Int64(status)), "description": .string(description)]
        if let contentType { object["contentType"] = .string(contentType) }
        if let schema { object["schema"] = schema }
        return .object(object)
    }
}

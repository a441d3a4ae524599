import Wire

/// A function's description, which `--describe` prints as JSON. It is enough for a gateway to route to the function,
/// for a reader to call it, and for tests to enumerate its cases.
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
        /// The schema of a body of JSON that is accepted instead of a form.
        public var jsonSchema: JSON?

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
        /// Whether a GET's response has an entity tag.
        public var isTagged = false

        public init(status: Int, description: String, contentType: String? = nil, schema: JSON? = nil) {
            self.status = status
            self.description = description
            self.contentType = contentType
            self.schema = schema
        }

        /// The same response with an entity tag.
        public var tagged: Self {
            var copy = self
            copy.isTagged = true
            return copy
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

extension Operation: JSONRepresentable {
    public static var schema: JSON { ["type": "object"] }

    public func write(to writer: inout JSONWriter) { writer.value(json) }

    var json: JSON {
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
            var body: JSONObject = [
                "contentType": .string(requestBody.contentType), "required": .bool(requestBody.isRequired),
                "schema": requestBody.schema,
            ]
            if let schema = requestBody.jsonSchema { body["jsonSchema"] = schema }
            object["requestBody"] = .object(body)
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
